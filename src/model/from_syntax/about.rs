//! The clauses that any declaration may carry.

use super::super::error::ModelError;
use super::super::{About, Basis, Deprecation};
use super::Context;
use super::clauses::choice;
use crate::diagnostic::nearest;
use crate::source::Spanned;
use crate::syntax::ast::{Clause, ClauseKind, Declaration, Name};

/// Returns reason, sources, basis, versions and items.
pub(super) fn lower_about(context: &mut Context<'_>, declaration: &Declaration) -> About {
    let doc = declaration.doc.as_ref().map(|doc| doc.value.clone());
    About { doc, ..lower_ground(context, &declaration.clauses) }
}

/// Returns what clauses say of reason, sources and the like; other clauses are passed over.
pub(super) fn lower_ground(context: &mut Context<'_>, clauses: &[Clause]) -> About {
    let mut about = About::default();
    for clause in clauses {
        match &clause.kind {
            ClauseKind::Because(text) => about.because = about.because.or_else(|| Some(text.clone())),
            ClauseKind::Cite(names) => {
                for name in names {
                    let id = context.symbols.resolve(&context.symbols.citations, name, &mut context.diagnostics);
                    about.cites.extend(id.map(|id| Spanned::new(id, name.span)));
                }
            }
            ClauseKind::Basis(word) => {
                let choices = &["published", "counted", "judgement"];
                let values = [Basis::Published, Basis::Counted, Basis::Judgement];
                about.basis = choice(context, "a basis", word, choices, &values);
            }
            ClauseKind::Since(version) => about.since = lower_version(context, version),
            ClauseKind::Deprecated { since, replacement } => {
                let replacement = replacement.as_ref().map(|name| name.value.clone());
                about.deprecated = lower_version(context, since).map(|since| Deprecation { since, replacement });
            }
            ClauseKind::Satisfies(items) => {
                for (source, item) in items {
                    let Some(id) =
                        context.symbols.resolve(&context.symbols.citations, source, &mut context.diagnostics)
                    else {
                        continue;
                    };
                    check_item(context, source, item);
                    let twice = about.satisfies.iter().find(|(of, known)| *of == id && known.value == item.value);
                    if let Some((_, Spanned { span: first, .. })) = twice {
                        let (item, first, second) = (item.value.clone(), *first, item.span);
                        context.diagnostics.push(ModelError::RepeatedItem { item, first, second });
                        continue;
                    }
                    about.satisfies.push((id, item.clone()));
                }
            }
            _ => {}
        }
    }
    about
}

/// Says that a standard has no such item; one that lists none has any.
fn check_item(context: &mut Context<'_>, source: &Name, item: &Name) {
    let table = &context.symbols.citations;
    let entry = table.find(&source.value).and_then(|id| table.entries.get(id.index()));
    let Some(declaration) = entry.and_then(|entry| entry.declaration) else { return };
    let items = declaration.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Item { code, .. } => Some(code),
        _ => None,
    });
    let Some(declared) = items.clone().next().map(|first| first.span) else { return };
    let items = items.map(|known| known.value.as_str());
    if !items.clone().any(|known| known == item.value) {
        context.diagnostics.push(ModelError::UnknownItem {
            item: item.value.clone(),
            source_name: source.value.clone(),
            nearest: nearest(&item.value, items).map(str::to_owned),
            span: item.span,
            declared,
        });
    }
}

/// Returns a version of three numbers.
pub(super) fn lower_version(context: &mut Context<'_>, written: &Name) -> Option<semver::Version> {
    let version = written.value.parse().ok();
    if version.is_none() {
        context.diagnostics.push(ModelError::NotAVersion { written: written.value.clone(), span: written.span });
    }
    version
}
