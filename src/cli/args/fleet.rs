//! What can be typed about a fleet.

use super::Format;
use clap::{Args, Subcommand, ValueEnum};

/// What to do with a fleet.
#[derive(Debug, Subcommand)]
pub enum FleetCommand {
    /// Assess every row: verdict, risks, what to do
    Assess(FleetArgs),
    /// Why something was concluded about one deployment of a fleet
    Why(FleetWhyArgs),
}

/// A fleet and how its assessments are told.
#[derive(Clone, Debug, Args)]
pub struct FleetArgs {
    /// Table with one deployment in every row and columns named by the pack's inputs
    pub table: String,
    /// A built-in pack, or a folder or file of `.etio` text
    #[arg(long, default_value = "healthcare")]
    pub pack: String,
    /// Column that names the deployments, where it is not `id`
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// How many risks and recommendations to tell of each deployment
    #[arg(long, value_name = "K", default_value_t = 3)]
    pub top: usize,
    /// Estimates alone, without the low and high of each figure
    #[arg(long)]
    pub point: bool,
    /// How the assessments are written; by the output's name where this is not given, else as JSON lines
    #[arg(long, value_enum)]
    pub format: Option<FleetFormat>,
    /// Write to this file, which must not exist, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<std::path::PathBuf>,
    /// Tell the risk of every mode as well, in columns of their own (CSV and Parquet)
    #[arg(long)]
    pub wide: bool,
    /// Assess this row alone, by its number or name, and show its report
    #[arg(long, value_name = "ROW", conflicts_with_all = ["output", "format", "point", "wide", "top"])]
    pub explain: Option<String>,
}

/// How the assessments of a fleet are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FleetFormat {
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated text.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// A question about one deployment of a fleet.
#[derive(Clone, Debug, Args)]
pub struct FleetWhyArgs {
    /// What to explain: a mode, factor, rule, finding, mitigation, input or `verdict`
    pub target: String,
    /// Table with one deployment in every row
    pub table: String,
    /// The deployment, by the number or name of its row
    #[arg(long, value_name = "ROW")]
    pub row: String,
    /// A built-in pack, or a folder or file of `.etio` text
    #[arg(long, default_value = "healthcare")]
    pub pack: String,
    /// Column that names the deployments, where it is not `id`
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// Every derivation, not the smallest alone
    #[arg(long)]
    pub all: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
