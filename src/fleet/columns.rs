//! Columns: what the name of each column of a table means.

use super::cells::{Aspect, Cell, Cells};
use super::error::FleetError;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::KnowledgeBase;
use crate::table::TableError;

/// The column that names the deployments where no other is asked for.
const ID: &str = "id";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The names of the deployments.
    Id,
    /// What is told of a fact, by the position of its cell.
    Cell(usize),
}

/// The columns of a table in their order, and the cells that they give.
#[derive(Debug)]
pub(super) struct Columns {
    /// The file, for messages.
    pub file: String,
    pub names: Vec<String>,
    pub roles: Vec<Role>,
    pub cells: Cells,
}

impl Columns {
    /// Returns what the columns mean. `id` names the column of names; without it, that is a column
    /// called `id`, if there is one.
    ///
    /// # Errors
    /// D105, D106, D401 and D402: every column that cannot be meant.
    pub fn new(
        knowledge: &KnowledgeBase,
        file: &str,
        headings: &[Heading],
        id: Option<&str>,
    ) -> Result<Self, Diagnostics> {
        let mut errors = Diagnostics::default();
        let names: Vec<String> = headings.iter().map(|heading| heading.name.clone()).collect();
        let id_name = id.unwrap_or(ID);
        if let Some(id) = id.filter(|id| !names.iter().any(|name| name == id)) {
            let (file, column) = (file.into(), id.into());
            return Err(Diagnostic::from(FleetError::NoIdColumn { file, column, columns: names }).into());
        }
        let mut meant: Vec<Option<Cell>> = Vec::new();
        for (place, heading) in headings.iter().enumerate() {
            let twice = TableError::DuplicateColumn { file: file.into(), column: heading.name.clone() };
            if names[..place].contains(&heading.name) {
                errors.push(twice);
                continue;
            }
            // An input may be called `id`, too; then the names have to be asked for.
            let is_id = heading.name == id_name && (id.is_some() || knowledge.inputs.find(id_name).is_none());
            match if is_id { Ok(None) } else { cell_of(knowledge, file, heading).map(Some) } {
                Ok(cell) if cell.is_some() && meant.contains(&cell) => errors.push(twice),
                Ok(cell) => meant.push(cell),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let cells = Cells::new(knowledge, meant.iter().flatten().cloned().collect());
        let roles = meant.iter().map(|cell| match cell.as_ref().map(|cell| cells.cells.binary_search(cell)) {
            Some(Ok(position)) => Role::Cell(position),
            _ => Role::Id,
        });
        Ok(Self { file: file.into(), names, roles: roles.collect(), cells })
    }
}

/// A column as the file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// For messages, and as it would be in CSV.
    pub name: String,
    /// The name without members, and the members, where the file keeps them apart.
    apart: Option<(String, Vec<String>)>,
}

impl Heading {
    /// Returns the heading of a plain column: `calibration.ece`, `calibration.ece.low`,
    /// `subgroup.auroc["sex=F"]` or `subgroup.auroc["sex=F"].high`.
    pub fn plain(name: &str) -> Self {
        Heading { name: name.to_owned(), apart: None }
    }

    /// Returns the heading of a part of a nested column.
    pub fn nested(column: &str, members: &[String], ending: &str) -> Self {
        let quoted: Vec<String> = members.iter().map(|member| format!("\"{member}\"")).collect();
        Heading {
            name: format!("{column}[{}]{ending}", quoted.join(", ")),
            apart: Some((format!("{column}{ending}"), members.to_vec())),
        }
    }
}

/// Splits an ending that stands for something beside a value off a column's name without members.
pub(super) fn without_ending<'a>(knowledge: &KnowledgeBase, name: &'a str) -> (&'a str, &'a str) {
    match (knowledge.inputs.find(name), name.rsplit_once('.')) {
        (None, Some((base, ending))) => (base, ending),
        _ => (name, ""),
    }
}

/// Returns the fact that a column stands for.
fn cell_of(knowledge: &KnowledgeBase, file: &str, heading: &Heading) -> Result<Cell, FleetError> {
    let unknown = || FleetError::UnknownColumn {
        file: file.into(),
        column: heading.name.clone(),
        inputs: knowledge.inputs.names().map(str::to_owned).collect(),
    };
    let (base, ending, members) = match &heading.apart {
        Some((name, members)) => {
            let (base, ending) = without_ending(knowledge, name);
            (base, ending, members.clone())
        }
        None => match parts(&heading.name).ok_or_else(unknown)? {
            (name, None, _) => {
                let (base, ending) = without_ending(knowledge, name);
                (base, ending, Vec::new())
            }
            (base, Some(inside), ending) => (base, ending.trim_start_matches('.'), members(inside)),
        },
    };
    let input = knowledge.inputs.find(base).ok_or_else(unknown)?;
    let aspect = Aspect::ALL.into_iter().find(|aspect| aspect.ending() == ending).ok_or_else(unknown)?;
    let sets: Vec<String> =
        knowledge.inputs[input].indexes.iter().map(|&index| knowledge.indexes[index].id.clone()).collect();
    if members.len() != sets.len() || members.iter().any(String::is_empty) {
        let (file, column, input) = (file.into(), heading.name.clone(), base.into());
        return Err(FleetError::WrongMembers { file, column, input, sets });
    }
    Ok(Cell { input, members, aspect })
}

/// Splits `name[…]ending` into its parts.
fn parts(name: &str) -> Option<(&str, Option<&str>, &str)> {
    let Some((base, rest)) = name.split_once('[') else { return Some((name, None, "")) };
    let (inside, ending) = rest.rsplit_once(']')?;
    (ending.is_empty() || ending.starts_with('.')).then_some((base, Some(inside), ending))
}

/// Returns the names between the brackets: separated by commas, with quotes or without.
fn members(inside: &str) -> Vec<String> {
    let mut members = vec![String::new()];
    let mut quoted = false;
    for character in inside.chars() {
        match (character, members.last_mut()) {
            ('"', _) => quoted = !quoted,
            (',', _) if !quoted => members.push(String::new()),
            (character, Some(last)) => last.push(character),
            (_, None) => {}
        }
    }
    members.into_iter().map(|member| member.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(parts("calibration.ece.low"), Some(("calibration.ece.low", None, "")));
        assert_eq!(parts("m[\"a=[1]\"].high"), Some(("m", Some("\"a=[1]\""), ".high")));
        assert_eq!(parts("m[a]b"), None);
        assert_eq!(members("\"sex=F\", \"a, b\""), ["sex=F", "a, b"]);
        assert_eq!(members("sex=F"), ["sex=F"]);
    }
}
