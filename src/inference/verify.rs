//! The checker: does a recorded instance follow from its own premises?
//!
//! It sees the record, the facts and the findings, and not the condition, so that a mistake in
//! evaluation cannot hide in both. Figures are recomputed from their parts, outcomes from figures;
//! leaves are held against the facts and the findings.

use std::collections::BTreeMap;

use super::aggregate::{Member, aggregate_figures};
use super::condition::{outcome_of_exceeds_noise, outcome_of_in, outcome_of_includes, outcome_of_relation, quantified};
use super::expression::{absolute, arithmetic, negate, ramp};
use super::{
    AggregateMember, Element, Figure, FindingInstance, Gap, Inference, Instance, Interval, Outcome, Premise,
    PremiseKind, Reading, Term, TermKind,
};
use crate::facts::{Fact, FactStore};
use crate::model::{Comparison, KnowledgeBase, Quantifier, Value};
use crate::source::Span;

/// A part of a record that does not follow from what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record of {what} does not follow from its parts")]
pub struct Unsound {
    /// What the part is.
    pub what: &'static str,
    /// Where it is written.
    pub span: Span,
}

/// Checks every instance and every finding.
///
/// # Errors
/// The first part that does not follow.
pub fn verify(knowledge: &KnowledgeBase, facts: &FactStore, inference: &Inference) -> Result<(), Unsound> {
    for (_, instance) in inference.instances() {
        verify_instance(knowledge, facts, inference, instance)?;
    }
    let founded = founded(inference);
    for (finding, derived) in inference.findings() {
        if founded.get(finding) != Some(&derived.outcome) {
            let rules = derived.derivations.iter().filter_map(|&id| inference.instance(id));
            let span = rules.map(|instance| knowledge.rules[instance.rule].span).next();
            return span.map_or(Ok(()), |span| Err(Unsound { what: "a finding", span }));
        }
    }
    Ok(())
}

/// Returns what each finding comes to when it is built up from nothing: findings that only hold each other up,
/// each the premise of the next, are not among those that hold.
fn founded(inference: &Inference) -> BTreeMap<&FindingInstance, Outcome> {
    let mut founded: BTreeMap<&FindingInstance, Outcome> =
        inference.findings().keys().map(|finding| (finding, Outcome::FALSE)).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (finding, derived) in inference.findings() {
            let instances = derived.derivations.iter().filter_map(|&id| inference.instance(id));
            let joined = instances.fold(Outcome::FALSE, |joined, instance| joined | rests_on(instance, &founded));
            let anonymous = finding.arguments.contains(&Element::Anonymous);
            let outcome = if anonymous { joined.at_most_possible() } else { joined };
            changed |= founded.insert(finding, outcome) != Some(outcome);
        }
    }
    founded
}

/// Returns what an instance comes to if findings are as in `founded`.
fn rests_on(instance: &Instance, founded: &BTreeMap<&FindingInstance, Outcome>) -> Outcome {
    let outcome = instance.premise.as_ref().map_or(Outcome::TRUE, |premise| premise_rests_on(premise, founded));
    if instance.is_anonymous() { outcome.at_most_possible() } else { outcome }
}

fn premise_rests_on(premise: &Premise, founded: &BTreeMap<&FindingInstance, Outcome>) -> Outcome {
    let part = |part: &Premise| premise_rests_on(part, founded);
    match &premise.kind {
        PremiseKind::And(parts) => parts.iter().map(part).fold(Outcome::TRUE, |all, part| all & part),
        PremiseKind::Or(parts) => parts.iter().map(part).fold(Outcome::FALSE, |any, part| any | part),
        PremiseKind::Quantified { quantifier: Quantifier::Any, open, members, .. } => {
            let any = members.iter().map(|(_, member)| part(member)).fold(Outcome::FALSE, |any, part| any | part);
            quantified(Quantifier::Any, any, *open)
        }
        PremiseKind::Finding(finding) => founded.get(finding).copied().unwrap_or(Outcome::FALSE),
        // What is negated or counted was complete before; everything else rests on facts.
        _ => premise.outcome,
    }
}

/// Checks one instance from its premises alone.
///
/// # Errors
/// The first part that does not follow.
pub fn verify_instance(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    inference: &Inference,
    instance: &Instance,
) -> Result<(), Unsound> {
    let checker = Checker { knowledge, facts, inference };
    let outcome = match &instance.premise {
        Some(premise) => checker.premise(premise)?,
        None => Outcome::TRUE,
    };
    let expected = if instance.is_anonymous() { outcome.at_most_possible() } else { outcome };
    let span = knowledge.rules[instance.rule].span;
    check(instance.outcome == expected, "a rule instance", span)?;
    for amount in instance.amounts.iter().flatten() {
        checker.term(amount)?;
    }
    Ok(())
}

fn check(holds: bool, what: &'static str, span: Span) -> Result<(), Unsound> {
    if holds { Ok(()) } else { Err(Unsound { what, span }) }
}

struct Checker<'a> {
    knowledge: &'a KnowledgeBase,
    facts: &'a FactStore,
    inference: &'a Inference,
}

