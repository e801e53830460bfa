//! Etiology.
pub mod diagnostic;
pub mod metrics;
pub mod source;
pub mod table;
