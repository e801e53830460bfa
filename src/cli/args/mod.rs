//! What can be typed. Commands that came later keep their arguments beside them.

mod cases;
mod clusters;
mod fleet;
mod interviews;

pub use cases::{CaseFilter, CasesCommand, ExportFormat};
pub use clusters::{ClustersArgs, ViewName, WithPart};
pub use fleet::{FleetArgs, FleetCommand, FleetFormat, FleetWhyArgs};
pub use interviews::InterviewsCommand;

use crate::table::TableRole;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// How a deep-learning system is likely to fail here, why, how bad it would be and what to do.
#[derive(Debug, Parser)]
#[command(name = "etio", version, about, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 done · 1 done, and the answer is bad · 2 could not be done · 3 done, but required evidence is missing"
)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// Colour: auto uses it on a terminal unless NO_COLOR is set
    #[arg(long, value_enum, default_value_t = Colour::Auto, global = true)]
    pub color: Colour,
    /// Diagnostics as plain sentences, for screen readers
    #[arg(long, global = true)]
    pub plain: bool,
    /// Folder of packs that can be imported, beside the one that the pack lies in; may be given again
    #[arg(long, global = true, value_name = "DIR")]
    pub packs: Vec<String>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal only.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// For whom output is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// The same as JSON, in YAML: for notes and manifests.
    Yaml,
}

/// In which shape an answer with reasons is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// The same as JSON, in YAML.
    Yaml,
    /// A Mermaid flowchart, for documents that draw them.
    Mermaid,
}

/// A deployment and the pack it is held against.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Folder with deployment.yaml
    pub dir: String,
    /// Pack to use instead of the manifest's: a built-in name or a folder
    #[arg(long)]
    pub pack: Option<String>,
    /// Count causes that several causes have in common once, instead of taking causes as independent
    #[arg(long)]
    pub exact: bool,
}

