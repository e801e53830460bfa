//! Extents: for which arguments each finding and each relation is possible, and with what outcome.
//!
//! A small finding has a cell for each choice of its arguments, a large one a row for each that is possible.
//! A relation that the deployment lists has a row for each entry.

use std::sync::Arc;

use super::rows::{Code, Columns, Rows};
use super::{Domains, FindingInstance, Outcome};
use crate::facts::{Extension, FactStore};
use crate::model::{FindingId, IndexRef, KnowledgeBase, RelationId};

/// What a finding is about, and where its outcomes are.
#[derive(Debug, PartialEq)]
struct Block {
    /// The set of each parameter and how many elements it has.
    parameters: Vec<(IndexRef, usize)>,
    place: Place,
}

/// Where the outcomes of a finding are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// So many cells from this one on, last argument fastest.
    Cells { start: usize, count: usize },
    /// In these rows.
    Rows(usize),
}

/// What holds for some arguments and not for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Predicate {
    /// What rules conclude.
    Finding(FindingId),
    /// What the deployment lists.
    Relation(RelationId),
}

/// The outcome of every finding instance, impossible until a rule concludes it, and of every entry of a
/// relation. Copying this copies cells only: the layout is shared, and so are rows until one of the copies
/// changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Extents {
    blocks: Arc<Vec<Block>>,
    cells: Vec<Outcome>,
    rows: Vec<Arc<Rows>>,
    /// By relation; empty for one that nobody speaks of.
    relations: Vec<Arc<Rows>>,
}

impl Extents {
    /// Returns the extents of relations, and every finding impossible. A finding with more than `cells` choices
    /// of its arguments is held in rows.
    pub(crate) fn new(knowledge: &KnowledgeBase, facts: &FactStore, domains: &Domains, cells: usize) -> Self {
        let mut blocks = Vec::with_capacity(knowledge.findings.len());
        let (mut start, mut rows) = (0, Vec::new());
        for finding in knowledge.findings.values() {
            let sizes = finding.parameters.iter().map(|&index| (index, domains.elements(index).len()));
            let parameters: Vec<_> = sizes.collect();
            let count = parameters.iter().map(|(_, size)| *size).fold(1, usize::saturating_mul);
            let place = if count <= cells { Place::Cells { start, count } } else { Place::Rows(rows.len()) };
            match place {
                Place::Cells { count, .. } => start += count,
                Place::Rows(_) => rows.push(Arc::new(Rows::new(parameters.iter().map(|(_, size)| *size).collect()))),
            }
            blocks.push(Block { parameters, place });
        }
        let relations = knowledge.relations.ids().map(|relation| Arc::new(listed(knowledge, facts, domains, relation)));
        let relations = relations.collect();
        Self { blocks: Arc::new(blocks), cells: vec![Outcome::FALSE; start], rows, relations }
    }

    /// Returns the outcome of a finding; impossible about a member that does not exist.
    pub(crate) fn get(&self, domains: &Domains, finding: &FindingInstance) -> Outcome {
        let block = &self.blocks[finding.finding.index()];
        match block.place {
            // The usual case, which need not gather the row first.
            Place::Cells { start, .. } => {
                let mut cell = 0;
                for (&element, &(index, size)) in finding.arguments.iter().zip(&block.parameters) {
                    let Some(code) = domains.code(index, element) else { return Outcome::FALSE };
                    cell = cell * size + code as usize;
                }
                self.cells[start + cell]
            }
            Place::Rows(_) => {
                let row = self.row(domains, finding);
                row.map_or(Outcome::FALSE, |row| self.outcome(Predicate::Finding(finding.finding), &row))
            }
        }
    }

    /// Tells whether any instance of a finding holds on the point values.
    pub(crate) fn any_holds(&self, finding: FindingId) -> bool {
        let mut holds = false;
        let wanted = vec![0; self.blocks[finding.index()].parameters.len()];
        self.matching(Predicate::Finding(finding), 0, &wanted, &mut |_, outcome| holds |= outcome.holds());
        holds
    }

    /// Enters one more derivation. Tells whether that changed the outcome.
    pub(crate) fn derive(&mut self, domains: &Domains, finding: &FindingInstance, outcome: Outcome) -> bool {
        let Some(row) = self.row(domains, finding) else { return false };
        self.raise(finding.finding, &row, conclusion(finding, outcome))
    }

    /// Returns the outcome for these arguments.
    pub(crate) fn outcome(&self, predicate: Predicate, row: &[Code]) -> Outcome {
        match self.extent(predicate) {
            Extent::Cells { block, cells } => cells[block.cell(row)],
            Extent::Rows(rows) => rows.find(row).map_or(Outcome::FALSE, |place| rows.outcome(place)),
        }
    }

    /// Joins an outcome to that of a finding. Tells whether anything changed.
    pub(crate) fn raise(&mut self, finding: FindingId, row: &[Code], outcome: Outcome) -> bool {
        let block = &self.blocks[finding.index()];
        match block.place {
            Place::Cells { start, .. } => {
                let cell = &mut self.cells[start + block.cell(row)];
                let joined = *cell | outcome;
                let changed = joined != *cell;
                *cell = joined;
                changed
            }
            Place::Rows(rows) => Arc::make_mut(&mut self.rows[rows]).raise(row, outcome),
        }
    }

