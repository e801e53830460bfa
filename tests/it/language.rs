//! What the language's tests share: reading packs out of text, and small packs.

use etiology::diagnostic::render::{Style, render};
use etiology::diagnostic::{Code, Diagnostics};
use etiology::model::{KnowledgeBase, PackTrees, Searched, lower, lower_packs};
use etiology::source::SourceMap;
use etiology::syntax::{SyntaxTree, parse};

/// What became of a pack.
pub struct Outcome {
    pub base: Option<KnowledgeBase>,
    pub diagnostics: Diagnostics,
    pub sources: SourceMap,
}

impl Outcome {
    /// Returns the codes, in order of file and position, without repetitions.
    pub fn codes(&self) -> Vec<Code> {
        let mut codes: Vec<Code> = self.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// Returns the diagnostics as a person sees them.
    pub fn shown(&self) -> String {
        render(&self.diagnostics, &self.sources, Style::Graphical { colour: false })
    }
}

/// Parses and lowers files, given as name and text.
pub fn read(files: &[(&str, &str)]) -> Outcome {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let mut trees: Vec<SyntaxTree> = Vec::new();
    for (name, text) in files {
        let id = sources.add(*name, *text);
        let (tree, found) = parse(id, text);
        trees.push(tree);
        diagnostics.append(found);
    }
    let (base, found) = lower(&trees, &sources);
    diagnostics.append(found);
    diagnostics.sort(&sources);
    Outcome { base, diagnostics, sources }
}

/// Parses and lowers one file, or several packs where lines such as `// hospital/pack.etio` say so; the first of
/// them is the one that is asked for.
pub fn read_one(text: &str) -> Outcome {
    let packs = packs_in(text);
    if packs.is_empty() { read(&[("pack.etio", text)]) } else { read_packs(&packs) }
}

/// Returns the files of a text in which several packs stand, as path and text.
pub fn packs_in(text: &str) -> Vec<(String, String)> {
    let mut packs: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.trim_end().strip_prefix("// ").filter(|path| path.ends_with("/pack.etio")), packs.last_mut()) {
            (Some(path), _) => packs.push((path.to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    packs
}

/// Parses and lowers packs of one file each, given as `name/file` and text, the one that is asked for first.
pub fn read_packs(files: &[(String, String)]) -> Outcome {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let mut trees: Vec<[SyntaxTree; 1]> = Vec::new();
    for (path, text) in files {
        let (tree, found) = parse(sources.add(path, text), text);
        trees.push([tree]);
        diagnostics.append(found);
    }
    let names: Vec<&str> = files.iter().map(|(path, _)| path.split('/').next().unwrap()).collect();
    let packs: Vec<PackTrees<'_>> = names.iter().zip(&trees).map(|(name, trees)| PackTrees { name, trees }).collect();
    let searched = Searched { roots: vec![".".into()], names: names.iter().map(|name| (*name).to_owned()).collect() };
    let (base, found) = lower_packs(&packs, &searched, &sources);
    diagnostics.append(found);
    diagnostics.sort(&sources);
    Outcome { base, diagnostics, sources }
}

/// The head of every small pack.
pub const HEAD: &str = "pack p \"P\" { version 1.0.0 language 1 }\n";

/// Returns the knowledge base as text without places and digest, for comparison.
pub fn placeless(base: &KnowledgeBase) -> String {
    let whole = format!("{base:?}");
    let mut kept = String::with_capacity(whole.len());
    let mut rest = whole.as_str();
    while let Some(start) = rest.find("Span {") {
        kept.push_str(&rest[..start]);
        rest = &rest[start..];
        rest = &rest[rest.find('}').map_or(rest.len(), |end| end + 1)..];
    }
    kept.push_str(rest);
    kept.replace(&base.pack.digest, "")
}
