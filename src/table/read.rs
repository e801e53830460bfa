//! From bytes to the pilot's two tables and their companions.

use super::column::{Builder, Column, Wanted};
use super::companion::{self, Companion};
use super::csv::{Csv, row_number};
use super::error::TableError;
use super::parquet::Parquet;
use super::part::Part;
use super::roles::Roles;
use super::spec::{Content, Format, OneClass, PilotSpec, TableData, TableRole, TableSpec};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bytes::Bytes;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::io::{Read, Seek, SeekFrom};

/// The pilot's tables, read and checked.
#[derive(Clone, Debug)]
pub(crate) struct Pilot {
    pub development: Option<Part>,
    pub deployment: Option<Part>,
    pub roles: Roles,
    /// In the order of the manifest.
    pub companions: Vec<Companion>,
}

impl Pilot {
    /// Returns the table with that role.
    pub fn part(&self, role: TableRole) -> Option<&Part> {
        match role {
            TableRole::Development => self.development.as_ref(),
            TableRole::Deployment => self.deployment.as_ref(),
            _ => None,
        }
    }

    /// Returns the companion table with that role.
    pub fn companion(&self, role: TableRole) -> Option<&Companion> {
        self.companions.iter().find(|companion| companion.role() == role)
    }
}

/// The wanted columns of one file.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub file: String,
    pub sha256: String,
    pub rows: usize,
    pub columns: Vec<(String, Wanted, Column)>,
}

/// Reads each file once and divides it into the pilot's tables.
///
/// # Errors
/// D101 to D114, and D120 to D122 for companion tables: all that can be found in one go.
pub(crate) fn read(pilot: &PilotSpec, tables: Vec<TableData>, one_class: OneClass) -> Result<Pilot, Diagnostics> {
    let specs: Vec<(TableRole, &TableSpec)> =
        [(TableRole::Development, &pilot.development), (TableRole::Deployment, &pilot.deployment)]
            .into_iter()
            .filter_map(|(role, spec)| Some((role, spec.as_ref()?)))
            .collect();
    let companions = pilot.companions.iter().map(|companion| (companion.role, &companion.table));
    let all: Vec<(TableRole, &TableSpec)> = specs.iter().copied().chain(companions).collect();
    let raw = take_files(&all, tables)?;
    let mut opened = Vec::new();
    let mut errors = Diagnostics::default();
    for file in &raw {
        match file.open() {
            Ok(source) => opened.push(source),
            Err(error) => errors.push(error),
        }
    }
    stop_at(errors)?;

    // The pilot's files come first; those of companions alone share nothing with them.
    let own = raw.iter().zip(&opened).filter(|(file, _)| specs.iter().any(|(_, spec)| spec.file == file.name));
    // The deployment table is the one that people look at: its header sets the order of patterns.
    let headers: Vec<(&str, &[String])> =
        own.clone().rev().map(|(file, source)| (file.name.as_str(), source.columns())).collect();
    let roles = Roles::resolve(&pilot.columns, &headers)?;
    let every: Vec<(&str, &[String])> =
        raw.iter().zip(&opened).map(|(file, source)| (file.name.as_str(), source.columns())).collect();
    check_filters(&all, &every)?;
    let wanted = roles.wanted(pilot);
    let read: Vec<Result<Table, Diagnostics>> =
        own.map(|(file, source)| read_table(file, source, &wanted, &roles)).collect();
    let mut errors = Diagnostics::default();
    let mut found = Vec::new();
    for table in read {
        match table {
            Ok(table) => found.push(table),
            Err(more) => errors.append(more),
        }
    }
    stop_at(errors)?;

    let mut result = Pilot { development: None, deployment: None, roles, companions: Vec::new() };
    let mut errors = Diagnostics::default();
    for spec in &pilot.companions {
        let Some((file, source)) = raw.iter().zip(&opened).find(|(file, _)| file.name == spec.table.file) else {
            continue;
        };
        match companion::read(spec, file, source, pilot.on_missing) {
            Ok(companion) => result.companions.push(companion),
            Err(more) => errors.append(more),
        }
    }
    let parts: Vec<(TableRole, Result<Part, Diagnostics>)> = specs
        .par_iter()
        .filter_map(|(role, spec)| {
            let table = found.iter().find(|table| table.file == spec.file)?;
            Some((*role, Part::new(*role, spec, table, &result.roles, pilot, one_class)))
        })
        .collect();
    for (role, part) in parts {
        match part {
            Ok(part) if role == TableRole::Development => result.development = Some(part),
            Ok(part) => result.deployment = Some(part),
            Err(more) => errors.append(more),
        }
    }
    stop_at(errors)?;
    Ok(result)
}

