//! What the items of a cluster share, and others do not.

use super::clustering::Clustering;
use super::item::{Item, Part, Value};
use std::collections::BTreeSet;

/// What is told of a cluster, at the most, for each part.
const MOST: usize = 3;

/// A code that is more frequent in a cluster than elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trait {
    /// The part it belongs to.
    pub part: Part,
    /// The code.
    pub code: String,
    /// How many items of the cluster have it.
    pub inside: usize,
    /// How many items have it in all.
    pub everywhere: usize,
}

impl Clustering {
    /// Returns the codes of a part that a quarter of the cluster's items have and that are at least twice as frequent
    /// there as among the others: at most three, those first whose shares differ most, then by name.
    pub fn shared(&self, cluster: usize, part: Part) -> Vec<Trait> {
        let members = self.members(cluster);
        let (size, rest) = (members.len() as f64, (self.items.len() - members.len()) as f64);
        let codes: BTreeSet<&str> = members.iter().flat_map(|member| self.items[*member].codes(part)).collect();
        let mut found: Vec<(f64, Trait)> = Vec::new();
        for code in codes {
            let has = |item: &Item| item.codes(part).any(|other| other == code);
            let inside = members.iter().filter(|member| has(&self.items[**member])).count();
            let everywhere = self.items.iter().filter(|item| has(item)).count();
            let here = inside as f64 / size;
            let elsewhere = if rest > 0.0 { (everywhere - inside) as f64 / rest } else { 0.0 };
            if here >= 0.25 && here >= 2.0 * elsewhere {
                found.push((here - elsewhere, Trait { part, code: code.to_owned(), inside, everywhere }));
            }
        }
        found.sort_by(|left, right| right.0.total_cmp(&left.0));
        found.into_iter().take(MOST).map(|(_, found)| found).collect()
    }

    /// Returns the mean of a figure over the items of a cluster of which it is known, and how many those are.
    pub fn mean_of(&self, cluster: usize, part: Part) -> Option<(f64, usize)> {
        let number = |member: &usize| match self.items[*member].value(part) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let found: Vec<f64> = self.members(cluster).iter().filter_map(number).collect();
        (!found.is_empty()).then(|| (found.iter().sum::<f64>() / found.len() as f64, found.len()))
    }
}
