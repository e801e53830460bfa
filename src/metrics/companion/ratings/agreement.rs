//! Agreement beyond chance of raters who use one scale: Cohen, Fleiss, Krippendorff.

use super::{Item, LEVELS, level};
use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};

/// How often one level met another.
type Table = [[f64; LEVELS]; LEVELS];

/// Returns the sum of `of(c, k)` over pairs of levels.
fn over_pairs(of: impl Fn(usize, usize) -> f64) -> f64 {
    (0..LEVELS).flat_map(|c| (0..LEVELS).map(move |k| (c, k))).map(|(c, k)| of(c, k)).sum()
}

fn at(table: &Table, c: usize, k: usize) -> f64 {
    table.get(c).and_then(|row| row.get(k)).copied().unwrap_or(0.0)
}

fn sum_of(counts: &[f64; LEVELS], from: usize, to: usize) -> f64 {
    counts.get(from..=to).unwrap_or(&[]).iter().sum()
}

/// Returns one minus observed over expected disagreement.
fn beyond_chance(observed: f64, expected: f64, reason: &str) -> Found {
    if expected > 0.0 { Ok(Outcome::new(1.0 - observed / expected)) } else { Err(Undefined::new(reason)) }
}

/// Returns Cohen's kappa of two raters; `weights` is `none`, `linear` or `quadratic`.
///
/// # Source
/// Cohen (1960, 1968): 1 − Σ w o / Σ w e over pairs of levels, w the distance that counts.
pub(crate) fn cohen(items: &[Item], times: &[u32], weights: &str) -> Found {
    let mut table: Table = [[0.0; LEVELS]; LEVELS];
    for (item, times) in items.iter().zip(times) {
        let [first, second] = item.ratings.as_slice() else { continue };
        let (Some(first), Some(second)) = (level(*first), level(*second)) else { continue };
        if let Some(cell) = table.get_mut(first).and_then(|row| row.get_mut(second)) {
            *cell += f64::from(*times);
        }
    }
    let weight = |c: usize, k: usize| match weights {
        "none" => f64::from(u8::from(c != k)),
        "linear" => c.abs_diff(k) as f64,
        _ => (c.abs_diff(k) as f64).powi(2),
    };
    let n = over_pairs(|c, k| at(&table, c, k));
    let first = |c: usize| (0..LEVELS).map(|k| at(&table, c, k)).sum::<f64>();
    let second = |k: usize| (0..LEVELS).map(|c| at(&table, c, k)).sum::<f64>();
    let observed = over_pairs(|c, k| weight(c, k) * at(&table, c, k));
    let expected = over_pairs(|c, k| weight(c, k) * first(c) * second(k) / n);
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
    let mut totals = [0.0; LEVELS];
    for (item, times) in items.iter().zip(times) {
        let times = f64::from(*times);
        n += times;
        agreed += times * item.agreement().unwrap_or(0.0);
        totals.iter_mut().zip(item.counts).for_each(|(total, count)| *total += times * count);
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
    let mut table: Table = [[0.0; LEVELS]; LEVELS];
    for (item, times) in items.iter().zip(times) {
        let weight = f64::from(*times) / (item.given - 1.0);
        for (c, (row, own)) in table.iter_mut().zip(item.counts).enumerate() {
            for (k, (cell, other)) in row.iter_mut().zip(item.counts).enumerate() {
                *cell += weight * own * (other - f64::from(u8::from(c == k)));
            }
        }
    }
    let totals: [f64; LEVELS] = table.map(|row| row.iter().sum());
    let n: f64 = totals.iter().sum();
    let total = |c: usize| totals.get(c).copied().unwrap_or(0.0);
    let distance = |c: usize, k: usize| match level {
        "nominal" => f64::from(u8::from(c != k)),
        "interval" => (c.abs_diff(k) as f64).powi(2),
        // Ranks: all ratings between the two levels, those at the levels half.
        _ => (sum_of(&totals, c.min(k), c.max(k)) - (total(c) + total(k)) / 2.0).powi(2),
    };
    let observed = over_pairs(|c, k| distance(c, k) * at(&table, c, k));
    let expected = over_pairs(|c, k| distance(c, k) * total(c) * total(k)) / (n - 1.0);
    beyond_chance(observed, expected, "every rating is the same, so there is no variation to agree on")
}
