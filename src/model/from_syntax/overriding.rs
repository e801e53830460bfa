//! `override` declarations: which imported declaration each changes, and what of it.
//!
//! An override is carried out on the syntax, before anything is lowered. So types, phases and strata are
//! checked on what holds in the end, and each clause keeps the place where it is written.

use super::super::import_error::ImportError;
use super::super::{ClauseChange, Override};
use super::imports::Packs;
use crate::diagnostic::{Diagnostics, nearest};
use crate::source::{SourceMap, Span};
use crate::syntax::ast::{ActionKind, ClauseKind, Declaration, Header, HeaderKind, Keyword, Name, PieceKind};
use std::collections::{BTreeMap, BTreeSet};

/// What can be overridden, in the order in which overrides are listed.
const OVERRIDABLE: [Keyword; 11] = [
    Keyword::Rule,
    Keyword::Mode,
    Keyword::Factor,
    Keyword::Mitigation,
    Keyword::StressTest,
    Keyword::Metric,
    Keyword::Input,
    Keyword::Question,
    Keyword::Band,
    Keyword::Priority,
    Keyword::Verdict,
];

/// Tells whether a kind of declaration can be overridden.
pub(super) fn is_overridable(keyword: Keyword) -> bool {
    OVERRIDABLE.contains(&keyword)
}

/// The packs' declarations as overrides leave them.
#[derive(Default)]
pub(super) struct Overridden {
    /// By the place of the declaration that is changed; none where it is switched off.
    changed: BTreeMap<Span, Option<Declaration>>,
    /// What was carried out.
    pub overrides: Vec<Override>,
    /// Names that are gone with what was switched off: of what, and where that was done.
    gone: Vec<(String, String, Span)>,
}

impl Overridden {
    /// Returns the declaration as it holds; none where it is switched off.
    pub(super) fn holding<'a>(&'a self, declaration: &'a Declaration) -> Option<&'a Declaration> {
        match self.changed.get(&declaration.span) {
            Some(changed) => changed.as_ref(),
            None => Some(declaration),
        }
    }

    /// Returns the error for a name that is gone because an override switched something off, if it is.
    pub(super) fn still_used(&self, name: &str, used: Span) -> Option<ImportError> {
        let (_, of, disabled) = self.gone.iter().find(|(gone, ..)| gone == name)?;
        let what = if of == name { "used here".to_owned() } else { format!("`{name}` comes from it and is read here") };
        Some(ImportError::StillUsed { name: of.clone(), used, what, disabled: *disabled })
    }
}

/// A declaration and the pack that it is in.
type Found<'a> = (usize, &'a Declaration);

