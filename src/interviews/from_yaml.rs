//! Files of interviews: which keys there are, and of what kind each is.

use super::survey_from_yaml::read_survey;
use super::{Interview, Material, Segment};
use crate::corpus::{Reason, names_somebody};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_nearest};
use crate::facts::{Block, Node, Yaml, parse_date, parse_yaml};
use crate::model::KnowledgeBase;
use crate::source::{SourceMap, Spanned};
use std::collections::BTreeMap;

/// Who speaks.
pub const ROLES: [&str; 9] =
    ["clinician", "nurse", "administrator", "data_scientist", "it", "vendor", "patient", "regulator", "other"];

/// What a segment speaks of in time.
pub const PHASES: [&str; 4] = ["development", "procurement", "before_go_live", "after_go_live"];

/// Reads files of interviews and of surveys, given with their names. Codes are modes and factors of the pack, and the
/// themes that a file declares.
///
/// # Errors
/// `D301` to `D307` and `D331`: all that is wrong with the files.
pub fn read_material(
    texts: impl IntoIterator<Item = (String, String)>,
    knowledge: &KnowledgeBase,
    sources: &mut SourceMap,
) -> (Material, Diagnostics) {
    let mut problems = Diagnostics::default();
    let mut material = Material::default();
    for (name, text) in texts {
        let source = sources.add(name, text);
        match parse_yaml(source, sources) {
            Ok(tree) if has_key(&tree, "survey") => read_survey(&tree, &mut material.surveys, &mut problems),
            Ok(tree) => read_interviews(&tree, knowledge, &mut material, &mut problems),
            Err(problem) => problems.push(problem),
        }
    }
    // The order within a day is that of the files; sorting keeps it.
    material.interviews.sort_by(|a, b| a.date.cmp(&b.date));
    material.surveys.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    problems.sort(sources);
    (material, problems)
}

fn has_key(tree: &Node, key: &str) -> bool {
    matches!(&tree.value, Yaml::Map(entries) if entries.iter().any(|(name, _)| name.value == key))
}

fn read_interviews(tree: &Node, knowledge: &KnowledgeBase, material: &mut Material, problems: &mut Diagnostics) {
    let Some(top) = Block::new(tree, "a file of interviews", &["themes", "interviews"], problems) else { return };
    top.require("interviews", "interviews: [{interview: i01, role: nurse, …}]", problems);
    let themes: BTreeMap<String, Spanned<String>> =
        top.pairs("themes", problems).into_iter().map(|(name, meaning)| (name.value, meaning)).collect();
    for (name, meaning) in &themes {
        refuse_names(meaning, problems);
        if let Some(other) = material.themes.get(name).filter(|other| other.value != meaning.value) {
            problems.push(
                Diagnostic::new(Code::D307, format!("the theme `{name}` means two things"))
                    .with_label(other.span, "this here")
                    .with_label(meaning.span, "and that there")
                    .with_help("give one of them another name"),
            );
        }
    }
    let keys = ["interview", "role", "phase", "date", "segments"];
    let read = |block: &Block<'_>, problems: &mut Diagnostics| interview(block, &themes, knowledge, problems);
    for found in top.each("interviews", &keys, read, problems) {
        if let Some(first) = material.interviews.iter().find(|other| other.id.value == found.id.value) {
            problems.push(stated_twice("interview", &first.id, &found.id));
            continue;
        }
        material.interviews.push(found);
    }
    material.themes.extend(themes);
}

/// Returns the problem of two things that have one name.
pub(super) fn stated_twice(what: &str, first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(Code::D307, format!("there are two of the {what} `{}`", second.value))
        .with_label(first.span, "one is here")
        .with_label(second.span, "and one here")
        .with_help("give one of them another name, or leave one out if they are the same")
}

fn interview(
    block: &Block<'_>,
    themes: &BTreeMap<String, Spanned<String>>,
    knowledge: &KnowledgeBase,
    problems: &mut Diagnostics,
) -> Option<Interview> {
    for (key, example) in [
        ("interview", "interview: i01"),
        ("role", "role: nurse"),
        ("phase", "phase: after_go_live"),
        ("date", "date: 2026-03-02"),
        ("segments", "segments: [{paraphrase: Alarms come too often to be looked at, codes: [alert_fatigue]}]"),
    ] {
        block.require(key, example, problems);
    }
    let phase = block.word("phase", &PHASES, problems);
    let read = |inner: &Block<'_>, problems: &mut Diagnostics| segment(inner, phase, themes, knowledge, problems);
    let segments = block.each("segments", &["phase", "paraphrase", "codes"], read, problems);
    let date = block.text("date", problems);
    if let Some(date) = date.as_ref().filter(|date| date.value.len() != 10 || parse_date(&date.value).is_none()) {
        problems.push(
            Diagnostic::new(Code::D306, format!("`date` cannot be `{}`", date.value))
                .with_label(date.span, "this value")
                .with_help("write the day as year-month-day, such as 2026-03-02; saturation needs the order"),
        );
    }
    let id = block.text("interview", problems)?;
    refuse_names(&id, problems);
    Some(Interview { id, role: block.word("role", &ROLES, problems)?, date: date?.value, segments })
}

fn segment(
    block: &Block<'_>,
    phase: Option<&'static str>,
    themes: &BTreeMap<String, Spanned<String>>,
    knowledge: &KnowledgeBase,
    problems: &mut Diagnostics,
) -> Option<Segment> {
    block.require("paraphrase", "paraphrase: Alarms come too often to be looked at", problems);
    block.require("codes", "codes: [alert_fatigue]", problems);
    let mut codes: Vec<Spanned<String>> = Vec::new();
    for code in block.texts("codes", problems) {
        let is_known = knowledge.nodes.named(&code.value).is_some() || themes.contains_key(&code.value);
        if !is_known {
            let known = knowledge.nodes.values().map(|node| node.id.as_str()).chain(themes.keys().map(String::as_str));
            problems.push(
                Diagnostic::new(Code::D306, format!("`{}` is no code", code.value))
                    .with_label(code.span, "neither a mode or factor of the pack nor a theme of this file")
                    .with_help(or_nearest(&code.value, known, || {
                        format!("say what it means under `themes`, such as `{}: …`", code.value)
                    })),
            );
        } else if !codes.iter().any(|other| other.value == code.value) {
            codes.push(code);
        }
    }
    let paraphrase = block.text("paraphrase", problems)?;
    refuse_names(&paraphrase, problems);
    let phase = if block.get("phase").is_some() { block.word("phase", &PHASES, problems) } else { phase };
    Some(Segment { phase: phase?, paraphrase: paraphrase.value, codes })
}

/// Refuses text that could name a person, with the reason.
pub(super) fn refuse_names(text: &Spanned<String>, problems: &mut Diagnostics) {
    let Some(Reason { what, found, instead }) = names_somebody(&text.value) else { return };
    problems.push(
        Diagnostic::new(Code::D331, format!("this text has {what}: `{found}`"))
            .with_label(text.span, "somebody could be known by it")
            .with_help(instead),
    );
}
