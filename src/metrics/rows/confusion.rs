//! Counts at a threshold and the shares made of them.

use crate::metrics::Undefined;
use crate::metrics::registry::RowMeasure;
use crate::metrics::sample::{Mass, Sample};

/// The confusion matrix at a threshold: what the rows of each cell weigh. A row is flagged when its score is
/// the threshold or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Confusion {
    pub tp: Mass,
    pub fp: Mass,
    pub fn_: Mass,
    pub tn: Mass,
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
        let below = sample.score.partition_point(|score| !Self::flags(*score, threshold));
        let ((tn, fn_), (fp, tp)) = (sample.of_outcome_in(0..below), sample.of_outcome_in(below..sample.entries()));
        Self { tp, fp, fn_, tn }
    }

    /// Returns a share of rows.
    ///
    /// # Errors
    /// Says which rows there are none of.
    pub fn share(&self, measure: RowMeasure) -> Result<Share, Undefined> {
        let Confusion { tp, fp, fn_, tn } = *self;
        let all = tp + fp + fn_ + tn;
        let (hits, rows, none) = match measure {
            RowMeasure::Sensitivity => (tp, tp + fn_, "there are no positives"),
            RowMeasure::Specificity => (tn, tn + fp, "there are no negatives"),
            RowMeasure::Fpr => (fp, tn + fp, "there are no negatives"),
            RowMeasure::Ppv => (tp, tp + fp, "no row is flagged"),
            RowMeasure::Npv => (tn, tn + fn_, "every row is flagged"),
            RowMeasure::AlertRate => (tp + fp, all, "there are no rows"),
            RowMeasure::Accuracy => (tp + tn, all, "there are no rows"),
            RowMeasure::Prevalence => (tp + fn_, all, "there are no rows"),
            _ => return Err(Undefined::new("it is not a share of rows")),
        };
        if rows.weight <= 0.0 {
            return Err(Undefined::new(none));
        }
        Ok(Share { value: hits.weight / rows.weight, rows: rows.effective() })
    }

    /// Returns what the cells weigh: true and false positives, false and true negatives.
    pub fn weights(&self) -> [f64; 4] {
        [self.tp, self.fp, self.fn_, self.tn].map(|cell| cell.weight)
    }

    /// Returns 2 TP / (2 TP + FP + FN).
    pub fn f1(&self) -> Result<f64, Undefined> {
        let [tp, fp, fn_, _] = self.weights();
        let rows = 2.0 * tp + fp + fn_;
        if rows <= 0.0 {
            return Err(Undefined::new("there are neither positives nor flagged rows"));
        }
        Ok(2.0 * tp / rows)
    }

    /// Returns the mean of sensitivity and specificity.
    pub fn balanced_accuracy(&self) -> Result<f64, Undefined> {
        Ok((self.share(RowMeasure::Sensitivity)?.value + self.share(RowMeasure::Specificity)?.value) / 2.0)
    }

    /// Returns Matthews' correlation.
    pub fn mcc(&self) -> Result<f64, Undefined> {
        let [tp, fp, fn_, tn] = self.weights();
        let product = (tp + fp) * (tp + fn_) * (tn + fp) * (tn + fn_);
        if product > 0.0 {
            Ok((tp * tn - fp * fn_) / product.sqrt())
        } else {
            Err(Undefined::new("labels or decisions are all equal"))
        }
    }
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
        let of_rows = Mass::of_rows;
        assert_eq!(confusion, Confusion { tp: of_rows(2), fp: of_rows(1), fn_: of_rows(0), tn: of_rows(1) });
        assert_eq!(confusion.share(RowMeasure::Ppv), Ok(Share { value: 2.0 / 3.0, rows: 3.0 }));
        assert!(Confusion::new(&sample, 2.0).share(RowMeasure::Ppv).is_err());
        assert!((confusion.f1().unwrap() - 0.8).abs() < 1e-15);
    }
}
