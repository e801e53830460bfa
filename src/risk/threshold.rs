//! Thresholds: the values of an input at which some rule changes its mind.

use crate::facts::{Fact, FactStore};
use crate::inference::content::{Part, read_input, walk_rule};
use crate::inference::recorder::Silent;
use crate::inference::run::Run;
use crate::inference::{Element, Outcome, Scope};
use crate::model::{ConditionKind, Expression, ExpressionKind, InputId, KnowledgeBase, Rule, RuleId, Type, Value};

/// How many choices of a rule's variables are looked at for each rule.
const BINDINGS: usize = 32;
/// How many thresholds are kept.
const THRESHOLDS: usize = 16;
/// Up to this many, the ratings of a score are tried one by one.
const RATINGS: i32 = 20;

/// Returns values that stand for everything the input could be, ascending: both answers, every
/// option, every rating; for other numbers the thresholds of the rules that read it, and a value in
/// each cell between them. Empty for text.
pub(crate) fn candidates(run: &Run<'_>, facts: &mut FactStore, input: InputId, readers: &[RuleId]) -> Vec<Value> {
    match &run.knowledge.inputs[input].value_type {
        Type::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
        Type::OneOf(options) => (0..).take(options.len()).map(Value::Option).collect(),
        Type::ManyOf(options) => {
            let all: Vec<u32> = (0..).take(options.len()).collect();
            let alone = all.iter().map(|&option| vec![option]);
            let mut sets: Vec<Vec<u32>> = std::iter::once(Vec::new()).chain(alone).chain([all.clone()]).collect();
            sets.dedup();
            sets.into_iter().map(Value::Options).collect()
        }
        Type::Score { low, high } if high.saturating_sub(*low) <= RATINGS => {
            (*low..=*high).map(|rating| Value::Number(f64::from(rating))).collect()
        }
        Type::Text => Vec::new(),
        Type::Date => {
            let days = cells(run, facts, input, readers, true);
            days.into_iter()
                .map(|day| Value::Date(day.clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32))
                .collect()
        }
        value_type => {
            let whole = matches!(value_type, Type::Count | Type::Score { .. });
            cells(run, facts, input, readers, whole).into_iter().map(Value::Number).collect()
        }
    }
}

/// Returns the thresholds and a value in each cell that they cut the type's range into.
fn cells(run: &Run<'_>, facts: &mut FactStore, input: InputId, readers: &[RuleId], whole: bool) -> Vec<f64> {
    let (low, high) = run.knowledge.inputs[input].value_type.range().unwrap_or((0.0, 0.0));
    let mut thresholds = thresholds(run, facts, input, readers);
    thresholds.retain(|threshold| (low..=high).contains(threshold));
    let first = thresholds.first().copied().unwrap_or(0.0);
    let last = thresholds.last().copied().unwrap_or(0.0);
    let beyond = |threshold: f64| threshold.abs().max(1.0);
    let start = if low.is_finite() { low } else { first - beyond(first) };
    let end = if high.is_finite() { high } else { last + beyond(last) };
    let corners: Vec<f64> = std::iter::once(start).chain(thresholds).chain([end]).collect();
    let mut values = corners.clone();
    values.extend(corners.windows(2).map(|pair| pair[0] + (pair[1] - pair[0]) / 2.0));
    if whole {
        values = values.into_iter().flat_map(|value| [value.floor(), value.ceil()]).collect();
        values.retain(|value| (low..=high).contains(value));
    }
    values.sort_by(f64::total_cmp);
    values.dedup_by(|left, right| left.total_cmp(right).is_eq());
    values
}

/// What a rule holds against what.
#[derive(Clone, Copy)]
enum Crossing<'a> {
    Compare(&'a Expression, &'a Expression),
    Knot(&'a Expression, f64),
}

/// Returns where a comparison of the readers is on edge, ascending: where the input stands alone on
/// one side, at the other side's value; elsewhere, if the difference of the sides is a straight line
/// in the input, at its root. Points of ramps are thresholds as well.
fn thresholds(run: &Run<'_>, facts: &mut FactStore, input: InputId, readers: &[RuleId]) -> Vec<f64> {
    let mut crossings = Vec::new();
    for &reader in readers {
        let rule = &run.knowledge.rules[reader];
        walk_rule(rule, &mut |part| crossings.extend(crossings_of(part).into_iter().map(|crossing| (rule, crossing))));
    }
    crossings.retain(|(_, crossing)| match crossing {
        Crossing::Compare(left, right) => reads_input(left, input) || reads_input(right, input),
        Crossing::Knot(value, _) => reads_input(value, input),
    });
    let before = facts.get(input, &[]).cloned();
    let (low, high) = run.knowledge.inputs[input].value_type.range().unwrap_or((0.0, 1.0));
    let start = if low.is_finite() { low } else { 0.0 };
    let step = if high.is_finite() { (high - start) / 4.0 } else { 1.0 };
    let probes = [start + step, start + 2.0 * step, start + 3.0 * step];
    let samples = probes.map(|probe| {
        let value = match run.knowledge.inputs[input].value_type {
            Type::Date => Value::Date(probe as i32),
            _ => Value::Number(probe),
        };
        facts.set(input, &[], Fact::supposed(value));
        sample(run, facts, input, &crossings)
    });
    match before {
        Some(fact) => drop(facts.set(input, &[], fact)),
        None => drop(facts.remove(input, &[])),
    }
    let [first, second, third] = samples;
    let mut roots: Vec<f64> = Vec::new();
    for ((first, second), third) in first.into_iter().zip(second).zip(third) {
        roots.extend(root([first, second, third], probes));
    }
    roots.sort_by(f64::total_cmp);
    roots.dedup_by(|left, right| left.total_cmp(right).is_eq());
    roots.truncate(THRESHOLDS);
    roots
}

