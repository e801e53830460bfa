//! One of the pilot's two tables: the rows of a file that belong to it, checked.

use super::classes::Classes;
use super::codes::Codes;
use super::column::{Categories, Column, NO_CODE, NO_LABEL, Wanted};
use super::error::TableError;
use super::groups::Groups;
use super::read::Table;
use super::roles::Roles;
use super::spec::{OnMissing, OneClass, PilotSpec, ScoreScale, TableRole, TableSpec};
use super::view::{Selection, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Spanned;
use rayon::prelude::*;
use std::sync::Arc;

/// The rows of a table with every role in its place. Columns are in the order of [`Roles`].
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub role: TableRole,
    pub file: String,
    pub filter: String,
    pub sha256: String,
    pub rows: usize,
    /// Rows left out because their label or score is missing.
    pub dropped: u64,
    /// 0 or 1; none missing.
    pub label: Option<View<u8>>,
    /// None missing.
    pub score: Option<View<f64>>,
    /// More than two outcomes; then there is no label.
    pub classes: Option<Classes>,
    /// NaN where missing.
    pub compared: Option<View<f64>>,
    /// How much each row counts, more than 0; none missing. Without it every row counts once.
    pub weight: Option<View<f64>>,
    /// NaN where missing.
    pub members: Vec<View<f64>>,
    /// The attributes of one column, then the intersections.
    pub groups: Vec<Groups>,
    pub period: Option<Groups>,
    /// What two intersections have in common; not to be shown, but sizes can be told through it.
    pub margins: Vec<Groups>,
    /// NaN where missing.
    pub numeric: Vec<View<f64>>,
    pub categorical: Vec<Groups>,
}

impl Part {
    /// Returns the columns whose groups add up to each other's or to all rows: attributes, period, margins. A period
    /// may lie within a group, as of a site that came late.
    pub fn tied(&self) -> impl Iterator<Item = &Groups> {
        self.groups.iter().chain(&self.period).chain(&self.margins)
    }

    /// Returns a table of the rows at those places of this one, which may come more than once.
    pub fn picked(&self, places: &[u32]) -> Self {
        let numbers = |view: &View<f64>| view.picked(places);
        let groups = |groups: &Groups| Groups { names: Arc::clone(&groups.names), codes: groups.codes.picked(places) };
        Self {
            role: self.role,
            file: self.file.clone(),
            filter: self.filter.clone(),
            sha256: self.sha256.clone(),
            rows: places.len(),
            dropped: self.dropped,
            label: self.label.as_ref().map(|label| label.picked(places)),
            score: self.score.as_ref().map(numbers),
            classes: self.classes.as_ref().map(|classes| classes.picked(places)),
            compared: self.compared.as_ref().map(numbers),
            weight: self.weight.as_ref().map(numbers),
            members: self.members.iter().map(numbers).collect(),
            groups: self.groups.iter().map(groups).collect(),
            period: self.period.as_ref().map(groups),
            margins: self.margins.iter().map(groups).collect(),
            numeric: self.numeric.iter().map(numbers).collect(),
            categorical: self.categorical.iter().map(groups).collect(),
        }
    }

    /// Returns the rows of `table` that belong to `spec`.
    pub fn new(
        role: TableRole,
        spec: &TableSpec,
        table: &Table,
        roles: &Roles,
        pilot: &PilotSpec,
        one_class: OneClass,
    ) -> Result<Self, Diagnostics> {
        let part = Self::of_batch(role, spec, table, roles, pilot, one_class)?;
        if part.rows == 0 {
            let values = spec.filter.last().and_then(|(column, _)| table.category(&column.value));
            return Err(Diagnostics::from(Diagnostic::from(TableError::Empty {
                role,
                file: spec.file.clone(),
                filter: spec.filter.clone(),
                dropped: part.dropped,
                values: values.map(|values| values.names.to_vec()).unwrap_or_default(),
            })));
        }
        Ok(part)
    }

