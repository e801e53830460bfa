//! The path of an assessment, phase by phase.

use super::recommend::recommend;
use super::requirement::{evidence_missing, missing_inputs};
use super::score::by_risk;
use super::swing::open_inputs;
use super::verdict::choose_verdict;
use super::weighing::Weighing;
use super::{Assessment, Flag, MissingInput, Propagation, RiskError};
use crate::facts::FactStore;
use crate::inference::run::Run;
use crate::inference::{Inference, Limits, Measures, Outcome, Scope};
use crate::model::{ActionKind, KnowledgeBase, Phase};

/// How an assessment is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How likelihoods spread from causes to effects.
    pub propagation: Propagation,
    /// Whether to compute [`Assessment::open_inputs`], which takes one assessment or more for each.
    pub swings: bool,
}

/// Assesses a deployment: evidence, likelihoods by local propagation, risks, advice, recommendations, verdict,
/// and how far each open question could move the total.
///
/// The result depends on the pack and the facts alone, not on the order in which either was written.
///
/// # Errors
/// `I001 too-many-instances` where the sets are too large for the variables of the rules.
pub fn assess(knowledge: &KnowledgeBase, facts: &FactStore) -> Result<Assessment, RiskError> {
    assess_with(knowledge, facts, Options { propagation: Propagation::Local, swings: true })
}

/// Assesses as [`assess`] does, and leaves [`Assessment::open_inputs`] empty: for what-if questions and
/// searches, which assess many times.
///
/// # Errors
/// As for [`assess`].
pub fn assess_without_swings(knowledge: &KnowledgeBase, facts: &FactStore) -> Result<Assessment, RiskError> {
    assess_with(knowledge, facts, Options { propagation: Propagation::Local, swings: false })
}

/// Assesses as [`assess`] does, with options.
///
/// # Errors
/// `I001 too-many-instances`, and with exact propagation `R001 too-entangled` where causes depend on one another
/// in too many ways.
pub fn assess_with(knowledge: &KnowledgeBase, facts: &FactStore, options: Options) -> Result<Assessment, RiskError> {
    let Weighed { run, weighing, measures, missing } = Weighed::new(knowledge, facts, options.propagation)?;
    let scope = Scope {
        knowledge,
        facts,
        domains: &run.domains,
        findings: &run.findings,
        measures: Some(&measures),
        evidence_missing: evidence_missing(&missing),
    };
    let verdict = choose_verdict(&scope, missing);
    let open_inputs = if options.swings { open_inputs(&run, &weighing)? } else { Vec::new() };
    let inference = run.finish();
    let recommendations = recommend(knowledge, &inference, &weighing);
    let flags = flags(knowledge, &inference);
    let mut risks = weighing.risks;
    risks.sort_by(by_risk);
    Ok(Assessment {
        propagation: options.propagation,
        inference,
        likelihoods: weighing.likelihoods,
        risks,
        total: weighing.total,
        recommendations,
        verdict,
        flags,
        open_inputs,
    })
}

/// Evidence inferred and weighed, and advice given: everything but the words about it.
pub(crate) struct Weighed<'a> {
    pub(crate) run: Run<'a>,
    pub(crate) weighing: Weighing,
    pub(crate) measures: Measures,
    /// Required inputs that are not known, with what advice requires.
    pub(crate) missing: Vec<MissingInput>,
}

impl<'a> Weighed<'a> {
    /// Runs both phases.
    pub(crate) fn new(
        knowledge: &'a KnowledgeBase,
        facts: &'a FactStore,
        propagation: Propagation,
    ) -> Result<Self, RiskError> {
        let mut run = Run::new(knowledge, facts, Limits::default())?;
        run.phase(Phase::Evidence, None, Outcome::FALSE)?;
        let weighing = Weighing::new(&run, propagation)?;
        let measures = weighing.measures();
        run.phase(Phase::Advice, Some(&measures), evidence_missing(&missing_inputs(&run)))?;
        let missing = missing_inputs(&run);
        Ok(Self { run, weighing, measures, missing })
    }
}

fn flags(knowledge: &KnowledgeBase, inference: &Inference) -> Vec<Flag> {
    let mut flags = Vec::new();
    for (rule, declared) in knowledge.rules.iter() {
        for (instance, fired) in inference.instances_of(rule).filter(|(_, instance)| instance.outcome.holds()) {
            debug_assert_eq!(fired.rule, rule);
            for action in &declared.actions {
                if let ActionKind::Flag { level, text } = &action.kind {
                    flags.push(Flag { level: *level, rule, instance, text: text.clone() });
                }
            }
        }
    }
    flags.sort_by_key(|flag| (std::cmp::Reverse(flag.level), flag.rule, flag.instance));
    flags
}
