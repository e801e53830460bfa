//! Recursion over large relations, with the outcome of every finding and the derivations that are kept:
//! `cargo bench --bench recursion`.
//!
//! Transitive closure of a chain and of a sparse random graph, and same generation in a tree; each derives
//! about a million findings.

use etiology::facts::{FactStore, Member, Origin, Tuple};
use etiology::inference::infer;
use etiology::model::{KnowledgeBase, lower};
use etiology::source::SourceMap;

const PACK: &str = r#"
pack recursion "Recursion" { version 1.0.0 language 1 }
entity system "System"
relation feeds(from: system, to: system)
"#;

const CLOSURE: &str = r#"
rule path.one "A link is a path" { for each a in system, b in system when feeds(a, b) then conclude path(a, b) }
rule path.more "A link before a path is a path" {
  for each a in system, b in system, c in system
  when feeds(a, b) and path(b, c)
  then conclude path(a, c)
}
"#;

const SAME_GENERATION: &str = r#"
rule same.siblings "Fed by the same" {
  for each a in system, b in system, p in system
  when feeds(p, a) and feeds(p, b)
  then conclude same(a, b)
}
rule same.cousins "Fed by the same generation" {
  for each a in system, b in system, p in system, q in system
  when feeds(p, a) and same(p, q) and feeds(q, b)
  then conclude same(a, b)
}
"#;

fn main() {
    divan::main();
}

fn case(rules: &str, count: u32, feeds: Vec<(u32, u32)>) -> (KnowledgeBase, FactStore) {
    let mut sources = SourceMap::default();
    let text = format!("{PACK}{rules}");
    let id = sources.add("recursion.etio", text.clone());
    let (tree, _) = etiology::syntax::parse(id, &text);
    let knowledge = lower(&[tree], &sources).0.expect("invariant: the pack is sound");
    let system = knowledge.indexes.find("system").expect("invariant: the pack declares it");
    let relation = knowledge.relations.find("feeds").expect("invariant: the pack declares it");
    let mut facts = FactStore::new(&knowledge, (0..count).map(|number| (system, format!("s{number:06}"))));
    let extension = facts.extension(relation, Origin::Supposed);
    for (from, to) in feeds {
        extension.insert(vec![Member(from), Member(to)], Tuple { unsure: false, origin: Origin::Supposed });
    }
    (knowledge, facts)
}

fn chain(count: u32) -> Vec<(u32, u32)> {
    (1..count).map(|to| (to - 1, to)).collect()
}

/// Two links from each of `count` systems, to places that a linear congruential generator picks.
fn random(count: u32) -> Vec<(u32, u32)> {
    let mut state: u64 = 1;
    let mut below = |limit: u32| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) % u64::from(limit)) as u32
    };
    (0..2 * count).map(|link| (link / 2, below(count))).collect()
}

/// A tree in which each system feeds `children` others, `depth` levels down.
fn tree(children: u32, depth: u32) -> (u32, Vec<(u32, u32)>) {
    let mut feeds = Vec::new();
    let (mut level, mut next) = (vec![0], 1);
    for _ in 0..depth {
        let mut below = Vec::new();
        for parent in level {
            for _ in 0..children {
                feeds.push((parent, next));
                below.push(next);
                next += 1;
            }
        }
        level = below;
    }
    (next, feeds)
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn closure_of_a_chain(bencher: divan::Bencher) {
    let (knowledge, facts) = case(CLOSURE, 1415, chain(1415));
    bencher.bench(|| infer(&knowledge, &facts).map(|inference| inference.findings().len()));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn closure_of_a_random_graph(bencher: divan::Bencher) {
    let (knowledge, facts) = case(CLOSURE, 1200, random(1200));
    bencher.bench(|| infer(&knowledge, &facts).map(|inference| inference.findings().len()));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn same_generation(bencher: divan::Bencher) {
    let (count, feeds) = tree(31, 2);
    let (knowledge, facts) = case(SAME_GENERATION, count, feeds);
    bencher.bench(|| infer(&knowledge, &facts).map(|inference| inference.findings().len()));
}
