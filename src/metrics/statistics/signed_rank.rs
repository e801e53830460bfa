//! Wilcoxon's test of paired differences, which asks for no distribution but a symmetric one.

use super::normal;

/// Returns the two-sided p that positive and negative differences are alike; none where every difference is 0.
///
/// # Source
/// Wilcoxon (1945), normal with correction for ties, differences of 0 left out, as
/// `wilcoxon(method="approx", correction=False)` of scipy.
pub(crate) fn p(differences: &[f64]) -> Option<f64> {
    let mut sizes: Vec<(f64, bool)> =
        differences.iter().filter(|size| size.abs() > 0.0).map(|size| (size.abs(), *size > 0.0)).collect();
    sizes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    if sizes.is_empty() {
        return None;
    }
    let (mut ranked, mut positive, mut ties) = (0.0, 0.0, 0.0);
    for run in sizes.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let t = run.len() as f64;
        positive += run.iter().filter(|row| row.1).count() as f64 * (ranked + (t + 1.0) / 2.0);
        ties += t * t * t - t;
        ranked += t;
    }
    let n = ranked;
    let variance = (n * (n + 1.0) * (2.0 * n + 1.0) - ties / 2.0) / 24.0;
    Some(normal::two_sided_p((positive - n * (n + 1.0) / 4.0) / variance.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Ranks 1, 2.5, 2.5, 4 of which 1 + 2.5 are positive: 3.5 against 5, variance (180 - 3) / 24.
        let z: f64 = (3.5 - 5.0) / (177.0f64 / 24.0).sqrt();
        assert!((p(&[1.0, 0.0, -2.0, 2.0, -3.0]).unwrap() - normal::two_sided_p(z)).abs() < 1e-15);
        assert_eq!(p(&[0.0, 0.0]), None);
    }
}
