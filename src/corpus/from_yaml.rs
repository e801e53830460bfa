//! A case out of its file: which keys there are, and of what kind each is.

use super::case::{Case, Coding, Figure, GroupGap, Reference, Remedy, Stage, System};
use crate::diagnostic::{Code, Count, Diagnostic, Diagnostics};
use crate::facts::{Block, Node, Yaml, parse_yaml, wrong_kind};
use crate::source::{SourceId, SourceMap, Spanned};

/// Clinical domains.
pub const DOMAINS: [&str; 7] = [
    "medical_imaging.radiology",
    "medical_imaging.dermatology",
    "medical_imaging.ophthalmology",
    "medical_imaging.other",
    "pathology_laboratory",
    "clinical_decision_support",
    "remote_patient_monitoring",
];

/// Kinds of evidence.
pub const EVIDENCE: [&str; 10] = [
    "external_validation",
    "prospective_study",
    "randomized_trial",
    "field_study",
    "audit",
    "reader_study",
    "recall_or_regulator",
    "registry_or_review",
    "investigation",
    "controlled_experiment",
];

pub(super) const KINDS: [&str; 3] = ["proprietary", "research", "open"];
pub(super) const READ: [&str; 3] = ["full_text", "abstract", "secondary"];
pub(super) const CONFIDENCE: [&str; 3] = ["high", "medium", "low"];
pub(super) const SYSTEM: [&str; 5] = ["name", "developer", "kind", "architecture", "training_data"];
pub(super) const REMEDY: [&str; 3] = ["what", "effect", "reported"];
pub(super) const REFERENCE: [&str; 4] = ["cite", "doi", "url", "read"];
const STATUS: [&str; 2] = ["suspected", "confirmed"];

const TOP: [&str; 23] = [
    "case",
    "title",
    "domain",
    "specialty",
    "year",
    "countries",
    "place",
    "sites",
    "patients",
    "system",
    "use",
    "evidence",
    "modes",
    "figures",
    "groups",
    "organisation",
    "consequence",
    "noticed",
    "noticed_after_months",
    "outcome",
    "remedies",
    "sources",
    "confidence",
];

