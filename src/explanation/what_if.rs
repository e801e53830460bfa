//! What if some inputs were otherwise: the assessment made again, and what differs.

use super::figures::{bounds, value_text, with_digits};
use super::{Case, Column, Document, Line, Tone};
use crate::diagnostic::{Code, Diagnostic, List, or_nearest};
use crate::facts::{Fact, FactStore, Member, Yaml, read_value};
use crate::model::{InputId, KnowledgeBase, MitigationId, NodeId, RuleId, Value, VerdictId};
use crate::risk::{Assessment, Bounds, Options, Quantity as _, Risk, TotalRisk, assess_with};

/// One supposed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The input.
    pub input: InputId,
    /// A member for each of its index sets.
    pub members: Vec<Member>,
    /// The value; none supposes that it is not known.
    pub value: Option<Value>,
}

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
    pub fired: Vec<RuleId>,
    /// Rules that no longer fire.
    pub silent: Vec<RuleId>,
    /// Mitigations that are now recommended.
    pub recommended: Vec<MitigationId>,
    /// Mitigations that no longer are.
    pub dropped: Vec<MitigationId>,
    /// The assessment under the supposition.
    pub after: Assessment,
}

/// Reads suppositions such as `model.autonomy = advisory, subgroup.auroc[sex=F] = 0.8`.
///
/// # Errors
/// `X002 unknown-name` or `X004 wrong-supposition`.
pub fn suppose(knowledge: &KnowledgeBase, facts: &FactStore, text: &str) -> Result<Vec<Change>, Diagnostic> {
    let mut changes = Vec::new();
    for part in split_outside_brackets(text, ',') {
        let mut sides = split_outside_brackets(&part, '=').into_iter();
        let (Some(name), Some(value)) = (sides.next(), sides.next()) else {
            return Err(malformed(&part));
        };
        changes.push(change(knowledge, facts, name.trim(), value.trim())?);
    }
    if changes.is_empty() { Err(malformed(text)) } else { Ok(changes) }
}

fn malformed(part: &str) -> Diagnostic {
    Diagnostic::new(Code::X004, format!("`{}` supposes nothing", part.trim())).with_help(
        "write `input = value`, several with commas, such as `model.autonomy = advisory, pilot.events = 200`",
    )
}

