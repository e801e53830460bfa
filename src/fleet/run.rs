//! The run: pieces of the table are read, assessed and written in their order, on all cores and in
//! memory that does not grow with the rows.

use std::collections::BTreeMap;
use std::io::Write;

use rayon::prelude::*;

use super::batch::{Batch, Intake};
use super::columns::Columns;
use super::csv::RowError;
use super::csv_out::CsvColumns;
use super::error::FleetError;
use super::layout::{Frame, ROWS, Registers};
use super::line::{Figures, Line};
use super::parquet::Path;
use super::parquet_out::ParquetColumns;
use super::plan::{Plan, Worlds};
use super::results::Results;
use super::sink::{Layout, OutputFormat, Sink, Written};
use super::source::{Piece, PieceError, Source};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{KnowledgeBase, VerdictId};
use crate::table::{TableData, TableError};

/// How a fleet is assessed and told.
#[derive(Clone, Debug)]
pub struct Options {
    /// The column that names the deployments; `id` where there is none.
    pub id: Option<String>,
    /// How many risks and recommendations are told of each deployment.
    pub top: usize,
    /// Whether the risk of every mode is told, in columns of their own; in CSV and Parquet alone.
    pub wide: bool,
    /// Which of the three worlds are computed.
    pub worlds: Worlds,
    /// In which format the lines are written.
    pub format: OutputFormat,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many deployments were assessed.
    pub rows: u64,
    /// How many were given each verdict, by id of the verdict; none of those that were given to nobody.
    pub verdicts: BTreeMap<VerdictId, u64>,
}

/// Assesses every row of a table and writes one line for each, in order. `progress` is told how many
/// rows are done, now and then.
///
/// The same table gives the same bytes on any number of threads.
///
/// # Errors
/// Says what is wrong with the table, or that nothing can be written; what was written until then is of
/// no use.
pub fn assess_fleet(
    knowledge: &KnowledgeBase,
    table: TableData,
    options: &Options,
    out: &mut (dyn Write + Send),
    progress: &mut dyn FnMut(u64),
) -> Result<Summary, Diagnostics> {
    let file = table.file.clone();
    let mut source = Source::open(table, knowledge)?;
    let columns = Columns::new(knowledge, &file, &source.headings(), options.id.as_deref())?;
    let paths = source.paths();
    let plan = Plan::new(knowledge, &columns.cells, options.worlds)?;
    let intake = Intake::new(knowledge, &columns, &plan);
    let layout = layout(knowledge, options);
    let not_written = |error: std::io::Error| single(FleetError::NotWritten { reason: error.to_string() });
    let mut sink = Sink::new(&layout, out).map_err(not_written)?;
    let mut rows = 0;
    let mut given: BTreeMap<VerdictId, u64> = BTreeMap::new();
    loop {
        let wave = source.next_wave().map_err(Diagnostics::from)?;
        if wave.is_empty() {
            break;
        }
        let batches = read_wave(&wave, &columns, &paths, &intake, knowledge, rows)?;
        let pages: Vec<std::io::Result<(Written, BTreeMap<VerdictId, u64>)>> = batches
            .par_iter()
            .map_init(
                || Registers::new(&plan.layout),
                |registers, (first, batch)| page(knowledge, &plan, registers, batch, *first, &layout, options),
            )
            .collect();
        for page in pages {
            let (page, verdicts) = page.map_err(not_written)?;
            sink.write(&page).map_err(not_written)?;
            for (verdict, rows) in verdicts {
                *given.entry(verdict).or_default() += rows;
            }
        }
        rows = batches.last().map_or(rows, |(first, batch)| first + batch.rows as u64);
        progress(rows);
    }
    if rows == 0 {
        return Err(single(FleetError::NoRows { file }));
    }
    sink.finish().map_err(not_written)?;
    Ok(Summary { rows, verdicts: given })
}

fn layout(knowledge: &KnowledgeBase, options: &Options) -> Layout {
    let bounds = options.worlds == Worlds::All;
    let modes: Vec<String> = knowledge.modes().map(|(_, mode)| mode.id.clone()).collect();
    let wide = if options.wide { modes.clone() } else { Vec::new() };
    match options.format {
        OutputFormat::JsonLines => Layout::JsonLines,
        OutputFormat::Csv => Layout::Csv(CsvColumns {
            risks: options.top.min(modes.len()),
            recommendations: options.top.min(knowledge.mitigations.len()),
            wide,
            bounds,
        }),
        OutputFormat::Parquet => Layout::Parquet(ParquetColumns::new(&wide, bounds)),
    }
}

/// Reads pieces, and returns each with the number of rows before it.
///
/// # Errors
/// Says of the first piece that something is wrong with what that is.
pub(super) fn read_wave<'a>(
    wave: &[Piece],
    columns: &Columns,
    paths: &[Path],
    intake: &'a Intake,
    knowledge: &KnowledgeBase,
    mut rows: u64,
) -> Result<Vec<(u64, Batch<'a>)>, Diagnostics> {
    let read: Vec<Result<Batch<'a>, PieceError>> =
        wave.par_iter().map(|piece| piece.read(columns, paths, intake)).collect();
    let mut batches = Vec::with_capacity(read.len());
    for batch in read {
        let batch = batch.map_err(|error| match error {
            PieceError::Row(error) => single(row_error(columns, rows, error)),
            PieceError::Other(error) => Diagnostics::from(error),
        })?;
        let mut errors = Diagnostics::default();
        for bad in &batch.bad {
            errors.push(FleetError::wrong_cell(columns, knowledge, rows, bad));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let first = rows;
        rows += batch.rows as u64;
        batches.push((first, batch));
    }
    Ok(batches)
}

/// Assesses a batch, some rows at a time, and puts its lines together.
fn page(
    knowledge: &KnowledgeBase,
    plan: &Plan,
    registers: &mut Registers,
    batch: &Batch<'_>,
    first: u64,
    layout: &Layout,
    options: &Options,
) -> std::io::Result<(Written, BTreeMap<VerdictId, u64>)> {
    let bounds = options.worlds == Worlds::All;
    let mut page = layout.page(batch.rows);
    let mut given = BTreeMap::new();
    let mut start = 0;
    while start < batch.rows {
        let rows = (batch.rows - start).min(ROWS);
        let lanes: Vec<&[f64]> = batch.lanes.iter().map(|lane| &lane[start..start + rows]).collect();
        let frame = Frame::run(&plan.layout, registers, &lanes, rows);
        let results = Results::new(knowledge, plan, &frame);
        for row in 0..rows {
            let number = first + (start + row) as u64 + 1;
            let id = batch.ids.get(start + row).map(String::as_str);
            let mut line = Line::new(&results, row, number, id, options.top);
            if options.wide {
                line.by_mode = results.by_mode(row).map(|risk| Figures::new(risk, bounds)).collect();
            }
            page.push(&line);
            if let Some(verdict) = results.verdict(row) {
                *given.entry(verdict.verdict).or_default() += 1;
            }
        }
        start += rows;
    }
    Ok((page.finish()?, given))
}

fn row_error(columns: &Columns, first: u64, error: RowError) -> TableError {
    let file = columns.file.clone();
    match error {
        RowError::Ragged { row, found } => {
            TableError::Ragged { file, row: first + row as u64 + 1, found, expected: columns.names.len(), others: 0 }
        }
        RowError::NotUtf8 { row } => TableError::NotUtf8 { file, row: Some(first + row as u64 + 1) },
    }
}

/// Returns one diagnostic as a bag.
pub(super) fn single(error: impl Into<Diagnostic>) -> Diagnostics {
    Diagnostics::from(error.into())
}
