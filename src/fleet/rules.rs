//! Rules as operations: phase by phase and stratum by stratum, for every choice of their variables.

use std::collections::HashMap;

use super::compiler::{Compiler, Figured, Judged};
use super::error::FleetError;
use super::op::Op;
use crate::inference::choices::each_binding;
use crate::inference::content::amount;
use crate::inference::schedule::{Schedule, Stratum};
use crate::inference::{Element, FindingInstance, Truth};
use crate::model::{ActionKind, Body, InputId, Phase, Rule};

/// More operations than this are refused: they come from recursive rules over large sets alone.
const OPERATION_LIMIT: usize = 500_000;

/// A rule applied to one choice of its variables.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub outcome: Judged,
    /// For each action.
    pub amounts: Vec<Option<Figured>>,
}

/// What all rules came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruled {
    /// By rule; empty until the rule's phase is compiled.
    pub applied: Vec<Vec<Applied>>,
}

impl Compiler<'_> {
    /// Compiles the rules of a phase.
    pub fn phase(&mut self, phase: Phase, schedule: &Schedule, ruled: &mut Ruled) -> Result<(), FleetError> {
        for stratum in schedule.strata(phase) {
            self.settle(stratum)?;
            let mut derived = Vec::new();
            for &id in &stratum.rules {
                let rule = &self.knowledge.rules[id];
                for mut variables in self.bindings(&rule.body) {
                    let outcome = self.outcome(&rule.body, &mut variables);
                    self.conclude(rule, &variables, outcome, &mut derived);
                    let amounts = rule.actions.iter().map(|action| amount(&action.kind));
                    let amounts =
                        amounts.map(|amount| amount.map(|amount| self.figure(amount, &mut variables))).collect();
                    ruled.applied[id.index()].push(Applied { outcome, amounts });
                }
            }
            for (finding, outcome) in derived {
                self.derive(finding, outcome);
            }
        }
        Ok(())
    }

    /// Unrolls a recursive stratum. Of any one thing that can become true of a finding (that its bounds are not
    /// false, that they are true, the same of its point) each round adds to some finding or is the last, so
    /// there are no more rounds than findings; and the points, which read the bounds where a member may not
    /// exist, may begin once those are done.
    fn settle(&mut self, stratum: &Stratum) -> Result<(), FleetError> {
        if !stratum.recursive {
            return Ok(());
        }
        for round in 1.. {
            let mut derived = Vec::new();
            for &id in &stratum.rules {
                let rule = &self.knowledge.rules[id];
                for mut variables in self.bindings(&rule.body) {
                    let outcome = self.outcome(&rule.body, &mut variables);
                    self.conclude(rule, &variables, outcome, &mut derived);
                }
                if self.builder.ops.len() > OPERATION_LIMIT {
                    return Err(FleetError::RecursionTooDeep { rule: rule.id.clone(), span: rule.span });
                }
            }
            let mut concluded: Vec<FindingInstance> = derived.iter().map(|(finding, _)| finding.clone()).collect();
            concluded.sort();
            concluded.dedup();
            let before: Vec<Option<Judged>> =
                concluded.iter().map(|finding| self.findings.get(finding).copied()).collect();
            for (finding, outcome) in derived {
                self.derive(finding, outcome);
            }
            let after = concluded.iter().map(|finding| self.findings.get(finding).copied());
            if round >= 2 * concluded.len() || after.eq(before) {
                break;
            }
        }
        Ok(())
    }

    /// Returns the outcome of a body for one choice of its `for each` variables.
    pub fn outcome(&mut self, body: &Body, variables: &mut [Element]) -> Judged {
        let outcome = match &body.condition {
            Some(condition) => self.condition(condition, variables),
            None => self.always(Truth::True),
        };
        let anonymous = variables.iter().take(body.for_each).any(|&element| element == Element::Anonymous);
        if anonymous { self.at_most_possible(outcome) } else { outcome }
    }

    /// Returns every choice of the `for each` variables.
    pub fn bindings(&self, body: &Body) -> Vec<Vec<Element>> {
        let mut bindings = Vec::new();
        each_binding(self.domains, body, &mut |variables| bindings.push(variables.to_vec()));
        bindings
    }

    fn conclude(
        &self,
        rule: &Rule,
        variables: &[Element],
        outcome: Judged,
        derived: &mut Vec<(FindingInstance, Judged)>,
    ) {
        for action in &rule.actions {
            if let ActionKind::Conclude(atom) = &action.kind {
                derived.push((self.finding_instance(atom, variables), outcome));
            }
        }
    }

    /// Enters one more derivation of a finding; see `inference::Extents`.
    fn derive(&mut self, finding: FindingInstance, outcome: Judged) {
        if finding.arguments.contains(&Element::Absent) {
            return;
        }
        let outcome =
            if finding.arguments.contains(&Element::Anonymous) { self.at_most_possible(outcome) } else { outcome };
        let joined = match self.findings.get(&finding) {
            Some(&known) => self.or(known, outcome),
            None => outcome,
        };
        self.findings.insert(finding, joined);
    }

    /// Returns whether inputs that rules require are missing: each with its outcome, by id.
    pub fn missing(&mut self, ruled: &Ruled) -> Vec<(InputId, Judged)> {
        let mut required: HashMap<InputId, Judged> = HashMap::new();
        let mut order = Vec::new();
        for (id, rule) in self.knowledge.rules.iter() {
            let applied: Vec<Judged> = ruled.applied[id.index()].iter().map(|applied| applied.outcome).collect();
            let mut outcome = self.always(Truth::False);
            for one in applied {
                outcome = self.or(outcome, one);
            }
            for action in &rule.actions {
                let ActionKind::Require(input) = action.kind else { continue };
                let joined = match required.get(&input) {
                    Some(&known) => self.or(known, outcome),
                    None => {
                        order.push(input);
                        outcome
                    }
                };
                required.insert(input, joined);
            }
        }
        order.sort_unstable();
        let missing = order.into_iter().filter_map(|input| Some((input, *required.get(&input)?)));
        let missing: Vec<(InputId, Judged)> = missing.collect();
        missing
            .into_iter()
            .map(|(input, outcome)| {
                let known = self.known_for_any(input);
                let absent = self.builder.value(Op::Not(known));
                let absent = Judged::both(absent);
                (input, self.and(outcome, absent))
            })
            .collect()
    }

    /// Returns whether any of the missing inputs is one.
    pub fn any(&mut self, missing: &[(InputId, Judged)]) -> Judged {
        let start = self.always(Truth::False);
        missing.iter().fold(start, |joined, &(_, outcome)| self.or(joined, outcome))
    }
}
