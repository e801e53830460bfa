//! Leeway: what conditions and expressions come to, on point values, when some facts may be anything
//! within limits.
//!
//! This is the evaluation of `condition` and `expression` on sets of values instead of values. What it
//! says is never too narrow: every choice within the leeway comes to something within the [`Reach`] and the
//! [`Extent`] given here. Parts that read nothing with leeway are left to the ordinary evaluation, so that
//! without leeway both say the same. The search for flips proves with it that no value of some inputs would
//! do, without trying them all.
//!
//! Start with [`Imagined`].

mod condition;
mod expression;
mod reach;

pub(crate) use expression::Extent;
pub(crate) use reach::Reach;

use std::collections::{BTreeMap, BTreeSet};

use super::choices::each_binding;
use super::content::amount;
use super::recorder::Silent;
use super::{Element, Figure, FindingInstance, Interval, Measures, Scope, Truth};
use crate::facts::Member;
use crate::model::{ActionKind, Body, Condition, FindingId, IndexRef, InputId, InputRef, Rule, RuleId, Value};

/// A fact by its input and members.
pub(crate) type Cell = (InputId, Vec<Member>);

/// What a fact may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Leeway {
    /// One of these; none stands for a value that stays unknown.
    Among(Vec<Option<Value>>),
    /// A number in the interval, or perhaps unknown as well.
    Within {
        /// The interval; its ends count.
        interval: Interval,
        /// Whether it may stay unknown.
        or_unknown: bool,
    },
}

/// The facts of a deployment, some of them with leeway, and what rules made of them so far.
pub(crate) struct Imagined<'a> {
    /// What ordinary evaluation sees: facts that were changed to one value are changed in it; findings,
    /// measures and missing evidence are as they were before any change.
    scope: Scope<'a>,
    leeway: &'a BTreeMap<Cell, Leeway>,
    /// By input: whether one of its facts has leeway.
    loose: Vec<bool>,
    /// Findings that were derived anew.
    renewed: BTreeSet<FindingId>,
    /// Their instances that may hold or may not be told.
    findings: BTreeMap<FindingInstance, Reach>,
    /// The figures of the assessment anew, as points or as intervals.
    measures: Option<Measures>,
    /// Whether required evidence is missing, anew.
    evidence_missing: Option<Reach>,
}

/// A rule applied to one choice of its variables.
pub(crate) struct Applied {
    /// Whether it fires.
    pub(crate) reach: Reach,
    /// For each action, the amount that it carries: a point, or an interval that holds it.
    pub(crate) amounts: Vec<Option<Figure>>,
}

impl<'a> Imagined<'a> {
    /// Returns the facts with leeway, before any rule is applied to them.
    pub(crate) fn new(scope: Scope<'a>, leeway: &'a BTreeMap<Cell, Leeway>) -> Self {
        let mut loose = vec![false; scope.knowledge.inputs.len()];
        for (input, _) in leeway.keys() {
            loose[input.index()] = true;
        }
        Self {
            scope,
            leeway,
            loose,
            renewed: BTreeSet::new(),
            findings: BTreeMap::new(),
            measures: None,
            evidence_missing: None,
        }
    }

    /// Forgets what is known of these findings; they have to be derived anew before they are read.
    pub(crate) fn renew(&mut self, findings: impl IntoIterator<Item = FindingId>) {
        self.renewed.extend(findings);
    }

    /// Sets the figures of the assessment that conditions read from now on.
    pub(crate) fn set_measures(&mut self, measures: Measures) {
        self.measures = Some(measures);
    }

    /// Sets whether required evidence is missing.
    pub(crate) fn set_evidence_missing(&mut self, missing: Reach) {
        self.evidence_missing = Some(missing);
    }

    /// Returns whether a finding holds.
    pub(crate) fn finding(&self, instance: &FindingInstance) -> Reach {
        let before = || self.scope.findings.get(self.scope.domains, instance).point();
        if !self.renewed.contains(&instance.finding) {
            return Reach::exact(before());
        }
        let renewed = self.findings.get(instance).copied().unwrap_or(Reach::exact(Truth::False));
        // About a member that nobody knows, truth and what is possible are one, so equal truth is no change.
        if instance.arguments.contains(&Element::Anonymous) && renewed.is_exactly(before()) {
            return Reach::exact(before());
        }
        renewed.moved()
    }

    /// Returns whether a finding holds about anything.
    pub(crate) fn any_finding(&self, finding: FindingId) -> Reach {
        if !self.renewed.contains(&finding) {
            return Reach::exact(Truth::from(self.scope.findings.any_holds(finding)));
        }
        let instances = self.findings.iter().filter(|(instance, _)| instance.finding == finding);
        instances.fold(Reach::exact(Truth::False).moved(), |all, (_, reach)| all | *reach)
    }

