//! A batch: some rows of the table as the lanes that the plan reads.

use std::collections::HashMap;

use super::cells::{Aspect, Reading};
use super::columns::{Columns, Role};
use super::plan::Plan;
use super::text::{number_in, value_in};
use crate::model::{KnowledgeBase, Type, Value};

/// What is done with the cells of one column.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub value_type: Type,
    pub aspect: Aspect,
    /// The lane of the number.
    number: Option<usize>,
    /// The lane of what stands for the text or set.
    code: Option<usize>,
    /// Options and the lanes that tell whether they are included.
    includes: Vec<(u32, usize)>,
}

/// What is done with the cells of a table, and the lanes that come of it.
#[derive(Debug)]
pub(super) struct Intake {
    /// By column; none for the names of the deployments.
    pub targets: Vec<Option<Target>>,
    lanes: usize,
    literals: Vec<Value>,
}

impl Intake {
    /// Returns what a plan needs of these columns.
    pub fn new(knowledge: &KnowledgeBase, columns: &Columns, plan: &Plan) -> Self {
        let target = |role: &Role| {
            let Role::Cell(position) = *role else { return None };
            let cell = &columns.cells.cells[position];
            let lane = |reading| plan.lanes.iter().position(|lane| lane.cell == position && lane.reading == reading);
            let includes = plan.lanes.iter().enumerate().filter(|(_, lane)| lane.cell == position);
            let includes = includes.filter_map(|(place, lane)| match lane.reading {
                Reading::Includes(option) => Some((option, place)),
                Reading::Number | Reading::Code => None,
            });
            Some(Target {
                value_type: knowledge.inputs[cell.input].value_type.clone(),
                aspect: cell.aspect,
                number: lane(Reading::Number),
                code: lane(Reading::Code),
                includes: includes.collect(),
            })
        };
        let targets = columns.roles.iter().map(target).collect();
        Self { targets, lanes: plan.lanes.len(), literals: plan.literals.clone() }
    }

    /// Returns what it takes to know every cell: the lane of each column is its place.
    pub fn whole(knowledge: &KnowledgeBase, columns: &Columns) -> Self {
        let target = |(place, role): (usize, &Role)| {
            let Role::Cell(position) = *role else { return None };
            let cell = &columns.cells.cells[position];
            let value_type = knowledge.inputs[cell.input].value_type.clone();
            let whole = matches!(value_type, Type::Text | Type::ManyOf(_));
            let (number, code) = if whole { (None, Some(place)) } else { (Some(place), None) };
            Some(Target { value_type, aspect: cell.aspect, number, code, includes: Vec::new() })
        };
        let targets = columns.roles.iter().enumerate().map(target).collect();
        Self { targets, lanes: columns.names.len(), literals: Vec::new() }
    }
}

/// A cell that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadCell {
    /// From 0, within the batch.
    pub row: usize,
    pub column: usize,
    pub text: String,
    pub expected: String,
}

/// Content of a cell that is no value of its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    pub text: String,
    pub expected: String,
}

/// Rows that are being read, or were.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    intake: &'a Intake,
    pub rows: usize,
    /// For each lane one number a row; NaN where nothing is known.
    pub lanes: Vec<Vec<f64>>,
    pub ids: Vec<String>,
    /// The first of each column, in the order found.
    pub bad: Vec<BadCell>,
    codes: HashMap<String, f64>,
    /// What the codes beyond the literals stand for.
    coded: Vec<Value>,
}

impl<'a> Batch<'a> {
    /// Returns a batch without rows.
    pub fn new(intake: &'a Intake, capacity: usize) -> Self {
        Self {
            intake,
            rows: 0,
            lanes: (0..intake.lanes).map(|_| Vec::with_capacity(capacity)).collect(),
            ids: Vec::new(),
            bad: Vec::new(),
            codes: HashMap::new(),
            coded: Vec::new(),
        }
    }