/// Returns the case written in `source`, if all that it needs is there.
///
/// # Errors
/// `D301` to `D306`, put into `problems`: all that is wrong with the file.
pub(super) fn read_case(source: SourceId, sources: &SourceMap, problems: &mut Diagnostics) -> Option<Case> {
    match parse_yaml(source, sources) {
        Ok(tree) => if_right(problems, |problems| case(&tree, problems)),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// Returns what was read, unless anything is wrong with it.
pub(super) fn if_right<T>(problems: &mut Diagnostics, read: impl FnOnce(&mut Diagnostics) -> Option<T>) -> Option<T> {
    let mut own = Diagnostics::default();
    let found = read(&mut own);
    let is_whole = own.is_empty();
    problems.append(own);
    found.filter(|_| is_whole)
}

/// Returns the case that a file of its own says.
pub(super) fn case(tree: &Node, problems: &mut Diagnostics) -> Option<Case> {
    if tree.value == Yaml::Null {
        problems.push(
            Diagnostic::new(Code::D304, "there is no case in this file: it is empty")
                .with_label(tree.span, "a case should stand here")
                .with_help("`etio cases show NAME --format yaml` shows what a case looks like"),
        );
        return None;
    }
    let top = Block::new(tree, "a case", &TOP, problems)?;
    for (key, example) in [
        ("case", "case: sepsis-score-our-hospital-2026"),
        ("title", "title: Sepsis score missed two in three cases"),
        ("domain", "domain: clinical_decision_support"),
        ("year", "year: 2026"),
        ("evidence", "evidence: audit"),
        ("modes", "modes: [{mode: miscalibration}]"),
        (
            "sources",
            "sources: [{cite: \"Wong et al. 2021\", doi: \"10.1001/jamainternmed.2021.2626\", read: abstract}]",
        ),
        ("confidence", "confidence: high"),
    ] {
        top.require(key, example, problems);
    }
    let text = |key: &str, problems: &mut Diagnostics| top.text(key, problems).map(|text| text.value);
    let number = |key: &str, problems: &mut Diagnostics| top.number(key, problems).map(|number| number.value);
    let figures = top.each(
        "figures",
        &["stage", "metric", "value", "to", "low", "high", "sd", "unit", "where", "source"],
        figure,
        problems,
    );
    let sources = references(&top, problems);
    check_sources(&top, &figures, sources.len(), problems);
    Some(Case {
        id: name(&top, "case", problems)?,
        title: text("title", problems)?,
        domain: top.word("domain", &DOMAINS, problems)?,
        specialty: text("specialty", problems),
        year: year(&top, problems)?,
        countries: top.texts("countries", problems).into_iter().map(|country| country.value).collect(),
        place: text("place", problems),
        sites: whole(&top, "sites", problems),
        patients: whole(&top, "patients", problems),
        system: system(&top, problems),
        purpose: text("use", problems),
        evidence: top.word("evidence", &EVIDENCE, problems)?,
        modes: top.each("modes", &["mode", "factors"], coding, problems),
        figures,
        groups: top.each("groups", &["metric", "attribute", "values"], group, problems),
        organisation: text("organisation", problems),
        consequence: text("consequence", problems),
        noticed: text("noticed", problems),
        noticed_after_months: number("noticed_after_months", problems),
        outcome: text("outcome", problems),
        remedies: top.each("remedies", &REMEDY, remedy, problems),
        sources,
        confidence: top.word("confidence", &CONFIDENCE, problems)?,
        span: tree.span,
    })
}

/// Returns the name of the case, which is also that of a file and must not lead anywhere else.
pub(super) fn name(top: &Block<'_>, key: &str, problems: &mut Diagnostics) -> Option<Spanned<String>> {
    let name = top.text(key, problems)?;
    if is_name(&name.value) {
        return Some(name);
    }
    problems.push(
        Diagnostic::new(Code::D306, format!("`{key}` cannot be `{}`", name.value))
            .with_label(name.span, "this name")
            .with_help(NAME_HELP),
    );
    None
}

/// What is said of a name that cannot be.
pub(super) const NAME_HELP: &str = "use small letters, digits and hyphens, such as sepsis-score-our-hospital-2026";

/// Tells whether a case can have that name.
pub(super) fn is_name(name: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    name.chars().all(is_plain) && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
}

/// Returns a number of things, from 1.
pub(super) fn whole(top: &Block<'_>, key: &str, problems: &mut Diagnostics) -> Option<u64> {
    let number = top.number(key, problems)?;
    if (1.0..1e15).contains(&number.value) && number.value.fract() == 0.0 {
        return Some(number.value as u64);
    }
    problems.push(
        Diagnostic::new(Code::D306, format!("`{key}` cannot be `{}`", number.value))
            .with_label(number.span, "this value")
            .with_help("write a whole number from 1; leave the key out where the source names none"),
    );
    None
}

pub(super) fn year(top: &Block<'_>, problems: &mut Diagnostics) -> Option<u16> {
    let year = top.number("year", problems)?;
    if (1950.0..=2200.0).contains(&year.value) && year.value.fract() == 0.0 {
        return Some(year.value as u16);
    }
    problems.push(
        Diagnostic::new(Code::D306, format!("`year` cannot be `{}`", year.value))
            .with_label(year.span, "this value")
            .with_help("write the year of the evidence, such as 2026"),
    );
    None
}

pub(super) fn system(top: &Block<'_>, problems: &mut Diagnostics) -> System {
    let Some(block) = top.get("system").and_then(|node| Block::new(node, "system", &SYSTEM, problems)) else {
        return System::default();
    };
    let text = |key: &str, problems: &mut Diagnostics| block.text(key, problems).map(|text| text.value);
    System {
        name: text("name", problems),
        developer: text("developer", problems),
        kind: block.word("kind", &KINDS, problems),
        architecture: text("architecture", problems),
        training_data: text("training_data", problems),
    }
}

pub(super) fn coding(block: &Block<'_>, problems: &mut Diagnostics) -> Option<Coding> {
    block.require("mode", "mode: miscalibration", problems);
    let mut factors = Vec::new();
    for (factor, status) in block.pairs("factors", problems) {
        match STATUS.iter().position(|word| *word == status.value) {
            Some(position) => factors.push((factor, position == 1)),
            None => problems.push(
                Diagnostic::new(Code::D306, format!("a factor cannot be `{}`", status.value))
                    .with_label(status.span, "this value")
                    .with_help("write `suspected` or `confirmed`, as the source says it"),
            ),
        }
    }
    Some(Coding { category: None, mode: block.text("mode", problems)?, factors })
}

fn figure(block: &Block<'_>, problems: &mut Diagnostics) -> Option<Figure> {
    for (key, example) in [("stage", "stage: after"), ("metric", "metric: auroc"), ("value", "value: 0.63")] {
        block.require(key, example, problems);
    }
    let number = |key: &str, problems: &mut Diagnostics| block.number(key, problems).map(|number| number.value);
    let text = |key: &str, problems: &mut Diagnostics| block.text(key, problems).map(|text| text.value);
    let stage = match block.choice("stage", &Stage::WORDS, problems)? {
        0 => Stage::Before,
        1 => Stage::After,
        _ => Stage::Context,
    };
    Some(Figure {
        stage,
        metric: text("metric", problems)?,
        value: number("value", problems)?,
        to: number("to", problems),
        interval: number("low", problems).zip(number("high", problems)),
        sd: number("sd", problems),
        unit: text("unit", problems),
        place: text("where", problems),
        source: whole(block, "source", problems),
    })
}

fn group(block: &Block<'_>, problems: &mut Diagnostics) -> Option<GroupGap> {
    for (key, example) in
        [("metric", "metric: auroc"), ("attribute", "attribute: sex"), ("values", "values: {F: 0.7, M: 0.8}")]
    {
        block.require(key, example, problems);
    }
    let values = group_values(block, "values", problems);
    let metric: Spanned<String> = block.text("metric", problems)?;
    Some(GroupGap { metric: metric.value, attribute: block.text("attribute", problems)?.value, values })
}

/// Returns each group and its value.
pub(super) fn group_values(block: &Block<'_>, key: &str, problems: &mut Diagnostics) -> Vec<(String, f64)> {
    let mut values = Vec::new();
    for (name, node) in block.entries(key, problems) {
        match node.value {
            Yaml::Number(value) => values.push((name.value, value)),
            Yaml::Null => {}
            ref other => problems.push(wrong_kind(node.span, "the value of a group must be a number", other)),
        }
    }
    values
}

pub(super) fn remedy(block: &Block<'_>, problems: &mut Diagnostics) -> Option<Remedy> {
    block.require("what", "what: Recalibrated on local patients", problems);
    let reported = block.choice("reported", &["true", "false"], problems);
    Some(Remedy {
        what: block.text("what", problems)?.value,
        effect: block.text("effect", problems).map(|effect| effect.value),
        reported: reported == Some(0),
    })
}

/// Reports figures of a source that is not there.
fn check_sources(top: &Block<'_>, figures: &[Figure], sources: usize, problems: &mut Diagnostics) {
    let Some(node) = top.get("figures") else { return };
    for figure in figures {
        let Some(number) = figure.source.filter(|number| *number > sources as u64) else { continue };
        problems.push(
            Diagnostic::new(Code::D306, format!("`source` cannot be `{number}`"))
                .with_label(node.span, format!("the figure `{}` is among these", figure.metric))
                .with_help(format!("the case has {}, counted from 1 in the order written", Count(sources, "source"))),
        );
    }
}

/// Reads where the case can be read. Without one address nobody can check it, so it is refused.
pub(super) fn references(top: &Block<'_>, problems: &mut Diagnostics) -> Vec<Reference> {
    let found = top.each("sources", &REFERENCE, reference, problems);
    let Some(node) = top.get("sources") else { return found };
    if found.iter().all(|reference| reference.doi.is_none() && reference.url.is_none()) {
        problems.push(
            Diagnostic::new(Code::D304, "a case needs a source that can be looked up")
                .with_label(node.span, "none of these has the key `doi` or `url`")
                .with_help("add the DOI or the address at which its figures were read"),
        );
    }
    found
}

fn reference(block: &Block<'_>, problems: &mut Diagnostics) -> Option<Reference> {
    block.require("cite", "cite: \"Wong et al., JAMA Intern Med 2021\"", problems);
    block.require("read", "read: abstract", problems);
    Some(Reference {
        cite: block.text("cite", problems)?.value,
        doi: block.text("doi", problems).map(|doi| doi.value),
        url: block.text("url", problems).map(|url| url.value),
        read: block.word("read", &READ, problems)?,
    })
}
