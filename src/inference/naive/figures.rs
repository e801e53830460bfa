//! Values and ranges of expressions, the slow way.

use super::{World, extended};
use crate::inference::Element;
use crate::model::{Aggregate, Arithmetic, Expression, ExpressionKind};

impl World<'_> {
    pub(super) fn value(&self, expression: &Expression, binding: &[Element]) -> Option<f64> {
        let value = match &expression.kind {
            ExpressionKind::Literal(value) => value.as_number(),
            ExpressionKind::Input(input) => self.fact_number(input, binding),
            ExpressionKind::Measure { .. } => None,
            ExpressionKind::Arithmetic { operator, left, right } => {
                let (left, right) = (self.value(left, binding)?, self.value(right, binding)?);
                match operator {
                    Arithmetic::Add => Some(left + right),
                    Arithmetic::Subtract => Some(left - right),
                    Arithmetic::Multiply => Some(left * right),
                    Arithmetic::Divide => Some(left / right),
                }
            }
            ExpressionKind::Negate(value) => self.value(value, binding).map(|value| -value),
            ExpressionKind::Absolute(value) => self.value(value, binding).map(f64::abs),
            ExpressionKind::Ramp { value, points } => self.value(value, binding).map(|x| on_ramp(points, x)),
            ExpressionKind::Aggregate { aggregate, variable, index, condition, of } => {
                if self.open(*index) {
                    return None;
                }
                let mut values = Vec::new();
                for element in self.set(*index) {
                    let binding = extended(binding, variable.index(), element);
                    let counts = match condition {
                        Some(condition) => self.point(condition, &binding)?,
                        None => true,
                    };
                    if counts {
                        values.push(match of {
                            Some(of) => self.value(of, &binding)?,
                            None => 1.0,
                        });
                    }
                }
                over(*aggregate, &values)
            }
        };
        value.filter(|value| value.is_finite())
    }

    pub(super) fn range(&self, expression: &Expression, binding: &[Element]) -> (f64, f64) {
        let whole = (f64::NEG_INFINITY, f64::INFINITY);
        match &expression.kind {
            ExpressionKind::Literal(value) => value.as_number().map_or(whole, |value| (value, value)),
            ExpressionKind::Input(input) => self.fact_range(input, binding),
            ExpressionKind::Measure { .. } => whole,
            ExpressionKind::Arithmetic { operator, left, right } => {
                let (left, right) = (self.range(left, binding), self.range(right, binding));
                match operator {
                    Arithmetic::Add => (left.0 + right.0, left.1 + right.1),
                    Arithmetic::Subtract => (left.0 - right.1, left.1 - right.0),
                    Arithmetic::Multiply => corners(left, right),
                    Arithmetic::Divide if right.0 <= 0.0 && right.1 >= 0.0 => whole,
                    Arithmetic::Divide => corners(left, (1.0 / right.1, 1.0 / right.0)),
                }
            }
            ExpressionKind::Negate(value) => {
                let (low, high) = self.range(value, binding);
                (-high, -low)
            }
            ExpressionKind::Absolute(value) => {
                let (low, high) = self.range(value, binding);
                if low >= 0.0 {
                    (low, high)
                } else if high <= 0.0 {
                    (-high, -low)
                } else {
                    (0.0, high.max(-low))
                }
            }
            ExpressionKind::Ramp { value, points } => {
                let (low, high) = self.range(value, binding);
                let knots = points.iter().map(|(x, _)| *x).filter(|x| low <= *x && *x <= high);
                let heights = knots.chain([low, high]).map(|x| on_ramp(points, x));
                heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)))
            }
            ExpressionKind::Aggregate { aggregate, variable, index, condition, of } => {
                let mut members = Vec::new();
                for element in self.set(*index) {
                    let binding = extended(binding, variable.index(), element);
                    let (certain, possible) = match condition {
                        Some(condition) => (self.certain(condition, &binding), self.possible(condition, &binding)),
                        None => (true, true),
                    };
                    if possible {
                        let range = of.as_ref().map_or((1.0, 1.0), |of| self.range(of, &binding));
                        members.push((certain, range));
                    }
                }
                if self.open(*index) { open_range(*aggregate, &members) } else { every_choice(*aggregate, &members) }
            }
        }
    }
}

fn corners(left: (f64, f64), right: (f64, f64)) -> (f64, f64) {
    let mut range = (f64::INFINITY, f64::NEG_INFINITY);
    for first in [left.0, left.1] {
        for second in [right.0, right.1] {
            let product = if first == 0.0 || second == 0.0 { 0.0 } else { first * second };
            range = (range.0.min(product), range.1.max(product));
        }
    }
    range
}

fn on_ramp(points: &[(f64, f64)], x: f64) -> f64 {
    let (first, last) = (points[0], points[points.len() - 1]);
    if x <= first.0 {
        return first.1;
    }
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        if x0 <= x && x < x1 {
            return y0 + (x - x0) / (x1 - x0) * (y1 - y0);
        }
    }
    last.1
}

fn over(aggregate: Aggregate, values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    match aggregate {
        Aggregate::Count => Some(values.len() as f64),
        Aggregate::Sum => Some(sum),
        _ if values.is_empty() => None,
        Aggregate::Mean => Some(sum / values.len() as f64),
        Aggregate::Min => Some(values.iter().copied().fold(f64::INFINITY, f64::min)),
        Aggregate::Max => Some(values.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
    }
}

/// Tries every choice of the members that may count; anything is possible where one choice leaves the
/// figure without a value.
fn every_choice(aggregate: Aggregate, members: &[(bool, (f64, f64))]) -> (f64, f64) {
    let mut range = (f64::INFINITY, f64::NEG_INFINITY);
    for choice in 0_u32..1 << members.len() {
        let chosen = |place: usize| choice & (1 << place) != 0;
        let certain_left_out = members.iter().enumerate().any(|(place, (certain, _))| *certain && !chosen(place));
        if certain_left_out {
            continue;
        }
        let counting = || members.iter().enumerate().filter(|(place, _)| chosen(*place)).map(|(_, (_, range))| range);
        let lows: Vec<f64> = counting().map(|range| range.0).collect();
        let highs: Vec<f64> = counting().map(|range| range.1).collect();
        match over(aggregate, &lows).zip(over(aggregate, &highs)) {
            Some((low, high)) => range = (range.0.min(low), range.1.max(high)),
            None => return (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
    range
}

fn open_range(aggregate: Aggregate, members: &[(bool, (f64, f64))]) -> (f64, f64) {
    let whole = (f64::NEG_INFINITY, f64::INFINITY);
    match (aggregate, members) {
        (Aggregate::Count | Aggregate::Sum, []) => (0.0, 0.0),
        (Aggregate::Count, _) => (0.0, f64::INFINITY),
        _ => whole,
    }
}
