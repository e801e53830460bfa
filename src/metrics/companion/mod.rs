//! Which companion table a measure is of, and what it finds there.

mod estimate;
mod explanation;
mod fit;
pub(super) mod mean;
mod ratings;
mod survey;
mod workflow;

pub(super) use ratings::intraclass;

use super::outcome::Finding;
use super::registry::Measure;
use super::rows::Setting;
use super::{Definition, TableRole};
use crate::table::Pilot;

/// Returns the companion table that a measure is of; none for a measure of predictions.
pub(crate) fn table_of(measure: Measure) -> Option<TableRole> {
    match measure {
        Measure::Ratings(_) => Some(TableRole::Ratings),
        Measure::Survey(_) => Some(TableRole::Survey),
        Measure::Workflow(_) => Some(TableRole::Workflow),
        Measure::Explanation(_) => Some(TableRole::Explanations),
        Measure::Estimate(_) => Some(TableRole::Estimates),
        _ => None,
    }
}

/// Returns what a measure finds in the companion table with that role. `name` picks the draws of its interval.
pub(crate) fn measure(
    measure: Measure,
    role: TableRole,
    definition: &Definition,
    pilot: &Pilot,
    setting: &Setting<'_>,
    name: &str,
) -> Finding {
    let Some(table) = pilot.companion(role) else {
        return Finding::nothing(format!("there is no {role} table"), Some(role));
    };
    let (found, n) = match measure {
        Measure::Ratings(measure) => ratings::measure(measure, definition, table, setting.options, name),
        Measure::Survey(measure) => survey::measure(measure, definition, table),
        Measure::Workflow(measure) => workflow::measure(measure, definition, table, setting.options, name),
        Measure::Explanation(measure) => explanation::measure(measure, definition, table, setting),
        Measure::Estimate(measure) => estimate::measure(measure, table),
        _ => return Finding::nothing("it is a measure of predictions", Some(role)),
    };
    Finding { found, n, events: None, table: Some(role) }
}
