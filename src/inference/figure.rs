//! Figures: what an expression comes to, as a point value and the interval it could lie in.

use super::{Interval, Outcome, Truth};
use crate::model::{Comparison, Type};

/// A number with what it could be.
///
/// The point is finite and lies in the interval; it is absent where a value that it needs is
/// missing, or where it is not defined (a division by zero, the mean of nothing).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    point: Option<f64>,
    range: Interval,
}

impl Figure {
    /// Not a number that could be told, nor bounded.
    pub const UNDEFINED: Figure = Figure { point: None, range: Interval::WHOLE };

    /// Returns the figure; the interval is widened to hold the point, and a point that is not finite
    /// is no point.
    pub fn new(point: Option<f64>, range: Interval) -> Self {
        match point {
            Some(value) if value.is_finite() => Figure { point, range: range.hull(Interval::point(value)) },
            Some(_) => Figure::UNDEFINED,
            None => Figure { point: None, range },
        }
    }

    /// Returns the figure that is exactly this number.
    pub fn exact(value: f64) -> Self {
        Figure::new(Some(value), Interval::point(value))
    }

    /// Returns the figure of a value that is missing: anything that the type allows.
    pub fn missing(value_type: &Type) -> Self {
        let (low, high) = value_type.range().unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        Figure { point: None, range: Interval::new(low, high) }
    }

    /// Returns the point value.
    pub fn point(self) -> Option<f64> {
        self.point
    }

    /// Returns what it could be.
    pub fn range(self) -> Interval {
        self.range
    }

    /// Returns the least that it could be.
    pub fn low(self) -> f64 {
        self.range.low()
    }

    /// Returns the most that it could be.
    pub fn high(self) -> f64 {
        self.range.high()
    }

    /// Returns the figure of a function of two figures, given the function on numbers and on intervals.
    pub fn combine(
        self,
        other: Figure,
        on_points: impl FnOnce(f64, f64) -> f64,
        on_intervals: impl FnOnce(Interval, Interval) -> Interval,
    ) -> Self {
        let range = on_intervals(self.range, other.range);
        match (self.point, other.point) {
            (Some(left), Some(right)) => {
                let point = on_points(left, right);
                Figure::new(point.is_finite().then_some(point), range)
            }
            _ => Figure { point: None, range },
        }
    }

    /// Returns how the figure compares with another: on points, and over both intervals.
    pub fn compare(self, comparison: Comparison, other: Figure) -> Outcome {
        let point = match (self.point, other.point) {
            (Some(left), Some(right)) => compare_numbers(left, comparison, right).into(),
            _ => Truth::Unknown,
        };
        Outcome::new(point, compare_intervals(self.range, comparison, other.range))
    }
}

/// Tells whether two numbers compare so.
#[expect(clippy::float_cmp, reason = "`=` in a rule means equality; ratings and options are small whole numbers")]
pub fn compare_numbers(left: f64, comparison: Comparison, right: f64) -> bool {
    match comparison {
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::Greater => left > right,
        Comparison::AtLeast => left >= right,
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
    }
}

/// True if every pair of numbers from the intervals compares so, false if none does.
#[expect(clippy::float_cmp, reason = "an interval holds one number only if its ends are the same")]
pub(crate) fn compare_intervals(left: Interval, comparison: Comparison, right: Interval) -> Truth {
    let decide = |always: bool, sometimes: bool| match (always, sometimes) {
        (true, _) => Truth::True,
        (_, false) => Truth::False,
        _ => Truth::Unknown,
    };
    match comparison {
        Comparison::Less => decide(left.high() < right.low(), left.low() < right.high()),
        Comparison::AtMost => decide(left.high() <= right.low(), left.low() <= right.high()),
        Comparison::Greater => compare_intervals(right, Comparison::Less, left),
        Comparison::AtLeast => compare_intervals(right, Comparison::AtMost, left),
        Comparison::Equal => {
            let single = left.low() == left.high() && right.low() == right.high() && left.low() == right.low();
            decide(single, left.low() <= right.high() && right.low() <= left.high())
        }
        Comparison::NotEqual => !compare_intervals(left, Comparison::Equal, right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_across_the_threshold_is_a_lean() {
        let threshold = Figure::exact(0.1);
        let lean = Figure::new(Some(0.12), Interval::new(0.08, 0.16)).compare(Comparison::Greater, threshold);
        assert!(lean.is_lean());
        let certain = Figure::new(Some(0.12), Interval::new(0.11, 0.16)).compare(Comparison::Greater, threshold);
        assert_eq!(certain, Outcome::TRUE);
        let at_the_end = Figure::new(Some(0.12), Interval::new(0.10, 0.16)).compare(Comparison::Greater, threshold);
        assert!(at_the_end.is_lean());
        assert_eq!(Figure::missing(&Type::Ratio).compare(Comparison::AtLeast, Figure::exact(0.0)), Outcome::TRUE);
        assert_eq!(Figure::missing(&Type::Ratio).compare(Comparison::Greater, Figure::exact(1.0)), Outcome::FALSE);
        assert_eq!(Figure::UNDEFINED.compare(Comparison::Equal, threshold), Outcome::UNKNOWN);
    }

    #[test]
    fn the_interval_is_widened_to_hold_its_point() {
        assert_eq!(Figure::new(Some(0.9), Interval::new(0.1, 0.2)).range(), Interval::new(0.1, 0.9));
        assert_eq!(Figure::new(Some(f64::NAN), Interval::point(0.0)), Figure::UNDEFINED);
    }
}
