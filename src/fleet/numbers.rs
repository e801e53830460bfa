//! Operations that make numbers. What a figure means is settled by `inference` and `risk`, whose functions and
//! order of steps are kept.

use super::op::{Bits, Level, Op, Value};
use super::operands::{BLOCK, Numbers, Operands, Truths, map, map_truth, map_two};
use crate::inference::{Counted, Figure, Interval, Outcome, Truth, aggregate_point, interpolate, join_numbers};
use crate::model::{Aggregate, Arithmetic};

/// Computes an operation that makes numbers.
pub(super) fn numbers(op: &Op, from: &dyn Operands, out: &mut [f64]) {
    let number = |value: &Value| from.numbers(*value);
    match op {
        Op::Constant(number) => out.fill(number.get()),
        Op::OrElse(first, second) => {
            map_two(out, number(first), number(second), |first, second| if first.is_nan() { second } else { first });
        }
        Op::Arithmetic(operator, left, right) => {
            let (left, right) = (number(left), number(right));
            match operator {
                Arithmetic::Add => map_two(out, left, right, |l, r| finite(join_numbers(Arithmetic::Add, l, r))),
                Arithmetic::Subtract => {
                    map_two(out, left, right, |l, r| finite(join_numbers(Arithmetic::Subtract, l, r)));
                }
                Arithmetic::Multiply => {
                    map_two(out, left, right, |l, r| finite(join_numbers(Arithmetic::Multiply, l, r)));
                }
                Arithmetic::Divide => map_two(out, left, right, |l, r| finite(join_numbers(Arithmetic::Divide, l, r))),
            }
        }
        Op::Negate(value) => map(out, number(value), |number| -number),
        Op::Absolute(value) => map(out, number(value), f64::abs),
        Op::Ramp(value, curve) => {
            let points = from.curve(*curve);
            map(out, number(value), |x| if x.is_nan() { x } else { finite(interpolate(points, x)) });
        }
        Op::Low(range) => out.copy_from_slice(from.ranges(*range).low),
        Op::High(range) => out.copy_from_slice(from.ranges(*range).high),
        Op::Clamp(value, ends) => {
            let (low, high) = (ends.0.get(), ends.1.get());
            map(out, number(value), |number| number.clamp(low, high));
        }
        Op::Min(left, right) => map_two(out, number(left), number(right), f64::min),
        Op::Max(left, right) => map_two(out, number(left), number(right), f64::max),
        Op::Add(left, right) => map_two(out, number(left), number(right), |left, right| left + right),
        Op::Subtract(left, right) => map_two(out, number(left), number(right), |left, right| left - right),
        Op::Times(left, right) => map_two(out, number(left), number(right), |left, right| left * right),
        Op::Leave(left, weight) => map_two(out, number(left), number(weight), |left, weight| left * (1.0 - weight)),
        Op::Own(unsuspected, rest) => map_two(out, number(unsuspected), number(rest), |left, rest| (1.0 - left) * rest),
        Op::UnlessZero(first, second) => {
            map_two(out, number(first), number(second), |first, second| if first > 0.0 { first } else { second });
        }
        Op::Sum(values) => {
            out.fill(0.0);
            for value in values {
                match number(value) {
                    Numbers::Plane(plane) => out.iter_mut().zip(plane).for_each(|(sum, &number)| *sum += number),
                    Numbers::Constant(number) => out.iter_mut().for_each(|sum| *sum += number),
                }
            }
        }
        Op::Gate(truth, level, value, otherwise) => {
            gate(out, from.truths(*truth), *level, number(value), otherwise.get())
        }
        Op::Outweigh { weight, earlier, later } => {
            let (weight, earlier, later) = (number(weight), number(earlier), number(later));
            for (row, out) in out.iter_mut().enumerate() {
                let (weight, earlier, later) = (weight.at(row), earlier.at(row), later.at(row));
                *out = if weight > earlier && weight >= later { weight } else { 0.0 };
            }
        }
        Op::Spread { own, without_base, causes, left } => {
            spread(out, number(own), without_base.get(), causes, left.get(), from);
        }
        Op::Removed(modes) => removed(out, modes, from),
        Op::AggregatePoint(aggregate, members) => aggregate_points(out, *aggregate, members, from),
        _ => debug_assert!(false, "{op:?} makes no numbers"),
    }
}

