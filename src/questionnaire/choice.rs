//! Which questions are asked, and in which order.

use crate::diagnostic::{Code, Diagnostic, List, or_nearest};
use crate::facts::FactStore;
use crate::model::{ActionKind, Input, InputId, InputKind, KnowledgeBase};
use crate::risk::{Assessment, Swing};
use std::collections::BTreeSet;

/// Which questions are wanted; by default, all that could change something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// These and no others, also those that are answered already.
    pub named: Vec<InputId>,
    /// Those that this role is asked.
    pub role: Option<String>,
    /// Those of this phase.
    pub phase: Option<String>,
    /// Also those of which somebody said that nobody knows.
    pub again: bool,
}

/// A question that is still to be asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Open<'a> {
    /// The question.
    pub input: InputId,
    /// What its answer could change; none for one that is answered already.
    pub swing: Option<&'a Swing>,
    /// Whether the verdict cannot be given without it.
    pub required: bool,
}

impl<'a> Open<'a> {
    /// Returns a question with what its answer could change.
    pub(super) fn new(input: InputId, assessment: &'a Assessment) -> Self {
        let swing = assessment.open_inputs.iter().find(|open| open.input == input);
        let required = assessment.verdict.missing.iter().any(|missing| missing.input == input);
        Self { input, swing, required }
    }

    /// Returns how far the answer could move the total risk.
    pub(super) fn swing(&self) -> f64 {
        self.swing.map_or(0.0, |swing| swing.swing)
    }
}

/// How many questions there are of each standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Questions that people can be asked.
    pub all: usize,
    /// Those that are answered.
    pub answered: usize,
    /// Those of which somebody said that nobody knows.
    pub unknown: usize,
    /// Open ones whose answer could change something.
    pub mattering: usize,
    /// Open ones whose answer can change nothing as things stand.
    pub idle: usize,
    /// Figures that the pilot's tables gave, and are not asked for.
    pub measured: usize,
}

/// Tells whether a person is asked for an input: a single figure or answer that no table gives.
pub(super) fn is_asked(input: &Input) -> bool {
    let stated = match &input.kind {
        InputKind::Question { .. } | InputKind::Metadata => true,
        InputKind::Metric { definition } => definition.is_none(),
    };
    stated && input.indexes.is_empty()
}

/// Returns who is asked and when, where the pack says so.
pub(super) fn asked_of(input: &Input) -> (Option<&str>, Option<&str>) {
    match &input.kind {
        InputKind::Question { ask, phase } => (ask.as_deref(), phase.as_deref()),
        InputKind::Metadata | InputKind::Metric { .. } => (None, None),
    }
}

/// Tells whether somebody said of an input that nobody knows it.
fn is_given_up(facts: &FactStore, input: InputId) -> bool {
    facts.get(input, &[]).is_some_and(|fact| fact.value.is_err())
}

impl Choice {
    /// Returns a choice by names, role and phase as they were typed.
    ///
    /// # Errors
    /// `X002 unknown-name`.
    pub fn new(
        names: &[String],
        role: Option<&str>,
        phase: Option<&str>,
        again: bool,
        knowledge: &KnowledgeBase,
    ) -> Result<Self, Diagnostic> {
        let named = names.iter().map(|name| question(name, knowledge)).collect::<Result<_, _>>()?;
        let role = role.map(|role| word(role, "role", knowledge, |input| asked_of(input).0)).transpose()?;
        let phase = phase.map(|phase| word(phase, "phase", knowledge, |input| asked_of(input).1)).transpose()?;
        Ok(Self { named, role, phase, again })
    }

