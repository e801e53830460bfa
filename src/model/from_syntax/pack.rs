//! The `pack` declaration.

use super::super::Pack;
use super::super::error::ModelError;
use super::Context;
use super::about::{lower_about, lower_version};
use super::clauses::{check_clauses, find, missing, shown, title, whole};
use crate::source::Span;
use crate::syntax::ast::{ClauseKind, Declaration};

/// The version of the language that this program knows.
const LANGUAGE: u32 = 1;

/// Returns the one declaration of the pack at that place among the packs of the run.
pub(super) fn lower_pack(context: &mut Context<'_>, place: usize, start: Option<Span>, digest: String) -> Option<Pack> {
    let symbols = context.symbols;
    let declarations = symbols.packs.get(place)?;
    let Some(first) = declarations.first() else {
        if !symbols.incomplete {
            context.diagnostics.push(ModelError::NoPack { start });
        }
        return None;
    };
    for second in declarations.iter().skip(1) {
        context.diagnostics.push(ModelError::SeveralPacks { first: first.span, second: second.span });
    }
    let declaration = first.declaration?;
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let version = find(declaration, |clause| match clause {
        ClauseKind::Version(version) => Some(version),
        _ => None,
    });
    if version.is_none() {
        missing(context, declaration, "a version", "add `version 0.1.0`");
    }
    let license = find(declaration, |clause| match clause {
        ClauseKind::License(text) => Some(text.value.clone()),
        _ => None,
    });
    let version = version.and_then(|version| lower_version(context, version));
    let language = lower_language(context, declaration);
    Some(Pack {
        id: first.name.to_owned(),
        title: title(declaration),
        version: version?,
        language: language?,
        license,
        digest,
        span: declaration.span,
        about,
    })
}

fn lower_language(context: &mut Context<'_>, declaration: &Declaration) -> Option<u32> {
    let number = find(declaration, |clause| match clause {
        ClauseKind::Language(number) => Some(number),
        _ => None,
    });
    let Some(number) = number else {
        missing(context, declaration, "the version of the language", "add `language 1`");
        return None;
    };
    let language = whole(context, number)?;
    if language != i64::from(LANGUAGE) {
        context.diagnostics.push(ModelError::UnsupportedLanguage { written: shown(number), span: number.span });
        return None;
    }
    Some(LANGUAGE)
}
