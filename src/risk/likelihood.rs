//! Likelihoods: own evidence, spread from causes to effects.

use super::causal::CausalGraph;
use super::evidence::{Claim, Claimed, counted};
use super::{Bounds, Contribution, ContributionKind, NodeLikelihood, PerWorld, World};
use crate::inference::InstanceId;
use crate::model::{KnowledgeBase, Mitigation, NodeId};

/// What a mitigation leaves of likelihoods and links, as factors; 1 where it changes nothing.
#[derive(Clone, Debug)]
pub(crate) struct Treatment {
    nodes: Vec<(NodeId, f64)>,
    links: Vec<(NodeId, NodeId, f64)>,
}

impl Treatment {
    /// Returns what the mitigation does; with `only`, what that one of its addresses does.
    pub(crate) fn new(mitigation: &Mitigation, only: Option<usize>) -> Self {
        let mut treatment = Treatment { nodes: Vec::new(), links: Vec::new() };
        for (place, address) in mitigation.addresses.iter().enumerate() {
            if only.is_some_and(|only| only != place) {
                continue;
            }
            let left = 1.0 - address.effect;
            match address.link_to {
                None => treatment.nodes.push((address.node, left)),
                Some(effect) => treatment.links.push((address.node, effect, left)),
            }
        }
        treatment
    }

    fn on_node(&self, node: NodeId) -> f64 {
        self.nodes.iter().filter(|(addressed, _)| *addressed == node).map(|(_, left)| left).product()
    }

    fn on_link(&self, cause: NodeId, effect: NodeId) -> f64 {
        let links = self.links.iter().filter(|link| (link.0, link.1) == (cause, effect));
        links.map(|(_, _, left)| left).product()
    }
}

/// Returns the likelihood of every node in one world, given its base rate and own evidence:
/// L(n) = 1 − (1 − base(n)) · (1 − own(n)) · Π (1 − strength(c→n) · L(c)), causes first. A treated node's
/// own likelihood is scaled before its effects see it.
pub(crate) fn spread(
    knowledge: &KnowledgeBase,
    graph: &CausalGraph,
    own: &[f64],
    treatment: Option<&Treatment>,
) -> Vec<f64> {
    let mut likelihoods = vec![0.0; own.len()];
    for &node in graph.order() {
        let mut without_causes = 1.0;
        for &(cause, strength) in graph.causes(node) {
            let strength = treatment.map_or(strength, |treatment| strength * treatment.on_link(cause, node));
            without_causes *= 1.0 - strength * likelihoods[cause.index()];
        }
        let without_base = 1.0 - knowledge.nodes[node].base_rate;
        let likelihood: f64 = 1.0 - without_base * (1.0 - own[node.index()]) * without_causes;
        let left = treatment.map_or(1.0, |treatment| treatment.on_node(node));
        likelihoods[node.index()] = likelihood * left;
    }
    likelihoods
}

/// Returns the likelihood of a node with its contributions, given everyone's likelihood.
pub(crate) fn node_likelihood(
    knowledge: &KnowledgeBase,
    graph: &CausalGraph,
    node: NodeId,
    claims: &[Claimed<'_>],
    likelihoods: &PerWorld<Vec<f64>>,
) -> NodeLikelihood {
    let always = PerWorld { low: true, estimate: true, high: true };
    let base = knowledge.nodes[node].base_rate;
    let mut contributions =
        vec![Contribution { kind: ContributionKind::Base, value: PerWorld::from_fn(|_| base), counted: always }];
    for claim in [Claim::Suspect, Claim::Exonerate] {
        let claims: Vec<Claimed<'_>> = claims.iter().copied().filter(|(_, effect)| effect.claim == claim).collect();
        let counted = PerWorld::from_fn(|world| counted(knowledge, &claims, world));
        for (place, (rule, effect)) in claims.iter().enumerate() {
            let rule = *rule;
            let group = knowledge.rules[rule].evidence.as_ref().map(|group| group.value.clone());
            let instance = PerWorld::from_fn(|world| {
                let place = u32::try_from(effect.weight.get(world).as_ref()?.instance).ok()?;
                Some(InstanceId { rule, place })
            });
            let kind = match claim {
                Claim::Exonerate => ContributionKind::Exoneration { rule, instance, group },
                _ => ContributionKind::Rule { rule, instance, group },
            };
            contributions.push(Contribution {
                kind,
                value: PerWorld::from_fn(|world| effect.weight.get(world).map_or(0.0, |weight| weight.value)),
                counted: PerWorld::from_fn(|world| counted.get(world)[place]),
            });
        }
    }
    for &(cause, strength) in graph.causes(node) {
        contributions.push(Contribution {
            kind: ContributionKind::Factor { cause, strength },
            value: PerWorld::from_fn(|world| strength * likelihoods.get(world)[cause.index()]),
            counted: always,
        });
    }
    let figures = PerWorld::from_fn(|world: World| likelihoods.get(world)[node.index()]);
    NodeLikelihood { node, likelihood: Bounds::ordered(figures), contributions }
}
