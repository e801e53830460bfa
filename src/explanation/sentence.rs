//! Sentences about single conditions, made from the condition and from what was recorded of it.

use super::figures::{distinct, figure_text, range, value_text};
use super::{Case, Part, PartKind};
use crate::inference::{Figure, Margin, Outcome, Reading, Term, TermKind, Truth};
use crate::model::{Aggregate, Comparison, Expression, ExpressionKind, Type};

impl Case<'_> {
    pub(super) fn comparison(
        &self,
        (left, l): (&Expression, &Term),
        comparison: Comparison,
        (right, r): (&Expression, &Term),
        outcome: Outcome,
    ) -> Part {
        let part = Part::new(PartKind::Premise, "").with_outcome(outcome);
        let choice = matches!(left.value_type, Type::YesNo | Type::OneOf(_));
        if let (true, TermKind::Fact(reading)) = (choice, &l.kind) {
            let unequal = comparison == Comparison::NotEqual;
            // Anything but a no is a yes.
            let other = unequal && left.value_type == Type::YesNo;
            let option = r.figure.point().map(|option| if other { 1.0 - option } else { option });
            let option = option.map_or_else(|| self.phrase(right, r), |o| figure_text(o, &left.value_type));
            let needs = if unequal && !other { format!("anything but {option}") } else { option };
            let part = Part { sentence: self.holding(reading, &needs, outcome), ..part };
            return self.answered(part, reading);
        }
        let (Some(actual), Some(threshold)) = (l.figure.point(), r.figure.point()) else {
            let unknown: Vec<String> = self.unknowns(l).into_iter().chain(self.unknowns(r)).collect();
            let reason = if unknown.is_empty() { "not known".to_owned() } else { unknown.join("; ") };
            let right_hand = self.right_hand(right, r, r.figure.point().map(|t| figure_text(t, &left.value_type)));
            let sentence = format!("{}: {reason}; needs {} {right_hand}", self.phrase(left, l), words(comparison));
            return self.with_figure(Part { sentence, ..part }, left, l, None);
        };
        let plain =
            matches!(left.value_type, Type::Ratio | Type::Number { unit: None } | Type::Count | Type::Score { .. });
        let (shown, held_against) = if plain {
            distinct(actual, threshold)
        } else {
            (figure_text(actual, &left.value_type), figure_text(threshold, &left.value_type))
        };
        let right_hand = self.right_hand(right, r, Some(held_against));
        let subject = self.phrase(left, l);
        let head = match &l.kind {
            TermKind::Aggregate { aggregate: Aggregate::Count, index, members, .. } => {
                self.counted(*index, members, &shown)
            }
            TermKind::Arithmetic { .. } => format!("{subject} = {shown}"),
            _ => format!("{subject}: {shown}"),
        };
        let mut sentence = if outcome.holds() {
            format!("{head}, {} {right_hand}", words(comparison))
        } else {
            let off = match comparison {
                Comparison::Greater | Comparison::AtLeast => ", short by ",
                Comparison::Less | Comparison::AtMost => ", over by ",
                Comparison::Equal | Comparison::NotEqual => "",
            };
            let gap = if off.is_empty() {
                String::new()
            } else {
                figure_text((actual - threshold).abs(), &gap_type(&left.value_type))
            };
            format!("{head}, needs {} {right_hand}{off}{gap}", words(comparison))
        };
        if outcome.bounds() == Truth::Unknown {
            sentence.push_str(&format!(" (could be {})", range(l.figure.low(), l.figure.high())));
        }
        let margin = Margin { actual, comparison, threshold, span: left.span };
        self.with_figure(Part { sentence, ..part }, left, l, Some(margin))
    }

    /// The right side of a comparison: a bare threshold, or an expression with what it comes to.
    fn right_hand(&self, right: &Expression, term: &Term, shown: Option<String>) -> String {
        match (&right.kind, shown) {
            (ExpressionKind::Literal(_), Some(shown)) => shown,
            (_, Some(shown)) => format!("{shown} ({})", self.phrase(right, term)),
            (_, None) => self.phrase(right, term),
        }
    }

    pub(super) fn noise(
        &self,
        part: Part,
        reading: &Reading,
        value: Figure,
        p95: Option<f64>,
        wanted: bool,
        outcome: Outcome,
    ) -> Part {
        let title = self.key_title(&reading.key);
        let sentence = match (value.point(), p95) {
            (Some(actual), Some(p95)) => {
                let (shown, floor) = distinct(actual, p95);
                let side = match (wanted, outcome.holds()) {
                    (true, true) => "above",
                    (false, false) => "needs at most",
                    _ => "not above",
                };
                format!(
                    "{title}: {shown}, {side} {floor}, which 95 of 100 such samples stay below when nothing is wrong"
                )
            }
            _ => format!("{title}: {}; needs to stand out from what chance shows", self.gap(reading)),
        };
        let part = self.answered(Part { sentence, ..part }, reading);
        let margin = value.point().zip(p95).map(|(actual, p95)| (actual - p95).abs());
        Part { value: value.point(), threshold: p95, margin, ..part }
    }

    /// "Title: answer" where it holds, "Title: answer, needs …" where it does not.
    pub(super) fn holding(&self, reading: &Reading, needs: &str, outcome: Outcome) -> String {
        let title = self.key_title(&reading.key);
        let input = &self.knowledge.inputs[reading.key.input];
        let value = self.fact(&reading.key).and_then(|fact| fact.value.as_ref().ok());
        match value {
            Some(value) if outcome.holds() => format!("{title}: {}", value_text(value, &input.value_type)),
            Some(value) => format!("{title}: {}, needs {needs}", value_text(value, &input.value_type)),
            None => format!("{title}: {}; needs {needs}", self.gap(reading)),
        }
    }

    pub(super) fn with_figure(&self, part: Part, expression: &Expression, term: &Term, margin: Option<Margin>) -> Part {
        let readings = term.readings();
        let origins: Vec<String> = match readings.as_slice() {
            [reading] => vec![self.origin(&reading.key)],
            many => many.iter().take(2).map(|reading| self.key_name(&reading.key)).collect(),
        };
        let origin = (!origins.is_empty() && !matches!(expression.kind, ExpressionKind::Aggregate { .. }))
            .then(|| origins.join("; "));
        Part {
            value: term.figure.point(),
            threshold: margin.map(|margin| margin.threshold),
            margin: margin.map(|margin| margin.gap()),
            origin,
            ..part
        }
    }

    pub(super) fn answered(&self, part: Part, reading: &Reading) -> Part {
        Part { origin: Some(self.origin(&reading.key)), ..part }
    }
}

fn gap_type(value_type: &Type) -> Type {
    match value_type {
        Type::Date => Type::Duration,
        other => other.clone(),
    }
}

pub(super) fn inverse(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Greater,
        Comparison::Greater => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
    }
}

pub(super) fn words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "below",
        Comparison::AtMost => "at most",
        Comparison::Greater => "above",
        Comparison::AtLeast => "at least",
        Comparison::Equal => "exactly",
        Comparison::NotEqual => "other than",
    }
}
