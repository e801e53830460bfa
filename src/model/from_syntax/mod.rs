//! From syntax trees to a knowledge base: names become ids, texts become typed conditions.
//!
//! One file per construct. Everything goes on after a mistake; what is wrong has been said once,
//! and what depends on it stays quiet. Nothing here evaluates anything.
//!
//! Start with [`lower`].

mod about;
mod band;
mod category;
mod citation;
mod clauses;
mod condition;
mod counted;
mod expression;
mod finding;
mod imports;
mod index;
mod input;
mod mitigation;
mod node;
mod overriding;
mod pack;
mod priority;
mod relation;
mod rule;
mod scope;
mod stress_test;
mod symbols;
mod test_case;
mod verdict;

use super::check;
use super::{Arena, Finding, Import, Input, KnowledgeBase, Pack, Relation, RuleId};
use crate::diagnostic::Diagnostics;
use crate::source::{SourceMap, Span};
use crate::syntax::SyntaxTree;
use crate::syntax::ast::{Declaration, Keyword};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

pub use imports::{PackTrees, Searched};

pub(in crate::model) use finding::Concluded;
pub(in crate::model) use rule::LoweredRule;
pub(in crate::model) use scope::{FindingRead, Strictness};
pub(in crate::model) use verdict::LoweredVerdict;

/// What the lowering of one construct sees of the others, and where it says what is wrong.
pub(in crate::model) struct Context<'a> {
    symbols: &'a symbols::Symbols<'a>,
    inputs: &'a [Option<Input>],
    relations: &'a [Option<Relation>],
    findings: &'a [Concluded],
    pub(in crate::model) diagnostics: Diagnostics,
}

/// Returns the knowledge base that the trees of a pack describe, if nothing is wrong with it, and
/// all diagnostics, in order of file and position. The pack imports nothing.
///
/// Neither the order of the trees nor that of the declarations in them can be seen in the result;
/// files are told apart by their names in `sources`.
pub fn lower(trees: &[SyntaxTree], sources: &SourceMap) -> (Option<KnowledgeBase>, Diagnostics) {
    lower_packs(&[PackTrees { name: "", trees }], &Searched::default(), sources)
}

/// Returns the knowledge base of the first of the packs together with those that it imports, as [`lower`] does
/// for one. The order of the others cannot be seen in the result.
pub fn lower_packs(
    packs: &[PackTrees<'_>],
    searched: &Searched,
    sources: &SourceMap,
) -> (Option<KnowledgeBase>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let Some(packs) = imports::Packs::resolve(packs, searched, sources, &mut diagnostics) else {
        diagnostics.sort(sources);
        return (None, diagnostics);
    };
    let overridden = overriding::carry_out(&packs, sources, &mut diagnostics);
    let symbols = symbols::Symbols::collect(&packs, &overridden, &mut diagnostics);
    let findings = finding::collect_findings(&symbols, &mut diagnostics);
    let mut context = Context { symbols: &symbols, inputs: &[], relations: &[], findings: &findings, diagnostics };
    let inputs: Vec<Option<Input>> = each(&mut context, &symbols.inputs.entries, input::lower_input);
    let relations: Vec<Option<Relation>> = each(&mut context, &symbols.relations.entries, relation::lower_relation);
    let diagnostics = context.diagnostics;
    let mut context =
        Context { symbols: &symbols, inputs: &inputs, relations: &relations, findings: &findings, diagnostics };

    for (_, declaration) in packs.declarations().filter(|(_, found)| found.keyword.value == Keyword::Import) {
        clauses::check_clauses(&mut context, declaration);
    }
    let heads = lower_heads(&mut context, &packs);
    let citations = each(&mut context, &symbols.citations.entries, citation::lower_citation);
    let categories = each(&mut context, &symbols.categories.entries, category::lower_category);
    let indexes = each(&mut context, &symbols.indexes.entries, index::lower_index);
    let nodes = each(&mut context, &symbols.nodes.entries, node::lower_node);
    let mitigations = each(&mut context, &symbols.mitigations.entries, mitigation::lower_mitigation);
    let stress_tests = each(&mut context, &symbols.stress_tests.entries, stress_test::lower_stress_test);
    let bands = each(&mut context, &symbols.bands.entries, band::lower_band);
    let priorities = each(&mut context, &symbols.priorities.entries, priority::lower_priority);
    let mut rules = each(&mut context, &symbols.rules.entries, rule::lower_rule);
    let verdicts = each(&mut context, &symbols.verdicts.entries, verdict::lower_verdict);
    let tests: Vec<_> =
        symbols.tests.iter().map(|declaration| test_case::lower_test(&mut context, declaration)).collect();

    let mut diagnostics = context.diagnostics;
    check::strata::assign(&mut rules, &findings, &mut diagnostics);
    check::causes::check(&nodes, &mut diagnostics);
    let bands = check::bands::ordered(bands, &mut diagnostics);
    let complete = (|| {
        let rules: Vec<LoweredRule> = rules.into_iter().collect::<Option<_>>()?;
        let verdicts: Vec<LoweredVerdict> = verdicts.into_iter().collect::<Option<_>>()?;
        let mut priorities: Vec<_> =
            priorities.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        priorities.sort_by_key(|row: &super::PriorityRow| std::cmp::Reverse(row.level));
        let findings = findings_of(&findings, &rules)?;
        let unused = check::unused::Reads::of(&rules, &verdicts);
        let base = KnowledgeBase {
            imports: imports_of(&packs, &heads)?,
            overrides: overridden.overrides.clone(),
            pack: heads.into_iter().next()??,
            citations: arena(citations)?,
            categories: arena(categories)?,
            nodes: arena(nodes)?,
            mitigations: arena(mitigations)?,
            stress_tests: arena(stress_tests)?,
            indexes: arena(indexes)?,
            inputs: arena(inputs.clone())?,
            relations: arena(relations.clone())?,
            findings,
            rules: Arena::new(rules.into_iter().map(|lowered| lowered.rule).collect()),
            bands: bands?,
            priorities,
            verdicts: Arena::new(verdicts.into_iter().map(|lowered| lowered.verdict).collect()),
            tests: tests.into_iter().collect::<Option<_>>()?,
        };
        Some((base, unused))
    })();
    let sound = !diagnostics.has_errors() && !symbols.incomplete;
    let base = complete.filter(|_| sound).map(|(base, reads)| {
        check::unused::warn(&base, &reads, &mut diagnostics);
        base
    });
    diagnostics.sort(sources);
    (base, diagnostics)
}

/// Lowers each declaration of a table; its position in the result is its id.
fn each<'a, T>(
    context: &mut Context<'a>,
    entries: &'a [symbols::Entry<'a>],
    lower: impl Fn(&mut Context<'a>, &str, &Declaration) -> Option<T>,
) -> Vec<Option<T>> {
    entries.iter().map(|entry| lower(context, entry.name, entry.declaration?)).collect()
}

