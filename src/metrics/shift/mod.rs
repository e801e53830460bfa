//! How one column differs between development (train) and deployment: everything that is needed
//! of a pair of columns is found in one pass and kept as a [`Comparison`].

mod cloud;
pub(super) mod compare;
mod kernel;
mod kolmogorov;
pub(super) mod mmd;
mod p_values;

use super::Undefined;
use super::floor::GRID;
use super::sample::Feature;
use super::statistics::ranked::Ranked;

/// Two columns, compared.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// Rows with a value: development, deployment. Neither is 0.
    pub n: u64,
    pub m: u64,
    /// Rows in each bin: development, deployment. Deciles of development, or the union of categories.
    pub bins: Vec<(u64, u64)>,
    /// What exists for numbers only.
    pub numeric: Option<Numeric>,
    /// The category of each bin; empty for numbers.
    pub categories: Vec<String>,
    /// Categories of deployment that development lacks, and their rows.
    pub unseen: Vec<(String, u64)>,
    /// How far figures may be off where development is a profile.
    pub slack: Slack,
}

/// How far figures of two columns may be off, because one of them is known in cells alone or was rounded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slack {
    pub ks: f64,
    pub wasserstein: f64,
    /// Rows of deployment that may be of a category that development has and its profile does not tell.
    pub unseen: u64,
    /// Of the total variation of categories.
    pub total_variation: f64,
    /// Why the bins are not known.
    pub bins: Option<Undefined>,
}

/// What two numeric columns have besides bins.
#[derive(Clone, Debug)]
pub(crate) struct Numeric {
    /// max |F - G|.
    pub ks: f64,
    /// Integral of |F - G|, in the unit of the column.
    pub wasserstein: f64,
    /// Mean and variance (divided by n) of each.
    pub train: (f64, f64),
    pub deploy: (f64, f64),
    /// Widths between [`GRID`] quantiles of both columns together.
    pub steps: Vec<f64>,
}

impl Comparison {
    /// Returns the comparison, or none where a column has no value or the two are of two kinds.
    pub fn new(train: &Feature, deploy: &Feature) -> Option<Self> {
        match (train, deploy) {
            (Feature::Numeric(train), Feature::Numeric(deploy)) => {
                let train = train.ranked();
                Self::of_numbers(&train, train.mean_and_variance(), &deploy.ranked())
            }
            (Feature::Categorical(train), Feature::Categorical(deploy)) => {
                Self::of_categories(&train.counts, &deploy.counts)
            }
            _ => None,
        }
    }

    /// Compares two columns; `moments` are mean and variance of development.
    pub fn of_numbers(train: &Ranked<'_>, moments: (f64, f64), deploy: &Ranked<'_>) -> Option<Self> {
        let (n, m) = (train.rows(), deploy.rows());
        if n == 0 || m == 0 {
            return None;
        }
        let edges = train.equal_mass_edges(10);
        let bins = train.between(&edges).into_iter().zip(deploy.between(&edges)).collect();
        let merged = Merged::new(train, deploy);
        Some(Self {
            n,
            m,
            bins,
            numeric: Some(Numeric {
                ks: merged.ks,
                wasserstein: merged.wasserstein,
                train: moments,
                deploy: deploy.mean_and_variance(),
                steps: merged.steps,
            }),
            categories: Vec::new(),
            unseen: Vec::new(),
            slack: Slack {
                ks: most_apart(train, deploy).map_or(0.0, |most| (most - merged.ks).max(0.0)),
                ..Slack::default()
            },
        })
    }

    /// Compares the counts of two columns, each sorted by name.
    pub fn of_categories(train: &[(String, u64)], deploy: &[(String, u64)]) -> Option<Self> {
        let total = |counts: &[(String, u64)]| counts.iter().map(|(_, n)| n).sum::<u64>();
        let (n, m) = (total(train), total(deploy));
        if n == 0 || m == 0 {
            return None;
        }
        let mut names: Vec<&str> = train.iter().chain(deploy).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let rows = |counts: &[(String, u64)], name: &str| {
            let place = counts.binary_search_by(|(other, _)| other.as_str().cmp(name)).ok();
            place.and_then(|place| counts.get(place)).map_or(0, |(_, n)| *n)
        };
        let bins = names.iter().map(|name| (rows(train, name), rows(deploy, name))).collect();
        let unseen = deploy.iter().filter(|(name, _)| rows(train, name) == 0).cloned().collect();
        let categories = names.into_iter().map(str::to_owned).collect();
        Some(Self { n, m, bins, numeric: None, categories, unseen, slack: Slack::default() })
    }

