//! Recommendations: how much risk each mitigation removes, and by which path.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::likelihood::{Treatment, spread};
use super::score::product;
use super::weighing::Weighing;
use super::{Bounds, ContributionKind, PerWorld, Quantity, TotalRisk, World};
use crate::inference::{FactKey, Inference, InstanceId};
use crate::model::{ActionKind, CitationId, Effort, KnowledgeBase, Mitigation, MitigationId, NodeId};

/// How many paths are shown from what a mitigation addresses to each mode.
const PATHS: usize = 3;

/// A mitigation and what it would do here.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommendation {
    /// The mitigation.
    pub mitigation: MitigationId,
    /// How much of the total risk it removes. The risk is recomputed with the mitigation in each of
    /// the three worlds; low and high are the least and the most of the three differences.
    pub risk_removed: Bounds<TotalRisk>,
    /// The same for each mode that it helps: the largest estimate first, then by id.
    pub by_mode: Vec<ModeReduction>,
    /// How much work it is.
    pub effort: Effort,
    /// The paths through which risk is removed, the most risk removed first, then by mode and path.
    pub chains: Vec<Chain>,
    /// The rule instances whose evidence lit up what it addresses, ascending.
    pub lit_by: Vec<InstanceId>,
    /// The facts under those, in order.
    pub facts: Vec<FactKey>,
    /// The instances that recommend it, ascending.
    pub recommended_by: Vec<InstanceId>,
    /// Why it is struck out; empty where it is not.
    pub contraindicated_by: Vec<Contraindication>,
    /// The sources of the mitigation and of the rules behind it, by id.
    pub sources: Vec<CitationId>,
}

impl Recommendation {
    /// Tells whether it is struck out.
    pub fn is_contraindicated(&self) -> bool {
        !self.contraindicated_by.is_empty()
    }
}

/// How much of a mode's risk a mitigation removes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModeReduction {
    /// The mode.
    pub mode: NodeId,
    /// How much.
    pub risk_removed: Bounds<TotalRisk>,
}

/// A causal chain: mode, factors, mitigation.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// From the mode through its causes to the node that the mitigation addresses: effect before
    /// cause. Where a link is addressed, the last two nodes are its effect and its cause.
    pub path: Vec<NodeId>,
    /// Whether the last link of the path is what the mitigation addresses, and not the last node.
    pub addresses_link: bool,
    /// The product of the strengths of the links; 1 for a path of one node.
    pub strength: f64,
    /// The share that the mitigation takes from what it addresses.
    pub effect: f64,
    /// How much of the mode's risk is removed if the mitigation addresses this alone (estimate).
    pub risk_removed: f64,
}

/// A reason against a mitigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contraindication {
    /// The instance that fired.
    pub instance: InstanceId,
    /// Its reason.
    pub because: String,
}

/// Returns the mitigations that remove risk here, and those that a rule asks for or strikes out.
pub(crate) fn recommend(knowledge: &KnowledgeBase, inference: &Inference, weighing: &Weighing) -> Vec<Recommendation> {
    let advice = advice(knowledge, inference);
    let mut recommendations = Vec::new();
    let mut supports: BTreeMap<InstanceId, BTreeSet<FactKey>> = BTreeMap::new();
    for (id, mitigation) in knowledge.mitigations.iter() {
        let advice = &advice[id.index()];
        let treatment = Treatment::new(mitigation, None);
        let removed = PerWorld::from_fn(|world| removed(knowledge, weighing, &treatment, world));
        let total: Bounds<TotalRisk> = Bounds::around(PerWorld::from_fn(|world| removed.get(world).iter().sum()));
        let asked_for = !advice.recommended_by.is_empty() || !advice.contraindicated_by.is_empty();
        if total.estimate().get() <= 0.0 && !asked_for {
            continue;
        }
        let modes = weighing.risks.iter().enumerate().map(|(place, risk)| ModeReduction {
            mode: risk.mode,
            risk_removed: Bounds::around(PerWorld::from_fn(|world| removed.get(world)[place])),
        });
        let mut by_mode: Vec<ModeReduction> = modes.filter(|mode| mode.risk_removed.high().get() > 0.0).collect();
        by_mode.sort_by(|left, right| descending(left.risk_removed, right.risk_removed));
        let lit_by = lit_by(weighing, mitigation);
        let mut facts: BTreeSet<&FactKey> = BTreeSet::new();
        for &instance in &lit_by {
            // A filled entry cannot be lent while others are filled, so fill first.
            supports.entry(instance).or_insert_with(|| inference.support(instance));
        }
        facts.extend(lit_by.iter().filter_map(|instance| supports.get(instance)).flatten());
        let behind = lit_by.iter().chain(&advice.recommended_by);
        let rules = behind.filter_map(|&instance| inference.instance(instance)).map(|instance| instance.rule);
        let cited = rules.flat_map(|rule| &knowledge.rules[rule].about.cites).chain(&mitigation.about.cites);
        let cited = cited.chain(mitigation.addresses.iter().flat_map(|address| &address.about.cites));
        let sources: BTreeSet<CitationId> = cited.map(|citation| citation.value).collect();
        recommendations.push(Recommendation {
            mitigation: id,
            risk_removed: total,
            by_mode,
            effort: mitigation.effort,
            chains: chains(knowledge, weighing, mitigation),
            lit_by: lit_by.into_iter().collect(),
            facts: facts.into_iter().cloned().collect(),
            recommended_by: advice.recommended_by.clone(),
            contraindicated_by: advice.contraindicated_by.clone(),
            sources: sources.into_iter().collect(),
        });
    }
    recommendations.sort_by(|left, right| {
        let order = descending(left.risk_removed, right.risk_removed);
        order.then(left.effort.cmp(&right.effort)).then(left.mitigation.cmp(&right.mitigation))
    });
    recommendations
}

