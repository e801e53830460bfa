//! The one way in which a file of the language is laid out.
//!
//! Only blanks and line ends change: the tokens that come out are those that went in, comments included, in the same
//! order. What could not be read is left as it stands. So formatting cannot change what a pack means, and doing it
//! twice changes nothing more; both are held as properties by the tests.
//!
//! A declaration is a head on one line and a body with one clause a line. In `when` each condition that is joined has a
//! line of its own, its `and` or `or` ending under the end of `when`; the actions of `then` stand below one another.
//! Lists of names break at a comma where they would be too long. Blank lines between clauses and declarations stay, but
//! never two, and around a body there is always one.

mod breaks;
mod line;

use super::ast::{Declaration, Piece, PieceKind, SyntaxTree};
use super::token::tokens;
use breaks::breaks_of;
use line::Lines;

/// Columns beyond which a line is broken where it can be.
const WIDTH: usize = 120;

/// Returns the text of a file as it should be laid out, with the line ends that it had.
pub fn format(tree: &SyntaxTree) -> String {
    let mut out = String::new();
    let mut before: Option<&Piece> = None;
    // Line ends since the last piece that is no blank.
    let mut ends = 0;
    for piece in &tree.pieces {
        let text = tree.text_of(piece);
        if matches!(piece.kind, PieceKind::Blank) {
            ends += text.bytes().filter(|byte| *byte == b'\n').count();
            continue;
        }
        if let Some(before) = before {
            out.push_str(gap(before, piece, ends));
        }
        match &piece.kind {
            PieceKind::Declaration(declaration) => out.push_str(&laid_out(tree, declaration, text)),
            PieceKind::Blank | PieceKind::Comment | PieceKind::Broken { .. } | PieceKind::Stray => {
                out.push_str(text.trim_end());
            }
        }
        // A comment behind a declaration belongs to it, and does not lead to what comes next.
        if ends > 0 || !matches!(piece.kind, PieceKind::Comment) || before.is_none() {
            before = Some(piece);
        }
        ends = 0;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    // Broken pieces were copied with the line ends that they had.
    let out = out.replace("\r\n", "\n");
    if tree.text.contains("\r\n") { out.replace('\n', "\r\n") } else { out }
}

/// Returns what stands between two pieces that were `ends` lines apart.
fn gap(before: &Piece, piece: &Piece, ends: usize) -> &'static str {
    let has_body = |piece: &Piece| matches!(&piece.kind, PieceKind::Declaration(it) if it.body.is_some());
    let is_comment = |piece: &Piece| matches!(piece.kind, PieceKind::Comment);
    match ends {
        // A comment behind a declaration; anything else that shares a line gets one of its own.
        0 if is_comment(piece) => "  ",
        0 | 1 if is_comment(before) => "\n",
        0 | 1 if !has_body(before) && (!has_body(piece) || is_comment(piece)) => "\n",
        _ => "\n\n",
    }
}

fn laid_out(tree: &SyntaxTree, declaration: &Declaration, text: &str) -> String {
    let start = declaration.span.range().start;
    let head = text.len() - (declaration.span.range().end - start).min(text.len());
    let mut out = String::new();
    for line in text[..head].lines().map(str::trim).filter(|line| !line.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
    let body = tree.text.get(declaration.span.range()).unwrap_or("");
    let mut lines = Lines::new(WIDTH);
    let breaks = breaks_of(declaration, body);
    for token in tokens(body) {
        let at = breaks.get(&token.start).copied();
        lines.push(token, at);
    }
    out.push_str(&lines.finish());
    out
}
