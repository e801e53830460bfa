//! "Why do you ask?": what an answer could change, through which rules, and who wants to know.

use super::choice::{Open, asked_of, insists};
use super::typed::expected;
use crate::diagnostic::Diagnostic;
use crate::explanation::{
    Block, Case, Document, Entry, Line, Supposition, Tone, WhatIf, value_text, what_if, with_digits,
};
use crate::model::{About, InputId, KnowledgeBase};
use crate::risk::Quantity as _;

/// Risks that are named for each answer.
const SHOWN_RISKS: usize = 3;

/// Rules that are named for each answer.
const SHOWN_RULES: usize = 3;

/// Returns why a question is asked: what the answers that would raise and lower the total risk the most would change.
///
/// # Errors
/// As for [`what_if`].
pub(super) fn why_asked(case: Case<'_>, open: Open<'_>) -> Result<Document, Diagnostic> {
    let input = &case.knowledge.inputs[open.input];
    let mut document = Document::default();
    let now = case.assessment.total.estimate().get();
    if open.required {
        document.paragraph("No verdict can be given without it: a rule of the pack insists on an answer.");
    } else if insists(case.knowledge, open.input) {
        document.paragraph("A rule of the pack insists on an answer.");
    }
    let candidates = open.swing.map(|swing| swing.candidates.as_slice()).unwrap_or_default();
    let highest = candidates.iter().max_by(|left, right| left.total.total_cmp(&right.total));
    let lowest = candidates.iter().min_by(|left, right| left.total.total_cmp(&right.total));
    let mut entries = Vec::new();
    for candidate in highest.iter().chain(&lowest) {
        if (candidate.total - now).abs() < 0.05 {
            continue;
        }
        let value = Some(candidate.value.clone());
        let difference = what_if(case, &[Supposition::Input { input: open.input, members: Vec::new(), value }])?;
        let answer = value_text(&candidate.value, &input.value_type);
        entries.push(entry(&answer, candidate.total - now, &difference, case));
    }
    if entries.is_empty() {
        document.paragraph("As things stand, no answer would move the total risk.");
    } else {
        document.paragraph(format!("The total risk is {} now.", with_digits(now, 1)));
        document.blocks.push(Block::Entries(entries));
    }
    about(&input.about, case, &mut document);
    Ok(document)
}

fn entry(answer: &str, change: f64, difference: &WhatIf, case: Case<'_>) -> Entry {
    let (tone, word) = if change > 0.0 { (Tone::Bad, "rises") } else { (Tone::Good, "falls") };
    let text = Line::new().plain(format!("If the answer is {answer}, it ")).with(tone, word).plain(format!(
        " by {} to {}.",
        with_digits(change.abs(), 1),
        with_digits(difference.total.1.estimate().get(), 1)
    ));
    let moved = difference.risks.iter().take(SHOWN_RISKS).map(|(mode, old, new)| {
        format!(
            "{} {} → {}",
            case.node_title(*mode),
            with_digits(old.estimate().get(), 1),
            with_digits(new.estimate().get(), 1)
        )
    });
    let mut details = vec![Line::new().plain(moved.collect::<Vec<_>>().join("; "))];
    for (turned, what) in [(&difference.fired, "would fire"), (&difference.silent, "would no longer fire")] {
        for turned in turned.iter().take(SHOWN_RULES) {
            let rule = &case.knowledge.rules[turned.rule];
            let reason = rule.about.because.as_ref().map(|because| format!(": {}", because.value)).unwrap_or_default();
            details.push(Line::new().faint("rule ").name(rule.id.clone()).faint(format!(" {what}{reason}")));
        }
    }
    Entry { mark: "-".into(), text, details }
}

/// Adds the question's own reason, its sources and the checklists that ask the same.
fn about(about: &About, case: Case<'_>, document: &mut Document) {
    if let Some(because) = &about.because {
        document.paragraph(Line::new().faint("because: ").plain(because.value.clone()));
    }
    for cite in &about.cites {
        document.paragraph(Line::new().faint("source: ").plain(case.citation(cite.value)));
    }
    let items = about.satisfies.iter().map(|(standard, item)| {
        let standard = &case.knowledge.citations[*standard];
        let listed = standard.items.iter().find(|listed| listed.code == item.value);
        let topic = listed.and_then(|listed| listed.topic.as_ref()).map(|topic| format!(" ({topic})"));
        format!("{} {}{}", standard.title, item.value, topic.unwrap_or_default())
    });
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        document.paragraph(Line::new().faint("asked for by: ").plain(items.join("; ")));
    }
}

/// Returns how a question is answered, and by whom.
pub(super) fn how_answered(knowledge: &KnowledgeBase, input: InputId) -> Document {
    let input = &knowledge.inputs[input];
    let mut document = Document::default();
    document.paragraph(format!("Write {}.", expected(&input.value_type)));
    if let Some(doc) = &input.about.doc {
        document.paragraph(doc.as_str());
    }
    if let Some(role) = asked_of(input).0 {
        document.paragraph(format!("The one to ask: {}.", role.replace('_', " ")));
    }
    document.paragraph(
        "Enter leaves it for later; `unknown` writes down that nobody knows; `why` tells why it is asked; `back` takes up \
         the question before again; `quit` stops, and what was answered stays.",
    );
    document
}
