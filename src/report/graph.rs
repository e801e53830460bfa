//! The causal graph as a picture: SVG for reading, DOT and Mermaid for other tools. Edges run in the order of
//! diagnosis: from a mode to its causes, and from what is addressed to its mitigations.

use super::escaped;
use super::mermaid::{Chart, Shape as Outline};
use crate::model::{KnowledgeBase, NodeId};
use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, Point, RankDir, layout};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is drawn.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    title: String,
    boxes: Vec<Shape>,
    arrows: Vec<Arrow>,
}

#[derive(Clone, Debug)]
struct Shape {
    id: String,
    title: String,
    kind: ShapeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ShapeKind {
    Mode,
    Factor,
    Mitigation,
}

#[derive(Clone, Debug)]
struct Arrow {
    from: String,
    to: String,
    label: String,
    dashed: bool,
}

/// Which part of the graph is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    /// The mode or factor to start from; all modes where there is none.
    pub focus: Option<NodeId>,
    /// How many links to follow from the focus.
    pub depth: usize,
    /// Whether to draw mitigations.
    pub mitigations: bool,
}

impl Picture {
    /// Returns the picture of the selected part of a pack's causal graph.
    pub fn new(knowledge: &KnowledgeBase, selection: Selection) -> Self {
        let nodes = selected(knowledge, selection);
        let mut picture = Picture {
            title: match selection.focus {
                Some(focus) => format!("Causes of: {}", knowledge.nodes[focus].title),
                None => format!("Causal graph of the pack {} {}", knowledge.pack.id, knowledge.pack.version),
            },
            ..Picture::default()
        };
        for (id, node) in knowledge.nodes.iter().filter(|(id, _)| nodes.contains(id)) {
            let kind = if node.is_mode() { ShapeKind::Mode } else { ShapeKind::Factor };
            picture.boxes.push(Shape { id: node.id.clone(), title: node.title.clone(), kind });
            for cause in node.causes.iter().filter(|cause| nodes.contains(&cause.effect)) {
                picture.arrows.push(Arrow {
                    from: knowledge.nodes[cause.effect].id.clone(),
                    to: knowledge.nodes[id].id.clone(),
                    label: format!("{}", cause.strength),
                    dashed: false,
                });
            }
        }
        if selection.mitigations {
            picture.add_mitigations(knowledge, &nodes);
        }
        picture.arrows.sort_by(|left, right| (&left.from, &left.to).cmp(&(&right.from, &right.to)));
        picture
    }

    fn add_mitigations(&mut self, knowledge: &KnowledgeBase, nodes: &BTreeSet<NodeId>) {
        for mitigation in knowledge.mitigations.values() {
            let addressed: Vec<_> =
                mitigation.addresses.iter().filter(|address| nodes.contains(&address.node)).collect();
            if addressed.is_empty() {
                continue;
            }
            let (id, title) = (mitigation.id.clone(), mitigation.title.clone());
            self.boxes.push(Shape { id: id.clone(), title, kind: ShapeKind::Mitigation });
            for address in addressed {
                self.arrows.push(Arrow {
                    from: knowledge.nodes[address.node].id.clone(),
                    to: id.clone(),
                    label: format!("−{:.0} %", address.effect * 100.0),
                    dashed: true,
                });
            }
        }
    }

    /// Returns the picture in Graphviz' DOT language.
    pub fn dot(&self) -> String {
        let mut out =
            String::from("digraph etiology {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=11];\n");
        for shape in &self.boxes {
            let style = match shape.kind {
                ShapeKind::Mode => "shape=box, style=\"rounded,bold\"",
                ShapeKind::Factor => "shape=box",
                ShapeKind::Mitigation => "shape=box, style=\"rounded,dashed\"",
            };
            let _ = writeln!(out, "  {} [label=\"{}\\n{}\", {style}];", shape.id, quoted(&shape.title), shape.id);
        }
        for arrow in &self.arrows {
            let style = if arrow.dashed { ", style=dashed" } else { "" };
            let _ = writeln!(out, "  {} -> {} [label=\"{}\"{style}];", arrow.from, arrow.to, arrow.label);
        }
        out.push_str("}\n");
        out
    }

