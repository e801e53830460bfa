//! Operations that make ranges, by the interval arithmetic of `inference`.

use super::op::{Op, Value};
use super::operands::{Operands, map};
use crate::inference::{Counted, Figure, Interval, Outcome, Truth, aggregate_range, join_intervals, ramp_range};

/// Computes an operation that makes ranges.
pub(super) fn ranges(op: &Op, from: &dyn Operands, low: &mut [f64], high: &mut [f64]) {
    let number = |value: &Value| from.numbers(*value);
    let range = |value: &Value| from.ranges(*value);
    let mut each = |f: &dyn Fn(usize) -> Interval| {
        for (row, (low, high)) in low.iter_mut().zip(high.iter_mut()).enumerate() {
            let made = f(row);
            (*low, *high) = (made.low(), made.high());
        }
    };
    match op {
        Op::Exact(value, missing) => {
            let missing = missing.get();
            map(low, number(value), |number| if number.is_nan() { missing.low() } else { number });
            map(high, number(value), |number| if number.is_nan() { missing.high() } else { number });
        }
        Op::Stated { point, low: from_low, high: to, within } => {
            let (point, from_low, to, within) = (number(point), number(from_low), number(to), within.get());
            each(&|row| {
                let (point, low, high) = (point.at(row), from_low.at(row), to.at(row));
                if point.is_nan() {
                    within
                } else if low.is_nan() || high.is_nan() {
                    Interval::point(point)
                } else {
                    Interval::new(low, high).clamp(within.low(), within.high()).hull(Interval::point(point))
                }
            });
        }
        Op::Between { low: from_low, high: to, point } => {
            let (point, from_low, to) = (number(point), number(from_low), number(to));
            each(&|row| widened(Interval::new(from_low.at(row), to.at(row)), point.at(row)));
        }
        Op::ArithmeticRange { operator, left, right, point } => {
            let (left, right, point) = (range(left), range(right), number(point));
            each(&|row| widened(join_intervals(*operator, left.at(row), right.at(row)), point.at(row)));
        }
        Op::NegateRange(value) => {
            let value = range(value);
            each(&|row| value.at(row).negate());
        }
        Op::AbsoluteRange(value) => {
            let value = range(value);
            each(&|row| value.at(row).absolute());
        }
        Op::RampRange { range: value, curve, point } => {
            let (value, point, points) = (range(value), number(point), from.curve(*curve));
            each(&|row| widened(ramp_range(value.at(row), points), point.at(row)));
        }
        Op::AggregateRange { aggregate, open, members, point } => {
            let columns: Vec<_> = members.iter().map(|(counts, value)| (from.truths(*counts), range(value))).collect();
            let point = number(point);
            let mut row_members = Vec::with_capacity(members.len());
            for (row, (low, high)) in low.iter_mut().zip(high).enumerate() {
                row_members.clear();
                row_members.extend(columns.iter().map(|&(counts, value)| Counted {
                    counts: Outcome::new(Truth::Unknown, counts.at(row)),
                    value: Figure::new(None, value.at(row)),
                }));
                let made = widened(aggregate_range(*aggregate, &row_members, *open), point.at(row));
                (*low, *high) = (made.low(), made.high());
            }
        }
        _ => debug_assert!(false, "{op:?} makes no ranges"),
    }
}

/// A range always holds its point.
fn widened(range: Interval, point: f64) -> Interval {
    if point.is_nan() { range } else { range.hull(Interval::point(point)) }
}
