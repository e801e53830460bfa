//! Expressions, gaps and origins in words.

use super::Case;
use super::figures::{figure_text, number, range, value_text};
use crate::diagnostic::Count;
use crate::facts::{Fact, Origin};
use crate::inference::{AggregateMember, Element, FactKey, Figure, Gap, Reading, Term, TermKind};
use crate::model::{Aggregate, Arithmetic, Expression, ExpressionKind, IndexRef, InputKind, Measure, Value};

/// Members that are named in a row; the others stand behind "…".
const NAMED: usize = 5;

impl Case<'_> {
    pub(super) fn is(&self, expression: &Expression, term: &Term) -> String {
        let subject = self.phrase(expression, term);
        match term.figure.point() {
            Some(point) => format!("{subject}: {}", figure_text(point, &expression.value_type)),
            None => format!("{subject}: {}", self.unknowns(term).join("; ")),
        }
    }

    /// Returns an expression in words.
    pub(super) fn phrase(&self, expression: &Expression, term: &Term) -> String {
        match (&expression.kind, &term.kind) {
            (ExpressionKind::Literal(value), _) => value_text(value, &expression.value_type),
            (_, TermKind::Fact(reading)) => self.key_title(&reading.key),
            (ExpressionKind::Measure { measure, .. }, TermKind::Measure { node, .. }) => {
                let what = match measure {
                    Measure::Likelihood => "likelihood",
                    Measure::Severity => "severity",
                    Measure::Detectability => "detectability",
                    Measure::Risk => "risk",
                };
                format!("{what} of \"{}\"", node.map_or("it", |node| self.node_title(node)))
            }
            (ExpressionKind::Arithmetic { left, right, .. }, TermKind::Arithmetic { operator, left: l, right: r }) => {
                let sign = match operator {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "−",
                    Arithmetic::Multiply => "×",
                    Arithmetic::Divide => "÷",
                };
                let valued = |expression: &Expression, term: &Term| match (&term.kind, term.figure.point()) {
                    (TermKind::Arithmetic { .. }, _) => format!("({})", self.phrase(expression, term)),
                    (TermKind::Fact(_), Some(point)) => {
                        format!("{} {}", self.phrase(expression, term), figure_text(point, &expression.value_type))
                    }
                    _ => self.phrase(expression, term),
                };
                format!("{} {sign} {}", valued(left, l), valued(right, r))
            }
            (ExpressionKind::Negate(inner), TermKind::Negate(term)) => match &inner.kind {
                ExpressionKind::Literal(_) => format!("−{}", self.phrase(inner, term)),
                _ => format!("−({})", self.phrase(inner, term)),
            },
            (ExpressionKind::Absolute(inner), TermKind::Absolute(term)) => {
                format!("the size of ({})", self.phrase(inner, term))
            }
            (ExpressionKind::Ramp { value, .. }, TermKind::Ramp { value: term, .. }) => {
                format!("a ramp over {}", self.phrase(value, term))
            }
            (ExpressionKind::Aggregate { of, .. }, TermKind::Aggregate { aggregate, index, members, .. }) => {
                self.aggregate(*aggregate, *index, of.as_deref(), members, term.figure)
            }
            _ => number(term.figure.point().unwrap_or(f64::NAN)),
        }
    }

    fn aggregate(
        &self,
        aggregate: Aggregate,
        index: IndexRef,
        of: Option<&Expression>,
        members: &[AggregateMember],
        figure: Figure,
    ) -> String {
        let set = self.knowledge.index_name(index);
        let what = match of.map(|of| &of.kind) {
            Some(ExpressionKind::Input(input)) => lower_first(&self.knowledge.inputs[input.input].title),
            _ => "value".to_owned(),
        };
        let word = match aggregate {
            Aggregate::Count => {
                return format!("the number in {set} (of {}) that satisfy the condition", members.len());
            }
            Aggregate::Min => "the smallest",
            Aggregate::Max => "the largest",
            Aggregate::Mean => "the mean",
            Aggregate::Sum => "the sum of",
        };
        let extreme = matches!(aggregate, Aggregate::Min | Aggregate::Max);
        let at = members.iter().filter(|_| extreme).find(|member| {
            let value = member.value.as_ref().and_then(|value| value.figure.point());
            value.zip(figure.point()).is_some_and(|(value, point)| value.total_cmp(&point).is_eq())
        });
        let at = at.map(|member| format!(" (at {})", self.element_name(index, member.element)));
        format!("{word} {what} over {set}{}", at.unwrap_or_default())
    }

    /// "4 of 9 features qualify (x_age, x_sex, …)".
    pub(super) fn counted(&self, index: IndexRef, members: &[AggregateMember], count: &str) -> String {
        let qualifying =
            members.iter().filter(|member| member.condition.as_ref().is_none_or(|part| part.outcome.holds()));
        let named = self.some_of(index, qualifying.map(|member| member.element));
        format!("{count} of {} qualify{named}", Count(members.len(), self.knowledge.index_name(index)))
    }

    /// " (x_age, x_sex, …)": the first few elements, in brackets; nothing for none.
    pub(super) fn some_of(&self, index: IndexRef, elements: impl Iterator<Item = Element>) -> String {
        let names: Vec<String> = elements.map(|element| self.element_name(index, element)).collect();
        match names.len() {
            0 => String::new(),
            few if few <= NAMED => format!(" ({})", names.join(", ")),
            _ => format!(" ({}, …)", names[..NAMED].join(", ")),
        }
    }

    /// Returns an expression as it would be typed, for conditions on text.
    pub(super) fn written(&self, expression: &Expression) -> String {
        match &expression.kind {
            ExpressionKind::Literal(Value::Text(text)) => format!("\"{text}\""),
            ExpressionKind::Literal(value) => value_text(value, &expression.value_type),
            ExpressionKind::Input(input) => self.knowledge.inputs[input.input].title.clone(),
            _ => self.sources.text(expression.span).to_owned(),
        }
    }

    /// Returns what is not known under a term, each with its reason.
    pub(super) fn unknowns(&self, term: &Term) -> Vec<String> {
        let missing = term.readings().into_iter().filter(|reading| reading.gap.is_some());
        let mut reasons: Vec<String> = Vec::new();
        for reading in missing {
            let alone = matches!(term.kind, TermKind::Fact(_));
            let reason = self.gap(reading);
            let said = if alone { reason } else { format!("{}: {reason}", self.key_title(&reading.key)) };
            if reasons.len() < 3 && !reasons.contains(&said) {
                reasons.push(said);
            }
        }
        reasons
    }

    /// Returns why a fact has nothing to say.
    pub(super) fn gap(&self, reading: &Reading) -> String {
        let input = &self.knowledge.inputs[reading.key.input];
        match &reading.gap {
            Some(Gap::NotGiven) => match input.kind {
                InputKind::Question { .. } => "not answered".to_owned(),
                InputKind::Metadata => "not given".to_owned(),
                InputKind::Metric { .. } => "not measured".to_owned(),
            },
            Some(Gap::Undefined(reason)) => format!("not known, {reason}"),
            Some(Gap::OpenSet) => {
                let sets: Vec<&str> = input.indexes.iter().map(|id| self.knowledge.indexes[*id].id.as_str()).collect();
                format!("not known, no {} was given", sets.join(" or "))
            }
            Some(Gap::NoSuchMember) => "not known, this deployment has none of that name".to_owned(),
            Some(Gap::NoFloor) => "it is not known what chance alone would show".to_owned(),
            Some(Gap::WrongType) => "not known, the value is not of its type".to_owned(),
            None => "known".to_owned(),
        }
    }
    /// Returns a fact's name and where it comes from.
    pub(super) fn origin(&self, key: &FactKey) -> String {
        let name = self.key_name(key);
        match self.fact(key) {
            Some(fact) => {
                let from = origin_text(fact);
                if from.is_empty() { name } else { format!("{name}; {from}") }
            }
            None => name,
        }
    }
}

