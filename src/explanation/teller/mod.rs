//! The teller: conditions and derivations as trees of sentences, each derivation shown once.
//!
//! It tells in one of two views. *Holding* says why something is so: the smallest proof of each finding,
//! and of conditions of which one is enough, the one with the shortest proof. *Lacking* says what stood in
//! the way: what holds is left out, and what was not concluded is followed into the rules that could have.

mod lacking;

pub(super) use lacking::lacks_less;

use super::figures::figure_text;
use super::proof::Proofs;
use super::sentence::inverse;
use super::{Case, Part, PartKind};
use crate::diagnostic::Count;
use crate::inference::{
    Element, FactKey, FindingInstance, Instance, InstanceId, Outcome, Premise, PremiseKind, Term, TermKind, Truth,
};
use crate::model::{
    About, Comparison, Condition, ConditionKind, Expression, ExpressionKind, IndexRef, Quantifier, Type,
};
use lacking::nearest_first;
use std::collections::BTreeSet;

/// Members of a set that are shown; the others are counted.
const SHOWN_MEMBERS: usize = 5;

/// Deeper than this no finding is unfolded.
const DEPTH: usize = 12;

/// Derivations that one answer shows.
const DERIVATIONS: usize = 400;

/// What is told of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// Why it holds, by the smallest proof.
    Holding,
    /// Why it holds, with all that speaks for it.
    Everything,
    /// What stands in the way.
    Lacking,
}

/// Puts conditions into words and remembers which derivations were shown already.
pub(super) struct Teller<'a> {
    pub(super) case: Case<'a>,
    view: View,
    proofs: Proofs<'a>,
    shown: BTreeSet<InstanceId>,
    facts: BTreeSet<FactKey>,
    /// Findings that are being told, from the outermost in.
    telling: Vec<FindingInstance>,
    /// Findings of which it was told already what stands in their way.
    told: BTreeSet<FindingInstance>,
    depth: usize,
}

impl<'a> Teller<'a> {
    /// Returns a teller of why things are so: of the smallest proof, or of every derivation.
    pub fn new(case: Case<'a>, all: bool) -> Self {
        let view = if all { View::Everything } else { View::Holding };
        Self {
            case,
            view,
            proofs: Proofs::new(case),
            shown: BTreeSet::new(),
            facts: BTreeSet::new(),
            telling: Vec::new(),
            told: BTreeSet::new(),
            depth: 0,
        }
    }

    /// Returns a teller of why things are not so.
    pub fn of_what_lacks(case: Case<'a>) -> Self {
        Self { view: View::Lacking, ..Self::new(case, false) }
    }

    /// Returns the names of the facts that everything told so far rests on, in order.
    pub fn facts(&self) -> Vec<String> {
        self.facts.iter().map(|key| self.case.key_name(key)).collect()
    }

    /// Returns the last step of the smallest proof of a finding; with every derivation asked for, all of them.
    pub fn derivations(&mut self, finding: &FindingInstance) -> Vec<InstanceId> {
        match self.view {
            View::Everything => self.proofs.derivations(finding).map(|(id, _)| id).collect(),
            View::Holding | View::Lacking => self.proofs.last_step(finding).into_iter().collect(),
        }
    }

    /// Returns a rule instance with its premises, reason and sources; a repeated one only by name.
    pub fn instance(&mut self, id: InstanceId) -> Part {
        let Some(instance) = self.case.inference().instance(id) else {
            return Part::new(PartKind::Note, "no such derivation");
        };
        let rule = &self.case.knowledge.rules[instance.rule];
        let part = self.rule(instance);
        if let Some(premise) = instance.premise.as_ref().filter(|premise| premise.outcome.holds()) {
            self.proofs.facts(premise, Truth::True, &mut self.facts);
        }
        if self.shown.contains(&id) {
            return Part { instance: Some(id), ..part };
        }
        if self.depth >= DEPTH {
            let note = format!("deeper than shown here; ask `why {}`", rule.id);
            return part.with_parts(vec![Part::new(PartKind::Note, note)]);
        }
        if self.shown.len() >= DERIVATIONS {
            let note = format!("{DERIVATIONS} derivations were shown; ask `why {}` for this one", rule.id);
            return part.with_parts(vec![Part::new(PartKind::Note, note)]);
        }
        self.shown.insert(id);
        let mut parts = self.premises(instance);
        parts.extend(self.because(&rule.about));
        Part { instance: Some(id), parts, ..part }
    }

