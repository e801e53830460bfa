//! Words, numbers, texts, signs and comments: what a declaration says, apart from how it is laid out.

/// A token of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// As it is written.
    pub text: &'a str,
    /// Where it begins in the text of the declaration.
    pub start: usize,
    /// Line ends between it and the token before.
    pub lines: usize,
    /// Whether nothing at all stands between it and the token before.
    pub touches: bool,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or word, with its dots.
    Word,
    /// A number, version or date, with its `%`.
    Number,
    /// A text in quotes.
    Text,
    /// A sign.
    Sign,
    /// A comment, to the end of its line.
    Comment,
}

/// Returns the tokens of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        let lines = rest[..blank].bytes().filter(|byte| *byte == b'\n').count();
        let start = at + blank;
        let Some(first) = text[start..].chars().next() else { return found };
        let (kind, length) = measured(&text[start..], first);
        at = start + length;
        found.push(Token { kind, text: text[start..at].trim_end(), start, lines, touches: blank == 0 });
    }
}

/// Returns what a text begins with, and how many bytes of it belong to that.
fn measured(text: &str, first: char) -> (Kind, usize) {
    let bytes = text.as_bytes();
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    if text.starts_with("//") {
        return (Kind::Comment, text.find('\n').unwrap_or(text.len()));
    }
    if first == '"' {
        let mut at = 1;
        while at < bytes.len() && bytes[at] != b'"' {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
        // The scanner has made sure that quotes are closed; a slip here must not end inside a letter.
        let end = (at + 1).min(text.len());
        return (Kind::Text, (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len()));
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let mut at = 0;
        loop {
            at += bytes[at..].iter().take_while(|byte| is_letter(byte)).count();
            let goes_on = bytes.get(at) == Some(&b'.')
                && bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
            if !goes_on {
                return (Kind::Word, at);
            }
            at += 1;
        }
    }
    if first.is_ascii_digit() {
        return (Kind::Number, number(bytes));
    }
    const PAIRS: [&str; 7] = ["->", "..", "<=", ">=", "!=", "==", "=>"];
    let pair = PAIRS.iter().find(|pair| text.starts_with(**pair));
    (Kind::Sign, pair.map_or(first.len_utf8(), |pair| pair.len()))
}

/// Returns the length of a number, version or date: `0.5`, `10 %`, `1.0.0-beta.1`, `2026-05-31`.
fn number(bytes: &[u8]) -> usize {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let letter = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let mut at = 0;
    let mut versioned = false;
    loop {
        match bytes.get(at) {
            Some(byte) if byte.is_ascii_digit() || (versioned && byte.is_ascii_alphanumeric()) => at += 1,
            Some(b'.') if digit(at + 1) || (versioned && letter(at + 1)) => at += 1,
            // Not the sign of a difference: in `5-x` the names that follow are no part of the number, and neither reads
            // another way.
            Some(b'-') if letter(at + 1) => {
                versioned = true;
                at += 1;
            }
            _ => break,
        }
    }
    let blanks = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    if bytes.get(at + blanks) == Some(&b'%') { at + blanks + 1 } else { at }
}

/// Returns what a text says without its blanks and comments, one token after the other: texts of which these are the same
/// mean the same.
pub fn significant_tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    tokens(text).into_iter().filter(|token| token.kind != Kind::Comment).map(|token| token.written().into_owned())
}

impl<'a> Token<'a> {
    /// Returns the token as it is to be written: `10 %` as `10%`.
    pub fn written(&self) -> std::borrow::Cow<'a, str> {
        match self.kind {
            Kind::Number if self.text.contains(' ') => self.text.replace(' ', "").into(),
            _ => self.text.into(),
        }
    }

    /// Tells whether it is that sign.
    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}
