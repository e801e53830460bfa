//! A tree of what is alike, drawn from left to right.

use super::Chart;
use super::svg::{Paper, Scale};

/// A leaf of a dendrogram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its name.
    pub name: String,
    /// The cluster it belongs to, from 0. Leaves of a cluster stand together.
    pub cluster: usize,
}

/// Two groups that are joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Branch {
    /// A leaf by its place, or an earlier branch by its place plus the number of leaves.
    pub groups: (usize, usize),
    /// How far apart they were.
    pub height: f64,
}

impl Chart {
    /// Draws a tree. Leaves stand in the order given, so that branches do not cross; a dashed line at the height `cut`
    /// parts the clusters, whose rows are shaded in turn and numbered from 1.
    pub fn dendrogram(title: &str, leaves: &[Leaf], branches: &[Branch], cut: f64, description: String) -> Self {
        let names: Vec<String> = leaves.iter().map(|leaf| leaf.name.clone()).collect();
        let most = branches.iter().map(|branch| branch.height).fold(0.0, f64::max);
        let mut paper = Paper::rows(title, &names, (Scale::over(0.0, most), "how far apart when joined (Ward)"));
        let mut first = 0;
        for (turn, rows) in leaves.chunk_by(|left, right| left.cluster == right.cluster).enumerate() {
            let last = first + rows.len() - 1;
            let number = rows.first().map_or(0, |leaf| leaf.cluster + 1);
            paper.row_group((first, last), turn % 2 == 0, &format!("cluster {number}"));
            first = last + 1;
        }
        paper.mark_x(cut);
        // Where each group lies: its row, and the height at which it was joined.
        let mut ends: Vec<(f64, f64)> = (0..leaves.len()).map(|row| (row as f64, 0.0)).collect();
        for branch in branches {
            let end = |group: usize| ends.get(group).copied().unwrap_or_default();
            let (upper, lower) = (end(branch.groups.0), end(branch.groups.1));
            paper.bracket(upper, lower, branch.height);
            ends.push((f64::midpoint(upper.0, lower.0), branch.height));
        }
        Chart::new("dendrogram", title, paper, description)
    }
}
