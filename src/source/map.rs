//! The files that were read, and lines and columns in them.

use super::{SourceId, Span};

/// One file of text and where its lines begin.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

impl SourceFile {
    /// Returns the name shown to people: a path relative to where the program runs, or
    /// `<pack>/file.etio` for the packs inside the binary.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A place as people write it: file, line and column, both counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl std::fmt::Display for Location {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// All source files of one run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Enters a file and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0)
            .chain(newlines.map(|(offset, _)| u32::try_from(offset + 1).unwrap_or(u32::MAX)))
            .collect();
        let id = SourceId(u32::try_from(self.files.len()).expect("invariant: fewer than 2^32 files"));
        self.files.push(SourceFile { name: name.into(), text, line_starts });
        id
    }

    /// Returns the file with that id.
    pub fn file(&self, id: SourceId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Returns every file with its id, in the order of entry.
    pub fn files(&self) -> impl Iterator<Item = (SourceId, &SourceFile)> {
        (0..).map(SourceId).zip(&self.files)
    }

    /// Returns the text under a span.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.source).text.get(span.range()).unwrap_or("")
    }

    /// Returns file, line and column of the start of a span.
    pub fn location(&self, span: Span) -> Location {
        let file = self.file(span.source);
        let line = file.line_starts.partition_point(|&start| start <= span.start).max(1);
        let line_start = file.line_starts[line - 1] as usize;
        let before = file.text.get(line_start..span.start as usize).unwrap_or("");
        Location { file: file.name.clone(), line, column: before.chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn location_counts_lines_and_characters_from_one() {
        let mut map = SourceMap::default();
        let id = map.add("a.etio", "eins\nzwölf drei\n");
        let span = Span::new(id, 12, 16);
        assert_eq!(map.text(span), "drei");
        assert_eq!(map.location(span), Location { file: "a.etio".into(), line: 2, column: 7 });
        assert_eq!(map.location(Span::new(id, 0, 0)).line, 1);
    }
}
