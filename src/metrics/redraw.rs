//! What metrics would show on so many rows if nothing changed: rows are drawn from the deployment table again and
//! again, and each metric is measured on every draw.
//!
//! Charts over time are left out, since drawn rows have no order, and so is what is measured on other tables.

use super::bench;
use super::evaluate::sides;
use super::privacy::suppression::Shown;
use super::registry::Measure;
use super::sample::{Need, Side};
use super::statistics::draws::Draws;
use super::{MetricRequest, Options, Profile, TableRole};
use crate::diagnostic::Diagnostics;
use crate::table::{self, PilotSpec, Precision, TableData};

/// How often rows are drawn: enough for one draw in twenty to be told.
pub const REDRAWS: usize = 200;

/// The most rows drawn in all, so that a plan takes seconds.
const MOST: usize = 20_000_000;

/// What one metric showed on the draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Redrawn {
    /// The request's id.
    pub metric: String,
    /// The attribute, subgroup or feature; none for a scalar.
    pub element: Option<String>,
    /// Its value on each draw on which it had one, ascending.
    pub values: Vec<f64>,
    /// How many draws there were.
    pub draws: usize,
}

/// Returns what each request shows on `rows` rows drawn with replacement from the deployment table, the development
/// table or the profile staying as it is. Empty without a deployment table, and where its rows are not kept.
///
/// # Errors
/// Every table problem of D1xx.
pub fn redrawn(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    profile: Option<&Profile>,
    requests: &[MetricRequest],
    rows: u64,
) -> Result<Vec<Redrawn>, Diagnostics> {
    let options = Options { floors: false, ..Options::default() };
    let of_rows = |request: &&MetricRequest| {
        let measure = request.definition.measure();
        request.definition.companion().is_none()
            && !matches!(measure, Measure::Drift(_) | Measure::Kernel(_) | Measure::Threshold(_))
    };
    let requests: Vec<MetricRequest> = requests.iter().filter(of_rows).cloned().collect();
    if requests.is_empty() || pilot.precision != Precision::Exact {
        return Ok(Vec::new());
    }
    let mut data = table::read(pilot, tables, options.one_class)?;
    let Some(mut whole) = data.deployment.clone() else { return Ok(Vec::new()) };
    let mut sides = sides(pilot, &mut data, &requests);
    // A group that is too small to be shown could be drawn often enough to be.
    let attributes = sides.deployment.take().map(|side| side.attributes).unwrap_or_default();
    for (column, attribute) in whole.groups.iter_mut().zip(&attributes) {
        let small = attribute.groups.iter().filter(|group| group.shown == Shown::Small);
        *column = column.without(&small.map(|group| group.name.as_str()).collect::<Vec<_>>());
    }
    let rows = usize::try_from(rows).unwrap_or(usize::MAX).min(MOST);
    let times = (MOST / rows.max(1)).clamp(1, REDRAWS);
    let mut draws = Draws::new(options.seed, "rows of a period");
    let mut found: Vec<Redrawn> = Vec::new();
    for _ in 0..times {
        let mut places: Vec<u32> =
            (0..rows).map(|_| u32::try_from(draws.below(whole.rows)).unwrap_or(u32::MAX)).collect();
        places.sort_unstable();
        let mut part = whole.picked(&places);
        let need = Need::of(&requests, TableRole::Deployment);
        sides.deployment = Some(Side::new(&mut part, &data.roles, need, pilot));
        data.deployment = Some(part);
        for measured in bench::evaluation(pilot, &data, profile, &sides, &requests, &options).measurements {
            // A draw may lack a group, so the same metrics need not stand in the same places.
            let known =
                found.iter().position(|known| known.metric == measured.metric && known.element == measured.element);
            let known = known.unwrap_or_else(|| {
                let (metric, element) = (measured.metric.clone(), measured.element.clone());
                found.push(Redrawn { metric, element, values: Vec::new(), draws: times });
                found.len() - 1
            });
            found[known].values.extend(measured.value.ok());
        }
    }
    for redrawn in &mut found {
        redrawn.values.sort_unstable_by(f64::total_cmp);
    }
    Ok(found)
}
