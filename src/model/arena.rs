//! A list addressed by a typed id, sorted by name.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// Things that have a name.
pub trait Named {
    /// Returns the name as written in packs.
    fn name(&self) -> &str;
}

/// Entries sorted by name and addressed by id.
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    entries: Vec<T>,
    id: PhantomData<I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self { entries: Vec::new(), id: PhantomData }
    }
}

impl<I: From<usize> + Into<usize>, T: Named> Arena<I, T> {
    /// Returns an arena of the entries, sorted by name. Names must differ.
    pub fn new(mut entries: Vec<T>) -> Self {
        entries.sort_by(|left, right| left.name().cmp(right.name()));
        Self { entries, id: PhantomData }
    }

    /// Returns the id of the entry with that name.
    pub fn find(&self, name: &str) -> Option<I> {
        self.entries.binary_search_by(|entry| entry.name().cmp(name)).ok().map(I::from)
    }

    /// Returns the entry with that name.
    pub fn named(&self, name: &str) -> Option<&T> {
        self.find(name).map(|id| &self[id])
    }

    /// Returns all names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(Named::name)
    }
}

impl<I: From<usize> + Into<usize>, T> Arena<I, T> {
    /// Returns the entries with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.entries.iter().enumerate().map(|(index, entry)| (I::from(index), entry))
    }

    /// Returns the ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.entries.len()).map(I::from)
    }

    /// Returns the entries in order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.entries.iter()
    }

    /// Returns the entry with that id, if there is one.
    pub fn get(&self, id: I) -> Option<&T> {
        self.entries.get(id.into())
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<I: Into<usize>, T> Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.entries[id.into()]
    }
}

impl<I: Into<usize>, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.entries[id.into()]
    }
}
