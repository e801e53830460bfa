//! The approximate mode: metrics of tables of any number of rows in bounded memory, each with how far it may be off.
//!
//! Rows are read a batch at a time, and numbers that are about the same are put together as soon as a column has more
//! than 65 536 different ones (`table.rs`). What is measured is then the table of the numbers so rounded, by the same
//! code as any other. How far a value may be off is found by rounding further: cells of 2, 4, 8, 16 and 32 times the
//! width change it, and the largest of the changes is what it may be off.

mod combinations;
mod table;

use super::bench;
use super::elements::Sides;
use super::profile::Profile;
use super::sample::{Grid, Need};
use super::{Evaluation, Measurement, MetricRequest, Options, TableRole, TableSummary};
use crate::diagnostic::Diagnostics;
use crate::table::{BatchedTable, Part, Pilot, PilotSpec, Roles, ScoreScale, TableData, read_in_batches};
use table::{Rounded, Shape};

/// How often numbers are rounded further to see what that changes.
const STEPS: u32 = 5;

/// Returns the value of every request, and what is left of the pilot: no rows of its two tables.
///
/// # Errors
/// Every table problem of D1xx; then nothing was evaluated.
pub(super) fn evaluate(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    profile: Option<&Profile>,
    requests: &[MetricRequest],
    options: &Options,
) -> Result<(Evaluation, Pilot), Diagnostics> {
    let need = |role| Need { members: false, ..Need::of(requests, role) };
    let grid = grid(pilot, requests);
    let mut development = Folded::new(need(TableRole::Development));
    let mut deployment = Folded::new(need(TableRole::Deployment));
    let read = read_in_batches(pilot, tables, options.one_class, |roles, part| match part.role {
        TableRole::Development => development.add(&part, roles, &grid),
        _ => deployment.add(&part, roles, &grid),
    })?;
    let data = Pilot { roles: read.roles, development: None, deployment: None, companions: read.companions };
    let mut evaluate = || {
        let side = |of: &Folded| Some(of.table.as_ref()?.side(&data.roles, of.shape, of.need, pilot.min_cell));
        let sides = Sides { development: side(&development), deployment: side(&deployment) };
        let found = bench::evaluation(pilot, &data, profile, &sides, requests, options);
        let rounded = development.coarsen() | deployment.coarsen();
        (found, rounded)
    };
    let (mut found, rounded) = evaluate();
    let further: Vec<Evaluation> = (0..if rounded { STEPS } else { 0 }).map(|_| evaluate().0).collect();
    for (place, measurement) in found.measurements.iter_mut().enumerate() {
        tell_error(measurement, further.iter().filter_map(|evaluation| evaluation.measurements.get(place)));
    }
    found.tables = read.tables.into_iter().map(summary).collect();
    Ok((found, data))
}

/// A table as far as it was read.
struct Folded {
    need: Need,
    shape: Shape,
    table: Option<Rounded>,
}

impl Folded {
    fn new(need: Need) -> Self {
        Self { need, shape: Shape::default(), table: None }
    }

    fn add(&mut self, part: &Part, roles: &Roles, grid: &Grid) {
        self.shape = Shape::of(part);
        match &mut self.table {
            None => self.table = Some(Rounded::new(part, roles, self.need, grid)),
            Some(table) => table.merge(Rounded::new(part, roles, self.need, table.grid())),
        }
    }

    /// Rounds what is rounded further, and tells whether anything is.
    fn coarsen(&mut self) -> bool {
        let rounded = self.table.as_ref().is_some_and(Rounded::is_rounded);
        if rounded {
            self.table = self.table.as_ref().map(Rounded::coarser);
        }
        rounded
    }
}

/// Returns how scores are put together: never what lies on two sides of a threshold or in two bins of equal width.
fn grid(pilot: &PilotSpec, requests: &[MetricRequest]) -> Grid {
    let thresholds = requests.iter().filter_map(|request| request.definition.number("threshold"));
    let mut cuts: Vec<f64> = pilot.threshold.into_iter().chain(thresholds).collect();
    for request in requests {
        if let Some(bins) =
            request.definition.number("bins").filter(|_| request.definition.word("binning") != "equal_mass")
        {
            // An edge belongs to the bin below it.
            cuts.extend((1..bins as u32).map(|edge| (f64::from(edge) / f64::from(bins as u32)).next_up()));
        }
    }
    match pilot.score_scale {
        ScoreScale::Probability => Grid::of_probabilities(cuts),
        ScoreScale::Raw => Grid::of_numbers(cuts),
    }
}

/// Changes below this share of a value are those of sums in another order.
const LAST_BITS: f64 = 1e-12;

/// Adds to a measurement how far it is from the others.
fn tell_error<'a>(measurement: &mut Measurement, others: impl Iterator<Item = &'a Measurement>) {
    let Ok(value) = measurement.value else { return };
    let off = others.filter_map(|other| other.value.as_ref().ok()).map(|other| (other - value).abs());
    let change = off.filter(|off| *off > LAST_BITS * value.abs()).fold(0.0, f64::max);
    let error = measurement.error.unwrap_or(0.0) + change;
    if error > 0.0 {
        measurement.notes.push(format!("approximate, within about {error:.1e} of the value of the rows"));
    }
    measurement.error = Some(error);
}

fn summary(table: BatchedTable) -> TableSummary {
    let BatchedTable { role, file, filter, sha256, rows, dropped, events } = table;
    TableSummary { role, file, filter, rows: rows as u64, dropped, events, sha256 }
}
