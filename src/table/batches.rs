//! A pilot's tables a batch of rows at a time, for states that are folded over files of any size.
//!
//! A batch is a quarter of a million rows of a Parquet file, a batch of an Arrow file, or sixteen megabytes of text; text with
//! quotes is one batch. Of Parquet no more than one batch is in memory; the other formats are held as bytes.

use super::column::Builder;
use super::companion::Companion;
use super::error::TableError;
use super::file::{Source, Stored};
use super::part::{Part, filter_words};
use super::read::{
    Table, companions_of, every_table, open_files, own_tables, pilot_tables, places_of, read_opened, roles_of, stop_at,
    take_files,
};
use super::roles::Roles;
use super::spec::{OneClass, PilotSpec, TableData, TableRole, TableSpec};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// What remains of a pilot whose rows were handed over in batches.
#[derive(Debug)]
pub(crate) struct Batches {
    pub roles: Roles,
    /// Development, then deployment, as far as the manifest names them.
    pub tables: Vec<BatchedTable>,
    /// Read whole, in the order of the manifest.
    pub companions: Vec<Companion>,
}

/// What all batches of a table come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BatchedTable {
    pub role: TableRole,
    pub file: String,
    pub filter: String,
    pub sha256: String,
    pub rows: usize,
    /// Rows left out because their label or score is missing.
    pub dropped: u64,
    /// Rows whose label is 1; none where no label is named.
    pub events: Option<u64>,
}

/// Hands the rows of the pilot's tables to `visit`, in the order of the files and of the rows in them.
///
/// Each part is as [`super::read`] would make it of the batch's rows alone: the filter has been applied, rows
/// that lack a label or a score are out, and categories are those of the batch, so that equal codes in two
/// batches may stand for different names. No part is empty. The digest of a file is known only in the
/// result. Where two tables are parts of one file, their batches alternate.
///
/// # Errors
/// Those of [`super::read`], in the same words: if anything is wrong the whole is read once more to say what.
/// Batches that were visited until then are void.
pub(crate) fn read_in_batches(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    one_class: OneClass,
    mut visit: impl FnMut(&Roles, Part),
) -> Result<Batches, Diagnostics> {
    let stored = take_files(&every_table(pilot), tables)?;
    let opened = open_files(&stored)?;
    let roles = roles_of(pilot, &stored, &opened)?;
    let mut found: Vec<BatchedTable> = Vec::new();
    for (table, sources) in own_tables(pilot, &stored, &opened) {
        let sha256 = table.sha256().map_err(|error| Diagnostics::from(Diagnostic::from(error)))?;
        let mut folds: Vec<(&TableSpec, BatchedTable)> = pilot_tables(pilot)
            .into_iter()
            .filter(|(_, spec)| spec.file == table.name)
            .map(|(role, spec)| (spec, BatchedTable::new(role, spec, &sha256)))
            .collect();
        let whole = sources.iter().try_for_each(|source| fold(pilot, table, source, &roles, &mut folds, &mut visit));
        if whole.is_err() || folds.iter().any(|(_, fold)| fold.is_wrong(one_class)) {
            read_opened(pilot, &stored, &opened, one_class)?;
            let reason = "it changed while it was read".to_owned();
            return Err(Diagnostic::from(TableError::Unreadable { file: table.name.clone(), reason }).into());
        }
        for (_, fold) in &folds {
            fold.check_size()?;
        }
        found.extend(folds.into_iter().map(|(_, fold)| fold));
    }
    found.sort_by_key(|table| table.role);
    let mut errors = Diagnostics::default();
    let companions = companions_of(pilot, &stored, &opened, &mut errors);
    stop_at(errors)?;
    Ok(Batches { roles, tables: found, companions })
}

/// Something is wrong with a batch; what, only a reading of the whole can say.
struct Wrong;

/// Hands the batches of one file to `visit`.
fn fold(
    pilot: &PilotSpec,
    table: &Stored,
    source: &Source<'_>,
    roles: &Roles,
    folds: &mut [(&TableSpec, BatchedTable)],
    visit: &mut impl FnMut(&Roles, Part),
) -> Result<(), Wrong> {
    let wanted = roles.wanted(pilot);
    let found = places_of(source, &wanted);
    let places: Vec<_> = found.iter().map(|(place, (_, wanted))| (*place, *wanted)).collect();
    let mut wrong = false;
    let mut visit_batch = |rows: usize, builders: Vec<Builder>| {
        if wrong || builders.iter().any(|builder| builder.bad.count > 0 || builder.len() != rows) {
            wrong = true;
            return Ok(());
        }
        let columns = builders.into_iter().zip(&found);
        let columns = columns.map(|(builder, (_, (name, wanted)))| (name.clone(), *wanted, builder.finish()));
        let batch = Table {
            file: table.name.clone(),
            sha256: String::new(),
            rows,
            columns: columns.collect(),
            files: vec![(table.name.clone(), rows)],
        };
        for (spec, fold) in folds.iter_mut() {
            match Part::of_batch(fold.role, spec, &batch, roles, pilot, OneClass::Allow) {
                Ok(part) => {
                    fold.add(&part);
                    if part.rows > 0 {
                        visit(roles, part);
                    }
                }
                Err(_) => wrong = true,
            }
        }
        Ok(())
    };
    let read = source.read_in_batches(&places, &mut visit_batch);
    if wrong || read.is_err() { Err(Wrong) } else { Ok(()) }
}

