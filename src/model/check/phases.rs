//! Does a rule read only what is known when it is evaluated?

use super::super::error::ModelError;
use super::super::from_syntax::Context;
use super::super::{Action, ActionKind, Phase};
use crate::source::Span;

/// Returns the phase of a rule with these actions that reads these figures of the assessment.
///
/// Rules that only recommend, contraindicate or flag come after the risks, whatever they read.
pub(in crate::model) fn phase_of(
    actions: &[Action],
    late: &[(&'static str, Span)],
    context: &mut Context<'_>,
) -> Option<Phase> {
    let feeding = actions.iter().find_map(|action| feeds(&action.kind).map(|feeds| (feeds, action.span)));
    let Some((feeds, feed)) = feeding else { return Some(Phase::Advice) };
    if let Some((reads, read)) = late.first().copied() {
        context.diagnostics.push(ModelError::WrongPhase { reads, feeds, read, feed });
        return None;
    }
    Some(Phase::Evidence)
}

/// Returns what an action does before the likelihoods are known.
fn feeds(action: &ActionKind) -> Option<&'static str> {
    match action {
        ActionKind::Conclude(_) => Some("conclude a finding"),
        ActionKind::Suspect { .. } => Some("suspect a mode or factor"),
        ActionKind::Exonerate { .. } => Some("exonerate a mode or factor"),
        ActionKind::Adjust { .. } => Some("change a rating"),
        ActionKind::Require(_) => Some("require an input"),
        ActionKind::Recommend(_) | ActionKind::Contraindicate { .. } | ActionKind::Flag { .. } => None,
    }
}
