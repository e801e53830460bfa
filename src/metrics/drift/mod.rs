//! Change over time within the deployment table: control charts over periods, detectors row by row.

mod charts;
mod detectors;
pub(super) mod series;

use super::outcome::{Found, Outcome};
use super::registry::DriftMeasure;
use super::rows::Setting;
use super::statistics::draws::Draws;
use super::statistics::sums;
use super::{Definition, Undefined, floor};
use crate::table::Pilot;
use charts::{Chart, Level, Point};
use detectors::{PageHinkley, Side, Trace};
use series::Series;

/// The most points that a limit is calibrated for: a chart of more is one of hours, not of periods.
const MOST_POINTS: usize = 5000;
/// Rows that all permutations behind the floor of a detector may come to.
const MOST_STEPS: usize = 20_000_000;

/// What is to be watched and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch<'a> {
    pub definition: &'a Definition,
    /// The place of a feature; none for the rows themselves.
    pub feature: Option<usize>,
    pub data: &'a Pilot,
    pub setting: &'a Setting<'a>,
    /// Periods with fewer rows are left out of charts.
    pub min_cell: u64,
    /// Picks the draws.
    pub name: &'a str,
}

/// Returns a measure of the rows of deployment or of a feature of theirs, and the rows it rests on.
pub(crate) fn measure(measure: DriftMeasure, watch: Watch<'_>) -> (Found, u64) {
    let definition = watch.definition;
    let deployment = watch.data.deployment.as_ref().ok_or_else(|| Undefined::new("there is no deployment table"));
    let series = match deployment.and_then(|part| Series::new(part, definition, watch.feature, watch.setting)) {
        Ok(series) => series,
        Err(reason) => return (Err(reason), 0),
    };
    let side = side(definition);
    let found = match measure {
        DriftMeasure::Cusum => chart(Chart::Cusum { k: definition.number("k").unwrap_or(0.5), side }, watch, &series),
        DriftMeasure::Ewma => {
            chart(Chart::Ewma { weight: definition.number("weight").unwrap_or(0.2), side }, watch, &series)
        }
        DriftMeasure::PageHinkley | DriftMeasure::Adwin | DriftMeasure::Ddm => detector(measure, watch, &series),
    };
    let found = found.map(|mut outcome| {
        outcome.notes.extend(series.notes.iter().cloned());
        outcome
    });
    (found, series.values.len() as u64)
}

fn side(definition: &Definition) -> Side {
    match definition.word("side") {
        "up" => Side::Up,
        "down" => Side::Down,
        _ => Side::Both,
    }
}

/// Watches row by row.
fn detector(measure: DriftMeasure, watch: Watch<'_>, series: &Series) -> Found {
    let Watch { definition, setting, name, .. } = watch;
    let number = |parameter: &str, default: f64| definition.number(parameter).unwrap_or(default);
    if measure == DriftMeasure::Ddm && !only_shares(&series.values) {
        return Err(Undefined::new("the values are not 0 and 1, and this detector is made for error rates"));
    }
    let trace_of = |values: &[f64]| match measure {
        DriftMeasure::Adwin => detectors::adwin(values, number("delta", 0.002)),
        DriftMeasure::Ddm => detectors::ddm(values),
        _ => {
            let (delta, lambda) = (number("delta", 0.005), number("lambda", 50.0));
            let (alpha, warm_up) = (number("alpha", 0.9999), number("warm_up", 30.0) as usize);
            PageHinkley { delta, lambda, alpha, warm_up, side: side(definition) }.watch(values)
        }
    };
    let trace = trace_of(&series.values);
    let mut outcome = shown(&trace, watch)?;
    let place = |row: &usize| match series.period_at(*row) {
        Some(period) => format!("{} (period `{period}`)", row + 1),
        None => (row + 1).to_string(),
    };
    let places: Vec<String> = trace.alarms.iter().take(10).map(place).collect();
    let rows = series.values.len();
    outcome.notes.push(match trace.alarms.len() {
        0 => format!("no alarm in {rows} rows"),
        1 => format!("alarm at row {} of {rows}", places.join("")),
        alarms => {
            format!("{alarms} alarms in {rows} rows, at {}{}", places.join(", "), if alarms > 10 { ", …" } else { "" })
        }
    });
    if setting.options.floors && definition.word("shows") == "ratio" {
        // Without a change the order of the rows means nothing.
        let draws = (setting.options.draws as usize).min(MOST_STEPS / rows);
        if draws < 40 {
            outcome.notes.push(format!("no noise floor: more than {} rows", MOST_STEPS / 40));
        } else {
            let mut random = Draws::new(setting.options.seed, name);
            let mut values = series.values.clone();
            let ratio = |_| {
                for place in (1..values.len()).rev() {
                    values.swap(place, random.below(place + 1));
                }
                trace_of(&values).ratio
            };
            outcome.floor = floor::of_draws((0..draws).map(ratio).collect(), "seeded permutation of the rows");
        }
    }
    Ok(outcome)
}

