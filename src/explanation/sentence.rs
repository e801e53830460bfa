//! Sentences about conditions, made from the condition and from what was recorded of it.

use super::figures::{distinct, figure_text, range, value_text};
use super::{Case, Part, PartKind};
use crate::diagnostic::Count;
use crate::inference::{
    Element, Figure, FindingInstance, Instance, InstanceId, Margin, Outcome, Premise, PremiseKind, Reading, Term,
    TermKind, Truth,
};
use crate::model::{
    Aggregate, Comparison, Condition, ConditionKind, Expression, ExpressionKind, IndexRef, Quantifier, Type,
};
use std::collections::BTreeSet;

/// Members of a set that are shown; the others are counted.
const SHOWN_MEMBERS: usize = 5;

/// Deeper than this no finding is unfolded.
const DEPTH: usize = 12;

/// Puts conditions into words and remembers which derivations were shown already.
pub(super) struct Teller<'a> {
    pub(super) case: Case<'a>,
    shown: BTreeSet<InstanceId>,
    depth: usize,
}

impl<'a> Teller<'a> {
    /// Returns a teller that has shown nothing yet.
    pub fn new(case: Case<'a>) -> Self {
        Self { case, shown: BTreeSet::new(), depth: 0 }
    }

    /// Returns a rule instance with its premises, reason and sources; a repeated one only by name.
    pub fn instance(&mut self, id: InstanceId) -> Part {
        let Some(instance) = self.case.inference().instance(id) else {
            return Part::new(PartKind::Note, "no such derivation");
        };
        let rule = &self.case.knowledge.rules[instance.rule];
        let part = Part::new(PartKind::Rule, rule.title.clone())
            .named(self.case.rule_name(instance.rule, &instance.binding))
            .with_outcome(instance.outcome)
            .at(self.case.location(rule.span));
        if !self.shown.insert(id) {
            return part.with_parts(vec![Part::new(PartKind::Note, "as shown above")]);
        }
        if self.depth >= DEPTH {
            let note = format!("deeper than shown here; ask `why {}`", rule.id);
            return part.with_parts(vec![Part::new(PartKind::Note, note)]);
        }
        let mut parts = self.premises(instance);
        parts.extend(self.because(&rule.about));
        part.with_parts(parts)
    }

    /// Returns the premises of a rule instance, one part for each condition joined by `and`.
    pub fn premises(&mut self, instance: &Instance) -> Vec<Part> {
        let body = &self.case.knowledge.rules[instance.rule].body;
        match (&body.condition, &instance.premise) {
            (Some(condition), Some(premise)) => self.condition(condition, premise),
            _ => vec![Part::new(PartKind::Premise, "it has no condition").with_outcome(Outcome::TRUE)],
        }
    }

    /// Returns a condition as parts, one for each condition joined by `and`.
    pub fn condition(&mut self, condition: &Condition, premise: &Premise) -> Vec<Part> {
        self.depth += 1;
        let parts = self.parts(condition, premise, true);
        self.depth -= 1;
        parts
    }

    /// Returns reason and sources of a declaration.
    pub fn because(&self, about: &crate::model::About) -> Vec<Part> {
        let reason = about.because.iter().map(|because| Part::new(PartKind::Reason, because.value.clone()));
        let sources = about.cites.iter().map(|cite| Part::new(PartKind::Source, self.case.citation(cite.value)));
        reason.chain(sources).collect()
    }

