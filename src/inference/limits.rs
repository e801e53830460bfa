//! Limits: how much a run looks at, holds and records.

/// How much a run looks at, holds and records. What follows from the facts is the same under all limits
/// that do not refuse the run; they decide what is recorded of it, and how it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many combinations of members a rule may have for all of them to be looked at and recorded, fired
    /// or not. Of a rule that has more, a join finds those that may fire.
    pub listed: usize,
    /// How many choices of arguments a finding may have for each to have a cell; one that has more is held
    /// in rows, a row for each that is possible.
    pub cells: usize,
    /// How many derivations of one conclusion by one rule are recorded where a join found them, beside
    /// those that first led to it.
    pub derivations: usize,
    /// How many rule instances that joins found are recorded in all.
    pub records: usize,
    /// How many combinations of members may be looked at by all rules without a join, and all verdicts.
    pub steps: u64,
    /// How many combinations of members joins may look at.
    pub joins: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { listed: 4096, cells: 1 << 16, derivations: 32, records: 100_000, steps: 1_000_000, joins: 100_000_000 }
    }
}
