//! `relation` declarations, and the conditions that name one.

use super::super::error::ModelError;
use super::super::{IndexRef, Parameter, Relation, RelationAtom, RelationId};
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, missing, title};
use super::scope::Scope;
use crate::source::Span;
use crate::syntax::ast::{self, Atom, Binding, Brackets, Declaration, Keyword};

/// The key by which the manifest says that something is not certain; no parameter has this name.
const UNSURE: &str = "unsure";

/// Returns a relation.
pub(super) fn lower_relation(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Relation> {
    check_clauses(context, declaration);
    if let Some(other) = context.symbols.anything_called(name)
        && other.keyword != Keyword::Relation
    {
        // Which of the two a condition means could not be told.
        context.diagnostics.push(ModelError::DeclaredTwice {
            noun: other.noun(),
            name: name.to_owned(),
            first: other.span,
            second: declaration.name.as_ref().map_or(declaration.span, |name| name.span),
        });
        return None;
    }
    let about = lower_about(context, declaration);
    if declaration.roles.is_empty() {
        let help = format!("write `relation {name}(from: some_set, to: some_set)`");
        missing(context, declaration, "what it is between", &help);
        return None;
    }
    let mut parameters: Vec<Parameter> = Vec::with_capacity(declaration.roles.len());
    for (position, role) in declaration.roles.iter().enumerate() {
        let earlier = declaration.roles[..position].iter().find(|other| other.variable.value == role.variable.value);
        if let Some(first) = earlier {
            context.diagnostics.push(ModelError::BoundTwice {
                name: role.variable.value.clone(),
                first: first.variable.span,
                second: role.variable.span,
            });
            return None;
        }
        parameters.push(lower_parameter(context, name, role)?);
    }
    Some(Relation { id: name.to_owned(), title: title(declaration), parameters, span: declaration.span, about })
}

fn lower_parameter(context: &mut Context<'_>, relation: &str, role: &Binding) -> Option<Parameter> {
    let wrong = |message: String, span: Span, label: &str, help: &str| ModelError::WrongMembers {
        message,
        span,
        label: label.to_owned(),
        declared: None,
        help: help.to_owned(),
    };
    if role.variable.value == UNSURE {
        let message = format!("a parameter of `{relation}` is called `{UNSURE}`");
        let help = format!("choose another name; `{UNSURE}: yes` says in a manifest that something is not certain");
        context.diagnostics.push(wrong(message, role.variable.span, "means something else in a manifest", &help));
        return None;
    }
    let symbols = context.symbols;
    match symbols.index_set(&role.index, &mut context.diagnostics)? {
        IndexRef::Declared(index) => Some(Parameter { name: role.variable.value.clone(), index }),
        IndexRef::Modes | IndexRef::Factors | IndexRef::Mitigations => {
            let message = format!("the relation `{relation}` is over `{}`", role.index.value);
            let help =
                "a relation is between members of an `entity` or `index`; modes and factors are linked by `causes`";
            context.diagnostics.push(wrong(message, role.index.span, "the taxonomy, which no manifest lists", help));
            None
        }
    }
}

impl<'a> Scope<'_, 'a> {
    /// Returns the relation that an atom names, with its declaration; the name is one of a relation.
    pub(super) fn relation(&mut self, atom: &Atom) -> Option<RelationAtom> {
        let symbols = self.context.symbols;
        let id = symbols.resolve(&symbols.relations, &atom.name, &mut self.context.diagnostics)?;
        // A relation that cannot be read has been reported.
        let relations: &'a [Option<Relation>] = self.context.relations;
        let declared = relations.get(RelationId::index(id))?.as_ref()?;
        let name_span = symbols.relations.entries[id.index()].span;
        if atom.brackets == Brackets::Square {
            self.error(ModelError::WrongMembers {
                message: format!("`{}` is a relation, whose members stand in round brackets", declared.id),
                span: atom.span,
                label: "square brackets".into(),
                declared: Some((name_span, "declared here".into())),
                help: format!("write `{}(…)`", declared.id),
            });
            return None;
        }
        let sets: Vec<IndexRef> = declared.indexes().map(IndexRef::Declared).collect();
        let written: Vec<&ast::Expression> = atom.arguments.iter().map(|argument| &argument.value).collect();
        let arguments = self.arguments(&atom.name, atom.span, &written, &sets, ('(', ')'), Some(name_span))?;
        self.relations_read.push(id);
        Some(RelationAtom { relation: id, arguments, span: atom.span })
    }
}
