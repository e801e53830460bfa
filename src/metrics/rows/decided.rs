//! Figures made of all four counts of a confusion matrix, with intervals in closed form.

use super::confusion::Confusion;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::RowMeasure;
use crate::metrics::sample::Sample;
use crate::metrics::statistics::interval;

/// Returns the mean of sensitivity and specificity at `threshold`.
///
/// # Errors
/// Undefined where the labels have one class.
///
/// # Source
/// Interval: Wilson's of both shares combined as by Newcombe (1998), method 10, for half their sum.
pub(super) fn balanced_accuracy(sample: &Sample, threshold: f64) -> Found {
    let confusion = Confusion::new(sample, threshold);
    let value = confusion.balanced_accuracy()?;
    let reach = |measure| {
        let share = confusion.share(measure).ok()?;
        let ends = interval::wilson_of(share.value, share.rows)?;
        Some((share.value - ends.low, ends.high - share.value))
    };
    let both = reach(RowMeasure::Sensitivity).zip(reach(RowMeasure::Specificity));
    let ends = both.and_then(|(a, b)| {
        let (down, up) = (a.0.hypot(b.0) / 2.0, a.1.hypot(b.1) / 2.0);
        interval::between((value - down).max(0.0), (value + up).min(1.0), "Newcombe")
    });
    Ok(Outcome::new(value).with_interval(ends))
}

/// Returns the F1 score at `threshold`.
///
/// # Errors
/// Undefined where there are neither events nor flagged rows.
///
/// # Source
/// Interval: among rows that are events or flagged, the share J that is both is binomial; F1 = 2 J / (1 + J) rises
/// with it, so that Wilson's ends of J give those of F1.
pub(super) fn f1(sample: &Sample, threshold: f64) -> Found {
    let confusion = Confusion::new(sample, threshold);
    let value = confusion.f1()?;
    let either = (confusion.tp + confusion.fp + confusion.fn_).effective();
    let of = |share: f64| 2.0 * share / (1.0 + share);
    let ends = interval::wilson_of(value / (2.0 - value), either)
        .and_then(|ends| interval::between(of(ends.low), of(ends.high), "Wilson of TP / (TP + FP + FN)"));
    Ok(Outcome::new(value).with_interval(ends))
}

/// Returns Matthews' correlation at `threshold`; no interval where it is -1 or 1.
///
/// # Errors
/// Undefined where labels or decisions are all equal.
///
/// # Source
/// Interval: delta method over the four cells, on Fisher's z scale.
pub(super) fn mcc(sample: &Sample, threshold: f64) -> Found {
    let confusion = Confusion::new(sample, threshold);
    let value = confusion.mcc()?;
    let Confusion { tp, fp, fn_, tn } = confusion;
    let cells = [tp, tn, fp, fn_];
    let weight: f64 = cells.iter().map(|cell| cell.weight).sum();
    let [tp, fp, fn_, tn] = confusion.weights().map(|cell| cell / weight);
    let (flagged, events, others, unflagged) = (tp + fp, tp + fn_, tn + fp, tn + fn_);
    let root = (flagged * events * others * unflagged).sqrt();
    // How fast the value rises with the share of each cell.
    let slope = |partner: f64, a: f64, b: f64| partner / root - value / 2.0 * (1.0 / a + 1.0 / b);
    let slopes = [
        slope(tn, flagged, events),
        slope(tp, others, unflagged),
        slope(-fn_, flagged, others),
        slope(-fp, events, unflagged),
    ];
    let mean: f64 = cells.iter().zip(slopes).map(|(cell, slope)| cell.weight / weight * slope).sum();
    // Rows vary, each as much as it weighs: where all weigh one, the squares of a cell are its rows.
    let squares: f64 = cells.iter().zip(slopes).map(|(cell, slope)| cell.squares * (slope - mean).powi(2)).sum();
    let se = squares.sqrt() / weight / (1.0 - value * value);
    let end = |z: f64| (value.atanh() + z * se).tanh();
    // By the cells and not by the value, which rounding may leave beside 1 where weights are not whole.
    let extreme = fp + fn_ <= 0.0 || tp + tn <= 0.0;
    let ends = if extreme {
        None
    } else {
        interval::between(end(-interval::Z), end(interval::Z), "delta method on Fisher's z")
    };
    Ok(Outcome::new(value).with_interval(ends))
}

#[cfg(test)]
mod tests {
    use super::super::discrimination::tests::sample;
    use super::*;

    /// Rows with those counts at a threshold of 0.5.
    fn rows(tp: usize, fp: usize, fn_: usize, tn: usize) -> Sample {
        let cells = [((0.9, 1), tp), ((0.8, 0), fp), ((0.2, 1), fn_), ((0.1, 0), tn)];
        let rows: Vec<(f64, u8)> = cells.into_iter().flat_map(|(row, count)| vec![row; count]).collect();
        sample(&rows)
    }

    #[test]
    fn intervals_by_hand() {
        let some = rows(40, 10, 20, 130);
        // Wilson's interval of 40 of 70 is 0.45478 to 0.68064; as F1, 0.62522 to 0.80998.
        let ends = f1(&some, 0.5).unwrap().interval.unwrap();
        assert!((ends.low - 0.625_22).abs() < 1e-5 && (ends.high - 0.809_98).abs() < 1e-5, "{ends:?}");
        // The correlation of two independent marks has a standard error of 1 / sqrt(n).
        let ends = mcc(&rows(25, 25, 25, 25), 0.5).unwrap().interval.unwrap();
        assert!((ends.high - (interval::Z / 10.0).tanh()).abs() < 1e-12 && (ends.low + ends.high).abs() < 1e-12);
        assert!(mcc(&rows(5, 0, 0, 5), 0.5).unwrap().interval.is_none());
        let ends = balanced_accuracy(&some, 0.5).unwrap().interval.unwrap();
        assert!(ends.low < 0.797_6 && 0.797_6 < ends.high && ends.high - ends.low < 0.14, "{ends:?}");
    }
}
