//! One diagnostic, the bag that collects them, and how a layer's error kind becomes one.

use super::{Code, Severity};
use crate::source::{SourceMap, Span};

/// Where a label points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A range of text in a file of the source map.
    Text(Span),
    /// A cell, row or column of a data table, which is too large to keep as text.
    Table {
        /// The file, as the manifest names it.
        file: String,
        /// The row, counted from 1 without the header.
        row: Option<u64>,
        /// The column.
        column: Option<String>,
    },
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Place::Text(span)
    }
}

/// A place and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is there, in a few words.
    pub text: String,
}

impl Label {
    /// Returns a label at `place` that says `text`.
    pub fn new(place: impl Into<Place>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into() }
    }
}

/// One thing that is wrong, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code.
    pub code: Code,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// Every place involved, the main one first.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns a diagnostic without labels or help.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None }
    }

    /// Adds a label.
    #[must_use]
    pub fn with_label(mut self, place: impl Into<Place>, text: impl Into<String>) -> Self {
        self.labels.push(Label::new(place, text));
        self
    }

    /// Sets the repair.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns how bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// What a layer's error enum says about each of its kinds; the message is its `Display`.
pub trait Kind: std::fmt::Display {
    /// Returns the code.
    fn code(&self) -> Code;
    /// Returns every place involved, the main one first.
    fn labels(&self) -> Vec<Label>;
    /// Returns the repair.
    fn help(&self) -> Option<String> {
        None
    }
}

impl<K: Kind> From<K> for Diagnostic {
    fn from(kind: K) -> Self {
        Diagnostic { code: kind.code(), message: kind.to_string(), labels: kind.labels(), help: kind.help() }
    }
}

/// The diagnostics of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.all.push(diagnostic.into());
    }

    /// Adds all of another bag.
    pub fn append(&mut self, other: Diagnostics) {
        self.all.extend(other.all);
    }

    /// Tells whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// Drops the warnings.
    pub fn clear_warnings(&mut self) {
        self.all.retain(|diagnostic| diagnostic.severity() == Severity::Error);
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns them in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.all.iter()
    }

    /// Sorts by file name, position, code and message, and drops exact repetitions, so that the
    /// order in which files and declarations were read cannot be seen.
    pub fn sort(&mut self, sources: &SourceMap) {
        let key = |diagnostic: &Diagnostic| {
            let place = diagnostic.labels.first().map(|label| match &label.place {
                Place::Text(span) => (sources.file(span.source).name().to_owned(), u64::from(span.start)),
                Place::Table { file, row, .. } => (file.clone(), row.unwrap_or(0)),
            });
            (place, diagnostic.code, diagnostic.message.clone())
        };
        self.all.sort_by_cached_key(key);
        self.all.dedup();
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics { all: vec![diagnostic] }
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}
