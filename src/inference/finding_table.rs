//! The outcomes of all finding instances, in one row of cells.

use std::sync::Arc;

use super::{Domains, Element, FindingInstance, Outcome};
use crate::model::{FindingId, IndexRef, KnowledgeBase};

/// Where the cells of a finding are.
#[derive(Debug)]
struct Block {
    start: usize,
    parameters: Vec<(IndexRef, usize)>,
}

/// One cell for each finding and each choice of its arguments. Copying the table copies outcomes
/// only; the layout is shared.
#[derive(Clone, Debug)]
pub(crate) struct FindingTable {
    blocks: Arc<Vec<Block>>,
    outcomes: Vec<Outcome>,
}

impl FindingTable {
    /// Returns the table with every finding impossible, which is what it is until a rule concludes it.
    pub(crate) fn new(knowledge: &KnowledgeBase, domains: &Domains) -> Self {
        let mut start = 0;
        let mut blocks = Vec::with_capacity(knowledge.findings.len());
        for finding in knowledge.findings.values() {
            let sizes = finding.parameters.iter().map(|&index| (index, domains.elements(index).len()));
            let parameters: Vec<_> = sizes.collect();
            let cells: usize = parameters.iter().map(|(_, size)| size).product();
            blocks.push(Block { start, parameters });
            start += cells;
        }
        Self { blocks: Arc::new(blocks), outcomes: vec![Outcome::FALSE; start] }
    }

    /// Returns how many cells a table would have.
    pub(crate) fn size(knowledge: &KnowledgeBase, domains: &Domains) -> u64 {
        let cells = knowledge.findings.values().map(|finding| {
            let sizes = finding.parameters.iter().map(|&index| domains.elements(index).len() as u64);
            sizes.fold(1, u64::saturating_mul)
        });
        cells.fold(0, u64::saturating_add)
    }

    /// Returns the outcome of a finding; impossible about a member that does not exist.
    pub(crate) fn get(&self, domains: &Domains, finding: &FindingInstance) -> Outcome {
        let cell = self.cell(domains, finding);
        cell.and_then(|cell| self.outcomes.get(cell)).copied().unwrap_or(Outcome::FALSE)
    }

    /// Enters one more derivation. Tells whether that changed the outcome.
    pub(crate) fn derive(&mut self, domains: &Domains, finding: &FindingInstance, outcome: Outcome) -> bool {
        let Some(cell) = self.cell(domains, finding).and_then(|cell| self.outcomes.get_mut(cell)) else {
            return false;
        };
        let joined = *cell | conclusion(finding, outcome);
        let changed = joined != *cell;
        *cell = joined;
        changed
    }

    /// Makes every instance of a finding impossible again.
    pub(crate) fn clear(&mut self, finding: FindingId) {
        let start = self.blocks[finding.index()].start;
        let end = self.blocks.get(finding.index() + 1).map_or(self.outcomes.len(), |next| next.start);
        self.outcomes[start..end].fill(Outcome::FALSE);
    }

    fn cell(&self, domains: &Domains, finding: &FindingInstance) -> Option<usize> {
        let block = &self.blocks[finding.finding.index()];
        let mut offset = 0;
        for (&element, &(index, size)) in finding.arguments.iter().zip(&block.parameters) {
            offset = offset * size + domains.position(index, element)?;
        }
        Some(block.start + offset)
    }
}

/// Returns what a rule's outcome means for a finding that it concludes: a finding about a member that
/// nobody knows is at most possible.
pub(crate) fn conclusion(finding: &FindingInstance, outcome: Outcome) -> Outcome {
    if finding.arguments.contains(&Element::Anonymous) { outcome.at_most_possible() } else { outcome }
}
