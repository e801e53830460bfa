//! From bytes to the pilot's two tables and their companions.

use super::column::{Builder, Column, Wanted};
use super::companion::{self, Companion};
use super::csv::row_number;
use super::error::TableError;
use super::file::{Raw, Source, Stored};
use super::part::Part;
use super::roles::Roles;
use super::spec::{OneClass, PilotSpec, TableData, TableRole, TableSpec};
use crate::diagnostic::{Diagnostic, Diagnostics};
use rayon::prelude::*;

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

/// The wanted columns of what the manifest names as a file.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub file: String,
    pub sha256: String,
    pub rows: usize,
    pub columns: Vec<(String, Wanted, Column)>,
    /// Each file that was read and how many rows it has.
    pub(super) files: Vec<(String, usize)>,
}

impl Table {
    /// Returns the file in which a row stands, and its number there, from 1.
    pub fn place(&self, row: usize) -> (String, u64) {
        let mut before = 0;
        for (file, rows) in &self.files {
            if row < before + rows {
                return (file.clone(), row_number(row - before));
            }
            before += rows;
        }
        (self.file.clone(), row_number(row))
    }
}

/// Reads each file once and divides it into the pilot's tables.
///
/// # Errors
/// D101 to D117, and D120 to D122 for companion tables: all that can be found in one go.
pub(crate) fn read(pilot: &PilotSpec, tables: Vec<TableData>, one_class: OneClass) -> Result<Pilot, Diagnostics> {
    let stored = take_files(&every_table(pilot), tables)?;
    let opened = open_files(&stored)?;
    read_opened(pilot, &stored, &opened, one_class)
}

/// Reads the pilot's tables from their opened files.
pub(super) fn read_opened(
    pilot: &PilotSpec,
    stored: &[Stored],
    opened: &[Vec<Source<'_>>],
    one_class: OneClass,
) -> Result<Pilot, Diagnostics> {
    let roles = roles_of(pilot, stored, opened)?;
    let wanted = roles.wanted(pilot);
    let read: Vec<Result<Table, Diagnostics>> = own_tables(pilot, stored, opened)
        .into_iter()
        .map(|(table, sources)| read_table(table, sources, &wanted, &roles))
        .collect();
    let mut errors = Diagnostics::default();
    let mut found = Vec::new();
    for table in read {
        match table {
            Ok(table) => found.push(table),
            Err(more) => errors.append(more),
        }
    }
    stop_at(errors)?;

    let mut errors = Diagnostics::default();
    let companions = companions_of(pilot, stored, opened, &mut errors);
    let mut result = Pilot { development: None, deployment: None, roles, companions };
    let parts: Vec<(TableRole, Result<Part, Diagnostics>)> = pilot_tables(pilot)
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

/// Returns the pilot's own tables.
pub(super) fn pilot_tables(pilot: &PilotSpec) -> Vec<(TableRole, &TableSpec)> {
    [(TableRole::Development, &pilot.development), (TableRole::Deployment, &pilot.deployment)]
        .into_iter()
        .filter_map(|(role, spec)| Some((role, spec.as_ref()?)))
        .collect()
}

/// Returns the pilot's own tables, then its companions'.
pub(super) fn every_table(pilot: &PilotSpec) -> Vec<(TableRole, &TableSpec)> {
    let companions = pilot.companions.iter().map(|companion| (companion.role, &companion.table));
    pilot_tables(pilot).into_iter().chain(companions).collect()
}

/// Returns the opened files of the pilot's own tables; those of companions alone share nothing with them.
pub(super) fn own_tables<'a>(
    pilot: &PilotSpec,
    stored: &'a [Stored],
    opened: &'a [Vec<Source<'a>>],
) -> Vec<(&'a Stored, &'a Vec<Source<'a>>)> {
    let specs = pilot_tables(pilot);
    stored.iter().zip(opened).filter(|(table, _)| specs.iter().any(|(_, spec)| spec.file == table.name)).collect()
}

