//! Do the codes of the cases exist? A case speaks of modes and factors of a pack.

use super::case::Coding;
use super::shelf::Corpus;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_nearest};
use crate::model::{KnowledgeBase, NodeKind};
use crate::source::Spanned;

/// Returns what is wrong with the codes of the cases, held against a pack.
pub fn check_names(corpus: &Corpus, knowledge: &KnowledgeBase) -> Diagnostics {
    let mut problems = Diagnostics::default();
    for case in &corpus.cases {
        check_codings(&case.modes, knowledge, &mut problems);
        if case.modes.is_empty() {
            problems.push(
                Diagnostic::new(Code::D304, format!("the case `{}` shows no failure mode", case.id.value))
                    .with_label(case.id.span, "this case")
                    .with_help("name at least one under `modes`; `etio risks` lists those of the pack"),
            );
        }
    }
    problems
}

/// Reports modes and factors that the pack does not have, and modes that one case is given twice.
pub(super) fn check_codings<'a>(
    codings: impl IntoIterator<Item = &'a Coding>,
    knowledge: &KnowledgeBase,
    problems: &mut Diagnostics,
) {
    let codings: Vec<&Coding> = codings.into_iter().collect();
    for (place, coding) in codings.iter().enumerate() {
        check_node(&coding.mode, true, knowledge, problems);
        if let Some(first) = codings.iter().take(place).find(|other| other.mode.value == coding.mode.value) {
            problems.push(
                Diagnostic::new(Code::D307, format!("the mode `{}` is coded twice", coding.mode.value))
                    .with_label(first.mode.span, "first here")
                    .with_label(coding.mode.span, "and again here")
                    .with_help("put the factors of both under one"),
            );
        }
        for (factor, _) in &coding.factors {
            check_node(factor, false, knowledge, problems);
        }
    }
}

fn check_node(code: &Spanned<String>, mode: bool, knowledge: &KnowledgeBase, problems: &mut Diagnostics) {
    if knowledge.nodes.named(&code.value).is_some_and(|node| node.is_mode() == mode) {
        return;
    }
    let what = if mode { "failure mode" } else { "causal factor" };
    let same_kind = knowledge.nodes.values().filter(|node| matches!(node.kind, NodeKind::Mode { .. }) == mode);
    problems.push(
        Diagnostic::new(Code::D306, format!("`{}` is no {what} of the pack `{}`", code.value, knowledge.pack.id))
            .with_label(code.span, "this code")
            .with_help(or_nearest(&code.value, same_kind.map(|node| node.id.as_str()), || {
                "`etio graph` shows every mode and factor".to_owned()
            })),
    );
}
