//! What can be typed about documented failures.

use super::{Format, ReportFormat};
use clap::{Args, Subcommand, ValueEnum};

/// What to do with the documented failures.
#[derive(Debug, Subcommand)]
pub enum CasesCommand {
    /// Hold cases against their form and the codes of a pack
    Check {
        /// Cases instead of those inside the program: a folder, or a file or folder of lists of records
        #[arg(long, value_name = "FOLDER")]
        cases: Option<String>,
        /// Pack whose modes and factors the cases speak of
        #[arg(long, default_value = "healthcare")]
        pack: String,
    },
    /// Put a case into a folder of cases, if it is right and has a source; without a file, one question at a time
    Add {
        /// File with the case; `etio cases show NAME --format yaml` shows what one looks like
        file: Option<String>,
        /// Folder of cases to put it into
        #[arg(long, value_name = "FOLDER")]
        cases: String,
        /// Pack whose modes and factors the case speaks of
        #[arg(long, default_value = "healthcare")]
        pack: String,
    },
    /// List cases
    List {
        /// Which ones
        #[command(flatten)]
        filter: CaseFilter,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// One case in full
    Show {
        /// Its name
        case: String,
        /// Cases instead of those inside the program: a folder, or a file or folder of lists of records
        #[arg(long, value_name = "FOLDER")]
        cases: Option<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Cases in whose text all of these words stand
    Search {
        /// Words, in any order
        #[arg(required = true)]
        words: Vec<String>,
        /// Which ones
        #[command(flatten)]
        filter: CaseFilter,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// How many cases there are of each kind
    Stats {
        /// Which ones
        #[command(flatten)]
        filter: CaseFilter,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// How far coders agree who coded the same cases apart from each other
    Agreement {
        /// Files with the codings of one coder each, or folders of such files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        /// Let the codings in the files of the cases take part, as those of one coder more
        #[arg(long)]
        corpus: bool,
        /// Cases for `--corpus`: a folder, or a file or folder of lists of records
        #[arg(long, value_name = "FOLDER", requires = "corpus")]
        cases: Option<String>,
        /// Pack whose modes and factors the codings speak of
        #[arg(long, default_value = "healthcare")]
        pack: String,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
    },
    /// What the coded cases say of the strengths and base rates of a pack, and where it says something else
    Fit(crate::cli::fit::FitArgs),
    /// Write cases for other programs or documents
    Export {
        /// Which ones
        #[command(flatten)]
        filter: CaseFilter,
        /// Output format: JSON and Markdown have everything, CSV a line for each case
        #[arg(long, value_enum, default_value_t)]
        format: ExportFormat,
    },
}

/// Which cases are wanted.
#[derive(Clone, Debug, Args)]
pub struct CaseFilter {
    /// Clinical domain, such as medical_imaging or medical_imaging.radiology
    #[arg(long)]
    pub domain: Option<String>,
    /// Failure mode of the pack
    #[arg(long)]
    pub mode: Option<String>,
    /// Causal factor of the pack
    #[arg(long)]
    pub factor: Option<String>,
    /// Year, or years such as 2019-2021
    #[arg(long, value_parser = years)]
    pub year: Option<(u16, u16)>,
    /// Country
    #[arg(long)]
    pub country: Option<String>,
    /// Kind of evidence, such as external_validation
    #[arg(long)]
    pub evidence: Option<String>,
    /// Cases instead of those inside the program: a folder, or a file or folder of lists of records
    #[arg(long, value_name = "FOLDER")]
    pub cases: Option<String>,
}

/// How cases are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Comma-separated text.
    Csv,
    /// A list with every case in full.
    #[default]
    Json,
    /// A page for each case.
    Markdown,
}

fn years(text: &str) -> Result<(u16, u16), String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let year = |part: &str| part.trim().parse::<u16>().map_err(|_| format!("`{part}` is not a year"));
    Ok((year(first)?, year(last)?))
}
