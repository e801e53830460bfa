//! The methods that are compared, each learning from the same cases and seeing the same of the case that it judges.

use super::known::{Known, Space};
use super::logistic::{Logistic, RIDGE};
use crate::model::{KnowledgeBase, NodeId};
use crate::risk::likelihoods_of;
use rayon::prelude::*;

/// Neighbours that are asked; those that are as near as the last are asked, too.
pub(super) const NEIGHBOURS: usize = 5;

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Rules and causal graph, with strengths and base rates fitted to the cases learnt from.
    Expert,
    /// How often each mode is found among the cases learnt from.
    BaseRates,
    /// What the nearest cases showed.
    Neighbours,
    /// Logistic regression, one for each mode.
    Logistic,
}

impl Method {
    /// All, the judged one first.
    pub const ALL: [Method; 4] = [Method::Expert, Method::BaseRates, Method::Neighbours, Method::Logistic];

    /// Returns the name in machine formats.
    pub fn name(self) -> &'static str {
        match self {
            Method::Expert => "expert_system",
            Method::BaseRates => "base_rates",
            Method::Neighbours => "nearest_neighbours",
            Method::Logistic => "logistic_regression",
        }
    }

    /// Returns the name for people.
    pub fn title(self) -> &'static str {
        match self {
            Method::Expert => "expert system",
            Method::BaseRates => "base rates",
            Method::Neighbours => "nearest neighbours",
            Method::Logistic => "logistic regression",
        }
    }
}

/// What a method says of a case: how likely each mode is.
pub(super) type Forecast = Vec<f64>;

/// All cases that may be learnt from, as one tier sees them.
#[derive(Debug)]
pub(super) struct View<'a> {
    cases: &'a [Known<'a>],
    with_causes: bool,
    /// Columns are chosen by what was knowable; what came is not looked at.
    space: Space<'a>,
    points: Vec<Vec<f64>>,
    /// For each mode, regression over all of these cases: where the search begins once some are left out.
    near: Vec<Option<Logistic>>,
}

impl<'a> View<'a> {
    /// Returns cases as a tier sees them.
    pub fn of(cases: &'a [Known<'a>], with_causes: bool) -> Self {
        let space = Space::of(cases, with_causes);
        let points = cases.iter().map(|case| space.point(case)).collect();
        let mut view = Self { cases, with_causes, space, points, near: Vec::new() };
        let all: Vec<usize> = (0..cases.len()).collect();
        let modes = cases.first().map_or(0, |case| case.came.len());
        view.near = (0..modes).into_par_iter().map(|mode| view.regression(&all, mode, None)).collect();
        view
    }

    /// Returns the regression of a mode over some of the cases; none where all of them show it, or none.
    fn regression(&self, kept: &[usize], mode: usize, near: Option<&Logistic>) -> Option<Logistic> {
        let points: Vec<&[f64]> = kept.iter().map(|case| self.points[*case].as_slice()).collect();
        let hits: Vec<bool> = kept.iter().map(|case| self.cases[*case].came[mode]).collect();
        (hits.contains(&true) && hits.contains(&false)).then(|| Logistic::fit(&points, &hits, RIDGE, near))
    }
}

/// Those of the cases that are learnt from, and what was learnt.
pub(super) struct Learnt<'a> {
    view: &'a View<'a>,
    kept: &'a [usize],
    knowledge: &'a KnowledgeBase,
    modes: Vec<NodeId>,
    /// How often each mode is found, from 0 to 1 and neither.
    rates: Vec<f64>,
}

impl<'a> Learnt<'a> {
    /// Learns from some of the cases of a view. `knowledge` is the pack as it was fitted to them.
    pub fn from(view: &'a View<'a>, kept: &'a [usize], knowledge: &'a KnowledgeBase) -> Self {
        let modes: Vec<NodeId> = knowledge.modes().map(|(id, _)| id).collect();
        let found = |mode: usize| kept.iter().filter(|case| view.cases[**case].came[mode]).count() as f64;
        let rates = (0..modes.len()).map(|mode| (found(mode) + 0.5) / (kept.len() as f64 + 1.0)).collect();
        Self { view, kept, knowledge, modes, rates }
    }

    /// Returns the share of pairs of a case and a mode in which the mode came: the score from which on a mode counts as
    /// foretold.
    pub fn threshold(&self) -> f64 {
        let came = self.kept.iter().flat_map(|case| &self.view.cases[*case].came).filter(|came| **came).count();
        came as f64 / (self.kept.len() * self.modes.len()).max(1) as f64
    }

    /// Returns what a method says of a case from what was knowable of it.
    pub fn forecast(&self, method: Method, case: &Known<'_>) -> Forecast {
        match method {
            Method::Expert => self.by_causes(case),
            Method::BaseRates => self.rates.clone(),
            Method::Neighbours => self.by_neighbours(case),
            Method::Logistic => self.by_regression(case),
        }
    }

    fn by_causes(&self, case: &Known<'_>) -> Forecast {
        let mut own = case.rules.clone();
        for (node, sure) in case.causes.iter().filter(|_| self.view.with_causes) {
            own[node.index()] = 1.0 - (1.0 - own[node.index()]) * (1.0 - sure);
        }
        let likelihoods = likelihoods_of(self.knowledge, &own);
        self.modes.iter().map(|mode| likelihoods[mode.index()]).collect()
    }

    /// The mean over the nearest cases and one more that shows what any case shows.
    fn by_neighbours(&self, case: &Known<'_>) -> Vec<f64> {
        let point = self.view.space.point(case);
        let distance =
            |other: &usize| -> f64 { point.iter().zip(&self.view.points[*other]).map(|(a, b)| (a - b).powi(2)).sum() };
        let distances: Vec<f64> = self.kept.iter().map(distance).collect();
        let mut sorted = distances.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let Some(last) = sorted.get(NEIGHBOURS.min(sorted.len()).saturating_sub(1)) else { return self.rates.clone() };
        let near = self.kept.iter().zip(&distances).filter(|(_, distance)| **distance <= last + 1e-12);
        let near: Vec<&Known<'_>> = near.map(|(other, _)| &self.view.cases[*other]).collect();
        let share = |(mode, rate): (usize, &f64)| {
            (near.iter().filter(|other| other.came[mode]).count() as f64 + rate) / (near.len() as f64 + 1.0)
        };
        self.rates.iter().enumerate().map(share).collect()
    }

    /// A mode that none of the cases shows, or all of them, is left at its rate.
    fn by_regression(&self, case: &Known<'_>) -> Vec<f64> {
        let point = self.view.space.point(case);
        let probability = |(mode, rate): (usize, &f64)| {
            let near = self.view.near.get(mode).and_then(Option::as_ref);
            let model = self.view.regression(self.kept, mode, near);
            model.map_or(*rate, |model| model.probability(&point))
        };
        self.rates.iter().enumerate().map(probability).collect()
    }
}
