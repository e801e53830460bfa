//! How far the pack has words for what is documented: at each level, and in each clinical domain.

use crate::corpus::{Case, Coding};
use crate::interviews::Share;
use crate::model::{KnowledgeBase, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// How many codes of the cases the pack has.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// Categories, modes and factors.
    pub levels: [LevelCoverage; 3],
    /// Cases of which the pack has every mode and factor.
    pub whole: Share,
    /// The same by clinical domain, with its levels.
    pub domains: Vec<(&'static str, [LevelCoverage; 3], Share)>,
    /// Codes that the pack does not have, by level and name.
    pub uncovered: Vec<Uncovered>,
}

/// How many codes of one level the pack has.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelCoverage {
    /// `category`, `mode` or `factor`.
    pub level: &'static str,
    /// Of all times that a code was given to a case.
    pub given: Share,
    /// Of the different codes.
    pub different: Share,
    /// Cases of which the pack has every code of this level.
    pub cases: Share,
}

/// A code that the pack does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    /// `category`, `mode` or `factor`.
    pub level: &'static str,
    /// The code.
    pub code: String,
    /// The cases that have it, by name.
    pub cases: Vec<String>,
}

const LEVELS: [&str; 3] = ["category", "mode", "factor"];

/// The codes of a case at each level, each once, and whether the pack has it.
type Codes<'a> = [BTreeMap<&'a str, bool>; 3];

/// Returns how far the pack has words for the cases.
pub fn coverage(cases: &[&Case], knowledge: &KnowledgeBase) -> Coverage {
    let codes: Vec<(&Case, Codes<'_>)> = cases.iter().map(|case| (*case, codes_of(case, knowledge))).collect();
    let all: Vec<&Codes<'_>> = codes.iter().map(|(_, codes)| codes).collect();
    let names: BTreeSet<&'static str> = cases.iter().map(|case| case.domain).collect();
    let domains = names.into_iter().map(|domain| {
        let own: Vec<&Codes<'_>> =
            codes.iter().filter(|(case, _)| case.domain == domain).map(|(_, codes)| codes).collect();
        (domain, levels(&own), whole(&own))
    });
    let mut uncovered: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
    for (case, codes) in &codes {
        for (level, codes) in codes.iter().enumerate() {
            for code in codes.iter().filter(|(_, is_known)| !**is_known).map(|(code, _)| *code) {
                uncovered.entry((level, code)).or_default().push(case.id.value.clone());
            }
        }
    }
    let uncovered = uncovered.into_iter().filter_map(|((level, code), mut cases)| {
        cases.sort();
        Some(Uncovered { level: LEVELS.get(level)?, code: code.to_owned(), cases })
    });
    Coverage { levels: levels(&all), whole: whole(&all), domains: domains.collect(), uncovered: uncovered.collect() }
}

fn codes_of<'a>(case: &'a Case, knowledge: &'a KnowledgeBase) -> Codes<'a> {
    let is = |code: &str, mode: bool| knowledge.nodes.named(code).is_some_and(|node| node.is_mode() == mode);
    let categories = case.modes.iter().filter_map(|coding| category(coding, knowledge));
    let modes = case.modes.iter().map(|coding| coding.mode.value.as_str());
    [
        categories.map(|category| (category, knowledge.categories.named(category).is_some())).collect(),
        modes.map(|mode| (mode, is(mode, true))).collect(),
        case.factors().into_iter().map(|factor| (factor, is(factor, false))).collect(),
    ]
}

/// Returns the category of a mode: as the case says, else as the pack does.
fn category<'a>(coding: &'a Coding, knowledge: &'a KnowledgeBase) -> Option<&'a str> {
    let of_pack = || match knowledge.nodes.named(&coding.mode.value)?.kind {
        NodeKind::Mode { category, .. } => Some(knowledge.categories[category].id.as_str()),
        NodeKind::Factor => None,
    };
    coding.category.as_deref().or_else(of_pack)
}

fn levels(cases: &[&Codes<'_>]) -> [LevelCoverage; 3] {
    let at = |level: usize| {
        let codes = || cases.iter().filter_map(move |case| case.get(level));
        let given: Vec<bool> = codes().flat_map(|codes| codes.values().copied()).collect();
        let different: BTreeMap<&str, bool> = codes().flatten().map(|(code, is_known)| (*code, *is_known)).collect();
        LevelCoverage {
            level: LEVELS.get(level).copied().unwrap_or_default(),
            given: share(given),
            different: share(different.into_values()),
            cases: share(codes().map(|codes| codes.values().all(|is_known| *is_known))),
        }
    };
    [at(0), at(1), at(2)]
}

fn whole(cases: &[&Codes<'_>]) -> Share {
    share(cases.iter().map(|[_, modes, factors]| modes.values().chain(factors.values()).all(|is_known| *is_known)))
}

fn share(known: impl IntoIterator<Item = bool>) -> Share {
    let known: Vec<bool> = known.into_iter().collect();
    Share::new(known.iter().filter(|is_known| **is_known).count(), known.len())
}
