//! `deployment.yaml`: what a deployment is, where its tables are and what is said of it.
//!
//! This file knows the keys and their kinds. What `inputs` and the answers mean is settled in
//! `statement.rs`, what `entities` and `relations` mean in `structure.rs`; these know the pack.

use super::block::{Block, as_text, wrong_kind};
use super::companion::companions;
use super::yaml::{Node, Yaml, parse_yaml};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{SourceId, SourceMap, Spanned};
use crate::table::{ColumnRoles, DEFAULT_MIN_CELL, OnMissing, PilotSpec, Precision, ScoreScale, TableSpec};

/// A deployment as its manifest describes it.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// A short name for the deployment.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// The pack: `healthcare`, or a folder next to the manifest.
    pub pack: Option<Spanned<String>>,
    /// The pilot tables and what their columns mean.
    pub pilot: PilotSpec,
    /// Every file of the tables, and where it is named.
    pub files: Vec<Spanned<String>>,
    /// Statements about inputs, as written.
    pub inputs: Vec<(Spanned<String>, Node)>,
    /// Entities and their members, as written.
    pub entities: Vec<(Spanned<String>, Node)>,
    /// Relations and between whom they hold, as written.
    pub relations: Vec<(Spanned<String>, Node)>,
    /// The file of answers, where it is not `answers.yaml`.
    pub answers: Option<Spanned<String>>,
}

const TOP: &[&str] = &[
    "deployment",
    "pack",
    "tables",
    "ratings",
    "survey",
    "workflow",
    "explanations",
    "estimates",
    "columns",
    "threshold",
    "scores",
    "missing",
    "min_cell",
    "precision",
    "inputs",
    "entities",
    "relations",
    "answers",
];

/// Returns the manifest written in `source`.
///
/// # Errors
/// `D301` to `D306`: all that is wrong with the file, in the order of its lines.
pub fn parse_manifest(source: SourceId, sources: &SourceMap) -> Result<Manifest, Diagnostics> {
    let tree = parse_yaml(source, sources)?;
    let mut problems = Diagnostics::default();
    let manifest = read(&tree, &mut problems);
    match manifest {
        Some(manifest) if problems.is_empty() => Ok(manifest),
        _ => Err(problems),
    }
}

fn read(tree: &Node, problems: &mut Diagnostics) -> Option<Manifest> {
    let top = Block::new(tree, "the manifest", TOP, problems)?;
    top.require("deployment", "deployment: {id: ward-7-pilot}", problems);
    let deployment =
        Block::new(top.get("deployment")?, "deployment", &["id", "title", "site", "system", "note"], problems)?;
    deployment.require("id", "id: ward-7-pilot", problems);
    let id = deployment.text("id", problems)?.value;
    let title = deployment.text("title", problems).map(|title| title.value);
    let mut files = Vec::new();
    Some(Manifest {
        id,
        title,
        pack: top.text("pack", problems),
        pilot: pilot(&top, &mut files, problems),
        files,
        inputs: top.entries("inputs", problems),
        entities: top.entries("entities", problems),
        relations: top.entries("relations", problems),
        answers: top.text("answers", problems),
    })
}

fn pilot(top: &Block<'_>, files: &mut Vec<Spanned<String>>, problems: &mut Diagnostics) -> PilotSpec {
    let tables =
        top.get("tables").and_then(|node| Block::new(node, "tables", &["development", "deployment"], problems));
    let mut table = |name, problems: &mut Diagnostics| {
        let node = tables.as_ref()?.get(name)?;
        table_spec(node, name, files, problems)
    };
    let profile = tables.as_ref().and_then(|tables| tables.get("development")).and_then(|node| profile(node, problems));
    let development = if profile.is_some() { None } else { table("development", problems) };
    let deployment = table("deployment", problems);
    let companions = companions(top, files, problems);
    let columns = top.get("columns").map(|node| columns(node, problems)).unwrap_or_default();
    let threshold = top.number("threshold", problems).map(|threshold| threshold.value);
    let scores = top.choice("scores", &["probability", "raw"], problems);
    let missing = top.choice("missing", &["refuse", "drop"], problems);
    let precision = top.choice("precision", &["exact", "approximate"], problems);
    PilotSpec {
        development,
        profile,
        deployment,
        columns,
        threshold,
        min_cell: min_cell(top, problems),
        score_scale: if scores == Some(1) { ScoreScale::Raw } else { ScoreScale::Probability },
        on_missing: if missing == Some(1) { OnMissing::Drop } else { OnMissing::Refuse },
        precision: if precision == Some(1) { Precision::Approximate } else { Precision::Exact },
        companions,
    }
}

