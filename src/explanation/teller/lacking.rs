//! What stood in the way: rules that could have concluded something, each by the instance that came nearest.

use super::{DEPTH, Teller};
use crate::diagnostic::Count;
use crate::explanation::{Case, Part, PartKind};
use crate::inference::{FindingInstance, Instance, Margin, Premise, PremiseKind, near_misses};
use crate::model::{Condition, ConditionKind, RuleId};
use std::cmp::Ordering;

/// Rules that could have concluded something that are shown; the others are counted.
const SHOWN_RULES: usize = 4;

impl Teller<'_> {
    /// Returns a rule instance that did not fire with what stood in the way, and how many conditions that is
    /// out of how many.
    pub fn blocked(&mut self, instance: &Instance) -> Part {
        let parts = self.premises(instance);
        let rule = &self.case.knowledge.rules[instance.rule];
        let total = rule.body.condition.as_ref().map_or(0, joined_conditions);
        let unknown = parts.iter().filter(|part| part.outcome == Some("unknown")).count();
        let why = match (parts.len(), unknown) {
            (1, 0) if total == 1 => "its condition is not met".to_owned(),
            (1, 1) if total == 1 => "cannot be told".to_owned(),
            (lacking, unknown) if lacking == unknown => {
                format!("cannot be told: {unknown} of {} unknown", Count(total, "condition"))
            }
            (lacking, 0) => format!("{lacking} of {} not met", Count(total, "condition")),
            (lacking, unknown) => {
                format!("{} of {} not met, {unknown} unknown", lacking - unknown, Count(total, "condition"))
            }
        };
        let part = self.rule(instance);
        let sentence = format!("{} — {why}", part.sentence);
        Part { sentence, ..part }.with_parts(parts)
    }

    /// Returns the rules that could have concluded a finding, each by the instance that came nearest, the
    /// nearest rule first; a few of them, the others counted. What was told of it before is not repeated.
    pub fn rules_in_the_way(&mut self, finding: &FindingInstance) -> Vec<Part> {
        if self.telling.contains(finding) {
            let name = self.case.finding_name(finding.finding, &finding.arguments);
            let note = format!("`{name}` is what this is about: it would have to hold already");
            return vec![Part::new(PartKind::Note, note).named(name)];
        }
        if self.told.contains(finding) {
            let name = self.case.finding_name(finding.finding, &finding.arguments);
            return vec![Part::new(PartKind::Note, "for the reasons given above").named(name)];
        }
        if self.depth >= DEPTH {
            let name = self.case.finding_name(finding.finding, &finding.arguments);
            return vec![
                Part::new(PartKind::Note, format!("deeper than shown here; ask `why-not {name}`")).named(name),
            ];
        }
        let mut nearest: Vec<Instance> = Vec::new();
        for &rule in &self.case.knowledge.findings[finding.finding].concluded_by {
            let mut instances: Vec<Instance> = self.instances_concluding(finding, rule);
            instances.sort_by(|left, right| lacks_less(self.case, left, right));
            nearest.extend(instances.into_iter().next());
        }
        nearest.sort_by(|left, right| lacks_less(self.case, left, right).then(left.rule.cmp(&right.rule)));
        self.telling.push(finding.clone());
        let mut parts: Vec<Part> = nearest.iter().take(SHOWN_RULES).map(|instance| self.blocked(instance)).collect();
        self.telling.pop();
        self.told.insert(finding.clone());
        if nearest.len() > SHOWN_RULES {
            let rest =
                nearest.iter().skip(SHOWN_RULES).map(|instance| self.case.knowledge.rules[instance.rule].id.as_str());
            let note = format!("lacking more: {}", rest.collect::<Vec<_>>().join(", "));
            parts.push(Part::new(PartKind::Note, note));
        }
        parts
    }

    /// Returns the instances of a rule that would conclude a finding: those recorded, or of a rule over large
    /// sets those that lack one thing.
    fn instances_concluding(&self, finding: &FindingInstance, rule: RuleId) -> Vec<Instance> {
        let inference = self.case.inference();
        let derived = inference.findings().get(finding);
        let ids = derived.into_iter().flat_map(|derived| &derived.derivations).filter(|id| id.rule == rule);
        let recorded: Vec<Instance> = ids.filter_map(|id| inference.instance(*id)).cloned().collect();
        if recorded.is_empty() {
            near_misses(self.case.knowledge, self.case.facts, inference, rule, finding)
        } else {
            recorded
        }
    }
}

/// Returns how many conditions a condition joins by `and`.
fn joined_conditions(condition: &Condition) -> usize {
    match &condition.kind {
        ConditionKind::And(parts) => parts.iter().map(joined_conditions).sum(),
        _ => 1,
    }
}

/// Orders rule instances by how much they lack: the fewest conditions first, then the nearest margin.
pub(in crate::explanation) fn lacks_less(case: Case<'_>, left: &Instance, right: &Instance) -> Ordering {
    let lacking = |instance: &Instance| {
        let body = &case.knowledge.rules[instance.rule].body;
        body.condition
            .as_ref()
            .zip(instance.premise.as_ref())
            .map_or(0, |(condition, premise)| lacking(condition, premise))
    };
    let margin = |instance: &Instance| instance.premise.as_ref()?.margin();
    lacking(left)
        .cmp(&lacking(right))
        .then_with(|| nearest_first(margin(left), margin(right)))
        .then_with(|| left.binding.cmp(&right.binding))
}

/// Returns how many of the conditions joined by `and` do not hold.
fn lacking(condition: &Condition, premise: &Premise) -> usize {
    match (&condition.kind, &premise.kind) {
        (ConditionKind::And(parts), PremiseKind::And(premises)) => {
            parts.iter().zip(premises).map(|(part, premise)| lacking(part, premise)).sum()
        }
        _ => usize::from(!premise.outcome.holds()),
    }
}

/// Orders margins nearest first, those without a number last.
pub(super) fn nearest_first(left: Option<Margin>, right: Option<Margin>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => Margin::nearer(&left, &right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
