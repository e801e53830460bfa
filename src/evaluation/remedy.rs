//! What a mitigation did, from two assessments: without it and with it, on the same patients.

use crate::explanation::Case;
use crate::facts::FactStore;
use crate::metrics::Undefined;
use crate::model::{Direction, Input, InputId, KnowledgeBase, Type};
use crate::risk::{Bounds, Quantity, Risk, TotalRisk};
use std::collections::BTreeSet;

/// What a mitigation did.
#[derive(Clone, Debug)]
pub struct RemedyEffect {
    /// The two deployments, without and with it.
    pub deployments: [String; 2],
    /// Every metric with a direction that either has, by name.
    pub metrics: Vec<MetricEffect>,
    /// Each mode whose risk is not the same in both, the largest change first.
    pub risks: Vec<RiskEffect>,
    /// The total risk of both.
    pub total: [Bounds<TotalRisk>; 2],
}

/// What a mitigation did to a metric.
#[derive(Clone, Debug)]
pub struct MetricEffect {
    /// The metric with its members, such as `fairness.tpr_gap[sex]`.
    pub metric: String,
    /// What it means.
    pub title: String,
    /// Without and with, as far as they are known.
    pub values: [Option<f64>; 2],
    /// The share of the way to the ideal that it went: (with − baseline) / (ideal − baseline), below 0 where it got worse.
    pub effectiveness: Result<f64, Undefined>,
    /// With less without, in the metric's own unit; of the gap between groups this is ΔΔEO.
    pub difference: Option<f64>,
}

/// What a mitigation did to the risk of a mode.
#[derive(Clone, Debug)]
pub struct RiskEffect {
    /// The mode.
    pub mode: String,
    /// What it means.
    pub title: String,
    /// Without and with.
    pub risks: [Bounds<Risk>; 2],
}

/// Returns what a mitigation did, given the assessment without and the one with it, each with its name.
pub fn remedy_effect(baseline: (&str, Case<'_>), with: (&str, Case<'_>)) -> RemedyEffect {
    let cases = [baseline.1, with.1];
    let risk_of = |case: Case<'_>, mode: &str| {
        let own = case.assessment.risks.iter().find(|risk| case.knowledge.nodes[risk.mode].id == mode);
        own.map(|risk| risk.risk)
    };
    let modes = cases[0].knowledge.modes().map(|(_, mode)| (mode.id.clone(), mode.title.clone()));
    let mut risks: Vec<RiskEffect> = modes
        .filter_map(|(mode, title)| {
            let risks = [risk_of(cases[0], &mode)?, risk_of(cases[1], &mode)?];
            (risks[0] != risks[1]).then_some(RiskEffect { mode, title, risks })
        })
        .collect();
    let change = |of: &RiskEffect| (of.risks[1].estimate().get() - of.risks[0].estimate().get()).abs();
    risks.sort_by(|left, right| change(right).total_cmp(&change(left)).then(left.mode.cmp(&right.mode)));
    let names: BTreeSet<String> = cases.iter().flat_map(|case| metrics_of(*case).map(|(name, _, _)| name)).collect();
    RemedyEffect {
        deployments: [baseline.0.to_owned(), with.0.to_owned()],
        metrics: names.into_iter().filter_map(|name| metric_effect(name, cases)).collect(),
        risks,
        total: cases.map(|case| case.assessment.total),
    }
}

/// Returns every metric of a deployment that has a direction, with its input and value; by what it is of the pilot, not
/// of development or of what was claimed.
fn metrics_of<'a>(case: Case<'a>) -> impl Iterator<Item = (String, &'a Input, Option<f64>)> {
    let Case { knowledge, facts, .. } = case;
    let wanted = |input: &Input| input.is_metric() && input.direction.is_some();
    let inputs = knowledge.inputs.iter().filter(move |(_, input)| wanted(input));
    inputs.flat_map(move |(id, input)| {
        cells(id, knowledge, facts).into_iter().map(move |(name, value)| (name, input, value))
    })
}

fn cells(id: InputId, knowledge: &KnowledgeBase, facts: &FactStore) -> Vec<(String, Option<f64>)> {
    let input = &knowledge.inputs[id];
    let cell = |members: Vec<crate::facts::Member>| {
        let fact = facts.get(id, &members)?;
        let names: Vec<&str> =
            input.indexes.iter().zip(&members).map(|(index, member)| facts.member_name(*index, *member)).collect();
        let name = if names.is_empty() { input.id.clone() } else { format!("{}[{}]", input.id, names.join(", ")) };
        Some((name, fact.number()))
    };
    facts.cells(id).filter_map(cell).collect()
}

fn metric_effect(name: String, cases: [Case<'_>; 2]) -> Option<MetricEffect> {
    let found = cases.map(|case| metrics_of(case).find(|(other, _, _)| *other == name));
    let (_, input, _) = found.iter().flatten().next()?;
    let title = input.title.clone();
    let ideal = ideal(input);
    let values = found.map(|found| found.and_then(|(_, _, value)| value));
    let effectiveness = match values {
        [Some(baseline), Some(with)] => effectiveness(baseline, with, ideal),
        [None, None] => return None,
        [None, _] => Err(Undefined::new("it is not known without the mitigation")),
        [_, None] => Err(Undefined::new("it is not known with the mitigation")),
    };
    let difference = values[1].zip(values[0]).map(|(with, baseline)| with - baseline);
    Some(MetricEffect { metric: name, title, values, effectiveness, difference })
}

/// Returns the best value that a metric can have; none where it has no such end.
fn ideal(input: &Input) -> Option<f64> {
    match (input.direction?, &input.value_type) {
        (Direction::LowerIsBetter, _) => Some(0.0),
        (Direction::HigherIsBetter, Type::Ratio) => Some(1.0),
        (Direction::HigherIsBetter, Type::Score { high, .. }) => Some(f64::from(*high)),
        (Direction::HigherIsBetter, _) => None,
    }
}

/// Returns the share of the way from a baseline to the ideal that was gone.
///
/// # Errors
/// The metric has no ideal value, or was ideal before.
pub fn effectiveness(baseline: f64, with: f64, ideal: Option<f64>) -> Result<f64, Undefined> {
    let ideal = ideal.ok_or_else(|| Undefined::new("no value of it is ideal"))?;
    let way = ideal - baseline;
    if way.abs() < 1e-12 {
        return Err(Undefined::new("it was ideal before, so there is nothing to gain"));
    }
    Ok((with - baseline) / way)
}
