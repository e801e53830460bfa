//! The pilot's tables in the shapes that the metrics need.
//!
//! A [`Sample`] is the rows of a table or of a group in the order of their score, a [`Side`] all samples of a table.
//! In the approximate mode one entry of a sample stands for all rows of about the same score (`rounded.rs`).

mod grid;
mod mass;
pub(super) mod radix;
mod rounded;
mod side;
mod sorted;

pub(crate) use grid::Grid;
pub(crate) use mass::Mass;
pub(crate) use rounded::MOST;
pub(crate) use side::{Attribute, Categorical, Feature, Group, Need, Numeric, Side};
pub(crate) use sorted::sample_of;

use super::statistics::ranked::Ranked;
use super::statistics::sums;
use rayon::prelude::*;
use sorted::sorted_rows;
use std::ops::Range;

/// Rows in ascending order of score; events after non-events where scores are equal.
///
/// An entry is one row, or all rows of a score and an outcome.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    /// Rows.
    pub n: usize,
    /// Of each entry; empty where there is no score.
    pub score: Vec<f64>,
    /// 0 or 1 for each entry; empty where there is no label.
    pub event: Vec<u8>,
    /// The logit of each score; empty unless it is needed and every score is inside 0..1.
    pub logit: Vec<f64>,
    /// How many rows each entry is; empty where each is one.
    pub times: Vec<u64>,
    /// How much the rows of each entry count together; empty where every row counts once.
    pub weight: Vec<f64>,
    /// The sum of the squares of their weights; empty where every row counts once or is an entry.
    pub squares: Vec<f64>,
    /// Whether different scores were put together.
    pub is_rounded: bool,
    pub has_score: bool,
    pub has_label: bool,
    pub events: u64,
}

impl Sample {
    /// Returns the sample of sorted rows, each one entry.
    fn new(score: Option<Vec<f64>>, event: Option<Vec<u8>>, weight: Vec<f64>, n: usize, logits: bool) -> Self {
        let events = event.as_ref().map_or(0, |event| event.iter().map(|event| u64::from(*event)).sum());
        let sample = Self {
            n,
            has_score: score.is_some(),
            has_label: event.is_some(),
            score: score.unwrap_or_default(),
            event: event.unwrap_or_default(),
            weight,
            events,
            ..Self::default()
        };
        if logits { sample.with_logits() } else { sample }
    }

    /// Returns it with the logit of each score, if each has one.
    pub fn with_logits(mut self) -> Self {
        if inside(&self.score) {
            let scores = self.score.par_iter().with_min_len(sums::PIECE);
            self.logit = scores.map(|score| (score / (1.0 - score)).ln()).collect();
        }
        self
    }

    /// Returns rows given by score and event in any order.
    pub fn of_rows(score: &[f64], event: &[u8]) -> Self {
        let (_, score, event) = sorted_rows(score, Some(event));
        let n = score.len();
        Self::new(Some(score), Some(event), Vec::new(), n, false)
    }

    /// Returns the number of entries.
    pub fn entries(&self) -> usize {
        if self.times.is_empty() { self.n } else { self.times.len() }
    }

