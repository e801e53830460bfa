//! Gaps and ratios between the groups of an attribute.
//!
//! A group without a value (no positives, no flagged rows) or with too few rows is left out and
//! named; it never counts as 0. Rates given the outcome (sensitivity, specificity, fpr) are compared
//! over the groups that have both outcomes, so that their gaps and equalized odds are about the
//! same groups.

use super::floor::{self, Spread};
use super::outcome::{Found, Outcome};
use super::privacy::suppression::Shown;
use super::registry::{FairnessMeasure, RowMeasure};
use super::rows::calibration;
use super::rows::confusion::{Confusion, Share};
use super::rows::discrimination::auroc;
use super::rows::{self, Setting};
use super::sample::{Attribute, Sample};
use super::statistics::interval;
use super::{Definition, Interval, Undefined};
use crate::diagnostic::List;

/// The value of one group and how sure it is.
#[derive(Clone, Copy, Debug)]
struct Value {
    value: f64,
    error: Error,
}

#[derive(Clone, Copy, Debug)]
enum Error {
    /// A share of that many effective rows.
    Share(f64),
    /// A mean or an area with its standard error.
    Se(f64),
}

/// The groups that have a value, and a note on those that have none.
struct Groups<'a> {
    values: Vec<(&'a str, Value)>,
    left_out: Vec<String>,
    /// Whether intervals may be shown: their width tells a group's size, and where one group is
    /// hidden that would tell the hidden one's.
    sizes_may_be_told: bool,
}

/// Returns a measure over the groups of `attribute`.
pub(super) fn measure(
    measure: FairnessMeasure,
    definition: &Definition,
    attribute: &Attribute,
    setting: &Setting<'_>,
    min_cell: u64,
    name: &str,
) -> Found {
    match attribute.groups.len() {
        0 => return Err(Undefined::new("no row has a value of this attribute")),
        1 => return Err(Undefined::new("there is one group only")),
        _ => {}
    }
    let groups = |of: &str| groups(of, definition, attribute, setting, min_cell);
    let options = setting.options;
    match measure {
        FairnessMeasure::EqualizedOdds => equalized_odds(definition, attribute, setting, min_cell, name),
        FairnessMeasure::Gap => {
            let groups = groups(definition.word("of"))?;
            let (low, high) = groups.ends();
            let floor = options.floors.then(|| floor::gap(&[groups.spread()], false, options, name)).flatten();
            let ends = groups.interval();
            Ok(Outcome::new(high.1.value - low.1.value).with_interval(ends).with_floor(floor).with_note(groups.note()))
        }
        FairnessMeasure::Ratio => {
            let groups = groups(definition.word("of"))?;
            let (low, high) = groups.ends();
            if high.1.value <= 0.0 {
                return Err(Undefined::new(format!("{} is 0 in every group (0/0)", words(definition.word("of")))));
            }
            Ok(Outcome::new(low.1.value / high.1.value).with_note(groups.note()))
        }
        FairnessMeasure::Worst => {
            let of = definition.word("of");
            let groups = groups(of)?;
            let (low, high) = groups.ends();
            let (group, worst) = if matches!(of, "brier" | "fpr") { high } else { low };
            let ends = match worst.error {
                _ if !groups.sizes_may_be_told => None,
                Error::Share(rows) => interval::wilson_of(worst.value, rows),
                Error::Se(se) => {
                    interval::normal(worst.value, se, 0.0, 1.0, if of == "auroc" { "DeLong" } else { "normal" })
                }
            };
            let outcome = Outcome::new(worst.value).with_interval(ends).with_note(Some(format!("worst in `{group}`")));
            Ok(outcome.with_note(groups.note()))
        }
    }
}

/// Returns the gap of the metric that `definition` names between the groups of `attribute`, and a note on the
/// groups that were left out.
pub(super) fn gap(
    definition: &Definition,
    attribute: &Attribute,
    setting: &Setting<'_>,
    min_cell: u64,
) -> Result<(f64, Option<String>), Undefined> {
    if attribute.groups.len() < 2 {
        return Err(Undefined::new("there are fewer than two groups"));
    }
    let groups = groups(definition.word("of"), definition, attribute, setting, min_cell)?;
    let (low, high) = groups.ends();
    Ok((high.1.value - low.1.value, groups.note()))
}

fn equalized_odds(
    definition: &Definition,
    attribute: &Attribute,
    setting: &Setting<'_>,
    min_cell: u64,
    name: &str,
) -> Found {
    let sensitivity = groups("sensitivity", definition, attribute, setting, min_cell)?;
    let fpr = groups("fpr", definition, attribute, setting, min_cell)?;
    let range = |groups: &Groups<'_>| {
        let (low, high) = groups.ends();
        high.1.value - low.1.value
    };
    let larger = definition.word("form") == "max";
    let (of_sensitivity, of_fpr) = (range(&sensitivity), range(&fpr));
    let value = if larger { of_sensitivity.max(of_fpr) } else { of_sensitivity + of_fpr };
    let options = setting.options;
    let spreads = [sensitivity.spread(), fpr.spread()];
    let floor = options.floors.then(|| floor::gap(&spreads, larger, options, name)).flatten();
    Ok(Outcome::new(value).with_floor(floor).with_note(sensitivity.note()))
}

