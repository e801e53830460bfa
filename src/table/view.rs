//! A part of a column, shared without copying where its rows lie together.

use std::ops::Deref;
use std::sync::Arc;

/// Rows of a column.
#[derive(Clone, Debug)]
pub(crate) struct View<T> {
    all: Arc<Vec<T>>,
    start: usize,
    end: usize,
}

/// Which rows of a file belong to a table, in the file's order.
#[derive(Clone, Debug)]
pub(crate) enum Selection {
    /// One range, such as the whole file or its second half.
    Range(usize, usize),
    /// Any others.
    List(Vec<u32>),
}

impl Selection {
    /// Returns the rows of `list`, which ascend, as a range if they are one.
    pub fn from_list(list: Vec<u32>) -> Self {
        match (list.first(), list.last()) {
            (Some(first), Some(last)) if (last - first) as usize + 1 == list.len() => {
                Selection::Range(*first as usize, *last as usize + 1)
            }
            (None, _) => Selection::Range(0, 0),
            _ => Selection::List(list),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Selection::Range(start, end) => end - start,
            Selection::List(list) => list.len(),
        }
    }

    /// Returns the row of the file that is the `place`th of the selection.
    pub fn row(&self, place: usize) -> usize {
        match self {
            Selection::Range(start, _) => start + place,
            Selection::List(list) => list.get(place).map_or(0, |row| *row as usize),
        }
    }

    /// Returns the rows of the file.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).map(|place| self.row(place))
    }
}

impl<T: Copy> View<T> {
    /// Returns all of a column.
    pub fn whole(all: Vec<T>) -> Self {
        Self { start: 0, end: all.len(), all: Arc::new(all) }
    }

    /// Returns those rows of a whole column.
    pub fn select(&self, selection: &Selection) -> Self {
        Self::new(&self.all, selection)
    }

    /// Returns the rows at those places of this view, which may come more than once.
    pub fn picked(&self, places: &[u32]) -> Self {
        Self::whole(places.iter().filter_map(|place| self.get(*place as usize).copied()).collect())
    }

    pub fn new(all: &Arc<Vec<T>>, selection: &Selection) -> Self {
        match selection {
            Selection::Range(start, end) => {
                let end = (*end).min(all.len());
                Self { all: Arc::clone(all), start: (*start).min(end), end }
            }
            Selection::List(list) => {
                let picked: Vec<T> = list.iter().filter_map(|row| all.get(*row as usize).copied()).collect();
                Self { start: 0, end: picked.len(), all: Arc::new(picked) }
            }
        }
    }
}

impl<T> Deref for View<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.all.get(self.start..self.end).unwrap_or(&[])
    }
}
