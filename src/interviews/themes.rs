//! What was spoken of, by whom, and what together.

use super::{Interview, Material};
use crate::metrics::{Interval, share_interval};
use crate::model::{KnowledgeBase, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// A share of things counted, such as interviews.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// With what was looked for, such as a code.
    pub hits: usize,
    /// All.
    pub of: usize,
    /// Wilson's interval.
    pub interval: Option<Interval>,
}

impl Share {
    /// Returns a share with Wilson's interval.
    pub fn new(hits: usize, of: usize) -> Self {
        Self { hits, of, interval: share_interval(hits as u64, of as u64) }
    }
}

/// How often codes were given.
#[derive(Clone, Debug)]
pub struct Themes {
    /// Interviews of each role that speaks, in the order of the roles.
    pub roles: Vec<(&'static str, usize)>,
    /// Segments on each phase, in the order of the phases.
    pub phases: Vec<(&'static str, usize)>,
    /// Segments.
    pub segments: usize,
    /// Segments without a code.
    pub uncoded: usize,
    /// Each code, those of most interviews first.
    pub codes: Vec<CodeCount>,
}

/// How often a code was given.
#[derive(Clone, Debug)]
pub struct CodeCount {
    /// The code.
    pub code: String,
    /// `mode`, `factor` or `theme`.
    pub kind: &'static str,
    /// What it means.
    pub title: String,
    /// Segments with it.
    pub segments: usize,
    /// Interviews with it.
    pub interviews: Share,
    /// The same of each role that speaks.
    pub by_role: Vec<(&'static str, Share)>,
    /// Segments with it on each phase.
    pub by_phase: Vec<(&'static str, usize)>,
}

/// Counts codes by role and phase. What counts for a share is interviews, since one who says a thing often is one.
pub fn themes(material: &Material, knowledge: &KnowledgeBase) -> Themes {
    let interviews = &material.interviews;
    let segments = || interviews.iter().flat_map(|interview| &interview.segments);
    let spoken = |role: &&'static str| interviews.iter().filter(|interview| interview.role == *role).count();
    let roles = super::ROLES.iter().map(|role| (*role, spoken(role))).filter(|(_, count)| *count > 0);
    let roles: Vec<(&'static str, usize)> = roles.collect();
    let on = |phase: &&'static str| segments().filter(|segment| segment.phase == *phase).count();
    let phases = super::PHASES.iter().map(|phase| (*phase, on(phase))).filter(|(_, count)| *count > 0);
    let phases: Vec<(&'static str, usize)> = phases.collect();
    let codes: BTreeSet<&str> = interviews.iter().flat_map(codes_of).collect();
    let mut codes: Vec<CodeCount> = codes
        .into_iter()
        .map(|code| {
            let with = |interview: &&Interview| codes_of(interview).contains(code);
            let of_role = |role: &'static str| interviews.iter().filter(move |interview| interview.role == role);
            let here = || segments().filter(|segment| segment.codes.iter().any(|other| other.value == code));
            let (kind, title) = meaning(code, material, knowledge);
            CodeCount {
                code: code.to_owned(),
                kind,
                title,
                segments: here().count(),
                interviews: Share::new(interviews.iter().filter(with).count(), interviews.len()),
                by_role: roles
                    .iter()
                    .map(|(role, all)| (*role, Share::new(of_role(role).filter(with).count(), *all)))
                    .collect(),
                by_phase: phases
                    .iter()
                    .map(|(phase, _)| (*phase, here().filter(|segment| segment.phase == *phase).count()))
                    .collect(),
            }
        })
        .collect();
    // Sorting keeps the order of names among those that are as frequent.
    codes.sort_by_key(|count| std::cmp::Reverse((count.interviews.hits, count.segments)));
    let uncoded = segments().filter(|segment| segment.codes.is_empty()).count();
    Themes { roles, phases, segments: segments().count(), uncoded, codes }
}

/// Returns the codes of an interview, each once.
pub(super) fn codes_of(interview: &Interview) -> BTreeSet<&str> {
    interview.segments.iter().flat_map(|segment| &segment.codes).map(|code| code.value.as_str()).collect()
}

/// A theme of a file that is called as something in the pack means what the pack says.
fn meaning(code: &str, material: &Material, knowledge: &KnowledgeBase) -> (&'static str, String) {
    match knowledge.nodes.named(code) {
        Some(node) => match node.kind {
            NodeKind::Mode { .. } => ("mode", node.title.clone()),
            NodeKind::Factor => ("factor", node.title.clone()),
        },
        None => ("theme", material.themes.get(code).map(|meaning| meaning.value.clone()).unwrap_or_default()),
    }
}

/// Two codes that stand on one segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// The two, in alphabetical order.
    pub codes: (String, String),
    /// Segments with both.
    pub both: usize,
    /// Segments with at least one.
    pub either: usize,
}

impl Together {
    /// Returns both over either, from 0 to 1: the index of Jaccard (1901).
    pub fn jaccard(&self) -> f64 {
        self.both as f64 / self.either as f64
    }
}

/// Returns the codes that stand on one segment at least once, the most frequent pairs first, then the closest.
pub fn together(material: &Material) -> Vec<Together> {
    let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for segment in material.interviews.iter().flat_map(|interview| &interview.segments) {
        let codes: BTreeSet<&str> = segment.codes.iter().map(|code| code.value.as_str()).collect();
        for (place, code) in codes.iter().enumerate() {
            *alone.entry(code).or_default() += 1;
            for other in codes.iter().skip(place + 1) {
                *pairs.entry((code, other)).or_default() += 1;
            }
        }
    }
    let of = |code: &str| alone.get(code).copied().unwrap_or(0);
    let together = |((first, second), both): ((&str, &str), usize)| Together {
        codes: (first.to_owned(), second.to_owned()),
        both,
        either: of(first) + of(second) - both,
    };
    let mut found: Vec<Together> = pairs.into_iter().map(together).collect();
    found.sort_by(|a, b| b.both.cmp(&a.both).then(b.jaccard().total_cmp(&a.jaccard())));
    found
}