fn min_cell(top: &Block<'_>, problems: &mut Diagnostics) -> u64 {
    let Some(number) = top.number("min_cell", problems) else { return DEFAULT_MIN_CELL };
    if number.value >= 1.0 && number.value.fract() <= 0.0 && number.value < 1e9 {
        number.value as u64
    } else {
        problems.push(
            Diagnostic::new(Code::D306, format!("`min_cell` cannot be {}", number.value))
                .with_label(number.span, "this value")
                .with_help("write a whole number; 11 hides every count from 1 to 10"),
        );
        DEFAULT_MIN_CELL
    }
}

/// Returns the reference profile that is named in place of a table: `{profile: reference.json}`.
fn profile(node: &Node, problems: &mut Diagnostics) -> Option<Spanned<String>> {
    let Yaml::Map(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.value == "profile")?;
    Block::new(node, "a development table that is a profile", &["profile"], problems)?.text("profile", problems)
}

fn table_spec(
    node: &Node,
    name: &str,
    files: &mut Vec<Spanned<String>>,
    problems: &mut Diagnostics,
) -> Option<TableSpec> {
    let (file, filter) = if let Yaml::Text(file) = &node.value {
        (Spanned::new(file.clone(), node.span), Vec::new())
    } else {
        let block = Block::new(node, name, &["file", "where"], problems)?;
        block.require("file", "file: pilot.csv", problems);
        (block.text("file", problems)?, block.pairs("where", problems))
    };
    let spec = TableSpec { file: file.value.clone(), filter };
    if files.iter().all(|known| known.value != file.value) {
        files.push(file);
    }
    Some(spec)
}

fn columns(node: &Node, problems: &mut Diagnostics) -> ColumnRoles {
    let known =
        ["label", "score", "scores", "compared", "weight", "members", "groups", "period", "numeric", "categorical"];
    let Some(block) = Block::new(node, "columns", &known, problems) else { return ColumnRoles::default() };
    let (groups, intersections) = groups(&block, problems);
    ColumnRoles {
        label: block.text("label", problems),
        score: block.text("score", problems),
        scores: block.texts("scores", problems),
        compared: block.text("compared", problems),
        weight: block.text("weight", problems),
        members: block.texts("members", problems),
        groups,
        intersections,
        period: block.text("period", problems),
        numeric: block.texts("numeric", problems),
        categorical: block.texts("categorical", problems),
    }
}

type Named<T> = Vec<(String, T)>;

/// Returns the attributes of one column, `sex: sex`, and those of several, `sex_by_age: [sex, age_band]`.
fn groups(columns: &Block<'_>, problems: &mut Diagnostics) -> (Named<Spanned<String>>, Named<Vec<Spanned<String>>>) {
    let (mut plain, mut crossed) = (Vec::new(), Vec::new());
    for (attribute, node) in columns.entries("groups", problems) {
        let nodes = if let Yaml::List(nodes) = &node.value { nodes.as_slice() } else { std::slice::from_ref(&node) };
        let mut names = Vec::new();
        for node in nodes {
            match as_text(&node.value) {
                Some(text) => names.push(Spanned::new(text, node.span)),
                None => {
                    problems.push(wrong_kind(node.span, "a column or a list of columns must stand here", &node.value))
                }
            }
        }
        match names.len() {
            0 => {}
            1 => plain.extend(names.into_iter().map(|column| (attribute.value.clone(), column))),
            _ => crossed.push((attribute.value, names)),
        }
    }
    (plain, crossed)
}
