//! Near misses: where a rule over large sets would conclude something if one thing more held.
//!
//! Of a rule that is joined only the instances that may fire are recorded. To tell why it did not conclude
//! something, the join is run again with one part of the condition left out.

use super::choices::is_joined;
use super::join::{Budget, Given, join};
use super::plan::{Part, Planner, Wish, generators};
use super::recorder::Full;
use super::rows::Code;
use super::{Element, FindingInstance, Frame, Inference, Instance, Limits};
use crate::facts::FactStore;
use crate::model::{ActionKind, Argument, FindingAtom, KnowledgeBase, RuleId};

/// How many near misses are looked for with each part left out.
const NEAR: usize = 8;

/// How many combinations of members may be looked at for near misses.
const STEPS: u64 = 1_000_000;

/// Returns instances of a rule that would conclude the finding if one part of the condition held that does
/// not, in order of binding: at most eight for each part. Empty for a rule whose instances are all recorded.
pub fn near_misses(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    inference: &Inference,
    rule: RuleId,
    finding: &FindingInstance,
) -> Vec<Instance> {
    let Some(known) = &inference.concluded else { return Vec::new() };
    let limits = Limits { joins: STEPS, ..Limits::default() };
    let frame = Frame::of_evidence(knowledge, facts, &known.domains, limits);
    let declared = &knowledge.rules[rule];
    if !is_joined(frame, &declared.body) {
        return Vec::new();
    }
    let mut found: Vec<Vec<Code>> = Vec::new();
    let mut extents = known.table.clone();
    let mut budget = Budget::new(limits);
    for action in &declared.actions {
        let ActionKind::Conclude(atom) = &action.kind else { continue };
        let Some(bound) = unified(frame, atom, finding) else { continue };
        let parts = (0..generators(&declared.body, facts).len()).map(Part::Generator).chain([Part::Tests]);
        for part in parts {
            let wish = Wish {
                bound: bound.iter().map(|(variable, _)| *variable).collect(),
                without: Some(part),
                ..Wish::default()
            };
            let Some(plan) = Planner::from(frame).plan(declared, &extents, &wish) else { continue };
            plan.prepare(&mut extents);
            let mut near = 0;
            join(&frame.scope(&extents), &plan, Given::Binding(&bound), &mut budget, &mut |binding, _| {
                if near < NEAR {
                    found.push(binding.to_vec());
                }
                near += 1;
            });
        }
    }
    found.sort_unstable();
    found.dedup();
    let scope = frame.scope(&extents);
    let instance = |binding: Vec<Code>| {
        let mut variables = vec![Element::Absent; declared.body.variables.len()];
        for ((slot, variable), &code) in variables.iter_mut().zip(&declared.body.variables).zip(&binding) {
            *slot = frame.domains.elements(variable.index)[code as usize];
        }
        let binding = variables[..declared.body.for_each].to_vec();
        let judged =
            declared.body.condition.as_ref().map(|condition| scope.condition::<Full>(condition, &mut variables));
        let (outcome, premise) = judged?;
        let amounts = vec![None; declared.actions.len()];
        let outcome = if binding.contains(&Element::Anonymous) { outcome.at_most_possible() } else { outcome };
        Some(Instance { rule, binding, outcome, premise: Some(premise), amounts })
    };
    found.into_iter().filter_map(instance).collect()
}

/// Returns the variables that a conclusion leaves no choice of, with their values; none if the rule's action
/// cannot conclude the finding.
fn unified(frame: Frame<'_>, atom: &FindingAtom, finding: &FindingInstance) -> Option<Vec<(usize, Code)>> {
    if atom.finding != finding.finding {
        return None;
    }
    let mut bound: Vec<(usize, Code)> = Vec::new();
    let parameters = &frame.knowledge.findings[atom.finding].parameters;
    for ((argument, &index), &element) in atom.arguments.iter().zip(parameters).zip(&finding.arguments) {
        let code = frame.domains.code(index, element)?;
        match argument {
            Argument::Variable(variable) => {
                let variable = variable.index();
                if bound.iter().any(|&(known, value)| known == variable && value != code) {
                    return None;
                }
                bound.push((variable, code));
            }
            Argument::Member(_) => {
                let named = frame.domains.resolve(frame.knowledge, frame.facts, argument, index, &[]);
                if named != element {
                    return None;
                }
            }
        }
    }
    Some(bound)
}
