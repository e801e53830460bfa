//! The metric evaluator: from a pilot's prediction tables to values with their interval, their
//! noise floor and their definition, or the reason why there is no value.
//!
//! This room decides nothing: thresholds and verdicts are rules' business. It opens no file and
//! knows no clock; the same input gives the same bits for any number of threads.
//!
//! Start with [`definitions`], then [`evaluate`].

mod advice;
mod bootstrap;
mod calibration;
mod calibration_error;
mod charts;
mod cloud;
mod companion;
mod compare;
mod confusion;
mod curves;
mod decision;
mod decomposition;
mod definition;
mod detectors;
mod discrimination;
mod draws;
mod drift;
mod ensemble;
mod estimate;
mod evaluate;
mod explanation;
mod fairness;
mod fit;
mod floor;
mod interval;
mod kernel;
mod kolmogorov;
mod labels;
mod mean;
mod measurement;
mod mmd;
mod multiclass;
mod multiple;
mod normal;
mod outcome;
mod paired;
mod radix;
mod ratings;
mod registry;
mod resample;
mod rows;
mod sample;
mod series;
mod shift;
mod simplex;
mod subgroup_test;
mod sums;
mod suppression;
mod survey;
mod tests_of_counts;
mod workflow;

pub use crate::table::{OneClass, TableRole};
pub use curves::{Curves, ReliabilityBin, Roc, curves};
pub use definition::{Definition, DefinitionError, ParamValue};
pub use evaluate::evaluate;
pub use measurement::{
    Evaluation, Floor, Interval, Measurement, MetricRequest, Options, Subgroup, TableSummary, Undefined,
};
pub use multiple::{Adjustment, adjusted};
pub use registry::{DefinitionSpec, Direction, MetricIndex, ParameterSpec, ValueKind, definitions};
