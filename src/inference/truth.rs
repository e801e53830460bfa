//! Truth: three values, and an outcome that holds one for the point values and one for all they could be.

use std::ops::{BitAnd, BitOr, Not};

/// Kleene's three values, ordered False < Unknown < True.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It cannot be told.
    Unknown,
    /// It holds.
    True,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Truth::True } else { Truth::False }
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

impl BitAnd for Truth {
    type Output = Truth;

    fn bitand(self, other: Truth) -> Truth {
        self.min(other)
    }
}

impl BitOr for Truth {
    type Output = Truth;

    fn bitor(self, other: Truth) -> Truth {
        self.max(other)
    }
}

/// What a condition comes to: on the point values, and over everything that intervals and missing
/// values allow.
///
/// A `bounds` of true is *certain*, false is *impossible*, unknown is *possible*. What is certain
/// holds on the point values too, and what is impossible does not: the constructor sees to it, so a
/// ratio that nobody gave is still certainly at least zero.
///
/// | point | bounds | read as |
/// | --- | --- | --- |
/// | true | true | holds, and nothing unknown can change it |
/// | true | unknown | a lean: holds on the point values, and an interval or an unknown could undo it |
/// | unknown | unknown | undecided: a value is missing |
/// | false | unknown | a lean against |
/// | false | false | does not hold, and nothing unknown can change it |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Outcome {
    point: Truth,
    bounds: Truth,
}

impl Outcome {
    /// Certain.
    pub const TRUE: Outcome = Outcome { point: Truth::True, bounds: Truth::True };
    /// Impossible.
    pub const FALSE: Outcome = Outcome { point: Truth::False, bounds: Truth::False };
    /// Undecided.
    pub const UNKNOWN: Outcome = Outcome { point: Truth::Unknown, bounds: Truth::Unknown };

    /// Returns the outcome; where the bounds decide, they decide the point as well.
    pub fn new(point: Truth, bounds: Truth) -> Self {
        match bounds {
            Truth::Unknown => Outcome { point, bounds },
            decided => Outcome { point: decided, bounds },
        }
    }

    /// Returns the truth on point values; this is what the estimate rests on.
    pub fn point(self) -> Truth {
        self.point
    }

    /// Returns the truth over all that intervals and missing values allow.
    pub fn bounds(self) -> Truth {
        self.bounds
    }

    /// Tells whether it holds on the point values.
    pub fn holds(self) -> bool {
        self.point == Truth::True
    }

    /// Tells whether it holds whatever the unknowns are.
    pub fn is_certain(self) -> bool {
        self.bounds == Truth::True
    }

    /// Tells whether it may hold, certain included.
    pub fn is_possible(self) -> bool {
        self.bounds != Truth::False
    }

    /// Tells whether it holds on the point values only.
    pub fn is_lean(self) -> bool {
        self.holds() && !self.is_certain()
    }

    /// Tells whether it does not hold on the point values, and what is unknown could make it hold.
    pub fn is_undecided(self) -> bool {
        !self.holds() && self.is_possible()
    }

    /// Returns what is left of the outcome when it is about a member that may not exist: impossible
    /// stays impossible, everything else is undecided.
    #[must_use]
    pub fn at_most_possible(self) -> Self {
        if self.is_possible() { Outcome::UNKNOWN } else { Outcome::FALSE }
    }
}

impl From<bool> for Outcome {
    fn from(holds: bool) -> Self {
        if holds { Outcome::TRUE } else { Outcome::FALSE }
    }
}

impl Not for Outcome {
    type Output = Outcome;

    fn not(self) -> Outcome {
        Outcome { point: !self.point, bounds: !self.bounds }
    }
}

impl BitAnd for Outcome {
    type Output = Outcome;

    fn bitand(self, other: Outcome) -> Outcome {
        Outcome { point: self.point & other.point, bounds: self.bounds & other.bounds }
    }
}

impl BitOr for Outcome {
    type Output = Outcome;

    fn bitor(self, other: Outcome) -> Outcome {
        Outcome { point: self.point | other.point, bounds: self.bounds | other.bounds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

    #[test]
    fn kleene_tables() {
        for left in ALL {
            for right in ALL {
                assert_eq!(!(left & right), !left | !right);
                assert_eq!(left & right, right & left);
            }
        }
        assert_eq!(Truth::False & Truth::Unknown, Truth::False);
        assert_eq!(Truth::True | Truth::Unknown, Truth::True);
        assert_eq!(!Truth::Unknown, Truth::Unknown);
    }

    #[test]
    fn what_is_certain_holds_on_the_point_under_every_connective() {
        let outcomes: Vec<Outcome> =
            ALL.into_iter().flat_map(|point| ALL.map(|bounds| Outcome::new(point, bounds))).collect();
        for &left in &outcomes {
            for &right in &outcomes {
                for made in [left & right, left | right, !left, left.at_most_possible()] {
                    assert_eq!(made, Outcome::new(made.point(), made.bounds()));
                }
            }
        }
    }
}
