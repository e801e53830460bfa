//! Flips: what is found flips the goal when it is applied, and nothing smaller does.

use etiology::facts::{Fact, FactStore, Member};
use etiology::inference::Element;
use etiology::model::{
    Body, Comparison, Condition, ConditionKind, Expression, ExpressionKind, InputId, KnowledgeBase, Measure, NodeRef,
    Type, Value,
};
use etiology::risk::{Flips, Goal, Propagation, State, assess_without_swings, flip};
use proptest::prelude::*;

use crate::random_packs::{Chooser, Shape, cells, fact, facts, knowledge, nowhere, numbers};
use crate::small_packs::Case;

/// What a goal is, read off the assessment itself.
fn state(knowledge: &KnowledgeBase, facts: &FactStore, goal: &Goal) -> State {
    let assessment = assess_without_swings(knowledge, facts).unwrap();
    match goal {
        Goal::Rule(rule) => State::Holds(assessment.inference.outcome(*rule).holds()),
        Goal::Finding(_, Some(instance)) => State::Holds(assessment.inference.finding(instance).holds()),
        Goal::Finding(finding, None) => {
            let mut findings = assessment.inference.findings().iter();
            State::Holds(findings.any(|(key, derived)| key.finding == *finding && derived.outcome.holds()))
        }
        Goal::Band(mode) => State::Band(assessment.risk(*mode).unwrap().band.estimate),
        Goal::Recommended(mitigation) => {
            let found = assessment.recommendations.iter().find(|found| found.mitigation == *mitigation);
            State::Holds(found.is_some_and(|found| !found.is_contraindicated()))
        }
        Goal::Verdict => State::Verdict(assessment.verdict.given),
        Goal::Given(verdict) => State::Holds(assessment.verdict.given == Some(*verdict)),
        Goal::Condition(body) => {
            // The condition that the tests use: a likelihood of at least some share.
            let Some(Condition { kind: ConditionKind::Compare { left, right, .. }, .. }) = &body.condition else {
                panic!("another condition")
            };
            let ExpressionKind::Measure { node: NodeRef::Node(node), .. } = left.kind else { panic!("no measure") };
            let ExpressionKind::Literal(Value::Number(share)) = right.kind else { panic!("no share") };
            let likelihood = assessment.likelihood(node).unwrap().likelihood.in_world(etiology::risk::World::Estimate);
            State::Holds(likelihood >= share)
        }
    }
}

fn likely(node: etiology::model::NodeId, share: f64) -> Goal {
    let expression = |kind| Expression { kind, value_type: Type::Ratio, span: nowhere() };
    let left = expression(ExpressionKind::Measure { measure: Measure::Likelihood, node: NodeRef::Node(node) });
    let right = expression(ExpressionKind::Literal(Value::Number(share)));
    let kind = ConditionKind::Compare { left, comparison: Comparison::AtLeast, right };
    Goal::Condition(Box::new(Body { condition: Some(Condition { kind, span: nowhere() }), ..Body::default() }))
}

fn change(facts: &mut FactStore, input: InputId, members: &[Member], value: Value) {
    let fact = Fact::supposed_instead(facts.get(input, members), value);
    facts.set(input, members, fact);
}

