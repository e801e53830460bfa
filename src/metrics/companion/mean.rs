//! The mean of some figures with Student's interval, as tables of people and of work have it.

use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::statistics::{interval, sums};

/// Returns the mean of `values` with its interval, held inside `low..=high`.
///
/// # Errors
/// `nothing` is the reason where there are no values.
pub(crate) fn measure(values: &[f64], low: f64, high: f64, nothing: &str) -> Found {
    if values.is_empty() {
        return Err(Undefined::new(nothing));
    }
    let n = values.len() as f64;
    let (mean, variance) = sums::mean_and_variance(values);
    let ends = interval::student(mean, variance * n / (n - 1.0), values.len() as u64, low, high);
    let note = ends.is_none().then(|| "no interval: there is one row".to_owned());
    Ok(Outcome::new(mean).with_interval(ends).with_note(note))
}

/// Returns a note on rows that were left out, unless there are none.
pub(crate) fn left_out(rows: usize, used: usize, why: &str) -> Option<String> {
    let count = crate::diagnostic::Count(rows - used, "row");
    (rows > used).then(|| format!("{count} left out, {why}"))
}
