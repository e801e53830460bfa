//! The intraclass correlation, in each of its six forms.

use super::left_out;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::statistics::agreement::Item;
use crate::metrics::statistics::interval;
use crate::metrics::{Interval, Undefined};
use statrs::distribution::{ContinuousCDF, FisherSnedecor};

/// Mean squares of a table in which every rater rated every item.
struct Squares {
    /// Items and raters.
    n: f64,
    k: f64,
    /// Between items, between raters, what is left, and within items.
    items: f64,
    raters: f64,
    rest: f64,
    within: f64,
}

impl Squares {
    fn new(rows: &[Item], raters: usize) -> Self {
        let (n, k) = (rows.len() as f64, raters as f64);
        let mean = rows.iter().flat_map(|item| &item.ratings).sum::<f64>() / (n * k);
        let of_item = |item: &Item| item.ratings.iter().sum::<f64>() / k;
        let of_rater = |rater: usize| rows.iter().filter_map(|item| item.ratings.get(rater)).sum::<f64>() / n;
        let items: f64 = k * rows.iter().map(|item| (of_item(item) - mean).powi(2)).sum::<f64>();
        let between: f64 = n * (0..raters).map(|rater| (of_rater(rater) - mean).powi(2)).sum::<f64>();
        let within: f64 = rows
            .iter()
            .map(|item| item.ratings.iter().map(|rating| (rating - of_item(item)).powi(2)).sum::<f64>())
            .sum();
        Self {
            n,
            k,
            items: items / (n - 1.0),
            raters: between / (k - 1.0),
            rest: (within - between).max(0.0) / ((n - 1.0) * (k - 1.0)),
            within: within / (n * (k - 1.0)),
        }
    }
}

/// Returns the intraclass correlation of a form, and the items that it rests on.
///
/// Items that a rater left out are left out. The interval is exact for normal ratings and approximate for
/// ICC(A,·).
///
/// # Source
/// McGraw and Wong (1996), tables 4 and 7; the names are theirs, as pingouin prints them.
pub(crate) fn measure(form: &str, items: Vec<Item>, raters: usize) -> (Found, u64) {
    let all = items.len();
    let items: Vec<Item> = items.into_iter().filter(|item| item.given >= raters as f64).collect();
    let n = items.len() as u64;
    if raters < 2 {
        return (Err(Undefined::new("there is one rater, and agreement needs two")), n);
    }
    if n < 2 {
        return (Err(Undefined::new("fewer than two items were rated by every rater")), n);
    }
    let squares = Squares::new(&items, raters);
    let (above, below) = parts(form, &squares);
    if below <= 0.0 {
        return (Err(Undefined::new("ratings vary no more between items than within them")), n);
    }
    let value = above / below;
    // Far from agreement the approximation for ICC(A,·) may miss the value; then it says nothing.
    let ends = ends(form, &squares).filter(|ends| ends.low <= value && value <= ends.high);
    let note = left_out(all, items.len(), "which a rater did not rate");
    (Ok(Outcome::new(value).with_interval(ends).with_note(note)), n)
}

/// Returns the numerator and the denominator of a form. Ratings without variance, and for the mean of raters
/// those that vary more within items than between, have a denominator of 0 or less.
fn parts(form: &str, squares: &Squares) -> (f64, f64) {
    let Squares { n, k, items, raters, rest, within } = *squares;
    match form {
        "icc1" => (items - within, items + (k - 1.0) * within),
        "icc_c1" => (items - rest, items + (k - 1.0) * rest),
        "icc_a1" => (items - rest, items + (k - 1.0) * rest + k * (raters - rest) / n),
        "icc1_k" => (items - within, items),
        "icc_ck" => (items - rest, items),
        _ => (items - rest, items + (raters - rest) / n),
    }
}

/// Returns the 97.5th percentile of F.
fn f(a: f64, b: f64) -> Option<f64> {
    Some(FisherSnedecor::new(a, b).ok()?.inverse_cdf(0.975))
}

fn ends(form: &str, squares: &Squares) -> Option<Interval> {
    let Squares { n, k, items, rest, within, .. } = *squares;
    let of_mean = form.ends_with('k');
    if matches!(form, "icc_a1" | "icc_ak") {
        return ends_of_agreement(of_mean, squares);
    }
    let (error, freedom) = match form {
        "icc1" | "icc1_k" => (within, n * (k - 1.0)),
        _ => (rest, (n - 1.0) * (k - 1.0)),
    };
    let ratio = items / error;
    if !ratio.is_finite() {
        return None;
    }
    let (low, high) = (ratio / f(n - 1.0, freedom)?, ratio * f(freedom, n - 1.0)?);
    let end = |f: f64| if of_mean { 1.0 - 1.0 / f } else { (f - 1.0) / (f + k - 1.0) };
    interval::between(end(low), end(high), "F")
}

fn ends_of_agreement(of_mean: bool, squares: &Squares) -> Option<Interval> {
    let Squares { n, k, items, raters, rest, .. } = *squares;
    let (above, below) = parts("icc_a1", squares);
    let r = above / below;
    let ratio = raters / rest;
    if !ratio.is_finite() {
        return None;
    }
    let other = n * (1.0 + (k - 1.0) * r) - k * r;
    let freedom =
        (k - 1.0) * (n - 1.0) * (k * r * ratio + other).powi(2) / ((n - 1.0) * (k * r * ratio).powi(2) + other.powi(2));
    let (upper, lower) = (f(n - 1.0, freedom)?, f(freedom, n - 1.0)?);
    let error = k * raters + (k * n - k - n) * rest;
    let low = n * (items - upper * rest) / (upper * error + n * items);
    let high = n * (lower * items - rest) / (error + n * lower * items);
    let end = |single: f64| if of_mean { single * k / (1.0 + single * (k - 1.0)) } else { single };
    interval::between(end(low), end(high), "F")
}
