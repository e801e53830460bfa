//! What was answered so far, and the text of the file that it makes.

use super::checks::Address;
use crate::corpus::case::{GroupGap, Remedy, Stage};
use crate::corpus::table::status;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The name of the case; empty before it was asked for.
    pub name: String,
    /// What has one value, by its key in the file: text as it is written there.
    pub values: BTreeMap<&'static str, String>,
    /// The same of the block `system`.
    pub system: BTreeMap<&'static str, String>,
    /// Countries.
    pub countries: Vec<String>,
    /// Modes, each with its factors and whether they are confirmed.
    pub modes: Vec<(String, Vec<(String, bool)>)>,
    /// Figures.
    pub figures: Vec<FigureDraft>,
    /// Groups of patients beside each other.
    pub groups: Vec<GroupGap>,
    /// What was done or proposed.
    pub remedies: Vec<Remedy>,
    /// Sources.
    pub sources: Vec<SourceDraft>,
}

/// A figure.
#[derive(Clone, Debug)]
pub(super) struct FigureDraft {
    pub stage: Stage,
    pub metric: String,
    pub value: f64,
    /// The most, where the source gives a range.
    pub to: Option<f64>,
    pub interval: Option<(f64, f64)>,
    pub place: Option<String>,
    /// From 1.
    pub source: usize,
}

/// A source.
#[derive(Clone, Debug)]
pub(super) struct SourceDraft {
    pub cite: String,
    pub address: Option<Address>,
    pub read: &'static str,
}

/// Keys before and after the lists, in the order of the file.
const HEAD: [&str; 4] = ["title", "domain", "specialty", "year"];
const MIDDLE: [&str; 3] = ["place", "sites", "patients"];
const SYSTEM: [&str; 5] = ["name", "developer", "kind", "architecture", "training_data"];
const TAIL: [&str; 5] = ["organisation", "consequence", "noticed", "noticed_after_months", "outcome"];

impl Draft {
    /// Sets a key to a text, or leaves it out.
    pub fn set(&mut self, key: &'static str, text: Option<String>) {
        match text {
            Some(text) => self.values.insert(key, scalar(&text)),
            None => self.values.remove(key),
        };
    }

    /// Sets a key to a number, or leaves it out.
    pub fn set_number(&mut self, key: &'static str, number: Option<f64>) {
        match number {
            Some(number) => self.values.insert(key, number.to_string()),
            None => self.values.remove(key),
        };
    }

    /// Returns the text of the file.
    pub fn render(&self) -> String {
        let mut out = format!("case: {}\n", scalar(&self.name));
        self.lines(&HEAD, &mut out);
        if !self.countries.is_empty() {
            let _ = writeln!(out, "countries: [{}]", listed(&self.countries));
        }
        self.lines(&MIDDLE, &mut out);
        if !self.system.is_empty() {
            out.push_str("system:\n");
        }
        for key in SYSTEM {
            if let Some(value) = self.system.get(key) {
                let _ = writeln!(out, "  {key}: {value}");
            }
        }
        self.lines(&["use", "evidence"], &mut out);
        self.modes(&mut out);
        list("figures", self.figures.iter().map(|figure| self.figure(figure)), &mut out);
        list("groups", self.groups.iter().map(group), &mut out);
        self.lines(&TAIL, &mut out);
        list("remedies", self.remedies.iter().map(remedy), &mut out);
        list("sources", self.sources.iter().map(source), &mut out);
        self.lines(&["confidence"], &mut out);
        out
    }

    fn lines(&self, keys: &[&str], out: &mut String) {
        for key in keys {
            if let Some(value) = self.values.get(key) {
                let _ = writeln!(out, "{key}: {value}");
            }
        }
    }

    fn modes(&self, out: &mut String) {
        out.push_str("modes:\n");
        for (mode, factors) in &self.modes {
            let _ = writeln!(out, "  - mode: {mode}");
            if !factors.is_empty() {
                let factors = factors.iter().map(|(factor, confirmed)| format!("{factor}: {}", status(*confirmed)));
                let _ = writeln!(out, "    factors: {{{}}}", factors.collect::<Vec<_>>().join(", "));
            }
        }
    }