    /// Returns those rows of a piece of a table that belong to `spec`, which may be none.
    pub fn of_batch(
        role: TableRole,
        spec: &TableSpec,
        table: &Table,
        roles: &Roles,
        pilot: &PilotSpec,
        one_class: OneClass,
    ) -> Result<Self, Diagnostics> {
        let selection = filtered(spec, table);
        let (selection, dropped) = without_missing(selection, table, roles, pilot)?;
        let numbers = |column: &str| table.number(column).map(|all| View::new(all, &selection));
        let categories = |column: &str| {
            table
                .category(column)
                .map(|all| Groups { names: Arc::clone(&all.names), codes: all.codes.select(&selection) })
        };
        let crossed = |names: &[Spanned<String>]| {
            let columns: Option<Vec<Groups>> = names.iter().map(|name| categories(&name.value)).collect();
            columns.map(|columns| Groups::crossed(&columns.iter().collect::<Vec<_>>()))
        };
        let label = roles.label.as_ref().and_then(|name| table.label(&name.value));
        let part = Self {
            role,
            file: spec.file.clone(),
            filter: filter_words(spec),
            sha256: table.sha256.clone(),
            rows: selection.len(),
            dropped,
            label: label.map(|all| View::new(all, &selection)),
            score: roles.score.as_ref().and_then(|name| numbers(&name.value)),
            classes: Classes::new(table, &selection, roles)
                .map_err(|error| Diagnostics::from(Diagnostic::from(error)))?,
            compared: roles.compared.as_ref().and_then(|name| numbers(&name.value)),
            weight: roles.weight.as_ref().and_then(|name| numbers(&name.value)),
            members: roles.members.par_iter().filter_map(|name| numbers(&name.value)).collect(),
            period: roles.period.as_ref().and_then(|name| categories(&name.value)),
            groups: roles
                .groups
                .par_iter()
                .filter_map(|(_, name)| categories(&name.value))
                .chain(roles.intersections.par_iter().filter_map(|(_, names)| crossed(names)))
                .collect(),
            margins: roles.common_columns().iter().filter_map(|names| crossed(names)).collect(),
            numeric: roles.numeric.par_iter().filter_map(|name| numbers(&name.value)).collect(),
            categorical: roles.categorical.par_iter().filter_map(|name| categories(&name.value)).collect(),
        };
        part.check(&selection, table, roles, pilot, one_class)?;
        Ok(part)
    }

