//! Measures that compare development with deployment.

use super::kolmogorov;
use super::p_values;
use super::{Comparison, Numeric, Smoothing};
use crate::metrics::elements::Sides;
use crate::metrics::floor::{self, Bridge, Divergence};
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::profile::Profile;
use crate::metrics::registry::ShiftMeasure;
use crate::metrics::sample::Feature;
use crate::metrics::statistics::interval;
use crate::metrics::{Definition, Floor, Options, Undefined};
use crate::table::Roles;
use rayon::prelude::*;

/// Every pair of columns, compared, and the draws that their floors share.
pub(crate) struct Comparisons {
    /// In the order of the features; an error where there is nothing to compare.
    pub features: Vec<Result<Comparison, Undefined>>,
    pub score: Result<Comparison, Undefined>,
    names: Vec<String>,
    bridge: Option<Bridge>,
}

impl Comparisons {
    /// Compares the two tables, or a profile of development with the deployment table.
    pub fn new(tables: &Sides, profile: Option<&Profile>, roles: &Roles, options: &Options) -> Self {
        let (development, deployment) = (tables.development.as_ref(), tables.deployment.as_ref());
        let names: Vec<String> =
            roles.numeric.iter().chain(&roles.categorical).map(|name| name.value.clone()).collect();
        let sides = match (development, deployment) {
            (None, _) => Err(Undefined::new("there is no development table to compare with")),
            (_, None) => Err(Undefined::new("there is no deployment table to compare with")),
            (Some(development), Some(deployment)) => Ok((development, deployment)),
        };
        let no_deployment = || Undefined::new("there is no deployment table to compare with");
        let of_feature = |place: usize| {
            if let Some((profile, name)) = profile.zip(names.get(place)) {
                let deploy = deployment.ok_or_else(no_deployment)?.features.get(place);
                return profile.compared(name, deploy.ok_or_else(|| Undefined::new("the feature was not read"))?);
            }
            let (train, deploy) = sides.clone()?;
            let pair = train.features.get(place).zip(deploy.features.get(place));
            let (train, deploy) = pair.ok_or_else(|| Undefined::new("the feature was not read"))?;
            Comparison::new(train, deploy).ok_or_else(|| {
                let empty = if train.rows().0 == 0 { "development" } else { "deployment" };
                Undefined::new(format!("the {empty} table has no rows with a value"))
            })
        };
        let of_score = || {
            if let Some(profile) = profile {
                return profile.compared_score(&deployment.ok_or_else(no_deployment)?.total);
            }
            let (train, deploy) = sides.clone()?;
            let (train, deploy) = (&train.total, &deploy.total);
            if !train.has_score || !deploy.has_score {
                return Err(Undefined::new("no column is named as the score"));
            }
            let (train, deploy) = (train.ranked(), deploy.ranked());
            Comparison::of_numbers(&train, train.mean_and_variance(), &deploy)
                .ok_or_else(|| Undefined::new("a table has no rows"))
        };
        let (features, (score, bridge)) = rayon::join(
            || (0..names.len()).into_par_iter().map(of_feature).collect(),
            || rayon::join(of_score, || options.floors.then(|| Bridge::new(options))),
        );
        Self { features, score, names, bridge }
    }

