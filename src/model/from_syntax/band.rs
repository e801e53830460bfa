//! `band` declarations.

use super::super::Band;
use super::super::check::ranges::checked_within;
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, find, missing, title};
use crate::syntax::ast::{ClauseKind, Declaration};

/// Returns a band.
pub(super) fn lower_band(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Band> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let from = find(declaration, |clause| match clause {
        ClauseKind::From(number) => Some(number),
        _ => None,
    });
    let Some(from) = from else {
        missing(context, declaration, "a lower end", "add `from` with a risk from 0 to 100");
        return None;
    };
    let from = checked_within(&mut context.diagnostics, "risk", from, (0.0, "0"), (100.0, "100"))?;
    Some(Band { id: name.to_owned(), title: title(declaration), from, span: declaration.span, about })
}
