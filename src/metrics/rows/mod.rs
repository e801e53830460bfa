//! Measures of one set of rows: a table, or one of its subgroups.

mod advice;
mod bootstrap;
pub(super) mod calibration;
mod calibration_error;
pub(super) mod confusion;
mod decided;
mod decision;
mod decomposition;
pub(super) mod discrimination;
mod labels;

use super::outcome::{Found, Outcome};
use super::registry::{BrierPart, RowMeasure};
use super::sample::Sample;
use super::statistics::interval;
use super::{Definition, Options, Undefined, floor};
use crate::table::ScoreScale;
use calibration::{Bin, Binning};
use calibration_error::Debiased;
use confusion::{Confusion, Share};
use discrimination::{auroc, average_precision};
use labels::Issues;
use std::borrow::Cow;

/// What holds for all measures of a pilot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
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
        | RowMeasure::Youden
        | RowMeasure::TruePositives
        | RowMeasure::FalsePositives
        | RowMeasure::FalseNegatives
        | RowMeasure::TrueNegatives
        | RowMeasure::Sensitivity
        | RowMeasure::Specificity
        | RowMeasure::Ppv
        | RowMeasure::Npv
        | RowMeasure::Fpr
        | RowMeasure::Accuracy
        | RowMeasure::BalancedAccuracy
        | RowMeasure::F1
        | RowMeasure::Mcc
        | RowMeasure::PositiveLikelihoodRatio
        | RowMeasure::NegativeLikelihoodRatio => (true, true, false),
        RowMeasure::NetBenefit
        | RowMeasure::LabelIssues
        | RowMeasure::Brier
        | RowMeasure::BrierScaled
        | RowMeasure::BrierPart(_)
        | RowMeasure::LogLoss
        | RowMeasure::Ece
        | RowMeasure::EceDebiased
        | RowMeasure::Mce
        | RowMeasure::Slope
        | RowMeasure::InTheLarge
        | RowMeasure::ObservedExpected => (true, true, true),
    };
    Needs { label, score, probability }
}

