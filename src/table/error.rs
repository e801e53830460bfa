//! What can be wrong with a table, and what is said about it.

use super::{ColumnUse, TableRole};
use crate::diagnostic::{Code, Kind, Label, List, Place, or_nearest};
use crate::source::{Span, Spanned};

/// What can be wrong with a table. Rows are counted from 1 without the header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TableError {
    #[error("the {role} table is in `{file}`, which was not given")]
    NotGiven { role: TableRole, file: String },
    #[error("`{file}` cannot be read as a table: {reason}")]
    Unreadable { file: String, reason: String },
    #[error("`{file}` is not UTF-8 text")]
    NotUtf8 { file: String, row: Option<u64> },
    #[error("row {row} of `{file}` has {} instead of {expected}{}", fields(*found), more(*others, "row", "rows"))]
    Ragged { file: String, row: u64, found: usize, expected: usize, others: usize },
    #[error("`{file}` has two columns named `{column}`")]
    DuplicateColumn { file: String, column: String },
    #[error("`{file}` has no column `{}`", column.value)]
    UnknownColumn { file: String, column: Spanned<String>, columns: Vec<String> },
    #[error("no column of `{file}` is named like `{}`", pattern.value)]
    NoMatch { file: String, pattern: Spanned<String>, columns: Vec<String> },
    #[error("`{text}` in column `{column}` is not a finite number{}", more(*others, "cell", "cells"))]
    NotANumber { file: String, column: String, row: u64, text: String, others: usize },
    #[error("`{text}` in the label column `{column}` is neither 0 nor 1{}", more(*others, "cell", "cells"))]
    NotBinary { file: String, column: String, row: u64, text: String, others: usize, role: Option<Span> },
    #[error("{value} in column `{column}` is not a probability{}", more(*others, "cell", "cells"))]
    OutOfRange { file: String, column: String, row: u64, value: String, others: usize, role: Option<Span> },
    #[error("a value is missing in column `{column}`{}", more(*others, "cell", "cells"))]
    Missing { file: String, column: String, row: u64, others: usize, role: Option<Span> },
    #[error("the {role} table has no rows")]
    Empty {
        role: TableRole,
        file: String,
        filter: Vec<(Spanned<String>, Spanned<String>)>,
        dropped: u64,
        values: Vec<String>,
    },
    #[error("every label of the {role} table is {label}")]
    OneClass { role: TableRole, file: String, column: String, label: u8, span: Option<Span> },
    #[error("column `{column}` holds {kind}, which cannot be read as {wanted}")]
    WrongType { file: String, column: String, kind: String, wanted: &'static str },
    #[error("{value} in column `{}` is not {allowed}{}", column.value, more(*others, "cell", "cells"))]
    NotAllowed {
        file: String,
        column: Spanned<String>,
        row: u64,
        value: String,
        allowed: &'static str,
        others: usize,
        scaled: Option<ColumnUse>,
    },
    #[error("{value} in column `{}` is not a weight, which is more than 0{}", column.value, more(*others, "cell", "cells"))]
    BadWeight { file: String, column: Spanned<String>, row: u64, value: String, others: usize },
    #[error("`{}` names {} and needs {expected}", column.as_str(), columns_of(*found))]
    WrongCount { file: String, column: ColumnUse, span: Span, found: usize, expected: usize, why: &'static str },
    #[error("`{rater}` rated `{item}` twice")]
    RatedTwice { file: String, item: String, rater: String, first: u64, second: u64 },
    #[error("row {row} of `{file}` is not a JSON object: {reason}")]
    NotAnObject { file: String, row: u64, reason: String },
    #[error("`{file}` has no column `{column}`, and `{other}`, a file of the same table, has one")]
    OtherColumns { file: String, column: String, other: String },
    #[error("`{file}` cannot be read as columns: {reason}")]
    NotColumns { file: String, reason: String, repair: String },
    #[error("`{text}` in the label column `{}` is none of the classes", column.value)]
    UnknownClass { file: String, column: Spanned<String>, row: u64, text: String, classes: Vec<String> },
}

fn fields(number: usize) -> String {
    crate::diagnostic::Count(number, "field").to_string()
}

fn columns_of(number: usize) -> String {
    crate::diagnostic::Count(number, "column").to_string()
}

/// Returns `, and 3 more cells`, or nothing.
fn more(others: usize, one: &str, many: &str) -> String {
    match others {
        0 => String::new(),
        1 => format!(", and 1 more {one}"),
        _ => format!(", and {others} more {many}"),
    }
}

fn cell(file: &str, row: Option<u64>, column: Option<&str>, text: &str) -> Label {
    Label::new(Place::Table { file: file.to_owned(), row, column: column.map(str::to_owned) }, text)
}

fn with_role(mut labels: Vec<Label>, role: Option<Span>, text: &str) -> Vec<Label> {
    labels.extend(role.map(|span| Label::new(span, text)));
    labels
}

impl Kind for TableError {
    fn code(&self) -> Code {
        match self {
            TableError::NotGiven { .. } => Code::D101,
            TableError::Unreadable { .. } => Code::D102,
            TableError::NotUtf8 { .. } => Code::D103,
            TableError::Ragged { .. } => Code::D104,
            TableError::DuplicateColumn { .. } => Code::D105,
            TableError::UnknownColumn { .. } => Code::D106,
            TableError::NoMatch { .. } => Code::D107,
            TableError::NotANumber { .. } => Code::D108,
            TableError::NotBinary { .. } => Code::D109,
            TableError::OutOfRange { .. } => Code::D110,
            TableError::Missing { .. } => Code::D111,
            TableError::Empty { .. } => Code::D112,
            TableError::OneClass { .. } => Code::D113,
            TableError::WrongType { .. } => Code::D114,
            TableError::NotAllowed { .. } | TableError::BadWeight { .. } => Code::D120,
            TableError::WrongCount { .. } => Code::D121,
            TableError::RatedTwice { .. } => Code::D122,
            TableError::NotAnObject { .. } => Code::D115,
            TableError::OtherColumns { .. } => Code::D116,
            TableError::UnknownClass { .. } => Code::D117,
            TableError::NotColumns { .. } => Code::D123,
        }
    }

    fn labels(&self) -> Vec<Label> {
        match self {
            TableError::NotGiven { file, .. }
            | TableError::Unreadable { file, .. }
            | TableError::NotColumns { file, .. } => vec![cell(file, None, None, "")],
            TableError::NotUtf8 { file, row } => vec![cell(file, *row, None, "")],
            TableError::Ragged { file, row, .. } | TableError::NotAnObject { file, row, .. } => {
                vec![cell(file, Some(*row), None, "")]
            }
            TableError::UnknownClass { file, column, row, text, .. } => with_role(
                vec![cell(file, Some(*row), Some(&column.value), &format!("`{text}`"))],
                Some(column.span),
                "named as the label here",
            ),
            TableError::OtherColumns { file, column, other } => {
                vec![cell(file, None, None, "lacks it"), cell(other, None, Some(column), "has it")]
            }
            TableError::DuplicateColumn { file, column } | TableError::WrongType { file, column, .. } => {
                vec![cell(file, None, Some(column), "")]
            }
            TableError::UnknownColumn { file, column, .. } => {
                vec![Label::new(column.span, "named here"), cell(file, None, None, "")]
            }
            TableError::NoMatch { file, pattern, .. } => {
                vec![Label::new(pattern.span, "matches nothing"), cell(file, None, None, "")]
            }
            TableError::NotANumber { file, column, row, text, .. } => {
                vec![cell(file, Some(*row), Some(column), &format!("`{text}`"))]
            }
            TableError::NotBinary { file, column, row, text, role, .. } => with_role(
                vec![cell(file, Some(*row), Some(column), &format!("`{text}`"))],
                *role,
                "named as the label here",
            ),
            TableError::OutOfRange { file, column, row, value, role, .. } => {
                with_role(vec![cell(file, Some(*row), Some(column), value)], *role, "named as a score here")
            }
            TableError::Missing { file, column, row, role, .. } => {
                with_role(vec![cell(file, Some(*row), Some(column), "empty")], *role, "named here")
            }
            TableError::Empty { file, filter, .. } => {
                let mut labels = vec![cell(file, None, None, "")];
                labels.extend(filter.iter().map(|(_, value)| Label::new(value.span, "keeps no row")));
                labels
            }
            TableError::NotAllowed { file, column, row, value, .. }
            | TableError::BadWeight { file, column, row, value, .. } => {
                with_role(vec![cell(file, Some(*row), Some(&column.value), value)], Some(column.span), "named here")
            }
            TableError::WrongCount { file, span, .. } => {
                vec![Label::new(*span, "named here"), cell(file, None, None, "")]
            }
            TableError::RatedTwice { file, first, second, .. } => {
                vec![cell(file, Some(*first), None, "first here"), cell(file, Some(*second), None, "again here")]
            }
            TableError::OneClass { file, column, span, .. } => {
                with_role(vec![cell(file, None, Some(column), "")], *span, "named as the label here")
            }
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            TableError::NotGiven { .. } => "check the path in the manifest; it is relative to the manifest".to_owned(),
            TableError::Unreadable { .. } => "write the file again from where it came".to_owned(),
            TableError::NotColumns { repair, .. } => repair.clone(),
            TableError::NotUtf8 { .. } => "export it as UTF-8; spreadsheets call it `CSV UTF-8`".to_owned(),
            TableError::Ragged { .. } => {
                "give each row one field for each column; put fields with commas in double quotes".to_owned()
            }
            TableError::DuplicateColumn { .. } => "rename one of the two".to_owned(),
            TableError::UnknownColumn { column: Spanned { value: name, .. }, columns, .. }
            | TableError::NoMatch { pattern: Spanned { value: name, .. }, columns, .. } => {
                nearest_column(name, columns)
            }
            TableError::NotANumber { column, .. } => {
                format!("correct the cell, leave it empty, or name `{column}` under `categorical`")
            }
            TableError::NotBinary { .. } => {
                "write 1 where the outcome happened and 0 where it did not, or name another column".to_owned()
            }
            TableError::OutOfRange { .. } => {
                "correct the cell, or set `scores: raw` when scores are not probabilities".to_owned()
            }
            TableError::Missing { .. } => "fill the cell, or set `missing: drop` to leave such rows out".to_owned(),
            TableError::Empty { filter, dropped, values, .. } => match filter.last() {
                Some((_, value)) if !values.is_empty() => {
                    or_nearest(&value.value, values.iter().map(String::as_str), || {
                        let shown = values.iter().take(6).map(String::as_str);
                        format!("the column holds {}", List::and(shown))
                    })
                }
                _ if *dropped > 0 => "every row lacks its label or its score".to_owned(),
                _ => "the file holds a header only".to_owned(),
            },
            TableError::OneClass { column, .. } => {
                format!("`{column}` must hold both 0 and 1; is it the right column, and are the rows the right ones?")
            }
            TableError::NotAllowed { scaled: Some(column), .. } => {
                let key = column.as_str();
                format!("correct the cell, or give the figure that counts as 1, such as `worst: {{{key}: 30}}`")
            }
            TableError::BadWeight { .. } => {
                "correct the cell, or leave out rows that stand for nobody by a column for `where`".to_owned()
            }
            TableError::NotAllowed { .. } => "correct the cell, or leave it empty where there is no answer".to_owned(),
            TableError::WrongCount { why, .. } => format!("{why}; name exactly those columns"),
            TableError::RatedTwice { .. } => "keep one of the two rows".to_owned(),
            TableError::WrongType { wanted, .. } => format!("store the column as {wanted}, or name another"),
            TableError::NotAnObject { .. } => {
                "write one object on each line; pandas does with `orient=\"records\", lines=True`".to_owned()
            }
            TableError::UnknownClass { text, classes, .. } => {
                or_nearest(text, classes.iter().map(String::as_str), || {
                    let shown = classes.iter().take(8).map(String::as_str);
                    format!("the columns under `scores` name the classes {}", List::and(shown))
                })
            }
            TableError::OtherColumns { .. } => {
                "give every file of a table the same columns, or keep the other files elsewhere".to_owned()
            }
        })
    }
}

fn nearest_column(name: &str, columns: &[String]) -> String {
    let plain = name.replace('*', "");
    if let [only] = columns
        && only.contains([';', '\t'])
    {
        return "the header has one column; separate columns by commas".to_owned();
    }
    or_nearest(&plain, columns.iter().map(String::as_str), || {
        let shown = columns.iter().take(8).map(String::as_str);
        let rest = columns.len().saturating_sub(8);
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        format!("its columns are {}{more}", List::and(shown))
    })
}
