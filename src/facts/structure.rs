//! Entities and relations in `deployment.yaml`: what there is, and what holds between it.
//!
//! What is not mentioned is not known: an entity without a list may have any members, and a relation
//! without one may hold between any. What is mentioned is listed in full.

use std::collections::BTreeMap;

use super::block::{Block, as_text, wrong_kind};
use super::yaml::{Node, Yaml};
use super::{FactStore, Manifest, Member, Origin, Tuple};
use crate::diagnostic::{Code, Count, Diagnostic, Diagnostics, List, or_nearest};
use crate::model::{IndexId, KnowledgeBase, Relation, RelationId};
use crate::source::{SourceMap, Span, Spanned};

/// What a manifest says of entities and relations.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// Members of sets: those that are listed, and those that a relation mentions.
    pub members: Vec<(IndexId, String)>,
    /// Entities that are listed.
    listed: Vec<IndexId>,
    relations: Vec<ListedRelation>,
}

/// A relation, where its list stands, and its entries: members by name.
#[derive(Clone, Debug)]
struct ListedRelation {
    relation: RelationId,
    origin: Origin,
    entries: Vec<(Vec<String>, Tuple)>,
}

impl Structure {
    /// Enters what is said into a store that has the members already.
    pub fn enter(self, knowledge: &KnowledgeBase, store: &mut FactStore) {
        for index in self.listed {
            store.close(index);
        }
        for ListedRelation { relation, origin, entries } in self.relations {
            store.extension(relation, origin.clone());
            for (names, tuple) in entries {
                let members = knowledge.relations[relation].indexes().zip(&names);
                let members: Option<Vec<Member>> = members.map(|(index, name)| store.member(index, name)).collect();
                let members = members.expect("invariant: members of relations are entered before the relations");
                store.extension(relation, origin.clone()).insert(members, tuple);
            }
        }
    }
}

/// Returns what the manifest says of entities and relations.
///
/// # Errors
/// `D302` to `D304` and `D306` for keys and values, `D307` for an entry that stands twice, `D308` and `D309`
/// for names that the pack does not declare, `D310` for an entry with too many or too few members.
pub fn read_structure(manifest: &Manifest, knowledge: &KnowledgeBase, sources: &SourceMap) -> (Structure, Diagnostics) {
    let mut problems = Diagnostics::default();
    let mut structure = Structure::default();
    for (key, node) in &manifest.entities {
        let entity = knowledge.indexes.find(&key.value).filter(|index| knowledge.indexes[*index].is_entity);
        let Some(index) = entity else {
            problems.push(unknown_entity(key, knowledge));
            continue;
        };
        if let Some(names) = list(node, &format!("`{}` must be a list of names", key.value), &mut problems) {
            structure.listed.push(index);
            for node in names {
                structure.members.extend(member(node, &mut problems).map(|name| (index, name)));
            }
        }
    }
    for (key, node) in &manifest.relations {
        let Some(id) = knowledge.relations.find(&key.value) else {
            problems.push(unknown_relation(key, knowledge));
            continue;
        };
        let relation = &knowledge.relations[id];
        let Some(entries) = list(node, &format!("`{}` must be a list", key.value), &mut problems) else { continue };
        let mut listed: Vec<(Vec<String>, Tuple)> = Vec::with_capacity(entries.len());
        let mut places: BTreeMap<Vec<String>, Span> = BTreeMap::new();
        for node in entries {
            let Some((members, unsure)) = tuple(node, relation, &mut problems) else { continue };
            if let Some(first) = places.insert(members.clone(), node.span) {
                problems.push(listed_twice(relation, node.span, first));
                continue;
            }
            structure.members.extend(relation.indexes().zip(members.iter().cloned()));
            listed.push((members, Tuple { unsure, origin: origin(sources, node.span) }));
        }
        structure.relations.push(ListedRelation { relation: id, origin: origin(sources, key.span), entries: listed });
    }
    (structure, problems)
}

fn origin(sources: &SourceMap, span: Span) -> Origin {
    Origin::Metadata { location: sources.location(span), span }
}