/// Returns where something comes from: table, or file and line.
pub(super) fn origin_of(origin: &Origin) -> String {
    match origin {
        Origin::Metric { tables, .. } => match tables.as_slice() {
            [] => String::new(),
            [table] => table.clone(),
            _ => "development and deployment tables".to_owned(),
        },
        Origin::Answer { location, by, on, .. } => {
            let by = by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            let on = on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default();
            let said = if by.is_empty() && on.is_empty() { "" } else { ", said" };
            format!("{location}{said}{by}{on}")
        }
        Origin::Metadata { location, .. } => location.to_string(),
        Origin::Supposed => "supposed".to_owned(),
    }
}

/// Returns where a fact comes from: table, rows and interval, or file and line.
pub(super) fn origin_text(fact: &Fact) -> String {
    let mut parts = Vec::new();
    parts.extend(Some(origin_of(&fact.origin)).filter(|origin| !origin.is_empty()));
    if let Ok(value) = &fact.value {
        // A count of rows or events says its own n.
        let counts_itself = |n: u64| value.as_number().is_some_and(|value| (value - n as f64).abs() < 0.5);
        let n = fact.n.filter(|n| *n > 0 && !counts_itself(*n) && !fact.events.is_some_and(counts_itself));
        parts.extend(n.map(|n| match fact.events {
            Some(events) => format!("n {n} ({events} events)"),
            None => format!("n {n}"),
        }));
        parts.extend(
            fact.interval
                .as_ref()
                .map(|interval| format!("{:.0}% CI {}", interval.level * 100.0, range(interval.low, interval.high))),
        );
    }
    parts.join(", ")
}

/// Titles begin with a capital; inside a phrase it goes, unless the word is an abbreviation such as AUROC.
fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.to_owned(),
    }
}