    fn figure(&self, figure: &FigureDraft) -> String {
        let FigureDraft { stage, metric, value, to, interval, place, source } = figure;
        let mut text = format!("stage: {}, metric: {}, value: {value}", stage.word(), scalar(metric));
        if let Some(to) = to {
            let _ = write!(text, ", to: {to}");
        }
        if let Some((low, high)) = interval {
            let _ = write!(text, ", low: {low}, high: {high}");
        }
        if let Some(place) = place {
            let _ = write!(text, ", where: {}", scalar(place));
        }
        let _ = write!(text, ", source: {source}");
        text
    }
}

fn list(key: &str, entries: impl Iterator<Item = String>, out: &mut String) {
    for (place, entry) in entries.enumerate() {
        if place == 0 {
            let _ = writeln!(out, "{key}:");
        }
        let _ = writeln!(out, "  - {{{entry}}}");
    }
}

fn group(gap: &GroupGap) -> String {
    let values: Vec<String> = gap.values.iter().map(|(group, value)| format!("{}: {value}", scalar(group))).collect();
    let (metric, attribute) = (scalar(&gap.metric), scalar(&gap.attribute));
    format!("metric: {metric}, attribute: {attribute}, values: {{{}}}", values.join(", "))
}

fn remedy(remedy: &Remedy) -> String {
    let effect = remedy.effect.as_ref().map(|effect| format!(", effect: {}", scalar(effect))).unwrap_or_default();
    format!("what: {}{effect}, reported: {}", scalar(&remedy.what), remedy.reported)
}

fn source(source: &SourceDraft) -> String {
    let address = match &source.address {
        Some(Address::Doi(doi)) => format!(", doi: {}", quoted(doi)),
        Some(Address::Url(url)) => format!(", url: {}", quoted(url)),
        None => String::new(),
    };
    format!("cite: {}{address}, read: {}", quoted(&source.cite), source.read)
}

fn listed(texts: &[String]) -> String {
    texts.iter().map(|text| scalar(text)).collect::<Vec<_>>().join(", ")
}

/// Words that YAML takes for something else than text.
const NOT_TEXT: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "null", "nan"];

/// Returns text as YAML: as it is where nothing in it can be mistaken, else in quotes.
pub(super) fn scalar(text: &str) -> String {
    let is_plain =
        |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '_' | '-' | '/' | '(' | ')' | '.' | '%');
    let begins = text.starts_with(char::is_alphabetic) && !text.ends_with(' ');
    if begins && text.chars().all(is_plain) && !NOT_TEXT.contains(&text.to_lowercase().as_str()) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A JSON string is a YAML string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Yaml, parse_yaml};
    use crate::source::SourceMap;
    use proptest::prelude::*;

    #[track_caller]
    fn comes_back(text: &str) {
        let mut sources = SourceMap::default();
        let id = sources.add("draft.yaml", format!("title: {}\nlist: [{{a: {}}}]\n", scalar(text), scalar(text)));
        let tree = parse_yaml(id, &sources).unwrap();
        let Yaml::Map(entries) = &tree.value else { panic!("a block of keys") };
        assert_eq!(entries[0].1.value, Yaml::Text(text.to_owned()));
        let Yaml::List(list) = &entries[1].1.value else { panic!("a list") };
        let Yaml::Map(inner) = &list[0].value else { panic!("a block of keys") };
        assert_eq!(inner[0].1.value, Yaml::Text(text.to_owned()));
    }

    proptest! {
        #[test]
        fn text_is_read_as_it_was_answered(text in "\\PC{1,40}|[a-z0-9 :#,{}\\[\\]'\"&*!|>%@`.-]{1,12}") {
            comes_back(&text);
        }
    }

    #[test]
    fn words_that_yaml_takes_for_something_else_stay_text() {
        for text in [
            "no",
            "Yes",
            "y",
            "N",
            "On",
            "null",
            "NaN",
            "inf",
            "Infinity",
            "e5",
            "12",
            "1e3",
            "2026-01-01",
            "~",
            "a: b",
            "# no",
            "true",
            "0x1F",
            "- a",
            "a #b",
            "x ",
            "a\tb",
            "\u{85}a",
        ] {
            comes_back(text);
        }
        assert_eq!(scalar("two wards (half as many)"), "two wards (half as many)");
    }
}
