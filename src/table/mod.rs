//! Prediction tables: one row for each prediction, read from CSV, gzipped CSV or Parquet.
//!
//! This room knows what columns mean and refuses what cannot be meant; it computes no statistics.
//! It opens no file: the outermost room hands it bytes or an open file. A file is read once, even
//! when development and deployment are two parts of it.
//!
//! Start with [`PilotSpec`].

mod spec;

pub use spec::{
    ColumnRoles, Content, DEFAULT_MIN_CELL, Format, OnMissing, PilotSpec, ScoreScale, TableData, TableSpec,
};