    /// Returns a measure of one pair of columns. `name` picks the draws of its floor.
    pub fn measure(
        &self,
        measure: ShiftMeasure,
        definition: &Definition,
        pair: &Comparison,
        options: &Options,
        name: &str,
    ) -> Found {
        if let Some(reason) = &pair.slack.bins
            && matches!(
                measure,
                ShiftMeasure::Kl
                    | ShiftMeasure::Js
                    | ShiftMeasure::Psi
                    | ShiftMeasure::LargestDifference
                    | ShiftMeasure::ChiSquareP
            ) | (measure == ShiftMeasure::TotalVariation && pair.numeric.is_some())
        {
            return Err(reason.clone());
        }
        let outcome = match measure {
            ShiftMeasure::Kl => Outcome::new(match definition.word("direction") {
                "deploy_to_train" => pair.kl_deploy_train(smoothing(definition))?,
                _ => pair.kl_train_deploy(smoothing(definition))?,
            }),
            ShiftMeasure::Js if definition.word("form") == "divergence" => Outcome::new(pair.js_divergence()),
            ShiftMeasure::Js => Outcome::new(pair.js_divergence().sqrt()),
            ShiftMeasure::Psi => Outcome::new(pair.psi(smoothing(definition))?),
            ShiftMeasure::LargestDifference => Outcome::new(pair.largest_difference()),
            ShiftMeasure::TotalVariation => Outcome::new(pair.total_variation()),
            ShiftMeasure::Ks => Outcome::new(numeric(pair)?.ks),
            ShiftMeasure::KsP => {
                let (n, m) = (pair.n as f64, pair.m as f64);
                Outcome::new(kolmogorov::survival((n * m / (n + m)).round_ties_even(), numeric(pair)?.ks))
            }
            ShiftMeasure::Wasserstein if definition.word("standardised") == "yes" => {
                Outcome::new(standardised(numeric(pair)?)?)
            }
            ShiftMeasure::Wasserstein => Outcome::new(numeric(pair)?.wasserstein),
            ShiftMeasure::MeanDifference => mean_difference(pair)?,
            ShiftMeasure::Dsi => Outcome::new(index(pair)?),
            ShiftMeasure::UnseenShare => unseen(pair)?,
            ShiftMeasure::ChiSquareP => p_values::chi_square(pair)?,
            ShiftMeasure::WelchP => p_values::welch(pair)?,
            ShiftMeasure::DsiMax
            | ShiftMeasure::DriftedShare
            | ShiftMeasure::MissingRate
            | ShiftMeasure::MissingRateChange
            | ShiftMeasure::MannWhitneyP => {
                return Err(Undefined::new("it is no measure of one pair of columns"));
            }
        };
        let floor = if options.floors { self.floor(measure, definition, pair, options, name) } else { None };
        Ok(outcome.with_floor(floor).with_error(slack(measure, definition, pair)))
    }

    /// Returns the p of Mann and Whitney's test, for which the values themselves are needed.
    pub fn mann_whitney(train: &Feature, deploy: &Feature) -> Found {
        p_values::mann_whitney(train, deploy)
    }

    fn floor(
        &self,
        measure: ShiftMeasure,
        definition: &Definition,
        pair: &Comparison,
        options: &Options,
        name: &str,
    ) -> Option<Floor> {
        let (n, m) = (pair.n, pair.m);
        let bins = pair.bins.iter().filter(|(a, b)| a + b > 0).count();
        match measure {
            ShiftMeasure::Psi => floor::chi_square(Divergence::Psi, bins, n, m),
            ShiftMeasure::Kl => floor::chi_square(Divergence::Kl, bins, n, m),
            ShiftMeasure::Js if definition.word("form") == "divergence" => {
                floor::chi_square(Divergence::Js, bins, n, m)
            }
            ShiftMeasure::Js => floor::chi_square(Divergence::JsRoot, bins, n, m),
            ShiftMeasure::Ks => floor::kolmogorov(n, m),
            ShiftMeasure::TotalVariation => {
                floor::of_draws(floor::total_variation(&pair.pooled(), n, m, options, name), MULTINOMIAL)
            }
            ShiftMeasure::LargestDifference => {
                floor::of_draws(floor::largest_difference(&pair.pooled(), n, m, options, name), MULTINOMIAL)
            }
            ShiftMeasure::Wasserstein => {
                let unit = match definition.word("standardised") {
                    "yes" => deviation(pair.numeric.as_ref()?).ok()?,
                    _ => 1.0,
                };
                floor::of_draws(self.wasserstein_draws(pair, unit)?, BRIDGE)
            }
            ShiftMeasure::Dsi => floor::of_draws(self.index_draws(pair, options, name)?, index_method(pair)),
            _ => None,
        }
    }

    fn wasserstein_draws(&self, pair: &Comparison, unit: f64) -> Option<Vec<f64>> {
        let draws = self.bridge.as_ref()?.wasserstein(&pair.numeric.as_ref()?.steps, pair.n, pair.m);
        Some(draws.into_iter().map(|draw| draw / unit).collect())
    }

    fn index_draws(&self, pair: &Comparison, options: &Options, name: &str) -> Option<Vec<f64>> {
        match &pair.numeric {
            Some(numeric) => self.wasserstein_draws(pair, deviation(numeric).ok()?),
            None => Some(floor::total_variation(&pair.pooled(), pair.n, pair.m, options, name)),
        }
    }

