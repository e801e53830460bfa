//! What a change can move: the rules that read it, directly or through findings.

use std::collections::BTreeSet;

use super::evidence::nodes_of;
use crate::inference::run::Run;
use crate::inference::schedule::{Stratum, conclusions};
use crate::model::{FindingId, NodeId, Phase, RuleId};

/// The part of a phase that a change can move.
#[derive(Clone, Debug)]
pub(crate) struct Touched {
    /// Rules that read what changes themselves, ascending.
    pub(crate) readers: Vec<RuleId>,
    /// Rules that read it, directly or through findings, and those that conclude one of these findings
    /// as well; ascending.
    pub(crate) rules: BTreeSet<RuleId>,
    /// The findings that may change.
    pub(crate) findings: BTreeSet<FindingId>,
    /// `rules`, stratum by stratum.
    pub(crate) strata: Vec<Stratum>,
    /// The nodes that `rules` make claims about.
    pub(crate) nodes: BTreeSet<NodeId>,
}

impl Touched {
    /// Returns what these rules, which read what changes, can move within a phase. Rules of other phases
    /// among them are left out.
    pub(crate) fn by(run: &Run<'_>, phase: Phase, readers: impl IntoIterator<Item = RuleId>) -> Self {
        let knowledge = run.knowledge;
        let in_phase = |rule: &RuleId| knowledge.rules[*rule].phase == phase;
        let mut readers: Vec<RuleId> = readers.into_iter().filter(in_phase).collect();
        readers.sort();
        readers.dedup();
        let mut rules: BTreeSet<RuleId> = readers.iter().copied().collect();
        let mut findings = BTreeSet::new();
        let mut waiting = readers.clone();
        while let Some(rule) = waiting.pop() {
            for finding in conclusions(&knowledge.rules[rule]).filter(|&finding| findings.insert(finding)) {
                let moved = run.schedule.readers_of_finding[finding.index()].iter().copied().filter(in_phase);
                waiting.extend(moved.filter(|&reader| rules.insert(reader)));
            }
        }
        for &finding in &findings {
            rules.extend(knowledge.findings[finding].concluded_by.iter().copied().filter(in_phase));
        }
        let strata = run.schedule.strata(phase).filter_map(|stratum| {
            let rules: Vec<RuleId> = stratum.rules.iter().copied().filter(|rule| rules.contains(rule)).collect();
            (!rules.is_empty()).then_some(Stratum { rules, recursive: stratum.recursive })
        });
        let strata = strata.collect();
        let nodes = rules.iter().flat_map(|&rule| nodes_of(&knowledge.rules[rule])).collect();
        Self { readers, rules, findings, strata, nodes }
    }
}
