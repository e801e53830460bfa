//! From an answer to text, JSON or a picture. Widths, colours and serialised forms are chosen here
//! and nowhere else.
//!
//! Start with [`text::render`] for people and [`json::assessment`] for programs; an answer is also drawn as a
//! proof tree by [`formal::formal`] and as a flowchart by [`mermaid::mermaid`].

pub mod chart;
pub mod formal;
pub mod graph;
pub mod json;
pub mod markdown;
pub mod mermaid;
#[cfg(feature = "cli")]
pub mod text;

/// Returns a text with what XML gives a meaning to written out.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
