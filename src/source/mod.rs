//! Where text comes from: files, their names, and places inside them.
//!
//! Everything that is read as text (a pack file, a manifest, an answer file) is entered in a
//! [`SourceMap`] once; from then on a place is a small copyable [`Span`]. This room reads no
//! files: a [`Loader`] does, and only the command line has one that touches the disk.
//!
//! Start with [`SourceMap`].

mod loader;
mod map;
mod span;

pub use loader::{LoadError, Loader, MemoryLoader};
pub use map::{Location, SourceFile, SourceMap};
pub use span::{SourceId, Span, Spanned};
