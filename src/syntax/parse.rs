//! From text to syntax tree: pest's pairs become nodes that own their text.
//!
//! `presume` means that the grammar guarantees it; what the author may have got wrong becomes a
//! [`SyntaxError`], and where the meaning is plain the node is built as meant, so that the later
//! rooms find only their own mistakes.

use super::SyntaxError;
use super::ast::{
    Declaration, Header, HeaderKind, Keyword, Name, ParameterValue, Piece, PieceKind, SyntaxTree, Text, TypeName,
};
use super::grammar::{Grammar, Rule};
use super::rule_names::{ACTIONS, name_in_messages};
use super::scan::{RawDeclaration, RawKind, RawPiece, scan};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, nearest};
use crate::source::{SourceId, Span, Spanned};
use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;
use rayon::prelude::*;
use std::borrow::Cow;

/// Returns the syntax tree of a text and everything that is wrong with it as far as syntax goes.
///
/// The tree covers every byte of the text. A declaration that cannot be read is kept as a broken
/// piece, with its name where it has one.
pub fn parse(source: SourceId, text: &str) -> (SyntaxTree, Diagnostics) {
    let (raw_pieces, mut errors) = scan(source, text);
    let build = |raw: RawPiece| {
        let mut builder = Builder { source, text, offset: 0, errors: Vec::new() };
        (builder.piece(raw), builder.errors)
    };
    // Each declaration is parsed alone, so the cores may share them; the order stays that of the text.
    let built: Vec<(Piece, Vec<SyntaxError>)> = if text.len() < WORTH_SHARING {
        raw_pieces.into_iter().map(build).collect()
    } else {
        raw_pieces.into_par_iter().map(build).collect()
    };
    let mut pieces = Vec::with_capacity(built.len());
    for (piece, found) in built {
        pieces.push(piece);
        errors.extend(found);
    }
    let mut diagnostics: Vec<Diagnostic> = errors.into_iter().map(Diagnostic::from).collect();
    diagnostics.sort_by_key(|diagnostic| match diagnostic.labels.first().map(|label| &label.place) {
        Some(Place::Text(span)) => span.start,
        _ => 0,
    });
    let mut bag = Diagnostics::default();
    diagnostics.into_iter().for_each(|diagnostic| bag.push(diagnostic));
    (SyntaxTree { source, text: text.to_owned(), pieces }, bag)
}

/// From how many bytes on it pays to wake the other cores.
const WORTH_SHARING: usize = 32 * 1024;

/// Returns what the grammar guarantees to be there.
pub(super) fn presume<T>(value: Option<T>) -> T {
    value.expect("invariant: the grammar puts it there")
}

/// Returns the text with a blank for every byte of its comments, so that places stay as they are.
fn blanked<'t>(text: &'t str, offset: usize, comments: &[(usize, usize)]) -> Cow<'t, str> {
    if comments.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for (start, end) in comments {
        kept.push_str(&text[kept.len()..start - offset]);
        kept.extend(std::iter::repeat_n(' ', end - start));
    }
    kept.push_str(&text[kept.len()..]);
    Cow::Owned(kept)
}

/// Builds nodes out of pairs; collects what is wrong on the way.
pub(super) struct Builder<'a> {
    pub(super) source: SourceId,
    /// The whole file.
    pub(super) text: &'a str,
    /// Where the text that pest sees begins in the file.
    offset: usize,
    pub(super) errors: Vec<SyntaxError>,
}

