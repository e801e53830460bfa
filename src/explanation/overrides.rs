//! What packs change of the packs that they import: in the report, and wherever an answer rests on it.

use super::{Answer, Block, Case, Document, Entry, Line, Part, PartKind};
use crate::model::{ClauseChange, KnowledgeBase, Override};
use crate::source::SourceMap;
use std::collections::BTreeSet;

/// Returns the imports and every override with its reason; nothing where there are none.
pub fn list_overrides(knowledge: &KnowledgeBase, sources: &SourceMap) -> Document {
    let mut document = Document::default();
    if knowledge.imports.is_empty() {
        return document;
    }
    document.heading(2, "Built on other packs");
    let imports = knowledge.imports.iter().map(|import| {
        let allowed = if import.by == knowledge.pack.id {
            format!("allowed: {}", import.requirement)
        } else {
            format!("allowed by {}: {}", import.by, import.requirement)
        };
        let text = Line::new().plain(format!("{} {}", import.id, import.version)).faint(format!("  {allowed}"));
        Entry { mark: "+".into(), text, details: Vec::new() }
    });
    document.blocks.push(Block::Entries(imports.collect()));
    if knowledge.overrides.is_empty() {
        document.paragraph("Nothing of them is changed.");
        return document;
    }
    document.paragraph("What is changed of them, and why:");
    let entries = knowledge.overrides.iter().map(|changed| {
        let text = Line::new()
            .plain(format!("{} ", changed.kind))
            .name(changed.name.clone())
            .plain(format!(" of {}, by {}: {}", changed.pack, changed.by, changed.because))
            .faint(format!("  {}", sources.location(changed.span)));
        let details = if changed.disabled {
            vec![Line::from("switched off")]
        } else {
            changed.changes.iter().map(|change| Line::from(change_in_words(change))).collect()
        };
        Entry { mark: "~".into(), text, details }
    });
    document.blocks.push(Block::Entries(entries.collect()));
    document
}

fn change_in_words(change: &ClauseChange) -> String {
    match &change.before {
        Some(before) => format!("`{}`, was `{before}`", change.after),
        None => format!("`{}`, which it did not have", change.after),
    }
}

/// Returns the answer with every override that it rests on: below each rule or cause that was changed, and at the
/// end for what the question is about.
pub fn with_overrides(case: Case<'_>, mut answer: Answer) -> Answer {
    if case.knowledge.overrides.is_empty() {
        return answer;
    }
    let mut told = BTreeSet::new();
    answer.reasons.iter_mut().for_each(|part| mark(case, part, &mut told));
    if told.insert(answer.about.clone()) {
        let about = answer.about.clone();
        answer.reasons.extend(overrides_of(case, &about));
    }
    answer
}

/// Adds the overrides of what a part is about, the first time that it is shown.
fn mark(case: Case<'_>, part: &mut Part, told: &mut BTreeSet<String>) {
    if let (PartKind::Rule | PartKind::Cause, Some(id)) = (part.kind, &part.id) {
        // A rule over sets is named with its members.
        let name = id.split_once(" for ").map_or(id.as_str(), |(name, _)| name).to_owned();
        if told.insert(name.clone()) {
            let place = part.parts.iter().position(|inner| matches!(inner.kind, PartKind::Reason | PartKind::Source));
            let place = place.unwrap_or(part.parts.len());
            part.parts.splice(place..place, overrides_of(case, &name));
        }
    }
    part.parts.iter_mut().for_each(|inner| mark(case, inner, told));
}

fn overrides_of(case: Case<'_>, name: &str) -> Vec<Part> {
    let overrides = case.knowledge.overrides_of(name);
    overrides.map(|changed| Part::new(PartKind::Override, in_words(changed)).at(case.location(changed.span))).collect()
}

fn in_words(changed: &Override) -> String {
    let changes: Vec<String> = changed.changes.iter().map(change_in_words).collect();
    format!("changed by {}: {} ({})", changed.by, changed.because, changes.join("; "))
}