    /// Returns the scores with their rows.
    pub fn ranked(&self) -> Ranked<'_> {
        Ranked::new(&self.score, &self.times).rounded(self.is_rounded)
    }

    /// Tells whether some rows may count more than others.
    pub fn is_weighted(&self) -> bool {
        !self.weight.is_empty()
    }

    /// Returns score, event and weight of each entry of a range.
    pub fn rows(&self, entries: Range<usize>) -> impl Iterator<Item = (f64, u8, f64)> {
        self.scored(entries.clone()).zip(entries).map(|((score, event), entry)| (score, event, self.weight_of(entry)))
    }

    /// Returns score, event and number of rows of each entry of a range.
    pub fn counted(&self, entries: Range<usize>) -> impl Iterator<Item = (f64, u8, u64)> {
        self.scored(entries.clone()).zip(entries).map(|((score, event), entry)| (score, event, self.times_of(entry)))
    }

    fn scored(&self, entries: Range<usize>) -> impl Iterator<Item = (f64, u8)> {
        let score = self.score.get(entries.clone()).unwrap_or(&[]);
        score.iter().copied().zip(self.event.get(entries).unwrap_or(&[]).iter().copied())
    }

    /// Returns how many rows an entry is.
    pub fn times_of(&self, entry: usize) -> u64 {
        self.times.get(entry).copied().unwrap_or(1)
    }

    /// Returns how much the rows of an entry count together.
    pub fn weight_of(&self, entry: usize) -> f64 {
        if self.is_weighted() {
            self.weight.get(entry).copied().unwrap_or(0.0)
        } else {
            self.times.get(entry).map_or(1.0, |times| *times as f64)
        }
    }

    /// Returns the sum of the squares of the weights of an entry's rows.
    pub fn squares_of(&self, entry: usize) -> f64 {
        match self.squares.get(entry) {
            Some(squares) => *squares,
            None if self.is_weighted() => self.weight_of(entry).powi(2),
            None => self.weight_of(entry),
        }
    }

    /// Returns how much the rows of a range of entries without the outcome count together, and its events.
    pub fn of_outcome_in(&self, entries: Range<usize>) -> (Mass, Mass) {
        if !self.is_weighted() && self.times.is_empty() {
            let event = self.event.get(entries.clone()).unwrap_or(&[]);
            let events = event.iter().map(|event| u64::from(*event)).sum();
            return (Mass::of_rows(entries.len() as u64 - events), Mass::of_rows(events));
        }
        let start = entries.start;
        let [others, other_squares, events, event_squares] = sums::sum_by_piece(entries.len(), |piece| {
            let mut total = [0.0; 4];
            for entry in start + piece.start..start + piece.end {
                // Without a label no row is an event.
                let place = if self.event.get(entry) == Some(&1) { 2 } else { 0 };
                total[place] += self.weight_of(entry);
                total[place + 1] += self.squares_of(entry);
            }
            total
        });
        let mass = |weight, squares| Mass { weight, squares };
        (mass(others, other_squares), mass(events, event_squares))
    }

    /// Returns how much all rows count together.
    pub fn total(&self) -> Mass {
        let (others, events) = self.of_outcome();
        others + events
    }

    /// Returns how much the rows without the outcome count together, and the events.
    pub fn of_outcome(&self) -> (Mass, Mass) {
        if self.is_weighted() {
            self.of_outcome_in(0..self.entries())
        } else {
            (Mass::of_rows(self.non_events()), Mass::of_rows(self.events))
        }
    }

    /// Returns the rows with every score held inside `clip..=1 - clip`, and its logit. The order of scores
    /// stays, so the rows are still sorted.
    pub fn clipped(&self, clip: f64) -> Self {
        let score: Vec<f64> = self.score.iter().map(|score| score.clamp(clip, 1.0 - clip)).collect();
        let logit = score.iter().map(|score| (score / (1.0 - score)).ln()).collect();
        Self { score, logit, ..self.clone() }
    }

    /// Returns these rows less those of `part`, which holds some of them in the same order.
    pub fn without(&self, part: &Self) -> Self {
        let mut taken = (0..part.entries()).peekable();
        let mut rest = Self { has_score: self.has_score, has_label: self.has_label, ..Self::default() };
        for entry in 0..self.entries() {
            let same = |other: &usize| {
                let score = |of: &Self, entry: usize| of.score.get(entry).copied().unwrap_or(0.0);
                let alike = score(self, entry).total_cmp(&score(part, *other)).is_eq()
                    && self.event.get(entry) == part.event.get(*other);
                // An entry of many rows is looked at as a whole; of single rows those of another weight stay.
                let is_row = self.times.is_empty() && self.is_weighted();
                alike && (!is_row || self.weight_of(entry).total_cmp(&part.weight_of(*other)).is_eq())
            };
            match taken.next_if(same) {
                None => rest.push(self, entry, None),
                Some(other) if self.times_of(entry) > part.times_of(other) => {
                    rest.push(self, entry, Some((part, other)));
                }
                Some(_) => {}
            }
        }
        rest
    }

    /// Adds an entry of `from`, less the rows of an entry of another sample.
    fn push(&mut self, from: &Self, entry: usize, less: Option<(&Self, usize)>) {
        let rows = from.times_of(entry) - less.map_or(0, |(of, entry)| of.times_of(entry));
        self.score.extend(from.score.get(entry));
        self.event.extend(from.event.get(entry));
        if !from.times.is_empty() {
            self.times.push(rows);
        }
        if from.is_weighted() {
            self.weight.push(from.weight_of(entry) - less.map_or(0.0, |(of, entry)| of.weight_of(entry)));
        }
        if !from.squares.is_empty() {
            self.squares.push(from.squares_of(entry) - less.map_or(0.0, |(of, entry)| of.squares_of(entry)));
        }
        self.n += usize::try_from(rows).unwrap_or(0);
        self.events += if from.event.get(entry) == Some(&1) { rows } else { 0 };
    }

    /// Returns the rows without the outcome.
    pub fn non_events(&self) -> u64 {
        self.n as u64 - self.events
    }
}

/// Tells whether every score of a sorted column has a finite logit.
fn inside(score: &[f64]) -> bool {
    score.first().is_none_or(|low| *low > 0.0) && score.last().is_none_or(|high| *high < 1.0)
}
