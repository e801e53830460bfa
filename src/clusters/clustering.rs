//! Items joined, and cut into clusters.

use super::distances::{Distances, to_centre};
use super::item::{Item, Part};
use super::silhouette::{mean_silhouette, silhouettes};
use super::space::{Space, View};
use super::ward::{Tree, ward};
use crate::diagnostic::Count;

/// The most clusters that are tried.
const MOST_CLUSTERS: usize = 10;
/// Two items can be joined only in one way.
const FEWEST_ITEMS: usize = 3;

/// Clusters of items, and what they rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct Clustering {
    /// How items were looked at.
    pub view: View,
    /// What was sorted, by name.
    pub items: Vec<Item>,
    /// What too little is known of, by name.
    pub left_out: Vec<Item>,
    /// The space that the items lie in.
    pub space: Space,
    /// How far apart they are.
    pub distances: Distances,
    /// How they were joined.
    pub tree: Tree,
    /// The mean silhouette for each number of clusters that was tried.
    pub tried: Vec<(usize, f64)>,
    /// The cluster of each item, from 0: the largest first, then the one whose first item comes first.
    pub labels: Vec<usize>,
    /// The silhouette of each item.
    pub silhouettes: Vec<f64>,
}

/// Why there are no clusters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} known well enough, and clusters need {FEWEST_ITEMS}", Count(*.enough, "item"))]
pub struct TooFew {
    /// Items of which enough is known.
    pub enough: usize,
    /// All items.
    pub items: usize,
    /// How many items each part is known of.
    pub known: Vec<(Part, usize)>,
}

impl Clustering {
    /// Joins items by Ward's method and cuts the tree into the number of clusters, from 2 to 10 and fewer than there
    /// are items, whose mean silhouette is largest; the smallest such number. The order of `items` does not matter.
    ///
    /// # Errors
    /// [`TooFew`] where fewer than three items are known well enough.
    pub fn of(view: View, mut items: Vec<Item>) -> Result<Self, TooFew> {
        items.sort_by(|left, right| (&left.name, &left.title).cmp(&(&right.name, &right.title)));
        let (items, left_out): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| view.suffices(item));
        if items.len() < FEWEST_ITEMS {
            let known = known(&view, &items, &left_out);
            return Err(TooFew { enough: items.len(), items: items.len() + left_out.len(), known });
        }
        let space = Space::new(&view, &items);
        // A view lets only items in of which any two have a part in common.
        let between = |row: usize, column: usize| space.between(&items[row], &items[column]).unwrap_or_default();
        let distances = Distances::new(items.len(), between);
        let tree = ward(&distances);
        let numbers = 2..=MOST_CLUSTERS.min(items.len() - 1);
        let score = |k: usize| mean_silhouette(&distances, &tree.cut(k)).ok().map(|score| (k, score));
        let tried: Vec<(usize, f64)> = numbers.filter_map(score).collect();
        let best = tried.iter().rev().max_by(|left, right| left.1.total_cmp(&right.1)).map_or(2, |best| best.0);
        let labels = by_size(&tree.cut(best));
        let silhouettes = silhouettes(&distances, &labels).unwrap_or_default();
        Ok(Self { view, items, left_out, space, distances, tree, tried, labels, silhouettes })
    }

    /// Returns how many clusters there are.
    pub fn count(&self) -> usize {
        self.labels.iter().max().map_or(0, |last| last + 1)
    }

    /// Returns the places of a cluster's items, by name.
    pub fn members(&self, cluster: usize) -> Vec<usize> {
        (0..self.items.len()).filter(|item| self.labels[*item] == cluster).collect()
    }

    /// Returns the mean silhouette over all items.
    pub fn silhouette(&self) -> f64 {
        self.silhouettes.iter().sum::<f64>() / self.silhouettes.len() as f64
    }

    /// Returns the mean silhouette over the items of a cluster.
    pub fn silhouette_of(&self, cluster: usize) -> f64 {
        let members = self.members(cluster);
        members.iter().map(|member| self.silhouettes[*member]).sum::<f64>() / members.len() as f64
    }

    /// Returns the members of a cluster with their distance to its centre, the nearest first, then by name: those that
    /// stand for it best come first.
    pub fn from_the_centre(&self, cluster: usize) -> Vec<(usize, f64)> {
        let members = self.members(cluster);
        let spread = self.distances.spread(&members);
        let distance = |member: usize| {
            let to_members: Vec<f64> = members.iter().map(|other| self.distances.between(member, *other)).collect();
            (member, to_centre(&to_members, spread))
        };
        let mut found: Vec<(usize, f64)> = members.iter().copied().map(distance).collect();
        found.sort_by(|left, right| left.1.total_cmp(&right.1));
        found
    }

    /// Returns how many items, left out or not, each part is known of.
    pub fn known(&self) -> Vec<(Part, usize)> {
        known(&self.view, &self.items, &self.left_out)
    }
}

fn known(view: &View, items: &[Item], left_out: &[Item]) -> Vec<(Part, usize)> {
    let of = |part: Part| (part, items.iter().chain(left_out).filter(|item| item.value(part).is_some()).count());
    view.parts().into_iter().map(of).collect()
}

/// Returns labels numbered from 0 by the size of their clusters, the largest first; as large ones keep their order.
fn by_size(labels: &[usize]) -> Vec<usize> {
    let clusters = labels.iter().max().map_or(0, |last| last + 1);
    let size = |cluster: usize| labels.iter().filter(|label| **label == cluster).count();
    let mut order: Vec<usize> = (0..clusters).collect();
    order.sort_by_key(|cluster| std::cmp::Reverse(size(*cluster)));
    labels.iter().map(|label| order.iter().position(|cluster| cluster == label).unwrap_or_default()).collect()
}
