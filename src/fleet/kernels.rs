//! What each operation does, row by row over a batch.
//!
//! The meaning of numbers, ranges and truths is that of `inference`, whose functions are called here; the
//! loops are written so that simple ones become vector instructions.

use super::program::{Builder, Kind, Level, Op, Value};
use crate::inference::{
    Counted, Figure, Interval, Outcome, Truth, aggregate_point, aggregate_range, compare_intervals, compare_numbers,
    interpolate, join_intervals, join_numbers, ramp_range,
};
use crate::model::{Aggregate, Arithmetic, Comparison};

/// An operand of numbers: one for each row, or the same in all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers<'a> {
    Constant(f64),
    Plane(&'a [f64]),
}

/// An operand of truths: one for each row, or the same in all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Truths<'a> {
    Constant(Truth),
    Plane(&'a [Truth]),
}

/// An operand of ranges: both ends for each row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranges<'a> {
    pub low: &'a [f64],
    pub high: &'a [f64],
}

/// Where operands are found.
pub(super) trait Operands {
    /// Returns a value of numbers.
    fn numbers(&self, value: Value) -> Numbers<'_>;
    /// Returns a value of ranges.
    fn ranges(&self, value: Value) -> Ranges<'_>;
    /// Returns a value of truths.
    fn truths(&self, value: Value) -> Truths<'_>;
    /// Returns the points of a curve.
    fn curve(&self, curve: usize) -> &[(f64, f64)];
}

/// Rows that a fused loop takes at a time: as many as stay in the machine's registers.
const BLOCK: usize = 8;

impl Numbers<'_> {
    /// Returns the numbers of some rows; NaN behind the last.
    #[inline]
    fn block(self, row: usize) -> [f64; BLOCK] {
        match self {
            Numbers::Constant(number) => [number; BLOCK],
            Numbers::Plane(plane) => {
                let rest = plane.get(row..).unwrap_or(&[]);
                rest.first_chunk().copied().unwrap_or_else(|| {
                    let mut block = [f64::NAN; BLOCK];
                    block.iter_mut().zip(rest).for_each(|(slot, number)| *slot = *number);
                    block
                })
            }
        }
    }

    /// Returns the number of a row.
    #[inline]
    pub fn at(self, row: usize) -> f64 {
        match self {
            Numbers::Constant(number) => number,
            Numbers::Plane(plane) => plane.get(row).copied().unwrap_or(f64::NAN),
        }
    }
}

impl Truths<'_> {
    /// Returns the truth of a row.
    #[inline]
    pub fn at(self, row: usize) -> Truth {
        match self {
            Truths::Constant(truth) => truth,
            Truths::Plane(plane) => plane.get(row).copied().unwrap_or(Truth::Unknown),
        }
    }
}

impl Ranges<'_> {
    #[inline]
    fn at(self, row: usize) -> Interval {
        let end = |plane: &[f64]| plane.get(row).copied().unwrap_or(f64::NAN);
        Interval::new(end(self.low), end(self.high))
    }
}

#[inline]
fn map<T>(out: &mut [T], value: Numbers<'_>, f: impl Fn(f64) -> T)
where
    T: Clone,
{
    match value {
        Numbers::Plane(plane) => out.iter_mut().zip(plane).for_each(|(out, &number)| *out = f(number)),
        Numbers::Constant(number) => out.fill(f(number)),
    }
}

#[inline]
fn map_two<T: Clone>(out: &mut [T], left: Numbers<'_>, right: Numbers<'_>, f: impl Fn(f64, f64) -> T) {
    match (left, right) {
        (Numbers::Plane(left), Numbers::Plane(right)) => {
            out.iter_mut().zip(left).zip(right).for_each(|((out, &left), &right)| *out = f(left, right));
        }
        (left, Numbers::Constant(right)) => map(out, left, |left| f(left, right)),
        (Numbers::Constant(left), right) => map(out, right, |right| f(left, right)),
    }
}

#[inline]
fn map_truth<T: Clone>(out: &mut [T], value: Truths<'_>, f: impl Fn(Truth) -> T) {
    match value {
        Truths::Plane(plane) => out.iter_mut().zip(plane).for_each(|(out, &truth)| *out = f(truth)),
        Truths::Constant(truth) => out.fill(f(truth)),
    }
}

#[inline]
fn map_truths(out: &mut [Truth], left: Truths<'_>, right: Truths<'_>, f: impl Fn(Truth, Truth) -> Truth) {
    match (left, right) {
        (Truths::Plane(left), Truths::Plane(right)) => {
            out.iter_mut().zip(left).zip(right).for_each(|((out, &left), &right)| *out = f(left, right));
        }
        (left, Truths::Constant(right)) => map_truth(out, left, |left| f(left, right)),
        (Truths::Constant(left), right) => map_truth(out, right, |right| f(left, right)),
    }
}

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
    causes: &[(super::program::Bits, Value)],
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

/// The constants of a program that is being built.
struct Constants<'a>(&'a Builder);

impl Operands for Constants<'_> {
    fn numbers(&self, value: Value) -> Numbers<'_> {
        Numbers::Constant(self.0.as_constant(value).unwrap_or(f64::NAN))
    }

    fn ranges(&self, _: Value) -> Ranges<'_> {
        Ranges { low: &[], high: &[] }
    }

    fn truths(&self, value: Value) -> Truths<'_> {
        Truths::Constant(self.0.as_always(value).unwrap_or(Truth::Unknown))
    }

    fn curve(&self, curve: usize) -> &[(f64, f64)] {
        self.0.curves.get(curve).map_or(&[], Vec::as_slice)
    }
}

/// Returns what an operation on constants comes to, as a constant. It makes numbers or a truth.
pub(super) fn fold(op: &Op, builder: &Builder) -> Op {
    let constants = Constants(builder);
    if op.kind() == Kind::Truth {
        let mut out = [Truth::Unknown];
        truths(op, &constants, &mut out);
        Op::Always(out[0])
    } else {
        let mut out = [f64::NAN];
        numbers(op, &constants, &mut out);
        Op::Constant(out[0].into())
    }
}