/// Says why a measure has no value over these rows, whatever they hold.
pub(crate) fn check(measure: RowMeasure, sample: &Sample, scale: ScoreScale) -> Result<(), Undefined> {
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
pub(crate) fn measure(
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
        RowMeasure::Prevalence => Ok(of_share(prevalence(sample))),
        RowMeasure::Sensitivity
        | RowMeasure::Specificity
        | RowMeasure::Ppv
        | RowMeasure::Npv
        | RowMeasure::Fpr
        | RowMeasure::AlertRate
        | RowMeasure::Accuracy => {
            let share = confusion()?.share(measure)?;
            let advice = match measure {
                RowMeasure::Sensitivity => advice::share("sensitivity", share, "events"),
                RowMeasure::Specificity => advice::share("specificity", share, "rows without the outcome"),
                _ => None,
            };
            Ok(of_share(share).with_advice(advice))
        }
        RowMeasure::TruePositives => Ok(Outcome::new(confusion()?.tp.weight)),
        RowMeasure::FalsePositives => Ok(Outcome::new(confusion()?.fp.weight)),
        RowMeasure::FalseNegatives => Ok(Outcome::new(confusion()?.fn_.weight)),
        RowMeasure::TrueNegatives => Ok(Outcome::new(confusion()?.tn.weight)),
        RowMeasure::BalancedAccuracy => decided::balanced_accuracy(sample, setting.threshold(definition)?),
        RowMeasure::F1 => decided::f1(sample, setting.threshold(definition)?),
        RowMeasure::Mcc => decided::mcc(sample, setting.threshold(definition)?),
        RowMeasure::PositiveLikelihoodRatio | RowMeasure::NegativeLikelihoodRatio => {
            decision::likelihood_ratio(&confusion()?, measure)
        }
        RowMeasure::NetBenefit => decision::net_benefit(sample, &confusion()?, setting.threshold(definition)?),
        RowMeasure::Youden => {
            let found = decision::youden(sample)?;
            if definition.word("interval") != "bootstrap" {
                return Ok(found);
            }
            let ends = bootstrap::youden(sample, found.value, setting.options, name);
            let note =
                ends.is_none().then(|| "no interval: there are too many different scores, or weights".to_owned());
            Ok(found.with_interval(ends).with_note(note))
        }
        RowMeasure::Auroc => area(definition, sample, setting.options, name),
        RowMeasure::Auprc => {
            let value = average_precision(sample)?;
            let se = 1.0 / (sample.of_outcome().1.effective() * value * (1.0 - value)).sqrt();
            let ends = if value < 1.0 { interval::logit(value, se, "logit") } else { None };
            Ok(Outcome::new(value).with_interval(ends))
        }
        RowMeasure::Brier => {
            let (value, se) = calibration::brier(sample)?;
            let ends = if sample.n > 1 { interval::normal(value, se, 0.0, 1.0, "normal") } else { None };
            Ok(Outcome::new(value).with_interval(ends))
        }
        RowMeasure::BrierScaled => {
            let share = prevalence(sample).value;
            if sample.events == 0 || sample.non_events() == 0 {
                return Err(Undefined::new("the prevalence is 0 or 1, so the score to compare with is 0"));
            }
            Ok(Outcome::new(1.0 - calibration::brier(sample)?.0 / (share * (1.0 - share))))
        }
        RowMeasure::BrierPart(part) => brier_part(part, definition, sample, setting.options, name),
        RowMeasure::Ece | RowMeasure::EceDebiased | RowMeasure::Mce => {
            calibration_over_bins(measure, definition, sample, setting.options, name)
        }
        RowMeasure::LogLoss => {
            let (held, note) = clipped(definition, sample);
            let (value, se) = calibration::log_loss(&held)?;
            let ends = if sample.n > 1 { interval::normal(value, se, 0.0, f64::INFINITY, "normal") } else { None };
            Ok(Outcome::new(value).with_interval(ends).with_note(note))
        }
        RowMeasure::Slope => {
            let (held, note) = clipped(definition, sample);
            let fit = calibration::slope(&held)?;
            Ok(wald(fit).with_note(note).with_advice(advice::slope(fit.se, sample.events)))
        }
        RowMeasure::InTheLarge => {
            let (held, note) = clipped(definition, sample);
            Ok(wald(calibration::in_the_large(&held)?).with_note(note))
        }
        RowMeasure::LabelIssues => {
            let form = if definition.word("form") == "joint" { Issues::Joint } else { Issues::Rows };
            labels::issues(sample, form, setting.options.floors)
        }
        RowMeasure::ObservedExpected => {
            let (value, se) = calibration::observed_expected(sample)?;
            Ok(Outcome::new(value).with_interval(se.and_then(|se| interval::log(value, se, "log-normal"))))
        }
    }
}

/// Returns the share of events.
pub(super) fn prevalence(sample: &Sample) -> Share {
    let (all, events) = (sample.total(), sample.of_outcome().1);
    Share { value: events.weight / all.weight, rows: all.effective() }
}

/// Returns a share with Wilson's interval.
pub(super) fn of_share(share: Share) -> Outcome {
    Outcome::new(share.value).with_interval(interval::wilson_of(share.value, share.rows))
}

fn area(definition: &Definition, sample: &Sample, options: &Options, name: &str) -> Found {
    let found = auroc(sample)?;
    let ends = match definition.word("interval") {
        "logit" => found.se.and_then(|se| {
            let share = found.area * (1.0 - found.area);
            if share > 0.0 { interval::logit(found.area, se / share, "DeLong on the logit scale") } else { None }
        }),
        "bootstrap" => found.se.and_then(|_| bootstrap::auroc(sample, options, name)),
        _ => found.se.and_then(|se| interval::normal(found.area, se, 0.0, 1.0, "DeLong")),
    };
    let note = match (&ends, found.se) {
        (Some(_), _) => None,
        (None, None) => Some("no interval: fewer than two events or non-events"),
        (None, Some(_)) if definition.word("interval") == "logit" => {
            Some("no interval: an area of 0 or 1 has no logit")
        }
        (None, Some(_)) if sample.is_weighted() => {
            Some("no interval: weighted rows are not drawn anew; ask for that of DeLong")
        }
        (None, Some(_)) => Some("no interval: with so many different scores ask for that of DeLong, which is as good"),
    };
    let advice = found.se.and_then(|se| advice::area(se, sample.events));
    Ok(Outcome::new(found.area).with_interval(ends).with_note(note.map(str::to_owned)).with_advice(advice))
}

