//! Is every finding complete before it is negated or counted?
//!
//! Findings form a graph: a finding leads to those that the rules concluding it read. A finding
//! whose knot (strongly connected component) has an edge through `not`, `all` or an aggregate has no
//! meaning. A knot without one is plain recursion: its findings share a stratum, and build each other up
//! from nothing until nothing is added.

use super::super::error::{CycleLink, ModelError};
use super::super::from_syntax::{Concluded, FindingRead, LoweredRule, Strictness};
use super::super::{ActionKind, FindingId, Phase};
use super::cycles::{components, path};
use crate::diagnostic::Diagnostics;

/// A reading of one finding by a rule that concludes another.
#[derive(Clone, Copy)]
struct Edge {
    from: usize,
    read: FindingRead,
}

/// Gives every rule its stratum, or says which cycle forbids it.
pub(in crate::model) fn assign(
    rules: &mut [Option<LoweredRule>],
    findings: &[Concluded],
    diagnostics: &mut Diagnostics,
) {
    let mut edges: Vec<Edge> = Vec::new();
    for lowered in rules.iter().flatten() {
        for concluded in concluded_by(lowered) {
            edges.extend(lowered.reads.iter().map(|read| Edge { from: concluded.index(), read: *read }));
        }
    }
    edges.sort_by_key(|edge| (edge.from, edge.read.finding, edge.read.strict.is_none(), edge.read.span));
    let mut successors: Vec<Vec<usize>> = vec![Vec::new(); findings.len()];
    for edge in &edges {
        successors[edge.from].push(edge.read.finding.index());
    }
    for list in &mut successors {
        list.dedup();
    }
    let component = components(&successors);
    report_cycles(&edges, &successors, &component, findings, diagnostics);

    // Components are numbered after what they lead to, so one pass in that order is enough.
    let n_components = component.iter().max().map_or(0, |highest| highest + 1);
    let mut strata = vec![0_u32; n_components];
    let mut ordered = edges;
    ordered.sort_by_key(|edge| component[edge.from]);
    for edge in &ordered {
        let (from, to) = (component[edge.from], component[edge.read.finding.index()]);
        if from != to {
            strata[from] = strata[from].max(strata[to] + 1);
        }
    }
    for lowered in rules.iter_mut().flatten() {
        if lowered.rule.phase == Phase::Advice {
            continue;
        }
        let own: Vec<usize> = concluded_by(lowered).map(|finding| component[finding.index()]).collect();
        let stratum = |read: &FindingRead| {
            let read = component[read.finding.index()];
            if own.contains(&read) { strata[read] } else { strata[read] + 1 }
        };
        lowered.rule.stratum = lowered.reads.iter().map(stratum).max().unwrap_or(0);
    }
}

fn concluded_by(lowered: &LoweredRule) -> impl Iterator<Item = FindingId> + '_ {
    lowered.rule.actions.iter().filter_map(|action| match &action.kind {
        ActionKind::Conclude(atom) => Some(atom.finding),
        _ => None,
    })
}

/// Says, for each knot with an edge that needs the finding complete, one shortest cycle through such an edge,
/// which comes first.
fn report_cycles(
    edges: &[Edge],
    successors: &[Vec<usize>],
    component: &[usize],
    findings: &[Concluded],
    diagnostics: &mut Diagnostics,
) {
    let successors = successors.to_vec();
    let mut reported = vec![false; findings.len()];
    let inner = edges.iter().filter(|edge| component[edge.from] == component[edge.read.finding.index()]);
    for edge in inner.filter(|edge| edge.read.strict.is_some()) {
        let knot = component[edge.from];
        if reported[knot] {
            continue;
        }
        reported[knot] = true;
        let Some(back) = path(&successors, component, edge.read.finding.index(), edge.from) else { continue };
        let mut links = vec![link(edge, findings)];
        for pair in back.windows(2) {
            let [from, to] = pair else { continue };
            let found = edges.iter().find(|edge| edge.from == *from && edge.read.finding.index() == *to);
            links.extend(found.map(|edge| link(edge, findings)));
        }
        diagnostics.push(ModelError::NotStratified { links });
    }
}

fn link(edge: &Edge, findings: &[Concluded]) -> CycleLink {
    CycleLink {
        from: findings[edge.from].name.clone(),
        to: findings[edge.read.finding.index()].name.clone(),
        verb: match edge.read.strict {
            Some(Strictness::Negation) => "negates",
            Some(Strictness::Aggregate) => "needs all of",
            None => "waits for",
        },
        span: edge.read.span,
    }
}
