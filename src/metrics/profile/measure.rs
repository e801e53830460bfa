//! Measures of the development table alone, from its profile.

use super::{Classes, Decisions, Profile, measured};
use crate::metrics::outcome::{Finding, Found, Outcome};
use crate::metrics::registry::{Measure, RowMeasure};
use crate::metrics::rows;
use crate::metrics::rows::confusion::Confusion;
use crate::metrics::sample::Mass;
use crate::metrics::statistics::interval;
use crate::metrics::{Definition, Undefined};
use crate::table::TableRole;

const NEEDS_ROWS: &str = "it needs rows, and the reference profile tells no value that was measured on them";

/// Returns a measure of the profiled table, or of the group of an attribute.
pub(in crate::metrics) fn measure(
    profile: &Profile,
    measure: Measure,
    definition: &Definition,
    group: Option<(&str, &str)>,
) -> Finding {
    if let Some(finding) = measured::told(profile, definition, group) {
        return finding;
    }
    let Measure::OfRows(measure) = measure else { return nothing(NEEDS_ROWS) };
    if profile.weighted && !matches!(measure, RowMeasure::Rows | RowMeasure::Events) {
        return nothing(
            "rows of development do not all count alike, and the reference profile does not tell this value",
        );
    }
    match group {
        None => {
            let found = of_rows(profile, measure, definition);
            let events = profile.events;
            Finding { found, n: profile.rows, events, table: Some(TableRole::Development) }
        }
        Some((attribute, group)) => {
            let found = profile.attributes.iter().find(|known| known.name == attribute);
            let Some(group) = found.and_then(|known| known.groups.iter().find(|known| known.name == group)) else {
                return nothing("the reference profile does not tell this group");
            };
            let found = match measure {
                RowMeasure::Rows => Ok(Outcome::new(group.rows as f64)),
                _ => decided(group.decisions, measure, definition, profile),
            };
            Finding { found, n: group.rows, events: None, table: Some(TableRole::Development) }
        }
    }
}

fn nothing(reason: &str) -> Finding {
    Finding::nothing(reason, Some(TableRole::Development))
}

fn of_rows(profile: &Profile, measure: RowMeasure, definition: &Definition) -> Found {
    let n = profile.rows;
    let classes = || {
        profile.classes.as_ref().ok_or_else(|| {
            Undefined::new("the reference profile has no labels and scores together, or too few rows of one class")
        })
    };
    let events = || profile.events.ok_or_else(|| Undefined::new("the reference profile does not tell its events"));
    match measure {
        RowMeasure::Rows => Ok(Outcome::new(n as f64)),
        RowMeasure::Events => Ok(Outcome::new(events()? as f64)),
        RowMeasure::Prevalence => Ok(share(events()?, n)),
        RowMeasure::Brier => probabilities(profile).and_then(|()| Ok(Outcome::new(classes()?.squares / n as f64))),
        RowMeasure::ObservedExpected => {
            probabilities(profile)?;
            let sum = classes()?.sum;
            if sum > 0.0 { Ok(Outcome::new(events()? as f64 / sum)) } else { Err(Undefined::new("every score is 0")) }
        }
        RowMeasure::Auroc => auroc(classes()?),
        _ => decided(profile.decisions, measure, definition, profile),
    }
}

fn probabilities(profile: &Profile) -> Result<(), Undefined> {
    if profile.scores == "raw" { Err(Undefined::new("the scores are not probabilities")) } else { Ok(()) }
}

/// Returns the area under the ROC curve with pairs in one cell counted as half, which is wrong by half of them at most.
fn auroc(classes: &Classes) -> Found {
    let (mut above, mut tied, mut below) = (0.0, 0.0, 0u64);
    for (others, events) in classes.non_events.iter().zip(&classes.events) {
        above += *events as f64 * below as f64;
        tied += *events as f64 * *others as f64;
        below += others;
    }
    let pairs = classes.events.iter().sum::<u64>() as f64 * below as f64;
    if pairs <= 0.0 {
        return Err(Undefined::new("the labels have one class"));
    }
    Ok(Outcome::new((above + tied / 2.0) / pairs).with_error(tied / 2.0 / pairs))
}

/// Returns a measure of the decisions at the threshold of the profile.
fn decided(decisions: Option<Decisions>, measure: RowMeasure, definition: &Definition, profile: &Profile) -> Found {
    let known = matches!(
        measure,
        RowMeasure::TruePositives
            | RowMeasure::FalsePositives
            | RowMeasure::FalseNegatives
            | RowMeasure::TrueNegatives
            | RowMeasure::Sensitivity
            | RowMeasure::Specificity
            | RowMeasure::Ppv
            | RowMeasure::Npv
            | RowMeasure::Fpr
            | RowMeasure::AlertRate
            | RowMeasure::Accuracy
    );
    if !known {
        return Err(Undefined::new(NEEDS_ROWS));
    }
    let same = |threshold: f64| profile.threshold.is_some_and(|own| own.total_cmp(&threshold).is_eq());
    if definition.number("threshold").is_some_and(|threshold| !same(threshold)) {
        return Err(Undefined::new("the reference profile tells decisions at the threshold of the pilot alone"));
    }
    let Some(Decisions { tp, fp, fn_, tn }) = decisions else {
        return Err(Undefined::new(
            "the reference profile does not tell decisions, since there is no threshold or one of the four counts is small",
        ));
    };
    match measure {
        RowMeasure::TruePositives => Ok(Outcome::new(tp as f64)),
        RowMeasure::FalsePositives => Ok(Outcome::new(fp as f64)),
        RowMeasure::FalseNegatives => Ok(Outcome::new(fn_ as f64)),
        RowMeasure::TrueNegatives => Ok(Outcome::new(tn as f64)),
        _ => {
            let [tp, fp, fn_, tn] = [tp, fp, fn_, tn].map(Mass::of_rows);
            Confusion { tp, fp, fn_, tn }.share(measure).map(rows::of_share)
        }
    }
}

fn share(hits: u64, of: u64) -> Outcome {
    Outcome::new(hits as f64 / of as f64).with_interval(interval::wilson(hits, of))
}
