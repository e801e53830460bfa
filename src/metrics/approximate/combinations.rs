//! How many rows have each combination of groups: what small groups can be told from, without the rows.

use crate::table::Groups;
use std::collections::{BTreeMap, HashMap};

/// The rows of each combination, by the names of its groups; none where a row has no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Combinations {
    rows: BTreeMap<Vec<Option<String>>, u64>,
}

impl Combinations {
    /// Counts the rows of some columns.
    pub fn new(columns: &[&Groups]) -> Self {
        let rows = columns.iter().map(|column| column.codes.len()).min().unwrap_or(0);
        // Every row begins in one combination of no groups, which each column divides further.
        let mut place = vec![0usize; rows];
        let mut known: Vec<Vec<u32>> = vec![Vec::new()];
        for column in columns {
            let mut places: HashMap<(usize, u32), usize> = HashMap::new();
            let mut longer: Vec<Vec<u32>> = Vec::new();
            for (place, code) in place.iter_mut().zip(column.codes.iter()) {
                *place = *places.entry((*place, code)).or_insert_with(|| {
                    let before = known.get(*place).into_iter().flatten().copied();
                    longer.push(before.chain([code]).collect());
                    longer.len() - 1
                });
            }
            known = longer;
        }
        let mut times = vec![0u64; known.len()];
        place.iter().for_each(|place| times.get_mut(*place).into_iter().for_each(|times| *times += 1));
        let name = |(column, code): (&&Groups, &u32)| column.names.get(*code as usize).cloned();
        let named = |codes: &Vec<u32>| columns.iter().zip(codes).map(name).collect();
        let mut found = Self::default();
        for (codes, times) in known.iter().zip(times).filter(|(_, times)| *times > 0) {
            *found.rows.entry(named(codes)).or_default() += times;
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
        let column = |place: usize| Groups::of_names(self.rows.keys().map(|names| names.get(place)?.as_deref()));
        ((0..columns).map(column).collect(), self.rows.values().copied().collect())
    }
}
