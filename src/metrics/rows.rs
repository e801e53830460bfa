//! Measures of one set of rows: a table, or one of its subgroups.

use super::calibration::{self, Binning};
use super::confusion::Confusion;
use super::discrimination::{auroc, average_precision};
use super::outcome::{Found, Outcome};
use super::registry::RowMeasure;
use super::sample::Sample;
use super::{Definition, Options, Undefined, floor, interval};
use crate::table::ScoreScale;

/// What holds for all measures of a pilot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub threshold: Option<f64>,
    pub scale: ScoreScale,
    pub options: &'a Options,
}

impl Setting<'_> {
    /// Returns the threshold of a definition: its own, or the pilot's.
    pub fn threshold(&self, definition: &Definition) -> Result<f64, Undefined> {
        definition
            .number("threshold")
            .or(self.threshold)
            .ok_or_else(|| Undefined::new("no decision threshold is given"))
    }
}

/// What a measure cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Needs {
    label: bool,
    score: bool,
    probability: bool,
}

fn needs(measure: RowMeasure) -> Needs {
    let (label, score, probability) = match measure {
        RowMeasure::Rows => (false, false, false),
        RowMeasure::Events | RowMeasure::Prevalence => (true, false, false),
        RowMeasure::AlertRate => (false, true, false),
        RowMeasure::Auroc
        | RowMeasure::Auprc
        | RowMeasure::Sensitivity
        | RowMeasure::Specificity
        | RowMeasure::Ppv
        | RowMeasure::Npv
        | RowMeasure::Fpr
        | RowMeasure::Accuracy
        | RowMeasure::BalancedAccuracy
        | RowMeasure::F1
        | RowMeasure::Mcc => (true, true, false),
        RowMeasure::Brier
        | RowMeasure::BrierScaled
        | RowMeasure::LogLoss
        | RowMeasure::Ece
        | RowMeasure::Slope
        | RowMeasure::InTheLarge
        | RowMeasure::ObservedExpected => (true, true, true),
    };
    Needs { label, score, probability }
}

/// Says why a measure has no value over these rows, whatever they hold.
pub(super) fn check(measure: RowMeasure, sample: &Sample, scale: ScoreScale) -> Result<(), Undefined> {
    let needs = needs(measure);
    if needs.label && !sample.has_label {
        return Err(Undefined::new("no column is named as the label"));
    }
    if needs.score && !sample.has_score {
        return Err(Undefined::new("no column is named as the score"));
    }
    if needs.probability && scale == ScoreScale::Raw {
        return Err(Undefined::new("the scores are not probabilities"));
    }
    if sample.n == 0 && measure != RowMeasure::Rows {
        return Err(Undefined::new("there are no rows"));
    }
    Ok(())
}

/// Returns a measure of `sample`. `name` picks the draws of its floor.
pub(super) fn measure(
    measure: RowMeasure,
    definition: &Definition,
    sample: &Sample,
    setting: &Setting<'_>,
    name: &str,
) -> Found {
    check(measure, sample, setting.scale)?;
    let confusion = || Ok(Confusion::new(sample, setting.threshold(definition)?));
    match measure {
        RowMeasure::Rows => Ok(Outcome::new(sample.n as f64)),
        RowMeasure::Events => Ok(Outcome::new(sample.events as f64)),
        RowMeasure::Prevalence => Ok(share(sample.events, sample.n as u64)),
        RowMeasure::Sensitivity
        | RowMeasure::Specificity
        | RowMeasure::Ppv
        | RowMeasure::Npv
        | RowMeasure::Fpr
        | RowMeasure::AlertRate
        | RowMeasure::Accuracy => {
            let (hits, rows) = confusion()?.share(measure)?;
            Ok(share(hits, rows))
        }
        RowMeasure::BalancedAccuracy => confusion()?.balanced_accuracy().map(Outcome::new),
        RowMeasure::F1 => confusion()?.f1().map(Outcome::new),
        RowMeasure::Mcc => confusion()?.mcc().map(Outcome::new),
        RowMeasure::Auroc => {
            let found = auroc(sample)?;
            let ends = found.se.and_then(|se| interval::normal(found.area, se, 0.0, 1.0, "DeLong"));
            let note = found.se.is_none().then(|| "no interval: fewer than two events or non-events".to_owned());
            Ok(Outcome::new(found.area).with_interval(ends).with_note(note))
        }
        RowMeasure::Auprc => {
            let value = average_precision(sample)?;
            let se = 1.0 / (sample.events as f64 * value * (1.0 - value)).sqrt();
            let ends = if value < 1.0 { interval::logit(value, se, "logit") } else { None };
            Ok(Outcome::new(value).with_interval(ends))
        }
        RowMeasure::Brier => {
            let (value, se) = calibration::brier(sample)?;
            let ends = if sample.n > 1 { interval::normal(value, se, 0.0, 1.0, "normal") } else { None };
            Ok(Outcome::new(value).with_interval(ends))
        }
        RowMeasure::BrierScaled => {
            let share = sample.events as f64 / sample.n as f64;
            if sample.events == 0 || sample.non_events() == 0 {
                return Err(Undefined::new("the prevalence is 0 or 1, so the score to compare with is 0"));
            }
            Ok(Outcome::new(1.0 - calibration::brier(sample)?.0 / (share * (1.0 - share))))
        }
        RowMeasure::LogLoss => calibration::log_loss(sample).map(Outcome::new),
        RowMeasure::Ece => {
            let count = definition.number("bins").unwrap_or(10.0) as u32;
            let binning = match definition.word("binning") {
                "equal_mass" => Binning::EqualMass,
                _ => Binning::EqualWidth,
            };
            let bins = calibration::bins(sample, count, binning);
            let value = calibration::expected_calibration_error(&bins)?;
            let options = setting.options;
            let floor = options.floors.then(|| floor::calibration_error(&bins, options, name)).flatten();
            Ok(Outcome::new(value).with_floor(floor))
        }
        RowMeasure::Slope => calibration::slope(sample).map(wald),
        RowMeasure::InTheLarge => calibration::in_the_large(sample).map(wald),
        RowMeasure::ObservedExpected => {
            let (value, se) = calibration::observed_expected(sample)?;
            Ok(Outcome::new(value).with_interval(se.and_then(|se| interval::log(value, se, "log-normal"))))
        }
    }
}

fn share(hits: u64, rows: u64) -> Outcome {
    Outcome::new(hits as f64 / rows as f64).with_interval(interval::wilson(hits, rows))
}

fn wald(fit: calibration::Fit) -> Outcome {
    let ends = interval::normal(fit.value, fit.se, f64::NEG_INFINITY, f64::INFINITY, "Wald");
    Outcome::new(fit.value).with_interval(ends)
}
