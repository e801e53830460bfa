//! How good predictions of a quantity are: their errors, and whether their intervals hold what came about.

use super::{fit, mean};
use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::EstimateMeasure;
use crate::metrics::statistics::interval;
use crate::table::{ColumnUse, Companion};

const EMPTY: &str = "no row has both an outcome and what was foretold";
const NO_INTERVALS: &str = "the table of estimates names no `outcome`, `low` and `high`";

/// Returns a measure of a table of estimates, and the rows that it rests on.
pub(crate) fn measure(measure: EstimateMeasure, table: &Companion) -> (Found, u64) {
    if measure == EstimateMeasure::Coverage {
        return coverage(table).unwrap_or_else(|reason| (Err(reason), 0));
    }
    let nothing = "the table of estimates names no `outcome` and `estimate`";
    let pairs = match fit::pairs(table, ColumnUse::Outcome, ColumnUse::Estimate, nothing) {
        Ok(pairs) => pairs,
        Err(reason) => return (Err(reason), 0),
    };
    let found = match measure {
        EstimateMeasure::R2 => fit::explained(&pairs, EMPTY, "the outcome is the same in every row"),
        EstimateMeasure::Rmse => fit::root_mean_square(&pairs, EMPTY),
        EstimateMeasure::Mae | EstimateMeasure::Coverage => fit::distance(&pairs, EMPTY),
    };
    let note = mean::left_out(table.rows, pairs.len(), "without an outcome or an estimate");
    (found.map(|outcome| outcome.with_note(note)), pairs.len() as u64)
}

/// Returns the share of rows whose outcome lies inside the interval foretold, ends included.
fn coverage(table: &Companion) -> Result<(Found, u64), Undefined> {
    let lows = fit::pairs_of_all(table, ColumnUse::Outcome, ColumnUse::Low, NO_INTERVALS)?;
    let highs = fit::pairs_of_all(table, ColumnUse::Outcome, ColumnUse::High, NO_INTERVALS)?;
    let rows = lows.zip(highs).map(|((outcome, low), (_, high))| (outcome, low, high));
    let rows: Vec<(f64, f64, f64)> =
        rows.filter(|(outcome, low, high)| ![outcome, low, high].iter().any(|value| value.is_nan())).collect();
    if rows.is_empty() {
        return Err(Undefined::new(EMPTY));
    }
    let held = rows.iter().filter(|(outcome, low, high)| (low..=high).contains(&outcome)).count() as u64;
    let n = rows.len() as u64;
    let note = mean::left_out(table.rows, rows.len(), "without an outcome or an interval");
    let outcome = Outcome::new(held as f64 / n as f64).with_interval(interval::wilson(held, n));
    Ok((Ok(outcome.with_note(note)), n))
}