/// Carries out every override, those of imported packs first.
pub(super) fn carry_out(packs: &Packs<'_>, sources: &SourceMap, diagnostics: &mut Diagnostics) -> Overridden {
    let mut overridden = Overridden::default();
    let amendments: Vec<Found<'_>> =
        packs.declarations().filter(|(_, found)| found.keyword.value == Keyword::Override).collect();
    if amendments.is_empty() {
        return overridden;
    }
    let mut declared: BTreeMap<&str, Vec<Found<'_>>> = BTreeMap::new();
    for (pack, found) in packs.declarations().filter(|(_, found)| is_overridable(found.keyword.value)) {
        if let Some(name) = &found.name {
            declared.entry(&name.value).or_default().push((pack, found));
        }
    }
    let unreadable = unreadable_names(packs);
    // Which packs have overridden a declaration, and where.
    let mut before: BTreeMap<Span, Vec<Found<'_>>> = BTreeMap::new();
    for (by, amendment) in amendments {
        let Some(name) = &amendment.name else { continue };
        let Some(kind) = kind_of(amendment, diagnostics) else { continue };
        let Some(because) = reason_of(amendment, name, diagnostics) else { continue };
        if unreadable.contains(name.value.as_str()) {
            continue;
        }
        let candidates = declared.get(name.value.as_str()).map(Vec::as_slice).unwrap_or_default();
        let Some((pack, original)) = find(packs, &declared, candidates, (by, kind, name), diagnostics) else {
            continue;
        };
        let earlier = before.entry(original.span).or_default();
        if let Some(help) = clash(packs, earlier, by, overridden.holding(original).is_none()) {
            let first = earlier.last().map_or(original.span, |(_, first)| head(first));
            let (name, second) = (name.value.clone(), head(amendment));
            diagnostics.push(ImportError::OverriddenTwice { name, first, second, help });
            continue;
        }
        let Some(holding) = overridden.holding(original) else { continue };
        let Some((result, changes)) = amended(holding, amendment, sources, diagnostics) else { continue };
        earlier.push((by, amendment));
        if result.is_none() {
            let gone = std::iter::once(name.value.clone()).chain(conclusions(original));
            overridden.gone.extend(gone.map(|gone| (gone, name.value.clone(), head(amendment))));
        }
        overridden.overrides.push(Override {
            kind: kind.as_str(),
            name: name.value.clone(),
            pack: packs.names[pack].clone(),
            by: packs.names[by].clone(),
            because,
            changes,
            disabled: result.is_none(),
            span: amendment.span,
        });
        overridden.changed.insert(original.span, result);
    }
    let rank = |kind: &str| OVERRIDABLE.iter().position(|known| known.as_str() == kind);
    // Stable, so that overrides of one declaration stay in the order in which they were carried out.
    overridden.overrides.sort_by(|left, right| (rank(left.kind), &left.name).cmp(&(rank(right.kind), &right.name)));
    overridden
}

/// Names of declarations that cannot be read; what overrides them is not at fault.
fn unreadable_names<'a>(packs: &Packs<'a>) -> BTreeSet<&'a str> {
    let pieces = packs.trees.iter().flatten().flat_map(|tree| &tree.pieces);
    let names = pieces.filter_map(|piece| match &piece.kind {
        PieceKind::Broken { name: Some(name), .. } => Some(name.value.as_str()),
        _ => None,
    });
    names.collect()
}

/// Returns the override without its body, which is enough to point at.
fn head(amendment: &Declaration) -> Span {
    let name = amendment.name.as_ref().map_or(amendment.keyword.span, |name| name.span);
    amendment.keyword.span.to(name)
}

fn kind_of(amendment: &Declaration, diagnostics: &mut Diagnostics) -> Option<Keyword> {
    let word = amendment.header.iter().find_map(|header| match &header.kind {
        HeaderKind::Overrides(word) => Some(word),
        _ => None,
    })?;
    let kind = Keyword::from_word(&word.value).filter(|kind| is_overridable(*kind));
    if kind.is_none() {
        let nearest = nearest(&word.value, OVERRIDABLE.iter().map(|kind| kind.as_str())).map(str::to_owned);
        diagnostics.push(ImportError::NotOverridable { word: word.value.clone(), span: word.span, nearest });
    }
    kind
}

fn reason_of(amendment: &Declaration, name: &Name, diagnostics: &mut Diagnostics) -> Option<String> {
    let reason = amendment.header.iter().find_map(|header| match &header.kind {
        HeaderKind::Because(text) if !text.value.trim().is_empty() => Some(text.value.clone()),
        _ => None,
    });
    if reason.is_none() {
        diagnostics.push(ImportError::NoReason { name: name.value.clone(), span: name.span });
    }
    reason
}

