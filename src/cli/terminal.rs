//! The two streams: answers on standard output, everything else on standard error.
#![expect(clippy::print_stderr, reason = "this is where the program speaks")]

use super::args::{Colour, Format};
use crate::diagnostic::render::{Style, render};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::explanation::Document;
use crate::report::text::{self, Look};
use crate::source::SourceMap;
use std::io::{IsTerminal as _, Write as _};

/// Columns that a report takes when nobody knows the width.
const WIDTH: usize = 100;

/// How to speak.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    look: Look,
    style: Style,
}

impl Terminal {
    /// Returns the terminal that the program was started on.
    #[expect(clippy::disallowed_methods, reason = "NO_COLOR is a property of the terminal")]
    pub fn new(colour: Colour, plain: bool) -> Self {
        let allowed = std::env::var("NO_COLOR").map_or(true, |value| value.is_empty());
        let wanted = |is_terminal: bool| match colour {
            Colour::Auto => is_terminal && allowed,
            Colour::Always => true,
            Colour::Never => false,
        };
        let style =
            if plain { Style::Narrated } else { Style::Graphical { colour: wanted(std::io::stderr().is_terminal()) } };
        Terminal { look: Look { width: WIDTH, colour: wanted(std::io::stdout().is_terminal()) }, style }
    }

    /// Tells whether answers are coloured.
    pub fn colour(&self) -> bool {
        self.look.colour
    }

    /// Writes an answer for people.
    pub fn document(&self, document: &Document) {
        self.out(&text::render(document, self.look));
    }

    /// Writes an answer for programs.
    pub fn value(&self, value: &serde_json::Value, format: Format) {
        let yaml = (format == Format::Yaml).then(|| serde_yaml::to_string(value));
        self.out(&match yaml {
            Some(Ok(yaml)) => yaml,
            // Every JSON value can be written as YAML; should a writer fail all the same, JSON is YAML, too.
            Some(Err(_)) | None => format!("{value:#}\n"),
        });
    }

    /// Writes text for people, with its long lines broken.
    pub fn text(&self, text: &str) {
        self.out(&text::fit(text, self.look.width));
    }

    /// Writes an answer as it is.
    pub fn out(&self, text: &str) {
        // A closed pipe (`etio … | head`) is no error of ours.
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// Writes a remark to people.
    pub fn remark(&self, text: &str) {
        eprintln!("{text}");
    }

    /// Writes diagnostics.
    pub fn diagnostics(&self, diagnostics: &Diagnostics, sources: &SourceMap) {
        eprint!("{}", render(diagnostics, sources, self.style));
    }

    /// Writes one diagnostic that has no place in a file.
    pub fn diagnostic(&self, diagnostic: &Diagnostic) {
        self.diagnostics(&diagnostic.clone().into(), &SourceMap::default());
    }
}
