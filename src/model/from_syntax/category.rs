//! `category` declarations.

use super::super::Category;
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, title};
use crate::syntax::ast::Declaration;

/// Returns a category.
pub(super) fn lower_category(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Category> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    Some(Category { id: name.to_owned(), title: title(declaration), span: declaration.span, about })
}
