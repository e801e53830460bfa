//! Percentile intervals by drawing units again: items of a rating table, rows of another.

use super::draws::Draws;
use super::{interval, sums};
use crate::metrics::{Interval, Options};

/// The ends lie far out, so they take more draws than a noise floor.
const DRAWS_FOR_ENDS: u32 = 5;
/// The most units drawn in all, so that a large table takes seconds and not hours.
const MOST: usize = 100_000_000;

/// Returns the percentile interval of `statistic` over `n` units drawn with replacement, widened to `value` where
/// that lies outside, as it can with few units.
///
/// `statistic` is given how often each unit was drawn, and none is a draw in which it is undefined. There is no
/// interval for one unit, or where a tenth of the draws are undefined. Units must stand in an order that does
/// not depend on the order of rows. `name` picks the draws.
pub(crate) fn over(
    value: f64,
    n: usize,
    options: &Options,
    name: &str,
    mut statistic: impl FnMut(&[u32]) -> Option<f64>,
) -> Option<Interval> {
    let most = u32::try_from(MOST / n.max(1)).unwrap_or(u32::MAX);
    let wanted = (options.draws * DRAWS_FOR_ENDS).min(most).max(100);
    let [found] = each_draw(n, wanted, options.seed, name, |times| [statistic(times)]);
    percentiles(value, found, wanted)
}

/// Returns the values of statistics over draws of `n` units with replacement, in the order drawn: all of one draw see
/// the same units, so that their differences are paired. A draw in which a statistic is undefined is none of its values.
/// Nothing is drawn from fewer than two units.
pub(crate) fn each_draw<const K: usize>(
    n: usize,
    wanted: u32,
    seed: u64,
    name: &str,
    mut statistics: impl FnMut(&[u32]) -> [Option<f64>; K],
) -> [Vec<f64>; K] {
    let mut found: [Vec<f64>; K] = std::array::from_fn(|_| Vec::new());
    if n < 2 {
        return found;
    }
    let mut draws = Draws::new(seed, name);
    let mut times = vec![0u32; n];
    for _ in 0..wanted {
        times.fill(0);
        for _ in 0..n {
            let unit = ((draws.uniform() * n as f64) as usize).min(n - 1);
            if let Some(times) = times.get_mut(unit) {
                *times += 1;
            }
        }
        for (found, value) in found.iter_mut().zip(statistics(&times)) {
            found.extend(value);
        }
    }
    found
}

/// Returns the percentile interval of the values drawn, widened to `value` where that lies outside; none where a tenth
/// of the draws gave no value.
pub(crate) fn percentiles(value: f64, mut found: Vec<f64>, wanted: u32) -> Option<Interval> {
    if found.len() * 10 < wanted as usize * 9 {
        return None;
    }
    found.sort_unstable_by(f64::total_cmp);
    let (low, high) = (sums::quantile(&found, 0.025), sums::quantile(&found, 0.975));
    interval::between(low.min(value), high.max(value), "bootstrap")
}
