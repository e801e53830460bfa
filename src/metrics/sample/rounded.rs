//! Samples and features in which rows of about the same number are one entry: of bounded size, however many rows
//! there are, and mergeable. What comes out does not depend on the order of rows nor on how they were divided.

use super::{Categorical, Grid, Numeric, Sample};
use std::cmp::Ordering;

/// The most different numbers of a column before neighbours are put together.
///
/// Large enough that a number is moved by a few millionths of its column's spread, small enough that a column with
/// its rows is a few megabytes.
pub(crate) const MOST: usize = 1 << 16;

impl Sample {
    /// Returns it with scores put together as `grid` says.
    pub fn rounded(&self, grid: &Grid) -> Self {
        let mut rounded = Entries::new(self);
        let mut start = 0;
        while start < self.entries() {
            let score = self.score.get(start).map(|score| grid.place(*score));
            let same = |other: &f64| score.is_some_and(|score| grid.place(*other).total_cmp(&score).is_eq());
            let rest = self.score.get(start + 1..).unwrap_or(&[]);
            let end = match score {
                Some(_) => start + 1 + rest.iter().take_while(|other| same(other)).count(),
                None => self.entries(),
            };
            for outcome in [0, 1] {
                let of_outcome = |entry: &usize| self.event.get(*entry).copied().unwrap_or(0) == outcome;
                rounded.add(score, outcome, (start..end).filter(of_outcome).map(|entry| (self, entry)));
            }
            start = end;
        }
        Self { is_rounded: grid.coarseness > 0, ..rounded.finish(self) }
    }

    /// Returns the rows of both, whose scores were put together in the same way.
    pub fn merged(&self, other: &Self) -> Self {
        let mut merged = Entries::new(self);
        let (mut i, mut j) = (0, 0);
        while i < self.entries() || j < other.entries() {
            let key = |of: &Self, entry: usize| {
                (entry < of.entries())
                    .then(|| (of.score.get(entry).copied().unwrap_or(0.0), of.event.get(entry).copied().unwrap_or(0)))
            };
            let order = match (key(self, i), key(other, j)) {
                (Some(a), Some(b)) => a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)),
                (Some(_), None) => Ordering::Less,
                _ => Ordering::Greater,
            };
            let (of_self, of_other) = (order.is_le().then_some((self, i)), order.is_ge().then_some((other, j)));
            let from = of_self.or(of_other);
            let score = from.and_then(|(of, entry)| of.score.get(entry).copied());
            let event = from.and_then(|(of, entry)| of.event.get(entry).copied());
            merged.add(score, event.unwrap_or(0), of_self.into_iter().chain(of_other));
            i += usize::from(of_self.is_some());
            j += usize::from(of_other.is_some());
        }
        Self { is_rounded: self.is_rounded, ..merged.finish(self) }
    }
}

/// Entries as they are put together.
struct Entries {
    sample: Sample,
    is_weighted: bool,
}

impl Entries {
    fn new(of: &Sample) -> Self {
        Self { sample: Sample::default(), is_weighted: of.is_weighted() }
    }

    /// Adds those entries as one.
    fn add<'a>(&mut self, score: Option<f64>, event: u8, entries: impl Iterator<Item = (&'a Sample, usize)>) {
        let (mut times, mut weight, mut squares) = (0, 0.0, 0.0);
        for (of, entry) in entries {
            times += of.times_of(entry);
            weight += of.weight_of(entry);
            squares += of.squares_of(entry);
        }
        if times == 0 {
            return;
        }
        let to = &mut self.sample;
        to.score.extend(score);
        to.event.push(event);
        to.times.push(times);
        if self.is_weighted {
            to.weight.push(weight);
            to.squares.push(squares);
        }
        to.n += usize::try_from(times).unwrap_or(0);
        to.events += if event == 1 { times } else { 0 };
    }

    /// Returns the sample of these entries, which has what `like` has.
    fn finish(mut self, like: &Sample) -> Sample {
        if !like.has_label {
            self.sample.event.clear();
        }
        Sample { has_score: like.has_score, has_label: like.has_label, ..self.sample }
    }
}

impl Numeric {
    /// Returns it with values put together as `grid` says.
    pub fn rounded(&self, grid: &Grid) -> Self {
        let mut rounded = Self { missing: self.missing, is_rounded: grid.coarseness > 0, ..Self::default() };
        for (entry, value) in self.values.iter().enumerate() {
            rounded.add(grid.place(*value), self.times_of(entry));
        }
        rounded
    }

    /// Returns the values of both, which were put together in the same way.
    pub fn merged(&self, other: &Self) -> Self {
        let missing = self.missing + other.missing;
        let mut merged = Self { missing, is_rounded: self.is_rounded, ..Self::default() };
        let (mut i, mut j) = (0, 0);
        while let Some(value) =
            [self.values.get(i), other.values.get(j)].into_iter().flatten().copied().reduce(f64::min)
        {
            for (of, entry) in [(self, &mut i), (other, &mut j)] {
                if of.values.get(*entry).is_some_and(|other| *other <= value) {
                    merged.add(value, of.times_of(*entry));
                    *entry += 1;
                }
            }
        }
        merged
    }

    fn add(&mut self, value: f64, rows: u64) {
        match (self.values.last(), self.times.last_mut()) {
            (Some(last), Some(times)) if *last >= value => *times += rows,
            _ => {
                self.values.push(value);
                self.times.push(rows);
            }
        }
    }

    fn times_of(&self, entry: usize) -> u64 {
        self.times.get(entry).copied().unwrap_or(1)
    }
}

impl Categorical {
    /// Adds the rows of another part of the column.
    pub fn merge(&mut self, other: Self) {
        self.missing += other.missing;
        for (name, rows) in other.counts {
            match self.counts.binary_search_by(|(known, _)| known.cmp(&name)) {
                Ok(place) => self.counts.get_mut(place).into_iter().for_each(|(_, known)| *known += rows),
                Err(place) => self.counts.insert(place, (name, rows)),
            }
        }
    }
}
