//! The metric evaluator: from a pilot's prediction tables to values with their interval, their
//! noise floor and their definition, or the reason why there is no value.
//!
//! This room decides nothing: thresholds and verdicts are rules' business. It opens no file and
//! knows no clock; the same input gives the same bits for any number of threads.
//!
//! Start with [`definitions`], then [`evaluate`].

mod answered;
mod approximate;
mod bench;
mod coded;
mod companion;
mod curves;
mod definition;
mod drift;
mod elements;
mod ensemble;
mod evaluate;
mod fairness;
mod floor;
mod measurement;
mod multiclass;
mod outcome;
mod paired;
mod placement;
mod privacy;
mod profile;
mod redraw;
mod registry;
mod rows;
mod sample;
mod shift;
mod statistics;
mod subgroup_test;
mod threshold_effect;

pub use crate::table::{OneClass, TableRole};
pub use answered::{change_p, cronbachs_alpha, mean_change, median, share_interval};
pub use coded::{CodedUnit, Statistic, cohens_kappa, equal_share, krippendorffs_alpha};
pub use curves::{Curves, ReliabilityBin, Roc, curves};
pub use definition::{Definition, DefinitionError, ParamValue};
pub use evaluate::{evaluate, evaluate_with};
pub use measurement::{
    Evaluation, Floor, Interval, Measurement, MetricRequest, Options, Subgroup, TableSummary, Undefined,
};
pub use profile::{Cells, Measured, MeasuredFloor, MeasuredInterval, Profile, profile};
pub use redraw::{REDRAWS, Redrawn, redrawn};
pub use registry::{DefinitionSpec, Direction, MetricIndex, ParameterSpec, ValueKind, definitions};
pub(crate) use statistics::draws::Draws;
pub(crate) use statistics::interval::{beta as beta_interval, mover_ratio};
pub use statistics::multiple::{Adjustment, adjusted};
pub(crate) use statistics::resample::{each_draw, percentiles};
pub(crate) use statistics::sums::quantile;
