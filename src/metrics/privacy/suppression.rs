//! Which groups may be shown, so that no small group's size can be told from what is.
//!
//! Sizes are tied to each other by sums: the groups of an attribute add up to all rows, and where every
//! group of one attribute lies within a group of another (`sex and age` within `sex`, a district within a
//! region), its groups add up to that one. Whoever reads a report can solve for what is hidden. So more
//! groups are hidden until each hidden size could be any of at least `min_cell` + 1 numbers for all that the
//! sums say. Rows without a value are taken as known to the reader, who may know that there are none.

use super::simplex::range_of;
use crate::table::Groups;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Whether a group may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Yes,
    /// Fewer rows than `min_cell`.
    Small,
    /// Its size would tell that of a small group, by subtraction.
    Complement,
}

/// Where attributes lie within each other and more groups than this would be hidden, every attribute that lies
/// within another is hidden as a whole: the work grows with the fourth power of their number.
const MOST_HIDDEN: usize = 60;

/// Tells for each attribute which of its groups may be shown. The last `margins` attributes are shown nowhere,
/// and are what others have in common. `times` tells how many rows of the table each row of the columns is; empty
/// where it is one.
pub(crate) fn shown(attributes: &[&Groups], times: &[u64], margins: usize, min_cell: u64) -> Vec<Vec<Shown>> {
    let counts: Vec<Vec<u64>> = attributes.par_iter().map(|column| column.counts_of(times).0).collect();
    let mut shown: Vec<Vec<Shown>> = counts
        .iter()
        .map(|counts| {
            let of = |n: &u64| if *n > 0 && *n < min_cell { Shown::Small } else { Shown::Yes };
            counts.iter().map(of).collect()
        })
        .collect();
    let public = attributes.len().saturating_sub(margins);
    let links = links(attributes, times);
    for linked in components(attributes.len(), &links) {
        if linked.len() > 1 && System::new(&linked, public, &counts, &links, min_cell).hide(&mut shown) {
            continue;
        }
        // What lies within another has then no group that is shown: a hidden one can be anything from none to
        // all rows of the group around it.
        for place in linked {
            let is_inner = links.iter().any(|link| link.inner == place);
            match (counts.get(place), shown.get_mut(place)) {
                (Some(_), Some(shown)) if is_inner => {
                    shown.iter_mut().filter(|of| **of == Shown::Yes).for_each(|of| *of = Shown::Complement);
                }
                (Some(counts), Some(shown)) => hide_alone(counts, shown, min_cell),
                _ => {}
            }
        }
    }
    shown
}

/// Hides groups of an attribute that is tied to no other.
///
/// The reader knows the sum of the hidden groups, and from the reason given which of them are small.
fn hide_alone(counts: &[u64], shown: &mut [Shown], min_cell: u64) {
    loop {
        let of = |kind: Shown| counts.iter().zip(&*shown).filter(move |(_, shown)| **shown == kind).map(|(n, _)| *n);
        let (small, others) = (of(Shown::Small).count() as u64, of(Shown::Complement).count() as u64);
        let hidden: u64 = of(Shown::Small).chain(of(Shown::Complement)).sum();
        // With a large group among them, each small one can be anything from 1 to `min_cell` - 1.
        let free = others == 0 || hidden + 2 >= min_cell + small + others.saturating_mul(min_cell);
        if small == 0 || (small + others > 1 && hidden >= min_cell && free) {
            return;
        }
        let next = counts.iter().zip(&mut *shown).filter(|(n, shown)| **n > 0 && **shown == Shown::Yes);
        match next.min_by_key(|(n, _)| preference(**n, min_cell)) {
            Some((_, shown)) => *shown = Shown::Complement,
            None => return,
        }
    }
}

/// Returns the order in which groups are hidden for the sake of others: the smallest of those that leave a
/// small group all its freedom, then the largest of the rest.
fn preference(n: u64, min_cell: u64) -> (bool, u64) {
    let ample = n >= min_cell.saturating_mul(2);
    (!ample, if ample { n } else { u64::MAX - n })
}

/// An attribute whose groups lie within those of another.
struct Link {
    outer: usize,
    inner: usize,
    /// For each inner group the outer one; none where its rows have none.
    within: Vec<Option<usize>>,
    /// For each outer group its rows without an inner one.
    rest: Vec<u64>,
}

