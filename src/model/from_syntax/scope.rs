//! The variables of one rule or verdict, and what its condition reads.

use super::super::error::ModelError;
use super::super::{Argument, FindingId, IndexRef, InputId, RelationId, Variable, VariableId};
use super::Context;
use crate::diagnostic::nearest;
use crate::source::Span;
use crate::syntax::ast::{self, Binding, ExpressionKind, Name};

/// A finding that a condition reads.
#[derive(Clone, Copy, Debug)]
pub(in crate::model) struct FindingRead {
    pub finding: FindingId,
    pub span: Span,
    /// Why the finding must be complete before it is read, if it must.
    pub strict: Option<Strictness>,
}

/// What makes a reading need the complete finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) enum Strictness {
    /// `not`
    Negation,
    /// `all`, `count`, `min` and the like; `any` needs no more than one member.
    Aggregate,
}

/// What is known while a rule or verdict is lowered.
pub(super) struct Scope<'c, 'a> {
    pub context: &'c mut Context<'a>,
    pub variables: Vec<Variable>,
    /// Whether each variable has been used.
    used: Vec<bool>,
    /// The variables that can be named at this point, innermost last.
    visible: Vec<VariableId>,
    pub reads: Vec<FindingRead>,
    pub inputs_read: Vec<InputId>,
    pub relations_read: Vec<RelationId>,
    /// Where something is read that is known only after the likelihoods, and what.
    pub late: Vec<(&'static str, Span)>,
    pub strict: Option<Strictness>,
}

impl<'c, 'a> Scope<'c, 'a> {
    pub(super) fn new(context: &'c mut Context<'a>) -> Self {
        Self {
            context,
            variables: Vec::new(),
            used: Vec::new(),
            visible: Vec::new(),
            reads: Vec::new(),
            inputs_read: Vec::new(),
            relations_read: Vec::new(),
            late: Vec::new(),
            strict: None,
        }
    }

    pub(super) fn error(&mut self, error: ModelError) {
        let diagnostic = self.context.symbols.explained(error);
        self.context.diagnostics.push(diagnostic);
    }

    /// Binds the variables of `for each`; they stay visible.
    pub(super) fn bind_all(&mut self, bindings: &[Binding]) -> bool {
        let mut sound = true;
        for binding in bindings {
            sound &= self.bind(&binding.variable, &binding.index).is_some();
        }
        sound
    }

    /// Binds one variable.
    pub(super) fn bind(&mut self, variable: &Name, index: &Name) -> Option<VariableId> {
        let clash =
            self.visible.iter().map(|id| &self.variables[id.index()]).find(|other| other.name == variable.value);
        if let Some(other) = clash {
            let error =
                ModelError::BoundTwice { name: variable.value.clone(), first: other.span, second: variable.span };
            self.error(error);
            return None;
        }
        let index = self.context.symbols.index_set(index, &mut self.context.diagnostics);
        let id = VariableId::from(self.variables.len());
        // An unknown set has been reported; the variable stays bound so that its uses are not.
        self.variables.push(Variable {
            name: variable.value.clone(),
            index: index.unwrap_or(IndexRef::Modes),
            span: variable.span,
        });
        self.used.push(index.is_none());
        self.visible.push(id);
        index.map(|_| id)
    }

    /// Ends the reach of the variable that was bound last.
    pub(super) fn unbind(&mut self) {
        self.visible.pop();
    }

    pub(super) fn variable(&mut self, name: &str) -> Option<VariableId> {
        let id = self.visible.iter().rev().copied().find(|id| self.variables[id.index()].name == name)?;
        self.used[id.index()] = true;
        Some(id)
    }

    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.visible.iter().any(|id| self.variables[id.index()].name == name)
    }

    /// Warns of variables that nothing used.
    pub(super) fn warn_of_unused_variables(&mut self) {
        for position in 0..self.variables.len() {
            if !self.used[position] {
                let variable = &self.variables[position];
                let error = ModelError::UnusedVariable { name: variable.name.clone(), span: variable.span };
                self.context.diagnostics.push(error);
            }
        }
    }

