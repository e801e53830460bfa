//! Which cases have which modes and factors.

use crate::corpus::case::Case;
use crate::model::{KnowledgeBase, NodeId, Tally};
use std::collections::{BTreeMap, BTreeSet};

/// Which cases have which modes and factors of a pack.
pub(super) struct Presence {
    cases: u64,
    /// For each node, the positions of the cases that have it.
    having: BTreeMap<NodeId, BTreeSet<usize>>,
    /// For each factor and the mode for which it is named: how many cases confirm it, of how many that name it.
    named: BTreeMap<(NodeId, NodeId), Tally>,
}

impl Presence {
    /// Looks through cases; those without a code of the pack are passed over.
    pub(super) fn of<'a>(cases: impl IntoIterator<Item = &'a Case>, knowledge: &KnowledgeBase) -> Self {
        let mut found = Presence { cases: 0, having: BTreeMap::new(), named: BTreeMap::new() };
        for (position, case) in cases.into_iter().enumerate() {
            // A source that confirms a factor once confirms it, even if a case names a mode twice.
            let mut named: BTreeMap<(NodeId, NodeId), bool> = BTreeMap::new();
            let mut codes: BTreeSet<NodeId> = BTreeSet::new();
            for coding in &case.modes {
                let mode = knowledge.nodes.find(&coding.mode.value);
                codes.extend(mode);
                for (factor, confirmed) in &coding.factors {
                    let Some(factor) = knowledge.nodes.find(&factor.value) else { continue };
                    codes.insert(factor);
                    if let Some(mode) = mode {
                        *named.entry((factor, mode)).or_default() |= confirmed;
                    }
                }
            }
            found.cases += u64::from(!codes.is_empty());
            for code in codes {
                found.having.entry(code).or_default().insert(position);
            }
            for (pair, confirmed) in named {
                let tally = found.named.entry(pair).or_insert(Tally { hits: 0, of: 0 });
                tally.of += 1;
                tally.hits += u64::from(confirmed);
            }
        }
        found
    }

    /// Returns how many cases have a code of the pack.
    pub(super) fn cases(&self) -> u64 {
        self.cases
    }

    /// Returns how many cases have a mode or factor.
    pub(super) fn with(&self, node: NodeId) -> u64 {
        self.having.get(&node).map_or(0, |cases| cases.len() as u64)
    }

    /// Returns how many cases confirm a factor for a mode, of those that name it for that mode.
    pub(super) fn named(&self, factor: NodeId, mode: NodeId) -> Tally {
        self.named.get(&(factor, mode)).copied().unwrap_or(Tally { hits: 0, of: 0 })
    }

    /// Returns how many of the cases with a cause have an effect, and how many of those without.
    pub(super) fn effect_with_and_without(&self, cause: NodeId, effect: NodeId) -> (Tally, Tally) {
        let both = match (self.having.get(&cause), self.having.get(&effect)) {
            (Some(causes), Some(effects)) => causes.intersection(effects).count() as u64,
            _ => 0,
        };
        let (with, effects) = (self.with(cause), self.with(effect));
        (Tally { hits: both, of: with }, Tally { hits: effects - both, of: self.cases - with })
    }
}
