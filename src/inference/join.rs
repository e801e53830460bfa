//! Joins: a plan carried out, binding by binding.

use super::plan::{Head, Plan, Slot, Step};
use super::recorder::Silent;
use super::rows::Code;
use super::{Element, InferenceError, Limits, Outcome, Scope};
use crate::model::IndexRef;
use crate::source::Span;

/// How many combinations of members joins may still look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { left: limits.joins, limit: limits.joins }
    }

    /// Takes one step; tells whether there was one left.
    fn spend(&mut self) -> bool {
        let some = self.left > 0;
        self.left = self.left.saturating_sub(1);
        some
    }

    /// # Errors
    /// `I001 too-many-instances` if nothing is left; `name` and `span` are the rule's that took the last.
    pub(crate) fn check(&self, name: &str, span: Span) -> Result<(), InferenceError> {
        if self.left > 0 {
            return Ok(());
        }
        Err(InferenceError::JoinTooLarge { name: name.to_owned(), limit: self.limit, span })
    }
}

/// Rows in one list.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowList {
    codes: Vec<Code>,
    arity: usize,
    count: usize,
}

impl RowList {
    /// Returns no rows of so many columns.
    pub(crate) fn new(arity: usize) -> Self {
        Self { arity, ..Self::default() }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &[Code]) {
        self.codes.extend_from_slice(row);
        self.count += 1;
    }

    /// Returns the rows in the order in which they came. A list of rows without columns has as many empty
    /// ones as came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Code]> {
        (0..self.count).map(|place| &self.codes[place * self.arity..(place + 1) * self.arity])
    }

    /// Puts the rows in order.
    pub(crate) fn sort(&mut self) {
        if self.iter().is_sorted() {
            return;
        }
        let mut rows: Vec<&[Code]> = self.iter().collect();
        rows.sort_unstable();
        self.codes = rows.concat();
    }

    /// Removes rows that are the same as the one before.
    pub(crate) fn dedup(&mut self) {
        let mut rows: Vec<&[Code]> = self.iter().collect();
        rows.dedup();
        (self.count, self.codes) = (rows.len(), rows.concat());
    }

    /// Returns how many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }
}

/// What receives the bindings of a join: the codes of the variables, and the outcome.
pub(crate) type Receiver<'r> = &'r mut dyn FnMut(&[Code], Outcome);

/// What a join begins with.
#[derive(Clone, Copy)]
pub(crate) enum Given<'g> {
    /// Nothing.
    Nothing,
    /// The rows that the first step, a generator, runs over.
    Rows(&'g RowList),
    /// The values of the variables that the plan says are bound.
    Binding(&'g [(usize, Code)]),
}

/// Calls `receive` with every binding of the plan's variables for which the rule may fire. Stops where the
/// budget ends.
pub(crate) fn join(scope: &Scope<'_>, plan: &Plan<'_>, given: Given<'_>, budget: &mut Budget, receive: Receiver<'_>) {
    let variables = plan.body.variables.len();
    let indexes: Vec<IndexRef> = plan.body.variables.iter().map(|variable| variable.index).collect();
    let mut joining = Joining {
        scope,
        steps: &plan.steps,
        for_each: plan.body.for_each,
        anonymous: plan.anonymous,
        indexes,
        codes: vec![0; variables],
        elements: vec![Element::Absent; variables],
        wanted: plan.steps.iter().map(|step| wanted(step)).collect(),
        budget,
        receive,
    };
    match (given, plan.steps.first()) {
        (Given::Rows(rows), Some(Step::Match { predicate, slots, .. })) => {
            for row in rows.iter() {
                let outcome = scope.findings.outcome(*predicate, row);
                joining.matched(0, slots, row, outcome, Outcome::TRUE);
            }
        }
        (Given::Binding(bound), _) => {
            for &(variable, code) in bound {
                joining.bind(variable, code);
            }
            joining.step(0, Outcome::TRUE);
        }
        _ => joining.step(0, Outcome::TRUE),
    }
}

/// A row as long as the step's, with the codes that the rule names.
fn wanted(step: &Step<'_>) -> Vec<Code> {
    match step {
        Step::Match { slots, .. } => {
            slots.iter().map(|slot| if let Slot::Code(code) = slot { *code } else { 0 }).collect()
        }
        Step::Each(_) | Step::Test(_) => Vec::new(),
    }
}

struct Joining<'j> {
    scope: &'j Scope<'j>,
    steps: &'j [Step<'j>],
    for_each: usize,
    anonymous: bool,
    /// By variable.
    indexes: Vec<IndexRef>,
    codes: Vec<Code>,
    elements: Vec<Element>,
    /// By step: the row to look for.
    wanted: Vec<Vec<Code>>,
    budget: &'j mut Budget,
    receive: Receiver<'j>,
}

