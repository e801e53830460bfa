//! Finders: from the values of some columns to a row that has them.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// Which columns of a row are given: bit `i` for column `i`. Columns past the 63rd are never given.
pub(crate) type Columns = u64;

/// The position of an element in its set.
pub(crate) type Code = u32;

/// How many slots a finder may have; where the columns have more combinations, rows are found by hash.
const SLOTS: usize = 1 << 22;

/// A slot that holds no row.
const EMPTY: u32 = u32::MAX;

/// Finds one row for each combination of values of some columns. Rows are numbers; their values stand in one
/// list, row after row, which the caller keeps.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    columns: Columns,
    sizes: Vec<usize>,
    rows: Found,
}

#[derive(Clone, Debug)]
enum Found {
    /// A slot for each combination, last column fastest; none until the first row comes.
    Slots(Vec<u32>),
    /// By hash.
    Hashed(HashTable<u32>),
}

impl Finder {
    /// Returns a finder without rows for some of the columns, whose sets have so many elements.
    pub(super) fn new(columns: Columns, sizes: &[usize]) -> Self {
        let mut finder = Self { columns, sizes: sizes.to_vec(), rows: Found::Hashed(HashTable::new()) };
        if finder.combinations() <= SLOTS {
            finder.rows = Found::Slots(Vec::new());
        }
        finder
    }

    /// Returns the row that has the values of `wanted`.
    pub(super) fn find(&self, wanted: &[Code], codes: &[Code]) -> Option<u32> {
        match &self.rows {
            Found::Slots(slots) => slots.get(self.slot(wanted)).copied().filter(|&row| row != EMPTY),
            Found::Hashed(table) => {
                let arity = self.sizes.len();
                let is_wanted = |&row: &u32| self.values(row_of(codes, arity, row)).eq(self.values(wanted));
                table.find(hash(self.values(wanted)), is_wanted).copied()
            }
        }
    }

    /// Returns the row that has the values of `wanted`, or enters `row`, which is to be the one, and returns none.
    pub(super) fn find_or_insert(&mut self, wanted: &[Code], row: u32, codes: &[Code]) -> Option<&mut u32> {
        let (slot, columns, arity) = (self.slot(wanted), self.columns, self.sizes.len());
        let combinations = self.combinations();
        match &mut self.rows {
            Found::Slots(slots) => {
                if slots.is_empty() {
                    slots.resize(combinations, EMPTY);
                }
                let known = &mut slots[slot];
                if *known == EMPTY {
                    *known = row;
                    return None;
                }
                Some(known)
            }
            Found::Hashed(table) => {
                // A row that is being entered may not stand in the list yet.
                let values_of = |row: u32| selected(columns, row_of(codes, arity, row));
                let is_wanted = |&known: &u32| values_of(known).eq(selected(columns, wanted));
                match table.entry(hash(selected(columns, wanted)), is_wanted, |&known| hash(values_of(known))) {
                    Entry::Occupied(known) => Some(known.into_mut()),
                    Entry::Vacant(vacant) => {
                        vacant.insert(row);
                        None
                    }
                }
            }
        }
    }

    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        match &mut self.rows {
            Found::Slots(slots) => slots.fill(EMPTY),
            Found::Hashed(table) => table.clear(),
        }
    }

    fn combinations(&self) -> usize {
        let sizes = self.sizes.iter().enumerate().filter(|(column, _)| is_given(self.columns, *column));
        sizes.fold(1, |product, (_, size)| product.saturating_mul(*size))
    }

    fn slot(&self, row: &[Code]) -> usize {
        let given = row.iter().zip(&self.sizes).enumerate().filter(|(column, _)| is_given(self.columns, *column));
        given.fold(0, |slot: usize, (_, (&code, size))| slot.wrapping_mul(*size).wrapping_add(code as usize))
    }

    fn values<'r>(&self, row: &'r [Code]) -> impl Iterator<Item = Code> + use<'r> {
        selected(self.columns, row)
    }
}

fn row_of(codes: &[Code], arity: usize, row: u32) -> &[Code] {
    &codes[row as usize * arity..][..arity]
}

/// Tells whether a column is given: all are, or some of the first 63.
pub(super) fn is_given(columns: Columns, column: usize) -> bool {
    columns == Columns::MAX || (column < 63 && columns >> column & 1 == 1)
}

fn selected(columns: Columns, row: &[Code]) -> impl Iterator<Item = Code> {
    row.iter().enumerate().filter(move |(column, _)| is_given(columns, *column)).map(|(_, code)| *code)
}

/// Multiply and rotate, as in FxHash: codes are small and dense, and nobody outside chooses them.
fn hash(codes: impl Iterator<Item = Code>) -> u64 {
    let mixed =
        codes.fold(0_u64, |hash, code| (hash.rotate_left(5) ^ u64::from(code)).wrapping_mul(0x517c_c1b7_2722_0a95));
    // The table takes its buckets from the low bits, which a product leaves poor.
    mixed ^ (mixed >> 32)
}
