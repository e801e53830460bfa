//! Expressions: their figure, and the record of how it came about.

use super::aggregate::{Member, aggregate_figures};
use super::recorder::Recorder;
use super::{AggregateMember, Element, Figure, Interval, Outcome, Scope, TermKind};
use crate::model::{Arithmetic, Expression, ExpressionKind, NodeRef};

/// A figure and its record.
type Figured<R> = (Figure, <R as Recorder>::Term);

impl Scope<'_> {
    /// Evaluates an expression.
    pub(crate) fn figure<R: Recorder>(&self, expression: &Expression, variables: &mut [Element]) -> Figured<R> {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Literal(value) => {
                let figure = value.as_number().map_or(Figure::UNDEFINED, Figure::exact);
                (figure, R::term(figure, span, || TermKind::Literal))
            }
            ExpressionKind::Input(input) => {
                let found = self.look_up(input, variables);
                let figure = found.figure();
                (figure, R::term(figure, span, || TermKind::Fact(found.number_reading())))
            }
            ExpressionKind::Measure { measure, node } => {
                let node = match node {
                    NodeRef::Node(node) => Some(*node),
                    NodeRef::Variable(variable) => match variables.get(variable.index()) {
                        Some(Element::Node(node)) => Some(*node),
                        _ => None,
                    },
                };
                let figure = match (self.measures, node) {
                    (Some(measures), Some(node)) => measures.get(*measure, node),
                    _ => Figure::UNDEFINED,
                };
                (figure, R::term(figure, span, || TermKind::Measure { measure: *measure, node }))
            }
            ExpressionKind::Arithmetic { operator, left, right } => {
                let (left, left_term) = self.figure::<R>(left, variables);
                let (right, right_term) = self.figure::<R>(right, variables);
                let figure = arithmetic(*operator, left, right);
                let kind = || TermKind::Arithmetic {
                    operator: *operator,
                    left: Box::new(left_term),
                    right: Box::new(right_term),
                };
                (figure, R::term(figure, span, kind))
            }
            ExpressionKind::Negate(value) => {
                let (value, term) = self.figure::<R>(value, variables);
                let figure = negate(value);
                (figure, R::term(figure, span, || TermKind::Negate(Box::new(term))))
            }
            ExpressionKind::Absolute(value) => {
                let (value, term) = self.figure::<R>(value, variables);
                let figure = absolute(value);
                (figure, R::term(figure, span, || TermKind::Absolute(Box::new(term))))
            }
            ExpressionKind::Ramp { value, points } => {
                let (value, term) = self.figure::<R>(value, variables);
                let figure = ramp(value, points);
                let kind = || TermKind::Ramp { value: Box::new(term), points: points.clone() };
                (figure, R::term(figure, span, kind))
            }
            ExpressionKind::Aggregate { aggregate, variable, index, condition, of } => {
                let open = self.domains.is_open(*index);
                let elements = self.domains.elements(*index);
                let mut figures = Vec::with_capacity(elements.len());
                let mut members = Vec::with_capacity(elements.len());
                for &element in elements {
                    if let Some(slot) = variables.get_mut(variable.index()) {
                        *slot = element;
                    }
                    let condition = condition.as_ref().map(|condition| self.condition::<R>(condition, variables));
                    let value = of.as_ref().map(|value| self.figure::<R>(value, variables));
                    figures.push(Member {
                        counts: condition.as_ref().map_or(Outcome::TRUE, |(outcome, _)| *outcome),
                        value: value.as_ref().map_or(Figure::exact(1.0), |(figure, _)| *figure),
                    });
                    members.push(AggregateMember {
                        element,
                        condition: condition.map(|(_, premise)| premise),
                        value: value.map(|(_, term)| term),
                    });
                }
                let figure = aggregate_figures(*aggregate, &figures, open);
                let kind =
                    || TermKind::Aggregate { aggregate: *aggregate, variable: *variable, index: *index, open, members };
                (figure, R::term(figure, span, kind))
            }
        }
    }
}

/// Joins two figures. A division by zero has no point.
pub(crate) fn arithmetic(operator: Arithmetic, left: Figure, right: Figure) -> Figure {
    let on_points = |left, right| join_numbers(operator, left, right);
    left.combine(right, on_points, |left, right| join_intervals(operator, left, right))
}

/// Joins two numbers; the result need not be finite.
pub(crate) fn join_numbers(operator: Arithmetic, left: f64, right: f64) -> f64 {
    match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
    }
}

/// Joins two intervals.
pub(crate) fn join_intervals(operator: Arithmetic, left: Interval, right: Interval) -> Interval {
    match operator {
        Arithmetic::Add => left.plus(right),
        Arithmetic::Subtract => left.plus(right.negate()),
        Arithmetic::Multiply => left.times(right),
        Arithmetic::Divide => left.divided_by(right),
    }
}

/// Turns the sign.
pub(crate) fn negate(value: Figure) -> Figure {
    Figure::new(value.point().map(|point| -point), value.range().negate())
}

/// Drops the sign.
pub(crate) fn absolute(value: Figure) -> Figure {
    Figure::new(value.point().map(f64::abs), value.range().absolute())
}

/// Follows straight lines between the points.
pub(crate) fn ramp(value: Figure, points: &[(f64, f64)]) -> Figure {
    Figure::new(value.point().map(|x| interpolate(points, x)), ramp_range(value.range(), points))
}

/// Returns what the lines reach over an interval: the extremes are at its ends or at the points inside.
pub(crate) fn ramp_range(range: Interval, points: &[(f64, f64)]) -> Interval {
    let ends = Interval::new(interpolate(points, range.low()), interpolate(points, range.high()));
    let inside = points.iter().filter(|(x, _)| range.contains(*x));
    inside.fold(ends, |reached, &(_, y)| reached.hull(Interval::point(y)))
}

/// Returns the height of the lines at `x`.
pub(crate) fn interpolate(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|point| point.0 <= x);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some(&(x0, y0)), Some(&(x1, y1))) => y0 + (x - x0) / (x1 - x0) * (y1 - y0),
        (Some(&(_, y)), None) | (None, Some(&(_, y))) => y,
        (None, None) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [(f64, f64); 3] = [(0.1, 0.5), (0.2, 0.9), (0.3, 0.4)];

    #[test]
    fn a_ramp_is_flat_outside_and_straight_between() {
        let at = |x| ramp(Figure::exact(x), &POINTS).point().unwrap();
        assert!((at(0.0) - 0.5).abs() < 1e-12);
        assert!((at(0.15) - 0.7).abs() < 1e-12);
        assert!((at(9.0) - 0.4).abs() < 1e-12);
    }

    #[test]
    fn a_ramp_over_an_interval_finds_the_peak_inside() {
        let range = ramp(Figure::new(None, Interval::new(0.15, 0.25)), &POINTS).range();
        assert!((range.high() - 0.9).abs() < 1e-12);
        assert!((range.low() - 0.65).abs() < 1e-12);
        let whole = ramp(Figure::UNDEFINED, &POINTS).range();
        assert_eq!((whole.low(), whole.high()), (0.4, 0.9));
    }

    #[test]
    fn division_by_zero_has_no_point() {
        assert_eq!(arithmetic(Arithmetic::Divide, Figure::exact(1.0), Figure::exact(0.0)), Figure::UNDEFINED);
    }
}
