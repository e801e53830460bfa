//! Confidence intervals in closed form, all at 95 %.

use crate::metrics::Interval;
use statrs::distribution::{Beta, ContinuousCDF, StudentsT};

/// The 97.5th percentile of the normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;
const LEVEL: f64 = 0.95;

/// Returns the interval with these ends, unless one is not finite.
pub(crate) fn between(low: f64, high: f64, method: &'static str) -> Option<Interval> {
    (low.is_finite() && high.is_finite()).then_some(Interval { low, high, level: LEVEL, method })
}

/// Returns the ends of Wilson's interval for a share of `n_rows`.
fn wilson_ends(share: f64, n_rows: f64) -> (f64, f64) {
    let z2 = Z * Z;
    let centre = (share + z2 / (2.0 * n_rows)) / (1.0 + z2 / n_rows);
    let half = wilson_width(share, n_rows) / 2.0;
    // The ends are exact where no row or every row is a hit; rounding would leave 1e-17 there.
    (
        if share <= 0.0 { 0.0 } else { (centre - half).max(0.0) },
        if share >= 1.0 { 1.0 } else { (centre + half).min(1.0) },
    )
}

/// Returns the width of Wilson's interval for a share of `n` rows.
pub(crate) fn wilson_width(share: f64, n: f64) -> f64 {
    let z2 = Z * Z;
    2.0 * Z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n)
}

/// Returns Wilson's interval for a share.
///
/// # Source
/// Wilson (1927); recommended by Brown, Cai, DasGupta (2001).
pub(crate) fn wilson(hits: u64, n: u64) -> Option<Interval> {
    wilson_of(hits as f64 / n as f64, n as f64)
}

/// Returns Wilson's interval for a share of so many effective rows.
pub(crate) fn wilson_of(share: f64, rows: f64) -> Option<Interval> {
    let (low, high) = wilson_ends(share, rows);
    between(low, high, "Wilson")
}

/// Returns Newcombe's interval for the share of `a` minus the share of `b`, each as hits and rows.
pub(crate) fn newcombe(a: (u64, u64), b: (u64, u64)) -> Option<Interval> {
    let of = |(hits, rows): (u64, u64)| (hits as f64 / rows as f64, rows as f64);
    newcombe_of(of(a), of(b))
}

/// Returns Newcombe's interval for the share of `a` minus the share of `b`, each with its effective rows.
///
/// # Source
/// Newcombe (1998), method 10: Wilson's intervals combined.
pub(crate) fn newcombe_of(a: (f64, f64), b: (f64, f64)) -> Option<Interval> {
    let (pa, pb) = (a.0, b.0);
    let ((low_a, high_a), (low_b, high_b)) = (wilson_ends(a.0, a.1), wilson_ends(b.0, b.1));
    let difference = pa - pb;
    let low = difference - ((pa - low_a).powi(2) + (high_b - pb).powi(2)).sqrt();
    let high = difference + ((high_a - pa).powi(2) + (pb - low_b).powi(2)).sqrt();
    between(low, high, "Newcombe")
}

/// Returns Newcombe's interval for the distance of two shares, that is without the sign.
pub(crate) fn newcombe_distance(a: (f64, f64), b: (f64, f64)) -> Option<Interval> {
    let signed = newcombe_of(a, b)?;
    let (low, high) = if signed.low > 0.0 {
        (signed.low, signed.high)
    } else if signed.high < 0.0 {
        (-signed.high, -signed.low)
    } else {
        (0.0, signed.high.max(-signed.low))
    };
    between(low, high, "Newcombe")
}

/// Returns the middle 95 % of a beta distribution; none unless both shapes are above 0.
pub(crate) fn beta(a: f64, b: f64, method: &'static str) -> Option<Interval> {
    let of = Beta::new(a, b).ok()?;
    between(of.inverse_cdf(0.025), of.inverse_cdf(0.975), method)
}

/// Returns the interval of the ratio of two figures, `a` over `b`, from the interval of each: figure, low and high end,
/// all above 0.
///
/// # Source
/// Donner and Zou (2012), the method of variance estimates recovery (MOVER) for ratios. The lower end is written so
/// that it holds too where the upper end of `b` is more than twice `b`.
pub(crate) fn mover_ratio(a: (f64, f64, f64), b: (f64, f64, f64), method: &'static str) -> Option<Interval> {
    let product = a.0 * b.0;
    // A square less that of the distance to an end: `end · (2 · figure − end)`.
    let reach = |figure: f64, end: f64| end * (2.0 * figure - end);
    let root = |a_end: f64, b_end: f64| (product * product - reach(a.0, a_end) * reach(b.0, b_end)).max(0.0).sqrt();
    let low = reach(a.0, a.1) / (product + root(a.1, b.2));
    let high = (product + root(a.2, b.1)) / reach(b.0, b.1);
    between(low, high, method)
}

