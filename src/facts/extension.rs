//! What is known of one relation: everything between which it holds, as the deployment lists it.

use std::collections::BTreeMap;

use super::{Member, Origin};

/// A relation that the deployment speaks of. It is listed in full: between members that are not listed it
/// does not hold. A relation that nobody speaks of has no extension, and may hold between any.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// Where the list stands.
    pub origin: Origin,
    tuples: BTreeMap<Vec<Member>, Tuple>,
}

/// An entry of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuple {
    /// Whether it may hold or not.
    pub unsure: bool,
    /// Where it stands.
    pub origin: Origin,
}

impl Extension {
    /// Returns the extension of a relation that holds between none.
    pub fn empty(origin: Origin) -> Self {
        Self { origin, tuples: BTreeMap::new() }
    }

    /// Enters a tuple and returns the one that was there.
    pub fn insert(&mut self, members: Vec<Member>, tuple: Tuple) -> Option<Tuple> {
        self.tuples.insert(members, tuple)
    }

    /// Takes a tuple off the list and returns it.
    pub fn remove(&mut self, members: &[Member]) -> Option<Tuple> {
        self.tuples.remove(members)
    }

    /// Returns the entry for these members, one for each parameter.
    pub fn get(&self, members: &[Member]) -> Option<&Tuple> {
        self.tuples.get(members)
    }

    /// Returns all entries in order of members.
    pub fn iter(&self) -> impl Iterator<Item = (&[Member], &Tuple)> {
        self.tuples.iter().map(|(members, tuple)| (members.as_slice(), tuple))
    }
}
