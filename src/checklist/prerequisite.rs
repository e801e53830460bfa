//! What has to be known and in order before this deployment goes live, and how it stands.

use super::blame::blames;
use super::reach::Reach;
use super::trace::Trace;
use crate::explanation::{Case, value_text};
use crate::facts::{Fact, Origin};
use crate::inference::schedule::conclusions;
use crate::model::{ActionKind, Change, FiringState, FlagLevel, InputId, NodeId, Rule, RuleId};
use std::collections::BTreeSet;

/// How a prerequisite stands; the one that asks for most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It is known, and a rule that speaks for a failure fired on it.
    Concern,
    /// Nobody knows it.
    Open,
    /// It is known, and no rule that speaks for a failure fired on it.
    Fine,
}

impl State {
    /// Returns its name in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            State::Concern => "concern",
            State::Open => "open",
            State::Fine => "fine",
        }
    }
}

/// Where an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A person gave it, at this place.
    Answered {
        /// File and line.
        at: String,
        /// Who, where the file tells.
        by: Option<String>,
    },
    /// The manifest states it, at this place.
    Stated {
        /// File and line.
        at: String,
    },
    /// The pilot's tables show it.
    Measured,
}

/// A question, or another input that a framework or a gate asks for, and how it stands.
#[derive(Clone, Debug)]
pub struct Prerequisite {
    /// Its position in [`Trace::places`].
    pub place: usize,
    /// The input.
    pub input: InputId,
    /// How it stands.
    pub state: State,
    /// The rules that require it here.
    pub required_by: Vec<RuleId>,
    /// The value as a person would write it; how many, where it has several.
    pub value: Option<String>,
    /// Where the value comes from.
    pub told: Option<Told>,
    /// Why there is no value, where it was to be measured and could not be.
    pub reason: Option<String>,
    /// Rules that fired for want of a better value and speak for a failure, by way of findings too.
    pub against: Vec<RuleId>,
    /// Rules that fired on it and speak against one.
    pub in_favour: Vec<RuleId>,
    /// Rules that fired on it and only give advice.
    pub advice: Vec<RuleId>,
    /// Rules that read it and cannot be decided.
    pub undecided: Vec<RuleId>,
    /// The modes of which the rules in `against` speak, or that the factors bring of which they speak.
    pub modes: Vec<NodeId>,
    /// How far an answer could move the total risk, where it is open and has one value.
    pub swing: Option<f64>,
}

impl Prerequisite {
    /// Tells whether a rule requires it here and nobody knows it.
    pub fn is_missing(&self) -> bool {
        self.state == State::Open && !self.required_by.is_empty()
    }
}

/// Returns how every question stands, and every other input that an item or a gate asks for: required ones first, then
/// by state, then the largest swing, then by name.
pub fn prerequisites(trace: &Trace, case: Case<'_>) -> Vec<Prerequisite> {
    let reach = Reach::new(case.knowledge);
    let inputs = trace.places.iter().enumerate().filter_map(|(position, place)| Some((position, place.input()?)));
    let mut all: Vec<Prerequisite> =
        inputs.map(|(position, input)| prerequisite(trace, case, &reach, position, input)).collect();
    let rank = |of: &Prerequisite| (of.required_by.is_empty(), of.state);
    all.sort_by(|left, right| {
        let swing = |of: &Prerequisite| of.swing.unwrap_or(0.0);
        rank(left).cmp(&rank(right)).then(swing(right).total_cmp(&swing(left))).then(left.input.cmp(&right.input))
    });
    all
}

