//! The stratified bootstrap of AUROC and of Youden's index: events and others are drawn anew, each as many as
//! there are.

use super::discrimination::ties;
use crate::metrics::sample::Sample;
use crate::metrics::statistics::draws::Draws;
use crate::metrics::statistics::{interval, sums};
use crate::metrics::{Interval, Options};
use rayon::prelude::*;

/// Resamples, as many as pROC takes.
const RESAMPLES: usize = 2000;

/// Above this many cells the cost is felt, and the interval of AUROC is DeLong's to the third digit.
const MOST_CELLS: usize = 20_000;

/// Returns the percentile interval of AUROC, or none where there are too many different scores or the rows
/// do not all count alike.
///
/// # Source
/// Efron, Tibshirani (1993), percentile interval; stratified as in pROC (Robin et al. 2011).
pub(crate) fn auroc(sample: &Sample, options: &Options, name: &str) -> Option<Interval> {
    let areas = resampled(sample, options, name, |others, events| {
        let (mut below, mut wins) = (0.0, 0.0);
        for (others, events) in others.iter().zip(events) {
            wins += events * (below + others / 2.0);
            below += others;
        }
        wins / (sample.events as f64 * sample.non_events() as f64)
    })?;
    interval::between(sums::quantile(&areas, 0.025), sums::quantile(&areas, 0.975), "stratified bootstrap")
}

/// Returns the interval of Youden's index, whose value is `found`, or none as for AUROC.
///
/// The largest of many thresholds flatters, and in a resample it flatters once more. So the percentiles are laid off
/// from the value to the other side, which takes off as much as resampling adds.
///
/// # Source
/// Davison, Hinkley (1997), section 5.2: the basic bootstrap.
pub(crate) fn youden(sample: &Sample, found: f64, options: &Options, name: &str) -> Option<Interval> {
    let best = resampled(sample, options, name, |others, events| {
        let (mut tp, mut fp, mut best) = (0.0, 0.0, 0.0f64);
        for (others, events) in others.iter().zip(events).rev() {
            tp += events / sample.events as f64;
            fp += others / sample.non_events() as f64;
            best = best.max(tp - fp);
        }
        best
    })?;
    let end = |share: f64| (2.0 * found - sums::quantile(&best, share)).clamp(0.0, 1.0);
    interval::between(end(0.975), end(0.025), "basic stratified bootstrap")
}

/// Returns a statistic of others and events by cell in every resample, ascending.
///
/// Only the order of events among others matters, so rows between two changes of label are one cell,
/// and a resample is two draws of counts over the cells.
fn resampled(
    sample: &Sample,
    options: &Options,
    name: &str,
    statistic: impl Fn(&[f64], &[f64]) -> f64 + Sync,
) -> Option<Vec<f64>> {
    let cells = cells(sample);
    if sample.is_weighted() || cells.len() > MOST_CELLS || sample.events == 0 || sample.non_events() == 0 {
        return None;
    }
    let resample = |index: usize| {
        let mut draws = Draws::new(options.seed, &format!("{name} {index}"));
        let others = counts(cells.iter().map(|cell| cell.0), sample.non_events(), &mut draws);
        let events = counts(cells.iter().map(|cell| cell.1), sample.events, &mut draws);
        statistic(&others, &events)
    };
    let mut found: Vec<f64> = (0..RESAMPLES).into_par_iter().map(resample).collect();
    found.sort_unstable_by(f64::total_cmp);
    Some(found)
}

/// Returns others and events of each cell, in ascending order of score.
fn cells(sample: &Sample) -> Vec<(u64, u64)> {
    let mut cells: Vec<(u64, u64)> = Vec::new();
    for (others, events) in ties(sample) {
        match cells.last_mut() {
            Some((before, 0)) if events == 0 => *before += others,
            Some((0, before)) if others == 0 => *before += events,
            _ => cells.push((others, events)),
        }
    }
    cells
}

/// Returns a multinomial draw of as many rows as there are, by cell.
fn counts(cells: impl Iterator<Item = u64>, rows: u64, draws: &mut Draws) -> Vec<f64> {
    let (mut to_draw, mut to_pass) = (rows as f64, rows);
    cells
        .map(|cell| {
            let drawn = match cell {
                0 => 0.0,
                cell if cell >= to_pass => to_draw,
                cell => draws.binomial(to_draw as u64, cell as f64 / to_pass as f64),
            };
            to_draw -= drawn;
            to_pass = to_pass.saturating_sub(cell);
            drawn
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::discrimination::tests::sample;
    use super::*;

    #[test]
    fn rows_between_changes_of_label_are_one_cell() {
        let sample = sample(&[(0.1, 0), (0.2, 0), (0.3, 1), (0.4, 1), (0.5, 0), (0.5, 1), (0.6, 0)]);
        assert_eq!(cells(&sample), [(2, 0), (0, 2), (1, 1), (1, 0)]);
    }

    #[test]
    fn the_interval_of_the_best_threshold_lies_below_what_flatters() {
        let rows: Vec<(f64, u8)> =
            (0..60).map(|row| (f64::from(row % 20), u8::from(row * 13 % 29 < row % 20 + 4))).collect();
        let sample = sample(&rows);
        let found = super::super::decision::youden(&sample).unwrap().value;
        let ends = youden(&sample, found, &Options::default(), "youden").unwrap();
        assert!(ends.low < found && found < ends.high && ends.high <= 1.0, "{found}: {ends:?}");
        assert!(found - ends.low > ends.high - found, "{found}: {ends:?}");
    }

    #[test]
    fn every_row_is_drawn() {
        let mut draws = Draws::new(1, "counts");
        for _ in 0..50 {
            let drawn = counts([3, 0, 5, 2, 0].into_iter(), 10, &mut draws);
            assert!(
                (drawn.iter().sum::<f64>() - 10.0).abs() < 1e-12 && drawn[1] <= 0.0 && drawn[4] <= 0.0,
                "{drawn:?}"
            );
        }
    }
}
