//! Which findings must be complete before which others are worked out.

use crate::model::{
    ActionKind, Condition, ConditionKind, Expression, ExpressionKind, FindingId, KnowledgeBase, Quantifier,
};

/// Returns a level for each finding: at least that of every finding that its rules read, and above that of
/// those that they negate or count. No finding depends on its own negation, so the climbing ends.
pub(super) fn levels(knowledge: &KnowledgeBase) -> Vec<usize> {
    let mut levels = vec![0; knowledge.findings.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for rule in knowledge.rules.values() {
            let mut reads = Vec::new();
            if let Some(condition) = &rule.body.condition {
                read_by_condition(condition, false, &mut reads);
            }
            let least = reads.iter().map(|(finding, complete)| levels[finding.index()] + usize::from(*complete)).max();
            for action in &rule.actions {
                if let (ActionKind::Conclude(atom), Some(least)) = (&action.kind, least)
                    && levels[atom.finding.index()] < least
                {
                    levels[atom.finding.index()] = least;
                    changed = true;
                }
            }
        }
    }
    levels
}

/// Lists the findings that a condition reads, and whether each must be complete.
fn read_by_condition(condition: &Condition, complete: bool, reads: &mut Vec<(FindingId, bool)>) {
    match &condition.kind {
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter().for_each(|part| read_by_condition(part, complete, reads));
        }
        ConditionKind::Not(part) => read_by_condition(part, true, reads),
        ConditionKind::Quantified { quantifier, condition, .. } => {
            read_by_condition(condition, complete || *quantifier == Quantifier::All, reads);
        }
        ConditionKind::Finding(atom) => reads.push((atom.finding, complete)),
        ConditionKind::Compare { left, right, .. } => {
            [left, right].into_iter().for_each(|side| read_by_expression(side, reads));
        }
        ConditionKind::Between { value, low, high } => {
            [value, low, high].into_iter().for_each(|side| read_by_expression(side, reads));
        }
        ConditionKind::In { .. }
        | ConditionKind::Includes { .. }
        | ConditionKind::Known(_)
        | ConditionKind::ExceedsNoise(_)
        | ConditionKind::Relation(_)
        | ConditionKind::EvidenceMissing => {}
    }
}

/// An expression reads findings under aggregates alone.
fn read_by_expression(expression: &Expression, reads: &mut Vec<(FindingId, bool)>) {
    match &expression.kind {
        ExpressionKind::Arithmetic { left, right, .. } => {
            [left, right].into_iter().for_each(|side| read_by_expression(side, reads));
        }
        ExpressionKind::Negate(value) | ExpressionKind::Absolute(value) | ExpressionKind::Ramp { value, .. } => {
            read_by_expression(value, reads);
        }
        ExpressionKind::Aggregate { condition, of, .. } => {
            condition.iter().for_each(|condition| read_by_condition(condition, true, reads));
            of.iter().for_each(|of| read_by_expression(of, reads));
        }
        ExpressionKind::Literal(_) | ExpressionKind::Input(_) | ExpressionKind::Measure { .. } => {}
    }
}
