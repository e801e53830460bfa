//! A run: rules applied phase by phase and stratum by stratum.

use std::collections::BTreeMap;

use super::choices::Choices;
use super::content::amount;
use super::extents::conclusion;
use super::fixpoint::settle;
use super::join::Budget;
use super::provenance::Concluded;
use super::recorder::{Full, Recorder};
use super::schedule::{Schedule, check_size};
use super::{
    Derived, Domains, Element, Extents, Figure, FindingInstance, Frame, Inference, InferenceError, Instance, Limits,
    Measures, Outcome, Premise, Scope, Term,
};
use crate::facts::FactStore;
use crate::model::{ActionKind, KnowledgeBase, Phase, Rule, RuleId};

/// Infers what the evidence rules conclude, on these facts.
///
/// Rules of the advice phase read likelihoods and risks; [`risk::assess`](crate::risk::assess) runs
/// them as well.
///
/// # Errors
/// `I001 too-many-instances` where the sets are too large for the variables of the rules.
pub fn infer(knowledge: &KnowledgeBase, facts: &FactStore) -> Result<Inference, InferenceError> {
    infer_within(knowledge, facts, Limits::default())
}

/// Infers as [`infer`] does, within other limits.
///
/// # Errors
/// As for [`infer`].
pub fn infer_within(knowledge: &KnowledgeBase, facts: &FactStore, limits: Limits) -> Result<Inference, InferenceError> {
    let mut run = Run::new(knowledge, facts, limits)?;
    run.phase(Phase::Evidence, None, Outcome::FALSE)?;
    Ok(run.finish())
}

/// Rules being applied to the facts of one deployment.
pub(crate) struct Run<'a> {
    pub(crate) knowledge: &'a KnowledgeBase,
    pub(crate) facts: &'a FactStore,
    pub(crate) domains: Domains,
    pub(crate) schedule: Schedule,
    pub(crate) findings: Extents,
    budget: Budget,
    /// By rule.
    recorded: Vec<Vec<Instance>>,
    unrecorded: BTreeMap<RuleId, u64>,
    pub(crate) limits: Limits,
    /// What is left of [`Limits::records`].
    room: usize,
}

impl<'a> Run<'a> {
    /// Prepares a run.
    pub(crate) fn new(
        knowledge: &'a KnowledgeBase,
        facts: &'a FactStore,
        limits: Limits,
    ) -> Result<Self, InferenceError> {
        let domains = Domains::new(knowledge, facts);
        check_size(Frame::of_evidence(knowledge, facts, &domains, limits))?;
        Ok(Self {
            knowledge,
            facts,
            schedule: Schedule::new(knowledge),
            findings: Extents::new(knowledge, facts, &domains, limits.cells),
            domains,
            budget: Budget::new(limits),
            recorded: vec![Vec::new(); knowledge.rules.len()],
            unrecorded: BTreeMap::new(),
            limits,
            room: limits.records,
        })
    }

    /// Applies the rules of a phase and records their instances.
    pub(crate) fn phase(
        &mut self,
        phase: Phase,
        measures: Option<&Measures>,
        evidence_missing: Outcome,
    ) -> Result<(), InferenceError> {
        let frame = Frame {
            knowledge: self.knowledge,
            facts: self.facts,
            domains: &self.domains,
            measures,
            evidence_missing,
            limits: self.limits,
        };
        for stratum in self.schedule.strata(phase) {
            let findings = &mut self.findings;
            let raises = settle(frame, stratum, findings, &mut self.budget)?;
            let mut derived = Vec::new();
            for &id in &stratum.rules {
                let rule = &self.knowledge.rules[id];
                let (first, budget, room) = (raises.get(&id), &mut self.budget, &mut self.room);
                let (choices, left_out) = Choices::recorded(frame, rule, findings, budget, first, room)?;
                if left_out > 0 {
                    self.unrecorded.insert(id, left_out);
                }
                let scope = frame.scope(findings);
                let instances = &mut self.recorded[id.index()];
                apply::<Full>(&scope, rule, &choices, &mut |variables, applied| {
                    conclude(&scope, rule, variables, applied.outcome, &mut derived);
                    instances.push(recorded(id, rule, variables, applied));
                });
            }
            for (finding, outcome) in derived {
                findings.derive(&self.domains, &finding, outcome);
            }
        }
        Ok(())
    }

