//! Sums whose bits do not depend on the number of threads: pieces of a fixed size are added in order.

use rayon::prelude::*;

/// Rows of a piece.
pub(crate) const PIECE: usize = 8192;

/// Returns the sum of `value` over `0..n`, in pieces.
///
/// `piece` is given the range of rows and adds them in order.
pub(crate) fn sum_by_piece<const K: usize>(
    n: usize,
    piece: impl Fn(std::ops::Range<usize>) -> [f64; K] + Sync,
) -> [f64; K] {
    let count = n.div_ceil(PIECE);
    let range = |index: usize| index * PIECE..((index + 1) * PIECE).min(n);
    let parts: Vec<[f64; K]> = if count < 4 {
        (0..count).map(|index| piece(range(index))).collect()
    } else {
        (0..count).into_par_iter().map(|index| piece(range(index))).collect()
    };
    let mut total = [0.0; K];
    for part in parts {
        for (total, part) in total.iter_mut().zip(part) {
            *total += part;
        }
    }
    total
}

/// Returns the sum of `values`.
pub(crate) fn sum(values: &[f64]) -> f64 {
    let [total] = sum_by_piece(values.len(), |rows| [values.get(rows).unwrap_or(&[]).iter().sum()]);
    total
}

/// Returns mean and variance (divided by n) of `values`, in two passes; both 0 where there are none.
pub(crate) fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let n = values.len() as f64;
    let mean = sum(values) / n;
    let [squares] = sum_by_piece(values.len(), |rows| {
        [values.get(rows).unwrap_or(&[]).iter().map(|value| (value - mean).powi(2)).sum()]
    });
    (mean, squares / n)
}

/// Returns the linear quantile of sorted `values`, with numpy's arithmetic, since a last bit decides
/// in which bin a tied value falls. `values` must not be empty.
pub(crate) fn quantile(values: &[f64], q: f64) -> f64 {
    quantile_of(values.len(), |row| values.get(row).copied(), q)
}

/// Returns the quantile of `n` sorted values, of which `at` tells the one of a row.
fn quantile_of(n: usize, at: impl Fn(usize) -> Option<f64>, q: f64) -> f64 {
    let last = n.saturating_sub(1);
    let place = last as f64 * q;
    let below = (place.floor() as usize).min(last);
    let Some((a, b)) = at(below).zip(at((below + 1).min(last))) else { return f64::NAN };
    let t = place - below as f64;
    let difference = b - a;
    if t >= 0.5 { b - difference * (1.0 - t) } else { a + difference * t }
}

/// Returns the inner edges of `bins` bins of equal mass, without repetition. `values` is sorted.
pub(crate) fn equal_mass_edges(values: &[f64], bins: u32) -> Vec<f64> {
    equal_mass_edges_of(values.len(), |row| values.get(row).copied(), bins)
}

/// Returns the edges for `n` sorted values, of which `at` tells the one of a row.
pub(crate) fn equal_mass_edges_of(n: usize, at: impl Fn(usize) -> Option<f64>, bins: u32) -> Vec<f64> {
    let step = 1.0 / f64::from(bins);
    let mut edges: Vec<f64> = (1..bins).map(|edge| quantile_of(n, &at, f64::from(edge) * step)).collect();
    edges.dedup_by(|a, b| a.total_cmp(b).is_eq());
    edges
}

/// Returns where sorted `values` are cut by inner `edges` into bins `(lo, hi]` with open ends: one
/// more position than there are edges, the last being the number of values.
pub(crate) fn cut_at(values: &[f64], edges: &[f64]) -> Vec<usize> {
    let ends = edges.iter().map(|edge| values.partition_point(|value| value <= edge));
    ends.chain([values.len()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_and_tied_edges_merge() {
        let values = [0.0, 1.0, 2.0, 10.0];
        assert!((quantile(&values, 0.5) - 1.5).abs() < 1e-15);
        assert!((quantile(&values, 1.0) - 10.0).abs() < 1e-15);
        assert_eq!(equal_mass_edges(&[0.5; 4], 10), [0.5]);
        assert_eq!(cut_at(&values, &[1.0, 1.5]), [2, 2, 4]);
    }
}
