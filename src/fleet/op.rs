//! Operations: what a program is made of.
//!
//! An operation makes one value: a row of numbers (NaN where there is none), of ranges, or of truths.

use crate::inference::{Interval, Truth};
use crate::model::{Aggregate, Arithmetic, Comparison};

/// A number as part of an operation: two are the same if their bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Bits(u64);

impl From<f64> for Bits {
    fn from(number: f64) -> Self {
        Bits(number.to_bits())
    }
}

impl Bits {
    /// Returns the number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// The two ends of an interval as part of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ends(pub Bits, pub Bits);

impl From<Interval> for Ends {
    fn from(interval: Interval) -> Self {
        Ends(interval.low().into(), interval.high().into())
    }
}

impl Ends {
    /// Returns the interval.
    pub fn get(self) -> Interval {
        Interval::new(self.0.get(), self.1.get())
    }
}

/// What an operation made, by the operation's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Value(pub u32);

impl Value {
    /// Returns the operation's place.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a value is, row for row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number, or NaN where there is none.
    Number,
    /// An interval.
    Range,
    /// False, unknown or true.
    Truth,
}

/// When a gate is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Level {
    /// Where the truth is true.
    True,
    /// Where it is not false.
    Possible,
}

/// One operation. Operands come before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// A number: the same in every row.
    Constant(Bits),
    /// A lane of the batch.
    Lane(usize),
    /// The first, or the second where there is none.
    OrElse(Value, Value),
    /// The point of an arithmetic expression; none where it is not finite.
    Arithmetic(Arithmetic, Value, Value),
    /// The number with its sign turned.
    Negate(Value),
    /// The number without its sign.
    Absolute(Value),
    /// The height of the curve of that number.
    Ramp(Value, usize),
    /// The lower end of a range.
    Low(Value),
    /// The upper end of a range.
    High(Value),
    /// The number moved into an interval.
    Clamp(Value, Ends),
    /// The smaller of two.
    Min(Value, Value),
    /// The larger of two.
    Max(Value, Value),
    /// A plain sum of two.
    Add(Value, Value),
    /// A plain difference.
    Subtract(Value, Value),
    /// A plain product.
    Times(Value, Value),
    /// The sum of all, in order.
    Sum(Box<[Value]>),
    /// The point of an aggregate over members: whether each counts, and its point.
    AggregatePoint(Aggregate, Box<[(Value, Value)]>),
    /// A number where a truth is at a level, and another elsewhere.
    Gate(Value, Level, Value, Bits),
    /// A weight that outweighs the earlier of its group and is not outweighed by a later one; 0 elsewhere.
    Outweigh { weight: Value, earlier: Value, later: Value },
    /// What is left of a product once a weight is taken: `left · (1 − weight)`.
    Leave(Value, Value),
    /// A node's own evidence: `(1 − unsuspected) · not exonerated`.
    Own(Value, Value),
    /// The first number, or the second where the first is 0.
    UnlessZero(Value, Value),
    /// The likelihood of a node; see `risk::likelihood`.
    Spread { own: Value, without_base: Bits, causes: Box<[(Bits, Value)]>, left: Bits },
    /// How much risk is removed, summed over modes: risk before, and likelihood, severity and
    /// detectability after.
    Removed(Box<[[Value; 4]]>),
    /// The range of an exactly known number, and of a missing one.
    Exact(Value, Ends),
    /// The range of a number with interval columns, in the range of its type.
    Stated { point: Value, low: Value, high: Value, within: Ends },
    /// The range between two numbers, widened to hold the point.
    Between { low: Value, high: Value, point: Value },
    /// The range of an arithmetic expression, widened to hold the point.
    ArithmeticRange { operator: Arithmetic, left: Value, right: Value, point: Value },
    /// The range with its sign turned.
    NegateRange(Value),
    /// The range of absolute values.
    AbsoluteRange(Value),
    /// The range of a curve over a range, widened to hold the point.
    RampRange { range: Value, curve: usize, point: Value },
    /// The range of an aggregate over members: whether each counts, and its range.
    AggregateRange { aggregate: Aggregate, open: bool, members: Box<[(Value, Value)]>, point: Value },
    /// A truth: the same in every row.
    Always(Truth),
    /// How two numbers compare; `missing` where there is none.
    Compare { comparison: Comparison, left: Value, right: Value, missing: Truth },
    /// How two ranges compare.
    CompareRange(Comparison, Value, Value),
    /// Whether a range is above the noise floor; unknown where the number or the floor is.
    AboveNoise { point: Value, range: Value, p95: Value },
    /// The bounds where they decide, and the point elsewhere.
    Decide { point: Value, bounds: Value },
    /// Both.
    And(Value, Value),
    /// At least one.
    Or(Value, Value),
    /// The opposite.
    Not(Value),
    /// False stays false, everything else is unknown.
    AtMostPossible(Value),
    /// Whether there is a number.
    Known(Value),
    /// Whether the number, a position, is among these; `missing` where there is none.
    OneOf { value: Value, options: Box<[u32]>, missing: Truth },
}

