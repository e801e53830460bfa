//! Whether a rule that fired fired because of a value, or only had it beside what it fired on.
//!
//! Many rules ask for enough patients, or for a certain kind of model, before they speak of something else. Such a
//! value is no fault of the deployment, and a checklist that marks it would be read with a shrug.

use crate::explanation::Case;
use crate::inference::{Instance, Premise, PremiseKind, Term};
use crate::model::{Comparison, Direction, InputId, RuleId, Type};
use std::collections::BTreeSet;

/// Tells whether a rule that fired would have something to say against the value of an input:
///
/// - not where each comparison with it held because it is good, such as 200 events where 100 are asked for;
/// - not where it is one of several options and the rule reads something else as well: such a value says what the
///   deployment is, and not how it does;
/// - not where the rule asks only whether there is a value.
pub(super) fn blames(case: Case<'_>, rule: RuleId, input: InputId) -> bool {
    let declared = &case.knowledge.inputs[input];
    let mut fired = case.inference().instances_of(rule).filter(|(_, instance)| instance.outcome.holds());
    fired.any(|(_, instance)| match declared.value_type {
        Type::OneOf(_) | Type::ManyOf(_) if reads_more(instance, input) => false,
        _ => {
            let in_amount = instance.amounts.iter().flatten().any(|amount| reads(amount, input));
            in_amount
                || instance.premise.as_ref().is_some_and(|premise| speaks(premise, input, declared.direction, true))
        }
    })
}

fn reads_more(instance: &Instance, input: InputId) -> bool {
    let read: BTreeSet<InputId> = instance.readings().into_iter().map(|reading| reading.key.input).collect();
    read.iter().any(|other| *other != input) || !instance.findings().is_empty()
}

fn reads(term: &Term, input: InputId) -> bool {
    term.readings().iter().any(|reading| reading.key.input == input)
}

/// Tells whether a premise that reads the input holds for want of a better value. `wanted` is false under a negation.
/// As deep as the condition is nested, which the syntax bounds.
fn speaks(premise: &Premise, input: InputId, direction: Option<Direction>, wanted: bool) -> bool {
    let inner = |part: &Premise, wanted| speaks(part, input, direction, wanted);
    match &premise.kind {
        PremiseKind::And(parts) | PremiseKind::Or(parts) => parts.iter().any(|part| inner(part, wanted)),
        PremiseKind::Not(part) => inner(part, !wanted),
        PremiseKind::Quantified { members, .. } => members.iter().any(|(_, part)| inner(part, wanted)),
        PremiseKind::Known(_) => false,
        PremiseKind::Compare { left, comparison, right } => {
            let asks_for_more = match comparison {
                Comparison::Greater | Comparison::AtLeast => Some(wanted),
                Comparison::Less | Comparison::AtMost => Some(!wanted),
                Comparison::Equal | Comparison::NotEqual => None,
            };
            let is_good = |more: Option<bool>| match direction {
                Some(Direction::HigherIsBetter) => more == Some(true),
                Some(Direction::LowerIsBetter) => more == Some(false),
                None => false,
            };
            reads(left, input) && !is_good(asks_for_more)
                || reads(right, input) && !is_good(asks_for_more.map(|more| !more))
        }
        _ => premise.readings().iter().any(|reading| reading.key.input == input),
    }
}
