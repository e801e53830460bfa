//! Inference: what follows from the facts, by which rules, and how certain it is.
//!
//! Every condition comes to an [`Outcome`]: its truth on the point values and its truth over all
//! that intervals and missing values allow. Rules run stratum by stratum, so a negated or counted
//! finding is complete before it is read; within a stratum the order cannot be seen. Each application
//! of a rule is recorded as it is made, fired or not ([`Instance`]).
//!
//! An index set without members is *open*: nobody knows its members. A rule over it has one
//! anonymous instance, which is at most possible. Taxonomy sets are never open.
//!
//! Nothing here weighs evidence (that is `risk`) or chooses words (`explanation`).
//!
//! Start with [`infer`]; `naive` is a second, slow evaluator that the tests hold against it, and
//! [`verify`](mod@verify) checks recorded instances from their premises alone.

mod aggregate;
pub(crate) mod choices;
mod condition;
pub(crate) mod content;
mod element;
mod error;
mod expression;
mod extents;
mod figure;
mod finder;
pub(crate) mod fixpoint;
mod interval;
pub(crate) mod join;
pub(crate) mod leeway;
mod limits;
mod margin;
#[doc(hidden)]
pub mod naive;
mod near;
mod plan;
mod provenance;
pub(crate) mod recorder;
mod rows;
pub(crate) mod run;
pub(crate) mod schedule;
mod scope;
mod truth;
pub mod verify;
mod walk;

pub(crate) use aggregate::{Member as Counted, aggregate_figures, aggregate_point, aggregate_range};
pub(crate) use condition::{is_countless, outcome_of_in};
pub(crate) use expression::{
    absolute, arithmetic, interpolate, join_intervals, join_numbers, negate, ramp, ramp_range,
};
pub(crate) use extents::Extents;
pub(crate) use figure::compare_intervals;
pub(crate) use scope::{Frame, Measures, Scope};

pub use element::{Domains, Element};
pub use error::InferenceError;
pub use figure::{Figure, compare_numbers};
pub use interval::Interval;
pub use limits::Limits;
pub use margin::Margin;
pub use near::near_misses;
pub use provenance::{
    AggregateMember, Derived, FactKey, FindingInstance, Gap, Inference, Instance, InstanceId, Passed, Premise,
    PremiseKind, Reading, RelationInstance, Term, TermKind,
};
pub use run::{infer, infer_within};
pub use truth::{Outcome, Truth};
pub use walk::Part;
