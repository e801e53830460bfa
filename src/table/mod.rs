//! Prediction tables: one row for each prediction, read from CSV, JSON lines, Parquet,
//! Arrow IPC, or arrays that numpy and torch saved.
//!
//! This room knows what columns mean and refuses what cannot be meant; it computes no statistics.
//! It opens no file: the outermost room hands it bytes or an open file. A file is read once, even
//! when development and deployment are two parts of it.
//!
//! Start with [`PilotSpec`], then `read.rs`.

mod arrays;
mod arrow;
mod batches;
mod classes;
mod codes;
mod column;
mod companion;
mod csv;
mod error;
mod file;
mod groups;
mod ipc;
mod json_lines;
mod look;
mod parquet;
mod part;
mod read;
mod roles;
mod spec;
mod store;
mod text;
mod view;

pub(crate) use arrow::{guarded, numbers_in, texts_in};
pub(crate) use batches::{BatchedTable, read_in_batches};
pub(crate) use classes::Classes;
pub(crate) use column::is_missing;
pub(crate) use companion::Companion;
pub use companion::{ColumnUse, CompanionSpec, column_groups};
pub(crate) use error::TableError;
pub(crate) use groups::Groups;
pub(crate) use look::{ColumnLook, MOST_VALUES, look_at};
pub(crate) use parquet::{check_places, words};
pub(crate) use part::Part;
pub(crate) use read::{Pilot, read};
pub(crate) use roles::{Roles, matches_pattern};
pub use spec::{
    ColumnRoles, Content, DEFAULT_MIN_CELL, Format, OnMissing, OneClass, PilotSpec, Precision, ScoreScale, TableData,
    TableRole, TableSpec,
};
pub(crate) use view::View;
