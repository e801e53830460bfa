//! The search: open choices in order of the least they can cost, each split at the candidate that matters most.

use super::problem::{Candidate, Problem, Target};
use super::reach::{Range, Reach};
use super::relaxation::Covering;
use crate::model::MitigationId;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How far the search for the cheapest set goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Up to so many candidates it goes on until the cheapest set is proved to be so.
    pub exact: usize,
    /// With more, so many choices are looked at; then the best set found stands beside what no set can undercut.
    pub choices: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { exact: 25, choices: 4000 }
    }
}

/// Figures that differ by less are equal.
const ROUNDING: f64 = 1e-9;

/// A set that brings every target under the limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub cost: u64,
    /// The sum of all risks with the set in place.
    pub total: f64,
    /// Ascending.
    pub set: Vec<MitigationId>,
}

impl Found {
    /// Tells whether this set is to be preferred: cheaper, then with less risk left, then the first by names.
    fn beats(&self, other: &Found) -> bool {
        if self.cost != other.cost {
            return self.cost < other.cost;
        }
        let difference = self.total - other.total;
        if difference.abs() > ROUNDING { difference < 0.0 } else { self.set < other.set }
    }
}

/// What the search came to.
pub(super) struct Searched {
    pub found: Found,
    /// No set costs less.
    pub at_least: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    Open,
    In,
    Out,
}

/// A choice that is not yet complete, with the least that it can come to.
struct Node {
    at_least: u64,
    /// By candidate.
    choices: Vec<Choice>,
    /// The candidate to decide next.
    next: usize,
}

/// The search over sets of candidates, beside mitigations that are in place in any case.
pub(super) struct Search<'a, 'k> {
    pub problem: &'a Problem<'k>,
    pub candidates: &'a [Candidate],
    pub targets: &'a [Target],
    pub always: &'a [MitigationId],
    pub limits: Limits,
}

impl Search<'_, '_> {
    /// Returns the cheapest set, or where that is too much work a cheap one. All candidates together must bring
    /// every target under the limit.
    pub fn run(&self) -> Searched {
        let mut best = self.greedy();
        let mut nodes: Vec<Node> = Vec::new();
        // The least cost first; of equal ones the last that was opened, which is the furthest on.
        let mut queue: BinaryHeap<(Reverse<u64>, usize)> = BinaryHeap::new();
        let start = vec![Choice::Open; self.candidates.len()];
        let push = |node: Option<Node>, nodes: &mut Vec<Node>, queue: &mut BinaryHeap<(Reverse<u64>, usize)>| {
            if let Some(node) = node {
                queue.push((Reverse(node.at_least), nodes.len()));
                nodes.push(node);
            }
        };
        push(self.bound(start, 0, &mut best), &mut nodes, &mut queue);
        let mut looked_at = 1;
        while let Some((Reverse(at_least), place)) = queue.pop() {
            if at_least > best.cost {
                break;
            }
            if self.candidates.len() > self.limits.exact && looked_at >= self.limits.choices {
                return Searched { at_least: at_least.min(best.cost), found: best };
            }
            let choices = std::mem::take(&mut nodes[place].choices);
            let next = nodes[place].next;
            for choice in [Choice::Out, Choice::In] {
                let mut decided = choices.clone();
                decided[next] = choice;
                looked_at += 1;
                push(self.bound(decided, at_least, &mut best), &mut nodes, &mut queue);
            }
        }
        Searched { at_least: best.cost, found: best }
    }

