//! Curves: what a picture of a table needs beyond single values.
//!
//! A curve is thinned so that no fewer than `min_cell` rows lie between two of its points: what can be read off
//! a picture tells nobody's row.

use super::privacy::suppression::Shown;
use super::rows::calibration::{Binning, bins};
use super::rows::discrimination::{auroc, runs_from_above};
use super::sample::{Need, Sample, Side};
use super::statistics::interval;
use super::{Interval, OneClass};
use crate::diagnostic::Diagnostics;
use crate::table::{self, PilotSpec, ScoreScale, TableData};

/// Bins of the reliability curve before small ones are joined.
const BINS: u32 = 10;
/// Points of a ROC curve, at the most.
const POINTS: u64 = 200;

/// The curves of the deployment table, or of the development table where there is no other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Observed against predicted; empty where the scores are no probabilities.
    pub reliability: Vec<ReliabilityBin>,
    /// All rows first, then each subgroup that may be shown and has both outcomes.
    pub roc: Vec<Roc>,
}

/// Rows with about the same score.
#[derive(Clone, Debug, PartialEq)]
pub struct ReliabilityBin {
    /// Rows; at least `min_cell`, unless the table has fewer.
    pub n: u64,
    /// Mean score.
    pub predicted: f64,
    /// Share of events.
    pub observed: f64,
    /// Wilson's interval of `observed`.
    pub interval: Option<Interval>,
    /// Where 95 % of the shares of a perfectly calibrated model lie.
    pub noise: (f64, f64),
}

/// A ROC curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Roc {
    /// The subgroup, such as `sex=F`; none for all rows.
    pub subgroup: Option<String>,
    /// Rows.
    pub n: u64,
    /// False positive rate and sensitivity, from (0, 0) to (1, 1), both ascending.
    pub points: Vec<(f64, f64)>,
    /// The area under it, before it was thinned.
    pub area: f64,
    /// DeLong's interval of the area.
    pub interval: Option<Interval>,
}

/// Returns the curves of a pilot.
///
/// # Errors
/// Every table problem of D1xx.
pub fn curves(pilot: &PilotSpec, tables: Vec<TableData>, one_class: OneClass) -> Result<Curves, Diagnostics> {
    let mut data = table::read(pilot, tables, one_class)?;
    let Some(part) = data.deployment.as_mut().or(data.development.as_mut()) else { return Ok(Curves::default()) };
    let need = Need { rows: true, groups: true, ..Need::default() };
    let side = Side::new(part, &data.roles, need, pilot);
    let reliability = match pilot.score_scale {
        ScoreScale::Probability => reliability(&side.total, pilot.min_cell),
        ScoreScale::Raw => Vec::new(),
    };
    let groups = side.attributes.iter().flat_map(|attribute| {
        let shown = attribute.groups.iter().filter(|group| group.shown == Shown::Yes);
        shown.map(|group| (Some(format!("{}={}", attribute.name, group.name)), &group.sample))
    });
    let samples = std::iter::once((None, &side.total)).chain(groups);
    let roc = samples.filter_map(|(subgroup, sample)| roc(subgroup, sample, pilot.min_cell)).collect();
    Ok(Curves { reliability, roc })
}

fn reliability(sample: &Sample, min_cell: u64) -> Vec<ReliabilityBin> {
    if !(sample.has_score && sample.has_label) {
        return Vec::new();
    }
    let mut joined: Vec<super::rows::calibration::Bin> = Vec::new();
    for bin in bins(sample, BINS, Binning::EqualMass) {
        match joined.last_mut().filter(|last| last.n < min_cell || bin.n < min_cell) {
            Some(last) => {
                last.n += bin.n;
                last.effective = (last.weight + bin.weight).powi(2)
                    / (last.weight * last.weight / last.effective + bin.weight * bin.weight / bin.effective);
                last.weight += bin.weight;
                last.events += bin.events;
                last.expected += bin.expected;
                last.variance += bin.variance;
            }
            None => joined.push(bin),
        }
    }
    let shown = |bin: super::rows::calibration::Bin| {
        let (n, rate) = (bin.weight, bin.events / bin.weight);
        let (predicted, spread) = (bin.expected / n, interval::Z * (bin.variance / n / bin.effective).sqrt());
        ReliabilityBin {
            n: bin.n,
            predicted,
            observed: rate,
            interval: interval::wilson_of(rate, bin.effective),
            noise: ((predicted - spread).max(0.0), (predicted + spread).min(1.0)),
        }
    };
    joined.into_iter().map(shown).collect()
}

fn roc(subgroup: Option<String>, sample: &Sample, min_cell: u64) -> Option<Roc> {
    if !(sample.has_score && sample.has_label) {
        return None;
    }
    let found = auroc(sample).ok()?;
    let (others, events) = (sample.of_outcome().0.weight, sample.of_outcome().1.weight);
    let apart = min_cell.max(sample.n as u64 / POINTS).max(1);
    let mut points = vec![(0.0, 0.0)];
    let (mut rows, mut left, mut flagged_events, mut flagged_others) = (0, sample.n as u64, 0.0, 0.0);
    for run in runs_from_above(sample) {
        flagged_events += run.events.weight;
        flagged_others += run.others.weight;
        rows += run.rows;
        left -= run.rows;
        if rows >= apart && (left >= apart || left == 0) {
            points.push((flagged_others / others, flagged_events / events));
            rows = 0;
        }
    }
    if rows > 0 {
        points.push((1.0, 1.0));
    }
    let ends = found.se.and_then(|se| interval::normal(found.area, se, 0.0, 1.0, "DeLong"));
    Some(Roc { subgroup, n: sample.n as u64, points, area: found.area, interval: ends })
}

#[cfg(test)]
mod tests {
    use super::super::rows::discrimination::tests::sample;
    use super::*;

    fn rows() -> Vec<(f64, u8)> {
        (0..400_u32).map(|row| (f64::from(row % 97) / 100.0, u8::from(row * 7919 % 100 < row % 97))).collect()
    }

    #[test]
    fn a_roc_curve_rises_from_corner_to_corner_and_tells_no_row() {
        let found = roc(None, &sample(&rows()), 11).unwrap();
        assert_eq!((found.points.first(), found.points.last()), (Some(&(0.0, 0.0)), Some(&(1.0, 1.0))));
        let (events, others) = (sample(&rows()).events as f64, sample(&rows()).non_events() as f64);
        for pair in found.points.windows(2) {
            let (across, up) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            assert!(across >= 0.0 && up >= 0.0);
            assert!(across * others + up * events >= 11.0 - 1e-9, "{pair:?}");
        }
        // Without thinning the trapezoids are the area itself.
        let whole = roc(None, &sample(&rows()), 0).unwrap();
        let area: f64 =
            whole.points.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0).sum();
        assert!((area - whole.area).abs() < 1e-12);
    }

    #[test]
    fn small_bins_are_joined_and_every_row_counts_once() {
        for min_cell in [0, 11, 60, 1000] {
            let found = reliability(&sample(&rows()), min_cell);
            assert_eq!(found.iter().map(|bin| bin.n).sum::<u64>(), 400);
            assert!(found.iter().all(|bin| bin.n >= min_cell || found.len() == 1));
            assert!(found.iter().all(|bin| bin.noise.0 <= bin.predicted && bin.predicted <= bin.noise.1));
        }
    }
}
