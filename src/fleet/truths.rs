//! Operations that make truths, by the comparisons and connectives of `inference`.

use super::op::{Op, Value};
use super::operands::{Numbers, Operands, map, map_truth, map_truths, map_two};
use crate::inference::{Interval, Outcome, Truth, compare_intervals, compare_numbers};
use crate::model::Comparison;

/// Computes an operation that makes truths.
pub(super) fn truths(op: &Op, from: &dyn Operands, out: &mut [Truth]) {
    let truth = |value: &Value| from.truths(*value);
    match op {
        Op::Always(truth) => out.fill(*truth),
        Op::Compare { comparison, left, right, missing } => {
            compare(out, *comparison, from.numbers(*left), from.numbers(*right), *missing);
        }
        Op::CompareRange(comparison, left, right) => {
            let (left, right) = (from.ranges(*left), from.ranges(*right));
            for (row, out) in out.iter_mut().enumerate() {
                *out = compare_intervals(left.at(row), *comparison, right.at(row));
            }
        }
        Op::AboveNoise { point, range, p95 } => {
            let (point, range, p95) = (from.numbers(*point), from.ranges(*range), from.numbers(*p95));
            for (row, out) in out.iter_mut().enumerate() {
                let p95 = p95.at(row);
                *out = if point.at(row).is_nan() || p95.is_nan() {
                    Truth::Unknown
                } else {
                    compare_intervals(range.at(row), Comparison::Greater, Interval::point(p95))
                };
            }
        }
        Op::Decide { point, bounds } => {
            map_truths(out, truth(point), truth(bounds), |point, bounds| Outcome::new(point, bounds).point());
        }
        Op::And(left, right) => map_truths(out, truth(left), truth(right), |left, right| left & right),
        Op::Or(left, right) => map_truths(out, truth(left), truth(right), |left, right| left | right),
        Op::Not(value) => map_truth(out, truth(value), |truth| !truth),
        Op::AtMostPossible(value) => {
            map_truth(out, truth(value), |truth| if truth == Truth::False { truth } else { Truth::Unknown });
        }
        Op::Known(value) => map(out, from.numbers(*value), |number| Truth::from(!number.is_nan())),
        Op::OneOf { value, options, missing } => {
            map(out, from.numbers(*value), |position| {
                if position.is_nan() { *missing } else { options.contains(&(position as u32)).into() }
            });
        }
        _ => debug_assert!(false, "{op:?} makes no truths"),
    }
}

fn compare(out: &mut [Truth], comparison: Comparison, left: Numbers<'_>, right: Numbers<'_>, missing: Truth) {
    macro_rules! by_comparison {
        ($($name:ident)*) => {
            match comparison {
                $(Comparison::$name => map_two(out, left, right, |left, right| {
                    if left.is_nan() || right.is_nan() {
                        missing
                    } else {
                        compare_numbers(left, Comparison::$name, right).into()
                    }
                }),)*
            }
        };
    }
    by_comparison! { Less AtMost Greater AtLeast Equal NotEqual }
}