/// One reading of a crossing: on edge at a value, or this far from it.
#[derive(Clone, Copy)]
enum Sample {
    Edge(f64),
    Distance(f64),
    Nothing,
}

fn root(samples: [Sample; 3], probes: [f64; 3]) -> Option<f64> {
    match samples {
        [Sample::Edge(edge), ..] => Some(edge),
        [Sample::Distance(first), Sample::Distance(second), Sample::Distance(third)] => {
            let slope = (third - first) / (probes[2] - probes[0]);
            let straight = (second - (first + third) / 2.0).abs() <= 1e-9 * (1.0 + second.abs());
            let root = probes[0] - first / slope;
            (straight && slope != 0.0 && root.is_finite()).then_some(root)
        }
        _ => None,
    }
}

fn sample(run: &Run<'_>, facts: &FactStore, input: InputId, crossings: &[(&Rule, Crossing<'_>)]) -> Vec<Sample> {
    let scope = Scope {
        knowledge: run.knowledge,
        facts,
        domains: &run.domains,
        findings: &run.findings,
        measures: None,
        evidence_missing: Outcome::FALSE,
    };
    let mut samples = Vec::new();
    for (rule, crossing) in crossings {
        let mut seen = 0;
        for mut variables in bindings(run, rule) {
            let mut point = |expression: &Expression| scope.figure::<Silent>(expression, &mut variables).0.point();
            let sample = match *crossing {
                Crossing::Compare(left, right) if is_input(left, input) => point(right).map(Sample::Edge),
                Crossing::Compare(left, right) if is_input(right, input) => point(left).map(Sample::Edge),
                Crossing::Compare(left, right) => {
                    point(left).zip(point(right)).map(|(left, right)| Sample::Distance(left - right))
                }
                Crossing::Knot(value, knot) if is_input(value, input) => Some(Sample::Edge(knot)),
                Crossing::Knot(value, knot) => point(value).map(|value| Sample::Distance(value - knot)),
            };
            samples.push(sample.unwrap_or(Sample::Nothing));
            seen += 1;
            if seen == BINDINGS {
                break;
            }
        }
    }
    samples
}

/// Returns the first choices of all variables of a rule, those of quantifiers included.
fn bindings(run: &Run<'_>, rule: &Rule) -> Vec<Vec<Element>> {
    let mut bindings = vec![Vec::new()];
    for variable in &rule.body.variables {
        let elements = run.domains.elements(variable.index);
        let longer = bindings.iter().flat_map(|binding: &Vec<Element>| {
            elements.iter().map(move |&element| binding.iter().copied().chain([element]).collect())
        });
        bindings = longer.take(BINDINGS).collect();
    }
    bindings
}

fn crossings_of(part: Part<'_>) -> Vec<Crossing<'_>> {
    match part {
        Part::Condition(condition) => match &condition.kind {
            ConditionKind::Compare { left, right, .. } => vec![Crossing::Compare(left, right)],
            ConditionKind::Between { value, low, high } => {
                vec![Crossing::Compare(value, low), Crossing::Compare(value, high)]
            }
            _ => Vec::new(),
        },
        Part::Expression(expression) => match &expression.kind {
            ExpressionKind::Ramp { value, points } => points.iter().map(|(x, _)| Crossing::Knot(value, *x)).collect(),
            _ => Vec::new(),
        },
    }
}

fn is_input(expression: &Expression, input: InputId) -> bool {
    matches!(&expression.kind, ExpressionKind::Input(reference) if reference.input == input)
}

fn reads_input(expression: &Expression, input: InputId) -> bool {
    let mut reads = false;
    Part::Expression(expression).walk(&mut |part| reads |= read_input(part) == Some(input));
    reads
}

/// Returns whether an input is a single figure that could be supposed.
pub(crate) fn is_scalar(knowledge: &KnowledgeBase, input: InputId) -> bool {
    knowledge.inputs[input].indexes.is_empty()
}
