//! What can be typed about interviews and surveys.

use super::ReportFormat;
use clap::Subcommand;

/// What to do with interviews and surveys.
#[derive(Debug, Subcommand)]
pub enum InterviewsCommand {
    /// Themes by role, what is said together, saturation; of surveys, what was answered and what changed
    Stats {
        /// Files of coded interviews and of surveys, or folders of such files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        /// Pack whose modes and factors the codes are
        #[arg(long, default_value = "healthcare")]
        pack: String,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
}
