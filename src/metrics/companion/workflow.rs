//! What work with the system is like: disruption, and the burden of alerts.

use super::mean;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::WorkflowMeasure;
use crate::metrics::statistics::{interval, resample, sums};
use crate::metrics::{Definition, Options, Undefined};
use crate::table::{ColumnUse, Companion};

/// Returns a measure of a table of workflow, and the rows that it rests on; for the override rate, the alerts.
pub(crate) fn measure(
    measure: WorkflowMeasure,
    definition: &Definition,
    table: &Companion,
    options: &Options,
    name: &str,
) -> (Found, u64) {
    let found = match measure {
        WorkflowMeasure::Disruption => disruption(definition, table).map(|values| {
            let found = mean::measure(&values, 0.0, 1.0, EMPTY);
            (found.map(|outcome| noted(outcome, table, values.len())), values.len() as u64)
        }),
        WorkflowMeasure::DisruptionP90 => disruption(definition, table).map(|values| {
            let found = p90(&values);
            (found.map(|outcome| noted(outcome, table, values.len())), values.len() as u64)
        }),
        WorkflowMeasure::AlertBurden => alert_burden(definition.word("per"), table, options, name),
        WorkflowMeasure::OverrideRate => override_rate(table),
    };
    found.unwrap_or_else(|reason| (Err(reason), 0))
}

const EMPTY: &str = "no row has time, interruptions and dissatisfaction";
const PARTS: [(ColumnUse, &str); 3] =
    [(ColumnUse::Time, "alpha"), (ColumnUse::Interruptions, "beta"), (ColumnUse::SatisfactionLoss, "gamma")];

/// Returns alpha T + beta N + gamma S of each row, in ascending order; rows that lack one of them are left out.
///
/// Each part is on 0 to 1, either in the table or divided by its worst figure and held at 1 above it.
fn disruption(definition: &Definition, table: &Companion) -> Result<Vec<f64>, Undefined> {
    let weights = PARTS.map(|(_, weight)| definition.number(weight).unwrap_or(0.0));
    let total: f64 = weights.iter().sum();
    if (total - 1.0).abs() > 1e-9 {
        return Err(Undefined::new(format!("the weights add up to {total}, and must add up to 1")));
    }
    let mut values = vec![0.0; table.rows];
    for ((column, _), weight) in PARTS.into_iter().zip(weights) {
        let part = table.number(column).ok_or_else(|| {
            Undefined::new("the workflow table names no `time`, `interruptions` and `satisfaction_loss`")
        })?;
        let worst = table.spec.worst(column);
        for (value, part) in values.iter_mut().zip(part) {
            *value += weight * worst.map_or(*part, |worst| held(*part / worst));
        }
    }
    values.retain(|value| !value.is_nan());
    values.sort_unstable_by(f64::total_cmp);
    Ok(values)
}

/// Returns `part`, at most 1; a missing one stays missing, which `min` would not let it.
fn held(part: f64) -> f64 {
    if part > 1.0 { 1.0 } else { part }
}

/// Adds what each part was divided by, and the rows that were left out.
fn noted(outcome: Outcome, table: &Companion, used: usize) -> Outcome {
    let scales = PARTS.iter().filter_map(|(column, _)| Some((column, table.spec.worst(*column)?)));
    let scales: Vec<String> =
        scales.map(|(column, worst)| format!("{} divided by {worst}, at most 1", column.as_str())).collect();
    let scales = (!scales.is_empty()).then(|| scales.join("; "));
    outcome.with_note(scales).with_note(mean::left_out(table.rows, used, "with a part missing"))
}

fn p90(sorted: &[f64]) -> Found {
    if sorted.is_empty() {
        return Err(Undefined::new(EMPTY));
    }
    let ends = interval::order_statistics(sorted, 0.9);
    let without = ends.is_none().then(|| "no interval: there are too few rows".to_owned());
    Ok(Outcome::new(sums::quantile(sorted, 0.9)).with_interval(ends).with_note(without))
}

/// Returns alerts for each 100 patients, or for each clinician and day.
fn alert_burden(per: &str, table: &Companion, options: &Options, name: &str) -> Result<(Found, u64), Undefined> {
    let (column, factor) = match per {
        "clinician_day" => (ColumnUse::ClinicianDays, 1.0),
        _ => (ColumnUse::Patients, 100.0),
    };
    let named = |column: ColumnUse| {
        let nothing = || Undefined::new(format!("the workflow table names no `{}`", column.as_str()));
        table.number(column).ok_or_else(nothing)
    };
    let pairs = named(ColumnUse::Alerts)?.iter().copied().zip(named(column)?.iter().copied());
    let mut rows: Vec<(f64, f64)> = pairs.filter(|(alerts, of)| !alerts.is_nan() && !of.is_nan()).collect();
    rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let ratio = |times: &[u32]| {
        let (mut alerts, mut of) = (0.0, 0.0);
        for (row, times) in rows.iter().zip(times) {
            alerts += row.0 * f64::from(*times);
            of += row.1 * f64::from(*times);
        }
        (of > 0.0).then(|| factor * alerts / of)
    };
    let value = ratio(&vec![1; rows.len()]).ok_or_else(|| {
        Undefined::new(format!("`{}` adds up to 0, so there is nothing to divide by", column.as_str()))
    })?;
    let ends = resample::over(value, rows.len(), options, name, ratio);
    let without = ends.is_none().then(|| "no interval: there are too few rows".to_owned());
    let note = mean::left_out(table.rows, rows.len(), "with a count missing");
    Ok((Ok(Outcome::new(value).with_interval(ends).with_note(without).with_note(note)), rows.len() as u64))
}

/// Returns the share of alerts that were overridden. Without a column of alerts each row is one.
fn override_rate(table: &Companion) -> Result<(Found, u64), Undefined> {
    let overridden = table
        .number(ColumnUse::Overridden)
        .ok_or_else(|| Undefined::new("the workflow table names no `overridden`"))?;
    let alerts = table.number(ColumnUse::Alerts);
    let alerts_of = |row: usize| alerts.map_or(1.0, |alerts| alerts.get(row).copied().unwrap_or(f64::NAN));
    let (mut hits, mut all, mut used) = (0.0, 0.0, 0);
    for (row, hit) in overridden.iter().enumerate() {
        let alerts = alerts_of(row);
        if *hit > alerts {
            return Err(Undefined::new("a row counts more overridden alerts than alerts"));
        }
        if !hit.is_nan() && !alerts.is_nan() {
            hits += hit;
            all += alerts;
            used += 1;
        }
    }
    if all <= 0.0 {
        return Err(Undefined::new("there were no alerts"));
    }
    let ends = interval::wilson(hits as u64, all as u64);
    let note = mean::left_out(table.rows, used, "with a count missing");
    Ok((Ok(Outcome::new(hits / all).with_interval(ends).with_note(note)), all as u64))
}
