//! Suppositions as they are typed: `model.autonomy = advisory, auroc[sex=F] = 0.8, feeds(ehr, lab) = no`.

use super::Case;
use super::figures::value_text;
use crate::diagnostic::{Code, Diagnostic, List, or_nearest};
use crate::facts::{Fact, FactStore, Member, Origin, Tuple, Yaml, read_value};
use crate::inference::{Element, FactKey};
use crate::model::{IndexId, InputId, KnowledgeBase, RelationId, Value};

/// One supposition.
#[derive(Clone, Debug, PartialEq)]
pub enum Supposition {
    /// An input has a value.
    Input {
        /// The input.
        input: InputId,
        /// A member for each of its index sets.
        members: Vec<Member>,
        /// The value; none supposes that it is not known.
        value: Option<Value>,
    },
    /// A relation holds, or does not.
    Relation {
        /// The relation, which the deployment lists.
        relation: RelationId,
        /// A member for each of its parameters.
        members: Vec<Member>,
        /// Whether it holds; none supposes that it is not known.
        holds: Option<bool>,
    },
}

impl Supposition {
    /// Changes the facts, and returns the name of what is supposed with its value before and after, in words.
    pub(super) fn apply(&self, case: Case<'_>, facts: &mut FactStore) -> (String, String, String) {
        match self {
            Supposition::Input { input, members, value } => {
                let value_type = &case.knowledge.inputs[*input].value_type;
                let shown = |value: Option<&Value>| {
                    value.map_or_else(|| "unknown".to_owned(), |value| value_text(value, value_type))
                };
                let elements = members.iter().copied().map(Element::Member).collect();
                let name = case.key_name(&FactKey { input: *input, members: elements });
                let before = facts.get(*input, members);
                let told = (name, shown(before.and_then(|fact| fact.value.as_ref().ok())), shown(value.as_ref()));
                match value {
                    Some(value) => {
                        let fact = Fact::supposed_instead(before, value.clone());
                        facts.set(*input, members, fact);
                    }
                    None => drop(facts.remove(*input, members)),
                }
                told
            }
            Supposition::Relation { relation, members, holds } => {
                let words = |holds: Option<bool>| match holds {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "unknown",
                };
                let elements: Vec<Element> = members.iter().copied().map(Element::Member).collect();
                let name = case.relation_name(*relation, &elements);
                let listed = facts.relation(*relation).map(|extension| extension.get(members));
                let before = match listed {
                    None => None,
                    Some(None) => Some(false),
                    Some(Some(tuple)) => (!tuple.unsure).then_some(true),
                };
                let extension = facts.extension(*relation, Origin::Supposed);
                match holds {
                    Some(false) => drop(extension.remove(members)),
                    _ => {
                        let tuple = Tuple { unsure: holds.is_none(), origin: Origin::Supposed };
                        extension.insert(members.clone(), tuple);
                    }
                }
                (name, words(before).to_owned(), words(*holds).to_owned())
            }
        }
    }
}

/// Reads suppositions.
///
/// # Errors
/// `X002 unknown-name` or `X004 wrong-supposition`.
pub fn suppose(knowledge: &KnowledgeBase, facts: &FactStore, text: &str) -> Result<Vec<Supposition>, Diagnostic> {
    let mut suppositions = Vec::new();
    for part in split_outside_brackets(text, ',') {
        let mut sides = split_outside_brackets(&part, '=').into_iter();
        let (Some(name), Some(value)) = (sides.next(), sides.next()) else {
            return Err(malformed(&part));
        };
        let (name, value) = (name.trim(), value.trim());
        let relation = name.split_once('(').and_then(|(id, rest)| Some((knowledge.relations.find(id.trim())?, rest)));
        suppositions.push(match relation {
            Some((relation, arguments)) => related(knowledge, facts, relation, arguments, value)?,
            None => supposed_input(knowledge, facts, name, value)?,
        });
    }
    if suppositions.is_empty() { Err(malformed(text)) } else { Ok(suppositions) }
}

fn malformed(part: &str) -> Diagnostic {
    Diagnostic::new(Code::X004, format!("`{}` supposes nothing", part.trim())).with_help(
        "write `input = value`, several with commas, such as `model.autonomy = advisory, pilot.events = 200`",
    )
}

