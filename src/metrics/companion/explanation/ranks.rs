//! Rank agreement of two short lists of figures.

/// Returns the ranks of `values` from 1, ties in the middle of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let rank = below as f64 + (tied.len() as f64 + 1.0) / 2.0;
        below += tied.len();
        for (_, place) in tied {
            if let Some(slot) = ranks.get_mut(*place) {
                *slot = rank;
            }
        }
    }
    ranks
}

/// Returns Spearman's rho, the correlation of ranks; none where one of the two is constant.
pub(crate) fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 + 1.0) / 2.0;
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(&b) {
        ab += (x - middle) * (y - middle);
        aa += (x - middle).powi(2);
        bb += (y - middle).powi(2);
    }
    (aa > 0.0 && bb > 0.0).then(|| (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0))
}

/// Returns Kendall's tau-b; none where one of the two is constant.
///
/// # Source
/// Kendall (1945): concordant less discordant pairs over the root of pairs untied in each.
pub(crate) fn kendall(a: &[f64], b: &[f64]) -> Option<f64> {
    let (mut balance, mut untied_a, mut untied_b) = (0i64, 0u64, 0u64);
    for (place, (x, y)) in a.iter().zip(b).enumerate() {
        for (other_x, other_y) in a.iter().zip(b).take(place) {
            let (of_a, of_b) = (x.total_cmp(other_x) as i64, y.total_cmp(other_y) as i64);
            balance += of_a * of_b;
            untied_a += of_a.unsigned_abs();
            untied_b += of_b.unsigned_abs();
        }
    }
    let pairs = (untied_a as f64).sqrt() * (untied_b as f64).sqrt();
    (pairs > 0.0).then(|| (balance as f64 / pairs).clamp(-1.0, 1.0))
}

/// Returns the share of the `k` largest magnitudes of each that both have, of all that one of them has.
///
/// Of equal magnitudes the one that stands first counts.
pub(crate) fn top_k(a: &[f64], b: &[f64], k: usize) -> f64 {
    let largest = |values: &[f64]| -> Vec<usize> {
        let mut order: Vec<(f64, usize)> = values.iter().map(|value| value.abs()).zip(0..).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        order.into_iter().take(k).map(|(_, place)| place).collect()
    };
    let (a, b) = (largest(a), largest(b));
    let both = a.iter().filter(|place| b.contains(place)).count();
    both as f64 / (a.len() + b.len() - both) as f64
}
