//! Predictive validity: what would have been foreseen of each case from what was knowable before, and was it?
//!
//! No case is judged by what was learnt from it: strengths, base rates and the models beside the expert system are learnt
//! anew for each from all other cases. Two tiers are kept apart. In the strict one a method sees what a buyer knows. In
//! the other it also sees those coded factors that somebody could have asked about before go-live; but they were coded in
//! hindsight, as parts of the failure they led to, which flatters every method alike.

mod folds;
mod knowable;
mod known;
mod logistic;
mod measures;
mod methods;

use crate::corpus::Case;
use crate::metrics::{Interval, each_draw, percentiles};
use crate::model::{KnowledgeBase, NodeId};
use crate::risk::RiskError;
pub(super) use folds::fitted;
use folds::{Fold, Forecasts, LeftOut, folds};
pub(super) use knowable::coded_factors;
use knowable::knowable_factors;
use known::Known;
pub use measures::{Confusion, Measure};
use measures::{Marks, best};
use methods::Forecast;
pub use methods::Method;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// What was foreseen.
#[derive(Clone, Debug)]
pub struct Foresight {
    /// How many cases were judged: those that show a mode of the pack.
    pub judged: usize,
    /// Cases that show no mode of the pack, or whose main mode it does not have.
    pub without_main: usize,
    /// How many cases there are to learn from, before any is left out.
    pub learnt_from: usize,
    /// Modes of the pack.
    pub modes: usize,
    /// Of all pairs of a case and a mode, those in which the mode came.
    pub came: usize,
    /// Factors of the pack.
    pub factors: usize,
    /// Of them those that can be known before go-live, by name.
    pub knowable: Vec<String>,
    /// How often cases were drawn again.
    pub draws: u32,
    /// Each tier, with each way to leave cases out.
    pub tiers: Vec<Tier>,
}

/// One tier, with one way to leave cases out.
#[derive(Clone, Debug)]
pub struct Tier {
    /// Whether factors coded in hindsight count as known.
    pub with_causes: bool,
    /// Whether all cases of the same system are left out, and not the judged case alone.
    pub by_system: bool,
    /// Modes that enough cases show for an AUROC of their own.
    pub modes_with_auroc: usize,
    /// The mean of the scores from which on a mode counted as foretold, each found without the case.
    pub threshold: f64,
    /// Each method, the expert system first.
    pub methods: Vec<MethodFigures>,
    /// What the expert system said of each case, by name of the case.
    pub said: Vec<Said>,
}

/// The figures of a method.
#[derive(Clone, Debug)]
pub struct MethodFigures {
    /// The method.
    pub method: Method,
    /// Each measure.
    pub figures: Vec<(Measure, Figure)>,
    /// Pairs of case and mode.
    pub confusion: Confusion,
}

impl MethodFigures {
    /// Returns a measure.
    pub fn figure(&self, measure: Measure) -> Option<&Figure> {
        self.figures.iter().find(|(of, _)| *of == measure).map(|(_, figure)| figure)
    }
}

/// A measure of a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its value; none where it is undefined.
    pub value: Option<f64>,
    /// Where it may lie, by drawing cases again.
    pub interval: Option<Interval>,
    /// How much more it is than that of the expert system, on the same cases; none for the expert system itself.
    pub beyond_expert: Option<(f64, Option<Interval>)>,
}

/// What was said of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The case.
    pub case: String,
    /// The modes held most likely, three at the most.
    pub first: Vec<String>,
    /// The rank of the main mode, from 1; none where the pack does not have it.
    pub rank_of_main: Option<usize>,
}

/// Returns what would have been foreseen of the cases, learning from others.
///
/// # Errors
/// `I001 too-many-instances` where the pack is too large.
pub fn foresight(
    judged: &[&Case],
    others: &[&Case],
    knowledge: &KnowledgeBase,
    draws: u32,
    seed: u64,
) -> Result<Foresight, RiskError> {
    let factors = knowable_factors(knowledge);
    let judged = seen(judged, knowledge, &factors)?;
    let others = seen(others, knowledge, &factors)?;
    // A case of which the pack has no mode can be foretold by nobody; coverage tells of it.
    let judged: Vec<Known<'_>> = judged.into_iter().filter(|case| case.came.contains(&true)).collect();
    let tiers = folds(&judged, &others, knowledge, seed).into_iter().map(|fold| {
        let (methods, modes_with_auroc) = methods(&judged, &fold, draws, seed);
        Tier {
            with_causes: fold.with_causes,
            by_system: fold.left_out == LeftOut::System,
            modes_with_auroc,
            threshold: fold.made.iter().map(|(_, threshold)| threshold).sum::<f64>() / fold.made.len().max(1) as f64,
            methods,
            said: said(&judged, &fold.made, knowledge),
        }
    });
    let tiers = tiers.collect();
    Ok(Foresight {
        judged: judged.len(),
        without_main: judged.iter().filter(|case| case.main.is_none()).count(),
        learnt_from: others.len(),
        modes: knowledge.modes().count(),
        came: judged.iter().flat_map(|case| &case.came).filter(|came| **came).count(),
        factors: knowledge.factors().count(),
        knowable: factors.iter().map(|factor| knowledge.nodes[*factor].id.clone()).collect(),
        draws,
        tiers,
    })
}