    /// Returns whether a body holds for some choice of its variables.
    pub(crate) fn body(&self, body: &Body) -> Reach {
        let Some(condition) = &body.condition else { return Reach::exact(Truth::True) };
        let mut joined = Reach::exact(Truth::False);
        each_binding(self.scope.domains, body, &mut |variables| {
            joined = joined | self.judged(body, condition, variables);
        });
        joined
    }

    /// Applies the rules of one stratum, which is the whole of it as far as renewed findings go.
    pub(crate) fn apply(
        &mut self,
        rules: &[RuleId],
        recursive: bool,
        receive: &mut dyn FnMut(RuleId, &[Element], Applied),
    ) {
        // A truth only ever rises from one round to the next, so this ends.
        while recursive && self.conclude(rules, &mut |_, _, _| ()) {}
        self.conclude(rules, receive);
    }

    /// Applies rules once. Tells whether a finding changed.
    fn conclude(&mut self, rules: &[RuleId], receive: &mut dyn FnMut(RuleId, &[Element], Applied)) -> bool {
        let mut derived: Vec<(FindingInstance, Reach)> = Vec::new();
        for &id in rules {
            let rule = &self.scope.knowledge.rules[id];
            self.each_instance(rule, &mut |variables, applied| {
                for action in &rule.actions {
                    if let ActionKind::Conclude(atom) = &action.kind {
                        let instance = self.scope.finding_instance(atom, variables);
                        derived.push((instance, applied.reach));
                    }
                }
                receive(id, variables, applied);
            });
        }
        let mut changed = false;
        for (instance, reach) in derived {
            let anonymous = instance.arguments.contains(&Element::Anonymous);
            let reach = if anonymous { reach.at_most_possible() } else { reach };
            if !reach.is_possible() || instance.arguments.contains(&Element::Absent) {
                continue;
            }
            let known = self.findings.entry(instance).or_insert(Reach::exact(Truth::False));
            let joined = *known | reach;
            changed |= joined != *known;
            *known = joined;
        }
        changed
    }

    fn each_instance(&self, rule: &Rule, receive: &mut dyn FnMut(&[Element], Applied)) {
        each_binding(self.scope.domains, &rule.body, &mut |variables| {
            let reach = match &rule.body.condition {
                Some(condition) => self.judged(&rule.body, condition, variables),
                None if is_anonymous(&rule.body, variables) => Reach::exact(Truth::Unknown),
                None => Reach::exact(Truth::True),
            };
            let amounts = if reach.may_hold() {
                let amounts = rule.actions.iter().map(|action| amount(&action.kind));
                amounts.map(|amount| amount.map(|amount| self.extent(amount, variables).amount())).collect()
            } else {
                vec![None; rule.actions.len()]
            };
            receive(variables, Applied { reach, amounts });
        });
    }

    /// Evaluates the condition of a body for one choice of its variables.
    fn judged(&self, body: &Body, condition: &Condition, variables: &mut [Element]) -> Reach {
        let reach = self.condition(condition, variables);
        match (is_anonymous(body, variables), reach.is_moved()) {
            (false, _) => reach,
            (true, true) => reach.at_most_possible(),
            (true, false) => {
                let outcome = self.scope.condition::<Silent>(condition, variables).0;
                Reach::exact(outcome.at_most_possible().point())
            }
        }
    }

    /// Returns the leeway of the fact that a look-up finds, if it has any.
    fn leeway_of(&self, reference: &InputRef, variables: &[Element]) -> Option<&'a Leeway> {
        if !self.loose[reference.input.index()] {
            return None;
        }
        let indexes = &self.scope.knowledge.inputs[reference.input].indexes;
        let members: Option<Vec<Member>> = reference
            .arguments
            .iter()
            .zip(indexes)
            .map(|(argument, &index)| match self.scope.resolve(argument, IndexRef::Declared(index), variables) {
                Element::Member(member) => Some(member),
                _ => None,
            })
            .collect();
        self.leeway.get(&(reference.input, members?))
    }

    /// Returns what ordinary evaluation makes of a condition.
    fn exact(&self, condition: &Condition, variables: &mut [Element]) -> Reach {
        Reach::exact(self.scope.condition::<Silent>(condition, variables).0.point())
    }
}

fn is_anonymous(body: &Body, variables: &[Element]) -> bool {
    variables.iter().take(body.for_each).any(|&element| element == Element::Anonymous)
}
