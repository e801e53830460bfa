//! `stress_test` declarations.

use super::super::{InputId, NodeId, StressTest};
use super::Context;
use super::about::lower_about;
use super::clauses::{check_clauses, find, missing, title};
use super::symbols::Table;
use crate::syntax::ast::{ClauseKind, Declaration, Name};

/// Returns a stress test.
pub(super) fn lower_stress_test(
    context: &mut Context<'_>,
    name: &str,
    declaration: &Declaration,
) -> Option<StressTest> {
    check_clauses(context, declaration);
    let about = lower_about(context, declaration);
    let symbols = context.symbols;
    let probes = find(declaration, |clause| match clause {
        ClauseKind::Probes(names) => Some(names.as_slice()),
        _ => None,
    });
    let reads = find(declaration, |clause| match clause {
        ClauseKind::Reads(names) => Some(names.as_slice()),
        _ => None,
    });
    if probes.is_none() {
        missing(
            context,
            declaration,
            "something that it probes",
            "add `probes …` with the modes and factors it can show",
        );
    }
    let probes: Option<Vec<NodeId>> = resolve_all(context, &symbols.nodes, probes?);
    let reads: Option<Vec<InputId>> = resolve_all(context, &symbols.inputs, reads.unwrap_or_default());
    Some(StressTest {
        id: name.to_owned(),
        title: title(declaration),
        probes: probes?,
        reads: reads?,
        ask: find(declaration, |clause| match clause {
            ClauseKind::Ask(name) => Some(name.value.clone()),
            _ => None,
        }),
        needs: find(declaration, |clause| match clause {
            ClauseKind::Needs(text) => Some(text.value.clone()),
            _ => None,
        }),
        span: declaration.span,
        about,
    })
}

/// Returns what the names stand for, ascending and each once; none where one of them is wrong.
fn resolve_all<'a, I: From<usize> + Ord>(
    context: &mut Context<'a>,
    table: &Table<'a, I>,
    names: &[Name],
) -> Option<Vec<I>> {
    let symbols = context.symbols;
    let found: Vec<Option<I>> =
        names.iter().map(|name| symbols.resolve(table, name, &mut context.diagnostics)).collect();
    let mut found = found.into_iter().collect::<Option<Vec<I>>>()?;
    found.sort();
    found.dedup();
    Some(found)
}
