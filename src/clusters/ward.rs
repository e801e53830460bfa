//! Ward's method: join the two groups whose joining adds least to the sum of squares within groups, and again.

use super::distances::Distances;
use kodama::{Method, linkage};

/// Two groups that are joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Join {
    /// The groups: an item by its place, or an earlier join by its place plus the number of items; the lower first.
    pub groups: (usize, usize),
    /// How far apart they were: `√(2ab/(a + b)) · ‖centre − centre‖` for groups of `a` and `b` items. Half its square
    /// is what joining them adds to the sum of squares within groups.
    pub height: f64,
    /// How many items are in both.
    pub size: usize,
}

/// How items were joined, the lowest first: one join fewer than there are items.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// The joins.
    pub joins: Vec<Join>,
}

/// Joins items by Ward's method.
///
/// `distances` are distances and not their squares. Heights are those of scipy's `linkage(method="ward")` and R's
/// `ward.D2`; the two algorithms of that name differ (Murtagh and Legendre 2014, J. Classification 31:274). The method
/// is exact for distances between points. Others, such as those over the parts that two items have in common, go
/// through the same formula of Lance and Williams, which never joins lower than before.
pub fn ward(distances: &Distances) -> Tree {
    if distances.len() < 2 {
        return Tree { joins: Vec::new() };
    }
    let mut condensed = distances.condensed().to_vec();
    let steps = linkage(&mut condensed, distances.len(), Method::Ward);
    let join = |step: &kodama::Step<f64>| Join {
        groups: (step.cluster1.min(step.cluster2), step.cluster1.max(step.cluster2)),
        height: step.dissimilarity,
        size: step.size,
    };
    Tree { joins: steps.steps().iter().map(join).collect() }
}

impl Tree {
    /// Returns the cluster of each item once all but the last `clusters - 1` joins are made. Clusters are numbered
    /// from 0 in the order in which they first appear.
    ///
    /// `clusters` is at least 1 and at most the number of items, or is taken as the nearer of the two.
    pub fn cut(&self, clusters: usize) -> Vec<usize> {
        let n = self.joins.len() + 1;
        let made = n - clusters.clamp(1, n);
        // The group that each item and each join has gone into; joins point to later ones, so one walk from the end
        // finds the last.
        let mut into: Vec<usize> = (0..n + made).collect();
        for (place, join) in self.joins.iter().take(made).enumerate() {
            into[join.groups.0] = n + place;
            into[join.groups.1] = n + place;
        }
        for group in (0..n + made).rev() {
            into[group] = into[into[group]];
        }
        by_first_appearance(&into[..n])
    }
}

/// Returns labels numbered from 0 in the order in which they first appear.
fn by_first_appearance(labels: &[usize]) -> Vec<usize> {
    let mut seen: Vec<usize> = Vec::new();
    let mut numbered = |label: &usize| {
        seen.iter().position(|known| known == label).unwrap_or_else(|| {
            seen.push(*label);
            seen.len() - 1
        })
    };
    labels.iter().map(&mut numbered).collect()
}
