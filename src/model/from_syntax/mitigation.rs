//! `mitigation` declarations.

use super::super::check::ranges::checked_share;
use super::super::error::ModelError;
use super::super::{Address, Effort, Mitigation, NodeId};
use super::Context;
use super::about::{lower_about, lower_ground};
use super::clauses::{check_clauses, choice, find, missing, title};
use crate::syntax::ast::{ClauseKind, Declaration, Name};

/// Returns a mitigation.
pub(super) fn lower_mitigation(context: &mut Context<'_>, name: &str, declaration: &Declaration) -> Option<Mitigation> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let addresses = lower_addresses(context, declaration);
    let effort = find(declaration, |clause| match clause {
        ClauseKind::Effort(word) => Some(word),
        _ => None,
    });
    if effort.is_none() {
        missing(context, declaration, "an effort", "add `effort low`, `medium` or `high`");
    }
    let choices = &["low", "medium", "high"];
    let effort = effort
        .and_then(|word| choice(context, "an effort", word, choices, &[Effort::Low, Effort::Medium, Effort::High]));
    let needs = find(declaration, |clause| match clause {
        ClauseKind::Needs(text) => Some(text.value.clone()),
        _ => None,
    });
    Some(Mitigation {
        id: name.to_owned(),
        title: title(declaration),
        addresses: addresses?,
        effort: effort?,
        needs,
        span: declaration.span,
        about,
    })
}

fn lower_addresses(context: &mut Context<'_>, declaration: &Declaration) -> Option<Vec<Address>> {
    let symbols = context.symbols;
    let mut addresses: Vec<Address> = Vec::new();
    let mut sound = true;
    let mut any = false;
    for clause in &declaration.clauses {
        let ClauseKind::Addresses { node, link_to, effect, ground } = &clause.kind else { continue };
        any = true;
        let id: Option<NodeId> = symbols.resolve(&symbols.nodes, node, &mut context.diagnostics);
        let effect = checked_share(&mut context.diagnostics, "effect", effect);
        let target = link_to.as_ref().map(|name| symbols.resolve(&symbols.nodes, name, &mut context.diagnostics));
        let (Some(id), Some(effect), Some(link)) = (id, effect, target.map_or(Some(None), |target| target.map(Some)))
        else {
            sound = false;
            continue;
        };
        if let Some(first) = addresses.iter().find(|address| address.node == id && address.link_to == link) {
            context.diagnostics.push(ModelError::LinkedTwice {
                cause: declaration.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
                effect: node.value.clone(),
                first: first.span,
                second: clause.span,
            });
            continue;
        }
        if let Some(link_to) = link_to {
            check_link(context, node, link_to, id);
        }
        let about = lower_ground(context, ground);
        addresses.push(Address { node: id, link_to: link, effect, span: clause.span, about });
    }
    if !any {
        missing(context, declaration, "something that it addresses", "add `addresses … effect …`");
        return None;
    }
    sound.then_some(addresses)
}

/// Says that the link is not declared.
fn check_link(context: &mut Context<'_>, cause: &Name, effect: &Name, cause_id: NodeId) {
    let entry = &context.symbols.nodes.entries[cause_id.index()];
    let Some(declaration) = entry.declaration else { return };
    let linked = declaration.clauses.iter().any(
        |clause| matches!(&clause.kind, ClauseKind::Causes { effect: declared, .. } if declared.value == effect.value),
    );
    if !linked {
        context.diagnostics.push(ModelError::NoSuchLink {
            cause: cause.value.clone(),
            effect: effect.value.clone(),
            span: cause.span.to(effect.span),
            declared: entry.span,
        });
    }
}
