//! The reference profile: what a development site may hand on instead of its rows.
//!
//! A profile holds counts, means and cells of at least `min_cell` rows, from which metrics are computed exactly or
//! within an error that is found for each value. It is JSON of a stated version, the same bytes for the same table.
//!
//! Start with [`Profile`]; `build.rs` makes one of a table, `compare.rs` holds deployment against it.

mod build;
mod cells;
mod compare;
mod measure;
mod measured;
mod merge;
mod tellable;

pub use build::profile;
pub use cells::Cells;
pub(super) use measure::measure;
pub use measured::{Measured, MeasuredFloor, MeasuredInterval};

use serde::{Deserialize, Serialize};

/// What the `format` of a profile says.
pub const FORMAT: &str = "etiology-profile-2";

/// The format before, which has no measured values.
const FORMAT_1: &str = "etiology-profile-1";

/// A table in figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// [`FORMAT`].
    pub format: String,
    /// The tables that it is of.
    pub tables: Vec<ProfiledTable>,
    /// Nothing in it is told of fewer rows than this.
    pub min_cell: u64,
    /// `probability` or `raw`.
    pub scores: String,
    /// The decision threshold.
    pub threshold: Option<f64>,
    /// Rows.
    pub rows: u64,
    /// Rows left out because their label or score is missing.
    pub dropped: u64,
    /// Rows with the outcome; none without labels, or where few have it or few do not.
    pub events: Option<u64>,
    /// The score.
    pub score: Option<NumericProfile>,
    /// Events and other rows over cells of the score.
    pub classes: Option<Classes>,
    /// Decisions at the threshold, where each count is 0 or large enough.
    pub decisions: Option<Decisions>,
    /// Numeric features, in the order of the manifest.
    pub numeric: Vec<NumericProfile>,
    /// Categorical features, in the order of the manifest.
    pub categorical: Vec<CategoricalProfile>,
    /// Attributes, in the order of the manifest.
    pub attributes: Vec<AttributeProfile>,
    /// Whether the rows do not all count alike. Then only what was measured, and numbers of rows, are as of the rows.
    #[serde(default)]
    pub weighted: bool,
    /// Values that were measured on the rows, in the order of the registry.
    #[serde(default)]
    pub measured: Vec<Measured>,
}

/// A table that a profile is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfiledTable {
    /// Its file, as the manifest wrote it.
    pub file: String,
    /// The filter in words; empty when the whole file was used.
    pub filter: String,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
}

/// A numeric column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumericProfile {
    /// The column.
    pub name: String,
    /// Rows without a value.
    pub missing: u64,
    /// Mean.
    pub mean: f64,
    /// Variance, divided by n.
    pub variance: f64,
    /// Its cells.
    pub cells: Cells,
    /// The deciles, where they are known: edges that are among those of the cells.
    pub deciles: Option<Vec<Decile>>,
}

/// An edge between two of ten bins of equal mass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decile {
    /// The edge.
    pub edge: f64,
    /// Whether it was moved up towards the next value, because it was that of a single patient.
    pub moved: bool,
}

/// A categorical column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoricalProfile {
    /// The column.
    pub name: String,
    /// Rows without a value.
    pub missing: u64,
    /// Categories and their rows, by name.
    pub counts: Vec<(String, u64)>,
    /// Rows of categories that are not told, because they are small or a small one could be told from them.
    pub others: u64,
}

/// Events and other rows over cells of the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classes {
    /// Inner edges, among those of the score's cells.
    pub edges: Vec<f64>,
    /// Rows without the outcome in each cell.
    pub non_events: Vec<u64>,
    /// Rows with it.
    pub events: Vec<u64>,
    /// Sum of the scores.
    pub sum: f64,
    /// Sum of the squared differences of score and outcome.
    pub squares: f64,
}

/// Decisions at the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// Events that are flagged.
    pub tp: u64,
    /// Other rows that are flagged.
    pub fp: u64,
    /// Events that are not flagged.
    #[serde(rename = "fn")]
    pub fn_: u64,
    /// Other rows that are not flagged.
    pub tn: u64,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeProfile {
    /// Its name.
    pub name: String,
    /// The groups that may be told, by name.
    pub groups: Vec<GroupProfile>,
    /// Rows in groups that may not.
    pub others: u64,
}

/// A group of an attribute; its decisions are told where those of every group are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupProfile {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its decisions, where those of every group of the attribute are 0 or large enough.
    pub decisions: Option<Decisions>,
}

/// Tells whether none of the counts is small.
fn told(counts: &[u64], min_cell: u64) -> bool {
    counts.iter().all(|n| *n == 0 || *n >= min_cell)
}

impl Profile {
    /// Returns the profile written in `text`.
    ///
    /// # Errors
    /// Says what is wrong with it, in words that follow its name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
        match value.get("format").and_then(serde_json::Value::as_str) {
            Some(FORMAT | FORMAT_1) => {}
            Some(other) => return Err(format!("is of format `{other}`, and `{FORMAT}` is what can be read")),
            None => return Err(format!("has no `format`, which would be `{FORMAT}`")),
        }
        // From the text and not the value, so that the line is told.
        let profile: Self = serde_json::from_str(text).map_err(|error| format!("is damaged: {error}"))?;
        profile.check()?;
        Ok(profile)
    }

    fn check(&self) -> Result<(), String> {
        for column in self.numeric.iter().chain(&self.score) {
            let rows = column.cells.total().checked_add(column.missing);
            if !column.cells.is_sound() || rows != Some(self.rows) {
                return Err(format!("is damaged: the cells of `{}` do not add up", column.name));
            }
        }
        for column in &self.categorical {
            if column.counts.iter().map(|(_, rows)| rows).sum::<u64>() + column.others + column.missing != self.rows {
                return Err(format!("is damaged: the categories of `{}` do not add up", column.name));
            }
        }
        if let Some(told) = self.measured.iter().find(|told| !told.is_sound(self.rows)) {
            return Err(format!("is damaged: the figures of `{}` do not fit each other", told.definition));
        }
        match &self.classes {
            Some(classes)
                if classes.events.len() != classes.edges.len() + 1
                    || classes.non_events.len() != classes.events.len() =>
            {
                Err("is damaged: the classes do not fit their edges".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Returns the profile as text, one line for each column.
    pub fn text(&self) -> String {
        serde_json::to_string(self).map_or_else(|_| String::new(), |text| text + "\n")
    }
}
