//! Builders for pilots, shared by the metric tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test stops at the first surprise")]

use etiology::metrics::{
    Definition, Evaluation, Measurement, MetricIndex, MetricRequest, Options, ParamValue, evaluate,
};
use etiology::source::{SourceMap, Span, Spanned};
use etiology::table::{Content, Format, PilotSpec, TableData, TableSpec};
use std::fmt::Write;

/// Returns `text` as if a manifest had it.
pub fn named(text: &str) -> Spanned<String> {
    let mut sources = SourceMap::default();
    let id = sources.add("deployment.yaml", text);
    Spanned::new(text.to_owned(), Span::new(id, 0, text.len()))
}

/// Returns a CSV of columns given as name and cells.
pub fn csv(columns: &[(&str, Vec<String>)]) -> String {
    let mut text = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
    text.push('\n');
    let rows = columns.first().map_or(0, |(_, cells)| cells.len());
    for row in 0..rows {
        let cells: Vec<&str> = columns.iter().map(|(_, cells)| cells[row].as_str()).collect();
        writeln!(text, "{}", cells.join(",")).unwrap();
    }
    text
}

/// Returns cells of anything that can be shown.
pub fn cells<T: std::fmt::Display>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

pub fn table(file: &str) -> Option<TableSpec> {
    Some(TableSpec { file: file.to_owned(), filter: Vec::new() })
}

pub fn data(file: &str, bytes: impl Into<Vec<u8>>) -> TableData {
    let format = Format::from_name(file).unwrap();
    TableData { file: file.to_owned(), format, content: Content::Memory(bytes::Bytes::from(bytes.into())) }
}

/// Returns a pilot with a label `y` and a score `s` in `d.csv`.
pub fn scored() -> PilotSpec {
    let mut pilot = PilotSpec { deployment: table("d.csv"), min_cell: 0, ..PilotSpec::default() };
    pilot.columns.label = Some(named("y"));
    pilot.columns.score = Some(named("s"));
    pilot
}

pub fn request(id: &str, index: MetricIndex, params: &[(&str, ParamValue)]) -> MetricRequest {
    let params: Vec<(String, ParamValue)> =
        params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    MetricRequest { id: id.to_owned(), definition: Definition::new(id, index, &params).unwrap(), index }
}

/// Returns what one request finds.
pub fn one(pilot: &PilotSpec, tables: Vec<TableData>, wanted: MetricRequest, options: &Options) -> Vec<Measurement> {
    evaluate(pilot, tables, &[wanted], options).unwrap_or_else(|errors| panic!("{errors:#?}")).measurements
}

/// Returns the value of the scalar `id`.
pub fn value(evaluation: &Evaluation, id: &str, element: Option<&str>) -> f64 {
    let found = evaluation.measurements.iter().find(|m| m.metric == id && m.element.as_deref() == element);
    *found.unwrap_or_else(|| panic!("{id}")).value.as_ref().unwrap_or_else(|reason| panic!("{id}: {reason}"))
}
