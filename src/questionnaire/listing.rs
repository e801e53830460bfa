//! The open questions as a list, and what came of asking them.

use super::choice::{Open, Tally, asked_of};
use super::dialogue::Asked;
use super::typed::expected;
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Line, with_digits};
use crate::model::{Input, KnowledgeBase, VerdictId};
use crate::risk::Quantity as _;
use serde_json::{Value as Json, json};

/// Returns the open questions for people, in the order in which they would be asked.
pub fn list_open(open: &[Open<'_>], tally: Tally, knowledge: &KnowledgeBase) -> Document {
    let mut document = Document::default();
    document.heading(1, format!("{} to ask", Count(open.len(), "question")));
    let columns = vec![
        Column { title: "", right: true },
        Column { title: "Question", right: false },
        Column { title: "Who, when", right: false },
        Column { title: "Answer", right: false },
        Column { title: "Swing", right: true },
    ];
    let rows = open.iter().enumerate().map(|(place, open)| {
        let input = &knowledge.inputs[open.input];
        let needed = if open.required { " (needed for a verdict)" } else { "" };
        vec![
            Line::from((place + 1).to_string()),
            Line::new().plain(format!("{}{needed} ", input.title)).name(input.id.clone()),
            Line::from(who_and_when(input)),
            Line::from(expected(&input.value_type)),
            Line::from(with_digits(open.swing(), 1)),
        ]
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    let swing = "The swing is how far an answer could move the total risk.";
    document.paragraph(format!("{swing} {}", tally.sentence()));
    document
}

fn who_and_when(input: &Input) -> String {
    let (role, phase) = asked_of(input);
    let words: Vec<String> = [role, phase].into_iter().flatten().map(|word| word.replace('_', " ")).collect();
    words.join(", ")
}

/// Returns the same for programs.
pub fn open_json(open: &[Open<'_>], tally: Tally, knowledge: &KnowledgeBase) -> Json {
    let questions = open.iter().map(|open| {
        let input = &knowledge.inputs[open.input];
        let (role, phase) = asked_of(input);
        json!({
            "id": input.id,
            "question": input.title,
            "ask": role,
            "phase": phase,
            "type": input.value_type.to_string(),
            "swing": open.swing.map(|swing| swing.swing),
            "required": open.required,
        })
    });
    let questions: Vec<Json> = questions.collect();
    json!({
        "schema": "etiology.questions/1",
        "questions": questions,
        "counts": {
            "all": tally.all,
            "answered": tally.answered,
            "unknown": tally.unknown,
            "open": tally.mattering,
            "idle": tally.idle,
            "measured": tally.measured,
        },
    })
}

/// Returns what came of asking.
pub fn outcome(asked: &Asked, knowledge: &KnowledgeBase) -> Document {
    let mut document = Document::default();
    let total = asked.assessment.total.estimate().get();
    let mut told = format!(
        "{} answered, {} left for later, {} still open.",
        asked.answered.len(),
        asked.later,
        asked.tally.mattering
    );
    if !asked.answered.is_empty() {
        told += &format!(" Total risk {} → {}.", with_digits(asked.total_before, 1), with_digits(total, 1));
    }
    document.paragraph(told);
    let title = |verdict: Option<VerdictId>| {
        verdict.map_or_else(|| "none".to_owned(), |verdict| knowledge.verdicts[verdict].title.clone())
    };
    let (before, after) = (asked.verdict_before, asked.assessment.verdict.given);
    document.paragraph(if before == after {
        Line::new().plain("The verdict stays: ").strong(title(after))
    } else {
        Line::new().plain("The verdict changes from ").strong(title(before)).plain(" to ").strong(title(after))
    });
    document
}