impl Joining<'_> {
    fn step(&mut self, place: usize, outcome: Outcome) {
        if !self.budget.spend() {
            return;
        }
        let steps = self.steps;
        match steps.get(place) {
            None => {
                let outcome = if self.anonymous { outcome.at_most_possible() } else { outcome };
                (self.receive)(&self.codes[..self.for_each], outcome);
            }
            Some(Step::Each(variable)) => {
                let elements = self.scope.domains.elements(self.indexes[*variable]);
                for code in 0..elements.len() {
                    self.bind(*variable, code as Code);
                    self.step(place + 1, outcome);
                }
            }
            Some(Step::Test(condition)) => {
                let (tested, ()) = self.scope.condition::<Silent>(condition, &mut self.elements);
                let outcome = outcome & tested;
                if outcome.is_possible() {
                    self.step(place + 1, outcome);
                }
            }
            Some(Step::Match { predicate, slots, given }) => {
                let findings = self.scope.findings;
                let mut wanted = std::mem::take(&mut self.wanted[place]);
                for (code, slot) in wanted.iter_mut().zip(slots) {
                    if let Slot::Bound(variable) = slot {
                        *code = self.codes[*variable];
                    }
                }
                if given.count_ones() as usize == slots.len() {
                    let found = findings.outcome(*predicate, &wanted);
                    if found.is_possible() {
                        self.step(place + 1, outcome & found);
                    }
                } else {
                    findings.matching(*predicate, *given, &wanted, &mut |row, found| {
                        self.matched(place, slots, row, found, outcome);
                    });
                }
                self.wanted[place] = wanted;
            }
        }
    }

    /// Goes on with a row that was found for a step.
    fn matched(&mut self, place: usize, slots: &[Slot], row: &[Code], found: Outcome, outcome: Outcome) {
        for (slot, &code) in slots.iter().zip(row) {
            match slot {
                Slot::Bind(variable) => self.bind(*variable, code),
                // Columns past the 63rd are not looked up by; rows of a delta are not looked up at all.
                Slot::Bound(variable) | Slot::Same(variable) if self.codes[*variable] != code => return,
                Slot::Code(wanted) if *wanted != code => return,
                _ => {}
            }
        }
        let outcome = outcome & found;
        if outcome.is_possible() {
            self.step(place + 1, outcome);
        }
    }

    fn bind(&mut self, variable: usize, code: Code) {
        self.codes[variable] = code;
        self.elements[variable] = self.scope.domains.elements(self.indexes[variable])[code as usize];
    }
}

impl Head {
    /// Returns the row that the rule concludes for a binding.
    pub(crate) fn row_of<'b>(&'b self, binding: &'b [Code]) -> impl Iterator<Item = Code> + 'b {
        self.slots.iter().map(|slot| match *slot {
            Slot::Code(code) => code,
            Slot::Bound(variable) | Slot::Bind(variable) | Slot::Same(variable) => binding[variable],
        })
    }

    /// Returns what the rule's outcome means for what it concludes.
    pub(crate) fn outcome(&self, outcome: Outcome) -> Outcome {
        if self.anonymous { outcome.at_most_possible() } else { outcome }
    }
}
