//! Finding and reading the packs that a pack imports.
//!
//! An import is a name and nothing else: it means a folder of that name directly in one of the known folders of
//! packs, or a built-in pack. Links are not followed. What the versions are, and whether packs import each other
//! in a circle, is the model's question.

use super::Files;
use super::packs::{BUILT_IN, PackFiles, built_in, pack_texts};
use crate::diagnostic::Diagnostics;
use crate::model::{PackTrees, Searched};
use crate::source::{SourceId, SourceMap};
use crate::syntax::ast::{Keyword, Name};
use crate::syntax::{self, SyntaxTree};

/// Where imported packs may lie.
pub(super) struct Shelf<'a> {
    /// None where only built-in packs can be had.
    pub files: Option<&'a dyn Files>,
    /// Folders of packs, in the order in which they are tried.
    pub roots: Vec<String>,
}

/// A pack whose files have been parsed.
pub(super) struct ParsedPack {
    pub files: PackFiles,
    pub trees: Vec<SyntaxTree>,
}

impl ParsedPack {
    /// Parses the files of a pack.
    pub(super) fn new(files: PackFiles, sources: &SourceMap, diagnostics: &mut Diagnostics) -> Self {
        let mut trees = Vec::with_capacity(files.sources.len());
        for id in &files.sources {
            let (tree, problems) = syntax::parse(*id, sources.file(*id).text());
            trees.push(tree);
            diagnostics.append(problems);
        }
        Self { files, trees }
    }

    /// Returns what the model needs of it.
    pub(super) fn as_trees(&self) -> PackTrees<'_> {
        PackTrees { name: &self.files.name, trees: &self.trees }
    }

    fn names(&self, keyword: Keyword) -> impl Iterator<Item = &Name> {
        let declarations = self.trees.iter().flat_map(SyntaxTree::declarations);
        declarations.filter(move |found| found.keyword.value == keyword).filter_map(|found| found.name.as_ref())
    }
}

/// Enters the texts of a pack into the source map and parses them.
pub(super) fn enter(
    name: String,
    texts: impl IntoIterator<Item = (String, String)>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> ParsedPack {
    let ids: Vec<SourceId> = texts.into_iter().map(|(name, text)| sources.add(name, text)).collect();
    ParsedPack::new(PackFiles { name, sources: ids }, sources, diagnostics)
}

/// Reads what a pack imports, and what that imports in turn, each pack once.
pub(super) fn read_imports(
    first: ParsedPack,
    shelf: &Shelf<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> (Vec<ParsedPack>, Searched) {
    let mut wanted: Vec<String> = first.names(Keyword::Import).map(|name| name.value.clone()).collect();
    if wanted.is_empty() {
        return (vec![first], Searched::default());
    }
    let mut tried: Vec<String> = first.names(Keyword::Pack).map(|name| name.value.clone()).collect();
    let mut packs = vec![first];
    let mut next = 0;
    while let Some(name) = wanted.get(next).cloned() {
        next += 1;
        if tried.contains(&name) {
            continue;
        }
        tried.push(name.clone());
        match shelf.find(&name) {
            Ok(Some(texts)) => {
                let pack = enter(name, texts, sources, diagnostics);
                wanted.extend(pack.names(Keyword::Import).map(|name| name.value.clone()));
                packs.push(pack);
            }
            // The model says so, at the import.
            Ok(None) => {}
            Err(problems) => diagnostics.append(problems),
        }
    }
    (packs, Searched { roots: shelf.roots.clone(), names: shelf.names() })
}

/// The files of a pack: names and texts.
type Texts = Vec<(String, String)>;

impl Shelf<'_> {
    /// Returns the pack of that name, if there is one.
    fn find(&self, name: &str) -> Result<Option<Texts>, Diagnostics> {
        if let Some(files) = self.files {
            for root in &self.roots {
                if !files.folders(root).iter().any(|folder| folder == name) {
                    continue;
                }
                let folder =
                    if root == "." { name.to_owned() } else { format!("{}/{name}", root.trim_end_matches('/')) };
                // A folder of that name without a pack in it is another thing that happens to be called so.
                if files.list(&folder, "etio").is_ok_and(|paths| !paths.is_empty()) {
                    return pack_texts(&folder, files).map(Some);
                }
            }
        }
        Ok(BUILT_IN.contains(&name).then(built_in))
    }

    /// Returns the names of everything that could be meant.
    fn names(&self) -> Vec<String> {
        let folders = self.files.iter().flat_map(|files| self.roots.iter().flat_map(|root| files.folders(root)));
        folders.chain(BUILT_IN.map(str::to_owned)).collect()
    }
}

/// Returns the folder that a pack lies in.
pub(super) fn root_of(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit_once('/') {
        // A path that ends in dots names a folder by where it is not.
        _ if trimmed.is_empty() || trimmed.ends_with('.') => format!("{path}/.."),
        Some(("", _)) => "/".to_owned(),
        Some((root, _)) => root.to_owned(),
        None => ".".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::root_of;

    #[test]
    fn a_pack_lies_in_the_folder_above_it() {
        for (path, root) in [
            ("packs/st_anna", "packs"),
            ("packs/st_anna/", "packs"),
            ("packs/one.etio", "packs"),
            ("st_anna", "."),
            ("/st_anna", "/"),
            (".", "./.."),
            ("../..", "../../.."),
        ] {
            assert_eq!(root_of(path), root, "{path}");
        }
    }
}
