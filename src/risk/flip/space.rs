//! The space of a search: which facts may be changed, to what, and how large each move is.

use std::collections::BTreeMap;

use super::goal::{Cone, Goal};
use crate::facts::FactStore;
use crate::inference::Interval;
use crate::inference::content::{Part, walk_rule};
use crate::inference::leeway::{Cell, Leeway};
use crate::model::{ConditionKind, Expression, ExpressionKind, InputId, KnowledgeBase, Type, Value};

/// Options of a `many of` input up to this many are searched in every combination.
const COMBINED_OPTIONS: usize = 6;

/// The share of its scale that a number is moved by at the least.
const STEP: f64 = 1e-4;

/// A number of a type without bounds is changed up to so many times the largest number that it is held against.
const FAR: f64 = 1e6;

/// A fact that may be changed.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) cell: Cell,
    /// Its value now; none where it is not known.
    pub(super) now: Option<Value>,
    /// Everything that it may be.
    pub(super) whole: Leeway,
    /// For numbers: the smallest step.
    pub(super) step: f64,
    /// For numbers: what rules hold it against.
    thresholds: Vec<f64>,
    /// For numbers: the thresholds, its value now, and one step on either side of each; ascending.
    marks: Vec<f64>,
    value_type: Type,
}

/// Returns the facts that a goal depends on and that may be changed, by input and members, and whether that
/// is all of them and all that they could be.
pub(super) fn variables(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    goal: &Goal,
    cone: &Cone,
) -> (Vec<Variable>, bool) {
    let marks = marks(knowledge, goal, cone);
    let mut all = true;
    let mut variables = Vec::new();
    for &input in &cone.inputs {
        let value_type = &knowledge.inputs[input].value_type;
        for members in facts.cells(input) {
            let now = facts.get(input, &members).and_then(|fact| fact.value.as_ref().ok()).cloned();
            let marks = marks.get(&input).map_or(&[][..], Vec::as_slice);
            match whole(value_type, now.is_none()) {
                Some((whole, complete)) => {
                    all &= complete;
                    variables.push(Variable::new((input, members), now, whole, marks, value_type.clone()));
                }
                None => all = false,
            }
        }
    }
    (variables, all)
}

/// Returns everything that a value of the type may be, and whether it is; none for text.
fn whole(value_type: &Type, or_unknown: bool) -> Option<(Leeway, bool)> {
    let mut complete = true;
    let values: Vec<Value> = match value_type {
        Type::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
        Type::OneOf(options) => (0..).take(options.len()).map(Value::Option).collect(),
        Type::ManyOf(options) => {
            let all: Vec<u32> = (0..).take(options.len()).collect();
            if options.len() <= COMBINED_OPTIONS {
                let subsets = 0..1_u32 << options.len();
                let chosen = |subset: u32| all.iter().copied().filter(|option| subset >> option & 1 == 1).collect();
                subsets.map(|subset| Value::Options(chosen(subset))).collect()
            } else {
                complete = false;
                let alone = all.iter().map(|&option| vec![option]);
                std::iter::once(Vec::new()).chain(alone).chain([all.clone()]).map(Value::Options).collect()
            }
        }
        Type::Text => return None,
        _ => Vec::new(),
    };
    let leeway = match value_type.range() {
        Some((low, high)) if values.is_empty() => Leeway::Within { interval: Interval::new(low, high), or_unknown },
        _ => Leeway::Among(values.into_iter().map(Some).chain(or_unknown.then_some(None)).collect()),
    };
    Some((leeway, complete))
}

impl Variable {
    fn new(cell: Cell, now: Option<Value>, whole: Leeway, thresholds: &[f64], value_type: Type) -> Self {
        let number = now.as_ref().and_then(Value::as_number);
        let mut marks: Vec<f64> = thresholds.iter().copied().chain(number).collect();
        let size = marks.iter().map(|mark| mark.abs()).fold(0.0, f64::max);
        let step = match value_type.range() {
            _ if is_whole(&value_type) || value_type == Type::Duration => 1.0,
            Some((low, high)) if (high - low).is_finite() => STEP * (high - low),
            // A power of ten, so that steps make short decimals.
            _ if size > 0.0 => STEP * 10.0_f64.powf(size.log10().floor()),
            _ => STEP,
        };
        let far = FAR * size.max(1.0);
        let whole = match whole {
            Leeway::Within { interval, or_unknown } => {
                let interval = Interval::new(interval.low().max(-far), interval.high().min(far));
                Leeway::Within { interval, or_unknown }
            }
            choices => choices,
        };
        // A strict comparison changes one step beyond its threshold.
        let beside = |mark: f64| decimal(mark, step, f64::round);
        marks = marks.iter().flat_map(|mark| [beside(mark - step), *mark, beside(mark + step)]).collect();
        if is_whole(&value_type) {
            marks = marks.into_iter().flat_map(|mark| [mark.floor(), mark.ceil()]).collect();
        }
        marks.sort_by(f64::total_cmp);
        marks.dedup_by(|left, right| left.total_cmp(right).is_eq());
        Self { cell, now, whole, step, thresholds: thresholds.to_vec(), marks, value_type }
    }

