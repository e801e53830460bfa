//! `etio evaluate`: how much of what is documented the knowledge covers, foresees and explains.

use super::Terminal;
use super::args::DocumentFormat;
use super::exit::Exit;
use super::load::{DiskWithPacks, texts_of};
use super::pack::pack_without_errors;
use crate::corpus::Case;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{Appraisal, Judged, coverage, degradation, foresight, json, remedy_effect, tell, worth};
use crate::interviews::{Survey, read_material};
use crate::model::KnowledgeBase;
use crate::source::SourceMap;
use clap::Args;

/// What is to be evaluated.
#[derive(Clone, Debug, Args)]
pub struct EvaluateArgs {
    /// Cases to judge instead of those inside the program: a folder of cases, or a file or folder of lists of records
    #[arg(long, value_name = "PATH")]
    cases: Option<String>,
    /// Pack to judge: a built-in name or a folder; the built-in one where none is named
    #[arg(long)]
    pack: Option<String>,
    /// Surveys of what people say of use and trust: files, or folders of such files
    #[arg(long, value_name = "FILE", num_args = 1..)]
    survey: Vec<String>,
    /// Two deployment folders, without a mitigation and with it; may be given again
    #[arg(long, value_names = ["WITHOUT", "WITH"], num_args = 2)]
    pair: Vec<String>,
    /// How often cases are drawn again, for the intervals
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(100..=20_000))]
    draws: u32,
    /// Seed of those draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: DocumentFormat,
}

/// Evaluates a pack. Cases with a mistake are left out, told of, and make the status 1.
pub fn evaluate(args: &EvaluateArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let pack = args.pack.as_deref().unwrap_or("healthcare");
    let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
    let (corpus, mut problems, sources) = super::cases::read(args.cases.as_deref(), disk)?;
    problems.sort(&sources);
    terminal.diagnostics(&problems, &sources);
    let cases: Vec<&Case> = corpus.cases.iter().collect();
    if cases.is_empty() {
        return Err(Diagnostic::new(Code::X005, "there is no case to judge")
            .with_help("name a folder or file with cases, or leave `--cases` out"));
    }
    let Some(surveys) = surveys(&args.survey, &knowledge, disk, terminal)? else { return Ok(Exit::Failed) };
    let mut remedies = Vec::new();
    for pair in args.pair.chunks_exact(2) {
        let open = |dir: &String| super::open(dir, args.pack.as_deref(), false, disk, terminal);
        let [without, with] = pair else { continue };
        let (Some(without), Some(with)) = (open(without), open(with)) else { return Ok(Exit::Failed) };
        remedies.push(remedy_effect((&without.manifest.id, without.case()), (&with.manifest.id, with.case())));
    }
    let shipped = super::cases::read(None, disk)?.0;
    let others: Vec<&Case> = shipped.cases.iter().collect();
    let appraisal = Appraisal {
        judged: Judged {
            pack: format!("{} {}", knowledge.pack.id, knowledge.pack.version),
            place: args.cases.clone(),
            cases: cases.len(),
            built_in: cases.iter().filter(|case| shipped.find(&case.id.value).is_some()).count(),
            mistakes: problems.len(),
        },
        coverage: coverage(&cases, &knowledge),
        foresight: foresight(&cases, &others, &knowledge, args.draws, args.seed)?,
        degradation: degradation(&cases, &others, &knowledge, args.draws, args.seed),
        worth: worth(&surveys),
        remedies,
    };
    super::hand_on(|| tell(&appraisal), || json(&appraisal), args.format, terminal);
    Ok(if problems.has_errors() { Exit::Bad } else { Exit::Done })
}

/// Reads surveys, or says what is wrong with them.
fn surveys(
    files: &[String],
    knowledge: &KnowledgeBase,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Option<Vec<Survey>>, Diagnostic> {
    let mut sources = SourceMap::default();
    let (material, problems) = read_material(texts_of(files, disk)?, knowledge, &mut sources);
    if problems.has_errors() {
        terminal.diagnostics(&problems, &sources);
        return Ok(None);
    }
    Ok(Some(material.surveys))
}