fn list<'a>(node: &'a Node, expected: &str, problems: &mut Diagnostics) -> Option<&'a [Node]> {
    match &node.value {
        Yaml::List(nodes) => Some(nodes),
        other => {
            problems.push(wrong_kind(node.span, &format!("{expected}, `[]` for none"), other));
            None
        }
    }
}

fn member(node: &Node, problems: &mut Diagnostics) -> Option<String> {
    let name = as_text(&node.value);
    if name.is_none() {
        problems.push(wrong_kind(node.span, "the name of a member must stand here", &node.value));
    }
    name
}

/// Returns the members of an entry, one for each parameter, and whether it is unsure.
fn tuple(node: &Node, relation: &Relation, problems: &mut Diagnostics) -> Option<(Vec<String>, bool)> {
    let nodes: Vec<&Node> = match &node.value {
        Yaml::List(nodes) => nodes.iter().collect(),
        Yaml::Map(_) => {
            let mut known: Vec<&str> = relation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            known.push("unsure");
            let before = problems.len();
            let block = Block::new(node, &relation.id, &known, problems)?;
            let unsure = block.choice("unsure", &["yes", "no"], problems) == Some(0);
            let mut members = Vec::with_capacity(relation.parameters.len());
            for parameter in &relation.parameters {
                block.require(&parameter.name, &format!("{}: name", parameter.name), problems);
                members.extend(block.get(&parameter.name).and_then(|node| member(node, problems)));
            }
            return (problems.len() == before).then_some((members, unsure));
        }
        _ => std::slice::from_ref(node).iter().collect(),
    };
    if nodes.len() != relation.parameters.len() {
        problems.push(wrong_arity(node.span, nodes.len(), relation));
        return None;
    }
    let members: Option<Vec<String>> = nodes.into_iter().map(|node| member(node, problems)).collect();
    members.map(|members| (members, false))
}

fn unknown_entity(key: &Spanned<String>, knowledge: &KnowledgeBase) -> Diagnostic {
    let diagnostic = match knowledge.indexes.named(&key.value) {
        Some(index) => Diagnostic::new(Code::D308, format!("`{}` is an index set and not an entity", key.value))
            .with_label(index.span, "declared here"),
        None => Diagnostic::new(Code::D308, format!("the pack has no entity called `{}`", key.value)),
    };
    let entities = knowledge.indexes.values().filter(|index| index.is_entity).map(|index| index.id.as_str());
    let help = or_nearest(&key.value, entities.clone(), || match entities.clone().next() {
        Some(_) => format!("the entities of the pack are {}", List::and(entities)),
        None => "the pack declares no entity; members of index sets come with tables and inputs".into(),
    });
    diagnostic.with_label(key.span, "this name").with_help(help)
}

fn unknown_relation(key: &Spanned<String>, knowledge: &KnowledgeBase) -> Diagnostic {
    Diagnostic::new(Code::D309, format!("the pack has no relation called `{}`", key.value))
        .with_label(key.span, "this name")
        .with_help(or_nearest(&key.value, knowledge.relations.names(), || {
            if knowledge.relations.is_empty() {
                "the pack declares no relation; remove this key".into()
            } else {
                format!("the relations of the pack are {}", List::and(knowledge.relations.names()))
            }
        }))
}

fn wrong_arity(span: Span, found: usize, relation: &Relation) -> Diagnostic {
    let names: Vec<&str> = relation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let wanted = Count(names.len(), "member");
    Diagnostic::new(Code::D310, format!("`{}` is between {wanted}, and here is {found}", relation.id))
        .with_label(span, Count(found, "member").to_string())
        .with_label(relation.span, "declared here")
        .with_help(format!("write `[{}]`, in this order, or give each its key", names.join(", ")))
}

fn listed_twice(relation: &Relation, second: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::D307, format!("`{}` lists the same members twice", relation.id))
        .with_label(second, "again here")
        .with_label(first, "first here")
        .with_help("keep one of the two")
}
