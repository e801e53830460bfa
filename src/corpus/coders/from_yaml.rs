//! The file of a coder: which keys there are, and of what kind each is.

use super::super::check::check_codings;
use super::super::from_yaml::{DOMAINS, EVIDENCE, coding};
use super::{CORPUS, CodedCase, Coder};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_nearest};
use crate::facts::{Block, Node, parse_date, parse_yaml};
use crate::model::KnowledgeBase;
use crate::source::{SourceMap, Spanned};
use std::collections::BTreeMap;

/// Reads files of coders, given with their names, and holds them against the modes and factors of a pack. Files of
/// one coder count as one. Coders come sorted by name.
///
/// # Errors
/// `D301` to `D307`: all that is wrong with the files.
pub fn read_coders(
    texts: impl IntoIterator<Item = (String, String)>,
    knowledge: &KnowledgeBase,
    sources: &mut SourceMap,
) -> (Vec<Coder>, Diagnostics) {
    let mut problems = Diagnostics::default();
    let mut coders: BTreeMap<String, Coder> = BTreeMap::new();
    for (name, text) in texts {
        let source = sources.add(name, text);
        match parse_yaml(source, sources) {
            Ok(tree) => read_file(&tree, knowledge, &mut coders, &mut problems),
            Err(problem) => problems.push(problem),
        }
    }
    problems.sort(sources);
    (coders.into_values().collect(), problems)
}

fn read_file(tree: &Node, knowledge: &KnowledgeBase, coders: &mut BTreeMap<String, Coder>, problems: &mut Diagnostics) {
    let Some(top) = Block::new(tree, "the codings of a coder", &["coder", "date", "codings"], problems) else { return };
    for (key, example) in
        [("coder", "coder: coder-b"), ("date", "date: 2026-11-20"), ("codings", "codings: [{case: …, modes: …}]")]
    {
        top.require(key, example, problems);
    }
    let date = top.text("date", problems);
    if let Some(date) = date.as_ref().filter(|date| parse_date(&date.value).is_none()) {
        problems.push(
            Diagnostic::new(Code::D306, format!("`date` cannot be `{}`", date.value))
                .with_label(date.span, "this value")
                .with_help("write the day of the coding as year-month-day, such as 2026-11-20"),
        );
    }
    let keys = ["case", "domain", "evidence", "modes"];
    let found = top.each("codings", &keys, coded_case, problems);
    let Some(name) = top.text("coder", problems) else { return };
    if name.value == CORPUS {
        problems.push(
            Diagnostic::new(Code::D306, format!("`coder` cannot be `{CORPUS}`"))
                .with_label(name.span, "this name stands for the codings in the files of the cases")
                .with_help("give the coder another pseudonym, such as coder-b"),
        );
    }
    let coder =
        coders.entry(name.value.clone()).or_insert_with(|| Coder { name: name.value, codings: BTreeMap::new() });
    for mut coding in found {
        check_codings(coding.modes.iter().flatten(), knowledge, problems);
        coding.date = date.as_ref().map(|date| date.value.clone());
        if let Some(first) = coder.place_of(&coding.case.value) {
            problems.push(
                Diagnostic::new(Code::D307, format!("`{}` coded the case `{}` twice", coder.name, coding.case.value))
                    .with_label(first, "first here")
                    .with_label(coding.case.span, "and again here")
                    .with_help("keep the coding that was made first and without help"),
            );
            continue;
        }
        coder.codings.insert(coding.case.value.clone(), coding);
    }
}

fn coded_case(block: &Block<'_>, problems: &mut Diagnostics) -> Option<CodedCase> {
    block.require("case", "case: epic-sepsis-michigan-2021", problems);
    let modes = block.get("modes").is_some().then(|| block.each("modes", &["mode", "factors"], coding, problems));
    Some(CodedCase {
        case: block.text("case", problems)?,
        date: None,
        domain: block.word("domain", &DOMAINS, problems),
        evidence: block.word("evidence", &EVIDENCE, problems),
        modes,
    })
}

/// Returns a problem for each coding of a case that is not among the cases.
pub(super) fn check_cases(coders: &[Coder], known: &[&str]) -> Diagnostics {
    let mut problems = Diagnostics::default();
    let codings = coders.iter().flat_map(|coder| coder.codings.values());
    for Spanned { value, span } in codings.map(|coding| &coding.case) {
        if !known.contains(&value.as_str()) {
            problems.push(
                Diagnostic::new(Code::D306, format!("there is no case `{value}`"))
                    .with_label(*span, "this name")
                    .with_help(or_nearest(value, known.iter().copied(), || {
                        "`etio cases list` names them all".to_owned()
                    })),
            );
        }
    }
    problems
}
