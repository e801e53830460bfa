//! A column as cells: how many rows lie between two edges and what their mean is.
//!
//! No cell holds fewer rows than the profile's `min_cell`, so neither does a sum or a difference of cells. Both ends
//! are open: the smallest and the largest value are those of single patients and are not told. A cell of equal
//! values says so, since they are shared by all of its rows.

use crate::metrics::sample::radix::{key, unkey};
use crate::metrics::statistics::sums;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// The most cells of a column: fifty columns then stay below 200 kB.
const MOST: usize = 96;

/// The cells of one column, ascending.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cells {
    /// Inner edges: a cell holds what is above the edge before it and not above its own.
    pub edges: Vec<f64>,
    /// Rows of each cell: one more than there are edges.
    pub rows: Vec<u64>,
    /// Mean of each cell; 0 where it has no rows.
    pub means: Vec<f64>,
    /// Which cells hold one value alone, which is then their mean.
    pub single: Vec<bool>,
}

/// One cell between its edges.
pub(super) struct Cell {
    pub low: f64,
    pub high: f64,
    pub rows: u64,
    pub mean: f64,
    pub single: bool,
}

impl Cells {
    /// Returns cells of sorted `values` with the `forced` edges among theirs. Other edges are the midpoints of the
    /// number line, halved again and again, so that they do not depend on the data and two tables share many.
    pub fn new(values: &[f64], forced: &[f64], min_cell: u64) -> Self {
        let least = usize::try_from(min_cell.max(1)).unwrap_or(usize::MAX);
        let position = |edge: f64| values.partition_point(|value| *value <= edge);
        // Two forced edges may have no row between them, and both are kept.
        let place = |edge: f64| (position(edge), key(edge));
        let mut cuts: BTreeMap<(usize, u64), f64> = forced.iter().map(|edge| (place(*edge), *edge)).collect();
        let grain = (values.len() / MOST).max(least.saturating_mul(2));
        let mut nodes = VecDeque::from([(0, values.len(), key(f64::MIN), key(f64::MAX))]);
        while let Some((start, end, low, high)) = nodes.pop_front() {
            let constant = values.get(start).zip(values.get(end.wrapping_sub(1))).is_none_or(|(a, b)| a >= b);
            if constant || end - start < grain || high - low < 2 || cuts.len() + 1 >= MOST {
                continue;
            }
            let middle = low + (high - low) / 2;
            let edge = unkey(middle);
            let cut = position(edge).clamp(start, end);
            let before = cuts.range(..=(cut, u64::MAX)).next_back().map_or(0, |(place, _)| place.0);
            let after = cuts.range((cut, 0)..).next().map_or(values.len(), |(place, _)| place.0);
            if cut - before >= least && after - cut >= least {
                cuts.insert((cut, middle), edge);
            }
            nodes.push_back((start, cut, low, middle));
            nodes.push_back((cut, end, middle, high));
        }
        let edges = cuts.values().copied().collect();
        let mut cells = Self { edges, ..Self::default() };
        let ends = cuts.keys().map(|(place, _)| *place).chain([values.len()]);
        for (start, end) in std::iter::once(0).chain(ends.clone()).zip(ends) {
            let part = values.get(start..end).unwrap_or(&[]);
            let single = part.first().zip(part.last()).is_some_and(|(first, last)| first >= last);
            let mean = if single { part.first().copied().unwrap_or(0.0) } else { sums::mean_and_variance(part).0 };
            cells.rows.push(part.len() as u64);
            cells.means.push(mean);
            cells.single.push(single);
        }
        cells
    }

    /// Tells whether the lists fit each other: what a damaged file may not.
    pub fn is_sound(&self) -> bool {
        let n = self.rows.len();
        let ascending = self.edges.iter().zip(self.edges.iter().skip(1)).all(|(a, b)| a < b);
        n == self.edges.len() + 1 && n == self.means.len() && n == self.single.len() && ascending
    }

    /// Returns the rows of all cells.
    pub fn total(&self) -> u64 {
        self.rows.iter().sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Cell> + '_ {
        let lows = std::iter::once(f64::NEG_INFINITY).chain(self.edges.iter().copied());
        let highs = self.edges.iter().copied().chain([f64::INFINITY]);
        let numbers = self.rows.iter().zip(&self.means).zip(&self.single);
        lows.zip(highs).zip(numbers).map(|((low, high), ((rows, mean), single))| Cell {
            low,
            high,
            rows: *rows,
            mean: *mean,
            single: *single,
        })
    }

    /// Returns the cells of both columns' rows together, over the edges that both have. Rows and means stay exact;
    /// joined cells are wider, and what is computed from them has a larger error.
    pub fn merge(&self, other: &Self) -> Self {
        let shared = |edge: &&f64| other.edges.iter().any(|same| same.total_cmp(edge).is_eq());
        let edges: Vec<f64> = self.edges.iter().filter(shared).copied().collect();
        let mut merged = Self { edges, ..Self::default() };
        let ends: Vec<f64> = merged.edges.iter().copied().chain([f64::INFINITY]).collect();
        let mut low = f64::NEG_INFINITY;
        for end in ends {
            let inside = |cell: &Cell| cell.low >= low && cell.high <= end && cell.rows > 0;
            let cells: Vec<Cell> = self.iter().chain(other.iter()).filter(inside).collect();
            let rows: u64 = cells.iter().map(|cell| cell.rows).sum();
            let first = cells.first().map_or(0.0, |cell| cell.mean);
            let single = rows > 0 && cells.iter().all(|cell| cell.single && cell.mean.total_cmp(&first).is_eq());
            let sum: f64 = cells.iter().map(|cell| cell.mean * cell.rows as f64).sum();
            merged.means.push(if single || rows == 0 { first } else { sum / rows as f64 });
            merged.rows.push(rows);
            merged.single.push(single);
            low = end;
        }
        merged
    }
}

impl Cell {
    /// Returns the most that the rows of this cell can lie from their mean, on average.
    ///
    /// For values in low..=high with mean m it is 2 (m - low)(high - m) / (high - low), reached by values at the
    /// ends alone; with one end open the limit of that, 2 |m - end|; with both open there is none.
    pub fn spread(&self) -> f64 {
        if self.single || self.rows == 0 {
            return 0.0;
        }
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) => 2.0 * (self.mean - self.low) * (self.high - self.mean) / (self.high - self.low),
            (true, false) => 2.0 * (self.mean - self.low),
            (false, true) => 2.0 * (self.high - self.mean),
            (false, false) => f64::INFINITY,
        }
    }
}
