//! Columns of categories, and several of them taken together.

use super::codes::{CodeList, Codes};
use super::column::NO_CODE;
use std::collections::HashMap;
use std::sync::Arc;

/// A column of categories: for each row a position in `names`, or anything else where missing.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// Sorted. This part of the file may lack some of them.
    pub names: Arc<Vec<String>>,
    pub codes: Codes,
}

impl Groups {
    /// Returns how many rows each name has, and how many have none.
    pub fn counts(&self) -> (Vec<u64>, u64) {
        self.counts_of(&[])
    }

    /// As [`Self::counts`], where each row is as many as `times` says, or one where that is empty.
    pub fn counts_of(&self, times: &[u64]) -> (Vec<u64>, u64) {
        let mut counts = vec![0; self.names.len()];
        let mut missing = 0;
        for (row, code) in self.codes.iter().enumerate() {
            let rows = times.get(row).copied().unwrap_or(1);
            match counts.get_mut(code as usize) {
                Some(count) => *count += rows,
                None => missing += rows,
            }
        }
        (counts, missing)
    }

    /// Returns the column whose rows have the name at those places of `names`, or none where that is missing.
    pub fn of_places(places: impl Iterator<Item = usize>, names: &[Option<&str>]) -> Groups {
        let mut sorted: Vec<&str> = names.iter().copied().flatten().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let code = |name: &str| sorted.binary_search(&name).ok().and_then(|code| u32::try_from(code).ok());
        let code_of = |name: &Option<&str>| name.and_then(code).unwrap_or(NO_CODE);
        let code_at: Vec<u32> = names.iter().map(code_of).collect();
        let mut codes = CodeList::with_capacity(places.size_hint().0);
        places.for_each(|place| codes.push(code_at.get(place).copied().unwrap_or(NO_CODE)));
        let names = sorted.into_iter().map(str::to_owned).collect();
        Groups { names: Arc::new(names), codes: codes.finish() }
    }

    /// Returns for each row which combination of groups it has, and the names of each, none where one is missing.
    pub fn combined<'a>(columns: &[&'a Groups]) -> (Vec<usize>, Vec<Vec<Option<&'a str>>>) {
        let rows = columns.iter().map(|column| column.codes.len()).min().unwrap_or(0);
        // Every row begins in one combination of no groups, which each column divides further.
        let mut places = vec![0; rows];
        let mut names: Vec<Vec<Option<&str>>> = vec![Vec::new()];
        for column in columns {
            let mut known: HashMap<(usize, u32), usize> = HashMap::new();
            let mut longer = Vec::new();
            for (place, code) in places.iter_mut().zip(column.codes.iter()) {
                *place = *known.entry((*place, code)).or_insert_with(|| {
                    let before = names.get(*place).into_iter().flatten().copied();
                    longer.push(before.chain([column.names.get(code as usize).map(String::as_str)]).collect());
                    longer.len() - 1
                });
            }
            names = longer;
        }
        (places, names)
    }

    /// Returns the column with the rows of these groups as if they had none.
    pub fn without(&self, hidden: &[&str]) -> Groups {
        let names: Vec<Option<&str>> = self
            .names
            .iter()
            .map(|name| Some(name.as_str()).filter(|name| !hidden.contains(name)))
            .chain([None])
            .collect();
        let missing = self.names.len();
        let place = |code: u32| usize::try_from(code).unwrap_or(missing).min(missing);
        Self::of_places(self.codes.iter().map(place), &names)
    }

    /// Returns the groups of all columns at once, such as `F, 70+`, those that occur; a row that lacks one of
    /// its parts has none.
    pub fn crossed(columns: &[&Groups]) -> Groups {
        let (places, names) = Self::combined(columns);
        let whole = |parts: &Vec<Option<&str>>| Some(joined(&parts.iter().copied().collect::<Option<Vec<_>>>()?));
        let names: Vec<Option<String>> = names.iter().map(whole).collect();
        Self::of_places(places.into_iter(), &names.iter().map(Option::as_deref).collect::<Vec<_>>())
    }
}

/// Returns parts as one name; a part that could be taken for two stands in quotes.
fn joined(parts: &[&str]) -> String {
    let shielded = |part: &&str| if part.contains(", ") { format!("{part:?}") } else { (*part).to_owned() };
    parts.iter().map(shielded).collect::<Vec<_>>().join(", ")
}
