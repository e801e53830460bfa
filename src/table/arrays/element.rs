//! What one entry of an array is, and how its bytes become a number or a text.

use super::Refusal;
use arrow_array::ArrowPrimitiveType;
use arrow_array::types::Float16Type;

type Half = <Float16Type as ArrowPrimitiveType>::Native;

/// The type of an array's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub kind: Kind,
    /// Whether the first byte of a number is its greatest.
    pub big_endian: bool,
    /// Bytes of one entry, at least one; at most eight where it is a number.
    pub size: usize,
}

/// What the bytes of an entry stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// IEEE 754, of two, four or eight bytes.
    Float,
    /// The upper half of a float of four bytes.
    BrainFloat,
    Signed,
    Unsigned,
    Bool,
    /// UTF-8, filled up with zeros.
    Bytes,
    /// Code points of four bytes each, filled up with zeros.
    CodePoints,
}

impl Element {
    /// Returns a type of little-endian numbers.
    pub fn little(kind: Kind, size: usize) -> Self {
        Self { kind, big_endian: false, size }
    }

    /// Returns the type that numpy writes as `code`, such as `<f8`, of an array with that name.
    ///
    /// # Errors
    /// The entries are neither numbers nor texts of a fixed width.
    pub fn from_numpy(code: &str, name: &str) -> Result<Self, Refusal> {
        let other = |what: &str, repair: String| Err(Refusal::not_columns(format!("`{name}` holds {what}"), repair));
        let (order, rest) = code.split_at_checked(1).unwrap_or(("", ""));
        let (letter, digits) = rest.split_at_checked(1).unwrap_or(("", ""));
        let size = digits.parse::<usize>().ok().filter(|size| (1..=MOST_BYTES).contains(size));
        let (kind, size) = match (letter, size) {
            ("f", Some(size @ (2 | 4 | 8))) => (Kind::Float, size),
            ("i", Some(size @ (1 | 2 | 4 | 8))) => (Kind::Signed, size),
            ("u", Some(size @ (1 | 2 | 4 | 8))) => (Kind::Unsigned, size),
            ("b", Some(1)) => (Kind::Bool, 1),
            ("S", Some(size)) => (Kind::Bytes, size),
            ("U", Some(size)) => (Kind::CodePoints, 4 * size),
            ("O", _) => {
                let repair = format!("save numbers or texts: `{name}.astype(float)` or `{name}.astype(str)`");
                return other("Python objects, which are not read", repair);
            }
            ("M" | "m", _) => return other("dates or durations", format!("save them as texts: `{name}.astype(str)`")),
            _ => return other(&format!("the type `{code}`"), format!("save numbers: `{name}.astype(float)`")),
        };
        Ok(Self { kind, big_endian: order == ">", size })
    }

    /// Tells whether entries are texts.
    pub fn is_text(self) -> bool {
        matches!(self.kind, Kind::Bytes | Kind::CodePoints)
    }

    /// Returns the number that `cell` holds; NaN where it holds NaN.
    pub fn number(self, cell: &[u8]) -> f64 {
        let mut bytes = [0; 8];
        match self.big_endian {
            true => bytes.iter_mut().zip(cell.iter().rev()).for_each(|(to, from)| *to = *from),
            false => bytes.iter_mut().zip(cell).for_each(|(to, from)| *to = *from),
        }
        let word = u64::from_le_bytes(bytes);
        match (self.kind, self.size) {
            (Kind::Float, 2) => f64::from(Half::from_bits(word as u16)),
            (Kind::Float, 4) => f64::from(f32::from_bits(word as u32)),
            (Kind::Float, _) => f64::from_bits(word),
            (Kind::BrainFloat, _) => f64::from(f32::from_bits((word as u32) << 16)),
            (Kind::Signed, size) => {
                let unused = 64 - 8 * size.clamp(1, 8);
                ((word << unused) as i64 >> unused) as f64
            }
            _ => word as f64,
        }
    }

    /// Writes the text that `cell` holds to `text`; none where it is no text.
    pub fn text<'t>(self, cell: &'t [u8], text: &'t mut String) -> Option<&'t str> {
        let filled = |bytes: &&[u8]| bytes.iter().any(|byte| *byte != 0);
        match self.kind {
            Kind::CodePoints => {
                text.clear();
                let n_points = cell.chunks_exact(4).rposition(|point| filled(&point)).map_or(0, |last| last + 1);
                for point in cell.chunks_exact(4).take(n_points) {
                    text.push(char::from_u32(self.code_point(point))?);
                }
                Some(text)
            }
            _ => {
                let end = cell.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                std::str::from_utf8(cell.get(..end)?).ok()
            }
        }
    }

    fn code_point(self, bytes: &[u8]) -> u32 {
        let bytes = bytes.first_chunk::<4>().copied().unwrap_or_default();
        if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }
}

/// Texts with more bytes than this are no categories.
const MOST_BYTES: usize = 1 << 20;
