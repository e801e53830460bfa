//! Rows: the extent of one predicate, found by hash, and by any of its columns that are bound.
//!
//! A row is the positions of its arguments in their sets. An index over some columns is made when a
//! join first asks for it and kept up from then on. Hashes decide where a row is found, never in which
//! order rows are seen.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::Outcome;

/// Which columns of a row are given: bit `i` for column `i`. Columns past the 64th are never given.
pub(crate) type Columns = u64;

/// The position of an element in its set.
pub(crate) type Code = u32;

/// The end of a chain of rows.
const END: u32 = u32::MAX;

/// Rows with their outcomes, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    arity: usize,
    codes: Vec<Code>,
    outcomes: Vec<Outcome>,
    places: HashTable<u32>,
    indexes: Vec<Index>,
}

/// The rows that share the values of some columns, as chains.
#[derive(Clone, Debug)]
struct Index {
    columns: Columns,
    /// The newest row of each chain.
    heads: HashTable<u32>,
    /// For each row the one before it in its chain.
    before: Vec<u32>,
}

impl Rows {
    /// Returns no rows of so many columns.
    pub(crate) fn new(arity: usize) -> Self {
        Self { arity, ..Self::default() }
    }

    /// Returns how many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Returns the columns of a row.
    pub(crate) fn row(&self, place: usize) -> &[Code] {
        &self.codes[place * self.arity..(place + 1) * self.arity]
    }

    /// Returns the outcome of a row.
    pub(crate) fn outcome(&self, place: usize) -> Outcome {
        self.outcomes[place]
    }

    /// Returns where a row is.
    pub(crate) fn find(&self, row: &[Code]) -> Option<usize> {
        let found = self.places.find(hash(row.iter().copied()), |&place| self.row(place as usize) == row);
        found.map(|&place| place as usize)
    }

    /// Joins an outcome to that of a row, which is added if it is new. Tells whether anything changed.
    pub(crate) fn raise(&mut self, row: &[Code], outcome: Outcome) -> bool {
        debug_assert_eq!(row.len(), self.arity);
        let (codes, arity) = (&self.codes, self.arity);
        let row_at = |place: u32| &codes[place as usize * arity..][..arity];
        let hashed = |row: &[Code]| hash(row.iter().copied());
        let entry = self.places.entry(hashed(row), |&place| row_at(place) == row, |&place| hashed(row_at(place)));
        let place = match entry {
            Entry::Occupied(place) => {
                let known = &mut self.outcomes[*place.get() as usize];
                let joined = *known | outcome;
                return std::mem::replace(known, joined) != joined;
            }
            Entry::Vacant(_) if !outcome.is_possible() => return false,
            Entry::Vacant(vacant) => {
                let place = u32::try_from(self.outcomes.len());
                let place = place.expect("invariant: the limit of joins keeps rows far below 2^32");
                vacant.insert(place);
                place
            }
        };
        self.codes.extend_from_slice(row);
        self.outcomes.push(outcome);
        let (codes, arity) = (&self.codes, self.arity);
        for index in &mut self.indexes {
            index.add(place, codes, arity);
        }
        true
    }

    /// Makes the index over some columns, if there is none.
    pub(crate) fn ensure_index(&mut self, columns: Columns) {
        if columns == 0 || self.indexes.iter().any(|index| index.columns == columns) {
            return;
        }
        let mut index = Index { columns, heads: HashTable::new(), before: Vec::with_capacity(self.len()) };
        for place in 0..self.len() as u32 {
            index.add(place, &self.codes, self.arity);
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
        let agrees = |row: &[Code]| selected(columns, row).eq(selected(columns, wanted));
        let Some(index) = self.indexes.iter().find(|index| index.columns == columns) else {
            for place in 0..self.len() {
                if agrees(self.row(place)) {
                    visit(self.row(place), self.outcomes[place]);
                }
            }
            return;
        };
        let head = index.heads.find(hash(selected(columns, wanted)), |&place| agrees(self.row(place as usize)));
        let mut place = head.copied().unwrap_or(END);
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
        self.arity == other.arity && self.codes == other.codes && self.outcomes == other.outcomes
    }
}

impl Index {
    fn add(&mut self, place: u32, codes: &[Code], arity: usize) {
        let columns = self.columns;
        let key = |place: u32| selected(columns, &codes[place as usize * arity..][..arity]);
        let key_hash = hash(key(place));
        let before = match self.heads.find_mut(key_hash, |&head| key(head).eq(key(place))) {
            Some(head) => std::mem::replace(head, place),
            None => {
                self.heads.insert_unique(key_hash, place, |&head| hash(key(head)));
                END
            }
        };
        self.before.push(before);
    }
}

/// Returns the values of the given columns.
fn selected(columns: Columns, row: &[Code]) -> impl Iterator<Item = Code> {
    row.iter().take(64).enumerate().filter(move |(column, _)| columns >> column & 1 == 1).map(|(_, code)| *code)
}

/// Multiply and rotate, as in FxHash: codes are small and dense, and nobody outside chooses them.
fn hash(codes: impl Iterator<Item = Code>) -> u64 {
    let mixed =
        codes.fold(0_u64, |hash, code| (hash.rotate_left(5) ^ u64::from(code)).wrapping_mul(0x517c_c1b7_2722_0a95));
    // The table takes its buckets from the low bits, which a product leaves poor.
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Rows {
        let mut rows = Rows::new(2);
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
        let mut rows = rows();
        assert_eq!(right_of(&rows, 1), [2, 3]);
        rows.ensure_index(0b01);
        assert_eq!(right_of(&rows, 1), [2, 3]);
        rows.raise(&[1, 9], Outcome::TRUE);
        assert_eq!(right_of(&rows, 1), [2, 3, 9]);
        assert_eq!(right_of(&rows, 7), [0; 0]);
        rows.clear();
        assert_eq!(right_of(&rows, 1), [0; 0]);
    }

    #[test]
    fn outcomes_only_rise() {
        let mut rows = rows();
        assert!(rows.raise(&[1, 2], Outcome::TRUE));
        assert!(!rows.raise(&[1, 2], Outcome::UNKNOWN));
        assert!(!rows.raise(&[8, 8], Outcome::FALSE));
        assert_eq!(rows.find(&[1, 2]).map(|place| rows.outcome(place)), Some(Outcome::TRUE));
        assert_eq!((rows.len(), rows.find(&[8, 8])), (4, None));
    }
}
