//! `index` and `entity` declarations.

use super::super::Index;
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, title};
use crate::syntax::ast::{Declaration, HeaderKind, Keyword};

/// Returns an index set or an entity.
pub(super) fn lower_index(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Index> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let mut within = None;
    for header in &declaration.header {
        if let HeaderKind::Within(outer) = &header.kind {
            within = Some(context.symbols.resolve(&context.symbols.indexes, outer, &mut context.diagnostics)?);
        }
    }
    let is_entity = declaration.keyword.value == Keyword::Entity;
    Some(Index { id: name.to_owned(), title: title(declaration), within, is_entity, span: declaration.span, about })
}
