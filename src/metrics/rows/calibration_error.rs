//! Measures of calibration over bins, beside the expected error: the largest error, and the expected
//! error less what chance adds to it.

use super::calibration::{Bin, expected_calibration_error};
use crate::metrics::Undefined;
use crate::metrics::statistics::normal::erf;

/// How the expected error is freed of what chance adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Debiased {
    /// Of distances: twice the plain error less what it would be if the bins' rates were true.
    L1,
    /// Of squared distances: each less the variance of the bin's rate.
    L2Squared,
}

/// Returns observed rate less mean score of a bin that holds rows.
pub(crate) fn distance(bin: &Bin) -> f64 {
    (bin.events - bin.expected) / bin.weight
}

/// Returns the share of events of a bin that holds rows.
pub(crate) fn rate(bin: &Bin) -> f64 {
    bin.events / bin.weight
}

/// Returns what the rows of `bins` weigh.
///
/// # Errors
/// Undefined where there are none.
pub(crate) fn rows(bins: &[Bin]) -> Result<f64, Undefined> {
    let n: f64 = bins.iter().map(|bin| bin.weight).sum();
    if n <= 0.0 { Err(Undefined::new("there are no rows")) } else { Ok(n) }
}

/// Returns the largest distance between rate and mean score of a bin.
///
/// # Source
/// Guo, Pleiss, Sun, Weinberger (2017), section 2.
pub(crate) fn maximum_calibration_error(bins: &[Bin]) -> Result<f64, Undefined> {
    rows(bins)?;
    Ok(bins.iter().map(|bin| distance(bin).abs()).fold(0.0, f64::max))
}

/// Returns the expected calibration error less what chance adds; it may be negative.
///
/// # Shapes and units
/// Result in -1..=1, no unit. A bin of one row counts as 0 in the squared form.
///
/// # Errors
/// Undefined in the form of distances where a bin has one row, since one row shows no spread.
///
/// # Source
/// Kumar, Liang, Ma (2019): their squared estimator, and the estimator of their library for distances.
/// Their expectation by random draws is that of a folded normal, which is used here.
pub(crate) fn debiased(bins: &[Bin], form: Debiased) -> Result<f64, Undefined> {
    let n = rows(bins)?;
    let weight = |bin: &Bin| bin.weight / n;
    match form {
        Debiased::L1 => {
            if bins.iter().any(|bin| bin.effective <= 1.0) {
                return Err(Undefined::new("a bin has one row, which shows no spread; ask for fewer bins"));
            }
            let by_chance = |bin: &Bin| {
                let variance = rate(bin) * (1.0 - rate(bin)) / bin.effective;
                weight(bin) * folded_mean(distance(bin), variance.sqrt())
            };
            Ok(2.0 * expected_calibration_error(bins)? - bins.iter().map(by_chance).sum::<f64>())
        }
        Debiased::L2Squared => {
            let square = |bin: &Bin| {
                let variance = rate(bin) * (1.0 - rate(bin)) / (bin.effective - 1.0);
                weight(bin) * (distance(bin).powi(2) - variance)
            };
            Ok(bins.iter().filter(|bin| bin.effective > 1.0).map(square).sum())
        }
    }
}

/// Returns the mean of |x| for a normal x.
fn folded_mean(mean: f64, sd: f64) -> f64 {
    if sd <= 0.0 {
        return mean.abs();
    }
    let ratio = mean / sd;
    sd * (2.0 / std::f64::consts::PI).sqrt() * (-ratio * ratio / 2.0).exp()
        + mean * erf(ratio / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(n: u64, events: f64, expected: f64) -> Bin {
        Bin { n, weight: n as f64, effective: n as f64, events, expected, ..Bin::default() }
    }

    #[test]
    fn errors_by_hand() {
        let bins = [bin(10, 3.0, 1.0), bin(30, 12.0, 15.0)];
        assert!((maximum_calibration_error(&bins).unwrap() - 0.2).abs() < 1e-15);
        // 0.25 (0.04 - 0.21 / 9) + 0.75 (0.01 - 0.24 / 29).
        let found = debiased(&bins, Debiased::L2Squared).unwrap();
        assert!((found - (0.25 * (0.04 - 0.21 / 9.0) + 0.75 * (0.01 - 0.24 / 29.0))).abs() < 1e-15);
        assert!(debiased(&bins, Debiased::L1).unwrap() < expected_calibration_error(&bins).unwrap());
        assert!(debiased(&[bin(1, 1.0, 0.5)], Debiased::L1).is_err());
        assert_eq!(debiased(&[bin(1, 1.0, 0.5)], Debiased::L2Squared), Ok(0.0));
    }

    #[test]
    fn the_mean_of_a_folded_normal() {
        assert!((folded_mean(0.0, 1.0) - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-15);
        assert!((folded_mean(-40.0, 1.0) - 40.0).abs() < 1e-12);
        assert!((folded_mean(-0.3, 0.0) - 0.3).abs() < 1e-15);
    }
}
