//! From requests to measurements: what each needs is prepared once, then all are found in parallel
//! and put in the order in which they were asked for.

use super::approximate;
use super::bench;
use super::elements::Sides;
use super::profile::{self, Profile};
use super::sample::{Need, Side};
use super::{Evaluation, MetricRequest, Options, TableRole, TableSummary};
use crate::diagnostic::Diagnostics;
use crate::table::{self, Companion, Part, Pilot, PilotSpec, Precision, TableData};

/// Returns the value of every request over the pilot's tables.
///
/// # Errors
/// Every table problem of D1xx; then nothing was evaluated.
pub fn evaluate(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    requests: &[MetricRequest],
    options: &Options,
) -> Result<Evaluation, Diagnostics> {
    evaluate_with(pilot, tables, None, requests, options)
}

/// As [`evaluate`], with a reference profile in place of the development table; then each value says how far it may
/// be off.
///
/// # Errors
/// As there.
pub fn evaluate_with(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    profile: Option<&Profile>,
    requests: &[MetricRequest],
    options: &Options,
) -> Result<Evaluation, Diagnostics> {
    let (found, data) = match pilot.precision {
        Precision::Exact => {
            let mut data = table::read(pilot, tables, options.one_class)?;
            let sides = sides(pilot, &mut data, requests);
            let tables = data.development.iter().chain(&data.deployment).map(summary).collect();
            (Evaluation { tables, ..bench::evaluation(pilot, &data, profile, &sides, requests, options) }, data)
        }
        Precision::Approximate => approximate::evaluate(pilot, tables, profile, requests, options)?,
    };
    let tables = profile.into_iter().flat_map(summaries_of_profile).chain(found.tables);
    let tables = tables.chain(data.companions.iter().map(summary_of_companion)).collect();
    Ok(Evaluation { tables, ..found })
}

/// Sorts and divides both tables.
pub(super) fn sides(pilot: &PilotSpec, data: &mut Pilot, requests: &[MetricRequest]) -> Sides {
    let Pilot { development, deployment, roles, .. } = data;
    let side = |part: &mut Option<Part>, role| Some(Side::new(part.as_mut()?, roles, Need::of(requests, role), pilot));
    let (development, deployment) =
        rayon::join(|| side(development, TableRole::Development), || side(deployment, TableRole::Deployment));
    Sides { development, deployment }
}

fn summary(part: &Part) -> TableSummary {
    TableSummary {
        role: part.role,
        file: part.file.clone(),
        filter: part.filter.clone(),
        rows: part.rows as u64,
        dropped: part.dropped,
        events: part.label.as_ref().map(|label| label.iter().map(|label| u64::from(*label)).sum()),
        sha256: part.sha256.clone(),
    }
}

/// Returns the profiled tables; rows and events are those of all of them, told with the first.
fn summaries_of_profile(profile: &Profile) -> Vec<TableSummary> {
    let first = |place: usize, n: u64| if place == 0 { n } else { 0 };
    let of = |(place, table): (usize, &profile::ProfiledTable)| TableSummary {
        role: TableRole::Development,
        file: table.file.clone(),
        filter: table.filter.clone(),
        rows: first(place, profile.rows),
        dropped: first(place, profile.dropped),
        events: profile.events.map(|events| first(place, events)),
        sha256: table.sha256.clone(),
    };
    profile.tables.iter().enumerate().map(of).collect()
}

fn summary_of_companion(table: &Companion) -> TableSummary {
    TableSummary {
        role: table.role(),
        file: table.spec.table.file.clone(),
        filter: table.filter.clone(),
        rows: table.rows as u64,
        dropped: 0,
        events: None,
        sha256: table.sha256.clone(),
    }
}
