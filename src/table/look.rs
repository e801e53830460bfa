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
    /// Whether there are two texts or more and all are dates, months, weeks or quarters.
    pub dates: bool,
    /// Whether no two cells are equal.
    pub all_distinct: bool,
    /// The column with which it sums to 1 in every row, where the names of the two end in 0 and 1.
    pub other_side: Option<String>,
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
    let read = |wanted: &[(&String, Wanted)]| -> Option<Vec<Builder>> {
        let mut all: Vec<Builder> = Vec::new();
        for source in &sources {
            let place = |name: &String| source.columns().iter().position(|column| column == name);
            let places = wanted.iter().map(|(name, kind)| Some((place(name)?, *kind))).collect::<Option<Vec<_>>>()?;
            let (_, builders) = source.read(&places).ok()?;
            match all.is_empty() {
                true => all = builders,
                false => all.iter_mut().zip(builders).for_each(|(all, more)| all.append(more)),
            }
        }
        Some(all)
    };
    let wanted: Vec<(&String, Wanted)> =
        first.columns().iter().flat_map(|name| KINDS.map(|kind| (name, kind))).collect();
    // One pass over the file. Where a format refuses to read texts as numbers, each reading stands for itself.
    let one =
        |wanted: &(&String, Wanted)| read(std::slice::from_ref(wanted)).and_then(|found| found.into_iter().next());
    let mut found = match read(&wanted) {
        Some(all) => all.into_iter().map(Some).collect::<Vec<_>>(),
        None => wanted.par_iter().map(one).collect(),
    }
    .into_iter();
    let mut next = || found.next().flatten();
    let columns: Vec<_> = first.columns().iter().map(|name| (name, [next(), next(), next()])).collect();
    let looked: Vec<(ColumnLook, Option<Column>)> =
        columns.into_par_iter().map(|(name, [numbers, labels, texts])| look(name, numbers, labels, texts)).collect();
    Ok(with_other_sides(looked))
}

/// How far two sides may be from 1 together: both may be rounded to two decimals.
const ROUNDED: f64 = 0.0101;

/// Returns the columns, each with what it sums to 1 with; columns of nothing but 0 and 1 are codes.
fn with_other_sides(looked: Vec<(ColumnLook, Option<Column>)>) -> Vec<ColumnLook> {
    let sums_to_one = |one: &(ColumnLook, Option<Column>), other: &(ColumnLook, Option<Column>)| match (one, other) {
        ((one, Some(Column::Number(ones))), (other, Some(Column::Number(others))))
            if one.range.is_some() && !one.binary && !other.binary =>
        {
            ones.iter().zip(others.iter()).all(|(one, other)| {
                let both_missing = one.is_nan() && other.is_nan();
                both_missing || (*one >= 0.0 && *other >= 0.0 && (one + other - 1.0).abs() <= ROUNDED)
            })
        }
        _ => false,
    };
    let other_side = |side: &(ColumnLook, Option<Column>)| {
        let (stem, digit) = side.0.name.split_at_checked(side.0.name.len().checked_sub(1)?)?;
        let name = format!(
            "{stem}{}",
            match digit {
                "0" => 1,
                "1" => 0,
                _ => return None,
            }
        );
        let other = looked.iter().find(|(other, _)| other.name == name)?;
        sums_to_one(side, other).then_some(name)
    };
    let sides: Vec<Option<String>> = looked.par_iter().map(other_side).collect();
    looked.into_iter().zip(sides).map(|((look, _), other_side)| ColumnLook { other_side, ..look }).collect()
}

/// As what each column is read, in this order.
const KINDS: [Wanted; 3] = [Wanted::Number, Wanted::Label, Wanted::Category];

/// Returns what a column holds, given what it is as numbers, as labels and as texts; and its numbers.
fn look(
    name: &str,
    numbers: Option<Builder>,
    labels: Option<Builder>,
    texts: Option<Builder>,
) -> (ColumnLook, Option<Column>) {
    let clean = |column: Option<Builder>| column.filter(|column| column.bad.count == 0).map(Builder::finish);
    let numbers = clean(numbers);
    let range = match &numbers {
        Some(Column::Number(numbers)) => {
            let known = || numbers.iter().copied().filter(|number| !number.is_nan());
            known().min_by(f64::total_cmp).zip(known().max_by(f64::total_cmp))
        }
        _ => None,
    };
    let binary = match clean(labels) {
        Some(Column::Label(labels)) => [0, 1].iter().all(|label| labels.contains(label)),
        _ => false,
    };
    let (values, dates, all_distinct, rows) = match texts.map(Builder::finish) {
        Some(Column::Category(texts)) => {
            let all_distinct = texts.names.len() == texts.codes.len() && texts.codes.iter().all(|code| code != NO_CODE);
            let dates = texts.names.len() > 1 && texts.names.iter().all(|text| is_date(text));
            let values = (texts.names.len() <= MOST_VALUES).then(|| texts.names.to_vec());
            (values, dates, all_distinct, texts.codes.len())
        }
        _ => (None, false, false, 0),
    };
    let name = name.to_owned();
    (ColumnLook { name, rows, range, binary, values, dates, all_distinct, other_side: None }, numbers)
}

/// Tells whether a text is a day, a month, a week or a quarter: `2026-03-31`, `2026-03`, `2026-W13`, `2026-Q1`, the day
/// perhaps with a time.
fn is_date(text: &str) -> bool {
    let number = |text: &str, digits: usize, most: u32| {
        text.len() == digits && text.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let Some((year, rest)) = text.split_once('-') else { return false };
    let is_part = |rest: &str| match (rest.strip_prefix('W'), rest.strip_prefix('Q'), rest.split_once('-')) {
        (Some(week), _, _) => number(week, 2, 53),
        (_, Some(quarter), _) => number(quarter, 1, 4),
        (_, _, Some((month, day))) => {
            number(month, 2, 12) && day.get(..2).is_some_and(|day| number(day, 2, 31)) && {
                let time = day.get(2..).unwrap_or("");
                time.is_empty() || time.starts_with(['T', ' '])
            }
        }
        _ => number(rest, 2, 12),
    };
    number(year, 4, 9999) && is_part(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_from_other_texts() {
        for text in ["2026-03-31", "2026-03", "2026-W13", "2026-Q1", "2026-03-31T08:00", "2026-03-31 08:00"] {
            assert!(is_date(text), "{text}");
        }
        for text in ["", "2026", "2026-13", "2026-3", "1-2", "F-12", "2026-03-32", "2026-03-31x", "2026-Q5", "é-é"] {
            assert!(!is_date(text), "{text}");
        }
    }
}
