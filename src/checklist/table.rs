//! The trace for programs: JSON with everything, CSV with a line for each item and what satisfies it.

use super::place::Place;
use super::prerequisite::{Prerequisite, State, Told};
use super::tell::View;
use super::trace::{Checklist, ItemTrace, Trace};
use crate::corpus::csv_line;
use crate::model::{KnowledgeBase, NodeId, RuleId};
use crate::report::json::{Identity, versioned};
use serde_json::{Value, json};

/// Returns the trace by `docs/checklist.schema.json`; with the prerequisites of a deployment where there is one.
pub fn json(
    trace: &Trace,
    knowledge: &KnowledgeBase,
    view: View,
    deployment: Option<(Identity<'_>, &[Prerequisite])>,
) -> Value {
    let pack = &knowledge.pack;
    // What is uncovered of a deployment is what is open, and its items are those of the pack.
    let of_trace = View { uncovered: view.uncovered && deployment.is_none(), ..view };
    let places = trace.places.iter().filter(|place| of_trace.shows(place));
    let places = places.filter(|place| !of_trace.uncovered || place.items.is_empty());
    versioned(
        "etiology.checklist/1",
        json!({
            "pack": { "id": pack.id, "version": pack.version.to_string(), "digest": pack.digest },
            "deployment": deployment.map(|(identity, _)| json!({ "id": identity.deployment, "digest": identity.digest })),
            "standards": view.checklists(trace).map(|list| standard(trace, knowledge, list, of_trace)).collect::<Vec<_>>(),
            "places": places.map(|place| self::place(knowledge, place)).collect::<Vec<_>>(),
            "prerequisites": deployment.map(|(_, all)| {
                let shown = all.iter().filter(|of| view.shows(&trace.places[of.place]));
                let shown = shown.filter(|of| !view.uncovered || of.state == State::Open);
                shown.map(|of| prerequisite(trace, knowledge, of)).collect::<Vec<_>>()
            }),
            "engine": { "version": env!("CARGO_PKG_VERSION") },
        }),
    )
}

fn standard(trace: &Trace, knowledge: &KnowledgeBase, list: &Checklist, view: View) -> Value {
    let citation = &knowledge.citations[list.citation];
    let counts = list.counts();
    json!({
        "id": citation.id,
        "title": citation.title,
        "year": citation.year,
        "unread": citation.unread,
        "coverage": {
            "items": counts.items(),
            "asked": counts.asked,
            "otherwise": counts.otherwise,
            "aside": counts.aside,
            "uncovered": counts.uncovered,
        },
        "items": list.items.iter().filter(|item| view.lists(item)).map(|item| json!({
            "code": item.code,
            "topic": item.topic,
            "coverage": item.coverage.name(),
            "aside": item.aside,
            "places": trace.places_of(item).map(|place| json!({ "kind": place.kind, "id": place.id })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn place(knowledge: &KnowledgeBase, place: &Place) -> Value {
    json!({
        "kind": place.kind,
        "id": place.id,
        "title": place.title,
        "ask": place.ask,
        "phase": place.phase,
        "items": place.items.iter().map(|(of, code)| json!({
            "standard": knowledge.citations[*of].id, "code": code,
        })).collect::<Vec<_>>(),
        "rules": rules(knowledge, &place.rules),
        "through": rules(knowledge, &place.through),
        "gates": rules(knowledge, &place.gates),
        "factors": nodes(knowledge, &place.factors),
        "modes": nodes(knowledge, &place.modes),
    })
}

fn prerequisite(trace: &Trace, knowledge: &KnowledgeBase, of: &Prerequisite) -> Value {
    let place = &trace.places[of.place];
    let told = of.told.as_ref().map(|told| match told {
        Told::Answered { at, by } => json!({ "how": "answered", "at": at, "by": by }),
        Told::Stated { at } => json!({ "how": "stated", "at": at, "by": null }),
        Told::Measured => json!({ "how": "measured", "at": null, "by": null }),
    });
    json!({
        "input": place.id,
        "state": of.state.name(),
        "required_by": rules(knowledge, &of.required_by),
        "value": of.value,
        "told": told,
        "reason": of.reason,
        "against": rules(knowledge, &of.against),
        "in_favour": rules(knowledge, &of.in_favour),
        "advice": rules(knowledge, &of.advice),
        "undecided": rules(knowledge, &of.undecided),
        "modes": nodes(knowledge, &of.modes),
        "swing": of.swing,
    })
}

fn rules<'a>(knowledge: &'a KnowledgeBase, rules: &[RuleId]) -> Vec<&'a str> {
    rules.iter().map(|rule| knowledge.rules[*rule].id.as_str()).collect()
}

fn nodes<'a>(knowledge: &'a KnowledgeBase, nodes: &[NodeId]) -> Vec<&'a str> {
    nodes.iter().map(|node| knowledge.nodes[*node].id.as_str()).collect()
}

/// Returns a line for each item and what satisfies it, one for each item that nothing does, and one for each question
/// that no item asks for; with the state of each where there is a deployment.
pub fn csv(trace: &Trace, knowledge: &KnowledgeBase, view: View, deployment: Option<&[Prerequisite]>) -> String {
    let mut table = csv_line(&[
        "standard", "item", "topic", "coverage", "kind", "place", "title", "ask", "phase", "rules", "through", "gates",
        "factors", "modes", "state", "value", "swing",
    ]);
    let cells = |place: &Place| -> [String; 13] {
        let of = deployment.and_then(|all| all.iter().find(|of| Some(of.input) == place.input()));
        let state = of.map(|of| of.state.name().to_owned()).unwrap_or_default();
        let value = of.and_then(|of| of.value.clone()).unwrap_or_default();
        let swing = of.and_then(|of| of.swing).map(|swing| swing.to_string()).unwrap_or_default();
        let list = |names: Vec<&str>| names.join("; ");
        [
            place.kind.to_owned(),
            place.id.clone(),
            place.title.clone(),
            place.ask.clone().unwrap_or_default(),
            place.phase.clone().unwrap_or_default(),
            list(rules(knowledge, &place.rules)),
            list(rules(knowledge, &place.through)),
            list(rules(knowledge, &place.gates)),
            list(nodes(knowledge, &place.factors)),
            list(nodes(knowledge, &place.modes)),
            state,
            value,
            swing,
        ]
    };
    let mut line = |standard: &str, item: Option<&ItemTrace>, cells: &[String; 13]| {
        let wanted = match deployment {
            Some(_) => cells[10] == State::Open.name(),
            None => item.is_none_or(|item| view.lists(item)),
        };
        if view.uncovered && !wanted {
            return;
        }
        let code = item.map_or("", |item| item.code.as_str());
        let topic = item.and_then(|item| item.topic.as_deref()).unwrap_or_default();
        let coverage = item.map_or("", |item| item.coverage.name());
        let mut all = vec![standard, code, topic, coverage];
        all.extend(cells.iter().map(String::as_str));
        table += &csv_line(&all);
    };
    for list in view.checklists(trace) {
        let standard = &knowledge.citations[list.citation].id;
        for item in &list.items {
            for place in trace.places_of(item) {
                line(standard, Some(item), &cells(place));
            }
            if item.places.is_empty() {
                line(standard, Some(item), &Default::default());
            }
        }
    }
    for place in trace.places.iter().filter(|place| place.items.is_empty() && view.shows(place)) {
        line("", None, &cells(place));
    }
    table
}
