//! Likelihoods from evidence that is not all from rules: what the causal graph makes of causes known otherwise.

use super::causal::CausalGraph;
use super::evidence::{RuleEffects, own_evidence, recorded_effects, rules_on_nodes};
use super::likelihood::spread;
use super::weighing::claims_on;
use super::{RiskError, World};
use crate::facts::FactStore;
use crate::inference::run::Run;
use crate::inference::{Limits, Outcome};
use crate::model::{KnowledgeBase, Phase};

/// Returns what the rules that fire say of every mode and factor, by node, on point values: suspicions joined, less
/// what speaks against. Base rates and causes have no part in it.
///
/// # Errors
/// `I001 too-many-instances` where the sets are too large for the variables of the rules.
pub fn evidence_of_rules(knowledge: &KnowledgeBase, facts: &FactStore) -> Result<Vec<f64>, RiskError> {
    let mut run = Run::new(knowledge, facts, Limits::default())?;
    run.phase(Phase::Evidence, None, Outcome::FALSE)?;
    let rules = knowledge.rules.iter();
    let effects: Vec<RuleEffects> = rules.map(|(id, rule)| recorded_effects(rule, run.recorded(id))).collect();
    let rules_on = rules_on_nodes(knowledge);
    let own = |node| {
        let claims = claims_on(node, &rules_on, |rule| &effects[rule.index()]);
        own_evidence(knowledge, claims.into_iter(), World::Estimate)
    };
    Ok(knowledge.nodes.ids().map(own).collect())
}

/// Returns the likelihood of every mode and factor, by node, that own evidence (by node, from 0 to 1) gives when it
/// spreads from causes to effects as it does in an assessment.
pub fn likelihoods_of(knowledge: &KnowledgeBase, own: &[f64]) -> Vec<f64> {
    spread(knowledge, &CausalGraph::new(knowledge), None, own, None).likelihoods
}
