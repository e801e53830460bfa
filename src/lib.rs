//! Etiology.
pub mod diagnostic;
pub mod facts;
pub mod inference;
pub mod model;
pub mod risk;
pub mod source;