impl BatchedTable {
    fn new(role: TableRole, spec: &TableSpec, sha256: &str) -> Self {
        let (file, filter) = (spec.file.clone(), filter_words(spec));
        Self { role, file, filter, sha256: sha256.to_owned(), rows: 0, dropped: 0, events: None }
    }

    fn add(&mut self, part: &Part) {
        self.rows += part.rows;
        self.dropped += part.dropped;
        if let Some(labels) = &part.label {
            let events: u64 = labels.iter().map(|label| u64::from(*label)).sum();
            self.events = Some(self.events.unwrap_or(0) + events);
        }
    }

    /// Refuses more rows than are counted in whole numbers without loss.
    fn check_size(&self) -> Result<(), Diagnostic> {
        if u32::try_from(self.rows).is_ok() {
            return Ok(());
        }
        let reason = format!("it has {} rows, and no more than {} can be read", self.rows, u32::MAX);
        Err(TableError::Unreadable { file: self.file.clone(), reason }.into())
    }

    /// Tells whether the table is empty, or of one class where that is refused.
    fn is_wrong(&self, one_class: OneClass) -> bool {
        let one = self.events.is_some_and(|events| events == 0 || events == self.rows as u64);
        self.rows == 0 || (one && one_class == OneClass::Refuse)
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::super::spec::{Content, Format, OnMissing};
    use super::*;
    use crate::source::{SourceMap, Span, Spanned};

    const ROWS: usize = 400_000;

    fn named(name: &str) -> Spanned<String> {
        Spanned::new(name.to_owned(), Span::new(SourceMap::default().add("deployment.yaml", ""), 0, 0))
    }

    fn pilot() -> PilotSpec {
        let table = |part: &str| TableSpec { file: "t".to_owned(), filter: vec![(named("part"), named(part))] };
        let mut pilot = PilotSpec { on_missing: OnMissing::Drop, ..PilotSpec::default() };
        (pilot.development, pilot.deployment) = (Some(table("old")), Some(table("new")));
        (pilot.columns.label, pilot.columns.score) = (Some(named("y")), Some(named("p")));
        pilot.columns.groups = vec![("site".to_owned(), named("site"))];
        pilot
    }

    /// Returns rows of several batches; a site of the first rows is none of the last.
    fn table(scores: impl Fn(usize) -> String) -> Vec<TableData> {
        let line = |row: usize| {
            let (part, site) = (["old", "new"][row % 2], ["b", "a", "c"][(row % 5).min(1) + row / (ROWS - 9)]);
            format!(
                "{part},{},{},{site}, a text of no interest to anyone\n",
                u8::from(row.is_multiple_of(3)),
                scores(row)
            )
        };
        let text: String = std::iter::once("part,y,p,site,note\n".to_owned()).chain((0..ROWS).map(line)).collect();
        vec![TableData { file: "t".to_owned(), format: Format::Csv, content: Content::Memory(text.into()) }]
    }

    fn fair(row: usize) -> String {
        if row.is_multiple_of(7) { String::new() } else { format!("0.{row:06}") }
    }

    #[test]
    fn all_batches_together_are_the_table() {
        let whole = read(&pilot(), table(fair), OneClass::Refuse).unwrap();
        let mut seen: Vec<(TableRole, u8, u64, Option<String>)> = Vec::new();
        let mut visits = 0;
        let rows_of = |part: &Part| -> Vec<(TableRole, u8, u64, Option<String>)> {
            let (labels, scores) = (part.label.as_ref().unwrap(), part.score.as_ref().unwrap());
            let site = |row: usize| part.groups[0].names.get(part.groups[0].codes.get(row).unwrap() as usize).cloned();
            (0..part.rows).map(|row| (part.role, labels[row], scores[row].to_bits(), site(row))).collect()
        };
        let result = read_in_batches(&pilot(), table(fair), OneClass::Refuse, |_, part| {
            visits += 1;
            seen.extend(rows_of(&part));
        });
        let result = result.unwrap();
        assert!(visits >= 4, "{visits}");
        for (role, batched) in [TableRole::Development, TableRole::Deployment].into_iter().zip(&result.tables) {
            let part = whole.part(role).unwrap();
            let own: Vec<_> = seen.iter().filter(|row| row.0 == role).cloned().collect();
            assert!(own == rows_of(part));
            let events = part.label.as_ref().unwrap().iter().map(|label| u64::from(*label)).sum();
            let expected = (role, part.rows, part.dropped, Some(events), &part.sha256, &part.filter);
            let (rows, dropped, sha256, filter) = (batched.rows, batched.dropped, &batched.sha256, &batched.filter);
            assert_eq!((batched.role, rows, dropped, batched.events, sha256, filter), expected);
        }
    }

    #[test]
    fn what_is_wrong_is_said_as_of_the_whole() {
        let late = |row: usize| if row > ROWS - 5 { "1.5".to_owned() } else { fair(row) };
        let text = |row: usize| if row == ROWS - 1 { "high".to_owned() } else { fair(row) };
        let none = |_: usize| String::new();
        let scores: [&dyn Fn(usize) -> String; 3] = [&late, &text, &none];
        for scores in scores {
            let whole = read(&pilot(), table(scores), OneClass::Refuse).unwrap_err();
            let batches = read_in_batches(&pilot(), table(scores), OneClass::Refuse, |_, _| ()).unwrap_err();
            assert_eq!(format!("{batches:?}"), format!("{whole:?}"));
        }
    }
}
