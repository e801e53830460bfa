//! The text of `answers.yaml`: an answer goes in, and every other byte stays.
//!
//! A new answer is a line at the end; one that is changed takes the place of the old one. What came out is read again and
//! held against what went in, so that a file that is written in an unusual way is left alone and not spoiled.

use super::typed::quoted;
use crate::facts::{Node, Yaml, parse_yaml};
use crate::source::{SourceMap, Span};
use std::fmt::Write as _;

/// An answer as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The question.
    pub question: String,
    /// The answer, in YAML.
    pub value: String,
    /// Who gave it: a role or initials.
    pub by: Option<String>,
    /// When, as `2026-05-31`.
    pub on: Option<String>,
}

/// Why an answer cannot be written into a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The text is no YAML.
    #[error("it is not valid YAML")]
    NotYaml,
    /// The old answer has comments within it, which would be lost.
    #[error("the answer to `{0}` has comments of its own, which would be lost")]
    Commented(String),
    /// It is written in a way in which a line cannot be put in.
    #[error("it is not written as a line for each answer")]
    NotInLines,
}

/// The text of a file of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    file: String,
    text: String,
}

impl Sheet {
    /// Returns a sheet with this text, and the name of its file for messages.
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Self {
        Self { file: file.into(), text: text.into() }
    }

    /// Returns the name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the sheet with an answer put in, or put in the place of the one that was there.
    ///
    /// # Errors
    /// Why the text is better left alone.
    pub fn with(&self, entry: &Entry) -> Result<Sheet, SheetError> {
        let before = self.entries()?;
        let old = before.iter().find(|(key, _, _)| *key == entry.question);
        let written = entry.written(old.and_then(|(_, _, node)| note_of(node)));
        let text = match old {
            Some((_, key, node)) => self.replaced(*key, node, &written, &entry.question)?,
            None => self.with_line(&entry.question, &written),
        };
        let after = Sheet::new(self.file.as_str(), text);
        let kept = |entries: &[(String, Span, Node)]| -> Vec<(String, Plain)> {
            let others = entries.iter().filter(|(key, _, _)| *key != entry.question);
            others.map(|(key, _, node)| (key.clone(), Plain::of(node))).collect()
        };
        let found = after.entries().map_err(|_| SheetError::NotInLines)?;
        let wanted = Sheet::new("answers", format!("{}: {written}", entry.question)).entries()?;
        let value = |entries: &[(String, Span, Node)]| {
            entries.iter().find(|(key, _, _)| *key == entry.question).map(|(_, _, node)| Plain::of(node))
        };
        if kept(&found) == kept(&before) && value(&found) == value(&wanted) {
            Ok(after)
        } else {
            Err(SheetError::NotInLines)
        }
    }

    /// Returns every answer with the place of its key.
    fn entries(&self) -> Result<Vec<(String, Span, Node)>, SheetError> {
        let mut sources = SourceMap::default();
        let id = sources.add("answers", self.text.clone());
        match parse_yaml(id, &sources).map_err(|_| SheetError::NotYaml)?.value {
            Yaml::Map(entries) => Ok(entries.into_iter().map(|(key, node)| (key.value, key.span, node)).collect()),
            Yaml::Null => Ok(Vec::new()),
            _ => Err(SheetError::NotInLines),
        }
    }

    /// Returns the text with a line more: below the comment that holds its place (`# question: …`), else at the end.
    fn with_line(&self, question: &str, written: &str) -> String {
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let holds_place = |line: &str| {
            let comment = line.strip_prefix('#').map(str::trim_start);
            comment.and_then(|rest| rest.strip_prefix(question)).is_some_and(|rest| rest.starts_with(':'))
        };
        let mut at = 0;
        let mut place = None;
        for line in self.text.split_inclusive('\n') {
            at += line.len();
            if holds_place(line) {
                place = Some(at);
            }
        }
        let (before, after) = self.text.split_at(place.unwrap_or(self.text.len()));
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { end };
        format!("{before}{gap}{question}: {written}{end}{after}")
    }

    /// Returns the text in which `written` stands where the value `node` stood.
    fn replaced(&self, key: Span, node: &Node, written: &str, question: &str) -> Result<String, SheetError> {
        let after_key = key.end as usize;
        let colon =
            self.text.get(after_key..).and_then(|rest| rest.find(':')).ok_or(SheetError::NotInLines)? + after_key;
        let (start, end) = (colon + 1, self.end_of(node).max(colon + 1));
        let old = self.text.get(start..end).ok_or(SheetError::NotInLines)?;
        if !matches!(node.value, Yaml::Text(_)) && old.contains('#') {
            return Err(SheetError::Commented(question.to_owned()));
        }
        // An empty value leaves the blanks behind the colon.
        let line = self.text[end..].split(['\n', '\r']).next().unwrap_or_default();
        let end = if line.trim().is_empty() { end + line.len() } else { end };
        let mut text = self.text.clone();
        text.replace_range(start..end, &format!(" {written}"));
        Ok(text)
    }