    /// Returns a number of the input's type as a value.
    pub(super) fn value(&self, number: f64) -> Value {
        match self.value_type {
            Type::Date => Value::Date(number.clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32),
            _ => Value::Number(number),
        }
    }

    /// Returns how large the move to a value is, as a share of the scale: for numbers of a bounded type of
    /// its range, for other numbers of the larger of both values; 1 for another answer or option, and for
    /// a first value.
    pub(super) fn share(&self, to: &Value) -> f64 {
        let Some(now) = &self.now else { return 1.0 };
        if now == to {
            return 0.0;
        }
        match (now.as_number(), to.as_number(), &self.value_type) {
            (Some(_), Some(_), Type::YesNo | Type::OneOf(_)) => 1.0,
            (Some(from), Some(to), value_type) => match value_type.range() {
                Some((low, high)) if (high - low).is_finite() => (to - from).abs() / (high - low),
                _ => (to - from).abs() / from.abs().max(to.abs()),
            },
            _ => 1.0,
        }
    }

    /// Returns the value within the leeway that is nearest to the value now; none for staying unknown.
    pub(super) fn nearest(&self, leeway: &Leeway) -> Option<Value> {
        match leeway {
            Leeway::Among(values) => {
                let values = values.iter().flatten();
                values.min_by(|left, right| self.share(left).total_cmp(&self.share(right))).cloned()
            }
            Leeway::Within { interval, .. } => {
                let now = self.now.as_ref().and_then(Value::as_number).unwrap_or(0.0);
                Some(self.value(now.clamp(interval.low(), interval.high())))
            }
        }
    }

    /// Returns the value to change to, where every value within the leeway would do: the nearest, or a shorter
    /// decimal less than a step farther away.
    pub(super) fn chosen(&self, leeway: &Leeway) -> Option<Value> {
        let nearest = self.nearest(leeway)?;
        let (Leeway::Within { interval, .. }, Some(number)) = (leeway, nearest.as_number()) else {
            return Some(nearest);
        };
        let now = self.now.as_ref().and_then(Value::as_number);
        let on_grid = decimal(number, self.step, f64::round).total_cmp(&number).is_eq();
        if on_grid || is_whole(&self.value_type) || self.marks.iter().any(|mark| mark.total_cmp(&number).is_eq()) {
            return Some(nearest);
        }
        let outward = if now.is_some_and(|now| now > number) { f64::floor } else { f64::ceil };
        let short = decimal(number, self.step, outward);
        Some(if interval.contains(short) { self.value(short) } else { nearest })
    }

    /// Returns the parts that a leeway is cut into, or none if it is one value or two neighbouring numbers.
    pub(super) fn cut(&self, leeway: &Leeway) -> Option<Vec<Leeway>> {
        match leeway {
            Leeway::Among(values) if values.len() < 2 => None,
            Leeway::Among(values) => Some(values.iter().map(|value| Leeway::Among(vec![value.clone()])).collect()),
            Leeway::Within { interval, or_unknown: true } => {
                let number = Leeway::Within { interval: *interval, or_unknown: false };
                Some(vec![Leeway::Among(vec![None]), number])
            }
            Leeway::Within { interval, or_unknown: false } => {
                let (low, high) = (interval.low(), interval.high());
                if high - low <= self.step * 1.5 {
                    return None;
                }
                let at = self.cut_at(low, high);
                let (left, right) = if is_whole(&self.value_type) { (at.floor(), at.floor() + 1.0) } else { (at, at) };
                let part = |low, high| Leeway::Within { interval: Interval::new(low, high), or_unknown: false };
                Some(vec![part(low, left), part(right, high)])
            }
        }
    }

