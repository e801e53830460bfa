//! `etio cases`: the corpus of documented failures.

use super::Terminal;
use super::args::{CaseFilter, CasesCommand, ExportFormat, Format};
use super::exit::Exit;
use super::load::DiskWithPacks;
use super::pack::pack_without_errors;
use crate::corpus::{self, Case, Corpus, Filter};
use crate::diagnostic::{Code, Count, Diagnostic, Diagnostics, or_nearest};
use crate::report::markdown::markdown;
use crate::session::Files as _;
use crate::source::{Loader as _, SourceMap};
use serde_json::{Value, json};
use std::path::Path;

/// Does what was asked of the corpus.
pub fn cases(command: &CasesCommand, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    match command {
        CasesCommand::Check { cases, pack } => check(cases.as_deref(), pack, disk, terminal),
        CasesCommand::Add { file, cases, pack } => add(file, cases, pack, disk, terminal),
        CasesCommand::List { filter, format } => {
            with(filter, &[], disk, terminal, |found| tell_list(&found, *format, terminal))
        }
        CasesCommand::Search { words, filter, format } => {
            with(filter, words, disk, terminal, |found| tell_list(&found, *format, terminal))
        }
        CasesCommand::Stats { filter, format } => with(filter, &[], disk, terminal, |found| {
            let counts = corpus::count(found);
            let tables = counts.tables.iter().map(|(name, entries)| {
                let entries = entries.iter().map(|(entry, count)| (entry.clone(), json!(count)));
                ((*name).to_owned(), Value::Object(entries.collect()))
            });
            let value = json!({"cases": counts.cases, "by": Value::Object(tables.collect())});
            super::answer(&corpus::stats(&counts), &value, *format, terminal);
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

fn read(folder: Option<&str>, disk: &DiskWithPacks) -> Result<(Corpus, Diagnostics, SourceMap), Diagnostic> {
    let texts = match folder {
        None => corpus::built_in_texts(),
        Some(folder) => {
            let paths = disk.list(folder, "yaml").map_err(|error| {
                Diagnostic::new(Code::X001, error.to_string())
                    .with_help("name a folder with one `.yaml` file for each case")
            })?;
            let text = |path: String| Ok((path.clone(), text_of(&path, disk)?));
            paths.into_iter().map(text).collect::<Result<Vec<_>, Diagnostic>>()?
        }
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

fn tell_list(found: &[&Case], format: Format, terminal: &Terminal) {
    let value = found.iter().map(|case| {
        let modes: Vec<&str> = case.modes.iter().map(|coding| coding.mode.value.as_str()).collect();
        json!({"case": case.id.value, "title": case.title, "year": case.year, "domain": case.domain, "modes": modes})
    });
    super::answer(&corpus::list(found.iter().copied()), &value.collect(), format, terminal);
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

/// Puts a case into a folder under its own name. A case that is wrong or has no source is not written at all.
fn add(file: &str, folder: &str, pack: &str, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
    let text = text_of(file, disk)?;
    let mut sources = SourceMap::default();
    // The file may be called anything; it gets the name of its case.
    let (read, mut problems) = corpus::read_case(file, &text, &mut sources);
    let one = Corpus { cases: read.into_iter().collect() };
    problems.append(corpus::check_names(&one, &knowledge));
    let [case] = one.cases.as_slice() else {
        terminal.diagnostics(&problems, &sources);
        return Ok(Exit::Bad);
    };
    if problems.has_errors() {
        terminal.diagnostics(&problems, &sources);
        return Ok(Exit::Bad);
    }
    let path = Path::new(folder).join(format!("{}.yaml", case.id.value));
    let refused = |reason: String| {
        Diagnostic::new(Code::X006, reason).with_help("give the case another name, or name another folder")
    };
    if disk.exists(&path.display().to_string()) {
        return Err(refused(format!("there is a case `{}` already", path.display())));
    }
    super::load::create(&path, text.as_bytes()).map_err(|error| refused(error.to_string()))?;
    terminal.text(&format!("wrote {}\n\nnext\n  etio cases check --cases {folder}\n", path.display()));
    Ok(Exit::Done)
}

fn text_of(path: &str, disk: &DiskWithPacks) -> Result<String, Diagnostic> {
    let refused = |reason: String| {
        Diagnostic::new(Code::X001, reason).with_help("a case is a YAML file; a corpus is a folder of them")
    };
    let bytes = disk.load(path).map_err(|error| refused(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| refused(format!("`{path}` is not UTF-8 text")))
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
