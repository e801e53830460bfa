//! From an answer to text, JSON or a picture. Rounding, widths and colours are chosen here and
//! nowhere else.

pub mod graph;
#[cfg(feature = "cli")]
pub mod text;
