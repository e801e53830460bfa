//! Codes of categories, each in one, two or four bytes as the number of names allows: most columns have a few
//! names, and there is a code for every row.

use super::column::NO_CODE;
use super::view::{Selection, View};

/// Codes that are being gathered; they grow wider when a code asks for it.
#[derive(Debug)]
pub(super) enum CodeList {
    Bytes(Vec<u8>),
    Shorts(Vec<u16>),
    Words(Vec<u32>),
}

/// The codes of some rows: for each row a place among names, or [`NO_CODE`] where missing.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    Bytes(View<u8>),
    Shorts(View<u16>),
    Words(View<u32>),
}

/// Returns a code as a byte, of which the greatest stands for a missing one; none where it does not fit.
fn byte(code: u32) -> Option<u8> {
    if code == NO_CODE { Some(u8::MAX) } else { u8::try_from(code).ok().filter(|code| *code < u8::MAX) }
}

fn short(code: u32) -> Option<u16> {
    if code == NO_CODE { Some(u16::MAX) } else { u16::try_from(code).ok().filter(|code| *code < u16::MAX) }
}

fn of_byte(code: u8) -> u32 {
    if code == u8::MAX { NO_CODE } else { code.into() }
}

fn of_short(code: u16) -> u32 {
    if code == u16::MAX { NO_CODE } else { code.into() }
}

impl CodeList {
    pub fn with_capacity(rows: usize) -> Self {
        CodeList::Bytes(Vec::with_capacity(rows))
    }

    pub fn push(&mut self, code: u32) {
        let fits = match self {
            CodeList::Bytes(codes) => byte(code).map(|code| codes.push(code)),
            CodeList::Shorts(codes) => short(code).map(|code| codes.push(code)),
            CodeList::Words(codes) => {
                codes.push(code);
                Some(())
            }
        };
        if fits.is_none() {
            self.widen();
            self.push(code);
        }
    }

    fn widen(&mut self) {
        *self = match self {
            CodeList::Bytes(codes) => {
                let mut wider = Vec::with_capacity(codes.capacity());
                wider.extend(codes.iter().map(|code| short(of_byte(*code)).unwrap_or(u16::MAX)));
                CodeList::Shorts(wider)
            }
            CodeList::Shorts(codes) => {
                let mut wider = Vec::with_capacity(codes.capacity());
                wider.extend(codes.iter().map(|code| of_short(*code)));
                CodeList::Words(wider)
            }
            CodeList::Words(codes) => CodeList::Words(std::mem::take(codes)),
        };
    }

    pub fn len(&self) -> usize {
        match self {
            CodeList::Bytes(codes) => codes.len(),
            CodeList::Shorts(codes) => codes.len(),
            CodeList::Words(codes) => codes.len(),
        }
    }

    pub fn reserve_exact(&mut self, more: usize) {
        match self {
            CodeList::Bytes(codes) => codes.reserve_exact(more),
            CodeList::Shorts(codes) => codes.reserve_exact(more),
            CodeList::Words(codes) => codes.reserve_exact(more),
        }
    }

    /// Adds the codes of `later`, each of which is now called what `new` has in its place.
    pub fn append(&mut self, later: &CodeList, new: &[u32]) {
        let mut push = |code: u32| self.push(new.get(code as usize).copied().unwrap_or(NO_CODE));
        match later {
            CodeList::Bytes(codes) => codes.iter().for_each(|code| push(of_byte(*code))),
            CodeList::Shorts(codes) => codes.iter().for_each(|code| push(of_short(*code))),
            CodeList::Words(codes) => codes.iter().for_each(|code| push(*code)),
        }
    }

    /// Calls each code what `new` has in its place; there are as many new ones as old.
    pub fn renumber(&mut self, new: &[u32]) {
        let of = |code: u32| new.get(code as usize).copied().unwrap_or(NO_CODE);
        match self {
            CodeList::Bytes(codes) => {
                codes.iter_mut().for_each(|code| *code = byte(of(of_byte(*code))).unwrap_or(u8::MAX));
            }
            CodeList::Shorts(codes) => {
                codes.iter_mut().for_each(|code| *code = short(of(of_short(*code))).unwrap_or(u16::MAX));
            }
            CodeList::Words(codes) => codes.iter_mut().for_each(|code| *code = of(*code)),
        }
    }

    /// Returns the codes, to be shared.
    pub fn finish(self) -> Codes {
        match self {
            CodeList::Bytes(codes) => Codes::Bytes(View::whole(codes)),
            CodeList::Shorts(codes) => Codes::Shorts(View::whole(codes)),
            CodeList::Words(codes) => Codes::Words(View::whole(codes)),
        }
    }
}

impl Codes {
    pub fn len(&self) -> usize {
        match self {
            Codes::Bytes(codes) => codes.len(),
            Codes::Shorts(codes) => codes.len(),
            Codes::Words(codes) => codes.len(),
        }
    }

    /// Returns the code of a row; none where there is no such row.
    pub fn get(&self, row: usize) -> Option<u32> {
        match self {
            Codes::Bytes(codes) => codes.get(row).map(|code| of_byte(*code)),
            Codes::Shorts(codes) => codes.get(row).map(|code| of_short(*code)),
            Codes::Words(codes) => codes.get(row).copied(),
        }
    }

    /// Returns the codes in the order of the rows.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).map(|row| self.get(row).unwrap_or(NO_CODE))
    }

    /// Returns the codes at those places, which may come more than once.
    pub fn picked(&self, places: &[u32]) -> Codes {
        match self {
            Codes::Bytes(codes) => Codes::Bytes(codes.picked(places)),
            Codes::Shorts(codes) => Codes::Shorts(codes.picked(places)),
            Codes::Words(codes) => Codes::Words(codes.picked(places)),
        }
    }

    /// Returns the codes of those rows.
    pub fn select(&self, selection: &Selection) -> Codes {
        match self {
            Codes::Bytes(codes) => Codes::Bytes(codes.select(selection)),
            Codes::Shorts(codes) => Codes::Shorts(codes.select(selection)),
            Codes::Words(codes) => Codes::Words(codes.select(selection)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_as_wide_as_they_must_be() {
        for (most, bytes) in [(254, 1), (255, 2), (65_534, 2), (65_535, 4)] {
            let all: Vec<u32> = (0..=most).chain([NO_CODE, 0]).collect();
            let mut list = CodeList::with_capacity(0);
            all.iter().for_each(|code| list.push(*code));
            let turned: Vec<u32> = (0..=most).rev().collect();
            let mut twice = CodeList::with_capacity(0);
            twice.append(&list, &turned);
            twice.renumber(&turned);
            let codes = twice.finish();
            assert_eq!(codes.iter().collect::<Vec<_>>(), all);
            let width = match &codes {
                Codes::Bytes(_) => 1,
                Codes::Shorts(_) => 2,
                Codes::Words(_) => 4,
            };
            assert_eq!(width, bytes, "{most}");
            let part = codes.select(&Selection::Range(1, 3));
            assert_eq!((part.len(), part.get(1), part.get(2)), (2, all.get(2).copied(), None));
        }
    }
}