impl Checker<'_> {
    fn premise(&self, premise: &Premise) -> Result<Outcome, Unsound> {
        let span = premise.span;
        let expected = match &premise.kind {
            PremiseKind::And(parts) => self.fold(parts.iter(), Quantifier::All)?,
            PremiseKind::Or(parts) => self.fold(parts.iter(), Quantifier::Any)?,
            PremiseKind::Not(part) => !self.premise(part)?,
            PremiseKind::Compare { left, comparison, right } => {
                self.term(left)?.compare(*comparison, self.term(right)?)
            }
            PremiseKind::Between { value, low, high } => {
                let value = self.term(value)?;
                value.compare(Comparison::AtLeast, self.term(low)?)
                    & value.compare(Comparison::AtMost, self.term(high)?)
            }
            // What the sides held is in the facts and the rule, not in the record: check the readings only.
            PremiseKind::Same { left, right, .. } => {
                for reading in left.iter().chain(right) {
                    self.reading(reading, span)?;
                }
                let missing = left.iter().chain(right).any(|reading| reading.gap.is_some());
                if missing { Outcome::UNKNOWN } else { premise.outcome }
            }
            PremiseKind::In { reading, chosen, options, of } => {
                self.reading(reading, span)?;
                check(self.value(reading).and_then(option) == *chosen, "a chosen option", span)?;
                outcome_of_in(*chosen, options, *of)
            }
            PremiseKind::Includes { reading, chosen, option } => {
                self.reading(reading, span)?;
                check(self.value(reading).and_then(options) == chosen.as_deref(), "the chosen options", span)?;
                outcome_of_includes(chosen.as_deref(), *option)
            }
            PremiseKind::Known(reading) => {
                self.reading(reading, span)?;
                let open = reading.gap == Some(Gap::OpenSet);
                if open { Outcome::UNKNOWN } else { Outcome::from(reading.gap.is_none()) }
            }
            PremiseKind::ExceedsNoise { reading, value, p95 } => {
                let floor = self.fact(reading).and_then(|fact| fact.floor.as_ref()).map(|floor| floor.p95);
                check(floor == *p95, "a noise floor", span)?;
                check(self.fact_figure(reading) == *value, "a metric", span)?;
                outcome_of_exceeds_noise(*value, *p95)
            }
            PremiseKind::Finding(finding) => self.inference.finding(finding),
            PremiseKind::Relation(relation) => outcome_of_relation(self.facts, relation),
            PremiseKind::EvidenceMissing => premise.outcome,
            PremiseKind::Quantified { quantifier, open, members, .. } => {
                let outcome = self.fold(members.iter().map(|(_, part)| part), *quantifier)?;
                quantified(*quantifier, outcome, *open)
            }
        };
        check(premise.outcome == expected, "a condition", span)?;
        Ok(expected)
    }

    fn fold<'p>(&self, parts: impl Iterator<Item = &'p Premise>, quantifier: Quantifier) -> Result<Outcome, Unsound> {
        let mut outcome = Outcome::from(quantifier == Quantifier::All);
        for part in parts {
            let part = self.premise(part)?;
            outcome = match quantifier {
                Quantifier::All => outcome & part,
                Quantifier::Any => outcome | part,
            };
        }
        Ok(outcome)
    }

    fn term(&self, term: &Term) -> Result<Figure, Unsound> {
        let expected = match &term.kind {
            // Written in the rule, or a figure of the assessment that the record cannot recompute.
            TermKind::Literal | TermKind::Measure { .. } => term.figure,
            TermKind::Fact(reading) => {
                self.reading(reading, term.span)?;
                self.fact_figure(reading)
            }
            TermKind::Arithmetic { operator, left, right } => {
                arithmetic(*operator, self.term(left)?, self.term(right)?)
            }
            TermKind::Negate(value) => negate(self.term(value)?),
            TermKind::Absolute(value) => absolute(self.term(value)?),
            TermKind::Ramp { value, points } => ramp(self.term(value)?, points),
            TermKind::Aggregate { aggregate, open, members, .. } => {
                let members = members.iter().map(|member| self.member(member)).collect::<Result<Vec<_>, _>>()?;
                aggregate_figures(*aggregate, &members, *open)
            }
        };
        check(term.figure == expected, "a figure", term.span)?;
        Ok(expected)
    }

    fn member(&self, member: &AggregateMember) -> Result<Member, Unsound> {
        let counts = member.condition.as_ref().map_or(Ok(Outcome::TRUE), |condition| self.premise(condition))?;
        let value = member.value.as_ref().map_or(Ok(Figure::exact(1.0)), |value| self.term(value))?;
        Ok(Member { counts, value })
    }

    /// A reading without a gap has a fact with a value behind it, and the other way round.
    fn reading(&self, reading: &Reading, span: Span) -> Result<(), Unsound> {
        let has_value = self.value(reading).is_some();
        let told = match reading.gap {
            None | Some(Gap::NoFloor | Gap::WrongType) => has_value,
            Some(_) => !has_value,
        };
        check(told, "a fact that was read", span)
    }

    fn fact(&self, reading: &Reading) -> Option<&Fact> {
        self.facts.get(reading.key.input, &reading.key.members()?)
    }

    fn value(&self, reading: &Reading) -> Option<&Value> {
        self.fact(reading).and_then(|fact| fact.value.as_ref().ok())
    }

    fn fact_figure(&self, reading: &Reading) -> Figure {
        let missing = Figure::missing(&self.knowledge.inputs[reading.key.input].value_type);
        let point = self.value(reading).and_then(Value::as_number).filter(|point| point.is_finite());
        let Some(point) = point else { return missing };
        let interval = self.fact(reading).and_then(|fact| fact.interval.as_ref());
        let range = interval.map_or(Interval::point(point), |interval| {
            Interval::new(interval.low, interval.high).clamp(missing.low(), missing.high())
        });
        Figure::new(Some(point), range)
    }
}

fn option(value: &Value) -> Option<u32> {
    match value {
        Value::Option(option) => Some(*option),
        _ => None,
    }
}

fn options(value: &Value) -> Option<&[u32]> {
    match value {
        Value::Options(options) => Some(options),
        _ => None,
    }
}
