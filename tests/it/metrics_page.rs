//! docs/metrics.md: its list of definitions is the registry's, word for word.
//!
//! `INSTA_UPDATE=always cargo test --test it metrics_page` takes over a change of the registry.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use etiology::metrics::{DefinitionSpec, Direction, ValueKind, definitions};
use std::fmt::Write;

const START: &str = "<!-- From here to the end: the registry, held to it by a test. -->\n";

/// Returns what the page says of one definition. A part that the registry leaves empty is left out.
fn entry(spec: &DefinitionSpec) -> String {
    let kind = match spec.kind {
        ValueKind::Ratio => "share",
        ValueKind::Number => "number",
        ValueKind::Count => "count",
    };
    let range = match (spec.low, spec.high) {
        (Some(low), Some(high)) => format!(" from {low} to {high}"),
        (Some(low), None) => format!(" from {low}"),
        (None, Some(high)) => format!(" up to {high}"),
        (None, None) => String::new(),
    };
    let direction = match spec.direction {
        Direction::Lower => "lower is better",
        Direction::Higher => "higher is better",
        Direction::None => "neither way is better",
    };
    let over: Vec<&str> = spec.indices.iter().map(|index| index.as_str()).collect();
    let mut text = format!("\n### `{}`\n\n", spec.name);
    writeln!(text, "{}: a {kind}{range}, {direction}; per {}.\n", sentence(spec.title), over.join(", ")).unwrap();
    let mut line = |name: &str, words: &str| {
        if !words.is_empty() {
            writeln!(text, "- {name}: {words}").unwrap();
        }
    };
    line("formula", &format!("`{}`", spec.formula));
    for parameter in spec.parameters {
        let words = format!("{}; `{}` if not given", parameter.allowed(), parameter.default_value());
        line(&format!("parameter `{}`", parameter.name), &words);
    }
    line("uncertainty", spec.uncertainty);
    line("undefined when", spec.undefined_when);
    line("otherwise", spec.otherwise);
    line("source", spec.source);
    text
}

fn sentence(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads and, when told, writes a page of the repository")]
fn the_page_of_metrics_is_the_registry() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, shown) = page.split_once(START).unwrap();
    let list: String = definitions().iter().map(entry).collect();
    if std::env::var("INSTA_UPDATE").is_ok_and(|wish| wish == "always") {
        std::fs::write(&path, format!("{head}{START}{list}")).unwrap();
        return;
    }
    for (is, wanted) in shown.lines().zip(list.lines()) {
        assert_eq!(is, wanted);
    }
    assert_eq!(shown.lines().count(), list.lines().count());
}
