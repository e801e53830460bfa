//! The report of an assessment that a clinician reads in two minutes.

use super::figures::{value_text, with_digits};
use super::listing::{first_steps, list_risks};
use super::teller::Teller;
use super::{Block, Case, Document, Entry, Line, Tone, list_overrides};
use crate::diagnostic::Count;
use crate::inference::{Gap, Margin, Passed, Premise};
use crate::model::{ActionKind, FlagLevel, InputId, InputKind, NodeId};
use crate::risk::{Bounds, ContributionKind, Disagreement, Propagation, Quantity as _, TotalRisk};
use std::collections::BTreeSet;

/// Risks, steps, unknowns and passed checks that are shown.
const SHOWN: usize = 5;

/// Returns the report. `title` and `folder` name the deployment; `beside` is what stands after the assessment without
/// being part of it.
pub fn summarise(case: Case<'_>, title: &str, folder: &str, beside: Document) -> Document {
    let mut document = Document::default();
    let pack = &case.knowledge.pack;
    let imports: Vec<String> =
        case.knowledge.imports.iter().map(|import| format!(", with {} {}", import.id, import.version)).collect();
    let pack = format!("  pack {} {}{}", pack.id, pack.version, imports.concat());
    document.heading(1, Line::new().plain(title).faint(pack));
    verdict(case, &mut document);
    document.heading(2, "Top risks  (likelihood 0–1 × severity 1–10 × detectability 1–10, so 0–100)");
    document.blocks.extend(list_risks(case, SHOWN).blocks);
    document.blocks.push(Block::Entries(reasons(case)));
    document.heading(2, "What to do first");
    document.blocks.extend(first_steps(case, 3).blocks);
    flags(case, &mut document);
    unknowns(case, &mut document);
    unlisted_relations(case, &mut document);
    unstated_noise(case, &mut document);
    document.blocks.extend(list_overrides(case.knowledge, case.sources).blocks);
    passed(case, &mut document);
    document.blocks.extend(beside.blocks);
    let top = case.assessment.risks.first().map(|risk| case.knowledge.nodes[risk.mode].id.clone());
    let exactly = if is_exact(case) { " --exact" } else { "" };
    let mut next: Vec<String> = top.iter().map(|mode| format!("etio why {mode} {folder}{exactly}")).collect();
    next.extend(top.iter().map(|mode| format!("etio chain {mode} {folder}{exactly}")));
    next.push(format!("etio repl {folder}{exactly}"));
    document.next_steps(next);
    document
}

fn is_exact(case: Case<'_>) -> bool {
    case.assessment.propagation == Propagation::Exact
}

fn verdict(case: Case<'_>, document: &mut Document) {
    let choice = &case.assessment.verdict;
    let Some(given) = choice.given else {
        document.paragraph("The pack gives no verdict.");
        return;
    };
    let declared = &case.knowledge.verdicts[given];
    let bad = choice.considered.first().is_some_and(|gravest| gravest.verdict == given);
    let good = choice.considered.last().is_some_and(|mildest| mildest.verdict == given);
    let tone = if bad {
        Tone::Bad
    } else if good {
        Tone::Good
    } else {
        Tone::Warn
    };
    let mut line = Line::new().strong("Verdict: ").with(tone, declared.title.to_uppercase());
    if let Some(because) = &declared.about.because {
        line = line.plain(format!(". {}", because.value));
    }
    document.paragraph(line);
    if !choice.missing.is_empty() && choice.evidence_missing.holds() {
        let named: Vec<String> = choice
            .missing
            .iter()
            .filter(|missing| missing.outcome.holds())
            .map(|missing| case.knowledge.inputs[missing.input].id.clone())
            .collect();
        document.paragraph(Line::new().with(Tone::Warn, "Required and not known: ").plain(named.join(", ")));
    }
    if !choice.not_ruled_out.is_empty() {
        let worse: Vec<String> =
            choice.not_ruled_out.iter().map(|verdict| case.knowledge.verdicts[*verdict].title.clone()).collect();
        document.paragraph(
            Line::new()
                .with(Tone::Warn, "Not ruled out: ")
                .plain(format!("{}, given what is unknown.", worse.join(", "))),
        );
    }
}