fn bins(definition: &Definition, sample: &Sample) -> Vec<Bin> {
    let count = definition.number("bins").unwrap_or(10.0) as u32;
    let binning = match definition.word("binning") {
        "equal_mass" => Binning::EqualMass,
        _ => Binning::EqualWidth,
    };
    calibration::bins(sample, count, binning)
}

fn calibration_over_bins(
    measure: RowMeasure,
    definition: &Definition,
    sample: &Sample,
    options: &Options,
    name: &str,
) -> Found {
    let bins = bins(definition, sample);
    let form = if definition.word("form") == "l2_squared" { Debiased::L2Squared } else { Debiased::L1 };
    let value = |bins: &[Bin]| match measure {
        RowMeasure::Mce => calibration_error::maximum_calibration_error(bins),
        RowMeasure::EceDebiased => calibration_error::debiased(bins, form),
        _ => calibration::expected_calibration_error(bins),
    };
    let found = value(&bins)?;
    let floor = options.floors.then(|| floor::of_calibrated(&bins, options, name, value)).flatten();
    Ok(Outcome::new(found).with_floor(floor))
}

/// Most bins over which the floor of a part is simulated; what has more is put together by mass.
const FLOOR_BINS: u32 = 500;

fn brier_part(part: BrierPart, definition: &Definition, sample: &Sample, options: &Options, name: &str) -> Found {
    let form = definition.word("form");
    let all = match form {
        "distinct" | "corp" => decomposition::distinct(sample),
        _ => bins(definition, sample),
    };
    let parts = match form {
        "corp" => decomposition::isotonic(&all)?,
        "distinct" => decomposition::between(&all)?,
        _ => decomposition::binned(sample, &all)?,
    };
    let value = match part {
        BrierPart::Reliability => parts.reliability,
        BrierPart::Resolution => parts.resolution,
        BrierPart::Uncertainty => parts.uncertainty,
        BrierPart::WithinVariance => parts.within_variance,
        BrierPart::WithinCovariance => parts.within_covariance,
    };
    if part != BrierPart::Reliability || !options.floors {
        return Ok(Outcome::new(value));
    }
    let few = all.len() <= FLOOR_BINS as usize;
    let floor = match form {
        "corp" => {
            let bins = if few { all } else { calibration::bins(sample, FLOOR_BINS, Binning::EqualMass) };
            let reliability = |bins: &[Bin]| decomposition::isotonic(bins).map(|parts| parts.reliability);
            floor::of_calibrated(&bins, options, name, reliability)
        }
        _ if few || form == "binned" => {
            let reliability = |bins: &[Bin]| decomposition::between(bins).map(|parts| parts.reliability);
            floor::of_calibrated(&all, options, name, reliability)
        }
        _ => None,
    };
    let note = floor.is_none().then(|| format!("no noise floor: there are over {FLOOR_BINS} different scores"));
    Ok(Outcome::new(value).with_floor(floor).with_note(note))
}

/// Returns the rows with every score held inside clip..1 - clip where the definition asks for that, and
/// a note if one was moved.
fn clipped<'a>(definition: &Definition, sample: &'a Sample) -> (Cow<'a, Sample>, Option<String>) {
    let Some(clip) = definition.number("clip") else { return (Cow::Borrowed(sample), None) };
    let held = sample.clipped(clip);
    let moved = held.score.iter().zip(&sample.score).any(|(new, old)| new.total_cmp(old).is_ne());
    (Cow::Owned(held), moved.then(|| format!("scores outside {clip} to 1 - {clip} were moved to these ends")))
}

fn wald(fit: calibration::Fit) -> Outcome {
    let ends = interval::normal(fit.value, fit.se, f64::NEG_INFINITY, f64::INFINITY, "Wald");
    Outcome::new(fit.value).with_interval(ends)
}
