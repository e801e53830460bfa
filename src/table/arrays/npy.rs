//! One numpy array with its header, as `numpy.save` writes it and `numpy.savez` packs it.
//!
//! The format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

use super::array::{Array, steps};
use super::element::Element;
use super::literal::{Literal, parse};
use super::{CUT_SHORT, MOST_DESCRIPTION, Refusal};
use bytes::Bytes;

const MARK: &[u8] = b"\x93NUMPY";

/// Returns the array under that name, which becomes the stem of numbered columns if so wished; where its entries
/// have fields, an array for each field.
///
/// # Errors
/// The header cannot be read, its figures are not those of the bytes, or entries are neither numbers nor texts.
pub(super) fn arrays(name: &str, numbered: bool, bytes: Bytes) -> Result<Vec<Array>, Refusal> {
    let cut_short = || Refusal::damaged(CUT_SHORT);
    let rest = bytes.strip_prefix(MARK).ok_or_else(|| Refusal::damaged("it holds no numpy array"))?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or_else(cut_short)?;
    let (length, rest) = match version {
        [1, _] => rest.split_first_chunk::<2>().map(|(length, rest)| (u16::from_le_bytes(*length).into(), rest)),
        [2 | 3, _] => rest.split_first_chunk::<4>().map(|(length, rest)| (u32::from_le_bytes(*length) as usize, rest)),
        _ => return Err(Refusal::damaged("it is of a later version of the format")),
    }
    .ok_or_else(cut_short)?;
    let (header, data) = rest.split_at_checked(length).ok_or_else(cut_short)?;
    let damaged = || Refusal::damaged("its header is damaged");
    if header.len() > MOST_DESCRIPTION {
        return Err(damaged());
    }
    let header: String = match version {
        // Latin-1 up to version 2, whose letters are the first 256 of Unicode.
        [1 | 2, _] => header.iter().copied().map(char::from).collect(),
        _ => String::from_utf8_lossy(header).into_owned(),
    };
    let header = Header::parse(&header).ok_or_else(damaged)?;
    let fields = header.fields(name)?;
    let size = fields.size;
    let n_entries = header.shape.iter().try_fold(1_usize, |n, length| n.checked_mul(*length)).ok_or_else(cut_short)?;
    match n_entries.checked_mul(size) {
        Some(expected) if expected == data.len() => {}
        Some(expected) if expected < data.len() => return Err(Refusal::damaged("it goes on after its array")),
        _ => return Err(cut_short()),
    }
    let steps = steps(&header.shape, size, header.first_closest).ok_or_else(cut_short)?;
    let start = bytes.len() - data.len();
    let array = |(name, element, offset): (String, Element, usize)| Array {
        name,
        bytes: bytes.clone(),
        element,
        start: start + offset,
        shape: header.shape.clone(),
        steps: steps.clone(),
        numbered: numbered && !fields.named,
    };
    Ok(fields.list.into_iter().map(array).collect())
}

struct Header {
    description: Literal,
    first_closest: bool,
    shape: Vec<usize>,
}

/// What an entry is made of: the name of each part, what it is, and where in the entry it begins.
struct Fields {
    list: Vec<(String, Element, usize)>,
    /// Bytes of a whole entry.
    size: usize,
    /// Whether the names are the file's own.
    named: bool,
}

impl Header {
    fn parse(text: &str) -> Option<Self> {
        let Literal::Dict(entries) = parse(text)? else { return None };
        let value = |key: &str| {
            let named = |(name, _): &&(Literal, Literal)| matches!(name, Literal::Text(name) if name == key);
            entries.iter().find(named).map(|(_, value)| value.clone())
        };
        let Literal::Truth(first_closest) = value("fortran_order")? else { return None };
        let Literal::List(lengths) = value("shape")? else { return None };
        let length = |length: Literal| if let Literal::Number(length) = length { Some(length) } else { None };
        let shape = lengths.into_iter().map(length).collect::<Option<_>>()?;
        Some(Self { description: value("descr")?, first_closest, shape })
    }

    fn fields(&self, name: &str) -> Result<Fields, Refusal> {
        let parts = match &self.description {
            Literal::Text(code) => {
                let element = Element::from_numpy(code, name)?;
                return Ok(Fields { list: vec![(name.to_owned(), element, 0)], size: element.size, named: false });
            }
            Literal::List(parts) => parts,
            _ => return Err(Refusal::damaged("its header is damaged")),
        };
        let mut fields = Fields { list: Vec::new(), size: 0, named: true };
        for part in parts {
            let plain = match part {
                Literal::List(part) => match part.as_slice() {
                    [Literal::Text(field), Literal::Text(code)] => Some((field, code)),
                    _ => None,
                },
                _ => None,
            };
            let Some((field, code)) = plain else {
                let reason = format!("`{name}` has a field with fields or entries of its own");
                return Err(Refusal::not_columns(reason, "save numbers and texts, each under a name of its own"));
            };
            // Bytes between fields, which align them.
            let filling = code.strip_prefix("|V").filter(|_| field.is_empty()).and_then(|size| size.parse().ok());
            let size: usize = match filling {
                Some(size) => size,
                None => {
                    let element = Element::from_numpy(code, field)?;
                    fields.list.push((field.clone(), element, fields.size));
                    element.size
                }
            };
            fields.size = fields.size.checked_add(size).ok_or_else(|| Refusal::damaged(CUT_SHORT))?;
        }
        Ok(fields)
    }
}
