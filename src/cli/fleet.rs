//! `etio fleet`: many deployments at once.

use super::Terminal;
use super::args::{FleetArgs, FleetFormat, FleetWhyArgs, Format as AnswerFormat};
use super::exit::Exit;
use super::load::{Disk, DiskWithPacks, Draft};
use super::pack::pack_without_errors;
use crate::diagnostic::{Code, Count, Diagnostic};
use crate::explanation::Block;
use crate::fleet::{Options, OutputFormat, Summary, Worlds, assess_fleet, fleet_row};
use crate::model::KnowledgeBase;
use crate::session::{Files as _, Question, Session};
use crate::source::Span;
use crate::table::{Format, TableData};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::BufWriter;
use std::path::Path;

/// Assesses every row of a table, or one.
pub fn assess(args: &FleetArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    if let Some(row) = &args.explain {
        return explain(args, row, disk, terminal);
    }
    let Some((knowledge, sources)) = pack_without_errors(&args.pack, disk, terminal) else { return Ok(Exit::Failed) };
    let table = open(&args.table)?;
    let options = Options {
        id: args.id.clone(),
        top: args.top,
        wide: args.wide,
        worlds: if args.point { Worlds::Estimate } else { Worlds::All },
        format: format_of(args),
    };
    let cannot_write = |reason: String| {
        Diagnostic::new(Code::X006, reason).with_help("name a file that does not exist yet, in a folder with room")
    };
    let mut draft = Draft::new(args.output.as_deref()).map_err(|error| cannot_write(error.to_string()))?;
    let bar = bar();
    let assessed = {
        let mut out = BufWriter::with_capacity(1 << 18, draft.file());
        assess_fleet(&knowledge, table, &options, &mut out, &mut |rows| bar.set_position(rows))
    };
    bar.finish_and_clear();
    match assessed {
        Ok(summary) => {
            draft.keep().map_err(|error| cannot_write(error.to_string()))?;
            if let Some(path) = &args.output {
                terminal.remark(&told(&summary, &knowledge, path));
            }
            Ok(Exit::Done)
        }
        Err(problems) => {
            terminal.diagnostics(&problems, &sources);
            Ok(Exit::Failed)
        }
    }
}

/// Says in a line what a run came to.
fn told(summary: &Summary, knowledge: &KnowledgeBase, path: &Path) -> String {
    let deployments = Count(usize::try_from(summary.rows).unwrap_or(usize::MAX), "deployment");
    let mut verdicts: Vec<_> = summary.verdicts.iter().collect();
    verdicts.sort_by_key(|(verdict, _)| (std::cmp::Reverse(knowledge.verdicts[**verdict].precedence), **verdict));
    let verdicts: Vec<String> =
        verdicts.into_iter().map(|(&verdict, rows)| format!("{rows} {}", knowledge.verdicts[verdict].id)).collect();
    let verdicts = if verdicts.is_empty() { String::new() } else { format!(": {}", verdicts.join(", ")) };
    format!("assessed {deployments} into {}{verdicts}", path.display())
}

/// Explains one conclusion about one row.
pub fn why(args: &FleetWhyArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let row = Row { table: &args.table, pack: &args.pack, id: args.id.as_deref(), row: &args.row };
    let Some(session) = row.session(disk, terminal)? else { return Ok(Exit::Failed) };
    let mut reply = session.ask(&Question::Why { target: args.target.clone(), all: args.all })?;
    row.name_next(&mut reply.document.blocks);
    super::answer(&reply.document, &reply.json, args.format, terminal);
    Ok(Exit::Done)
}

fn explain(args: &FleetArgs, row: &str, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let row = Row { table: &args.table, pack: &args.pack, id: args.id.as_deref(), row };
    let Some(session) = row.session(disk, terminal)? else { return Ok(Exit::Failed) };
    let mut reply = session.ask(&Question::Summary)?;
    row.name_next(&mut reply.document.blocks);
    super::answer(&reply.document, &reply.json, AnswerFormat::Text, terminal);
    Ok(Exit::Done)
}

/// A row of a table, as it was asked for.
struct Row<'a> {
    table: &'a str,
    pack: &'a str,
    id: Option<&'a str>,
    row: &'a str,
}

impl Row<'_> {
    /// Assesses the row alone; none where something was said to be wrong.
    fn session(&self, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Option<Session>, Diagnostic> {
        let Some((knowledge, mut sources)) = pack_without_errors(self.pack, disk, terminal) else { return Ok(None) };
        let table = open(self.table)?;
        let span = Span::new(sources.add(self.table, ""), 0, 0);
        match fleet_row(&knowledge, table, self.id, self.row, span) {
            Ok(row) => {
                let id = row.id.filter(|id| !id.is_empty()).unwrap_or_else(|| format!("row {}", row.number));
                Session::of_facts(&id, row.digest, knowledge, row.facts, sources).map(Some)
            }
            Err(problems) => {
                terminal.diagnostics(&problems, &sources);
                Ok(None)
            }
        }
    }

    /// Answers name what to type next for a folder; a row has its own way of being asked about.
    fn name_next(&self, blocks: &mut [Block]) {
        let Some(Block::Verbatim(lines)) = blocks.last_mut() else { return };
        lines.retain_mut(|line| {
            let words: Vec<&str> = line.trim_start_matches("etio ").split_whitespace().collect();
            let [verb @ "why", target, ..] = words.as_slice() else { return false };
            *line = format!("etio fleet {verb} {target} {} --row {}", self.table, self.row);
            true
        });
    }
}

fn format_of(args: &FleetArgs) -> OutputFormat {
    let ending = args.output.as_deref().and_then(Path::extension).map(|ending| ending.to_ascii_lowercase());
    match (args.format, ending.as_ref().and_then(|ending| ending.to_str())) {
        (Some(FleetFormat::Jsonl), _) => OutputFormat::JsonLines,
        (Some(FleetFormat::Csv), _) | (None, Some("csv")) => OutputFormat::Csv,
        (Some(FleetFormat::Parquet), _) | (None, Some("parquet" | "pq")) => OutputFormat::Parquet,
        (None, _) => OutputFormat::JsonLines,
    }
}

/// Returns a counter of rows, which is seen on a terminal only.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} deployments, {per_sec}");
    let bar = ProgressBar::no_length();
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn open(path: &str) -> Result<TableData, Diagnostic> {
    let format = Format::from_name(path).ok_or_else(|| {
        Diagnostic::new(Code::D101, format!("`{path}` is not a kind of table that can be read"))
            .with_help("tables end in `.csv`, `.csv.gz` or `.parquet`")
    })?;
    let content = Disk.open(path).map_err(|error| {
        Diagnostic::new(Code::X001, error.to_string()).with_help("check the spelling of the table's name")
    })?;
    Ok(TableData { file: path.to_owned(), format, content })
}
