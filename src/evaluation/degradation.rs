//! Explanatory power: how much of what figures fell by do the causes explain that the cases are coded with?
//!
//! The causal model says how likely it is that any failure of performance happened, given the causes that a case is coded
//! with: 1 − Π(1 − L) over the modes of the dimensions data and model. A straight line leads from there to the fall. Beside
//! it stands a line that only counts the causes.

use super::foresight::{coded_factors, fitted};
use crate::corpus::{Case, fall};
use crate::metrics::{Interval, Undefined, each_draw, percentiles};
use crate::model::{Dimension, KnowledgeBase, NodeKind};
use crate::risk::likelihoods_of;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// With fewer cases than this no line is drawn.
const LEAST: usize = 5;

/// How much of the fall of figures is explained.
#[derive(Clone, Debug)]
pub struct Degradation {
    /// How often each figure is the one that fell, by name.
    pub figures: BTreeMap<&'static str, usize>,
    /// Cases with a figure before and after.
    pub cases: usize,
    /// The least, mean and greatest fall, in shares; below 0 the figure rose.
    pub falls: Option<(f64, f64, f64)>,
    /// The likelihood that the causal model gives.
    pub by_causes: Explained,
    /// The number of coded causes.
    pub by_number: Explained,
}

/// The share of the variance that a line explains.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Line, strengths and base rates fitted to the very cases that are explained.
    pub in_sample: Result<(f64, Option<Interval>), Undefined>,
    /// Each case explained by what was fitted to the others, and held against the mean of the others: below 0 where that
    /// mean does better.
    pub left_out: Result<(f64, Option<Interval>), Undefined>,
}

/// What explains: a figure for each case, in their order, as learnt without the case at that place (or with all).
type Predictor<'a> = dyn Fn(Option<usize>) -> Vec<f64> + Sync + 'a;

/// Returns how much of the fall of figures the causes explain. Strengths and base rates are learnt from `others`.
pub fn degradation(
    judged: &[&Case],
    others: &[&Case],
    knowledge: &KnowledgeBase,
    draws: u32,
    seed: u64,
) -> Degradation {
    let mut fallen: Vec<(&Case, &'static str, f64)> =
        judged.iter().filter_map(|case| fall(case).map(|(metric, fall)| (*case, metric, fall))).collect();
    fallen.sort_by(|left, right| left.0.id.value.cmp(&right.0.id.value));
    let mut figures = BTreeMap::new();
    for (_, metric, _) in &fallen {
        *figures.entry(*metric).or_default() += 1;
    }
    let falls: Vec<f64> = fallen.iter().map(|(_, _, fall)| *fall).collect();
    let of = |choose: fn(f64, f64) -> f64| falls.iter().copied().reduce(choose);
    let range = of(f64::min).zip(of(f64::max));
    let causes = |place: Option<usize>| -> Vec<f64> {
        let left_out = place.and_then(|place| fallen.get(place)).map(|(case, ..)| case.id.value.as_str());
        let kept: Vec<&Case> = others.iter().copied().filter(|case| Some(case.id.value.as_str()) != left_out).collect();
        let knowledge = fitted(&kept, knowledge);
        fallen.iter().map(|(case, ..)| likelihood_of_failure(case, &knowledge)).collect()
    };
    let number = |_: Option<usize>| -> Vec<f64> {
        fallen.iter().map(|(case, ..)| coded_factors(case, knowledge, |_| true).len() as f64).collect()
    };
    let explained = |predictor: &Predictor<'_>| explained(&falls, predictor, draws, seed);
    Degradation {
        figures,
        cases: fallen.len(),
        falls: range.map(|(least, most)| (least, mean(&falls), most)),
        by_causes: explained(&causes),
        by_number: explained(&number),
    }
}

/// Returns how likely it is that any failure of performance happened, given the causes that a case is coded with.
fn likelihood_of_failure(case: &Case, knowledge: &KnowledgeBase) -> f64 {
    let mut own = vec![0.0; knowledge.nodes.len()];
    for (factor, sure) in coded_factors(case, knowledge, |_| true) {
        own[factor.index()] = sure;
    }
    let likelihoods = likelihoods_of(knowledge, &own);
    let is_performance =
        |kind: &NodeKind| matches!(kind, NodeKind::Mode { dimension: Dimension::Data | Dimension::Model, .. });
    let modes = knowledge.nodes.iter().filter(|(_, node)| is_performance(&node.kind));
    1.0 - modes.map(|(id, _)| 1.0 - likelihoods[id.index()]).product::<f64>()
}

fn explained(falls: &[f64], predictor: &Predictor<'_>, draws: u32, seed: u64) -> Explained {
    if falls.len() < LEAST {
        let reason = format!("{LEAST} cases with a figure before and after are needed, and there are {}", falls.len());
        let none = || Err(Undefined::new(reason.as_str()));
        return Explained { in_sample: none(), left_out: none() };
    }
    let all = predictor(None);
    let (slope, level) = line(&all, falls, None);
    let within =
        all.iter().zip(falls).map(|(x, y)| Residual { of_line: y - level - slope * x, of_mean: y - mean(falls) });
    let without: Vec<Residual> = (0..falls.len())
        .into_par_iter()
        .map(|place| {
            let x = predictor(Some(place));
            let (slope, level) = line(&x, falls, Some(place));
            let others = falls.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, fall)| *fall);
            let others: Vec<f64> = others.collect();
            Residual { of_line: falls[place] - level - slope * x[place], of_mean: falls[place] - mean(&others) }
        })
        .collect();
    Explained { in_sample: share(&within.collect::<Vec<_>>(), draws, seed), left_out: share(&without, draws, seed) }
}

/// What a line and a mean leave of a fall.
#[derive(Clone, Copy, Debug)]
struct Residual {
    of_line: f64,
    of_mean: f64,
}

/// Returns R², 1 less the squares that the line leaves over those that the mean leaves.
fn share(residuals: &[Residual], draws: u32, seed: u64) -> Result<(f64, Option<Interval>), Undefined> {
    let of = |times: &[u32]| {
        let sum = |of: fn(&Residual) -> f64| -> f64 {
            residuals.iter().zip(times).map(|(one, times)| f64::from(*times) * of(one).powi(2)).sum()
        };
        let whole = sum(|one| one.of_mean);
        // Equal falls leave what rounding leaves.
        (whole > 1e-12).then(|| 1.0 - sum(|one| one.of_line) / whole)
    };
    let value = of(&vec![1; residuals.len()]).ok_or_else(|| Undefined::new("all falls are equal"))?;
    let [drawn] = each_draw(residuals.len(), draws, seed, "degradation", |times| [of(times)]);
    Ok((value, percentiles(value, drawn, draws)))
}

/// Returns slope and level of the line of least squares through all points but one; level where x does not vary.
fn line(x: &[f64], y: &[f64], without: Option<usize>) -> (f64, f64) {
    let kept = |values: &[f64]| -> Vec<f64> {
        values.iter().enumerate().filter(|(place, _)| Some(*place) != without).map(|(_, value)| *value).collect()
    };
    let (x, y) = (kept(x), kept(y));
    let (mean_x, mean_y) = (mean(&x), mean(&y));
    let spread: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
    let together: f64 = x.iter().zip(&y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let slope = if spread > 1e-12 { together / spread } else { 0.0 };
    (slope, mean_y - slope * mean_x)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
