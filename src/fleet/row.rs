//! One row of a fleet as the facts of one deployment, for its explanation.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

use super::batch::{Batch, Intake};
use super::cells::Aspect;
use super::columns::{Columns, Role};
use super::error::FleetError;
use super::run::{read_wave, single};
use super::source::Source;
use crate::diagnostic::Diagnostics;
use crate::facts::{Fact, FactStore, Interval, Member, NoiseFloor, Origin};
use crate::model::{KnowledgeBase, Type, Value};
use crate::source::{Location, Span};
use crate::table::TableData;

/// A deployment of a fleet.
#[derive(Clone, Debug)]
pub struct FleetRow {
    /// Its row, from 1.
    pub number: u64,
    /// Its name, where the table has a column of names.
    pub id: Option<String>,
    /// What the row says.
    pub facts: FactStore,
    /// SHA-256 over what the row says, in lower-case hexadecimal.
    pub digest: String,
}

/// Returns the first row of that name, else the row of that number. `span` is where diagnostics about its
/// facts point.
///
/// # Errors
/// Says what is wrong with the table up to there, or that it has no such row.
pub fn fleet_row(
    knowledge: &KnowledgeBase,
    table: TableData,
    id: Option<&str>,
    wanted: &str,
    span: Span,
) -> Result<FleetRow, Diagnostics> {
    let file = table.file.clone();
    // The header of a CSV file is its first line.
    let lines_before = usize::from(table.format.has_header_line());
    let mut source = Source::open(table, knowledge)?;
    let columns = Columns::new(knowledge, &file, &source.headings(), id)?;
    let paths = source.paths();
    let intake = Intake::whole(knowledge, &columns);
    let number: Option<u64> = wanted.parse().ok();
    let named = columns.roles.contains(&Role::Id);
    let mut by_number = None;
    let mut rows = 0;
    loop {
        let wave = source.next_wave().map_err(Diagnostics::from)?;
        if wave.is_empty() {
            break;
        }
        for (first, batch) in read_wave(&wave, &columns, &paths, &intake, knowledge, rows)? {
            let row_at = |row: usize| {
                let number = first + row as u64 + 1;
                let line = usize::try_from(number).unwrap_or(usize::MAX).saturating_add(lines_before);
                let location = Location { file: file.clone(), line, column: 1 };
                fleet_row_at(knowledge, &columns, &batch, row, number, Origin::Metadata { location, span })
            };
            if let Some(row) = batch.ids.iter().position(|id| id == wanted) {
                return Ok(row_at(row));
            }
            let row = number.and_then(|number| number.checked_sub(first + 1));
            let row = row.and_then(|row| usize::try_from(row).ok()).filter(|&row| row < batch.rows);
            if let Some(row) = row {
                by_number = Some(row_at(row));
            }
            rows = first + batch.rows as u64;
        }
        // A name may look like a number, and may still come.
        if !named && by_number.is_some() {
            break;
        }
    }
    by_number.ok_or_else(|| single(FleetError::NoSuchRow { file, row: wanted.to_owned(), rows }))
}

fn fleet_row_at(
    knowledge: &KnowledgeBase,
    columns: &Columns,
    batch: &Batch<'_>,
    row: usize,
    number: u64,
    origin: Origin,
) -> FleetRow {
    let cells = &columns.cells;
    let at = |position: usize| {
        let column = columns.roles.iter().position(|role| *role == Role::Cell(position));
        column.and_then(|column| batch.lanes[column].get(row)).copied().filter(|number| !number.is_nan())
    };
    let mut facts = cells.members.clone();
    let mut said = String::new();
    for (position, cell) in cells.cells.iter().enumerate().filter(|(_, cell)| cell.aspect == Aspect::Value) {
        let Some(found) = at(position) else { continue };
        let input = &knowledge.inputs[cell.input];
        let Some(value) = value_of(&input.value_type, found, batch) else { continue };
        let names = input.indexes.iter().zip(&cell.members);
        let members: Option<Vec<Member>> = names.map(|(&index, name)| cells.members.member(index, name)).collect();
        let Some(members) = members else { continue };
        let beside = |aspect| cells.find(knowledge, cell.input, &members, aspect).and_then(at);
        let interval = beside(Aspect::Low).zip(beside(Aspect::High));
        let p95 = beside(Aspect::NoiseP95);
        let _ = writeln!(said, "{} {:?} {value:?} {interval:?} {p95:?}", input.id, cell.members);
        let method = "as stated".to_owned();
        let fact = Fact {
            interval: interval.map(|(low, high)| Interval { low, high, level: 0.95, method: method.clone() }),
            // A table states where the noise ends, and not what it is on average.
            floor: p95.map(|p95| NoiseFloor { mean: None, p95, method }),
            origin: origin.clone(),
            ..Fact::supposed(value)
        };
        facts.set(cell.input, &members, fact);
    }
    let digest = Sha256::digest(said.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    FleetRow { number, id: batch.ids.get(row).cloned(), facts, digest }
}

/// Returns the value that a number in a lane stands for.
fn value_of(value_type: &Type, number: f64, batch: &Batch<'_>) -> Option<Value> {
    Some(match value_type {
        Type::YesNo => Value::YesNo(number > 0.0),
        Type::OneOf(_) => Value::Option(number as u32),
        Type::Date => Value::Date(number as i32),
        Type::Text | Type::ManyOf(_) => batch.decoded(number as usize)?.clone(),
        Type::Ratio | Type::Number { .. } | Type::Count | Type::Score { .. } | Type::Duration => Value::Number(number),
    })
}
