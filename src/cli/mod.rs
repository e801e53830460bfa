//! The command line: read what was typed, call the session, write the answer, return a status.
//!
//! Data goes to standard output, everything else to standard error, and nothing is written to
//! standard output before it is known to be whole.

mod add_case;
mod args;
mod ask;
mod cases;
mod checklist;
mod clusters;
mod evaluate;
mod exit;
mod fit;
mod fleet;
mod fmt;
mod guess;
mod init;
mod interviews;
pub mod load;
mod metrics;
mod pack;
mod plan;
mod profile;
mod talk;
mod terminal;

pub use exit::Exit;
pub use terminal::Terminal;

use crate::diagnostic::Diagnostic;
use crate::explanation::Document;
use crate::report::formal::formal;
use crate::report::markdown::markdown;
use crate::report::mermaid::mermaid;
use crate::risk::Propagation;
use crate::session::{Question, Session};
use args::{AnswerFormat, Asked, Cli, Command, Deployment, DocumentFormat, FleetCommand, Format, Place, ReportFormat};
use clap::Parser as _;
use load::DiskWithPacks;

/// Runs the program on the arguments it was started with.
pub fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let failed = error.use_stderr();
            let _ = error.print();
            return if failed { Exit::Failed } else { Exit::Done };
        }
    };
    let terminal = Terminal::new(cli.color, cli.plain);
    match run_command(cli.command, &DiskWithPacks(cli.packs), &terminal) {
        Ok(exit) => exit,
        Err(diagnostic) => {
            terminal.diagnostic(&diagnostic);
            Exit::Failed
        }
    }
}

fn run_command(command: Command, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let ask = |deployment: &Deployment, question| answer_about(deployment, question, disk, terminal);
    let reason = |asked: &Asked, question| reason(asked, question, disk, terminal);
    match command {
        Command::Init { dir } => init::init(&dir, terminal),
        Command::Assess { deployment, fail_on } => assess(&deployment, fail_on.as_deref(), disk, terminal),
        Command::Metrics { definitions: true, format, .. } => pack::list_definitions(format, terminal),
        Command::Metrics { dir, guess: true, write, format, .. } => {
            guess::guess(&dir.unwrap_or_default(), write, format, disk, terminal)
        }
        Command::Metrics { dir, pack, format, plots, .. } => {
            let place = Place { dir: dir.unwrap_or_default(), pack, exact: false };
            metrics::metrics(&place, format, plots.as_deref(), disk, terminal)
        }
        Command::Profile { places, table, merge, output } => {
            profile::profile(&places, table.map(args::Table::role), merge, output.as_deref(), disk, terminal)
        }
        Command::Repl { dir, pack, exact } => match open(&dir, pack.as_deref(), exact, disk, terminal) {
            Some(session) => crate::repl::run(session, pack, disk, terminal),
            None => Ok(Exit::Failed),
        },
        Command::Why { target, asked, all } => reason(&asked, Question::Why { target, all }),
        Command::WhyNot { target, asked } => reason(&asked, Question::WhyNot(target)),
        Command::WhatIf { suppositions, deployment } => ask(&deployment, Question::WhatIf(suppositions)),
        Command::Flip { target, deployment } => ask(&deployment, Question::Flip(target)),
        Command::Chain { mode, asked } => reason(&asked, Question::Chain(mode)),
        Command::Ask(args) => ask::ask(&args, disk, terminal),
        Command::Facts { deployment, matching } => ask(&deployment, Question::Facts(matching)),
        Command::Risks(deployment) => ask(&deployment, Question::Risks),
        Command::Recommend(deployment) => ask(&deployment, Question::Recommend),
        Command::Fleet { command: FleetCommand::Assess(args) } => fleet::assess(&args, disk, terminal),
        Command::Fleet { command: FleetCommand::Why(args) } => fleet::why(&args, disk, terminal),
        Command::Interviews { command } => interviews::interviews(&command, disk, terminal),
        Command::Checklist(args) => checklist::checklist(&args, disk, terminal),
        Command::Cases { command } => cases::cases(&command, disk, terminal),
        Command::Plan(args) => plan::plan(&args, disk, terminal),
        Command::Clusters(args) => clusters::clusters(&args, disk, terminal),
        Command::Evaluate(args) => evaluate::evaluate(&args, disk, terminal),
        Command::Graph { pack, focus, depth, mitigations, format, output } => {
            let wanted = pack::Wanted { focus: focus.as_deref(), depth, mitigations, format };
            pack::graph(&pack, wanted, output.as_deref(), disk, terminal)
        }
        Command::Fmt(args) => fmt::fmt(&args, disk, terminal),
        Command::Check(args) => pack::check(&args, disk, terminal),
        Command::Test(args) => pack::test(&args, disk, terminal),
        Command::Explain { code } => pack::explain(&code, terminal),
    }
}

