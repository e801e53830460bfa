//! Strongly connected components and shortest cycles, for strata and causes alike.
//!
//! Tarjan's algorithm with its own stack: packs are untrusted, and a chain of ten thousand
//! findings must not use up the program's.

/// A graph on `0..n`: for each vertex its successors, ascending.
pub(in crate::model) type Successors = Vec<Vec<usize>>;

/// Returns the component of each vertex. Components are numbered so that edges lead from a higher
/// number to a lower one or stay within: what a vertex leads to comes first.
pub(in crate::model) fn components(successors: &Successors) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let n_vertices = successors.len();
    let mut order = vec![UNSEEN; n_vertices];
    let mut low = vec![0; n_vertices];
    let mut component = vec![UNSEEN; n_vertices];
    let mut open: Vec<usize> = Vec::new();
    let mut n_seen = 0;
    let mut n_components = 0;
    for root in 0..n_vertices {
        if order[root] != UNSEEN {
            continue;
        }
        // Each frame is a vertex and how many of its successors have been followed.
        let mut frames = vec![(root, 0)];
        while let Some((vertex, position)) = frames.last_mut() {
            let vertex = *vertex;
            if *position == 0 {
                order[vertex] = n_seen;
                low[vertex] = n_seen;
                n_seen += 1;
                open.push(vertex);
            }
            if let Some(next) = successors[vertex].get(*position).copied() {
                *position += 1;
                if order[next] == UNSEEN {
                    frames.push((next, 0));
                } else if component[next] == UNSEEN {
                    low[vertex] = low[vertex].min(order[next]);
                }
                continue;
            }
            if low[vertex] == order[vertex] {
                while let Some(member) = open.pop() {
                    component[member] = n_components;
                    if member == vertex {
                        break;
                    }
                }
                n_components += 1;
            }
            let finished_low = low[vertex];
            frames.pop();
            if let Some((parent, _)) = frames.last() {
                low[*parent] = low[*parent].min(finished_low);
            }
        }
    }
    component
}

/// Returns one shortest cycle for each knot, each beginning and ending with its smallest vertex that lies on
/// one.
pub(in crate::model) fn each(successors: &Successors) -> Vec<Vec<usize>> {
    let component = components(successors);
    let mut reported = vec![false; successors.len()];
    let mut cycles = Vec::new();
    for (start, next) in successors.iter().enumerate() {
        let knot = component[start];
        if reported[knot] {
            continue;
        }
        let cycle = next.iter().filter(|next| component[**next] == knot).find_map(|next| {
            let mut cycle = path(successors, &component, *next, start)?;
            cycle.insert(0, start);
            Some(cycle)
        });
        if let Some(cycle) = cycle {
            reported[knot] = true;
            cycles.push(cycle);
        }
    }
    cycles
}

/// Returns the shortest path from `start` to `goal` that stays in their component, both ends
/// included; of equal ones the one with the smallest vertices.
pub(super) fn path(successors: &Successors, component: &[usize], start: usize, goal: usize) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; successors.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    let mut seen = vec![false; successors.len()];
    seen[start] = true;
    while let Some(vertex) = queue.pop_front() {
        if vertex == goal {
            let mut path = vec![goal];
            let mut at = goal;
            while at != start {
                at = before[at]?;
                path.push(at);
            }
            path.reverse();
            return Some(path);
        }
        for next in successors[vertex].iter().copied() {
            if !seen[next] && component[next] == component[start] {
                seen[next] = true;
                before[next] = Some(vertex);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_come_after_what_they_lead_to() {
        // 0 → 1 → 2 → 1, 2 → 3
        let graph = vec![vec![1], vec![2], vec![1, 3], vec![]];
        let component = components(&graph);
        assert_eq!(component[1], component[2]);
        assert!(component[0] > component[1] && component[1] > component[3]);
        assert_eq!(path(&graph, &component, 2, 1), Some(vec![2, 1]));
        assert_eq!(path(&graph, &component, 0, 3), None);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let n_vertices = 200_000;
        let graph: Successors =
            (0..n_vertices).map(|vertex| if vertex + 1 < n_vertices { vec![vertex + 1] } else { vec![] }).collect();
        let component = components(&graph);
        assert!(component[0] > component[n_vertices - 1]);
    }
}
