//! More than two outcomes: each row's class and a probability for every class.

use super::error::TableError;
use super::read::Table;
use super::roles::Roles;
use super::view::{Selection, View};

/// The classes of a table's rows and their probabilities.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    /// In the order of the columns.
    pub names: Vec<String>,
    /// For each row the place of its class; empty where no label is named.
    pub truth: Vec<u32>,
    /// For each class its probability in every row; none missing.
    pub scores: Vec<View<f64>>,
}

impl Classes {
    /// Returns the classes of the rows at those places.
    pub fn picked(&self, places: &[u32]) -> Self {
        Self {
            names: self.names.clone(),
            truth: places.iter().filter_map(|place| self.truth.get(*place as usize).copied()).collect(),
            scores: self.scores.iter().map(|scores| scores.picked(places)).collect(),
        }
    }

    /// Returns the classes of the selected rows, or none where the manifest names no `scores`.
    ///
    /// # Errors
    /// D117 for a label that is none of the classes.
    pub fn new(table: &Table, selection: &Selection, roles: &Roles) -> Result<Option<Self>, TableError> {
        if roles.classes.is_empty() {
            return Ok(None);
        }
        let names: Vec<String> = roles.classes.iter().map(|(class, _)| class.clone()).collect();
        let columns = roles.classes.iter().filter_map(|(_, column)| table.number(&column.value));
        let scores = columns.map(|all| View::new(all, selection)).collect();
        let label = roles.class_label.as_ref().and_then(|name| Some((name, table.category(&name.value)?)));
        let Some((name, labels)) = label else { return Ok(Some(Self { names, truth: Vec::new(), scores })) };
        let places: Vec<Option<u32>> = labels.names.iter().map(|label| place_of(label, &names)).collect();
        let place = |row: usize| labels.codes.get(row).and_then(|code| places.get(code as usize).copied()?);
        let truth: Vec<u32> = selection.rows().map_while(place).collect();
        if truth.len() < selection.len() {
            let first = selection.row(truth.len());
            let text = labels.codes.get(first).and_then(|code| labels.names.get(code as usize));
            let (file, row) = table.place(first);
            return Err(TableError::UnknownClass {
                file,
                column: name.clone(),
                row,
                text: text.cloned().unwrap_or_default(),
                classes: names,
            });
        }
        Ok(Some(Self { names, truth, scores }))
    }
}

/// Returns the place of a label among the classes. Numbers are equal when their values are: pandas writes
/// `1.0` for a label of 1 as soon as one is missing in the column.
fn place_of(label: &str, classes: &[String]) -> Option<u32> {
    let same = |class: &String| match (label.parse::<f64>(), class.parse::<f64>()) {
        (Ok(label), Ok(class)) => label.total_cmp(&class).is_eq(),
        _ => class == label,
    };
    classes.iter().position(same).and_then(|place| u32::try_from(place).ok())
}
