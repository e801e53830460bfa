//! How each kind of figure is counted.

use super::presence::Presence;
use super::{Estimate, FigureOf, FittedFigure, Method, Silence};
use crate::metrics::{Interval, beta_interval, mover_ratio};
use crate::model::{Basis, Counted, KnowledgeBase, Node, NodeId, Tally};

/// Fewer cases than this that name a factor for a mode say nothing of its strength.
pub const LEAST_NAMED: u64 = 5;
/// With fewer cases than this with the cause, or without it, they are not compared.
pub const LEAST_WITH_CAUSE: u64 = 10;
/// How many cases the judged shares of the modes count for: about as many as were coded when this was settled. How often a
/// mode is written about is a weak witness of how often it comes about, so judgement and cases weigh alike then, and
/// cases gain weight as they come.
pub const PRIOR_CASES: f64 = 150.0;

/// Returns the strength of a link.
pub(super) fn strength(presence: &Presence, cause: NodeId, effect: NodeId, judged: f64) -> Result<Estimate, Silence> {
    let named = presence.named(cause, effect);
    let with = presence.with(cause);
    if named.of >= LEAST_NAMED {
        let (value, ends) = share_shown(named).ok_or(Silence::FewNamed(named.of))?;
        let counted = Counted { share: named, against: None, interval: (ends.low, ends.high), judged };
        return Ok(Estimate { method: Method::Shown, value, counted });
    }
    if with == 0 || presence.with(effect) == 0 {
        return Err(Silence::NotCoded);
    }
    // A factor that is only ever named for this mode has it in every case, since factors are coded inside of modes.
    if named.of == with {
        return Err(Silence::FewNamed(named.of));
    }
    let (with, without) = presence.effect_with_and_without(cause, effect);
    let too_few = Silence::FewToCompare { with: with.of, without: without.of };
    if with.of.min(without.of) < LEAST_WITH_CAUSE {
        return Err(too_few);
    }
    let (value, ends) = causal_power(with, without).ok_or(too_few)?;
    let interval = (ends.low, ends.high);
    if interval.0 <= 0.0 {
        return Err(Silence::NotBorneOut { with, without, value, interval });
    }
    let counted = Counted { share: with, against: Some(without), interval, judged };
    Ok(Estimate { method: Method::Power, value, counted })
}

/// Returns the share of a tally, smoothed after Jeffreys as (hits + 0.5) / (of + 1), with its 95 % interval: the middle
/// of the distribution Beta(hits + 0.5, of − hits + 0.5). None where nothing was counted.
///
/// # Source
/// Brown, Cai, DasGupta (2001) for the interval.
pub fn share_shown(tally: Tally) -> Option<(f64, Interval)> {
    let (hits, misses) = (tally.hits as f64 + 0.5, tally.of.checked_sub(tally.hits)? as f64 + 0.5);
    if tally.of == 0 {
        return None;
    }
    Some((hits / (hits + misses), beta_interval(hits, misses, "Jeffreys")?))
}

/// Returns the causal power (p₁ − p₀) / (1 − p₀) of a cause, with p₁ the share with the effect among cases with the cause
/// and p₀ that among the others, both smoothed after Jeffreys; and its 95 % interval. It is 1 − the ratio of the shares
/// without the effect, below 0 where the effect is rarer with the cause; the interval is held within −1..=1.
///
/// # Source
/// Cheng (1997); the interval is that of the ratio by MOVER from Jeffreys' intervals (Donner and Zou 2012; Laud 2017).
pub fn causal_power(with: Tally, without: Tally) -> Option<(f64, Interval)> {
    let absent = |tally: Tally| {
        let (share, ends) = share_shown(Tally { hits: tally.of.checked_sub(tally.hits)?, of: tally.of })?;
        Some((share, ends.low, ends.high))
    };
    let (spared_with, spared_without) = (absent(with)?, absent(without)?);
    let ratio = mover_ratio(spared_with, spared_without, "MOVER from Jeffreys")?;
    let ends = Interval { low: (1.0 - ratio.high).max(-1.0), high: (1.0 - ratio.low).min(1.0), ..ratio };
    Some((1.0 - spared_with.0 / spared_without.0, ends))
}

/// Returns the sum of the judged base rates of the modes that cases have, and the base rate of every mode: that sum times
/// the mode's share in what is documented, d(m) / Σ d with d(m) = (k + w·q) / (N + w). Of N cases k have the mode; the
/// judged shares count for w = [`PRIOR_CASES`] cases that have as many modes each as the real ones, of which q have this
/// mode. The interval is the middle of Beta(k + wq, N − k + w(1 − q)), scaled alike.
///
/// A mode that no case has takes no part: that nobody wrote of it does not say that it is rare.
pub(super) fn base_rates(presence: &Presence, knowledge: &KnowledgeBase) -> (f64, Vec<FittedFigure>) {
    let judged = |node: &Node| node.base_counted.map_or(node.base_rate, |counted| counted.judged);
    let silence = |mode: NodeId, node: &Node| match (node.about.basis, presence.with(mode)) {
        (Some(Basis::Published), _) => Some(Silence::Published),
        (_, 0) => Some(Silence::NotCoded),
        _ => (judged(node) <= 0.0).then_some(Silence::NothingJudged),
    };
    let shared = || knowledge.modes().filter(|(mode, node)| silence(*mode, node).is_none());
    let level: f64 = shared().map(|(_, node)| judged(node)).sum();
    let codings: u64 = shared().map(|(mode, _)| presence.with(mode)).sum();
    let modes_of_a_case = codings as f64 / presence.cases() as f64;
    let weight = |mode: NodeId, node: &Node| {
        // No mode can be in more than every case.
        presence.with(mode) as f64 + PRIOR_CASES * (modes_of_a_case * judged(node) / level).min(1.0)
    };
    let total: f64 = shared().map(|(mode, node)| weight(mode, node)).sum();
    let all = presence.cases() as f64 + PRIOR_CASES;
    let estimate = |mode: NodeId, node: &Node| {
        if let Some(silence) = silence(mode, node) {
            return Err(silence);
        }
        let of = weight(mode, node);
        // From a share of the cases to a base rate: d(m) / Σ d has N + w above and below.
        let scaled = |share: f64| (share * all * level / total).min(1.0);
        // Where every case has the only mode there is no spread.
        let ends = beta_interval(of, all - of, "beta").map_or((of / all, of / all), |ends| (ends.low, ends.high));
        let share = Tally { hits: presence.with(mode), of: presence.cases() };
        let interval = (scaled(ends.0), scaled(ends.1));
        let counted = Counted { share, against: None, interval, judged: judged(node) };
        Ok(Estimate { method: Method::Documented, value: scaled(of / all), counted })
    };
    let figures = knowledge.modes().map(|(mode, node)| FittedFigure {
        of: FigureOf::BaseRate(mode),
        in_pack: node.base_rate,
        in_pack_counted: node.base_counted,
        judged: judged(node),
        estimate: estimate(mode, node),
    });
    (level, figures.collect())
}
