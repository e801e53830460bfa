//! More than two outcomes: each class against the rest or against each other class, and the likeliest class.

mod areas;
mod confusion;
mod labels;

use super::outcome::{Found, Outcome};
use super::registry::MulticlassMeasure;
use super::rows::Setting;
use super::rows::calibration::{self, Bin, Binning};
use super::sample::Sample;
use super::statistics::{interval, sums};
use super::{Definition, Floor, Undefined, floor};
use crate::table::{Classes, Part, ScoreScale};
use confusion::Confusion;

/// Returns a measure over the classes of a table. `name` picks the draws of its floor.
///
/// # Errors
/// Undefined where no classes are named, and as the measure's own code says.
pub(super) fn measure(
    measure: MulticlassMeasure,
    definition: &Definition,
    part: &Part,
    setting: &Setting<'_>,
    name: &str,
) -> Found {
    let needs_probability = !matches!(
        measure,
        MulticlassMeasure::Accuracy
            | MulticlassMeasure::Kappa
            | MulticlassMeasure::F1
            | MulticlassMeasure::AurocOvr
            | MulticlassMeasure::AurocOvo
    );
    let classes =
        part.classes.as_ref().ok_or_else(|| Undefined::new("no columns are named as the scores of classes"))?;
    if classes.truth.len() != part.rows {
        return Err(Undefined::new("no column is named as the label"));
    }
    if classes.names.len() < 2 {
        return Err(Undefined::new("there is one class only"));
    }
    if needs_probability && setting.scale == ScoreScale::Raw {
        return Err(Undefined::new("the scores are not probabilities"));
    }
    let bins = definition.number("bins").unwrap_or(10.0) as u32;
    match measure {
        MulticlassMeasure::Accuracy => {
            let (hits, n) = (Confusion::new(classes).hits(), part.rows as u64);
            Ok(Outcome::new(hits as f64 / n as f64).with_interval(interval::wilson(hits, n)))
        }
        MulticlassMeasure::Kappa => Confusion::new(classes).kappa(),
        MulticlassMeasure::F1 => Confusion::new(classes).f1(classes),
        MulticlassMeasure::AurocOvr => areas::one_vs_rest(classes),
        MulticlassMeasure::AurocOvo => areas::one_vs_one(classes),
        MulticlassMeasure::LabelIssues => labels::issues(classes, definition.word("form") == "joint", setting.options),
        MulticlassMeasure::Brier => Ok(mean_of_rows(classes, brier_of_row, 2.0)),
        MulticlassMeasure::LogLoss => log_loss(classes),
        MulticlassMeasure::EceTopLabel => {
            let bins = calibration::bins(&top_label(classes), bins, Binning::EqualWidth);
            let options = setting.options;
            let value = calibration::expected_calibration_error;
            let floor = options.floors.then(|| floor::of_calibrated(&bins, options, name, value)).flatten();
            Ok(Outcome::new(value(&bins)?).with_floor(floor))
        }
        MulticlassMeasure::EceClasswise => {
            let bins: Vec<Vec<Bin>> = (0..classes.names.len())
                .map(|class| calibration::bins(&against_rest(classes, class), bins, Binning::EqualWidth))
                .collect();
            let errors =
                bins.iter().map(|bins| calibration::expected_calibration_error(bins)).collect::<Result<Vec<_>, _>>()?;
            // The mean of the classes' floors is exact; that of their 95th percentiles is an upper bound, since
            // the errors of classes vary less together than each alone.
            let options = setting.options;
            let floors = bins.iter().zip(&classes.names).map(|(bins, class)| {
                let name = format!("{name} {class}");
                let value = calibration::expected_calibration_error;
                options.floors.then(|| floor::of_calibrated(bins, options, &name, value)).flatten()
            });
            let floor = floors.collect::<Option<Vec<_>>>().map(|floors| Floor {
                mean: mean(floors.iter().map(|floor| floor.mean)),
                p95: mean(floors.iter().map(|floor| floor.p95)),
                method: "seeded simulation of calibrated classes, mean over classes",
            });
            Ok(Outcome::new(mean(errors.into_iter())).with_floor(floor))
        }
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}

/// Returns the probability that the `row` gives to the `class`.
fn score(classes: &Classes, class: usize, row: usize) -> f64 {
    classes.scores.get(class).and_then(|scores| scores.get(row)).copied().unwrap_or(0.0)
}

/// Returns the likeliest class of a row and its probability; the first of equally likely ones, as numpy's
/// `argmax` does.
fn likeliest(classes: &Classes, row: usize) -> (usize, f64) {
    let mut best = (0, f64::NEG_INFINITY);
    for class in 0..classes.names.len() {
        let score = score(classes, class, row);
        if score > best.1 {
            best = (class, score);
        }
    }
    best
}

/// Returns the rows with the probability of one class, and whether it is theirs.
fn against_rest(classes: &Classes, class: usize) -> Sample {
    let scores = classes.scores.get(class).map_or(&[][..], |scores| scores);
    let events: Vec<u8> = classes.truth.iter().map(|truth| u8::from(*truth as usize == class)).collect();
    Sample::of_rows(scores, &events)
}

/// Returns the rows with the probability of their likeliest class, and whether it is right.
fn top_label(classes: &Classes) -> Sample {
    let rows = classes.truth.iter().enumerate();
    let (scores, events): (Vec<f64>, Vec<u8>) = rows
        .map(|(row, truth)| {
            let (class, score) = likeliest(classes, row);
            (score, u8::from(class == *truth as usize))
        })
        .unzip();
    Sample::of_rows(&scores, &events)
}

fn brier_of_row(classes: &Classes, row: usize, truth: usize) -> f64 {
    let of_class = |class: usize| (score(classes, class, row) - f64::from(u8::from(class == truth))).powi(2);
    (0..classes.names.len()).map(of_class).sum()
}

/// Returns the mean of a figure of each row, at most `high`, with its normal interval.
fn mean_of_rows(classes: &Classes, of_row: impl Fn(&Classes, usize, usize) -> f64 + Sync, high: f64) -> Outcome {
    let n = classes.truth.len();
    let of = |row: usize| classes.truth.get(row).map_or(0.0, |truth| of_row(classes, row, *truth as usize));
    let [total] = sums::sum_by_piece(n, |rows| [rows.map(of).sum()]);
    let mean = total / n as f64;
    let [spread] = sums::sum_by_piece(n, |rows| [rows.map(|row| (of(row) - mean).powi(2)).sum()]);
    let se = (n > 1).then(|| (spread / (n as f64 - 1.0) / n as f64).sqrt());
    Outcome::new(mean).with_interval(se.and_then(|se| interval::normal(mean, se, 0.0, high, "normal")))
}

fn log_loss(classes: &Classes) -> Found {
    let outcome = mean_of_rows(classes, |classes, row, truth| -score(classes, truth, row).ln(), f64::INFINITY);
    match outcome.value.is_finite() {
        true => Ok(outcome),
        false => Err(Undefined::new("it is infinite, because a class that was given no probability was the right one")),
    }
}
