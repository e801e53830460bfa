//! What the program says when something is wrong: one code, one sentence, every place involved,
//! and the repair.
//!
//! A layer keeps its own `thiserror` enum of kinds that hold data; [`Kind`] turns a kind into a
//! [`Diagnostic`]. Only [`render`] knows miette and how a terminal looks.
//!
//! Start with [`Diagnostic`]; the table of all codes is in `code.rs`.

mod code;
mod kind;
mod list;
#[cfg(feature = "cli")]
pub mod render;
mod suggest;

pub use code::{Code, Severity};
pub use kind::{Diagnostic, Diagnostics, Kind, Label, Place};
pub use list::{Count, List};
pub use suggest::{nearest, or_nearest};