    /// Returns the picture as a Mermaid flowchart.
    pub fn mermaid(&self) -> String {
        let mut chart = Chart::default();
        let mut nodes: BTreeMap<&str, usize> = BTreeMap::new();
        for shape in &self.boxes {
            let (outline, class) = match shape.kind {
                ShapeKind::Mode => (Outline::Round, "mode"),
                ShapeKind::Factor => (Outline::Box, "factor"),
                ShapeKind::Mitigation => (Outline::Box, "mitigation"),
            };
            let label = format!("{} ({})", shape.title, shape.id);
            nodes.insert(&shape.id, chart.node(&label, outline, class));
        }
        for arrow in &self.arrows {
            if let (Some(from), Some(to)) = (nodes.get(arrow.from.as_str()), nodes.get(arrow.to.as_str())) {
                chart.arrow(*from, *to, &arrow.label, arrow.dashed);
            }
        }
        chart.finish("LR")
    }

    /// Returns the picture as a self-contained SVG with a title and description for screen readers.
    /// Kinds differ in outline as well as in shade, so the picture reads without colour.
    pub fn svg(&self) -> String {
        let placed = self.place();
        let extent = |edge: fn(&Placed) -> f64| placed.boxes.iter().map(edge).fold(0.0, f64::max) + MARGIN;
        let (width, height) = (extent(|placed| placed.x + placed.width), extent(|placed| placed.y + placed.height));
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" role=\"img\" aria-labelledby=\"title desc\" font-family=\"sans-serif\" font-size=\"12\">\n"
        );
        let _ = writeln!(out, "<title id=\"title\">{}</title>", escaped(&self.title));
        let _ = writeln!(out, "<desc id=\"desc\">{}</desc>", escaped(&self.description()));
        out.push_str(STYLE);
        for (arrow, points) in self.arrows.iter().zip(&placed.arrows) {
            draw_arrow(&mut out, arrow, points);
        }
        for (shape, place) in self.boxes.iter().zip(&placed.boxes) {
            draw_box(&mut out, shape, place);
        }
        out.push_str("</svg>\n");
        out
    }

    fn description(&self) -> String {
        let count = |kind| self.boxes.iter().filter(|shape| shape.kind == kind).count();
        format!(
            "{} failure modes (heavy outline), {} causal factors (thin outline) and {} mitigations (dashed outline). \
             Arrows lead from an effect to its causes, with the strength of the link, and from what is addressed to \
             its mitigations, with the share that they remove.",
            count(ShapeKind::Mode),
            count(ShapeKind::Factor),
            count(ShapeKind::Mitigation)
        )
    }

    fn place(&self) -> PlacedPicture {
        let mut graph = Graph::with_options(GraphOptions { directed: true, multigraph: false, compound: false });
        for shape in &self.boxes {
            let mut label = NodeLabel::default();
            (label.width, label.height) = size(shape);
            graph.set_node(shape.id.clone(), Some(label));
        }
        for arrow in &self.arrows {
            let mut label = EdgeLabel::default();
            (label.width, label.height) = (LETTER * arrow.label.chars().count() as f64, 14.0);
            graph.set_edge(arrow.from.as_str(), arrow.to.as_str(), Some(label), None);
        }
        let options = LayoutOptions {
            rankdir: RankDir::LR,
            nodesep: 14.0,
            ranksep: 70.0,
            marginx: MARGIN,
            marginy: MARGIN,
            ..LayoutOptions::default()
        };
        layout(&mut graph, Some(options));
        let boxes = self.boxes.iter().map(|shape| {
            let (width, height) = size(shape);
            let middle = graph.node(&shape.id).map(|node| (node.x.unwrap_or(0.0), node.y.unwrap_or(0.0)));
            let (x, y) = middle.unwrap_or_default();
            Placed { x: x - width / 2.0, y: y - height / 2.0, width, height }
        });
        let boxes: Vec<Placed> = boxes.collect();
        let place_of = |id: &str| self.boxes.iter().position(|shape| shape.id == id).and_then(|at| boxes.get(at));
        let arrows = self.arrows.iter().map(|arrow| {
            let between = graph.edge(&arrow.from, &arrow.to, None).map_or(&[][..], |edge| edge.points.as_slice());
            let inner = between.get(1..between.len().saturating_sub(1)).unwrap_or_default();
            let start = place_of(&arrow.from).map(|from| Point::new(from.x + from.width, from.y + from.height / 2.0));
            let end = place_of(&arrow.to).map(|to| Point::new(to.x, to.y + to.height / 2.0));
            start.into_iter().chain(inner.iter().cloned()).chain(end).collect()
        });
        PlacedPicture { arrows: arrows.collect(), boxes }
    }
}

/// Width of a letter at the font size, in units of the picture; measured wide enough for sans-serif.
const LETTER: f64 = 6.6;
const MARGIN: f64 = 16.0;
const LINE: usize = 30;

