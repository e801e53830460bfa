//! `etio profile`: what a site may hand on of a table in place of its rows.

use super::Terminal;
use super::exit::Exit;
use super::load::{DiskWithPacks, Draft};
use crate::diagnostic::{Code, Count, Diagnostic};
use crate::session;
use crate::source::SourceMap;
use crate::table::TableRole;
use std::io::Write as _;
use std::path::Path;

/// Writes the profile of a deployment's table, or of several profiles together.
pub fn profile(
    places: &[String],
    role: Option<TableRole>,
    merge: bool,
    output: Option<&Path>,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let mut sources = SourceMap::default();
    let made = match places {
        _ if merge => session::merged_profile(places, disk),
        [folder] => session::profile(folder, role, disk, &mut sources),
        _ => {
            return Err(Diagnostic::new(Code::X005, "more than one folder is named")
                .with_help("name one folder, or several profiles after `--merge`"));
        }
    };
    let profile = match made {
        Ok(profile) => profile,
        Err(problems) => {
            terminal.diagnostics(&problems, &sources);
            return Ok(Exit::Failed);
        }
    };
    let cannot_write = |reason: String| {
        Diagnostic::new(Code::X006, reason).with_help("name a file that does not exist yet, in a folder with room")
    };
    let mut draft = Draft::new(output).map_err(|error| cannot_write(error.to_string()))?;
    let written = draft.file().write_all(profile.text().as_bytes()).and_then(|()| draft.keep());
    written.map_err(|error| cannot_write(error.to_string()))?;
    if let Some(path) = output {
        terminal.remark(&format!(
            "wrote the profile of {} to {}; nothing in it is told of fewer than {} rows, save for missing values",
            Count(usize::try_from(profile.rows).unwrap_or(usize::MAX), "row"),
            path.display(),
            profile.min_cell,
        ));
    }
    Ok(Exit::Done)
}
