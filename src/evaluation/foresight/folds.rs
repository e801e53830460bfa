//! From which cases something is learnt before a case is judged.

use super::known::Known;
use super::methods::{Forecast, Learnt, Method, View};
use crate::corpus::Case;
use crate::corpus::fit::fit;
use crate::model::KnowledgeBase;
use rayon::prelude::*;

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

/// A tier of what is seen, a way to leave cases out, and what is said of each judged case.
pub(super) type Fold = (bool, LeftOut, Vec<Forecasts>);

/// Returns what every method says of each judged case, learning from those of the others that are not left out: for both
/// tiers, without and with causes, and both ways to leave out. A way that leaves nothing to learn from is missing.
pub(super) fn folds(judged: &[Known<'_>], others: &[Known<'_>], knowledge: &KnowledgeBase) -> Vec<Fold> {
    let views = [false, true].map(|with_causes| (with_causes, View::of(others, with_causes)));
    // Both tiers of both ways for one case, so that the pack is fitted once for what is left out.
    let one = |case: &Known<'_>| -> [Option<[Forecasts; 2]>; 2] {
        let alone = kept(others, case, LeftOut::Case);
        let apart = kept(others, case, LeftOut::System);
        let forecast = |kept: &[usize]| {
            let cases: Vec<&Case> = kept.iter().map(|place| others[*place].case).collect();
            let knowledge = fitted(&cases, knowledge);
            (!kept.is_empty()).then(|| {
                views.each_ref().map(|(_, view)| {
                    let learnt = Learnt::from(view, kept, &knowledge);
                    let made = Method::ALL.iter().map(|method| learnt.forecast(*method, case)).collect();
                    (made, learnt.threshold())
                })
            })
        };
        let made = forecast(&alone);
        let made_apart = if apart == alone { made.clone() } else { forecast(&apart) };
        [made, made_apart]
    };
    let made: Vec<[Option<[Forecasts; 2]>; 2]> = judged.par_iter().map(one).collect();
    let fold = |tier: usize, way: usize| -> Option<Vec<Forecasts>> {
        made.iter().map(|case| Some(case.get(way)?.as_ref()?.get(tier)?.clone())).collect()
    };
    let mut folds = Vec::new();
    for (tier, (with_causes, _)) in views.iter().enumerate() {
        for (way, left_out) in [LeftOut::Case, LeftOut::System].into_iter().enumerate() {
            folds.extend(fold(tier, way).filter(|made| !made.is_empty()).map(|made| (*with_causes, left_out, made)));
        }
    }
    folds
}

/// Returns the places of the cases that are not left out.
fn kept(others: &[Known<'_>], judged: &Known<'_>, left_out: LeftOut) -> Vec<usize> {
    (0..others.len()).filter(|place| !left_out.leaves_out(&others[*place], judged)).collect()
}

/// Returns the pack with strengths and base rates as these cases give them, and as judged where they give none.
pub(in crate::evaluation) fn fitted(cases: &[&Case], knowledge: &KnowledgeBase) -> KnowledgeBase {
    let mut fitted = knowledge.clone();
    fit(cases.iter().copied(), knowledge).apply(&mut fitted);
    fitted
}