    /// `wanted` is false under a `not`: then the sentence says what would have to be so for the `not`
    /// to hold.
    fn parts(&mut self, condition: &Condition, premise: &Premise, wanted: bool) -> Vec<Part> {
        let outcome = if wanted { premise.outcome } else { !premise.outcome };
        let one = |sentence: String| Part::new(PartKind::Premise, sentence).with_outcome(outcome);
        let part = match (&condition.kind, &premise.kind) {
            (ConditionKind::Not(inner), PremiseKind::Not(recorded)) => return self.parts(inner, recorded, !wanted),
            (ConditionKind::And(inner), PremiseKind::And(recorded)) => {
                return self.joined(inner, recorded, wanted, wanted, outcome);
            }
            (ConditionKind::Or(inner), PremiseKind::Or(recorded)) => {
                return self.joined(inner, recorded, !wanted, wanted, outcome);
            }
            (ConditionKind::Compare { left, right, .. }, PremiseKind::Compare { left: l, comparison, right: r }) => {
                let comparison = if wanted { *comparison } else { inverse(*comparison) };
                let parts = self.counted_members(left, l);
                self.comparison((left, l), comparison, (right, r), outcome).with_parts(parts)
            }
            (ConditionKind::Compare { left, right, .. }, PremiseKind::Same { comparison, .. }) => {
                let comparison = if wanted { *comparison } else { inverse(*comparison) };
                let word = if comparison == Comparison::Equal { "is" } else { "is not" };
                one(format!("{} {word} {}", self.case.written(left), self.case.written(right)))
            }
            (ConditionKind::Between { value, .. }, PremiseKind::Between { value: v, low, high }) => {
                let (low, high) = (low.figure.point(), high.figure.point());
                let ends = |end: Option<f64>| end.map_or_else(|| "?".into(), |end| figure_text(end, &value.value_type));
                let inside = if wanted { "between" } else { "outside" };
                let verb = if outcome.holds() { inside.to_owned() } else { format!("needs {inside}") };
                let sentence = format!("{}, {verb} {} and {}", self.case.is(value, v), ends(low), ends(high));
                self.with_figure(one(sentence), value, v, None)
            }
            (ConditionKind::In { input, .. }, PremiseKind::In { reading, options, .. }) => {
                let Type::OneOf(names) = &self.case.knowledge.inputs[input.input].value_type else { return Vec::new() };
                let listed: Vec<&str> =
                    options.iter().filter_map(|option| names.get(*option as usize)).map(String::as_str).collect();
                let set = listed.join(" or ");
                let needs = if wanted { set } else { format!("none of {}", listed.join(", ")) };
                self.answered(one(self.holding(reading, &needs, outcome)), reading)
            }
            (ConditionKind::Includes { input, .. }, PremiseKind::Includes { reading, option, .. }) => {
                let Type::ManyOf(names) = &self.case.knowledge.inputs[input.input].value_type else {
                    return Vec::new();
                };
                let name = names.get(*option as usize).cloned().unwrap_or_default();
                let needs = format!("{} {name}", if wanted { "including" } else { "without" });
                self.answered(one(self.holding(reading, &needs, outcome)), reading)
            }
            (ConditionKind::Known(_), PremiseKind::Known(reading)) => {
                let title = self.case.key_title(&reading.key);
                let known = (premise.outcome.point() == Truth::True) as usize;
                let states = [format!("not known ({})", self.case.gap(reading)), "known".to_owned()];
                let mut sentence = format!("{title}: {}", states[known]);
                if !outcome.holds() {
                    sentence.push_str(if wanted { ", must be known" } else { ", must not be known" });
                }
                self.answered(one(sentence), reading)
            }
            (ConditionKind::ExceedsNoise(_), PremiseKind::ExceedsNoise { reading, value, p95 }) => {
                self.noise(one(String::new()), reading, *value, *p95, wanted, outcome)
            }
            (ConditionKind::Finding(_), PremiseKind::Finding(finding)) => self.finding(finding, wanted, outcome),
            (ConditionKind::Relation(_), PremiseKind::Relation(instance)) => {
                self.case.related(instance, wanted, outcome)
            }
            (ConditionKind::EvidenceMissing, PremiseKind::EvidenceMissing) => {
                let missing = premise.outcome.holds();
                one(if missing {
                    "evidence that a rule requires is missing"
                } else {
                    "no required evidence is missing"
                }
                .into())
            }
            (
                ConditionKind::Quantified { condition, .. },
                PremiseKind::Quantified { quantifier, index, open, members, .. },
            ) => self.quantified(condition, (*quantifier, *index), *open, members, wanted, outcome),
            _ => one("the record does not fit the condition".into()),
        };
        vec![part]
    }

    fn joined(
        &mut self,
        conditions: &[Condition],
        premises: &[Premise],
        all: bool,
        wanted: bool,
        outcome: Outcome,
    ) -> Vec<Part> {
        let parts: Vec<Part> =
            conditions.iter().zip(premises).flat_map(|(inner, recorded)| self.parts(inner, recorded, wanted)).collect();
        if all {
            return parts;
        }
        let count = parts.iter().filter(|part| part.outcome == Some("true")).count();
        let sentence =
            format!("at least one of these {} ({count} so)", if parts.len() == 2 { "two" } else { "conditions" });
        vec![Part::new(PartKind::Premise, sentence).with_outcome(outcome).with_parts(parts)]
    }