fn split_outside_brackets(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(part) if letter != separator || depth > 0 => part.push(letter),
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn change(knowledge: &KnowledgeBase, facts: &FactStore, name: &str, value: &str) -> Result<Change, Diagnostic> {
    let (id, member) = match name.split_once('[') {
        Some((id, member)) => (id.trim(), Some(member.trim_end_matches(']').trim().trim_matches('"'))),
        None => (name, None),
    };
    let Some(input) = knowledge.inputs.find(id) else {
        return Err(Diagnostic::new(Code::X002, format!("the pack has no input called `{id}`")).with_help(or_nearest(
            id,
            knowledge.inputs.names(),
            || "`facts` lists what is known".into(),
        )));
    };
    let declared = &knowledge.inputs[input];
    let members = match (declared.indexes.as_slice(), member) {
        ([], None) => Vec::new(),
        ([index], Some(member)) => {
            let known = facts.members(*index);
            let found =
                facts.member(*index, member).ok_or_else(|| {
                    let set = &knowledge.indexes[*index].id;
                    Diagnostic::new(Code::X002, format!("this deployment has no {set} `{member}`")).with_help(
                        or_nearest(member, known.iter().map(String::as_str), || match known {
                            [] => format!("no {set} is known here"),
                            known => format!("there is {}", List::and(known.iter().map(String::as_str))),
                        }),
                    )
                })?;
            vec![found]
        }
        ([], Some(_)) => return Err(malformed(name).with_help(format!("`{id}` is a single figure: write `{id} = …`"))),
        (_, _) => {
            let set = &knowledge.indexes[declared.indexes[0]].id;
            return Err(malformed(name).with_help(format!("`{id}` has a value for each {set}: write `{id}[…] = …`")));
        }
    };
    if value == "unknown" {
        return Ok(Change { input, members, value: None });
    }
    let written = value.parse::<f64>().map_or_else(|_| Yaml::Text(value.trim_matches('"').to_owned()), Yaml::Number);
    match read_value(&declared.value_type, &written) {
        Ok(value) => Ok(Change { input, members, value: Some(value) }),
        Err(expected) => Err(Diagnostic::new(Code::X004, format!("`{value}` is not a value of `{id}`"))
            .with_help(format!("expected {expected}; \"{}\" is of type {}", declared.title, declared.value_type))),
    }
}

/// Assesses again with the supposed values and returns what differs.
///
/// # Errors
/// `I001 too-many-instances`, as the assessment itself.
pub fn what_if(case: Case<'_>, changes: &[Change]) -> Result<WhatIf, Diagnostic> {
    let mut facts = case.facts.clone();
    let mut told = Vec::new();
    for change in changes {
        let declared = &case.knowledge.inputs[change.input];
        let key = crate::inference::FactKey {
            input: change.input,
            members: change.members.iter().copied().map(crate::inference::Element::Member).collect(),
        };
        let shown = |value: Option<&Value>| {
            value.map_or_else(|| "unknown".to_owned(), |value| value_text(value, &declared.value_type))
        };
        let before = facts.get(change.input, &change.members).and_then(|fact| fact.value.as_ref().ok());
        told.push((case.key_name(&key), shown(before), shown(change.value.as_ref())));
        match &change.value {
            Some(value) => {
                facts.set(change.input, &change.members, Fact::supposed(value.clone()));
            }
            None => {
                facts.remove(change.input, &change.members);
            }
        }
    }
    let options = Options { propagation: case.assessment.propagation, swings: true };
    let after = assess_with(case.knowledge, &facts, options)?;
    Ok(difference(case, told, after))
}

fn difference(case: Case<'_>, changes: Vec<(String, String, String)>, after: Assessment) -> WhatIf {
    let before = case.assessment;
    let risks = moved_risks(before, &after);
    let fires = |assessment: &Assessment, rule: RuleId| assessment.inference.outcome(rule).holds();
    let changed = |from: &Assessment, to: &Assessment| {
        case.knowledge.rules.ids().filter(|rule| !fires(from, *rule) && fires(to, *rule)).collect::<Vec<_>>()
    };
    let advised = |assessment: &Assessment, mitigation: MitigationId| {
        assessment.recommendations.iter().any(|found| found.mitigation == mitigation && !found.is_contraindicated())
    };
    let newly = |from: &Assessment, to: &Assessment| {
        case.knowledge.mitigations.ids().filter(|id| !advised(from, *id) && advised(to, *id)).collect::<Vec<_>>()
    };
    WhatIf {
        changes,
        verdict: (before.verdict.given, after.verdict.given),
        total: (before.total, after.total),
        risks,
        fired: changed(before, &after),
        silent: changed(&after, before),
        recommended: newly(before, &after),
        dropped: newly(&after, before),
        after,
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
        let rules = |ids: &[RuleId]| ids.iter().map(|id| knowledge.rules[*id].id.clone()).collect::<Vec<_>>();
        let mitigations =
            |ids: &[MitigationId]| ids.iter().map(|id| knowledge.mitigations[*id].id.clone()).collect::<Vec<_>>();
        let lists = [
            ("Now firing", rules(&self.fired)),
            ("No longer firing", rules(&self.silent)),
            ("Now recommended", mitigations(&self.recommended)),
            ("No longer recommended", mitigations(&self.dropped)),
        ];
        for (label, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            document.paragraph(Line::new().strong(format!("{label}: ")).plain(names.join(", ")));
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
    document.blocks.push(super::Block::Table { columns, rows: rows.collect() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_outside_brackets_only() {
        assert_eq!(split_outside_brackets("a[sex=F, x] = 1, b = 2", ','), ["a[sex=F, x] = 1", " b = 2"]);
        assert_eq!(split_outside_brackets("a[sex=F] = 1", '='), ["a[sex=F] ", " 1"]);
    }
}
