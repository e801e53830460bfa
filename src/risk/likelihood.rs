//! Likelihoods: own evidence, spread from causes to effects.

use super::causal::CausalGraph;
use super::evidence::{Claim, Claimed, counted};
use super::exact::{Exact, Settings};
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

    /// Returns what several mitigations do together: each takes its share of what the others leave.
    pub(crate) fn together<'a>(mitigations: impl IntoIterator<Item = &'a Mitigation>) -> Self {
        let mut treatment = Treatment { nodes: Vec::new(), links: Vec::new() };
        for mitigation in mitigations {
            let one = Treatment::new(mitigation, None);
            treatment.nodes.extend(one.nodes);
            treatment.links.extend(one.links);
        }
        treatment
    }

    /// Returns what is left of a node's likelihood.
    pub(crate) fn on_node(&self, node: NodeId) -> f64 {
        self.nodes.iter().filter(|(addressed, _)| *addressed == node).map(|(_, left)| left).product()
    }

    /// Returns what is left of a link's strength.
    pub(crate) fn on_link(&self, cause: NodeId, effect: NodeId) -> f64 {
        let links = self.links.iter().filter(|link| (link.0, link.1) == (cause, effect));
        links.map(|(_, _, left)| left).product()
    }
}

/// What evidence amounts to once it has spread, by node.
#[derive(Clone, Debug)]
pub(crate) struct Spread {
    pub(crate) likelihoods: Vec<f64>,
    /// The probability that no cause brings the node.
    pub(crate) without_causes: Vec<f64>,
}

/// Returns the likelihood of every node in one world, given its base rate and own evidence:
/// L(n) = 1 − (1 − base(n)) · (1 − own(n)) · P(no cause brings n), causes first. A treated node's own
/// likelihood is scaled before its effects see it.
///
/// Local propagation takes the causes as independent, so that the last term is Π (1 − strength(c→n) · L(c));
/// with `exact`, causes that depend on one another are followed together.
pub(crate) fn spread(
    knowledge: &KnowledgeBase,
    graph: &CausalGraph,
    exact: Option<&Exact>,
    own: &[f64],
    treatment: Option<&Treatment>,
) -> Spread {
    let left_of_node = |node| treatment.map_or(1.0, |treatment| treatment.on_node(node));
    let left_of_link = |cause, effect| treatment.map_or(1.0, |treatment| treatment.on_link(cause, effect));
    let nodes = knowledge.nodes.values().zip(own);
    let unprompted: Vec<f64> = nodes.map(|(node, own)| (1.0 - node.base_rate) * (1.0 - own)).collect();
    let mut spread = Spread { likelihoods: vec![0.0; own.len()], without_causes: vec![1.0; own.len()] };
    for &node in graph.order() {
        let settings = Settings {
            unprompted: &unprompted,
            likelihoods: &spread.likelihoods,
            left_of_node: &left_of_node,
            left_of_link: &left_of_link,
        };
        let followed = exact.and_then(|exact| exact.without_causes(node, &settings));
        let without_causes =
            followed.unwrap_or_else(|| without_independent_causes(graph, node, &spread.likelihoods, &left_of_link));
        let likelihood: f64 = 1.0 - unprompted[node.index()] * without_causes;
        spread.likelihoods[node.index()] = likelihood * left_of_node(node);
        spread.without_causes[node.index()] = without_causes;
    }
    spread
}

/// Returns the probability that no cause brings a node if its causes are independent.
fn without_independent_causes(
    graph: &CausalGraph,
    node: NodeId,
    likelihoods: &[f64],
    left_of_link: &dyn Fn(NodeId, NodeId) -> f64,
) -> f64 {
    graph.causes(node).iter().fold(1.0, |product, &(cause, strength)| {
        product * (1.0 - strength * left_of_link(cause, node) * likelihoods[cause.index()])
    })
}

/// Causes in common that would change the probability that no cause brings a node by less than this share are
/// rounding, and not listed.
const ROUNDING: f64 = 1e-13;

/// Returns the likelihood of a node with its contributions, given everyone's likelihood.
pub(crate) fn node_likelihood(
    knowledge: &KnowledgeBase,
    graph: &CausalGraph,
    node: NodeId,
    claims: &[Claimed<'_>],
    spread: &PerWorld<Spread>,
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
            value: PerWorld::from_fn(|world| strength * spread.get(world).likelihoods[cause.index()]),
            counted: always,
        });
    }
    let value = PerWorld::from_fn(|world| {
        let spread = spread.get(world);
        let independent = without_independent_causes(graph, node, &spread.likelihoods, &|_, _| 1.0);
        if independent > 0.0 { (1.0 - spread.without_causes[node.index()] / independent).min(0.0) } else { 0.0 }
    });
    if World::ALL.iter().any(|&world| *value.get(world) < -ROUNDING) {
        contributions.push(Contribution { kind: ContributionKind::CommonCauses, value, counted: always });
    }
    let figures = PerWorld::from_fn(|world: World| spread.get(world).likelihoods[node.index()]);
    NodeLikelihood { node, likelihood: Bounds::ordered(figures), contributions }
}
