//! `etio cases`: the corpus of documented failures.

use super::Terminal;
use super::add_case::add;
use super::args::{CaseFilter, CasesCommand, ExportFormat, Format, ReportFormat};
use super::exit::Exit;
use super::load::DiskWithPacks;
use super::pack::pack_without_errors;
use crate::corpus::{self, Case, Coder, Corpus, Filter};
use crate::diagnostic::{Code, Count, Diagnostic, Diagnostics, or_nearest};
use crate::metrics::Options;
use crate::report::markdown::markdown;
use crate::source::SourceMap;

/// Does what was asked of the corpus.
pub fn cases(command: &CasesCommand, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    match command {
        CasesCommand::Check { cases, pack } => check(cases.as_deref(), pack, disk, terminal),
        CasesCommand::Add { file, cases, pack } => add(file.as_deref(), cases, pack, disk, terminal),
        CasesCommand::Agreement { files, corpus, cases, pack, format } => {
            let cases = corpus.then_some(cases.as_deref());
            agreement(files, cases, pack, *format, disk, terminal)
        }
        CasesCommand::Fit(args) => super::fit::cases_fit(args, disk, terminal),
        CasesCommand::List { filter, format } => {
            with(filter, &[], disk, terminal, |found| tell_list(&found, *format, terminal))
        }
        CasesCommand::Search { words, filter, format } => {
            with(filter, words, disk, terminal, |found| tell_list(&found, *format, terminal))
        }
        CasesCommand::Stats { filter, format } => with(filter, &[], disk, terminal, |found| {
            let counts = corpus::count(found);
            super::report(
                || corpus::stats(&counts),
                || corpus::stats_json(&counts),
                || corpus::stats_csv(&counts),
                *format,
                terminal,
            );
        }),
        CasesCommand::Export { filter, format } => with(filter, &[], disk, terminal, |found| match format {
            ExportFormat::Csv => terminal.out(&corpus::csv(found)),
            ExportFormat::Json => terminal.value(&found.into_iter().map(corpus::json).collect(), Format::Json),
            ExportFormat::Markdown => {
                let pages: Vec<String> = found.into_iter().map(|case| markdown(&corpus::show(case))).collect();
                terminal.out(&pages.join("\n"));
            }
        }),
        CasesCommand::Show { case, cases, format } => show(case, cases.as_deref(), *format, disk, terminal),
    }
}

/// Reads the cases of a file, of a folder, or of the program.
pub(super) fn read(place: Option<&str>, disk: &DiskWithPacks) -> Result<(Corpus, Diagnostics, SourceMap), Diagnostic> {
    let texts = match place {
        None => corpus::built_in_texts(),
        Some(place) => super::load::texts_of(&[place.to_owned()], disk)?,
    };
    let mut sources = SourceMap::default();
    let (corpus, problems) = corpus::read_corpus(texts, &mut sources);
    Ok((corpus, problems, sources))
}

