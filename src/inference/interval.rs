//! Intervals of real numbers and the arithmetic on them.

/// A closed interval of real numbers; an end may be infinite, and neither is ever NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    low: f64,
    high: f64,
}

impl Interval {
    /// All real numbers.
    pub const WHOLE: Interval = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// Returns the interval between the ends, in whichever order they come. An end that is NaN is
    /// taken as infinite.
    pub fn new(low: f64, high: f64) -> Self {
        let low = if low.is_nan() { f64::NEG_INFINITY } else { low };
        let high = if high.is_nan() { f64::INFINITY } else { high };
        let (low, high) = if low <= high { (low, high) } else { (high, low) };
        // An overflow leaves no number behind: fall back to the largest one, which is inside.
        Interval { low: low.min(f64::MAX), high: high.max(f64::MIN) }
    }

    /// Returns the interval that holds one number.
    pub fn point(value: f64) -> Self {
        Interval::new(value, value)
    }

    /// Returns the lower end.
    pub fn low(self) -> f64 {
        self.low
    }

    /// Returns the upper end.
    pub fn high(self) -> f64 {
        self.high
    }

    /// Tells whether the number lies inside; the ends count.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Returns the smallest interval that holds both.
    #[must_use]
    pub fn hull(self, other: Interval) -> Self {
        Interval { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Returns the interval with both ends moved into `low..=high`.
    #[must_use]
    pub fn clamp(self, low: f64, high: f64) -> Self {
        Interval { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }

    /// Returns the interval of sums.
    #[must_use]
    pub fn plus(self, other: Interval) -> Self {
        Interval::new(self.low + other.low, self.high + other.high)
    }

    /// Returns the interval of the numbers with their sign turned.
    #[must_use]
    pub fn negate(self) -> Self {
        Interval { low: -self.high, high: -self.low }
    }

    /// Returns the interval of products. Zero times anything is zero, also where an end is infinite,
    /// since an infinite end stands for arbitrarily large numbers and not for a number.
    #[must_use]
    pub fn times(self, other: Interval) -> Self {
        let product = |left: f64, right: f64| if left == 0.0 || right == 0.0 { 0.0 } else { left * right };
        let corners = [
            product(self.low, other.low),
            product(self.low, other.high),
            product(self.high, other.low),
            product(self.high, other.high),
        ];
        Interval::new(
            corners.iter().copied().fold(f64::INFINITY, f64::min),
            corners.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        )
    }

    /// Returns the interval of quotients: the whole line where the divisor may be zero.
    #[must_use]
    pub fn divided_by(self, other: Interval) -> Self {
        if other.contains(0.0) {
            return Interval::WHOLE;
        }
        self.times(Interval::new(1.0 / other.high, 1.0 / other.low))
    }

    /// Returns the interval of absolute values.
    #[must_use]
    pub fn absolute(self) -> Self {
        let largest = self.low.abs().max(self.high.abs());
        let smallest = if self.contains(0.0) { 0.0 } else { self.low.abs().min(self.high.abs()) };
        Interval::new(smallest, largest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_by_hand() {
        let left = Interval::new(-1.0, 2.0);
        let right = Interval::new(3.0, 4.0);
        assert_eq!(left.plus(right), Interval::new(2.0, 6.0));
        assert_eq!(left.times(right), Interval::new(-4.0, 8.0));
        assert_eq!(left.negate(), Interval::new(-2.0, 1.0));
        assert_eq!(left.absolute(), Interval::new(0.0, 2.0));
        assert_eq!(right.divided_by(left), Interval::WHOLE);
        assert_eq!(Interval::new(2.0, 8.0).divided_by(Interval::new(2.0, 4.0)), Interval::new(0.5, 4.0));
    }

    #[test]
    fn infinite_ends_never_make_nan() {
        let zero = Interval::point(0.0);
        assert_eq!(Interval::WHOLE.times(zero), zero);
        assert_eq!(Interval::WHOLE.plus(Interval::WHOLE), Interval::WHOLE);
        assert_eq!(Interval::new(f64::NAN, 1.0), Interval::new(f64::NEG_INFINITY, 1.0));
        assert!(Interval::point(f64::INFINITY).low().is_finite());
    }
}
