//! What the language's tests share: reading packs out of text, and small packs.

use etiology::diagnostic::render::{Style, render};
use etiology::diagnostic::{Code, Diagnostics};
use etiology::model::{KnowledgeBase, lower};
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

/// Parses and lowers one file.
pub fn read_one(text: &str) -> Outcome {
    read(&[("pack.etio", text)])
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
