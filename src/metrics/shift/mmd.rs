//! Maximum mean discrepancy: how far the numeric features differ as a whole, correlations included.
//!
//! The sums over all pairs of rows are found once for each setting that is asked for, with every
//! permutation in the same pass, and shared by the value, its p value and its noise floor.

use super::cloud::{Columns, columns, sampled};
use super::kernel::{Points, Sums};
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::{KernelMeasure, Measure};
use crate::metrics::statistics::draws::Draws;
use crate::metrics::statistics::{interval, sums};
use crate::metrics::{Definition, Floor, MetricRequest, Options, Undefined, floor};
use crate::table::Pilot;

/// Two values of the discrepancy, which lies in -2..=2, that differ by no more are equal.
const TIE: f64 = 1e-10;

/// What two requests must share to share their sums.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Setting {
    standardised: bool,
    /// None: the median distance.
    bandwidth: Option<f64>,
    /// The most rows of one side.
    rows: usize,
    permutations: usize,
}

impl Setting {
    fn of(definition: &Definition) -> Self {
        Self {
            standardised: definition.word("standardised") == "yes",
            bandwidth: definition.number("bandwidth"),
            rows: definition.number("rows").unwrap_or(5000.0) as usize,
            permutations: definition.number("permutations").unwrap_or(100.0) as usize,
        }
    }
}

/// The sums under one setting.
#[derive(Clone, Debug)]
struct Prepared {
    sigma: f64,
    /// Rows used of development and of deployment.
    n: usize,
    m: usize,
    observed: Sums,
    /// Empty unless the permutations are needed.
    permuted: Vec<Sums>,
    notes: Vec<String>,
}

impl Prepared {
    fn unbiased(&self, sums: &Sums) -> f64 {
        let (n, m) = (self.n as f64, self.m as f64);
        2.0 * (sums.first / (n * (n - 1.0)) + sums.second / (m * (m - 1.0)) - sums.across / (n * m))
    }

    fn biased(&self, sums: &Sums) -> f64 {
        let (n, m) = (self.n as f64, self.m as f64);
        // Each row's kernel with itself is 1.
        (2.0 * sums.first + n) / (n * n) + (2.0 * sums.second + m) / (m * m) - 2.0 * sums.across / (n * m)
    }

    fn value(&self, estimator: &str, sums: &Sums) -> Result<f64, Undefined> {
        if estimator == "biased" {
            return Ok(self.biased(sums));
        }
        if self.n < 2 || self.m < 2 {
            return Err(Undefined::new(
                "a table has fewer than two complete rows, and the unbiased form divides by n - 1",
            ));
        }
        Ok(self.unbiased(sums))
    }
}

/// Every setting that was asked for.
pub(crate) struct Discrepancies {
    prepared: Vec<(Setting, Result<Prepared, Undefined>)>,
}

impl Discrepancies {
    /// Finds the sums of every setting among `requests`.
    pub fn new(data: &Pilot, requests: &[MetricRequest], options: &Options) -> Self {
        let mut wanted: Vec<(Setting, bool)> = Vec::new();
        for request in requests {
            let Measure::Kernel(measure) = request.definition.measure() else { continue };
            let setting = Setting::of(&request.definition);
            let permuted = match measure {
                KernelMeasure::Mmd => options.floors && request.definition.word("estimator") != "linear",
                KernelMeasure::MmdP => true,
                KernelMeasure::Bandwidth => false,
            };
            match wanted.iter_mut().find(|(known, _)| *known == setting) {
                Some((_, needed)) => *needed |= permuted,
                None => wanted.push((setting, permuted)),
            }
        }
        let prepared =
            wanted.into_iter().map(|(setting, permuted)| (setting, prepare(data, setting, permuted, options)));
        Self { prepared: prepared.collect() }
    }

    /// Returns a measure, and the rows that it rests on.
    pub fn measure(
        &self,
        measure: KernelMeasure,
        definition: &Definition,
        data: &Pilot,
        options: &Options,
    ) -> (Found, u64) {
        let setting = Setting::of(definition);
        let known = self.prepared.iter().find(|(known, _)| *known == setting);
        match known.map(|(_, prepared)| prepared) {
            None => (Err(Undefined::new("it was not prepared")), 0),
            Some(Err(reason)) => (Err(reason.clone()), 0),
            Some(Ok(prepared)) if measure == KernelMeasure::Mmd && definition.word("estimator") == "linear" => {
                linear(data, setting, prepared.sigma)
            }
            Some(Ok(prepared)) => (found(measure, definition, prepared, options), (prepared.n + prepared.m) as u64),
        }
    }
}