    /// Returns for how many choices of arguments it is possible.
    pub(crate) fn size(&self, predicate: Predicate) -> usize {
        match self.extent(predicate) {
            Extent::Cells { cells, .. } => cells.iter().filter(|outcome| outcome.is_possible()).count(),
            Extent::Rows(rows) => rows.len(),
        }
    }

    /// Makes the index over some columns, where there are rows and no such index.
    pub(crate) fn ensure_index(&mut self, predicate: Predicate, columns: Columns) {
        let rows = match predicate {
            Predicate::Relation(relation) => &mut self.relations[relation.index()],
            Predicate::Finding(finding) => match self.blocks[finding.index()].place {
                Place::Cells { .. } => return,
                Place::Rows(rows) => &mut self.rows[rows],
            },
        };
        if !rows.has_index(columns) {
            Arc::make_mut(rows).ensure_index(columns);
        }
    }

    /// Calls `visit` with every choice of arguments for which it is possible and that has these values in the
    /// given columns. `wanted` has a value for each column; those that are not given are not looked at.
    pub(crate) fn matching(
        &self,
        predicate: Predicate,
        columns: Columns,
        wanted: &[Code],
        visit: &mut dyn FnMut(&[Code], Outcome),
    ) {
        match self.extent(predicate) {
            Extent::Cells { block, cells } => {
                let mut row = wanted.to_vec();
                block.each_cell(columns, &mut row, 0, 0, &mut |row, cell| {
                    if cells[cell].is_possible() {
                        visit(row, cells[cell]);
                    }
                });
            }
            Extent::Rows(rows) => rows.matching(columns, wanted, visit),
        }
    }

    /// Makes every instance of a finding impossible again.
    pub(crate) fn clear(&mut self, finding: FindingId) {
        match self.blocks[finding.index()].place {
            Place::Cells { start, count } => self.cells[start..start + count].fill(Outcome::FALSE),
            Place::Rows(rows) => Arc::make_mut(&mut self.rows[rows]).clear(),
        }
    }

    fn extent(&self, predicate: Predicate) -> Extent<'_> {
        match predicate {
            Predicate::Relation(relation) => Extent::Rows(&self.relations[relation.index()]),
            Predicate::Finding(finding) => {
                let block = &self.blocks[finding.index()];
                match block.place {
                    Place::Cells { start, count } => Extent::Cells { block, cells: &self.cells[start..start + count] },
                    Place::Rows(rows) => Extent::Rows(&self.rows[rows]),
                }
            }
        }
    }

    /// Returns the positions of a finding's arguments; none if one of them does not exist.
    fn row(&self, domains: &Domains, finding: &FindingInstance) -> Option<Vec<Code>> {
        let parameters = self.blocks[finding.finding.index()].parameters.iter();
        parameters.zip(&finding.arguments).map(|(&(index, _), &element)| domains.code(index, element)).collect()
    }
}

/// Where the outcomes of one predicate are.
enum Extent<'a> {
    Cells { block: &'a Block, cells: &'a [Outcome] },
    Rows(&'a Rows),
}

/// Returns the entries of a relation; none for one that nobody speaks of.
fn listed(knowledge: &KnowledgeBase, facts: &FactStore, domains: &Domains, relation: RelationId) -> Rows {
    let indexes = knowledge.relations[relation].indexes().map(IndexRef::Declared);
    let mut rows = Rows::new(indexes.map(|index| domains.elements(index).len()).collect());
    for (members, tuple) in facts.relation(relation).into_iter().flat_map(Extension::iter) {
        let row: Vec<Code> = members.iter().map(|member| member.0).collect();
        rows.raise(&row, if tuple.unsure { Outcome::UNKNOWN } else { Outcome::TRUE });
    }
    rows
}

impl Block {
    fn cell(&self, row: &[Code]) -> usize {
        row.iter().zip(&self.parameters).fold(0, |cell, (&code, &(_, size))| cell * size + code as usize)
    }

    /// Calls `visit` with every choice of the columns from `column` on that are not given.
    fn each_cell(
        &self,
        given: Columns,
        row: &mut Vec<Code>,
        column: usize,
        cell: usize,
        visit: &mut dyn FnMut(&[Code], usize),
    ) {
        let Some(&(_, size)) = self.parameters.get(column) else {
            visit(row, cell);
            return;
        };
        if column < 63 && given >> column & 1 == 1 {
            self.each_cell(given, row, column + 1, cell * size + row[column] as usize, visit);
            return;
        }
        for code in 0..size {
            row[column] = code as Code;
            self.each_cell(given, row, column + 1, cell * size + code, visit);
        }
    }
}

/// Returns what a rule's outcome means for a finding that it concludes: a finding about a member that
/// nobody knows is at most possible.
pub(crate) fn conclusion(finding: &FindingInstance, outcome: Outcome) -> Outcome {
    if finding.arguments.contains(&super::Element::Anonymous) { outcome.at_most_possible() } else { outcome }
}