    /// Returns the questions that are to be asked: by name in the order of the names, else the largest swing first, then
    /// those without which there is no verdict.
    pub fn open<'a>(
        &self,
        knowledge: &KnowledgeBase,
        facts: &FactStore,
        assessment: &'a Assessment,
        later: &BTreeSet<InputId>,
    ) -> Vec<Open<'a>> {
        let open = |input| Open::new(input, assessment);
        let fits = |input: &InputId| !later.contains(input) && self.fits(&knowledge.inputs[*input]);
        if !self.named.is_empty() {
            return self.named.iter().copied().filter(fits).map(open).collect();
        }
        let wanted = |open: &Open<'_>| {
            is_asked(&knowledge.inputs[open.input])
                && fits(&open.input)
                && (self.again || !is_given_up(facts, open.input))
        };
        let found: Vec<Open<'_>> =
            assessment.open_inputs.iter().map(|swing| open(swing.input)).filter(wanted).collect();
        let moves = |open: &&Open<'_>| open.swing() > 0.0;
        let rest = found.iter().filter(|open| !moves(open) && open.required);
        found.iter().filter(moves).chain(rest).copied().collect()
    }

    fn fits(&self, input: &Input) -> bool {
        let (role, phase) = asked_of(input);
        self.role.as_deref().is_none_or(|wanted| role == Some(wanted))
            && self.phase.as_deref().is_none_or(|wanted| phase == Some(wanted))
    }
}

impl Tally {
    /// Returns the counts in a sentence.
    pub(super) fn sentence(&self) -> String {
        let mut parts = vec![format!("{} answered", is_or_are(self.answered))];
        parts.extend((self.unknown > 0).then(|| format!("{} known to nobody", is_or_are(self.unknown))));
        parts.extend((self.idle > 0).then(|| format!("{} without effect as things stand", is_or_are(self.idle))));
        let mut sentence = format!("Of {} in the pack {}.", self.all, parts.join(", "));
        if self.measured > 0 {
            let figures =
                if self.measured == 1 { "1 figure comes" } else { &format!("{} figures come", self.measured) };
            sentence += &format!(" {figures} from the pilot's tables, so nobody is asked for them.");
        }
        sentence
    }

    /// Counts the questions of a pack.
    pub fn new(knowledge: &KnowledgeBase, facts: &FactStore, assessment: &Assessment) -> Self {
        let mut tally = Self::default();
        for (id, input) in knowledge.inputs.iter() {
            if !is_asked(input) {
                tally.measured += usize::from(input.is_metric() && facts.is_known(id));
                continue;
            }
            tally.all += 1;
            let open = Open::new(id, assessment);
            *if facts.is_known(id) {
                &mut tally.answered
            } else if is_given_up(facts, id) {
                &mut tally.unknown
            } else if open.swing() > 0.0 || open.required {
                &mut tally.mattering
            } else {
                &mut tally.idle
            } += 1;
        }
        tally
    }
}

/// Tells whether a rule of the pack insists on an input.
pub(super) fn insists(knowledge: &KnowledgeBase, input: InputId) -> bool {
    let mut actions = knowledge.rules.values().flat_map(|rule| &rule.actions);
    actions.any(|action| matches!(action.kind, ActionKind::Require(required) if required == input))
}

fn question(name: &str, knowledge: &KnowledgeBase) -> Result<InputId, Diagnostic> {
    let asked = || knowledge.inputs.iter().filter(|(_, input)| is_asked(input));
    if let Some((id, _)) = asked().find(|(_, input)| input.id == name) {
        return Ok(id);
    }
    let message = match knowledge.inputs.find(name) {
        Some(id) if knowledge.inputs[id].is_metric() => {
            format!("`{name}` is measured from the pilot's tables and not asked")
        }
        Some(_) => format!("`{name}` has a value for each member of a set; write it into answers.yaml"),
        None => format!("there is no question `{name}`"),
    };
    let names = asked().map(|(_, input)| input.id.as_str());
    Err(Diagnostic::new(Code::X002, message)
        .with_help(or_nearest(name, names, || "`etio ask DIR --list` lists the open questions".to_owned())))
}

fn word(
    typed: &str,
    kind: &str,
    knowledge: &KnowledgeBase,
    of: fn(&Input) -> Option<&str>,
) -> Result<String, Diagnostic> {
    let known: BTreeSet<&str> = knowledge.inputs.values().filter_map(of).collect();
    if known.contains(typed) {
        return Ok(typed.to_owned());
    }
    Err(Diagnostic::new(Code::X002, format!("no question of the pack is for the {kind} `{typed}`")).with_help(
        or_nearest(typed, known.iter().copied(), || {
            if known.is_empty() {
                format!("the pack gives its questions no {kind}s")
            } else {
                format!("write {}", List::or(known.iter().copied()))
            }
        }),
    ))
}

fn is_or_are(count: usize) -> String {
    if count == 1 { "1 is".to_owned() } else { format!("{count} are") }
}
