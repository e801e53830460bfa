//! What a pack takes from other packs, and what it changes of them.

use super::KnowledgeBase;
use crate::source::Span;

/// An `import` declaration, of the pack itself or of one that it imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The pack that imports.
    pub by: String,
    /// The pack that is imported.
    pub id: String,
    /// The versions that will do, such as `^1.0`.
    pub requirement: String,
    /// The version that was found.
    pub version: semver::Version,
    /// The imported pack's digest, which covers its own imports.
    pub digest: String,
    /// Name and requirement as written.
    pub span: Span,
}

/// An `override` declaration, carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// What is changed: `rule`, `mode`, `factor` and so on.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The pack that declares it.
    pub pack: String,
    /// The pack that changes it.
    pub by: String,
    /// Why.
    pub because: String,
    /// What is changed of it; nothing where it is switched off.
    pub changes: Vec<ClauseChange>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// The whole override.
    pub span: Span,
}

/// A clause before and after an override, as written but on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseChange {
    /// The clause's words, such as `when` or `causes miscalibration`.
    pub clause: String,
    /// As the imported pack has it; none where it has no such clause.
    pub before: Option<String>,
    /// As it is now.
    pub after: String,
    /// Where it is written now.
    pub span: Span,
}

impl KnowledgeBase {
    /// Returns the overrides of a declaration: of the imported pack's first, of this one's last.
    pub fn overrides_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Override> {
        self.overrides.iter().filter(move |changed| changed.name == name)
    }

    /// Returns the change of a clause of a declaration that holds, where there is one.
    pub fn overridden_clause(&self, name: &str, clause: &str) -> Option<&ClauseChange> {
        let changed = self.overrides.iter().filter(|changed| changed.name == name);
        changed.flat_map(|changed| &changed.changes).rfind(|change| change.clause == clause)
    }
}
