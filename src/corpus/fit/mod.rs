//! What the coded cases say of the figures of a pack: how strongly a cause brings its effect, and how often a mode is
//! documented beside the others.
//!
//! Cases are failures, so not everything can be read off them; docs/fit.md tells what each figure means, how it leans
//! and where the formulae are from. Whatever the cases do not give stays as it was judged, with the reason why.
//!
//! Nothing here opens a file. Start with [`fit`]; [`Fit::apply`] puts its figures into a knowledge base.

mod estimate;
mod presence;
mod table;
mod tell;
mod written;

use super::case::Case;
use crate::model::{Basis, Counted, KnowledgeBase, NodeId, Tally};
use presence::Presence;

pub use estimate::{LEAST_NAMED, LEAST_WITH_CAUSE, PRIOR_CASES, causal_power, share_shown};
pub use table::{fit_csv, fit_json};
pub use tell::tell_fit;

/// What cases say of every strength and every base rate of a pack.
#[derive(Clone, Debug)]
pub struct Fit {
    /// How many cases have a code of the pack.
    pub cases: u64,
    /// The sum of the judged base rates of the modes that cases have, which stays as it was judged.
    pub level: f64,
    /// Every link by cause and effect, then the base rate of every mode.
    pub figures: Vec<FittedFigure>,
}

/// One figure of a pack beside what the cases say of it.
#[derive(Clone, Debug)]
pub struct FittedFigure {
    /// Which figure.
    pub of: FigureOf,
    /// The figure in the pack.
    pub in_pack: f64,
    /// What the pack says that it was counted from.
    pub in_pack_counted: Option<Counted>,
    /// The figure as it was judged without counting.
    pub judged: f64,
    /// What the cases say, or why they say nothing.
    pub estimate: Result<Estimate, Silence>,
}

/// Which figure of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureOf {
    /// The strength of a link.
    Strength {
        /// What causes.
        cause: NodeId,
        /// What is caused.
        effect: NodeId,
    },
    /// The base rate of a mode.
    BaseRate(NodeId),
}

/// What the cases say of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// How it was counted.
    pub method: Method,
    /// The figure, 0..=1, not rounded.
    pub value: f64,
    /// Counts, interval and the judged figure.
    pub counted: Counted,
}

/// How a figure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Of the cases that name a factor for a mode, those whose source shows that it brought it.
    Shown,
    /// Cheng's causal power, from the cases with and without the cause.
    Power,
    /// The share of a mode in what is documented.
    Documented,
}

/// Why cases say nothing of a figure, so that it stays as it was judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Silence {
    /// The figure was read in a source.
    Published,
    /// No case has the cause, or the effect, or the mode.
    NotCoded,
    /// So few cases name the factor for this mode.
    FewNamed(u64),
    /// So few cases have the cause, or lack it.
    FewToCompare {
        /// With the cause.
        with: u64,
        /// Without.
        without: u64,
    },
    /// The effect is not clearly more frequent where the cause is.
    NotBorneOut {
        /// With the effect, of those with the cause.
        with: Tally,
        /// With the effect, of those without.
        without: Tally,
        /// The causal power, which may be below 0.
        value: f64,
        /// Its 95 % interval, within -1..=1.
        interval: (f64, f64),
    },
    /// The mode is judged to have no base rate, so it has no share of their sum.
    NothingJudged,
}

/// Returns what cases say of every strength and base rate of a pack. Cases without a code of the pack count for nothing;
/// their order does not matter.
pub fn fit<'a>(cases: impl IntoIterator<Item = &'a Case>, knowledge: &KnowledgeBase) -> Fit {
    let presence = Presence::of(cases, knowledge);
    let strengths = knowledge.nodes.iter().flat_map(|(cause, node)| {
        let presence = &presence;
        node.causes.iter().map(move |link| {
            let judged = link.counted.map_or(link.strength, |counted| counted.judged);
            let published = link.about.basis.or(node.about.basis) == Some(Basis::Published);
            let estimate = if published {
                Err(Silence::Published)
            } else {
                estimate::strength(presence, cause, link.effect, judged)
            };
            FittedFigure {
                of: FigureOf::Strength { cause, effect: link.effect },
                in_pack: link.strength,
                in_pack_counted: link.counted,
                judged,
                estimate,
            }
        })
    });
    let mut figures: Vec<FittedFigure> = strengths.collect();
    let (level, base_rates) = estimate::base_rates(&presence, knowledge);
    figures.extend(base_rates);
    Fit { cases: presence.cases(), level, figures }
}

impl Fit {
    /// Puts every figure into a knowledge base of the same nodes: as the cases give it, and else as it was judged.
    pub fn apply(&self, knowledge: &mut KnowledgeBase) {
        for figure in &self.figures {
            let value = figure.value();
            let counted = figure.estimate.as_ref().ok().map(|estimate| estimate.counted);
            match figure.of {
                FigureOf::Strength { cause, effect } => {
                    let links = knowledge.nodes[cause].causes.iter_mut();
                    for link in links.filter(|link| link.effect == effect) {
                        (link.strength, link.counted) = (value, counted);
                    }
                }
                FigureOf::BaseRate(mode) => {
                    let node = &mut knowledge.nodes[mode];
                    (node.base_rate, node.base_counted) = (value, counted);
                }
            }
        }
    }
}

impl Silence {
    /// Returns the word that programs read.
    pub fn word(&self) -> &'static str {
        match self {
            Silence::Published => "published",
            Silence::NotCoded => "not_coded",
            Silence::FewNamed(_) => "named_too_seldom",
            Silence::FewToCompare { .. } => "too_few_to_compare",
            Silence::NotBorneOut { .. } => "not_borne_out",
            Silence::NothingJudged => "nothing_judged",
        }
    }
}

impl Method {
    /// Every method, with the word that programs read.
    pub const ALL: [(Method, &'static str); 3] = [
        (Method::Shown, "shown_of_named"),
        (Method::Power, "causal_power"),
        (Method::Documented, "share_of_documented"),
    ];
}

impl FigureOf {
    /// Returns the names of cause and effect, or of the mode alone.
    pub fn names(self, knowledge: &KnowledgeBase) -> (&str, Option<&str>) {
        match self {
            FigureOf::Strength { cause, effect } => (&knowledge.nodes[cause].id, Some(&knowledge.nodes[effect].id)),
            FigureOf::BaseRate(mode) => (&knowledge.nodes[mode].id, None),
        }
    }

    /// Returns its name for people, such as `prevalence_shift → miscalibration`.
    pub fn shown(self, knowledge: &KnowledgeBase) -> String {
        match self.names(knowledge) {
            (cause, Some(effect)) => format!("{cause} → {effect}"),
            (mode, None) => mode.to_owned(),
        }
    }
}

impl FittedFigure {
    /// Returns the figure as the cases give it, and else as it was judged.
    pub fn value(&self) -> f64 {
        self.estimate.as_ref().map_or(self.judged, |estimate| estimate.value)
    }
}
