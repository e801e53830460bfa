//! Recursion over sets too large to look at every combination of members.

use std::collections::BTreeSet;

use etiology::facts::{Origin, Tuple};
use etiology::inference::verify::verify;
use etiology::inference::{
    Element, FindingInstance, Inference, InferenceError, Limits, Outcome, infer, infer_within, near_misses,
};
use etiology::model::KnowledgeBase;

use crate::small_packs::Case;

const LINEAGE: &str = r#"
    entity system "System"
    relation feeds(from: system, to: system)
    rule next "Directly upstream" { for each a in system, b in system when feeds(a, b) then conclude upstream(a, b) }
    rule further "Upstream of what is upstream" {
      for each a in system, b in system, c in system
      when feeds(a, b) and upstream(b, c)
      then conclude upstream(a, c)
    }
    rule loops "Feeds itself" { for each a in system when upstream(a, a) then conclude circular(a) }
    rule apart "Not upstream" {
      for each a in system, b in system when feeds(a, b) and not upstream(b, a) then conclude one_way(a, b)
    }
"#;

/// A deployment of `count` systems; `feeds` lists pairs of their numbers, and whether they are unsure.
fn systems(pack: &str, count: u32, feeds: impl IntoIterator<Item = (u32, u32, bool)>) -> Case {
    let names: Vec<String> = (0..count).map(|number| format!("s{number:04}")).collect();
    let members: Vec<(&str, &str)> = names.iter().map(|name| ("system", name.as_str())).collect();
    let mut case = Case::with_members(pack, &members);
    let relation = case.knowledge.relations.find("feeds").unwrap();
    for (from, to, unsure) in feeds {
        let members = [from, to].map(etiology::facts::Member).to_vec();
        case.facts.extension(relation, Origin::Supposed).insert(members, Tuple { unsure, origin: Origin::Supposed });
    }
    case
}

fn chain(count: u32) -> impl Iterator<Item = (u32, u32, bool)> {
    (1..count).map(|to| (to - 1, to, false))
}

fn upstream(knowledge: &KnowledgeBase, from: u32, to: u32) -> FindingInstance {
    let arguments = [from, to].map(|place| Element::Member(etiology::facts::Member(place))).to_vec();
    FindingInstance { finding: knowledge.findings.find("upstream").unwrap(), arguments }
}

fn count_upstream(case: &Case, inference: &Inference, count: u32) -> usize {
    let pairs = (0..count).flat_map(|from| (0..count).map(move |to| (from, to)));
    pairs.filter(|&(from, to)| inference.finding(&upstream(&case.knowledge, from, to)).is_certain()).count()
}

#[test]
fn a_long_chain_is_closed() {
    let case = systems(LINEAGE, 80, chain(80));
    let inference = infer(&case.knowledge, &case.facts).unwrap();
    assert_eq!(count_upstream(&case, &inference, 80), 80 * 79 / 2);
    assert_eq!(verify(&case.knowledge, &case.facts, &inference), Ok(()));
    let circular = case.knowledge.findings.find("circular").unwrap();
    assert!(
        inference
            .findings()
            .iter()
            .all(|(finding, derived)| finding.finding != circular || !derived.outcome.is_possible())
    );
}

#[test]
fn a_cycle_in_the_data_ends_and_keeps_a_proof_that_ends_in_facts() {
    let cycle = chain(30).chain([(29, 0, false)]);
    let case = systems(LINEAGE, 30, cycle);
    let inference = infer(&case.knowledge, &case.facts).unwrap();
    assert_eq!(count_upstream(&case, &inference, 30), 30 * 30);
    // `verify` builds findings up from nothing, so derivations that only hold each other up do not pass.
    assert_eq!(verify(&case.knowledge, &case.facts, &inference), Ok(()));
}

