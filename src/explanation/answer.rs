//! An answer: a tree of parts, each a sentence with the figures behind it.

use super::{Document, Line, Tone, Tree};
use crate::inference::{InstanceId, Outcome, Truth};
use crate::source::Location;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The answer to a question about an assessment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The question, as it can be typed again.
    pub question: String,
    /// What it is about.
    pub about: String,
    /// The answer in one sentence.
    pub answer: String,
    /// The reasons.
    pub reasons: Vec<Part>,
    /// For a rule or finding: the facts that it rests on, by name. They alone would give it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// What can be typed next.
    pub next: Vec<String>,
}

/// What a part of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// A mode, factor, mitigation or verdict.
    Conclusion,
    /// A rule that was applied.
    Rule,
    /// A condition that was evaluated.
    Premise,
    /// A premise that keeps a rule from firing because something is there.
    Blocker,
    /// A cause that carries likelihood.
    Cause,
    /// The base rate.
    Base,
    /// A mitigation that acts on what it stands under.
    Remedy,
    /// A rating: severity or detectability.
    Rating,
    /// The author's reason.
    Reason,
    /// A source.
    Source,
    /// What a pack changed of a pack that it imports.
    Override,
    /// Anything else worth knowing.
    Note,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its sentence.
    pub sentence: String,
    /// The name that it is about, as it can be typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// For conditions and rules: `true`, `false` or `unknown` on the point values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<&'static str>,
    /// For conditions and rules: whether it is so whatever the unknowns and intervals turn out to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certain: Option<bool>,
    /// The figure, unrounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What it was held against, unrounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// How far the figure is from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// Where the figure comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The same in notation, with values beside thresholds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notation: Option<String>,
    /// For a derivation that is shown in full here and named again below: the number that it is named by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<usize>,
    /// For a derivation that is shown above: the number that it has there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub see: Option<usize>,
    /// The derivation that it shows.
    #[serde(skip)]
    pub(super) instance: Option<InstanceId>,
    /// What is under it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

impl Part {
    /// Returns a part of that kind with its sentence.
    pub fn new(kind: PartKind, sentence: impl Into<String>) -> Self {
        Part {
            kind,
            sentence: sentence.into(),
            id: None,
            outcome: None,
            certain: None,
            value: None,
            threshold: None,
            margin: None,
            origin: None,
            file: None,
            line: None,
            notation: None,
            label: None,
            see: None,
            instance: None,
            parts: Vec::new(),
        }
    }

    /// Sets the name.
    #[must_use]
    pub fn named(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets what the condition or rule came to.
    #[must_use]
    pub fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = Some(match outcome.point() {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "unknown",
        });
        self.certain = Some(outcome.bounds() != Truth::Unknown);
        self
    }

    /// Sets the notation.
    #[must_use]
    pub fn with_notation(mut self, notation: impl Into<String>) -> Self {
        self.notation = Some(notation.into());
        self
    }

    /// Sets the figure.
    #[must_use]
    pub fn with_value(mut self, value: f64) -> Self {
        self.value = Some(value).filter(|value| value.is_finite());
        self
    }

    /// Sets where it is written.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.file = Some(location.file);
        self.line = Some(location.line);
        self
    }

    /// Sets what is under it.
    #[must_use]
    pub fn with_parts(mut self, parts: Vec<Part>) -> Self {
        self.parts = parts;
        self
    }

    /// Calls `visit` on this part and on everything under it, a part before what is under it.
    pub fn walk(&mut self, visit: &mut dyn FnMut(&mut Part)) {
        visit(self);
        self.parts.iter_mut().for_each(|part| part.walk(visit));
    }

    fn tree(&self) -> Tree {
        Tree { line: self.shown(), children: self.parts.iter().map(Part::tree).collect() }
    }

    fn shown(&self) -> Line {
        let line = match self.kind {
            PartKind::Premise | PartKind::Blocker => self.marked(),
            PartKind::Reason => Line::new().faint("because: ").plain(&self.sentence),
            PartKind::Source => Line::new().faint("source: ").faint(&self.sentence),
            PartKind::Note | PartKind::Remedy => Line::new().faint(&self.sentence),
            PartKind::Override => Line::new().with(Tone::Warn, "override: ").plain(&self.sentence),
            PartKind::Rule => {
                let label = self.label.map(|label| format!("[{label}] ")).unwrap_or_default();
                let line = Line::new().plain(format!("{label}rule ")).name(self.id.clone().unwrap_or_default());
                line.plain(format!(": {}", self.sentence))
            }
            PartKind::Conclusion | PartKind::Cause | PartKind::Base | PartKind::Rating => {
                Line::from(self.sentence.as_str())
            }
        };
        let line = match &self.origin {
            Some(origin) => line.faint(format!("  [{origin}]")),
            None => line,
        };
        match (&self.file, self.line) {
            (Some(file), Some(number)) if matches!(self.kind, PartKind::Rule | PartKind::Override) => {
                line.faint(format!("  ({file}:{number})"))
            }
            _ => line,
        }
    }

    /// Marks are words or signs as well as colours, so that nothing is lost without colour.
    fn marked(&self) -> Line {
        let (mark, tone) = match (self.kind, self.outcome, self.certain) {
            (PartKind::Blocker, ..) => ("✗ blocked by: ", Tone::Bad),
            (_, Some("true"), Some(true)) => ("✓ ", Tone::Good),
            (_, Some("true"), _) => ("≈ ", Tone::Warn),
            (_, Some("false"), _) => ("✗ ", Tone::Bad),
            _ => ("? ", Tone::Warn),
        };
        Line::new().with(tone, mark).plain(&self.sentence)
    }
}

/// Returns parts in which each derivation that is named again has a number, by which it is named.
pub(super) fn numbered(mut parts: Vec<Part>) -> Vec<Part> {
    let (mut seen, mut again) = (BTreeSet::new(), BTreeSet::new());
    let mut look = |part: &mut Part| {
        if let Some(id) = part.instance
            && !seen.insert(id)
        {
            again.insert(id);
        }
    };
    parts.iter_mut().for_each(|part| part.walk(&mut look));
    let mut numbers: BTreeMap<InstanceId, usize> = BTreeMap::new();
    let mut number = |part: &mut Part| {
        let Some(id) = part.instance.filter(|id| again.contains(id)) else { return };
        let next = numbers.len() + 1;
        match numbers.get(&id) {
            None => {
                numbers.insert(id, next);
                part.label = Some(next);
            }
            Some(number) => {
                part.see = Some(*number);
                part.parts = vec![Part::new(PartKind::Note, format!("as above, at [{number}]"))];
            }
        }
    };
    parts.iter_mut().for_each(|part| part.walk(&mut number));
    parts
}

impl Answer {
    /// Returns the answer for people.
    pub fn document(&self) -> Document {
        let mut document = Document::default();
        let children = self.reasons.iter().map(Part::tree).collect();
        document.trees(vec![Tree { line: Line::new().strong(&self.answer), children }]);
        document.next_steps(self.next.clone());
        document
    }
}
