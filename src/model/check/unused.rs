//! What is declared and never used, and what nobody will believe.

use super::super::error::ModelError;
use super::super::from_syntax::{LoweredRule, LoweredVerdict};
use super::super::{ActionKind, FindingId, InputId, InputKind, KnowledgeBase, RelationId};
use crate::diagnostic::Diagnostics;
use crate::source::Span;

/// What the conditions of rules and verdicts read.
#[derive(Debug, Default)]
pub(in crate::model) struct Reads {
    findings: Vec<FindingId>,
    inputs: Vec<InputId>,
    relations: Vec<RelationId>,
    /// Where each finding is concluded first.
    concluded: Vec<(FindingId, Span)>,
}

impl Reads {
    pub(in crate::model) fn of(rules: &[LoweredRule], verdicts: &[LoweredVerdict]) -> Self {
        let mut reads = Self::default();
        for lowered in rules {
            reads.findings.extend(lowered.reads.iter().map(|read| read.finding));
            reads.inputs.extend(&lowered.inputs);
            reads.relations.extend(&lowered.relations);
            for action in &lowered.rule.actions {
                if let ActionKind::Conclude(atom) = &action.kind {
                    reads.concluded.push((atom.finding, atom.span));
                }
            }
        }
        for lowered in verdicts {
            reads.findings.extend(lowered.reads.iter().map(|read| read.finding));
            reads.inputs.extend(&lowered.inputs);
            reads.relations.extend(&lowered.relations);
        }
        reads.findings.sort_unstable();
        reads.findings.dedup();
        reads.inputs.sort_unstable();
        reads.inputs.dedup();
        reads.relations.sort_unstable();
        reads.relations.dedup();
        reads.concluded.sort_by_key(|(finding, _)| *finding);
        reads.concluded.dedup_by_key(|(finding, _)| *finding);
        reads
    }
}

/// Warns of what is unused or unexplained.
pub(in crate::model) fn warn(base: &KnowledgeBase, reads: &Reads, diagnostics: &mut Diagnostics) {
    warn_of_findings(base, reads, diagnostics);
    warn_of_inputs(base, reads, diagnostics);
    warn_of_relations(base, reads, diagnostics);
    warn_of_reasons(base, diagnostics);
    warn_of_precedences(base, diagnostics);
    warn_of_nodes(base, diagnostics);
}

fn warn_of_findings(base: &KnowledgeBase, reads: &Reads, diagnostics: &mut Diagnostics) {
    for (finding, span) in &reads.concluded {
        if reads.findings.binary_search(finding).is_err() {
            diagnostics.push(ModelError::UnusedFinding { name: base.findings[*finding].id.clone(), span: *span });
        }
    }
}

/// A question that nothing reads wastes a person's time. Metrics are shown in the report anyway.
fn warn_of_inputs(base: &KnowledgeBase, reads: &Reads, diagnostics: &mut Diagnostics) {
    for (id, input) in base.inputs.iter() {
        let noun = match input.kind {
            InputKind::Question { .. } => "question",
            InputKind::Metadata => "input",
            InputKind::Metric { .. } => continue,
        };
        if reads.inputs.binary_search(&id).is_err() {
            diagnostics.push(ModelError::UnusedDeclaration {
                noun,
                name: input.id.clone(),
                span: head(input.span, noun, &input.id),
            });
        }
    }
}

fn warn_of_relations(base: &KnowledgeBase, reads: &Reads, diagnostics: &mut Diagnostics) {
    for (id, relation) in base.relations.iter() {
        if reads.relations.binary_search(&id).is_err() {
            let span = head(relation.span, "relation", &relation.id);
            let name = relation.id.clone();
            diagnostics.push(ModelError::UnusedDeclaration { noun: "relation", name, span });
        }
    }
}

fn warn_of_reasons(base: &KnowledgeBase, diagnostics: &mut Diagnostics) {
    for rule in base.rules.values() {
        let about = &rule.about;
        let reason_of_action =
            rule.actions.iter().any(|action| matches!(action.kind, ActionKind::Contraindicate { .. }));
        let reason = about.because.is_some() || reason_of_action;
        let ground = !about.cites.is_empty() || about.basis.is_some();
        if !reason || !ground {
            diagnostics.push(ModelError::NoReason { name: rule.id.clone(), span: head(rule.span, "rule", &rule.id) });
        }
    }
}

fn warn_of_precedences(base: &KnowledgeBase, diagnostics: &mut Diagnostics) {
    let mut verdicts: Vec<_> = base.verdicts.values().collect();
    // Stable, so that verdicts of one precedence stay in order of name.
    verdicts.sort_by_key(|verdict| verdict.precedence);
    for pair in verdicts.windows(2) {
        let [first, second] = pair else { continue };
        if first.precedence == second.precedence {
            diagnostics.push(ModelError::SamePrecedence {
                first_name: first.id.clone(),
                second_name: second.id.clone(),
                first: head(first.span, "verdict", &first.id),
                second: head(second.span, "verdict", &second.id),
            });
        }
    }
}

fn warn_of_nodes(base: &KnowledgeBase, diagnostics: &mut Diagnostics) {
    let mut raised = vec![false; base.nodes.len()];
    for (id, node) in base.nodes.iter() {
        raised[id.index()] |= node.base_rate > 0.0;
        for cause in &node.causes {
            raised[cause.effect.index()] = true;
        }
    }
    for action in base.rules.values().flat_map(|rule| &rule.actions) {
        if let ActionKind::Suspect { node, .. } = &action.kind {
            raised[node.index()] = true;
        }
    }
    let mut addressed = vec![false; base.nodes.len()];
    for address in base.mitigations.values().flat_map(|mitigation| &mitigation.addresses) {
        addressed[address.node.index()] = true;
    }
    for (id, node) in base.nodes.iter() {
        let name = node.id.clone();
        if node.is_mode() && !raised[id.index()] {
            diagnostics.push(ModelError::ModeNeverRaised { span: head(node.span, "mode", &name), name });
        } else if !node.is_mode() && !addressed[id.index()] {
            diagnostics.push(ModelError::FactorWithoutMitigation { span: head(node.span, "factor", &name), name });
        }
    }
}

/// Returns the keyword and name of a declaration, which is enough to point at. Between them there
/// may be more than one blank; a label that is a little short still points at the right place.
fn head(declaration: Span, keyword: &str, name: &str) -> Span {
    let length = u32::try_from(keyword.len() + 1 + name.len()).unwrap_or(u32::MAX);
    Span { end: declaration.end.min(declaration.start.saturating_add(length)), ..declaration }
}
