//! `etio metrics --guess`: what the columns of a table seem to mean, written down only where asked for.

use super::Terminal;
use super::args::Format;
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use crate::diagnostic::{Code, Diagnostic, List};
use crate::session::{self, Guessed};
use crate::source::SourceMap;
use std::fmt::Write as _;
use std::path::Path;

/// Proposes roles for the columns of a table, or of the table of a deployment.
pub fn guess(
    place: &str,
    write: bool,
    format: Format,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let mut sources = SourceMap::default();
    let guessed = match session::guess(place, disk, &mut sources) {
        Ok(guessed) => guessed,
        Err(problems) => {
            terminal.diagnostics(&problems, &sources);
            return Ok(Exit::Failed);
        }
    };
    match format {
        Format::Text => terminal.out(&text(&guessed, place, write)),
        Format::Json | Format::Yaml => terminal.value(&guessed.json(), format),
    }
    if write && !guessed.block.is_empty() {
        let Some((path, content, keys)) = &guessed.manifest else {
            return Err(Diagnostic::new(
                Code::X006,
                "there is no manifest into which this can be written line by line",
            )
            .with_help("paste the lines under `columns` in deployment.yaml"));
        };
        load::replace(Path::new(path), content.as_bytes()).map_err(|error| {
            Diagnostic::new(Code::X006, error.to_string()).with_help("check that the file may be written to")
        })?;
        terminal.remark(&format!("wrote {} into {path}", List::and(keys.iter().copied())));
    }
    Ok(Exit::Done)
}

fn text(guessed: &Guessed, place: &str, write: bool) -> String {
    let mut out = format!("what the columns of {} seem to mean\n\n", guessed.table);
    let width = guessed.guesses.iter().map(|guess| guess.column.chars().count()).max().unwrap_or(0).min(30);
    for guess in &guessed.guesses {
        let _ = writeln!(out, "  {:<width$}  {:<11}  {}", guess.column, guess.role.as_str(), guess.reason);
    }
    if guessed.block.is_empty() {
        out.push_str("\nthere is nothing to add to the manifest\n");
        return out;
    }
    let _ = write!(out, "\nfor deployment.yaml, once you agree\n\n{}", guessed.block);
    if !write && guessed.manifest.is_some() {
        let _ = write!(out, "\nnext\n  etio metrics --guess --write {place}\n");
    }
    out
}
