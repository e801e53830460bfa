//! The command `metrics`: what the pilot tables show, as figures and as charts.

use super::args::{Format, Place};
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use super::{Terminal, answer, open_place, with_folder};
use crate::diagnostic::{Code, Count, Diagnostic};
use crate::report::chart::charts;
use crate::session::{Question, Session};
use std::path::Path;

/// Computes the metrics of a deployment, and draws charts of them where a folder is named.
pub fn metrics(
    place: &Place,
    format: Format,
    plots: Option<&Path>,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Some(session) = open_place(place, disk, terminal) else { return Ok(Exit::Failed) };
    let reply = session.ask(&Question::Metrics)?;
    if let Some(folder) = plots
        && !draw(&session, folder, disk, terminal)?
    {
        return Ok(Exit::Failed);
    }
    answer(&with_folder(reply.document, place), &reply.json, format, terminal);
    Ok(Exit::Done)
}

/// Draws every chart into a folder; false where the tables could not be read.
fn draw(session: &Session, folder: &Path, disk: &DiskWithPacks, terminal: &Terminal) -> Result<bool, Diagnostic> {
    let (evaluation, curves) = match (&session.evaluation, session.curves(disk)) {
        (Some(evaluation), Ok(curves)) => (evaluation, curves),
        (_, Err(problems)) => {
            terminal.diagnostics(&problems, &session.sources);
            return Ok(false);
        }
        (None, Ok(_)) => return Ok(true),
    };
    let charts = charts(evaluation, &curves);
    let paths: Vec<_> = charts.iter().map(|chart| folder.join(format!("{}.svg", chart.name))).collect();
    // A folder that already holds one of the files is not touched at all.
    if let Some(taken) = paths.iter().find(|path| path.exists()) {
        return Err(Diagnostic::new(Code::X006, format!("there is already a `{}`", taken.display()))
            .with_help("name a folder that does not exist yet"));
    }
    for (chart, path) in charts.iter().zip(&paths) {
        load::create(path, chart.svg.as_bytes()).map_err(|error| {
            Diagnostic::new(Code::X006, error.to_string()).with_help("check that the folder may be written to")
        })?;
    }
    terminal.remark(&format!("drew {} in {}", Count(charts.len(), "chart"), folder.display()));
    Ok(true)
}
