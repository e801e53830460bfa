//! Threshold effects: the cut along a numeric feature beyond which the system is worse, such as an age.
//!
//! The cut with the largest standardised difference of many is taken, so that the difference flatters itself:
//! rows shuffled against the feature tell how large one comes of choosing alone. The reader is shown one cut with
//! `min_cell` rows or more on both sides.

mod scan;

use super::outcome::{Found, Outcome};
use super::registry::ThresholdMeasure;
use super::rows::Setting;
use super::rows::confusion::Confusion;
use super::statistics::draws::Draws;
use super::statistics::{interval, sums};
use super::{Definition, Undefined, floor};
use crate::table::{Part, ScoreScale};
use rayon::prelude::*;
use scan::{Best, Row, Scan, Seen};

/// Events (or whatever a figure is made of) that both sides of a cut must have, if `min_cell` is not more.
const LEAST: u64 = 10;

/// What is compared on both sides of a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Auroc,
    Sensitivity,
    Specificity,
    Brier,
}

impl Of {
    fn new(word: &str) -> Self {
        match word {
            "sensitivity" => Of::Sensitivity,
            "specificity" => Of::Specificity,
            "brier" => Of::Brier,
            _ => Of::Auroc,
        }
    }

    /// Returns what a row adds to a mean; none where it does not count.
    fn seen(self, score: f64, event: bool, threshold: f64) -> Seen {
        let flagged = Confusion::flags(score, threshold);
        match self {
            Of::Auroc => Seen::Ranked,
            Of::Sensitivity => {
                if event {
                    Seen::Adds(f64::from(u8::from(flagged)))
                } else {
                    Seen::Nothing
                }
            }
            Of::Specificity => {
                if event {
                    Seen::Nothing
                } else {
                    Seen::Adds(f64::from(u8::from(!flagged)))
                }
            }
            Of::Brier => Seen::Adds((score - f64::from(u8::from(event))).powi(2)),
        }
    }

    fn lower_is_better(self) -> bool {
        self == Of::Brier
    }
}

/// Where to look, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search<'a> {
    pub definition: &'a Definition,
    pub part: &'a Part,
    /// The place of the feature among the numeric ones and then the categorical ones.
    pub feature: usize,
    /// The feature's name, which picks the draws.
    pub name: &'a str,
    pub setting: &'a Setting<'a>,
    pub min_cell: u64,
}

/// Returns a measure of the strongest threshold effect along a feature, and the rows with a value there.
///
/// # Errors
/// Undefined for a categorical feature, without label or score, without a decision threshold where one is needed,
/// and where no cut leaves enough rows on both sides.
pub(super) fn measure(measure: ThresholdMeasure, search: Search<'_>) -> (Found, u64) {
    match rows(search) {
        Err(reason) => (Err(reason), 0),
        Ok(rows) => (of_rows(measure, search, &rows), rows.len() as u64),
    }
}

/// Returns the rows that have a value, in an order that does not depend on the file's.
fn rows(search: Search<'_>) -> Result<Vec<Row>, Undefined> {
    let Search { part, definition, setting, .. } = search;
    let of = Of::new(definition.word("of"));
    let column = part.numeric.get(search.feature);
    let column =
        column.ok_or_else(|| Undefined::new("the feature is categorical, so there is nothing to cut along"))?;
    let label = part.label.as_ref().ok_or_else(|| Undefined::new("no column is named as the label"))?;
    let score = part.score.as_ref().ok_or_else(|| Undefined::new("no column is named as the score"))?;
    let threshold = match of {
        Of::Sensitivity | Of::Specificity => setting.threshold(definition)?,
        Of::Brier if setting.scale == ScoreScale::Raw => {
            return Err(Undefined::new("the scores are not probabilities"));
        }
        Of::Auroc | Of::Brier => 0.0,
    };
    let all = column.iter().zip(score.iter()).zip(label.iter());
    let with_value = all.filter(|((value, _), _)| !value.is_nan());
    let mut rows: Vec<Row> = with_value
        .map(|((value, score), event)| {
            let event = *event == 1;
            Row { value: *value, score: *score, event, seen: of.seen(*score, event, threshold) }
        })
        .collect();
    rows.par_sort_unstable_by(|a, b| {
        a.score.total_cmp(&b.score).then(a.event.cmp(&b.event)).then(a.value.total_cmp(&b.value))
    });
    Ok(rows)
}

