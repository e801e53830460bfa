//! The kit's entries on Ward's method and silhouettes.

use etiology::clusters::{Distances, Tree, mean_silhouette, silhouettes, ward};
use serde_json::{Value, json};

/// Checks an entry on clusters; none for any other entry.
pub(super) fn outcome(
    metric: &str,
    entry: &Value,
    read: impl Fn(&str) -> Option<(String, Vec<u8>)>,
) -> Option<Result<(), String>> {
    if !metric.starts_with("ward_") && !metric.starts_with("silhouette") {
        return None;
    }
    let args = &entry["args"];
    let points = match entry["dataset"].as_str()? {
        "inline" => rows(&args["points"]),
        dataset => columns(&read(dataset)?.1, &args["columns"]),
    };
    let distances = Distances::euclidean(&points);
    let tree = ward(&distances);
    let labels = || match args["k"].as_u64() {
        Some(k) => tree.cut(k as usize),
        None => args["labels"].as_array().unwrap().iter().map(|label| label.as_u64().unwrap() as usize).collect(),
    };
    let found = match metric {
        "ward_heights" => json!(heights(&tree)),
        "ward_sizes" => json!(tree.joins.iter().map(|join| join.size).collect::<Vec<_>>()),
        "ward_ess_increase_last" => json!(tree.joins.last()?.height.powi(2) / 2.0),
        "ward_labels" => json!(labels()),
        "silhouette" => match mean_silhouette(&distances, &labels()) {
            Ok(mean) => json!(mean),
            Err(undefined) if entry["kind"] == "refusal" => {
                return Some(match undefined.reason.contains("one cluster") {
                    true => Ok(()),
                    false => Err(undefined.reason),
                });
            }
            Err(undefined) => return Some(Err(undefined.reason)),
        },
        // The kit lists the first ones.
        "silhouette_samples" => {
            let each = silhouettes(&distances, &labels()).ok()?;
            json!(each[..entry["value"].as_array()?.len()])
        }
        _ => return None,
    };
    let (value, rtol, atol) = (&entry["value"], entry["rtol"].as_f64()?, entry["atol"].as_f64()?);
    let close = |found: &Value, value: &Value| {
        let (found, value) = (found.as_f64().unwrap(), value.as_f64().unwrap());
        (found - value).abs() <= atol + rtol * value.abs()
    };
    let agrees = match (&found, value) {
        (Value::Array(found), Value::Array(value)) => {
            found.len() == value.len() && found.iter().zip(value).all(|(found, value)| close(found, value))
        }
        (found, value) => found.is_number() && value.is_number() && close(found, value),
    };
    Some(if agrees { Ok(()) } else { Err(format!("{found} instead of {value}")) })
}

fn heights(tree: &Tree) -> Vec<f64> {
    tree.joins.iter().map(|join| join.height).collect()
}

fn rows(points: &Value) -> Vec<Vec<f64>> {
    let row = |row: &Value| row.as_array().unwrap().iter().map(|cell| cell.as_f64().unwrap()).collect();
    points.as_array().unwrap().iter().map(row).collect()
}

fn columns(csv: &[u8], wanted: &Value) -> Vec<Vec<f64>> {
    let mut lines = std::str::from_utf8(csv).unwrap().lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |name: &Value| names.iter().position(|other| name == other).unwrap();
    let places: Vec<usize> = wanted.as_array().unwrap().iter().map(place).collect();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        places.iter().map(|place| cells[*place].parse().unwrap()).collect()
    };
    lines.map(row).collect()
}
