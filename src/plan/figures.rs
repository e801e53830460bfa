//! Which figures are worth watching: those that the rules hold against a threshold.

use super::trials::{behind, close_to, rules_against};
use crate::explanation::{Case, Failing, Part, must_hold};
use crate::inference::FactKey;
use crate::model::{Input, InputId, InputKind, KnowledgeBase, NodeId, RuleId, Type};
use crate::risk::CausalGraph;
use std::collections::BTreeSet;

/// A figure that a rule holds against a threshold, before its limit is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub(super) fact: FactKey,
    pub(super) of: usize,
    pub(super) now: Option<f64>,
    pub(super) threshold: Option<f64>,
    pub(super) failing: Failing,
    pub(super) rule: RuleId,
    /// Whether this figure alone makes the rule fire, and not only beside others.
    pub(super) alone: bool,
    pub(super) modes: Vec<NodeId>,
}

impl Candidate {
    /// Tells whether the threshold is to be kept to rather than another's of the same figure.
    fn goes_before(&self, other: &Candidate) -> bool {
        let sooner = |new: f64, old: f64| match self.failing {
            Failing::Above => new < old,
            Failing::Below => new > old,
        };
        match (self.threshold, other.threshold) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(new), Some(old)) => (self.alone && !other.alone) || (self.alone == other.alone && sooner(new, old)),
        }
    }

    /// Returns the figure's input.
    pub fn input(&self) -> InputId {
        self.fact.input
    }
}

/// Returns what the rules hold against a threshold and bears on these modes, the gravest first. Of thresholds of one
/// figure the first that it would cross counts, and before any those of rules that ask for no other figure.
pub fn candidates(case: Case<'_>, modes: &[NodeId]) -> Vec<Candidate> {
    let knowledge = case.knowledge;
    let graph = CausalGraph::new(knowledge);
    let numbers: Vec<InputId> = numbers(knowledge).collect();
    let mut found: Vec<Candidate> = Vec::new();
    let mut read: BTreeSet<RuleId> = BTreeSet::new();
    for about in [close_to, behind] {
        // What bears on a mode at one remove is not said once more of all that this one brings about.
        let before = read.clone();
        for &mode in modes {
            let nodes = about(case, &graph, mode);
            for rule in rules_against(knowledge, |node| nodes.contains(&node)) {
                if !before.contains(&rule) {
                    read.insert(rule);
                    enter(case, &mut found, mode, rule, &numbers);
                }
            }
        }
    }
    let place = |mode: &NodeId| modes.iter().position(|known| known == mode);
    for candidate in &mut found {
        candidate.modes.sort_by_key(place);
    }
    found.sort_by_key(|candidate| candidate.modes.first().and_then(place));
    found
}

/// Enters the figures that a rule holds against a threshold.
fn enter(case: Case<'_>, found: &mut Vec<Candidate>, mode: NodeId, rule: RuleId, numbers: &[InputId]) {
    let Some(must) = must_hold(case, rule, numbers) else { return };
    let compared: Vec<(&FactKey, Failing, &Part)> =
        must.any_of.iter().filter_map(|held| Some((held.fact.as_ref()?, held.failing?, &held.part))).collect();
    let alone = compared.iter().all(|(fact, ..)| fact.input == compared[0].0.input);
    for (fact, failing, part) in compared {
        let new = Candidate {
            fact: fact.clone(),
            of: must.of,
            now: part.value,
            threshold: part.threshold,
            failing,
            rule,
            alone,
            modes: vec![mode],
        };
        let known = found.iter_mut().find(|known| known.fact.input == fact.input && known.failing == failing);
        let Some(known) = known else {
            found.push(new);
            continue;
        };
        let mut modes = std::mem::take(&mut known.modes);
        if !modes.contains(&mode) {
            modes.push(mode);
        }
        if new.goes_before(known) {
            *known = new;
        }
        known.modes = modes;
    }
}

/// Returns the inputs that are numbers and may be better or worse tomorrow: not counts, which say how much there is to
/// go by, and not what people answered.
fn numbers(knowledge: &KnowledgeBase) -> impl Iterator<Item = InputId> {
    let wanted = |input: &Input| match (&input.kind, &input.value_type) {
        (InputKind::Metric { .. }, value_type) => *value_type != Type::Count,
        (InputKind::Metadata, Type::Ratio | Type::Number { .. }) => input.direction.is_some(),
        _ => false,
    };
    knowledge.inputs.iter().filter(move |(_, input)| wanted(input)).map(|(id, _)| id)
}