pub(super) fn stop_at(errors: Diagnostics) -> Result<(), Diagnostics> {
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// A file's bytes. Parquet and CSV are both read whole: the digest needs every byte anyway, and the
/// columns kept in memory are of the same size.
pub(super) struct Raw {
    pub name: String,
    format: Format,
    bytes: Bytes,
    /// The text of a compressed file.
    text: Option<Vec<u8>>,
}

/// Returns the bytes of each file that is named, in the order of the tables.
fn take_files(specs: &[(TableRole, &TableSpec)], mut tables: Vec<TableData>) -> Result<Vec<Raw>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let mut raw: Vec<Raw> = Vec::new();
    for (role, spec) in specs {
        if raw.iter().any(|file| file.name == spec.file) {
            continue;
        }
        let Some(position) = tables.iter().position(|table| table.file == spec.file) else {
            errors.push(TableError::NotGiven { role: *role, file: spec.file.clone() });
            continue;
        };
        let table = tables.swap_remove(position);
        let unreadable =
            |error: std::io::Error| TableError::Unreadable { file: spec.file.clone(), reason: error.to_string() };
        let loaded = load(table.content).and_then(|bytes| {
            let text = match table.format {
                Format::CsvGz => Some(unpacked(&bytes)?),
                Format::Csv | Format::Parquet => None,
            };
            Ok(Raw { name: table.file, format: table.format, bytes, text })
        });
        match loaded.map_err(unreadable) {
            Ok(file) => raw.push(file),
            Err(error) => errors.push(error),
        }
    }
    stop_at(errors)?;
    Ok(raw)
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

pub(super) enum Source<'a> {
    Csv(Csv<'a>),
    Parquet(Parquet<'a>),
}

impl Raw {
    fn open(&self) -> Result<Source<'_>, TableError> {
        let source = match self.format {
            Format::Csv | Format::CsvGz => {
                let text = self.text.as_deref().unwrap_or(&self.bytes);
                Source::Csv(Csv::open(&self.name, text)?)
            }
            Format::Parquet => Source::Parquet(Parquet::open(&self.name, self.bytes.clone())?),
        };
        let columns = source.columns();
        let twice = columns.iter().enumerate().find(|(place, name)| columns.iter().take(*place).any(|n| n == *name));
        match twice {
            Some((_, column)) => Err(TableError::DuplicateColumn { file: self.name.clone(), column: column.clone() }),
            None => Ok(source),
        }
    }
}

impl Source<'_> {
    pub fn columns(&self) -> &[String] {
        match self {
            Source::Csv(csv) => &csv.columns,
            Source::Parquet(parquet) => &parquet.columns,
        }
    }
}

fn check_filters(specs: &[(TableRole, &TableSpec)], headers: &[(&str, &[String])]) -> Result<(), Diagnostics> {
    let mut errors = Diagnostics::default();
    for (_, spec) in specs {
        let columns = headers.iter().find(|(file, _)| *file == spec.file).map_or(&[][..], |(_, columns)| columns);
        for (column, _) in spec.filter.iter().filter(|(column, _)| !columns.contains(&column.value)) {
            errors.push(TableError::UnknownColumn {
                file: spec.file.clone(),
                column: column.clone(),
                columns: columns.to_vec(),
            });
        }
    }
    stop_at(errors)
}

pub(super) fn read_table(
    file: &Raw,
    source: &Source<'_>,
    wanted: &[(String, Wanted)],
    roles: &Roles,
) -> Result<Table, Diagnostics> {
    // A filter column of the other file may be lacking here.
    let found: Vec<(usize, &(String, Wanted))> = wanted
        .iter()
        .filter_map(|column| Some((source.columns().iter().position(|name| *name == column.0)?, column)))
        .collect();
    let places: Vec<(usize, Wanted)> = found.iter().map(|(place, (_, wanted))| (*place, *wanted)).collect();
    let (read, sha256) = rayon::join(
        || match source {
            Source::Csv(csv) => csv.read(&places),
            Source::Parquet(parquet) => parquet.read(&places),
        },
        || hex(&Sha256::digest(&file.bytes)),
    );
    let read = read.and_then(|(rows, builders)| match u32::try_from(rows) {
        Ok(_) => Ok((rows, builders)),
        Err(_) => Err(TableError::Unreadable {
            file: file.name.clone(),
            reason: format!("it has {rows} rows, and no more than {} can be read", u32::MAX),
        }),
    });
    let (rows, builders) = read.map_err(|error| Diagnostics::from(Diagnostic::from(error)))?;
    let mut errors = Diagnostics::default();
    for (builder, (_, (column, wanted))) in builders.iter().zip(&found) {
        if let Some(error) = bad_cells(&file.name, column, *wanted, builder, roles) {
            errors.push(error);
        }
    }
    stop_at(errors)?;
    let columns = builders
        .into_par_iter()
        .zip(found)
        .map(|(builder, (_, (name, wanted)))| (name.clone(), *wanted, builder.finish()))
        .collect();
    Ok(Table { file: file.name.clone(), sha256, rows, columns })
}

fn bad_cells(file: &str, column: &str, wanted: Wanted, builder: &Builder, roles: &Roles) -> Option<TableError> {
    let (row, text) = builder.bad.first.clone()?;
    let (file, column, row, others) = (file.to_owned(), column.to_owned(), row_number(row), builder.bad.count - 1);
    Some(match wanted {
        Wanted::Label => {
            let role = roles.span(&column, wanted);
            TableError::NotBinary { file, column, row, text, others, role }
        }
        Wanted::Number | Wanted::Category => TableError::NotANumber { file, column, row, text, others },
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
