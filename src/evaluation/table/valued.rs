//! Explanatory power, use, trust and what mitigations did, for programs.

use super::figure;
use crate::corpus::figure_json;
use crate::evaluation::{Degradation, Explained, MetricEffect, RemedyEffect, Worth};
use crate::risk::{Bounds, Quantity};
use serde_json::{Value, json};

/// Returns how much of the fall of figures is explained.
pub(super) fn degradation(degradation: &Degradation) -> Value {
    let explained =
        |of: &Explained| json!({"r2_left_out": figure(&of.left_out), "r2_in_sample": figure(&of.in_sample)});
    json!({
        "cases": degradation.cases,
        "figures": degradation.figures,
        "falls": degradation.falls.map(|(least, mean, most)| json!({"least": least, "mean": mean, "greatest": most})),
        "by_likelihood_of_a_failure_of_performance": explained(&degradation.by_causes),
        "by_number_of_coded_causes": explained(&degradation.by_number),
    })
}

/// Returns what a survey says of use or trust.
pub(super) fn worth(worth: &Worth) -> Value {
    json!({
        "asked": worth.asked.name(),
        "survey": worth.survey,
        "question": worth.question,
        "scale": {"from": worth.scale.0, "to": worth.scale.1},
        "before": worth.before.as_ref().map(figure_json),
        "after": worth.after.as_ref().map(figure_json),
        "change": worth.change.as_ref().map(figure_json),
        "p": worth.p,
    })
}

/// Returns what a mitigation did.
pub(super) fn remedy(remedy: &RemedyEffect) -> Value {
    json!({
        "without": remedy.deployments[0],
        "with": remedy.deployments[1],
        "metrics": remedy.metrics.iter().map(metric).collect::<Vec<_>>(),
        "risks": remedy.risks.iter().map(|of| json!({
            "mode": of.mode, "title": of.title, "without": bounds(&of.risks[0]), "with": bounds(&of.risks[1]),
        })).collect::<Vec<_>>(),
        "total": {"without": bounds(&remedy.total[0]), "with": bounds(&remedy.total[1])},
    })
}

fn metric(of: &MetricEffect) -> Value {
    json!({
        "metric": of.metric,
        "title": of.title,
        "without": of.values[0],
        "with": of.values[1],
        "difference": of.difference,
        "effectiveness": of.effectiveness.as_ref().ok(),
        "reason": of.effectiveness.as_ref().err().map(|undefined| undefined.reason.as_str()),
    })
}

fn bounds<Q: Quantity>(of: &Bounds<Q>) -> Value {
    json!({"low": of.low().get(), "estimate": of.estimate().get(), "high": of.high().get()})
}
