//! Clusters as a tree that can be drawn.

use super::clustering::Clustering;
use super::item::Part;
use super::ward::Join;
use crate::report::chart::{Branch, Chart, Leaf};

/// Beyond this many items their names would fill pages, and each cluster is one leaf.
const MOST_LEAVES: usize = 200;

/// Draws how items were joined and where the tree is cut. Of more than 200 items only the joins of whole clusters are
/// drawn.
pub fn dendrogram(clustering: &Clustering) -> Chart {
    let collapsed = clustering.items.len() > MOST_LEAVES;
    let (leaves, branches) = if collapsed { of_clusters(clustering) } else { of_items(clustering) };
    let joins = &clustering.tree.joins;
    let last = joins.len();
    let height = |place: Option<usize>| place.and_then(|place| joins.get(place)).map_or(0.0, |join| join.height);
    let (below, above) =
        (height(last.checked_sub(clustering.count())), height((last + 1).checked_sub(clustering.count())));
    let cut = f64::midpoint(below, above);
    let name = |item: usize| clustering.items[item].name.as_str();
    let said = (0..clustering.count()).map(|cluster| {
        let nearest = clustering.from_the_centre(cluster);
        let middle = nearest.first().map(|(item, _)| format!(" around {}", name(*item))).unwrap_or_default();
        let shared = clustering.shared(cluster, Part::Modes);
        let shared = shared.first().map(|mode| format!(", most marked by {}", mode.code.replace('_', " ")));
        format!("cluster {}: {} items{middle}{}", cluster + 1, nearest.len(), shared.unwrap_or_default())
    });
    let description = format!(
        "A tree that joins {} items from left to right, the most alike first; how far right two groups join is how \
         different they are. The dashed line cuts it into {} clusters. {}.{}",
        clustering.items.len(),
        clustering.count(),
        said.collect::<Vec<_>>().join("; "),
        if collapsed { " Each cluster is drawn as one leaf." } else { "" }
    );
    Chart::dendrogram(&format!("Clusters, {} view", clustering.view.basis.name()), &leaves, &branches, cut, description)
}

/// Returns a leaf for each item in the order in which branches do not cross, and a branch for each join.
fn of_items(clustering: &Clustering) -> (Vec<Leaf>, Vec<Branch>) {
    let n = clustering.items.len();
    let joins = &clustering.tree.joins;
    let mut order: Vec<usize> = Vec::with_capacity(n);
    // The last join holds all.
    let mut open = vec![n + joins.len() - 1];
    while let Some(group) = open.pop() {
        match group.checked_sub(n).and_then(|join| joins.get(join)) {
            // What is pushed last comes first.
            Some(join) => open.extend([join.groups.1, join.groups.0]),
            None => order.push(group),
        }
    }
    let leaf = |item: &usize| Leaf { name: clustering.items[*item].name.clone(), cluster: clustering.labels[*item] };
    let mut place = vec![0; n];
    order.iter().enumerate().for_each(|(row, item)| place[*item] = row);
    let group = |group: usize| if group < n { place[group] } else { group };
    let branch = |join: &Join| Branch { groups: (group(join.groups.0), group(join.groups.1)), height: join.height };
    (order.iter().map(leaf).collect(), joins.iter().map(branch).collect())
}

/// Returns a leaf for each cluster and a branch for each join of clusters.
fn of_clusters(clustering: &Clustering) -> (Vec<Leaf>, Vec<Branch>) {
    let (items, k) = (clustering.items.len(), clustering.count());
    let (leaves, branches) = of_items(clustering);
    let mut order: Vec<usize> = leaves.iter().map(|leaf| leaf.cluster).collect();
    order.dedup();
    let leaf =
        |cluster: &usize| Leaf { name: format!("{} items", clustering.members(*cluster).len()), cluster: *cluster };
    // A join below the cut has gone into the cluster of any of its items.
    let mut into: Vec<usize> = Vec::with_capacity(branches.len() + items);
    let row_of = |cluster: usize| order.iter().position(|other| *other == cluster).unwrap_or_default();
    into.extend(leaves.iter().map(|leaf| row_of(leaf.cluster)));
    let mut found = Vec::new();
    for (place, branch) in branches.iter().enumerate() {
        if place + k < items {
            into.push(into[branch.groups.0]);
        } else {
            let groups = (into[branch.groups.0], into[branch.groups.1]);
            into.push(k + found.len());
            found.push(Branch { groups, height: branch.height });
        }
    }
    (order.iter().map(leaf).collect(), found)
}
