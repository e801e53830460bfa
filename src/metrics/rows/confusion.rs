//! Counts at a threshold and the shares made of them.

use crate::metrics::Undefined;
use crate::metrics::registry::RowMeasure;
use crate::metrics::sample::Sample;

/// The confusion matrix at a threshold. A row is flagged when its score is the threshold or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Confusion {
    pub tp: u64,
    pub fp: u64,
    pub fn_: u64,
    pub tn: u64,
}

impl Confusion {
    /// Tells whether a score is flagged.
    pub fn flags(score: f64, threshold: f64) -> bool {
        score >= threshold
    }

    pub fn new(sample: &Sample, threshold: f64) -> Self {
        let below = sample.score.partition_point(|score| !Self::flags(*score, threshold));
        let tp = sample.event.get(below..).unwrap_or(&[]).iter().map(|event| u64::from(*event)).sum();
        let flagged = (sample.n - below) as u64;
        Self { tp, fp: flagged - tp, fn_: sample.events - tp, tn: below as u64 - (sample.events - tp) }
    }

    fn n(&self) -> u64 {
        self.tp + self.fp + self.fn_ + self.tn
    }

    /// Returns a share as hits and rows.
    ///
    /// # Errors
    /// Says which rows there are none of.
    pub fn share(&self, measure: RowMeasure) -> Result<(u64, u64), Undefined> {
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
        if rows == 0 { Err(Undefined::new(none)) } else { Ok((hits, rows)) }
    }

    /// Returns 2 TP / (2 TP + FP + FN).
    pub fn f1(&self) -> Result<f64, Undefined> {
        let rows = 2 * self.tp + self.fp + self.fn_;
        if rows == 0 {
            return Err(Undefined::new("there are neither positives nor flagged rows"));
        }
        Ok((2 * self.tp) as f64 / rows as f64)
    }

    /// Returns the mean of sensitivity and specificity, with the variances of both shares.
    pub fn balanced_accuracy(&self) -> Result<f64, Undefined> {
        let share = |measure| self.share(measure).map(|(hits, rows)| hits as f64 / rows as f64);
        Ok((share(RowMeasure::Sensitivity)? + share(RowMeasure::Specificity)?) / 2.0)
    }

    /// Returns Matthews' correlation.
    pub fn mcc(&self) -> Result<f64, Undefined> {
        let [tp, fp, fn_, tn] = [self.tp, self.fp, self.fn_, self.tn].map(|count| count as f64);
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
        assert_eq!(confusion, Confusion { tp: 2, fp: 1, fn_: 0, tn: 1 });
        assert_eq!(confusion.share(RowMeasure::Ppv), Ok((2, 3)));
        assert!(Confusion::new(&sample, 2.0).share(RowMeasure::Ppv).is_err());
        assert!((confusion.f1().unwrap() - 0.8).abs() < 1e-15);
    }
}
