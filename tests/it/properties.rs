//! Promises of the engine, tried on random packs.

use etiology::inference::naive::infer_naively;
use etiology::inference::verify::verify;
use etiology::inference::{Inference, Limits, Outcome, infer, infer_within};
use etiology::model::KnowledgeBase;
use etiology::risk::{Assessment, Quantity, World, assess, assess_without_swings};
use proptest::prelude::*;

use crate::differential::config;
use crate::random_packs::{Chooser, Shape, completed, facts, knowledge, numbers};

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn the_real_evaluator_agrees_with_the_naive_one(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        let real = infer(&knowledge, &facts).unwrap();
        let naive = infer_naively(&knowledge, &facts);
        let findings: Vec<_> = real.findings().iter().map(|(finding, derived)| (finding, derived.outcome)).collect();
        prop_assert_eq!(findings, naive.findings.iter().map(|(finding, outcome)| (finding, *outcome)).collect::<Vec<_>>());
        let instances: Vec<_> =
            real.instances().map(|(_, instance)| ((instance.rule, instance.binding.clone()), instance.outcome)).collect();
        prop_assert_eq!(instances, naive.instances.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn what_follows_is_the_same_however_it_is_found(numbers in numbers(), derivations in 0_usize..3) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        let listed = infer(&knowledge, &facts).unwrap();
        let limits = Limits { listed: 0, cells: 0, derivations, ..Limits::default() };
        let joined = infer_within(&knowledge, &facts, limits).unwrap();
        for (finding, derived) in listed.findings() {
            prop_assert_eq!(joined.finding(finding), derived.outcome, "{:?}", finding);
        }
        prop_assert_eq!(verify(&knowledge, &facts, &joined), Ok(()));
        for rule in knowledge.rules.ids() {
            let may_fire = |inference: &Inference| {
                let instances = inference.instances_of(rule).map(|(_, instance)| instance.clone());
                instances.filter(|instance| instance.outcome.is_possible()).collect::<Vec<_>>()
            };
            let (all, recorded) = (may_fire(&listed), may_fire(&joined));
            prop_assert_eq!(all.len() as u64, recorded.len() as u64 + joined.unrecorded(rule));
            prop_assert!(recorded.iter().all(|instance| all.contains(instance)));
        }
    }
}

proptest! {
    #![proptest_config(config(192))]

    #[test]
    fn every_record_follows_from_its_premises(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        let assessment = assess(&knowledge, &facts).unwrap();
        prop_assert_eq!(verify(&knowledge, &facts, &assessment.inference), Ok(()));
    }

    #[test]
    fn what_is_certain_holds_on_the_point_values(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        for (_, instance) in infer(&knowledge, &facts).unwrap().instances() {
            let outcome = instance.outcome;
            prop_assert_eq!(outcome, Outcome::new(outcome.point(), outcome.bounds()));
        }
    }

    #[test]
    fn low_is_at_most_the_estimate_and_the_estimate_at_most_high(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        let assessment = assess_without_swings(&knowledge, &facts).unwrap();
        // Debug builds check the order of every figure that is made; likelihoods are checked here again.
        for node in &assessment.likelihoods {
            let [low, estimate, high] = World::ALL.map(|world| node.recompute(world));
            prop_assert!(low <= estimate && estimate <= high, "{:?}", node);
        }
    }

    #[test]
    fn contributions_recompute_to_the_figure_shown(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        for node in &assess_without_swings(&knowledge, &facts).unwrap().likelihoods {
            for world in World::ALL {
                let shown = node.likelihood.in_world(world);
                prop_assert!((node.recompute(world) - shown).abs() <= 1e-12, "{:?} {:?}", world, node);
            }
        }
    }

    #[test]
    fn an_answer_never_widens_what_is_possible(numbers in numbers(), answers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape { asks_what_is_known: false, ..Shape::ANY });
        let before = facts(&mut choose, &knowledge);
        let after = completed(&mut Chooser::new(answers), &knowledge, &before);
        let before = ranges(&knowledge, &assess_without_swings(&knowledge, &before).unwrap());
        let after = ranges(&knowledge, &assess_without_swings(&knowledge, &after).unwrap());
        for ((name, low, high), (_, answered_low, answered_high)) in before.into_iter().zip(after) {
            prop_assert!(
                low <= answered_low + 1e-9 && answered_high <= high + 1e-9,
                "{}: {}..{} became {}..{}", name, low, high, answered_low, answered_high
            );
        }
    }

    #[test]
    fn a_swing_is_what_answering_does(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let mut facts = facts(&mut choose, &knowledge);
        let assessment = assess(&knowledge, &facts).unwrap();
        for swing in &assessment.open_inputs {
            let before = facts.get(swing.input, &[]).cloned();
            for candidate in &swing.candidates {
                facts.set(swing.input, &[], etiology::facts::Fact::supposed(candidate.value.clone()));
                let answered = assess_without_swings(&knowledge, &facts).unwrap();
                prop_assert_eq!(answered.total.estimate().get(), candidate.total);
            }
            match before {
                Some(fact) => drop(facts.set(swing.input, &[], fact)),
                None => drop(facts.remove(swing.input, &[])),
            }
        }
    }

    #[test]
    fn a_mitigation_removes_no_more_than_there_is(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        let assessment = assess_without_swings(&knowledge, &facts).unwrap();
        for recommendation in &assessment.recommendations {
            let removed = recommendation.risk_removed;
            prop_assert!(removed.low().get() >= 0.0 && removed.high().get() <= assessment.total.high().get() + 1e-9);
            prop_assert!(removed.estimate().get() <= assessment.total.estimate().get() + 1e-9);
        }
    }
}

fn ranges(knowledge: &KnowledgeBase, assessment: &Assessment) -> Vec<(String, f64, f64)> {
    let name = |node| knowledge.nodes[node].id.clone();
    let likelihoods = assessment
        .likelihoods
        .iter()
        .map(|node| (name(node.node), node.likelihood.low().get(), node.likelihood.high().get()));
    let mut risks: Vec<_> =
        assessment.risks.iter().map(|mode| (name(mode.mode), mode.risk.low().get(), mode.risk.high().get())).collect();
    risks.sort_by(|left, right| left.0.cmp(&right.0));
    let total = ("total".to_owned(), assessment.total.low().get(), assessment.total.high().get());
    likelihoods.chain(risks).chain([total]).collect()
}
