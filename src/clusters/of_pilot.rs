//! A pilot as a vector: only what was measured or answered counts.

use super::item::{Item, Kind, Part, Value};
use crate::explanation::Case;
use crate::facts::FactStore;
use crate::model::KnowledgeBase;
use crate::risk::{ContributionKind, NodeLikelihood};

/// Inputs of the measured view, as packs call them. Of one with an index the largest value counts.
const MEASURED: [(Part, &str); 5] = [
    (Part::ShiftIndex, "shift.dsi"),
    (Part::CalibrationError, "calibration.ece"),
    (Part::EqualizedOdds, "fairness.equalized_odds_sum"),
    (Part::EnsembleVariance, "ensemble.variance"),
    (Part::Interpretability, "explanation.rating"),
];

/// Figures that fall: what was promised, or measured in development, and what was found here.
const FALLING: [(&str, &str); 3] = [
    ("development.auroc", "discrimination.auroc"),
    ("claimed.auroc", "discrimination.auroc"),
    ("claimed.sensitivity", "discrimination.sensitivity"),
];

/// Returns a pilot as a vector.
///
/// A mode or factor weighs as much as the rules that fired say, without its base rate and without what its causes
/// would bring: those are the pack's knowledge and not this pilot's.
pub fn of_pilot(case: Case<'_>, name: &str, title: &str) -> Item {
    let Case { knowledge, facts, assessment, .. } = case;
    let own = |modes: bool| {
        let nodes = assessment.likelihoods.iter().filter(move |found| knowledge.nodes[found.node].is_mode() == modes);
        nodes.map(|found| (knowledge.nodes[found.node].id.clone(), own_evidence(found)))
    };
    let number = |input: &str| largest(knowledge, facts, input);
    let fall = FALLING.iter().find_map(|(before, after)| Some(number(before)? - number(after)?));
    let mut values = Vec::new();
    let mut known = |part: Part, value: Option<Value>| values.extend(value.map(|value| (part, value)));
    known(Part::Modes, Value::codes(own(true)));
    known(Part::Factors, Value::codes(own(false)));
    known(Part::Degradation, fall.map(Value::Number));
    for (part, input) in MEASURED {
        known(part, number(input).map(Value::Number));
    }
    Item { name: name.to_owned(), title: title.to_owned(), kind: Kind::Pilot, values, labels: Vec::new() }
}

/// Returns what the rules that fired say of a mode or factor, from 0 to 1: suspicions joined, less what speaks
/// against it.
fn own_evidence(found: &NodeLikelihood) -> f64 {
    let (mut unsuspected, mut left) = (1.0, 1.0);
    for part in found.contributions.iter().filter(|part| part.counted.estimate) {
        match part.kind {
            ContributionKind::Rule { .. } => unsuspected *= 1.0 - part.value.estimate,
            ContributionKind::Exoneration { .. } => left *= 1.0 - part.value.estimate,
            ContributionKind::Base | ContributionKind::Factor { .. } | ContributionKind::CommonCauses => {}
        }
    }
    (1.0 - unsuspected) * left
}

fn largest(knowledge: &KnowledgeBase, facts: &FactStore, input: &str) -> Option<f64> {
    let (id, _) = knowledge.inputs.iter().find(|(_, declared)| declared.id == input)?;
    let values = facts.cells(id).filter_map(|members| facts.get(id, &members)?.number());
    values.max_by(f64::total_cmp)
}