/// One line for each of the top risks: what speaks for it most. Those that only their base rate speaks
/// for share a line.
fn reasons(case: Case<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut unsupported = Vec::new();
    let mut given: Vec<String> = Vec::new();
    for (position, risk) in case.assessment.risks.iter().take(SHOWN).enumerate() {
        let Some(reason) = reason(case, risk.mode, 0) else {
            unsupported.push((position + 1).to_string());
            given.push(String::new());
            continue;
        };
        // One root can drive several modes; it is told once.
        let told = given.iter().position(|earlier| *earlier == reason);
        given.push(reason.clone());
        let said = told.map_or(reason, |first| format!("The same cause as {}.", first + 1));
        let text = Line::new().strong(case.node_title(risk.mode)).plain(format!(". {said}"));
        let mut details = Vec::new();
        if let Some(disagreement) = risk.disagreement {
            let said = match disagreement {
                Disagreement::PriorityAboveBand => {
                    "the product is not among the highest, but its severity asks to act first"
                }
                Disagreement::BandAbovePriority => {
                    "the product is in the highest band, but the table does not ask to act first"
                }
            };
            details.push(Line::new().with(Tone::Warn, "note: ").plain(said));
        }
        entries.push(Entry { mark: (position + 1).to_string(), text, details });
    }
    if !unsupported.is_empty() {
        let text = Line::from("Nothing measured or answered speaks for it; the figure is the base rate.");
        entries.push(Entry { mark: unsupported.join(", "), text, details: Vec::new() });
    }
    entries
}

/// What speaks most for a node, in one line: the heaviest rule with its first figure, or the root of the
/// causes that carry most; none where only a base rate does.
fn reason(case: Case<'_>, node: NodeId, depth: usize) -> Option<String> {
    let likelihood = case.assessment.likelihood(node)?;
    let counted = likelihood.contributions.iter().filter(|part| part.counted.estimate);
    let speaking = counted.filter(|part| !matches!(part.kind, ContributionKind::Exoneration { .. }));
    let heaviest = speaking.max_by(|left, right| {
        // On a tie a rule, which quotes data, says more than a cause or a base rate.
        let rank = |kind: &ContributionKind| usize::from(matches!(kind, ContributionKind::Rule { .. }));
        left.value.estimate.total_cmp(&right.value.estimate).then(rank(&left.kind).cmp(&rank(&right.kind)))
    })?;
    match &heaviest.kind {
        ContributionKind::Rule { instance, .. } => {
            let instance = case.inference().instance(instance.estimate?)?;
            let rule = &case.knowledge.rules[instance.rule];
            let premises = Teller::new(case, false).premises(instance);
            let first = premises.iter().find(|part| part.value.is_some()).or(premises.first());
            Some(match first {
                Some(part) => format!("{} ({})", rule.title, part.sentence),
                None => rule.title.clone(),
            })
        }
        ContributionKind::Factor { cause, .. } if depth < 4 => {
            let inner = reason(case, *cause, depth + 1)?;
            // Only the root of a chain is named: what lies between is in `why` and `chain`.
            let is_root = !inner.starts_with("Cause: ");
            Some(if is_root { format!("Cause: {}. {inner}", case.node_title(*cause)) } else { inner })
        }
        ContributionKind::Factor { .. }
        | ContributionKind::Base
        | ContributionKind::Exoneration { .. }
        | ContributionKind::CommonCauses => None,
    }
}

fn flags(case: Case<'_>, document: &mut Document) {
    let mut seen: Vec<&str> = Vec::new();
    let mut entries = Vec::new();
    for flag in &case.assessment.flags {
        if seen.contains(&flag.text.as_str()) {
            continue;
        }
        seen.push(&flag.text);
        let (level, tone) = match flag.level {
            FlagLevel::Block => ("stop", Tone::Bad),
            FlagLevel::Act => ("act", Tone::Bad),
            FlagLevel::Advise => ("advice", Tone::Warn),
            FlagLevel::Info => ("note", Tone::Plain),
        };
        let text = Line::new().with(tone, format!("{level}: ")).plain(flag.text.clone());
        entries.push(Entry {
            mark: "!".into(),
            text: text.faint(format!("  {}", case.knowledge.rules[flag.rule].id)),
            details: vec![],
        });
    }
    if !entries.is_empty() {
        document.heading(2, "Remarks");
        entries.truncate(SHOWN);
        document.blocks.push(Block::Entries(entries));
    }
}

fn unknowns(case: Case<'_>, document: &mut Document) {
    let mattering: Vec<_> = case.assessment.open_inputs.iter().filter(|open| open.swing > 0.0).collect();
    if mattering.is_empty() {
        return;
    }
    document.heading(2, "What is not known and matters most");
    let entries = mattering.iter().take(SHOWN).enumerate().map(|(position, open)| {
        let input = &case.knowledge.inputs[open.input];
        let worst = open.candidates.iter().max_by(|left, right| left.total.total_cmp(&right.total));
        let text = Line::new()
            .plain(format!("{}  ", input.title))
            .name(input.id.clone())
            .plain(format!(" — could move the total by {}", with_digits(open.swing, 1)));
        let now = case.assessment.total.estimate().get();
        let details = worst
            .filter(|worst| worst.total > now + 0.05)
            .map(|worst| {
                let value = value_text(&worst.value, &input.value_type);
                let up = with_digits(worst.total - now, 1);
                Line::new().faint(format!("worst if: {value} (+{up})"))
            })
            .into_iter()
            .collect();
        Entry { mark: format!("{}.", position + 1), text, details }
    });
    let entries = entries.collect();
    document.blocks.push(Block::Entries(entries));
    if mattering.len() > SHOWN {
        document.paragraph(Line::new().faint(format!("{} more could move it.", mattering.len() - SHOWN)));
    }
}

