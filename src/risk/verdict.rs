//! The verdict: the gravest that holds, and those that cannot be ruled out.

use super::{ConsideredVerdict, MissingInput, VerdictChoice};
use crate::inference::choices::each_binding;
use crate::inference::recorder::Full;
use crate::inference::{Element, Outcome, Scope};
use crate::model::Verdict;

/// Returns the verdict: of those that hold on the point values, the one of the highest precedence, the
/// first by id among equals.
pub(crate) fn choose_verdict(scope: &Scope<'_>, missing: Vec<MissingInput>) -> VerdictChoice {
    let verdicts = &scope.knowledge.verdicts;
    let consider = |(verdict, declared): (_, &Verdict)| {
        let (outcome, premise) = consider(scope, declared);
        ConsideredVerdict { verdict, outcome, premise }
    };
    let mut considered: Vec<ConsideredVerdict> = verdicts.iter().map(consider).collect();
    let precedence = |considered: &ConsideredVerdict| verdicts[considered.verdict].precedence;
    considered.sort_by_key(|considered| (std::cmp::Reverse(precedence(considered)), considered.verdict));
    let given = considered.iter().find(|considered| considered.outcome.holds());
    let graver = |considered: &&ConsideredVerdict| given.is_none_or(|given| precedence(considered) > precedence(given));
    let open = considered.iter().filter(graver).filter(|considered| considered.outcome.is_undecided());
    VerdictChoice {
        given: given.map(|given| given.verdict),
        not_ruled_out: open.map(|considered| considered.verdict).collect(),
        evidence_missing: scope.evidence_missing,
        missing,
        considered,
    }
}

/// A verdict with `for each` holds if it does for one choice; the premise is that of the first choice
/// with the best outcome.
fn consider(scope: &Scope<'_>, verdict: &Verdict) -> (Outcome, Option<crate::inference::Premise>) {
    let Some(condition) = &verdict.body.condition else { return (Outcome::TRUE, None) };
    let mut best = None;
    let mut joined = Outcome::FALSE;
    each_binding(scope.domains, &verdict.body, &mut |variables| {
        let anonymous = variables.iter().take(verdict.body.for_each).any(|&element| element == Element::Anonymous);
        let (outcome, premise) = scope.condition::<Full>(condition, variables);
        let outcome = if anonymous { outcome.at_most_possible() } else { outcome };
        joined = joined | outcome;
        if best.as_ref().is_none_or(|(known, _)| outcome > *known) {
            best = Some((outcome, premise));
        }
    });
    (joined, best.map(|(_, premise)| premise))
}
