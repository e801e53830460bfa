//! One column of an array: entries of one type, at equal distances from each other.

use super::super::column::Builder;
use super::element::{Element, Kind};
use bytes::Bytes;
use std::ops::Range;

/// Numbers converted at a time.
const PIECE: usize = 1 << 12;

/// The row, from 0, of an entry whose bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotText(pub usize);

/// The entries of a column, all of which lie within the bytes.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    bytes: Bytes,
    element: Element,
    start: usize,
    step: usize,
    rows: usize,
}

impl Cells {
    /// Returns `rows` entries, the first at `start` and each `step` bytes after the one before; none where
    /// they would not lie within the bytes.
    pub fn new(bytes: Bytes, element: Element, start: usize, step: usize, rows: usize) -> Option<Self> {
        let last = match rows.checked_sub(1) {
            Some(before) => before.checked_mul(step)?.checked_add(start)?.checked_add(element.size)?,
            None => 0,
        };
        (last <= bytes.len()).then_some(Self { bytes, element, start, step, rows })
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    fn cell(&self, row: usize) -> &[u8] {
        let start = self.start + row * self.step;
        self.bytes.get(start..start + self.element.size).unwrap_or(&[])
    }

    /// Adds those rows to `builder`.
    pub fn push(&self, builder: &mut Builder, rows: Range<usize>) -> Result<(), NotText> {
        if self.element.is_text() {
            let mut text = String::new();
            for row in rows {
                let text = self.element.text(self.cell(row), &mut text).ok_or(NotText(row))?;
                builder.push_text(Some(text));
            }
        } else if self.element.kind == Kind::Bool {
            let truth = |row: usize| usize::from(self.cell(row) != [0]);
            builder.push_keys(&[Some("false"), Some("true")], rows.map(|row| Some(truth(row))));
        } else {
            let mut numbers = Vec::with_capacity(PIECE);
            for start in rows.clone().step_by(PIECE) {
                numbers.clear();
                let piece = start..(start + PIECE).min(rows.end);
                numbers.extend(piece.map(|row| self.element.number(self.cell(row))));
                builder.push_numbers(&numbers);
            }
        }
        Ok(())
    }
}
