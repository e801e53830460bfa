//! Record batches as rows of the plan: the cells of Arrow arrays, of whichever type.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Date32Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

use super::batch::{Batch, Intake, Unfit};
use super::cells::Aspect;
use super::columns::Columns;
use super::error::FleetError;
use super::parquet::{Path, entries};
use super::text::{many_in, number_as, value_in};
use crate::model::{Type, Value};
use crate::table::{numbers_in, texts_in};

/// The cells of an array.
enum Cells<'a> {
    Numbers(Vec<f64>),
    Texts(Vec<Option<&'a str>>),
    YesNo(Vec<Option<bool>>),
    Dates(Vec<Option<i32>>),
    /// Options of a `many of` input.
    Lists(Vec<Option<Vec<&'a str>>>),
    Nothing,
}

/// Reads the rows of a record batch.
///
/// # Errors
/// D404 for a column whose type can hold no value of its input.
pub(super) fn read<'a>(
    batch: &RecordBatch,
    columns: &Columns,
    paths: &[Path],
    intake: &'a Intake,
) -> Result<Batch<'a>, FleetError> {
    let rows = batch.num_rows();
    let mut out = Batch::new(intake, rows);
    out.rows = rows;
    let mut lists: HashMap<usize, Entries<'_>> = HashMap::new();
    for (place, path) in paths.iter().enumerate() {
        let wrong = |found: String| FleetError::WrongType {
            file: columns.file.clone(),
            column: columns.names.get(place).cloned().unwrap_or_default(),
            found,
        };
        match path {
            Path::Fields(fields) => {
                let mut fields = fields.iter();
                let first = fields.next().map_or(batch.column(0), |&column| batch.column(column));
                let mut array: &dyn Array = first.as_ref();
                let mut known: Vec<bool> = Vec::new();
                for &field in fields {
                    if array.null_count() > 0 {
                        known = (0..rows).map(|row| array.is_valid(row) && known.get(row) != Some(&false)).collect();
                    }
                    array = array.as_struct().column(field).as_ref();
                }
                let cells = cells_of(array).map_err(wrong)?;
                for row in 0..rows {
                    push(&mut out, intake, place, row, &cells, (known.get(row) != Some(&false)).then_some(row));
                }
            }
            Path::Entry { column, member, field } => {
                let list = match lists.entry(*column) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(Entries::new(batch.column(*column).as_ref()).map_err(wrong)?),
                };
                for (row, twice) in &list.twice {
                    out.note_bad(place, *row, twice, "one entry for each member".to_owned());
                }
                let of_member = list.places.get(member.as_str());
                let Some(Ok(cells)) = list.fields.get(*field) else {
                    let found = list.fields.get(*field).and_then(|field| field.as_ref().err());
                    return Err(wrong(found.cloned().unwrap_or_default()));
                };
                for row in 0..rows {
                    let entry = of_member.and_then(|entries| entries.get(row).copied().flatten());
                    push(&mut out, intake, place, row, cells, entry);
                }
            }
        }
    }
    Ok(out)
}

/// The entries of a column of lists or maps.
struct Entries<'a> {
    /// The cells of each field; for one whose type cannot be read, the type.
    fields: Vec<Result<Cells<'a>, String>>,
    /// For each member and row, where its entry is.
    places: HashMap<&'a str, Vec<Option<usize>>>,
    /// Rows that name a member twice.
    twice: Vec<(usize, &'a str)>,
}

impl<'a> Entries<'a> {
    fn new(list: &'a dyn Array) -> Result<Self, String> {
        let unreadable = || format!("the type `{}`", list.data_type());
        let (structs, ends) = entries(list).ok_or_else(unreadable)?;
        let names = structs.columns().first().and_then(|names| texts_in(names.as_ref())).ok_or_else(unreadable)?;
        let mut places: HashMap<&str, Vec<Option<usize>>> = HashMap::new();
        let mut twice = Vec::new();
        for (row, &(start, end)) in ends.iter().enumerate() {
            for entry in start..end {
                let Some(name) = names.get(entry).copied().flatten() else { continue };
                let rows = places.entry(name).or_insert_with(|| vec![None; ends.len()]);
                if rows[row].replace(entry).is_some() {
                    twice.push((row, name));
                }
            }
        }
        let fields = structs.columns().iter().map(|field| cells_of(field.as_ref())).collect();
        Ok(Entries { fields, places, twice })
    }
}

