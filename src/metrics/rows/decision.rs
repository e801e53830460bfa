//! What a decision threshold is worth: net benefit, likelihood ratios, and the threshold that parts
//! events from others best.

use super::confusion::Confusion;
use super::discrimination::runs_from_above;
use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::RowMeasure;
use crate::metrics::sample::Sample;
use crate::metrics::statistics::interval;

/// Returns the net benefit of acting at `threshold`, in events found per row.
///
/// # Errors
/// Undefined where the threshold is no probability below 1.
///
/// # Source
/// Vickers, Elkin (2006); a false alarm costs t / (1 - t) of a found event. The interval is that of a
/// mean over rows.
pub(crate) fn net_benefit(sample: &Sample, confusion: &Confusion, threshold: f64) -> Found {
    if !(0.0..1.0).contains(&threshold) {
        return Err(Undefined::new("the threshold is not a probability below 1"));
    }
    let (n, rows) = (sample.total().weight, sample.total().effective());
    let (tp, fp, cost) = (confusion.tp.weight, confusion.fp.weight, threshold / (1.0 - threshold));
    let value = tp / n - fp / n * cost;
    let squares = tp / n + fp / n * cost * cost;
    let se = ((squares - value * value).max(0.0) / (rows - 1.0)).sqrt();
    let ends = if rows > 1.0 { interval::normal(value, se, f64::NEG_INFINITY, 1.0, "normal") } else { None };
    let (events, others) = ((confusion.tp + confusion.fn_).weight, (confusion.fp + confusion.tn).weight);
    let everyone = events / n - others / n * cost;
    let note = format!("acting on every row would have {everyone:.4}, on none 0");
    Ok(Outcome::new(value).with_interval(ends).with_note(Some(note)))
}

/// Returns how much more often a flag (or its absence) is seen in events than in others.
///
/// # Errors
/// Undefined without events or without others, and where the ratio is infinite.
///
/// # Source
/// Interval on the log scale: Simel, Samsa, Matchar (1991).
pub(crate) fn likelihood_ratio(confusion: &Confusion, measure: RowMeasure) -> Found {
    let Confusion { tp, fp, fn_, tn } = *confusion;
    let (of_events, of_others, infinite) = match measure {
        RowMeasure::PositiveLikelihoodRatio => (tp, fp, "no non-event is flagged, so the ratio is infinite"),
        _ => (fn_, tn, "every non-event is flagged, so the ratio is infinite"),
    };
    let (events, others) = (tp + fn_, fp + tn);
    if events.weight <= 0.0 {
        return Err(Undefined::new("there are no positives"));
    }
    if others.weight <= 0.0 {
        return Err(Undefined::new("there are no negatives"));
    }
    if of_others.weight <= 0.0 {
        return Err(Undefined::new(infinite));
    }
    let (among_events, among_others) = (of_events.weight / events.weight, of_others.weight / others.weight);
    let value = among_events / among_others;
    let spread = |share: f64, rows: f64| (1.0 / share - 1.0) / rows;
    let ends = (of_events.weight > 0.0)
        .then(|| (spread(among_events, events.effective()) + spread(among_others, others.effective())).sqrt());
    let note = ends.is_none().then(|| "no interval: the ratio is 0".to_owned());
    Ok(Outcome::new(value).with_interval(ends.and_then(|se| interval::log(value, se, "log-normal"))).with_note(note))
}

/// Returns the largest sensitivity + specificity - 1 over all thresholds, and notes the threshold.
///
/// # Errors
/// Undefined where the labels have one class.
///
/// # Source
/// Youden (1950). Of equal maxima the highest threshold counts, as in scikit-learn's `roc_curve`.
pub(crate) fn youden(sample: &Sample) -> Found {
    if sample.events == 0 || sample.non_events() == 0 {
        return Err(Undefined::new("the labels have one class only"));
    }
    let (others, events) = (sample.of_outcome().0.weight, sample.of_outcome().1.weight);
    // (TP others - FP events) / (events others): whole numbers, and so exact, where each row counts once.
    let (mut tp, mut fp) = (0.0, 0.0);
    let (mut best, mut threshold) = (0.0, None);
    // Where the rows of a run had different scores, all its events may have been above its others.
    let mut most = 0.0f64;
    for run in runs_from_above(sample) {
        most = most.max((tp + run.events.weight) * others - fp * events);
        tp += run.events.weight;
        fp += run.others.weight;
        let gain = tp * others - fp * events;
        if gain > best {
            (best, threshold) = (gain, Some(run.score));
        }
    }
    let note = match threshold {
        Some(threshold) => format!("at a threshold of {threshold}, chosen on these rows and so flattering"),
        None => "no threshold is better than flagging nobody".to_owned(),
    };
    let error = if sample.is_rounded { (most - best) / (events * others) } else { 0.0 };
    Ok(Outcome::new(best / (events * others)).with_error(error).with_note(Some(note)))
}

#[cfg(test)]
mod tests {
    use super::super::discrimination::tests::sample;
    use super::*;

    #[test]
    fn benefit_ratio_and_best_threshold_by_hand() {
        let sample = sample(&[(0.1, 0), (0.2, 0), (0.4, 1), (0.6, 0), (0.7, 1), (0.9, 1)]);
        let confusion = Confusion::new(&sample, 0.5);
        // TP 2, FP 1 of 6 rows.
        let benefit = net_benefit(&sample, &confusion, 0.5).unwrap();
        assert!((benefit.value - (2.0 - 1.0) / 6.0).abs() < 1e-15);
        assert!(net_benefit(&sample, &confusion, 1.0).is_err());
        let ratio = likelihood_ratio(&confusion, RowMeasure::PositiveLikelihoodRatio).unwrap();
        assert!((ratio.value - 2.0).abs() < 1e-15);
        let strict = Confusion::new(&sample, 0.65);
        assert!(likelihood_ratio(&strict, RowMeasure::PositiveLikelihoodRatio).is_err());
        let best = youden(&sample).unwrap();
        assert!((best.value - 2.0 / 3.0).abs() < 1e-15);
        assert!(best.notes[0].starts_with("at a threshold of 0.7"), "{:?}", best.notes);
    }
}
