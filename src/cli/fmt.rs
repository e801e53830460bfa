//! `etio fmt`: lays out the files of packs.

use super::Terminal;
use super::exit::Exit;
use super::load::{self, DiskWithPacks};
use crate::diagnostic::{Code, Count, Diagnostic, Diagnostics};
use crate::session::Files as _;
use crate::source::{Loader as _, SourceMap};
use crate::syntax;
use clap::Args;
use std::io::Read as _;
use std::path::Path;

/// What to lay out, and whether to write it.
#[derive(Clone, Debug, Args)]
pub struct FmtArgs {
    /// Folders or files of `.etio` text; `-` lays out standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<String>,
    /// Write nothing; exit with status 1 if a file is laid out otherwise
    #[arg(long)]
    pub check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    pub diff: bool,
}

/// A file and how it should be laid out.
struct Layout {
    name: String,
    old: String,
    new: String,
}

/// Lays files out, all of them or, where one cannot be read as the language, none.
pub fn fmt(args: &FmtArgs, disk: &DiskWithPacks, terminal: &Terminal) -> Result<Exit, Diagnostic> {
    let mut sources = SourceMap::default();
    let mut problems = Diagnostics::default();
    let mut layouts = Vec::new();
    for (name, old) in texts(&args.paths, disk)? {
        let source = sources.add(&name, old.clone());
        let (tree, found) = syntax::parse(source, &old);
        problems.append(found);
        layouts.push(Layout { name, new: syntax::format(&tree), old });
    }
    if problems.has_errors() {
        terminal.diagnostics(&problems, &sources);
        terminal.remark("nothing was written: what cannot be read cannot be laid out");
        return Ok(Exit::Failed);
    }
    if args.paths == ["-"] && !args.check && !args.diff {
        layouts.iter().for_each(|layout| terminal.out(&layout.new));
        return Ok(Exit::Done);
    }
    let all = layouts.len();
    layouts.retain(|layout| layout.old != layout.new);
    for layout in &layouts {
        if args.diff {
            terminal.out(&difference(layout));
        } else if args.check {
            terminal.out(&format!("{} is laid out otherwise\n", layout.name));
        } else {
            load::replace(Path::new(&layout.name), layout.new.as_bytes()).map_err(|error| {
                Diagnostic::new(Code::X006, error.to_string()).with_help("check that the file may be written to")
            })?;
            terminal.out(&format!("{}\n", layout.name));
        }
    }
    let verb = if args.check || args.diff { "would be laid out anew" } else { "laid out anew" };
    terminal.remark(&format!("{} of {} {verb}", layouts.len(), Count(all, "file")));
    Ok(if args.check && !layouts.is_empty() { Exit::Bad } else { Exit::Done })
}

/// Returns the files with their names, each once, in order of name.
fn texts(paths: &[String], disk: &DiskWithPacks) -> Result<Vec<(String, String)>, Diagnostic> {
    if paths == ["-"] {
        let mut text = String::new();
        return match std::io::stdin().lock().read_to_string(&mut text) {
            Ok(_) => Ok(vec![("standard input".to_owned(), text)]),
            Err(error) => Err(Diagnostic::new(Code::X001, format!("standard input cannot be read: {error}"))
                .with_help("only UTF-8 text can be laid out")),
        };
    }
    let mut names = Vec::new();
    for path in paths {
        if disk.is_folder(path) {
            let found = disk.list(path, "etio").map_err(|error| Diagnostic::new(Code::X001, error.to_string()))?;
            if found.is_empty() {
                return Err(Diagnostic::new(Code::X001, format!("there is no `.etio` file in `{path}`"))
                    .with_help("name a pack's folder, or its files"));
            }
            names.extend(found);
        } else {
            names.push(path.clone());
        }
    }
    names.sort();
    names.dedup();
    names.into_iter().map(|name| load::text_of(&name, disk).map(|text| (name, text))).collect()
}

/// Returns what differs, as `diff -u` shows it.
fn difference(layout: &Layout) -> String {
    let diff = similar::TextDiff::from_lines(&layout.old, &layout.new);
    diff.unified_diff().context_radius(2).header(&layout.name, &layout.name).to_string()
}