fn arena<I, T>(entries: Vec<Option<T>>) -> Option<Arena<I, T>>
where
    I: From<usize> + Into<usize>,
    T: super::Named,
{
    entries.into_iter().collect::<Option<Vec<T>>>().map(Arena::new)
}

fn findings_of(concluded: &[Concluded], rules: &[LoweredRule]) -> Option<Arena<super::FindingId, Finding>> {
    let mut concluded_by: Vec<Vec<RuleId>> = vec![Vec::new(); concluded.len()];
    for (position, lowered) in rules.iter().enumerate() {
        for action in &lowered.rule.actions {
            if let super::ActionKind::Conclude(atom) = &action.kind {
                let rules = &mut concluded_by[atom.finding.index()];
                if rules.last() != Some(&RuleId::from(position)) {
                    rules.push(RuleId::from(position));
                }
            }
        }
    }
    let findings = concluded.iter().zip(concluded_by).map(|(concluded, concluded_by)| {
        Some(Finding { id: concluded.name.clone(), parameters: concluded.parameters.clone()?, concluded_by })
    });
    findings.collect::<Option<Vec<Finding>>>().map(Arena::new)
}

/// Lowers the `pack` declaration of each pack, in the order of the packs.
fn lower_heads(context: &mut Context<'_>, packs: &imports::Packs<'_>) -> Vec<Option<Pack>> {
    let mut heads: Vec<Option<Pack>> = packs.names.iter().map(|_| None).collect();
    let mut digests = vec![String::new(); heads.len()];
    for place in packs.order.iter().copied() {
        let start = packs.trees[place].first().map(|tree| Span::new(tree.source, 0, 0));
        digests[place] = digest(packs, place, &digests);
        heads[place] = pack::lower_pack(context, place, start, digests[place].clone());
    }
    heads
}

/// Returns every import, by importing pack and name.
fn imports_of(packs: &imports::Packs<'_>, heads: &[Option<Pack>]) -> Option<Vec<Import>> {
    let mut all = Vec::new();
    for (by, imports) in packs.imports.iter().enumerate() {
        for import in imports {
            let found = heads.get(import.to)?.as_ref()?;
            all.push(Import {
                by: packs.names[by].clone(),
                id: found.id.clone(),
                requirement: import.written.clone(),
                version: found.version.clone(),
                digest: found.digest.clone(),
                span: import.span,
            });
        }
    }
    all.sort_by(|left, right| (&left.by, &left.id).cmp(&(&right.by, &right.id)));
    Some(all)
}

/// Returns the SHA-256 digest of what a pack says: for each declaration, in the order of these texts, the length of
/// its tokens in eight bytes (big-endian) and its tokens, a line each; then for each import, in order of name, its
/// name, a zero byte and its digest. Layout, comments and the division into files are no part of it.
fn digest(packs: &imports::Packs<'_>, place: usize, digests: &[String]) -> String {
    let mut hasher = Sha256::new();
    let declared = packs.trees[place].iter().flat_map(|tree| tree.declarations().map(|it| tree.meaning_of(it)));
    let mut meanings: Vec<String> = declared.collect();
    meanings.sort_unstable();
    for meaning in &meanings {
        hasher.update((meaning.len() as u64).to_be_bytes());
        hasher.update(meaning);
    }
    for import in &packs.imports[place] {
        hasher.update(&packs.names[import.to]);
        hasher.update([0]);
        hasher.update(&digests[import.to]);
    }
    let mut hexadecimal = String::with_capacity(64);
    for byte in hasher.finalize() {
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}
