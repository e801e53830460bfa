//! Clusters beside what people called the items.

use super::agreement::{CrossTable, adjusted_rand, cross_table};
use super::clustering::Clustering;

/// Clusters beside one kind of label.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The kind of label, such as the main mode.
    pub label: &'static str,
    /// Items that have it.
    pub items: usize,
    /// Adjusted Rand index of labels and clusters over those items.
    pub adjusted_rand: f64,
    /// How often each label goes with each cluster.
    pub table: CrossTable,
}

/// Compares the clusters with each kind of label that any item has.
pub fn compared(clustering: &Clustering) -> Vec<Compared> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for (kind, _) in clustering.items.iter().flat_map(|item| &item.labels) {
        if !kinds.contains(kind) {
            kinds.push(kind);
        }
    }
    let one = |kind: &'static str| {
        let label = |place: usize| {
            let labels = &clustering.items[place].labels;
            labels.iter().find(|(other, _)| *other == kind).map(|(_, label)| label.as_str())
        };
        let labels: Vec<Option<&str>> = (0..clustering.items.len()).map(label).collect();
        let pairs = labels.iter().zip(&clustering.labels).filter_map(|(label, cluster)| Some(((*label)?, *cluster)));
        let (named, clusters): (Vec<&str>, Vec<usize>) = pairs.unzip();
        Compared {
            label: kind,
            items: named.len(),
            adjusted_rand: adjusted_rand(&named, &clusters),
            table: cross_table(&labels, &clustering.labels, clustering.count()),
        }
    };
    kinds.into_iter().map(one).collect()
}
