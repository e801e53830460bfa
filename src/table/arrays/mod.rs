//! Arrays as numpy, torch and safetensors save them, where their shape is that of columns: one entry, or one
//! row of entries, for each row of the table.
//!
//! Nothing in such a file is carried out, and no length in it is believed before it was held against the
//! bytes that are there. Start with [`Arrays`]; [`array::Array`] says which shapes are columns.

mod archive;
mod array;
mod cells;
mod element;
mod literal;
mod npy;
mod pickle;
mod safetensors;
mod torch;

use super::column::{Builder, Wanted};
use super::error::TableError;
use super::file::Visit;
use super::store::Store;
use array::{Array, MOST_COLUMNS};
use bytes::Bytes;
use cells::{Cells, NotText};
use rayon::prelude::*;
use std::ops::Range;

/// Rows handed over at a time where a table is read in batches.
const BATCH: usize = 1 << 18;

/// Why a file gives no columns.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refusal {
    /// It is not what its name says, or bytes are missing or changed.
    Damaged(String),
    /// It is sound and holds something that is no column; what, and what to save instead.
    NotColumns { reason: String, repair: String },
}

impl Refusal {
    fn damaged(reason: &str) -> Self {
        Refusal::Damaged(reason.to_owned())
    }

    fn not_columns(reason: impl Into<String>, repair: impl Into<String>) -> Self {
        Refusal::NotColumns { reason: reason.into(), repair: repair.into() }
    }

    fn of(self, file: &str) -> TableError {
        let file = file.to_owned();
        match self {
            Refusal::Damaged(reason) => TableError::Unreadable { file, reason },
            Refusal::NotColumns { reason, repair } => TableError::NotColumns { file, reason, repair },
        }
    }
}

/// A description of arrays with more bytes than this is refused: what is read of it takes several times its size.
const MOST_DESCRIPTION: usize = 4 << 20;

/// What is said where bytes end too early.
const CUT_SHORT: &str = "it is damaged or was cut short";

/// A file of arrays whose headers were read.
pub(super) struct Arrays<'a> {
    file: &'a str,
    pub columns: Vec<String>,
    cells: Vec<Cells>,
    rows: usize,
}

impl<'a> Arrays<'a> {
    /// Reads the header of a `.npy` file.
    pub fn open_npy(file: &'a str, bytes: &Bytes) -> Result<Self, TableError> {
        Self::open(file, || npy::arrays("column", true, bytes.clone()))
    }

    /// Reads every array of a `.npz` file.
    pub fn open_npz(file: &'a str, store: &Store) -> Result<Self, TableError> {
        Self::open(file, || {
            let archive = archive::Archive::open(store)?;
            let names: Vec<String> = archive.names().filter(|name| name.ends_with(".npy")).collect();
            let read = archive.read(&names)?.into_iter().zip(&names);
            let arrays = read.map(|(bytes, name)| npy::arrays(name.trim_end_matches(".npy"), false, bytes));
            Ok(arrays.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// Reads the header of a `.safetensors` file.
    pub fn open_safetensors(file: &'a str, bytes: &Bytes) -> Result<Self, TableError> {
        Self::open(file, || safetensors::arrays(bytes))
    }

    /// Reads the tensors of a `.pt` file.
    pub fn open_torch(file: &'a str, store: &Store) -> Result<Self, TableError> {
        Self::open(file, || torch::arrays(store))
    }

    fn open(file: &'a str, arrays: impl FnOnce() -> Result<Vec<Array>, Refusal>) -> Result<Self, TableError> {
        let found = arrays().and_then(|arrays| {
            let mut columns: Vec<(String, Cells)> = Vec::new();
            for array in arrays {
                columns.extend(array.columns()?);
                if columns.len() > MOST_COLUMNS {
                    let reason = format!("it has more than {MOST_COLUMNS} columns");
                    return Err(Refusal::not_columns(reason, "save those that are needed"));
                }
            }
            let Some((first, cells)) = columns.first() else { return Err(Refusal::damaged("it holds no array")) };
            let rows = cells.rows();
            match columns.iter().find(|(_, cells)| cells.rows() != rows) {
                None => Ok((rows, columns)),
                Some((other, cells)) => Err(Refusal::not_columns(
                    format!("`{first}` has {rows} rows and `{other}` has {}", cells.rows()),
                    "save arrays with one entry for each row together, and all others in a file of their own",
                )),
            }
        });
        let (rows, columns) = found.map_err(|refusal| refusal.of(file))?;
        let (columns, cells) = columns.into_iter().unzip();
        Ok(Self { file, columns, cells, rows })
    }

    /// Reads the wanted columns, given by position.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        Ok((self.rows, self.read_rows(wanted, 0..self.rows)?))
    }

    /// Hands the wanted columns to `visit`, so many rows at a time and in order.
    pub fn read_in_batches(&self, wanted: &[(usize, Wanted)], visit: &mut Visit<'_>) -> Result<(), TableError> {
        for start in (0..self.rows).step_by(BATCH) {
            let rows = start..(start + BATCH).min(self.rows);
            visit(rows.len(), self.read_rows(wanted, rows)?)?;
        }
        Ok(())
    }

    fn read_rows(&self, wanted: &[(usize, Wanted)], rows: Range<usize>) -> Result<Vec<Builder>, TableError> {
        let read_column = |&(column, wanted): &(usize, Wanted)| {
            let mut builder = Builder::new(wanted, rows.len());
            let Some(cells) = self.cells.get(column) else { return Ok(builder) };
            match cells.push(&mut builder, rows.clone()) {
                Ok(()) => Ok(builder),
                Err(NotText(row)) => {
                    Err(TableError::NotUtf8 { file: self.file.to_owned(), row: Some(super::csv::row_number(row)) })
                }
            }
        };
        wanted.par_iter().map(read_column).collect::<Vec<_>>().into_iter().collect()
    }
}