    /// Returns the share of features whose index is above the 95th percentile of its floor.
    ///
    /// # Source
    /// The form of evidently's share of drifted columns, with the noise floor in place of a fixed mark.
    pub fn drifted_share(&self, options: &Options) -> Found {
        if !options.floors {
            return Err(Undefined::new("it needs noise floors, which were not asked for"));
        }
        let (mut drifted, mut features, mut undecided) = (Vec::new(), 0u64, 0u64);
        for (name, pair) in self.names.iter().zip(&self.features) {
            let Ok(pair) = pair else { continue };
            let Ok(value) = index(pair) else { continue };
            let draws = self.index_draws(pair, options, name);
            let Some(floor) = draws.and_then(|draws| floor::of_draws(draws, index_method(pair))) else { continue };
            features += 1;
            undecided += u64::from((value - floor.p95).abs() <= index_slack(pair) && index_slack(pair) > 0.0);
            if value > floor.p95 {
                drifted.push(format!("`{name}`"));
            }
        }
        if features == 0 {
            return Err(Undefined::new("no feature has an index"));
        }
        let left_out = self.names.len() as u64 - features;
        let note = match drifted.as_slice() {
            [] => "none above its noise".to_owned(),
            names => format!("above their noise: {}", names.join(", ")),
        };
        let left_out = (left_out > 0).then(|| format!("{left_out} without an index left out"));
        let outcome = Outcome::new(drifted.len() as f64 / features as f64).with_floor(floor::one_in_twenty(features));
        Ok(outcome.with_error(undecided as f64 / features as f64).with_note(Some(note)).with_note(left_out))
    }

    /// Returns the mean or the largest of the features' indices.
    pub fn overall(&self, measure: ShiftMeasure, options: &Options) -> Found {
        if self.features.is_empty() {
            return Err(Undefined::new("no columns are named as features"));
        }
        let mut indices: Vec<(&str, f64)> = Vec::new();
        let mut draws: Vec<Vec<f64>> = Vec::new();
        let mut left_out = Vec::new();
        let mut slacks: Vec<f64> = Vec::new();
        for (place, (name, pair)) in self.names.iter().zip(&self.features).enumerate() {
            match pair.as_ref().map_err(Clone::clone).and_then(|pair| Ok((pair, index(pair)?))) {
                Ok((pair, value)) => {
                    indices.push((name, value));
                    slacks.push(index_slack(pair));
                    if let Some(mut drawn) = self.index_draws(pair, options, name).filter(|_| options.floors) {
                        // The bridge's paths are shared; turned, they are as good as independent.
                        let turn = place * 61 % drawn.len().max(1);
                        drawn.rotate_left(turn);
                        draws.push(drawn);
                    }
                }
                Err(reason) => left_out.push(format!("`{name}`, because {reason}")),
            }
        }
        let Some(first) = indices.first().copied() else {
            return Err(Undefined::new(format!("no feature has an index: {}", left_out.join("; "))));
        };
        let largest = indices.iter().copied().fold(first, |a, b| if b.1 > a.1 { b } else { a });
        let mean = indices.iter().map(|(_, value)| value).sum::<f64>() / indices.len() as f64;
        let combined = (0..options.draws as usize).filter_map(|draw| {
            let values = draws.iter().filter_map(|drawn| drawn.get(draw).copied());
            Some(match measure {
                ShiftMeasure::DsiMax => values.reduce(f64::max)?,
                _ => values.sum::<f64>() / draws.len() as f64,
            })
        });
        let floor = if draws.is_empty() {
            None
        } else {
            floor::of_draws(combined.collect(), "seeded simulation, features independent")
        };
        let value = if measure == ShiftMeasure::DsiMax { largest.1 } else { mean };
        // A maximum moves no further than what it is of, and a mean as far as they do on average.
        let error = match measure {
            ShiftMeasure::DsiMax => slacks.iter().copied().fold(0.0, f64::max),
            _ => slacks.iter().sum::<f64>() / slacks.len() as f64,
        };
        let note = (!left_out.is_empty()).then(|| format!("left out: {}", left_out.join("; ")));
        Ok(Outcome::new(value)
            .with_error(error)
            .with_floor(floor)
            .with_note(Some(format!("largest in `{}`", largest.0)))
            .with_note(note))
    }
}

