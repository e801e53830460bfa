//! Requirements: inputs that rules insist on, and which of them nobody gave.

use std::collections::BTreeMap;

use super::MissingInput;
use crate::inference::Outcome;
use crate::inference::run::Run;
use crate::model::{ActionKind, InputId};

/// Returns the required inputs that are not known, by id. A rule that may fire may require; an
/// indexed input is known if it is for one member.
pub(crate) fn missing_inputs(run: &Run<'_>) -> Vec<MissingInput> {
    let mut missing: BTreeMap<InputId, MissingInput> = BTreeMap::new();
    for (rule_id, rule) in run.knowledge.rules.iter() {
        let required = rule.actions.iter().filter_map(|action| match action.kind {
            ActionKind::Require(input) if !run.facts.is_known(input) => Some(input),
            _ => None,
        });
        for input in required {
            let instances = run.recorded(rule_id).iter();
            let outcome = instances.fold(Outcome::FALSE, |outcome, instance| outcome | instance.outcome);
            if !outcome.is_possible() {
                continue;
            }
            let entry = missing.entry(input);
            let entry =
                entry.or_insert_with(|| MissingInput { input, required_by: Vec::new(), outcome: Outcome::FALSE });
            entry.outcome = entry.outcome | outcome;
            if outcome.holds() && entry.required_by.last() != Some(&rule_id) {
                entry.required_by.push(rule_id);
            }
        }
    }
    missing.into_values().collect()
}

/// Returns whether any required input is missing.
pub(crate) fn evidence_missing(missing: &[MissingInput]) -> Outcome {
    missing.iter().fold(Outcome::FALSE, |outcome, input| outcome | input.outcome)
}
