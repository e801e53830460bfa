//! From the opened file of a companion table to its columns, checked.

use super::{ColumnUse, CompanionSpec};
use crate::diagnostic::Diagnostics;
use crate::source::Spanned;
use crate::table::column::Wanted;
use crate::table::csv::row_number;
use crate::table::error::TableError;
use crate::table::file::{Source, Stored};
use crate::table::groups::Groups;
use crate::table::part::{filter_words, filtered};
use crate::table::read::{Table, read_table, stop_at};
use crate::table::roles::{Roles, matching};
use crate::table::spec::{OnMissing, TableRole};
use crate::table::view::{Selection, View};

/// The rows of a companion table.
#[derive(Clone, Debug)]
pub(crate) struct Companion {
    pub spec: CompanionSpec,
    pub filter: String,
    pub sha256: String,
    pub rows: usize,
    numbers: Vec<(ColumnUse, View<f64>)>,
    texts: Vec<(ColumnUse, Groups)>,
}

impl Companion {
    /// Returns the columns of numbers for a use, in the order named; NaN where a cell is empty.
    pub fn numbers(&self, wanted: ColumnUse) -> Vec<&[f64]> {
        self.numbers.iter().filter(|(found, _)| *found == wanted).map(|(_, view)| &**view).collect()
    }

    /// Returns the one column of numbers for a use.
    pub fn number(&self, wanted: ColumnUse) -> Option<&[f64]> {
        self.numbers(wanted).first().copied()
    }

    /// Returns the one column of names for a use.
    pub fn text(&self, wanted: ColumnUse) -> Option<&Groups> {
        self.texts.iter().find(|(found, _)| *found == wanted).map(|(_, groups)| groups)
    }

    pub fn role(&self) -> TableRole {
        self.spec.role
    }
}

/// Reads a companion table.
///
/// # Errors
/// Those of any table, `D120` for a number that its column cannot hold, `D121` for too many or too few columns
/// and `D122` for an item that someone rated twice.
pub(crate) fn read(
    spec: &CompanionSpec,
    stored: &Stored,
    sources: &[Source<'_>],
    on_missing: OnMissing,
) -> Result<Companion, Diagnostics> {
    let columns = columns(spec, stored, sources)?;
    let mut wanted: Vec<(String, Wanted)> =
        columns.iter().map(|(column, name)| (name.value.clone(), column.wanted())).collect();
    wanted.extend(spec.table.filter.iter().map(|(name, _)| (name.value.clone(), Wanted::Category)));
    wanted.sort();
    wanted.dedup();
    let table = read_table(stored, sources, &wanted, &Roles::default())?;
    let selection = filtered(&spec.table, &table);
    if selection.len() == 0 {
        let values = spec.table.filter.last().and_then(|(column, _)| table.category(&column.value));
        return Err(Diagnostics::from(crate::diagnostic::Diagnostic::from(TableError::Empty {
            role: spec.role,
            file: spec.table.file.clone(),
            filter: spec.table.filter.clone(),
            dropped: 0,
            values: values.map(|values| values.names.to_vec()).unwrap_or_default(),
        })));
    }
    let mut companion = Companion {
        spec: spec.clone(),
        filter: filter_words(&spec.table),
        sha256: table.sha256.clone(),
        rows: selection.len(),
        numbers: Vec::new(),
        texts: Vec::new(),
    };
    let mut errors = Diagnostics::default();
    for (column, name) in &columns {
        if let Some(all) = table.number(&name.value).filter(|_| column.wanted() == Wanted::Number) {
            let view = View::new(all, &selection);
            errors_of(spec, *column, name, &view, &selection, on_missing, &mut errors);
            companion.numbers.push((*column, view));
        }
        if let Some(all) = table.category(&name.value).filter(|_| column.wanted() == Wanted::Category) {
            let groups = Groups { names: all.names.clone(), codes: all.codes.select(&selection) };
            let missing = groups.codes.iter().map(|code| code as usize >= groups.names.len());
            errors_of_missing(spec, *column, name, missing, &selection, on_missing, &mut errors);
            companion.texts.push((*column, groups));
        }
    }
    stop_at(errors)?;
    check_once(&companion, &table, &selection)?;
    Ok(companion)
}

/// Returns each column with its use, patterns replaced by what they match.
fn columns(
    spec: &CompanionSpec,
    stored: &Stored,
    sources: &[Source<'_>],
) -> Result<Vec<(ColumnUse, Spanned<String>)>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let header = sources.first().map_or(&[][..], Source::columns);
    let headers = [(stored.name.as_str(), header)];
    let mut columns: Vec<(ColumnUse, Spanned<String>)> = Vec::new();
    for (column, names) in &spec.columns {
        for name in names {
            let found = if column.is_many() { matching(name, &headers, &mut errors) } else { vec![name.clone()] };
            for name in found {
                if !header.contains(&name.value) {
                    errors.push(TableError::UnknownColumn {
                        file: stored.name.clone(),
                        column: name,
                        columns: header.to_vec(),
                    });
                } else if columns.iter().all(|(known, earlier)| known != column || earlier.value != name.value) {
                    columns.push((*column, name));
                }
            }
        }
    }
    stop_at(errors)?;
    let count = |wanted: ColumnUse| columns.iter().filter(|(column, _)| *column == wanted).count();
    let mut errors = Diagnostics::default();
    let mut expect = |column: ColumnUse, expected: usize, why: &'static str| {
        if let Some(span) = spec.span(column).filter(|_| count(column) != expected) {
            let file = stored.name.clone();
            errors.push(TableError::WrongCount { file, column, span, found: count(column), expected, why });
        }
    };
    expect(ColumnUse::Answers, 10, "the System Usability Scale has ten questions");
    expect(ColumnUse::Second, count(ColumnUse::First), "the two runs are compared column by column");
    stop_at(errors)?;
    Ok(columns)
}

