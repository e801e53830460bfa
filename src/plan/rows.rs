//! How many rows it takes to tell a figure from chance.

use crate::explanation::{Case, Held, MustHold};

/// More rows than this are no plan.
const MOST: f64 = 1e5;

/// How many rows there are, and how many it would take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    /// Rows that the figure rests on.
    pub have: u64,
    /// About how many it would take; none where a hundred thousand would not do.
    pub needed: Option<u64>,
    /// What the figure must be told from.
    pub from: Chance,
}

impl Rows {
    /// Tells whether there are enough.
    pub fn are_enough(&self) -> bool {
        self.needed.is_some_and(|needed| needed <= self.have)
    }
}

/// What a figure must be told from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chance {
    /// The metric shows more than the limit in one of twenty samples of this size although nothing is wrong.
    Noise,
    /// The confidence interval lies on both sides of the limit.
    Interval,
}

/// Returns whether the rows at hand are enough for the first of these figures of which that can be told.
///
/// Noise and the width of an interval shrink with the root of the number of rows; some noise shrinks faster, so the
/// number is rather too large than too small. A comparison of two tables needs as many rows in both.
pub fn rows_needed(case: Case<'_>, must: &MustHold) -> Option<Rows> {
    must.any_of.iter().find_map(|held| rows_of(case, held))
}

fn rows_of(case: Case<'_>, held: &Held) -> Option<Rows> {
    let fact = case.fact(held.fact.as_ref()?)?;
    let have = fact.n.filter(|n| *n > 0)?;
    let (value, limit) = (held.part.value?, held.part.threshold?);
    let times = |share: f64| {
        let rows = (have as f64 * share * share).ceil();
        (rows <= MOST).then_some(rows.max(1.0) as u64)
    };
    if let Some(floor) = &fact.floor {
        // A limit that is the noise itself asks for nothing.
        return (limit > 0.0 && floor.p95 > 0.0 && (limit - floor.p95).abs() > f64::EPSILON).then(|| Rows {
            have,
            needed: times(floor.p95 / limit),
            from: Chance::Noise,
        });
    }
    let interval = fact.interval.as_ref()?;
    let width = if value < limit { interval.high - value } else { value - interval.low };
    Some(Rows { have, needed: times(width / (value - limit).abs()), from: Chance::Interval })
}
