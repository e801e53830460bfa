//! `etio cases add`: a new case, from a file or by questions.

use super::Terminal;
use super::exit::Exit;
use super::load::{DiskWithPacks, Draft, text_of};
use super::pack::pack_without_errors;
use super::talk::AtTerminal;
use crate::corpus::{self, Contribution, Corpus, Stopped};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::KnowledgeBase;
use crate::session::Files as _;
use crate::source::SourceMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Puts a case into a folder under its own name; without a file it is asked for. A case that is wrong or has no source
/// is not written at all.
pub(super) fn add(
    file: Option<&str>,
    folder: &str,
    pack: &str,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Exit, Diagnostic> {
    let Some((knowledge, _)) = pack_without_errors(pack, disk, terminal) else { return Ok(Exit::Failed) };
    let found = match file {
        Some(file) => from_file(file, &knowledge, disk, terminal)?,
        None => by_questions(folder, &knowledge, disk, terminal),
    };
    let contribution = match found {
        Ok(contribution) => contribution,
        Err(exit) => return Ok(exit),
    };
    let path = path_of(folder, &contribution.name);
    write(&path, &contribution.text).map_err(|reason| {
        Diagnostic::new(Code::X006, reason).with_help("give the case another name, or name another folder")
    })?;
    terminal.text(&format!("wrote {}\n\nnext\n  etio cases check --cases {folder}\n", path.display()));
    Ok(Exit::Done)
}

fn path_of(folder: &str, name: &str) -> PathBuf {
    Path::new(folder).join(format!("{name}.yaml"))
}

/// Writes the whole file or nothing.
fn write(path: &Path, text: &str) -> Result<(), String> {
    if path.exists() {
        return Err(format!("there is a case `{}` already", path.display()));
    }
    let mut draft = Draft::new(Some(path)).map_err(|error| error.to_string())?;
    draft.file().write_all(text.as_bytes()).map_err(|error| error.to_string())?;
    draft.keep().map_err(|error| error.to_string())
}

/// Returns the case of a file, or the status where it is refused.
fn from_file(
    file: &str,
    knowledge: &KnowledgeBase,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Result<Contribution, Exit>, Diagnostic> {
    let text = text_of(file, disk)?;
    let mut sources = SourceMap::default();
    // The file may be called anything; it gets the name of its case.
    let (read, mut problems) = corpus::read_case(file, &text, &mut sources);
    let one = Corpus { cases: read.into_iter().collect() };
    problems.append(corpus::check_names(&one, knowledge));
    Ok(match one.cases.as_slice() {
        [case] if !problems.has_errors() => Ok(Contribution { name: case.id.value.clone(), text }),
        _ => {
            terminal.diagnostics(&problems, &sources);
            Err(Exit::Bad)
        }
    })
}

/// Returns the case that a contributor tells, or the status where there is none.
fn by_questions(
    folder: &str,
    knowledge: &KnowledgeBase,
    disk: &DiskWithPacks,
    terminal: &Terminal,
) -> Result<Contribution, Exit> {
    let is_taken = |name: &str| disk.exists(&path_of(folder, name).display().to_string());
    let mut talk = AtTerminal::new(terminal);
    corpus::contribute(&mut talk, knowledge, &is_taken).map_err(|stopped| {
        let (why, exit) = match stopped {
            Stopped::Quit | Stopped::Discarded => ("nothing was written", Exit::Bad),
            Stopped::EndOfInput => ("the answers ended before the case was whole; nothing was written", Exit::Failed),
        };
        terminal.remark(why);
        exit
    })
}
