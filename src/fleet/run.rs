//! The run: blocks of the table are read, assessed and written in their order, on all cores and in
//! memory that does not grow with the rows.

use std::io::{Read, Seek, SeekFrom, Write};

use rayon::prelude::*;

use super::batch::{Batch, Intake};
use super::columns::Columns;
use super::csv::{Csv, RowError};
use super::error::FleetError;
use super::jsonl::{RowName, write_line};
use super::layout::{Frame, ROWS, Registers};
use super::plan::{Plan, Worlds};
use super::results::Results;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::KnowledgeBase;
use crate::table::{Content, Format, TableData, TableError};

/// Blocks that are in memory at a time. Fixed, so that what is reported does not depend on the machine.
const WAVE: usize = 16;

/// How a fleet is assessed and told.
#[derive(Clone, Debug)]
pub struct Options {
    /// The column that names the deployments; `id` where there is none.
    pub id: Option<String>,
    /// How many risks and recommendations are told of each deployment.
    pub top: usize,
    /// Which of the three worlds are computed.
    pub worlds: Worlds,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many deployments were assessed.
    pub rows: u64,
}

/// Assesses every row of a table and writes one line for each, in order. `progress` is told how many
/// rows are done, now and then.
///
/// # Errors
/// Says what is wrong with the table, or that nothing can be written. What was written until then holds
/// whole lines.
pub fn assess_fleet(
    knowledge: &KnowledgeBase,
    table: TableData,
    options: &Options,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64),
) -> Result<Summary, Diagnostics> {
    let mut csv =
        Csv::open(&table.file, reader(table.content, table.format).map_err(|error| unreadable(&table.file, &error))?)
            .map_err(single)?;
    let columns = Columns::new(knowledge, &table.file, &csv.columns, options.id.as_deref())?;
    let plan = Plan::new(knowledge, &columns.cells, options.worlds)?;
    let intake = Intake::new(knowledge, &columns, &plan);
    let mut rows = 0;
    loop {
        let mut blocks = Vec::with_capacity(WAVE);
        while blocks.len() < WAVE
            && let Some(block) = csv.next_block().map_err(single)?
        {
            blocks.push(block);
        }
        if blocks.is_empty() {
            break;
        }
        let batches: Vec<Result<Batch<'_>, RowError>> =
            blocks.par_iter().map(|block| block.read(columns.names.len(), &intake)).collect();
        let mut placed = Vec::with_capacity(batches.len());
        for batch in batches {
            let batch = batch.map_err(|error| single(row_error(&columns, rows, error)))?;
            stop_at(&columns, knowledge, rows, &batch)?;
            placed.push((rows, batch));
            rows += placed.last().map_or(0, |(_, batch)| batch.rows as u64);
        }
        let written: Vec<Vec<u8>> = placed
            .par_iter()
            .map_init(
                || Registers::new(&plan.layout),
                |registers, (first, batch)| {
                    let mut text = Vec::new();
                    each_chunk(knowledge, &plan, registers, batch, &mut |results, start, rows| {
                        for row in 0..rows {
                            let number = first + (start + row) as u64 + 1;
                            let id = batch.ids.get(start + row).map(String::as_str);
                            write_line(&mut text, results, row, RowName { number, id }, options.top);
                        }
                    });
                    text
                },
            )
            .collect();
        for text in written {
            out.write_all(&text).map_err(|error| {
                Diagnostics::from(Diagnostic::from(FleetError::NotWritten { reason: error.to_string() }))
            })?;
        }
        progress(rows);
    }
    if rows == 0 {
        return Err(single(FleetError::NoRows { file: columns.file.clone() }));
    }
    Ok(Summary { rows })
}

/// Runs the plan on a batch, some rows at a time.
fn each_chunk(
    knowledge: &KnowledgeBase,
    plan: &Plan,
    registers: &mut Registers,
    batch: &Batch<'_>,
    receive: &mut dyn FnMut(&Results<'_>, usize, usize),
) {
    let mut start = 0;
    while start < batch.rows {
        let rows = (batch.rows - start).min(ROWS);
        let lanes: Vec<&[f64]> = batch.lanes.iter().map(|lane| &lane[start..start + rows]).collect();
        let frame = Frame::run(&plan.layout, registers, &lanes, rows);
        receive(&Results { knowledge, plan, frame }, start, rows);
        start += rows;
    }
}

fn reader(content: Content, format: Format) -> std::io::Result<Box<dyn Read + Send>> {
    let plain: Box<dyn Read + Send> = match content {
        Content::Memory(bytes) => Box::new(std::io::Cursor::new(bytes)),
        Content::File(mut file) => {
            file.seek(SeekFrom::Start(0))?;
            Box::new(file)
        }
    };
    Ok(match format {
        Format::CsvGz => Box::new(flate2::read::MultiGzDecoder::new(plain)),
        Format::Csv | Format::Parquet => plain,
    })
}

fn stop_at(columns: &Columns, knowledge: &KnowledgeBase, first: u64, batch: &Batch<'_>) -> Result<(), Diagnostics> {
    if batch.bad.is_empty() {
        return Ok(());
    }
    let mut errors = Diagnostics::default();
    for bad in &batch.bad {
        errors.push(FleetError::bad_cell(columns, knowledge, first, bad));
    }
    Err(errors)
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

fn unreadable(file: &str, error: &std::io::Error) -> Diagnostics {
    single(TableError::Unreadable { file: file.to_owned(), reason: error.to_string() })
}

fn single(error: impl Into<Diagnostic>) -> Diagnostics {
    Diagnostics::from(error.into())
}
