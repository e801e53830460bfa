//! The plan: what to test, what to watch, and the cheapest way to bring the risks down.
//!
//! Nothing here decides what is right: limits come from the pack's rules and from what the metrics show when
//! nothing changes, and effects from the pack's mitigations. No file is opened and no clock is read.
//!
//! Start with [`Plan`].

mod cheapest;
mod goal;
mod json;
mod rows;
mod tell;
mod trials;

pub use cheapest::{CheapestSet, Chosen, Costs, Limits, Lowered, Priced, cheapest};
pub use goal::band_to_be_under;
pub use json::json;
pub use rows::{Chance, Rows};
pub use tell::tell;
pub use trials::{Must, Trial};

use crate::explanation::Case;
use crate::model::NodeId;
use crate::risk::World;
use trials::{modes_to_test, trials};

/// What a plan is to reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The band that every risk is to be under, by its place.
    pub band: usize,
    /// On which figures.
    pub world: World,
    /// What efforts cost.
    pub costs: Costs,
}

/// What to do about the risks of a deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What it is to reach.
    pub goal: Goal,
    /// The mitigations that do it at the least cost.
    pub cheapest: CheapestSet,
    /// The modes whose risk reaches the band, or may: what tests and watching are about, the gravest first.
    pub modes: Vec<NodeId>,
    /// What to test, the gravest first.
    pub trials: Vec<Trial>,
}

impl Plan {
    /// Returns the plan for a deployment.
    pub fn new(case: Case<'_>, goal: Goal) -> Self {
        let below = case.knowledge.bands[goal.band].from;
        let cheapest = cheapest(case.knowledge, case.assessment, below, goal.world, goal.costs, Limits::default());
        let modes = modes_to_test(case, below);
        let trials = trials(case, &modes);
        Plan { goal, cheapest, modes: modes.iter().map(|risk| risk.mode).collect(), trials }
    }
}
