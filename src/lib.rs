#![doc = include_str!("lib.md")]

pub mod checklist;
pub mod clusters;
pub mod corpus;
pub mod diagnostic;
pub mod evaluation;
pub mod explanation;
pub mod facts;
pub mod fleet;
pub mod inference;
pub mod interviews;
pub mod metrics;
pub mod model;
pub mod plan;
pub mod questionnaire;
pub mod report;
pub mod risk;
pub mod session;
pub mod source;
pub mod syntax;
pub mod table;
pub mod talk;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod repl;
