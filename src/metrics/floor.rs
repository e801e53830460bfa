//! Noise floors: what a metric shows when nothing is wrong, at this number of rows.
//!
//! Closed forms where they are known; otherwise a seeded simulation whose cost depends on the
//! number of bins, groups or grid points and not on the number of rows.

use super::rows::calibration::Bin;
use super::statistics::draws::Draws;
use super::{Floor, Options, Undefined};
use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF};
use statrs::function::gamma::ln_gamma;

/// Points of the grid on which two samples of one distribution are compared.
pub(super) const GRID: usize = 256;

/// Returns mean and 95th percentile of `values`.
pub(super) fn of_draws(mut values: Vec<f64>, method: &'static str) -> Option<Floor> {
    let n = values.len();
    values.sort_unstable_by(f64::total_cmp);
    let p95 = *values.get((n * 95).div_ceil(100).checked_sub(1)?)?;
    Some(Floor { mean: values.iter().sum::<f64>() / n as f64, p95, method })
}

/// Returns `1/n + 1/m`, the variance of a difference of two means of variance 1.
pub(super) fn per_row(n: u64, m: u64) -> f64 {
    1.0 / n as f64 + 1.0 / m as f64
}

/// How a divergence over bins follows from chi-square: `factor` times it, or the root of that.
#[derive(Clone, Copy, Debug)]
pub(super) enum Divergence {
    Psi,
    Kl,
    Js,
    JsRoot,
}

/// Returns the floor of a divergence over `bins` bins that hold rows.
///
/// # Source
/// PSI ≈ (1/n + 1/m) chi²(B - 1) (Yurdakul, Naranjo 2020); KL is half and the Jensen-Shannon
/// divergence an eighth of it to second order; the latter in bits, then its root.
pub(super) fn chi_square(kind: Divergence, bins: usize, n: u64, m: u64) -> Option<Floor> {
    let method = "chi-square";
    let freedom = bins.checked_sub(1)? as f64;
    if freedom < 1.0 {
        return Some(Floor { mean: 0.0, p95: 0.0, method });
    }
    let q95 = ChiSquared::new(freedom).ok()?.inverse_cdf(0.95);
    let unit = per_row(n, m);
    Some(match kind {
        Divergence::Psi => Floor { mean: unit * freedom, p95: unit * q95, method },
        Divergence::Kl => Floor { mean: unit * freedom / 2.0, p95: unit * q95 / 2.0, method },
        Divergence::Js => {
            let unit = unit / (8.0 * std::f64::consts::LN_2);
            Floor { mean: (unit * freedom).min(1.0), p95: (unit * q95).min(1.0), method }
        }
        Divergence::JsRoot => {
            let unit = (unit / (8.0 * std::f64::consts::LN_2)).sqrt();
            let root = (0.5 * 2f64.ln() + ln_gamma((freedom + 1.0) / 2.0) - ln_gamma(freedom / 2.0)).exp();
            Floor { mean: (unit * root).min(1.0), p95: (unit * q95.sqrt()).min(1.0), method }
        }
    })
}

/// Returns the floor of the Kolmogorov-Smirnov distance.
///
/// # Source
/// Kolmogorov's limit: mean sqrt(pi/2) ln 2, 95th percentile 1.3581, over sqrt(n m / (n + m)).
pub(super) fn kolmogorov(n: u64, m: u64) -> Option<Floor> {
    let unit = per_row(n, m).sqrt();
    let mean = (std::f64::consts::PI / 2.0).sqrt() * std::f64::consts::LN_2;
    Some(Floor { mean: (mean * unit).min(1.0), p95: (1.358_099 * unit).min(1.0), method: "Kolmogorov limit" })
}

/// Paths of a Brownian bridge at the middles of [`GRID`] steps: the difference of two empirical
/// distribution functions, times the root of n m / (n + m), when both are of one distribution.
#[derive(Debug)]
pub(super) struct Bridge {
    paths: Vec<Vec<f64>>,
}

impl Bridge {
    pub fn new(options: &Options) -> Self {
        let mut draws = Draws::new(options.seed, "brownian bridge");
        let step = (1.0 / GRID as f64).sqrt();
        let half = step / std::f64::consts::SQRT_2;
        let path = |_| {
            // Half a step, whole steps, half a step: the walk at each middle, and at the end.
            let mut at = half * draws.normal();
            let mut walk = vec![at];
            for _ in 1..GRID {
                at += step * draws.normal();
                walk.push(at);
            }
            let end = at + half * draws.normal();
            for (place, value) in walk.iter_mut().enumerate() {
                *value = (*value - (place as f64 + 0.5) / GRID as f64 * end).abs();
            }
            walk
        };
        Self { paths: (0..options.draws).map(path).collect() }
    }

