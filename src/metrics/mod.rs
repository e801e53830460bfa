//! The metric evaluator: from a pilot's prediction tables to values with their interval, their
//! noise floor and their definition, or the reason why there is no value.
//!
//! This room decides nothing: thresholds and verdicts are rules' business. It opens no file and
//! knows no clock; the same input gives the same bits for any number of threads.
//!
//! Start with [`definitions`], then [`evaluate`].

mod calibration;
mod compare;
mod confusion;
mod definition;
mod discrimination;
mod draws;
mod ensemble;
mod evaluate;
mod fairness;
mod floor;
mod interval;
mod kolmogorov;
mod measurement;
mod multiclass;
mod outcome;
mod radix;
mod registry;
mod rows;
mod sample;
mod shift;
mod simplex;
mod sums;
mod suppression;

pub use crate::table::{OneClass, TableRole};
pub use definition::{Definition, DefinitionError, ParamValue};
pub use evaluate::evaluate;
pub use measurement::{
    Evaluation, Floor, Interval, Measurement, MetricRequest, Options, Subgroup, TableSummary, Undefined,
};
pub use registry::{DefinitionSpec, Direction, MetricIndex, ParameterSpec, ValueKind, definitions};
