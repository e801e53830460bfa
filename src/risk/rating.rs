//! Ratings: severity and detectability after the rules that change them.

use super::evidence::{Claim, Claimed};
use super::{Adjustment, PerWorld, World};
use crate::inference::InstanceId;
use crate::model::{Change, Rating};

/// Returns a rating in each world: the base value, or the largest of the values that rules set it to,
/// plus what rules raise it by, less what they lower it by, within 1..=10.
///
/// A `set` that may not fire could move the rating either way, so in the low world it counts at its
/// least if that is below the base, in the high world at its most if that is above.
pub(crate) fn rate(base: f64, rating: Rating, claims: &[Claimed<'_>]) -> PerWorld<f64> {
    PerWorld::from_fn(|world| rate_in(base, rating, claims, world))
}

/// Returns the rating in one world.
pub(crate) fn rate_in(base: f64, rating: Rating, claims: &[Claimed<'_>], world: World) -> f64 {
    let of = |change: Change| {
        let claim = Claim::Adjust(rating, change);
        claims.iter().map(|(_, effect)| *effect).filter(move |effect| effect.claim == claim)
    };
    let set = of(Change::Set).filter_map(|effect| *effect.weight.get(world)).map(|weight| weight.value);
    let set = set.max_by(f64::total_cmp);
    let start = match (world, set) {
        (World::Low, None) => of(Change::Set).map(|effect| effect.least).fold(base, f64::min),
        (World::High, Some(set)) if !of(Change::Set).any(|effect| effect.outcome.is_certain()) => base.max(set),
        (_, set) => set.unwrap_or(base),
    };
    let sum = |change: Change| of(change).filter_map(|effect| *effect.weight.get(world)).map(|weight| weight.value);
    let raised = sum(Change::Raise).fold(start, |rating, by| rating + by);
    sum(Change::Lower).fold(raised, |rating, by| rating - by).clamp(1.0, 10.0)
}

/// Returns the changes that rules make or may make to a mode's ratings, by rating and rule.
pub(crate) fn adjustments(claims: &[Claimed<'_>]) -> Vec<Adjustment> {
    let estimate_of = |effect: &super::evidence::Effect| effect.weight.estimate.map(|weight| weight.value);
    let largest_set = |rating: Rating| {
        let sets = claims.iter().filter(|(_, effect)| effect.claim == Claim::Adjust(rating, Change::Set));
        sets.filter_map(|(_, effect)| estimate_of(effect)).max_by(f64::total_cmp)
    };
    let mut adjustments = Vec::new();
    for (rule, effect) in claims {
        let Claim::Adjust(rating, change) = effect.claim else { continue };
        let ends = [effect.weight.low, effect.weight.high].map(|weight| weight.map(|weight| weight.value));
        let [low, high] = match change {
            Change::Raise => [ends[0].unwrap_or(0.0), ends[1].unwrap_or(0.0)],
            Change::Lower => [ends[1].unwrap_or(0.0), ends[0].unwrap_or(0.0)],
            Change::Set => [effect.least, ends[1].unwrap_or(effect.least)],
        };
        let estimate = estimate_of(effect);
        let overruled = change == Change::Set && estimate < largest_set(rating);
        let instance = effect.weight.estimate.and_then(|weight| u32::try_from(weight.instance).ok());
        adjustments.push(Adjustment {
            rating,
            change,
            rule: *rule,
            outcome: effect.outcome,
            instance: instance.map(|place| InstanceId { rule: *rule, place }),
            amount: PerWorld { low, estimate: estimate.unwrap_or(0.0), high },
            counted: estimate.is_some() && !overruled,
        });
    }
    adjustments.sort_by_key(|adjustment| (adjustment.rating, adjustment.rule, adjustment.change));
    adjustments
}
