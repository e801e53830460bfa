//! `mode` and `factor` declarations.

use super::super::check::ranges::{checked_rating, checked_share};
use super::super::error::ModelError;
use super::super::{Cause, Dimension, Node, NodeId, NodeKind};
use super::Context;
use super::about::{lower_about, lower_ground};
use super::clauses::{check_clauses, choice, find, missing, title};
use crate::syntax::ast::{ClauseKind, Declaration, Keyword};

/// Returns a mode or factor.
pub(super) fn lower_node(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Node> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let base_rate = find(declaration, |clause| match clause {
        ClauseKind::BaseRate(number) => Some(number),
        _ => None,
    });
    let base_rate = match base_rate {
        Some(number) => checked_share(&mut context.diagnostics, "base rate", number),
        None => Some(0.0),
    };
    let causes = lower_causes(context, declaration);
    let kind = if declaration.keyword.value == Keyword::Mode {
        lower_mode(context, declaration)
    } else {
        Some(NodeKind::Factor)
    };
    Some(Node {
        id: name.to_owned(),
        title: title(declaration),
        kind: kind?,
        base_rate: base_rate?,
        causes: causes?,
        span: declaration.span,
        about,
    })
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
        let ClauseKind::Causes { effect, strength, ground } = &clause.kind else { continue };
        let id: Option<NodeId> = symbols.resolve(&symbols.nodes, effect, &mut context.diagnostics);
        let strength = checked_share(&mut context.diagnostics, "strength", strength);
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
        causes.push(Cause { effect: id, strength, span: clause.span, about });
    }
    causes.sort_by_key(|cause| cause.effect);
    sound.then_some(causes)
}