/// Returns `value` plus and minus z standard errors, held inside `low..=high`.
pub(crate) fn normal(value: f64, se: f64, low: f64, high: f64, method: &'static str) -> Option<Interval> {
    between((value - Z * se).max(low), (value + Z * se).min(high), method)
}

/// Returns the interval of a mean by Student's t, held inside `low..=high`; none for one value.
///
/// `variance` is that of the values, divided by n - 1.
pub(crate) fn student(mean: f64, variance: f64, n: u64, low: f64, high: f64) -> Option<Interval> {
    let freedom = n.checked_sub(1).filter(|freedom| *freedom > 0)? as f64;
    let t = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(0.975);
    let half = t * (variance / n as f64).sqrt();
    between((mean - half).max(low), (mean + half).min(high), "Student's t")
}

/// Returns the interval of the `q` quantile of sorted `values`, whatever their distribution; none where it would
/// need values beyond the ends.
///
/// # Source
/// Hahn and Meeker (1991), §5.2: ranks n q ∓ z √(n q (1 − q)), rounded outwards.
pub(crate) fn order_statistics(values: &[f64], q: f64) -> Option<Interval> {
    let n = values.len() as f64;
    let half = Z * (n * q * (1.0 - q)).sqrt();
    let (low, high) = ((n * q - half).floor(), (n * q + half).ceil() + 1.0);
    // Ranks count from 1; negative ones saturate at 0, which has no value before it.
    let at = |rank: f64| values.get((rank as usize).checked_sub(1)?).copied();
    between(at(low)?, at(high)?, "order statistics")
}

/// Returns the interval of a share on the logit scale, given the standard error there.
pub(crate) fn logit(value: f64, se: f64, method: &'static str) -> Option<Interval> {
    let centre = (value / (1.0 - value)).ln();
    let back = |x: f64| 1.0 / (1.0 + (-x).exp());
    between(back(centre - Z * se), back(centre + Z * se), method)
}

/// Returns the interval of a ratio on the log scale, given the standard error there.
pub(crate) fn log(value: f64, se: f64, method: &'static str) -> Option<Interval> {
    between(value * (-Z * se).exp(), value * (Z * se).exp(), method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_and_newcombe_agree_with_statsmodels() {
        let wilson = wilson(5, 8).unwrap();
        assert!((wilson.low - 0.305_742_394_602_627_3).abs() < 1e-12);
        assert!((wilson.high - 0.863_155_714_176_402_7).abs() < 1e-12);
        let newcombe = newcombe((400, 648), (378, 672)).unwrap();
        assert!((newcombe.low - 0.001_706_117_222_210_694_3).abs() < 1e-12);
        assert!((newcombe.high - 0.107_388_388_140_845_04).abs() < 1e-12);
    }
    #[test]
    fn the_middle_of_a_beta_distribution_is_what_its_distribution_function_says() {
        let of = Beta::new(0.5, 150.5).unwrap();
        let ends = beta(0.5, 150.5, "Jeffreys").unwrap();
        assert!((of.cdf(ends.low) - 0.025).abs() < 1e-9 && (of.cdf(ends.high) - 0.975).abs() < 1e-9);
        // Of an even distribution it is 0.025 to 0.975.
        let even = beta(1.0, 1.0, "beta").unwrap();
        assert!((even.low - 0.025).abs() < 1e-9 && (even.high - 0.975).abs() < 1e-9);
        assert_eq!(beta(0.0, 3.0, "beta"), None);
    }

    #[test]
    fn the_interval_of_a_ratio_solves_its_equation() {
        // (a − low_a)² + R² (high_b − b)² = (a − R b)² at the lower end R, and with the other ends at the upper one.
        for (a, b) in [((0.8, 0.7, 0.88), (0.9, 0.85, 0.94)), ((0.5, 0.2, 0.8), (0.03, 0.01, 0.09))] {
            let ends = mover_ratio(a, b, "MOVER").unwrap();
            let gap = |ratio: f64, a_end: f64, b_end: f64| {
                (a.0 - a_end).powi(2) + (ratio * (b_end - b.0)).powi(2) - (a.0 - ratio * b.0).powi(2)
            };
            assert!(gap(ends.low, a.1, b.2).abs() < 1e-9 && gap(ends.high, a.2, b.1).abs() < 1e-9);
            assert!(ends.low < a.0 / b.0 && a.0 / b.0 < ends.high);
        }
    }
}
