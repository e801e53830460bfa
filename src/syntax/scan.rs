//! Splits a file into declarations, comments and blanks, before the grammar sees anything.
//!
//! The scanner knows strings, comments and brackets and nothing else. A declaration begins with a
//! word at depth 0. Where a brace is missing, the next line that starts at column 0 like a
//! declaration ends the damage. Depth is limited here, so that neither pest nor any later walk over
//! the tree can run out of stack.

use super::SyntaxError;
use super::ast::Keyword;
use super::nesting::{MAX_DEPTH, Nesting};
use crate::diagnostic::nearest;
use crate::source::{SourceId, Span};

/// A stretch of text; the ranges of all of them cover the file without gaps.
#[derive(Debug)]
pub(super) struct RawPiece {
    pub kind: RawKind,
    pub start: usize,
    pub end: usize,
}

/// What a stretch of text is.
#[derive(Debug)]
pub(super) enum RawKind {
    Blank,
    Comment,
    Stray,
    Declaration(RawDeclaration),
}

/// A declaration's text and what the scanner saw in it.
#[derive(Debug)]
pub(super) struct RawDeclaration {
    /// Where the doc comment lies, if there is one.
    pub doc: Option<(usize, usize)>,
    /// Where the keyword begins and ends.
    pub keyword: (usize, usize),
    /// Comments inside, in order.
    pub comments: Vec<(usize, usize)>,
    /// Whether it is worth parsing.
    pub sound: bool,
}

/// Tells whether a text is the beginning of something longer: an open bracket or an open quote.
pub fn is_unfinished(text: &str) -> bool {
    let mut scanner = Scanner::new(SourceId(0), text);
    let mut depth = 0_i64;
    while let Some(byte) = scanner.peek() {
        match byte {
            b'"' => {
                if !scanner.skip_text() && scanner.at == text.len() {
                    return true;
                }
                continue;
            }
            b'/' if scanner.starts_with("//") => {
                scanner.skip_line();
                continue;
            }
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth -= 1,
            _ => {}
        }
        scanner.at += 1;
    }
    depth > 0
}

/// Returns the pieces of a text and what is wrong with them.
pub(super) fn scan(source: SourceId, text: &str) -> (Vec<RawPiece>, Vec<SyntaxError>) {
    let mut scanner = Scanner::new(source, text);
    scanner.scan_file();
    (scanner.pieces, scanner.errors)
}

struct Scanner<'a> {
    source: SourceId,
    text: &'a str,
    at: usize,
    pieces: Vec<RawPiece>,
    errors: Vec<SyntaxError>,
}

impl<'a> Scanner<'a> {
    fn new(source: SourceId, text: &'a str) -> Self {
        Self { source, text, at: 0, pieces: Vec::new(), errors: Vec::new() }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    fn starts_with(&self, prefix: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(prefix.as_bytes())
    }

    fn skip_line(&mut self) {
        self.at = self.text[self.at..].find('\n').map_or(self.text.len(), |length| self.at + length);
    }

    /// Skips a text in quotes; false where the line ends first.
    fn skip_text(&mut self) -> bool {
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return true;
                }
                b'\n' => return false,
                b'\\' if self.byte(self.at + 1).is_some_and(|next| next != b'\n') => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = self.text.len();
        false
    }

    /// Returns where the word that begins at `start` ends.
    fn word_end(&self, start: usize) -> usize {
        let mut end = start;
        while self.byte(end).is_some_and(is_word_byte) {
            end += 1;
        }
        end
    }

    /// Returns where the name (words joined by dots) that begins at `start` ends.
    fn name_end(&self, start: usize) -> usize {
        let mut end = self.word_end(start);
        while self.byte(end) == Some(b'.') && self.byte(end + 1).is_some_and(is_word_start) {
            end = self.word_end(end + 1);
        }
        end
    }

    fn skip_blanks_from(&self, mut at: usize) -> usize {
        while self.byte(at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            at += 1;
        }
        at
    }