fn prerequisite(trace: &Trace, case: Case<'_>, reach: &Reach<'_>, position: usize, input: InputId) -> Prerequisite {
    let place = &trace.places[position];
    let inference = case.inference();
    let required_by = place.gates.iter().copied().filter(|rule| inference.outcome(*rule).holds()).collect();
    let facts = case.facts.cells(input).filter_map(|members| case.facts.get(input, &members));
    let (known, unknown): (Vec<&Fact>, Vec<&Fact>) = facts.partition(|fact| fact.value.is_ok());
    let reason = unknown.first().and_then(|fact| fact.value.as_ref().err().cloned()).filter(|_| known.is_empty());
    let value = match known.as_slice() {
        [] => None,
        [one] => one.value.as_ref().ok().map(|value| value_text(value, &case.knowledge.inputs[input].value_type)),
        several => Some(format!("{} values", several.len())),
    };
    let fired = if known.is_empty() { BTreeSet::new() } else { fired_on(case, &place.rules, input) };
    let declared = |rule: &RuleId| &case.knowledge.rules[*rule];
    let blamed = fired.iter().copied().filter(|rule| blames(case, *rule, input)).collect();
    let against: Vec<RuleId> =
        followed(case, reach, blamed).into_iter().filter(|rule| accuses(declared(rule))).collect();
    let (in_favour, rest): (Vec<RuleId>, Vec<RuleId>) =
        fired.into_iter().filter(|rule| !accuses(declared(rule))).partition(|rule| defends(declared(rule)));
    let advice = rest.into_iter().filter(|rule| advises(declared(rule))).collect();
    let undecided = place.rules.iter().copied().filter(|rule| inference.state(*rule) == FiringState::Undecided);
    let modes: BTreeSet<NodeId> = against.iter().flat_map(|rule| reach.modes_of(*rule)).collect();
    let open = case.assessment.open_inputs.iter().find(|open| open.input == input);
    Prerequisite {
        place: position,
        input,
        state: match (known.is_empty(), against.is_empty()) {
            (true, _) => State::Open,
            (false, false) => State::Concern,
            (false, true) => State::Fine,
        },
        required_by,
        value,
        told: known.first().and_then(|fact| told(fact)),
        reason,
        against,
        in_favour,
        advice,
        undecided: undecided.collect(),
        modes: modes.into_iter().collect(),
        swing: open.map(|open| open.swing),
    }
}

fn told(fact: &Fact) -> Option<Told> {
    match &fact.origin {
        Origin::Metric { .. } => Some(Told::Measured),
        Origin::Answer { location, by, .. } => Some(Told::Answered { at: location.to_string(), by: by.clone() }),
        Origin::Metadata { location, .. } => Some(Told::Stated { at: location.to_string() }),
        Origin::Supposed => None,
    }
}

/// Returns the rules that fired having read a value of the input.
fn fired_on(case: Case<'_>, readers: &[RuleId], input: InputId) -> BTreeSet<RuleId> {
    let read = |rule: &RuleId| {
        case.inference().instances_of(*rule).any(|(_, instance)| {
            let mut readings = instance.readings().into_iter();
            instance.outcome.holds() && readings.any(|reading| reading.key.input == input && reading.gap.is_none())
        })
    };
    readers.iter().copied().filter(read).collect()
}

/// Returns the rules that fired and read what those concluded, and so on, with those.
fn followed(case: Case<'_>, reach: &Reach<'_>, rules: BTreeSet<RuleId>) -> BTreeSet<RuleId> {
    let inference = case.inference();
    let mut concluding: Vec<RuleId> = rules.iter().copied().collect();
    let mut fired = rules;
    while let Some(rule) = concluding.pop() {
        let findings: BTreeSet<_> = conclusions(&case.knowledge.rules[rule]).collect();
        for reader in reach.readers_of(&findings) {
            let rests_on = inference.instances_of(reader).any(|(_, instance)| {
                let found = instance.findings();
                let mut concluded = found.iter().filter(|found| inference.finding(found).holds());
                instance.outcome.holds() && concluded.any(|found| findings.contains(&found.finding))
            });
            if rests_on && fired.insert(reader) {
                concluding.push(reader);
            }
        }
    }
    fired
}

/// Tells whether a rule speaks for a failure: suspects it, makes it worse, or asks to stop or to act.
fn accuses(rule: &Rule) -> bool {
    rule.actions.iter().any(|action| match &action.kind {
        ActionKind::Suspect { .. } => true,
        ActionKind::Adjust { change, .. } => *change != Change::Lower,
        ActionKind::Flag { level, .. } => *level >= FlagLevel::Act,
        _ => false,
    })
}

/// Tells whether a rule speaks against a failure.
fn defends(rule: &Rule) -> bool {
    rule.actions.iter().any(|action| match &action.kind {
        ActionKind::Exonerate { .. } => true,
        ActionKind::Adjust { change, .. } => *change == Change::Lower,
        _ => false,
    })
}

/// Tells whether a rule says what to do or to note; one that only concludes or requires does not.
fn advises(rule: &Rule) -> bool {
    rule.actions.iter().any(|action| {
        matches!(action.kind, ActionKind::Recommend(_) | ActionKind::Contraindicate { .. } | ActionKind::Flag { .. })
    })
}
