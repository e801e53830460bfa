//! Relations in words: what the deployment lists, what it leaves out, and what it is not sure of.

use super::phrase::origin_of;
use super::{Answer, Case, Line, Part, PartKind, Tone};
use crate::facts::{Extension, Tuple};
use crate::inference::{Element, Outcome, RelationInstance};
use crate::model::{IndexRef, RelationId};

impl<'a> Case<'a> {
    /// Returns a relation with its arguments, such as `feeds(ehr, lab)`.
    pub fn relation_name(&self, relation: RelationId, arguments: &[Element]) -> String {
        let declared = &self.knowledge.relations[relation];
        let named = declared.indexes().zip(arguments);
        let names: Vec<String> =
            named.map(|(index, element)| self.element_name(IndexRef::Declared(index), *element)).collect();
        format!("{}({})", declared.id, names.join(", "))
    }

    /// Returns a condition on a relation as a part.
    pub(super) fn related(&self, instance: &RelationInstance, wanted: bool, outcome: Outcome) -> Part {
        let needs = match (outcome.holds(), wanted) {
            (true, _) => "",
            (false, true) => "; needs yes",
            (false, false) => "; needs no",
        };
        let part = self.relation_state(instance, PartKind::Premise);
        Part { sentence: part.sentence + needs, ..part }.with_outcome(outcome)
    }

    /// Returns what is known of a relation between particular elements.
    fn relation_state(&self, instance: &RelationInstance, kind: PartKind) -> Part {
        let extension = self.facts.relation(instance.relation);
        let listed = extension.and_then(|extension| extension.get(&instance.members()?));
        let state = match (extension, listed) {
            (None, _) => "not known, the deployment does not say",
            (_, None) => "no, the deployment does not list it",
            (_, Some(tuple)) if tuple.unsure => "not known, the deployment is not sure",
            (_, Some(_)) => "yes",
        };
        let name = self.relation_name(instance.relation, &instance.arguments);
        let from = listed.map(|tuple| &tuple.origin).or(extension.map(|extension| &extension.origin));
        let from = from.map(origin_of).unwrap_or_default();
        let sentence = format!("{}: {state}", self.relation_title(instance));
        let part = Part::new(kind, sentence).named(name.clone());
        Part { origin: Some(if from.is_empty() { name } else { format!("{name}; {from}") }), ..part }
    }

    /// "Feeds data to (from ehr, to lab)".
    fn relation_title(&self, instance: &RelationInstance) -> String {
        let declared = &self.knowledge.relations[instance.relation];
        let named = declared.parameters.iter().zip(&instance.arguments).map(|(parameter, element)| {
            format!("{} {}", parameter.name, self.element_name(IndexRef::Declared(parameter.index), *element))
        });
        format!("{} ({})", declared.title, named.collect::<Vec<_>>().join(", "))
    }

    /// Returns every entry of the relations that the deployment lists.
    pub(crate) fn related_facts(self) -> impl Iterator<Item = (RelationInstance, &'a Tuple)> {
        let listed = self.knowledge.relations.ids().filter_map(move |id| Some((id, self.facts.relation(id)?)));
        listed.flat_map(|(relation, extension)| {
            extension.iter().map(move |(members, tuple)| {
                let arguments = members.iter().copied().map(Element::Member).collect();
                (RelationInstance { relation, arguments }, tuple)
            })
        })
    }
}

/// Returns a row of the list of facts for each entity, for each entry of a relation, and for each relation without
/// entries.
pub(super) fn rows(case: Case<'_>, pattern: &str) -> Vec<Vec<Line>> {
    let row = |name: String, value: Line, from: String| vec![Line::new().name(name), value, Line::new().faint(from)];
    let mut rows = Vec::new();
    let entities = case.knowledge.indexes.iter().filter(|(_, index)| index.is_entity && index.id.contains(pattern));
    for (id, entity) in entities {
        let members = match case.facts.members(id) {
            [] if case.facts.is_open(id) => Line::new().with(Tone::Warn, "unknown: the deployment does not say"),
            [] => Line::from("none"),
            members => Line::from(members.join(", ")),
        };
        rows.push(row(entity.id.clone(), members, String::new()));
    }
    for (instance, tuple) in case.related_facts() {
        let name = case.relation_name(instance.relation, &instance.arguments);
        if name.contains(pattern) {
            rows.push(row(name, stated(tuple), origin_of(&tuple.origin)));
        }
    }
    for (id, declared) in case.knowledge.relations.iter().filter(|(_, declared)| declared.id.contains(pattern)) {
        match case.facts.relation(id) {
            Some(extension) if extension.iter().next().is_none() => {
                rows.push(row(declared.id.clone(), Line::from("between none"), origin_of(&extension.origin)));
            }
            Some(_) => {}
            None => {
                let unknown = Line::new().with(Tone::Warn, "unknown: the deployment does not say");
                rows.push(row(declared.id.clone(), unknown, String::new()));
            }
        }
    }
    rows
}

fn stated(tuple: &Tuple) -> Line {
    if tuple.unsure { Line::new().with(Tone::Warn, "unknown: the deployment is not sure") } else { Line::from("yes") }
}

/// Answers what is known of a relation, or of it between particular members.
pub(super) fn why_relation(case: Case<'_>, relation: RelationId, instance: Option<&RelationInstance>) -> Answer {
    let declared = &case.knowledge.relations[relation];
    if let Some(instance) = instance {
        let part = case.relation_state(instance, PartKind::Conclusion);
        let about = case.relation_name(relation, &instance.arguments);
        let next = vec![format!("why {}", declared.id)];
        let (question, answer) = (format!("why {about}"), part.sentence.clone());
        return Answer { question, about, answer, reasons: vec![part], facts: Vec::new(), next };
    }
    let extension = case.facts.relation(relation);
    let sentence = match extension {
        None => format!("{}: not known, the deployment does not say", declared.title),
        Some(listed) => format!("{}: {}", declared.title, counted(listed)),
    };
    let mut reasons: Vec<Part> = case
        .related_facts()
        .filter(|(instance, _)| instance.relation == relation)
        .map(|(instance, _)| case.relation_state(&instance, PartKind::Conclusion))
        .collect();
    reasons.extend(super::teller::Teller::new(case, false).because(&declared.about));
    Answer {
        question: format!("why {}", declared.id),
        about: declared.id.clone(),
        answer: sentence,
        reasons,
        facts: Vec::new(),
        next: Vec::new(),
    }
}

fn counted(extension: &Extension) -> String {
    let entries = extension.iter().count();
    let unsure = extension.iter().filter(|(_, tuple)| tuple.unsure).count();
    let unsure = if unsure == 0 { String::new() } else { format!(", of which {unsure} not sure") };
    match entries {
        0 => "between none".to_owned(),
        _ => format!("{entries} listed{unsure}, and between no others"),
    }
}
