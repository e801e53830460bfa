//! Rows whose class a confident model contradicts: rows to re-check, never the share of wrong labels.

use super::{areas, likeliest, score, top_label};
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::rows::calibration::{self, Binning};
use crate::metrics::{Floor, Options};
use crate::table::Classes;

/// The tolerance of cleanlab's comparison with the thresholds.
const TOLERANCE: f64 = 1e-6;

/// Returns the share of rows to re-check, or with `joint` the share off the diagonal of the estimated joint
/// distribution of given and true classes.
///
/// # Errors
/// Undefined where a class has no rows, or all of them.
///
/// # Source
/// Northcutt, Jiang, Chuang (2021), confident learning, as in cleanlab 2.9: `num_label_issues` by the off-diagonal,
/// and one minus the trace of `estimate_joint`.
pub(super) fn issues(classes: &Classes, joint: bool, options: &Options) -> Found {
    let area = areas::one_vs_rest(classes)?.value;
    let bins = calibration::bins(&top_label(classes), 10, Binning::EqualWidth);
    let error = calibration::expected_calibration_error(&bins)?;
    let note = format!(
        "rows to re-check, not the share of wrong labels: a model of AUROC {area:.3} (one class against the rest) and \
         calibration error {error:.3} contradicts right labels as well"
    );
    let sure = sure(classes);
    let n = classes.truth.len() as f64;
    if joint {
        let off = off_diagonal(classes, &sure);
        return Ok(Outcome::new(off / n).with_note(Some(note)));
    }
    let contradicted = classes.truth.iter().enumerate().filter(|(row, truth)| {
        let truth = **truth as usize;
        class(classes, &sure, *row).is_some_and(|class| class != truth) && likeliest(classes, *row).0 != truth
    });
    let found = contradicted.count() as f64 / n;
    let floor = options.floors.then(|| of_right_labels(classes)).flatten();
    Ok(Outcome::new(found).with_floor(floor).with_note(Some(note)))
}

/// Returns how sure the model must be of each class: its mean probability in the rows of the class.
fn sure(classes: &Classes) -> Vec<f64> {
    let of = |class: usize| {
        let rows = classes.truth.iter().enumerate().filter(|(_, truth)| **truth as usize == class);
        let (rows, sum) = rows.fold((0.0, 0.0), |(rows, sum), (row, _)| (rows + 1.0, sum + score(classes, class, row)));
        sum / rows
    };
    (0..classes.names.len()).map(of).collect()
}

/// Returns the class that a row's probabilities confidently say, if any; of several, the likeliest class.
fn class(classes: &Classes, sure: &[f64], row: usize) -> Option<usize> {
    let mut confident = (0..sure.len())
        .filter(|class| sure.get(*class).is_some_and(|sure| score(classes, *class, row) >= sure - TOLERANCE));
    let first = confident.next()?;
    Some(if confident.next().is_some() { likeliest(classes, row).0 } else { first })
}

/// Returns rows off the diagonal, when each class's rows are divided as its confident ones are, in whole rows.
fn off_diagonal(classes: &Classes, sure: &[f64]) -> f64 {
    let size = classes.names.len();
    let mut counts = vec![vec![0u64; size]; size];
    for (row, truth) in classes.truth.iter().enumerate() {
        let of = class(classes, sure, row).and_then(|class| counts.get_mut(*truth as usize)?.get_mut(class));
        of.into_iter().for_each(|count| *count += 1);
    }
    let mut off = 0.0;
    for (given, counts) in counts.iter_mut().enumerate() {
        counts.get_mut(given).into_iter().for_each(|count| *count = (*count).max(1));
        let confident = counts.iter().sum::<u64>() as f64;
        let rows = classes.truth.iter().filter(|truth| **truth as usize == given).count() as f64;
        let shares: Vec<f64> = counts.iter().map(|count| *count as f64 / confident * rows).collect();
        let whole = whole_rows(&shares, rows);
        off += rows - whole.get(given).copied().unwrap_or(0.0);
    }
    off
}

/// Returns `shares` in whole numbers that add up to `total`: those that rounding changed most give way, the last of
/// equals first where some must rise and the first where some must fall.
fn whole_rows(shares: &[f64], total: f64) -> Vec<f64> {
    let mut whole: Vec<f64> = shares.iter().map(|share| share.round_ties_even()).collect();
    let missing = total - whole.iter().sum::<f64>();
    let mut order: Vec<(f64, usize)> = shares.iter().zip(&whole).map(|(share, whole)| share - whole).zip(0..).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    if missing > 0.0 {
        order.reverse();
    }
    for (_, place) in order.into_iter().take(missing.abs() as usize) {
        whole.get_mut(place).into_iter().for_each(|whole| *whole += missing.signum());
    }
    whole
}

/// Returns what would be listed if every label were right and drawn from the row's probabilities.
fn of_right_labels(classes: &Classes) -> Option<Floor> {
    let rows = 0..classes.truth.len();
    let of = |class: usize| {
        let scores = rows.clone().map(|row| score(classes, class, row));
        let (sum, squares) = scores.fold((0.0, 0.0), |(sum, squares), score| (sum + score, squares + score * score));
        squares / sum
    };
    let sure: Vec<f64> = (0..classes.names.len()).map(of).collect();
    let (mut mean, mut variance) = (0.0, 0.0);
    for row in rows {
        let Some(confident) = class(classes, &sure, row) else { continue };
        let (top, of_top) = likeliest(classes, row);
        let right = if top == confident { of_top } else { of_top + score(classes, confident, row) };
        let chance = (1.0 - right).max(0.0);
        mean += chance;
        variance += chance * (1.0 - chance);
    }
    let n = classes.truth.len() as f64;
    let p95 = (mean + 1.644_853_626_951_472_2 * f64::sqrt(variance)).min(n);
    mean.is_finite().then_some(Floor { mean: mean / n, p95: p95 / n, method: "right labels drawn from the scores" })
}
