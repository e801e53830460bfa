//! `etio cases fit`: what the coded cases say of the figures of a pack.

use super::Terminal;
use super::args::ReportFormat;
use super::cases::read_right;
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use super::pack::pack_without_errors;
use crate::corpus::fit::{Fit, fit, fit_csv, fit_json, tell_fit};
use crate::diagnostic::{Code, Count, Diagnostic, List};
use crate::model::KnowledgeBase;
use crate::session::Files as _;
use crate::source::SourceMap;
use clap::Args;
use std::path::Path;

/// What is to be counted for which pack.
#[derive(Debug, Args)]
pub struct FitArgs {
    /// Folder of cases, instead of the corpus inside the program
    #[arg(long, value_name = "FOLDER")]
    cases: Option<String>,
    /// Pack whose strengths and base rates are held against the cases
    #[arg(long, default_value = "healthcare")]
    pack: String,
    /// Put what the cases say into the files of the pack, which must be a folder or a file
    #[arg(long)]
    write: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: ReportFormat,
}

/// Tells what cases say of a pack; the status is bad where the pack says something else. With `--write` the pack is
/// made to say it.
pub(super) fn cases_fit(args: &FitArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some((knowledge, sources)) = pack_without_errors(&args.pack, disk, terminal) else { return Ok(Exit::Failed) };
    let Some(corpus) = read_right(args.cases.as_deref(), disk, terminal)? else { return Ok(Exit::Failed) };
    if !corpus.has_modes_of(&knowledge) {
        let pack = &knowledge.pack.id;
        return Err(Diagnostic::new(Code::X005, format!("no case has a failure mode of the pack `{pack}`"))
            .with_help("name cases of its own field with `--cases`"));
    }
    let found = fit(&corpus.cases, &knowledge);
    if args.write {
        if !disk.exists(&args.pack) {
            return Err(Diagnostic::new(Code::X006, format!("the pack `{}` is inside the program", args.pack))
                .with_help("name the folder of the pack with `--pack`"));
        }
        return write(&found, &knowledge, &sources, &args.pack, terminal);
    }
    super::report(
        || tell_fit(&found, &knowledge),
        || fit_json(&found, &knowledge),
        || fit_csv(&found, &knowledge),
        args.format,
        terminal,
    );
    Ok(if found.differing().next().is_some() { Exit::Bad } else { Exit::Done })
}

/// Rewrites the files of a pack in which a figure differs; those of imported packs are left alone.
fn write(
    found: &Fit,
    knowledge: &KnowledgeBase,
    sources: &SourceMap,
    pack: &str,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let own = |name: &str| Path::new(name).starts_with(pack);
    let mut left: Vec<String> = Vec::new();
    let mut done = 0;
    for (source, file) in sources.files() {
        let here: Vec<String> = found
            .differing()
            .filter(|figure| figure.span(knowledge).is_some_and(|span| span.source == source))
            .map(|figure| figure.of.shown(knowledge))
            .collect();
        if here.is_empty() {
            continue;
        }
        if !own(file.name()) {
            left.extend(here);
            continue;
        }
        let text = found.rewrite(file.text(), source, knowledge);
        load::replace(Path::new(file.name()), text.as_bytes()).map_err(|error| {
            Diagnostic::new(Code::X006, error.to_string()).with_help("check that the file may be written")
        })?;
        terminal.text(&format!("{}: {} written\n", file.name(), Count(here.len(), "figure")));
        done += here.len();
    }
    if !left.is_empty() {
        let names: Vec<&str> = left.iter().map(String::as_str).collect();
        terminal.remark(&format!("not written, since they stand in another pack: {}", List::and(names)));
    }
    if done == 0 && left.is_empty() {
        terminal.text("the pack says what the cases say; nothing was written\n");
    }
    Ok(if left.is_empty() { Exit::Done } else { Exit::Bad })
}
