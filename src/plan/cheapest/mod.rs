//! The cheapest set of mitigations that brings every risk under a band.
//!
//! Risk falls with every mitigation that is added, so what all together cannot do no set can. Such modes are named,
//! with the least that can be left of them; the set then brings the others under, and a second one brings the others
//! under and these as low as can be. With up to 25 candidates each is the cheapest of its kind; with more, a set is
//! given beside a cost that no set can undercut.
//!
//! Only what mitigations do to likelihoods and links counts. What a rule would do once a mitigation is in place, such
//! as a lower detectability, is not foreseen here.

mod problem;
mod reach;
mod relaxation;
mod search;

use crate::model::{Effort, KnowledgeBase, MitigationId, NodeId};
use crate::risk::{Assessment, World};
use problem::{Candidate, Problem, Target};
pub use search::Limits;
use search::{Search, Searched};
use std::cmp::Reverse;

/// What the three efforts cost, in whole units of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Days.
    pub low: u32,
    /// Weeks.
    pub medium: u32,
    /// Months.
    pub high: u32,
}

impl Default for Costs {
    /// Judged: a month's work weighs as much as three of weeks, and one of weeks as three of days.
    fn default() -> Self {
        Self { low: 1, medium: 3, high: 9 }
    }
}

impl Costs {
    /// Returns what an effort costs.
    pub fn of(self, effort: Effort) -> u64 {
        u64::from(match effort {
            Effort::Low => self.low,
            Effort::Medium => self.medium,
            Effort::High => self.high,
        })
    }
}

/// A set of mitigations and what it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The mitigations, by id.
    pub set: Vec<MitigationId>,
    /// What they cost.
    pub cost: u64,
    /// No set that does the same costs less.
    pub at_least: u64,
}

impl Priced {
    /// Tells whether no set that does the same costs less.
    pub fn is_cheapest(&self) -> bool {
        self.cost == self.at_least
    }
}

/// The cheapest set, or where there are many candidates a cheap one.
#[derive(Clone, Debug, PartialEq)]
pub struct CheapestSet {
    /// The risk that every mode must be under.
    pub below: f64,
    /// On which figures the risks were taken.
    pub world: World,
    /// The modes that are not under it now: the largest risk first, then by id.
    pub modes: Vec<Lowered>,
    /// The set that brings every mode under that can be.
    pub priced: Priced,
    /// What is in it: the most risk removed alone first, then by id.
    pub chosen: Vec<Chosen>,
    /// Where modes stay above: the set that brings the others under, and these as low as can be.
    pub as_low_as_can_be: Option<Priced>,
    /// The sum of all risks as it is.
    pub total_before: f64,
    /// The sum of all risks with the set in place.
    pub total_after: f64,
    /// How many mitigations could have been chosen.
    pub candidates: usize,
    /// Mitigations that would lower one of these modes and that a rule strikes out here, by id.
    pub struck_out: Vec<MitigationId>,
}

/// A mode before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowered {
    /// The mode.
    pub mode: NodeId,
    /// Its risk as it is.
    pub before: f64,
    /// Its risk with the set in place.
    pub after: f64,
    /// Its risk with every candidate in place.
    pub at_best: f64,
    /// Where it stays above: what would lower it beyond the set, each alone, the most first.
    pub further: Vec<(MitigationId, f64)>,
}

/// A mitigation of the set.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The mitigation.
    pub mitigation: MitigationId,
    /// What it costs.
    pub cost: u64,
    /// How much of the total risk it removes alone.
    pub removes: f64,
    /// Modes that would not be under the band without it, each with the risk that it would have.
    pub needed_for: Vec<(NodeId, f64)>,
}