    /// Returns shares of each bin with 0.5 added to every count.
    fn smoothed(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let half = 0.5 * self.bins.len() as f64;
        let (n, m) = (self.n as f64 + half, self.m as f64 + half);
        self.bins.iter().map(move |(a, b)| ((*a as f64 + 0.5) / n, (*b as f64 + 0.5) / m))
    }

    fn raw(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.bins.iter().map(|(a, b)| (*a as f64 / self.n as f64, *b as f64 / self.m as f64))
    }

    /// Returns the share of each bin in both columns together.
    pub fn pooled(&self) -> Vec<f64> {
        self.bins.iter().map(|(a, b)| (a + b) as f64 / (self.n + self.m) as f64).collect()
    }

    /// Returns the shares of each bin: with 0.5 added to every count, or as they are.
    fn shares(&self, smoothing: Smoothing) -> Vec<(f64, f64)> {
        match smoothing {
            Smoothing::Half => self.smoothed().collect(),
            Smoothing::None => self.raw().collect(),
        }
    }

    /// Returns KL(train ‖ deploy) in nats.
    ///
    /// # Errors
    /// Without smoothing it is infinite where deployment lacks what development has; says what that is.
    pub fn kl_train_deploy(&self, smoothing: Smoothing) -> Result<f64, Undefined> {
        divergence(self.shares(smoothing)).map_err(|bin| self.infinite(bin, "deployment", "development"))
    }

    /// Returns KL(deploy ‖ train) in nats.
    ///
    /// # Errors
    /// As [`Self::kl_train_deploy`], the other way round.
    pub fn kl_deploy_train(&self, smoothing: Smoothing) -> Result<f64, Undefined> {
        let turned = self.shares(smoothing).into_iter().map(|(p, q)| (q, p));
        divergence(turned).map_err(|bin| self.infinite(bin, "development", "deployment"))
    }

    /// Returns the population stability index, which is the sum of both divergences.
    ///
    /// # Errors
    /// Those of the two divergences.
    pub fn psi(&self, smoothing: Smoothing) -> Result<f64, Undefined> {
        Ok(self.kl_train_deploy(smoothing)? + self.kl_deploy_train(smoothing)?)
    }

    fn infinite(&self, bin: usize, lacks: &str, has: &str) -> Undefined {
        let what = match self.categories.get(bin) {
            Some(name) => format!("category `{name}`"),
            None => format!("bin {} of {}", bin + 1, self.bins.len()),
        };
        Undefined::new(format!("it is infinite, because {what} of {has} never occurs in {lacks}"))
    }

    /// Returns the Jensen-Shannon divergence, base 2, in 0..=1. Its root is a distance.
    pub fn js_divergence(&self) -> f64 {
        let part = |p: f64, m: f64| if p > 0.0 { p * (p / m).log2() } else { 0.0 };
        let sum: f64 = self
            .raw()
            .map(|(p, q)| {
                let m = (p + q) / 2.0;
                part(p, m) + part(q, m)
            })
            .sum();
        (sum / 2.0).clamp(0.0, 1.0)
    }

    /// Returns half the sum of the differences of shares.
    pub fn total_variation(&self) -> f64 {
        self.raw().map(|(p, q)| (p - q).abs()).sum::<f64>() / 2.0
    }

    /// Returns the largest difference of shares.
    pub fn largest_difference(&self) -> f64 {
        self.raw().map(|(p, q)| (p - q).abs()).fold(0.0, f64::max)
    }
}

/// What is added to the count of each bin, so that an empty one does not decide everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Smoothing {
    /// 0.5.
    Half,
    /// Nothing.
    None,
}

/// Returns the sum of p ln(p / q), or the first place where only q is 0.
fn divergence(shares: impl IntoIterator<Item = (f64, f64)>) -> Result<f64, usize> {
    let mut sum = 0.0;
    for (bin, (p, q)) in shares.into_iter().enumerate() {
        match (p > 0.0, q > 0.0) {
            (false, _) => {}
            (true, true) => sum += p * (p / q).ln(),
            (true, false) => return Err(bin),
        }
    }
    // Rounding may leave a little less than 0 where the shares are equal.
    Ok(sum.max(0.0))
}

/// Returns how far two distribution functions may be apart at the most where different values were put together: all
/// rows of one column may have been below those of the other with the same value.
fn most_apart(train: &Ranked<'_>, deploy: &Ranked<'_>) -> Option<f64> {
    let (n, m) = (train.rows() as f64, deploy.rows() as f64);
    let of = |value: &f64| {
        let within =
            |column: &Ranked<'_>, rows: f64| (column.below(*value) as f64 / rows, column.up_to(*value) as f64 / rows);
        let ((a, b), (c, d)) = (within(train, n), within(deploy, m));
        (b - c).max(d - a)
    };
    let values = || train.values().iter().chain(deploy.values());
    (train.is_rounded() || deploy.is_rounded()).then(|| values().map(of).fold(0.0, f64::max))
}

