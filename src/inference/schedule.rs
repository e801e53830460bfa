//! The schedule: which rules run when, and which read what.

use std::collections::BTreeSet;

use super::choices::is_joined;
use super::content::{Part, amount, condition_parts, expression_parts, read_input, walk_rule};
use super::{Domains, Frame, InferenceError};
use crate::model::{
    ActionKind, Body, Condition, ConditionKind, Expression, ExpressionKind, FindingId, IndexRef, InputId,
    KnowledgeBase, Phase, Rule, RuleId,
};

/// What the condition and the amounts of a rule read.
#[derive(Clone, Debug, Default)]
struct Reads {
    inputs: BTreeSet<InputId>,
    findings: BTreeSet<FindingId>,
}

/// The rules of each phase, stratum by stratum.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    strata: Vec<(Phase, Stratum)>,
    /// The rules that read each input, ascending.
    pub(crate) readers_of_input: Vec<Vec<RuleId>>,
    /// The rules that read each finding, ascending.
    pub(crate) readers_of_finding: Vec<Vec<RuleId>>,
}

/// Rules that run together.
#[derive(Clone, Debug)]
pub(crate) struct Stratum {
    /// Ascending.
    pub(crate) rules: Vec<RuleId>,
    /// Whether a rule reads a finding that another of them concludes, so that they run until nothing changes.
    pub(crate) recursive: bool,
}

impl Schedule {
    /// Returns the schedule.
    pub(crate) fn new(knowledge: &KnowledgeBase) -> Self {
        let reads: Vec<Reads> = knowledge.rules.values().map(rule_reads).collect();
        let mut readers_of_input = vec![Vec::new(); knowledge.inputs.len()];
        let mut readers_of_finding = vec![Vec::new(); knowledge.findings.len()];
        for (rule, reads) in knowledge.rules.ids().zip(&reads) {
            for input in &reads.inputs {
                readers_of_input[input.index()].push(rule);
            }
            for finding in &reads.findings {
                readers_of_finding[finding.index()].push(rule);
            }
        }
        let mut order: Vec<RuleId> = knowledge.rules.ids().collect();
        let stage = |rule: RuleId| (knowledge.rules[rule].phase, knowledge.rules[rule].stratum);
        order.sort_by_key(|&rule| (stage(rule), rule));
        let strata = order.chunk_by(|&left, &right| stage(left) == stage(right)).map(|rules| {
            let concluded: BTreeSet<FindingId> =
                rules.iter().flat_map(|&rule| conclusions(&knowledge.rules[rule])).collect();
            let recursive = rules.iter().any(|rule| !reads[rule.index()].findings.is_disjoint(&concluded));
            (stage(rules[0]).0, Stratum { rules: rules.to_vec(), recursive })
        });
        Self { strata: strata.collect(), readers_of_input, readers_of_finding }
    }

    /// Returns the strata of a phase, lowest first.
    pub(crate) fn strata(&self, phase: Phase) -> impl Iterator<Item = &Stratum> {
        self.strata.iter().filter(move |(of, _)| *of == phase).map(|(_, stratum)| stratum)
    }
}

/// Returns the findings that a rule concludes.
pub(crate) fn conclusions(rule: &Rule) -> impl Iterator<Item = FindingId> {
    rule.actions.iter().filter_map(|action| match &action.kind {
        ActionKind::Conclude(atom) => Some(atom.finding),
        _ => None,
    })
}

/// Refuses packs whose sets, on these facts, are too large for their variables. Joins are not counted
/// here: how much they look at shows only as they run.
pub(crate) fn check_size(frame: Frame<'_>) -> Result<(), InferenceError> {
    let Frame { knowledge, domains, limits, .. } = frame;
    let mut total: u64 = 0;
    let listed = knowledge.rules.values().filter(|rule| !is_joined(frame, &rule.body));
    let rules = listed.map(|rule| (&rule.id, &rule.body, rule.span, Some(rule)));
    let verdicts = knowledge.verdicts.values().map(|verdict| (&verdict.id, &verdict.body, verdict.span, None));
    for (name, body, span, rule) in rules.chain(verdicts) {
        total = total.saturating_add(body_steps(body, rule, domains));
        if total > limits.steps {
            let name = name.clone();
            return Err(InferenceError::TooManyInstances { name, steps: total, limit: limits.steps, span });
        }
    }
    Ok(())
}

fn body_steps(body: &Body, rule: Option<&Rule>, domains: &Domains) -> u64 {
    let size = |index: IndexRef| domains.elements(index).len() as u64;
    let bound = body.variables.iter().take(body.for_each);
    let instances = bound.map(|variable| size(variable.index)).fold(1, u64::saturating_mul);
    let condition = body.condition.as_ref().map_or(0, |condition| condition_steps(condition, &size));
    let amounts = rule.into_iter().flat_map(|rule| rule.actions.iter().filter_map(|action| amount(&action.kind)));
    let amounts = amounts.map(|amount| expression_steps(amount, &size)).fold(0, u64::saturating_add);
    instances.saturating_mul(condition.saturating_add(amounts).saturating_add(1))
}

fn condition_steps(condition: &Condition, size: &dyn Fn(IndexRef) -> u64) -> u64 {
    let mut steps: u64 = 1;
    for part in condition_parts(condition) {
        steps = steps.saturating_add(match part {
            Part::Condition(part) => condition_steps(part, size),
            Part::Expression(part) => expression_steps(part, size),
        });
    }
    match &condition.kind {
        ConditionKind::Quantified { index, .. } => steps.saturating_mul(size(*index)),
        _ => steps,
    }
}

fn expression_steps(expression: &Expression, size: &dyn Fn(IndexRef) -> u64) -> u64 {
    let mut steps: u64 = 1;
    for part in expression_parts(expression) {
        steps = steps.saturating_add(match part {
            Part::Condition(part) => condition_steps(part, size),
            Part::Expression(part) => expression_steps(part, size),
        });
    }
    match &expression.kind {
        ExpressionKind::Aggregate { index, .. } => steps.saturating_mul(size(*index)),
        _ => steps,
    }
}

fn rule_reads(rule: &Rule) -> Reads {
    let mut reads = Reads::default();
    walk_rule(rule, &mut |part| {
        reads.inputs.extend(read_input(part));
        if let Part::Condition(Condition { kind: ConditionKind::Finding(atom), .. }) = part {
            reads.findings.insert(atom.finding);
        }
    });
    reads
}
