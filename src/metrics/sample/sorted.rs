//! The rows of a table in the order of their score.

use super::Sample;
use super::radix::{key, sort_by_key, unkey};
use crate::table::{Groups, Part};
use rayon::prelude::*;

/// Returns a sample of scores and labels in any order.
pub(crate) fn sample_of(score: &[f64], label: Option<&[u8]>) -> Sample {
    let (_, sorted, event) = sorted_rows(score, label);
    Sample::new(Some(sorted), label.map(|_| event), Vec::new(), score.len(), false)
}

/// The rows of a table in the order of their score.
pub(super) struct Sorted {
    /// Positions in the table, in that order; empty where the table was not sorted.
    order: Vec<u32>,
    score: Option<Vec<f64>>,
    event: Option<Vec<u8>>,
    weight: Option<Vec<f64>>,
}

impl Sorted {
    pub fn new(part: &Part, wanted: bool) -> Self {
        let label = part.label.as_deref();
        match part.score.as_deref() {
            Some(score) if wanted => {
                let (order, score, event) = sorted_rows(score, label);
                let at = |weight: &[f64], row: &u32| weight.get(*row as usize).copied().unwrap_or(1.0);
                let weight = part.weight.as_deref().map(|weight| order.iter().map(|row| at(weight, row)).collect());
                Self { order, score: Some(score), event: label.map(|_| event), weight }
            }
            _ => Self {
                order: Vec::new(),
                score: None,
                event: label.map(<[u8]>::to_vec),
                weight: part.weight.as_deref().map(<[f64]>::to_vec),
            },
        }
    }

    pub fn into_sample(self, n: usize, logits: bool) -> Sample {
        Sample::new(self.score, self.event, self.weight.unwrap_or_default(), n, logits)
    }
}

/// Returns positions, scores and events in ascending order of score, then event, then position.
pub(super) fn sorted_rows(score: &[f64], label: Option<&[u8]>) -> (Vec<u32>, Vec<f64>, Vec<u8>) {
    // The sort keeps the order of equal scores, so non-events are put first.
    let rows_with = |wanted: u8| {
        score.iter().enumerate().filter_map(move |(row, score)| {
            let event = label.and_then(|label| label.get(row)).copied().unwrap_or(0);
            (event == wanted).then(|| (key(*score), row as u32))
        })
    };
    let mut rows: Vec<(u64, u32)> = Vec::with_capacity(score.len());
    rows.extend(rows_with(0));
    let others = rows.len() as u32;
    rows.extend(rows_with(1));
    // Until the sort is over, a row goes by its place in that list, which tells its event.
    let original: Vec<u32> = rows.iter().map(|row| row.1).collect();
    for (row, place) in rows.iter_mut().zip(0..) {
        row.1 = place;
    }
    let rows = sort_by_key(rows, |row| row.0);
    let order = rows.iter().map(|row| original.get(row.1 as usize).copied().unwrap_or(0)).collect();
    let sorted = rows.iter().map(|row| unkey(row.0)).collect();
    let events = rows.iter().map(|row| u8::from(row.1 >= others)).collect();
    (order, sorted, events)
}

/// Returns the rows of each group, still sorted by score.
pub(super) fn divided(column: &Groups, counts: &[u64], sorted: &Sorted, logits: bool) -> Vec<Sample> {
    let sizes: Vec<usize> = counts.iter().map(|count| usize::try_from(*count).unwrap_or(0)).collect();
    let mut scores: Vec<Vec<f64>> = sizes.iter().map(|size| Vec::with_capacity(*size)).collect();
    let mut events: Vec<Vec<u8>> = scores.iter().map(|scores| Vec::with_capacity(scores.capacity())).collect();
    let mut weights: Vec<Vec<f64>> = vec![Vec::new(); sizes.len()];
    let row_at = |place: usize| sorted.order.get(place).map_or(place, |row| *row as usize);
    for place in 0..column.codes.len() {
        let Some(code) = column.codes.get(row_at(place)).map(|code| code as usize) else { continue };
        if let (Some(score), Some(to)) = (sorted.score.as_ref().and_then(|all| all.get(place)), scores.get_mut(code)) {
            to.push(*score);
        }
        if let (Some(event), Some(to)) = (sorted.event.as_ref().and_then(|all| all.get(place)), events.get_mut(code)) {
            to.push(*event);
        }
        if let (Some(weight), Some(to)) = (sorted.weight.as_ref().and_then(|all| all.get(place)), weights.get_mut(code))
        {
            to.push(*weight);
        }
    }
    let (has_score, has_label) = (sorted.score.is_some(), sorted.event.is_some());
    sizes
        .into_iter()
        .zip(scores)
        .zip(events)
        .zip(weights)
        .map(|(((n, score), event), weight)| {
            Sample::new(has_score.then_some(score), has_label.then_some(event), weight, n, logits)
        })
        .collect()
}

/// Returns each member's rows sorted by its score; rows that a member lacks are left out of it.
pub(super) fn members(part: &Part) -> Vec<Sample> {
    let label = part.label.as_deref();
    let of_member = |scores: &[f64]| {
        let rows_with = |wanted: u8| -> Vec<u64> {
            let rows = scores.iter().enumerate().filter(|(row, score)| {
                !score.is_nan() && label.and_then(|label| label.get(*row)).copied().unwrap_or(0) == wanted
            });
            sort_by_key(rows.map(|(_, score)| key(*score)).collect(), |key| *key)
        };
        let (score, event) = merged(&rows_with(0), &rows_with(1));
        let n = score.len();
        Sample::new(Some(score), label.map(|_| event), Vec::new(), n, false)
    };
    part.members.par_iter().map(|scores| of_member(scores)).collect()
}

/// Returns scores and events of two sorted lists in one, non-events first where scores are equal.
fn merged(others: &[u64], events: &[u64]) -> (Vec<f64>, Vec<u8>) {
    let n = others.len() + events.len();
    let (mut score, mut event) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let (mut i, mut j) = (0, 0);
    for _ in 0..n {
        let (a, b) = (others.get(i).copied(), events.get(j).copied());
        let is_event = b.unwrap_or(u64::MAX) < a.unwrap_or(u64::MAX);
        score.push(unkey(if is_event { b } else { a }.unwrap_or(0)));
        event.push(u8::from(is_event));
        i += usize::from(!is_event);
        j += usize::from(is_event);
    }
    (score, event)
}
