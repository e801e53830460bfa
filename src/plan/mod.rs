//! The plan: what to test, what to watch, and the cheapest way to bring the risks down.
//!
//! Nothing here decides what is right: limits come from the pack's rules and from what the metrics show when
//! nothing changes, and effects from the pack's mitigations. No file is opened and no clock is read.
//!
//! Start with [`Plan`].

mod cheapest;
mod figures;
mod goal;
mod json;
mod rows;
mod tell;
mod trials;
mod watching;

pub use cheapest::{CheapestSet, Chosen, Costs, Limits, Lowered, Priced, cheapest};
pub use figures::{Candidate, candidates};
pub use goal::band_to_be_under;
pub use json::json;
pub use rows::{Chance, Rows};
pub use tell::tell;
pub use trials::{Must, Trial};
pub use watching::{FALSE_ALARMS, Limit, Period, RowsFrom, Watch, Watching, watching};

use crate::explanation::Case;
use crate::metrics::Redrawn;
use crate::model::{InputId, NodeId};
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
    /// What to watch.
    pub watching: Watching,
}

impl Plan {
    /// Returns the plan for a deployment; `redraw` tells what figures show on draws of a period's rows, and `period` how
    /// many these are.
    ///
    /// # Errors
    /// What `redraw` returns.
    pub fn new<E>(
        case: Case<'_>,
        goal: Goal,
        period: Option<Period>,
        redraw: impl FnOnce(&[InputId]) -> Result<Vec<Redrawn>, E>,
    ) -> Result<Self, E> {
        let below = case.knowledge.bands[goal.band].from;
        let cheapest = cheapest(case.knowledge, case.assessment, below, goal.world, goal.costs, Limits::default());
        let risks = modes_to_test(case, below);
        let trials = trials(case, &risks);
        let modes: Vec<NodeId> = risks.iter().map(|risk| risk.mode).collect();
        let candidates = candidates(case, &modes);
        let inputs: Vec<InputId> = candidates.iter().map(Candidate::input).collect();
        let redrawn = if period.is_some() { redraw(&inputs)? } else { Vec::new() };
        let watching = watching(case, candidates, &redrawn, period, (&trials, &cheapest));
        Ok(Plan { goal, cheapest, modes, trials, watching })
    }
}