/// Draws a chart over periods, or over single rows.
fn chart(chart: Chart, watch: Watch<'_>, series: &Series) -> Found {
    let Watch { definition, setting, min_cell, name, .. } = watch;
    let by_row = definition.word("points") == "row";
    let (points, names, small) = if by_row {
        (series.values.iter().map(|value| Point { rows: 1, mean: *value }).collect(), Vec::new(), 0)
    } else {
        series.by_period(min_cell)
    };
    if points.len() < 2 {
        return Err(Undefined::new(format!("there are fewer than two periods with at least {min_cell} rows")));
    }
    let level = level(watch, &points, series)?;
    let calibrated = definition.number("limit").is_none();
    if by_row && calibrated {
        return Err(Undefined::new("a limit is calibrated for periods; for single rows give `limit` a number"));
    }
    if !by_row && points.len() > MOST_POINTS && (calibrated || setting.options.floors) {
        return Err(Undefined::new(format!(
            "there are {} periods; name a coarser one, such as the week",
            points.len()
        )));
    }
    let wanted = !by_row && (calibrated || setting.options.floors);
    let peaks = if wanted { chart.peaks(&points, &level, setting.options, name) } else { Vec::new() };
    let false_alarm = definition.number("false_alarm").unwrap_or(0.05);
    let limit = match definition.number("limit") {
        Some(limit) => limit,
        None => charts::limit(&peaks, false_alarm)
            .ok_or_else(|| Undefined::new("no limit was found: nothing moves where nothing is wrong"))?,
    };
    let trace = chart.watch(&points, &level, limit);
    let mut outcome = shown(&trace, watch)?;
    let what = if by_row { "rows" } else { "periods" };
    let first = trace.alarms.first().map(|place| match names.get(*place) {
        Some(period) => format!("`{period}`"),
        None => format!("row {}", place + 1),
    });
    outcome.notes.push(match first {
        None => format!("no alarm in {} {what}", points.len()),
        Some(first) => {
            format!("above the limit in {} of {} {what}, first in {first}", trace.alarms.len(), points.len())
        }
    });
    let source = match level.points {
        0 => "of development".to_owned(),
        first => format!("of the first {first} {what}"),
    };
    outcome.notes.push(format!(
        "in control: mean {:.6}, standard deviation {:.6}, from {} rows {source}",
        level.mean, level.deviation, level.rows
    ));
    outcome.notes.push(match calibrated {
        true => format!("limit {limit:.4}: {} in 100 runs without change would alarm", false_alarm * 100.0),
        false => format!("limit {limit}, as given"),
    });
    if small > 0 {
        outcome.notes.push(format!("{small} periods with fewer than {min_cell} rows left out"));
    }
    if setting.options.floors && definition.word("shows") == "ratio" && !peaks.is_empty() {
        let ratios = peaks.into_iter().map(|peak| peak / limit).collect();
        outcome.floor = floor::of_draws(ratios, "seeded simulation without change");
    }
    Ok(outcome)
}

/// Returns the level at which nothing is wrong: that of development, or of the first points.
fn level(watch: Watch<'_>, points: &[Point], series: &Series) -> Result<Level, Undefined> {
    let Watch { definition, feature, data, setting, min_cell, .. } = watch;
    let (values, first): (Vec<f64>, usize) = match definition.number("baseline") {
        None => {
            let part = data.development.as_ref().ok_or_else(|| {
                Undefined::new(
                    "there is no development table to take the level from; give `baseline` a number of first periods",
                )
            })?;
            let values = series::values(part, definition, feature, setting)?;
            (values.into_iter().filter(|value| !value.is_nan()).collect(), 0)
        }
        Some(first) => {
            let first = first as usize;
            if first >= points.len() {
                return Err(Undefined::new(format!(
                    "the chart has {} points, and `baseline` takes {first}",
                    points.len()
                )));
            }
            (series.first(points.get(..first).unwrap_or(points), definition.word("points") == "row", min_cell), first)
        }
    };
    let rows = values.len();
    if rows < 2 {
        return Err(Undefined::new("there are fewer than two rows to take the level from"));
    }
    let (mean, variance) = sums::mean_and_variance(&values);
    if variance <= 0.0 {
        return Err(Undefined::new("the rows that give the level are all alike (standard deviation 0)"));
    }
    let deviation = (variance * rows as f64 / (rows as f64 - 1.0)).sqrt();
    Ok(Level { mean, deviation, rows: rows as u64, points: first, shares: only_shares(&values) })
}

fn only_shares(values: &[f64]) -> bool {
    values.iter().all(|value| (*value).total_cmp(&0.0).is_eq() || (*value).total_cmp(&1.0).is_eq())
}

/// Returns the figure of a trace that the definition asks for. Rows and periods count from 1.
fn shown(trace: &Trace, watch: Watch<'_>) -> Found {
    let place = |place: Option<&usize>| {
        place.map(|place| *place as f64 + 1.0).ok_or_else(|| Undefined::new("there was no alarm"))
    };
    Ok(Outcome::new(match watch.definition.word("shows") {
        "first_alarm" => place(trace.alarms.first())?,
        "last_alarm" => place(trace.alarms.last())?,
        "first_warning" => place(trace.warning.as_ref())?,
        "alarms" => trace.alarms.len() as f64,
        "last" => trace.last,
        "width" => trace.width as f64,
        "mean" if trace.width == 0 => return Err(Undefined::new("the last row was an alarm, and the window is empty")),
        "mean" if (trace.width as u64) < watch.min_cell => {
            return Err(Undefined::new(format!(
                "suppressed, because the window has fewer than {} rows",
                watch.min_cell
            )));
        }
        "mean" => trace.mean,
        _ => trace.ratio,
    }))
}