/// Returns the declaration that is meant, or says why there is none.
fn find<'a>(
    packs: &Packs<'_>,
    declared: &BTreeMap<&str, Vec<Found<'a>>>,
    candidates: &[Found<'a>],
    (by, kind, name): (usize, Keyword, &Name),
    diagnostics: &mut Diagnostics,
) -> Option<Found<'a>> {
    let below = |pack: &usize| packs.below[by].contains(pack);
    let of_kind = |found: &Declaration| found.keyword.value == kind;
    if let Some(found) = candidates.iter().find(|(pack, found)| below(pack) && of_kind(found)) {
        return Some(*found);
    }
    let place = |found: &Declaration| found.name.as_ref().map_or(found.span, |name| name.span);
    let (span, written) = (name.span, name.value.clone());
    let error = if let Some((_, found)) = candidates.iter().find(|(pack, _)| below(pack)) {
        let actual = found.keyword.value;
        ImportError::OtherKind {
            name: written,
            keyword: actual.as_str(),
            actual: actual.with_article(),
            wanted: kind.with_article(),
            span,
            declared: place(found),
        }
    } else if let Some((_, found)) = candidates.iter().find(|(pack, _)| *pack == by) {
        ImportError::OwnDeclaration { name: written, span, declared: place(found) }
    } else if let Some((pack, found)) = candidates.first() {
        let (pack, by) = (packs.names[*pack].clone(), packs.names[by].clone());
        ImportError::NotImported { name: written, pack, by, span, declared: place(found) }
    } else {
        let imported =
            declared.iter().filter(|(_, found)| found.iter().any(|(pack, found)| below(pack) && of_kind(found)));
        let nearest = nearest(&written, imported.map(|(name, _)| *name)).map(str::to_owned);
        ImportError::NothingToOverride { noun: kind.with_article(), name: written, span, nearest }
    };
    diagnostics.push(error);
    None
}

/// Returns the way out where an override meets an earlier one of the same declaration that it does not build
/// on, or one that has switched it off.
fn clash(packs: &Packs<'_>, earlier: &[Found<'_>], by: usize, is_off: bool) -> Option<&'static str> {
    if earlier.iter().any(|(pack, _)| *pack == by) {
        return Some("put both changes into one override");
    }
    if earlier.iter().any(|(pack, _)| !packs.below[by].contains(pack)) {
        return Some("neither pack imports the other, so neither goes before; keep one of them");
    }
    is_off.then_some("what an imported pack has switched off stays off; declare it anew under another name")
}

