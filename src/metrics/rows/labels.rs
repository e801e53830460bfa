//! Rows whose label a confident model contradicts: rows to re-check, never the share of wrong labels.
//!
//! On data with 4.7 % of labels wrong the estimate below was 16 to 24 %, because a model that ranks
//! only fairly contradicts many right labels. Hence the note and the floor that go with it.

use super::calibration::{self, Binning};
use super::discrimination::auroc;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::sample::Sample;
use crate::metrics::statistics::sums;
use crate::metrics::{Floor, Undefined};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issues {
    /// Rows that are confidently of the other class, and which the model gives that class.
    Rows,
    /// The share off the diagonal of the estimated joint distribution of given and true labels.
    Joint,
}

/// How sure a model must be of each class: its mean probability of that class in the rows labelled so.
#[derive(Clone, Copy, Debug)]
struct Sure {
    of_other: f64,
    of_event: f64,
}

/// The tolerance of cleanlab's comparison with the thresholds.
const TOLERANCE: f64 = 1e-6;

impl Sure {
    /// Returns the class that a score confidently says, if any.
    fn class(self, score: f64) -> Option<u8> {
        let other = 1.0 - score >= self.of_other - TOLERANCE;
        let event = score >= self.of_event - TOLERANCE;
        match (other, event) {
            (false, false) => None,
            (true, false) => Some(0),
            (false, true) => Some(1),
            (true, true) => Some(likelier(score)),
        }
    }

    /// Tells whether a row with that score and label is to be re-checked.
    fn contradicts(self, score: f64, event: u8) -> bool {
        self.class(score) == Some(1 - event) && likelier(score) != event
    }
}

/// Returns the class of larger probability; an even score says class 0.
fn likelier(score: f64) -> u8 {
    u8::from(score > 0.5)
}

/// Returns the share of rows to re-check.
///
/// # Errors
/// Undefined where the labels have one class.
///
/// # Source
/// Northcutt, Jiang, Chuang (2021), confident learning, for two classes, as in cleanlab 2.9:
/// `num_label_issues` by the off-diagonal, and one minus the trace of `estimate_joint`.
pub(crate) fn issues(sample: &Sample, form: Issues, floor: bool) -> Found {
    let note = note(sample)?;
    let n = sample.n as f64;
    // Rows of which that is true of score and label.
    let count = |is: &dyn Fn(f64, u8) -> bool| {
        let rows = sample.counted(0..sample.entries()).filter(|(score, event, _)| is(*score, *event));
        rows.map(|(_, _, times)| times).sum::<u64>()
    };
    let [of_events, of_others] = sums::sum_by_piece(sample.entries(), |entries| {
        sample.counted(entries).fold([0.0, 0.0], |[events, others], (score, event, times)| {
            let times = times as f64;
            if event == 1 { [events + times * score, others] } else { [events, others + times * (1.0 - score)] }
        })
    });
    let sure = Sure { of_event: of_events / sample.events as f64, of_other: of_others / sample.non_events() as f64 };
    match form {
        Issues::Rows => {
            let found = count(&|score, event| sure.contradicts(score, event));
            let floor = floor.then(|| of_right_labels(sample)).flatten();
            Ok(Outcome::new(found as f64 / n).with_floor(floor).with_note(Some(note)))
        }
        Issues::Joint => {
            let count =
                |label: u8, class: u8| count(&|score, event| event == label && sure.class(score) == Some(class));
            // Each label's rows are divided as the confident ones are, and counted in whole rows.
            let off = |label: u8, rows: u64| {
                let (same, other) = (count(label, label).max(1) as f64, count(label, 1 - label) as f64);
                (rows as f64 * other / (same + other)).round_ties_even()
            };
            let off = off(0, sample.non_events()) + off(1, sample.events);
            Ok(Outcome::new(off / n).with_note(Some(note)))
        }
    }
}

/// Says what the model is worth, without which the share cannot be read.
fn note(sample: &Sample) -> Result<String, Undefined> {
    let area = auroc(sample)?.area;
    let bins = calibration::bins(sample, 10, Binning::EqualWidth);
    let error = calibration::expected_calibration_error(&bins)?;
    Ok(format!(
        "rows to re-check, not the share of wrong labels: a model of AUROC {area:.3} and calibration error {error:.3} \
         contradicts right labels as well"
    ))
}

/// Returns what would be listed if every label were right and drawn from its score.
fn of_right_labels(sample: &Sample) -> Option<Floor> {
    let [scores, squares] = sums::sum_by_piece(sample.entries(), |entries| {
        sample.counted(entries).fold([0.0, 0.0], |[scores, squares], (score, _, times)| {
            [scores + times as f64 * score, squares + times as f64 * score * score]
        })
    });
    let n = sample.n as f64;
    let sure = Sure { of_event: squares / scores, of_other: (n - 2.0 * scores + squares) / (n - scores) };
    let [mean, variance] = sums::sum_by_piece(sample.entries(), |entries| {
        sample.counted(entries).fold([0.0, 0.0], |[mean, variance], (score, _, times)| {
            let chance = if sure.contradicts(score, 0) {
                1.0 - score
            } else if sure.contradicts(score, 1) {
                score
            } else {
                0.0
            };
            let times = times as f64;
            [mean + times * chance, variance + times * chance * (1.0 - chance)]
        })
    });
    let p95 = (mean + 1.644_853_626_951_472_2 * variance.sqrt()).min(n);
    mean.is_finite().then_some(Floor { mean: mean / n, p95: p95 / n, method: "right labels drawn from the scores" })
}
