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
        let columns = args["probabilities"].as_array()?;
        pilot.deployment = table(&file.0);
        pilot.columns.label = Some(named(args["y_true"].as_str()?));
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
        _ => return None,
    };
    Some((request(id, MetricIndex::Scalar, params), Take::Value))
}
