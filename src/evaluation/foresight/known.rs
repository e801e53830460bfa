//! A case as every method sees it: what was knowable, as signs and numbers, and, apart from that, what came.

use super::knowable::{coded_factors, facts, writes_text};
use crate::corpus::{Case, Stage, mean_at};
use crate::model::{KnowledgeBase, NodeId};
use crate::risk::{RiskError, evidence_of_rules};
use std::collections::{BTreeMap, BTreeSet};

/// A sign that fewer cases than this have is none to learn from.
const LEAST: usize = 3;

/// A case: what was knowable of it, and what came.
#[derive(Clone, Debug)]
pub(super) struct Known<'a> {
    pub case: &'a Case,
    /// What the rules say that fire on what was knowable, by node.
    pub rules: Vec<f64>,
    /// Factors that could be known beforehand, and how sure the source is of them.
    pub causes: Vec<(NodeId, f64)>,
    /// What it is, such as `domain pathology_laboratory`.
    signs: Vec<String>,
    /// Claimed AUROC, claimed sensitivity, and the decimal logarithm of the number of sites.
    numbers: [Option<f64>; 3],
    /// What came: whether it shows each mode of the pack, in the order of the pack.
    pub came: Vec<bool>,
    /// The place of the main mode among them; none where the pack does not have it.
    pub main: Option<usize>,
}

impl<'a> Known<'a> {
    /// Returns a case as methods see it. `knowable` are the factors that can be known before go-live.
    pub fn of(case: &'a Case, knowledge: &KnowledgeBase, knowable: &BTreeSet<NodeId>) -> Result<Self, RiskError> {
        let place = |code: &str| knowledge.modes().position(|(_, mode)| mode.id == code);
        let coded: BTreeSet<usize> = case.modes.iter().filter_map(|coding| place(&coding.mode.value)).collect();
        let claimed = |metric: &str| mean_at(case, Stage::Before, metric);
        let stated = |text: &Option<String>, sign: &str| text.as_ref().map(|_| sign.to_owned());
        let mut signs = vec![format!("domain {}", case.domain)];
        signs.extend(case.specialty.as_ref().map(|specialty| format!("specialty {}", specialty.to_lowercase())));
        signs.extend(case.system.kind.map(|kind| format!("kind {kind}")));
        signs.extend(writes_text(case).then(|| "writes text".to_owned()));
        signs.extend(stated(&case.system.architecture, "architecture stated"));
        signs.extend(stated(&case.system.training_data, "training data stated"));
        signs.extend(
            case.figures.iter().any(|figure| figure.stage == Stage::Before).then(|| "figure claimed".to_owned()),
        );
        Ok(Self {
            case,
            rules: evidence_of_rules(knowledge, &facts(case, knowledge))?,
            causes: coded_factors(case, knowledge, |node| knowable.contains(&node)),
            signs,
            numbers: [claimed("auroc"), claimed("sensitivity"), case.sites.map(|sites| (sites as f64).log10())],
            came: (0..knowledge.modes().count()).map(|mode| coded.contains(&mode)).collect(),
            main: case.modes.first().and_then(|coding| place(&coding.mode.value)),
        })
    }

    /// Returns what the system is called and, where it is sold, who makes it: cases that share one of these are about
    /// the same system.
    pub fn systems(&self) -> [Option<String>; 2] {
        let system = &self.case.system;
        let plain = |name: &String| name.split(['(', ',']).next().unwrap_or(name).trim().to_lowercase();
        let sold = system.kind == Some("proprietary");
        [system.name.as_ref().map(plain), system.developer.as_ref().filter(|_| sold).map(plain)]
    }

    fn weights(&self, with_causes: bool) -> BTreeMap<Sign<'_>, f64> {
        let signs = self.signs.iter().map(|sign| (Sign::Stated(sign), 1.0));
        let causes = self.causes.iter().filter(|_| with_causes).map(|(node, sure)| (Sign::Cause(*node), *sure));
        signs.chain(causes).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign<'a> {
    Stated(&'a str),
    Cause(NodeId),
}

/// The signs and numbers of the cases that are learnt from, as columns from 0 to 1.
#[derive(Debug)]
pub(super) struct Space<'a> {
    signs: Vec<Sign<'a>>,
    /// Least, greatest and mean of each number among those that state it.
    numbers: [Option<(f64, f64, f64)>; 3],
    with_causes: bool,
}

impl<'a> Space<'a> {
    /// Returns the columns of these cases: each sign that three of them have, and each number.
    pub fn of(cases: &'a [Known<'_>], with_causes: bool) -> Self {
        let mut times: BTreeMap<Sign<'a>, usize> = BTreeMap::new();
        for sign in cases.iter().flat_map(|case| case.weights(with_causes).into_keys()) {
            *times.entry(sign).or_default() += 1;
        }
        let numbers = std::array::from_fn(|place| {
            let stated: Vec<f64> = cases.iter().filter_map(|case| case.numbers[place]).collect();
            let of = |choose: fn(f64, f64) -> f64| stated.iter().copied().reduce(choose);
            Some((of(f64::min)?, of(f64::max)?, stated.iter().sum::<f64>() / stated.len() as f64))
        });
        let signs = times.into_iter().filter(|(_, times)| *times >= LEAST).map(|(sign, _)| sign).collect();
        Self { signs, numbers, with_causes }
    }

    /// Returns a case as a point of the space. A number that it does not state counts as the mean of the others.
    pub fn point(&self, case: &Known<'_>) -> Vec<f64> {
        let weights = case.weights(self.with_causes);
        let signs = self.signs.iter().map(|sign| weights.get(sign).copied().unwrap_or(0.0));
        let numbers = case.numbers.iter().zip(self.numbers).filter_map(|(stated, range)| {
            let (least, greatest, mean) = range.filter(|(least, greatest, _)| greatest > least)?;
            // What lies outside what was seen counts as the nearest that was.
            Some((stated.unwrap_or(mean).clamp(least, greatest) - least) / (greatest - least))
        });
        signs.chain(numbers).collect()
    }
}
