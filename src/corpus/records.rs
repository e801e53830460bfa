//! Cases out of a list of records: the form in which collections of evidence are often kept, many cases in one file.
//!
//! A record says the same as a file of one case, with other keys: `failure_modes` with codes that name the category
//! first, figures in a list for each stage. `null` is how it says that a source is silent. Keys that this project has
//! no use for are passed over, since the form is another's; those that it reads are held to their kind.

use super::case::{Case, Coding, Figure, GroupGap, Stage};
use super::from_yaml::{
    CONFIDENCE, DOMAINS, EVIDENCE, REFERENCE, REMEDY, SYSTEM, group_values, if_right, name, references, remedy, system,
    whole, year,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::facts::{Block, Node, Yaml, wrong_kind};
use crate::source::{Span, Spanned};

const TOP: [&str; 22] = [
    "id",
    "title",
    "clinical_domain",
    "specialty",
    "use_case",
    "year",
    "setting",
    "system",
    "evidence_type",
    "development",
    "deployment",
    "other_figures",
    "subgroup_gaps",
    "failure_modes",
    "organization",
    "harm",
    "detected_by",
    "detection_lag_months",
    "outcome",
    "mitigations",
    "sources",
    "confidence",
];
const SETTING: [&str; 4] = ["country", "site", "sites", "patients"];
const FIGURE: [&str; 8] = ["metric", "name", "value", "upper", "ci", "sd", "unit", "where"];
const GROUP: [&str; 3] = ["metric", "attribute", "groups"];
const MODE: [&str; 2] = ["code", "factors"];
const FACTOR: [&str; 2] = ["code", "status"];

/// Countries that are none.
const SEVERAL: [&str; 3] = ["multinational", "international", "others"];

/// How a record says that a source leaves a factor open, or shows it.
const STATUS: [&str; 3] = ["hypothesized", "suspected", "confirmed"];

/// Reads the cases of a list; one that is wrong is left out and told of. A list in which nothing has failure modes is
/// one of something else, and that is said once.
pub(super) fn cases(nodes: &[Node], span: Span, problems: &mut Diagnostics) -> Vec<Case> {
    let has_modes = |node: &Node| match &node.value {
        Yaml::Map(entries) => entries.iter().any(|(key, _)| key.value == "failure_modes"),
        _ => false,
    };
    if !nodes.iter().any(has_modes) {
        problems.push(
            Diagnostic::new(Code::D304, "no entry of this list is a case")
                .with_label(Span { end: span.start, ..span }, "none has the key `failure_modes`")
                .with_help("name the files that hold cases, or put other lists into another folder"),
        );
        return Vec::new();
    }
    nodes.iter().filter_map(|node| if_right(problems, |problems| case(&known_part(node), problems))).collect()
}

/// Returns a record without the keys that this project has no use for.
fn known_part(node: &Node) -> Node {
    let mut record = only(node, &TOP);
    if let Yaml::Map(entries) = &mut record.value {
        for (key, value) in entries {
            let keys: &[&str] = match key.value.as_str() {
                "setting" => &SETTING,
                "system" => &SYSTEM,
                "development" | "deployment" | "other_figures" => &FIGURE,
                "subgroup_gaps" => &GROUP,
                "failure_modes" => &MODE,
                "mitigations" => &REMEDY,
                "sources" => &REFERENCE,
                _ => continue,
            };
            *value = only(value, keys);
            if key.value == "failure_modes" {
                each_value(value, "factors", &|factors| only(factors, &FACTOR));
            }
        }
    }
    record
}

/// Returns a block with those keys alone, and a list with its blocks so.
fn only(node: &Node, keys: &[&str]) -> Node {
    let value = match &node.value {
        Yaml::Map(entries) => {
            Yaml::Map(entries.iter().filter(|(key, _)| keys.contains(&key.value.as_str())).cloned().collect())
        }
        Yaml::List(nodes) => Yaml::List(nodes.iter().map(|node| only(node, keys)).collect()),
        other => other.clone(),
    };
    Spanned::new(value, node.span)
}

/// Changes the value of a key in every block of a list.
fn each_value(list: &mut Node, key: &str, change: &dyn Fn(&Node) -> Node) {
    let Yaml::List(nodes) = &mut list.value else { return };
    for node in nodes {
        let Yaml::Map(entries) = &mut node.value else { continue };
        for (_, value) in entries.iter_mut().filter(|(name, _)| name.value == key) {
            *value = change(value);
        }
    }
}

fn case(node: &Node, problems: &mut Diagnostics) -> Option<Case> {
    let top = Block::new(node, "a record of a case", &TOP, problems)?;
    for (key, example) in [
        ("id", "id: sepsis-score-our-hospital-2026"),
        ("title", "title: Sepsis score missed two in three cases"),
        ("clinical_domain", "clinical_domain: clinical_decision_support"),
        ("year", "year: 2026"),
        ("evidence_type", "evidence_type: audit"),
        ("failure_modes", "failure_modes: [{code: technical.miscalibration, factors: []}]"),
        ("sources", "sources: [{cite: An audit, doi: \"10.1000/182\", url: null, read: full_text}]"),
        ("confidence", "confidence: high"),
    ] {
        top.require(key, example, problems);
    }
    let text = |key: &str, problems: &mut Diagnostics| top.text(key, problems).map(|text| text.value);
    let setting = top.get("setting").and_then(|node| Block::new(node, "setting", &SETTING, problems));
    let of_setting = |key: &str, problems: &mut Diagnostics| {
        setting.as_ref().and_then(|setting| setting.text(key, problems)).map(|text| text.value)
    };
    let mut figures = Vec::new();
    for (key, stage, metric) in [
        ("development", Stage::Before, "metric"),
        ("deployment", Stage::After, "metric"),
        ("other_figures", Stage::Context, "name"),
    ] {
        let read = |block: &Block<'_>, problems: &mut Diagnostics| figure(block, stage, metric, problems);
        figures.extend(top.each(key, &FIGURE, read, problems).into_iter().flatten());
    }
    Some(Case {
        id: name(&top, "id", problems)?,
        title: text("title", problems)?,
        domain: top.word("clinical_domain", &DOMAINS, problems)?,
        specialty: text("specialty", problems),
        year: year(&top, problems)?,
        countries: of_setting("country", problems).as_deref().map(countries).unwrap_or_default(),
        place: of_setting("site", problems),
        sites: setting.as_ref().and_then(|setting| whole(setting, "sites", problems)),
        patients: setting.as_ref().and_then(|setting| whole(setting, "patients", problems)),
        system: system(&top, problems),
        purpose: text("use_case", problems),
        evidence: top.word("evidence_type", &EVIDENCE, problems)?,
        modes: top.each("failure_modes", &MODE, coding, problems),
        figures,
        groups: top.each("subgroup_gaps", &GROUP, group, problems),
        organisation: text("organization", problems),
        consequence: text("harm", problems),
        noticed: text("detected_by", problems),
        noticed_after_months: top.number("detection_lag_months", problems).map(|months| months.value),
        outcome: text("outcome", problems),
        remedies: top.each("mitigations", &REMEDY, remedy, problems),
        sources: references(&top, problems),
        confidence: top.word("confidence", &CONFIDENCE, problems)?,
        span: node.span,
    })
}

/// Returns the countries of a text such as `Germany and Italy`; none where it says that none is reported.
fn countries(text: &str) -> Vec<String> {
    let parts = text.split(", ").flat_map(|part| part.split(" and ")).map(str::trim);
    let named = parts.filter(|part| !part.is_empty() && *part != "unreported");
    named.map(|part| if SEVERAL.contains(&part) { "several countries".to_owned() } else { part.to_owned() }).collect()
}

fn coding(block: &Block<'_>, problems: &mut Diagnostics) -> Option<Coding> {
    block.require("code", "code: technical.miscalibration", problems);
    let factors = block.each("factors", &FACTOR, factor, problems);
    let code = block.text("code", problems)?;
    let (category, mode) = match code.value.split_once('.') {
        Some((category, mode)) => (Some(category.to_owned()), mode.to_owned()),
        None => (None, code.value.clone()),
    };
    Some(Coding { category, mode: Spanned::new(mode, code.span), factors })
}

fn factor(block: &Block<'_>, problems: &mut Diagnostics) -> Option<(Spanned<String>, bool)> {
    block.require("code", "code: no_local_recalibration", problems);
    block.require("status", "status: hypothesized", problems);
    let code = block.text("code", problems)?;
    Some((code, block.word("status", &STATUS, problems)? == "confirmed"))
}

/// Returns a figure; none in it where the source gives no value.
fn figure(block: &Block<'_>, stage: Stage, metric: &str, problems: &mut Diagnostics) -> Option<Option<Figure>> {
    block.require(metric, &format!("{metric}: auroc"), problems);
    let number = |key: &str, problems: &mut Diagnostics| block.number(key, problems).map(|number| number.value);
    let text = |key: &str, problems: &mut Diagnostics| block.text(key, problems).map(|text| text.value);
    let metric = text(metric, problems)?;
    let Some(value) = number("value", problems) else { return Some(None) };
    Some(Some(Figure {
        stage,
        metric,
        value,
        to: number("upper", problems),
        interval: interval(block, problems),
        sd: number("sd", problems),
        unit: text("unit", problems),
        place: text("where", problems),
        source: None,
    }))
}

/// Returns the two ends of `ci`.
fn interval(block: &Block<'_>, problems: &mut Diagnostics) -> Option<(f64, f64)> {
    let node = block.get("ci")?;
    if let Yaml::List(ends) = &node.value
        && let [Spanned { value: Yaml::Number(low), .. }, Spanned { value: Yaml::Number(high), .. }] = ends.as_slice()
    {
        return Some((*low, *high));
    }
    problems.push(wrong_kind(node.span, "`ci` must be a list of two numbers", &node.value));
    None
}

fn group(block: &Block<'_>, problems: &mut Diagnostics) -> Option<GroupGap> {
    block.require("metric", "metric: auroc", problems);
    block.require("attribute", "attribute: sex", problems);
    let values = group_values(block, "groups", problems);
    let metric = block.text("metric", problems)?.value;
    Some(GroupGap { metric, attribute: block.text("attribute", problems)?.value, values })
}
