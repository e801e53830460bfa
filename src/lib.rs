//! Etiology.
pub mod diagnostic;
pub mod explanation;
pub mod report;
pub mod facts;
pub mod inference;
pub mod metrics;
pub mod model;
pub mod risk;
pub mod source;
pub mod table;
pub mod syntax;