fn found(measure: KernelMeasure, definition: &Definition, prepared: &Prepared, options: &Options) -> Found {
    let estimator = definition.word("estimator");
    let permuted =
        || prepared.permuted.iter().map(|sums| prepared.value(estimator, sums)).collect::<Result<Vec<_>, _>>();
    let mut outcome = match measure {
        KernelMeasure::Bandwidth => Outcome::new(prepared.sigma),
        KernelMeasure::Mmd => {
            let value = prepared.value(estimator, &prepared.observed)?;
            let floor = if options.floors { floor::of_draws(permuted()?, "seeded permutation") } else { None };
            // The unbiased form is 0 on average when nothing is wrong, and below it half of the time.
            let floor = floor.map(|floor| Floor { mean: floor.mean.max(0.0), p95: floor.p95.max(0.0), ..floor });
            Outcome::new(value).with_floor(floor)
        }
        KernelMeasure::MmdP => {
            let value = prepared.value(estimator, &prepared.observed)?;
            let draws = permuted()?;
            // Splits of few rows often come to the same sums, but for rounding.
            let as_large = draws.iter().filter(|draw| **draw >= value - TIE).count();
            Outcome::new((1 + as_large) as f64 / (1 + draws.len()) as f64)
        }
    };
    outcome.notes.extend(prepared.notes.iter().cloned());
    Ok(outcome)
}

fn prepare(data: &Pilot, setting: Setting, permuted: bool, options: &Options) -> Result<Prepared, Undefined> {
    let Columns { train, deploy, mut notes } = columns(data, setting.standardised)?;
    let mut draws = Draws::new(options.seed, "mmd");
    let mut sides = Vec::new();
    for (columns, role) in [(train, "development"), (deploy, "deployment")] {
        let rows = columns.first().map_or(0, Vec::len);
        if rows > setting.rows {
            notes.push(format!("{} of {rows} {role} rows, drawn by a fixed seed", setting.rows));
        }
        sides.push(sampled(columns, setting.rows, &mut draws));
    }
    let [n, m] = [0, 1].map(|side| sides.get(side).and_then(|columns| columns.first()).map_or(0, Vec::len));
    let mut sides = sides.into_iter();
    let mut pooled = sides.next().unwrap_or_default();
    for (column, more) in pooled.iter_mut().zip(sides.next().unwrap_or_default()) {
        column.extend(more);
    }
    let points = Points::new(pooled);
    let sigma = match setting.bandwidth {
        Some(sigma) => sigma,
        None => points.median_distance().ok_or_else(|| Undefined::new("there are fewer than two rows"))?,
    };
    if sigma <= 0.0 {
        return Err(Undefined::new("half of all pairs of rows are equal, so that the median distance is 0"));
    }
    notes.push(match setting.bandwidth {
        Some(_) => format!("bandwidth {sigma}, as given"),
        None => format!("bandwidth {sigma:.6}, the median distance of two rows"),
    });
    let count = if permuted { setting.permutations } else { 0 };
    let mut found = points.kernel_sums(sigma, &splits(n, m, count, &mut draws)).into_iter();
    let observed = found.next().unwrap_or_default();
    Ok(Prepared { sigma, n, m, observed, permuted: found.collect(), notes })
}

/// Returns for each point whether it is in the first sample: as observed, then in each permutation.
fn splits(n: usize, m: usize, permutations: usize, draws: &mut Draws) -> Vec<Vec<f64>> {
    let mut labels: Vec<f64> = (0..n + m).map(|row| if row < n { 1.0 } else { 0.0 }).collect();
    let mut splits: Vec<Vec<f64>> = labels.iter().map(|label| vec![*label]).collect();
    for _ in 0..permutations {
        for place in (1..labels.len()).rev() {
            labels.swap(place, draws.below(place + 1));
        }
        splits.iter_mut().zip(&labels).for_each(|(split, label)| split.push(*label));
    }
    splits
}

/// Returns the form that needs one pass: the mean over consecutive pairs of rows, and their number of rows.
fn linear(data: &Pilot, setting: Setting, sigma: f64) -> (Found, u64) {
    let Columns { train, deploy, notes } = match columns(data, setting.standardised) {
        Ok(columns) => columns,
        Err(reason) => return (Err(reason), 0),
    };
    let rows = |columns: &[Vec<f64>]| columns.first().map_or(0, Vec::len);
    let pairs = rows(&train).min(rows(&deploy)) / 2;
    if pairs < 2 {
        return (
            Err(Undefined::new("a table has fewer than four complete rows, so there are not two pairs to compare")),
            0,
        );
    }
    let factor = -0.5 / (sigma * sigma);
    let kernel = |a: &[Vec<f64>], i: usize, b: &[Vec<f64>], j: usize| {
        let square = a.iter().zip(b).map(|(a, b)| match (a.get(i), b.get(j)) {
            (Some(a), Some(b)) => (a - b).powi(2),
            _ => 0.0,
        });
        (square.sum::<f64>() * factor).exp()
    };
    let (x, y) = (train.as_slice(), deploy.as_slice());
    let differences: Vec<f64> = (0..pairs)
        .map(|pair| {
            let (i, j) = (2 * pair, 2 * pair + 1);
            kernel(x, i, x, j) + kernel(y, i, y, j) - kernel(x, i, y, j) - kernel(x, j, y, i)
        })
        .collect();
    let (mean, variance) = sums::mean_and_variance(&differences);
    let se = (variance / (pairs as f64 - 1.0)).sqrt();
    let mut outcome = Outcome::new(mean).with_interval(interval::normal(mean, se, -2.0, 2.0, "normal"));
    outcome.notes = notes;
    outcome.notes.push(format!("{pairs} pairs of consecutive rows, bandwidth {sigma:.6}"));
    (Ok(outcome), 4 * pairs as u64)
}
