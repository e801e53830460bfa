//! The kit's entries on two models and on many p-values.

use super::{Ask, Take};
use crate::pilot::request;
use etiology::metrics::{Adjustment, MetricIndex, adjusted};
use serde_json::{Value, json};

/// Returns the requests that answer an entry on two models.
pub(super) fn asks(metric: &str, expected: &Value) -> Vec<(Ask, Value)> {
    let ask = |id: &str, take: Take, expected: Value| ((request(id, MetricIndex::Scalar, &[]), take), expected);
    match metric {
        "auroc_paired_delong" => vec![ask("auroc_difference_p", Take::Value, expected["p"].clone())],
        "wilcoxon_signed_rank" => {
            let wanted = request("brier_difference_p", MetricIndex::Scalar, &[("test", "wilcoxon".into())]);
            vec![((wanted, Take::Value), expected["p"].clone())]
        }
        "paired_t" => vec![ask("brier_difference_p", Take::Value, expected["p"].clone())],
        _ => {
            let expected = json!({ "value": expected["p"], "numbers": [expected["b"], expected["c"]] });
            vec![ask("mcnemar_p", Take::NotedNumbers, expected)]
        }
    }
}

/// Checks an entry on adjusted p-values; none for any other entry.
pub(super) fn adjustment(metric: &str, entry: &Value) -> Option<Result<(), String>> {
    let (asked, word) = metric.split_once('_').filter(|(asked, _)| matches!(*asked, "adjusted" | "rejected"))?;
    let adjustment = match word.trim_start_matches("p_") {
        "bonferroni" => Adjustment::Bonferroni,
        "holm" => Adjustment::Holm,
        "fdr_bh" => Adjustment::BenjaminiHochberg,
        "fdr_by" => Adjustment::BenjaminiYekutieli,
        _ => return None,
    };
    let p: Vec<f64> = entry["args"]["p"].as_array()?.iter().filter_map(Value::as_f64).collect();
    let found = adjusted(&p, adjustment);
    let limit = entry["args"]["alpha"].as_f64().unwrap_or(0.05);
    let agrees = |(found, value): (&f64, &Value)| match asked {
        "rejected" => value.as_bool() == Some(*found <= limit),
        _ => value.as_f64().is_some_and(|value| (found - value).abs() <= 1e-12 + 1e-9 * value),
    };
    let all = found.iter().zip(entry["value"].as_array()?).all(agrees);
    Some(if all { Ok(()) } else { Err(format!("{found:?} instead of {}", entry["value"])) })
}