    /// Where an interval is cut: at the middle one of the marks inside, else in its middle.
    fn cut_at(&self, low: f64, high: f64) -> f64 {
        let inside: Vec<f64> = self.marks.iter().copied().filter(|mark| low < *mark && *mark < high).collect();
        inside.get(inside.len() / 2).copied().unwrap_or_else(|| {
            let half = low + (high - low) / 2.0;
            let short = decimal(half, self.step, f64::round);
            if low < short && short < high { short } else { half }
        })
    }

    /// Returns the mark that a number lies one step beyond, if it does.
    pub(super) fn beyond(&self, value: &Value) -> Option<f64> {
        let number = value.as_number().filter(|_| matches!(self.whole, Leeway::Within { .. }))?;
        if is_whole(&self.value_type) {
            return None;
        }
        let near = |mark: &&f64| ((number - **mark).abs() - self.step).abs() < self.step * 1e-6;
        let thresholds = self.thresholds.iter();
        thresholds.filter(near).copied().next()
    }

    /// Returns both ends of what cannot be cut, the nearer one first.
    pub(super) fn ends(&self, leeway: &Leeway) -> Vec<Leeway> {
        match leeway {
            Leeway::Within { interval, or_unknown: false } => {
                let mut ends = [self.value(interval.low()), self.value(interval.high())];
                ends.sort_by(|left, right| self.share(left).total_cmp(&self.share(right)));
                ends.map(|end| Leeway::Among(vec![Some(end)])).to_vec()
            }
            other => vec![other.clone()],
        }
    }
}

/// Returns how large the leeway's relative width is, for choosing what to cut; infinite for a choice.
pub(super) fn width(variable: &Variable, leeway: &Leeway) -> f64 {
    match leeway {
        Leeway::Among(values) => {
            if values.len() > 1 {
                f64::INFINITY
            } else {
                0.0
            }
        }
        Leeway::Within { or_unknown: true, .. } => f64::INFINITY,
        Leeway::Within { interval, .. } => (interval.high() - interval.low()) / variable.step,
    }
}

/// Returns a number on the grid of steps, which are powers of ten.
fn decimal(number: f64, step: f64, round: fn(f64) -> f64) -> f64 {
    if step < 1.0 {
        let steps_in_one = (1.0 / step).round();
        round(number * steps_in_one) / steps_in_one
    } else {
        round(number / step) * step
    }
}

fn is_whole(value_type: &Type) -> bool {
    matches!(value_type, Type::Count | Type::Score { .. } | Type::Date)
}

/// Returns the numbers that each input is held against, by the rules that a goal depends on.
fn marks(knowledge: &KnowledgeBase, goal: &Goal, cone: &Cone) -> BTreeMap<InputId, Vec<f64>> {
    let mut marks: BTreeMap<InputId, Vec<f64>> = BTreeMap::new();
    let mut look = |part: Part<'_>| {
        let (read, numbers) = match part {
            Part::Condition(condition) => match &condition.kind {
                ConditionKind::Compare { left, right, .. } => read_and_written(&[left, right]),
                ConditionKind::Between { value, low, high } => read_and_written(&[value, low, high]),
                _ => return,
            },
            Part::Expression(Expression { kind: ExpressionKind::Ramp { value, points }, .. }) => {
                let (read, _) = read_and_written(&[value]);
                (read, points.iter().map(|(x, _)| *x).collect())
            }
            Part::Expression(_) => return,
        };
        for input in read {
            marks.entry(input).or_default().extend(&numbers);
        }
    };
    for &rule in &cone.rules {
        walk_rule(&knowledge.rules[rule], &mut look);
    }
    let bodies: Vec<_> = match goal {
        Goal::Condition(body) => vec![body.as_ref()],
        _ => knowledge.verdicts.values().map(|verdict| &verdict.body).collect(),
    };
    for condition in bodies.into_iter().filter_map(|body| body.condition.as_ref()) {
        Part::Condition(condition).walk(&mut look);
    }
    marks
}

fn read_and_written(sides: &[&Expression]) -> (Vec<InputId>, Vec<f64>) {
    let (mut read, mut written) = (Vec::new(), Vec::new());
    for side in sides {
        Part::Expression(side).walk(&mut |part| match part {
            Part::Expression(Expression { kind: ExpressionKind::Input(input), .. }) => read.push(input.input),
            Part::Expression(Expression { kind: ExpressionKind::Literal(value), .. }) => {
                written.extend(value.as_number());
            }
            _ => {}
        });
    }
    (read, written)
}