/// Returns what the columns mean, after a look at the columns that filters name.
pub(super) fn roles_of(pilot: &PilotSpec, stored: &[Stored], opened: &[Vec<Source<'_>>]) -> Result<Roles, Diagnostics> {
    // The deployment table is the one that people look at: its header sets the order of patterns.
    let own = own_tables(pilot, stored, opened);
    let headers: Vec<(&str, &[String])> = own.into_iter().rev().filter_map(header).collect();
    let roles = Roles::resolve(&pilot.columns, &headers)?;
    let every: Vec<(&str, &[String])> = stored.iter().zip(opened).filter_map(header).collect();
    check_filters(&every_table(pilot), &every)?;
    Ok(roles)
}

/// Returns the companion tables that can be read.
pub(super) fn companions_of(
    pilot: &PilotSpec,
    stored: &[Stored],
    opened: &[Vec<Source<'_>>],
    errors: &mut Diagnostics,
) -> Vec<Companion> {
    let mut companions = Vec::new();
    for spec in &pilot.companions {
        let Some((table, sources)) = stored.iter().zip(opened).find(|(table, _)| table.name == spec.table.file) else {
            continue;
        };
        match companion::read(spec, table, sources, pilot.on_missing) {
            Ok(companion) => companions.push(companion),
            Err(more) => errors.append(more),
        }
    }
    companions
}

pub(super) fn stop_at(errors: Diagnostics) -> Result<(), Diagnostics> {
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Returns the files of each table that is named, in the order of the tables.
pub(super) fn take_files(
    specs: &[(TableRole, &TableSpec)],
    mut tables: Vec<TableData>,
) -> Result<Vec<Stored>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let mut stored: Vec<Stored> = Vec::new();
    for (role, spec) in specs {
        if stored.iter().any(|table| table.name == spec.file) {
            continue;
        }
        let Some(position) = tables.iter().position(|table| table.file == spec.file) else {
            errors.push(TableError::NotGiven { role: *role, file: spec.file.clone() });
            continue;
        };
        match Stored::load(tables.swap_remove(position)) {
            Ok(table) => stored.push(table),
            Err(error) => errors.push(error),
        }
    }
    stop_at(errors)?;
    Ok(stored)
}

/// Opens every file; those of one table must have the same columns.
pub(super) fn open_files(stored: &[Stored]) -> Result<Vec<Vec<Source<'_>>>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let mut opened = Vec::new();
    for table in stored {
        let mut sources: Vec<Source<'_>> = Vec::new();
        for file in &table.files {
            match file.open() {
                Ok(source) => {
                    if let (Some(first), Some(named)) = (sources.first(), table.files.first())
                        && let Some(error) = differing(&named.name, first, &file.name, &source)
                    {
                        errors.push(error);
                    }
                    sources.push(source);
                }
                Err(error) => errors.push(error),
            }
        }
        opened.push(sources);
    }
    stop_at(errors)?;
    Ok(opened)
}

/// Says which column one of two files lacks, if one does. The order of columns may differ.
fn differing(file: &str, columns: &Source<'_>, other_file: &str, others: &Source<'_>) -> Option<TableError> {
    let (columns, others) = (columns.columns(), others.columns());
    let lacking = |of: &[String], among: &[String]| of.iter().find(|column| !among.contains(column)).cloned();
    let error = |lacks: &str, has: &str, column| TableError::OtherColumns {
        file: lacks.to_owned(),
        column,
        other: has.to_owned(),
    };
    lacking(columns, others)
        .map(|column| error(other_file, file, column))
        .or_else(|| lacking(others, columns).map(|column| error(file, other_file, column)))
}

/// Returns the name and the columns of a table.
fn header<'a>((table, sources): (&'a Stored, &'a Vec<Source<'_>>)) -> Option<(&'a str, &'a [String])> {
    Some((table.name.as_str(), sources.first()?.columns()))
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
    stored: &Stored,
    sources: &[Source<'_>],
    wanted: &[(String, Wanted)],
    roles: &Roles,
) -> Result<Table, Diagnostics> {
    let (read, sha256) = rayon::join(
        || {
            let files: Vec<(&Raw, &Source<'_>)> = stored.files.iter().zip(sources).collect();
            files.into_par_iter().map(|(file, source)| read_file(file, source, wanted, roles)).collect::<Vec<_>>()
        },
        || stored.sha256(),
    );
    let mut errors = Diagnostics::default();
    let mut files = Vec::new();
    let mut all: Option<Vec<FoundColumn>> = None;
    for (file, read) in stored.files.iter().zip(read) {
        match (read, &mut all) {
            (Ok((rows, columns)), all) => {
                files.push((file.name.clone(), rows));
                match all {
                    // Every file has the same columns, and those wanted come in the same order.
                    Some(all) => all.iter_mut().zip(columns).for_each(|(all, more)| all.2.append(more.2)),
                    None => *all = Some(columns),
                }
            }
            (Err(more), _) => errors.append(more),
        }
    }
    let sha256 = sha256.unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    stop_at(errors)?;
    let rows: usize = files.iter().map(|(_, rows)| rows).sum();
    if u32::try_from(rows).is_err() {
        let reason = format!("it has {rows} rows, and no more than {} can be read", u32::MAX);
        return Err(Diagnostic::from(TableError::Unreadable { file: stored.name.clone(), reason }).into());
    }
    let columns = all
        .unwrap_or_default()
        .into_par_iter()
        .map(|(name, wanted, builder)| (name, wanted, builder.finish()))
        .collect();
    Ok(Table { file: stored.name.clone(), sha256, rows, columns, files })
}

/// A wanted column that the file has.
type FoundColumn = (String, Wanted, Builder);

/// Returns how many rows a file has, and its wanted columns.
fn read_file(
    file: &Raw,
    source: &Source<'_>,
    wanted: &[(String, Wanted)],
    roles: &Roles,
) -> Result<(usize, Vec<FoundColumn>), Diagnostics> {
    let found = places_of(source, wanted);
    let places: Vec<(usize, Wanted)> = found.iter().map(|(place, (_, wanted))| (*place, *wanted)).collect();
    let (rows, builders) = source.read(&places).map_err(|error| Diagnostics::from(Diagnostic::from(error)))?;
    let mut errors = Diagnostics::default();
    for (builder, (_, (column, wanted))) in builders.iter().zip(&found) {
        if let Some(error) = bad_cells(&file.name, column, *wanted, builder, roles) {
            errors.push(error);
        }
    }
    stop_at(errors)?;
    let columns =
        builders.into_iter().zip(found).map(|(builder, (_, (name, wanted)))| (name.clone(), *wanted, builder));
    Ok((rows, columns.collect()))
}

/// Returns the wanted columns and where the file has them; a filter column of the other table may be lacking.
pub(super) fn places_of<'w>(source: &Source<'_>, wanted: &'w [(String, Wanted)]) -> Vec<(usize, &'w (String, Wanted))> {
    wanted
        .iter()
        .filter_map(|column| Some((source.columns().iter().position(|name| *name == column.0)?, column)))
        .collect()
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
