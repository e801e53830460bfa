//! Where packs come from: the folders inside the binary, or a folder given by the user.

use super::Files;
use super::definitions::check_definitions;
use super::imports::{ParsedPack, Shelf, enter, read_imports, root_of};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, List};
use crate::model::{KnowledgeBase, PackTrees, Searched, lower_packs};
use crate::source::{LoadError, SourceId, SourceMap};
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
    /// The files of the pack and of those that it imports.
    pub files: Vec<PackFiles>,
}

/// The files of one pack.
#[derive(Clone, Debug)]
pub struct PackFiles {
    /// The name that it is imported by; that of the pack that was asked for does not matter.
    pub name: String,
    /// Its files.
    pub sources: Vec<SourceId>,
}

/// Reads, resolves and checks a pack: a built-in one by name, or a folder or file by path. What it imports is
/// looked for beside it, in the folders of packs that `files` knows of, and among the built-in packs.
pub fn load_pack(name: &str, files: &dyn Files, sources: &mut SourceMap) -> LoadedPack {
    let texts = match pack_texts(name, files) {
        Ok(texts) => texts,
        Err(diagnostics) => return LoadedPack { knowledge: None, diagnostics, files: Vec::new() },
    };
    let is_built_in = BUILT_IN.contains(&name) && !files.exists(name);
    let mut roots = files.pack_folders().to_vec();
    if !is_built_in {
        roots.insert(0, root_of(name));
    }
    read_and_check(texts, &Shelf { files: Some(files), roots }, sources)
}

/// Resolves and checks the texts of a pack, given with their file names. It can import the built-in packs.
pub fn check_pack(texts: impl IntoIterator<Item = (String, String)>, sources: &mut SourceMap) -> LoadedPack {
    read_and_check(texts, &Shelf { files: None, roots: Vec::new() }, sources)
}

fn read_and_check(
    texts: impl IntoIterator<Item = (String, String)>,
    shelf: &Shelf<'_>,
    sources: &mut SourceMap,
) -> LoadedPack {
    let mut diagnostics = Diagnostics::default();
    let first = enter(String::new(), texts, sources, &mut diagnostics);
    let (packs, searched) = read_imports(first, shelf, sources, &mut diagnostics);
    check(packs, &searched, sources, diagnostics)
}

/// Resolves and checks packs whose texts are in the source map already, the one that was asked for first.
pub(super) fn check_files(packs: &[PackFiles], sources: &SourceMap) -> LoadedPack {
    let mut diagnostics = Diagnostics::default();
    let packs = packs.iter().map(|files| ParsedPack::new(files.clone(), sources, &mut diagnostics)).collect();
    check(packs, &Searched::default(), sources, diagnostics)
}

fn check(packs: Vec<ParsedPack>, searched: &Searched, sources: &SourceMap, mut diagnostics: Diagnostics) -> LoadedPack {
    let trees: Vec<PackTrees<'_>> = packs.iter().map(ParsedPack::as_trees).collect();
    let (knowledge, problems) = lower_packs(&trees, searched, sources);
    diagnostics.append(problems);
    if let Some(knowledge) = &knowledge {
        diagnostics.append(check_definitions(knowledge));
    }
    diagnostics.sort(sources);
    LoadedPack { knowledge, diagnostics, files: packs.into_iter().map(|pack| pack.files).collect() }
}

/// Returns the texts of a pack with their file names.
pub(super) fn pack_texts(name: &str, files: &dyn Files) -> Result<Vec<(String, String)>, Diagnostics> {
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

/// Returns the texts of the built-in pack.
pub(super) fn built_in() -> Vec<(String, String)> {
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
