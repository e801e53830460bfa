//! Risk: from evidence to likelihoods, risks, recommendations and a verdict.
//!
//! Three worlds are assessed side by side: *estimate* on point values, where unknown premises do not
//! fire, and *low* and *high* over everything that intervals and unknowns allow. In every figure
//! `low <= estimate <= high`. Evidence combines by noisy-OR, spreads from causes to effects, and
//! meets severity and detectability in the product; nothing is rounded here. docs/risk.md tells the whole
//! way with an example.
//!
//! Nothing here chooses words or reads files; it does not look at how rules are written, either,
//! only at what `inference` recorded, but for the two searches: for swings, and for the smallest changes that
//! would change a conclusion ([`flip`]).
//!
//! Start with [`assess`].

mod assess;
mod assessment;
mod bounds;
mod causal;
mod error;
mod evidence;
mod evident;
mod exact;
mod flip;
mod likelihood;
mod priority;
mod rating;
mod recommend;
mod requirement;
mod score;
mod swing;
mod threshold;
mod touched;
mod verdict;
mod weighing;

pub use assess::{Options, assess, assess_with, assess_without_swings};
pub use assessment::{
    Adjustment, Assessment, ConsideredVerdict, Contribution, ContributionKind, Disagreement, Flag, MissingInput,
    ModeRisk, NodeLikelihood, Propagation, VerdictChoice,
};
pub use bounds::{Bounds, Detectability, Likelihood, PerWorld, Quantity, Risk, Severity, TotalRisk, World};
pub use causal::{CausalGraph, CausalPath};
pub use error::RiskError;
pub(crate) use evidence::{Claim, claim_of};
pub use evident::{evidence_of_rules, likelihoods_of};
pub use flip::{Alteration, Flip, Flips, Goal, State, flip};
pub(crate) use likelihood::{Spread, Treatment, spread};
pub(crate) use priority::priority_row;
pub use recommend::{Chain, Contraindication, ModeReduction, Recommendation};
pub(crate) use score::{band_of, product};
pub use swing::{Candidate, Swing};
