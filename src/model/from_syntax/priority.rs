//! `priority` declarations.

use super::super::check::ranges::{checked_rating, checked_share, ordered};
use super::super::{PriorityLevel, PriorityRow};
use super::Context;
use super::clauses::{check_clauses, choice, title};
use crate::source::Spanned;
use crate::syntax::ast::{ClauseKind, Declaration, Range};

/// Returns the rows of a level.
pub(super) fn lower_priority(
    context: &mut Context<'_>,
    name: &str,
    declaration: &Declaration,
) -> Option<Vec<PriorityRow>> {
    check_clauses(context, declaration);
    super::about::lower_about(context, declaration);
    let word = Spanned::new(name.to_owned(), declaration.name.as_ref().map_or(declaration.span, |name| name.span));
    let values = [PriorityLevel::High, PriorityLevel::Medium, PriorityLevel::Low];
    let level = choice(context, "a priority", &word, &["high", "medium", "low"], &values);
    let mut rows = Vec::new();
    let mut sound = true;
    for clause in &declaration.clauses {
        let ClauseKind::Row { severity, likelihood, detectability } = &clause.kind else { continue };
        let severity = rating(context, "severity", severity);
        let likelihood = share(context, likelihood);
        let detectability = rating(context, "detectability", detectability);
        let (Some(level), Some(severity), Some(likelihood), Some(detectability)) =
            (level, severity, likelihood, detectability)
        else {
            sound = false;
            continue;
        };
        rows.push(PriorityRow {
            level,
            title: title(declaration),
            severity,
            likelihood,
            detectability,
            span: clause.span,
        });
    }
    (sound && level.is_some()).then_some(rows)
}

fn rating(context: &mut Context<'_>, what: &'static str, range: &Range) -> Option<(f64, f64)> {
    let low = checked_rating(&mut context.diagnostics, what, &range.low)?;
    let high = checked_rating(&mut context.diagnostics, what, &range.high)?;
    ordered(&mut context.diagnostics, range, low, high)
}

fn share(context: &mut Context<'_>, range: &Range) -> Option<(f64, f64)> {
    let low = checked_share(&mut context.diagnostics, "likelihood", &range.low)?;
    let high = checked_share(&mut context.diagnostics, "likelihood", &range.high)?;
    ordered(&mut context.diagnostics, range, low, high)
}