fn cells_of(array: &dyn Array) -> Result<Cells<'_>, String> {
    if let Some(numbers) = numbers_in(array) {
        return Ok(Cells::Numbers(numbers));
    }
    if let Some(texts) = texts_in(array) {
        return Ok(Cells::Texts(texts));
    }
    Ok(match array.data_type() {
        DataType::Boolean => Cells::YesNo(array.as_boolean().iter().collect()),
        DataType::Date32 => Cells::Dates(array.as_primitive::<Date32Type>().iter().collect()),
        DataType::Null => Cells::Nothing,
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let Some(texts) = texts_in(list.values().as_ref()) else {
                return Err(format!("the type `{}`", array.data_type()));
            };
            let rows = list.offsets().windows(2).enumerate().map(|(row, ends)| {
                let place = |end: i32| usize::try_from(end).unwrap_or(0);
                let texts = texts.get(place(ends[0])..place(ends[1])).unwrap_or(&[]);
                list.is_valid(row).then(|| texts.iter().flatten().copied().collect())
            });
            Cells::Lists(rows.collect())
        }
        other => return Err(format!("the type `{other}`")),
    })
}

/// Adds a cell, given by its place in the array; none is a missing one.
fn push(batch: &mut Batch<'_>, intake: &Intake, column: usize, row: usize, cells: &Cells<'_>, at: Option<usize>) {
    let Some(Some(target)) = intake.targets.get(column) else {
        let name = at.map(|at| match cells {
            Cells::Numbers(numbers) => numbers[at].to_string(),
            Cells::Texts(texts) => texts[at].unwrap_or_default().to_owned(),
            _ => String::new(),
        });
        batch.push_text(column, row, &name.unwrap_or_default());
        return;
    };
    let Some(at) = at else { return batch.push_missing(column) };
    let unfit = |text: String, expected: String| Err(Unfit { text, expected });
    let expected = || value_in(&target.value_type, "\u{0}").err().unwrap_or_default();
    let cell = match (cells, &target.value_type) {
        (Cells::Numbers(numbers), value_type) => {
            let number = numbers[at];
            if number.is_nan() {
                return batch.push_missing(column);
            }
            match number_as(value_type, target.aspect, number) {
                Ok(number) => return batch.push_number_in(column, number),
                Err(expected) => unfit(number.to_string(), expected),
            }
        }
        (Cells::Texts(texts), _) => match texts[at] {
            Some(text) => return batch.push_text(column, row, text),
            None => Ok(None),
        },
        (Cells::YesNo(answers), Type::YesNo) if target.aspect == Aspect::Value => Ok(answers[at].map(Value::YesNo)),
        (Cells::Dates(days), Type::Date) => Ok(days[at].map(Value::Date)),
        (Cells::Lists(lists), Type::ManyOf(_)) => match &lists[at] {
            None => Ok(None),
            Some(options) => match many_in(&target.value_type, options) {
                Ok(value) => Ok(Some(value)),
                Err(expected) => unfit(options.join("; "), expected),
            },
        },
        (Cells::Nothing, _) => Ok(None),
        (Cells::YesNo(answers), _) => match answers[at] {
            Some(answer) => unfit(answer.to_string(), expected()),
            None => Ok(None),
        },
        (Cells::Dates(days), _) => match days[at] {
            Some(_) => unfit("a date".to_owned(), expected()),
            None => Ok(None),
        },
        (Cells::Lists(lists), _) => match &lists[at] {
            Some(options) => unfit(options.join("; "), expected()),
            None => Ok(None),
        },
    };
    batch.push_value(column, row, cell);
}
