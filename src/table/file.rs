//! The bytes of a table's files, and each opened as what it is.

use super::arrays::Arrays;
use super::csv::Csv;
use super::error::TableError;
use super::ipc::Ipc;
use super::json_lines::JsonLines;
use super::parquet::Parquet;
use super::spec::{Content, Format, TableData};
use super::store::{Opened, Store};
use super::text::Text;
use super::{column::Builder, column::Wanted};
use bytes::Bytes;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::{Error, Read};
use std::sync::Arc;

/// A table's files, in the order in which their rows follow each other; one unless the manifest names a
/// folder or a pattern.
pub(super) struct Stored {
    /// As the manifest writes it.
    pub name: String,
    pub files: Vec<Raw>,
}

/// A file that is there to be read, by its parts as they are asked for; arrays that are no archive are held whole.
pub(super) struct Raw {
    pub name: String,
    format: Format,
    store: Store,
    /// All bytes; empty where parts are read.
    whole: Bytes,
}

impl Stored {
    /// Makes every file ready to be read.
    pub fn load(table: TableData) -> Result<Self, TableError> {
        let load_one = |(name, content): (String, Content)| {
            let raw = Raw::load(name.clone(), table.format, content);
            raw.map_err(|error| TableError::Unreadable { file: name, reason: error.to_string() })
        };
        let files = flat(table.file.clone(), table.content).into_iter().map(load_one);
        Ok(Self { files: files.collect::<Result<_, _>>()?, name: table.file })
    }

