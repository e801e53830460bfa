//! What can be typed about clusters.

use super::Format;
use clap::{Args, ValueEnum};

/// What is to be sorted into clusters, and how.
#[derive(Clone, Debug, Args)]
pub struct ClustersArgs {
    /// Folders with deployment.yaml, to be sorted together with the cases
    pub dirs: Vec<String>,
    /// What makes items alike
    #[arg(long, value_enum, default_value_t)]
    pub view: ViewName,
    /// A part to count beside those of the view; may be given again
    #[arg(long, value_enum, value_name = "PART")]
    pub with: Vec<WithPart>,
    /// Cases instead of those inside the program: a folder, or a file or folder of lists of records
    #[arg(long, value_name = "FOLDER")]
    pub cases: Option<String>,
    /// Pack to use instead of the manifests'
    #[arg(long)]
    pub pack: Option<String>,
    /// Draw the tree of what was joined into this SVG file, which must not exist
    #[arg(long, value_name = "FILE")]
    pub dendrogram: Option<std::path::PathBuf>,
    /// How often items are drawn again, to see whether the clusters stay
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub draws: u32,
    /// Seed of those draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What makes items alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ViewName {
    /// Failure modes, causal factors, and how far a figure fell.
    #[default]
    Coded,
    /// Shift index, calibration error, gap between groups, variance of an ensemble, rating of explanations.
    Measured,
}

/// A part that can count beside those of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WithPart {
    /// Clinical domain.
    Domain,
    /// Kind of evidence.
    Evidence,
}