    /// Returns where a value ends. The reader gives lists and blocks a place but no end, so theirs is that of their
    /// last part, with the brackets that close it.
    fn end_of(&self, node: &Node) -> usize {
        let last = match &node.value {
            Yaml::List(nodes) => nodes.last(),
            Yaml::Map(entries) => entries.last().map(|(_, node)| node),
            _ => return node.span.end as usize,
        };
        let bytes = self.text.as_bytes();
        let (open, close) = match &node.value {
            Yaml::List(_) => (b'[', b']'),
            _ => (b'{', b'}'),
        };
        let start = node.span.start as usize;
        let inner = last.map_or(start, |last| self.end_of(last));
        if bytes.get(start) != Some(&open) {
            return inner;
        }
        let closing = bytes.get(inner..).and_then(|rest| rest.iter().position(|byte| *byte == close));
        closing.map_or(inner, |position| inner + position + 1)
    }
}

impl Entry {
    /// Returns what stands behind the colon; the note of an answer that is changed stays with it.
    fn written(&self, note: Option<&str>) -> String {
        if self.by.is_none() && self.on.is_none() && note.is_none() {
            return self.value.clone();
        }
        let mut written = format!("{{value: {}", self.value);
        if let Some(by) = &self.by {
            let _ = write!(written, ", by: {}", quoted(by));
        }
        if let Some(on) = &self.on {
            let _ = write!(written, ", on: {on}");
        }
        if let Some(note) = note {
            let _ = write!(written, ", note: {}", quoted(note));
        }
        written.push('}');
        written
    }
}

/// Returns the note that stands with an answer.
fn note_of(node: &Node) -> Option<&str> {
    let Yaml::Map(entries) = &node.value else { return None };
    entries.iter().find_map(|(key, node)| match &node.value {
        Yaml::Text(note) if key.value == "note" => Some(note.as_str()),
        _ => None,
    })
}

/// A YAML value without its places, to be compared.
#[derive(Debug, PartialEq)]
enum Plain {
    Leaf(Yaml),
    List(Vec<Plain>),
    Map(Vec<(String, Plain)>),
}

impl Plain {
    fn of(node: &Node) -> Self {
        match &node.value {
            Yaml::List(nodes) => Plain::List(nodes.iter().map(Plain::of).collect()),
            Yaml::Map(entries) => {
                Plain::Map(entries.iter().map(|(key, node)| (key.value.clone(), Plain::of(node))).collect())
            }
            leaf => Plain::Leaf(leaf.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(question: &str, value: &str) -> Entry {
        Entry {
            question: question.into(),
            value: value.into(),
            by: Some("ward nurse".into()),
            on: Some("2026-05-31".into()),
        }
    }

    fn put(text: &str, question: &str, value: &str) -> Result<String, SheetError> {
        Sheet::new("answers.yaml", text).with(&entry(question, value)).map(|sheet| sheet.text)
    }

    #[test]
    fn a_new_answer_is_a_line_at_the_end() {
        let stamped = "b.c: {value: no, by: \"ward nurse\", on: 2026-05-31}\n";
        assert_eq!(put("", "b.c", "no").unwrap(), stamped);
        assert_eq!(put("# kept\na: yes   # why\n", "b.c", "no").unwrap(), format!("# kept\na: yes   # why\n{stamped}"));
        assert_eq!(put("a: yes", "b.c", "no").unwrap(), format!("a: yes\n{stamped}"));
        assert_eq!(put("a: yes\r\n", "b.c", "no").unwrap(), format!("a: yes\r\n{}", stamped.replace('\n', "\r\n")));
    }

    #[test]
    fn a_comment_can_hold_the_place_of_an_answer() {
        let text = "# Who?\n# b.c: yes_no\n\n# Another?\n# b.c2: yes_no\n";
        let new = "b.c: {value: no, by: \"ward nurse\", on: 2026-05-31}\n";
        assert_eq!(put(text, "b.c", "no").unwrap(), text.replace("# b.c: yes_no\n", &format!("# b.c: yes_no\n{new}")));
    }

    #[test]
    fn a_changed_answer_takes_the_place_of_the_old_one() {
        let new = "{value: 12 %, by: \"ward nurse\", on: 2026-05-31}";
        for old in ["0.1", "'10%'", "[a, b]", "\n  value: 0.1\n  by: x", "null", ""] {
            let text = format!("# first\na: yes\nb: {old}\n# last\nc: 3 months  # so it is\n");
            assert_eq!(
                put(&text, "b", "12 %").unwrap(),
                format!("# first\na: yes\nb: {new}\n# last\nc: 3 months  # so it is\n"),
                "{old:?}"
            );
        }
        let noted = "b: {value: 0.1, note: \"about, }\"}\nc: 1\n";
        let new_noted = new.replace('}', ", note: \"about, }\"}");
        assert_eq!(put(noted, "b", "12 %").unwrap(), format!("b: {new_noted}\nc: 1\n"));
        assert_eq!(
            put("b: 0.1   # said on the phone\n", "b", "12 %").unwrap(),
            format!("b: {new}   # said on the phone\n")
        );
    }

    #[test]
    fn what_would_be_spoiled_is_left_alone() {
        assert_eq!(put("b:\n  value: 1  # here\n  by: x\n", "b", "2"), Err(SheetError::Commented("b".into())));
        assert_eq!(put("{a: yes}\n", "b", "no"), Err(SheetError::NotInLines));
        assert_eq!(put("a: [1\n", "b", "no"), Err(SheetError::NotYaml));
        assert_eq!(put("- a\n", "b", "no"), Err(SheetError::NotInLines));
    }
}