    fn comparison(
        &self,
        (left, l): (&Expression, &Term),
        comparison: Comparison,
        (right, r): (&Expression, &Term),
        outcome: Outcome,
    ) -> Part {
        let part = Part::new(PartKind::Premise, "").with_outcome(outcome);
        let choice = matches!(left.value_type, Type::YesNo | Type::OneOf(_));
        if let (true, TermKind::Fact(reading)) = (choice, &l.kind) {
            let option =
                r.figure.point().map_or_else(|| self.case.phrase(right, r), |o| figure_text(o, &left.value_type));
            let needs = if comparison == Comparison::NotEqual { format!("anything but {option}") } else { option };
            let part = Part { sentence: self.holding(reading, &needs, outcome), ..part };
            return self.answered(part, reading);
        }
        let (Some(actual), Some(threshold)) = (l.figure.point(), r.figure.point()) else {
            let unknown: Vec<String> = self.case.unknowns(l).into_iter().chain(self.case.unknowns(r)).collect();
            let reason = if unknown.is_empty() { "not known".to_owned() } else { unknown.join("; ") };
            let right_hand = self.right_hand(right, r, r.figure.point().map(|t| figure_text(t, &left.value_type)));
            let sentence = format!("{}: {reason}; needs {} {right_hand}", self.case.phrase(left, l), words(comparison));
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
        let subject = self.case.phrase(left, l);
        let head = match &l.kind {
            TermKind::Aggregate { aggregate: Aggregate::Count, index, members, .. } => {
                self.case.counted(*index, members, &shown)
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
            (_, Some(shown)) => format!("{shown} ({})", self.case.phrase(right, term)),
            (_, None) => self.case.phrase(right, term),
        }
    }

    fn noise(
        &self,
        part: Part,
        reading: &Reading,
        value: Figure,
        p95: Option<f64>,
        wanted: bool,
        outcome: Outcome,
    ) -> Part {
        let title = self.case.key_title(&reading.key);
        let sentence = match (value.point(), p95) {
            (Some(actual), Some(p95)) => {
                let (shown, floor) = distinct(actual, p95);
                let side = if wanted == outcome.holds() { "above" } else { "not above" };
                format!(
                    "{title}: {shown}, {side} {floor}, which 95 of 100 such samples stay below when nothing is wrong"
                )
            }
            _ => format!("{title}: {}; needs to stand out from what chance shows", self.case.gap(reading)),
        };
        let part = self.answered(Part { sentence, ..part }, reading);
        let margin = value.point().zip(p95).map(|(actual, p95)| (actual - p95).abs());
        Part { value: value.point(), threshold: p95, margin, ..part }
    }

    fn finding(&mut self, finding: &FindingInstance, wanted: bool, outcome: Outcome) -> Part {
        let name = self.case.finding_name(finding.finding, &finding.arguments);
        let derivations: Vec<InstanceId> = self
            .case
            .inference()
            .findings()
            .get(finding)
            .map(|derived| derived.derivations.clone())
            .unwrap_or_default();
        let concluded: Vec<InstanceId> = derivations
            .into_iter()
            .filter(|id| self.case.inference().instance(*id).is_some_and(|instance| instance.outcome.is_possible()))
            .collect();
        let holds =
            |id: &&InstanceId| self.case.inference().instance(**id).is_some_and(|instance| instance.outcome.holds());
        // One derivation is enough to say why; the one with the fewest premises is the shortest to read.
        let size =
            |id: &&InstanceId| self.case.inference().instance(**id).map_or(0, |instance| instance.readings().len());
        let best = concluded.iter().filter(holds).min_by_key(size).or(concluded.first()).copied();
        let blocked = !wanted && outcome.point() == Truth::False;
        let kind = if blocked { PartKind::Blocker } else { PartKind::Premise };
        let state = match (wanted, outcome.point()) {
            (true, Truth::True) | (false, Truth::False) => format!("`{name}` was concluded"),
            (true, Truth::False) | (false, Truth::True) => format!("`{name}` was not concluded"),
            (_, Truth::Unknown) => format!("whether `{name}` holds cannot be told"),
        };
        let part = Part::new(kind, state).named(name).with_outcome(outcome);
        match best {
            Some(id) => {
                self.depth += 1;
                let shown = self.instance(id);
                self.depth -= 1;
                part.with_parts(vec![shown])
            }
            None => part,
        }
    }

    fn quantified(
        &mut self,
        condition: &Condition,
        (quantifier, index): (Quantifier, IndexRef),
        open: bool,
        members: &[(Element, Premise)],
        wanted: bool,
        outcome: Outcome,
    ) -> Part {
        let set = self.case.knowledge.index_name(index).to_owned();
        let part = Part::new(PartKind::Premise, "").with_outcome(outcome);
        if open {
            return Part { sentence: format!("no {set} is known for this deployment, so this cannot be told"), ..part };
        }
        let holding = members.iter().filter(|(_, premise)| premise.outcome.holds()).count();
        let asked = match quantifier {
            Quantifier::Any if wanted => "at least one",
            Quantifier::Any => "none",
            Quantifier::All if wanted => "every one",
            Quantifier::All => "not every one",
        };
        let qualifying = members.iter().filter(|(_, premise)| premise.outcome.holds()).map(|(element, _)| *element);
        let named = self.case.some_of(index, qualifying);
        let mut sentence = format!("{holding} of {} qualify{named}", Count(members.len(), &set));
        if !outcome.holds() {
            sentence.push_str(&format!(", needs {asked}"));
        }
        // What decided is shown: the members that hold where some do, else those nearest to it.
        let show_holding = (quantifier == Quantifier::Any) == (holding > 0);
        let members = members.iter().map(|(element, premise)| (*element, premise));
        let parts = self.members(condition, index, members, show_holding);
        Part { sentence, ..part }.with_parts(parts)
    }

    /// Returns the members of a set that satisfy a condition, or those that do not, nearest first; a few
    /// of them, the others counted.
    fn members<'p>(
        &mut self,
        condition: &Condition,
        index: IndexRef,
        members: impl Iterator<Item = (Element, &'p Premise)>,
        holding: bool,
    ) -> Vec<Part> {
        let mut chosen: Vec<(Element, &Premise)> =
            members.filter(|(_, premise)| premise.outcome.holds() == holding).collect();
        if !holding {
            chosen.sort_by(|(_, left), (_, right)| nearest_first(left.margin(), right.margin()));
        }
        let mut parts: Vec<Part> = Vec::new();
        for (element, premise) in chosen.iter().take(SHOWN_MEMBERS) {
            let name = self.case.element_name(index, *element);
            let inner = self.parts(condition, premise, true);
            let head = Part::new(PartKind::Premise, name.clone()).named(name).with_outcome(premise.outcome);
            parts.push(head.with_parts(inner));
        }
        if chosen.len() > SHOWN_MEMBERS {
            parts.push(Part::new(PartKind::Note, format!("and {} more", chosen.len() - SHOWN_MEMBERS)));
        }
        parts
    }

    /// "Title: answer" where it holds, "Title: answer, needs …" where it does not.
    fn holding(&self, reading: &Reading, needs: &str, outcome: Outcome) -> String {
        let title = self.case.key_title(&reading.key);
        let input = &self.case.knowledge.inputs[reading.key.input];
        let value = self.case.fact(&reading.key).and_then(|fact| fact.value.as_ref().ok());
        match value {
            Some(value) if outcome.holds() => format!("{title}: {}", value_text(value, &input.value_type)),
            Some(value) => format!("{title}: {}, needs {needs}", value_text(value, &input.value_type)),
            None => format!("{title}: {}; needs {needs}", self.case.gap(reading)),
        }
    }

    /// Returns the members that a `count` counts, with the figures that made them count.
    fn counted_members(&mut self, expression: &Expression, term: &Term) -> Vec<Part> {
        let (ExpressionKind::Aggregate { condition: Some(condition), .. }, TermKind::Aggregate { index, members, .. }) =
            (&expression.kind, &term.kind)
        else {
            return Vec::new();
        };
        let premises = members.iter().filter_map(|member| Some((member.element, member.condition.as_ref()?)));
        self.members(condition, *index, premises, true)
    }

    fn with_figure(&self, part: Part, expression: &Expression, term: &Term, margin: Option<Margin>) -> Part {
        let readings = term.readings();
        let origins: Vec<String> = match readings.as_slice() {
            [reading] => vec![self.case.origin(&reading.key)],
            many => many.iter().take(2).map(|reading| self.case.key_name(&reading.key)).collect(),
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

    fn answered(&self, part: Part, reading: &Reading) -> Part {
        Part { origin: Some(self.case.origin(&reading.key)), ..part }
    }
}

/// Returns parts without those that hold: what is left is what stands in the way.
pub(super) fn failing(parts: Vec<Part>) -> Vec<Part> {
    parts.into_iter().filter(|part| part.outcome != Some("true")).collect()
}

/// Orders margins nearest first, those without a number last.
pub(super) fn nearest_first(left: Option<Margin>, right: Option<Margin>) -> std::cmp::Ordering {
    match (left, right) {
        (Some(left), Some(right)) => Margin::nearer(&left, &right),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => std::cmp::Ordering::Equal,
    }
}

fn gap_type(value_type: &Type) -> Type {
    match value_type {
        Type::Date => Type::Duration,
        other => other.clone(),
    }
}

fn inverse(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Greater,
        Comparison::Greater => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
    }
}

fn words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "below",
        Comparison::AtMost => "at most",
        Comparison::Greater => "above",
        Comparison::AtLeast => "at least",
        Comparison::Equal => "exactly",
        Comparison::NotEqual => "other than",
    }
}
