//! What can be wrong with a fleet, and what is said about it.

use super::batch::BadCell;
use super::columns::{Columns, Role};
use crate::diagnostic::{Code, Kind, Label, List, Place, or_nearest};
use crate::model::{KnowledgeBase, Type};
use crate::source::Span;

/// What can be wrong with a fleet. Rows are counted from 1 without the header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FleetError {
    #[error("column `{column}` of `{file}` is no input of the pack")]
    UnknownColumn { file: String, column: String, inputs: Vec<String> },
    #[error("column `{column}` of `{file}` does not say for whom")]
    WrongMembers { file: String, column: String, input: String, sets: Vec<String> },
    #[error("`{file}` has no column `{column}` to name the deployments by")]
    NoIdColumn { file: String, column: String, columns: Vec<String> },
    #[error("`{}` in row {} is not a value of `{}`", .0.text, .0.row, .0.input)]
    WrongCell(Box<WrongCell>),
    #[error("column `{column}` of `{file}` holds {found}, which is no value of an input")]
    WrongType { file: String, column: String, found: String },
    #[error("there is no deployment `{row}` in `{file}`")]
    NoSuchRow { file: String, row: String, rows: u64 },
    #[error("`{file}` has no deployments")]
    NoRows { file: String },
    #[error("the assessments cannot be written: {reason}")]
    NotWritten { reason: String },
    #[error("`{rule}` concludes what it reads, over more members than a fleet can be compiled for")]
    RecursionTooDeep { rule: String, span: Span },
}

/// A cell that is no value of its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrongCell {
    file: String,
    column: String,
    row: u64,
    text: String,
    expected: String,
    input: String,
    /// Those of the input, where it has options.
    options: Vec<String>,
}

impl FleetError {
    /// Returns the error for a bad cell of a batch that starts at that row, from 0.
    pub fn wrong_cell(columns: &Columns, knowledge: &KnowledgeBase, first: u64, bad: &BadCell) -> Self {
        let input = match columns.roles.get(bad.column) {
            Some(Role::Cell(cell)) => Some(&knowledge.inputs[columns.cells.cells[*cell].input]),
            _ => None,
        };
        let options = match input.map(|input| &input.value_type) {
            Some(Type::OneOf(options) | Type::ManyOf(options)) => options.clone(),
            _ => Vec::new(),
        };
        FleetError::WrongCell(Box::new(WrongCell {
            file: columns.file.clone(),
            column: columns.names.get(bad.column).cloned().unwrap_or_default(),
            row: first + bad.row as u64 + 1,
            text: bad.text.clone(),
            expected: bad.expected.clone(),
            input: input.map(|input| input.id.clone()).unwrap_or_default(),
            options,
        }))
    }
}

impl Kind for FleetError {
    fn code(&self) -> Code {
        match self {
            FleetError::UnknownColumn { .. } => Code::D401,
            FleetError::WrongMembers { .. } => Code::D402,
            FleetError::NoIdColumn { .. } => Code::D106,
            FleetError::WrongCell(_) => Code::D403,
            FleetError::WrongType { .. } => Code::D404,
            FleetError::NoSuchRow { .. } => Code::X002,
            FleetError::NoRows { .. } => Code::D112,
            FleetError::NotWritten { .. } => Code::X006,
            FleetError::RecursionTooDeep { .. } => Code::I001,
        }
    }

    fn labels(&self) -> Vec<Label> {
        let table = |file: &str, row: Option<u64>, column: Option<&str>| Place::Table {
            file: file.to_owned(),
            row,
            column: column.map(str::to_owned),
        };
        match self {
            FleetError::UnknownColumn { file, column, .. }
            | FleetError::WrongMembers { file, column, .. }
            | FleetError::WrongType { file, column, .. } => {
                vec![Label { place: table(file, None, Some(column)), text: "this column".to_owned() }]
            }
            FleetError::NoIdColumn { file, .. } | FleetError::NoRows { file } => {
                vec![Label { place: table(file, None, None), text: String::new() }]
            }
            FleetError::WrongCell(cell) => {
                let place = table(&cell.file, Some(cell.row), Some(&cell.column));
                vec![Label { place, text: format!("expected {}", cell.expected) }]
            }
            FleetError::NotWritten { .. } | FleetError::NoSuchRow { .. } => Vec::new(),
            FleetError::RecursionTooDeep { span, .. } => vec![Label::new(*span, "this rule")],
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            FleetError::UnknownColumn { column, inputs, .. } => {
                or_nearest(column, inputs.iter().map(String::as_str), || {
                    "name columns by the pack's inputs, and take out what is none; `--id COLUMN` names the deployments"
                        .to_owned()
                })
            }
            FleetError::WrongMembers { input, sets, .. } if sets.is_empty() => {
                format!("`{input}` is a single figure: name the column `{input}`")
            }
            FleetError::WrongMembers { input, sets, .. } => {
                format!("name the column `{input}[{}]`, with the member's name in place of the set's", sets.join(", "))
            }
            FleetError::NoIdColumn { column, columns, .. } => {
                or_nearest(column, columns.iter().map(String::as_str), || {
                    format!("its columns are {}", List::and(columns.iter().take(8).map(String::as_str)))
                })
            }
            FleetError::WrongCell(cell) if !cell.options.is_empty() => {
                or_nearest(&cell.text, cell.options.iter().map(String::as_str), || {
                    format!("write {}", List::or(cell.options.iter().map(String::as_str)))
                })
            }
            FleetError::WrongCell(_) => "correct the cell, or leave it empty if it is not known".to_owned(),
            FleetError::WrongType { .. } => {
                "store numbers, text, booleans, dates or lists of texts; `etio explain D404` shows nested columns"
                    .to_owned()
            }
            FleetError::NoSuchRow { rows, .. } => {
                format!("name one by its number, 1 to {rows}, or by its name in the column of names")
            }
            FleetError::NoRows { .. } => "the file holds a header only".to_owned(),
            FleetError::NotWritten { .. } => "check that there is room, and that the file may be written".to_owned(),
            FleetError::RecursionTooDeep { .. } => {
                "name fewer members in the columns, or assess such deployments one by one".to_owned()
            }
        })
    }
}
