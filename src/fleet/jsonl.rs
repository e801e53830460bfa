//! JSON lines: one deployment a line; the schema is `docs/fleet.schema.json`.

use serde::Serialize;

use super::plan::Worlds;
use super::results::Results;
use crate::model::{FlagLevel, KnowledgeBase, PriorityLevel};
use crate::risk::PerWorld;

#[derive(Serialize)]
struct Line<'a> {
    row: u64,
    id: Option<&'a str>,
    verdict: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_ruled_out: Option<Vec<&'a str>>,
    total_risk: Figures,
    risks: Vec<Risk<'a>>,
    recommendations: Vec<Recommendation<'a>>,
    contraindicated: Vec<&'a str>,
    flags: Vec<Flag<'a>>,
    missing: Vec<&'a str>,
}

/// A figure; low and high only where all three worlds were computed.
#[derive(Serialize)]
struct Figures {
    estimate: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
}

#[derive(Serialize)]
struct Risk<'a> {
    mode: &'a str,
    likelihood: Figures,
    severity: Figures,
    detectability: Figures,
    risk: Figures,
    band: Option<&'a str>,
    priority: Option<&'static str>,
}

#[derive(Serialize)]
struct Recommendation<'a> {
    mitigation: &'a str,
    risk_removed: Figures,
}

#[derive(Serialize)]
struct Flag<'a> {
    level: &'static str,
    rule: &'a str,
    text: &'a str,
}

/// What each line says of a deployment.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowName<'a> {
    /// From 1.
    pub number: u64,
    pub id: Option<&'a str>,
}

/// Appends the line of a row.
pub(super) fn write_line(out: &mut Vec<u8>, results: &Results<'_>, row: usize, name: RowName<'_>, top: usize) {
    let knowledge = results.knowledge;
    let all = results.plan.worlds == Worlds::All;
    let figures = |figures: PerWorld<f64>| Figures {
        estimate: figures.estimate,
        low: all.then_some(figures.low),
        high: all.then_some(figures.high),
    };
    let verdict_id = |verdict| knowledge.verdicts[verdict].id.as_str();
    let risks = results.modes(row, top).into_iter().map(|mode| Risk {
        mode: &knowledge.nodes[mode.mode].id,
        likelihood: figures(mode.likelihood),
        severity: figures(mode.severity),
        detectability: figures(mode.detectability),
        risk: figures(mode.risk),
        band: band_name(knowledge, mode.band),
        priority: mode.priority.map(priority_name),
    });
    let recommendations = results.recommendations(row, top).into_iter().map(|ranked| Recommendation {
        mitigation: &knowledge.mitigations[ranked.mitigation].id,
        risk_removed: figures(ranked.removed),
    });
    let line = Line {
        row: name.number,
        id: name.id,
        verdict: results.verdict(row).map(|verdict| verdict_id(verdict.verdict)),
        not_ruled_out: all.then(|| results.not_ruled_out(row).map(|verdict| verdict_id(verdict.verdict)).collect()),
        total_risk: figures(results.total(row)),
        risks: risks.collect(),
        recommendations: recommendations.collect(),
        contraindicated: results.contraindicated(row).map(|id| knowledge.mitigations[id].id.as_str()).collect(),
        flags: results
            .flags(row)
            .map(|flag| Flag { level: level_name(flag.level), rule: &knowledge.rules[flag.rule].id, text: &flag.text })
            .collect(),
        missing: results.missing(row).map(|input| knowledge.inputs[input].id.as_str()).collect(),
    };
    serde_json::to_writer(&mut *out, &line).expect("invariant: writing to memory does not fail, and every key is text");
    out.push(b'\n');
}

/// Returns the name of a band.
pub(super) fn band_name(knowledge: &KnowledgeBase, band: Option<usize>) -> Option<&str> {
    band.and_then(|band| knowledge.bands.get(band)).map(|band| band.id.as_str())
}

/// Returns the word for a priority.
pub(super) fn priority_name(level: PriorityLevel) -> &'static str {
    match level {
        PriorityLevel::High => "high",
        PriorityLevel::Medium => "medium",
        PriorityLevel::Low => "low",
    }
}

/// Returns the word for a level.
pub(super) fn level_name(level: FlagLevel) -> &'static str {
    match level {
        FlagLevel::Info => "info",
        FlagLevel::Advise => "advise",
        FlagLevel::Act => "act",
        FlagLevel::Block => "block",
    }
}
