//! Who is asked: a person at a terminal, or a script.
//!
//! Whatever asks one question after the other is lent a [`Talk`], and neither prints nor reads by itself.

use crate::explanation::Document;

/// Somebody to talk to.
pub trait Talk {
    /// Shows text.
    fn say(&mut self, text: &str);

    /// Shows a document.
    fn show(&mut self, document: &Document);

    /// Returns the next line that is typed, without its end; none where nobody answers any more.
    fn listen(&mut self) -> Option<String>;
}
