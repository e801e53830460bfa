//! The causal chain of a mode or factor: its likelihood, what speaks for it, its causes and theirs, and what
//! can be done about each.

use super::answer::numbered;
use super::counted::{base_origin, strength_origin};
use super::figures::{bounds, number, with_digits};
use super::teller::Teller;
use super::why::risk_sentence;
use super::{Answer, Case, Part, PartKind};
use crate::inference::InstanceId;
use crate::model::{Cause, NodeId};
use crate::risk::{ContributionKind, Quantity as _};

/// Causes of causes are followed this far.
const DEPTH: usize = 4;

/// A cause that carries less than this is named; its own causes would only fill the page.
const CARRIES: f64 = 0.02;

/// Returns the causal chain of a mode or factor as a tree, the cause that carries most first.
pub fn chain(case: Case<'_>, node: NodeId) -> Answer {
    let declared = &case.knowledge.nodes[node];
    let answer = match case.assessment.risk(node) {
        Some(risk) => risk_sentence(case, risk),
        None => format!("{}: likelihood {}", declared.title, likelihood(case, node)),
    };
    Answer {
        question: format!("chain {}", declared.id),
        about: declared.id.clone(),
        answer,
        reasons: numbered(below(case, node, &mut vec![node])),
        facts: Vec::new(),
        next: vec![format!("why {}", declared.id)],
    }
}

fn likelihood(case: Case<'_>, node: NodeId) -> String {
    case.assessment.likelihood(node).map_or_else(String::new, |found| bounds(&found.likelihood, 2))
}

/// What stands under a node: what speaks for it and against it, its causes, then what can be done.
fn below(case: Case<'_>, node: NodeId, path: &mut Vec<NodeId>) -> Vec<Part> {
    let mut parts = evidence(case, node);
    if path.len() <= DEPTH {
        parts.extend(causes(case, node, path));
    }
    parts.extend(remedies(case, node, path));
    parts
}

/// The base rate, and the rules that count for or against a node.
fn evidence(case: Case<'_>, node: NodeId) -> Vec<Part> {
    let Some(likelihood) = case.assessment.likelihood(node) else { return Vec::new() };
    let counted = likelihood.contributions.iter().filter(|part| part.counted.estimate && part.value.estimate > 0.0);
    let parts = counted.filter_map(|part| {
        let value = part.value.estimate;
        match &part.kind {
            ContributionKind::Base => {
                let origin = base_origin(&case.knowledge.nodes[node]);
                let part = Part::new(PartKind::Base, format!("base rate {}{origin}", number(value))).with_value(value);
                Some(part.with_notation(format!("base = {}", number(value))))
            }
            ContributionKind::Rule { instance, .. } => rule(case, instance.estimate?, "speaks for it", value),
            ContributionKind::Exoneration { instance, .. } => {
                rule(case, instance.estimate?, "speaks against it", value)
            }
            ContributionKind::Factor { .. } | ContributionKind::CommonCauses => None,
        }
    });
    parts.collect()
}

fn rule(case: Case<'_>, id: InstanceId, speaks: &str, value: f64) -> Option<Part> {
    let instance = case.inference().instance(id)?;
    let rule = &case.knowledge.rules[instance.rule];
    let sentence = format!("{} — {speaks} with {}", rule.title, with_digits(value, 2));
    let part = Part::new(PartKind::Rule, sentence).named(case.rule_name(instance.rule, &instance.binding));
    let part = part.with_outcome(instance.outcome).with_value(value).at(case.location(rule.span));
    Some(part.with_notation(case.rule_notation(instance)))
}

fn causes(case: Case<'_>, node: NodeId, path: &mut Vec<NodeId>) -> Vec<Part> {
    let links = case.knowledge.nodes.iter().flat_map(|(id, cause)| cause.causes.iter().map(move |link| (id, link)));
    let mut causes: Vec<(f64, NodeId, &Cause)> = links
        .filter(|(_, link)| link.effect == node)
        .filter_map(|(id, link)| {
            let own = case.assessment.likelihood(id)?.likelihood.estimate().get();
            Some((own * link.strength, id, link))
        })
        .collect();
    causes.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    let teller = Teller::new(case, false);
    let mut parts = Vec::new();
    for (carried, cause, link) in causes {
        let declared = &case.knowledge.nodes[cause];
        let (strength, carries) = (number(link.strength), with_digits(carried, 2));
        let sentence = format!(
            "cause: {} ({}) — likelihood {}, strength {strength}{}, carries {carries}",
            declared.title,
            declared.id,
            likelihood(case, cause),
            strength_origin(declared, link)
        );
        let notation = format!("L({}) = {} · {strength} = {carries}", declared.id, likelihood(case, cause));
        path.push(cause);
        // A cause that carries nothing is named; its own causes would only fill the page.
        let mut under = Vec::new();
        if carried >= CARRIES {
            under.extend(teller.because(&link.about));
            under.extend(below(case, cause, path));
        }
        path.pop();
        let part = Part::new(PartKind::Cause, sentence).named(declared.id.clone()).with_value(carried);
        parts.push(part.with_notation(notation).with_parts(under));
    }
    parts
}

/// What can be done about a node, or about the link from it to the effect that the chain came from.
fn remedies(case: Case<'_>, node: NodeId, path: &[NodeId]) -> Vec<Part> {
    let teller = Teller::new(case, false);
    let effect_of_link = path.len().checked_sub(2).map(|above| path[above]);
    let top = path.first().copied();
    let mut parts = Vec::new();
    for (id, mitigation) in case.knowledge.mitigations.iter() {
        for address in mitigation.addresses.iter().filter(|address| address.node == node) {
            let on_link = address.link_to.is_some();
            if on_link && address.link_to != effect_of_link {
                continue;
            }
            let found = case.assessment.recommendations.iter().find(|found| found.mitigation == id);
            let struck = found.is_some_and(|found| found.is_contraindicated());
            let on_top = found.and_then(|found| found.by_mode.iter().find(|mode| Some(mode.mode) == top));
            let removes =
                on_top.map(|mode| format!(", in all it removes {} of this risk", bounds(&mode.risk_removed, 1)));
            let sentence = format!(
                "{}: {} ({}) — {} by {:.0} %{}",
                if struck { "struck out" } else { "remedy" },
                mitigation.title,
                mitigation.id,
                if on_link { "weakens this link" } else { "lowers this" },
                address.effect * 100.0,
                removes.unwrap_or_default()
            );
            let notation = format!("× {} by {}", number(1.0 - address.effect), mitigation.id);
            let part = Part::new(PartKind::Remedy, sentence).named(mitigation.id.clone()).with_value(address.effect);
            parts.push(part.with_notation(notation).with_parts(teller.because(&address.about)));
        }
    }
    parts
}
