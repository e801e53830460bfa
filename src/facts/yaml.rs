//! YAML that people write, as a tree in which every key and value knows its place.
//!
//! Manifests and answers are read through this tree and not into structs, since a wrong key, type or
//! name found later still needs its line, and since `no` must stay the word that was written.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, SourceMap, Span, Spanned};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A value with its place.
pub type Node = Spanned<Yaml>;

/// A YAML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// Nothing was written.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number without quotes.
    Number(f64),
    /// Everything else that is one word or sentence.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order written; keys differ.
    Map(Vec<(Spanned<String>, Node)>),
}

impl Yaml {
    /// Returns what the value is, in words for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Yaml::Null => "nothing",
            Yaml::Boolean(_) => "true or false",
            Yaml::Number(_) => "a number",
            Yaml::Text(_) => "text",
            Yaml::List(_) => "a list",
            Yaml::Map(_) => "a block of keys",
        }
    }
}

/// Returns the tree of a YAML file.
///
/// # Errors
/// `D301 yaml-syntax`, with the place and the reader's reason.
pub fn parse_yaml(source: SourceId, sources: &SourceMap) -> Result<Node, Diagnostic> {
    let text = sources.file(source).text();
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    match serde_saphyr::from_str_with_options::<serde_saphyr::Spanned<RawYaml>>(text, options) {
        Ok(raw) => Ok(located(raw, source)),
        Err(error) => {
            let place = error.location().map(|location| error_span(&location, source, text));
            let place = place.unwrap_or_else(|| Span::new(source, 0, 0));
            let reason = reason(&error.without_snippet().to_string());
            Err(Diagnostic::new(Code::D301, format!("`{}` is not valid YAML", sources.file(source).name()))
                .with_label(place, reason)
                .with_help("each line is `key: value`; what belongs to a key is indented below it by two spaces"))
        }
    }
}

fn span_of(location: &serde_saphyr::Location, source: SourceId) -> Span {
    let span = location.span();
    let start = span.byte_offset().unwrap_or(0) as usize;
    Span::new(source, start, start + span.byte_len().unwrap_or(0) as usize)
}

/// Returns where an error is. The reader counts bytes only for values that it could read, and otherwise
/// gives a line and a column of characters, from 1.
fn error_span(location: &serde_saphyr::Location, source: SourceId, text: &str) -> Span {
    if location.span().byte_offset().is_some() {
        return span_of(location, source);
    }
    let (line, column) = (location.line() as usize, location.column() as usize);
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let inside: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    Span::new(source, before + inside, before + inside)
}

/// Returns what is wrong in the reader's words, without the place, which the label shows, and without
/// its advice, which is for programmers.
fn reason(message: &str) -> String {
    let first = message.lines().next().unwrap_or("");
    let first = first.split(", set ").next().unwrap_or(first);
    match first.rfind(" at line ") {
        Some(place) => first[..place].to_owned(),
        None => first.to_owned(),
    }
}

fn located(raw: serde_saphyr::Spanned<RawYaml>, source: SourceId) -> Node {
    let span = span_of(&raw.referenced, source);
    let value = match raw.value {
        RawYaml::Null => Yaml::Null,
        RawYaml::Boolean(value) => Yaml::Boolean(value),
        RawYaml::Number(value) => Yaml::Number(value),
        RawYaml::Text(value) => Yaml::Text(value),
        RawYaml::List(values) => Yaml::List(values.into_iter().map(|value| located(value, source)).collect()),
        RawYaml::Map(entries) => Yaml::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let span = span_of(&key.referenced, source);
                    (Spanned::new(key.value, span), located(value, source))
                })
                .collect(),
        ),
    };
    Spanned::new(value, span)
}

/// The tree as the reader gives it, before places are ours.
#[derive(Debug)]
enum RawYaml {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    List(Vec<serde_saphyr::Spanned<RawYaml>>),
    Map(Vec<(serde_saphyr::Spanned<String>, serde_saphyr::Spanned<RawYaml>)>),
}

impl<'de> Deserialize<'de> for RawYaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawYaml;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<RawYaml, E> {
        Ok(RawYaml::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<RawYaml, E> {
        Ok(RawYaml::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<RawYaml, E> {
        Ok(RawYaml::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<RawYaml, E> {
        Ok(RawYaml::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<RawYaml, E> {
        Ok(RawYaml::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<RawYaml, E> {
        Ok(RawYaml::Null)
    }

    fn visit_none<E>(self) -> Result<RawYaml, E> {
        Ok(RawYaml::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<RawYaml, D::Error> {
        RawYaml::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<RawYaml, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element()? {
            values.push(value);
        }
        Ok(RawYaml::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawYaml, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(RawYaml::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Result<Node, Diagnostic>, SourceMap) {
        let mut sources = SourceMap::default();
        let id = sources.add("answers.yaml", text);
        (parse_yaml(id, &sources), sources)
    }

    #[test]
    fn no_stays_a_word_and_places_are_bytes() {
        let text = "# ö\nmonitoring.in_place: no\ndata: {rows: 12}\nlist: [a, b]\nempty:\n";
        let (tree, sources) = parse(text);
        let Yaml::Map(entries) = tree.unwrap().value else { panic!("a map") };
        assert_eq!(entries[0].1.value, Yaml::Text("no".into()));
        assert_eq!(sources.text(entries[0].0.span), "monitoring.in_place");
        assert_eq!(sources.text(entries[0].1.span), "no");
        let Yaml::Map(data) = &entries[1].1.value else { panic!("a map") };
        assert_eq!(data[0].1.value, Yaml::Number(12.0));
        assert_eq!(entries[3].1.value, Yaml::Null);
    }

    #[test]
    fn broken_yaml_is_one_diagnostic_with_a_place() {
        let (tree, sources) = parse("a: [1, 2\nb: 3\n");
        let diagnostic = tree.unwrap_err();
        assert_eq!(diagnostic.code, Code::D301);
        assert!(sources.text(Span::new(SourceId(0), 0, 1)) == "a" && diagnostic.labels.len() == 1);
    }

    #[test]
    fn a_key_given_twice_is_refused() {
        assert_eq!(parse("a: 1\na: 2\n").0.unwrap_err().code, Code::D301);
    }
}
