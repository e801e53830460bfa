//! AUROC with DeLong's variance, and average precision.

use crate::metrics::Undefined;
use crate::metrics::sample::{Mass, Sample};

/// Rows of equal score: non-events and events.
type Ties = (u64, u64);

/// Runs of equal score in ascending order.
pub(crate) fn ties(sample: &Sample) -> impl Iterator<Item = Ties> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = *sample.score.get(start)?;
        let mut end = start;
        let (mut others, mut events) = (0, 0);
        while let (Some(score), Some(event)) = (sample.score.get(end), sample.event.get(end))
            && *score <= first
        {
            *(if *event == 1 { &mut events } else { &mut others }) += sample.times_of(end);
            end += 1;
        }
        start = end.max(start + 1);
        Some((others, events))
    })
}

/// Rows of equal score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub score: f64,
    pub rows: u64,
    /// Entries of the sample.
    pub entries: usize,
    pub others: Mass,
    pub events: Mass,
}

/// Returns the runs of equal score from the highest score down, with what they weigh.
pub(crate) fn runs_from_above(sample: &Sample) -> impl Iterator<Item = Run> {
    let mut end = sample.score.len();
    std::iter::from_fn(move || {
        let score = *sample.score.get(end.checked_sub(1)?)?;
        let tied = sample.score.get(..end)?.iter().rev().take_while(|other| **other >= score).count();
        let start = end - tied;
        let rows = (start..end).map(|entry| sample.times_of(entry)).sum();
        let (others, events) = sample.of_outcome_in(start..end);
        end = start;
        Some(Run { score, rows, entries: tied, others, events })
    })
}

/// The area under the ROC curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Auroc {
    pub area: f64,
    /// DeLong's standard error; none where there are fewer than two events or non-events.
    pub se: Option<f64>,
}

/// Returns the AUROC of rows sorted by score; ties count one half.
///
/// # Shapes and units
/// `sample`: `[n]` with labels. Result in 0..=1. Everything is counted in whole numbers, so neither
/// the order of rows nor rounding can be seen in it.
///
/// # Errors
/// Undefined where the labels have one class.
///
/// # Source
/// DeLong, DeLong, Clarke-Pearson (1988), in the form of Sun and Xu (2014), variances with n - 1.
pub(crate) fn auroc(sample: &Sample) -> Result<Auroc, Undefined> {
    if sample.is_weighted() {
        return weighted(sample);
    }
    let (events, others) = (u128::from(sample.events), u128::from(sample.non_events()));
    if events == 0 || others == 0 {
        return Err(Undefined::new("the labels have one class only"));
    }
    // Twice the number of non-events below each event (and of events above each non-event), ties half.
    let (mut below, mut events_before) = (0u128, 0u128);
    let (mut sum, mut squares_events, mut squares_others) = (0u128, 0u128, 0u128);
    for (tied_others, tied_events) in ties(sample) {
        let (tied_others, tied_events) = (u128::from(tied_others), u128::from(tied_events));
        let of_event = 2 * below + tied_others;
        let of_other = 2 * (events - events_before - tied_events) + tied_events;
        sum += tied_events * of_event;
        squares_events += tied_events * of_event * of_event;
        squares_others += tied_others * of_other * of_other;
        below += tied_others;
        events_before += tied_events;
    }
    let area = sum as f64 / (2 * events * others) as f64;
    let se = (events > 1 && others > 1).then(|| {
        // Variance of values x / (2 k): (sum x² - (sum x)² / n) / (n - 1) / (2 k)², exact before division.
        let variance = |squares: u128, rows: u128, scale: u128| {
            let spread = (rows * squares).saturating_sub(sum * sum);
            spread as f64 / (rows as f64 * (rows - 1) as f64 * 4.0 * scale as f64 * scale as f64)
        };
        let of_events = variance(squares_events, events, others);
        let of_others = variance(squares_others, others, events);
        (of_events / events as f64 + of_others / others as f64).sqrt()
    });
    Ok(Auroc { area, se })
}

