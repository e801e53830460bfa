//! The metric evaluator: from a pilot's prediction tables to values with their interval, their
//! noise floor and their definition, or the reason why there is no value.
//!
//! This room decides nothing: thresholds and verdicts are rules' business. It opens no file and
//! knows no clock; the same input gives the same bits for any number of threads.
//!
//! Start with [`definitions`], then [`evaluate`].

mod definition;
mod measurement;
mod registry;

pub use definition::{Definition, DefinitionError, ParamValue};
pub use measurement::{
    Evaluation, Floor, Interval, Measurement, MetricRequest, OneClass, Options, Subgroup, TableRole, TableSummary,
    Undefined,
};
pub use registry::{DefinitionSpec, Direction, MetricIndex, ParameterSpec, ValueKind, definitions};

use crate::diagnostic::Diagnostics;
use crate::table::{PilotSpec, TableData};

/// Returns the value of every request over the pilot's tables.
///
/// # Errors
/// Every table problem of D1xx; then nothing was evaluated.
pub fn evaluate(
    _pilot: &PilotSpec,
    _tables: Vec<TableData>,
    _requests: &[MetricRequest],
    _options: &Options,
) -> Result<Evaluation, Diagnostics> {
    Ok(Evaluation {
        measurements: Vec::new(),
        attributes: Vec::new(),
        subgroups: Vec::new(),
        features: Vec::new(),
        tables: Vec::new(),
    })
}