impl Op {
    /// Returns what the operation makes.
    pub fn kind(&self) -> Kind {
        match self {
            Op::Exact(..)
            | Op::Stated { .. }
            | Op::Between { .. }
            | Op::ArithmeticRange { .. }
            | Op::NegateRange(_)
            | Op::AbsoluteRange(_)
            | Op::RampRange { .. }
            | Op::AggregateRange { .. } => Kind::Range,
            Op::Always(_)
            | Op::Compare { .. }
            | Op::CompareRange(..)
            | Op::AboveNoise { .. }
            | Op::Decide { .. }
            | Op::And(..)
            | Op::Or(..)
            | Op::Not(_)
            | Op::AtMostPossible(_)
            | Op::Known(_)
            | Op::OneOf { .. } => Kind::Truth,
            _ => Kind::Number,
        }
    }

    /// Calls `visit` with each operand.
    pub fn operands(&self, visit: &mut dyn FnMut(Value)) {
        match self {
            Op::Constant(_) | Op::Lane(_) | Op::Always(_) => {}
            Op::Negate(value)
            | Op::Absolute(value)
            | Op::Ramp(value, _)
            | Op::Low(value)
            | Op::High(value)
            | Op::Clamp(value, _)
            | Op::Exact(value, _)
            | Op::NegateRange(value)
            | Op::AbsoluteRange(value)
            | Op::Not(value)
            | Op::AtMostPossible(value)
            | Op::Known(value)
            | Op::OneOf { value, .. } => visit(*value),
            Op::OrElse(left, right)
            | Op::Arithmetic(_, left, right)
            | Op::Min(left, right)
            | Op::Max(left, right)
            | Op::Add(left, right)
            | Op::Subtract(left, right)
            | Op::Times(left, right)
            | Op::Gate(left, _, right, _)
            | Op::Leave(left, right)
            | Op::Own(left, right)
            | Op::UnlessZero(left, right)
            | Op::Compare { left, right, .. }
            | Op::CompareRange(_, left, right)
            | Op::Decide { point: left, bounds: right }
            | Op::RampRange { range: left, point: right, .. }
            | Op::And(left, right)
            | Op::Or(left, right) => [*left, *right].into_iter().for_each(visit),
            Op::Sum(values) => values.iter().copied().for_each(visit),
            Op::AggregatePoint(_, members) => {
                members.iter().flat_map(|&(counts, value)| [counts, value]).for_each(visit)
            }
            Op::AggregateRange { members, point, .. } => {
                members.iter().flat_map(|&(counts, value)| [counts, value]).chain([*point]).for_each(visit)
            }
            Op::Outweigh { weight, earlier, later } => [*weight, *earlier, *later].into_iter().for_each(visit),
            Op::Spread { own, causes, .. } => {
                causes.iter().map(|&(_, cause)| cause).chain([*own]).for_each(visit);
            }
            Op::Removed(modes) => modes.iter().flatten().copied().for_each(visit),
            Op::Stated { point, low, high, .. } | Op::Between { low, high, point } => {
                [*point, *low, *high].into_iter().for_each(visit)
            }
            Op::ArithmeticRange { left, right, point, .. } => [*left, *right, *point].into_iter().for_each(visit),
            Op::AboveNoise { point, range, p95 } => [*point, *range, *p95].into_iter().for_each(visit),
        }
    }
}
