//! The Datalog programs with doubts in their facts: the real evaluator, by listing and by joining, against the naive
//! one.

use super::datalog::{Doubts, program};
use super::program_text::as_pack;
use super::{cases, numbered};
use crate::small_packs::knowledge;
use etiology::inference::naive::infer_naively;
use etiology::inference::verify::verify;
use etiology::inference::{Limits, Outcome, Truth, infer, infer_within};

#[test]
fn recursion_with_doubts_comes_to_the_same_by_every_evaluator() {
    let wanted = cases(500);
    let mut undecided = 0_usize;
    for case in 0..wanted {
        let mut choose = numbered(case);
        let program = program(&mut choose);
        let pack = as_pack(&program);
        let knowledge = knowledge(&pack);
        let of_eight = choose.below(4);
        let doubts = Doubts::drawn(&mut choose, &program, of_eight);
        let facts = program.facts(&knowledge, &doubts);
        let naive = infer_naively(&knowledge, &facts);
        let listed = infer(&knowledge, &facts).unwrap();
        let limits = Limits { listed: 0, cells: 0, derivations: choose.below(3), ..Limits::default() };
        let joined = infer_within(&knowledge, &facts, limits).unwrap();
        for (finding, outcome) in &naive.findings {
            undecided += usize::from(outcome.is_undecided());
            assert_eq!(listed.finding(finding), *outcome, "case {case}, {finding:?}:\n{pack}");
            assert_eq!(joined.finding(finding), *outcome, "case {case}, joined, {finding:?}:\n{pack}");
        }
        let others = listed.findings().keys().chain(joined.findings().keys());
        let others: Vec<_> = others.filter(|finding| !naive.findings.contains_key(finding)).collect();
        assert!(others.iter().all(|finding| listed.finding(finding) == Outcome::FALSE), "case {case}: {others:?}");
        for (_, instance) in listed.instances() {
            let expected = naive.instances[&(instance.rule, instance.binding.clone())];
            assert_eq!(instance.outcome, expected, "case {case}, rule {:?}:\n{pack}", instance.rule);
        }
        assert_eq!(verify(&knowledge, &facts, &listed), Ok(()), "case {case}");
        assert_eq!(verify(&knowledge, &facts, &joined), Ok(()), "case {case}");
    }
    assert!(undecided > wanted as usize, "{undecided} open conclusions in {wanted} programs");
}

#[test]
fn what_recursion_leaves_open_is_what_the_doubts_leave_open() {
    let wanted = cases(200);
    let (mut open, mut both) = (0_usize, 0_usize);
    for case in 0..wanted {
        let mut choose = numbered(case);
        let program = program(&mut choose);
        let pack = as_pack(&program);
        let knowledge = knowledge(&pack);
        let doubts = Doubts::few(&mut choose, &program, 7);
        let before = infer(&knowledge, &program.facts(&knowledge, &doubts)).unwrap();
        let mut held = vec![0; before.findings().len()];
        for way in 0..doubts.ways() {
            let settled = program.settled(&doubts, way).facts(&knowledge, &Doubts::default());
            let after = infer(&knowledge, &settled).unwrap();
            for (count, finding) in held.iter_mut().zip(before.findings().keys()) {
                *count += usize::from(after.finding(finding).holds());
            }
        }
        for (count, (finding, derived)) in held.iter().zip(before.findings()) {
            let outcome = derived.outcome;
            assert!(
                outcome.bounds() != Truth::True || *count == doubts.ways(),
                "case {case}, {finding:?} is certain:\n{pack}"
            );
            assert!(outcome.bounds() != Truth::False || *count == 0, "case {case}, {finding:?} is impossible:\n{pack}");
            open += usize::from(outcome.bounds() == Truth::Unknown);
            both += usize::from(outcome.bounds() == Truth::Unknown && (1..doubts.ways()).contains(count));
        }
    }
    // Bounds that are never met would hold for everything: most of what is left open can in truth be either.
    assert!(open > wanted as usize && 2 * both > open, "{both} of {open} open conclusions can be either");
}
