//! From text to syntax tree: pest's pairs become nodes that own their text.
//!
//! `presume` means that the grammar guarantees it; what the author may have got wrong becomes a
//! [`SyntaxError`], and where the meaning is plain the node is built as meant, so that the later
//! rooms find only their own mistakes.

use super::SyntaxError;
use super::ast::{
    Action, ActionKind, Argument, Atom, Binding, Brackets, Clause, ClauseKind, Declaration, Expectation, Expression,
    ExpressionKind, GivenValue, Header, HeaderKind, Keyword, Name, Number, ParameterValue, Piece, PieceKind, Range,
    RuleState, SyntaxTree, Text, TypeName,
};
use super::grammar::{Grammar, Rule};
use super::rule_names::{ACTIONS, CLAUSES, name_in_messages};
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

/// Returns what is inside, without the words that only join it.
fn without_words(pair: Pair<'_, Rule>) -> impl Iterator<Item = Pair<'_, Rule>> {
    pair.into_inner().filter(|part| {
        !matches!(part.as_rule(), Rule::likelihood_word | Rule::by_word | Rule::strength_word | Rule::effect_word)
    })
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
    source: SourceId,
    /// The whole file.
    text: &'a str,
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

    fn at(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn piece(&mut self, raw: RawPiece) -> Piece {
        let span = self.at(raw.start, raw.end);
        let kind = match raw.kind {
            RawKind::Blank => PieceKind::Blank,
            RawKind::Comment => PieceKind::Comment,
            RawKind::Stray => PieceKind::Stray,
            RawKind::Declaration(declaration) => self.declaration(&declaration, raw.end),
        };
        Piece { kind, span }
    }

    fn declaration(&mut self, raw: &RawDeclaration, end: usize) -> PieceKind {
        let (keyword_start, keyword_end) = raw.keyword;
        let keyword = Keyword::from_word(&self.text[keyword_start..keyword_end]);
        let Some(keyword) = keyword.filter(|_| raw.sound) else {
            return PieceKind::Broken { keyword, name: self.head_name(keyword_end, end) };
        };
        self.offset = keyword_end;
        let without_comments = blanked(&self.text[keyword_end..end], keyword_end, &raw.comments);
        let parsed = Grammar::parse(Rule::declaration, &without_comments);
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
                Rule::subject => {
                    let mut inner = pair.into_inner();
                    declaration.name = Some(self.name(presume(inner.next())));
                    let list = inner.next().map(Pair::into_inner);
                    declaration.indexes = list.into_iter().flatten().map(|name| self.name(name)).collect();
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
    fn head_name(&self, keyword_end: usize, end: usize) -> Option<Name> {
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

    fn doc(&self, start: usize, end: usize) -> Text {
        let lines = self.text[start..end].lines().map(|line| {
            let line = line.trim().trim_start_matches('/');
            line.strip_prefix(' ').unwrap_or(line)
        });
        Spanned::new(lines.collect::<Vec<_>>().join("\n"), self.at(start, end))
    }

    /// Turns pest's furthest failure into a sentence.
    fn unexpected(&self, error: &pest::error::Error<Rule>, end: usize) -> SyntaxError {
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

    // ---- Words

    pub(super) fn name(&mut self, pair: Pair<'_, Rule>) -> Name {
        let span = self.span(&pair);
        let written = pair.as_str();
        if written.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.errors.push(SyntaxError::UpperCaseName { written: written.into(), span });
            return Spanned::new(written.to_lowercase(), span);
        }
        Spanned::new(written.to_owned(), span)
    }

    /// Returns a word that may have been written in quotes or as `true` or `false`.
    pub(super) fn option(&mut self, pair: Pair<'_, Rule>) -> Name {
        if pair.as_rule() == Rule::text {
            return self.text(pair);
        }
        let name = self.name(pair);
        self.answer(name)
    }

    /// Answers `true` and `false`.
    fn answer(&mut self, name: Name) -> Name {
        let meant = match name.value.as_str() {
            "true" => "yes",
            "false" => "no",
            _ => return name,
        };
        self.errors.push(SyntaxError::YesOrNo { written: name.value, meant, span: name.span });
        Spanned::new(meant.to_owned(), name.span)
    }

    pub(super) fn text(&mut self, pair: Pair<'_, Rule>) -> Text {
        let span = self.span(&pair);
        let quoted = pair.as_str();
        let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("");
        if !inner.contains('\\') {
            return Spanned::new(inner.to_owned(), span);
        }
        let mut value = String::with_capacity(inner.len());
        let mut characters = inner.chars();
        while let Some(character) = characters.next() {
            if character != '\\' {
                value.push(character);
                continue;
            }
            match characters.next() {
                Some('n') => value.push('\n'),
                Some(escaped @ ('"' | '\\')) => value.push(escaped),
                Some(other) => {
                    self.errors.push(SyntaxError::UnknownEscape { character: other, span });
                    value.push(other);
                }
                None => {}
            }
        }
        Spanned::new(value, span)
    }

    fn text_or_slip(&mut self, pair: Pair<'_, Rule>) -> Text {
        if pair.as_rule() == Rule::text {
            return self.text(pair);
        }
        let written = pair.as_str().trim_end().to_owned();
        let span = self.span(&pair);
        self.errors.push(SyntaxError::TextWithoutQuotes { written: written.clone(), span });
        Spanned::new(written, span)
    }

    /// Returns a `number`, a `quantity` or a `signed` quantity.
    pub(super) fn number(&mut self, pair: Pair<'_, Rule>) -> Number {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::signed => {
                let mut inner = pair.into_inner();
                let first = presume(inner.next());
                if first.as_rule() != Rule::minus {
                    return self.number(first);
                }
                let number = self.number(presume(inner.next()));
                Number { figure: -number.figure, span, ..number }
            }
            Rule::quantity => {
                let mut inner = pair.into_inner();
                let number = self.number(presume(inner.next()));
                let unit = inner.next().map(|unit| self.name(unit));
                Number { unit, span, ..number }
            }
            _ => {
                let written = pair.as_str();
                let percent = written.ends_with('%');
                let digits = written.trim_end_matches('%').trim_end();
                let mut figure: f64 = digits.parse().unwrap_or(f64::INFINITY);
                if !figure.is_finite() || figure.abs() > 1e15 {
                    self.errors.push(SyntaxError::NumberTooLarge { span });
                    // 1 fits every range, so that this is said once.
                    figure = 1.0;
                }
                Number { figure, percent, unit: None, span }
            }
        }
    }

    fn range(&mut self, pair: Pair<'_, Rule>) -> Range {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        Range { low: self.number(presume(inner.next())), high: self.number(presume(inner.next())), span }
    }

    pub(super) fn date(&mut self, pair: Pair<'_, Rule>) -> i32 {
        let span = self.span(&pair);
        let written = pair.as_str();
        let mut parts = written.split('-').map(|part| part.parse::<i32>().unwrap_or(0));
        let (year, month, day) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        days_since_1970(year, month, day).unwrap_or_else(|| {
            self.errors.push(SyntaxError::NoSuchDate { written: written.into(), span });
            0
        })
    }

    pub(super) fn atom(&mut self, pair: Pair<'_, Rule>) -> Atom {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let name = self.name(presume(inner.next()));
        let Some(list) = inner.next() else {
            let name = self.answer(name);
            return Atom { name, brackets: Brackets::None, arguments: Vec::new(), span };
        };
        let brackets = if list.as_rule() == Rule::members { Brackets::Square } else { Brackets::Round };
        let arguments = list.into_inner().map(|argument| self.argument(argument)).collect();
        Atom { name, brackets, arguments, span }
    }

    fn argument(&mut self, pair: Pair<'_, Rule>) -> Argument {
        if pair.as_rule() == Rule::formula {
            return Argument { value: self.formula(pair), target: None };
        }
        let mut inner = pair.into_inner();
        let value = self.formula(presume(inner.next()));
        let target = inner.next().map(|arrow| {
            self.arrow(&arrow);
            self.formula(presume(inner.next()))
        });
        // `ramp(x, 10% => 0.5)` reads as a comparison; the sign has been answered already.
        match (target, value) {
            (target @ Some(_), value) => Argument { value, target },
            (None, Expression { kind: ExpressionKind::Compare { left, comparison, right }, span })
                if self.is_arrow_slip(comparison.span) =>
            {
                self.errors.pop();
                self.errors.push(SyntaxError::ArrowSign { written: "=>".into(), span: comparison.span });
                let _ = span;
                Argument { value: *left, target: Some(*right) }
            }
            (None, value) => Argument { value, target: None },
        }
    }

    fn is_arrow_slip(&self, sign: Span) -> bool {
        self.text.get(sign.range()) == Some("=>")
            && matches!(self.errors.last(), Some(SyntaxError::ComparisonSign { span, .. }) if *span == sign)
    }

    fn arrow(&mut self, pair: &Pair<'_, Rule>) {
        if pair.as_rule() == Rule::arrow_slip {
            let span = self.span(pair);
            self.errors.push(SyntaxError::ArrowSign { written: pair.as_str().into(), span });
        }
    }

    // ---- Headers

    fn header(&mut self, pair: Pair<'_, Rule>) -> HeaderKind {
        match pair.as_rule() {
            Rule::value_type => HeaderKind::Type(self.value_type(presume(pair.into_inner().next()))),
            Rule::direction => HeaderKind::Direction { lower: pair.as_str().contains("lower") },
            Rule::definition => {
                let mut inner = pair.into_inner();
                let name = self.name(presume(inner.next()));
                let parameters = inner.map(|parameter| self.parameter(parameter)).collect();
                HeaderKind::Definition { name, parameters }
            }
            _ => HeaderKind::Within(self.name(presume(pair.into_inner().next()))),
        }
    }

    fn parameter(&mut self, pair: Pair<'_, Rule>) -> (Name, Spanned<ParameterValue>) {
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

    fn value_type(&mut self, pair: Pair<'_, Rule>) -> TypeName {
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

    // ---- Clauses

    fn clause(&mut self, pair: Pair<'_, Rule>, keyword: Keyword) -> Option<Clause> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let written = pair.as_str();
        let mut inner = without_words(pair);
        let kind = match rule {
            Rule::opening | Rule::closing => return None,
            Rule::stop_slip => {
                self.errors.push(SyntaxError::StrayPunctuation { written: written.into(), span });
                return None;
            }
            Rule::unknown_clause => {
                let word = presume(inner.next());
                let span = self.span(&word);
                let nearest = nearest(&word.as_str().to_lowercase(), CLAUSES.iter().copied())
                    .and_then(|found| CLAUSES.iter().copied().find(|clause| *clause == found));
                self.errors.push(SyntaxError::UnknownClause { word: word.as_str().into(), span, nearest });
                return None;
            }
            Rule::else_slip => {
                let word: String = written.chars().take_while(|character| character.is_alphabetic()).collect();
                let span = self.at(span.start as usize, span.start as usize + word.len());
                self.errors.push(SyntaxError::NoElse { written: word, span });
                return None;
            }
            Rule::action_slip => {
                let word: String = written.chars().take_while(|character| character.is_alphabetic()).collect();
                let word_span = self.at(span.start as usize, span.start as usize + word.len());
                self.errors.push(SyntaxError::MissingThen { word, span: word_span });
                ClauseKind::Then(inner.map(|action| self.action(action)).collect())
            }
            Rule::reason => ClauseKind::Because(self.text_or_slip(presume(inner.next()))),
            Rule::citation => ClauseKind::Cite(inner.map(|name| self.name(name)).collect()),
            Rule::basis => ClauseKind::Basis(self.name(presume(inner.next()))),
            Rule::since => ClauseKind::Since(self.word(presume(inner.next()))),
            Rule::deprecation => ClauseKind::Deprecated {
                since: self.word(presume(inner.next())),
                replacement: inner.next().map(|name| self.name(name)),
            },
            Rule::satisfaction => {
                let items = inner.map(|satisfied| {
                    let mut parts = satisfied.into_inner();
                    (self.name(presume(parts.next())), self.text(presume(parts.next())))
                });
                ClauseKind::Satisfies(items.collect())
            }
            Rule::edition => ClauseKind::Version(self.word(presume(inner.next()))),
            Rule::language => ClauseKind::Language(self.number(presume(inner.next()))),
            Rule::license => ClauseKind::License(self.text_or_slip(presume(inner.next()))),
            Rule::bibliography => {
                let field = self.word(presume(inner.next()));
                ClauseKind::Bibliography { field, text: self.text_or_slip(presume(inner.next())) }
            }
            Rule::year => ClauseKind::Year(self.number(presume(inner.next()))),
            Rule::items => ClauseKind::Items(inner.map(|text| self.text(text)).collect()),
            Rule::category => ClauseKind::Category(self.name(presume(inner.next()))),
            Rule::dimension => ClauseKind::Dimension(self.name(presume(inner.next()))),
            Rule::severity => ClauseKind::Severity(self.number(presume(inner.next()))),
            Rule::detectability => ClauseKind::Detectability(self.number(presume(inner.next()))),
            Rule::base_rate => ClauseKind::BaseRate(self.number(presume(inner.next()))),
            Rule::causation => ClauseKind::Causes {
                effect: self.name(presume(inner.next())),
                strength: self.number(presume(inner.next())),
            },
            Rule::address => {
                let node = self.name(presume(inner.next()));
                let mut link_to = None;
                let mut next = presume(inner.next());
                if matches!(next.as_rule(), Rule::arrow | Rule::arrow_slip) {
                    self.arrow(&next);
                    link_to = Some(self.name(presume(inner.next())));
                    next = presume(inner.next());
                }
                ClauseKind::Addresses { node, link_to, effect: self.number(next) }
            }
            Rule::effort => ClauseKind::Effort(self.name(presume(inner.next()))),
            Rule::needs => ClauseKind::Needs(self.text_or_slip(presume(inner.next()))),
            Rule::ask => ClauseKind::Ask(self.name(presume(inner.next()))),
            Rule::phase => ClauseKind::Phase(self.name(presume(inner.next()))),
            Rule::each => {
                let bindings = inner.map(|binding| {
                    let mut parts = binding.into_inner();
                    Binding { variable: self.name(presume(parts.next())), index: self.name(presume(parts.next())) }
                });
                ClauseKind::ForEach(bindings.collect())
            }
            Rule::condition => {
                let mut next = presume(inner.next());
                if next.as_rule() == Rule::if_slip {
                    let span = self.span(&next);
                    self.errors.push(SyntaxError::IfForWhen { span });
                    next = presume(inner.next());
                }
                ClauseKind::When(self.formula(next))
            }
            Rule::consequence => {
                let mut actions = Vec::new();
                for part in inner {
                    if part.as_rule() == Rule::joint_slip {
                        let span = self.span(&part);
                        self.errors.push(SyntaxError::JoinedActions { written: part.as_str().into(), span });
                    } else {
                        actions.push(self.action(part));
                    }
                }
                ClauseKind::Then(actions)
            }
            Rule::evidence => ClauseKind::Evidence(self.name(presume(inner.next()))),
            Rule::start => ClauseKind::From(self.number(presume(inner.next()))),
            Rule::row => ClauseKind::Row {
                severity: self.range(presume(inner.next())),
                likelihood: self.range(presume(inner.next())),
                detectability: self.range(presume(inner.next())),
            },
            Rule::precedence => ClauseKind::Precedence(self.number(presume(inner.next()))),
            Rule::given => self.given(presume(inner.next())),
            Rule::expectation => {
                let expected = presume(inner.next());
                ClauseKind::Expect(self.expectation(presume(expected.into_inner().next())))
            }
            _ => unreachable!("invariant: {rule:?} is no clause of {keyword:?}"),
        };
        Some(Clause { kind, span })
    }

    fn word(&mut self, pair: Pair<'_, Rule>) -> Name {
        Spanned::new(pair.as_str().to_owned(), self.span(&pair))
    }

    fn action(&mut self, pair: Pair<'_, Rule>) -> Action {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut inner = without_words(pair);
        let kind = match rule {
            Rule::conclude => ActionKind::Conclude(self.atom(presume(inner.next()))),
            Rule::suspect => ActionKind::Suspect {
                node: self.name(presume(inner.next())),
                likelihood: self.formula(presume(inner.next())),
            },
            Rule::exonerate => ActionKind::Exonerate {
                node: self.name(presume(inner.next())),
                by: self.formula(presume(inner.next())),
            },
            Rule::adjustment => ActionKind::Adjust {
                change: self.word(presume(inner.next())),
                rating: self.word(presume(inner.next())),
                mode: self.name(presume(inner.next())),
                step: self.word(presume(inner.next())),
                amount: self.formula(presume(inner.next())),
            },
            Rule::recommend => ActionKind::Recommend(self.name(presume(inner.next()))),
            Rule::contraindicate => ActionKind::Contraindicate {
                mitigation: self.name(presume(inner.next())),
                because: inner.next().map(|text| self.text_or_slip(text)),
            },
            Rule::demand => ActionKind::Require(self.name(presume(inner.next()))),
            _ => ActionKind::Flag {
                level: self.name(presume(inner.next())),
                text: self.text_or_slip(presume(inner.next())),
            },
        };
        Action { kind, span }
    }

    // ---- Tests

    fn given(&mut self, pair: Pair<'_, Rule>) -> ClauseKind {
        let mut inner = pair.into_inner();
        let input = self.name(presume(inner.next()));
        let mut members = Vec::new();
        let mut value = GivenValue::Words(Vec::new());
        let mut within = None;
        for part in inner {
            match part.as_rule() {
                Rule::members => members = part.into_inner().map(|member| self.formula(member)).collect(),
                Rule::comparison => {
                    if part.as_str() != "=" {
                        let span = self.span(&part);
                        self.errors.push(SyntaxError::ComparisonSign {
                            written: part.as_str().into(),
                            meant: "=",
                            span,
                        });
                    }
                }
                Rule::range => within = Some(self.range(part)),
                _ => value = self.given_value(part),
            }
        }
        ClauseKind::Given { input, members, value, within }
    }

    fn given_value(&mut self, pair: Pair<'_, Rule>) -> GivenValue {
        let mut words = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::date => {
                    let span = self.span(&part);
                    return GivenValue::Date(Spanned::new(self.date(part), span));
                }
                Rule::signed => return GivenValue::Number(self.number(part)),
                Rule::text => return GivenValue::Text(self.text(part)),
                _ => words.push(self.option(part)),
            }
        }
        GivenValue::Words(words)
    }

    fn expectation(&mut self, pair: Pair<'_, Rule>) -> Expectation {
        let rule = pair.as_rule();
        let mut inner = pair.into_inner();
        match rule {
            Rule::expected_rule => {
                let rule = self.name(presume(inner.next()));
                let state = match presume(inner.next()).as_str() {
                    "fired" => RuleState::Fired,
                    "undecided" => RuleState::Undecided,
                    _ => RuleState::NotFired,
                };
                Expectation::Rule { rule, state }
            }
            Rule::expected_measure => {
                let measure = self.word(presume(inner.next()));
                let node = self.name(presume(inner.next()));
                let sign = presume(inner.next());
                let comparison = self.comparison(&sign);
                Expectation::Measure { measure, node, comparison, value: self.number(presume(inner.next())) }
            }
            Rule::expected_absence | Rule::expected_finding => {
                Expectation::Finding { atom: self.atom(presume(inner.next())), present: rule == Rule::expected_finding }
            }
            Rule::expected_advice | Rule::unexpected_advice => Expectation::Recommended {
                mitigation: self.name(presume(inner.next())),
                present: rule == Rule::expected_advice,
            },
            Rule::expected_strike => Expectation::Contraindicated(self.name(presume(inner.next()))),
            Rule::expected_verdict => Expectation::Verdict(self.name(presume(inner.next()))),
            _ => Expectation::Flagged(self.text(presume(inner.next()))),
        }
    }
}

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar, if there is such a date.
///
/// # Source
/// Howard Hinnant, *chrono-compatible low-level date algorithms*, `days_from_civil`.
fn days_since_1970(year: i32, month: i32, day: i32) -> Option<i32> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::days_since_1970;

    #[test]
    fn dates_are_counted_from_1970() {
        assert_eq!(days_since_1970(1970, 1, 1), Some(0));
        assert_eq!(days_since_1970(2024, 5, 31), Some(19_874));
        assert_eq!(days_since_1970(2024, 2, 29), Some(19_782));
        assert_eq!(days_since_1970(2023, 2, 29), None);
        assert_eq!(days_since_1970(2024, 13, 1), None);
    }
}
