//! How many rows have each combination of groups: what small groups can be told from, without the rows.

use crate::table::Groups;
use std::collections::BTreeMap;

/// The rows of each combination, by the names of its groups; none where a row has no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Combinations {
    rows: BTreeMap<Vec<Option<String>>, u64>,
}

impl Combinations {
    /// Counts the rows of some columns.
    pub fn new(columns: &[&Groups]) -> Self {
        let (places, names) = Groups::combined(columns);
        let mut times = vec![0u64; names.len()];
        places.iter().for_each(|place| times.get_mut(*place).into_iter().for_each(|times| *times += 1));
        let mut found = Self::default();
        for (names, times) in names.into_iter().zip(times).filter(|(_, times)| *times > 0) {
            *found.rows.entry(names.into_iter().map(|name| name.map(str::to_owned)).collect()).or_default() += times;
        }
        found
    }

    /// Adds the rows of others over the same columns.
    pub fn merge(&mut self, other: Self) {
        for (names, times) in other.rows {
            *self.rows.entry(names).or_default() += times;
        }
    }

    /// Returns `columns` columns with one row for each combination, and how many rows it is.
    pub fn columns(&self, columns: usize) -> (Vec<Groups>, Vec<u64>) {
        let column = |place: usize| {
            let names: Vec<Option<&str>> = self.rows.keys().map(|names| names.get(place)?.as_deref()).collect();
            Groups::of_places(0..names.len(), &names)
        };
        ((0..columns).map(column).collect(), self.rows.values().copied().collect())
    }
}
