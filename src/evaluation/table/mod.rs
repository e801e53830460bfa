//! An evaluation for programs: `etiology.evaluation/1`, described in docs/evaluation.schema.json.

mod covered;
mod foreseen;
mod valued;

use super::Appraisal;
use crate::metrics::{Interval, Undefined};
use serde_json::{Value, json};

/// Returns all that was evaluated.
pub fn json(appraisal: &Appraisal) -> Value {
    let judged = &appraisal.judged;
    json!({
        "schema": "etiology.evaluation/1",
        "pack": judged.pack,
        "cases": {"from": judged.place.as_deref().unwrap_or("built_in"), "judged": judged.cases, "built_in": judged.built_in, "mistakes": judged.mistakes},
        "coverage": covered::coverage(&appraisal.coverage),
        "foresight": foreseen::foresight(&appraisal.foresight),
        "degradation": valued::degradation(&appraisal.degradation),
        "surveys": appraisal.worth.iter().map(valued::worth).collect::<Vec<_>>(),
        "mitigations": appraisal.remedies.iter().map(valued::remedy).collect::<Vec<_>>(),
    })
}

/// Returns a figure with its ends, or why there is none.
fn figure(of: &Result<(f64, Option<Interval>), Undefined>) -> Value {
    match of {
        Ok((value, interval)) => with_ends(Some(*value), interval.as_ref()),
        Err(undefined) => json!({"value": null, "reason": undefined.reason}),
    }
}

fn with_ends(value: Option<f64>, interval: Option<&Interval>) -> Value {
    json!({
        "value": value,
        "low": interval.map(|ends| ends.low),
        "high": interval.map(|ends| ends.high),
        "method": interval.map(|ends| ends.method),
    })
}
