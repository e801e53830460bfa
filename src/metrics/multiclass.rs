//! More than two outcomes: each class against the rest or against each other class, and the likeliest class.

use super::outcome::{Found, Outcome};
use super::registry::MulticlassMeasure;
use super::rows::Setting;
use super::rows::calibration::{self, Bin, Binning};
use super::rows::discrimination::auroc;
use super::sample::Sample;
use super::statistics::{interval, sums};
use super::{Definition, Floor, Undefined, floor};
use crate::table::{Classes, Part, ScoreScale};

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
        MulticlassMeasure::Kappa => Confusion::new(classes).kappa().map(Outcome::new),
        MulticlassMeasure::F1 => Confusion::new(classes).f1(classes),
        MulticlassMeasure::AurocOvr => auroc_ovr(classes),
        MulticlassMeasure::AurocOvo => auroc_ovo(classes),
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

/// Says that a class has no rows, or all of them.
fn of_class(reason: &Undefined, class: &str) -> Undefined {
    Undefined::new(format!("class `{class}`: {reason}"))
}

fn auroc_ovr(classes: &Classes) -> Found {
    let areas = classes.names.iter().enumerate().map(|(class, name)| {
        auroc(&against_rest(classes, class)).map(|found| found.area).map_err(|reason| of_class(&reason, name))
    });
    let areas = areas.collect::<Result<Vec<f64>, _>>()?;
    let lowest = areas.iter().zip(&classes.names).min_by(|a, b| a.0.total_cmp(b.0));
    let note = lowest.map(|(area, class)| format!("lowest for class `{class}`: {area:.3}"));
    Ok(Outcome::new(mean(areas.iter().copied())).with_note(note))
}

/// Returns the mean over pairs of classes of how well the rows of the two are told apart.
///
/// # Source
/// Hand, Till (2001): for each pair, half the AUROC of the one class's probability and half that of the other's.
fn auroc_ovo(classes: &Classes) -> Found {
    let pairs = (0..classes.names.len()).flat_map(|a| (a + 1..classes.names.len()).map(move |b| (a, b)));
    let area = |class: usize, other: usize| {
        let pair = |truth: usize| truth == class || truth == other;
        let rows = classes.truth.iter().enumerate().filter(|(_, truth)| pair(**truth as usize));
        let (scores, events): (Vec<f64>, Vec<u8>) =
            rows.map(|(row, truth)| (score(classes, class, row), u8::from(*truth as usize == class))).unzip();
        auroc(&Sample::of_rows(&scores, &events)).map(|found| found.area)
    };
    let of_pair = |(a, b): (usize, usize)| {
        let found = area(a, b).and_then(|area_a| Ok((area_a + area(b, a)?) / 2.0));
        let name = |class: usize| classes.names.get(class).map_or("", String::as_str);
        found.map_err(|reason| of_class(&reason, &format!("{}` and `{}", name(a), name(b))))
    };
    let areas = pairs.map(of_pair).collect::<Result<Vec<f64>, _>>()?;
    Ok(Outcome::new(mean(areas.iter().copied())))
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

/// Rows counted by class and likeliest class.
struct Confusion {
    counts: Vec<Vec<u64>>,
}

impl Confusion {
    fn new(classes: &Classes) -> Self {
        let size = classes.names.len();
        let mut counts = vec![vec![0; size]; size];
        for (row, truth) in classes.truth.iter().enumerate() {
            let cell = counts.get_mut(*truth as usize).and_then(|row_of| row_of.get_mut(likeliest(classes, row).0));
            cell.into_iter().for_each(|count| *count += 1);
        }
        Self { counts }
    }

    /// Returns for each class rows of it that were found, rows of it, and rows taken for it.
    fn of_classes(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        self.counts.iter().enumerate().map(|(class, row)| {
            let taken = self.counts.iter().filter_map(|row| row.get(class)).sum();
            (row.get(class).copied().unwrap_or(0), row.iter().sum(), taken)
        })
    }

    fn hits(&self) -> u64 {
        self.of_classes().map(|(hits, _, _)| hits).sum()
    }

    fn kappa(&self) -> Result<f64, Undefined> {
        let n = self.counts.iter().flatten().sum::<u64>() as f64;
        let expected: f64 = self.of_classes().map(|(_, rows, taken)| rows as f64 / n * (taken as f64 / n)).sum();
        if expected >= 1.0 {
            return Err(Undefined::new("label and likeliest class are always the same one class"));
        }
        Ok((self.hits() as f64 / n - expected) / (1.0 - expected))
    }

    fn f1(&self, classes: &Classes) -> Found {
        let (mut values, mut left_out) = (Vec::new(), Vec::new());
        for ((hits, rows, taken), name) in self.of_classes().zip(&classes.names) {
            match rows + taken {
                0 => left_out.push(format!("`{name}`")),
                both => values.push(2.0 * hits as f64 / both as f64),
            }
        }
        let note = (!left_out.is_empty())
            .then(|| format!("left out, since no row is or was taken for it: {}", left_out.join(", ")));
        Ok(Outcome::new(mean(values.into_iter())).with_note(note))
    }
}
