//! Agreement beyond chance of raters who use one scale: Cohen, Fleiss, Krippendorff.
//!
//! A scale has levels, counted from 1: ratings from 1 to 5, or the categories that coders put cases into.

use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};

/// What one item was given.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// One for each rater; NaN where there is none.
    pub ratings: Vec<f64>,
    /// How often each level was given.
    counts: Vec<f64>,
    /// How many ratings there are.
    pub given: f64,
}

impl Item {
    /// Returns what raters gave on a scale of so many levels.
    pub fn new(ratings: Vec<f64>, levels: usize) -> Self {
        let mut counts = vec![0.0; levels];
        for level in ratings.iter().filter_map(|rating| level(*rating)) {
            if let Some(count) = counts.get_mut(level) {
                *count += 1.0;
            }
        }
        Self { ratings, given: counts.iter().sum(), counts }
    }

    /// Returns the share of pairs of its ratings that are equal; none where it has fewer than two.
    pub fn agreement(&self) -> Option<f64> {
        let equal: f64 = self.counts.iter().map(|count| count * (count - 1.0)).sum();
        (self.given >= 2.0).then(|| equal / (self.given * (self.given - 1.0)))
    }
}

/// Returns the place of a rating among the levels.
fn level(rating: f64) -> Option<usize> {
    (rating >= 1.0).then(|| rating as usize - 1)
}

/// Returns how many levels the scale of items has.
fn levels_of(items: &[Item]) -> usize {
    items.first().map_or(0, |item| item.counts.len())
}

/// How often one level met another.
struct Table {
    cells: Vec<Vec<f64>>,
}

impl Table {
    fn new(levels: usize) -> Self {
        Self { cells: vec![vec![0.0; levels]; levels] }
    }

    fn at(&self, c: usize, k: usize) -> f64 {
        self.cells.get(c).and_then(|row| row.get(k)).copied().unwrap_or(0.0)
    }

    /// Returns the sum of `of(c, k)` over pairs of levels.
    fn over_pairs(&self, of: impl Fn(usize, usize) -> f64) -> f64 {
        let levels = self.cells.len();
        (0..levels).flat_map(|c| (0..levels).map(move |k| (c, k))).map(|(c, k)| of(c, k)).sum()
    }
}

fn sum_of(counts: &[f64], from: usize, to: usize) -> f64 {
    counts.get(from..=to).unwrap_or(&[]).iter().sum()
}

/// Returns one minus observed over expected disagreement.
fn beyond_chance(observed: f64, expected: f64, reason: &str) -> Found {
    if expected > 0.0 { Ok(Outcome::new(1.0 - observed / expected)) } else { Err(Undefined::new(reason)) }
}

/// Returns the mean over items of the share of pairs of ratings that are equal.
pub(crate) fn equal_share(items: &[Item], times: &[u32]) -> Found {
    let (mut sum, mut n) = (0.0, 0.0);
    for (share, times) in items.iter().map(Item::agreement).zip(times) {
        sum += f64::from(*times) * share.unwrap_or(0.0);
        n += f64::from(*times);
    }
    Ok(Outcome::new(sum / n))
}

/// Returns Cohen's kappa of two raters; `weights` is `none`, `linear` or `quadratic`.
///
/// # Source
/// Cohen (1960, 1968): 1 − Σ w o / Σ w e over pairs of levels, w the distance that counts.
pub(crate) fn cohen(items: &[Item], times: &[u32], weights: &str) -> Found {
    let mut table = Table::new(levels_of(items));
    for (item, times) in items.iter().zip(times) {
        let [first, second] = item.ratings.as_slice() else { continue };
        let (Some(first), Some(second)) = (level(*first), level(*second)) else { continue };
        if let Some(cell) = table.cells.get_mut(first).and_then(|row| row.get_mut(second)) {
            *cell += f64::from(*times);
        }
    }
    let weight = |c: usize, k: usize| match weights {
        "none" => f64::from(u8::from(c != k)),
        "linear" => c.abs_diff(k) as f64,
        _ => (c.abs_diff(k) as f64).powi(2),
    };
    let n = table.over_pairs(|c, k| table.at(c, k));
    let levels = table.cells.len();
    let first: Vec<f64> = (0..levels).map(|c| (0..levels).map(|k| table.at(c, k)).sum()).collect();
    let second: Vec<f64> = (0..levels).map(|k| (0..levels).map(|c| table.at(c, k)).sum()).collect();
    let total = |of: &[f64], level: usize| of.get(level).copied().unwrap_or(0.0);
    let observed = table.over_pairs(|c, k| weight(c, k) * table.at(c, k));
    let expected = table.over_pairs(|c, k| weight(c, k) * total(&first, c) * total(&second, k) / n);
    beyond_chance(observed, expected, "both raters give one and the same rating throughout, so chance agrees as well")
}