    /// Adds a cell that is written out.
    pub fn push_text(&mut self, column: usize, row: usize, text: &str) {
        let Some(Some(target)) = self.intake.targets.get(column) else {
            self.ids.push(text.to_owned());
            return;
        };
        match target.value_type {
            Type::Text | Type::ManyOf(_) => match value_in(&target.value_type, text) {
                Ok(value) => self.push_whole(target, value),
                Err(expected) => self.push_bad(column, row, text, expected),
            },
            _ => match number_in(&target.value_type, target.aspect, text) {
                Ok(number) => self.push_number(target, number),
                Err(expected) => self.push_bad(column, row, text, expected),
            },
        }
    }

    /// Adds a cell that holds this value, or whose content is no value of its input.
    pub fn push_value(&mut self, column: usize, row: usize, cell: Result<Option<Value>, Unfit>) {
        let Some(Some(target)) = self.intake.targets.get(column) else {
            self.ids.push(String::new());
            return;
        };
        match (cell, &target.value_type) {
            (Ok(value), Type::Text | Type::ManyOf(_)) => self.push_whole(target, value),
            (Ok(value), _) => {
                self.push_number(target, value.and_then(|value| value.as_number()).unwrap_or(f64::NAN));
            }
            (Err(Unfit { text, expected }), _) => self.push_bad(column, row, &text, expected),
        }
    }

    /// Adds a number that is a value of the column's input.
    pub fn push_number_in(&mut self, column: usize, number: f64) {
        if let Some(Some(target)) = self.intake.targets.get(column) {
            self.push_number(target, number);
        }
    }

    fn push_number(&mut self, target: &Target, number: f64) {
        if let Some(lane) = target.number {
            self.lanes[lane].push(number);
        }
    }

    /// Adds a text or a set of options, or that it is not known.
    fn push_whole(&mut self, target: &Target, value: Option<Value>) {
        for &(option, lane) in &target.includes {
            let includes = match &value {
                Some(Value::Options(chosen)) => f64::from(u8::from(chosen.contains(&option))),
                _ => f64::NAN,
            };
            self.lanes[lane].push(includes);
        }
        if let Some(lane) = target.code {
            let code = value.map_or(f64::NAN, |value| self.code(&value));
            self.lanes[lane].push(code);
        }
    }

    /// Returns the number that stands for a text or a set: that of the program where a rule names it.
    fn code(&mut self, value: &Value) -> f64 {
        let literals = &self.intake.literals;
        if let Some(position) = literals.iter().position(|literal| literal == value) {
            return position as f64;
        }
        let next = literals.len() + self.coded.len();
        let coded = &mut self.coded;
        *self.codes.entry(format!("{value:?}")).or_insert_with(|| {
            coded.push(value.clone());
            next as f64
        })
    }

    /// Returns what a code stands for.
    pub fn decoded(&self, code: usize) -> Option<&Value> {
        let literals = &self.intake.literals;
        literals.get(code).or_else(|| self.coded.get(code.checked_sub(literals.len())?))
    }

    /// Adds a bad cell, which counts as not known.
    fn push_bad(&mut self, column: usize, row: usize, text: &str, expected: String) {
        self.note_bad(column, row, text, expected);
        self.push_missing(column);
    }

    /// Keeps the first bad cell of a column.
    pub fn note_bad(&mut self, column: usize, row: usize, text: &str, expected: String) {
        if self.bad.iter().all(|bad| bad.column != column) {
            let text = text.trim().chars().take(40).collect();
            self.bad.push(BadCell { row, column, text, expected });
        }
    }

    /// Adds that nothing is known.
    pub fn push_missing(&mut self, column: usize) {
        let Some(Some(target)) = self.intake.targets.get(column) else {
            self.ids.push(String::new());
            return;
        };
        let lanes = target.number.into_iter().chain(target.code).chain(target.includes.iter().map(|&(_, lane)| lane));
        for lane in lanes {
            self.lanes[lane].push(f64::NAN);
        }
    }
}
