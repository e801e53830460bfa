//! Columns in memory and how cells become values.

use super::codes::{CodeList, Codes};
use std::collections::HashMap;
use std::sync::Arc;

/// What a column is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wanted {
    /// 0 or 1.
    Label,
    /// Finite numbers.
    Number,
    /// Text with few distinct values.
    Category,
}

impl Wanted {
    /// Returns what a cell must hold, such as `a number`.
    pub fn in_words(self) -> &'static str {
        match self {
            Wanted::Label => "0 or 1",
            Wanted::Number => "a number",
            Wanted::Category => "text",
        }
    }
}

/// The stand-in for a missing label.
pub(crate) const NO_LABEL: u8 = u8::MAX;
/// The stand-in for a missing category.
pub(crate) const NO_CODE: u32 = u32::MAX;

/// A column, one entry for each row. Columns are shared, not copied, when a table is a whole file.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    /// 0, 1 or [`NO_LABEL`].
    Label(Arc<Vec<u8>>),
    /// Finite, or NaN where missing; no other NaN gets in.
    Number(Arc<Vec<f64>>),
    /// See [`Categories`].
    Category(Categories),
}

/// A column of categories: for each row a position in `names`, or [`NO_CODE`] where missing.
#[derive(Clone, Debug)]
pub(crate) struct Categories {
    /// Sorted, without repetition. A part of a table may lack some of them.
    pub names: Arc<Vec<String>>,
    pub codes: Codes,
}

/// Cells that could not be read as what was wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BadCells {
    /// The first: its row, from 0, and its text.
    pub first: Option<(usize, String)>,
    pub count: usize,
}

impl BadCells {
    fn add(&mut self, row: usize, text: &str) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some((row, text.chars().take(40).collect()));
        }
    }

    fn append(&mut self, later: BadCells, offset: usize) {
        self.count += later.count;
        if self.first.is_none() {
            self.first = later.first.map(|(row, text)| (row + offset, text));
        }
    }
}

/// A column that is being read. Rows arrive in order; pieces that were read apart are appended.
#[derive(Debug)]
pub(crate) struct Builder {
    values: Values,
    pub bad: BadCells,
}

#[derive(Debug)]
enum Values {
    Label(Vec<u8>),
    Number(Vec<f64>),
    Category(Names, CodeList),
}

impl Builder {
    pub fn new(wanted: Wanted, rows: usize) -> Self {
        let values = match wanted {
            Wanted::Label => Values::Label(Vec::with_capacity(rows)),
            Wanted::Number => Values::Number(Vec::with_capacity(rows)),
            Wanted::Category => Values::Category(Names::default(), CodeList::with_capacity(rows)),
        };
        Self { values, bad: BadCells::default() }
    }

    /// Adds a cell of text; none is a missing one.
    pub fn push_text(&mut self, text: Option<&str>) {
        match &mut self.values {
            Values::Label(labels) => {
                let label = text.map_or(Some(NO_LABEL), label_of);
                if label.is_none() {
                    self.bad.add(labels.len(), text.unwrap_or(""));
                }
                labels.push(label.unwrap_or(NO_LABEL));
            }
            Values::Number(numbers) => {
                let number = text.map_or(Some(f64::NAN), number_of);
                if number.is_none() {
                    self.bad.add(numbers.len(), text.unwrap_or(""));
                }
                numbers.push(number.unwrap_or(f64::NAN));
            }
            Values::Category(names, codes) => {
                codes.push(text.filter(|text| !text.is_empty()).map_or(NO_CODE, |text| names.code(text)));
            }
        }
    }

    /// Adds a cell that holds a number; none or NaN is a missing one.
    pub fn push_number(&mut self, number: Option<f64>) {
        let number = number.unwrap_or(f64::NAN);
        match &mut self.values {
            Values::Label(labels) => {
                let label = label_of_number(number);
                if label.is_none() && !number.is_nan() {
                    self.bad.add(labels.len(), &number.to_string());
                }
                labels.push(label.unwrap_or(NO_LABEL));
            }
            Values::Number(numbers) => {
                if number.is_infinite() {
                    self.bad.add(numbers.len(), &number.to_string());
                    numbers.push(f64::NAN);
                } else {
                    // Minus zero is zero: they would sort apart.
                    numbers.push(number + 0.0);
                }
            }
            Values::Category(names, codes) => {
                codes.push(if number.is_nan() { NO_CODE } else { names.code(&(number + 0.0).to_string()) });
            }
        }
    }

    /// Adds numbers none of which is missing unless it is NaN.
    pub fn push_numbers(&mut self, more: &[f64]) {
        match &mut self.values {
            Values::Number(numbers) if more.iter().all(|number| !number.is_infinite()) => {
                numbers.extend(more.iter().map(|number| number + 0.0));
            }
            _ => more.iter().for_each(|number| self.push_number(Some(*number))),
        }
    }

    /// Adds cells that are positions in `texts`; none is a missing one.
    pub fn push_keys(&mut self, texts: &[Option<&str>], keys: impl Iterator<Item = Option<usize>>) {
        let text_of = |key: Option<usize>| key.and_then(|key| texts.get(key).copied().flatten());
        match &mut self.values {
            Values::Category(names, codes) => {
                // A dictionary may hold texts that no row uses; those must not become categories.
                let mut known: Vec<Option<u32>> = vec![None; texts.len()];
                for key in keys {
                    let slot = text_of(key).zip(key.and_then(|key| known.get_mut(key)));
                    codes.push(slot.map_or(NO_CODE, |(text, slot)| {
                        *slot.get_or_insert_with(|| if text.is_empty() { NO_CODE } else { names.code(text) })
                    }));
                }
            }
            _ => keys.for_each(|key| self.push_text(text_of(key))),
        }
    }

