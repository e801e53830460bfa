//! From an answer to text, JSON or a picture. Widths, colours and serialised forms are chosen here
//! and nowhere else.
//!
//! Start with [`text::render`] for people and [`json::assessment`] for programs.

pub mod graph;
pub mod json;
#[cfg(feature = "cli")]
pub mod text;
