//! The kit's entries on one set of rows: decisions, calibration over bins, parts of the Brier score,
//! labels to re-check.

use super::{Ask, Take};
use crate::pilot::request;
use etiology::metrics::{MetricIndex, ParamValue};
use serde_json::{Value, json};

/// Returns the requests that answer an entry, each with the expected value.
pub(super) fn asks(metric: &str, args: &Value, expected: &Value) -> Vec<(Ask, Value)> {
    let ask = |id: &str, params: &[(&str, ParamValue)], expected: &Value| {
        ((request(id, MetricIndex::Scalar, params), Take::Value), expected.clone())
    };
    let number = |key: &str| ParamValue::from(args[key].as_f64().unwrap_or(10.0));
    let binning = |metric: &str| {
        let words = args["binning"].as_str().unwrap_or("");
        ParamValue::from(if words.contains("percentile") || metric.ends_with("_mass") {
            "equal_mass"
        } else {
            "equal_width"
        })
    };
    match metric {
        "likelihood_ratios" => vec![
            ask("positive_likelihood_ratio", &[], &expected["positive"]),
            ask("negative_likelihood_ratio", &[], &expected["negative"]),
        ],
        "confusion" => vec![
            ask("true_positives", &[], &expected["tp"]),
            ask("false_positives", &[], &expected["fp"]),
            ask("false_negatives", &[], &expected["fn"]),
            ask("true_negatives", &[], &expected["tn"]),
        ],
        "net_benefit" => {
            let thresholds = args["thresholds"].as_array().into_iter().flatten().filter_map(Value::as_f64);
            let values = expected.as_array().into_iter().flatten();
            thresholds.zip(values).map(|(at, value)| ask("net_benefit", &[("threshold", at.into())], value)).collect()
        }
        "threshold_sweep" => expected.as_array().into_iter().flatten().flat_map(at_threshold).collect(),
        "youden" => {
            let expected = json!({ "value": expected["j"], "numbers": [expected["threshold"]] });
            vec![((request("youden", MetricIndex::Scalar, &[]), Take::NotedNumbers), expected)]
        }
        "mce_equal_width" | "mce_equal_mass" => {
            vec![ask("mce", &[("bins", number("bins")), ("binning", binning(metric))], expected)]
        }
        "ece_l1_debiased" | "ece_l2_squared_debiased" => {
            let form = if metric == "ece_l1_debiased" { "l1" } else { "l2_squared" };
            let params = [("bins", number("bins")), ("binning", binning(metric)), ("form", form.into())];
            vec![ask("ece_debiased", &params, expected)]
        }
        "brier_decomposition" => brier_parts(args, expected),
        "brier_decomposition_corp" => vec![
            ask("brier_reliability", &[("form", "corp".into())], &expected["miscalibration"]),
            ask("brier_resolution", &[("form", "corp".into())], &expected["discrimination"]),
            ask("brier_uncertainty", &[], &expected["uncertainty"]),
        ],
        "auroc_delong_logit_ci95" => {
            let wanted = request("auroc", MetricIndex::Scalar, &[("interval", "logit".into())]);
            vec![((wanted, Take::Ends), expected.clone())]
        }
        "auroc_bootstrap_ci95" => {
            let wanted = request("auroc", MetricIndex::Scalar, &[("interval", "bootstrap".into())]);
            vec![((wanted, Take::Ends), expected.clone())]
        }
        // Two classes: their probabilities are the score and its complement.
        "label_noise_rate" if is_binary(args) => {
            vec![ask("label_issues_share", &[("form", "joint".into())], expected)]
        }
        "cl_num_label_issues" if is_binary(args) => {
            vec![((request("label_issues_share", MetricIndex::Scalar, &[]), Take::Rows), expected.clone())]
        }
        _ => Vec::new(),
    }
}

/// Returns one request for each number of a point of a sweep over thresholds.
fn at_threshold(point: &Value) -> Vec<(Ask, Value)> {
    let names = [
        ("tp", "true_positives"),
        ("fp", "false_positives"),
        ("fn", "false_negatives"),
        ("tn", "true_negatives"),
        ("net_benefit", "net_benefit"),
        ("flagged", "alert_rate"),
    ];
    let at = [("threshold", ParamValue::from(point["threshold"].as_f64().unwrap_or(f64::NAN)))];
    let ask =
        |(theirs, ours): (&str, &str)| ((request(ours, MetricIndex::Scalar, &at), Take::Value), point[theirs].clone());
    names.map(ask).into()
}

fn is_binary(args: &Value) -> bool {
    args["probabilities"].as_str().is_some_and(|words| words.contains("1-y_score"))
}

/// Returns one request for each part; those within bins exist only where there are bins.
fn brier_parts(args: &Value, expected: &Value) -> Vec<(Ask, Value)> {
    let bins = args["bins"].as_f64();
    let parts: &[&str] = match bins {
        Some(_) => &["reliability", "resolution", "uncertainty", "within_bin_variance", "within_bin_covariance"],
        None => &["reliability", "resolution", "uncertainty"],
    };
    let of_part = |part: &&str| {
        let mut params: Vec<(&str, ParamValue)> = Vec::new();
        match bins {
            _ if *part == "uncertainty" => {}
            Some(bins) => params.push(("bins", bins.into())),
            None => params.push(("form", "distinct".into())),
        }
        let wanted = request(&format!("brier_{part}"), MetricIndex::Scalar, &params);
        ((wanted, Take::Value), expected[*part].clone())
    };
    parts.iter().map(of_part).collect()
}
