//! The fixpoint of a stratum, semi-naive: each round joins only with what the round before changed.
//!
//! An outcome only ever rises, from impossible over possible to certain, on point values and in bounds
//! side by side; so rounds end, and the last is the same whatever order rules and rows come in.

use std::collections::BTreeMap;

use super::choices::is_joined;
use super::extents::Predicate;
use super::join::{Budget, Given, RowList, join};
use super::plan::{Planner, Wish, generators, read_elsewhere};
use super::rows::Code;
use super::schedule::{Stratum, conclusions};
use super::{Extents, Frame, InferenceError, Outcome};
use crate::model::{FindingId, Rule, RuleId};

/// The rule applications that raised the outcome of something, in the order in which they did. Each rests
/// on what was raised before it, so that following them back from a conclusion ends.
pub(crate) type Raises = BTreeMap<RuleId, RowList>;

/// Adds to the table what the rules of a stratum conclude, until nothing changes. A stratum that neither
/// recurs nor needs a join is left alone: looking at its instances once settles it.
///
/// # Errors
/// `I001 too-many-instances` where joins look at too much.
pub(crate) fn settle(
    frame: Frame<'_>,
    stratum: &Stratum,
    findings: &mut Extents,
    budget: &mut Budget,
) -> Result<Raises, InferenceError> {
    let mut raises = Raises::new();
    let rules = stratum.rules.iter().map(|&id| (id, &frame.knowledge.rules[id]));
    if !stratum.recursive && !rules.clone().any(|(_, rule)| is_joined(frame, &rule.body)) {
        return Ok(raises);
    }
    let mut changed: BTreeMap<FindingId, RowList> = BTreeMap::new();
    let concluding: Vec<(RuleId, &Rule)> = rules.filter(|(_, rule)| conclusions(rule).next().is_some()).collect();
    for &(id, rule) in &concluding {
        let mut derived = Derivations::default();
        derive(frame, rule, None, findings, budget, &mut derived)?;
        derived.merge((id, rule), findings, &mut changed, &mut raises);
    }
    while stratum.recursive && !changed.is_empty() {
        let delta = std::mem::take(&mut changed);
        for &(id, rule) in &concluding {
            let generators = generators(&rule.body, frame.facts);
            let mut derived = Derivations::default();
            for (place, generator) in generators.iter().enumerate() {
                let Predicate::Finding(finding) = generator.predicate else { continue };
                if let Some(rows) = delta.get(&finding) {
                    derive(frame, rule, Some((place, rows)), findings, budget, &mut derived)?;
                }
            }
            // A finding that is read elsewhere, such as within `or`, leaves nothing to join with.
            if read_elsewhere(&rule.body, frame.facts).iter().any(|finding| delta.contains_key(finding)) {
                derive(frame, rule, None, findings, budget, &mut derived)?;
            }
            derived.merge((id, rule), findings, &mut changed, &mut raises);
        }
    }
    Ok(raises)
}

/// What one rule concludes in one round, before it is entered.
#[derive(Default)]
struct Derivations {
    entries: Vec<Derivation>,
    /// Of each entry the row that it concludes, then the binding.
    codes: Vec<Code>,
}

struct Derivation {
    finding: FindingId,
    columns: usize,
    outcome: Outcome,
}

/// Lists what a rule concludes beyond what is in the table.
fn derive(
    frame: Frame<'_>,
    rule: &Rule,
    delta: Option<(usize, &RowList)>,
    findings: &mut Extents,
    budget: &mut Budget,
    derived: &mut Derivations,
) -> Result<(), InferenceError> {
    let wish = Wish { first: delta.map(|(place, _)| place), ..Wish::default() };
    let Some(plan) = Planner::from(frame).plan(rule, findings, &wish) else { return Ok(()) };
    plan.prepare(findings);
    let scope = frame.scope(findings);
    let mut row = Vec::new();
    join(
        &scope,
        &plan,
        delta.map_or(Given::Nothing, |(_, rows)| Given::Rows(rows)),
        budget,
        &mut |binding, outcome| {
            for head in &plan.heads {
                let outcome = head.outcome(outcome);
                row.clear();
                row.extend(head.row_of(binding));
                let known = scope.findings.outcome(Predicate::Finding(head.finding), &row);
                if known | outcome != known {
                    derived.entries.push(Derivation { finding: head.finding, columns: row.len(), outcome });
                    derived.codes.extend_from_slice(&row);
                    derived.codes.extend_from_slice(binding);
                }
            }
        },
    );
    budget.check(&rule.id, rule.span)
}

impl Derivations {
    fn merge(
        self,
        (id, rule): (RuleId, &Rule),
        findings: &mut Extents,
        changed: &mut BTreeMap<FindingId, RowList>,
        raises: &mut Raises,
    ) {
        let for_each = rule.body.for_each;
        let mut codes = self.codes.as_slice();
        for entry in self.entries {
            let (row, rest) = codes.split_at(entry.columns);
            let (binding, rest) = rest.split_at(for_each);
            codes = rest;
            if findings.raise(entry.finding, row, entry.outcome) {
                changed.entry(entry.finding).or_insert_with(|| RowList::new(entry.columns)).push(row);
                raises.entry(id).or_insert_with(|| RowList::new(for_each)).push(binding);
            }
        }
    }
}
