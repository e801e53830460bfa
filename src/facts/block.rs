//! A block of YAML keys, read with checks: which keys there may be, and of what kind each is.

use super::yaml::{Node, Yaml};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, List, or_nearest};
use crate::source::{Span, Spanned};

/// A block of keys whose names were checked.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    /// What the block is, for messages: `columns`, or `the file`.
    name: &'a str,
    span: Span,
    entries: &'a [(Spanned<String>, Node)],
}

impl<'a> Block<'a> {
    /// Returns the block under `node` and reports every key that is not in `known`.
    pub fn new(node: &'a Node, name: &'a str, known: &[&str], problems: &mut Diagnostics) -> Option<Self> {
        let entries = match &node.value {
            Yaml::Map(entries) => entries.as_slice(),
            Yaml::Null => &[],
            other => {
                problems.push(wrong_kind(node.span, &format!("`{name}` must be a block of keys"), other));
                return None;
            }
        };
        for (key, _) in entries {
            if !known.contains(&key.value.as_str()) {
                problems.push(
                    Diagnostic::new(Code::D302, format!("`{}` is not a key of {name}", key.value))
                        .with_label(key.span, "this key is not known here")
                        .with_help(or_nearest(&key.value, known.iter().copied(), || {
                            format!("the keys are {}", List::and(known.iter().copied()))
                        })),
                );
            }
        }
        Some(Self { name, span: node.span, entries })
    }

    /// Returns the value of a key, if it is there and not empty.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node).filter(|n| n.value != Yaml::Null)
    }

    /// Reports that a key is needed unless it is there.
    pub fn require(&self, key: &str, example: &str, problems: &mut Diagnostics) {
        if self.get(key).is_none() {
            problems.push(
                Diagnostic::new(Code::D304, format!("{} needs the key `{key}`", self.name))
                    .with_label(Span { end: self.span.start, ..self.span }, "it should stand in this block")
                    .with_help(format!("add a line such as `{example}`")),
            );
        }
    }

    /// Returns a key's value as text; numbers are taken as they are written.
    pub fn text(&self, key: &str, problems: &mut Diagnostics) -> Option<Spanned<String>> {
        let node = self.get(key)?;
        let text = as_text(&node.value);
        if text.is_none() {
            problems.push(wrong_kind(node.span, &format!("`{key}` must be a word or text"), &node.value));
        }
        text.map(|text| Spanned::new(text, node.span))
    }

    /// Returns a key's value as a number.
    pub fn number(&self, key: &str, problems: &mut Diagnostics) -> Option<Spanned<f64>> {
        let node = self.get(key)?;
        if let Yaml::Number(number) = node.value {
            return Some(Spanned::new(number, node.span));
        }
        problems.push(wrong_kind(node.span, &format!("`{key}` must be a number"), &node.value));
        None
    }

    /// Returns a key's value as one of the words, by position.
    pub fn choice(&self, key: &str, words: &[&str], problems: &mut Diagnostics) -> Option<usize> {
        let word = self.text(key, problems)?;
        let position = words.iter().position(|known| *known == word.value);
        if position.is_none() {
            problems.push(
                Diagnostic::new(Code::D306, format!("`{key}` cannot be `{}`", word.value))
                    .with_label(word.span, "this value")
                    .with_help(format!("write {}", List::or(words.iter().copied()))),
            );
        }
        position
    }

    /// Returns a key's value as the one of the words that it is.
    pub fn word(&self, key: &str, words: &[&'static str], problems: &mut Diagnostics) -> Option<&'static str> {
        self.choice(key, words, problems).and_then(|position| words.get(position).copied())
    }

    /// Reads every entry of a list of blocks; one that cannot be read is reported and left out.
    pub fn each<T>(
        &self,
        key: &str,
        keys: &[&str],
        mut read: impl FnMut(&Block<'_>, &mut Diagnostics) -> Option<T>,
        problems: &mut Diagnostics,
    ) -> Vec<T> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let Yaml::List(nodes) = &node.value else {
            problems.push(wrong_kind(node.span, &format!("`{key}` must be a list"), &node.value));
            return Vec::new();
        };
        let mut found = Vec::new();
        for node in nodes {
            let block = Block::new(node, key, keys, problems);
            found.extend(block.and_then(|block| read(&block, problems)));
        }
        found
    }

    /// Returns a key's value as a list of texts; a single text is a list of one.
    pub fn texts(&self, key: &str, problems: &mut Diagnostics) -> Vec<Spanned<String>> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let nodes = match &node.value {
            Yaml::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::new();
        for node in nodes {
            match as_text(&node.value) {
                Some(text) => texts.push(Spanned::new(text, node.span)),
                None => problems.push(wrong_kind(node.span, &format!("`{key}` must be a list of words"), &node.value)),
            }
        }
        texts
    }

    /// Returns a key's value as a block of keys that are not checked yet.
    pub fn entries(&self, key: &str, problems: &mut Diagnostics) -> Vec<(Spanned<String>, Node)> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let Yaml::Map(entries) = &node.value else {
            problems.push(wrong_kind(node.span, &format!("`{key}` must be a block of keys"), &node.value));
            return Vec::new();
        };
        entries.clone()
    }

    /// Returns a key's value as pairs of key and text, such as `sex: gender_column`.
    pub fn pairs(&self, key: &str, problems: &mut Diagnostics) -> Vec<(Spanned<String>, Spanned<String>)> {
        let mut pairs = Vec::new();
        for (name, node) in self.entries(key, problems) {
            match as_text(&node.value) {
                Some(text) => pairs.push((name, Spanned::new(text, node.span))),
                None => problems.push(wrong_kind(node.span, "a word or text must stand here", &node.value)),
            }
        }
        pairs
    }
}

/// Returns the diagnostic for a value of the wrong kind.
pub(crate) fn wrong_kind(span: Span, expected: &str, found: &Yaml) -> Diagnostic {
    Diagnostic::new(Code::D303, format!("{expected}, and is {}", found.kind()))
        .with_label(span, "this value")
        .with_help("`etio explain D303` shows how it is written; what is not known can be left out")
}

/// Returns a scalar as the text that it was written as.
pub(crate) fn as_text(value: &Yaml) -> Option<String> {
    match value {
        Yaml::Text(text) => Some(text.clone()),
        Yaml::Number(number) => Some(number.to_string()),
        Yaml::Boolean(boolean) => Some(boolean.to_string()),
        Yaml::Null | Yaml::List(_) | Yaml::Map(_) => None,
    }
}
