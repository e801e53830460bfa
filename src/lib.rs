//! Etiology.
pub mod diagnostic;
pub mod facts;
pub mod metrics;
pub mod model;
pub mod source;
pub mod table;
