//! From a [`Diagnostic`] to what a person or a program reads. miette is named here alone.

use super::{Diagnostic, Diagnostics, Label, Place, Severity};
use crate::source::{SourceId, SourceMap};
use miette::{LabeledSpan, NamedSource, ReportHandler};
use std::fmt;

/// How diagnostics are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Frames with arrows, for people; with or without colour.
    Graphical {
        /// Whether to use colour.
        colour: bool,
    },
    /// Plain sentences for screen readers.
    Narrated,
    /// One JSON object a line.
    Json,
}

/// Returns all diagnostics as text, in the order of the bag.
pub fn render(diagnostics: &Diagnostics, sources: &SourceMap, style: Style) -> String {
    diagnostics.iter().map(|diagnostic| render_one(diagnostic, sources, style)).collect()
}

/// Returns one diagnostic as text that ends in a newline.
pub fn render_one(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> String {
    let report = Rendered::new(diagnostic, sources);
    match style {
        Style::Graphical { colour } => {
            let theme =
                if colour { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
            let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
            formatted(&report, &handler)
        }
        Style::Narrated => formatted(&report, &miette::NarratableReportHandler::new()),
        Style::Json => format!("{}\n", json(diagnostic, sources)),
    }
}

fn formatted(report: &Rendered, handler: &impl ReportHandler) -> String {
    struct Adapter<'a, H>(&'a Rendered, &'a H);
    impl<H: ReportHandler> fmt::Display for Adapter<'_, H> {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.1.debug(self.0, out)
        }
    }
    // miette pads its frames to the right; trailing blanks would make transcripts fragile.
    let text = Adapter(report, handler).to_string();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn json(diagnostic: &Diagnostic, sources: &SourceMap) -> serde_json::Value {
    let labels: Vec<serde_json::Value> = diagnostic
        .labels
        .iter()
        .map(|label| match &label.place {
            Place::Text(span) => {
                let location = sources.location(*span);
                serde_json::json!({
                    "file": location.file, "line": location.line, "column": location.column,
                    "start": span.start, "end": span.end, "text": label.text,
                })
            }
            Place::Table { file, row, column } => {
                serde_json::json!({ "file": file, "row": row, "data_column": column, "text": label.text })
            }
        })
        .collect();
    serde_json::json!({
        "code": diagnostic.code.as_str(),
        "name": diagnostic.code.name(),
        "severity": match diagnostic.severity() { Severity::Error => "error", Severity::Warning => "warning" },
        "message": diagnostic.message,
        "labels": labels,
        "help": diagnostic.help,
    })
}

/// A diagnostic in miette's terms. Labels of files other than the main one become related
/// diagnostics, since miette draws one source each.
#[derive(Debug)]
struct Rendered {
    headline: String,
    severity: miette::Severity,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Rendered>,
}

impl Rendered {
    fn new(diagnostic: &Diagnostic, sources: &SourceMap) -> Self {
        let severity = match diagnostic.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        };
        let main = diagnostic.labels.iter().find_map(text_source);
        let mut headline = format!("{} ({}): {}", diagnostic.code, diagnostic.code.name(), diagnostic.message);
        for label in &diagnostic.labels {
            if let Place::Table { file, row, column } = &label.place {
                headline.push_str(&format!("\n  at {}", table_place(file, *row, column.as_deref())));
                if !label.text.is_empty() {
                    headline.push_str(&format!(": {}", label.text));
                }
            }
        }
        let mut others: Vec<SourceId> = diagnostic.labels.iter().filter_map(text_source).collect();
        others.sort_unstable();
        others.dedup();
        let related = others
            .into_iter()
            .filter(|source| Some(*source) != main)
            .map(|source| Rendered {
                headline: format!("see also {}", sources.file(source).name()),
                severity: miette::Severity::Advice,
                help: None,
                source: Some(named(sources, source)),
                labels: labels_in(diagnostic, source),
                related: Vec::new(),
            })
            .collect();
        Rendered {
            headline,
            severity,
            help: diagnostic.help.clone(),
            source: main.map(|source| named(sources, source)),
            labels: main.map(|source| labels_in(diagnostic, source)).unwrap_or_default(),
            related,
        }
    }
}

fn table_place(file: &str, row: Option<u64>, column: Option<&str>) -> String {
    let mut place = file.to_owned();
    if let Some(row) = row {
        place.push_str(&format!(", row {row}"));
    }
    if let Some(column) = column {
        place.push_str(&format!(", column `{column}`"));
    }
    place
}

fn text_source(label: &Label) -> Option<SourceId> {
    match &label.place {
        Place::Text(span) => Some(span.source),
        Place::Table { .. } => None,
    }
}

fn named(sources: &SourceMap, id: SourceId) -> NamedSource<String> {
    let file = sources.file(id);
    NamedSource::new(file.name(), file.text().to_owned())
}

fn labels_in(diagnostic: &Diagnostic, source: SourceId) -> Vec<LabeledSpan> {
    diagnostic
        .labels
        .iter()
        .filter_map(|label| match &label.place {
            Place::Text(span) if span.source == source => {
                Some(LabeledSpan::new(Some(label.text.clone()), span.start as usize, span.len()))
            }
            _ => None,
        })
        .collect()
}

impl fmt::Display for Rendered {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.headline)
    }
}

impl std::error::Error for Rendered {}

impl miette::Diagnostic for Rendered {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source.as_ref().map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(self.related.iter().map(|related| related as &dyn miette::Diagnostic)))
    }
}
