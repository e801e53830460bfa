//! The kit's entries about raw divergences and about all numeric features together.

use super::{Ask, Described, Run, Take, cell};
use crate::pilot::{csv, named, request, table};
use etiology::metrics::{MetricIndex, ParamValue};
use etiology::table::PilotSpec;
use serde_json::Value;

/// Returns the pilot of an entry about two sets of points.
pub fn pilot(run: &Run, entry: &Value) -> Option<Described> {
    let args = &entry["args"];
    let mut pilot = PilotSpec { min_cell: 0, ..PilotSpec::default() };
    pilot.columns.numeric = vec![named("*")];
    if let Some((x, y)) = entry["dataset"].as_str()?.split_once('|').filter(|(x, _)| x.starts_with("mmd")) {
        let (x, y) = (run.read(x, "csv")?, run.read(y, "csv")?);
        (pilot.development, pilot.deployment) = (table(&x.0), table(&y.0));
        return Some((pilot, vec![x, y]));
    }
    let (x, y) = (args["x"].as_array()?, args["y"].as_array()?);
    let file = |name: &str, rows: &[Value]| {
        let names: Vec<String> = (0..rows.first()?.as_array()?.len()).map(|k| format!("f{k}")).collect();
        let column = |k: usize| rows.iter().map(|row| cell(&row[k])).collect();
        let columns: Vec<(&str, Vec<String>)> =
            names.iter().enumerate().map(|(k, name)| (name.as_str(), column(k))).collect();
        Some((name.to_owned(), csv(&columns).into_bytes()))
    };
    (pilot.development, pilot.deployment) = (table("x.csv"), table("y.csv"));
    Some((pilot, vec![file("x.csv", x)?, file("y.csv", y)?]))
}

/// Returns the requests that answer an entry, each with the expected value.
pub fn asks(metric: &str, args: &Value, expected: &Value) -> Vec<(Ask, Value)> {
    let one = |id: &str, index: MetricIndex, params: &[(&str, ParamValue)], expected: Value| {
        let take = if index == MetricIndex::Feature { Take::Element } else { Take::Value };
        ((request(id, index, params), take), expected)
    };
    let feature =
        |id: &str, params: &[(&str, ParamValue)]| vec![one(id, MetricIndex::Feature, params, expected.clone())];
    let raw = ("smoothing", ParamValue::from("none"));
    let turned = ("direction", ParamValue::from("deploy_to_train"));
    let mmd = |id: &str, more: &[(&str, ParamValue)], expected: &Value| {
        let sigma = args["sigma"].as_f64().map_or(ParamValue::from("median"), ParamValue::from);
        let mut params = vec![("bandwidth", sigma), ("standardised", "no".into())];
        params.extend(more.iter().cloned());
        one(id, MetricIndex::Scalar, &params, expected.clone())
    };
    match metric {
        // The kit's discrete vectors are not smoothed.
        "psi" | "kl" if args["p"].is_array() => feature(metric, &[raw]),
        "kl_train_deploy_raw" => feature("kl", &[raw]),
        "kl_deploy_train_raw" => feature("kl", &[raw, turned]),
        "js_divergence_base2" => feature("js", &[("form", "divergence".into())]),
        "l_infinity" => feature("l_infinity", &[]),
        "mmd2_unbiased" => vec![mmd("mmd", &[], expected)],
        "mmd2_biased" => vec![mmd("mmd", &[("estimator", "biased".into())], expected)],
        "mmd2_linear" => {
            let linear = [("estimator", ParamValue::from("linear"))];
            let (value, (request, _)) = (mmd("mmd", &linear, &expected["value"]), mmd("mmd", &linear, expected).0);
            let se = expected["variance"].as_f64().unwrap().sqrt();
            vec![value, ((request, Take::Se), se.into())]
        }
        "mmd_sigma_median" => vec![mmd("mmd_bandwidth", &[], expected)],
        "mmd_permutation_p" => {
            let permutations = ParamValue::from(args["permutations"].as_f64().unwrap());
            vec![mmd("mmd_p", &[("permutations", permutations)], expected)]
        }
        _ => Vec::new(),
    }
}