    /// Returns what stands in the brackets after `name`, which is over `sets`.
    pub(super) fn arguments(
        &mut self,
        name: &Name,
        span: Span,
        written: &[&ast::Expression],
        sets: &[IndexRef],
        (open, close): (char, char),
        declared: Option<Span>,
    ) -> Option<Vec<Argument>> {
        let set_names: Vec<&str> = sets.iter().map(|set| self.context.symbols.index_name(*set)).collect();
        let declared = declared.map(|declared| (declared, "declared here".to_owned()));
        if written.len() != sets.len() {
            let over = set_names.join(" and one of ");
            let (message, help) = if sets.is_empty() {
                (format!("`{}` is a single figure", name.value), format!("write `{}` without brackets", name.value))
            } else {
                let initials = variable_names(&set_names);
                let shown = format!("{}{open}{}{close}", name.value, initials.join(", "));
                let binds: Vec<String> =
                    initials.iter().zip(&set_names).map(|(initial, set)| format!("{initial} in {set}")).collect();
                let message = format!("`{}` needs a member of {over}", name.value);
                (message, format!("write `{shown}` with `for each {}`", binds.join(", ")))
            };
            let label = format!("{} here", crate::diagnostic::Count(written.len(), "member"));
            self.error(ModelError::WrongMembers { message, span, label, declared, help });
            return None;
        }
        let mut arguments = Vec::with_capacity(written.len());
        for (argument, set) in written.iter().zip(sets) {
            arguments.push(self.argument(name, argument, *set, declared.clone())?);
        }
        Some(arguments)
    }

    fn argument(
        &mut self,
        name: &Name,
        written: &ast::Expression,
        set: IndexRef,
        declared: Option<(Span, String)>,
    ) -> Option<Argument> {
        let set_name = self.context.symbols.index_name(set);
        match &written.kind {
            ExpressionKind::Text(member) => Some(Argument::Member(member.clone())),
            ExpressionKind::Atom(atom) if atom.brackets == ast::Brackets::None => {
                let word = &atom.name;
                if let Some(id) = self.variable(&word.value) {
                    let variable = &self.variables[id.index()];
                    if variable.index != set {
                        let own_set = self.context.symbols.index_name(variable.index);
                        let error = ModelError::WrongMembers {
                            message: format!(
                                "`{}` is over {set_name}, and `{}` is a member of {own_set}",
                                name.value, word.value
                            ),
                            span: word.span,
                            label: format!("a member of {own_set}"),
                            declared: Some((variable.span, "bound here".into())),
                            help: format!("bind a variable in `{set_name}`"),
                        };
                        self.error(error);
                        return None;
                    }
                    return Some(Argument::Variable(id));
                }
                if matches!(set, IndexRef::Modes | IndexRef::Factors)
                    && self.context.symbols.nodes.find(&word.value).is_some()
                {
                    return Some(Argument::Member(word.value.clone()));
                }
                if set == IndexRef::Mitigations && self.context.symbols.mitigations.find(&word.value).is_some() {
                    return Some(Argument::Member(word.value.clone()));
                }
                self.unbound(word, Some(set));
                None
            }
            _ => {
                self.error(ModelError::WrongMembers {
                    message: format!("`{}` needs a member of {set_name} here", name.value),
                    span: written.span,
                    label: "neither a variable nor a member".into(),
                    declared,
                    help: "write a variable that `for each` binds, or a member in quotes".into(),
                });
                None
            }
        }
    }

    pub(super) fn unbound(&mut self, word: &Name, set: Option<IndexRef>) {
        let bound: Vec<String> = self.visible.iter().map(|id| self.variables[id.index()].name.clone()).collect();
        self.error(ModelError::UnboundVariable {
            name: word.value.clone(),
            span: word.span,
            bound,
            set: set.map(|set| self.context.symbols.index_name(set).to_owned()),
        });
    }

    /// Says that there is no such input, or what the name is instead.
    pub(super) fn no_such_input(&mut self, name: &Name) {
        let symbols = self.context.symbols;
        if symbols.is_unreadable(&name.value) {
            return;
        }
        if self.is_variable(&name.value) {
            self.error(ModelError::NotAValue {
                what: format!("the variable `{}`", name.value),
                span: name.span,
                help: format!("a variable stands in brackets, such as `subgroup.auroc[{}]`", name.value),
            });
        } else if self.context.findings.iter().any(|finding| finding.name == name.value) {
            self.error(ModelError::NotAValue {
                what: format!("the finding `{}`", name.value),
                span: name.span,
                help: "a finding is a condition of its own; join it with `and`".into(),
            });
        } else if symbols.anything_called(&name.value).is_some() {
            symbols.resolve(&symbols.inputs, name, &mut self.context.diagnostics);
        } else {
            let nearest = nearest(&name.value, symbols.inputs.names()).map(str::to_owned);
            self.error(ModelError::NoSuchName { noun: "input", name: name.value.clone(), span: name.span, nearest });
        }
    }
}

/// Returns a variable for each set: its first letter, with a number where several begin alike.
fn variable_names(sets: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(sets.len());
    for (position, set) in sets.iter().enumerate() {
        let letter = set.get(..1).unwrap_or("s");
        let alike = sets[..position].iter().filter(|other| other.starts_with(letter)).count();
        names.push(if alike == 0 { letter.to_owned() } else { format!("{letter}{}", alike + 1) });
    }
    names
}
