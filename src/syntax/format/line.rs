//! Lines out of tokens.

use super::super::token::{Kind, Token};
use super::breaks::{Break, apart, depth_after, length};

/// How far what follows a comment inside a clause is moved in.
const CONTINUATION: usize = 4;

/// Lines that are being laid out.
pub(super) struct Lines<'a> {
    width: usize,
    out: String,
    /// The line that is not finished.
    line: Vec<Token<'a>>,
    /// How it begins.
    begin: Break,
    /// Whether a blank line was asked for before the next line.
    blank: bool,
    /// Comments that have lines of their own, until it is known how far in the next line begins.
    waiting: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    /// Returns no lines.
    pub fn new(width: usize) -> Self {
        let begin = Break { indent: 0, may_be_apart: false, is_list: false };
        Self { width, out: String::new(), line: Vec::new(), begin, blank: false, waiting: Vec::new() }
    }

    /// Adds a token, which may begin a line.
    pub fn push(&mut self, token: Token<'a>, at: Option<Break>) {
        if token.kind == Kind::Comment {
            self.comment(token);
            return;
        }
        let after_comment = self.line.last().is_some_and(|last| last.kind == Kind::Comment) || !self.waiting.is_empty();
        let opened = self.line.last().is_some_and(|last| last.is("{")) && at.is_some();
        if let Some(begin) = at.or_else(|| after_comment.then(|| self.continued())) {
            let had_comments = !self.waiting.is_empty();
            let is_first = opened || self.ends_with_brace();
            self.flush();
            let asked = token.lines > 1 && !had_comments || self.blank;
            if begin.may_be_apart && asked && !is_first && !self.out.is_empty() {
                self.out.push('\n');
            }
            self.blank = false;
            // Where the next line is no clause, as a closing brace, its comments belong to what is before.
            let indent = if begin.indent == 0 { 2 } else { begin.indent };
            for comment in std::mem::take(&mut self.waiting) {
                self.out.push_str(&format!("{:indent$}{comment}\n", ""));
            }
            self.begin = begin;
        }
        self.line.push(token);
    }

    fn comment(&mut self, token: Token<'a>) {
        if token.lines == 0 && !self.line.is_empty() && self.waiting.is_empty() {
            self.line.push(token);
            return;
        }
        if self.waiting.is_empty() {
            self.blank = token.lines > 1;
        }
        self.waiting.push(token.text);
    }

    fn continued(&self) -> Break {
        let indent = if self.begin.indent == 0 { 2 } else { self.begin.indent + CONTINUATION };
        Break { indent, may_be_apart: false, is_list: false }
    }

    fn ends_with_brace(&self) -> bool {
        let mut tokens = self.line.iter().rev().skip_while(|token| token.kind == Kind::Comment);
        tokens.next().is_some_and(|token| token.is("{"))
    }

    /// Writes the line that is not finished.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return;
        }
        let mut written = " ".repeat(self.begin.indent);
        // Where the parts of a list begin: behind its first word.
        let hanging = self.begin.indent + line.first().map_or(0, |first| first.text.chars().count()) + 1;
        let is_long = self.begin.indent + length(&line) > self.width;
        let mut depth = 0_usize;
        let mut line_start = 0;
        for (place, token) in line.iter().enumerate() {
            let text = token.written();
            let before = &line[..place];
            if token.kind == Kind::Comment {
                written.push_str("  ");
            } else if apart(before, token, depth) {
                let ends_part = before.last().is_some_and(|last| last.is(","));
                let here = written[line_start..].chars().count();
                if self.begin.is_list && ends_part && here + 1 + length(part(&line[place..])) > self.width {
                    written.push('\n');
                    line_start = written.len();
                    written.push_str(&" ".repeat(hanging));
                } else if is_long && self.begin.indent == 0 && depth == 0 && token.is("=") {
                    written.push('\n');
                    line_start = written.len();
                    written.push_str("  ");
                } else {
                    written.push(' ');
                }
            }
            depth = depth_after(token, depth);
            written.push_str(&text);
        }
        self.out.push_str(&written);
        self.out.push('\n');
    }

    /// Returns the lines, without an end after the last.
    pub fn finish(mut self) -> String {
        self.flush();
        for comment in std::mem::take(&mut self.waiting) {
            self.out.push_str(comment);
            self.out.push('\n');
        }
        self.out.truncate(self.out.trim_end().len());
        self.out
    }
}

/// Returns the next part of a list, with its comma.
fn part<'t, 'a>(line: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let end = line.iter().position(|token| token.is(",")).map_or(line.len(), |comma| comma + 1);
    &line[..end]
}
