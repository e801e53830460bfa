//! `index` declarations.

use super::super::Index;
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, title};
use crate::syntax::ast::{Declaration, HeaderKind};

/// Returns an index set.
pub(super) fn lower_index(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Index> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let mut within = None;
    for header in &declaration.header {
        if let HeaderKind::Within(outer) = &header.kind {
            within = Some(context.symbols.resolve(&context.symbols.indexes, outer, &mut context.diagnostics)?);
        }
    }
    Some(Index { id: name.to_owned(), title: title(declaration), within, span: declaration.span, about })
}
