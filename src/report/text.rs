//! Answers on a terminal or in a pipe.

use crate::explanation::{Block, Column, Document, Entry, Line, Piece, Tone, Tree};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::fmt::Write as _;

/// How wide and how colourful.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns that a line may take.
    pub width: usize,
    /// Whether to use colour.
    pub colour: bool,
}

impl Default for Look {
    /// What a report fits when nobody says otherwise.
    fn default() -> Self {
        Look { width: 100, colour: false }
    }
}

/// Returns the document as text that ends in a newline.
pub fn render(document: &Document, look: Look) -> String {
    let mut out = String::new();
    for (position, block) in document.blocks.iter().enumerate() {
        let after_heading = position > 0 && matches!(document.blocks[position - 1], Block::Heading { .. });
        if position > 0 && !after_heading {
            out.push('\n');
        }
        match block {
            Block::Heading { level, text } => heading(&mut out, *level, text, look),
            Block::Paragraph(line) => push_wrapped(&mut out, line, "", "", look),
            Block::Entries(entries) => entries.iter().for_each(|entry| push_entry(&mut out, entry, look)),
            Block::Table { columns, rows } => table(&mut out, columns, rows, look),
            Block::Trees(trees) => {
                for tree in trees {
                    push_wrapped(&mut out, &tree.line, "", "", look);
                    push_children(&mut out, &tree.children, "", look);
                }
            }
            Block::Verbatim(lines) => lines.iter().for_each(|line| {
                let _ = writeln!(out, "  {line}");
            }),
        }
    }
    out
}

/// Returns text with its long lines broken between words; what follows keeps the line's indentation.
/// Blocks between fences stay as they are.
pub fn fit(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        if fenced || fence {
            let _ = writeln!(out, "{line}");
            continue;
        }
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        let hangs = !indent.is_empty() || words.starts_with("- ");
        let rest = format!("{indent}{}", if hangs { "  " } else { "" });
        push_wrapped(&mut out, &Line::from(words), indent, &rest, Look { width, colour: false });
    }
    out
}

fn heading(out: &mut String, level: u8, text: &Line, look: Look) {
    let strong = |piece: &Piece| Piece {
        text: piece.text.clone(),
        tone: match piece.tone {
            Tone::Plain => Tone::Strong,
            tone => tone,
        },
    };
    let line = Line { pieces: text.pieces.iter().map(strong).collect() };
    push_wrapped(out, &line, "", "", look);
    if level == 1 {
        let _ = writeln!(out, "{}", "─".repeat(text.text().chars().count().min(look.width)));
    }
}

fn push_entry(out: &mut String, entry: &Entry, look: Look) {
    let first = format!(" {} ", entry.mark);
    let rest = " ".repeat(first.chars().count());
    push_wrapped(out, &entry.text, &first, &rest, look);
    for detail in &entry.details {
        push_wrapped(out, detail, &rest, &rest, look);
    }
}

fn push_children(out: &mut String, children: &[Tree], indent: &str, look: Look) {
    for (position, child) in children.iter().enumerate() {
        let last = position + 1 == children.len();
        let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let below = format!("{indent}{below}");
        // A wrapped line keeps the stem of its own children, so that the tree stays in one piece.
        let wrapped = if child.children.is_empty() { format!("{below}  ") } else { format!("{below}│ ") };
        push_wrapped(out, &child.line, &format!("{indent}{branch}"), &wrapped, look);
        push_children(out, &child.children, &below, look);
    }
}

fn table(out: &mut String, columns: &[Column], rows: &[Vec<Line>], look: Look) {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(look.width).unwrap_or(u16::MAX));
    if columns.iter().any(|column| !column.title.is_empty()) {
        table.set_header(columns.iter().map(|column| column.title));
    }
    for row in rows {
        // Colours are put in below: the table must measure plain words.
        table.add_row(row.iter().map(Line::text));
    }
    for (position, column) in columns.iter().enumerate() {
        if let Some(drawn) = table.column_mut(position) {
            drawn.set_padding((if position == 0 { 0 } else { 1 }, 1));
            if column.right {
                drawn.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    let header = columns.iter().any(|column| !column.title.is_empty());
    for (position, line) in table.lines().enumerate() {
        let line = line.trim_end();
        let line = if header && position == 0 { paint(line, Tone::Faint, look) } else { coloured(line, rows, look) };
        let _ = writeln!(out, "{line}");
    }
}

/// Returns a table's line with the coloured pieces of its cells painted.
fn coloured(line: &str, rows: &[Vec<Line>], look: Look) -> String {
    if !look.colour {
        return line.to_owned();
    }
    let pieces = rows.iter().flatten().flat_map(|cell| &cell.pieces).filter(|piece| piece.tone != Tone::Plain);
    let mut painted = line.to_owned();
    let mut done: Vec<&str> = Vec::new();
    for piece in pieces {
        if !done.contains(&piece.text.as_str()) && !piece.text.trim().is_empty() {
            painted = painted.replacen(piece.text.as_str(), &paint(&piece.text, piece.tone, look), 1);
            done.push(&piece.text);
        }
    }
    painted
}

/// Adds a line, broken between words so that it fits the width.
fn push_wrapped(out: &mut String, line: &Line, first: &str, rest: &str, look: Look) {
    let mut column = 0;
    let mut at_start = true;
    out.push_str(first);
    column += first.chars().count();
    for piece in &line.pieces {
        for word in piece.text.split_inclusive(' ') {
            let shown = word.trim_end().chars().count();
            if !at_start && column + shown > look.width {
                trim_end(out);
                out.push('\n');
                out.push_str(rest);
                column = rest.chars().count();
            }
            // Colour ends with the word, so that a blank at the end of a line can be seen and cut.
            let bare = word.trim_end_matches(' ');
            if !bare.is_empty() {
                out.push_str(&paint(bare, piece.tone, look));
            }
            out.push_str(&word[bare.len()..]);
            column += word.chars().count();
            at_start = false;
        }
    }
    trim_end(out);
    out.push('\n');
}

fn trim_end(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
}

fn paint(text: &str, tone: Tone, look: Look) -> String {
    let code = match tone {
        Tone::Plain => return text.to_owned(),
        Tone::Strong => "1",
        Tone::Faint => "2",
        Tone::Name => "36",
        Tone::Good => "32",
        Tone::Warn => "33",
        Tone::Bad => "1;31",
    };
    if look.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