/// Returns the cheapest set of mitigations with which every mode's risk in a world that can be is below `below`.
///
/// Of sets of equal cost it is the one with the least risk left, then the first by name.
pub fn cheapest(
    knowledge: &KnowledgeBase,
    assessment: &Assessment,
    below: f64,
    world: World,
    costs: Costs,
    limits: Limits,
) -> CheapestSet {
    let problem = Problem::new(knowledge, assessment, world, below);
    let likelihoods = problem.spread(&problem.treatment([])).likelihoods;
    let before = problem.risks([]);
    let above = problem.above(&before);
    let struck = |id: &MitigationId| {
        let found = assessment.recommendations.iter().find(|found| found.mitigation == *id);
        found.is_some_and(|found| found.is_contraindicated())
    };
    let lowers = |id: &MitigationId| {
        let reached = problem.reached(*id, &likelihoods);
        above.iter().any(|target| reached.contains(&target.mode))
    };
    let useful = knowledge.mitigations.ids().filter(lowers);
    let (struck_out, useful): (Vec<MitigationId>, Vec<MitigationId>) = useful.partition(struck);
    let at_best = problem.risks(useful.iter().copied());
    let (can, cannot): (Vec<Target>, Vec<Target>) = above.iter().partition(|target| at_best[target.place] < below);
    let price = |id: MitigationId| costs.of(knowledge.mitigations[id].effort);
    let solve = |always: &[MitigationId]| {
        let open = useful.iter().filter(|id| !always.contains(id));
        let candidates: Vec<Candidate> = open.map(|id| Candidate { mitigation: *id, cost: price(*id) }).collect();
        let search = Search { problem: &problem, candidates: &candidates, targets: &can, always, limits };
        let Searched { found, at_least } = search.run();
        let in_any_case: u64 = always.iter().map(|id| price(*id)).sum();
        let mut set: Vec<MitigationId> = always.iter().chain(&found.set).copied().collect();
        set.sort();
        Priced { set, cost: found.cost + in_any_case, at_least: at_least + in_any_case }
    };
    // What costs nothing is done in any case.
    let free: Vec<MitigationId> = useful.iter().copied().filter(|id| price(*id) == 0).collect();
    let priced = solve(&free);
    let as_low_as_can_be = (!cannot.is_empty()).then(|| solve(&needed(&problem, &useful, &cannot, price)));
    let set = &priced.set;
    let after = problem.risks(set.iter().copied());
    let chosen = set.iter().map(|&mitigation| {
        let without = problem.risks(set.iter().copied().filter(|other| *other != mitigation));
        let needed = can.iter().filter(|target| without[target.place] >= below);
        let alone = problem.risks([mitigation]);
        Chosen {
            mitigation,
            cost: price(mitigation),
            removes: before.iter().zip(&alone).map(|(before, alone)| before - alone).sum(),
            needed_for: needed.map(|target| (target.mode, without[target.place])).collect(),
        }
    });
    let mut chosen: Vec<Chosen> = chosen.collect();
    chosen.sort_by(|left, right| right.removes.total_cmp(&left.removes).then(left.mitigation.cmp(&right.mitigation)));
    let with_one_more: Vec<(MitigationId, Vec<f64>)> = useful
        .iter()
        .filter(|id| !set.contains(id) && !cannot.is_empty())
        .map(|id| (*id, problem.risks(set.iter().copied().chain([*id]))))
        .collect();
    let further = |target: &Target| {
        let lower = with_one_more.iter().map(|(id, risks)| (*id, after[target.place] - risks[target.place]));
        let mut lower: Vec<(MitigationId, f64)> = lower.filter(|(_, removed)| *removed > 0.0).collect();
        lower.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
        lower
    };
    let lowered = |target: &Target| Lowered {
        mode: target.mode,
        before: before[target.place],
        after: after[target.place],
        at_best: at_best[target.place],
        further: if cannot.contains(target) { further(target) } else { Vec::new() },
    };
    let mut modes: Vec<Lowered> = above.iter().map(lowered).collect();
    modes.sort_by(|left, right| right.before.total_cmp(&left.before).then(left.mode.cmp(&right.mode)));
    CheapestSet {
        below,
        world,
        modes,
        chosen,
        priced,
        as_low_as_can_be,
        total_before: before.iter().sum(),
        total_after: after.iter().sum(),
        candidates: useful.len(),
        struck_out,
    }
}

/// Returns what these modes would be higher without, were everything else done; of two that each make up for the
/// other, the cheaper.
fn needed(
    problem: &Problem<'_>,
    useful: &[MitigationId],
    modes: &[Target],
    price: impl Fn(MitigationId) -> u64,
) -> Vec<MitigationId> {
    let at_best = problem.risks(useful.iter().copied());
    let mut needed = useful.to_vec();
    let mut order: Vec<MitigationId> = useful.iter().copied().filter(|id| price(*id) > 0).collect();
    order.sort_by_key(|id| (Reverse(price(*id)), *id));
    for id in order {
        let without = problem.risks(needed.iter().copied().filter(|other| *other != id));
        if modes.iter().all(|target| without[target.place] <= at_best[target.place]) {
            needed.retain(|other| *other != id);
        }
    }
    needed
}
