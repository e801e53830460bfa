//! Rows: the extent of one predicate, found whole or by any of its columns that are bound.
//!
//! A row is the positions of its arguments in their sets. An index over some columns is made when a
//! join first asks for it and kept up from then on. Where rows are found decides nothing about the order in
//! which they are seen.

use super::Outcome;
pub(crate) use super::finder::{Code, Columns};
use super::finder::{Finder, is_given};

/// The end of a chain of rows.
const END: u32 = u32::MAX;

/// Rows with their outcomes, in the order in which they came.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// How many elements the set of each column has.
    sizes: Vec<usize>,
    codes: Vec<Code>,
    outcomes: Vec<Outcome>,
    places: Finder,
    indexes: Vec<Index>,
}

/// The rows that share the values of some columns, as chains.
#[derive(Clone, Debug)]
struct Index {
    columns: Columns,
    /// The newest row of each chain.
    heads: Finder,
    /// For each row the one before it in its chain.
    before: Vec<u32>,
}

impl Rows {
    /// Returns no rows, of a column for each set; `sizes` tells how many elements the sets have.
    pub(crate) fn new(sizes: Vec<usize>) -> Self {
        let places = Finder::new(Columns::MAX, &sizes);
        Self { sizes, codes: Vec::new(), outcomes: Vec::new(), places, indexes: Vec::new() }
    }

    /// Returns how many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Returns the columns of a row.
    pub(crate) fn row(&self, place: usize) -> &[Code] {
        &self.codes[place * self.sizes.len()..(place + 1) * self.sizes.len()]
    }

    /// Returns the outcome of a row.
    pub(crate) fn outcome(&self, place: usize) -> Outcome {
        self.outcomes[place]
    }

    /// Returns where a row is.
    pub(crate) fn find(&self, row: &[Code]) -> Option<usize> {
        self.places.find(row, &self.codes).map(|place| place as usize)
    }

    /// Joins an outcome to that of a row, which is added if it is new. Tells whether anything changed.
    pub(crate) fn raise(&mut self, row: &[Code], outcome: Outcome) -> bool {
        debug_assert_eq!(row.len(), self.sizes.len());
        if !outcome.is_possible() {
            return false;
        }
        let place = u32::try_from(self.len()).expect("invariant: the limit of joins keeps rows far below 2^32");
        if let Some(&mut known) = self.places.find_or_insert(row, place, &self.codes) {
            let known = &mut self.outcomes[known as usize];
            let joined = *known | outcome;
            return std::mem::replace(known, joined) != joined;
        }
        self.codes.extend_from_slice(row);
        self.outcomes.push(outcome);
        for index in &mut self.indexes {
            index.add(row, place, &self.codes);
        }
        true
    }

    /// Makes the index over some columns, if there is none.
    pub(crate) fn ensure_index(&mut self, columns: Columns) {
        if self.has_index(columns) {
            return;
        }
        let heads = Finder::new(columns, &self.sizes);
        let mut index = Index { columns, heads, before: Vec::with_capacity(self.len()) };
        for place in 0..self.len() {
            index.add(self.row(place), place as u32, &self.codes);
        }
        self.indexes.push(index);
    }

    /// Tells whether the index over some columns is made.
    pub(crate) fn has_index(&self, columns: Columns) -> bool {
        columns == 0 || self.indexes.iter().any(|index| index.columns == columns)
    }

    /// Calls `visit` with every row that has these values in the given columns. `wanted` has a value for
    /// each column; those that are not given are not looked at.
    pub(crate) fn matching(&self, columns: Columns, wanted: &[Code], visit: &mut dyn FnMut(&[Code], Outcome)) {
        let Some(index) = self.indexes.iter().find(|index| index.columns == columns) else {
            for place in 0..self.len() {
                let row = self.row(place);
                if (0..row.len()).all(|column| !is_given(columns, column) || row[column] == wanted[column]) {
                    visit(row, self.outcomes[place]);
                }
            }
            return;
        };
        let mut place = index.heads.find(wanted, &self.codes).unwrap_or(END);
        while place != END {
            visit(self.row(place as usize), self.outcomes[place as usize]);
            place = index.before[place as usize];
        }
    }

    /// Removes all rows; the indexes stay.
    pub(crate) fn clear(&mut self) {
        self.codes.clear();
        self.outcomes.clear();
        self.places.clear();
        for index in &mut self.indexes {
            index.heads.clear();
            index.before.clear();
        }
    }
}

/// Rows are the same if they came in the same order; what indexes were made is nobody's business.
impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.sizes == other.sizes && self.codes == other.codes && self.outcomes == other.outcomes
    }
}

impl Index {
    fn add(&mut self, row: &[Code], place: u32, codes: &[Code]) {
        let head = self.heads.find_or_insert(row, place, codes);
        self.before.push(head.map_or(END, |head| std::mem::replace(head, place)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(sizes: Vec<usize>) -> Rows {
        let mut rows = Rows::new(sizes);
        for (left, right) in [(1, 2), (1, 3), (2, 3), (4, 1)] {
            assert!(rows.raise(&[left, right], Outcome::UNKNOWN));
        }
        rows
    }

    fn right_of(rows: &Rows, left: Code) -> Vec<Code> {
        let mut found = Vec::new();
        rows.matching(0b01, &[left, 0], &mut |row, _| found.push(row[1]));
        found.sort_unstable();
        found
    }

    #[test]
    fn rows_are_found_with_and_without_an_index() {
        // Small sets, and sets too large for a slot for each row.
        for sizes in [vec![10, 10], vec![10, usize::MAX]] {
            let mut rows = rows(sizes);
            assert_eq!(right_of(&rows, 1), [2, 3]);
            rows.ensure_index(0b01);
            assert_eq!(right_of(&rows, 1), [2, 3]);
            rows.raise(&[1, 9], Outcome::TRUE);
            assert_eq!(right_of(&rows, 1), [2, 3, 9]);
            assert_eq!(right_of(&rows, 7), [0; 0]);
            rows.clear();
            assert_eq!(right_of(&rows, 1), [0; 0]);
        }
    }

    #[test]
    fn outcomes_only_rise() {
        let mut rows = rows(vec![10, 10]);
        assert!(rows.raise(&[1, 2], Outcome::TRUE));
        assert!(!rows.raise(&[1, 2], Outcome::UNKNOWN));
        assert!(!rows.raise(&[8, 8], Outcome::FALSE));
        assert_eq!(rows.find(&[1, 2]).map(|place| rows.outcome(place)), Some(Outcome::TRUE));
        assert_eq!((rows.len(), rows.find(&[8, 8])), (4, None));
    }
}
