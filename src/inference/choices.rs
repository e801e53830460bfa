//! Choices: for which members a rule is looked at, and which of its instances are recorded.
//!
//! A rule with few combinations of members has all of them looked at, fired or not: each can be asked
//! about. Of a rule with many, a join finds those that may fire. Of these, what only concludes is
//! recorded up to a bound for each conclusion, since a large recursion has more derivations than anybody
//! reads; every conclusion keeps the ones that first led to it.

use super::join::{Budget, Given, RowList, join};
use super::plan::{Planner, Wish, generators};
use super::rows::Code;
use super::{Domains, Element, Extents, Frame, InferenceError};
use crate::model::{ActionKind, Body, IndexRef, Rule};

/// The combinations of members at which a rule is looked at.
#[derive(Clone, Debug)]
pub(crate) enum Choices {
    /// Every one.
    All,
    /// These; the rule cannot fire at any other.
    Found(RowList),
}

impl Choices {
    /// Returns the choices of a rule.
    ///
    /// # Errors
    /// `I001 too-many-instances` where the join looks at too much.
    pub(crate) fn new(
        frame: Frame<'_>,
        rule: &Rule,
        findings: &mut Extents,
        budget: &mut Budget,
    ) -> Result<Self, InferenceError> {
        if !is_joined(frame, &rule.body) {
            return Ok(Choices::All);
        }
        let mut found = RowList::new(rule.body.for_each);
        if let Some(plan) = Planner::from(frame).plan(rule, findings, &Wish::default()) {
            plan.prepare(findings);
            join(&frame.scope(findings), &plan, Given::Nothing, budget, &mut |binding, _| found.push(binding));
            budget.check(&rule.id, rule.span)?;
        }
        // What a rule says beside its conclusions is told by the first instance that says it.
        if !only_concludes(rule) {
            found.sort();
        }
        Ok(Choices::Found(found))
    }

    /// Calls `visit` with every choice. The variables of quantifiers and aggregates have room
    /// behind those of `for each`.
    pub(crate) fn each(&self, domains: &Domains, body: &Body, visit: &mut dyn FnMut(&mut [Element])) {
        let Choices::Found(found) = self else { return each_binding(domains, body, visit) };
        let mut variables = vec![Element::Absent; body.variables.len()];
        for binding in found.iter() {
            for ((slot, variable), &code) in variables.iter_mut().zip(&body.variables).zip(binding) {
                *slot = domains.elements(variable.index)[code as usize];
            }
            visit(&mut variables);
        }
    }

    /// Returns the choices whose instances are recorded, and how many more there are at least. `first` are
    /// those that first led to a conclusion; `room` is what is left of
    /// [`Limits::records`](super::Limits::records).
    ///
    /// # Errors
    /// As for [`Choices::new`].
    pub(crate) fn recorded(
        frame: Frame<'_>,
        rule: &Rule,
        findings: &mut Extents,
        budget: &mut Budget,
        first: Option<&RowList>,
        room: &mut usize,
    ) -> Result<(Self, u64), InferenceError> {
        if !is_joined(frame, &rule.body) || !only_concludes(rule) {
            return Ok((Choices::new(frame, rule, findings, budget)?, 0));
        }
        let mut kept = RowList::new(rule.body.for_each);
        for binding in first.into_iter().flat_map(RowList::iter).take(*room) {
            kept.push(binding);
        }
        let mut count = first.map_or(0, RowList::len);
        if kept.len() < *room
            && let Choices::Found(found) = Choices::new(frame, rule, findings, budget)?
            && let Some(plan) = Planner::from(frame).plan(rule, findings, &Wish::default())
        {
            let conclusion = |binding: &[Code]| plan.heads.iter().flat_map(|head| head.row_of(binding)).collect();
            let mut by_conclusion: Vec<(Vec<Code>, &[Code])> =
                found.iter().map(|binding| (conclusion(binding), binding)).collect();
            by_conclusion.sort_unstable();
            let alike = by_conclusion.chunk_by(|left, right| left.0 == right.0);
            let few = alike.flat_map(|chunk| chunk.iter().take(frame.limits.derivations));
            for (_, binding) in few.take(*room - kept.len()) {
                kept.push(binding);
            }
            count = found.len();
        }
        kept.sort();
        kept.dedup();
        *room -= kept.len().min(*room);
        let left_out = count.saturating_sub(kept.len()) as u64;
        Ok((Choices::Found(kept), left_out))
    }
}

fn only_concludes(rule: &Rule) -> bool {
    rule.actions.iter().all(|action| matches!(action.kind, ActionKind::Conclude(_)))
}

/// Tells whether the instances of a rule that may fire are found by a join.
pub(crate) fn is_joined(frame: Frame<'_>, body: &Body) -> bool {
    let size = |index: IndexRef| frame.domains.elements(index).len();
    let bound = body.variables.iter().take(body.for_each);
    let count = bound.map(|variable| size(variable.index)).fold(1, usize::saturating_mul);
    count > frame.limits.listed && !generators(body, frame.facts).is_empty()
}

/// Calls `visit` with every choice of the `for each` variables, the last one fastest. The other
/// variables of the body have room behind them.
pub(crate) fn each_binding(domains: &Domains, body: &Body, visit: &mut dyn FnMut(&mut [Element])) {
    let mut variables = vec![Element::Absent; body.variables.len()];
    let sets: Vec<&[Element]> =
        body.variables.iter().take(body.for_each).map(|variable| domains.elements(variable.index)).collect();
    let mut positions = vec![0; sets.len()];
    if sets.iter().any(|set| set.is_empty()) {
        return;
    }
    loop {
        for ((variable, set), &position) in variables.iter_mut().zip(&sets).zip(&positions) {
            *variable = set[position];
        }
        visit(&mut variables);
        let mut turning = sets.len();
        loop {
            let Some(place) = turning.checked_sub(1) else { return };
            positions[place] += 1;
            if positions[place] < sets[place].len() {
                break;
            }
            positions[place] = 0;
            turning = place;
        }
    }
}
