//! Every candidate cut at once: rows are counted by the place of their value between cuts, and both sides of each
//! cut are sums of these counts.

use crate::metrics::Undefined;
use crate::metrics::statistics::sums;

/// What a row adds to the figure that is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Seen {
    /// A value to a mean.
    Adds(f64),
    /// Its rank, to the area under the ROC curve.
    Ranked,
    /// Nothing.
    Nothing,
}

/// A row with a value of the feature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub value: f64,
    pub score: f64,
    pub event: bool,
    pub seen: Seen,
}

/// The cut with the largest standardised difference.
#[derive(Clone, Debug)]
pub(super) struct Best {
    /// Its place among the candidates.
    pub cut: usize,
    /// The square of the standardised difference.
    pub statistic: f64,
    /// The figure in rows up to the cut.
    pub below: f64,
    /// The figure in rows above it.
    pub above: f64,
    /// The statistic of each candidate; none where a side has too few rows.
    pub profile: Vec<Option<f64>>,
}

impl Best {
    /// Returns how far apart the figures of both sides are.
    pub fn effect(&self) -> f64 {
        (self.above - self.below).abs()
    }
}

/// How differences are made comparable between cuts, by what is true of all rows together.
#[derive(Clone, Copy, Debug)]
enum Spread {
    /// The variance of a value, and how many there are.
    Mean { variance: f64, rows: f64 },
    /// DeLong's variances of an event's and of another row's placement.
    Area { events: f64, others: f64 },
}

/// Rows in ascending order of score, ready to be divided.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    rows: &'a [Row],
    cuts: usize,
    /// Events (or whatever a figure is made of) that both sides of a cut must have.
    least: u64,
    spread: Spread,
}

/// The figure of one side of a cut, and the variance of it that goes with its number of rows.
type Side = Option<(f64, f64)>;

impl<'a> Scan<'a> {
    /// Returns the rows, sorted by score, with the spread of what is compared.
    ///
    /// # Errors
    /// Undefined where nothing varies, so that no difference can be judged.
    pub fn new(rows: &'a [Row], cuts: usize, least: u64) -> Result<Self, Undefined> {
        let is_area = rows.first().is_some_and(|row| row.seen == Seen::Ranked);
        let spread = if is_area { placements(rows) } else { values(rows) };
        let varies = match spread {
            Spread::Mean { variance, .. } => variance > 0.0,
            Spread::Area { events, others } => events + others > 0.0,
        };
        if !varies {
            return Err(Undefined::new("it is the same in all rows, or there are too few of them"));
        }
        Ok(Self { rows, cuts, least, spread })
    }

    /// Returns the share of the variance that a cut with this statistic leaves; 1 for an area, whose variance is not
    /// divided so.
    pub fn left_over(&self, statistic: f64) -> f64 {
        match self.spread {
            Spread::Mean { rows, .. } => (1.0 - statistic / rows).max(0.0),
            Spread::Area { .. } => 1.0,
        }
    }

    /// Returns the best of all cuts, the first of equals, when row k lies above the first `places[k]` cuts.
    pub fn best(&self, places: &[u16]) -> Option<Best> {
        let sides = match self.spread {
            Spread::Mean { variance, .. } => self.means(places, variance),
            Spread::Area { events, others } => self.areas(places, events, others),
        };
        let profile: Vec<Option<f64>> = sides
            .iter()
            .map(|(below, above)| match (below, above) {
                (Some(below), Some(above)) => Some((above.0 - below.0).powi(2) / (above.1 + below.1)),
                _ => None,
            })
            .collect();
        let statistics = profile.iter().enumerate().filter_map(|(cut, found)| Some((cut, (*found)?)));
        let (cut, statistic) = statistics.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let (below, above) = sides.get(cut).and_then(|(below, above)| Some((below.as_ref()?.0, above.as_ref()?.0)))?;
        Some(Best { cut, statistic, below, above, profile })
    }

