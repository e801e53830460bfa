//! Fleets: a table with a deployment in every row, assessed as a whole.
//!
//! The pack is compiled once, for the columns that the table has, to a flat program whose operations work on
//! some hundred rows at a time. Every figure is the one that `risk::assess` gives for a folder with the same
//! facts, to the last bit: the operations call the same functions in the same order. Nothing is recorded on
//! the way; the explanation of one row is made by assessing that row alone.
//!
//! Start with [`assess_fleet`]. `columns.rs` says what a column means, `plan.rs` compiles (conditions and
//! amounts in `expression.rs`, rules in `rules.rs`, evidence and likelihoods in `weigh.rs`) to the
//! operations of `op.rs`, `layout.rs` runs them (`numbers.rs`, `ranges.rs`, `truths.rs`), `results.rs` ranks what they
//! gave, and `run.rs` is the stream from table to lines.

mod arrow;
mod batch;
mod cells;
mod columns;
mod compiler;
mod csv;
mod csv_out;
mod error;
mod expression;
mod layout;
mod line;
mod numbers;
mod op;
mod operands;
mod parquet;
mod parquet_out;
mod plan;
mod program;
mod ranges;
mod results;
mod row;
mod rules;
mod run;
mod sink;
mod source;
mod text;
mod truths;
mod weigh;

pub use plan::Worlds;
pub use row::{FleetRow, fleet_row};
pub use run::{Options, Summary, assess_fleet};
pub use sink::OutputFormat;