/// What one walk through two sorted columns finds.
struct Merged {
    ks: f64,
    wasserstein: f64,
    steps: Vec<f64>,
}

impl Merged {
    fn new(train: &Ranked<'_>, deploy: &Ranked<'_>) -> Self {
        if train.is_by_row() && deploy.is_by_row() {
            Self::walk(train, deploy, |_| 1, |_| 1)
        } else {
            Self::walk(train, deploy, |entry| train.times(entry), |entry| deploy.times(entry))
        }
    }

    /// `of_train` and `of_deploy` tell how many rows an entry is.
    fn walk(
        train: &Ranked<'_>,
        deploy: &Ranked<'_>,
        of_train: impl Fn(usize) -> u64,
        of_deploy: impl Fn(usize) -> u64,
    ) -> Self {
        let (n, m) = (train.rows(), deploy.rows());
        let total = n + m;
        // Entries and rows that were taken of each.
        let (mut at, mut to) = (0usize, 0usize);
        let (mut i, mut j) = (0u64, 0u64);
        let (mut widest, mut area) = (0u64, 0.0);
        let mut previous = f64::NEG_INFINITY;
        let mut grid: Vec<f64> = Vec::with_capacity(GRID + 1);
        let mut next_point = 0;
        // One value a turn and no branch on the data: which column is next cannot be predicted.
        for turn in 0..train.values().len() + deploy.values().len() {
            let a = train.values().get(at).copied().unwrap_or(f64::INFINITY);
            let b = deploy.values().get(to).copied().unwrap_or(f64::INFINITY);
            let from_train = a <= b;
            let value = if from_train { a } else { b };
            // Whole numbers: |i/n - j/m| = |i m - j n| / (n m). Both are below 2^32, so it fits.
            let apart = (i * m).abs_diff(j * n);
            // Values that are equal lie at one point: only what is apart before the next one counts.
            widest = widest.max(if value > previous { apart } else { 0 });
            area += if turn > 0 { apart as f64 * (value - previous) } else { 0.0 };
            previous = value;
            i += if from_train { of_train(at) } else { 0 };
            j += if from_train { 0 } else { of_deploy(to) };
            at += usize::from(from_train);
            to += usize::from(!from_train);
            while i + j >= next_point && grid.len() <= GRID {
                grid.push(value);
                next_point = (grid.len() as u64 * total).div_ceil(GRID as u64);
            }
        }
        let all = n as f64 * m as f64;
        let steps = grid.iter().zip(grid.iter().skip(1)).map(|(low, high)| high - low).collect();
        Self { ks: widest as f64 / all, wasserstein: area / all, steps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(train: &[f64], deploy: &[f64]) -> Comparison {
        let (train, deploy) = (Ranked::new(train, &[]), Ranked::new(deploy, &[]));
        Comparison::of_numbers(&train, train.mean_and_variance(), &deploy).unwrap()
    }

    #[test]
    fn distances_by_hand() {
        // F rises at 1, 2, 3, 4; G at 3, 4, 5, 6: W1 is 2, the widest step 1/2.
        let found = numbers(&[1.0, 2.0, 3.0, 4.0], &[3.0, 4.0, 5.0, 6.0]).numeric.unwrap();
        assert!((found.wasserstein - 2.0).abs() < 1e-15);
        assert!((found.ks - 0.5).abs() < 1e-15);
    }

    #[test]
    fn categories_are_united() {
        let counts = |list: &[(&str, u64)]| list.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>();
        let found = Comparison::of_categories(&counts(&[("x", 5), ("y", 5)]), &counts(&[("x", 5), ("z", 5)])).unwrap();
        assert_eq!(found.bins, [(5, 5), (5, 0), (0, 5)]);
        assert_eq!(found.unseen, counts(&[("z", 5)]));
        assert!((found.js_divergence() - 0.5).abs() < 1e-15);
        assert!((found.total_variation() - 0.5).abs() < 1e-15);
        assert!((found.largest_difference() - 0.5).abs() < 1e-15);
        let reason = |found: Result<f64, Undefined>| found.unwrap_err().reason;
        let raw = Smoothing::None;
        assert_eq!(
            reason(found.kl_train_deploy(raw)),
            "it is infinite, because category `y` of development never occurs in deployment"
        );
        assert_eq!(
            reason(found.kl_deploy_train(raw)),
            "it is infinite, because category `z` of deployment never occurs in development"
        );
        assert!(found.psi(Smoothing::Half).unwrap() > 0.0 && found.psi(raw).is_err());
    }
}
