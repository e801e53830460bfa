//! Swings: how far the answer to an open question could move the total risk.

use crate::model::{InputId, Value};

/// An input that nobody gave, and what it could change.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// The input.
    pub input: InputId,
    /// The largest minus the smallest total over the candidates and the total as it is.
    pub swing: f64,
    /// Values tried, ascending, with the total risk (estimate) that each gives.
    pub candidates: Vec<Candidate>,
}

/// A value that an input could have.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The value.
    pub value: Value,
    /// The total risk that it gives, as an estimate.
    pub total: f64,
}