#[test]
fn one_unsure_link_makes_what_lies_behind_it_possible() {
    let feeds = chain(100).map(|(from, to, _)| (from, to, from == 49));
    let case = systems(LINEAGE, 100, feeds);
    let inference = infer(&case.knowledge, &case.facts).unwrap();
    let outcome = |from, to| inference.finding(&upstream(&case.knowledge, from, to));
    assert_eq!(outcome(0, 49), Outcome::TRUE);
    assert_eq!(outcome(0, 50), Outcome::UNKNOWN);
    assert_eq!(outcome(50, 99), Outcome::TRUE);
    assert_eq!(outcome(99, 0), Outcome::FALSE);
}

#[test]
fn negation_waits_until_the_recursion_is_complete() {
    let case = systems(LINEAGE, 80, chain(80).chain([(40, 10, false)]));
    let inference = infer(&case.knowledge, &case.facts).unwrap();
    let one_way = case.knowledge.findings.find("one_way").unwrap();
    let holds =
        inference.findings().iter().filter(|(finding, derived)| finding.finding == one_way && derived.outcome.holds());
    // Of the 80 links the 31 on the circle go both ways.
    assert_eq!(holds.count(), 80 - 31);
}

#[test]
fn limits_change_what_is_recorded_and_not_what_follows() {
    let dense =
        (0..30).flat_map(|from| [(from, (from * 7 + 1) % 30, false), (from, (from * 11 + 5) % 30, from % 9 == 0)]);
    let case = systems(LINEAGE, 30, dense);
    let usual = infer(&case.knowledge, &case.facts).unwrap();
    let further = case.knowledge.rules.find("further").unwrap();
    for limits in [
        Limits { cells: 0, ..Limits::default() },
        Limits { derivations: 1, ..Limits::default() },
        Limits { records: 100, ..Limits::default() },
        Limits { listed: 1_000_000, ..Limits::default() },
    ] {
        let limited = infer_within(&case.knowledge, &case.facts, limits).unwrap();
        for pair in (0..30).flat_map(|from| (0..30).map(move |to| (from, to))) {
            let finding = upstream(&case.knowledge, pair.0, pair.1);
            assert_eq!(limited.finding(&finding), usual.finding(&finding), "{limits:?} {pair:?}");
        }
        if limits.records == 100 {
            assert!(limited.instances_of(further).count() <= 100 && limited.unrecorded(further) > 0);
        } else {
            assert_eq!(verify(&case.knowledge, &case.facts, &limited), Ok(()), "{limits:?}");
        }
    }
}

#[test]
fn a_join_that_looks_at_too_much_is_refused() {
    let case = systems(LINEAGE, 100, chain(100));
    let limits = Limits { joins: 1000, ..Limits::default() };
    let refused = infer_within(&case.knowledge, &case.facts, limits).unwrap_err();
    assert!(matches!(&refused, InferenceError::JoinTooLarge { limit: 1000, .. }), "{refused}");
}

#[test]
fn a_near_miss_lacks_one_thing() {
    // 0 → … → 49 and 51 → … → 99: nothing feeds 51 from the first half.
    let case = systems(LINEAGE, 100, chain(100).filter(|(from, _, _)| !matches!(from, 49 | 50)));
    let inference = infer(&case.knowledge, &case.facts).unwrap();
    let further = case.knowledge.rules.find("further").unwrap();
    let near = near_misses(&case.knowledge, &case.facts, &inference, further, &upstream(&case.knowledge, 48, 99));
    let bindings: BTreeSet<Vec<u32>> = near
        .iter()
        .map(|instance| {
            assert_eq!(instance.outcome, Outcome::FALSE);
            let place = |element: &Element| if let Element::Member(member) = element { member.0 } else { u32::MAX };
            instance.binding.iter().map(place).collect()
        })
        .collect();
    // What 48 feeds, and some of what is upstream of 99.
    assert!(bindings.contains(&vec![48, 49, 99]));
    assert!(
        bindings.iter().all(|binding| binding[0] == 48 && binding[2] == 99 && (binding[1] == 49 || binding[1] > 50))
    );
    assert_eq!(bindings.len(), 1 + 8);
}
