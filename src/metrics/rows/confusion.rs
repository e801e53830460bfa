//! Counts at a threshold and the shares made of them.

use crate::metrics::Undefined;
use crate::metrics::registry::RowMeasure;
use crate::metrics::sample::Sample;

/// The confusion matrix at a threshold, in rows or in what they weigh. A row is flagged when its score is
/// the threshold or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Confusion {
    pub tp: f64,
    pub fp: f64,
    pub fn_: f64,
    pub tn: f64,
}

/// A share of rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share {
    pub value: f64,
    /// The rows that it is a share of: their number, or how many of equal weight would tell as much.
    pub rows: f64,
}

impl Share {
    /// Returns how many of the rows it is.
    pub fn hits(self) -> f64 {
        self.value * self.rows
    }
}

impl Confusion {
    /// Tells whether a score is flagged.
    pub fn flags(score: f64, threshold: f64) -> bool {
        score >= threshold
    }

    pub fn new(sample: &Sample, threshold: f64) -> Self {
        let below = below(sample, threshold);
        let ((tn, fn_), (fp, tp)) = (sample.of_outcome_in(0..below), sample.of_outcome_in(below..sample.n));
        Self { tp: tp.weight, fp: fp.weight, fn_: fn_.weight, tn: tn.weight }
    }

    fn n(&self) -> f64 {
        self.tp + self.fp + self.fn_ + self.tn
    }

    /// Returns a share of the rows of `sample`, whose matrix at `threshold` this is.
    ///
    /// # Errors
    /// Says which rows there are none of.
    pub fn share(&self, measure: RowMeasure, sample: &Sample, threshold: f64) -> Result<Share, Undefined> {
        let Confusion { tp, fp, fn_, tn } = *self;
        let (hits, rows, none) = match measure {
            RowMeasure::Sensitivity => (tp, tp + fn_, "there are no positives"),
            RowMeasure::Specificity => (tn, tn + fp, "there are no negatives"),
            RowMeasure::Fpr => (fp, tn + fp, "there are no negatives"),
            RowMeasure::Ppv => (tp, tp + fp, "no row is flagged"),
            RowMeasure::Npv => (tn, tn + fn_, "every row is flagged"),
            RowMeasure::AlertRate => (tp + fp, self.n(), "there are no rows"),
            RowMeasure::Accuracy => (tp + tn, self.n(), "there are no rows"),
            RowMeasure::Prevalence => (tp + fn_, self.n(), "there are no rows"),
            _ => return Err(Undefined::new("it is not a share of rows")),
        };
        if rows <= 0.0 {
            return Err(Undefined::new(none));
        }
        let effective = if sample.is_weighted() {
            let below = below(sample, threshold);
            let ((tn, fn_), (fp, tp)) = (sample.of_outcome_in(0..below), sample.of_outcome_in(below..sample.n));
            let counted = match measure {
                RowMeasure::Sensitivity => tp + fn_,
                RowMeasure::Specificity | RowMeasure::Fpr => tn + fp,
                RowMeasure::Ppv => tp + fp,
                RowMeasure::Npv => tn + fn_,
                _ => tp + fp + fn_ + tn,
            };
            counted.effective()
        } else {
            rows
        };
        Ok(Share { value: hits / rows, rows: effective })
    }

    /// Returns 2 TP / (2 TP + FP + FN).
    pub fn f1(&self) -> Result<f64, Undefined> {
        let rows = 2.0 * self.tp + self.fp + self.fn_;
        if rows <= 0.0 {
            return Err(Undefined::new("there are neither positives nor flagged rows"));
        }
        Ok(2.0 * self.tp / rows)
    }

    /// Returns the mean of sensitivity and specificity.
    pub fn balanced_accuracy(&self) -> Result<f64, Undefined> {
        let share =
            |hits: f64, rows: f64, none: &str| if rows > 0.0 { Ok(hits / rows) } else { Err(Undefined::new(none)) };
        let sensitivity = share(self.tp, self.tp + self.fn_, "there are no positives")?;
        let specificity = share(self.tn, self.tn + self.fp, "there are no negatives")?;
        Ok((sensitivity + specificity) / 2.0)
    }

    /// Returns Matthews' correlation.
    pub fn mcc(&self) -> Result<f64, Undefined> {
        let Confusion { tp, fp, fn_, tn } = *self;
        let product = (tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_);
        if product > 0.0 {
            Ok((tp * tn - fp * fn_) / product.sqrt())
        } else {
            Err(Undefined::new("labels or decisions are all equal"))
        }
    }
}

/// Returns how many rows of a sorted sample are not flagged.
pub(super) fn below(sample: &Sample, threshold: f64) -> usize {
    sample.score.partition_point(|score| !Confusion::flags(*score, threshold))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_on_the_threshold_is_flagged() {
        let sample = Sample {
            n: 4,
            score: vec![0.1, 0.5, 0.5, 0.9],
            event: vec![0, 0, 1, 1],
            has_score: true,
            has_label: true,
            events: 2,
            ..Sample::default()
        };
        let confusion = Confusion::new(&sample, 0.5);
        assert_eq!(confusion, Confusion { tp: 2.0, fp: 1.0, fn_: 0.0, tn: 1.0 });
        assert_eq!(confusion.share(RowMeasure::Ppv, &sample, 0.5), Ok(Share { value: 2.0 / 3.0, rows: 3.0 }));
        assert!(Confusion::new(&sample, 2.0).share(RowMeasure::Ppv, &sample, 2.0).is_err());
        assert!((confusion.f1().unwrap() - 0.8).abs() < 1e-15);
    }
}