    /// Returns the instances of a rule that were recorded so far.
    pub(crate) fn recorded(&self, rule: RuleId) -> &[Instance] {
        &self.recorded[rule.index()]
    }

    /// Returns everything that was recorded.
    pub(crate) fn finish(self) -> Inference {
        let recorded = Inference { instances: self.recorded, ..Inference::default() };
        let frame = Frame::of_evidence(self.knowledge, self.facts, &self.domains, self.limits);
        let scope = frame.scope(&self.findings);
        let mut findings: BTreeMap<FindingInstance, Derived> = BTreeMap::new();
        let mut derived = Vec::new();
        for (id, instance) in recorded.instances() {
            conclude(&scope, &self.knowledge.rules[id.rule], &instance.binding, instance.outcome, &mut derived);
            for (finding, outcome) in derived.drain(..) {
                if finding.arguments.contains(&Element::Absent) {
                    continue;
                }
                let outcome = conclusion(&finding, outcome);
                let known = findings.entry(finding);
                let known = known.or_insert_with(|| Derived { outcome: Outcome::FALSE, derivations: Vec::new() });
                known.outcome = known.outcome | outcome;
                if known.derivations.last() != Some(&id) {
                    known.derivations.push(id);
                }
            }
        }
        let concluded = Concluded { domains: self.domains, table: self.findings };
        Inference { findings, concluded: Some(concluded), unrecorded: self.unrecorded, ..recorded }
    }
}

/// A rule applied to one choice of its variables.
pub(crate) struct Applied<R: Recorder> {
    pub(crate) outcome: Outcome,
    pub(crate) premise: Option<R::Premise>,
    /// For each action.
    pub(crate) amounts: Vec<Option<(Figure, R::Term)>>,
}

/// Applies a rule to every choice of its `for each` variables, in order.
pub(crate) fn apply<R: Recorder>(
    scope: &Scope<'_>,
    rule: &Rule,
    choices: &Choices,
    receive: &mut dyn FnMut(&[Element], Applied<R>),
) {
    choices.each(scope.domains, &rule.body, &mut |variables| {
        let judged = rule.body.condition.as_ref().map(|condition| scope.condition::<R>(condition, variables));
        let (outcome, premise) = match judged {
            Some((outcome, premise)) => (outcome, Some(premise)),
            None => (Outcome::TRUE, None),
        };
        let bound = variables.iter().take(rule.body.for_each);
        let outcome = if bound.into_iter().any(|&element| element == Element::Anonymous) {
            outcome.at_most_possible()
        } else {
            outcome
        };
        let amounts = rule.actions.iter().map(|action| amount(&action.kind));
        let amounts = amounts.map(|amount| amount.map(|amount| scope.figure::<R>(amount, variables))).collect();
        receive(variables, Applied { outcome, premise, amounts });
    });
}

/// Lists what a rule concludes for one choice of its variables.
pub(crate) fn conclude(
    scope: &Scope<'_>,
    rule: &Rule,
    variables: &[Element],
    outcome: Outcome,
    derived: &mut Vec<(FindingInstance, Outcome)>,
) {
    for action in &rule.actions {
        if let ActionKind::Conclude(atom) = &action.kind {
            derived.push((scope.finding_instance(atom, variables), outcome));
        }
    }
}

fn recorded(rule_id: RuleId, rule: &Rule, variables: &[Element], applied: Applied<Full>) -> Instance {
    let amounts = applied.amounts.into_iter().map(|amount: Option<(Figure, Term)>| amount.map(|(_, term)| term));
    let premise: Option<Premise> = applied.premise;
    Instance {
        rule: rule_id,
        binding: variables.iter().take(rule.body.for_each).copied().collect(),
        outcome: applied.outcome,
        premise,
        amounts: amounts.collect(),
    }
}
