//! The plan of a deployment: its tables are read again, to see how far figures move when nothing changes.

use super::profile::reference;
use super::tables::open_tables;
use super::{Files, Session, metric_requests};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::metrics::{Redrawn, redrawn};
use crate::model::InputId;
use crate::plan::{Goal, Period, Plan, RowsFrom};
use crate::table::TableRole;

/// How often somebody will look at the figures; what is not said is taken from the pilot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looking {
    /// Rows of a period.
    pub rows: Option<u64>,
    /// The length of a period in days, and in words.
    pub length: Option<(f64, String)>,
}

impl Session {
    /// Returns the plan that reaches a goal.
    ///
    /// # Errors
    /// Every table problem of D1xx where a file is no longer what it was, and `X005` for a period of fewer rows than
    /// may be shown.
    pub fn plan(&self, goal: Goal, looking: Looking, files: &dyn Files) -> Result<Plan, Diagnostics> {
        let period = self.period(looking)?;
        let rows = period.as_ref().map_or(0, |period| period.rows);
        Plan::new(self.case(), goal, period, |inputs| self.redrawn(inputs, rows, files))
    }

    /// Returns what a period is; none without a deployment table.
    fn period(&self, looking: Looking) -> Result<Option<Period>, Diagnostics> {
        let Some(evaluation) = &self.evaluation else { return Ok(None) };
        let Some(table) = evaluation.tables.iter().find(|table| table.role == TableRole::Deployment) else {
            return Ok(None);
        };
        let (rows, from) = match (looking.rows, evaluation.periods.len() as u64) {
            (Some(rows), _) => (rows, RowsFrom::Stated),
            (None, periods) if periods > 1 => ((table.rows / periods).max(1), RowsFrom::Periods),
            (None, _) => (table.rows, RowsFrom::Pilot),
        };
        let least = self.manifest.pilot.min_cell;
        if rows < least {
            return Err(Diagnostic::new(
                Code::X005,
                format!("figures of {rows} rows a period would show single people: fewer than {least} are never shown"),
            )
            .with_help("make periods longer, and say so with `--rows`")
            .into());
        }
        Ok(Some(Period { rows, from, length: looking.length }))
    }

    /// Returns what inputs show on draws of so many rows from the deployment table. A group that is not shown in the
    /// pilot is not shown here either: only figures with a value are asked for.
    fn redrawn(&self, inputs: &[InputId], rows: u64, files: &dyn Files) -> Result<Vec<Redrawn>, Diagnostics> {
        let tables = open_tables(&self.manifest, &self.folder, files)?;
        let profile = reference(&self.manifest, &self.folder, files)?;
        let mut requests = metric_requests(&self.knowledge);
        requests.retain(|request| self.knowledge.inputs.find(&request.id).is_some_and(|id| inputs.contains(&id)));
        redrawn(&self.manifest.pilot, tables, profile.as_ref().map(|(profile, _)| profile), &requests, rows)
    }
}
