//! All facts of one deployment.

use super::{Extension, Fact, Origin};
use crate::model::{IndexId, InputId, KnowledgeBase, RelationId};

/// A member of a declared index set: its position in the sorted list of the set's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Member(pub u32);

/// The members of every index set, at most one fact for each input and member, and the relations that the
/// deployment lists.
#[derive(Clone, Debug, PartialEq)]
pub struct FactStore {
    members: Vec<Vec<String>>,
    /// Sets that are known to have no members but these.
    closed: Vec<bool>,
    /// For each input, one cell for each combination of members, last index fastest.
    cells: Vec<Vec<Option<Fact>>>,
    indexes: Vec<Vec<IndexId>>,
    /// None for a relation of which nobody speaks.
    relations: Vec<Option<Extension>>,
}

impl FactStore {
    /// Returns a store without facts. `members` names the members of declared index sets; sets that
    /// it leaves out have none, which means that their members are not known (see [`Self::close`]).
    pub fn new(knowledge: &KnowledgeBase, members: impl IntoIterator<Item = (IndexId, String)>) -> Self {
        let mut sets: Vec<Vec<String>> = vec![Vec::new(); knowledge.indexes.len()];
        for (index, member) in members {
            sets[index.index()].push(member);
        }
        for set in &mut sets {
            set.sort();
            set.dedup();
        }
        let indexes: Vec<Vec<IndexId>> = knowledge.inputs.values().map(|input| input.indexes.clone()).collect();
        let cells = indexes
            .iter()
            .map(|input_indexes| vec![None; input_indexes.iter().map(|index| sets[index.index()].len()).product()])
            .collect();
        let closed = vec![false; sets.len()];
        Self { members: sets, closed, cells, indexes, relations: vec![None; knowledge.relations.len()] }
    }

    /// Says that a set has no members but those entered.
    pub fn close(&mut self, index: IndexId) {
        self.closed[index.index()] = true;
    }

    /// Tells whether the members of a set are not known: it has none, and nobody said that there are none.
    pub fn is_open(&self, index: IndexId) -> bool {
        self.members[index.index()].is_empty() && !self.closed[index.index()]
    }

    /// Returns the extension of a relation, to be added to; an empty one where nobody spoke of it before.
    pub fn extension(&mut self, relation: RelationId, origin: Origin) -> &mut Extension {
        self.relations[relation.index()].get_or_insert_with(|| Extension::empty(origin))
    }

    /// Returns what is known of a relation; none where nobody speaks of it.
    pub fn relation(&self, relation: RelationId) -> Option<&Extension> {
        self.relations[relation.index()].as_ref()
    }

    /// Returns the members of an index set, sorted.
    pub fn members(&self, index: IndexId) -> &[String] {
        &self.members[index.index()]
    }

    /// Returns the member of that name.
    pub fn member(&self, index: IndexId, name: &str) -> Option<Member> {
        let position = self.members[index.index()].binary_search_by(|member| member.as_str().cmp(name)).ok()?;
        u32::try_from(position).ok().map(Member)
    }

    /// Returns the name of a member.
    pub fn member_name(&self, index: IndexId, member: Member) -> &str {
        &self.members[index.index()][member.0 as usize]
    }

    /// Returns the fact of an input, given one member for each of its index sets.
    pub fn get(&self, input: InputId, members: &[Member]) -> Option<&Fact> {
        let cell = self.cell(input, members)?;
        self.cells[input.index()].get(cell)?.as_ref()
    }

    /// Enters a fact, replacing the one that was there. Tells whether the members exist.
    pub fn set(&mut self, input: InputId, members: &[Member], fact: Fact) -> bool {
        let Some(cell) = self.cell(input, members) else { return false };
        match self.cells[input.index()].get_mut(cell) {
            Some(slot) => {
                *slot = Some(fact);
                true
            }
            None => false,
        }
    }

    /// Removes a fact and returns it.
    pub fn remove(&mut self, input: InputId, members: &[Member]) -> Option<Fact> {
        let cell = self.cell(input, members)?;
        self.cells[input.index()].get_mut(cell)?.take()
    }

    /// Returns every choice of members of an input's index sets, in order: one, without members, for a single
    /// figure, and none where a set has no members.
    pub fn cells(&self, input: InputId) -> impl Iterator<Item = Vec<Member>> + '_ {
        (0..self.cells[input.index()].len()).map(move |cell| self.members_of(input, cell))
    }

    /// Tells whether an input has a value for at least one member.
    pub fn is_known(&self, input: InputId) -> bool {
        self.cells[input.index()].iter().flatten().any(|fact| fact.value.is_ok())
    }

    /// Returns all facts in order of input and members.
    pub fn iter(&self) -> impl Iterator<Item = (InputId, Vec<Member>, &Fact)> {
        self.cells.iter().enumerate().flat_map(move |(input, cells)| {
            cells.iter().enumerate().filter_map(move |(cell, fact)| {
                let fact = fact.as_ref()?;
                Some((InputId::from(input), self.members_of(InputId::from(input), cell), fact))
            })
        })
    }

    fn cell(&self, input: InputId, members: &[Member]) -> Option<usize> {
        let indexes = &self.indexes[input.index()];
        if indexes.len() != members.len() {
            return None;
        }
        let mut cell = 0;
        for (index, member) in indexes.iter().zip(members) {
            let size = self.members[index.index()].len();
            if member.0 as usize >= size {
                return None;
            }
            cell = cell * size + member.0 as usize;
        }
        Some(cell)
    }

    fn members_of(&self, input: InputId, mut cell: usize) -> Vec<Member> {
        let mut members = Vec::new();
        for index in self.indexes[input.index()].iter().rev() {
            let size = self.members[index.index()].len();
            members.push(Member(u32::try_from(cell % size).unwrap_or(u32::MAX)));
            cell /= size;
        }
        members.reverse();
        members
    }
}
