//! A run: rules applied phase by phase and stratum by stratum.

use std::collections::BTreeMap;

use super::content::amount;
use super::finding_table::conclusion;
use super::recorder::{Full, Recorder, Silent};
use super::schedule::{Schedule, Stratum, check_size};
use super::{
    Derived, Domains, Element, Figure, FindingInstance, FindingTable, Inference, InferenceError, Instance, Measures,
    Outcome, Premise, Scope, Term,
};
use crate::facts::FactStore;
use crate::model::{ActionKind, Body, IndexRef, KnowledgeBase, Phase, Rule, RuleId};

/// Infers what the evidence rules conclude, on these facts.
///
/// Rules of the advice phase read likelihoods and risks; [`risk::assess`](crate::risk::assess) runs
/// them as well.
///
/// # Errors
/// `I001 too-many-instances` where the sets are too large for the variables of the rules.
pub fn infer(knowledge: &KnowledgeBase, facts: &FactStore) -> Result<Inference, InferenceError> {
    let mut run = Run::new(knowledge, facts)?;
    run.phase(Phase::Evidence, None, Outcome::FALSE);
    Ok(run.finish())
}

/// Rules being applied to the facts of one deployment.
pub(crate) struct Run<'a> {
    pub(crate) knowledge: &'a KnowledgeBase,
    pub(crate) facts: &'a FactStore,
    pub(crate) domains: Domains,
    pub(crate) schedule: Schedule,
    pub(crate) findings: FindingTable,
    /// By rule.
    recorded: Vec<Vec<Instance>>,
}

impl<'a> Run<'a> {
    /// Prepares a run.
    pub(crate) fn new(knowledge: &'a KnowledgeBase, facts: &'a FactStore) -> Result<Self, InferenceError> {
        let domains = Domains::new(knowledge, facts);
        check_size(knowledge, &domains)?;
        Ok(Self {
            knowledge,
            facts,
            schedule: Schedule::new(knowledge),
            findings: FindingTable::new(knowledge, &domains),
            domains,
            recorded: vec![Vec::new(); knowledge.rules.len()],
        })
    }

    /// Applies the rules of a phase and records every instance.
    pub(crate) fn phase(&mut self, phase: Phase, measures: Option<&Measures>, evidence_missing: Outcome) {
        for stratum in self.schedule.strata(phase) {
            let frame = Scope {
                knowledge: self.knowledge,
                facts: self.facts,
                domains: &self.domains,
                findings: &self.findings,
                measures,
                evidence_missing,
            };
            let findings = settle(frame, stratum);
            let scope = Scope { findings: &findings, ..frame };
            let mut derived = Vec::new();
            for &rule_id in &stratum.rules {
                let rule = &self.knowledge.rules[rule_id];
                let instances = &mut self.recorded[rule_id.index()];
                instances.reserve(instance_count(&self.domains, &rule.body));
                apply::<Full>(&scope, rule, &mut |variables, applied| {
                    conclude(&scope, rule, variables, applied.outcome, &mut derived);
                    instances.push(recorded(rule_id, rule, variables, applied));
                });
            }
            self.findings = findings;
            for (finding, outcome) in derived {
                self.findings.derive(&self.domains, &finding, outcome);
            }
        }
    }

    /// Returns the instances of a rule that were recorded so far.
    pub(crate) fn recorded(&self, rule: RuleId) -> &[Instance] {
        &self.recorded[rule.index()]
    }

    /// Returns everything that was recorded.
    pub(crate) fn finish(self) -> Inference {
        let mut inference = Inference { instances: self.recorded, findings: BTreeMap::new() };
        let empty = FindingTable::new(self.knowledge, &self.domains);
        let scope = Scope {
            knowledge: self.knowledge,
            facts: self.facts,
            domains: &self.domains,
            findings: &empty,
            measures: None,
            evidence_missing: Outcome::FALSE,
        };
        let mut findings: BTreeMap<FindingInstance, Derived> = BTreeMap::new();
        let mut derived = Vec::new();
        for (id, instance) in inference.instances() {
            conclude(&scope, &self.knowledge.rules[instance.rule], &instance.binding, instance.outcome, &mut derived);
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
        inference.findings = findings;
        inference
    }
}

/// Runs a recursive stratum without recording until nothing changes, and returns the findings. It
/// ends, since an outcome only ever rises from impossible over possible to certain.
pub(crate) fn settle(scope: Scope<'_>, stratum: &Stratum) -> FindingTable {
    let mut findings = scope.findings.clone();
    let mut changed = stratum.recursive;
    while changed {
        let derived = derive_silently(&Scope { findings: &findings, ..scope }, &stratum.rules);
        changed = false;
        for (finding, outcome) in derived {
            changed |= findings.derive(scope.domains, &finding, outcome);
        }
    }
    findings
}

fn derive_silently(scope: &Scope<'_>, rules: &[RuleId]) -> Vec<(FindingInstance, Outcome)> {
    let mut derived = Vec::new();
    for &rule in rules {
        let rule = &scope.knowledge.rules[rule];
        apply::<Silent>(scope, rule, &mut |variables, applied| {
            conclude(scope, rule, variables, applied.outcome, &mut derived);
        });
    }
    derived
}

/// A rule applied to one choice of its variables.
pub(crate) struct Applied<R: Recorder> {
    pub(crate) outcome: Outcome,
    pub(crate) premise: Option<R::Premise>,
    /// For each action.
    pub(crate) amounts: Vec<Option<(Figure, R::Term)>>,
}

/// Applies a rule to every choice of its `for each` variables, in order.
pub(crate) fn apply<R: Recorder>(scope: &Scope<'_>, rule: &Rule, receive: &mut dyn FnMut(&[Element], Applied<R>)) {
    each_binding(scope.domains, &rule.body, &mut |variables| {
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

/// Calls `visit` with every choice of the `for each` variables, the last one fastest. The other
/// variables of the body have room behind them.
pub(crate) fn each_binding(domains: &Domains, body: &Body, visit: &mut dyn FnMut(&mut [Element])) {
    let mut variables = vec![Element::Absent; body.variables.len()];
    let sets: Vec<&[Element]> =
        body.variables.iter().take(body.for_each).map(|variable| domains.elements(variable.index)).collect();
    let mut positions = vec![0; sets.len()];
    if sets.iter().any(|set| set.is_empty()) {
        return;
    }
    loop {
        for ((variable, set), &position) in variables.iter_mut().zip(&sets).zip(&positions) {
            *variable = set[position];
        }
        visit(&mut variables);
        let mut turning = sets.len();
        loop {
            let Some(place) = turning.checked_sub(1) else { return };
            positions[place] += 1;
            if positions[place] < sets[place].len() {
                break;
            }
            positions[place] = 0;
            turning = place;
        }
    }
}

fn instance_count(domains: &Domains, body: &Body) -> usize {
    let size = |index: IndexRef| domains.elements(index).len();
    body.variables.iter().take(body.for_each).map(|variable| size(variable.index)).product()
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
