//! What was asked for and what was found.

use super::{Definition, MetricIndex};
use crate::table::{OneClass, TableRole};

/// One metric that is wanted.
#[derive(Clone, Debug)]
pub struct MetricRequest {
    /// The metric's id, such as `calibration.ece`.
    pub id: String,
    /// How it is computed.
    pub definition: Definition,
    /// Over what: one value, or one for each attribute, subgroup, feature or period.
    pub index: MetricIndex,
}

/// Everything found in a pilot's tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// One for each request and element: by request in the order asked, then by element.
    pub measurements: Vec<Measurement>,
    /// Attributes, in the order of the manifest.
    pub attributes: Vec<String>,
    /// Subgroups of the deployment table (of the development table where there is no other), by
    /// attribute and then name.
    pub subgroups: Vec<Subgroup>,
    /// Features: the numeric ones and then the categorical ones, in the order of the manifest.
    pub features: Vec<String>,
    /// Periods of the deployment table (of the development table where there is no other), ascending.
    pub periods: Vec<String>,
    /// Development first.
    pub tables: Vec<TableSummary>,
}

/// The rows that share a value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subgroup {
    /// Attribute and value: `sex=F`.
    pub id: String,
    /// The attribute.
    pub attribute: String,
    /// Rows; none when that is withheld because the group is small, or because a small group's
    /// size would follow from it.
    pub n: Option<u64>,
}

/// A table that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSummary {
    /// Which of the two.
    pub role: TableRole,
    /// The file as the manifest writes it.
    pub file: String,
    /// The filter in words, such as `site = north`; empty when the whole file is used.
    pub filter: String,
    /// Rows used.
    pub rows: u64,
    /// Rows left out because their label or score is missing.
    pub dropped: u64,
    /// Rows with the outcome, where there are labels.
    pub events: Option<u64>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
}

/// One value, or the reason why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The request's id.
    pub metric: String,
    /// The attribute, subgroup, feature or period; none for a scalar.
    pub element: Option<String>,
    /// The value; never NaN and never infinite.
    pub value: Result<f64, Undefined>,
    /// Where the true value may lie.
    pub interval: Option<Interval>,
    /// Rows that the value rests on. 0 when withheld or when there is no table.
    pub n: u64,
    /// Of them, rows with the outcome, where labels are used.
    pub events: Option<u64>,
    /// What the metric shows when nothing is wrong.
    pub floor: Option<Floor>,
    /// The definition with every parameter and, for a threshold, its figure.
    pub definition: String,
    /// The table that the value describes; none where it compares both.
    pub table: Option<TableRole>,
    /// What else a reader must know, such as which groups were left out.
    pub notes: Vec<String>,
    /// How many more rows an interval of useful width would take; none where it has that width.
    pub advice: Option<String>,
    /// How far the value may be from that of the rows, where development is a reference profile or the precision is
    /// approximate; 0 where it is exact all the same, none otherwise.
    pub error: Option<f64>,
}

/// Why a metric has no value: one sentence, lower case, without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undefined {
    /// The reason.
    pub reason: String,
}

impl Undefined {
    /// Returns that reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

impl std::fmt::Display for Undefined {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.reason)
    }
}

/// A two-sided confidence interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Coverage it aims at: 0.95.
    pub level: f64,
    /// How it was made, such as `Wilson`.
    pub method: &'static str,
}

/// What a metric shows at this number of rows when nothing is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Floor {
    /// Its mean.
    pub mean: f64,
    /// Its 95th percentile.
    pub p95: f64,
    /// How it was found.
    pub method: &'static str,
}

/// How to evaluate.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Seed of the simulations behind the noise floors.
    pub seed: u64,
    /// Draws of each simulation.
    pub draws: u32,
    /// Whether to find noise floors.
    pub floors: bool,
    /// What to do with a table whose labels are all equal.
    pub one_class: OneClass,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 0x00E7_1010_6910, draws: 400, floors: true, one_class: OneClass::Refuse }
    }
}
