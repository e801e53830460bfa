//! Exact tests of counts.

use super::sums;
use statrs::function::factorial::ln_factorial;

/// Returns the two-sided p of McNemar's exact test: that of `b` against `c` under even chances.
///
/// Both 0 is no evidence, and 1.
///
/// # Source
/// McNemar (1947), exact binomial; as `mcnemar(exact=True)` of statsmodels.
pub(crate) fn mcnemar(b: u64, c: u64) -> f64 {
    let (n, least) = (b + c, b.min(c));
    if b == c {
        return 1.0;
    }
    // Down from the observed count each term is a fraction of the one before.
    let (mut term, mut sum) = (1.0, 1.0);
    for k in (1..=least).rev() {
        term *= k as f64 / (n - k + 1) as f64;
        sum += term;
        if term < f64::EPSILON * sum / 8.0 {
            break;
        }
    }
    let first = ln_choose(n, least) - n as f64 * std::f64::consts::LN_2;
    (2.0 * first.exp() * sum).min(1.0)
}

/// Returns the two-sided p of Fisher's exact test of two shares, each as hits and rows.
///
/// # Source
/// Fisher (1934); all tables at most as probable as the observed one, as `fisher_exact` of scipy.
pub(crate) fn fisher(a: (u64, u64), b: (u64, u64)) -> f64 {
    let (rows, hits) = (a.1 + b.1, a.0 + b.0);
    let least = hits.saturating_sub(b.1);
    let most = hits.min(a.1);
    let whole = ln_choose(rows, hits);
    let log = |k: u64| ln_choose(a.1, k) + ln_choose(b.1, hits - k) - whole;
    let limit = log(a.0) + 1e-7;
    let [sum] = sums::sum_by_piece((most - least + 1) as usize, |places| {
        [places.map(|place| log(least + place as u64)).filter(|log| *log <= limit).map(f64::exp).sum()]
    });
    sum.min(1.0)
}

fn ln_choose(n: u64, k: u64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree_with_scipy_and_statsmodels() {
        assert!((mcnemar(0, 2) - 0.5).abs() < 1e-12);
        assert!((mcnemar(416, 230) / 2.318_072_239_956_245_3e-13 - 1.0).abs() < 1e-9);
        assert!((mcnemar(3, 3) - 1.0).abs() < 1e-15 && (mcnemar(0, 0) - 1.0).abs() < 1e-15);
        // fisher_exact([[8, 2], [1, 5]]) of scipy 1.14.1.
        assert!((fisher((8, 10), (1, 6)) - 0.034_965_034_965_034_95).abs() < 1e-12);
        assert!((fisher((1, 6), (8, 10)) - 0.034_965_034_965_034_95).abs() < 1e-12);
        assert!((fisher((0, 5), (0, 7)) - 1.0).abs() < 1e-12);
    }
}