/// Returns every pair of attributes of which one lies within the other.
fn links(attributes: &[&Groups], times: &[u64]) -> Vec<Link> {
    let places = 0..attributes.len();
    let pairs: Vec<(usize, usize)> =
        places.clone().flat_map(|outer| places.clone().map(move |inner| (outer, inner))).collect();
    let of = |(outer, inner): (usize, usize)| {
        let (a, b) = (attributes.get(outer)?, attributes.get(inner)?);
        if outer == inner {
            return None;
        }
        let place = |code: u32, names: usize| Some(code as usize).filter(|code| *code < names);
        let mut within: Vec<Option<Option<usize>>> = vec![None; b.names.len()];
        let mut rest = vec![0; a.names.len()];
        for (row, (of_a, of_b)) in a.codes.iter().zip(b.codes.iter()).enumerate() {
            let of_a = place(of_a, a.names.len());
            match place(of_b, b.names.len()).and_then(|code| within.get_mut(code)) {
                Some(known) if known.is_some_and(|known| known != of_a) => return None,
                Some(known) => *known = Some(of_a),
                None => {
                    let rows = times.get(row).copied().unwrap_or(1);
                    of_a.and_then(|code| rest.get_mut(code)).into_iter().for_each(|rest| *rest += rows);
                }
            }
        }
        Some(Link { outer, inner, within: within.into_iter().map(Option::flatten).collect(), rest })
    };
    pairs.into_par_iter().filter_map(of).collect()
}

/// Returns the attributes that are tied to each other, each set in order.
fn components(attributes: usize, links: &[Link]) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..attributes).collect();
    for link in links {
        let (Some(a), Some(b)) = (of.get(link.outer).copied(), of.get(link.inner).copied()) else { continue };
        of.iter_mut().filter(|component| **component == a.max(b)).for_each(|component| *component = a.min(b));
    }
    let distinct: BTreeSet<usize> = of.iter().copied().collect();
    let members = |wanted: usize| (0..attributes).filter(|place| of.get(*place) == Some(&wanted)).collect();
    distinct.into_iter().map(members).collect()
}

/// The groups of attributes that are tied to each other, and the sums between them.
struct System {
    /// Attribute and group, and how many rows it has.
    cells: Vec<(usize, usize, u64)>,
    /// Attributes before this are shown.
    public: usize,
    /// Cells with their factors; each sum is known to the reader.
    sums: Vec<Vec<(usize, f64)>>,
    min_cell: u64,
}

impl System {
    fn new(linked: &[usize], public: usize, counts: &[Vec<u64>], links: &[Link], min_cell: u64) -> Self {
        let mut cells = Vec::new();
        for attribute in linked {
            let groups = counts.get(*attribute).into_iter().flatten().enumerate();
            cells.extend(groups.filter(|(_, n)| **n > 0).map(|(group, n)| (*attribute, group, *n)));
        }
        let place =
            |attribute: usize, group: usize| cells.iter().position(|cell| (cell.0, cell.1) == (attribute, group));
        let whole = |attribute: &usize| {
            let of = cells.iter().enumerate().filter(|(_, cell)| cell.0 == *attribute);
            of.map(|(cell, _)| (cell, 1.0)).collect()
        };
        let mut sums: Vec<Vec<(usize, f64)>> = linked.iter().map(whole).collect();
        for link in links.iter().filter(|link| linked.contains(&link.outer)) {
            for outer in 0..link.rest.len() {
                let Some(total) = place(link.outer, outer) else { continue };
                let inner = link.within.iter().enumerate().filter(|(_, within)| **within == Some(outer));
                let parts = inner.filter_map(|(inner, _)| Some((place(link.inner, inner)?, 1.0)));
                sums.push(parts.chain([(total, -1.0)]).collect());
            }
        }
        Self { cells, public, sums, min_cell }
    }