    /// Returns a rule instance without what is under it.
    pub fn rule(&self, instance: &Instance) -> Part {
        let rule = &self.case.knowledge.rules[instance.rule];
        let notation = self.case.rule_notation(instance);
        Part::new(PartKind::Rule, rule.title.clone())
            .named(self.case.rule_name(instance.rule, &instance.binding))
            .with_outcome(instance.outcome)
            .with_notation(notation)
            .at(self.case.location(rule.span))
    }

    /// Returns the premises of a rule instance, one part for each condition joined by `and`.
    pub fn premises(&mut self, instance: &Instance) -> Vec<Part> {
        let body = &self.case.knowledge.rules[instance.rule].body;
        match (&body.condition, &instance.premise) {
            (Some(condition), Some(premise)) => self.condition(condition, premise),
            _ if self.view == View::Lacking => Vec::new(),
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

    /// Returns what would have to be so for a condition not to hold, with the figures at hand.
    pub fn negated(&mut self, condition: &Condition, premise: &Premise) -> Vec<Part> {
        self.depth += 1;
        let parts = self.parts(condition, premise, false);
        self.depth -= 1;
        parts
    }

    /// Returns reason and sources of a declaration.
    pub fn because(&self, about: &About) -> Vec<Part> {
        let reason = about.because.iter().map(|because| Part::new(PartKind::Reason, because.value.clone()));
        let sources = about.cites.iter().map(|cite| Part::new(PartKind::Source, self.case.citation(cite.value)));
        reason.chain(sources).collect()
    }

    /// `wanted` is false under a `not`: then the sentence says what would have to be so for the `not`
    /// to hold.
    fn parts(&mut self, condition: &Condition, premise: &Premise, wanted: bool) -> Vec<Part> {
        let outcome = if wanted { premise.outcome } else { !premise.outcome };
        if self.view == View::Lacking && outcome.holds() {
            return Vec::new();
        }
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
                self.case.comparison((left, l), comparison, (right, r), outcome).with_parts(parts)
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
                self.case.with_figure(one(sentence), value, v, None)
            }
            (ConditionKind::In { input, .. }, PremiseKind::In { reading, options, .. }) => {
                let Type::OneOf(names) = &self.case.knowledge.inputs[input.input].value_type else { return Vec::new() };
                let listed: Vec<&str> =
                    options.iter().filter_map(|option| names.get(*option as usize)).map(String::as_str).collect();
                let set = listed.join(" or ");
                let needs = if wanted { set } else { format!("none of {}", listed.join(", ")) };
                self.case.answered(one(self.case.holding(reading, &needs, outcome)), reading)
            }
            (ConditionKind::Includes { input, .. }, PremiseKind::Includes { reading, option, .. }) => {
                let Type::ManyOf(names) = &self.case.knowledge.inputs[input.input].value_type else {
                    return Vec::new();
                };
                let name = names.get(*option as usize).cloned().unwrap_or_default();
                let needs = format!("{} {name}", if wanted { "including" } else { "without" });
                self.case.answered(one(self.case.holding(reading, &needs, outcome)), reading)
            }
            (ConditionKind::Known(_), PremiseKind::Known(reading)) => {
                let title = self.case.key_title(&reading.key);
                let known = (premise.outcome.point() == Truth::True) as usize;
                let states = [format!("not known ({})", self.case.gap(reading)), "known".to_owned()];
                let mut sentence = format!("{title}: {}", states[known]);
                if !outcome.holds() {
                    sentence.push_str(if wanted { ", must be known" } else { ", must not be known" });
                }
                self.case.answered(one(sentence), reading)
            }
            (ConditionKind::ExceedsNoise(_), PremiseKind::ExceedsNoise { reading, value, p95 }) => {
                self.case.noise(one(String::new()), reading, *value, *p95, wanted, outcome)
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
        let notation = self.case.notation(condition, premise);
        let notation = if wanted { notation } else { format!("¬({notation})") };
        vec![Part { notation: Some(notation), ..part }]
    }

    /// Conditions joined by `and` or `or`; `all` tells whether every one counts.
    fn joined(
        &mut self,
        conditions: &[Condition],
        premises: &[Premise],
        all: bool,
        wanted: bool,
        outcome: Outcome,
    ) -> Vec<Part> {
        if all {
            let pairs = conditions.iter().zip(premises);
            return pairs.flat_map(|(inner, recorded)| self.parts(inner, recorded, wanted)).collect();
        }
        let needed = if wanted { Truth::True } else { Truth::False };
        let so = premises.iter().filter(|premise| premise.outcome.point() == needed).count();
        // Of several that are enough, the one with the shortest proof is told.
        let only = match self.view {
            View::Holding if so > 0 => self.proofs.cheapest(premises.iter(), needed),
            _ => None,
        };
        let pairs = conditions.iter().zip(premises).enumerate();
        let chosen = pairs.filter(|(place, _)| only.is_none_or(|only| only == *place));
        let parts: Vec<Part> = chosen.flat_map(|(_, (inner, recorded))| self.parts(inner, recorded, wanted)).collect();
        let these = if conditions.len() == 2 { "two" } else { "conditions" };
        let sentence = match (only, so) {
            (Some(_), 1) => format!("at least one of {} conditions, and one is so:", conditions.len()),
            (Some(_), so) => format!("at least one of {} conditions, and {so} are so, one of them:", conditions.len()),
            (None, so) => format!("at least one of these {these} ({so} so)"),
        };
        vec![Part::new(PartKind::Premise, sentence).with_outcome(outcome).with_notation("∨").with_parts(parts)]
    }

    fn finding(&mut self, finding: &FindingInstance, wanted: bool, outcome: Outcome) -> Part {
        let name = self.case.finding_name(finding.finding, &finding.arguments);
        let concluded = self.case.inference().finding(finding).point();
        let kind = if !wanted && concluded == Truth::True { PartKind::Blocker } else { PartKind::Premise };
        let state = match concluded {
            Truth::True => format!("`{name}` was concluded"),
            Truth::False => format!("`{name}` was not concluded"),
            Truth::Unknown => format!("whether `{name}` holds cannot be told"),
        };
        self.depth += 1;
        let parts = match (concluded, self.view) {
            (Truth::True, view) => {
                // What blocks is there, so it is told why.
                if view == View::Lacking {
                    self.view = View::Holding;
                }
                let derivations = self.derivations(finding);
                let parts = derivations.into_iter().map(|id| self.instance(id)).collect();
                self.view = view;
                parts
            }
            (_, view) => {
                self.view = View::Lacking;
                let parts = self.rules_in_the_way(finding);
                self.view = view;
                parts
            }
        };
        self.depth -= 1;
        Part::new(kind, state).named(name).with_outcome(outcome).with_parts(parts)
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
        // What decided is shown: the members that hold where some do, else those nearest to it. Where one is
        // enough, the one with the shortest proof.
        let show_holding = (quantifier == Quantifier::Any) == (holding > 0);
        let one_is_enough = outcome.holds() && (quantifier == Quantifier::Any) == wanted;
        let only = if one_is_enough && self.view == View::Holding {
            self.proofs.cheapest(members.iter().map(|(_, premise)| premise), Truth::from(wanted))
        } else {
            None
        };
        let members = members.iter().enumerate().filter(|(place, _)| only.is_none_or(|only| only == *place));
        let members = members.map(|(_, (element, premise))| (*element, premise));
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
        let view = self.view;
        if holding && view == View::Lacking {
            self.view = View::Holding;
        } else if !holding {
            self.view = View::Lacking;
        }
        let mut parts: Vec<Part> = Vec::new();
        for (element, premise) in chosen.iter().take(SHOWN_MEMBERS) {
            let name = self.case.element_name(index, *element);
            let inner = self.parts(condition, premise, true);
            let notation = format!("{} = {name}", self.case.knowledge.index_name(index));
            let head = Part::new(PartKind::Premise, name.clone()).named(name).with_outcome(premise.outcome);
            parts.push(head.with_notation(notation).with_parts(inner));
        }
        self.view = view;
        if chosen.len() > SHOWN_MEMBERS {
            parts.push(Part::new(PartKind::Note, format!("and {} more", chosen.len() - SHOWN_MEMBERS)));
        }
        parts
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
}
