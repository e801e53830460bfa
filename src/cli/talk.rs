//! The terminal as somebody to talk to.

use super::Terminal;
use crate::explanation::Document;
use crate::talk::Talk;
use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};

/// No answer of a person is this long.
const LONGEST: u64 = 1 << 16;

/// A person at the terminal, or a script whose answers are shown as if they had been typed.
pub(super) struct AtTerminal {
    terminal: Terminal,
    is_person: bool,
}

impl AtTerminal {
    /// Returns whoever is at the program's standard input.
    pub fn new(terminal: &Terminal) -> Self {
        Self { terminal: *terminal, is_person: std::io::stdin().is_terminal() }
    }
}

impl Talk for AtTerminal {
    fn say(&mut self, text: &str) {
        self.terminal.text(&format!("{text}\n"));
    }

    fn show(&mut self, document: &Document) {
        self.terminal.document(document);
    }

    fn listen(&mut self) -> Option<String> {
        self.terminal.out("> ");
        let _ = std::io::stdout().flush();
        let mut line = String::new();
        // What is no text cannot be an answer; it ends the dialogue as a closed input does.
        let read = std::io::stdin().lock().take(LONGEST).read_line(&mut line).unwrap_or(0);
        if !self.is_person {
            self.terminal.out(&format!("{}\n", line.trim_end()));
        }
        (read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned())
    }
}
