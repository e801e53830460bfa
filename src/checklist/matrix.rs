//! The matrix: each item with what satisfies it, the rules that follow and the modes that they speak about.

use super::coverage::Coverage;
use super::place::{Place, Subject, in_words};
use super::trace::{Checklist, ItemTrace, Trace};
use crate::explanation::{Block, Column, Document, Entry, Line, Tone};
use crate::model::{ActionKind, KnowledgeBase, NodeId, Rule, RuleId};

/// Writes each item with what satisfies it below.
pub(super) fn by_item(trace: &Trace, lists: &[&Checklist], knowledge: &KnowledgeBase, document: &mut Document) {
    for list in lists.iter().filter(|list| !list.items.is_empty()) {
        heading(list, knowledge, document);
        let entries = list.items.iter().map(|item| {
            let mut entry = item_entry(item);
            for place in trace.places_of(item) {
                entry.details.extend(told(place, knowledge));
            }
            entry
        });
        document.blocks.push(Block::Entries(entries.collect()));
    }
}

/// Writes a row for each item and what satisfies it: item, topic, what asks, rules, modes.
pub(super) fn as_table(trace: &Trace, lists: &[&Checklist], knowledge: &KnowledgeBase, document: &mut Document) {
    for list in lists.iter().filter(|list| !list.items.is_empty()) {
        heading(list, knowledge, document);
        let left = |title| Column { title, right: false };
        let columns = vec![left("Item"), left("Topic"), left("Asked or covered by"), left("Rules"), left("Modes")];
        let mut rows = Vec::new();
        for item in &list.items {
            let Entry { mark, text, details } = item_entry(item);
            let row = |cells: [Line; 3]| [Line::from(mark.clone()), text.clone()].into_iter().chain(cells).collect();
            rows.extend(trace.places_of(item).map(|place| {
                let named = Line::new().name(place.id.clone()).plain(format!(" {}", place.title));
                let rules: Vec<RuleId> = place.rules.iter().chain(&place.gates).copied().collect();
                let rules = Line::from(names_of_rules(&rules, knowledge));
                row([named, rules, Line::from(names_of_nodes(&place.modes, knowledge))])
            }));
            rows.extend(details.first().map(|why| row([why.clone(), Line::new(), Line::new()])));
        }
        document.blocks.push(Block::Table { columns, rows });
    }
}

fn heading(list: &Checklist, knowledge: &KnowledgeBase, document: &mut Document) {
    let citation = &knowledge.citations[list.citation];
    document.heading(2, Line::new().plain(citation.title.as_str()).faint(format!("  {}", citation.id)));
}

/// Returns an item with its topic, and what is to be said where nothing is asked.
pub(super) fn item_entry(item: &ItemTrace) -> Entry {
    let text = Line::new().strong(item.topic.clone().unwrap_or_else(|| item.code.clone()));
    let details = match (&item.aside, item.coverage) {
        (Some(reason), Coverage::Aside) => vec![Line::new().faint("nothing to ask: ").plain(reason.as_str())],
        (_, Coverage::Uncovered) => vec![Line::new().with(Tone::Warn, "nobody asks this yet")],
        _ => Vec::new(),
    };
    Entry { mark: item.code.clone(), text, details }
}

/// Returns a place in two lines: what it is, and the rules and modes that follow.
pub(super) fn told(place: &Place, knowledge: &KnowledgeBase) -> Vec<Line> {
    let mut who: Vec<String> = place.ask.iter().chain(&place.phase).map(|word| in_words(word)).collect();
    if !place.gates.is_empty() {
        who.push("required".to_owned());
    }
    let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
    let named = Line::new().faint(format!("{} ", place.kind)).name(place.id.clone());
    let mut lines = vec![named.plain(format!(": {}{who}", place.title))];
    lines.extend(leads_to(place, knowledge));
    lines
}

/// Returns the rules that read a place and the modes that they speak about; none where nothing does.
fn leads_to(place: &Place, knowledge: &KnowledgeBase) -> Option<Line> {
    let read: Vec<RuleId> = place.rules.iter().chain(&place.gates).copied().collect();
    let rules = if place.kind == "rule" { place.through.clone() } else { read };
    let required = match place.subject {
        Subject::Rule(rule) => requires(&knowledge.rules[rule], knowledge),
        _ => Vec::new(),
    };
    let required = (!required.is_empty()).then(|| format!("→ requires {}", required.join(", ")));
    let rules = (!rules.is_empty()).then(|| format!("→ rules {}", names_of_rules(&rules, knowledge)));
    let modes = (!place.modes.is_empty()).then(|| format!("→ modes {}", names_of_nodes(&place.modes, knowledge)));
    let told: Vec<String> = required.into_iter().chain(rules).chain(modes).collect();
    (!told.is_empty()).then(|| Line::from(format!("  {}", told.join(" "))))
}

/// Returns the inputs that a rule requires.
fn requires<'a>(rule: &Rule, knowledge: &'a KnowledgeBase) -> Vec<&'a str> {
    let required = rule.actions.iter().filter_map(|action| match &action.kind {
        ActionKind::Require(input) => Some(knowledge.inputs[*input].id.as_str()),
        _ => None,
    });
    required.collect()
}

pub(super) fn names_of_rules(rules: &[RuleId], knowledge: &KnowledgeBase) -> String {
    rules.iter().map(|rule| knowledge.rules[*rule].id.as_str()).collect::<Vec<_>>().join(", ")
}

pub(super) fn names_of_nodes(nodes: &[NodeId], knowledge: &KnowledgeBase) -> String {
    nodes.iter().map(|node| knowledge.nodes[*node].id.as_str()).collect::<Vec<_>>().join(", ")
}

/// Returns the items that a place satisfies, such as `future_ai F2, tripod_ai 3`.
pub(super) fn names_of_items(place: &Place, knowledge: &KnowledgeBase) -> String {
    let named = place.items.iter().map(|(of, code)| format!("{} {code}", knowledge.citations[*of].id));
    named.collect::<Vec<_>>().join(", ")
}
