//! An array with a name and a shape, and the columns that it is.

use super::cells::Cells;
use super::element::Element;
use super::{CUT_SHORT, Refusal};
use bytes::Bytes;

/// An array, or a file of arrays, with more columns than this is no table.
pub(super) const MOST_COLUMNS: usize = 1 << 16;

/// An array as a file describes it; its figures have been held against nothing yet.
pub(super) struct Array {
    pub name: String,
    pub bytes: Bytes,
    pub element: Element,
    /// Where the first entry begins.
    pub start: usize,
    /// Entries along each axis.
    pub shape: Vec<usize>,
    /// Bytes from one entry to the next along each axis.
    pub steps: Vec<usize>,
    /// Whether a single axis gives a numbered column, too, for want of a name.
    pub numbered: bool,
}

/// Returns the bytes from one entry to the next along each axis where the entries lie close together, the last
/// axis the closest, or the first. None where they are too many to count.
pub(super) fn steps(shape: &[usize], size: usize, first_closest: bool) -> Option<Vec<usize>> {
    let mut step = size;
    let mut found = vec![0; shape.len()];
    let mut axes: Vec<usize> = (0..shape.len()).collect();
    if !first_closest {
        axes.reverse();
    }
    for axis in axes {
        *found.get_mut(axis)? = step;
        step = step.checked_mul((*shape.get(axis)?).max(1))?;
    }
    Some(found)
}

impl Array {
    /// Returns how many bytes its entries would take if they lay apart.
    pub fn size(&self) -> usize {
        self.shape.iter().fold(self.element.size, |size, length| size.saturating_mul(*length))
    }

    /// Returns the columns: one, named as the array, of a single axis; `NAME_0`, `NAME_1` and so on of two.
    ///
    /// # Errors
    /// The array has no axes or too many, or it does not lie within the bytes.
    pub fn columns(self) -> Result<Vec<(String, Cells)>, Refusal> {
        let name = &self.name;
        let repair = "save arrays of one axis, one entry for each row, or of two, rows and columns";
        let (rows, row_step, columns, column_step) = match (self.shape.as_slice(), self.steps.as_slice()) {
            (&[rows], &[step]) => (rows, step, 1, 0),
            (&[rows, columns], &[step, column_step]) => (rows, step, columns, column_step),
            ([], _) => return Err(Refusal::not_columns(format!("`{name}` is a single value"), repair)),
            (axes, _) => {
                return Err(Refusal::not_columns(format!("`{name}` has {} axes", axes.len()), repair));
            }
        };
        if columns > MOST_COLUMNS {
            let reason = format!("`{name}` has {columns} columns, and no more than {MOST_COLUMNS} are read");
            return Err(Refusal::not_columns(reason, "save those that are needed"));
        }
        // Steps of zero would make a small file a large table.
        let n_entries = rows.checked_mul(columns).filter(|n| *n <= self.bytes.len() / self.element.size);
        n_entries.ok_or(Refusal::damaged(CUT_SHORT))?;
        let column = |place: usize| {
            let start = place.checked_mul(column_step)?.checked_add(self.start)?;
            let cells = Cells::new(self.bytes.clone(), self.element, start, row_step, rows)?;
            let name = if self.shape.len() == 1 && !self.numbered { name.clone() } else { format!("{name}_{place}") };
            Some((name, cells))
        };
        (0..columns).map(|place| column(place).ok_or(Refusal::damaged(CUT_SHORT))).collect()
    }
}
