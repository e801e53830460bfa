//! A line: what is told of one deployment, in whichever format. As JSON it follows `docs/fleet.schema.json`.

use serde::Serialize;

use super::plan::Worlds;
use super::results::Results;
use crate::model::{FlagLevel, KnowledgeBase, PriorityLevel};
use crate::risk::PerWorld;

/// What is told of one deployment.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    /// From 1.
    pub row: u64,
    pub id: Option<&'a str>,
    pub verdict: Option<&'a str>,
    /// None where low and high were not computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_ruled_out: Option<Vec<&'a str>>,
    pub total_risk: Figures,
    pub risks: Vec<Risk<'a>>,
    pub recommendations: Vec<Recommendation<'a>>,
    pub contraindicated: Vec<&'a str>,
    pub flags: Vec<Flag<'a>>,
    pub missing: Vec<&'a str>,
    /// The risk of every mode, by id; where that is asked for, and not in JSON.
    #[serde(skip)]
    pub by_mode: Vec<Figures>,
}

/// A figure; low and high only where all three worlds were computed.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Figures {
    pub estimate: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// The risk of a mode.
#[derive(Debug, Serialize)]
pub(super) struct Risk<'a> {
    pub mode: &'a str,
    pub likelihood: Figures,
    pub severity: Figures,
    pub detectability: Figures,
    pub risk: Figures,
    pub band: Option<&'a str>,
    pub priority: Option<&'static str>,
}

/// A mitigation, and how much risk it removes.
#[derive(Debug, Serialize)]
pub(super) struct Recommendation<'a> {
    pub mitigation: &'a str,
    pub risk_removed: Figures,
}

/// A remark of a rule.
#[derive(Debug, Serialize)]
pub(super) struct Flag<'a> {
    pub level: &'static str,
    pub rule: &'a str,
    pub text: &'a str,
}

impl Figures {
    /// Returns the figures of the worlds that were computed.
    pub fn new(worlds: PerWorld<f64>, all: bool) -> Self {
        let end = |end| all.then_some(end);
        Figures { estimate: worlds.estimate, low: end(worlds.low), high: end(worlds.high) }
    }
}

impl<'a> Line<'a> {
    /// Returns the line of a row of the results, which is that one of the table.
    pub fn new(results: &'a Results<'_>, row: usize, number: u64, id: Option<&'a str>, top: usize) -> Self {
        let knowledge = results.knowledge;
        let all = results.plan.worlds == Worlds::All;
        let figures = |worlds| Figures::new(worlds, all);
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
        let flags = results.flags(row).map(|flag| Flag {
            level: level_name(flag.level),
            rule: &knowledge.rules[flag.rule].id,
            text: &flag.text,
        });
        let open = || results.not_ruled_out(row).map(|verdict| verdict_id(verdict.verdict)).collect();
        Line {
            row: number,
            id,
            verdict: results.verdict(row).map(|verdict| verdict_id(verdict.verdict)),
            not_ruled_out: all.then(open),
            total_risk: figures(results.total(row)),
            risks: risks.collect(),
            recommendations: recommendations.collect(),
            contraindicated: results.contraindicated(row).map(|id| knowledge.mitigations[id].id.as_str()).collect(),
            flags: flags.collect(),
            missing: results.missing(row).map(|input| knowledge.inputs[input].id.as_str()).collect(),
            by_mode: Vec::new(),
        }
    }

    /// Appends the line as JSON.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(&mut *out, self).expect("invariant: memory can be written to, and every key is text");
        out.push(b'\n');
    }
}

/// Returns the name of a band.
fn band_name(knowledge: &KnowledgeBase, band: Option<usize>) -> Option<&str> {
    band.and_then(|band| knowledge.bands.get(band)).map(|band| band.id.as_str())
}

/// Returns the word for a priority.
fn priority_name(level: PriorityLevel) -> &'static str {
    match level {
        PriorityLevel::High => "high",
        PriorityLevel::Medium => "medium",
        PriorityLevel::Low => "low",
    }
}

/// Returns the word for a level.
fn level_name(level: FlagLevel) -> &'static str {
    match level {
        FlagLevel::Info => "info",
        FlagLevel::Advise => "advise",
        FlagLevel::Act => "act",
        FlagLevel::Block => "block",
    }
}
