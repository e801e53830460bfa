//! Where packs come from: the folders inside the binary, or a folder given by the user.

use super::Files;
use super::definitions::check_definitions;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, List};
use crate::model::KnowledgeBase;
use crate::model::lower;
use crate::source::{LoadError, SourceId, SourceMap};
use crate::syntax;
use rust_embed::Embed;

/// The names of the packs inside the binary.
pub const BUILT_IN: [&str; 1] = ["healthcare"];

#[derive(Embed)]
#[folder = "taxonomy/"]
#[prefix = "taxonomy/"]
#[include = "*.etio"]
struct Taxonomy;

#[derive(Embed)]
#[folder = "rules/"]
#[prefix = "rules/"]
#[include = "*.etio"]
struct Rules;

/// A pack as far as it could be read, and what was said of it.
#[derive(Debug)]
pub struct LoadedPack {
    /// The pack; none where it is too broken to be resolved.
    pub knowledge: Option<KnowledgeBase>,
    /// Errors and warnings, sorted by place.
    pub diagnostics: Diagnostics,
}

/// Reads, resolves and checks a pack: a built-in one by name, or a folder or file by path.
pub fn load_pack(name: &str, files: &dyn Files, sources: &mut SourceMap) -> LoadedPack {
    match pack_texts(name, files) {
        Ok(texts) => check_pack(texts, sources),
        Err(problems) => LoadedPack { knowledge: None, diagnostics: problems },
    }
}

/// Resolves and checks the texts of a pack, given with their file names.
pub fn check_pack(texts: impl IntoIterator<Item = (String, String)>, sources: &mut SourceMap) -> LoadedPack {
    let ids: Vec<SourceId> = texts.into_iter().map(|(name, text)| sources.add(name, text)).collect();
    check_sources(&ids, sources)
}

/// Resolves and checks a pack whose texts are in the source map already.
pub(super) fn check_sources(ids: &[SourceId], sources: &SourceMap) -> LoadedPack {
    let mut diagnostics = Diagnostics::default();
    let mut trees = Vec::new();
    for id in ids {
        let (tree, problems) = syntax::parse(*id, sources.file(*id).text());
        trees.push(tree);
        diagnostics.append(problems);
    }
    let (knowledge, problems) = lower(&trees, sources);
    diagnostics.append(problems);
    if let Some(knowledge) = &knowledge {
        diagnostics.append(check_definitions(knowledge));
    }
    diagnostics.sort(sources);
    LoadedPack { knowledge, diagnostics }
}

fn pack_texts(name: &str, files: &dyn Files) -> Result<Vec<(String, String)>, Diagnostics> {
    if BUILT_IN.contains(&name) && !files.exists(name) {
        return Ok(built_in());
    }
    let paths = if name.ends_with(".etio") {
        vec![name.to_owned()]
    } else {
        files.list(name, "etio").map_err(|error| cannot_read(&error))?
    };
    if paths.is_empty() {
        return Err(Diagnostic::new(Code::X001, format!("the folder `{name}` holds no `.etio` file"))
            .with_help(format!("name a folder with a pack, or a built-in pack: {}", List::or(BUILT_IN)))
            .into());
    }
    let mut problems = Diagnostics::default();
    let mut texts = Vec::new();
    for path in paths {
        match files.load(&path) {
            Ok(bytes) => match text_of(&path, bytes) {
                Ok(text) => texts.push((path, text)),
                Err(problem) => problems.push(problem),
            },
            Err(error) => problems.append(cannot_read(&error)),
        }
    }
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

fn built_in() -> Vec<(String, String)> {
    let taxonomy = Taxonomy::iter().filter_map(|path| Some((Taxonomy::get(&path)?, path)));
    let rules = Rules::iter().filter_map(|path| Some((Rules::get(&path)?, path)));
    taxonomy
        .chain(rules)
        .map(|(file, path)| (path.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        .collect()
}

/// Returns the bytes of a text file as text.
pub(super) fn text_of(path: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        Diagnostic::new(Code::S001, format!("`{path}` is not UTF-8 text: line {line} holds a byte that is none"))
            .with_help("save the file as UTF-8; most editors offer it as the encoding")
    })
}

/// Returns the diagnostic for a file that could not be read.
pub(super) fn cannot_read(error: &LoadError) -> Diagnostics {
    let help = match error {
        LoadError::Missing { .. } => format!("check the spelling; the built-in packs are {}", List::and(BUILT_IN)),
        LoadError::Unreadable { .. } => "check that the file may be read".to_owned(),
    };
    Diagnostic::new(Code::X001, error.to_string()).with_help(help).into()
}
