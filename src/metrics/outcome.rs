//! What a metric's own code returns, before it is given its request's name.

use super::{Floor, Interval, TableRole, Undefined};

/// A value with what belongs to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub value: f64,
    pub interval: Option<Interval>,
    pub floor: Option<Floor>,
    pub notes: Vec<String>,
    pub advice: Option<String>,
    /// How far the value may be off, because it is of a profile or of rounded scores; 0 where it is exact.
    pub error: f64,
}

impl Outcome {
    pub fn new(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    pub fn with_interval(mut self, interval: Option<Interval>) -> Self {
        self.interval = interval;
        self
    }

    pub fn with_floor(mut self, floor: Option<Floor>) -> Self {
        self.floor = floor;
        self
    }

    pub fn with_advice(mut self, advice: Option<String>) -> Self {
        self.advice = advice;
        self
    }

    pub fn with_error(mut self, error: f64) -> Self {
        self.error = error;
        self
    }

    pub fn with_note(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }
}

/// An outcome, or why there is none.
pub(super) type Found = Result<Outcome, Undefined>;

/// A value with the rows under it, before it is named.
pub(super) struct Finding {
    pub found: Found,
    pub n: u64,
    pub events: Option<u64>,
    pub table: Option<TableRole>,
}

impl Finding {
    pub fn nothing(reason: impl Into<String>, table: Option<TableRole>) -> Self {
        Self { found: Err(Undefined::new(reason)), n: 0, events: None, table }
    }
}
