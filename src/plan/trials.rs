//! The test protocol: which tests the risks ask for, and what must hold in them.

use super::rows::{Rows, rows_needed};
use crate::explanation::{Case, Holding, MustHold, must_hold};
use crate::model::{ActionKind, Change, Input, InputId, InputKind, KnowledgeBase, NodeId, RuleId, StressTestId, Type};
use crate::risk::{CausalGraph, ModeRisk, Quantity as _};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A test that the risks ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The stress test of the pack; none for what the pilot's tables show.
    pub test: Option<StressTestId>,
    /// The modes that it is about, the gravest first.
    pub modes: Vec<NodeId>,
    /// What must hold: what does not comes first, then what is open.
    pub musts: Vec<Must>,
}

/// What must hold in a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Must {
    /// In words, with the figures at hand.
    pub held: MustHold,
    /// Whether the rows at hand are enough, where that can be told.
    pub rows: Option<Rows>,
}

impl Trial {
    /// Returns how the test stands: as its worst requirement does. A test of which nothing is read is open.
    pub fn state(&self) -> Holding {
        self.musts.iter().map(|must| must.held.state).min().unwrap_or(Holding::Open)
    }
}

/// Returns the modes whose risk reaches a band, or may: those that do first, then the largest estimate, then the
/// largest high figure.
pub fn modes_to_test(case: Case<'_>, below: f64) -> Vec<&ModeRisk> {
    let risks = case.assessment.risks.iter();
    let mut modes: Vec<&ModeRisk> = risks.filter(|risk| risk.risk.high().get() >= below).collect();
    // Stable: the assessment has them in order of risk.
    modes.sort_by_key(|risk| risk.risk.estimate().get() < below);
    modes
}

/// Returns the tests that these modes ask for: by the gravest mode that each is about, then by name.
pub fn trials(case: Case<'_>, modes: &[&ModeRisk]) -> Vec<Trial> {
    let knowledge = case.knowledge;
    let graph = CausalGraph::new(knowledge);
    let behind: Vec<BTreeSet<NodeId>> = modes.iter().map(|risk| behind(case, &graph, risk.mode)).collect();
    let close: Vec<BTreeSet<NodeId>> = modes.iter().map(|risk| close_to(case, &graph, risk.mode)).collect();
    let mut trials: Vec<(usize, Trial)> = Vec::new();
    let mut covered: BTreeSet<RuleId> = BTreeSet::new();
    for (id, test) in knowledge.stress_tests.iter() {
        let about: Vec<usize> =
            (0..modes.len()).filter(|place| test.probes.iter().any(|node| close[*place].contains(node))).collect();
        let Some(first) = about.first() else { continue };
        let musts = musts(case, rules_against(knowledge, |node| test.probes.contains(&node)), &test.reads);
        if musts.is_empty() && !test.reads.is_empty() {
            // What was answered already rules out that it shows anything here.
            continue;
        }
        covered.extend(musts.iter().map(|must| must.held.rule));
        let about = about.iter().map(|place| modes[*place].mode).collect();
        trials.push((*first, Trial { test: Some(id), modes: about, musts }));
    }
    // What the pilot's tables show needs no test of its own, and must hold all the same.
    let metrics: Vec<InputId> = figures(knowledge).collect();
    let mut by_mode: Vec<Vec<RuleId>> = vec![Vec::new(); modes.len()];
    for about in [&close, &behind] {
        for (rules, about) in by_mode.iter_mut().zip(about) {
            let against = rules_against(knowledge, |node| about.contains(&node));
            rules.extend(against.into_iter().filter(|rule| covered.insert(*rule)));
        }
    }
    for (place, (risk, rules)) in modes.iter().zip(by_mode).enumerate() {
        let musts = musts(case, rules, &metrics);
        if !musts.is_empty() {
            trials.push((place, Trial { test: None, modes: vec![risk.mode], musts }));
        }
    }
    // Stable: tests of the pack by name, then what the tables show.
    trials.sort_by_key(|(first, _)| *first);
    trials.into_iter().map(|(_, trial)| trial).collect()
}

/// Returns the metrics of a pack, but for those that count rows: rules ask these whether there is enough to go by.
pub(super) fn figures(knowledge: &KnowledgeBase) -> impl Iterator<Item = InputId> {
    let inputs = knowledge.inputs.iter();
    let is_figure = |input: &Input| matches!(input.kind, InputKind::Metric { .. }) && input.value_type != Type::Count;
    inputs.filter(move |(_, input)| is_figure(input)).map(|(id, _)| id)
}

/// Returns a mode with everything that can bring it about here, directly or through others.
pub(super) fn behind(case: Case<'_>, graph: &CausalGraph, mode: NodeId) -> BTreeSet<NodeId> {
    let possible =
        |node: &NodeId| case.assessment.likelihood(*node).is_some_and(|found| found.likelihood.high().get() > 0.0);
    graph.with_causes(mode).into_iter().filter(possible).collect()
}

/// Returns a mode with the factors that bring it about at one remove: what is said of these is said of the mode.
pub(super) fn close_to(case: Case<'_>, graph: &CausalGraph, mode: NodeId) -> BTreeSet<NodeId> {
    let behind = behind(case, graph, mode);
    let causes = graph.causes(mode).iter().map(|(cause, _)| *cause);
    let factors = causes.filter(|cause| !case.knowledge.nodes[*cause].is_mode() && behind.contains(cause));
    factors.chain([mode]).collect()
}

/// Returns the rules that speak for one of these nodes, or make one of them graver or harder to see.
pub(super) fn rules_against(knowledge: &KnowledgeBase, wanted: impl Fn(NodeId) -> bool) -> Vec<RuleId> {
    let speaks = |kind: &ActionKind| match kind {
        ActionKind::Suspect { node, .. } => wanted(*node),
        ActionKind::Adjust { change: Change::Raise | Change::Set, mode, .. } => wanted(*mode),
        _ => false,
    };
    let rules = knowledge.rules.iter();
    rules.filter(|(_, rule)| rule.actions.iter().any(|action| speaks(&action.kind))).map(|(id, _)| id).collect()
}

/// Returns what must hold by these rules, as far as they read these inputs.
fn musts(case: Case<'_>, rules: Vec<RuleId>, inputs: &[InputId]) -> Vec<Must> {
    let held = rules.into_iter().filter_map(|rule| must_hold(case, rule, inputs));
    let mut musts: Vec<Must> = held.map(|held| Must { rows: rows_needed(case, &held), held }).collect();
    musts.sort_by_key(|must| (must.held.state, Reverse(must.held.broken)));
    // Two rules may ask the same of one figure; the one that is worse off stays.
    let mut told: BTreeSet<Vec<String>> = BTreeSet::new();
    musts.retain(|must| told.insert(must.held.any_of.iter().map(|held| held.part.sentence.clone()).collect()));
    musts
}
