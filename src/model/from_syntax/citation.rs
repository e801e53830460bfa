//! `source` declarations.

use super::super::error::ModelError;
use super::super::{Citation, Item};
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, title, whole};
use crate::source::Spanned;
use crate::syntax::ast::{ClauseKind, Declaration};

/// Returns a source.
pub(super) fn lower_citation(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Citation> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let mut citation = Citation {
        id: name.to_owned(),
        title: title(declaration),
        span: Some(declaration.span),
        about,
        ..Citation::default()
    };
    for clause in &declaration.clauses {
        match &clause.kind {
            ClauseKind::Bibliography { field, text } => {
                let place = match field.value.as_str() {
                    "authors" => &mut citation.authors,
                    "venue" => &mut citation.venue,
                    "doi" => &mut citation.doi,
                    "arxiv" => &mut citation.arxiv,
                    "pmid" => &mut citation.pmid,
                    _ => &mut citation.url,
                };
                *place = Some(text.value.clone());
            }
            ClauseKind::Year(number) => {
                citation.year = whole(context, number).and_then(|year| i32::try_from(year).ok())
            }
            ClauseKind::Item { code, topic, aside } => {
                if let Some(first) = citation.items.iter().find(|item| item.code == code.value) {
                    let (item, first) = (code.value.clone(), first.span);
                    context.diagnostics.push(ModelError::RepeatedItem { item, first, second: code.span });
                    continue;
                }
                let said = |text: &Option<Spanned<String>>| text.as_ref().map(|text| text.value.clone());
                citation.items.push(Item {
                    code: code.value.clone(),
                    topic: said(topic),
                    aside: said(aside),
                    span: code.span,
                });
            }
            ClauseKind::Unread(text) => citation.unread = Some(text.value.clone()),
            _ => {}
        }
    }
    Some(citation)
}