    /// Returns the SHA-256 of the file; of several files, that over their digests in order. Names are left
    /// out, so that files that are moved keep their digest.
    pub fn sha256(&self) -> Result<String, TableError> {
        let digest_of = |file: &Raw| {
            let unreadable =
                |error: Error| TableError::Unreadable { file: file.name.clone(), reason: error.to_string() };
            file.store.digest().map_err(unreadable)
        };
        let digests: Vec<[u8; 32]> = self.files.par_iter().map(digest_of).collect::<Result<_, _>>()?;
        let digest = match digests.as_slice() {
            [one] => *one,
            several => several.iter().fold(Sha256::new(), |hash, digest| hash.chain_update(digest)).finalize().into(),
        };
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Returns the files of a content, each by its name.
fn flat(name: String, content: Content) -> Vec<(String, Content)> {
    match content {
        Content::Several(files) => files.into_iter().flat_map(|(name, content)| flat(name, content)).collect(),
        one => vec![(name, one)],
    }
}

/// How many times its size a compressed table may unpack to. Tables of numbers reach ten; only a file
/// that was made to fill the memory goes beyond a hundred.
const RATIO_LIMIT: u64 = 100;
/// A small file may unpack to this many bytes whatever its ratio.
const UNPACKED_FLOOR: u64 = 16 << 20;

/// Reads what a file unpacks to, and refuses more than its size makes likely.
pub(super) struct Limited<R> {
    reader: R,
    left: u64,
}

impl<R> Limited<R> {
    pub fn new(reader: R, store: &Store) -> Self {
        Self { reader, left: most_unpacked(store) }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(bytes)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(too_much)?;
        Ok(read)
    }
}

fn too_much() -> Error {
    Error::other(format!("it unpacks to more than {RATIO_LIMIT} times its size"))
}

fn most_unpacked(store: &Store) -> u64 {
    store.size().saturating_mul(RATIO_LIMIT).max(UNPACKED_FLOOR)
}

/// Refuses a file that unpacks to so many bytes if these are too many for its size.
pub(super) fn check_unpacked(store: &Store, bytes: u64) -> std::io::Result<()> {
    match bytes <= most_unpacked(store) {
        true => Ok(()),
        false => Err(too_much()),
    }
}

/// What is done with the rows of a batch: their number, and a builder for each wanted column.
pub(super) type Visit<'v> = dyn FnMut(usize, Vec<Builder>) -> Result<(), TableError> + 'v;

/// A file whose columns are known and whose rows are still to be read.
pub(super) enum Source<'a> {
    Csv(Csv<'a>),
    JsonLines(JsonLines<'a>),
    Parquet(Parquet<'a>),
    Arrow(Ipc<'a>),
    Arrays(Arrays<'a>),
}

impl Raw {
    fn load(name: String, format: Format, content: Content) -> std::io::Result<Self> {
        let store = match content {
            Content::Memory(bytes) => Store::Memory(bytes),
            Content::File(file) => Store::File(Arc::new(Opened::new(file)?)),
            Content::Several(_) => return Err(Error::other("it is several files")),
        };
        Ok(match format {
            Format::Numpy | Format::Safetensors => {
                let whole = store.whole()?;
                Self { name, format, store: Store::Memory(whole.clone()), whole }
            }
            _ => Self { name, format, store, whole: Bytes::new() },
        })
    }

    /// Reads what columns the file has.
    pub fn open(&self) -> Result<Source<'_>, TableError> {
        let text = |packed| Text::new(self.store.clone(), packed);
        let source = match self.format {
            Format::Csv => Source::Csv(Csv::open(&self.name, text(false))?),
            Format::CsvGz => Source::Csv(Csv::open(&self.name, text(true))?),
            Format::JsonLines => Source::JsonLines(JsonLines::open(&self.name, text(false))?),
            Format::JsonLinesGz => Source::JsonLines(JsonLines::open(&self.name, text(true))?),
            Format::Parquet => Source::Parquet(Parquet::open(&self.name, self.store.clone())?),
            Format::Arrow => Source::Arrow(Ipc::open(&self.name, self.store.clone())?),
            Format::Numpy => Source::Arrays(Arrays::open_npy(&self.name, &self.whole)?),
            Format::NumpyArchive => Source::Arrays(Arrays::open_npz(&self.name, &self.store)?),
            Format::Safetensors => Source::Arrays(Arrays::open_safetensors(&self.name, &self.whole)?),
            Format::Torch => Source::Arrays(Arrays::open_torch(&self.name, &self.store)?),
        };
        let mut seen = std::collections::HashSet::new();
        match source.columns().iter().find(|column| !seen.insert(column.as_str())) {
            Some(column) => Err(TableError::DuplicateColumn { file: self.name.clone(), column: column.clone() }),
            None => Ok(source),
        }
    }
}

impl Source<'_> {
    /// Returns the names of the columns.
    pub fn columns(&self) -> &[String] {
        match self {
            Source::Csv(csv) => &csv.columns,
            Source::JsonLines(lines) => &lines.columns,
            Source::Parquet(parquet) => &parquet.columns,
            Source::Arrow(ipc) => &ipc.columns,
            Source::Arrays(arrays) => &arrays.columns,
        }
    }

    /// Reads the wanted columns, given by position; returns how many rows there are.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        match self {
            Source::Csv(csv) => csv.read(wanted),
            Source::JsonLines(lines) => lines.read(wanted),
            Source::Parquet(parquet) => parquet.read(wanted),
            Source::Arrow(ipc) => ipc.read(wanted),
            Source::Arrays(arrays) => arrays.read(wanted),
        }
    }

    /// Hands the wanted columns to `visit`, so many rows at a time and in order. What is wrong with a batch is
    /// told with places in that batch.
    pub fn read_in_batches(&self, wanted: &[(usize, Wanted)], visit: &mut Visit<'_>) -> Result<(), TableError> {
        match self {
            Source::Csv(csv) => csv.read_in_batches(wanted, visit),
            Source::JsonLines(lines) => lines.read_in_batches(wanted, visit),
            Source::Parquet(parquet) => parquet.read_in_batches(wanted, visit),
            Source::Arrow(ipc) => ipc.read_in_batches(wanted, visit),
            Source::Arrays(arrays) => arrays.read_in_batches(wanted, visit),
        }
    }
}