fn errors_of(
    spec: &CompanionSpec,
    column: ColumnUse,
    name: &Spanned<String>,
    values: &[f64],
    selection: &Selection,
    on_missing: OnMissing,
    errors: &mut Diagnostics,
) {
    let allowed = column.allowed(spec);
    let mut outside = values.iter().enumerate().filter(|(_, value)| !value.is_nan() && !allowed.accepts(**value));
    if let Some((place, value)) = outside.next() {
        errors.push(TableError::NotAllowed {
            file: spec.table.file.clone(),
            column: name.clone(),
            row: row_number(selection.row(place)),
            value: value.to_string(),
            allowed: allowed.words(),
            others: outside.count(),
            scaled: column.has_worst().then_some(column),
        });
    }
    errors_of_missing(spec, column, name, values.iter().map(|value| value.is_nan()), selection, on_missing, errors);
}

fn errors_of_missing(
    spec: &CompanionSpec,
    column: ColumnUse,
    name: &Spanned<String>,
    missing: impl Iterator<Item = bool>,
    selection: &Selection,
    on_missing: OnMissing,
    errors: &mut Diagnostics,
) {
    if !column.is_needed() || on_missing == OnMissing::Drop {
        return;
    }
    let mut empty = missing.enumerate().filter(|(_, missing)| *missing);
    if let Some((place, _)) = empty.next() {
        errors.push(TableError::Missing {
            file: spec.table.file.clone(),
            column: name.value.clone(),
            row: row_number(selection.row(place)),
            others: empty.count(),
            role: Some(name.span),
        });
    }
}

/// Refuses a rater who rated one item twice: which of the two would count?
fn check_once(companion: &Companion, table: &Table, selection: &Selection) -> Result<(), Diagnostics> {
    let (Some(items), Some(raters)) = (companion.text(ColumnUse::Item), companion.text(ColumnUse::Rater)) else {
        return Ok(());
    };
    let name = |groups: &Groups, code: u32| groups.names.get(code as usize).cloned();
    let mut seen: Vec<(u32, u32, usize)> =
        items.codes.iter().zip(raters.codes.iter()).zip(0..).map(|((item, rater), row)| (item, rater, row)).collect();
    seen.sort_unstable();
    let twice = seen.iter().zip(seen.iter().skip(1)).find_map(|(first, second)| {
        let same = (first.0, first.1) == (second.0, second.1);
        Some((name(items, first.0)?, name(raters, first.1)?, first.2, second.2)).filter(|_| same)
    });
    match twice {
        None => Ok(()),
        Some((item, rater, first, second)) => {
            Err(Diagnostics::from(crate::diagnostic::Diagnostic::from(TableError::RatedTwice {
                file: table.file.clone(),
                item,
                rater,
                first: row_number(selection.row(first)),
                second: row_number(selection.row(second)),
            })))
        }
    }
}
