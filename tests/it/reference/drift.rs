//! The kit's entries about a stream of values: change over time.

use super::{Ask, Described, Run, Take};
use crate::pilot::{named, request, table};
use etiology::metrics::{MetricIndex, ParamValue};
use etiology::table::PilotSpec;
use serde_json::Value;

/// Returns the pilot of an entry about a stream: its column is a feature, its order that of the file.
pub fn pilot(run: &Run, entry: &Value) -> Option<Described> {
    let column = entry["args"]["column"].as_str()?;
    let file = run.read(entry["dataset"].as_str().filter(|name| *name == "stream")?, "csv")?;
    let mut pilot = PilotSpec { min_cell: 0, deployment: table(&file.0), ..PilotSpec::default() };
    pilot.columns.numeric = vec![named(column)];
    Some((pilot, vec![file]))
}

/// Returns the requests that answer an entry, each with the expected value. The kit counts from 0.
pub fn asks(metric: &str, args: &Value, expected: &Value) -> Vec<(Ask, Value)> {
    let number = |key: &str| args[key].as_f64().map(ParamValue::from);
    let given = |names: &[(&'static str, &str)]| {
        let found = names.iter().filter_map(|(ours, theirs)| Some((*ours, number(theirs)?)));
        found.chain([("order", ParamValue::from("file"))]).collect::<Vec<_>>()
    };
    let ask = |id: &str, params: &[(&'static str, ParamValue)], shows: &str, expected: f64| {
        let mut params = params.to_vec();
        params.push(("shows", shows.into()));
        ((request(id, MetricIndex::Feature, &params), Take::Element), Value::from(expected))
    };
    let place = |value: &Value| value.as_f64().unwrap() + 1.0;
    let alarms = |id: &str, params: &[(&'static str, ParamValue)]| {
        let detections = expected["detections"].as_array().unwrap();
        let mut all = vec![ask(id, params, "alarms", detections.len() as f64)];
        all.extend(detections.first().map(|first| ask(id, params, "first_alarm", place(first))));
        all.extend(detections.last().map(|last| ask(id, params, "last_alarm", place(last))));
        all
    };
    let row_by_row = |mut params: Vec<(&'static str, ParamValue)>| {
        params.push(("points", "row".into()));
        params
    };
    match metric {
        "page_hinkley" => {
            let names = [("delta", "delta"), ("lambda", "threshold"), ("alpha", "alpha"), ("warm_up", "min_instances")];
            let mut params = given(&names);
            params.push(("side", args["mode"].as_str().unwrap_or("both").into()));
            alarms("drift_page_hinkley", &params)
        }
        "adwin" => {
            let params = given(&[]);
            let mut all = alarms("drift_adwin", &params);
            all.push(ask("drift_adwin", &params, "width", expected["final_width"].as_f64().unwrap()));
            all.push(ask("drift_adwin", &params, "mean", expected["final_mean"].as_f64().unwrap()));
            all
        }
        "ddm" => {
            let params = given(&[]);
            let mut all = alarms("drift_ddm", &params);
            all.push(ask("drift_ddm", &params, "first_warning", place(&expected["first_warning"])));
            all
        }
        "cusum_tabular" => {
            let side = |side: &str| {
                let mut params = row_by_row(given(&[("k", "k"), ("limit", "h"), ("baseline", "baseline_rows")]));
                params.push(("side", side.into()));
                params
            };
            vec![
                ask("drift_cusum", &side("up"), "first_alarm", place(&expected["first_up"])),
                ask("drift_cusum", &side("down"), "first_alarm", place(&expected["first_down"])),
                ask("drift_cusum", &side("up"), "alarms", expected["alarms_up"].as_f64().unwrap()),
                ask("drift_cusum", &side("up"), "last", expected["final_up"].as_f64().unwrap()),
            ]
        }
        "ewma_chart" => {
            let params = row_by_row(given(&[("weight", "lam"), ("limit", "L"), ("baseline", "baseline_rows")]));
            vec![
                ask("drift_ewma", &params, "first_alarm", place(&expected["first"])),
                ask("drift_ewma", &params, "alarms", expected["alarms"].as_f64().unwrap()),
                ask("drift_ewma", &params, "last", expected["final"].as_f64().unwrap()),
            ]
        }
        _ => Vec::new(),
    }
}
