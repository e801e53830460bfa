//! The question behind the cheapest set: which risks must come under which limit, and what can be done.

use crate::model::{KnowledgeBase, MitigationId, NodeId};
use crate::risk::{Assessment, CausalGraph, Spread, Treatment, World, product, spread};
use std::collections::BTreeSet;

/// A mitigation that may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub mitigation: MitigationId,
    pub cost: u64,
}

/// A mode whose risk must come under a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Target {
    pub mode: NodeId,
    /// Its place among the modes.
    pub place: usize,
    /// The likelihood at which its risk would be the limit.
    pub likelihood: f64,
}

/// What is left of a mode once mitigations are in place, and what it is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rated {
    pub mode: NodeId,
    pub severity: f64,
    pub detectability: f64,
}

/// Risks in one world as a function of the mitigations in place; by local propagation, in which causes count
/// as independent.
pub(super) struct Problem<'a> {
    pub knowledge: &'a KnowledgeBase,
    pub graph: CausalGraph,
    /// By node.
    pub own: Vec<f64>,
    /// Every mode, by id.
    pub modes: Vec<Rated>,
    /// The limit: a risk must be below it.
    pub below: f64,
}

impl<'a> Problem<'a> {
    pub fn new(knowledge: &'a KnowledgeBase, assessment: &Assessment, world: World, below: f64) -> Self {
        let mut modes: Vec<Rated> = assessment
            .risks
            .iter()
            .map(|risk| Rated {
                mode: risk.mode,
                severity: risk.severity.in_world(world),
                detectability: risk.detectability.in_world(world),
            })
            .collect();
        modes.sort_by_key(|rated| rated.mode);
        Self {
            knowledge,
            graph: CausalGraph::new(knowledge),
            own: assessment.likelihoods.iter().map(|node| node.own_evidence(world)).collect(),
            modes,
            below,
        }
    }

    /// Returns what several mitigations do together.
    pub fn treatment(&self, mitigations: impl IntoIterator<Item = MitigationId>) -> Treatment {
        Treatment::together(mitigations.into_iter().map(|mitigation| &self.knowledge.mitigations[mitigation]))
    }

    /// Returns likelihoods with mitigations in place.
    pub fn spread(&self, treatment: &Treatment) -> Spread {
        spread(self.knowledge, &self.graph, None, &self.own, Some(treatment))
    }

    /// Returns the risk of every mode with mitigations in place, by mode.
    pub fn risks(&self, mitigations: impl IntoIterator<Item = MitigationId>) -> Vec<f64> {
        self.risks_of(&self.spread(&self.treatment(mitigations)))
    }

    pub fn risks_of(&self, spread: &Spread) -> Vec<f64> {
        let of = |rated: &Rated| product(spread.likelihoods[rated.mode.index()], rated.severity, rated.detectability);
        self.modes.iter().map(of).collect()
    }

    /// Returns the modes whose risk is not under the limit.
    pub fn above(&self, risks: &[f64]) -> Vec<Target> {
        let modes = self.modes.iter().zip(risks).enumerate().filter(|(_, (_, risk))| **risk >= self.below);
        let target = |(place, (rated, _)): (usize, (&Rated, &f64))| Target {
            mode: rated.mode,
            place,
            likelihood: self.below / (rated.severity * rated.detectability),
        };
        modes.map(target).collect()
    }

    /// Tells whether all of these modes are under the limit.
    pub fn brought_under(&self, targets: &[Target], risks: &[f64]) -> bool {
        targets.iter().all(|target| risks[target.place] < self.below)
    }

    /// Returns the modes and factors that a mitigation can make less likely, given how likely they are without it.
    pub fn reached(&self, mitigation: MitigationId, likelihoods: &[f64]) -> BTreeSet<NodeId> {
        let addresses = self.knowledge.mitigations[mitigation].addresses.iter();
        let there = addresses.filter(|address| address.effect > 0.0 && likelihoods[address.node.index()] > 0.0);
        let mut reached: BTreeSet<NodeId> = there.map(|address| address.link_to.unwrap_or(address.node)).collect();
        let mut waiting: Vec<NodeId> = reached.iter().copied().collect();
        while let Some(node) = waiting.pop() {
            for (effect, strength) in self.graph.effects(node) {
                if strength > 0.0 && reached.insert(effect) {
                    waiting.push(effect);
                }
            }
        }
        reached
    }
}
