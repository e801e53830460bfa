//! What was knowable of a case before anybody depended on the system, and nothing else of it.
//!
//! Knowable are: the clinical domain and specialty, what kind of developer made the system, whether architecture and
//! training data are stated, whether it writes text, the figures that were claimed, and at how many sites it runs. Not
//! knowable, and read by nothing here: the kind of evidence and its year, figures measured later, groups, the outcome,
//! what it did to patients, how it was noticed, what was done about it. The title is not read either.

use crate::corpus::{Case, Stage, mean_at};
use crate::facts::{Fact, FactStore};
use crate::inference::schedule::Schedule;
use crate::model::{ActionKind, InputKind, KnowledgeBase, NodeId, RuleId, Type, Value};
use std::collections::BTreeSet;

/// Words that say of a system that it writes text.
const WRITES_TEXT: [&str; 4] = ["language model", "llm", "gpt", "chatbot"];

/// Phases whose questions can be answered before go-live.
const BEFORE: [&str; 3] = ["development", "procurement", "before_go_live"];

/// Metrics that are claimed before: how cases call them, and how packs do.
const CLAIMED: [(&str, &str); 2] = [("auroc", "claimed.auroc"), ("sensitivity", "claimed.sensitivity")];

/// Tells whether the system writes text, by its name, architecture and use.
pub(super) fn writes_text(case: &Case) -> bool {
    let said = [&case.system.name, &case.system.architecture, &case.purpose];
    let said: String = said.into_iter().flatten().flat_map(|text| [text.as_str(), " "]).collect();
    // A word by itself, so that nothing is found inside another.
    let plain: String = said.to_lowercase().chars().map(|at| if at.is_alphanumeric() { at } else { ' ' }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    WRITES_TEXT.iter().any(|wanted| {
        let wanted: Vec<&str> = wanted.split(' ').collect();
        words.windows(wanted.len()).any(|found| {
            found.iter().zip(&wanted).all(|(found, wanted)| *found == *wanted || *found == format!("{wanted}s"))
        })
    })
}

/// Returns what a case says before go-live, as inputs of the pack. An input that the pack does not have, or whose type
/// has no such value, is left out.
pub(super) fn facts(case: &Case, knowledge: &KnowledgeBase) -> FactStore {
    let mut facts = FactStore::new(knowledge, []);
    let mut say = |input: &str, value: &dyn Fn(&Type) -> Option<Value>| {
        let Some((id, declared)) = knowledge.inputs.iter().find(|(_, declared)| declared.id == input) else { return };
        if let Some(value) = value(&declared.value_type).filter(|_| declared.indexes.is_empty()) {
            facts.set(id, &[], Fact::supposed(value));
        }
    };
    let option = |wanted: &'static str| {
        move |of: &Type| match of {
            Type::OneOf(options) => {
                let place = options.iter().position(|option| option == wanted)?;
                u32::try_from(place).ok().map(Value::Option)
            }
            _ => None,
        }
    };
    if let Some(inputs) = inputs_of(case) {
        say("model.domain", &option(inputs));
    }
    say("model.kind", &option(kind_of(case)));
    for (metric, input) in CLAIMED {
        if let Some(claimed) = mean_at(case, Stage::Before, metric).filter(|claimed| (0.0..=1.0).contains(claimed)) {
            say(input, &|of| (*of == Type::Ratio).then_some(Value::Number(claimed)));
        }
    }
    facts
}

/// Returns what goes into the system, where the domain says it.
fn inputs_of(case: &Case) -> Option<&'static str> {
    let specialty = case.specialty.as_deref().unwrap_or_default().to_lowercase();
    match case.domain {
        _ if writes_text(case) => Some("text"),
        "medical_imaging.radiology" => Some("radiology"),
        "medical_imaging.dermatology" => Some("dermatology"),
        "medical_imaging.ophthalmology" => Some("ophthalmology"),
        "medical_imaging.other" => specialty.contains("endoscopy").then_some("endoscopy"),
        "pathology_laboratory" => Some(if specialty.contains("pathology") { "pathology" } else { "laboratory" }),
        "clinical_decision_support" => Some("records"),
        "remote_patient_monitoring" => Some("wearable"),
        _ => None,
    }
}

fn kind_of(case: &Case) -> &'static str {
    if writes_text(case) {
        "text_generation"
    } else if case.domain == "clinical_decision_support" {
        "risk_score"
    } else {
        "classification"
    }
}

/// Returns the factors that can be known before go-live: those that some rule suspects from nothing but questions of
/// that time, metadata and metrics, directly or through findings of such rules. What a pack says decides, no list here.
pub(super) fn knowable_factors(knowledge: &KnowledgeBase) -> BTreeSet<NodeId> {
    let schedule = Schedule::new(knowledge);
    let before = |kind: &InputKind| match kind {
        InputKind::Metric { .. } | InputKind::Metadata => true,
        InputKind::Question { phase, .. } => phase.as_deref().is_some_and(|phase| BEFORE.contains(&phase)),
    };
    let later: BTreeSet<RuleId> = knowledge
        .inputs
        .iter()
        .filter(|(_, input)| !before(&input.kind))
        .flat_map(|(id, _)| schedule.readers_of_input[id.index()].iter().copied())
        .collect();
    let mut rules: BTreeSet<RuleId> = BTreeSet::new();
    loop {
        let is_open = |rule: &RuleId| {
            let mut read = knowledge
                .findings
                .iter()
                .filter(|(finding, _)| schedule.readers_of_finding[finding.index()].contains(rule));
            !read.all(|(_, finding)| finding.concluded_by.iter().any(|concludes| rules.contains(concludes)))
        };
        let more: Vec<RuleId> = knowledge
            .rules
            .ids()
            .filter(|rule| !rules.contains(rule) && !later.contains(rule) && !is_open(rule))
            .collect();
        if more.is_empty() {
            break;
        }
        rules.extend(more);
    }
    let suspected = rules.iter().flat_map(|rule| &knowledge.rules[*rule].actions).filter_map(|action| {
        let ActionKind::Suspect { node, .. } = &action.kind else { return None };
        (!knowledge.nodes[*node].is_mode()).then_some(*node)
    });
    suspected.collect()
}

/// Returns the coded factors of a case that `wanted` are, with how sure the source is: 1 where it confirms one, 0.5
/// where it suspects one. A factor under several modes counts by the surest.
pub(in crate::evaluation) fn coded_factors(
    case: &Case,
    knowledge: &KnowledgeBase,
    wanted: impl Fn(NodeId) -> bool,
) -> Vec<(NodeId, f64)> {
    let mut found: Vec<(NodeId, f64)> = Vec::new();
    for (factor, confirmed) in case.modes.iter().flat_map(|coding| &coding.factors) {
        let node =
            knowledge.nodes.find(&factor.value).filter(|node| !knowledge.nodes[*node].is_mode() && wanted(*node));
        let Some(node) = node else { continue };
        let sure = if *confirmed { CONFIRMED } else { SUSPECTED };
        match found.iter_mut().find(|(other, _)| *other == node) {
            Some((_, before)) => *before = before.max(sure),
            None => found.push((node, sure)),
        }
    }
    found.sort_by_key(|(node, _)| *node);
    found
}

/// How much a factor that a source confirms, or suspects, weighs as evidence of itself.
const CONFIRMED: f64 = 1.0;
/// See [`CONFIRMED`].
const SUSPECTED: f64 = 0.5;
