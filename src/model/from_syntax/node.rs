//! `mode` and `factor` declarations.

use super::super::check::ranges::checked_rating;
use super::super::error::ModelError;
use super::super::{Cause, Dimension, Node, NodeId, NodeKind};
use super::Context;
use super::about::{lower_about, lower_ground};
use super::clauses::{check_clauses, choice, find, missing, title};
use super::counted::{Figure, lower_figure};
use crate::syntax::ast::{ClauseKind, Counting, Declaration, Keyword};

/// Returns a mode or factor.
pub(super) fn lower_node(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Node> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let base_rate = find(declaration, |clause| match clause {
        ClauseKind::BaseRate { rate, counting } => Some((rate, counting)),
        _ => None,
    });
    let base = match base_rate {
        Some((rate, counting)) => lower_figure(context, "base rate", rate, counting.as_ref()),
        None => Some(Figure { value: 0.0, counted: None, span: declaration.span }),
    };
    if let Some((_, Some(counting))) = base_rate {
        refuse_against(context, counting);
    }
    let causes = lower_causes(context, declaration);
    let kind = if declaration.keyword.value == Keyword::Mode {
        lower_mode(context, declaration)
    } else {
        Some(NodeKind::Factor)
    };
    let base = base?;
    Some(Node {
        id: name.to_owned(),
        title: title(declaration),
        kind: kind?,
        base_rate: base.value,
        base_counted: base.counted,
        base_span: base_rate.is_some().then_some(base.span),
        causes: causes?,
        span: declaration.span,
        about,
    })
}

/// Says that a base rate has no cause without which it could be looked at.
fn refuse_against(context: &mut Context<'_>, counting: &Counting) {
    if let Some((hits, of)) = &counting.against {
        context.diagnostics.push(ModelError::CountsDisagree {
            what: "a base rate is held against nothing".to_owned(),
            span: hits.span.to(of.span),
            label: "belongs to the strength of a link",
            other: None,
            help: "leave `against` out",
        });
    }
}

fn lower_mode(context: &mut Context<'_>, declaration: &Declaration) -> Option<NodeKind> {
    let symbols = context.symbols;
    let category = find(declaration, |clause| match clause {
        ClauseKind::Category(name) => Some(name),
        _ => None,
    });
    if category.is_none() {
        missing(context, declaration, "a category", "add `category …`");
    }
    let category = category.and_then(|name| symbols.resolve(&symbols.categories, name, &mut context.diagnostics));
    let dimension = find(declaration, |clause| match clause {
        ClauseKind::Dimension(word) => Some(word),
        _ => None,
    });
    if dimension.is_none() {
        missing(context, declaration, "a dimension", "add `dimension data`, `model`, `deployment` or `adversarial`");
    }
    let choices = &["data", "model", "deployment", "adversarial"];
    let values = [Dimension::Data, Dimension::Model, Dimension::Deployment, Dimension::Adversarial];
    let dimension = dimension.and_then(|word| choice(context, "a dimension", word, choices, &values));
    let severity = find(declaration, |clause| match clause {
        ClauseKind::Severity(number) => Some(number),
        _ => None,
    });
    if severity.is_none() {
        missing(context, declaration, "a severity", "add `severity` with a rating from 1 to 10");
    }
    let severity = severity.and_then(|number| checked_rating(&mut context.diagnostics, "severity", number));
    let detectability = find(declaration, |clause| match clause {
        ClauseKind::Detectability(number) => Some(number),
        _ => None,
    });
    if detectability.is_none() {
        missing(
            context,
            declaration,
            "a detectability",
            "add `detectability` with a rating from 1 to 10, 10 being hardest to see",
        );
    }
    let detectability =
        detectability.and_then(|number| checked_rating(&mut context.diagnostics, "detectability", number));
    Some(NodeKind::Mode {
        category: category?,
        dimension: dimension?,
        severity: severity?,
        detectability: detectability?,
    })
}

fn lower_causes(context: &mut Context<'_>, declaration: &Declaration) -> Option<Vec<Cause>> {
    let symbols = context.symbols;
    let mut causes: Vec<Cause> = Vec::new();
    let mut sound = true;
    for clause in &declaration.clauses {
        let ClauseKind::Causes { effect, strength, counting, ground } = &clause.kind else { continue };
        let id: Option<NodeId> = symbols.resolve(&symbols.nodes, effect, &mut context.diagnostics);
        let strength = lower_figure(context, "strength", strength, counting.as_ref());
        let (Some(id), Some(strength)) = (id, strength) else {
            sound = false;
            continue;
        };
        if let Some(first) = causes.iter().find(|cause| cause.effect == id) {
            context.diagnostics.push(ModelError::LinkedTwice {
                cause: declaration.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
                effect: effect.value.clone(),
                first: first.span,
                second: clause.span,
            });
            continue;
        }
        let about = lower_ground(context, ground);
        causes.push(Cause {
            effect: id,
            strength: strength.value,
            counted: strength.counted,
            strength_span: strength.span,
            span: clause.span,
            about,
        });
    }
    causes.sort_by_key(|cause| cause.effect);
    sound.then_some(causes)
}