/// Opens a deployment, or says what is wrong with it.
fn open(dir: &str, pack: Option<&str>, exact: bool, disk: &DiskWithPacks, terminal: &Terminal) -> Option<Session> {
    let propagation = if exact { Propagation::Exact } else { Propagation::Local };
    match Session::open_with(dir, pack, propagation, disk) {
        Ok(session) => Some(session),
        Err(refused) => {
            let (sources, problems) = *refused;
            terminal.diagnostics(&problems, &sources);
            None
        }
    }
}

fn open_place(place: &Place, disk: &DiskWithPacks, terminal: &Terminal) -> Option<Session> {
    open(&place.dir, place.pack.as_deref(), place.exact, disk, terminal)
}

/// Answers a question whose answer has reasons, which can be drawn in more ways.
fn reason(asked: &Asked, question: Question, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some(session) = open_place(&asked.place, disk, terminal) else { return Ok(Exit::Failed) };
    let reply = session.ask(&question)?;
    match (asked.format, &reply.answer) {
        (AnswerFormat::Json, _) => terminal.value(&reply.json, Format::Json),
        (AnswerFormat::Yaml, _) => terminal.value(&reply.json, Format::Yaml),
        (AnswerFormat::Mermaid, Some(answer)) => terminal.out(&mermaid(answer)),
        (AnswerFormat::Text, Some(answer)) if asked.formal => terminal.document(&formal(answer)),
        (AnswerFormat::Text | AnswerFormat::Mermaid, _) => {
            terminal.document(&with_folder(reply.document, &asked.place));
        }
    }
    Ok(Exit::Done)
}

fn answer_about(
    deployment: &Deployment,
    question: Question,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Deployment { place, format } = deployment;
    let Some(session) = open_place(place, disk, terminal) else { return Ok(Exit::Failed) };
    let reply = session.ask(&question)?;
    answer(&with_folder(reply.document, place), &reply.json, *format, terminal);
    Ok(Exit::Done)
}

/// Answers name what to type next as in the REPL; on the command line folder and options belong to it.
fn with_folder(mut document: Document, place: &Place) -> Document {
    let Place { dir: folder, exact, .. } = place;
    let exactly = if *exact { " --exact" } else { "" };
    if let Some(crate::explanation::Block::Verbatim(lines)) = document.blocks.last_mut() {
        for line in lines.iter_mut().filter(|line| !line.starts_with("etio ")) {
            *line = format!("etio {line} {folder}{exactly}");
        }
    }
    document
}

fn answer(document: &Document, json: &serde_json::Value, format: Format, terminal: &Terminal) {
    match format {
        Format::Text => terminal.document(document),
        Format::Json | Format::Yaml => terminal.value(json, format),
    }
}

/// Writes counts or statistics in the format that was asked for.
fn report(
    document: impl FnOnce() -> Document,
    json: impl FnOnce() -> serde_json::Value,
    csv: impl FnOnce() -> String,
    format: ReportFormat,
    terminal: &Terminal,
) {
    match format {
        ReportFormat::Text => terminal.document(&document()),
        ReportFormat::Json => terminal.value(&json(), Format::Json),
        ReportFormat::Yaml => terminal.value(&json(), Format::Yaml),
        ReportFormat::Csv => terminal.out(&csv()),
        ReportFormat::Markdown => terminal.out(&markdown(&document())),
    }
}

/// Writes a report that is handed on in the format that was asked for.
fn hand_on(
    document: impl FnOnce() -> Document,
    json: impl FnOnce() -> serde_json::Value,
    format: DocumentFormat,
    terminal: &Terminal,
) {
    match format {
        DocumentFormat::Text => terminal.document(&document()),
        DocumentFormat::Json => terminal.value(&json(), Format::Json),
        DocumentFormat::Markdown => terminal.out(&markdown(&document())),
    }
}

fn assess(
    deployment: &Deployment,
    fail_on: Option<&str>,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Deployment { place, format } = deployment;
    let Some(session) = open_place(place, disk, terminal) else { return Ok(Exit::Failed) };
    let crossed = match fail_on {
        Some(band) => pack::reaches_band(&session, band)?,
        None => false,
    };
    let reply = session.ask(&Question::Summary)?;
    answer(&reply.document, &reply.json, *format, terminal);
    Ok(if session.is_undecidable() {
        Exit::Undecided
    } else if crossed {
        Exit::Bad
    } else {
        Exit::Done
    })
}
