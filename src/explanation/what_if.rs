//! What if some inputs were otherwise: the assessment made again, and what differs.

use super::figures::{bounds, with_digits};
use super::suppose::Supposition;
use super::teller::Teller;
use super::{Block, Case, Column, Document, Entry, Line, Tone};
use crate::diagnostic::Diagnostic;
use crate::inference::{Premise, PremiseKind};
use crate::model::{Condition, ConditionKind, KnowledgeBase, MitigationId, NodeId, RuleId, VerdictId};
use crate::risk::{Assessment, Bounds, Options, Quantity as _, Risk, TotalRisk, assess_with};

/// The difference that supposed values make.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// Each input with its value before and after, in words.
    pub changes: Vec<(String, String, String)>,
    /// The verdict before and after.
    pub verdict: (Option<VerdictId>, Option<VerdictId>),
    /// The total risk before and after.
    pub total: (Bounds<TotalRisk>, Bounds<TotalRisk>),
    /// Modes whose risk differs, the largest difference first.
    pub risks: Vec<MovedRisk>,
    /// Rules that now fire.
    pub fired: Vec<TurnedRule>,
    /// Rules that no longer fire.
    pub silent: Vec<TurnedRule>,
    /// Mitigations that are now recommended.
    pub recommended: Vec<MitigationId>,
    /// Mitigations that no longer are.
    pub dropped: Vec<MitigationId>,
    /// The assessment under the supposition, without swings.
    pub after: Assessment,
}

/// A rule that fires in one of two assessments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnedRule {
    /// The rule.
    pub rule: RuleId,
    /// The conditions that turned, in sentences, as they are under the supposition.
    pub because: Vec<String>,
}

/// Assesses again with the supposed values and returns what differs.
///
/// # Errors
/// `I001 too-many-instances`, as the assessment itself.
pub fn what_if(case: Case<'_>, suppositions: &[Supposition]) -> Result<WhatIf, Diagnostic> {
    let mut facts = case.facts.clone();
    let changes = suppositions.iter().map(|supposition| supposition.apply(case, &mut facts)).collect();
    let options = Options { propagation: case.assessment.propagation, swings: false };
    let after = assess_with(case.knowledge, &facts, options)?;
    let before = case.assessment;
    let supposed = Case { facts: &facts, assessment: &after, ..case };
    let advised = |assessment: &Assessment, mitigation: MitigationId| {
        assessment.recommendations.iter().any(|found| found.mitigation == mitigation && !found.is_contraindicated())
    };
    let newly = |from: &Assessment, to: &Assessment| {
        case.knowledge.mitigations.ids().filter(|id| !advised(from, *id) && advised(to, *id)).collect::<Vec<_>>()
    };
    Ok(WhatIf {
        changes,
        verdict: (before.verdict.given, after.verdict.given),
        total: (before.total, after.total),
        risks: moved_risks(before, &after),
        fired: turned(case, supposed, true),
        silent: turned(supposed, case, false),
        recommended: newly(before, &after),
        dropped: newly(&after, before),
        after,
    })
}

/// Returns the rules that fire in one case and not in the other, each with the conditions that turned: as they
/// are where it fires, or as they are where it does not.
fn turned(silent: Case<'_>, firing: Case<'_>, told_where_it_fires: bool) -> Vec<TurnedRule> {
    let fires = |case: Case<'_>, rule: RuleId| case.inference().outcome(rule).holds();
    let rules = firing.knowledge.rules.iter().filter(|(rule, _)| fires(firing, *rule) && !fires(silent, *rule));
    let turned = rules.filter_map(|(rule, declared)| {
        let instance = firing.inference().instances_of(rule).find(|(_, instance)| instance.outcome.holds())?.1;
        let mut others = silent.inference().instances_of(rule).map(|(_, other)| other);
        let other = others.find(|other| other.binding == instance.binding);
        let (mut conditions, mut premises) = (Vec::new(), Vec::new());
        if let (Some(condition), Some(premise)) = (&declared.body.condition, &instance.premise) {
            joined(condition, premise, &mut conditions);
        }
        if let (Some(condition), Some(premise)) =
            (&declared.body.condition, other.and_then(|other| other.premise.as_ref()))
        {
            joined(condition, premise, &mut premises);
        }
        let mut because = Vec::new();
        for (place, (condition, premise)) in conditions.into_iter().enumerate() {
            let before = premises.get(place).map(|(_, before)| *before);
            if before.is_some_and(|before| before.outcome.holds()) {
                continue;
            }
            let parts = if told_where_it_fires {
                Teller::new(firing, false).condition(condition, premise)
            } else {
                before.map(|before| Teller::of_what_lacks(silent).condition(condition, before)).unwrap_or_default()
            };
            because.extend(parts.into_iter().map(|part| part.sentence));
        }
        Some(TurnedRule { rule, because })
    });
    turned.collect()
}

