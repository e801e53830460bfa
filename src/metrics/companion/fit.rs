//! How close one figure comes to another, row by row: an explanation to its model, an estimate to the outcome.

use super::mean;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::statistics::{interval, sums};
use crate::metrics::{Interval, Undefined};
use crate::table::{ColumnUse, Companion};

/// Returns target and figure of each row that has both.
///
/// # Errors
/// `nothing` is the reason where the table does not name both columns.
pub(crate) fn pairs(
    table: &Companion,
    target: ColumnUse,
    figure: ColumnUse,
    nothing: &str,
) -> Result<Vec<(f64, f64)>, Undefined> {
    let all = pairs_of_all(table, target, figure, nothing)?;
    Ok(all.filter(|(target, figure)| !target.is_nan() && !figure.is_nan()).collect())
}

/// Returns target and figure of every row, NaN where one is missing.
///
/// # Errors
/// As for [`pairs`].
pub(crate) fn pairs_of_all<'a>(
    table: &'a Companion,
    target: ColumnUse,
    figure: ColumnUse,
    nothing: &str,
) -> Result<impl Iterator<Item = (f64, f64)> + 'a, Undefined> {
    let (target, figure) = table.number(target).zip(table.number(figure)).ok_or_else(|| Undefined::new(nothing))?;
    Ok(target.iter().copied().zip(figure.iter().copied()))
}

/// Returns the mean distance. `empty` is the reason where there is no pair.
pub(crate) fn distance(pairs: &[(f64, f64)], empty: &str) -> Found {
    let distances: Vec<f64> = pairs.iter().map(|(target, figure)| (target - figure).abs()).collect();
    mean::measure(&distances, 0.0, f64::INFINITY, empty)
}

/// Returns the root of the mean squared distance; its interval has the roots of that of the mean.
pub(crate) fn root_mean_square(pairs: &[(f64, f64)], empty: &str) -> Found {
    let root = |ends: Interval| Interval { low: ends.low.sqrt(), high: ends.high.sqrt(), ..ends };
    let found = mean::measure(&squares(pairs), 0.0, f64::INFINITY, empty)?;
    Ok(Outcome { value: found.value.sqrt(), interval: found.interval.map(root), ..found })
}

fn squares(pairs: &[(f64, f64)]) -> Vec<f64> {
    pairs.iter().map(|(target, figure)| (target - figure).powi(2)).collect()
}

/// Returns the share of the target's variance that the figure tells.
///
/// Its standard error is that of 1 − A / B with A the mean squared distance and B the variance, by the delta
/// method. `empty` and `constant` are the reasons where there is no pair and where the target does not vary.
pub(crate) fn explained(pairs: &[(f64, f64)], empty: &str, constant: &str) -> Found {
    let (targets, squares): (Vec<f64>, Vec<f64>) = (pairs.iter().map(|pair| pair.0).collect(), squares(pairs));
    let first = targets.first().ok_or_else(|| Undefined::new(empty))?;
    let ((centre, variance), (error, _)) = (sums::mean_and_variance(&targets), sums::mean_and_variance(&squares));
    // Rounding can leave a variance where every target is the same.
    if variance <= 0.0 || targets.iter().all(|target| target.total_cmp(first).is_eq()) {
        return Err(Undefined::new(constant));
    }
    let influence = |(target, square): (&f64, &f64)| {
        ((square - error) - error / variance * ((target - centre).powi(2) - variance)) / variance
    };
    let (_, spread) = sums::mean_and_variance(&targets.iter().zip(&squares).map(influence).collect::<Vec<_>>());
    let value = 1.0 - error / variance;
    let se = (spread / (pairs.len() as f64 - 1.0)).sqrt();
    Ok(Outcome::new(value).with_interval(interval::normal(value, se, f64::NEG_INFINITY, 1.0, "delta method")))
}