/// Returns Fleiss' kappa of raters who all rated every item.
///
/// # Source
/// Fleiss (1971): (P − Pe) / (1 − Pe), P the mean share of equal pairs, Pe the sum of squared shares of levels.
pub(crate) fn fleiss(items: &[Item], times: &[u32]) -> Found {
    let each = items.first().map_or(0.0, |item| item.given);
    if items.iter().any(|item| (item.given - each).abs() > 0.0) {
        return Err(Undefined::new("items differ in their number of ratings; Krippendorff's alpha can compare them"));
    }
    if each < 2.0 {
        return Err(Undefined::new("there is one rating an item, and agreement needs two"));
    }
    let (mut agreed, mut n) = (0.0, 0.0);
    let mut totals = vec![0.0; levels_of(items)];
    for (item, times) in items.iter().zip(times) {
        let times = f64::from(*times);
        n += times;
        agreed += times * item.agreement().unwrap_or(0.0);
        totals.iter_mut().zip(&item.counts).for_each(|(total, count)| *total += times * count);
    }
    let by_chance: f64 = totals.iter().map(|total| (total / (n * each)).powi(2)).sum();
    // Of equal ratings the shares are exactly 0 and 1.
    beyond_chance(1.0 - agreed / n, 1.0 - by_chance, "every rating is the same, so chance agrees as well")
}

/// Returns Krippendorff's alpha; `level` of measurement is `nominal`, `ordinal` or `interval`.
///
/// Items with one rating are given to it by nobody. An item with m ratings enters each of its pairs with weight
/// 1 / (m − 1), so missing ratings do no harm.
///
/// # Source
/// Krippendorff (2011), Computing Krippendorff's alpha-reliability: 1 − (n − 1) Σ o d² / Σ n_c n_k d².
pub(crate) fn alpha(items: &[Item], times: &[u32], level: &str) -> Found {
    let mut table = Table::new(levels_of(items));
    for (item, times) in items.iter().zip(times) {
        let weight = f64::from(*times) / (item.given - 1.0);
        for (c, (row, own)) in table.cells.iter_mut().zip(&item.counts).enumerate() {
            for (k, (cell, other)) in row.iter_mut().zip(&item.counts).enumerate() {
                *cell += weight * own * (other - f64::from(u8::from(c == k)));
            }
        }
    }
    let totals: Vec<f64> = table.cells.iter().map(|row| row.iter().sum()).collect();
    let n: f64 = totals.iter().sum();
    let total = |c: usize| totals.get(c).copied().unwrap_or(0.0);
    let distance = |c: usize, k: usize| match level {
        "nominal" => f64::from(u8::from(c != k)),
        "interval" => (c.abs_diff(k) as f64).powi(2),
        // Ranks: all ratings between the two levels, those at the levels half.
        _ => (sum_of(&totals, c.min(k), c.max(k)) - (total(c) + total(k)) / 2.0).powi(2),
    };
    let observed = table.over_pairs(|c, k| distance(c, k) * table.at(c, k));
    let expected = table.over_pairs(|c, k| distance(c, k) * total(c) * total(k)) / (n - 1.0);
    beyond_chance(observed, expected, "every rating is the same, so there is no variation to agree on")
}
