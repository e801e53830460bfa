//! `etio checklist`: what published frameworks ask, where it is asked, and how a deployment stands.

use super::Terminal;
use super::args::ReportFormat;
use super::exit::Exit;
use super::load::DiskWithPacks;
use super::pack::pack_without_errors;
use super::{open, report};
use crate::checklist::{By, Prerequisite, Trace, View, csv, json, prerequisites, tell, tell_deployment};
use crate::diagnostic::{Code, Diagnostic, or_nearest};
use crate::model::KnowledgeBase;
use crate::report::json::Identity;
use clap::{Args, ValueEnum};

/// What of the checklist is wanted.
#[derive(Clone, Debug, Args)]
pub struct ChecklistArgs {
    /// Folder with deployment.yaml, to see how its prerequisites stand
    dir: Option<String>,
    /// Pack to use: a built-in one, or a folder of `.etio` text; `healthcare`, or the manifest's, if not given
    #[arg(long)]
    pack: Option<String>,
    /// One framework alone, such as `future_ai`
    #[arg(long, value_name = "ID")]
    standard: Option<String>,
    /// Only what nothing covers; of a deployment, what is open
    #[arg(long)]
    uncovered: bool,
    /// The order: items of frameworks, what is asked, or failure modes
    #[arg(long, value_enum)]
    by: Option<ByName>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: ReportFormat,
}

/// By what the checklist is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ByName {
    /// Items, by framework.
    Item,
    /// What is asked; of a deployment, by phase.
    Question,
    /// The failure modes.
    Mode,
}

/// Prints the trace of a pack, or how a deployment stands.
pub fn checklist(args: &ChecklistArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some(dir) = &args.dir else {
        let pack = args.pack.as_deref().unwrap_or("healthcare");
        let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
        let trace = Trace::of(&knowledge);
        let view = view(args, &trace, &knowledge)?;
        report(
            || tell(&trace, &knowledge, view),
            || json(&trace, &knowledge, view, None),
            || csv(&trace, &knowledge, view, None),
            args.format,
            terminal,
        );
        return Ok(Exit::Done);
    };
    let Some(session) = open(dir, args.pack.as_deref(), false, disk, terminal) else { return Ok(Exit::Failed) };
    let knowledge = &session.knowledge;
    let trace = Trace::of(knowledge);
    let view = view(args, &trace, knowledge)?;
    let stand = prerequisites(&trace, session.case());
    let id = &session.manifest.id;
    report(
        || {
            let title = session.manifest.title.as_deref().unwrap_or(id);
            tell_deployment(&trace, session.case(), &stand, (title, &session.folder), view)
        },
        || json(&trace, knowledge, view, Some((Identity { deployment: id, digest: &session.digest }, &stand))),
        || csv(&trace, knowledge, view, Some(&stand)),
        args.format,
        terminal,
    );
    Ok(if stand.iter().any(Prerequisite::is_missing) { Exit::Undecided } else { Exit::Done })
}

fn view(args: &ChecklistArgs, trace: &Trace, knowledge: &KnowledgeBase) -> Result<View, Diagnostic> {
    let standard =
        match &args.standard {
            Some(name) => {
                let names = || trace.checklists.iter().map(|list| knowledge.citations[list.citation].id.as_str());
                let citation = knowledge.citations.find(name);
                let list = trace.checklists.iter().find(|list| Some(list.citation) == citation);
                Some(list.map(|list| list.citation).ok_or_else(|| {
                    Diagnostic::new(Code::X002, format!("the pack has no framework called `{name}`"))
                        .with_help(or_nearest(name, names(), || "`etio checklist` lists them".into()))
                })?)
            }
            None => None,
        };
    let by = args.by.map(|by| match by {
        ByName::Item => By::Item,
        ByName::Question => By::Question,
        ByName::Mode => By::Mode,
    });
    Ok(View { standard, uncovered: args.uncovered, by, as_table: matches!(args.format, ReportFormat::Markdown) })
}
