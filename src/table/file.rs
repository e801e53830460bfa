//! The bytes of a table's files, and each opened as what it is.

use super::csv::Csv;
use super::error::TableError;
use super::ipc::Ipc;
use super::json_lines::JsonLines;
use super::parquet::Parquet;
use super::spec::{Content, Format, TableData};
use super::{column::Builder, column::Wanted};
use bytes::Bytes;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::{Read, Seek, SeekFrom};

/// A table's files, in the order in which their rows follow each other; one unless the manifest names a
/// folder or a pattern.
pub(super) struct Stored {
    /// As the manifest writes it.
    pub name: String,
    pub files: Vec<Raw>,
}

/// A file's bytes. Every format is read whole: the digest needs every byte anyway, and the columns kept
/// in memory are of the same size.
pub(super) struct Raw {
    pub name: String,
    format: Format,
    bytes: Bytes,
    /// The text of a compressed file.
    text: Option<Vec<u8>>,
}

impl Stored {
    /// Reads the bytes of every file.
    pub fn load(table: TableData) -> Result<Self, TableError> {
        let load_one = |(name, content): (String, Content)| {
            let loaded = load(content).and_then(|bytes| {
                let text = match table.format {
                    Format::CsvGz | Format::JsonLinesGz => Some(unpacked(&bytes)?),
                    Format::Csv | Format::JsonLines | Format::Parquet | Format::Arrow => None,
                };
                Ok((bytes, text))
            });
            match loaded {
                Ok((bytes, text)) => Ok(Raw { name, format: table.format, bytes, text }),
                Err(error) => Err(TableError::Unreadable { file: name, reason: error.to_string() }),
            }
        };
        let files = flat(table.file.clone(), table.content).into_iter().map(load_one);
        Ok(Self { files: files.collect::<Result<_, _>>()?, name: table.file })
    }

    /// Returns the SHA-256 of the file; of several files, that over their digests in order. Names are left
    /// out, so that files that are moved keep their digest.
    pub fn sha256(&self) -> String {
        let digests: Vec<_> = self.files.par_iter().map(|file| Sha256::digest(&file.bytes)).collect();
        let digest = match digests.as_slice() {
            [one] => *one,
            several => several.iter().fold(Sha256::new(), |hash, digest| hash.chain_update(digest)).finalize(),
        };
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Returns the files of a content, each by its name.
fn flat(name: String, content: Content) -> Vec<(String, Content)> {
    match content {
        Content::Several(files) => files.into_iter().flat_map(|(name, content)| flat(name, content)).collect(),
        one => vec![(name, one)],
    }
}

fn load(content: Content) -> std::io::Result<Bytes> {
    match content {
        Content::Memory(bytes) => Ok(bytes),
        Content::File(mut file) => {
            let size = usize::try_from(file.seek(SeekFrom::End(0))?).unwrap_or(0);
            let mut bytes = vec![0; size];
            fill(&mut file, &mut bytes)?;
            Ok(Bytes::from(bytes))
        }
        Content::Several(_) => Err(std::io::Error::other("it is several files")),
    }
}

/// Reads the file from its start, in pieces at the same time.
#[cfg(unix)]
fn fill(file: &mut std::fs::File, bytes: &mut [u8]) -> std::io::Result<()> {
    use std::os::unix::fs::FileExt;
    const PIECE: usize = 4 << 20;
    let file = &*file;
    bytes
        .par_chunks_mut(PIECE)
        .enumerate()
        .map(|(place, piece)| file.read_exact_at(piece, (place * PIECE) as u64))
        .collect::<std::io::Result<()>>()
}

/// Reads the file from its start.
#[cfg(not(unix))]
fn fill(file: &mut std::fs::File, bytes: &mut [u8]) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(bytes)
}

/// How many times its size a compressed table may unpack to. Tables of numbers reach ten; only a file
/// that was made to fill the memory goes beyond a hundred.
const RATIO_LIMIT: u64 = 100;
/// A small file may unpack to this many bytes whatever its ratio.
const UNPACKED_FLOOR: u64 = 16 << 20;

fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let limit = (bytes.len() as u64).saturating_mul(RATIO_LIMIT).max(UNPACKED_FLOOR);
    let mut text = Vec::new();
    let read = flate2::read::MultiGzDecoder::new(bytes).take(limit + 1).read_to_end(&mut text)?;
    if read as u64 > limit {
        return Err(std::io::Error::other(format!("it unpacks to more than {RATIO_LIMIT} times its size")));
    }
    Ok(text)
}

/// A file whose columns are known and whose rows are still to be read.
pub(super) enum Source<'a> {
    Csv(Csv<'a>),
    JsonLines(JsonLines<'a>),
    Parquet(Parquet<'a>),
    Arrow(Ipc<'a>),
}

impl Raw {
    /// Reads what columns the file has.
    pub fn open(&self) -> Result<Source<'_>, TableError> {
        let text = self.text.as_deref().unwrap_or(&self.bytes);
        let source = match self.format {
            Format::Csv | Format::CsvGz => Source::Csv(Csv::open(&self.name, text)?),
            Format::JsonLines | Format::JsonLinesGz => Source::JsonLines(JsonLines::open(&self.name, text)?),
            Format::Parquet => Source::Parquet(Parquet::open(&self.name, self.bytes.clone())?),
            Format::Arrow => Source::Arrow(Ipc::open(&self.name, self.bytes.clone())?),
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
        }
    }

    /// Reads the wanted columns, given by position; returns how many rows there are.
    pub fn read(&self, wanted: &[(usize, Wanted)]) -> Result<(usize, Vec<Builder>), TableError> {
        match self {
            Source::Csv(csv) => csv.read(wanted),
            Source::JsonLines(lines) => lines.read(wanted),
            Source::Parquet(parquet) => parquet.read(wanted),
            Source::Arrow(ipc) => ipc.read(wanted),
        }
    }
}