fn goal(choose: &mut Chooser, knowledge: &KnowledgeBase, facts: &FactStore) -> Goal {
    let rules: Vec<_> = knowledge.rules.ids().collect();
    match choose.below(4) {
        0 => Goal::Rule(rules[choose.below(rules.len())]),
        1 => {
            let assessment = assess_without_swings(knowledge, facts).unwrap();
            let findings: Vec<_> = assessment.inference.findings().keys().cloned().collect();
            match findings.get(choose.below(findings.len())) {
                Some(instance) if !instance.arguments.contains(&Element::Anonymous) => {
                    Goal::Finding(instance.finding, Some(instance.clone()))
                }
                Some(instance) => Goal::Finding(instance.finding, None),
                None => Goal::Rule(rules[0]),
            }
        }
        _ => {
            let nodes: Vec<_> = knowledge.nodes.ids().collect();
            likely(nodes[choose.below(nodes.len())], choose.share())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flip_flips_and_nothing_smaller_does(pack in numbers(), tries in numbers()) {
        let mut choose = Chooser::new(pack);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        let mut choose = Chooser::new(tries);
        let goal = goal(&mut choose, &knowledge, &facts);
        let now = state(&knowledge, &facts, &goal);
        let flips = flip(&knowledge, &facts, Propagation::Local, &goal).unwrap();
        prop_assert_eq!(flips.now, now);
        for flip in &flips.found {
            let mut changed = facts.clone();
            for alteration in &flip.changes {
                change(&mut changed, alteration.input, &alteration.members, alteration.to.clone());
            }
            prop_assert_eq!(state(&knowledge, &changed, &goal), flip.becomes);
            prop_assert_ne!(flip.becomes, now);
            // None of its changes is idle.
            for left_out in 0..flip.changes.len() {
                let mut changed = facts.clone();
                for (_, alteration) in flip.changes.iter().enumerate().filter(|(place, _)| *place != left_out) {
                    change(&mut changed, alteration.input, &alteration.members, alteration.to.clone());
                }
                prop_assert_eq!(state(&knowledge, &changed, &goal), now);
            }
        }
        // Every single change, and a sample of larger ones, against what was proven.
        let fewest = flips.found.first().map_or(usize::MAX, |flip| flip.changes.len());
        let excluded = if flips.impossible { usize::MAX } else { flips.proven_below.min(fewest) };
        let all = cells(&knowledge, &facts);
        let mut sets: Vec<Vec<usize>> = (0..all.len()).map(|cell| vec![cell]).collect();
        sets.extend((0..60).map(|_| (0..2 + choose.below(3)).map(|_| choose.below(all.len())).collect()));
        for set in sets.into_iter().filter(|set| set.len() < excluded) {
            let mut changed = facts.clone();
            for &cell in &set {
                let (input, members) = &all[cell];
                let value_type = &knowledge.inputs[*input].value_type;
                if let Ok(value) = fact(&mut choose, value_type).value {
                    change(&mut changed, *input, members, value);
                }
            }
            let flipped = state(&knowledge, &changed, &goal);
            prop_assert!(flipped == now, "{:?} of {:?} flips as well: {:?}", set, goal, flips);
        }
    }
}

/// Each flip as `input = value, …`.
#[track_caller]
fn found(case: &Case, flips: &Flips) -> Vec<String> {
    let shown = |value: &Value| match value {
        Value::Number(number) => number.to_string(),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        other => format!("{other:?}"),
    };
    let each = flips.found.iter().map(|flip| {
        let changes = flip.changes.iter().map(|change| {
            let input = &case.knowledge.inputs[change.input].id;
            let beyond = change.beyond.map(|beyond| format!(" (beyond {beyond})")).unwrap_or_default();
            format!("{input} = {}{beyond}", shown(&change.to))
        });
        changes.collect::<Vec<_>>().join(", ")
    });
    each.collect()
}

const PACK: &str = r#"
mode harm "Harm" { category some dimension deployment severity 10 detectability 10 base_rate 10% }
mode drift "Drift" { category some dimension data severity 2 detectability 2 base_rate 10% }
metric ece "ECE" : ratio, lower is better
metric events "Events" : count
question watched "Watched?" : yes_no
question plan "Plan?" : yes_no
rule poor "Poor" { when ece > 10% and events >= 100 then suspect harm likelihood ramp(ece, 10% -> 0.2, 50% -> 0.8) }
rule alone "Alone" { when watched = no and plan = no then suspect harm likelihood 0.5 conclude unguarded }
band low "Low" { from 0 }
band high "High" { from 40 }
verdict stop "Stop" { precedence 20 when risk(harm) >= 40 }
verdict wait "Wait" { precedence 10 when unguarded }
verdict go "Go" { precedence 0 }
mitigation guard "Guard" { addresses harm effect 50% effort low }
rule no_guard "No guard" { when plan = yes then contraindicate guard because "it is in the way" }
"#;

#[track_caller]
fn flips_of(case: &Case, goal: &Goal) -> Flips {
    flip(&case.knowledge, &case.facts, Propagation::Local, goal).unwrap()
}

#[test]
fn the_fewest_changes_come_first_and_then_the_smallest_moves() {
    let case = Case::new(PACK).number("ece", 0.05).number("events", 340.0).yes_no("watched", true).yes_no("plan", true);
    let poor = Goal::Rule(case.knowledge.rules.find("poor").unwrap());
    let flips = flips_of(&case, &poor);
    assert_eq!(found(&case, &flips), ["ece = 0.1001 (beyond 0.1)"]);
    let unguarded = Goal::Finding(case.knowledge.findings.find("unguarded").unwrap(), None);
    let flips = flips_of(&case, &unguarded);
    assert_eq!(found(&case, &flips), ["plan = no, watched = no"]);
    assert_eq!((flips.proven_below, flips.more), (5, 0));
    // 1 − 0.9 · (1 − v) reaches 0.4 at v = 1/3, which the ramp gives at 0.1 + 0.4 · (1/3 − 0.2)/0.6.
    let harm = Goal::Band(case.knowledge.nodes.find("harm").unwrap());
    assert_eq!(found(&case, &flips_of(&case, &harm))[0], "ece = 0.1889");
}

#[test]
fn a_threshold_that_counts_is_reached_and_not_passed() {
    let case = Case::new(PACK).number("ece", 0.2).number("events", 340.0);
    let poor = Goal::Rule(case.knowledge.rules.find("poor").unwrap());
    assert_eq!(found(&case, &flips_of(&case, &poor)), ["ece = 0.1", "events = 99"]);
}

#[test]
fn an_answer_to_an_open_question_is_a_change() {
    let case = Case::new(PACK).yes_no("watched", false).number("ece", 0.05);
    let unguarded = Goal::Finding(case.knowledge.findings.find("unguarded").unwrap(), None);
    assert_eq!(found(&case, &flips_of(&case, &unguarded)), ["plan = no"]);
}

#[test]
fn verdicts_and_recommendations_flip() {
    let case =
        Case::new(PACK).number("ece", 0.05).number("events", 340.0).yes_no("watched", false).yes_no("plan", true);
    assert_eq!(found(&case, &flips_of(&case, &Goal::Verdict)), ["ece = 0.1889", "plan = no"]);
    // What leaves harm unguarded makes it likely enough to stop, so that nothing leads to waiting.
    let wait = flips_of(&case, &Goal::Given(case.knowledge.verdicts.find("wait").unwrap()));
    assert!(wait.impossible && wait.found.is_empty());
    let go = Goal::Given(case.knowledge.verdicts.find("go").unwrap());
    assert_eq!(found(&case, &flips_of(&case, &go)), ["ece = 0.1889", "plan = no"]);
    let guard = Goal::Recommended(case.knowledge.mitigations.find("guard").unwrap());
    assert_eq!(flips_of(&case, &guard).now, State::Holds(false));
    assert_eq!(found(&case, &flips_of(&case, &guard)), ["plan = no"]);
}

#[test]
fn what_nothing_can_flip_is_said_to_be_so() {
    let case = Case::new(PACK).number("ece", 0.05);
    let drift = flips_of(&case, &Goal::Band(case.knowledge.nodes.find("drift").unwrap()));
    assert!(drift.impossible && drift.found.is_empty());
    assert_eq!(drift.facts, 0);
    let contradiction = r#"
        metric ece "ECE" : ratio
        rule never "Never" { when ece > 60% and ece < 40% then conclude odd }
    "#;
    let case = Case::new(contradiction).number("ece", 0.5);
    let never = flips_of(&case, &Goal::Rule(case.knowledge.rules.find("never").unwrap()));
    assert!(never.impossible && never.found.is_empty());
}
