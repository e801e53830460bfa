//! Evaluation: how much of what is documented the knowledge covers, foresees and explains, and what it is good for.
//!
//! Cases that are judged may be those of the corpus or any others. What is foreseen of a case is foreseen from other
//! cases alone, beside methods that know nothing of causes; figures that speak against the system are told like those
//! that speak for it. This room reads no file and changes nothing: no likelihood that a hospital sees depends on it.
//! docs/evaluation.md has the method and what came out.
//!
//! Start with [`Appraisal`].

mod coverage;
mod degradation;
mod foresight;
mod remedy;
mod table;
mod tell;
mod worth;

pub use coverage::{Coverage, LevelCoverage, Uncovered, coverage};
pub use degradation::{Degradation, Explained, degradation};
pub use foresight::{Confusion, Figure, Foresight, Measure, Method, MethodFigures, Said, Tier, foresight};
pub use remedy::{MetricEffect, RemedyEffect, RiskEffect, effectiveness, remedy_effect};
pub use table::json;
pub use tell::tell;
pub use worth::{Asked, Worth, worth};

/// All that was evaluated.
#[derive(Clone, Debug)]
pub struct Appraisal {
    /// What the cases are.
    pub judged: Judged,
    /// How far the pack has words for them.
    pub coverage: Coverage,
    /// What would have been foreseen of them.
    pub foresight: Foresight,
    /// How much of the fall of figures the causes explain.
    pub degradation: Degradation,
    /// What surveys say of use and trust; empty where none was named.
    pub worth: Vec<Worth>,
    /// What mitigations did, one for each pair of deployments.
    pub remedies: Vec<RemedyEffect>,
}

/// The cases that are judged, and what is held against them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The pack and its version.
    pub pack: String,
    /// Where the cases are from; none for the corpus inside the program.
    pub place: Option<String>,
    /// Cases.
    pub cases: usize,
    /// Of them those that the corpus inside the program has, too, by name: the pack was written from them.
    pub built_in: usize,
    /// Mistakes in files of cases; a case with one is left out.
    pub mistakes: usize,
}