/// Returns the AUROC of rows that do not all count alike, with DeLong's variance over weighted placements.
fn weighted(sample: &Sample) -> Result<Auroc, Undefined> {
    if sample.events == 0 || sample.non_events() == 0 {
        return Err(Undefined::new("the labels have one class only"));
    }
    let (others, events) = sample.of_outcome();
    let mut runs: Vec<Run> = runs_from_above(sample).collect();
    runs.reverse();
    // Of each run, the share of non-events below its events and of events above its others, ties half.
    let (mut below, mut passed) = (0.0, 0.0);
    let placed: Vec<(f64, f64)> = runs
        .iter()
        .map(|run| {
            let of_event = (below + run.others.weight / 2.0) / others.weight;
            let of_other = (events.weight - passed - run.events.weight / 2.0) / events.weight;
            below += run.others.weight;
            passed += run.events.weight;
            (of_event, of_other)
        })
        .collect();
    let area = runs.iter().zip(&placed).map(|(run, placed)| run.events.weight * placed.0).sum::<f64>() / events.weight;
    let (rows, other_rows) = (events.effective(), others.effective());
    let se = (sample.events > 1 && sample.non_events() > 1 && rows > 1.0 && other_rows > 1.0).then(|| {
        let variance = |part: fn(&Run) -> f64, place: fn(&(f64, f64)) -> f64, mass: Mass| {
            let squares = runs.iter().zip(&placed).map(|(run, placed)| part(run) * (place(placed) - area).powi(2));
            squares.sum::<f64>() / mass.squares / (mass.effective() - 1.0)
        };
        let of_events = variance(|run| run.events.squares, |placed| placed.0, events);
        let of_others = variance(|run| run.others.squares, |placed| placed.1, others);
        (of_events + of_others).sqrt()
    });
    Ok(Auroc { area, se })
}

/// Returns the average precision: precision at each distinct score, weighted by the gain in recall.
///
/// # Errors
/// Undefined where the labels have one class.
///
/// # Source
/// scikit-learn's `average_precision_score`; ties stay together.
pub(crate) fn average_precision(sample: &Sample) -> Result<f64, Undefined> {
    if sample.events == 0 || sample.non_events() == 0 {
        return Err(Undefined::new("the labels have one class only"));
    }
    let (mut flagged, mut hits, mut total) = (0.0, 0.0, 0.0);
    for run in runs_from_above(sample) {
        flagged += run.others.weight + run.events.weight;
        hits += run.events.weight;
        if run.events.weight > 0.0 {
            total += run.events.weight * (hits / flagged);
        }
    }
    // Summed in the same order as the total, so that a perfect ranking is exactly 1.
    Ok(total / hits)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Returns a sorted sample of those scores and labels.
    pub(crate) fn sample(rows: &[(f64, u8)]) -> Sample {
        let mut rows = rows.to_vec();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let score: Vec<f64> = rows.iter().map(|row| row.0).collect();
        Sample {
            n: rows.len(),
            logit: score.iter().map(|score| (score / (1.0 - score)).ln()).collect(),
            score,
            event: rows.iter().map(|row| row.1).collect(),
            has_score: true,
            has_label: true,
            events: rows.iter().map(|row| u64::from(row.1)).sum(),
            ..Sample::default()
        }
    }

    #[test]
    fn pairs_are_counted_with_ties_as_half() {
        // Pairs (event, other): 0.5 beats 0.2, ties 0.5; 0.9 beats both: 3.5 of 4.
        let sample = sample(&[(0.2, 0), (0.5, 0), (0.5, 1), (0.9, 1)]);
        let found = auroc(&sample).unwrap();
        assert!((found.area - 0.875).abs() < 1e-15);
        // V10 = (0.75, 1), V01 = (1, 0.75): both have variance 1/32.
        assert!((found.se.unwrap() - (2.0f64 / 64.0).sqrt()).abs() < 1e-15);
        // Down from 0.9: precision 1 at recall 1/2; then two tied rows, precision 2/3 at recall 1.
        assert!((average_precision(&sample).unwrap() - (0.5 + 0.5 * 2.0 / 3.0)).abs() < 1e-15);
    }

    #[test]
    fn one_class_has_no_area_and_one_event_no_variance() {
        assert!(auroc(&sample(&[(0.2, 1), (0.5, 1)])).is_err());
        assert_eq!(auroc(&sample(&[(0.2, 0), (0.4, 0), (0.5, 1)])).unwrap().se, None);
    }
}
