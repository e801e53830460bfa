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

    /// Returns the column of those names, in the order of its rows; none where one is missing.
    pub fn of_names<'a>(rows: impl Iterator<Item = Option<&'a str>> + Clone) -> Groups {
        let mut names: Vec<&str> = rows.clone().flatten().collect();
        names.sort_unstable();
        names.dedup();
        let code = |name: &str| names.binary_search(&name).ok().and_then(|code| u32::try_from(code).ok());
        let mut codes = CodeList::with_capacity(0);
        rows.for_each(|name| codes.push(name.and_then(code).unwrap_or(NO_CODE)));
        let names = names.into_iter().map(str::to_owned).collect();
        Groups { names: Arc::new(names), codes: codes.finish() }
    }

    /// Returns the groups of all columns at once, such as `F, 70+`, those that occur; a row that lacks one of
    /// its parts has none.
    pub fn crossed(columns: &[Groups]) -> Groups {
        let rows = columns.iter().map(|column| column.codes.len()).min().unwrap_or(0);
        // Every row begins in one group of no parts, which each column divides further.
        let mut codes = vec![0; rows];
        let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
        for column in columns {
            let mut known: HashMap<(u32, u32), u32> = HashMap::new();
            let mut longer = Vec::new();
            for (code, part) in codes.iter_mut().zip(column.codes.iter()) {
                let (before, name) = (parts.get(*code as usize), column.names.get(part as usize));
                *code = match before.zip(name) {
                    None => NO_CODE,
                    Some((before, name)) => *known.entry((*code, part)).or_insert_with(|| {
                        longer.push(before.iter().copied().chain([name.as_str()]).collect());
                        u32::try_from(longer.len() - 1).unwrap_or(NO_CODE)
                    }),
                };
            }
            parts = longer;
        }
        let mut order: Vec<(String, usize)> = parts.iter().map(|parts| joined(parts)).zip(0..).collect();
        order.sort();
        let mut sorted = vec![NO_CODE; order.len()];
        for (code, (_, place)) in (0..).zip(&order) {
            sorted.get_mut(*place).into_iter().for_each(|slot| *slot = code);
        }
        let mut list = CodeList::with_capacity(rows);
        codes.into_iter().for_each(|code| list.push(sorted.get(code as usize).copied().unwrap_or(NO_CODE)));
        let names = order.into_iter().map(|(name, _)| name).collect();
        Groups { names: Arc::new(names), codes: list.finish() }
    }
}

/// Returns parts as one name; a part that could be taken for two stands in quotes.
fn joined(parts: &[&str]) -> String {
    let shielded = |part: &&str| if part.contains(", ") { format!("{part:?}") } else { (*part).to_owned() };
    parts.iter().map(shielded).collect::<Vec<_>>().join(", ")
}
