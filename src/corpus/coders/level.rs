//! The levels at which codings are compared, and what one coding says at each.

use super::CodedCase;
use crate::corpus::table::status;
use crate::model::{KnowledgeBase, NodeKind};
use std::collections::BTreeMap;

/// A level of coding.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    /// Its name in machine formats.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What one decision is.
    pub decision: Decision,
    said: fn(&CodedCase, &KnowledgeBase) -> Option<Said>,
}

/// What a coder decides at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// One code for the case.
    One,
    /// For each code that some coder gave some case, whether it is given or not.
    Presence,
    /// For each code, a word about it; none where the coder did not give the code.
    Word,
}

impl Decision {
    /// Returns the name in machine formats.
    pub fn word(self) -> &'static str {
        match self {
            Decision::One => "one_code",
            Decision::Presence => "presence",
            Decision::Word => "word",
        }
    }
}

/// What a coding says: for each code (of one-code levels: for the case itself, without a name) the choice.
pub(super) type Said = BTreeMap<String, String>;

/// All levels, from the outside of a case to the causes.
pub(super) const LEVELS: [Level; 7] = [
    Level { name: "domain", title: "clinical domain", decision: Decision::One, said: domain },
    Level { name: "evidence", title: "kind of evidence", decision: Decision::One, said: evidence },
    Level { name: "category", title: "failure categories", decision: Decision::Presence, said: categories },
    Level { name: "main_mode", title: "main failure mode", decision: Decision::One, said: main_mode },
    Level { name: "mode", title: "failure modes", decision: Decision::Presence, said: modes },
    Level { name: "factor", title: "causal factors", decision: Decision::Presence, said: factors },
    Level { name: "status", title: "confirmed or suspected", decision: Decision::Word, said: statuses },
];

impl Level {
    /// Returns what a coding says at the level; none where the coder left it open.
    pub(super) fn said(&self, coding: &CodedCase, knowledge: &KnowledgeBase) -> Option<Said> {
        (self.said)(coding, knowledge)
    }
}

fn one(code: &str) -> Said {
    Said::from([(String::new(), code.to_owned())])
}

fn given<'a>(codes: impl IntoIterator<Item = &'a str>) -> Said {
    codes.into_iter().map(|code| (code.to_owned(), "given".to_owned())).collect()
}

fn domain(coding: &CodedCase, _: &KnowledgeBase) -> Option<Said> {
    coding.domain.map(one)
}

fn evidence(coding: &CodedCase, _: &KnowledgeBase) -> Option<Said> {
    coding.evidence.map(one)
}

fn categories(coding: &CodedCase, knowledge: &KnowledgeBase) -> Option<Said> {
    let category = |mode: &str| match knowledge.nodes.named(mode)?.kind {
        NodeKind::Mode { category, .. } => Some(knowledge.categories[category].id.as_str()),
        NodeKind::Factor => None,
    };
    Some(given(coding.modes.as_ref()?.iter().filter_map(|coded| category(&coded.mode.value))))
}

fn main_mode(coding: &CodedCase, _: &KnowledgeBase) -> Option<Said> {
    let main = coding.modes.as_ref()?.first();
    Some(one(main.map_or("none", |coded| &coded.mode.value)))
}

fn modes(coding: &CodedCase, _: &KnowledgeBase) -> Option<Said> {
    Some(given(coding.modes.as_ref()?.iter().map(|coded| coded.mode.value.as_str())))
}

fn factors(coding: &CodedCase, _: &KnowledgeBase) -> Option<Said> {
    let factors = coding.modes.as_ref()?.iter().flat_map(|coded| &coded.factors);
    Some(given(factors.map(|(factor, _)| factor.value.as_str())))
}

/// A factor under several modes is confirmed if it is under one of them.
fn statuses(coding: &CodedCase, _: &KnowledgeBase) -> Option<Said> {
    let mut said = Said::new();
    for (factor, confirmed) in coding.modes.as_ref()?.iter().flat_map(|coded| &coded.factors) {
        let before = said.get(&factor.value).is_some_and(|word| word == status(true));
        said.insert(factor.value.clone(), status(*confirmed || before).to_owned());
    }
    Some(said)
}