/// Reads a corpus that has to be right, or says what is wrong with it.
pub(super) fn read_right(
    folder: Option<&str>,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Option<Corpus>, Diagnostic> {
    let (corpus, problems, sources) = read(folder, disk)?;
    if problems.has_errors() {
        terminal.diagnostics(&problems, &sources);
        return Ok(None);
    }
    Ok(Some(corpus))
}

fn with(
    wanted: &CaseFilter,
    words: &[String],
    disk: &DiskWithPacks,
    terminal: &Terminal,
    tell: impl FnOnce(Vec<&Case>),
) -> Result<Exit, Diagnostic> {
    let Some(corpus) = read_right(wanted.cases.as_deref(), disk, terminal)? else { return Ok(Exit::Failed) };
    known_values(wanted, &corpus)?;
    let filter = Filter {
        domain: wanted.domain.clone(),
        mode: wanted.mode.clone(),
        factor: wanted.factor.clone(),
        years: wanted.year,
        country: wanted.country.clone(),
        evidence: wanted.evidence.clone(),
        words: words.to_vec(),
    };
    tell(corpus.cases.iter().filter(|case| filter.wants(case)).collect());
    Ok(Exit::Done)
}

/// Refuses what no case has, such as a mode that is misspelt: an empty list would look like an answer.
fn known_values(wanted: &CaseFilter, corpus: &Corpus) -> Result<(), Diagnostic> {
    let counts = corpus::count(&corpus.cases);
    for (heading, entries) in &counts.tables {
        let value = match *heading {
            "domain" => &wanted.domain,
            "mode" => &wanted.mode,
            "factor" => &wanted.factor,
            "country" => &wanted.country,
            "evidence" => &wanted.evidence,
            _ => continue,
        };
        let Some(value) = value else { continue };
        let names = || entries.iter().map(|(name, _)| name.as_str());
        let is_it = |name: &str| match *heading {
            "domain" => name == value || name.split('.').next() == Some(value),
            "country" => name.eq_ignore_ascii_case(value),
            _ => name == value,
        };
        if !names().any(is_it) {
            return Err(Diagnostic::new(Code::X002, format!("no case has the {heading} `{value}`"))
                .with_help(or_nearest(value, names(), || format!("`etio cases stats` lists every {heading}"))));
        }
    }
    Ok(())
}

fn tell_list(found: &[&Case], format: ReportFormat, terminal: &Terminal) {
    let cases = || found.iter().copied();
    super::report(
        || corpus::list(cases()),
        || cases().map(corpus::brief_json).collect(),
        || corpus::csv(cases()),
        format,
        terminal,
    );
}

fn show(
    name: &str,
    folder: Option<&str>,
    format: Format,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Some(corpus) = read_right(folder, disk, terminal)? else { return Ok(Exit::Failed) };
    let Some(case) = corpus.find(name) else {
        return Err(Diagnostic::new(Code::X002, format!("there is no case `{name}`")).with_help(or_nearest(
            name,
            corpus.names(),
            || "`etio cases list` names them all".to_owned(),
        )));
    };
    super::answer(&corpus::show(case), &corpus::json(case), format, terminal);
    Ok(Exit::Done)
}

/// Tells how far coders agree. With `cases` the codings in the cases of that folder, or of the corpus, take part.
fn agreement(
    files: &[String],
    cases: Option<Option<&str>>,
    pack: &str,
    format: ReportFormat,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
    let corpus = match cases {
        None => None,
        Some(folder) => match read_right(folder, disk, terminal)? {
            None => return Ok(Exit::Failed),
            found => found,
        },
    };
    let mut sources = SourceMap::default();
    let (mut coders, problems) = corpus::read_coders(super::load::texts_of(files, disk)?, &knowledge, &mut sources);
    if problems.has_errors() {
        terminal.diagnostics(&problems, &sources);
        return Ok(Exit::Failed);
    }
    coders.extend(corpus.as_ref().map(|corpus| Coder::of_cases(&corpus.cases)));
    if coders.len() < 2 {
        return Err(Diagnostic::new(Code::X005, "there is one coder, and agreement needs two")
            .with_help("name the file of a second coder, or add `--corpus` to compare with the coding of the cases"));
    }
    let known: Option<Vec<&str>> = corpus.as_ref().map(|corpus| corpus.names().collect());
    match corpus::agreement(&coders, known.as_deref(), &knowledge, &Options::default()) {
        Err(problems) => {
            terminal.diagnostics(&problems, &sources);
            Ok(Exit::Failed)
        }
        Ok(found) => {
            super::report(
                || corpus::tell_agreement(&found),
                || corpus::agreement_json(&found),
                || corpus::agreement_csv(&found),
                format,
                terminal,
            );
            Ok(Exit::Done)
        }
    }
}

fn check(folder: Option<&str>, pack: &str, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
    let (corpus, mut problems, sources) = read(folder, disk)?;
    problems.append(corpus::check_names(&corpus, &knowledge));
    problems.sort(&sources);
    terminal.diagnostics(&problems, &sources);
    terminal.text(&format!(
        "{} held against {} {}; {}\n",
        Count(corpus.cases.len(), "case"),
        knowledge.pack.id,
        knowledge.pack.version,
        Count(problems.len(), "error")
    ));
    Ok(if problems.has_errors() || corpus.cases.is_empty() { Exit::Bad } else { Exit::Done })
}