fn descending(left: Bounds<TotalRisk>, right: Bounds<TotalRisk>) -> Ordering {
    right.estimate().get().total_cmp(&left.estimate().get())
}

/// Returns how much of each mode's risk a treatment removes in a world, in order of mode.
fn removed(knowledge: &KnowledgeBase, weighing: &Weighing, treatment: &Treatment, world: World) -> Vec<f64> {
    let (graph, exact) = (&weighing.graph, weighing.exact.as_ref());
    let treated = spread(knowledge, graph, exact, weighing.own.get(world), Some(treatment)).likelihoods;
    let modes = weighing.risks.iter().map(|mode| {
        let (severity, detectability) = (mode.severity.in_world(world), mode.detectability.in_world(world));
        let left = product(treated[mode.mode.index()], severity, detectability);
        (mode.risk.in_world(world) - left).max(0.0)
    });
    modes.collect()
}

/// Returns how much of the total risk a mitigation removes in a world.
pub(crate) fn removed_in_total(
    knowledge: &KnowledgeBase,
    weighing: &Weighing,
    mitigation: &Mitigation,
    world: World,
) -> f64 {
    removed(knowledge, weighing, &Treatment::new(mitigation, None), world).iter().sum()
}

/// What rules that fired say about a mitigation.
#[derive(Clone, Default)]
struct Advice {
    recommended_by: Vec<InstanceId>,
    contraindicated_by: Vec<Contraindication>,
}

fn advice(knowledge: &KnowledgeBase, inference: &Inference) -> Vec<Advice> {
    let mut advice = vec![Advice::default(); knowledge.mitigations.len()];
    for (rule, declared) in knowledge.rules.iter() {
        for action in &declared.actions {
            for (instance, _) in inference.instances_of(rule).filter(|(_, instance)| instance.outcome.holds()) {
                match &action.kind {
                    ActionKind::Recommend(mitigation) => advice[mitigation.index()].recommended_by.push(instance),
                    ActionKind::Contraindicate { mitigation, because } => {
                        let reason = Contraindication { instance, because: because.clone() };
                        advice[mitigation.index()].contraindicated_by.push(reason);
                    }
                    _ => {}
                }
            }
        }
    }
    advice
}

/// Returns the instances that count, on point values, as evidence for what is addressed or for
/// anything that causes it.
fn lit_by(weighing: &Weighing, mitigation: &Mitigation) -> BTreeSet<InstanceId> {
    let addressed = mitigation.addresses.iter();
    let nodes: BTreeSet<NodeId> = addressed.flat_map(|address| weighing.graph.with_causes(address.node)).collect();
    let parts = nodes.into_iter().flat_map(|node| &weighing.likelihoods[node.index()].contributions);
    let counted = parts.filter(|part| part.counted.estimate && part.value.estimate > 0.0);
    let instances = counted.filter_map(|part| match &part.kind {
        ContributionKind::Rule { instance, .. } => instance.estimate,
        _ => None,
    });
    instances.collect()
}

fn chains(knowledge: &KnowledgeBase, weighing: &Weighing, mitigation: &Mitigation) -> Vec<Chain> {
    let mut chains = Vec::new();
    for (place, address) in mitigation.addresses.iter().enumerate() {
        let alone = Treatment::new(mitigation, Some(place));
        let removed = removed(knowledge, weighing, &alone, World::Estimate);
        // Through a link, every path ends with it: look for the paths back to its effect and add it.
        let end = address.link_to.unwrap_or(address.node);
        let link = address.link_to.map(|effect| {
            let causes = weighing.graph.causes(effect).iter();
            causes.filter(|(cause, _)| *cause == address.node).map(|(_, strength)| strength).sum::<f64>()
        });
        let paths = weighing.graph.strongest_paths(end, PATHS);
        for (mode, &risk_removed) in weighing.risks.iter().zip(&removed).filter(|(_, removed)| **removed > 0.0) {
            let to_mode = paths.iter().filter(|(effect, _)| *effect == mode.mode);
            for path in to_mode.flat_map(|(_, paths)| paths) {
                let cause = link.map(|_| address.node);
                chains.push(Chain {
                    path: path.nodes.iter().copied().chain(cause).collect(),
                    addresses_link: link.is_some(),
                    strength: path.strength * link.unwrap_or(1.0),
                    effect: address.effect,
                    risk_removed,
                });
            }
        }
    }
    chains.sort_by(|left, right| {
        let order = right.risk_removed.total_cmp(&left.risk_removed);
        order.then(right.strength.total_cmp(&left.strength)).then_with(|| left.path.cmp(&right.path))
    });
    chains
}