    fn check(
        &self,
        selection: &Selection,
        table: &Table,
        roles: &Roles,
        pilot: &PilotSpec,
        one_class: OneClass,
    ) -> Result<(), Diagnostics> {
        let mut errors = Diagnostics::default();
        let compared = roles.compared.iter().zip(&self.compared);
        let members = roles.members.iter().zip(&self.members);
        let of_classes = self.classes.iter().flat_map(|classes| &classes.scores);
        let classes = roles.classes.iter().map(|(_, column)| column).zip(of_classes);
        let scores = roles.score.iter().zip(&self.score).chain(compared).chain(classes).chain(members);
        for (name, values) in scores.filter(|_| pilot.score_scale == ScoreScale::Probability) {
            // NaN, a missing member, is not out of range.
            let outside = |value: &f64| *value < 0.0 || *value > 1.0;
            let count = values.par_iter().filter(|value| outside(value)).count();
            let first = values.iter().enumerate().find(|(_, value)| count > 0 && outside(value));
            if let Some((row, value)) = first {
                let (file, row) = table.place(selection.row(row));
                errors.push(TableError::OutOfRange {
                    file,
                    column: name.value.clone(),
                    row,
                    value: value.to_string(),
                    others: count - 1,
                    role: Some(name.span),
                });
            }
        }
        if let (Some(name), Some(weights)) = (&roles.weight, &self.weight) {
            let refused = |weight: &f64| !weight.is_finite() || *weight <= 0.0;
            let mut found = weights.iter().enumerate().filter(|(_, weight)| refused(weight));
            if let Some((row, value)) = found.next() {
                let (file, row) = table.place(selection.row(row));
                let (column, value, others) = (name.clone(), value.to_string(), found.count());
                errors.push(TableError::BadWeight { file, column, row, value, others });
            }
        }
        if let (Some(name), Some(labels), OneClass::Refuse) = (&roles.label, &self.label, one_class) {
            let events: usize = labels.par_iter().map(|label| usize::from(*label)).sum();
            if !labels.is_empty() && (events == 0 || events == labels.len()) {
                errors.push(TableError::OneClass {
                    role: self.role,
                    file: self.file.clone(),
                    column: name.value.clone(),
                    label: u8::from(events > 0),
                    span: Some(name.span),
                });
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

pub(super) fn filter_words(spec: &TableSpec) -> String {
    let parts: Vec<String> =
        spec.filter.iter().map(|(column, value)| format!("{} = {}", column.value, value.value)).collect();
    parts.join(", ")
}

/// Returns the rows for which every filter holds.
pub(super) fn filtered(spec: &TableSpec, table: &Table) -> Selection {
    let mut selection = Selection::Range(0, table.rows);
    for (column, value) in &spec.filter {
        let Some(categories) = table.category(&column.value) else { continue };
        let code = categories.names.binary_search(&value.value).ok().and_then(|code| u32::try_from(code).ok());
        let keep = |row: &usize| code.is_some() && categories.codes.get(*row) == code;
        let kept = selection.rows().filter(keep).map(|row| u32::try_from(row).unwrap_or(u32::MAX));
        selection = Selection::from_list(kept.collect());
    }
    selection
}

/// Returns the rows that have a label and a score, and how many had not; an error where such rows
/// are to be refused.
fn without_missing(
    selection: Selection,
    table: &Table,
    roles: &Roles,
    pilot: &PilotSpec,
) -> Result<(Selection, u64), Diagnostics> {
    let required = Required::of(table, roles);
    if !required.iter().any(|(_, cells)| cells.any_missing()) {
        return Ok((selection, 0));
    }
    if pilot.on_missing == OnMissing::Drop {
        let kept: Vec<u32> = selection
            .rows()
            .filter(|row| !required.iter().any(|(_, cells)| cells.is_missing(*row)))
            .map(|row| u32::try_from(row).unwrap_or(u32::MAX))
            .collect();
        let dropped = (selection.len() - kept.len()) as u64;
        return Ok((Selection::from_list(kept), dropped));
    }
    let mut errors = Diagnostics::default();
    for (name, cells) in &required {
        let mut found = selection.rows().filter(|row| cells.is_missing(*row));
        if let Some(first) = found.next() {
            let (file, row) = table.place(first);
            errors.push(TableError::Missing {
                file,
                column: name.value.clone(),
                row,
                others: found.count(),
                role: Some(name.span),
            });
        }
    }
    if errors.is_empty() { Ok((selection, 0)) } else { Err(errors) }
}

/// A column without whose cell a row cannot be used.
enum Required<'a> {
    Label(&'a [u8]),
    Number(&'a [f64]),
    Category(&'a Codes),
}

impl<'a> Required<'a> {
    /// Returns label, score and weight, or class and the probabilities of all classes, as far as they are named.
    fn of(table: &'a Table, roles: &'a Roles) -> Vec<(&'a Spanned<String>, Required<'a>)> {
        let label = |name: &'a Spanned<String>| Some((name, Required::Label(table.label(&name.value)?)));
        let number = |name: &'a Spanned<String>| Some((name, Required::Number(table.number(&name.value)?)));
        let category =
            |name: &'a Spanned<String>| Some((name, Required::Category(&table.category(&name.value)?.codes)));
        let labels = roles.label.iter().filter_map(label).chain(roles.class_label.iter().filter_map(category));
        let scores = roles.score.iter().chain(&roles.weight).chain(roles.classes.iter().map(|(_, column)| column));
        labels.chain(scores.filter_map(number)).collect()
    }

    fn is_missing(&self, row: usize) -> bool {
        match self {
            Required::Label(labels) => labels.get(row) == Some(&NO_LABEL),
            Required::Number(numbers) => numbers.get(row).is_some_and(|number| number.is_nan()),
            Required::Category(codes) => codes.get(row) == Some(NO_CODE),
        }
    }

    fn any_missing(&self) -> bool {
        match self {
            Required::Label(labels) => labels.par_iter().any(|label| *label == NO_LABEL),
            Required::Number(numbers) => numbers.par_iter().any(|number| number.is_nan()),
            Required::Category(codes) => codes.iter().any(|code| code == NO_CODE),
        }
    }
}

impl Table {
    fn find(&self, column: &str, wanted: Wanted) -> Option<&Column> {
        self.columns.iter().find(|(name, as_what, _)| name == column && *as_what == wanted).map(|(_, _, column)| column)
    }

    fn label(&self, column: &str) -> Option<&Arc<Vec<u8>>> {
        match self.find(column, Wanted::Label) {
            Some(Column::Label(labels)) => Some(labels),
            _ => None,
        }
    }

    pub(super) fn number(&self, column: &str) -> Option<&Arc<Vec<f64>>> {
        match self.find(column, Wanted::Number) {
            Some(Column::Number(numbers)) => Some(numbers),
            _ => None,
        }
    }

    pub(super) fn category(&self, column: &str) -> Option<&Categories> {
        match self.find(column, Wanted::Category) {
            Some(Column::Category(categories)) => Some(categories),
            _ => None,
        }
    }
}