/// Returns cases as methods see them, by name, so that their order does not matter.
fn seen<'a>(
    cases: &[&'a Case],
    knowledge: &KnowledgeBase,
    factors: &BTreeSet<NodeId>,
) -> Result<Vec<Known<'a>>, RiskError> {
    let mut seen: Vec<Known<'a>> =
        cases.par_iter().map(|case| Known::of(case, knowledge, factors)).collect::<Result<_, _>>()?;
    seen.sort_by(|left, right| left.case.id.value.cmp(&right.case.id.value));
    Ok(seen)
}

/// Returns the figures of every method, and how many modes have an AUROC of their own.
fn methods(judged: &[Known<'_>], fold: &Fold, draws: u32, seed: u64) -> (Vec<MethodFigures>, usize) {
    let of = |place: usize| {
        let made: Vec<(&Forecast, f64)> =
            fold.made.iter().filter_map(|(all, threshold)| Some((all.get(place)?, *threshold))).collect();
        let of_group = fold.groups.iter().map(|group| {
            let own = group.iter().filter_map(|(case, all)| Some((*case, all.get(place)?)));
            own.collect::<Vec<(usize, &Forecast)>>()
        });
        Marks::of(judged, &made, &of_group.collect::<Vec<_>>())
    };
    let marks: Vec<Marks> = (0..Method::ALL.len()).map(of).collect();
    let once = vec![1; judged.len()];
    let figures = figures(&marks, judged.len(), draws, seed);
    let methods = Method::ALL.into_iter().zip(&marks).zip(figures).map(|((method, own), figures)| MethodFigures {
        method,
        figures,
        confusion: own.confusion(&once),
    });
    (methods.collect(), marks.first().map_or(0, Marks::modes))
}

/// Returns what the expert system said of each case.
fn said(judged: &[Known<'_>], made: &[Forecasts], knowledge: &KnowledgeBase) -> Vec<Said> {
    let names: Vec<&str> = knowledge.modes().map(|(_, mode)| mode.id.as_str()).collect();
    let one = |(case, (made, _)): (&Known<'_>, &Forecasts)| {
        let order = made.first().map(|made| best(made)).unwrap_or_default();
        Said {
            case: case.case.id.value.clone(),
            first: order.iter().take(3).filter_map(|mode| names.get(*mode)).map(|name| (*name).to_owned()).collect(),
            rank_of_main: case.main.and_then(|main| order.iter().position(|mode| *mode == main)).map(|rank| rank + 1),
        }
    };
    judged.iter().zip(made).map(one).collect()
}

/// Every measure of every method, and as often the difference to the expert system.
const STATISTICS: usize = 2 * METHODS * KINDS;
const METHODS: usize = Method::ALL.len();
const KINDS: usize = Measure::ALL.len();

/// Returns every measure of every method with its interval and the difference to the expert system, which is the first.
/// All see the same draws, so that differences are paired.
fn figures(marks: &[Marks], cases: usize, draws: u32, seed: u64) -> Vec<Vec<(Measure, Figure)>> {
    let values = |times: &[u32]| -> [Option<f64>; STATISTICS] {
        let mut values = [None; STATISTICS];
        for (method, marks) in marks.iter().enumerate() {
            for (kind, measure) in Measure::ALL.into_iter().enumerate() {
                let value = marks.value(measure, times);
                values[method * KINDS + kind] = value;
                values[(METHODS + method) * KINDS + kind] = value.zip(values[kind]).map(|(own, expert)| own - expert);
            }
        }
        values
    };
    let value = values(&vec![1; cases]);
    let mut drawn: [Vec<f64>; STATISTICS] = each_draw(cases, draws, seed, "evaluation", values);
    let mut with_ends = |place: usize| {
        let value = value[place]?;
        Some((value, percentiles(value, std::mem::take(&mut drawn[place]), draws)))
    };
    let mut figure = |method: usize, kind: usize| {
        let (value, interval) = with_ends(method * KINDS + kind).unzip();
        let beyond_expert = if method == 0 { None } else { with_ends((METHODS + method) * KINDS + kind) };
        Figure { value, interval: interval.flatten(), beyond_expert }
    };
    (0..marks.len())
        .map(|method| Measure::ALL.into_iter().enumerate().map(|(kind, of)| (of, figure(method, kind))).collect())
        .collect()
}