#[inline]
fn finite(number: f64) -> f64 {
    if number.is_finite() { number } else { f64::NAN }
}

fn gate(out: &mut [f64], truth: Truths<'_>, level: Level, value: Numbers<'_>, otherwise: f64) {
    let open = |truth: Truth| match level {
        Level::True => truth == Truth::True,
        Level::Possible => truth != Truth::False,
    };
    match (truth, value) {
        (Truths::Plane(truth), Numbers::Plane(value)) => {
            for ((out, &truth), &value) in out.iter_mut().zip(truth).zip(value) {
                *out = if open(truth) { value } else { otherwise };
            }
        }
        (truth, Numbers::Constant(value)) => {
            map_truth(out, truth, |truth| if open(truth) { value } else { otherwise });
        }
        (Truths::Constant(truth), value) => map(out, value, |value| if open(truth) { value } else { otherwise }),
    }
}

fn spread(
    out: &mut [f64],
    own: Numbers<'_>,
    without_base: f64,
    causes: &[(Bits, Value)],
    left: f64,
    from: &dyn Operands,
) {
    let causes: Vec<(f64, Numbers<'_>)> =
        causes.iter().map(|(strength, cause)| (strength.get(), from.numbers(*cause))).collect();
    for (place, out) in out.chunks_mut(BLOCK).enumerate() {
        let row = place * BLOCK;
        let mut product = [1.0; BLOCK];
        for &(strength, cause) in &causes {
            let cause = cause.block(row);
            product.iter_mut().zip(cause).for_each(|(product, cause)| *product *= 1.0 - strength * cause);
        }
        for (product, own) in product.iter_mut().zip(own.block(row)) {
            *product = (1.0 - without_base * (1.0 - own) * *product) * left;
        }
        out.iter_mut().zip(product).for_each(|(out, likelihood)| *out = likelihood);
    }
}

fn removed(out: &mut [f64], modes: &[[Value; 4]], from: &dyn Operands) {
    let modes: Vec<[Numbers<'_>; 4]> = modes.iter().map(|mode| mode.map(|value| from.numbers(value))).collect();
    for (place, out) in out.chunks_mut(BLOCK).enumerate() {
        let row = place * BLOCK;
        let mut sum = [0.0; BLOCK];
        for mode in &modes {
            let [before, likelihood, severity, detectability] = mode.map(|numbers| numbers.block(row));
            let rest = likelihood.into_iter().zip(severity).zip(detectability);
            for ((sum, before), ((likelihood, severity), detectability)) in sum.iter_mut().zip(before).zip(rest) {
                *sum += (before - likelihood * severity * detectability).max(0.0);
            }
        }
        out.iter_mut().zip(sum).for_each(|(out, sum)| *out = sum);
    }
}

fn aggregate_points(out: &mut [f64], aggregate: Aggregate, members: &[(Value, Value)], from: &dyn Operands) {
    let columns: Vec<_> = members.iter().map(|&(counts, value)| (from.truths(counts), from.numbers(value))).collect();
    let mut row_members = Vec::with_capacity(members.len());
    for (row, out) in out.iter_mut().enumerate() {
        row_members.clear();
        row_members.extend(columns.iter().map(|&(counts, value)| {
            let value = value.at(row);
            let point = (!value.is_nan()).then_some(value);
            Counted { counts: Outcome::new(counts.at(row), Truth::Unknown), value: Figure::new(point, Interval::WHOLE) }
        }));
        *out = aggregate_point(aggregate, &row_members).filter(|point| point.is_finite()).unwrap_or(f64::NAN);
    }
}
