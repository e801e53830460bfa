//! Elements: what variables stand for, and the sets they run over.

use super::rows::Code;
use crate::facts::{FactStore, Member};
use crate::model::{Argument, IndexRef, KnowledgeBase, MitigationId, NodeId};

/// What a variable stands for, or an argument names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Element {
    /// A member of a declared set.
    Member(Member),
    /// A member of a declared set whose members are not known.
    Anonymous,
    /// A mode or factor.
    Node(NodeId),
    /// A mitigation.
    Mitigation(MitigationId),
    /// A member that a rule names and this deployment does not have. Never bound to a variable.
    Absent,
}

/// The elements of every set in one deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Domains {
    declared: Vec<Vec<Element>>,
    open: Vec<bool>,
    modes: Vec<Element>,
    factors: Vec<Element>,
    mitigations: Vec<Element>,
}

impl Domains {
    /// Returns the sets. A declared set whose members are not known is open and has the anonymous element alone.
    pub fn new(knowledge: &KnowledgeBase, facts: &FactStore) -> Self {
        let members = |index| {
            let count = u32::try_from(facts.members(index).len()).unwrap_or(u32::MAX);
            (0..count).map(|position| Element::Member(Member(position))).collect::<Vec<_>>()
        };
        let mut declared: Vec<_> = knowledge.indexes.ids().map(members).collect();
        let open: Vec<_> = knowledge.indexes.ids().map(|index| facts.is_open(index)).collect();
        for (set, _) in declared.iter_mut().zip(&open).filter(|(_, open)| **open) {
            set.push(Element::Anonymous);
        }
        Self {
            declared,
            open,
            modes: knowledge.modes().map(|(id, _)| Element::Node(id)).collect(),
            factors: knowledge.factors().map(|(id, _)| Element::Node(id)).collect(),
            mitigations: knowledge.mitigations.ids().map(Element::Mitigation).collect(),
        }
    }

    /// Returns the elements of a set, ascending.
    pub fn elements(&self, index: IndexRef) -> &[Element] {
        match index {
            IndexRef::Declared(id) => self.declared.get(id.index()).map_or(&[], Vec::as_slice),
            IndexRef::Modes => &self.modes,
            IndexRef::Factors => &self.factors,
            IndexRef::Mitigations => &self.mitigations,
        }
    }

    /// Tells whether the members of a set are not known.
    pub fn is_open(&self, index: IndexRef) -> bool {
        matches!(index, IndexRef::Declared(id) if self.open.get(id.index()).copied().unwrap_or(true))
    }

    /// Returns the position of an element in its set; none for one that is absent.
    pub(crate) fn code(&self, index: IndexRef, element: Element) -> Option<Code> {
        let elements = self.elements(index);
        match element {
            // The members of a set are numbered from 0, and an open set has the anonymous one alone.
            Element::Member(Member(place)) => (elements.get(place as usize) == Some(&element)).then_some(place),
            _ => elements.binary_search(&element).ok().and_then(|place| Code::try_from(place).ok()),
        }
    }

    /// Returns what an argument stands for, given the variables.
    pub(crate) fn resolve(
        &self,
        knowledge: &KnowledgeBase,
        facts: &FactStore,
        argument: &Argument,
        index: IndexRef,
        variables: &[Element],
    ) -> Element {
        let name = match argument {
            Argument::Variable(variable) => {
                return variables.get(variable.index()).copied().unwrap_or(Element::Absent);
            }
            Argument::Member(name) => name,
        };
        let found = match index {
            IndexRef::Declared(_) if self.is_open(index) => Some(Element::Anonymous),
            IndexRef::Declared(id) => facts.member(id, name).map(Element::Member),
            IndexRef::Modes | IndexRef::Factors => knowledge
                .nodes
                .find(name)
                .filter(|&node| knowledge.nodes[node].is_mode() == (index == IndexRef::Modes))
                .map(Element::Node),
            IndexRef::Mitigations => knowledge.mitigations.find(name).map(Element::Mitigation),
        };
        found.unwrap_or(Element::Absent)
    }
}
