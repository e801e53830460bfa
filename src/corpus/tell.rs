//! Cases for people.

use super::case::{Case, Figure, Stage};
use super::count::Counts;
use super::table::status;
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Entry, Line};

/// Returns cases one below the other, each with its name and its modes.
pub fn list<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Document {
    let mut document = Document::default();
    let entries: Vec<Entry> = cases.into_iter().map(entry).collect();
    document.heading(1, Count(entries.len(), "case").to_string());
    if let Some(first) = entries.first() {
        let name = first.details.first().map(Line::text).unwrap_or_default();
        let name = name.split(' ').next().unwrap_or_default().to_owned();
        document.blocks.push(Block::Entries(entries));
        document.next_steps(vec![format!("etio cases show {name}"), "etio cases stats".to_owned()]);
    }
    document
}

fn entry(case: &Case) -> Entry {
    let modes: Vec<&str> = case.modes.iter().map(|coding| coding.mode.value.as_str()).collect();
    Entry {
        mark: case.year.to_string(),
        text: Line::new().plain(case.title.as_str()),
        details: vec![Line::new().name(case.id.value.as_str()).faint(format!("  {}", modes.join(", ")))],
    }
}

/// Returns one case in full.
pub fn show(case: &Case) -> Document {
    let mut document = Document::default();
    document.heading(1, Line::new().plain(case.title.as_str()).faint(format!("  {}", case.id.value)));
    let where_it_was: Vec<&str> = case.place.iter().chain(&case.countries).map(String::as_str).collect();
    for (name, value) in [
        ("Year", Some(case.year.to_string())),
        ("Where", (!where_it_was.is_empty()).then(|| where_it_was.join(", "))),
        ("Domain", Some(case.specialty.iter().fold(case.domain.to_owned(), |all, more| format!("{all}, {more}")))),
        ("System", system(case)),
        ("Use", case.purpose.clone()),
        ("Learned from", case.system.training_data.clone()),
        ("Patients", case.patients.map(|patients| patients.to_string())),
        ("Evidence", Some(format!("{}; confidence of the coding: {}", case.evidence, case.confidence))),
    ] {
        if let Some(value) = value {
            document.paragraph(Line::new().strong(format!("{name}: ")).plain(value));
        }
    }
    section(&mut document, "What failed", case.modes.iter().map(coding));
    section(&mut document, "Figures", case.figures.iter().map(|figure| Line::from(told(figure))));
    section(
        &mut document,
        "Between groups of patients",
        case.groups.iter().map(|gap| {
            let values: Vec<String> = gap.values.iter().map(|(group, value)| format!("{group} {value}")).collect();
            Line::from(format!("{} by {}: {}", in_words(&gap.metric), in_words(&gap.attribute), values.join(", ")))
        }),
    );
    let told_of = [
        ("For patients", &case.consequence),
        ("Organisation", &case.organisation),
        ("How it came to light", &case.noticed),
        ("Outcome", &case.outcome),
    ];
    for (name, text) in told_of {
        section(&mut document, name, text.iter().map(|text| Line::from(text.as_str())));
    }
    section(
        &mut document,
        "What was done or proposed",
        case.remedies.iter().map(|remedy| {
            let effect = remedy.effect.as_ref().map(|effect| format!(": {effect}")).unwrap_or_default();
            let whose = if remedy.reported { "" } else { " (not in the source; proposed in coding)" };
            Line::from(format!("{}{effect}{whose}", remedy.what))
        }),
    );
    let numbered = case.figures.iter().any(|figure| figure.source.is_some());
    section(
        &mut document,
        "Sources",
        case.sources.iter().enumerate().map(|(place, source)| {
            // Figures speak of sources by number, where they do.
            let number = if numbered { format!("[{}] ", place + 1) } else { String::new() };
            let address = match (&source.doi, &source.url) {
                (Some(doi), _) => format!("  doi:{doi}"),
                (None, Some(url)) => format!("  {url}"),
                (None, None) => String::new(),
            };
            Line::new()
                .plain(format!("{number}{}", source.cite))
                .faint(format!("{address}  (read: {})", in_words(source.read)))
        }),
    );
    document
}

fn system(case: &Case) -> Option<String> {
    let system = &case.system;
    let parts = [&system.name, &system.developer, &system.architecture].into_iter().flatten().map(String::as_str);
    let parts: Vec<&str> = parts.chain(system.kind).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn section(document: &mut Document, title: &str, lines: impl Iterator<Item = Line>) {
    let entries: Vec<Entry> = lines.map(|text| Entry { mark: "-".to_owned(), text, details: Vec::new() }).collect();
    if !entries.is_empty() {
        document.heading(2, title);
        document.blocks.push(Block::Entries(entries));
    }
}

fn coding(coding: &super::case::Coding) -> Line {
    let factors: Vec<String> =
        coding.factors.iter().map(|(factor, confirmed)| format!("{} ({})", factor.value, status(*confirmed))).collect();
    let line = Line::new().name(coding.mode.value.as_str());
    if factors.is_empty() { line } else { line.plain(format!(" because of {}", factors.join(", "))) }
}

/// Codes such as `share_of_cases_missed` read better as words.
fn in_words(code: &str) -> String {
    code.replace('_', " ")
}

fn told(figure: &Figure) -> String {
    let mut text = match figure.stage {
        Stage::Before => "before: ".to_owned(),
        Stage::After => "after: ".to_owned(),
        Stage::Context => String::new(),
    };
    text.push_str(&format!("{} {}", in_words(&figure.metric), figure.value));
    if let Some(to) = figure.to {
        text.push_str(&format!(" to {to}"));
    }
    if let Some(unit) = &figure.unit {
        text.push_str(&format!(" {unit}"));
    }
    if let Some((low, high)) = figure.interval {
        text.push_str(&format!(" (interval {low} to {high})"));
    }
    if let Some(sd) = figure.sd {
        text.push_str(&format!(" (standard deviation {sd})"));
    }
    if let Some(place) = &figure.place {
        text.push_str(&format!(", {place}"));
    }
    if let Some(source) = figure.source {
        text.push_str(&format!(" [{source}]"));
    }
    text
}

/// Returns counts as tables.
pub fn stats(counts: &Counts) -> Document {
    let mut document = Document::default();
    document.heading(1, Count(counts.cases, "case").to_string());
    for (name, entries) in &counts.tables {
        document.heading(2, format!("By {name}"));
        let columns = vec![Column { title: "", right: true }, Column { title: "", right: false }];
        let rows = entries.iter().map(|(entry, count)| vec![Line::from(count.to_string()), Line::from(entry.as_str())]);
        document.blocks.push(Block::Table { columns, rows: rows.collect() });
    }
    document
}
