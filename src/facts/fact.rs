//! One fact.

use crate::model::Value;
use crate::source::{Location, Span};

/// A confidence interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Coverage, such as 0.95.
    pub level: f64,
    /// How it was made, such as `DeLong`.
    pub method: String,
}

/// What a metric shows at this sample size when nothing is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseFloor {
    /// Its mean, where it is known.
    pub mean: Option<f64>,
    /// Its 95th percentile.
    pub p95: f64,
    /// How it was made.
    pub method: String,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Computed from pilot tables.
    Metric {
        /// The definition with every parameter spelled out.
        definition: String,
        /// The tables it was computed from: file and part, such as `pilot.csv (deployment)`.
        tables: Vec<String>,
        /// Their SHA-256 digests, in the same order.
        digests: Vec<String>,
    },
    /// An answer of a person.
    Answer {
        /// Where it is written.
        location: Location,
        /// The same place, for diagnostics.
        span: Span,
        /// Who said so, where the file tells.
        by: Option<String>,
        /// When, as `2026-05-31`, where the file tells.
        on: Option<String>,
    },
    /// Deployment metadata.
    Metadata {
        /// Where it is written.
        location: Location,
        /// The same place, for diagnostics.
        span: Span,
    },
    /// Given by a `test` block or a what-if question.
    Supposed,
}

/// The value of an input, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The value, or the reason why it is unknown.
    pub value: Result<Value, String>,
    /// The confidence interval, where one exists.
    pub interval: Option<Interval>,
    /// How many rows it rests on.
    pub n: Option<u64>,
    /// How many of them had the event.
    pub events: Option<u64>,
    /// What it shows when nothing is wrong.
    pub floor: Option<NoiseFloor>,
    /// What else a reader must know, such as which groups were left out.
    pub notes: Vec<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl Fact {
    /// Returns a fact that is supposed for the sake of argument.
    pub fn supposed(value: Value) -> Self {
        Self {
            value: Ok(value),
            interval: None,
            n: None,
            events: None,
            floor: None,
            notes: Vec::new(),
            origin: Origin::Supposed,
        }
    }

    /// Returns a fact that is supposed instead of another. What the metric shows when nothing is wrong
    /// hangs on the sample and not on the value, so it stays; a confidence interval is the value's own.
    pub fn supposed_instead(before: Option<&Fact>, value: Value) -> Self {
        Self { floor: before.and_then(|fact| fact.floor.clone()), ..Self::supposed(value) }
    }

    /// Returns the value as a number, if it is known and is one.
    pub fn number(&self) -> Option<f64> {
        self.value.as_ref().ok().and_then(Value::as_number)
    }
}
