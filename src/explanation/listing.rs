//! Lists: facts, measurements, risks and recommendations.

use super::figures::{bounds, number, range, with_digits};
use super::phrase::origin_text;
use super::{Block, Case, Column, Document, Entry, Line, Tone, Tree, relation, value_text};
use crate::diagnostic::Count;
use crate::inference::{Element, FactKey};
use crate::metrics::Evaluation;
use crate::model::PriorityLevel;
use crate::risk::{ModeRisk, Quantity as _, Recommendation};

fn column(title: &'static str, right: bool) -> Column {
    Column { title, right }
}

/// Returns every fact whose name contains `pattern`, with its origin.
pub fn list_facts(case: Case<'_>, pattern: &str) -> Document {
    let mut rows = Vec::new();
    for (input, members, fact) in case.facts.iter() {
        let key = FactKey { input, members: members.into_iter().map(Element::Member).collect() };
        let name = case.key_name(&key);
        if !name.contains(pattern) {
            continue;
        }
        let value = match &fact.value {
            Ok(value) => Line::from(value_text(value, &case.knowledge.inputs[input].value_type)),
            Err(reason) => Line::new().with(Tone::Warn, format!("unknown: {reason}")),
        };
        rows.push(vec![Line::new().name(name), value, Line::new().faint(origin_text(fact))]);
    }
    rows.extend(relation::rows(case, pattern));
    let mut document = Document::default();
    if rows.is_empty() {
        document.paragraph(format!("No fact has a name that contains `{pattern}`."));
    } else {
        let columns = vec![column("Fact", false), column("Value", false), column("From", false)];
        document.blocks.push(Block::Table { columns, rows });
    }
    document
}

/// Returns the tables that were read and every measurement.
pub fn list_measurements(evaluation: &Evaluation) -> Document {
    let mut document = Document::default();
    document.heading(2, "Tables");
    let rows = evaluation.tables.iter().map(|table| {
        let events = table.events.map(|events| format!("{events} events")).unwrap_or_default();
        let dropped = if table.dropped > 0 { format!("{} rows left out", table.dropped) } else { String::new() };
        vec![
            Line::from(table.role.as_str()),
            Line::from(if table.filter.is_empty() {
                table.file.clone()
            } else {
                format!("{} where {}", table.file, table.filter)
            }),
            Line::from(format!("{} rows", table.rows)),
            Line::from(events),
            Line::from(dropped),
        ]
    });
    let columns = vec![column("", false), column("", false), column("", true), column("", true), column("", false)];
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    let inexact = evaluation.measurements.iter().filter(|found| found.error.is_some_and(|error| error > 0.0)).count();
    if inexact > 0 {
        document.paragraph(format!(
            "{} not exact; `etio why` and `--format json` say within what.",
            if inexact == 1 { "One value is".to_owned() } else { format!("{inexact} values are") }
        ));
    }
    document.heading(2, "Metrics");
    let rows = evaluation.measurements.iter().map(|measurement| {
        let name = match &measurement.element {
            Some(element) => format!("{}[{element}]", measurement.metric),
            None => measurement.metric.clone(),
        };
        let value = match &measurement.value {
            Ok(value) => Line::from(number(*value)),
            Err(_) => Line::new().with(Tone::Warn, "—"),
        };
        let interval = measurement.interval.as_ref().map(|interval| range(interval.low, interval.high));
        let floor = measurement.floor.as_ref().map(|floor| number(floor.p95));
        let n = if measurement.n > 0 { measurement.n.to_string() } else { String::new() };
        let note = match &measurement.value {
            Ok(_) => measurement.definition.clone(),
            Err(undefined) => undefined.reason.clone(),
        };
        vec![
            Line::new().name(name),
            value,
            Line::from(interval.unwrap_or_default()),
            Line::from(floor.unwrap_or_default()),
            Line::from(n),
            Line::new().faint(note),
        ]
    });
    let columns = vec![
        column("Metric", false),
        column("Value", true),
        column("95 % CI", false),
        column("Noise p95", true),
        column("n", true),
        column("Definition, or why there is none", false),
    ];
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    // Of all rows only: the same for each subgroup would bury it. The machine form has them all.
    let overall = evaluation.measurements.iter().filter(|measurement| measurement.element.is_none());
    let advice: Vec<Tree> = overall
        .filter_map(|measurement| {
            let advice = measurement.advice.as_ref()?;
            Some(Tree::leaf(Line::new().name(measurement.metric.clone()).plain(format!(": {advice}"))))
        })
        .collect();
    if !advice.is_empty() {
        document.heading(2, "What more cases would settle");
        document.trees(advice);
    }
    document
}

/// Returns the risks of all modes, or of the first few.
pub fn list_risks(case: Case<'_>, most: usize) -> Document {
    let mut document = Document::default();
    let columns = vec![
        column("", true),
        column("Failure mode", false),
        column("Risk (low–high)", true),
        column("L × S × D", true),
        column("Band", false),
        column("Priority", false),
    ];
    let rows =
        case.assessment.risks.iter().take(most).enumerate().map(|(position, risk)| risk_row(case, position, risk));
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    document
}