    fn skip_same_line_blanks_from(&self, mut at: usize) -> usize {
        while self.byte(at).is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            at += 1;
        }
        at
    }

    fn emit(&mut self, kind: RawKind, start: usize) {
        if start < self.at {
            self.pieces.push(RawPiece { kind, start, end: self.at });
        }
    }

    fn scan_file(&mut self) {
        while let Some(byte) = self.peek() {
            let start = self.at;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.at = self.skip_blanks_from(start);
                    self.emit(RawKind::Blank, start);
                }
                b'/' if self.starts_with("///") => self.scan_doc(),
                b'/' if self.starts_with("//") => {
                    self.skip_line();
                    self.emit(RawKind::Comment, start);
                }
                _ if is_word_start(byte) => self.scan_declaration(None),
                _ => self.scan_stray(),
            }
        }
    }

    /// Scans `///` lines; they belong to the declaration that follows on the next line.
    fn scan_doc(&mut self) {
        let start = self.at;
        let mut lines = Vec::new();
        loop {
            let line_start = self.at;
            self.skip_line();
            lines.push((line_start, self.at));
            let next = self.skip_blanks_from(self.at);
            let breaks = self.text[self.at..next].bytes().filter(|byte| *byte == b'\n').count();
            if breaks == 1 && self.text[next..].starts_with("///") {
                self.at = next;
                continue;
            }
            if breaks == 1 && self.byte(next).is_some_and(is_word_start) {
                let doc = (start, self.at);
                self.at = next;
                self.scan_declaration(Some(doc));
                return;
            }
            break;
        }
        // A doc comment before nothing is a comment.
        for (position, (line_start, line_end)) in lines.iter().copied().enumerate() {
            if position > 0 {
                let blank_start = lines[position - 1].1;
                self.pieces.push(RawPiece { kind: RawKind::Blank, start: blank_start, end: line_start });
            }
            self.pieces.push(RawPiece { kind: RawKind::Comment, start: line_start, end: line_end });
        }
    }

    fn scan_stray(&mut self) {
        let start = self.at;
        if matches!(self.peek(), Some(b'}' | b';' | b'.' | b',')) {
            self.at += 1;
        } else {
            self.skip_line();
        }
        let text = self.text[start..self.at].trim_end();
        let shown: String = text.chars().take(40).collect();
        self.errors.push(SyntaxError::StrayText { text: shown, span: self.span(start, start + text.len()) });
        self.emit(RawKind::Stray, start);
    }

    fn scan_declaration(&mut self, doc: Option<(usize, usize)>) {
        let start = doc.map_or(self.at, |(doc_start, _)| doc_start);
        let keyword = (self.at, self.word_end(self.at));
        let head_end = {
            let next = self.skip_same_line_blanks_from(keyword.1);
            if self.byte(next).is_some_and(is_word_start) { self.name_end(next) } else { keyword.1 }
        };
        self.at = keyword.1;
        let mut raw = RawDeclaration { doc, keyword, comments: Vec::new(), sound: true };
        let mut nesting = Nesting::default();
        let mut braces: Vec<usize> = Vec::new();
        // One past the last byte that is neither blank nor comment; the byte itself; the last word.
        let mut end = keyword.1;
        let mut last_word = self.text.get(keyword.0..keyword.1).unwrap_or("");
        let mut first_token = true;
        let mut next_declaration = None;
        let mut text_is_open = false;
        while let Some(byte) = self.peek() {
            let at = self.at;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.at += 1;
                    continue;
                }
                b'/' if self.starts_with("//") => {
                    if braces.is_empty() && self.starts_with("///") {
                        break;
                    }
                    self.skip_line();
                    raw.comments.push((at, self.at));
                    continue;
                }
                b'"' => {
                    if !self.skip_text() {
                        raw.sound = false;
                        text_is_open = true;
                        let shown_end = at + self.text[at..self.at].trim_end().len();
                        self.errors.push(SyntaxError::UnclosedText { span: self.span(at, shown_end) });
                    }
                    last_word = "";
                }
                b'{' | b'(' | b'[' => {
                    if byte == b'{' {
                        braces.push(at);
                    }
                    nesting.open();
                    self.at += 1;
                    last_word = "";
                }
                b'}' => {
                    if braces.is_empty() && !text_is_open {
                        break;
                    }
                    braces.pop();
                    nesting.close();
                    self.at += 1;
                    if braces.is_empty() {
                        end = self.at;
                        break;
                    }
                }
                b')' | b']' => {
                    nesting.close();
                    self.at += 1;
                    last_word = "";
                }
                _ if is_word_start(byte) => {
                    if !first_token && self.declaration_starts_here(at, end, last_word, braces.is_empty()) {
                        next_declaration = Some(at);
                        break;
                    }
                    self.at = self.name_end(at);
                    last_word = &self.text[at..self.at];
                    match last_word {
                        "not" | "where" | "of" => nesting.deepen(),
                        "and" | "or" | "then" | "when" | "because" | "given" | "expect" | "suspect" | "exonerate"
                        | "raise" | "lower" | "set" | "conclude" | "recommend" | "flag" | "require" => {
                            nesting.boundary()
                        }
                        _ => {}
                    }
                }
                _ => {
                    match byte {
                        b'-' if self.byte(at + 1) == Some(b'>') => {}
                        b'!' | b'-' | b'+' | b'*' | b'/' => nesting.deepen(),
                        b',' => nesting.boundary(),
                        _ => {}
                    }
                    self.at += self.text[at..].chars().next().map_or(1, char::len_utf8);
                    last_word = "";
                }
            }
            if nesting.level > MAX_DEPTH && raw.sound {
                raw.sound = false;
                self.errors.push(SyntaxError::NestedTooDeeply { span: self.span(at, self.at), limit: MAX_DEPTH });
            }
            end = self.at;
            first_token = false;
        }
        if let Some(brace) = braces.first().copied() {
            raw.sound = false;
            let next = next_declaration.map(|next| self.span(next, self.word_end(next)));
            // A quote that swallowed its brace is one mistake, not two.
            if !text_is_open {
                let head = self.span(keyword.0, head_end);
                self.errors.push(SyntaxError::UnclosedBody { brace: self.span(brace, brace + 1), head, next });
            }
        }
        self.at = end;
        raw.comments.retain(|(_, comment_end)| *comment_end <= end);
        self.check_keyword(&mut raw);
        self.emit(RawKind::Declaration(raw), start);
    }

    fn check_keyword(&mut self, raw: &mut RawDeclaration) {
        let word = &self.text[raw.keyword.0..raw.keyword.1];
        let span = self.span(raw.keyword.0, raw.keyword.1);
        if Keyword::from_word(word).is_none() {
            raw.sound = false;
            let candidates = Keyword::ALL.iter().map(|keyword| keyword.as_str());
            let nearest = nearest(&word.to_lowercase(), candidates.clone())
                .and_then(|found| candidates.clone().find(|candidate| *candidate == found));
            self.errors.push(SyntaxError::UnknownDeclaration { word: word.into(), span, nearest });
        }
    }

    /// Tells whether a word inside a declaration begins the next one. At depth 0 a keyword is
    /// enough; within a body the line must look like the head of a declaration, since bodies have
    /// clauses such as `category technical`.
    fn declaration_starts_here(&self, at: usize, last_end: usize, last_word: &str, outside_body: bool) -> bool {
        let at_column_0 = at == 0 || self.byte(at - 1) == Some(b'\n');
        if !outside_body && !at_column_0 {
            return false;
        }
        let word_end = self.word_end(at);
        let word = &self.text[at..word_end];
        let known = Keyword::from_word(word).is_some();
        if !(known || outside_body && at_column_0) {
            return false;
        }
        if outside_body {
            let last = last_end.checked_sub(1).and_then(|last| self.byte(last));
            let goes_on = matches!(last, Some(b',' | b':' | b'=' | b'(' | b'['))
                || matches!(last_word, "of" | "within" | "one" | "many" | "is" | "lower" | "higher");
            let is_header_word = matches!(word, "within" | "lower" | "higher" | "is" | "better" | "of");
            if is_header_word || (goes_on && !(known && at_column_0 && self.is_head(at))) {
                return false;
            }
        }
        let next = self.skip_same_line_blanks_from(word_end);
        if next == word_end {
            return false;
        }
        match self.byte(next) {
            Some(b'"') => word == "test" || !known || outside_body,
            Some(byte) if is_word_start(byte) => (outside_body && known) || self.is_head(at),
            // A path where a name is wanted is to be answered as such.
            Some(_) => outside_body && at_column_0 && word == Keyword::Import.as_str(),
            None => false,
        }
    }

    /// Tells whether the line goes on like the head of a declaration: a word, a name, and a title, body, type,
    /// index, parameters or version requirement. An override has the kind of what it changes before the name.
    fn is_head(&self, at: usize) -> bool {
        let word = &self.text[at..self.word_end(at)];
        let mut next = self.skip_same_line_blanks_from(self.word_end(at));
        if word == Keyword::Override.as_str() && self.byte(next).is_some_and(is_word_start) {
            next = self.skip_same_line_blanks_from(self.word_end(next));
        }
        if !self.byte(next).is_some_and(is_word_start) {
            return false;
        }
        let after = self.skip_same_line_blanks_from(self.name_end(next));
        match self.byte(after) {
            Some(b'"' | b'{' | b':' | b'[' | b'(') => true,
            Some(byte) if is_word_start(byte) => word == Keyword::Override.as_str(),
            Some(byte) => word == Keyword::Import.as_str() && (byte.is_ascii_digit() || b"^~<>=*".contains(&byte)),
            None => false,
        }
    }
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
