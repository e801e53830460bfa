//! How far figures fell from what was promised to what was found.

use super::case::{Case, Figure, Stage};

/// Figures whose fall is taken, the first that a case has both before and after. All are shares, and more is better.
const FALLING: [&str; 10] =
    ["auroc", "accuracy", "balanced_accuracy", "sensitivity", "specificity", "f1", "auprc", "ppv", "npv", "dice"];

/// Returns how far the first figure fell that the case has both before and after, in shares, and which that is.
pub fn fall(case: &Case) -> Option<(&'static str, f64)> {
    FALLING.iter().find_map(|metric| {
        Some((*metric, mean_at(case, Stage::Before, metric)? - mean_at(case, Stage::After, metric)?))
    })
}

/// Returns the mean of a metric over its figures at a stage; a range counts by its middle.
pub fn mean_at(case: &Case, stage: Stage, metric: &str) -> Option<f64> {
    let is_it = |figure: &&Figure| figure.stage == stage && figure.metric == metric && figure.unit.is_none();
    let found: Vec<f64> = case
        .figures
        .iter()
        .filter(is_it)
        .map(|figure| figure.to.map_or(figure.value, |to| f64::midpoint(figure.value, to)))
        .collect();
    (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
}
