//! Control charts over points in time: CUSUM and EWMA, and limits for a wanted rate of false alarms.

use super::detectors::{Side, Trace};
use crate::metrics::Options;
use crate::metrics::statistics::draws::Draws;

/// Rows under one point of a chart, and their mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub rows: u64,
    pub mean: f64,
}

/// The level at which nothing is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Level {
    pub mean: f64,
    /// Standard deviation of one row, divided by n - 1.
    pub deviation: f64,
    /// Rows that both were estimated from.
    pub rows: u64,
    /// Points of the chart itself that both were estimated from; 0 where it was another table.
    pub points: usize,
    /// Whether every value is 0 or 1.
    pub shares: bool,
}

impl Level {
    /// Returns how many standard errors each point is away from the level.
    fn scores(&self, points: &[Point]) -> Vec<f64> {
        let score = |point: &Point| (point.mean - self.mean) * (point.rows as f64).sqrt() / self.deviation;
        points.iter().map(score).collect()
    }
}

/// Which chart, and what it compares with its limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Chart {
    /// Sums of what is more than `k` standard errors off the level; they begin at 0 and never fall below.
    Cusum { k: f64, side: Side },
    /// The average in which each point weighs `weight` and the past the rest, over its standard error.
    Ewma { weight: f64, side: Side },
}

impl Chart {
    /// Returns the statistic at each point, and the chart's own last value.
    ///
    /// # Source
    /// CUSUM: Page (1954), the tabular form. EWMA: Roberts (1959), with limits that widen from the start.
    fn statistics(self, scores: &[f64]) -> (Vec<f64>, f64) {
        match self {
            Chart::Cusum { k, side } => {
                let (mut up, mut down) = (0.0, 0.0);
                let step = |score: &f64| {
                    up = f64::max(0.0, up + score - k);
                    down = f64::max(0.0, down - score - k);
                    side.of(up, down)
                };
                let all: Vec<f64> = scores.iter().map(step).collect();
                let last = all.last().copied().unwrap_or(0.0);
                (all, last)
            }
            Chart::Ewma { weight, side } => {
                let (mut average, mut faded) = (0.0, 1.0);
                let step = |score: &f64| {
                    average = weight * score + (1.0 - weight) * average;
                    faded *= (1.0 - weight) * (1.0 - weight);
                    let error = (weight / (2.0 - weight) * (1.0 - faded)).sqrt();
                    side.of(average / error, -average / error)
                };
                let all = scores.iter().map(step).collect();
                (all, average)
            }
        }
    }

    fn peak(self, scores: &[f64]) -> f64 {
        self.statistics(scores).0.into_iter().fold(0.0, f64::max)
    }

    /// Draws the chart of `points` against `limit`. It does not begin afresh after an alarm.
    pub fn watch(self, points: &[Point], level: &Level, limit: f64) -> Trace {
        let (statistics, last) = self.statistics(&level.scores(points));
        let above = statistics.iter().enumerate().filter(|(_, statistic)| **statistic > limit);
        Trace {
            alarms: above.map(|(place, _)| place).collect(),
            ratio: statistics.iter().copied().fold(0.0, f64::max) / limit,
            last,
            ..Trace::default()
        }
    }

    /// Returns draws of the chart's largest statistic when nothing changes, sorted: points of the same
    /// sizes around a level that is itself estimated anew from as many rows.
    pub fn peaks(self, points: &[Point], level: &Level, options: &Options, name: &str) -> Vec<f64> {
        let mut draws = Draws::new(options.seed, name);
        let mut mean = |rows: u64| {
            if level.shares {
                draws.binomial(rows, level.mean) / rows as f64
            } else {
                level.mean + level.deviation * draws.normal() / (rows as f64).sqrt()
            }
        };
        let run = |_| {
            let drawn: Vec<Point> = points.iter().map(|point| Point { mean: mean(point.rows), ..*point }).collect();
            let estimate = match level.points {
                0 => mean(level.rows),
                first => pooled(drawn.get(..first).unwrap_or(&drawn)),
            };
            self.peak(&Level { mean: estimate, ..*level }.scores(&drawn))
        };
        // Five times the draws of a floor: the far end of the distribution becomes a limit.
        let mut peaks: Vec<f64> = (0..options.draws.saturating_mul(5)).map(run).collect();
        peaks.sort_unstable_by(f64::total_cmp);
        peaks
    }
}

/// Returns the mean of all rows under `points`.
fn pooled(points: &[Point]) -> f64 {
    let rows: u64 = points.iter().map(|point| point.rows).sum();
    points.iter().map(|point| point.rows as f64 * point.mean).sum::<f64>() / rows as f64
}

/// Returns the limit that a share `false_alarm` of sorted `peaks` is above.
pub(crate) fn limit(peaks: &[f64], false_alarm: f64) -> Option<f64> {
    let place = ((1.0 - false_alarm) * peaks.len() as f64).ceil() as usize;
    peaks.get(place.clamp(1, peaks.len().max(1)) - 1).copied().filter(|limit| *limit > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: Level = Level { mean: 0.1, deviation: 0.3, rows: 1000, points: 0, shares: true };

    #[test]
    fn sums_and_averages_by_hand() {
        // Standard errors off the level: 1, 2, -3.
        let points = [0.13, 0.16, 0.01].map(|mean| Point { rows: 100, mean });
        let chart = Chart::Cusum { k: 0.5, side: Side::Up };
        let trace = chart.watch(&points, &LEVEL, 1.5);
        assert!((trace.ratio - 2.0 / 1.5).abs() < 1e-12 && trace.alarms == [1] && trace.last.abs() < 1e-12);
        let trace = Chart::Cusum { k: 0.5, side: Side::Down }.watch(&points, &LEVEL, 2.0);
        assert!((trace.last - 2.5).abs() < 1e-12 && trace.alarms == [2]);
        let trace = Chart::Ewma { weight: 0.2, side: Side::Both }.watch(&points, &LEVEL, 3.0);
        assert!((trace.last - (-0.6 + 0.8 * (0.4 + 0.8 * 0.2))).abs() < 1e-12 && trace.alarms.is_empty());
    }

    #[test]
    fn the_limit_is_passed_as_often_as_was_wanted() {
        let points = vec![Point { rows: 80, mean: 0.1 }; 24];
        for chart in [Chart::Cusum { k: 0.5, side: Side::Both }, Chart::Ewma { weight: 0.2, side: Side::Both }] {
            let options = Options::default();
            let limit = limit(&chart.peaks(&points, &LEVEL, &options, "set"), 0.1).unwrap();
            let others = chart.peaks(&points, &LEVEL, &options, "tried");
            let alarms = others.iter().filter(|peak| **peak > limit).count() as f64 / others.len() as f64;
            assert!((alarms - 0.1).abs() < 0.03, "{chart:?} {limit} {alarms}");
        }
    }
}