/// A deployment and how to answer about it.
#[derive(Clone, Debug, Args)]
pub struct Deployment {
    /// The deployment
    #[command(flatten)]
    pub place: Place,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A deployment and how to answer a question about it with reasons.
#[derive(Clone, Debug, Args)]
pub struct Asked {
    /// The deployment
    #[command(flatten)]
    pub place: Place,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: AnswerFormat,
    /// A proof tree in notation instead of sentences
    #[arg(long, conflicts_with = "format")]
    pub formal: bool,
}

/// A pack.
#[derive(Clone, Debug, Args)]
pub struct PackArgs {
    /// A built-in pack, or a folder or file of `.etio` text
    #[arg(default_value = "healthcare")]
    pub pack: String,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a working deployment folder to start from
    Init {
        /// The folder; must not exist yet or be empty
        dir: String,
    },
    /// Assess a deployment: verdict, risks, what to do, what is unknown
    Assess {
        /// The deployment
        #[command(flatten)]
        deployment: Deployment,
        /// Exit with status 1 if a risk reaches this band
        #[arg(long, value_name = "BAND")]
        fail_on: Option<String>,
    },
    /// Compute the metrics of the pilot tables, or list the definitions
    Metrics {
        /// Folder with deployment.yaml
        #[arg(required_unless_present = "definitions")]
        dir: Option<String>,
        /// Pack to use instead of the manifest's
        #[arg(long)]
        pack: Option<String>,
        /// Output format
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Draw charts into this folder, which is made: reliability, ROC, shift and subgroups, as SVG
        #[arg(long, value_name = "FOLDER")]
        plots: Option<std::path::PathBuf>,
        /// Propose what the columns of the folder's table, or of a table given instead, mean, and why
        #[arg(long, conflicts_with_all = ["definitions", "plots", "pack"])]
        guess: bool,
        /// With `--guess`: write the keys that deployment.yaml lacks into it; nothing that is there changes
        #[arg(long, requires = "guess")]
        write: bool,
        /// List every metric definition that a pack can use
        #[arg(long)]
        definitions: bool,
    },
    /// Write the reference profile of a table: what may be handed on in place of its rows
    Profile {
        /// Folder with deployment.yaml; after `--merge`, profiles
        #[arg(required = true, value_name = "DIR")]
        places: Vec<String>,
        /// Which table; development where there is one, else deployment
        #[arg(long, value_enum)]
        table: Option<Table>,
        /// Make one profile of several
        #[arg(long, conflicts_with = "table")]
        merge: bool,
        /// Write to this file, which must not exist, instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<std::path::PathBuf>,
    },
    /// Ask questions about a deployment, one after the other
    Repl {
        /// Folder with deployment.yaml
        dir: String,
        /// Pack to use instead of the manifest's
        #[arg(long)]
        pack: Option<String>,
        /// Count causes that several causes have in common once, instead of taking causes as independent
        #[arg(long)]
        exact: bool,
    },
    /// Why something was concluded: a mode, factor, rule, finding, mitigation, input or `verdict`
    Why {
        /// What to explain
        target: String,
        /// The deployment
        #[command(flatten)]
        asked: Asked,
        /// Every derivation, not the smallest alone
        #[arg(long)]
        all: bool,
    },
    /// Why something was not concluded: what stood in the way, and by how much
    WhyNot {
        /// What to explain
        target: String,
        /// The deployment
        #[command(flatten)]
        asked: Asked,
    },
    /// What would differ if inputs had other values
    WhatIf {
        /// `input = value`, several with commas
        suppositions: String,
        /// The deployment
        #[command(flatten)]
        deployment: Deployment,
    },
    /// The smallest changes of inputs that would change a conclusion
    Flip {
        /// A rule, finding, mode (its band), mitigation, verdict, or a condition such as "risk(m) < 20"
        target: String,
        /// The deployment
        #[command(flatten)]
        deployment: Deployment,
    },
    /// The causal chain of a failure mode, with what can be done about each cause
    Chain {
        /// A mode or factor
        mode: String,
        /// The deployment
        #[command(flatten)]
        asked: Asked,
    },
    /// Ask what is not known, the largest swing first, and write the answers down
    Ask(crate::cli::ask::AskArgs),
    /// What is known, and where each figure comes from
    Facts {
        /// The deployment
        #[command(flatten)]
        deployment: Deployment,
        /// Only facts whose name contains this
        #[arg(long, default_value = "")]
        matching: String,
    },
    /// The risks of all failure modes
    Risks(Deployment),
    /// Every mitigation that would remove risk, the most first
    Recommend(Deployment),
    /// What to test, what to watch, and the cheapest mitigations that bring every risk under a band
    Plan(crate::cli::plan::PlanArgs),
    /// Many deployments at once: a table with one in every row
    Fleet {
        /// What to do with the fleet
        #[command(subcommand)]
        command: FleetCommand,
    },
    /// Documented failures: find, read, count, export and check them
    Cases {
        /// What to do with them
        #[command(subcommand)]
        command: CasesCommand,
    },
    /// What the people around a system say: coded interviews, and surveys before and after
    Interviews {
        /// What to do with them
        #[command(subcommand)]
        command: InterviewsCommand,
    },
    /// What published frameworks ask, where it is asked, and how a deployment stands
    Checklist(crate::cli::checklist::ChecklistArgs),
    /// Which documented failures are alike, and where deployments stand among them
    Clusters(ClustersArgs),
    /// Judge the knowledge: how much of what is documented it covers, foresees and explains, and what it is good for
    Evaluate(crate::cli::evaluate::EvaluateArgs),
    /// The causal graph of a pack as a picture
    Graph {
        /// A built-in pack, or a folder of `.etio` text
        #[arg(default_value = "healthcare")]
        pack: String,
        /// The mode or factor to start from; the whole graph where there is none
        #[arg(long)]
        focus: Option<String>,
        /// How many links to follow from the focus
        #[arg(long, default_value_t = 2)]
        depth: usize,
        /// Draw mitigations, too
        #[arg(long)]
        mitigations: bool,
        /// Kind of picture
        #[arg(long, value_enum, default_value_t)]
        format: PictureFormat,
        /// Write to this file, which must not exist, instead of standard output
        #[arg(long, short)]
        output: Option<std::path::PathBuf>,
    },
    /// Lay out the files of packs, the one way; comments stay
    Fmt(crate::cli::fmt::FmtArgs),
    /// Find what is wrong with a pack
    Check(PackArgs),
    /// Run the tests of a pack
    Test(PackArgs),
    /// Explain a diagnostic code, such as M210
    Explain {
        /// The code
        code: String,
    },
}

/// One of the two tables of a pilot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Table {
    /// Rows from where the system was developed.
    Development,
    /// Rows from where it is to run.
    Deployment,
}

impl Table {
    /// Returns the role of that table.
    pub fn role(self) -> TableRole {
        match self {
            Table::Development => TableRole::Development,
            Table::Deployment => TableRole::Deployment,
        }
    }
}

/// Kinds of picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PictureFormat {
    /// Scalable vector graphics.
    #[default]
    Svg,
    /// Graphviz.
    Dot,
    /// Mermaid.
    Mermaid,
}

/// How counts and statistics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Text,
    /// For programs, with everything.
    Json,
    /// The same as JSON, in YAML.
    Yaml,
    /// Comma-separated text: a line for each case, count or figure.
    Csv,
    /// For documents.
    Markdown,
}

/// How a report that is handed on is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DocumentFormat {
    /// For people.
    #[default]
    Text,
    /// For programs, with everything.
    Json,
    /// For documents.
    Markdown,
}