    /// Returns draws of W1 between two samples of the distribution whose quantiles rise by `steps`.
    pub fn wasserstein(&self, steps: &[f64], n: u64, m: u64) -> Vec<f64> {
        let unit = per_row(n, m).sqrt();
        let length = |path: &Vec<f64>| unit * path.iter().zip(steps).map(|(height, width)| height * width).sum::<f64>();
        self.paths.iter().map(length).collect()
    }
}

/// Returns draws of the total variation distance of two samples with pooled shares `shares`.
pub(super) fn total_variation(shares: &[f64], n: u64, m: u64, options: &Options, name: &str) -> Vec<f64> {
    multinomial(shares, n, m, options, name, |differences| differences.sum::<f64>() / 2.0)
}

/// Returns draws of the largest difference of a share between two samples with pooled shares `shares`.
pub(super) fn largest_difference(shares: &[f64], n: u64, m: u64, options: &Options, name: &str) -> Vec<f64> {
    multinomial(shares, n, m, options, name, |differences| differences.fold(0.0, f64::max))
}

/// Returns draws of what `distance` makes of the differences of shares between two samples.
fn multinomial(
    shares: &[f64],
    n: u64,
    m: u64,
    options: &Options,
    name: &str,
    distance: impl Fn(&mut dyn Iterator<Item = f64>) -> f64,
) -> Vec<f64> {
    let mut draws = Draws::new(options.seed, name);
    let unit = per_row(n, m).sqrt();
    let roots: Vec<f64> = shares.iter().map(|share| share.sqrt()).collect();
    let draw = |_| {
        // A multinomial's deviations: independent normals made to sum to 0.
        let normals: Vec<f64> = roots.iter().map(|root| root * draws.normal()).collect();
        let total: f64 = normals.iter().sum();
        let mut differences = normals.iter().zip(shares).map(|(normal, share)| (normal - share * total).abs());
        (unit * distance(&mut differences)).min(1.0)
    };
    (0..options.draws).map(draw).collect()
}

/// Returns the floor of the share of `features` that are above their own 95th percentile.
pub(super) fn one_in_twenty(features: u64) -> Option<Floor> {
    let hits = Binomial::new(0.05, features).ok()?.inverse_cdf(0.95);
    Some(Floor { mean: 0.05, p95: hits as f64 / features as f64, method: "binomial, features independent" })
}

/// Returns the floor of a measure of calibration over `bins`: each bin's events are drawn from its own
/// scores, and `value` is found of the bins so drawn. A mean below 0, which a debiased measure may
/// have, counts as 0.
pub(super) fn of_calibrated(
    bins: &[Bin],
    options: &Options,
    name: &str,
    value: impl Fn(&[Bin]) -> Result<f64, Undefined>,
) -> Option<Floor> {
    let mut draws = Draws::new(options.seed, name);
    let mut drawn = bins.to_vec();
    let mut values = Vec::new();
    for _ in 0..options.draws {
        for (bin, drawn) in bins.iter().zip(&mut drawn) {
            // Weighted rows scatter as the fewer rows of equal weight that would tell as much.
            let (rows, unit) = (bin.effective, bin.weight / bin.effective);
            let (expected, variance) = (bin.expected / unit, bin.variance / unit);
            // Scores within a bin differ little, so few events are drawn as if they were equal.
            let events = if variance >= 25.0 {
                (expected + variance.sqrt() * draws.normal()).round().clamp(0.0, rows)
            } else {
                draws.binomial(rows.round() as u64, expected / rows)
            };
            drawn.events = (unit * events).min(bin.weight);
        }
        values.push(value(&drawn).ok()?);
    }
    let floor = of_draws(values, "seeded simulation of a calibrated model")?;
    Some(Floor { mean: floor.mean.max(0.0), p95: floor.p95.max(0.0), ..floor })
}

/// What varies between groups when nothing is wrong.
#[derive(Clone, Debug)]
pub(super) enum Spread {
    /// Shares with one true rate: the rate, and each group's rows.
    Share(f64, Vec<u64>),
    /// Means with one true value: each group's standard error.
    Mean(Vec<f64>),
}

impl Spread {
    fn draw_range(&self, draws: &mut Draws) -> f64 {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut see = |value: f64| {
            low = low.min(value);
            high = high.max(value);
        };
        match self {
            Spread::Share(rate, rows) => rows.iter().for_each(|n| see(draws.binomial(*n, *rate) / *n as f64)),
            Spread::Mean(errors) => errors.iter().for_each(|se| see(se * draws.normal())),
        }
        (high - low).max(0.0)
    }
}

/// Returns the floor of a gap between groups, or of the sum or the larger of several.
pub(super) fn gap(spreads: &[Spread], larger: bool, options: &Options, name: &str) -> Option<Floor> {
    let mut draws = Draws::new(options.seed, name);
    let draw = |_| {
        let ranges = spreads.iter().map(|spread| spread.draw_range(&mut draws));
        if larger { ranges.fold(0.0, f64::max) } else { ranges.sum() }
    };
    of_draws((0..options.draws).map(draw).collect(), "seeded simulation of equal groups")
}
