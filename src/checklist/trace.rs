//! The trace: item of a framework ↔ what asks for it ↔ the rules that read the answer ↔ factors and modes.

use super::coverage::{Counts, Coverage};
use super::place::{Declared, Place, Subject, declarations};
use super::reach::{Reach, Reached};
use crate::model::{CitationId, InputKind, KnowledgeBase};

/// Every framework, and every declaration that has to do with one.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The frameworks, by name.
    pub checklists: Vec<Checklist>,
    /// Every question, every input that a rule requires, and whatever satisfies an item.
    pub places: Vec<Place>,
}

/// A standard or checklist.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// The source.
    pub citation: CitationId,
    /// Its items, in the order written.
    pub items: Vec<ItemTrace>,
}

/// An item and what satisfies it.
#[derive(Clone, Debug)]
pub struct ItemTrace {
    /// What the checklist calls it.
    pub code: String,
    /// What it is about.
    pub topic: Option<String>,
    /// Why nothing is asked about it.
    pub aside: Option<String>,
    /// What satisfies it, as positions in [`Trace::places`]; ascending.
    pub places: Vec<usize>,
    /// Whether anything covers it.
    pub coverage: Coverage,
}

impl Checklist {
    /// Returns how many of its items are covered.
    pub fn counts(&self) -> Counts {
        Counts::of(self.items.iter().map(|item| item.coverage))
    }
}

impl Trace {
    /// Returns the trace of a pack.
    pub fn of(knowledge: &KnowledgeBase) -> Self {
        let reach = Reach::new(knowledge);
        let places = declarations(knowledge).into_iter().filter_map(|declared| place(knowledge, &reach, &declared));
        let places: Vec<Place> = places.collect();
        let checklists = knowledge.citations.ids().map(|citation| checklist(knowledge, &places, citation));
        // A source that lists no items and is not named as one is literature.
        let checklists =
            checklists.filter(|list| !list.items.is_empty() || knowledge.citations[list.citation].is_checklist());
        Trace { checklists: checklists.collect(), places }
    }

    /// Returns the counts over all frameworks.
    pub fn counts(&self) -> Counts {
        Counts::of(self.checklists.iter().flat_map(|list| &list.items).map(|item| item.coverage))
    }

    /// Returns the places that satisfy an item.
    pub fn places_of(&self, item: &ItemTrace) -> impl Iterator<Item = &Place> {
        item.places.iter().filter_map(|position| self.places.get(*position))
    }
}

fn place(knowledge: &KnowledgeBase, reach: &Reach<'_>, declared: &Declared<'_>) -> Option<Place> {
    let Declared { subject, kind, id, title, about } = declared;
    let satisfies = about.satisfies.iter().map(|(citation, item)| (*citation, item.value.clone()));
    let items: Vec<(CitationId, String)> = satisfies.collect();
    if items.is_empty() && !matches!(subject, Subject::Input(_)) {
        return None;
    }
    let Reached { rules, through, gates, factors, modes } = reach.of(*subject);
    let (ask, phase) = match subject {
        Subject::Input(input) => match &knowledge.inputs[*input].kind {
            InputKind::Question { ask, phase } => (ask.clone(), phase.clone()),
            InputKind::Metric { .. } | InputKind::Metadata => (None, None),
        },
        _ => (None, None),
    };
    let place = Place {
        subject: *subject,
        kind,
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        ask,
        phase,
        items,
        rules,
        through,
        gates,
        factors,
        modes,
    };
    (!place.items.is_empty() || place.is_question() || !place.gates.is_empty()).then_some(place)
}

fn checklist(knowledge: &KnowledgeBase, places: &[Place], citation: CitationId) -> Checklist {
    let listed = knowledge.citations[citation].items.iter();
    let mut items: Vec<ItemTrace> = listed
        .map(|item| ItemTrace {
            code: item.code.clone(),
            topic: item.topic.clone(),
            aside: item.aside.clone(),
            places: Vec::new(),
            coverage: Coverage::Uncovered,
        })
        .collect();
    for (position, place) in places.iter().enumerate() {
        for (_, code) in place.items.iter().filter(|(of, _)| *of == citation) {
            match items.iter_mut().find(|item| item.code == *code) {
                Some(item) => item.places.push(position),
                // A checklist that lists no items has every item that is named.
                None => items.push(ItemTrace {
                    code: code.clone(),
                    topic: None,
                    aside: None,
                    places: vec![position],
                    coverage: Coverage::Uncovered,
                }),
            }
        }
    }
    for item in &mut items {
        let satisfying = item.places.iter().filter_map(|position| places.get(*position));
        item.coverage = Coverage::of(satisfying, item.aside.is_some());
    }
    Checklist { citation, items }
}
