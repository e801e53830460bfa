//! Weighing: the likelihood and the risk of everything, from what the evidence rules claim.

use super::causal::CausalGraph;
use super::evidence::{Claimed, RuleEffects, own_evidence, recorded_effects, rules_on_nodes};
use super::exact::Exact;
use super::likelihood::{node_likelihood, spread};
use super::priority::{disagreement, priority_row};
use super::rating::{adjustments, rate};
use super::score::{band_of, risk_product, total_risk};
use super::{Bounds, ModeRisk, NodeLikelihood, PerWorld, Propagation, Quantity, RiskError, TotalRisk};
use crate::inference::run::Run;
use crate::inference::{Figure, Interval, Measures};
use crate::model::{KnowledgeBase, Node, NodeId, NodeKind, Rating, RuleId};

/// Everything that the evidence amounts to, before advice is given.
pub(crate) struct Weighing {
    pub(crate) graph: CausalGraph,
    /// None with local propagation.
    pub(crate) exact: Option<Exact>,
    /// By rule.
    pub(crate) effects: Vec<RuleEffects>,
    /// By node.
    pub(crate) rules_on: Vec<Vec<RuleId>>,
    /// By node.
    pub(crate) own: PerWorld<Vec<f64>>,
    /// By node.
    pub(crate) likelihoods: Vec<NodeLikelihood>,
    /// By mode.
    pub(crate) risks: Vec<ModeRisk>,
    pub(crate) total: Bounds<TotalRisk>,
}

impl Weighing {
    /// Weighs the evidence of a run whose evidence phase is done.
    ///
    /// # Errors
    /// `R001 too-entangled`.
    pub(crate) fn new(run: &Run<'_>, propagation: Propagation) -> Result<Self, RiskError> {
        let knowledge = run.knowledge;
        let graph = CausalGraph::new(knowledge);
        let exact = match propagation {
            Propagation::Local => None,
            Propagation::Exact => Some(Exact::new(knowledge, &graph)?),
        };
        let rules = knowledge.rules.iter();
        let effects: Vec<RuleEffects> = rules.map(|(id, rule)| recorded_effects(rule, run.recorded(id))).collect();
        let rules_on = rules_on_nodes(knowledge);
        let claims: Vec<Vec<Claimed<'_>>> =
            knowledge.nodes.ids().map(|node| claims_on(node, &rules_on, |rule| &effects[rule.index()])).collect();
        let own = PerWorld::from_fn(|world| {
            claims.iter().map(|claims| own_evidence(knowledge, claims.iter().copied(), world)).collect::<Vec<f64>>()
        });
        let spread = PerWorld::from_fn(|world| spread(knowledge, &graph, exact.as_ref(), own.get(world), None));
        let likelihoods: Vec<NodeLikelihood> = knowledge
            .nodes
            .ids()
            .map(|node| node_likelihood(knowledge, &graph, node, &claims[node.index()], &spread))
            .collect();
        let risks: Vec<ModeRisk> = knowledge
            .modes()
            .filter_map(|(mode, node)| {
                let claims = &claims[mode.index()];
                mode_risk(knowledge, mode, node, &likelihoods[mode.index()], claims)
            })
            .collect();
        let total = total_risk(&risks);
        drop(claims);
        Ok(Self { graph, exact, effects, rules_on, own, likelihoods, risks, total })
    }

    /// Returns the figures that advice and verdicts may read.
    pub(crate) fn measures(&self) -> Measures {
        let nodes = self.likelihoods.len();
        let mut measures = Measures {
            likelihood: self.likelihoods.iter().map(|node| figure(&node.likelihood)).collect(),
            severity: vec![Figure::UNDEFINED; nodes],
            detectability: vec![Figure::UNDEFINED; nodes],
            risk: vec![Figure::UNDEFINED; nodes],
        };
        for mode in &self.risks {
            measures.severity[mode.mode.index()] = figure(&mode.severity);
            measures.detectability[mode.mode.index()] = figure(&mode.detectability);
            measures.risk[mode.mode.index()] = figure(&mode.risk);
        }
        measures
    }
}

/// Returns the claims about a node, by rule, given each rule's claims.
pub(crate) fn claims_on<'a>(
    node: NodeId,
    rules_on: &[Vec<RuleId>],
    effects: impl Fn(RuleId) -> &'a RuleEffects,
) -> Vec<Claimed<'a>> {
    let rules = rules_on[node.index()].iter();
    rules
        .flat_map(|&rule| {
            effects(rule).iter().filter(move |effect| effect.node == node).map(move |effect| (rule, effect))
        })
        .collect()
}

fn figure<Q: Quantity>(bounds: &Bounds<Q>) -> Figure {
    Figure::new(Some(bounds.estimate().get()), Interval::new(bounds.low().get(), bounds.high().get()))
}

fn mode_risk(
    knowledge: &KnowledgeBase,
    mode: NodeId,
    node: &Node,
    likelihood: &NodeLikelihood,
    claims: &[Claimed<'_>],
) -> Option<ModeRisk> {
    let NodeKind::Mode { severity, detectability, .. } = node.kind else { return None };
    let likelihood = likelihood.likelihood;
    let severity = Bounds::ordered(rate(severity, Rating::Severity, claims));
    let detectability = Bounds::ordered(rate(detectability, Rating::Detectability, claims));
    let risk = risk_product(&likelihood, &severity, &detectability);
    let band = PerWorld::from_fn(|world| band_of(&knowledge.bands, risk.in_world(world)));
    let row = priority_row(
        &knowledge.priorities,
        severity.estimate().get(),
        likelihood.estimate().get(),
        detectability.estimate().get(),
    );
    let priority = row.map(|row| knowledge.priorities[row].level);
    Some(ModeRisk {
        mode,
        likelihood,
        severity,
        detectability,
        adjustments: adjustments(claims),
        risk,
        band,
        priority,
        priority_row: row,
        disagreement: disagreement(knowledge.bands.len(), band.estimate, &knowledge.priorities, priority),
    })
}
