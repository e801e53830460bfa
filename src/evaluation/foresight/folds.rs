//! From which cases something is learnt before a case is judged.

use super::known::Known;
use super::methods::{Forecast, Learnt, Method, View};
use crate::corpus::Case;
use crate::corpus::fit::fit;
use crate::metrics::Draws;
use crate::model::KnowledgeBase;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What is left out before a case is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeftOut {
    /// The case.
    Case,
    /// The case and all others of the same system.
    System,
}

impl LeftOut {
    /// Tells whether a case is left out before another is judged.
    fn leaves_out(self, other: &Known<'_>, judged: &Known<'_>) -> bool {
        let same_system =
            || other.systems().into_iter().zip(judged.systems()).any(|(other, own)| own.is_some() && other == own);
        other.case.id.value == judged.case.id.value || (self == LeftOut::System && same_system())
    }
}

/// What all methods say of a case, in the order of [`Method::ALL`], and the score from which on a mode is foretold.
pub(super) type Forecasts = (Vec<Forecast>, f64);

/// Cases whose scores may be compared: all were judged by what was learnt from the same others. For each case its place
/// and what all methods say of it.
pub(super) type Group = Vec<(usize, Vec<Forecast>)>;

/// A tier of what is seen, a way to leave cases out, and what is said of the judged cases.
pub(super) struct Fold {
    /// Whether coded causes are seen.
    pub with_causes: bool,
    /// What is left out.
    pub left_out: LeftOut,
    /// What is said of each case, where no other is left out with it.
    pub made: Vec<Forecasts>,
    /// What is said of cases that are left out together.
    pub groups: Vec<Group>,
}

/// How often cases are dealt into groups.
pub(super) const DEALS: usize = 5;

/// The largest group; a tenth of the cases where that is less.
const LARGEST: usize = 16;

/// Deals the judged cases into groups that are left out together. A case that is left out alone makes its own modes rarer
/// among the others, so that scores of different cases would not start from the same place; within a group they do. Where
/// nothing is left out, as none of the judged cases is among those learnt from, all are one group.
fn dealt(judged: &[Known<'_>], others: &[Known<'_>], seed: u64) -> Vec<Vec<usize>> {
    let names: BTreeSet<&str> = others.iter().map(|other| other.case.id.value.as_str()).collect();
    if !judged.iter().any(|case| names.contains(case.case.id.value.as_str())) {
        return vec![(0..judged.len()).collect()];
    }
    let groups = judged.len().div_ceil(LARGEST).max(10).min(judged.len().div_ceil(2));
    let mut draws = Draws::new(seed, "groups of cases");
    let deals = (0..DEALS).flat_map(|_| {
        let mut order: Vec<usize> = (0..judged.len()).collect();
        (1..order.len()).rev().for_each(|last| order.swap(last, draws.below(last + 1)));
        (0..groups).map(|group| order.iter().copied().skip(group).step_by(groups).collect()).collect::<Vec<_>>()
    });
    deals.collect()
}

/// Returns what every method says of each judged case, learning from those of the others that are not left out: for both
/// tiers, without and with causes, and both ways to leave out. A way that leaves nothing to learn from is missing.
pub(super) fn folds(judged: &[Known<'_>], others: &[Known<'_>], knowledge: &KnowledgeBase, seed: u64) -> Vec<Fold> {
    let views = [false, true].map(|with_causes| View::of(others, with_causes));
    // Both tiers at once, so that the pack is fitted once for what is left out.
    let learn = |places: &[usize], left_out: LeftOut| -> Option<[(Group, f64); 2]> {
        let kept = kept(others, judged, places, left_out);
        let cases: Vec<&Case> = kept.iter().map(|place| others[*place].case).collect();
        let knowledge = fitted(&cases, knowledge);
        (!kept.is_empty()).then(|| {
            views.each_ref().map(|view| {
                let learnt = Learnt::from(view, &kept, &knowledge);
                let all = |place: usize| Method::ALL.map(|method| learnt.forecast(method, &judged[place])).to_vec();
                (places.iter().map(|place| (*place, all(*place))).collect(), learnt.threshold())
            })
        })
    };
    let alone: Vec<Vec<usize>> = (0..judged.len()).map(|place| vec![place]).collect();
    let dealt = dealt(judged, others, seed);
    let mut folds = Vec::new();
    for left_out in [LeftOut::Case, LeftOut::System] {
        let learn_all = |groups: &[Vec<usize>]| -> Option<Vec<[(Group, f64); 2]>> {
            groups.par_iter().map(|places| learn(places, left_out)).collect()
        };
        let (Some(single), Some(together)) = (learn_all(&alone), learn_all(&dealt)) else { continue };
        for (tier, with_causes) in [false, true].into_iter().enumerate() {
            let made: Vec<Forecasts> = single
                .iter()
                .filter_map(|tiers| tiers.get(tier))
                .flat_map(|(group, threshold)| group.iter().map(|(_, made)| (made.clone(), *threshold)))
                .collect();
            let groups = together.iter().filter_map(|tiers| Some(tiers.get(tier)?.0.clone())).collect();
            folds.extend((!made.is_empty()).then_some(Fold { with_causes, left_out, made, groups }));
        }
    }
    // By tier first, as they are told.
    folds.sort_by_key(|fold| fold.with_causes);
    folds
}

/// Returns the places of the others that are not left out before any of these is judged.
fn kept(others: &[Known<'_>], judged: &[Known<'_>], places: &[usize], left_out: LeftOut) -> Vec<usize> {
    let stays = |place: &usize| !places.iter().any(|case| left_out.leaves_out(&others[*place], &judged[*case]));
    (0..others.len()).filter(stays).collect()
}

/// Returns the pack with strengths and base rates as these cases give them, and as judged where they give none.
pub(in crate::evaluation) fn fitted(cases: &[&Case], knowledge: &KnowledgeBase) -> KnowledgeBase {
    let mut fitted = knowledge.clone();
    fit(cases.iter().copied(), knowledge).apply(&mut fitted);
    fitted
}
