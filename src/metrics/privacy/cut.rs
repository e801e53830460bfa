//! Whether figures of groups can be told of several attributes at once, so that no subtraction leaves few rows.
//!
//! Take the groups of two attributes as the nodes of a graph, and for each pair of groups an edge that weighs as
//! much as they have rows in common. Who knows the sums of all groups can add some of one attribute and take off some
//! of the other: what is left is what lies on the edges between the chosen groups and the rest, a cut. So no
//! subtraction leaves few rows where no cut is light.

use crate::table::Groups;

/// Graphs of more groups than this are not looked through; then nothing is told.
const MOST_GROUPS: usize = 300;

/// Tells of each attribute whether a figure may be told of every group, for each class of rows: no subtraction between
/// its groups, those of an attribute before it of which it is told as well, and all rows leaves between 1 and
/// `min_cell` - 1 rows of a class.
///
/// `classes` holds the class of each row, below `kinds`. Rows without a group are one more group, since their figure
/// follows from that of all. What three attributes give together is not looked at.
pub(crate) fn separable(attributes: &[&Groups], classes: &[usize], kinds: usize, min_cell: u64) -> Vec<bool> {
    let mut found: Vec<bool> = Vec::new();
    for inner in attributes {
        // Beside itself an attribute has its own groups as nodes of their own.
        let before = attributes.iter().zip(&found).filter(|(_, told)| **told).map(|(outer, _)| *outer);
        let apart = before.chain([*inner]).all(|outer| {
            let size = outer.names.len() + inner.names.len() + 2;
            size <= MOST_GROUPS
                && graphs(outer, inner, classes, kinds).into_iter().all(|graph| lightest_cut(graph) >= min_cell)
        });
        found.push(apart);
    }
    found
}

/// Returns for each class the rows that each two groups have in common.
fn graphs(outer: &Groups, inner: &Groups, classes: &[usize], kinds: usize) -> Vec<Vec<Vec<u64>>> {
    let first = outer.names.len() + 1;
    let size = first + inner.names.len() + 1;
    let mut graphs = vec![vec![vec![0u64; size]; size]; kinds];
    let place = |code: u32, groups: &Groups| (code as usize).min(groups.names.len());
    for ((of_outer, of_inner), class) in outer.codes.iter().zip(inner.codes.iter()).zip(classes) {
        let (a, b) = (place(of_outer, outer), first + place(of_inner, inner));
        for (from, to) in [(a, b), (b, a)] {
            let slot = graphs.get_mut(*class).and_then(|graph| graph.get_mut(from)?.get_mut(to));
            slot.into_iter().for_each(|rows| *rows += 1);
        }
    }
    graphs
}

/// Returns the weight of the lightest cut that divides nodes which hang together; the largest number where no two do.
///
/// # Source
/// Stoer and Wagner (1997), A simple min-cut algorithm, over each part that hangs together.
fn lightest_cut(mut graph: Vec<Vec<u64>>) -> u64 {
    let mut least = u64::MAX;
    let mut nodes: Vec<usize> = (0..graph.len()).collect();
    let weight = |graph: &[Vec<u64>], a: usize, b: usize| graph.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0);
    while nodes.len() > 1 {
        // Always the node next that hangs most on those before it.
        let mut tied: Vec<(usize, u64)> = nodes.iter().map(|node| (*node, 0)).collect();
        let (mut last, mut before) = (None, None);
        while let Some(next) =
            (0..tied.len()).max_by_key(|place| (tied.get(*place).map(|tied| tied.1), usize::MAX - place))
        {
            let (node, cut) = tied.swap_remove(next);
            before = last.map(|(node, _)| node);
            last = Some((node, cut));
            tied.iter_mut().for_each(|(other, sum)| *sum += weight(&graph, node, *other));
        }
        let (Some((last, cut)), Some(before)) = (last, before) else { break };
        // A cut of nothing only says that the two do not hang together.
        if cut > 0 {
            least = least.min(cut);
        }
        for node in nodes.iter().copied() {
            let both = weight(&graph, node, last) + weight(&graph, node, before);
            for (a, b) in [(node, before), (before, node)] {
                let slot = graph.get_mut(a).and_then(|row| row.get_mut(b));
                slot.into_iter().for_each(|slot| *slot = if a == b { 0 } else { both });
            }
        }
        nodes.retain(|node| *node != last);
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, edges: &[(usize, usize, u64)]) -> Vec<Vec<u64>> {
        let mut graph = vec![vec![0; nodes]; nodes];
        for (a, b, weight) in edges {
            graph[*a][*b] += weight;
            graph[*b][*a] += weight;
        }
        graph
    }

    #[test]
    fn cuts_by_hand() {
        // Two triangles of weight 5 with one edge of 2 between them.
        let two = [(0, 1, 5), (1, 2, 5), (0, 2, 5), (3, 4, 5), (4, 5, 5), (3, 5, 5), (2, 3, 2)];
        assert_eq!(lightest_cut(graph(6, &two)), 2);
        // Without that edge they do not hang together, and the lightest cut is within one of them.
        assert_eq!(lightest_cut(graph(6, &two[..6])), 10);
        assert_eq!(lightest_cut(graph(3, &[])), u64::MAX);
        assert_eq!(lightest_cut(graph(2, &[(0, 1, 7)])), 7);
    }
}