    /// Makes place for so many rows in all.
    pub fn reserve(&mut self, rows: usize) {
        let more = rows.saturating_sub(self.len());
        match &mut self.values {
            Values::Label(labels) => labels.reserve_exact(more),
            Values::Number(numbers) => numbers.reserve_exact(more),
            Values::Category(_, codes) => codes.reserve_exact(more),
        }
    }

    pub fn len(&self) -> usize {
        match &self.values {
            Values::Label(labels) => labels.len(),
            Values::Number(numbers) => numbers.len(),
            Values::Category(_, codes) => codes.len(),
        }
    }

    /// Adds the rows of `later` after those of `self`. Both were made for the same column.
    pub fn append(&mut self, later: Builder) {
        self.bad.append(later.bad, self.len());
        match (&mut self.values, later.values) {
            (Values::Label(all), Values::Label(more)) => all.extend(more),
            (Values::Number(all), Values::Number(more)) => all.extend(more),
            (Values::Category(names, all), Values::Category(others, more)) => {
                let new: Vec<u32> = others.list.iter().map(|name| names.code(name)).collect();
                all.append(&more, &new);
            }
            _ => debug_assert!(false, "pieces of different columns"),
        }
    }

    /// Returns the finished column; category names are sorted, so that the order of rows cannot be
    /// seen in them.
    pub fn finish(self) -> Column {
        match self.values {
            Values::Label(labels) => Column::Label(Arc::new(labels)),
            Values::Number(numbers) => Column::Number(Arc::new(numbers)),
            Values::Category(names, mut codes) => {
                let mut order: Vec<usize> = (0..names.list.len()).collect();
                order.sort_by(|a, b| names.list.get(*a).cmp(&names.list.get(*b)));
                let mut new = vec![NO_CODE; order.len()];
                for (code, old) in (0..).zip(&order) {
                    if let Some(slot) = new.get_mut(*old) {
                        *slot = code;
                    }
                }
                codes.renumber(&new);
                let mut names = names.list;
                names.sort_unstable();
                Column::Category(Categories { names: Arc::new(names), codes: codes.finish() })
            }
        }
    }
}

/// Names in the order of their first appearance.
#[derive(Debug, Default)]
struct Names {
    list: Vec<String>,
    index: HashMap<String, u32>,
}

impl Names {
    /// Below this many names, comparing them all is quicker than hashing.
    const FEW: usize = 12;

    fn code(&mut self, text: &str) -> u32 {
        let found = if self.list.len() <= Self::FEW {
            self.list.iter().position(|name| name == text).and_then(|position| u32::try_from(position).ok())
        } else {
            self.index.get(text).copied()
        };
        found.unwrap_or_else(|| {
            let code = u32::try_from(self.list.len()).unwrap_or(NO_CODE);
            self.list.push(text.to_owned());
            self.index.insert(text.to_owned(), code);
            code
        })
    }
}

/// Returns the label that `text` stands for: missing when empty, none when it is neither 0 nor 1.
fn label_of(text: &str) -> Option<u8> {
    match text.trim() {
        "0" | "0.0" => Some(0),
        "1" | "1.0" => Some(1),
        text if is_missing(text) => Some(NO_LABEL),
        text if text.eq_ignore_ascii_case("false") => Some(0),
        text if text.eq_ignore_ascii_case("true") => Some(1),
        text => text.parse().ok().and_then(label_of_number),
    }
}

/// Returns the label that a number stands for; the comparison is exact on purpose.
fn label_of_number(number: f64) -> Option<u8> {
    [0u8, 1].into_iter().find(|label| f64::from(*label).total_cmp(&(number + 0.0)).is_eq())
}

/// Returns the number that `text` stands for: NaN when missing, none when it is no finite number.
fn number_of(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Some(number + 0.0),
        Ok(number) if number.is_infinite() => None,
        _ if is_missing(text) => Some(f64::NAN),
        _ => None,
    }
}

/// The ways in which common exports write a missing number. Text columns know the empty cell only,
/// since `NA` may be a site or a country there.
pub(crate) fn is_missing(text: &str) -> bool {
    matches!(text, "" | "NA" | "N/A" | "n/a" | "NaN" | "nan" | "NULL" | "null" | "None" | "<NA>" | "#N/A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_the_same_column_as_the_whole() {
        let cells = ["b", "", "a", "c", "a", "b"];
        let build = |cells: &[&str]| {
            let mut builder = Builder::new(Wanted::Category, 0);
            cells.iter().for_each(|cell| builder.push_text(Some(cell)));
            builder
        };
        let mut pieces = build(&cells[..2]);
        pieces.append(build(&cells[2..]));
        let (Column::Category(whole), Column::Category(pieces)) = (build(&cells).finish(), pieces.finish()) else {
            panic!("categories");
        };
        assert_eq!(whole.names, pieces.names);
        let codes = |column: &Categories| column.codes.iter().collect::<Vec<_>>();
        assert_eq!(codes(&whole), codes(&pieces));
        assert_eq!(codes(&whole), [1, NO_CODE, 0, 2, 0, 1]);
    }

    #[test]
    fn cells_are_read_or_counted() {
        let mut builder = Builder::new(Wanted::Label, 0);
        for cell in ["1", " 0 ", "True", "0.0", "NA", "2", "yes"] {
            builder.push_text(Some(cell));
        }
        assert_eq!(builder.bad, BadCells { first: Some((5, "2".into())), count: 2 });
        assert_eq!(number_of("inf"), None);
        assert_eq!(number_of("1e3"), Some(1000.0));
        assert!(number_of("").unwrap().is_nan());
    }
}
