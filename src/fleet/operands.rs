//! Operands: the values of an operation, one for each row or the same in all, and the loops over them.
//!
//! The loops are written so that simple ones become vector instructions.

use super::op::Value;
use crate::inference::{Interval, Truth};

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
pub(super) const BLOCK: usize = 8;

impl Numbers<'_> {
    /// Returns the numbers of some rows; NaN behind the last.
    #[inline]
    pub fn block(self, row: usize) -> [f64; BLOCK] {
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
    /// Returns the range of a row.
    #[inline]
    pub fn at(self, row: usize) -> Interval {
        let end = |plane: &[f64]| plane.get(row).copied().unwrap_or(f64::NAN);
        Interval::new(end(self.low), end(self.high))
    }
}

/// Fills a row of results with those of a function of one number.
#[inline]
pub(super) fn map<T>(out: &mut [T], value: Numbers<'_>, f: impl Fn(f64) -> T)
where
    T: Clone,
{
    match value {
        Numbers::Plane(plane) => out.iter_mut().zip(plane).for_each(|(out, &number)| *out = f(number)),
        Numbers::Constant(number) => out.fill(f(number)),
    }
}

/// Fills a row of results with those of a function of two numbers.
#[inline]
pub(super) fn map_two<T: Clone>(out: &mut [T], left: Numbers<'_>, right: Numbers<'_>, f: impl Fn(f64, f64) -> T) {
    match (left, right) {
        (Numbers::Plane(left), Numbers::Plane(right)) => {
            out.iter_mut().zip(left).zip(right).for_each(|((out, &left), &right)| *out = f(left, right));
        }
        (left, Numbers::Constant(right)) => map(out, left, |left| f(left, right)),
        (Numbers::Constant(left), right) => map(out, right, |right| f(left, right)),
    }
}

/// Fills a row of results with those of a function of one truth.
#[inline]
pub(super) fn map_truth<T: Clone>(out: &mut [T], value: Truths<'_>, f: impl Fn(Truth) -> T) {
    match value {
        Truths::Plane(plane) => out.iter_mut().zip(plane).for_each(|(out, &truth)| *out = f(truth)),
        Truths::Constant(truth) => out.fill(f(truth)),
    }
}

/// Fills a row of truths with those of a function of two.
#[inline]
pub(super) fn map_truths(out: &mut [Truth], left: Truths<'_>, right: Truths<'_>, f: impl Fn(Truth, Truth) -> Truth) {
    match (left, right) {
        (Truths::Plane(left), Truths::Plane(right)) => {
            out.iter_mut().zip(left).zip(right).for_each(|((out, &left), &right)| *out = f(left, right));
        }
        (left, Truths::Constant(right)) => map_truth(out, left, |left| f(left, right)),
        (Truths::Constant(left), right) => map_truth(out, right, |right| f(left, right)),
    }
}
