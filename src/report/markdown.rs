//! An answer as Markdown, for documents that people write on.

use crate::explanation::{Block, Document, Line, Tone, Tree};
use std::fmt::Write as _;

/// Details of an entry that follow it in its line.
const IN_LINE: usize = 3;

/// Returns an answer as Markdown. Names that can be typed are set as code.
pub fn markdown(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        match block {
            Block::Heading { level, text } => {
                let _ = writeln!(out, "{} {}\n", "#".repeat(usize::from(*level)), words(text));
            }
            Block::Paragraph(line) => {
                let _ = writeln!(out, "{}\n", words(line));
            }
            Block::Entries(entries) => {
                for entry in entries {
                    let mark = if entry.mark == "-" { String::new() } else { format!("{} ", entry.mark) };
                    let details: Vec<String> = entry.details.iter().map(words).collect();
                    let text = words(&entry.text);
                    // A few words of detail follow in the line; more would be read as one endless sentence.
                    let _ = match details.len() {
                        0 => writeln!(out, "- {mark}{text}"),
                        1..=IN_LINE => writeln!(out, "- {mark}{text}: {}", details.join("; ")),
                        _ => {
                            let below = details.iter().map(|detail| format!("  - {}\n", detail.trim_start()));
                            write!(out, "- {mark}{text}\n{}", below.collect::<String>())
                        }
                    };
                }
                out.push('\n');
            }
            Block::Table { columns, rows } => {
                let titles: Vec<&str> = columns.iter().map(|column| column.title).collect();
                let _ = writeln!(out, "| {} |\n|{}", titles.join(" | "), " --- |".repeat(columns.len()));
                for row in rows {
                    let _ = writeln!(out, "| {} |", row.iter().map(words).collect::<Vec<_>>().join(" | "));
                }
                out.push('\n');
            }
            Block::Trees(trees) => {
                // A list to be worked through instead of a recursion, since trees may be deep.
                let mut open: Vec<(usize, &Tree)> = trees.iter().rev().map(|tree| (0, tree)).collect();
                while let Some((depth, tree)) = open.pop() {
                    let _ = writeln!(out, "{}- {}", "  ".repeat(depth), words(&tree.line));
                    open.extend(tree.children.iter().rev().map(|child| (depth + 1, child)));
                }
                out.push('\n');
            }
            Block::Verbatim(lines) => {
                let _ = writeln!(out, "```\n{}\n```\n", lines.join("\n"));
            }
        }
    }
    out
}

fn words(line: &Line) -> String {
    let pieces = line.pieces.iter().map(|piece| match piece.tone {
        Tone::Name => format!("`{}`", piece.text.replace('`', "'")),
        Tone::Strong => format!("**{}** ", escaped(piece.text.trim_end())),
        Tone::Plain | Tone::Faint | Tone::Good | Tone::Warn | Tone::Bad => escaped(&piece.text),
    });
    pieces.collect()
}

/// Characters that Markdown would read as its own.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if matches!(character, '*' | '_' | '`' | '[' | ']' | '<' | '>' | '|' | '\\' | '#') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
