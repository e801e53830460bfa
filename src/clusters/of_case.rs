//! A documented failure as a vector: what its source speaks of. What it does not speak of is not known.

use super::item::{Item, Kind, Part, Value};
use crate::corpus::{Case, GroupGap, Stage, fall, mean_at};

/// Figures of the measured view, as cases call them.
const MEASURED: [(Part, &str); 5] = [
    (Part::ShiftIndex, "distribution_shift_index"),
    (Part::CalibrationError, "ece"),
    (Part::EqualizedOdds, "equalized_odds_gap"),
    (Part::EnsembleVariance, "ensemble_variance"),
    (Part::Interpretability, "interpretability_score"),
];

/// Returns a case as a vector.
pub fn of_case(case: &Case) -> Item {
    let once = |code: &str| (code.to_owned(), 1.0);
    let mut values = Vec::new();
    let mut known = |part: Part, value: Option<Value>| values.extend(value.map(|value| (part, value)));
    known(Part::Modes, Value::codes(case.modes.iter().map(|coding| once(&coding.mode.value))));
    known(Part::Factors, Value::codes(case.factors().into_iter().map(once)));
    known(Part::Degradation, fall(case).map(|(_, fall)| Value::Number(fall)));
    known(Part::Domain, Value::codes([once(case.domain)]));
    known(Part::Evidence, Value::codes([once(case.evidence)]));
    for (part, metric) in MEASURED {
        let found = mean_at(case, Stage::After, metric);
        let found = if part == Part::EqualizedOdds { found.or_else(|| equalized_odds(case)) } else { found };
        known(part, found.map(Value::Number));
    }
    let main = case.modes.first().map(|coding| ("main mode", coding.mode.value.clone()));
    Item {
        name: case.id.value.clone(),
        title: case.title.clone(),
        kind: Kind::Case,
        values,
        labels: main.into_iter().chain([("domain", case.domain.to_owned())]).collect(),
    }
}

/// Returns the gap in sensitivity plus the gap in specificity between the groups of one attribute that has both,
/// where it is largest.
fn equalized_odds(case: &Case) -> Option<f64> {
    let gap_of = |gap: &GroupGap| {
        let values = || gap.values.iter().map(|(_, value)| *value);
        values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
    };
    let hits = case.groups.iter().filter(|gap| gap.metric == "sensitivity" && gap.values.len() > 1);
    let both = hits.filter_map(|hits| {
        let alarms = |other: &&GroupGap| other.metric == "specificity" && other.attribute == hits.attribute;
        let alarms = case.groups.iter().find(alarms).filter(|alarms| alarms.values.len() > 1)?;
        Some(gap_of(hits) + gap_of(alarms))
    });
    both.max_by(f64::total_cmp)
}
