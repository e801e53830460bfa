//! What is to flip, and everything that it depends on.

use std::collections::BTreeSet;

use crate::inference::FindingInstance;
use crate::inference::content::{Part, read_input, walk_rule};
use crate::inference::run::Run;
use crate::model::{
    ActionKind, Body, Condition, ConditionKind, Expression, ExpressionKind, FindingId, InputId, KnowledgeBase,
    MitigationId, NodeId, NodeRef, RelationId, RuleId, VerdictId,
};
use crate::risk::weighing::Weighing;

/// What is to flip.
#[derive(Clone, Debug)]
pub enum Goal {
    /// Whether a rule fires.
    Rule(RuleId),
    /// Whether a finding is concluded: about these elements, or about any where none are given.
    Finding(FindingId, Option<FindingInstance>),
    /// Which band the risk of a mode is in.
    Band(NodeId),
    /// Whether a mitigation is recommended: it removes risk or a rule asks for it, and none strikes it out.
    Recommended(MitigationId),
    /// Which verdict is given.
    Verdict,
    /// Whether this verdict is given.
    Given(VerdictId),
    /// Whether a condition holds for some choice of its variables; it sees what a verdict's condition sees.
    Condition(Box<Body>),
}

/// What a goal is on given facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is so, or not.
    Holds(bool),
    /// The band, as a position in the knowledge base's bands; none where the pack names none.
    Band(Option<usize>),
    /// The verdict; none where none holds.
    Verdict(Option<VerdictId>),
}

/// Everything that a goal depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Cone {
    pub(super) rules: BTreeSet<RuleId>,
    pub(super) inputs: BTreeSet<InputId>,
    pub(super) findings: BTreeSet<FindingId>,
    pub(super) nodes: BTreeSet<NodeId>,
    pub(super) relations: BTreeSet<RelationId>,
    /// Whether the goal or a rule that it depends on asks whether evidence is missing.
    pub(super) asks_for_evidence: bool,
}

impl Cone {
    /// Returns what a goal depends on, through rules, findings and causes down to inputs.
    pub(super) fn of(goal: &Goal, run: &Run<'_>, weighing: &Weighing) -> Self {
        let mut walk = Walk { knowledge: run.knowledge, weighing, cone: Cone::default(), waiting: Vec::new() };
        match goal {
            Goal::Rule(rule) => walk.rule(*rule),
            Goal::Finding(finding, _) => walk.finding(*finding),
            Goal::Band(mode) => walk.node(*mode),
            Goal::Recommended(mitigation) => walk.mitigation(*mitigation),
            Goal::Verdict | Goal::Given(_) => {
                let bodies = run.knowledge.verdicts.values().map(|verdict| &verdict.body);
                bodies.for_each(|body| walk.body(body));
            }
            Goal::Condition(body) => walk.body(body),
        }
        while let Some(rule) = walk.waiting.pop() {
            walk_rule(&run.knowledge.rules[rule], &mut |part| walk.part(part));
        }
        walk.cone
    }

    /// Tells whether the goal depends on likelihoods.
    pub(super) fn weighs(&self) -> bool {
        !self.nodes.is_empty()
    }
}

struct Walk<'a> {
    knowledge: &'a KnowledgeBase,
    weighing: &'a Weighing,
    cone: Cone,
    /// Rules in the cone that were not looked into yet.
    waiting: Vec<RuleId>,
}

impl Walk<'_> {
    fn rule(&mut self, rule: RuleId) {
        if self.cone.rules.insert(rule) {
            self.waiting.push(rule);
        }
    }

    fn finding(&mut self, finding: FindingId) {
        if self.cone.findings.insert(finding) {
            self.knowledge.findings[finding].concluded_by.iter().for_each(|&rule| self.rule(rule));
        }
    }

    fn node(&mut self, node: NodeId) {
        for cause in self.weighing.graph.with_causes(node) {
            if self.cone.nodes.insert(cause) {
                self.weighing.rules_on[cause.index()].iter().for_each(|&rule| self.rule(rule));
            }
        }
    }

    /// What a mitigation removes is risk of any mode.
    fn mitigation(&mut self, mitigation: MitigationId) {
        self.knowledge.nodes.ids().for_each(|node| self.node(node));
        for (id, rule) in self.knowledge.rules.iter() {
            let speaks = rule.actions.iter().any(|action| match &action.kind {
                ActionKind::Recommend(advised) | ActionKind::Contraindicate { mitigation: advised, .. } => {
                    *advised == mitigation
                }
                _ => false,
            });
            if speaks {
                self.rule(id);
            }
        }
    }

    fn body(&mut self, body: &Body) {
        if let Some(condition) = &body.condition {
            Part::Condition(condition).walk(&mut |part| self.part(part));
        }
    }

    fn part(&mut self, part: Part<'_>) {
        self.cone.inputs.extend(read_input(part));
        match part {
            Part::Condition(Condition { kind: ConditionKind::Finding(atom), .. }) => self.finding(atom.finding),
            Part::Condition(Condition { kind: ConditionKind::Relation(atom), .. }) => {
                self.cone.relations.insert(atom.relation);
            }
            Part::Condition(Condition { kind: ConditionKind::EvidenceMissing, .. }) => self.evidence(),
            Part::Expression(Expression { kind: ExpressionKind::Measure { node, .. }, .. }) => match node {
                NodeRef::Node(node) => self.node(*node),
                NodeRef::Variable(_) => self.knowledge.nodes.ids().for_each(|node| self.node(node)),
            },
            Part::Condition(_) | Part::Expression(_) => {}
        }
    }

    fn evidence(&mut self) {
        self.cone.asks_for_evidence = true;
        for (id, rule) in self.knowledge.rules.iter() {
            for action in &rule.actions {
                if let ActionKind::Require(input) = action.kind {
                    self.cone.inputs.insert(input);
                    self.rule(id);
                }
            }
        }
    }
}