/// Returns how far a value may be off, because development is known from a profile.
fn slack(measure: ShiftMeasure, definition: &Definition, pair: &Comparison) -> f64 {
    match measure {
        ShiftMeasure::Ks => pair.slack.ks,
        ShiftMeasure::KsP => {
            let (n, m) = (pair.n as f64, pair.m as f64);
            let of = |ks: f64| kolmogorov::survival((n * m / (n + m)).round_ties_even(), ks.clamp(0.0, 1.0));
            let ks = pair.numeric.as_ref().map_or(0.0, |numeric| numeric.ks);
            let away = |by: f64| (of(ks + by) - of(ks)).abs();
            if pair.slack.ks > 0.0 { away(pair.slack.ks).max(away(-pair.slack.ks)) } else { 0.0 }
        }
        ShiftMeasure::Wasserstein if definition.word("standardised") != "yes" => pair.slack.wasserstein,
        ShiftMeasure::Wasserstein | ShiftMeasure::Dsi => index_slack(pair),
        ShiftMeasure::TotalVariation => pair.slack.total_variation,
        ShiftMeasure::UnseenShare => pair.slack.unseen as f64 / pair.m as f64,
        _ => 0.0,
    }
}

/// Returns how far the distribution shift index of a feature may be off.
fn index_slack(pair: &Comparison) -> f64 {
    match pair.numeric.as_ref().map(deviation) {
        Some(Ok(deviation)) => pair.slack.wasserstein / deviation,
        Some(Err(_)) => 0.0,
        None => pair.slack.total_variation,
    }
}

const BRIDGE: &str = "seeded Brownian bridge";
const MULTINOMIAL: &str = "seeded multinomial";

fn smoothing(definition: &Definition) -> Smoothing {
    if definition.word("smoothing") == "none" { Smoothing::None } else { Smoothing::Half }
}

fn index_method(pair: &Comparison) -> &'static str {
    if pair.numeric.is_some() { BRIDGE } else { MULTINOMIAL }
}

/// Returns what numbers have besides bins, or says that the feature is none of them.
pub(super) fn numeric(pair: &Comparison) -> Result<&Numeric, Undefined> {
    pair.numeric.as_ref().ok_or_else(|| Undefined::new("the feature is categorical, and its values have no order"))
}

/// Returns the standard deviation (divided by n) of the development column.
fn deviation(numeric: &Numeric) -> Result<f64, Undefined> {
    if numeric.train.1 > 0.0 {
        Ok(numeric.train.1.sqrt())
    } else {
        Err(Undefined::new("the development column is constant (standard deviation 0)"))
    }
}

fn standardised(numeric: &Numeric) -> Result<f64, Undefined> {
    Ok(numeric.wasserstein / deviation(numeric)?)
}

/// Returns the distribution shift index of one feature.
fn index(pair: &Comparison) -> Result<f64, Undefined> {
    pair.numeric.as_ref().map_or_else(|| Ok(pair.total_variation()), standardised)
}

/// Returns (mean deploy - mean train) / sqrt((var + var) / 2), variances with n - 1.
fn mean_difference(pair: &Comparison) -> Found {
    let numeric = numeric(pair)?;
    if pair.n < 2 || pair.m < 2 {
        return Err(Undefined::new("a table has fewer than two rows with a value"));
    }
    let (n, m) = (pair.n as f64, pair.m as f64);
    let pooled = (numeric.train.1 * n / (n - 1.0) + numeric.deploy.1 * m / (m - 1.0)) / 2.0;
    if pooled <= 0.0 {
        return Err(Undefined::new("both columns are constant"));
    }
    let value = (numeric.deploy.0 - numeric.train.0) / pooled.sqrt();
    let se = (1.0 / n + 1.0 / m + value * value / (2.0 * (n + m))).sqrt();
    let ends = interval::normal(value, se, f64::NEG_INFINITY, f64::INFINITY, "normal");
    Ok(Outcome::new(value).with_interval(ends))
}

fn unseen(pair: &Comparison) -> Found {
    if pair.numeric.is_some() {
        return Err(Undefined::new("the feature is numeric and has no categories"));
    }
    let rows: u64 = pair.unseen.iter().map(|(_, rows)| rows).sum();
    let names: Vec<String> = pair.unseen.iter().take(5).map(|(name, _)| format!("`{name}`")).collect();
    let note = (!names.is_empty()).then(|| {
        let more = pair.unseen.len() - names.len();
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("unseen: {}{rest}", names.join(", "))
    });
    let value = rows as f64 / pair.m as f64;
    Ok(Outcome::new(value).with_interval(interval::wilson(rows, pair.m)).with_note(note))
}
