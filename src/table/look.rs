//! A first look at a table of which nobody has said what its columns mean.

use super::column::{Builder, Column, NO_CODE, Wanted};
use super::file::Stored;
use super::spec::TableData;
use crate::diagnostic::{Diagnostic, Diagnostics};
use rayon::prelude::*;

/// What a column holds, as far as a role could be guessed from it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnLook {
    pub name: String,
    pub rows: usize,
    /// Least and greatest number, where every cell is a number or missing and one is a number.
    pub range: Option<(f64, f64)>,
    /// Whether every cell is 0, 1, true, false or missing, and both outcomes occur.
    pub binary: bool,
    /// The distinct texts; none where there are more than [`MOST_VALUES`].
    pub values: Option<Vec<String>>,
    /// Whether no two cells are equal.
    pub all_distinct: bool,
}

/// A column with more distinct texts than this is no column of categories.
pub(crate) const MOST_VALUES: usize = 50;

/// Returns what each column of a table holds. Of a column whose type cannot be read only the name is known.
///
/// # Errors
/// D102 to D105, D115 and D116: the table cannot be read at all.
pub(crate) fn look_at(table: TableData) -> Result<Vec<ColumnLook>, Diagnostics> {
    let single = |error| Diagnostics::from(Diagnostic::from(error));
    let stored = Stored::load(table).map_err(single)?;
    let sources = stored.files.iter().map(|file| file.open()).collect::<Result<Vec<_>, _>>().map_err(single)?;
    let Some(first) = sources.first() else { return Ok(Vec::new()) };
    let read = |name: &str, wanted: Wanted| -> Option<Builder> {
        let mut all: Option<Builder> = None;
        for source in &sources {
            let place = source.columns().iter().position(|column| column == name)?;
            let (_, builders) = source.read(&[(place, wanted)]).ok()?;
            let builder = builders.into_iter().next()?;
            match &mut all {
                Some(all) => all.append(builder),
                None => all = Some(builder),
            }
        }
        all
    };
    let look = |name: &String| {
        let numbers = read(name, Wanted::Number).filter(|column| column.bad.count == 0).map(Builder::finish);
        let range = match &numbers {
            Some(Column::Number(numbers)) => {
                let known = || numbers.iter().copied().filter(|number| !number.is_nan());
                known().min_by(f64::total_cmp).zip(known().max_by(f64::total_cmp))
            }
            _ => None,
        };
        let labels = read(name, Wanted::Label).filter(|column| column.bad.count == 0).map(Builder::finish);
        let binary = match &labels {
            Some(Column::Label(labels)) => [0, 1].iter().all(|label| labels.contains(label)),
            _ => false,
        };
        let (values, all_distinct, rows) = match read(name, Wanted::Category).map(Builder::finish) {
            Some(Column::Category(texts)) => {
                let all_distinct = texts.names.len() == texts.codes.len() && !texts.codes.contains(&NO_CODE);
                let values = (texts.names.len() <= MOST_VALUES).then(|| texts.names.to_vec());
                (values, all_distinct, texts.codes.len())
            }
            _ => (None, false, 0),
        };
        ColumnLook { name: name.clone(), rows, range, binary, values, all_distinct }
    };
    Ok(first.columns().par_iter().map(look).collect())
}
