//! Weights: the least and the most that likelihoods, ratings and risks come to within the leeway.

use std::collections::{BTreeMap, BTreeSet};

use crate::inference::{Figure, Interval, Measures};
use crate::model::{KnowledgeBase, NodeId, NodeKind, Rating, RuleId};
use crate::risk::evidence::{Claimed, RuleEffects, own_evidence};
use crate::risk::likelihood::spread;
use crate::risk::rating::rate_in;
use crate::risk::score::product;
use crate::risk::weighing::{Weighing, claims_on};
use crate::risk::{Quantity as _, World};

/// The least and the most of a figure.
type Span = (f64, f64);

/// The least and the most of every figure.
pub(super) struct Weights {
    pub(super) likelihood: Vec<Span>,
    /// Severity and detectability of each mode.
    ratings: Vec<(NodeId, Span, Span)>,
}

impl Weights {
    /// Weighs the claims about some nodes anew, given each rule's claims; those about other nodes stay.
    pub(super) fn new<'e>(
        knowledge: &KnowledgeBase,
        weighing: &Weighing,
        nodes: &BTreeSet<NodeId>,
        effects: impl Fn(RuleId) -> &'e RuleEffects,
    ) -> Self {
        let mut own = [weighing.own.estimate.clone(), weighing.own.estimate.clone()];
        let mut claims: BTreeMap<NodeId, Vec<Claimed<'_>>> = BTreeMap::new();
        for &node in nodes {
            let on_node = claims_on(node, &weighing.rules_on, &effects);
            for (own, world) in own.iter_mut().zip([World::Low, World::High]) {
                own[node.index()] = own_evidence(knowledge, on_node.iter().copied(), world);
            }
            claims.insert(node, on_node);
        }
        let [low, high] = own.map(|own| {
            let spread = spread(knowledge, &weighing.graph, weighing.exact.as_ref(), &own, None);
            spread.likelihoods
        });
        let likelihood = low.into_iter().zip(high).collect();
        let ratings = weighing.risks.iter().map(|mode| {
            let rated = |rating: Rating| match (claims.get(&mode.mode), &knowledge.nodes[mode.mode].kind) {
                (Some(claims), NodeKind::Mode { severity, detectability, .. }) => {
                    let base = if rating == Rating::Severity { *severity } else { *detectability };
                    (rate_in(base, rating, claims, World::Low), rate_in(base, rating, claims, World::High))
                }
                _ => {
                    let figure = if rating == Rating::Severity {
                        mode.severity.estimate().get()
                    } else {
                        mode.detectability.estimate().get()
                    };
                    (figure, figure)
                }
            };
            (mode.mode, rated(Rating::Severity), rated(Rating::Detectability))
        });
        Weights { ratings: ratings.collect(), likelihood }
    }

    /// Returns the least and the most of a mode's risk.
    pub(super) fn risk(&self, mode: NodeId) -> Option<Span> {
        let (_, severity, detectability) = self.ratings.iter().find(|(of, ..)| *of == mode)?;
        let likelihood = self.likelihood[mode.index()];
        Some((product(likelihood.0, severity.0, detectability.0), product(likelihood.1, severity.1, detectability.1)))
    }

    /// Returns the figures that advice and verdicts may read.
    pub(super) fn measures(&self) -> Measures {
        let figure = |(low, high): (f64, f64)| {
            Figure::new((low.total_cmp(&high).is_eq()).then_some(low), Interval::new(low, high))
        };
        let nodes = self.likelihood.len();
        let mut measures = Measures {
            likelihood: self.likelihood.iter().copied().map(figure).collect(),
            severity: vec![Figure::UNDEFINED; nodes],
            detectability: vec![Figure::UNDEFINED; nodes],
            risk: vec![Figure::UNDEFINED; nodes],
        };
        for (mode, severity, detectability) in &self.ratings {
            measures.severity[mode.index()] = figure(*severity);
            measures.detectability[mode.index()] = figure(*detectability);
            measures.risk[mode.index()] = self.risk(*mode).map_or(Figure::UNDEFINED, figure);
        }
        measures
    }
}