    /// Hides more groups until none that is hidden can be told too closely. Returns whether that was possible.
    fn hide(&self, shown: &mut [Vec<Shown>]) -> bool {
        let is_small = |cell: &(usize, usize, u64)| cell.0 < self.public && cell.2 < self.min_cell;
        let mut hidden: Vec<bool> = self.cells.iter().map(|cell| cell.0 >= self.public || is_small(cell)).collect();
        if !self.cells.iter().any(is_small) {
            return true;
        }
        // Cells that were seen to be free stay so: hiding more never narrows a range.
        let mut free = vec![false; self.cells.len()];
        loop {
            if hidden.iter().filter(|hidden| **hidden).count() > MOST_HIDDEN {
                return false;
            }
            let Some(told) = self.first_told(&hidden, &mut free) else { break };
            match self.next_to_hide(told, &hidden) {
                Some(next) => hidden.get_mut(next).into_iter().for_each(|hidden| *hidden = true),
                // Everything is hidden, and the number of all rows is what it is.
                None => break,
            }
        }
        for ((attribute, group, _), _) in self.cells.iter().zip(&hidden).filter(|(_, hidden)| **hidden) {
            let of = shown.get_mut(*attribute).and_then(|groups| groups.get_mut(*group));
            of.into_iter().filter(|of| **of == Shown::Yes).for_each(|of| *of = Shown::Complement);
        }
        true
    }

    /// Returns the first hidden cell whose size can be told too closely.
    fn first_told(&self, hidden: &[bool], free: &mut [bool]) -> Option<usize> {
        let unknown: Vec<usize> = (0..self.cells.len()).filter(|cell| hidden.get(*cell) == Some(&true)).collect();
        // What the reader can work out: each sum, with what is shown taken off.
        let size = |cell: usize| self.cells.get(cell).map_or(0.0, |cell| cell.2 as f64);
        let mut rows = Vec::new();
        for sum in &self.sums {
            let mut row = vec![0.0; unknown.len()];
            let mut total = 0.0;
            for (cell, factor) in sum {
                if let Ok(place) = unknown.binary_search(cell) {
                    row.get_mut(place).into_iter().for_each(|slot| *slot += factor);
                    total += factor * size(*cell);
                }
            }
            if row.iter().any(|factor| factor.abs() > 0.0) {
                rows.push((row, total));
            }
        }
        unknown.iter().copied().enumerate().find_map(|(place, cell)| {
            let protected = self.cells.get(cell).is_some_and(|cell| cell.0 < self.public);
            if !protected || free.get(cell) == Some(&true) {
                return None;
            }
            let (low, high) = range_of(place, &rows);
            if high - low + 1e-6 >= self.min_cell as f64 {
                free.get_mut(cell).into_iter().for_each(|free| *free = true);
                return None;
            }
            Some(cell)
        })
    }

    /// Returns the cell to hide so that another is told less closely: one that shares a sum with it.
    fn next_to_hide(&self, told: usize, hidden: &[bool]) -> Option<usize> {
        let shown = |cell: &usize| hidden.get(*cell) == Some(&false);
        let order =
            |cell: &usize| self.cells.get(*cell).map(|cell| (preference(cell.2, self.min_cell), cell.0, cell.1));
        let sharing = self.sums.iter().filter(|sum| sum.iter().any(|(cell, _)| *cell == told));
        let near = sharing.flatten().map(|(cell, _)| *cell).filter(shown).min_by_key(order);
        near.or_else(|| (0..self.cells.len()).filter(shown).min_by_key(order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_group_cannot_be_told_by_subtraction() {
        use Shown::{Complement, Small, Yes};
        let shown = |counts: &[u64], min_cell: u64| {
            let mut shown: Vec<Shown> =
                counts.iter().map(|n| if *n > 0 && *n < min_cell { Small } else { Yes }).collect();
            hide_alone(counts, &mut shown, min_cell);
            shown
        };
        assert_eq!(shown(&[100, 4, 60], 11), [Yes, Small, Complement]);
        assert_eq!(shown(&[100, 4, 8, 60], 11), [Yes, Small, Small, Yes]);
        assert_eq!(shown(&[100, 4, 3, 60], 11), [Yes, Small, Small, Complement]);
        assert_eq!(shown(&[100, 4], 11), [Complement, Small]);
        assert_eq!(shown(&[100, 4, 0], 0), [Yes, Yes, Yes]);
        // With 12 beside it, which is known to be no small group, 4 could be no more than 5.
        assert_eq!(shown(&[100, 4, 12], 11), [Complement, Small, Yes]);
    }
}
