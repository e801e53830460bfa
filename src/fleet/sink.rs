//! Where lines go: text as it is, or a Parquet file.

use std::io::{self, Write};

use ::parquet::arrow::ArrowWriter;
use arrow_array::RecordBatch;

use super::csv_out::CsvColumns;
use super::line::Line;
use super::parquet_out::ParquetColumns;

/// In which format a fleet's assessments are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputFormat {
    /// One JSON object a line.
    #[default]
    JsonLines,
    /// Comma-separated text.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// How lines are put together, on any thread.
pub(super) enum Layout {
    JsonLines,
    Csv(CsvColumns),
    Parquet(ParquetColumns),
}

/// The lines of some rows.
pub(super) enum Written {
    Text(Vec<u8>),
    Rows(RecordBatch),
}

/// Lines of some rows that are being put together.
pub(super) enum Page<'a> {
    JsonLines(Vec<u8>),
    Csv(&'a CsvColumns, Vec<u8>),
    Parquet(super::parquet_out::Rows),
}

impl Layout {
    /// Returns an empty page.
    pub fn page(&self, rows: usize) -> Page<'_> {
        match self {
            Layout::JsonLines => Page::JsonLines(Vec::new()),
            Layout::Csv(columns) => Page::Csv(columns, Vec::new()),
            Layout::Parquet(columns) => Page::Parquet(columns.rows(rows)),
        }
    }
}

impl Page<'_> {
    /// Adds a line.
    pub fn push(&mut self, line: &Line<'_>) {
        match self {
            Page::JsonLines(out) => line.write_json(out),
            Page::Csv(columns, out) => columns.write(line, out),
            Page::Parquet(rows) => rows.push(line),
        }
    }

    /// Returns what was written.
    pub fn finish(self) -> io::Result<Written> {
        match self {
            Page::JsonLines(out) | Page::Csv(_, out) => Ok(Written::Text(out)),
            Page::Parquet(rows) => rows.finish().map(Written::Rows).map_err(io::Error::other),
        }
    }
}

/// Takes pages in order.
pub(super) enum Sink<'a> {
    Text(&'a mut (dyn Write + Send)),
    Parquet(Box<ArrowWriter<&'a mut (dyn Write + Send)>>),
}

impl<'a> Sink<'a> {
    /// Begins a file.
    pub fn new(layout: &Layout, out: &'a mut (dyn Write + Send)) -> io::Result<Self> {
        match layout {
            Layout::JsonLines => Ok(Sink::Text(out)),
            Layout::Csv(columns) => {
                out.write_all(&columns.header())?;
                Ok(Sink::Text(out))
            }
            Layout::Parquet(columns) => Ok(Sink::Parquet(Box::new(columns.writer(out)?))),
        }
    }

    /// Writes a page.
    pub fn write(&mut self, written: &Written) -> io::Result<()> {
        match (self, written) {
            (Sink::Text(out), Written::Text(text)) => out.write_all(text),
            (Sink::Parquet(writer), Written::Rows(rows)) => Ok(writer.write(rows)?),
            _ => Err(io::Error::other("a page of another format")),
        }
    }

    /// Ends the file.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Sink::Text(out) => out.flush(),
            Sink::Parquet(writer) => Ok(writer.close().map(|_| ())?),
        }
    }
}
