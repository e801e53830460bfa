//! `etio evaluate`: how much of what is documented the knowledge covers, foresees and explains.

use super::Terminal;
use super::args::Format;
use super::exit::Exit;
use super::load::DiskWithPacks;
use super::pack::pack_without_errors;
use crate::corpus::Case;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{Appraisal, Judged, coverage, foresight, json, tell};
use crate::report::markdown::markdown;
use clap::{Args, ValueEnum};

/// What is to be evaluated.
#[derive(Clone, Debug, Args)]
pub struct EvaluateArgs {
    /// Cases to judge instead of those inside the program: a folder of cases, or a file or folder of lists of records
    #[arg(long, value_name = "PATH")]
    cases: Option<String>,
    /// Pack to judge: a built-in name or a folder
    #[arg(long, default_value = "healthcare")]
    pack: String,
    /// How often cases are drawn again, for the intervals
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(100..=20_000))]
    draws: u32,
    /// Seed of those draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: EvaluateFormat,
}

/// How an evaluation is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EvaluateFormat {
    /// For people.
    #[default]
    Text,
    /// For programs, with everything.
    Json,
    /// For documents.
    Markdown,
}

/// Evaluates a pack. Cases with a mistake are left out, told of, and make the status 1.
pub fn evaluate(args: &EvaluateArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some((knowledge, _)) = pack_without_errors(&args.pack, disk, terminal) else { return Ok(Exit::Failed) };
    let (corpus, mut problems, sources) = super::cases::read(args.cases.as_deref(), disk)?;
    problems.sort(&sources);
    terminal.diagnostics(&problems, &sources);
    let cases: Vec<&Case> = corpus.cases.iter().collect();
    if cases.is_empty() {
        return Err(Diagnostic::new(Code::X005, "there is no case to judge")
            .with_help("name a folder or file with cases, or leave `--cases` out"));
    }
    let shipped = super::cases::read(None, disk)?.0;
    let others: Vec<&Case> = shipped.cases.iter().collect();
    let appraisal = Appraisal {
        judged: Judged {
            pack: format!("{} {}", knowledge.pack.id, knowledge.pack.version),
            place: args.cases.clone(),
            cases: cases.len(),
            mistakes: problems.len(),
        },
        coverage: coverage(&cases, &knowledge),
        foresight: foresight(&cases, &others, &knowledge, args.draws, args.seed)?,
    };
    match args.format {
        EvaluateFormat::Text => terminal.document(&tell(&appraisal)),
        EvaluateFormat::Json => terminal.value(&json(&appraisal), Format::Json),
        EvaluateFormat::Markdown => terminal.out(&markdown(&tell(&appraisal))),
    }
    Ok(if problems.has_errors() { Exit::Bad } else { Exit::Done })
}
