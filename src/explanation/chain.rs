//! The causal chain of a mode: its causes, their causes, and what can be done about each.

use super::figures::{number, with_digits};
use super::sentence::Teller;
use super::why::risk_sentence;
use super::{Answer, Case, Part, PartKind};
use crate::model::{Cause, NodeId};
use crate::risk::Quantity;

/// Causes of causes are followed this far.
const DEPTH: usize = 4;

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
        reasons: below(case, node, &mut vec![node]),
        next: vec![format!("why {}", declared.id)],
    }
}

fn likelihood(case: Case<'_>, node: NodeId) -> String {
    case.assessment.likelihood(node).map_or_else(String::new, |found| with_digits(found.likelihood.estimate().get(), 2))
}

/// What stands under a node: its mitigations, then its causes.
fn below(case: Case<'_>, node: NodeId, path: &mut Vec<NodeId>) -> Vec<Part> {
    let mut parts = remedies(case, node, path);
    if path.len() > DEPTH {
        return parts;
    }
    let teller = Teller::new(case);
    let mut causes: Vec<(f64, NodeId, &Cause)> = case
        .knowledge
        .nodes
        .iter()
        .flat_map(|(id, cause)| cause.causes.iter().map(move |link| (id, link)))
        .filter(|(_, link)| link.effect == node)
        .filter_map(|(id, link)| {
            let own = case.assessment.likelihood(id)?.likelihood.estimate().get();
            Some((own * link.strength, id, link))
        })
        .collect();
    causes.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    for (carried, cause, link) in causes {
        let declared = &case.knowledge.nodes[cause];
        let sentence = format!(
            "{} ({}) — likelihood {}, strength {}, carries {}",
            declared.title,
            declared.id,
            likelihood(case, cause),
            number(link.strength),
            with_digits(carried, 2)
        );
        path.push(cause);
        // A cause that carries nothing is named; its own causes would only fill the page.
        let mut under = Vec::new();
        if carried >= 0.02 {
            under.extend(teller.because(&link.about));
            under.extend(below(case, cause, path));
        }
        path.pop();
        parts.push(
            Part::new(PartKind::Cause, sentence).named(declared.id.clone()).with_value(carried).with_parts(under),
        );
    }
    parts
}

fn remedies(case: Case<'_>, node: NodeId, path: &[NodeId]) -> Vec<Part> {
    let teller = Teller::new(case);
    let effect_of_link = path.len().checked_sub(2).map(|above| path[above]);
    let mut parts = Vec::new();
    for (id, mitigation) in case.knowledge.mitigations.iter() {
        for address in mitigation.addresses.iter().filter(|address| address.node == node) {
            let on_link = address.link_to.is_some();
            if on_link && address.link_to != effect_of_link {
                continue;
            }
            let found = case.assessment.recommendations.iter().find(|found| found.mitigation == id);
            let struck = found.is_some_and(|found| found.is_contraindicated());
            let what = if on_link { " on this link" } else { "" };
            let sentence = format!(
                "{}: {} ({}) — {:.0} %{what}",
                if struck { "struck out" } else { "remedy" },
                mitigation.title,
                mitigation.id,
                address.effect * 100.0
            );
            let part = Part::new(PartKind::Note, sentence).named(mitigation.id.clone()).with_value(address.effect);
            parts.push(part.with_parts(teller.because(&address.about)));
        }
    }
    parts
}
