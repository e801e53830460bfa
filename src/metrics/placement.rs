//! How each row stands among those of the other class: what the variance of an AUROC is made of.

use super::sample::radix::{key, sort_by_key};

/// Returns, in the order of the rows, twice the others below each event, and twice the events above each other
/// row; ties count half.
pub(super) fn placements(score: &[f64], event: &[u8]) -> Vec<u64> {
    let rows: Vec<(u64, u32)> = score.iter().zip(0u32..).map(|(score, row)| (key(*score), row)).collect();
    let rows = sort_by_key(rows, |row| row.0);
    let is_event = |row: u32| event.get(row as usize).copied().unwrap_or(0) == 1;
    let mut found = vec![0u64; score.len()];
    let (mut below, mut above) = (0u64, event.iter().map(|event| u64::from(*event)).sum::<u64>());
    for run in rows.chunk_by(|a, b| a.0 == b.0) {
        let events = run.iter().filter(|(_, row)| is_event(*row)).count() as u64;
        let others = run.len() as u64 - events;
        above -= events;
        for (_, row) in run {
            if let Some(found) = found.get_mut(*row as usize) {
                *found = if is_event(*row) { 2 * below + others } else { 2 * above + events };
            }
        }
        below += others;
    }
    found
}