impl Builder<'_> {
    pub(super) fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        let start = self.offset + span.start();
        // A pair may end in the blanks that pest skipped before an optional part.
        let end = start + span.as_str().trim_end().len();
        self.at(start, end)
    }

    pub(super) fn at(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    pub(super) fn piece(&mut self, raw: RawPiece) -> Piece {
        let span = self.at(raw.start, raw.end);
        let kind = match raw.kind {
            RawKind::Blank => PieceKind::Blank,
            RawKind::Comment => PieceKind::Comment,
            RawKind::Stray => PieceKind::Stray,
            RawKind::Declaration(declaration) => self.declaration(&declaration, raw.end),
        };
        Piece { kind, span }
    }

    pub(super) fn declaration(&mut self, raw: &RawDeclaration, end: usize) -> PieceKind {
        let (keyword_start, keyword_end) = raw.keyword;
        let keyword = Keyword::from_word(&self.text[keyword_start..keyword_end]);
        let Some(keyword) = keyword.filter(|_| raw.sound) else {
            return PieceKind::Broken { keyword, name: self.head_name(keyword_end, end) };
        };
        self.offset = keyword_end;
        let without_comments = blanked(&self.text[keyword_end..end], keyword_end, &raw.comments);
        let shape = match keyword {
            Keyword::Import => Rule::importation,
            Keyword::Override => Rule::amendment,
            _ => Rule::declaration,
        };
        let parsed = Grammar::parse(shape, &without_comments);
        let pairs = match parsed {
            Ok(mut pairs) => presume(pairs.next()).into_inner(),
            Err(error) => {
                let error = self.unexpected(&error, end);
                self.errors.push(error);
                return PieceKind::Broken { keyword: Some(keyword), name: self.head_name(keyword_end, end) };
            }
        };
        let mut declaration = Declaration {
            doc: raw.doc.map(|(doc_start, doc_end)| self.doc(doc_start, doc_end)),
            keyword: Spanned::new(keyword, self.at(keyword_start, keyword_end)),
            name: None,
            indexes: Vec::new(),
            roles: Vec::new(),
            title: None,
            header: Vec::new(),
            clauses: Vec::new(),
            has_unread_clauses: false,
            body: None,
            comments: raw
                .comments
                .iter()
                .map(|(comment_start, comment_end)| self.at(*comment_start, *comment_end))
                .collect(),
            span: self.at(keyword_start, end),
        };
        for pair in pairs {
            let span = self.span(&pair);
            match pair.as_rule() {
                Rule::name => declaration.name = Some(self.name(pair)),
                Rule::subject => {
                    let mut inner = pair.into_inner();
                    declaration.name = Some(self.name(presume(inner.next())));
                    match inner.next() {
                        Some(list) if list.as_rule() == Rule::role_list => {
                            declaration.roles = list.into_inner().flat_map(|role| self.bindings(role)).collect();
                        }
                        list => {
                            let names = list.map(Pair::into_inner).into_iter().flatten();
                            declaration.indexes = names.map(|name| self.name(name)).collect();
                        }
                    }
                }
                Rule::title => declaration.title = Some(self.text_or_slip(presume(pair.into_inner().next()))),
                Rule::body => {
                    declaration.body = Some(span);
                    for clause in pair.into_inner() {
                        declaration.has_unread_clauses |= clause.as_rule() == Rule::unknown_clause;
                        declaration.clauses.extend(self.clause(clause, keyword));
                    }
                }
                Rule::EOI => {}
                Rule::stop_slip => {
                    self.errors.push(SyntaxError::StrayPunctuation { written: pair.as_str().into(), span });
                }
                _ => {
                    let kind = self.header(pair);
                    declaration.header.push(Header { kind, span });
                }
            }
        }
        PieceKind::Declaration(Box::new(declaration))
    }

    /// Returns the name of a declaration that cannot be read.
    pub(super) fn head_name(&self, keyword_end: usize, end: usize) -> Option<Name> {
        let rest = &self.text[keyword_end..end];
        let trimmed = rest.trim_start();
        let start = keyword_end + rest.len() - trimmed.len();
        let length = trimmed
            .find(|character: char| !(character.is_ascii_alphanumeric() || character == '_' || character == '.'))
            .unwrap_or(trimmed.len());
        let name = trimmed[..length].trim_end_matches('.');
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        is_name.then(|| Spanned::new(name.to_lowercase(), self.at(start, start + name.len())))
    }

    pub(super) fn doc(&self, start: usize, end: usize) -> Text {
        let lines = self.text[start..end].lines().map(|line| {
            let line = line.trim().trim_start_matches('/');
            line.strip_prefix(' ').unwrap_or(line)
        });
        Spanned::new(lines.collect::<Vec<_>>().join("\n"), self.at(start, end))
    }

    /// Turns pest's furthest failure into a sentence.
    pub(super) fn unexpected(&self, error: &pest::error::Error<Rule>, end: usize) -> SyntaxError {
        let place = match error.location {
            InputLocation::Pos(place) | InputLocation::Span((place, _)) => self.offset + place,
        };
        let mut expected: Vec<&'static str> = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => {
                positives.iter().filter_map(|rule| name_in_messages(*rule)).collect()
            }
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        expected.sort_unstable();
        expected.dedup();
        let rest = &self.text[place..end];
        let length = match rest.chars().next() {
            None => 0,
            Some('"') => rest[1..].find('"').map_or(rest.len(), |close| close + 2),
            Some(first) if first.is_alphanumeric() || first == '_' => rest
                .find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '.' | '%')))
                .unwrap_or(rest.len()),
            Some(first) => first.len_utf8(),
        };
        let found = if length == 0 {
            "the end of the declaration".to_owned()
        } else {
            let shown: String = rest[..length].chars().take(40).collect();
            let trimmed = shown.trim_end_matches('.');
            format!("`{}`", if trimmed.is_empty() { &shown } else { trimmed })
        };
        // At the end, the last byte is what can be pointed at.
        let span = if length == 0 { self.at(end.saturating_sub(1), end) } else { self.at(place, place + length) };
        let word = rest[..length].to_lowercase();
        let nearest = if expected.contains(&"an action") { nearest(&word, ACTIONS.iter().copied()) } else { None };
        let nearest = nearest.and_then(|found| ACTIONS.iter().copied().find(|action| *action == found));
        SyntaxError::Unexpected { expected, found, span, nearest }
    }

    pub(super) fn header(&mut self, pair: Pair<'_, Rule>) -> HeaderKind {
        match pair.as_rule() {
            Rule::value_type => HeaderKind::Type(self.value_type(presume(pair.into_inner().next()))),
            Rule::direction => HeaderKind::Direction { lower: pair.as_str().contains("lower") },
            Rule::definition => {
                let mut inner = pair.into_inner();
                let name = self.name(presume(inner.next()));
                let parameters = inner.map(|parameter| self.parameter(parameter)).collect();
                HeaderKind::Definition { name, parameters }
            }
            Rule::requirement => HeaderKind::Requirement(self.word(pair)),
            Rule::overridden => HeaderKind::Overrides(self.name(presume(pair.into_inner().next()))),
            Rule::reason => HeaderKind::Because(self.text_or_slip(presume(pair.into_inner().next()))),
            _ => HeaderKind::Within(self.name(presume(pair.into_inner().next()))),
        }
    }

    pub(super) fn parameter(&mut self, pair: Pair<'_, Rule>) -> (Name, Spanned<ParameterValue>) {
        let mut inner = pair.into_inner();
        let name = self.name(presume(inner.next()));
        let value = presume(inner.next());
        let span = self.span(&value);
        let value = match value.as_rule() {
            Rule::number => ParameterValue::Number(self.number(value)),
            Rule::text => ParameterValue::Word(self.text(value).value),
            _ => ParameterValue::Word(self.name(value).value),
        };
        (name, Spanned::new(value, span))
    }

    pub(super) fn value_type(&mut self, pair: Pair<'_, Rule>) -> TypeName {
        let rule = pair.as_rule();
        let mut inner = pair.into_inner();
        match rule {
            Rule::one_of | Rule::many_of => {
                let names = inner.map(|option| self.name(presume(option.into_inner().next()))).collect();
                if rule == Rule::one_of { TypeName::OneOf(names) } else { TypeName::ManyOf(names) }
            }
            Rule::score => TypeName::Score(self.range(presume(inner.next()))),
            Rule::measured => TypeName::NumberOf(self.name(presume(inner.next()))),
            _ => TypeName::Word(self.name(presume(inner.next()))),
        }
    }
}