/// Lists the conditions joined by `and` with their records.
fn joined<'a>(condition: &'a Condition, premise: &'a Premise, out: &mut Vec<(&'a Condition, &'a Premise)>) {
    match (&condition.kind, &premise.kind) {
        (ConditionKind::And(parts), PremiseKind::And(premises)) => {
            parts.iter().zip(premises).for_each(|(part, premise)| joined(part, premise, out));
        }
        _ => out.push((condition, premise)),
    }
}

/// A mode with its risk before and after.
pub type MovedRisk = (NodeId, Bounds<Risk>, Bounds<Risk>);

/// Returns the modes whose risk differs between two assessments, the largest difference first.
pub fn moved_risks(before: &Assessment, after: &Assessment) -> Vec<MovedRisk> {
    let mut risks: Vec<MovedRisk> = before
        .risks
        .iter()
        .filter_map(|risk| Some((risk.mode, risk.risk, after.risk(risk.mode)?.risk)))
        .filter(|(_, old, new)| old != new)
        .collect();
    let moved = |(_, old, new): &MovedRisk| (new.estimate().get() - old.estimate().get()).abs();
    risks.sort_by(|left, right| moved(right).total_cmp(&moved(left)).then(left.0.cmp(&right.0)));
    risks
}

impl WhatIf {
    /// Returns the difference for people.
    pub fn document(&self, knowledge: &KnowledgeBase) -> Document {
        let mut document = Document::default();
        let supposed: Vec<String> =
            self.changes.iter().map(|(name, old, new)| format!("{name} were {new} instead of {old}")).collect();
        document.heading(2, format!("If {}", supposed.join(" and ")));
        let title = |verdict: Option<VerdictId>| {
            verdict.map_or_else(|| "none".to_owned(), |verdict| knowledge.verdicts[verdict].title.clone())
        };
        let (old, new) = self.verdict;
        document.paragraph(if old == new {
            Line::new().plain("The verdict stays: ").strong(title(old))
        } else {
            Line::new().plain("The verdict changes from ").strong(title(old)).plain(" to ").strong(title(new))
        });
        document.paragraph(format!("Total risk: {} → {}", bounds(&self.total.0, 1), bounds(&self.total.1, 1)));
        show_moved_risks(&self.risks, &mut document, knowledge);
        for (label, turned) in [("Now firing", &self.fired), ("No longer firing", &self.silent)] {
            if turned.is_empty() {
                continue;
            }
            document.heading(2, label);
            let entries = turned.iter().map(|turned| {
                let rule = &knowledge.rules[turned.rule];
                let text = Line::new().plain(format!("{}  ", rule.title)).name(rule.id.clone());
                let details = turned.because.iter().map(|because| Line::new().faint("because: ").plain(because));
                Entry { mark: "-".into(), text, details: details.collect() }
            });
            document.blocks.push(Block::Entries(entries.collect()));
        }
        let titles = |ids: &[MitigationId]| {
            let titled = ids.iter().map(|id| &knowledge.mitigations[*id]);
            titled.map(|found| format!("{} ({})", found.title, found.id)).collect::<Vec<_>>().join(", ")
        };
        for (label, advised) in [("Now recommended", &self.recommended), ("No longer recommended", &self.dropped)] {
            if !advised.is_empty() {
                document.paragraph(Line::new().strong(format!("{label}: ")).plain(titles(advised)));
            }
        }
        document
    }
}

/// Adds a table of risks before and after.
pub fn show_moved_risks(risks: &[MovedRisk], document: &mut Document, knowledge: &KnowledgeBase) {
    if risks.is_empty() {
        document.paragraph("No risk changes.");
        return;
    }
    let columns = vec![
        Column { title: "Failure mode", right: false },
        Column { title: "Before (low–high)", right: true },
        Column { title: "After (low–high)", right: true },
        Column { title: "Change", right: true },
    ];
    let rows = risks.iter().map(|(mode, old, new)| {
        let change = new.estimate().get() - old.estimate().get();
        let tone = if change > 0.05 {
            Tone::Bad
        } else if change < -0.05 {
            Tone::Good
        } else {
            Tone::Plain
        };
        let sign = if change > 0.0 { "+" } else { "" };
        vec![
            Line::from(knowledge.nodes[*mode].title.as_str()),
            Line::from(bounds(old, 1)),
            Line::from(bounds(new, 1)),
            Line::new().with(tone, format!("{sign}{}", with_digits(change, 1))),
        ]
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
}
