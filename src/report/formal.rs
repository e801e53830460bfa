//! Answers as proof trees in notation: truth, rule with its binding, premises with values beside thresholds,
//! file and line.
//!
//! `⊤` is true, `⊥` false, `?` unknown; `≈` after one of them says that an interval or an unknown could undo it.

use crate::explanation::{Answer, Document, Line, Part, PartKind, Tone, Tree};

/// Returns the answer as a proof tree.
pub fn formal(answer: &Answer) -> Document {
    let mut document = Document::default();
    let head = Line::new().strong(format!("{}: ", answer.question)).plain(&answer.answer);
    document.trees(vec![Tree { line: head, children: answer.reasons.iter().filter_map(tree).collect() }]);
    if !answer.facts.is_empty() {
        document.paragraph(Line::new().faint("rests on: ").plain(answer.facts.join(", ")));
    }
    document
}

/// Returns a part; none for what is words only.
fn tree(part: &Part) -> Option<Tree> {
    if matches!(part.kind, PartKind::Reason | PartKind::Source) {
        return None;
    }
    let mut line = Line::new();
    if let Some(label) = part.label {
        line = line.plain(format!("[{label}] "));
    }
    if let Some(truth) = truth(part) {
        line = line.with(tone(part), format!("{truth} "));
    }
    line = match (part.see, &part.notation) {
        (Some(see), _) => line.plain(format!("{}, at [{see}]", part.id.as_deref().unwrap_or(&part.sentence))),
        (None, Some(notation)) => line.plain(notation),
        (None, None) => line.plain(&part.sentence),
    };
    if let (Some(file), Some(number)) = (&part.file, part.line) {
        line = line.faint(format!("  {file}:{number}"));
    }
    let children = if part.see.is_some() { Vec::new() } else { part.parts.iter().filter_map(tree).collect() };
    Some(Tree { line, children })
}

fn truth(part: &Part) -> Option<String> {
    let sign = match part.outcome? {
        "true" => "⊤",
        "false" => "⊥",
        _ => "?",
    };
    let lean = part.certain == Some(false) && sign != "?";
    Some(if lean { format!("{sign}≈") } else { sign.to_owned() })
}

fn tone(part: &Part) -> Tone {
    match (part.outcome, part.certain) {
        (Some("true"), Some(true)) => Tone::Good,
        (Some("false"), _) => Tone::Bad,
        _ => Tone::Warn,
    }
}
