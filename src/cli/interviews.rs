//! `etio interviews`: what the people around a system say.

use super::Terminal;
use super::args::{InterviewsCommand, ReportFormat};
use super::exit::Exit;
use super::load::{DiskWithPacks, texts_of};
use super::pack::pack_without_errors;
use crate::diagnostic::{Code, Diagnostic};
use crate::interviews::{read_material, stats_csv, stats_json, tell_stats};
use crate::source::SourceMap;

/// Does what was asked of interviews and surveys.
pub fn interviews(command: &InterviewsCommand, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let InterviewsCommand::Stats { files, pack, format } = command;
    stats(files, pack, *format, disk, terminal)
}

fn stats(
    files: &[String],
    pack: &str,
    format: ReportFormat,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
    let mut sources = SourceMap::default();
    let (material, problems) = read_material(texts_of(files, disk)?, &knowledge, &mut sources);
    if problems.has_errors() {
        terminal.diagnostics(&problems, &sources);
        return Ok(Exit::Failed);
    }
    if material.interviews.is_empty() && material.surveys.is_empty() {
        return Err(Diagnostic::new(Code::X005, "there is no interview and no survey in these files")
            .with_help("`etio explain D331` shows what an interview looks like"));
    }
    super::report(
        || tell_stats(&material, &knowledge),
        || stats_json(&material, &knowledge),
        || stats_csv(&material, &knowledge),
        format,
        terminal,
    );
    Ok(Exit::Done)
}
