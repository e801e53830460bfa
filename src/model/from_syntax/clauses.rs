//! Which clauses a declaration may, must and must not have.

use super::super::error::ModelError;
use super::Context;
use crate::source::Spanned;
use crate::syntax::ast::{Clause, ClauseKind, Declaration, HeaderKind, Keyword, Number};

/// What any body may carry.
const COMMON: [&str; 6] = ["because", "cite", "basis", "since", "deprecated", "satisfies"];
/// What may stand more than once.
const REPEATABLE: [&str; 8] = ["cite", "satisfies", "causes", "addresses", "row", "given", "expect", "item"];

/// Returns the clauses of a kind of declaration, beside the common ones.
fn own_clauses(keyword: Keyword) -> &'static [&'static str] {
    match keyword {
        Keyword::Pack => &["version", "language", "license"],
        Keyword::Source => &["authors", "venue", "doi", "arxiv", "pmid", "url", "year", "item", "unread"],
        Keyword::Category | Keyword::Index | Keyword::Entity | Keyword::Relation => &[],
        Keyword::Metric | Keyword::Input => &[],
        Keyword::Mode => &["category", "dimension", "severity", "detectability", "base_rate", "causes"],
        Keyword::Factor => &["base_rate", "causes"],
        Keyword::Mitigation => &["addresses", "effort", "needs"],
        Keyword::StressTest => &["probes", "reads", "ask", "needs"],
        Keyword::Question => &["ask", "phase"],
        Keyword::Rule => &["for each", "when", "then", "evidence"],
        Keyword::Band => &["from"],
        Keyword::Priority => &["row"],
        Keyword::Verdict => &["precedence", "when"],
        Keyword::Test => &["given", "expect"],
        Keyword::Override => &["disabled"],
        Keyword::Import => &[],
    }
}

/// Says which clauses do not belong, and which are written twice.
pub(super) fn check_clauses(context: &mut Context<'_>, declaration: &Declaration) {
    let keyword = declaration.keyword.value;
    let own = own_clauses(keyword);
    for clause in &declaration.clauses {
        let word = clause.kind.keyword();
        if let ClauseKind::Causes { ground, .. } | ClauseKind::Addresses { ground, .. } = &clause.kind {
            check_repeated(context, ground);
        }
        if !own.contains(&word) && !COMMON.contains(&word) {
            let belongs = Keyword::ALL.iter().filter(|other| own_clauses(**other).contains(&word));
            context.diagnostics.push(ModelError::MisplacedClause {
                clause: word.to_owned(),
                keyword: keyword.with_article(),
                belongs: belongs.map(|other| other.with_article()).collect(),
                span: clause.span,
            });
        }
    }
    check_repeated(context, &declaration.clauses);
    check_header(context, declaration);
}

fn check_repeated(context: &mut Context<'_>, clauses: &[Clause]) {
    let mut seen: Vec<&Clause> = Vec::new();
    for clause in clauses {
        let word = clause.kind.keyword();
        if REPEATABLE.contains(&word) {
            continue;
        }
        if let Some(first) = seen.iter().find(|first| first.kind.keyword() == word) {
            let clause_name = word.to_owned();
            let error = ModelError::RepeatedClause { clause: clause_name, first: first.span, second: clause.span };
            context.diagnostics.push(error);
        } else {
            seen.push(clause);
        }
    }
}

fn check_header(context: &mut Context<'_>, declaration: &Declaration) {
    let keyword = declaration.keyword.value;
    let is_input = matches!(keyword, Keyword::Metric | Keyword::Input | Keyword::Question);
    let mut misplaced = |clause: &str, belongs: &[&str], span| {
        context.diagnostics.push(ModelError::MisplacedClause {
            clause: clause.to_owned(),
            keyword: keyword.with_article(),
            belongs: belongs.iter().map(|word| (*word).to_owned()).collect(),
            span,
        });
    };
    for header in &declaration.header {
        match &header.kind {
            HeaderKind::Type(_) if !is_input => {
                misplaced("a type", &["a metric", "an input", "a question"], header.span)
            }
            HeaderKind::Direction { lower } if !is_input => {
                let clause = if *lower { "lower is better" } else { "higher is better" };
                misplaced(clause, &["a metric", "an input", "a question"], header.span);
            }
            HeaderKind::Definition { .. } if keyword != Keyword::Metric => {
                misplaced("a definition", &["a metric"], header.span);
            }
            HeaderKind::Within(_) if keyword != Keyword::Index => misplaced("within", &["an index"], header.span),
            _ => {}
        }
    }
    if let (Some(first), false) = (declaration.indexes.first(), is_input) {
        misplaced("[…]", &["a metric", "an input", "a question"], first.span);
    }
    if let (Some(first), false) = (declaration.roles.first(), keyword == Keyword::Relation) {
        misplaced("(…)", &["a relation"], first.variable.span.to(first.index.span));
    }
}

/// Says that a clause is missing.
pub(super) fn missing(context: &mut Context<'_>, declaration: &Declaration, what: &str, help: &str) {
    // What could not be read may be what is missing.
    if declaration.has_unread_clauses {
        return;
    }
    context.diagnostics.push(ModelError::MissingClause {
        what: what.to_owned(),
        keyword: declaration.keyword.value.with_article(),
        span: declaration.name.as_ref().map_or(declaration.keyword.span, |name| name.span),
        help: help.to_owned(),
    });
}

/// Returns the first clause that `pick` wants.
pub(super) fn find<'a, T>(declaration: &'a Declaration, pick: impl Fn(&'a ClauseKind) -> Option<T>) -> Option<T> {
    declaration.clauses.iter().find_map(|clause| pick(&clause.kind))
}

/// Returns the title, or the name where there is none.
pub(super) fn title(declaration: &Declaration) -> String {
    let title = declaration.title.as_ref().or(declaration.name.as_ref());
    title.map(|title| title.value.clone()).unwrap_or_default()
}

/// Returns a word of a fixed list as what it stands for.
pub(super) fn choice<T: Copy>(
    context: &mut Context<'_>,
    what: &'static str,
    word: &Spanned<String>,
    choices: &'static [&'static str],
    values: &[T],
) -> Option<T> {
    let found =
        choices.iter().position(|choice| *choice == word.value).and_then(|position| values.get(position)).copied();
    if found.is_none() {
        context.diagnostics.push(ModelError::UnknownWord {
            what,
            word: word.value.clone(),
            choices,
            span: word.span,
            nearest: crate::diagnostic::nearest(&word.value, choices.iter().copied()).map(str::to_owned),
        });
    }
    found
}

/// Returns a whole number.
pub(super) fn whole(context: &mut Context<'_>, number: &Number) -> Option<i64> {
    let value = number.value();
    if number.percent || value.fract() != 0.0 || value.abs() > 1e12 {
        let value = shown(number);
        context.diagnostics.push(ModelError::NotAWholeNumber { value, span: number.span, other: None });
        return None;
    }
    Some(value as i64)
}

/// Returns the number as it is written.
pub(super) fn shown(number: &Number) -> String {
    let unit = number.unit.as_ref().map(|unit| format!(" {}", unit.value)).unwrap_or_default();
    format!("`{}{}{unit}`", number.figure, if number.percent { "%" } else { "" })
}
