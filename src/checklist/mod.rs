//! The readiness checklist: what published frameworks ask, and where this pack asks it.
//!
//! [`Trace::of`] follows every item of a standard or checklist to what `satisfies` it, from there to the rules that
//! read the answer, and on to the factors and modes that these rules speak about; [`Counts`] says how much of each
//! framework is covered. With a deployment, [`prerequisites`] says of every question whether it is answered and
//! what followed from the answer.
//!
//! An item that is covered is one that somebody is asked about, not one that is fulfilled. Nothing that is found here
//! enters a likelihood, a risk or a verdict.

mod blame;
mod coverage;
mod matrix;
mod place;
mod prerequisite;
mod reach;
mod table;
mod tell;
mod tell_deployment;
mod trace;

pub use coverage::{Counts, Coverage};
pub use place::{Place, Subject};
pub use prerequisite::{Prerequisite, State, Told, prerequisites};
pub use table::{csv, json};
pub use tell::{By, View, tell};
pub use tell_deployment::tell_deployment;
pub use trace::{Checklist, ItemTrace, Trace};