const STYLE: &str = "<style>\
    .mode rect{stroke-width:2.5}.mitigation rect{stroke-dasharray:5 3}\
    rect{fill:#fff;stroke:#222}.mode rect{fill:#f2e6d0}.factor rect{fill:#e8eef7}.mitigation rect{fill:#e7f2e7}\
    text{fill:#111}.id{fill:#555;font-size:10px}.link{fill:none;stroke:#555}.head{fill:#555}.strength{font-size:10px}\
    @media(prefers-color-scheme:dark){text{fill:#eee}.id{fill:#bbb}rect{stroke:#ddd}.mode rect{fill:#4a3a1a}\
    .factor rect{fill:#22324a}.mitigation rect{fill:#203a20}.link{stroke:#bbb}.head{fill:#bbb}}\
    </style>\n";

struct PlacedPicture {
    boxes: Vec<Placed>,
    arrows: Vec<Vec<Point>>,
}

struct Placed {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

fn selected(knowledge: &KnowledgeBase, selection: Selection) -> BTreeSet<NodeId> {
    let Some(focus) = selection.focus else { return knowledge.nodes.ids().collect() };
    let mut chosen = BTreeSet::from([focus]);
    let mut edge = vec![focus];
    for _ in 0..selection.depth {
        let causes: Vec<NodeId> = knowledge
            .nodes
            .iter()
            .filter(|(id, node)| !chosen.contains(id) && node.causes.iter().any(|cause| edge.contains(&cause.effect)))
            .map(|(id, _)| id)
            .collect();
        chosen.extend(&causes);
        edge = causes;
    }
    chosen
}

fn size(shape: &Shape) -> (f64, f64) {
    let lines = wrapped(&shape.title);
    let longest = lines.iter().map(String::len).chain([shape.id.len()]).max().unwrap_or(0);
    (LETTER * longest as f64 + 20.0, 15.0 * (lines.len() + 1) as f64 + 12.0)
}

fn wrapped(title: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in title.split(' ') {
        let full = lines.last().is_some_and(|line| !line.is_empty() && line.len() + word.len() >= LINE);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// Draws an arrow from the right side of a box to the left side of another, through the points that the
/// layout gives between them. Between two points the line leaves and arrives level, so it bends in the gap
/// between the columns and does not run under their boxes.
fn draw_arrow(out: &mut String, arrow: &Arrow, points: &[Point]) {
    let Some(first) = points.first() else { return };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    for pair in points.windows(2) {
        let bend = (pair[0].x + pair[1].x) / 2.0;
        let (from, to) = (pair[0].y, pair[1].y);
        let _ = write!(path, " C{bend:.1} {from:.1} {bend:.1} {to:.1} {:.1} {to:.1}", pair[1].x);
    }
    let dash = if arrow.dashed { " stroke-dasharray=\"4 3\"" } else { "" };
    let _ = writeln!(out, "<path class=\"link\" d=\"{path}\"{dash}/>");
    if let Some(last) = points.last() {
        let _ = writeln!(out, "<path class=\"head\" d=\"M{:.1} {:.1} l-8 -3.5 v7 z\"/>", last.x, last.y);
    }
    let middle = &points[points.len() / 2];
    let label = escaped(&arrow.label);
    let _ = writeln!(
        out,
        "<text class=\"strength\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
        middle.x,
        middle.y - 3.0
    );
}

fn draw_box(out: &mut String, shape: &Shape, place: &Placed) {
    let (class, corner) = match shape.kind {
        ShapeKind::Mode => ("mode", 8),
        ShapeKind::Factor => ("factor", 0),
        ShapeKind::Mitigation => ("mitigation", 14),
    };
    let Placed { x, y, width, height } = place;
    let _ = writeln!(out, "<g class=\"{class}\" id=\"{}\">", shape.id);
    let _ =
        writeln!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{corner}\"/>");
    let middle = x + width / 2.0;
    let lines = wrapped(&shape.title);
    for (row, line) in lines.iter().enumerate() {
        let baseline = y + 18.0 + 15.0 * row as f64;
        let _ = writeln!(
            out,
            "<text x=\"{middle:.1}\" y=\"{baseline:.1}\" text-anchor=\"middle\">{}</text>",
            escaped(line)
        );
    }
    let baseline = y + 18.0 + 15.0 * lines.len() as f64;
    let _ = writeln!(
        out,
        "<text class=\"id\" x=\"{middle:.1}\" y=\"{baseline:.1}\" text-anchor=\"middle\">{}</text>\n</g>",
        shape.id
    );
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