fn of_rows(measure: ThresholdMeasure, search: Search<'_>, rows: &[Row]) -> Found {
    let of = Of::new(search.definition.word("of"));
    let (cuts, places) = cuts(search, rows);
    let least = search.min_cell.max(LEAST);
    let scan = Scan::new(rows, cuts.len(), least)?;
    let best = scan.best(&places).ok_or_else(|| {
        let what = match of {
            Of::Auroc => format!("{least} events and {least} others"),
            Of::Sensitivity => format!("{least} events"),
            Of::Specificity => format!("{least} rows without the event"),
            Of::Brier => format!("{least} rows"),
        };
        Undefined::new(format!("no cut leaves at least {what} on both sides"))
    })?;
    let cut = cuts.get(best.cut).copied().unwrap_or(f64::NAN);
    let worse_above = (best.above > best.below) == of.lower_is_better();
    let word = search.definition.word("of");
    let (side, other) = if worse_above { ("above", "up to there") } else { ("up to", "above it") };
    let (here, there) = if worse_above { (best.above, best.below) } else { (best.below, best.above) };
    let note = format!("worse {side} {cut}: {word} {here:.3}, {other} {there:.3}");
    let shuffled = || shuffled(search, &scan, &places);
    match measure {
        ThresholdMeasure::Cut => {
            let ends = ends(&scan, &best, &cuts);
            Ok(Outcome::new(cut).with_interval(ends).with_note(Some(note)))
        }
        ThresholdMeasure::Effect => {
            let floor = search.setting.options.floors.then(|| {
                let effects = shuffled().into_iter().flatten().map(|best| best.effect()).collect();
                floor::of_draws(effects, "rows shuffled against the feature")
            });
            Ok(Outcome::new(best.effect()).with_floor(floor.flatten()).with_note(Some(note)))
        }
        ThresholdMeasure::P => {
            let draws = shuffled();
            // Equal sums may differ in the last bits by the order of their rows.
            let limit = best.statistic * (1.0 - 1e-9);
            let as_large = draws.iter().flatten().filter(|best| best.statistic >= limit).count();
            Ok(Outcome::new((1 + as_large) as f64 / (1 + draws.len()) as f64).with_note(Some(note)))
        }
    }
}

/// Returns the candidate cuts, and for each row how many of them lie below its value.
///
/// Cuts are quantiles at even steps with `min_cell` rows or more on both sides; two that part the rows alike are one.
fn cuts(search: Search<'_>, rows: &[Row]) -> (Vec<f64>, Vec<u16>) {
    let steps = search.definition.number("cuts").unwrap_or(20.0);
    let mut values: Vec<f64> = rows.iter().map(|row| row.value).collect();
    values.par_sort_unstable_by(f64::total_cmp);
    let mut cuts: Vec<(usize, f64)> = Vec::new();
    for step in 1..steps as u32 {
        if values.is_empty() {
            break;
        }
        let cut = sums::quantile(&values, f64::from(step) / steps);
        let below = values.partition_point(|value| *value <= cut);
        let enough = below.min(values.len() - below) as u64 >= search.min_cell.max(1);
        if enough && cuts.last().is_none_or(|(last, _)| *last < below) {
            cuts.push((below, cut));
        }
    }
    let cuts: Vec<f64> = cuts.into_iter().map(|(_, cut)| cut).collect();
    let places = rows.iter().map(|row| cuts.partition_point(|cut| *cut < row.value) as u16).collect();
    (cuts, places)
}

/// Returns what is found when the rows are shuffled against the feature, labels and scores staying together.
fn shuffled(search: Search<'_>, scan: &Scan<'_>, places: &[u16]) -> Vec<Option<Best>> {
    let times = search.definition.number("permutations").unwrap_or(199.0) as u32;
    let draw = |time: u32| {
        let name = format!("threshold effect {} {} {time}", search.definition.word("of"), search.name);
        let mut draws = Draws::new(search.setting.options.seed, &name);
        let mut places = places.to_vec();
        for end in (1..places.len()).rev() {
            places.swap(end, draws.below(end + 1));
        }
        scan.best(&places)
    };
    (0..times).into_par_iter().map(draw).collect()
}

/// Returns the cuts that the rows do not speak against, widened to the next candidate on both sides, since the
/// true one may lie between two.
///
/// # Source
/// Hansen (2000): all cuts whose likelihood ratio to the best is at most -2 ln(1 - sqrt(0.95)).
fn ends(scan: &Scan<'_>, best: &Best, cuts: &[f64]) -> Option<super::Interval> {
    let limit = -2.0 * (1.0 - 0.95f64.sqrt()).ln();
    let ratio = |statistic: f64| (best.statistic - statistic) / scan.left_over(best.statistic);
    let held = |place: &usize| best.profile.get(*place).is_some_and(|found| found.is_some_and(|t| ratio(t) <= limit));
    let first = (0..cuts.len()).find(held).unwrap_or(best.cut);
    let last = (0..cuts.len()).rev().find(held).unwrap_or(best.cut);
    let end = |place: usize| cuts.get(place.min(cuts.len().saturating_sub(1))).copied();
    interval::between(end(first.saturating_sub(1))?, end(last + 1)?, "likelihood ratio")
}
