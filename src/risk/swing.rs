//! Swings: how far the answer to an open question could move the total risk.

use std::collections::BTreeMap;

use super::evidence::{Claimed, Collector, RuleEffects, own_evidence};
use super::likelihood::spread;
use super::rating::rate_in;
use super::score::product;
use super::threshold::{candidates, is_scalar};
use super::touched::Touched;
use super::weighing::{Weighing, claims_on};
use super::{Quantity, World};
use crate::facts::{Fact, FactStore};
use crate::inference::choices::Choices;
use crate::inference::fixpoint::settle;
use crate::inference::join::Budget;
use crate::inference::recorder::Silent;
use crate::inference::run::{Run, apply, conclude};
use crate::inference::{Figure, Frame, InferenceError};
use crate::model::{InputId, NodeId, NodeKind, Phase, Rating, RuleId, Value};

/// An input that nobody gave, and what it could change.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// The input.
    pub input: InputId,
    /// The largest minus the smallest total over the candidates and the total as it is.
    pub swing: f64,
    /// Values tried, ascending, with the total risk (estimate) that each gives.
    pub candidates: Vec<Candidate>,
}

/// A value that an input could have.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The value.
    pub value: Value,
    /// The total risk that it gives, as an estimate.
    pub total: f64,
}

/// Returns every single-valued input that is not known, with its swing: the largest first, then by id.
pub(crate) fn open_inputs(run: &Run<'_>, weighing: &Weighing) -> Result<Vec<Swing>, InferenceError> {
    let open =
        run.knowledge.inputs.ids().filter(|input| is_scalar(run.knowledge, *input) && !run.facts.is_known(*input));
    let mut facts = run.facts.clone();
    let swings = open.map(|input| swing_of(run, weighing, &mut facts, input));
    let mut swings = swings.collect::<Result<Vec<Swing>, InferenceError>>()?;
    swings.sort_by(|left, right| right.swing.total_cmp(&left.swing).then(left.input.cmp(&right.input)));
    Ok(swings)
}

/// `facts` is lent for supposing a value, and is left as it was.
fn swing_of(
    run: &Run<'_>,
    weighing: &Weighing,
    facts: &mut FactStore,
    input: InputId,
) -> Result<Swing, InferenceError> {
    let readers = run.schedule.readers_of_input[input.index()].iter().copied();
    let touched = Touched::by(run, Phase::Evidence, readers);
    let mut swing = Swing { input, swing: 0.0, candidates: Vec::new() };
    if touched.rules.is_empty() {
        return Ok(swing);
    }
    let values = candidates(run, facts, input, &touched.readers);
    let before = facts.get(input, &[]).cloned();
    for value in values {
        facts.set(input, &[], Fact::supposed(value.clone()));
        let total = touched.total(run, weighing, facts)?;
        swing.candidates.push(Candidate { value, total });
    }
    match before {
        Some(fact) => drop(facts.set(input, &[], fact)),
        None => drop(facts.remove(input, &[])),
    }
    let now = weighing.total.estimate().get();
    let totals = || swing.candidates.iter().map(|candidate| candidate.total);
    swing.swing = totals().fold(now, f64::max) - totals().fold(now, f64::min);
    Ok(swing)
}

impl Touched {
    /// Returns the total risk on point values, given facts that differ in the input alone.
    fn total(&self, run: &Run<'_>, weighing: &Weighing, facts: &FactStore) -> Result<f64, InferenceError> {
        let effects = self.effects(run, facts)?;
        let knowledge = run.knowledge;
        let mut own = weighing.own.estimate.clone();
        let mut claims: BTreeMap<NodeId, Vec<Claimed<'_>>> = BTreeMap::new();
        for &node in &self.nodes {
            let of = |rule: RuleId| effects.get(&rule).unwrap_or(&weighing.effects[rule.index()]);
            let on_node = claims_on(node, &weighing.rules_on, of);
            own[node.index()] = own_evidence(knowledge, on_node.iter().copied(), World::Estimate);
            claims.insert(node, on_node);
        }
        let likelihoods = spread(knowledge, &weighing.graph, weighing.exact.as_ref(), &own, None).likelihoods;
        let risks = weighing.risks.iter().map(|mode| {
            let likelihood = likelihoods[mode.mode.index()];
            let (severity, detectability) = match (claims.get(&mode.mode), &knowledge.nodes[mode.mode].kind) {
                (Some(claims), NodeKind::Mode { severity, detectability, .. }) => (
                    rate_in(*severity, Rating::Severity, claims, World::Estimate),
                    rate_in(*detectability, Rating::Detectability, claims, World::Estimate),
                ),
                _ => (mode.severity.estimate().get(), mode.detectability.estimate().get()),
            };
            product(likelihood, severity, detectability)
        });
        Ok(risks.sum())
    }

    fn effects(&self, run: &Run<'_>, facts: &FactStore) -> Result<BTreeMap<RuleId, RuleEffects>, InferenceError> {
        let mut findings = run.findings.clone();
        for &finding in &self.findings {
            findings.clear(finding);
        }
        let frame = Frame::of_evidence(run.knowledge, facts, &run.domains, run.limits);
        let mut budget = Budget::new(run.limits);
        let mut effects = BTreeMap::new();
        for stratum in &self.strata {
            settle(frame, stratum, &mut findings, &mut budget)?;
            let mut derived = Vec::new();
            for &id in &stratum.rules {
                let rule = &run.knowledge.rules[id];
                let mut collector = Collector::new(rule);
                let choices = Choices::new(frame, rule, &mut findings, &mut budget)?;
                let scope = frame.scope(&findings);
                apply::<Silent>(&scope, rule, &choices, &mut |variables, applied| {
                    conclude(&scope, rule, variables, applied.outcome, &mut derived);
                    let amount = |amount: &Option<(Figure, ())>| amount.map(|(figure, ())| figure);
                    collector.add(applied.outcome, applied.amounts.iter().map(amount));
                });
                effects.insert(id, collector.finish());
            }
            for (finding, outcome) in derived {
                findings.derive(&run.domains, &finding, outcome);
            }
        }
        Ok(effects)
    }
}
