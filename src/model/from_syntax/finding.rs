//! Findings: there is no declaration for them; a rule that concludes one brings it into being.

use super::super::error::{ModelError, Side};
use super::super::{IndexRef, RelationId};
use super::symbols::Symbols;
use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::syntax::ast::{ActionKind, Atom, Binding, Brackets, ClauseKind, Declaration, ExpressionKind, Name};

/// A finding and the sets it is about.
#[derive(Debug)]
pub(in crate::model) struct Concluded {
    pub name: String,
    /// None where the rules do not agree or name unknown sets, which has been reported.
    pub parameters: Option<Vec<IndexRef>>,
    /// Where it is concluded first.
    pub span: Span,
}

/// One `conclude`: what each of its arguments ranges over, as far as it can be told.
struct Sighting<'a> {
    atom: &'a Atom,
    sets: Vec<Sight<'a>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Sight<'a> {
    /// A variable over the set of this name.
    Set(&'a str),
    /// A member by name.
    Member,
    /// Something else, which is reported where the rule is lowered.
    Unclear,
}

/// Returns every finding, sorted by name.
pub(super) fn collect_findings(symbols: &Symbols<'_>, diagnostics: &mut Diagnostics) -> Vec<Concluded> {
    let mut sightings: Vec<Sighting<'_>> = Vec::new();
    for declaration in symbols.rules.entries.iter().filter_map(|entry| entry.declaration) {
        sight(declaration, &mut sightings);
    }
    // Stable: rules are in order of name, and actions in the order written.
    sightings.sort_by(|left, right| left.atom.name.value.cmp(&right.atom.name.value));
    let mut findings: Vec<Concluded> = Vec::new();
    for group in sightings.chunk_by(|left, right| left.atom.name.value == right.atom.name.value) {
        let Some(first) = group.first() else { continue };
        let name = first.atom.name.value.clone();
        if let Some(id) = symbols.relations.find(&name) {
            let declared = symbols.relations.entries[RelationId::index(id)].span;
            for sighting in group {
                let span = sighting.atom.span;
                diagnostics.push(ModelError::ConcludedRelation { name: name.clone(), span, declared });
            }
            continue;
        }
        if let Some(other) = symbols.anything_called(&name) {
            diagnostics.push(ModelError::DeclaredTwice {
                noun: other.noun(),
                name: name.clone(),
                first: other.span,
                second: first.atom.name.span,
            });
        }
        let parameters = agree(symbols, group, diagnostics);
        findings.push(Concluded { name, parameters, span: first.atom.span });
    }
    findings
}

fn sight<'a>(declaration: &'a Declaration, sightings: &mut Vec<Sighting<'a>>) {
    let bindings: Vec<&Binding> = declaration
        .clauses
        .iter()
        .filter_map(|clause| match &clause.kind {
            ClauseKind::ForEach(bindings) => Some(bindings),
            _ => None,
        })
        .flatten()
        .collect();
    for clause in &declaration.clauses {
        let ClauseKind::Then(actions) = &clause.kind else { continue };
        for action in actions {
            let ActionKind::Conclude(atom) = &action.kind else { continue };
            let sets = atom.arguments.iter().map(|argument| match &argument.value.kind {
                ExpressionKind::Text(_) => Sight::Member,
                ExpressionKind::Atom(Atom { name, brackets: Brackets::None, .. }) => {
                    let bound = bindings.iter().find(|binding| binding.variable.value == name.value);
                    bound.map_or(Sight::Unclear, |binding| Sight::Set(&binding.index.value))
                }
                _ => Sight::Unclear,
            });
            sightings.push(Sighting { atom, sets: sets.collect() });
        }
    }
}

fn agree(symbols: &Symbols<'_>, group: &[Sighting<'_>], diagnostics: &mut Diagnostics) -> Option<Vec<IndexRef>> {
    let first = group.first()?;
    // What the sightings so far say of each argument, and which of them said it.
    let mut known: Vec<(Sight<'_>, &Sighting<'_>)> = first.sets.iter().map(|set| (*set, first)).collect();
    let mut sound = true;
    for sighting in group.iter().skip(1) {
        let mut disagree = sighting.sets.len() != known.len();
        let mut against = first;
        for (place, set) in known.iter_mut().zip(&sighting.sets) {
            match (place.0, *set) {
                (Sight::Set(left), Sight::Set(right)) if left != right => {
                    disagree = true;
                    against = place.1;
                }
                (Sight::Member, Sight::Set(_)) => *place = (*set, sighting),
                _ => {}
            }
        }
        if disagree {
            sound = false;
            diagnostics.push(ModelError::FindingParameters {
                name: first.atom.name.value.clone(),
                first: Side { what: described(against), span: against.atom.span },
                second: Side { what: described(sighting), span: sighting.atom.span },
            });
        }
    }
    let mut parameters = Vec::with_capacity(known.len());
    for (set, sighting) in known {
        match set {
            Sight::Set(name) => {
                // An unknown set is reported at its `for each`.
                let name = Name::new(name.to_owned(), sighting.atom.span);
                parameters.push(symbols.index_set(&name, &mut Diagnostics::default())?);
            }
            Sight::Member => {
                sound = false;
                diagnostics.push(ModelError::FindingWithoutSet {
                    name: first.atom.name.value.clone(),
                    span: sighting.atom.span,
                });
            }
            Sight::Unclear => sound = false,
        }
    }
    sound.then_some(parameters)
}

fn described(sighting: &Sighting<'_>) -> String {
    if sighting.sets.is_empty() {
        return "about nothing in particular".to_owned();
    }
    let sets: Vec<&str> = sighting
        .sets
        .iter()
        .map(|set| match set {
            Sight::Set(name) => *name,
            Sight::Member | Sight::Unclear => "a member",
        })
        .collect();
    format!("about {}", sets.join(" and "))
}
