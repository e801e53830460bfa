//! Relations: what holds between members of sets, as the deployment lists it.

use super::{About, Argument, IndexId, Named, RelationId};
use crate::source::Span;

/// A declared relation, such as `feeds(from: system, to: system)`.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its name; no finding has the same.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is between; at least one, and no two of one name.
    pub parameters: Vec<Parameter>,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

impl Relation {
    /// Returns the set of each parameter.
    pub fn indexes(&self) -> impl Iterator<Item = IndexId> {
        self.parameters.iter().map(|parameter| parameter.index)
    }
}

/// A parameter of a relation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name, which the manifest may use.
    pub name: String,
    /// The set that it ranges over; the taxonomy is none.
    pub index: IndexId,
}

/// A relation with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelationAtom {
    /// Which relation.
    pub relation: RelationId,
    /// One for each parameter.
    pub arguments: Vec<Argument>,
    /// Where it is written.
    pub span: Span,
}

impl Named for Relation {
    fn name(&self) -> &str {
        &self.id
    }
}
