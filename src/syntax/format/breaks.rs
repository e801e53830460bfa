//! Where a declaration's lines begin, and how far in.

use super::super::ast::{Clause, ClauseKind, Declaration};
use super::super::token::{Kind, Token, tokens};
use super::WIDTH;
use crate::source::Span;
use std::collections::BTreeMap;

/// The beginning of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    /// Blanks before it.
    pub indent: usize,
    /// Whether a blank line before it may stay.
    pub may_be_apart: bool,
    /// Whether the line may be broken at its commas, with the parts one below the other.
    pub is_list: bool,
}

impl Break {
    fn at(indent: usize) -> Self {
        Break { indent, may_be_apart: false, is_list: false }
    }
}

/// Returns where lines begin, by the place in the text of the declaration.
pub(super) fn breaks_of(declaration: &Declaration, text: &str) -> BTreeMap<usize, Break> {
    let start = declaration.span.range().start;
    let mut breaks = Breaks { start, text, found: BTreeMap::new() };
    if let Some(body) = declaration.body {
        breaks.clauses(&declaration.clauses, 2);
        breaks.found.insert(body.range().end - 1 - start, Break::at(0));
    }
    breaks.found
}

struct Breaks<'a> {
    /// Where the declaration begins in the file.
    start: usize,
    text: &'a str,
    found: BTreeMap<usize, Break>,
}

impl Breaks<'_> {
    fn clauses(&mut self, clauses: &[Clause], indent: usize) {
        for clause in clauses {
            let is_list = matches!(clause.kind, ClauseKind::Cite(_) | ClauseKind::Satisfies(_));
            let at = self.place(clause.span);
            self.found.insert(at, Break { indent, may_be_apart: true, is_list });
            match &clause.kind {
                ClauseKind::When(_) => self.joined(clause.span, indent + "when".len()),
                ClauseKind::Then(actions) => {
                    for action in actions.iter().skip(1) {
                        self.found.insert(self.place(action.span), Break::at(indent + "then ".len()));
                    }
                }
                ClauseKind::Causes { ground, .. } | ClauseKind::Addresses { ground, .. } if !ground.is_empty() => {
                    self.clauses(ground, indent + 2);
                    let end = clause.span.range().end - self.start;
                    if let Some(brace) = self.text.get(..end).and_then(|text| text.rfind('}')) {
                        self.found.insert(brace, Break::at(indent));
                    }
                }
                _ => {}
            }
        }
    }

    fn place(&self, span: Span) -> usize {
        span.range().start - self.start
    }

    /// Puts each `and` and `or` of a condition on a line of its own, so that it ends before `column`. Those within
    /// brackets stay on their line unless it would be too long.
    fn joined(&mut self, span: Span, column: usize) {
        let at = self.place(span);
        let text = self.text.get(at..span.range().end - self.start).unwrap_or("");
        let tokens = tokens(text);
        let conjunctions = conjunctions(&tokens);
        let outer = conjunctions.iter().filter(|(_, depth)| *depth == 0).map(|(place, _)| *place);
        // Each operand begins behind `when` or a conjunction.
        let starts: Vec<usize> = std::iter::once(0).chain(outer.clone()).collect();
        for place in outer {
            self.ends_before(column, at, tokens[place]);
        }
        for (number, start) in starts.iter().enumerate() {
            let end = starts.get(number + 1).copied().unwrap_or(tokens.len());
            let operand = tokens.get(start + 1..end).unwrap_or_default();
            if !operand.first().is_some_and(|first| first.is("(")) || column + 1 + length(operand) <= WIDTH {
                continue;
            }
            let inner: Vec<Token<'_>> = conjunctions
                .iter()
                .filter(|(place, depth)| *depth == 1 && (*start..end).contains(place))
                .map(|(place, _)| tokens[*place])
                .collect();
            // What binds least is what is broken.
            let weakest = if inner.iter().any(|token| token.text == "or") { "or" } else { "and" };
            for token in inner.into_iter().filter(|token| token.text == weakest) {
                self.ends_before(column + 1, at, token);
            }
        }
    }

    fn ends_before(&mut self, column: usize, at: usize, token: Token<'_>) {
        self.found.insert(at + token.start, Break::at(column - token.text.len()));
    }
}

/// Returns the places of `and` and `or` among the tokens of a condition, with how many brackets are open there.
fn conjunctions(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // For each open bracket, how many `between` wait for their `and`, which joins no conditions.
    let mut waiting = vec![0_usize];
    for (place, token) in tokens.iter().enumerate() {
        let depth = waiting.len() - 1;
        match (token.kind, token.text) {
            (Kind::Sign, "(" | "[") => waiting.push(0),
            (Kind::Sign, ")" | "]") if depth > 0 => drop(waiting.pop()),
            (Kind::Word, "between") => waiting[depth] += 1,
            (Kind::Word, "and") if waiting[depth] > 0 => waiting[depth] -= 1,
            (Kind::Word, "and" | "or") => found.push((place, depth)),
            _ => {}
        }
    }
    found
}

/// Returns how many columns tokens take on one line.
pub(super) fn length(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0;
    let mut columns = 0;
    for (place, token) in tokens.iter().enumerate() {
        columns += usize::from(apart(&tokens[..place], token, depth)) + token.written().chars().count();
        depth = depth_after(token, depth);
    }
    columns
}

/// Returns how many brackets are open after a token.
pub(super) fn depth_after(token: &Token<'_>, depth: usize) -> usize {
    match token.text {
        "(" | "[" if token.kind == Kind::Sign => depth + 1,
        ")" | "]" if token.kind == Kind::Sign => depth.saturating_sub(1),
        _ => depth,
    }
}

/// Tells whether a blank stands between two tokens on one line; `depth` counts the brackets that are open.
pub(super) fn apart(before: &[Token<'_>], token: &Token<'_>, depth: usize) -> bool {
    let Some(last) = before.last() else { return false };
    let opens = last.is("(") || last.is("[");
    if opens || last.is("..") || is_sign_of_number(before) {
        return false;
    }
    // `likelihood(m)` reads a figure, and `likelihood (a + b)` gives one. The version that an import requires is written
    // as its author likes.
    if last.text == "likelihood" || before.first().is_some_and(|first| first.text == "import") {
        return !token.touches;
    }
    match token.text {
        "," | ")" | "]" | ".." if token.kind == Kind::Sign => false,
        ":" if token.kind == Kind::Sign => depth == 0,
        "[" if token.kind == Kind::Sign => last.kind != Kind::Word,
        "(" if token.kind == Kind::Sign => last.kind != Kind::Word || KEYWORDS.contains(&last.text),
        _ => true,
    }
}

/// Tells whether the last token is the minus of a negative number, and not of a difference.
fn is_sign_of_number(before: &[Token<'_>]) -> bool {
    let [.., left, minus] = before else { return before.last().is_some_and(|minus| minus.is("-")) };
    let is_value = match left.kind {
        Kind::Word => !KEYWORDS.contains(&left.text),
        Kind::Number | Kind::Text => true,
        Kind::Sign => left.is(")") || left.is("]"),
        Kind::Comment => false,
    };
    minus.is("-") && !is_value
}

/// Words that are no names, so that what follows them in brackets is no list of arguments.
const KEYWORDS: [&str; 18] = [
    "and",
    "or",
    "not",
    "where",
    "when",
    "of",
    "in",
    "is",
    "between",
    "likelihood",
    "by",
    "to",
    "then",
    "any",
    "all",
    "count",
    "given",
    "expect",
];