    /// Returns a node with the least that it can cost, which is no less than its parent's; none where it cannot lead to a better set than the best.
    fn bound(&self, choices: Vec<Choice>, parent: u64, best: &mut Found) -> Option<Node> {
        let kept = |wanted: &dyn Fn(Choice) -> bool| {
            let kept = self.candidates.iter().zip(&choices).filter(|(_, choice)| wanted(**choice));
            kept.map(|(candidate, _)| candidate.mitigation).chain(self.always.iter().copied()).collect::<Vec<_>>()
        };
        let treated = self.problem.treatment(sorted(kept(&|choice| choice == Choice::In)));
        let all = self.problem.treatment(sorted(kept(&|choice| choice != Choice::Out)));
        let (most, least) = (self.problem.spread(&treated), self.problem.spread(&all));
        if !self.problem.brought_under(self.targets, &self.problem.risks_of(&least)) {
            return None;
        }
        let cost = self.cost(&choices);
        let risks = self.problem.risks_of(&most);
        if self.problem.brought_under(self.targets, &risks) {
            let set = self.candidates.iter().zip(&choices).filter(|(_, choice)| **choice == Choice::In);
            let set = set.map(|(candidate, _)| candidate.mitigation).collect();
            let found = Found { cost, total: risks.iter().sum(), set };
            // More would cost more, so nothing beyond this set is of interest.
            if found.beats(best) {
                *best = found;
            }
            return None;
        }
        let range = Range { treated, most, least };
        let places: Vec<usize> = (0..choices.len()).filter(|place| choices[*place] == Choice::Open).collect();
        let open: Vec<(Candidate, Reach)> = places
            .iter()
            .map(|place| (self.candidates[*place], range.reach(self.problem, self.candidates[*place])))
            .collect();
        let treats = |candidate: Candidate, mode| self.problem.treatment([candidate.mitigation]).on_node(mode);
        let rows = self.targets.iter().filter_map(|target| {
            let (need, steps) = range.need(self.problem, *target, &open, treats)?;
            // A hair more than it is, so that rounding never makes the bound too high.
            Some(steps.into_iter().map(|step| (step / need + ROUNDING).min(1.0)).collect())
        });
        let costs = open.iter().map(|(candidate, _)| candidate.cost as f64).collect();
        let covering = Covering { costs, rows: rows.collect() };
        let (bound, prices) = covering.bound((best.cost.saturating_sub(cost)) as f64);
        let at_least = parent.max(cost + (bound - 1e-6).ceil().max(0.0) as u64);
        if at_least > best.cost || (at_least == best.cost && self.cannot_tie(&open, &risks, best, cost)) {
            return None;
        }
        let worth = |place: &usize| covering.worth(&prices, *place);
        let next = (0..open.len()).rev().max_by(|left, right| worth(left).total_cmp(&worth(right)))?;
        Some(Node { at_least, choices, next: places[next] })
    }

    /// Tells whether no set of the best's cost can leave less risk than the best, or the same under an earlier name.
    fn cannot_tie(&self, open: &[(Candidate, Reach)], risks: &[f64], best: &Found, cost: u64) -> bool {
        let mut offers: Vec<(f64, f64)> = open
            .iter()
            .map(|(candidate, reach)| {
                let falls = self.problem.modes.iter();
                let falls = falls.map(|rated| reach.fall[rated.mode.index()] * rated.severity * rated.detectability);
                (falls.sum::<f64>(), candidate.cost as f64)
            })
            .collect();
        offers.sort_by(|left, right| (right.0 / right.1).total_cmp(&(left.0 / left.1)));
        let mut budget = best.cost.saturating_sub(cost) as f64;
        let mut left: f64 = risks.iter().sum();
        for (fall, cost) in offers {
            left -= fall * (budget / cost).min(1.0);
            budget -= cost;
            if budget <= 0.0 {
                break;
            }
        }
        left > best.total + ROUNDING
    }

    fn cost(&self, choices: &[Choice]) -> u64 {
        let chosen = self.candidates.iter().zip(choices).filter(|(_, choice)| **choice == Choice::In);
        chosen.map(|(candidate, _)| candidate.cost).sum()
    }

    /// Returns a set made by taking, again and again, what does most for its cost towards the limits, without what
    /// turns out to be in vain.
    fn greedy(&self) -> Found {
        let mut chosen: Vec<Candidate> = Vec::new();
        let risks = |chosen: &[Candidate]| {
            let set = chosen.iter().map(|candidate| candidate.mitigation).chain(self.always.iter().copied());
            self.problem.risks(sorted(set.collect()))
        };
        let mut now = risks(&chosen);
        while !self.problem.brought_under(self.targets, &now) {
            let excess = self.excess(&now);
            let mut left: Vec<(f64, Candidate)> = Vec::new();
            for candidate in self.candidates.iter().filter(|candidate| !chosen.contains(candidate)) {
                let with: Vec<Candidate> = chosen.iter().copied().chain([*candidate]).collect();
                left.push(((excess - self.excess(&risks(&with))) / candidate.cost as f64, *candidate));
            }
            let Some((_, next)) = left.into_iter().rev().max_by(|left, right| left.0.total_cmp(&right.0)) else {
                break;
            };
            chosen.push(next);
            now = risks(&chosen);
        }
        // The dearest first: what the others do without it need not be paid for.
        let mut order = chosen.clone();
        order.sort_by_key(|candidate| (Reverse(candidate.cost), candidate.mitigation));
        for candidate in order {
            let without: Vec<Candidate> = chosen.iter().copied().filter(|other| *other != candidate).collect();
            if self.problem.brought_under(self.targets, &risks(&without)) {
                chosen = without;
            }
        }
        Found {
            cost: chosen.iter().map(|candidate| candidate.cost).sum(),
            total: risks(&chosen).iter().sum(),
            set: sorted(chosen.iter().map(|candidate| candidate.mitigation).collect()),
        }
    }

    /// Returns by how much the targets are above the limit, in all.
    fn excess(&self, risks: &[f64]) -> f64 {
        self.targets.iter().map(|target| (risks[target.place] - self.problem.below).max(0.0)).sum()
    }
}

fn sorted(mut set: Vec<MitigationId>) -> Vec<MitigationId> {
    set.sort();
    set
}