fn groups<'a>(
    of: &str,
    definition: &Definition,
    attribute: &'a Attribute,
    setting: &Setting<'_>,
    min_cell: u64,
) -> Result<Groups<'a>, Undefined> {
    let sizes_may_be_told = attribute.groups.iter().all(|group| group.shown != Shown::Complement);
    let mut found = Groups { values: Vec::new(), left_out: Vec::new(), sizes_may_be_told };
    for group in &attribute.groups {
        if group.shown == Shown::Small {
            found.left_out.push(format!("`{}` has fewer than {min_cell} rows", group.name));
            continue;
        }
        match value(of, definition, &group.sample, setting) {
            Ok(value) => found.values.push((&group.name, value)),
            Err(Problem::Everywhere(reason)) => return Err(reason),
            Err(Problem::Here(reason)) => found.left_out.push(format!("in `{}` {}", group.name, reason.reason)),
        }
    }
    found.check()?;
    Ok(found)
}

/// Why a group has no value: because of its rows, or because no group can have one.
enum Problem {
    Here(Undefined),
    Everywhere(Undefined),
}

fn value(of: &str, definition: &Definition, sample: &Sample, setting: &Setting<'_>) -> Result<Value, Problem> {
    let measure = match of {
        "auroc" => RowMeasure::Auroc,
        "sensitivity" => RowMeasure::Sensitivity,
        "specificity" => RowMeasure::Specificity,
        "fpr" => RowMeasure::Fpr,
        "ppv" => RowMeasure::Ppv,
        "npv" => RowMeasure::Npv,
        "accuracy" => RowMeasure::Accuracy,
        "brier" => RowMeasure::Brier,
        "prevalence" => RowMeasure::Prevalence,
        _ => RowMeasure::AlertRate,
    };
    rows::check(measure, sample, setting.scale).map_err(Problem::Everywhere)?;
    let given_outcome = matches!(measure, RowMeasure::Sensitivity | RowMeasure::Specificity | RowMeasure::Fpr);
    if given_outcome && sample.events == 0 {
        return Err(Problem::Here(Undefined::new("there are no positives")));
    }
    if given_outcome && sample.non_events() == 0 {
        return Err(Problem::Here(Undefined::new("there are no negatives")));
    }
    match measure {
        RowMeasure::Auroc => {
            let found = auroc(sample).map_err(Problem::Here)?;
            Ok(Value { value: found.area, error: Error::Se(found.se.unwrap_or(0.0)) })
        }
        RowMeasure::Brier => {
            let (value, se) = calibration::brier(sample).map_err(Problem::Here)?;
            Ok(Value { value, error: Error::Se(se) })
        }
        RowMeasure::Prevalence => Ok(of_share(rows::prevalence(sample))),
        _ => {
            let threshold = setting.threshold(definition).map_err(Problem::Everywhere)?;
            let share = Confusion::new(sample, threshold).share(measure);
            share.map(of_share).map_err(Problem::Here)
        }
    }
}

fn of_share(share: Share) -> Value {
    Value { value: share.value, error: Error::Share(share.rows) }
}

impl<'a> Groups<'a> {
    fn check(&self) -> Result<(), Undefined> {
        if self.values.len() >= 2 {
            return Ok(());
        }
        let why = self.left_out.join("; ");
        Err(Undefined::new(format!("fewer than two groups have a value: {why}")))
    }

    /// Returns the groups with the lowest and the highest value; ties go to the first name.
    fn ends(&self) -> ((&'a str, Value), (&'a str, Value)) {
        let nothing = ("", Value { value: 0.0, error: Error::Se(0.0) });
        let low = self.values.iter().copied().reduce(|a, b| if b.1.value < a.1.value { b } else { a });
        let high = self.values.iter().copied().reduce(|a, b| if b.1.value > a.1.value { b } else { a });
        (low.unwrap_or(nothing), high.unwrap_or(nothing))
    }

    /// Returns how the groups would spread if they had one true value.
    fn spread(&self) -> Spread {
        let shares: Vec<Share> = self
            .values
            .iter()
            .filter_map(|(_, value)| match value.error {
                Error::Share(rows) => Some(Share { value: value.value, rows }),
                Error::Se(_) => None,
            })
            .collect();
        if shares.len() == self.values.len() {
            let hits: f64 = shares.iter().map(|share| share.hits()).sum();
            let rows: f64 = shares.iter().map(|share| share.rows).sum();
            return Spread::Share(hits / rows, shares.iter().map(|share| share.rows.round() as u64).collect());
        }
        let se = |value: &Value| match value.error {
            Error::Se(se) => se,
            Error::Share(_) => 0.0,
        };
        Spread::Mean(self.values.iter().map(|(_, value)| se(value)).collect())
    }

    /// Returns the interval of the gap of two groups; for more there is the floor only.
    fn interval(&self) -> Option<Interval> {
        match self.values.as_slice() {
            [(_, a), (_, b)] if self.sizes_may_be_told => match (a.error, b.error) {
                (Error::Share(na), Error::Share(nb)) => interval::newcombe_distance((a.value, na), (b.value, nb)),
                _ => None,
            },
            _ => None,
        }
    }

    fn note(&self) -> Option<String> {
        (!self.left_out.is_empty()).then(|| format!("left out: {}", self.left_out.join("; ")))
    }
}

fn words(of: &str) -> String {
    List::and([of]).to_string()
}