/// Names the relations of which nobody speaks. How much they matter is not known: they may hold between any.
fn unlisted_relations(case: Case<'_>, document: &mut Document) {
    let unlisted = case.knowledge.relations.iter().filter(|(id, _)| case.facts.relation(*id).is_none());
    let named: Vec<String> = unlisted.map(|(_, declared)| format!("{} ({})", declared.title, declared.id)).collect();
    if !named.is_empty() {
        document.paragraph(
            Line::new()
                .with(Tone::Warn, "Not said: ")
                .plain(format!("between whom this holds: {}. List it under `relations`.", named.join(", "))),
        );
    }
}

/// Names the figures of which a rule that cannot be decided asks whether they stand out from chance, and nobody
/// says what chance shows: as a rule a figure that was stated and not measured.
fn unstated_noise(case: Case<'_>, document: &mut Document) {
    let undecided = case.inference().instances().filter(|(_, instance)| instance.outcome.is_undecided());
    let readings = undecided.flat_map(|(_, instance)| instance.premise.iter().flat_map(Premise::readings));
    let without: BTreeSet<InputId> =
        readings.filter(|reading| reading.gap == Some(Gap::NoFloor)).map(|reading| reading.key.input).collect();
    let named: Vec<String> = without
        .into_iter()
        .map(|input| {
            let input = &case.knowledge.inputs[input];
            format!("{} ({})", input.title, input.id)
        })
        .collect();
    if !named.is_empty() {
        let said = format!("what chance alone would show of this: {}. ", named.join(", "));
        document.paragraph(
            Line::new()
                .with(Tone::Warn, "Not said: ")
                .plain(said)
                .plain("Rules on it stay undecided until a table is given, or `noise_p95` beside the figure."),
        );
    }
}

fn passed(case: Case<'_>, document: &mut Document) {
    let passed = case.inference().passed();
    let (known, partly): (Vec<&Passed>, Vec<&Passed>) = passed.iter().partition(|passed| passed.all_known);
    let rules = case.knowledge.rules.len();
    document.heading(2, "Looked at and found fine");
    let undecided = case.knowledge.rules.ids().filter(|rule| case.inference().outcome(*rule).is_undecided()).count();
    document.paragraph(format!(
        "{} of {} did not fire on known values{}; {undecided} cannot be decided.",
        known.len(),
        Count(rules, "rule"),
        if partly.is_empty() { String::new() } else { format!(", {} more whatever the unknowns are", partly.len()) },
    ));
    // A rule that speaks for a failure and stayed silent is good news; one that speaks against is not.
    let accuses = |passed: &&&Passed| {
        let actions = &case.knowledge.rules[passed.rule].actions;
        actions.iter().any(|action| matches!(action.kind, ActionKind::Suspect { .. }))
    };
    let mut measured: Vec<(&Passed, Margin)> =
        known.iter().filter(accuses).filter_map(|passed| passed.margin.map(|margin| (*passed, margin))).collect();
    measured.sort_by(|left, right| Margin::nearer(&left.1, &right.1));
    let entries: Vec<Entry> = measured.iter().take(3).filter_map(|(passed, _)| nearest_miss(case, passed)).collect();
    if !entries.is_empty() {
        document.paragraph(Line::new().faint("Nearest to firing:"));
        document.blocks.push(Block::Entries(entries));
    }
    let open = case.knowledge.inputs.values().filter(|input| matches!(input.kind, InputKind::Question { .. })).count();
    let total: &Bounds<TotalRisk> = &case.assessment.total;
    let exactly = if is_exact(case) { ", causes in common counted once" } else { "" };
    document.paragraph(Line::new().faint(format!(
        "Total risk over all modes {}{exactly}; {} in the pack.",
        super::figures::bounds(total, 1),
        Count(open, "question")
    )));
}

/// The condition that kept a rule from firing, of the instance that came nearest.
fn nearest_miss(case: Case<'_>, passed: &Passed) -> Option<Entry> {
    let rule = &case.knowledge.rules[passed.rule];
    let nearest = case
        .inference()
        .instances_of(passed.rule)
        .filter_map(|(_, instance)| Some((instance, instance.premise.as_ref()?.margin()?)))
        .min_by(|left, right| Margin::nearer(&left.1, &right.1));
    let (instance, _) = nearest?;
    let parts = Teller::of_what_lacks(case).premises(instance);
    let sentence = parts.iter().find(|part| part.margin.is_some()).or(parts.first())?.sentence.clone();
    let text = Line::new().plain(format!("{}: no. {sentence}", rule.title)).faint(format!("  {}", rule.id));
    Some(Entry { mark: "✓".into(), text, details: vec![] })
}