/// Returns the declaration as amended, or none where it is switched off, with what changes; nothing at all where
/// the override is refused.
fn amended(
    original: &Declaration,
    amendment: &Declaration,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<(Option<Declaration>, Vec<ClauseChange>)> {
    let disabled = amendment.clauses.iter().find(|clause| matches!(clause.kind, ClauseKind::Disabled));
    let headers: Vec<&Header> = amendment
        .header
        .iter()
        .filter(|header| !matches!(header.kind, HeaderKind::Overrides(_) | HeaderKind::Because(_)))
        .collect();
    let others = amendment.clauses.iter().filter(|clause| !matches!(clause.kind, ClauseKind::Disabled));
    let title = amendment.title.as_ref();
    let first_change = title
        .map(|title| title.span)
        .or(headers.first().map(|header| header.span))
        .or(others.clone().next().map(|clause| clause.span));
    match (disabled, first_change) {
        (Some(disabled), Some(change)) => {
            diagnostics.push(ImportError::DisabledAndChanged { disabled: disabled.span, change });
            return None;
        }
        (Some(_), None) => return Some((None, Vec::new())),
        (None, None) => {
            // What could not be read may be the change.
            if !amendment.has_unread_clauses {
                diagnostics.push(ImportError::ChangesNothing { span: head(amendment) });
            }
            return None;
        }
        (None, Some(_)) => {}
    }
    let mut result = original.clone();
    result.comments.extend(&amendment.comments);
    let comments = result.comments.clone();
    let written = |span: Span| without_comments(span, &comments, sources);
    let mut changes = Vec::new();
    if let Some(title) = title {
        let before = original.title.as_ref().map(|title| written(title.span));
        changes.push(ClauseChange { clause: "title".into(), before, after: written(title.span), span: title.span });
        result.title = Some(title.clone());
    }
    if let Some(index) = amendment.indexes.first() {
        refuse_index(original, index, diagnostics);
        return None;
    }
    for header in headers {
        changes.push(amend_header(&mut result, original, header, &written, diagnostics)?);
    }
    // A clause replaces all of its kind that the original has, but not one that the override itself has given:
    // two of them are reported as everywhere.
    let mut replaced: Vec<String> = Vec::new();
    for clause in others {
        let words = words_of(&clause.kind);
        let mut before = None;
        if !replaced.contains(&words) {
            let old = result.clauses.iter().filter(|old| words_of(&old.kind) == words);
            let old: Vec<String> = old.map(|old| written(old.span)).collect();
            before = (!old.is_empty()).then(|| old.join(" "));
            result.clauses.retain(|old| words_of(&old.kind) != words);
            replaced.push(words.clone());
        }
        changes.push(ClauseChange { clause: words, before, after: written(clause.span), span: clause.span });
        result.clauses.push(clause.clone());
    }
    result.has_unread_clauses |= amendment.has_unread_clauses;
    Some((Some(result), changes))
}

/// Returns what is written there, without comments and on one line.
fn without_comments(span: Span, comments: &[Span], sources: &SourceMap) -> String {
    let inside =
        |comment: &&Span| comment.source == span.source && span.start <= comment.start && comment.end <= span.end;
    let mut words: Vec<&str> = Vec::new();
    let mut start = span.start;
    for comment in comments.iter().filter(inside) {
        words.extend(sources.text(Span { start, end: comment.start, ..span }).split_whitespace());
        start = comment.end;
    }
    words.extend(sources.text(Span { start, ..span }).split_whitespace());
    words.join(" ")
}

/// Returns what tells a clause from the others of a body: links are told apart by their ends.
fn words_of(clause: &ClauseKind) -> String {
    match clause {
        ClauseKind::Causes { effect, .. } => format!("causes {}", effect.value),
        ClauseKind::Addresses { node, link_to: None, .. } => format!("addresses {}", node.value),
        ClauseKind::Addresses { node, link_to: Some(effect), .. } => {
            format!("addresses {} -> {}", node.value, effect.value)
        }
        other => other.keyword().to_owned(),
    }
}

fn refuse_index(original: &Declaration, index: &Name, diagnostics: &mut Diagnostics) {
    diagnostics.push(ImportError::FixedPart {
        what: "what an input is about",
        span: index.span,
        declared: original.name.as_ref().map_or(original.span, |name| name.span),
        help: "leave the brackets out",
    });
}

/// Replaces a direction or a definition's parameters; anything else before the body stays as it is.
fn amend_header(
    result: &mut Declaration,
    original: &Declaration,
    header: &Header,
    written: &impl Fn(Span) -> String,
    diagnostics: &mut Diagnostics,
) -> Option<ClauseChange> {
    let same_kind = |old: &&mut Header| std::mem::discriminant(&old.kind) == std::mem::discriminant(&header.kind);
    let name_of = |header: &Header| match &header.kind {
        HeaderKind::Definition { name, .. } => Some(name.value.clone()),
        _ => None,
    };
    let old = result.header.iter_mut().find(same_kind);
    let (clause, refused) = match &header.kind {
        HeaderKind::Direction { .. } => ("direction", None),
        HeaderKind::Definition { .. } if old.as_ref().is_some_and(|old| name_of(old) == name_of(header)) => {
            ("definition", None)
        }
        HeaderKind::Definition { .. } => {
            ("", Some(("the definition of a metric", "change its parameters, or declare another metric")))
        }
        _ => ("", Some(("a type", "rules were written for this type; declare an input of another name"))),
    };
    if let Some((what, help)) = refused {
        let declared =
            old.map_or_else(|| original.name.as_ref().map_or(original.span, |name| name.span), |old| old.span);
        diagnostics.push(ImportError::FixedPart { what, span: header.span, declared, help });
        return None;
    }
    let before = old.as_ref().map(|old| written(old.span));
    match old {
        Some(old) => *old = header.clone(),
        None => result.header.push(header.clone()),
    }
    Some(ClauseChange { clause: clause.into(), before, after: written(header.span), span: header.span })
}

/// Returns the findings that a rule concludes.
fn conclusions(rule: &Declaration) -> impl Iterator<Item = String> {
    let actions = rule.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Then(actions) => Some(actions),
        _ => None,
    });
    actions.flatten().filter_map(|action| match &action.kind {
        ActionKind::Conclude(atom) => Some(atom.name.value.clone()),
        _ => None,
    })
}