fn split_outside_brackets(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(part) if letter != separator || depth > 0 => part.push(letter),
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Returns the members that are named in brackets, one for each set.
fn members(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    sets: &[IndexId],
    written: &str,
) -> Result<Vec<Member>, Diagnostic> {
    // A member's name may hold a comma, which matters only where there are several sets.
    let names: Vec<&str> = if sets.len() == 1 { vec![written] } else { written.split(',').collect() };
    if names.len() != sets.len() {
        let sets: Vec<&str> = sets.iter().map(|set| knowledge.indexes[*set].id.as_str()).collect();
        return Err(Diagnostic::new(Code::X004, format!("`{written}` does not name one of each set"))
            .with_help(format!("name a member of {}, with a comma between", List::and(sets))));
    }
    sets.iter().zip(names).map(|(set, name)| member(knowledge, facts, *set, name)).collect()
}

fn member(knowledge: &KnowledgeBase, facts: &FactStore, set: IndexId, name: &str) -> Result<Member, Diagnostic> {
    let name = name.trim().trim_matches('"');
    let known = facts.members(set);
    facts.member(set, name).ok_or_else(|| {
        let set = &knowledge.indexes[set].id;
        Diagnostic::new(Code::X002, format!("this deployment has no {set} `{name}`")).with_help(or_nearest(
            name,
            known.iter().map(String::as_str),
            || match known {
                [] => format!("no {set} is known here"),
                known => format!("there is {}", List::and(known.iter().map(String::as_str))),
            },
        ))
    })
}

fn supposed_input(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    name: &str,
    value: &str,
) -> Result<Supposition, Diagnostic> {
    let (id, written) = match name.split_once('[') {
        Some((id, written)) => (id.trim(), Some(written.trim_end_matches(']'))),
        None => (name, None),
    };
    let Some(input) = knowledge.inputs.find(id) else {
        return Err(Diagnostic::new(Code::X002, format!("the pack has no input called `{id}`")).with_help(or_nearest(
            id,
            knowledge.inputs.names(),
            || "`facts` lists what is known".into(),
        )));
    };
    let declared = &knowledge.inputs[input];
    let members = match (declared.indexes.as_slice(), written) {
        ([], None) => Vec::new(),
        ([], Some(_)) => return Err(malformed(name).with_help(format!("`{id}` is a single figure: write `{id} = …`"))),
        (sets, Some(written)) => members(knowledge, facts, sets, written)?,
        ([set, ..], None) => {
            let set = &knowledge.indexes[*set].id;
            return Err(malformed(name).with_help(format!("`{id}` has a value for each {set}: write `{id}[…] = …`")));
        }
    };
    if value == "unknown" {
        return Ok(Supposition::Input { input, members, value: None });
    }
    let written = value.parse::<f64>().map_or_else(|_| Yaml::Text(value.trim_matches('"').to_owned()), Yaml::Number);
    match read_value(&declared.value_type, &written) {
        Ok(value) => Ok(Supposition::Input { input, members, value: Some(value) }),
        Err(expected) => Err(Diagnostic::new(Code::X004, format!("`{value}` is not a value of `{id}`"))
            .with_help(format!("expected {expected}; \"{}\" is of type {}", declared.title, declared.value_type))),
    }
}

fn related(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    relation: RelationId,
    arguments: &str,
    value: &str,
) -> Result<Supposition, Diagnostic> {
    let declared = &knowledge.relations[relation];
    let sets: Vec<IndexId> = declared.indexes().collect();
    let members = members(knowledge, facts, &sets, arguments.trim_end_matches(')'))?;
    let holds = match value {
        "yes" => Some(true),
        "no" => Some(false),
        "unknown" => None,
        other => {
            return Err(Diagnostic::new(Code::X004, format!("`{other}` is not whether `{}` holds", declared.id))
                .with_help("write `yes`, `no` or `unknown`"));
        }
    };
    if facts.relation(relation).is_none() {
        return Err(Diagnostic::new(Code::X004, format!("this deployment does not list `{}`", declared.id)).with_help(
            "list it under `relations` in `deployment.yaml`; to list one entry says that there are no others",
        ));
    }
    Ok(Supposition::Relation { relation, members, holds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_outside_brackets_only() {
        assert_eq!(split_outside_brackets("a[sex=F, x] = 1, b = 2", ','), ["a[sex=F, x] = 1", " b = 2"]);
        assert_eq!(split_outside_brackets("a[sex=F] = 1", '='), ["a[sex=F] ", " 1"]);
        assert_eq!(split_outside_brackets("r(a, b) = no, c = 1", ','), ["r(a, b) = no", " c = 1"]);
    }
}
