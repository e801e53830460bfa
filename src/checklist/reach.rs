//! From a declaration to the rules that read it, and on to the factors and modes that they speak about.

use super::place::Subject;
use crate::inference::content::{Part, walk_rule};
use crate::inference::schedule::{Schedule, conclusions};
use crate::model::{
    ActionKind, Condition, ConditionKind, FindingId, KnowledgeBase, MitigationId, NodeId, RelationId, Rule, RuleId,
};
use std::collections::BTreeSet;

/// Which rules read what, found once for a pack.
pub(super) struct Reach<'a> {
    knowledge: &'a KnowledgeBase,
    schedule: Schedule,
}

/// What a declaration leads to; every list is ascending.
#[derive(Default)]
pub(super) struct Reached {
    pub(super) rules: Vec<RuleId>,
    pub(super) through: Vec<RuleId>,
    pub(super) gates: Vec<RuleId>,
    pub(super) factors: Vec<NodeId>,
    pub(super) modes: Vec<NodeId>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(knowledge: &'a KnowledgeBase) -> Self {
        Self { knowledge, schedule: Schedule::new(knowledge) }
    }

    /// Returns what a declaration leads to.
    pub(super) fn of(&self, subject: Subject) -> Reached {
        let mut nodes = BTreeSet::new();
        let mut gates = Vec::new();
        let rules: BTreeSet<RuleId> = match subject {
            Subject::Input(input) => {
                gates = self.acting(|action| matches!(action, ActionKind::Require(required) if *required == input));
                self.schedule.readers_of_input[input.index()].iter().copied().collect()
            }
            Subject::Rule(rule) => BTreeSet::from([rule]),
            Subject::Relation(relation) => self.readers_of_relation(relation),
            Subject::Mitigation(mitigation) => {
                let addresses = &self.knowledge.mitigations[mitigation].addresses;
                nodes.extend(addresses.iter().map(|address| address.node));
                self.acting(|action| speaks_of(action, mitigation)).into_iter().collect()
            }
            Subject::StressTest(test) => {
                let test = &self.knowledge.stress_tests[test];
                nodes.extend(&test.probes);
                test.reads
                    .iter()
                    .flat_map(|input| self.schedule.readers_of_input[input.index()].iter().copied())
                    .collect()
            }
            Subject::Node(node) => {
                nodes.insert(node);
                self.acting(|action| touched(action) == Some(node)).into_iter().collect()
            }
            Subject::Other(_) => BTreeSet::new(),
        };
        let through = self.through(&rules);
        // A remedy, a test or a node says what it is about; an answer is about what the rules that read it touch.
        if nodes.is_empty() {
            nodes = self.touched_by(rules.iter().chain(&through));
        }
        let modes = self.nearest_modes(&nodes);
        let factors = nodes.into_iter().filter(|node| !self.knowledge.nodes[*node].is_mode()).collect();
        Reached {
            rules: rules.into_iter().collect(),
            through: through.into_iter().collect(),
            gates,
            factors,
            modes: modes.into_iter().collect(),
        }
    }

    /// Returns the rules that read what these conclude, directly or by way of more findings; not these themselves.
    fn through(&self, rules: &BTreeSet<RuleId>) -> BTreeSet<RuleId> {
        let mut found = rules.clone();
        let mut waiting: Vec<RuleId> = rules.iter().copied().collect();
        while let Some(rule) = waiting.pop() {
            let concluded = conclusions(&self.knowledge.rules[rule]).collect();
            waiting.extend(self.readers_of(&concluded).filter(|reader| found.insert(*reader)));
        }
        &found - rules
    }

    /// Returns the rules that read one of the findings; one that reads two of them comes twice.
    pub(super) fn readers_of(&self, findings: &BTreeSet<FindingId>) -> impl Iterator<Item = RuleId> {
        findings.iter().flat_map(|finding| self.schedule.readers_of_finding[finding.index()].iter().copied())
    }

    /// Returns the factors and modes that rules speak about.
    fn touched_by<'r>(&self, rules: impl Iterator<Item = &'r RuleId>) -> BTreeSet<NodeId> {
        let actions = rules.flat_map(|rule| &self.knowledge.rules[*rule].actions);
        actions.filter_map(|action| touched(&action.kind)).collect()
    }

    /// Returns the modes among the nodes, and the first modes on every way from the factors among them. What those
    /// modes bring in turn is left out: nearly every mode can bring some other one.
    fn nearest_modes(&self, nodes: &BTreeSet<NodeId>) -> BTreeSet<NodeId> {
        let mut seen = nodes.clone();
        let mut waiting: Vec<NodeId> = nodes.iter().copied().collect();
        let mut modes = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            let node = &self.knowledge.nodes[id];
            if node.is_mode() {
                modes.insert(id);
            } else {
                waiting.extend(node.causes.iter().map(|cause| cause.effect).filter(|effect| seen.insert(*effect)));
            }
        }
        modes
    }

    /// Returns the modes that one rule speaks about, or that factors that it speaks about bring.
    pub(super) fn modes_of(&self, rule: RuleId) -> BTreeSet<NodeId> {
        self.nearest_modes(&self.touched_by(std::iter::once(&rule)))
    }

    fn acting(&self, wanted: impl Fn(&ActionKind) -> bool) -> Vec<RuleId> {
        let acts = |rule: &Rule| rule.actions.iter().any(|action| wanted(&action.kind));
        self.knowledge.rules.iter().filter(|(_, rule)| acts(rule)).map(|(id, _)| id).collect()
    }

    fn readers_of_relation(&self, relation: RelationId) -> BTreeSet<RuleId> {
        let reads = |rule: &Rule| {
            let mut reads = false;
            walk_rule(rule, &mut |part| {
                reads |= matches!(part, Part::Condition(Condition { kind: ConditionKind::Relation(atom), .. }) if atom.relation == relation);
            });
            reads
        };
        self.knowledge.rules.iter().filter(|(_, rule)| reads(rule)).map(|(id, _)| id).collect()
    }
}

/// Returns the factor or mode that an action speaks about.
fn touched(action: &ActionKind) -> Option<NodeId> {
    match action {
        ActionKind::Suspect { node, .. } | ActionKind::Exonerate { node, .. } => Some(*node),
        ActionKind::Adjust { mode, .. } => Some(*mode),
        _ => None,
    }
}

fn speaks_of(action: &ActionKind, mitigation: MitigationId) -> bool {
    match action {
        ActionKind::Recommend(named) => *named == mitigation,
        ActionKind::Contraindicate { mitigation: named, .. } => *named == mitigation,
        _ => false,
    }
}