fn risk_row(case: Case<'_>, position: usize, risk: &ModeRisk) -> Vec<Line> {
    let bands = case.knowledge.bands.len();
    let tone = match risk.band.estimate {
        Some(band) if bands > 1 && band + 1 == bands => Tone::Bad,
        Some(band) if bands > 2 && band + 2 == bands => Tone::Warn,
        _ => Tone::Plain,
    };
    let band = risk.band.estimate.map_or_else(String::new, |band| case.knowledge.bands[band].title.clone());
    vec![
        Line::from((position + 1).to_string()),
        Line::new().name(case.knowledge.nodes[risk.mode].id.clone()),
        Line::new().with(tone, bounds(&risk.risk, 1)),
        Line::from(format!(
            "{} × {} × {}",
            with_digits(risk.likelihood.estimate().get(), 2),
            number(risk.severity.estimate().get()),
            number(risk.detectability.estimate().get())
        )),
        Line::new().with(tone, band),
        Line::from(priority_word(risk.priority)),
    ]
}

/// Returns a priority as a word.
pub(super) fn priority_word(priority: Option<PriorityLevel>) -> &'static str {
    match priority {
        Some(PriorityLevel::High) => "high",
        Some(PriorityLevel::Medium) => "medium",
        Some(PriorityLevel::Low) => "low",
        None => "—",
    }
}

/// Returns every recommendation; those that are struck out come last, with the reason.
pub fn list_recommendations(case: Case<'_>) -> Document {
    let (advised, struck) = advised_and_struck(case);
    let mut document = Document::default();
    if advised.is_empty() {
        document.paragraph("No mitigation in this pack would remove risk here.");
    }
    document.blocks.push(entries(case, &advised, &struck));
    document
}

/// Returns the first steps: the few recommendations that something measured or answered speaks for. What
/// would only lower base rates is left to the full list.
pub(super) fn first_steps(case: Case<'_>, most: usize) -> Document {
    let (mut advised, mut struck) = advised_and_struck(case);
    let unprompted = advised.len();
    advised.retain(|found| !found.lit_by.is_empty() || !found.recommended_by.is_empty());
    let unprompted = unprompted - advised.len();
    advised.truncate(most);
    struck.truncate(most);
    let mut document = Document::default();
    if advised.is_empty() {
        let rest = Count(unprompted, "mitigation");
        document.paragraph(format!(
            "Nothing measured or answered asks for a step. {rest} would lower base rates: `etio recommend`."
        ));
    }
    if !advised.is_empty() || !struck.is_empty() {
        document.blocks.push(entries(case, &advised, &struck));
    }
    document
}

fn advised_and_struck(case: Case<'_>) -> (Vec<&Recommendation>, Vec<&Recommendation>) {
    case.assessment.recommendations.iter().partition(|found| !found.is_contraindicated())
}

fn entries(case: Case<'_>, advised: &[&Recommendation], struck: &[&Recommendation]) -> Block {
    let numbered = advised.iter().enumerate();
    let advised = numbered.map(|(position, found)| recommendation(case, format!("{}.", position + 1), found));
    Block::Entries(advised.chain(struck.iter().map(|found| struck_out(case, found))).collect())
}

fn recommendation(case: Case<'_>, mark: String, found: &Recommendation) -> Entry {
    let declared = &case.knowledge.mitigations[found.mitigation];
    let effort = match found.effort {
        crate::model::Effort::Low => "low",
        crate::model::Effort::Medium => "medium",
        crate::model::Effort::High => "high",
    };
    let text = Line::new()
        .strong(declared.title.clone())
        .plain(format!(" — removes {}, effort {effort}  ", bounds(&found.risk_removed, 1)))
        .name(declared.id.clone());
    let mut details = Vec::new();
    if let Some(chain) = found.chains.first() {
        let names: Vec<&str> = chain.path.iter().map(|node| case.node_title(*node)).collect();
        details.push(Line::new().faint("against: ").plain(names.join(" ← ")));
    }
    if let Some(id) = found.recommended_by.first().or(found.lit_by.first())
        && let Some(instance) = case.inference().instance(*id)
    {
        let rule = &case.knowledge.rules[instance.rule];
        let verb = if found.recommended_by.is_empty() { "because of" } else { "asked for by" };
        details.push(Line::new().faint(format!("{verb}: ")).plain(rule.title.clone()).faint(format!("  {}", rule.id)));
    }
    if let Some(needs) = &declared.needs {
        details.push(Line::new().faint("needs: ").plain(needs.clone()));
    }
    Entry { mark, text, details }
}

fn struck_out(case: Case<'_>, found: &Recommendation) -> Entry {
    let declared = &case.knowledge.mitigations[found.mitigation];
    let reasons: Vec<&str> = found.contraindicated_by.iter().map(|reason| reason.because.as_str()).collect();
    let text = Line::new().with(Tone::Warn, "not: ").plain(declared.title.clone()).faint(format!("  {}", declared.id));
    Entry { mark: "✗".into(), text, details: vec![Line::new().faint("because: ").plain(reasons.join(" "))] }
}
