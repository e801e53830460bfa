//! A reach: the truths that a condition may come to on point values.

use std::ops::{BitAnd, BitOr, Not};

use crate::inference::Truth;

/// The least and the most that a condition may come to, in the order False < Unknown < True. Kleene's
/// connectives are monotone in that order, so they work on both ends alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    least: Truth,
    most: Truth,
    /// Whether it may come to unknown; always so where an end is.
    unknown: bool,
    /// Whether something with leeway was read.
    moved: bool,
}

impl Reach {
    /// May come to anything.
    pub(crate) const ANY: Reach = Reach { least: Truth::False, most: Truth::True, unknown: true, moved: true };
    /// Holds for some choices and does not for others, and can be told for all.
    pub(crate) const EITHER: Reach = Reach { least: Truth::False, most: Truth::True, unknown: false, moved: true };

    /// Returns the reach of a truth that nothing with leeway moves.
    pub(crate) fn exact(truth: Truth) -> Self {
        Reach { least: truth, most: truth, unknown: truth == Truth::Unknown, moved: false }
    }

    /// Returns the smallest reach that holds all of these; unknown for none.
    pub(crate) fn hull(truths: impl IntoIterator<Item = Truth>) -> Self {
        let joined = truths.into_iter().map(Reach::exact).reduce(|left, right| Reach {
            least: left.least.min(right.least),
            most: left.most.max(right.most),
            unknown: left.unknown | right.unknown,
            moved: true,
        });
        joined.unwrap_or(Reach::exact(Truth::Unknown)).moved()
    }

    /// Tells whether it holds for every choice.
    pub(crate) fn surely_holds(self) -> bool {
        self.least == Truth::True
    }

    /// Tells whether it may hold for some choice.
    pub(crate) fn may_hold(self) -> bool {
        self.most == Truth::True
    }

    /// Tells whether it may come to unknown for some choice.
    pub(crate) fn may_be_unknown(self) -> bool {
        self.unknown
    }

    /// Tells whether it may come to anything but false.
    pub(crate) fn is_possible(self) -> bool {
        self.most != Truth::False
    }

    /// Tells whether something with leeway was read.
    pub(crate) fn is_moved(self) -> bool {
        self.moved
    }

    /// Returns the same reach as that of something moved.
    pub(crate) fn moved(self) -> Self {
        Reach { moved: true, ..self }
    }

    /// Returns what is left when it is about a member that may not exist. That rests on what is possible, which
    /// includes all that is true or cannot be told on point values, and may include what is false.
    pub(crate) fn at_most_possible(self) -> Self {
        let least = self.least.min(Truth::Unknown);
        Reach { least, most: Truth::Unknown, unknown: true, moved: self.moved }
    }

    /// Tells whether it comes to this whatever the choice.
    pub(crate) fn is_exactly(self, truth: Truth) -> bool {
        self.least == truth && self.most == truth
    }

    fn joined(least: Truth, most: Truth, left: Reach, right: Reach) -> Self {
        let decided = least == most && least != Truth::Unknown;
        Reach { least, most, unknown: !decided && (left.unknown | right.unknown), moved: left.moved | right.moved }
    }
}

impl BitAnd for Reach {
    type Output = Reach;

    fn bitand(self, other: Reach) -> Reach {
        Reach::joined(self.least & other.least, self.most & other.most, self, other)
    }
}

impl BitOr for Reach {
    type Output = Reach;

    fn bitor(self, other: Reach) -> Reach {
        Reach::joined(self.least | other.least, self.most | other.most, self, other)
    }
}

impl Not for Reach {
    type Output = Reach;

    fn not(self) -> Reach {
        Reach { least: !self.most, most: !self.least, ..self }
    }
}
