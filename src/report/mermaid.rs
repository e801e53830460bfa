//! Answers as Mermaid flowcharts: an arrow from each reason to what it is a reason for.

use crate::explanation::{Answer, Part, PartKind};
use std::fmt::Write as _;

/// Letters of a label in one line; the rest goes into further lines.
const LINE: usize = 44;

/// Returns the answer as a flowchart.
pub fn mermaid(answer: &Answer) -> String {
    let mut chart = Chart::default();
    let top = chart.node(&answer.answer, Shape::Round, "conclusion");
    for part in &answer.reasons {
        chart.part(part, top);
    }
    chart.finish("BT")
}

/// Outlines of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A box.
    Box,
    /// A box with round ends.
    Round,
    /// A six-sided box.
    Hexagon,
}

/// A flowchart that grows.
#[derive(Clone, Debug, Default)]
pub(super) struct Chart {
    nodes: usize,
    text: String,
    /// Nodes of derivations that are named again, by their number.
    labelled: Vec<(usize, usize)>,
}

impl Chart {
    /// Adds a node and returns its number. Ids are made up, so that no name can be taken for a keyword.
    pub(super) fn node(&mut self, label: &str, shape: Shape, class: &str) -> usize {
        let id = self.nodes;
        self.nodes += 1;
        let (open, close) = match shape {
            Shape::Box => ("[", "]"),
            Shape::Round => ("([", "])"),
            Shape::Hexagon => ("{{", "}}"),
        };
        let _ = writeln!(self.text, "  n{id}{open}\"{}\"{close}:::{class}", escaped(label));
        id
    }

    /// Adds an arrow, with words on it where there are some.
    pub(super) fn arrow(&mut self, from: usize, to: usize, label: &str, dashed: bool) {
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(label)) };
        let line = if dashed { "-.->" } else { "-->" };
        let _ = writeln!(self.text, "  n{from} {line}{label} n{to}");
    }

    /// Returns the flowchart, drawn in a direction such as `BT`, from bottom to top.
    pub(super) fn finish(self, direction: &str) -> String {
        format!("flowchart {direction}\n{}{CLASSES}", self.text)
    }

    fn part(&mut self, part: &Part, above: usize) {
        if matches!(part.kind, PartKind::Reason | PartKind::Source | PartKind::Note) {
            return;
        }
        if let Some((_, node)) = self.labelled.iter().find(|(label, _)| part.see == Some(*label)) {
            let node = *node;
            self.arrow(node, above, "", false);
            return;
        }
        let (mark, class) = match (part.kind, part.outcome) {
            (PartKind::Blocker, _) => ("✗ blocks: ", "blocks"),
            (PartKind::Rule, Some("true")) => ("", "rule"),
            (PartKind::Rule, _) => ("", "silent"),
            (_, Some("true")) => ("✓ ", "holds"),
            (_, Some("false")) => ("✗ ", "fails"),
            (_, Some(_)) => ("? ", "unknown"),
            (_, None) => ("", "figure"),
        };
        let name = match (part.kind, &part.id) {
            (PartKind::Rule, Some(id)) => format!("{id}: "),
            _ => String::new(),
        };
        let shape = if part.kind == PartKind::Rule { Shape::Hexagon } else { Shape::Box };
        let node = self.node(&format!("{mark}{name}{}", part.sentence), shape, class);
        self.labelled.extend(part.label.map(|label| (label, node)));
        self.arrow(node, above, "", false);
        for inner in &part.parts {
            self.part(inner, node);
        }
    }
}

const CLASSES: &str = "  classDef conclusion font-weight:bold
  classDef rule fill:#e8eef7,stroke:#22324a,color:#111
  classDef silent fill:#f4f4f4,stroke:#777,color:#333,stroke-dasharray:5 3
  classDef holds fill:#e7f2e7,stroke:#203a20,color:#111
  classDef fails fill:#f7e3e3,stroke:#6a2020,color:#111
  classDef blocks fill:#f7e3e3,stroke:#6a2020,color:#111,stroke-width:3px
  classDef unknown fill:#f7f0d9,stroke:#6a5a20,color:#111
  classDef figure fill:#ffffff,stroke:#555,color:#111
  classDef mode fill:#f2e6d0,stroke:#4a3a1a,color:#111,stroke-width:2px
  classDef factor fill:#e8eef7,stroke:#22324a,color:#111
  classDef mitigation fill:#e7f2e7,stroke:#203a20,color:#111,stroke-dasharray:5 3
";

/// Returns a label that nothing in it can end or turn into markup: every sign but letters, digits, blanks and
/// a few that are harmless is written as its number. Long labels are broken between words.
fn escaped(label: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in label.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > LINE {
            out.push_str("<br/>");
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        column += length;
        for letter in word.chars() {
            if letter.is_alphanumeric()
                || matches!(letter, '.' | ',' | ':' | '(' | ')' | '_' | '-' | '=' | '/' | '+' | '?' | '✓' | '✗')
            {
                out.push(letter);
            } else {
                let _ = write!(out, "#{};", u32::from(letter));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_leave_their_quotes_or_become_markup() {
        assert_eq!(
            escaped("a \"b\" <br> #35; `c` [x]{y}|z|"),
            "a #34;b#34; #60;br#62; #35;35#59; #96;c#96; #91;x#93;#123;y#125;#124;z#124;"
        );
        assert_eq!(escaped("at 10 % ≥ x"), "at 10 #37; #8805; x");
        assert_eq!(escaped("end"), "end");
        let long = escaped(&"word ".repeat(20));
        assert_eq!(long.matches("<br/>").count(), 2, "{long}");
    }

    #[test]
    fn a_chart_has_a_line_for_each_node_and_arrow() {
        let mut chart = Chart::default();
        let (one, other) = (chart.node("one", Shape::Box, "holds"), chart.node("other", Shape::Hexagon, "rule"));
        chart.arrow(one, other, "0.5", false);
        let text = chart.finish("BT");
        assert!(
            text.starts_with("flowchart BT\n  n0[\"one\"]:::holds\n  n1{{\"other\"}}:::rule\n  n0 -->|\"0.5\"| n1\n")
        );
    }
}
