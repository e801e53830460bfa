//! How much of a framework is covered.

use super::place::Place;

/// Whether anything in the pack covers an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coverage {
    /// A person is asked about it, or it is measured or stated, and a rule reads the answer.
    Asked,
    /// Nobody is asked, but a rule, a remedy, a mode or the like satisfies it.
    Otherwise,
    /// It asks nothing of a deployment, for a reason that is given.
    Aside,
    /// Nothing satisfies it.
    Uncovered,
}

impl Coverage {
    /// Every coverage, the best first.
    pub const ALL: [Coverage; 4] = [Coverage::Asked, Coverage::Otherwise, Coverage::Aside, Coverage::Uncovered];

    /// Returns its name in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Coverage::Asked => "asked",
            Coverage::Otherwise => "otherwise",
            Coverage::Aside => "aside",
            Coverage::Uncovered => "uncovered",
        }
    }

    /// Returns the coverage of an item by what satisfies it. An input that no rule reads covers nothing; what is set
    /// aside and satisfied all the same is covered.
    pub(super) fn of<'a>(mut places: impl Iterator<Item = &'a Place> + Clone, is_aside: bool) -> Self {
        if places.clone().any(|place| place.input().is_some() && place.is_read()) {
            Coverage::Asked
        } else if places.any(|place| place.input().is_none()) {
            Coverage::Otherwise
        } else if is_aside {
            Coverage::Aside
        } else {
            Coverage::Uncovered
        }
    }
}

/// How many items have which coverage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answered by a person, a table or a manifest.
    pub asked: usize,
    /// Covered, and nobody is asked.
    pub otherwise: usize,
    /// Ask nothing of a deployment.
    pub aside: usize,
    /// Nothing covers them.
    pub uncovered: usize,
}

impl Counts {
    /// Returns the counts of items with these coverages.
    pub fn of(coverages: impl IntoIterator<Item = Coverage>) -> Self {
        let mut counts = Self::default();
        for coverage in coverages {
            *match coverage {
                Coverage::Asked => &mut counts.asked,
                Coverage::Otherwise => &mut counts.otherwise,
                Coverage::Aside => &mut counts.aside,
                Coverage::Uncovered => &mut counts.uncovered,
            } += 1;
        }
        counts
    }

    /// Returns how many items there are.
    pub fn items(&self) -> usize {
        self.asked + self.otherwise + self.aside + self.uncovered
    }

    /// Returns how many items something covers.
    pub fn covered(&self) -> usize {
        self.asked + self.otherwise
    }
}
