//! `verdict` declarations.

use super::super::{Body, InputId, RelationId, Verdict};
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, find, title, whole};
use super::scope::{FindingRead, Scope};
use crate::syntax::ast::{ClauseKind, Declaration};

/// A verdict and what its condition reads.
#[derive(Debug)]
pub(in crate::model) struct LoweredVerdict {
    pub verdict: Verdict,
    pub reads: Vec<FindingRead>,
    pub inputs: Vec<InputId>,
    pub relations: Vec<RelationId>,
}

/// Returns a verdict.
pub(super) fn lower_verdict(
    context: &mut Context<'_>,
    name: &str,
    declaration: &Declaration,
) -> Option<LoweredVerdict> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let precedence = find(declaration, |clause| match clause {
        ClauseKind::Precedence(number) => Some(number),
        _ => None,
    });
    // Without one a verdict gives way to every verdict that has one above 0.
    let precedence = match precedence {
        Some(number) => whole(context, number),
        None => Some(0),
    };
    let mut scope = Scope::new(context);
    let when = find(declaration, |clause| match clause {
        ClauseKind::When(condition) => Some(condition),
        _ => None,
    });
    let condition = when.map(|written| scope.condition(written));
    if !matches!(condition, Some(None)) {
        scope.warn_of_unused_variables();
    }
    let Scope { variables, reads, inputs_read, relations_read, .. } = scope;
    let condition = match condition {
        Some(condition) => Some(condition?),
        None => None,
    };
    let verdict = Verdict {
        id: name.to_owned(),
        title: title(declaration),
        precedence: precedence?,
        body: Body { variables, for_each: 0, condition },
        span: declaration.span,
        about,
    };
    Some(LoweredVerdict { verdict, reads, inputs: inputs_read, relations: relations_read })
}
