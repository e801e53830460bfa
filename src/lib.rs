//! Etiology.
pub mod diagnostic;
pub mod facts;
pub mod model;
pub mod source;
pub mod syntax;
