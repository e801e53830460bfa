//! `etio fleet`: many deployments at once.

use super::Terminal;
use super::args::FleetArgs;
use super::exit::Exit;
use super::load::Disk;
use super::pack::pack_without_errors;
use crate::diagnostic::{Code, Diagnostic};
use crate::fleet::{Options, Worlds, assess_fleet};
use crate::session::Files as _;
use crate::table::{Format, TableData};

/// Assesses every row of a table.
pub fn assess(args: &FleetArgs, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let Some((knowledge, sources)) = pack_without_errors(&args.pack, terminal) else { return Ok(Exit::Failed) };
    let table = open(&args.table)?;
    let options =
        Options { id: args.id.clone(), top: args.top, worlds: if args.point { Worlds::Estimate } else { Worlds::All } };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match assess_fleet(&knowledge, table, &options, &mut out, &mut |_| {}) {
        Ok(_) => Ok(Exit::Done),
        Err(problems) => {
            terminal.diagnostics(&problems, &sources);
            Ok(Exit::Failed)
        }
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
