//! The kit's entries over more than two classes.

use super::{Described, Run, Take};
use crate::pilot::{named, request, table};
use etiology::metrics::{MetricIndex, MetricRequest, ParamValue};
use serde_json::Value;

impl Run {
    /// Returns the pilot of an entry that names the probabilities of classes.
    pub(super) fn multiclass(&self, entry: &Value, mut pilot: etiology::table::PilotSpec) -> Option<Described> {
        let args = &entry["args"];
        let file = self.read(entry["dataset"].as_str()?, "csv")?;
        pilot.deployment = table(&file.0);
        pilot.columns.label = Some(named(args["y_true"].as_str().or(args["given_label"].as_str())?));
        if let Some((first, _)) = args["probabilities"].as_str().and_then(|range| range.split_once("..")) {
            pilot.columns.scores = vec![named(&format!("{}*", first.trim_end_matches(|c: char| c.is_ascii_digit())))];
            return Some((pilot, vec![file]));
        }
        let columns = args["probabilities"].as_array()?;
        // The pattern that all columns have in common: `p*` for `p0`, `p1`, ….
        let first = columns.first()?.as_str()?;
        let common = first.char_indices().map(|(end, _)| end).rev().find(|end| {
            columns.iter().all(|column| column.as_str().is_some_and(|name| name.starts_with(&first[..*end])))
        })?;
        pilot.columns.scores = vec![named(&format!("{}*", &first[..common]))];
        Some((pilot, vec![file]))
    }
}

/// Returns the request that answers an entry over classes.
pub(super) fn asks(metric: &str, args: &Value) -> Option<(MetricRequest, Take)> {
    let bins = [("bins", ParamValue::from(args["bins"].as_f64().unwrap_or(10.0)))];
    let joint = [("form", ParamValue::from("joint"))];
    let (id, params): (&str, &[(&str, ParamValue)]) = match metric {
        "accuracy" => ("multiclass_accuracy", &[]),
        "cohen_kappa" => ("multiclass_kappa", &[]),
        "auroc_ovr_macro" => ("auroc_ovr", &[]),
        "auroc_ovo_macro" => ("auroc_ovo", &[]),
        "f1_macro" => ("f1_macro", &[]),
        "brier_multiclass" => ("brier_multiclass", &[]),
        "log_loss" => ("log_loss_multiclass", &[]),
        "ece_top_label" => ("ece_top_label", &bins),
        "ece_classwise" => ("ece_classwise", &bins),
        "cl_num_label_issues" => ("label_issues_multiclass", &[]),
        "label_noise_rate" => ("label_issues_multiclass", &joint),
        _ => return None,
    };
    let take = if metric == "cl_num_label_issues" { Take::Rows } else { Take::Value };
    Some((request(id, MetricIndex::Scalar, params), take))
}
