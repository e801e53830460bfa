//! The table as a stream of pieces: blocks of CSV, or record batches.

use std::io::{Read, Seek, SeekFrom};

use arrow_array::RecordBatch;

use super::arrow;
use super::batch::{Batch, Intake};
use super::columns::{Columns, Heading};
use super::csv::{Block, Csv, RowError};
use super::parquet::{Parquet, Path};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::KnowledgeBase;
use crate::table::{Content, Format, TableData, TableError};

/// Pieces that are in memory at a time. Fixed, so that what is reported does not depend on the machine.
const WAVE: usize = 16;

/// Why a fleet of several files is refused.
pub(super) const ONE_FILE: &str = "a fleet is one file";

/// A table that is being read.
pub(super) enum Source {
    Csv(Csv),
    Parquet(Box<Parquet>),
}

/// Some rows of the table.
pub(super) enum Piece {
    Text(Block),
    Arrow(RecordBatch),
}

impl Source {
    /// Opens a table and reads what columns it has.
    pub fn open(table: TableData, knowledge: &KnowledgeBase) -> Result<Self, Diagnostics> {
        let TableData { file, format, content } = table;
        if format == Format::Parquet {
            return Ok(Source::Parquet(Box::new(Parquet::open(&file, content, knowledge)?)));
        }
        let unreadable = |reason: String| Diagnostic::from(TableError::Unreadable { file: file.clone(), reason });
        let plain: Box<dyn Read + Send> = match content {
            Content::Memory(bytes) => Box::new(std::io::Cursor::new(bytes)),
            Content::File(mut handle) => {
                handle.seek(SeekFrom::Start(0)).map_err(|error| unreadable(error.to_string()))?;
                Box::new(handle)
            }
            Content::Several(_) => return Err(unreadable(ONE_FILE.to_owned()).into()),
        };
        let reader = match format {
            Format::CsvGz => Box::new(flate2::read::MultiGzDecoder::new(plain)),
            Format::Csv => plain,
            _ => return Err(unreadable("a fleet is read from CSV, gzipped CSV or Parquet".to_owned()).into()),
        };
        Ok(Source::Csv(Csv::open(&file, reader).map_err(Diagnostic::from)?))
    }

    /// Returns the columns.
    pub fn headings(&self) -> Vec<Heading> {
        match self {
            Source::Csv(csv) => csv.columns.iter().map(|name| Heading::plain(name)).collect(),
            Source::Parquet(parquet) => parquet.columns.iter().map(|(heading, _)| heading.clone()).collect(),
        }
    }

    /// Returns where the cells of each column are in a record batch.
    pub fn paths(&self) -> Vec<Path> {
        match self {
            Source::Csv(_) => Vec::new(),
            Source::Parquet(parquet) => parquet.columns.iter().map(|(_, path)| path.clone()).collect(),
        }
    }

    /// Returns the next pieces; none at the end of the table.
    pub fn next_wave(&mut self) -> Result<Vec<Piece>, Diagnostic> {
        let mut wave = Vec::with_capacity(WAVE);
        while wave.len() < WAVE {
            let piece = match self {
                Source::Csv(csv) => csv.next_block()?.map(Piece::Text),
                Source::Parquet(parquet) => parquet.next_batch()?.map(Piece::Arrow),
            };
            match piece {
                Some(piece) => wave.push(piece),
                None => break,
            }
        }
        Ok(wave)
    }
}

/// What is wrong with a piece; rows are counted within it.
#[derive(Debug)]
pub(super) enum PieceError {
    Row(RowError),
    Other(Diagnostic),
}

impl Piece {
    /// Reads the rows.
    pub fn read<'a>(&self, columns: &Columns, paths: &[Path], intake: &'a Intake) -> Result<Batch<'a>, PieceError> {
        match self {
            Piece::Text(block) => block.read(columns.names.len(), intake).map_err(PieceError::Row),
            Piece::Arrow(batch) => {
                arrow::read(batch, columns, paths, intake).map_err(|error| PieceError::Other(error.into()))
            }
        }
    }
}