    /// Returns the means on both sides of each cut.
    fn means(&self, places: &[u16], variance: f64) -> Vec<(Side, Side)> {
        let mut cells = vec![(0u64, 0.0); self.cuts + 1];
        for (row, place) in self.rows.iter().zip(places) {
            if let (Seen::Adds(value), Some(cell)) = (row.seen, cells.get_mut(usize::from(*place))) {
                cell.0 += 1;
                cell.1 += value;
            }
        }
        let add = |a: (u64, f64), b: &(u64, f64)| (a.0 + b.0, a.1 + b.1);
        let side = |(n, sum): (u64, f64)| (n >= self.least).then(|| (sum / n as f64, variance / n as f64));
        (1..=self.cuts)
            .map(|cut| {
                let (below, above) = cells.split_at(cut);
                (side(below.iter().fold((0, 0.0), add)), side(above.iter().fold((0, 0.0), add)))
            })
            .collect()
    }

    /// Returns the areas under the ROC curve on both sides of each cut.
    fn areas(&self, places: &[u16], of_event: f64, of_other: f64) -> Vec<(Side, Side)> {
        let cells = self.cuts + 1;
        let (mut events, mut others) = (vec![0u64; cells], vec![0u64; cells]);
        // Twice the others in each cell with a lower score, ties half; and that, summed over the events of each cell.
        let mut twice = vec![0u64; cells];
        let mut won = vec![vec![0u64; cells]; cells];
        let pairs: Vec<(&Row, usize)> = self.rows.iter().zip(places.iter().map(|place| usize::from(*place))).collect();
        for run in pairs.chunk_by(|a, b| a.0.score.total_cmp(&b.0.score).is_eq()) {
            let tied = |of: &mut Vec<u64>| {
                for (_, place) in run.iter().filter(|(row, _)| !row.event) {
                    of.get_mut(*place).into_iter().for_each(|count| *count += 1);
                }
            };
            tied(&mut others);
            tied(&mut twice);
            for (_, place) in run.iter().filter(|(row, _)| row.event) {
                events.get_mut(*place).into_iter().for_each(|count| *count += 1);
                let over = won.get_mut(*place).into_iter().flatten();
                over.zip(&twice).for_each(|(won, twice)| *won += twice);
            }
            tied(&mut twice);
        }
        let side = |range: std::ops::Range<usize>| {
            let sum = |counts: &[u64]| counts.get(range.clone()).unwrap_or(&[]).iter().sum::<u64>();
            let (n_events, n_others) = (sum(&events), sum(&others));
            if n_events.min(n_others) < self.least {
                return None;
            }
            let won: u64 = won.get(range.clone()).unwrap_or(&[]).iter().map(|row| sum(row)).sum();
            let (n_events, n_others) = (n_events as f64, n_others as f64);
            Some((won as f64 / (2.0 * n_events * n_others), of_event / n_events + of_other / n_others))
        };
        (1..=self.cuts).map(|cut| (side(0..cut), side(cut..cells))).collect()
    }
}

/// Returns the variance of what rows add to a mean.
fn values(rows: &[Row]) -> Spread {
    let values: Vec<f64> =
        rows.iter().filter_map(|row| if let Seen::Adds(value) = row.seen { Some(value) } else { None }).collect();
    let (_, variance) = sums::mean_and_variance(&values);
    // Equal values have no variance but for rounding.
    let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    let variance = if variance <= 1e-24 * largest * largest { 0.0 } else { variance };
    Spread::Mean { variance, rows: values.len() as f64 }
}

/// Returns the variances of placements: the share of others below each event, and of events above each other row.
fn placements(rows: &[Row]) -> Spread {
    let events = rows.iter().filter(|row| row.event).count() as f64;
    let others = rows.len() as f64 - events;
    let (mut of_events, mut of_others) = (Vec::new(), Vec::new());
    let (mut below, mut passed) = (0.0, 0.0);
    for run in rows.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        let tied_events = run.iter().filter(|row| row.event).count();
        let tied_others = run.len() - tied_events;
        let share = (below + 0.5 * tied_others as f64) / others;
        of_events.extend(std::iter::repeat_n(share, tied_events));
        let share = (events - passed - 0.5 * tied_events as f64) / events;
        of_others.extend(std::iter::repeat_n(share, tied_others));
        below += tied_others as f64;
        passed += tied_events as f64;
    }
    let variance = |values: &[f64]| sums::mean_and_variance(values).1;
    Spread::Area { events: variance(&of_events), others: variance(&of_others) }
}
