//! Ratings of one scale from 1 to 5: their mean, and how far raters agree.
//!
//! An item is what was rated, such as the explanation of one case. Items stand in an order of their own ratings,
//! so that neither rows nor names decide what a bootstrap draws.

pub(in crate::metrics) mod intraclass;

use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::RatingMeasure;
use crate::metrics::statistics::agreement::{self, Item};
use crate::metrics::statistics::{interval, resample};
use crate::metrics::{Definition, Options, Undefined};
use crate::table::{ColumnUse, Companion};

/// How many different ratings there are: 1 to 5.
const LEVELS: usize = 5;

/// A statistic of items, each counted as often as `times` says.
type Statistic<'a> = dyn Fn(&[Item], &[u32]) -> Found + 'a;

/// Returns a measure of a table of ratings, and the items that it rests on.
pub(crate) fn measure(
    measure: RatingMeasure,
    definition: &Definition,
    table: &Companion,
    options: &Options,
    name: &str,
) -> (Found, u64) {
    let items = items(table);
    let raters = items.first().map_or(0, |item| item.ratings.len());
    match measure {
        RatingMeasure::Score => over(items, 1.0, &score, options, name),
        RatingMeasure::Alpha => {
            let level = definition.word("level");
            over(items, 2.0, &|items, times| agreement::alpha(items, times, level), options, name)
        }
        RatingMeasure::Fleiss => over(items, 1.0, &agreement::fleiss, options, name),
        RatingMeasure::Agreement => percent_agreement(items, raters, options, name),
        RatingMeasure::Cohen if raters != 2 => {
            let count = crate::diagnostic::Count(raters, "rater");
            (Err(Undefined::new(format!("there are {count}, and Cohen's kappa compares two"))), 0)
        }
        RatingMeasure::Cohen => {
            let weights = definition.word("weights");
            over(items, 2.0, &|items, times| agreement::cohen(items, times, weights), options, name)
        }
        RatingMeasure::Intraclass => intraclass::measure(definition.word("form"), items, raters),
    }
}

/// Returns the items that have a rating, in the order of their ratings.
fn items(table: &Companion) -> Vec<Item> {
    let columns = table.numbers(ColumnUse::Raters);
    let mut rows: Vec<Vec<f64>> = match (table.text(ColumnUse::Item), table.text(ColumnUse::Rater)) {
        (Some(items), Some(raters)) => {
            let mut rows = vec![vec![f64::NAN; raters.names.len()]; items.names.len()];
            let ratings = table.number(ColumnUse::Rating).unwrap_or(&[]);
            for ((item, rater), rating) in items.codes.iter().zip(raters.codes.iter()).zip(ratings) {
                let cell = rows.get_mut(item as usize).and_then(|row| row.get_mut(rater as usize));
                if let Some(cell) = cell {
                    *cell = *rating;
                }
            }
            rows
        }
        _ => (0..table.rows)
            .map(|row| columns.iter().map(|ratings| ratings.get(row).copied().unwrap_or(f64::NAN)).collect())
            .collect(),
    };
    rows.retain(|row| row.iter().any(|rating| !rating.is_nan()));
    rows.sort_by(|a, b| {
        let differing = a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
        differing.unwrap_or(std::cmp::Ordering::Equal)
    });
    rows.into_iter().map(|row| Item::new(row, LEVELS)).collect()
}

/// Returns a statistic over the items with at least so many ratings, with its bootstrap interval over them.
fn over(items: Vec<Item>, at_least: f64, statistic: &Statistic<'_>, options: &Options, name: &str) -> (Found, u64) {
    let all = items.len();
    let items: Vec<Item> = items.into_iter().filter(|item| item.given >= at_least).collect();
    if items.is_empty() {
        let reason = if all == 0 { "there is no rating" } else { "no item has two ratings" };
        return (Err(Undefined::new(reason)), 0);
    }
    let found = statistic(&items, &vec![1; items.len()]).map(|outcome| {
        let one = |times: &[u32]| statistic(&items, times).ok().map(|outcome| outcome.value);
        let ends = resample::over(outcome.value, items.len(), options, name, one);
        let without = ends.is_none().then(|| "no interval: there are too few items".to_owned());
        outcome.with_interval(ends).with_note(without).with_note(left_out(
            all,
            items.len(),
            "with fewer than two ratings",
        ))
    });
    (found, items.len() as u64)
}

fn left_out(all: usize, used: usize, why: &str) -> Option<String> {
    let count = crate::diagnostic::Count(all - used, "item");
    (all > used).then(|| format!("{count} left out, {why}"))
}

/// Returns the mean of all ratings.
fn score(items: &[Item], times: &[u32]) -> Found {
    let (mut sum, mut n) = (0.0, 0.0);
    for (item, times) in items.iter().zip(times) {
        let ratings: f64 = item.ratings.iter().filter(|rating| !rating.is_nan()).sum();
        sum += f64::from(*times) * ratings;
        n += f64::from(*times) * item.given;
    }
    Ok(Outcome::new(sum / n))
}

/// Returns the mean over items of the share of pairs of ratings that are equal.
fn percent_agreement(items: Vec<Item>, raters: usize, options: &Options, name: &str) -> (Found, u64) {
    let equal = items.iter().filter(|item| item.agreement().is_some_and(|share| share >= 1.0)).count() as u64;
    let (found, n) = over(items, 2.0, &agreement::equal_share, options, name);
    // Of two raters each item is a hit or not, and a share has a better interval.
    let found =
        found.map(|outcome| if raters == 2 { outcome.with_interval(interval::wilson(equal, n)) } else { outcome });
    (found, n)
}
