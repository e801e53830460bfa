//! Every answer is fed back: what a `why` names gives the conclusion by itself, what a `why-not` names lets
//! the rule fire once it is mended, a flip flips, and a what-if is the difference of two assessments.

use std::collections::BTreeSet;

use etiology::cli::load::Disk;
use etiology::explanation::{
    Answer, Case, Part, PartKind, Target, find_target, flip, goal_of, suppose, what_if, why, why_not,
};
use etiology::facts::{Fact, FactStore};
use etiology::inference::{Element, FactKey, FindingInstance};
use etiology::model::{Phase, RuleId, Type, Value};
use etiology::risk::{assess, assess_without_swings};
use etiology::session::{Session, check_pack};
use etiology::source::SourceMap;
use proptest::prelude::*;

use crate::random_packs::{Chooser, Shape, facts, knowledge, numbers};

const EXAMPLES: [&str; 4] = [
    "examples/breast-cytology-control",
    "examples/breast-cytology-drift",
    "examples/covid-testing-later-weeks",
    "examples/lung-nodules-second-release",
];

#[track_caller]
fn session(folder: &str) -> Session {
    Session::open(folder, None, &Disk).unwrap_or_else(|problems| panic!("{:#?}", problems.1))
}

/// The facts that an answer names, and nothing else that could be left out.
fn named_alone(case: Case<'_>, answer: &Answer) -> FactStore {
    let named: BTreeSet<&str> = answer.facts.iter().map(String::as_str).collect();
    let mut alone = case.facts.clone();
    for (input, members, _) in case.facts.iter() {
        let key = FactKey { input, members: members.iter().copied().map(Element::Member).collect() };
        if !named.contains(case.key_name(&key).as_str()) {
            alone.remove(input, &members);
        }
    }
    alone
}

/// Asks why each evidence rule fired and why each finding holds, and gives the answer back. Returns how many.
#[track_caller]
fn reasons_are_enough(case: Case<'_>) -> usize {
    let inference = &case.assessment.inference;
    let mut asked = 0;
    for (rule, declared) in case.knowledge.rules.iter() {
        let Some((_, fired)) = inference.instances_of(rule).find(|(_, instance)| instance.outcome.holds()) else {
            continue;
        };
        if declared.phase == Phase::Evidence {
            let answer = why(case, &Target::Rule(rule), false);
            let alone = assess_without_swings(case.knowledge, &named_alone(case, &answer)).unwrap();
            let mut instances = alone.inference.instances_of(rule).map(|(_, instance)| instance);
            let again = instances.find(|instance| instance.binding == fired.binding).unwrap();
            assert!(again.outcome.holds(), "{} does not follow from {:?}", declared.id, answer.facts);
            asked += 1;
        }
    }
    let holding = inference.findings().iter().filter(|(_, derived)| derived.outcome.holds());
    for (finding, _) in holding {
        let phase = |rule: &RuleId| case.knowledge.rules[*rule].phase;
        if case.knowledge.findings[finding.finding].concluded_by.iter().any(|rule| phase(rule) == Phase::Advice) {
            continue;
        }
        let answer = why(case, &Target::Finding(finding.finding, Some(finding.clone())), false);
        let alone = assess_without_swings(case.knowledge, &named_alone(case, &answer)).unwrap();
        assert!(alone.inference.finding(finding).holds(), "{} does not follow from {:?}", answer.about, answer.facts);
        asked += 1;
    }
    asked
}

#[test]
fn the_facts_that_a_why_names_give_the_conclusion_by_themselves() {
    let asked = EXAMPLES.iter().map(|example| reasons_are_enough(session(example).case()));
    assert!(asked.sum::<usize>() > 80);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_facts_that_a_why_names_are_enough_on_random_packs(numbers in numbers()) {
        let mut choose = Chooser::new(numbers);
        let knowledge = knowledge(&mut choose, Shape::ANY);
        let facts = facts(&mut choose, &knowledge);
        let assessment = assess_without_swings(&knowledge, &facts).unwrap();
        let mut sources = SourceMap::default();
        sources.add("random.etio", "");
        reasons_are_enough(Case { knowledge: &knowledge, facts: &facts, assessment: &assessment, sources: &sources });
    }
}

/// Enters the value that a lacking comparison names, one step beyond its threshold; none where the part is not
/// one comparison of one figure.
fn mend(case: Case<'_>, facts: &mut FactStore, part: &Part) -> Option<()> {
    let (value, threshold) = (part.value?, part.threshold?);
    if part.kind != PartKind::Premise || !part.parts.is_empty() {
        return None;
    }
    let name = part.origin.as_ref()?.split("; ").next()?;
    let mut cells = case
        .knowledge
        .inputs
        .ids()
        .flat_map(|input| case.facts.cells(input).map(move |members| (input, members)).collect::<Vec<_>>());
    let (input, members) = cells.find(|(input, members)| {
        let key = FactKey { input: *input, members: members.iter().copied().map(Element::Member).collect() };
        case.key_name(&key) == name
    })?;
    let step = match case.knowledge.inputs[input].value_type {
        Type::Ratio | Type::Number { .. } => 1e-9,
        Type::Count | Type::Score { .. } => 1.0,
        _ => return None,
    };
    // A count that has to be at least 20 is 20, not 21; both will do.
    let mended = threshold + if value < threshold { step } else { -step };
    // Of two thresholds for one figure, the farther one is beyond both.
    let supposed = facts.get(input, &members).and_then(Fact::number);
    if supposed.is_none_or(|supposed| (mended - value).abs() > (supposed - value).abs()) {
        let fact = Fact::supposed_instead(case.facts.get(input, &members), Value::Number(mended));
        facts.set(input, &members, fact);
    }
    Some(())
}

#[test]
fn a_rule_fires_once_what_its_why_not_names_is_mended() {
    let mut mended = 0;
    for example in EXAMPLES {
        let session = session(example);
        let case = session.case();
        for (rule, declared) in case.knowledge.rules.iter() {
            let silent = !case.assessment.inference.outcome(rule).holds();
            if !silent || declared.phase == Phase::Advice || declared.body.for_each > 0 {
                continue;
            }
            let answer = why_not(case, &Target::Rule(rule));
            let Some(blocked) = answer.reasons.iter().find(|part| part.kind == PartKind::Rule) else { continue };
            let mut facts = case.facts.clone();
            if blocked.parts.iter().all(|part| mend(case, &mut facts, part).is_some()) {
                let after = assess_without_swings(case.knowledge, &facts).unwrap();
                assert!(after.inference.outcome(rule).holds(), "{example}: {} still does not fire", declared.id);
                mended += 1;
            }
        }
    }
    assert!(mended > 40, "{mended}");
}

#[test]
fn flips_of_the_shipped_pack_flip_when_they_are_typed_as_suppositions() {
    let session = session("examples/lung-nodules-second-release");
    let case = session.case();
    let mut flipped = 0;
    let rules =
        ["calibration.recalibrate", "calibration.ece_high", "fairness.missed_sick", "monitoring.no_limit", "use.grave"];
    for name in rules {
        let target = find_target(case, name).unwrap();
        let Target::Rule(rule) = target else { panic!("{name}") };
        let answer = flip(case, &goal_of(case, &target).unwrap(), name).unwrap();
        for flip in &answer.flips {
            let suppositions = suppose(case.knowledge, case.facts, &flip.what_if).unwrap();
            let difference = what_if(case, &suppositions).unwrap();
            let turned = difference.fired.iter().chain(&difference.silent).any(|turned| turned.rule == rule);
            assert!(turned, "{name}: {}", flip.what_if);
            flipped += 1;
        }
    }
    assert!(flipped >= 5, "{flipped}");
}

#[test]
fn a_what_if_is_the_difference_of_two_assessments() {
    let session = session("examples/lung-nodules-second-release");
    let case = session.case();
    let text = "model.autonomy = autonomous, calibration.ece = 0.3, monitoring.in_place = unknown, \
                subgroup.auroc[thin_slice=>1.5mm] = 0.6";
    let difference = what_if(case, &suppose(case.knowledge, case.facts, text).unwrap()).unwrap();
    let mut facts = case.facts.clone();
    for (name, member, value) in [
        ("model.autonomy", None, Some(Value::Option(2))),
        ("calibration.ece", None, Some(Value::Number(0.3))),
        ("monitoring.in_place", None, None),
        ("subgroup.auroc", Some("thin_slice=>1.5mm"), Some(Value::Number(0.6))),
    ] {
        let input = case.knowledge.inputs.find(name).unwrap();
        let sets = &case.knowledge.inputs[input].indexes;
        let members: Vec<_> = member.into_iter().map(|member| facts.member(sets[0], member).unwrap()).collect();
        match value {
            Some(value) => {
                let fact = Fact::supposed_instead(facts.get(input, &members), value);
                facts.set(input, &members, fact);
            }
            None => drop(facts.remove(input, &members)),
        }
    }
    let after = assess(case.knowledge, &facts).unwrap();
    let before = case.assessment;
    assert_eq!(difference.verdict, (before.verdict.given, after.verdict.given));
    assert_eq!(difference.total, (before.total, after.total));
    for risk in &before.risks {
        let moved = difference.risks.iter().find(|(mode, ..)| *mode == risk.mode);
        let now = after.risk(risk.mode).unwrap().risk;
        assert_eq!(moved.map(|(_, _, now)| *now), (now != risk.risk).then_some(now));
    }
    for rule in case.knowledge.rules.ids() {
        let fired = (before.inference.outcome(rule).holds(), after.inference.outcome(rule).holds());
        assert_eq!(difference.fired.iter().any(|turned| turned.rule == rule), fired == (false, true));
        assert_eq!(difference.silent.iter().any(|turned| turned.rule == rule), fired == (true, false));
    }
    // Each rule that turned says which of its conditions did.
    assert!(difference.fired.iter().chain(&difference.silent).all(|turned| !turned.because.is_empty()));
}

const LINEAGE: &str = r#"pack lineage "Lineage" { version 1.0.0 language 1 }
entity system "Clinical system"
relation feeds(from: system, to: system) "Feeds data to"
rule direct "A feeder is upstream" { for each a, b in system when feeds(a, b) then conclude upstream(a, b) because "b" basis judgement }
rule step "What feeds a feeder is upstream" {
  for each a, b, c in system
  when upstream(a, b) and upstream(b, c)
  then conclude upstream(a, c)
  because "b" basis judgement
}
question mended "Was it mended?" : yes_no
question tested "Was it tested?" : yes_no
rule either "Mended or tested" { when tested = yes or mended = yes and any s in system where upstream(s, s) then conclude safe because "b" basis judgement }
rule use "Used" { for each a, b in system when upstream(a, b) and safe then flag info "x" because "b" basis judgement }
"#;

/// Asks about a small pack with systems that feed each other in a ring.
#[track_caller]
fn ring(ask: impl FnOnce(Case<'_>)) {
    let mut sources = SourceMap::default();
    let loaded = check_pack([("lineage.etio".to_owned(), LINEAGE.to_owned())], &mut sources);
    let knowledge = loaded.knowledge.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let system = knowledge.indexes.find("system").unwrap();
    let members = ["a", "b", "c", "d"].map(|name| (system, name.to_owned()));
    let small = crate::small_packs::Case { facts: FactStore::new(&knowledge, members), knowledge };
    let small = small.related("feeds", &[&["a", "b"], &["b", "c"], &["c", "a"], &["c", "d"]]);
    let small = small.yes_no("tested", true).yes_no("mended", true);
    let assessment = assess(&small.knowledge, &small.facts).unwrap();
    ask(Case { knowledge: &small.knowledge, facts: &small.facts, assessment: &assessment, sources: &sources });
}

fn notations(parts: &[Part]) -> Vec<String> {
    parts.iter().flat_map(|part| part.notation.clone().into_iter().chain(notations(&part.parts))).collect()
}

fn upstream(case: Case<'_>, from: &str, to: &str) -> FindingInstance {
    match find_target(case, &format!("upstream({from}, {to})")).unwrap() {
        Target::Finding(_, Some(instance)) => instance,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_smallest_proof_goes_round_no_ring() {
    ring(|case| {
        let finding = upstream(case, "a", "d");
        let answer = why(case, &Target::Finding(finding.finding, Some(finding)), false);
        let notations = notations(&answer.reasons);
        // Three links, joined twice; no link is used twice and nothing rests on itself.
        let count = |what: &str| notations.iter().filter(|notation| notation.starts_with(what)).count();
        assert_eq!((count("direct"), count("step")), (3, 2), "{notations:#?}");
        assert!(notations.iter().all(|notation| !notation.starts_with("upstream(a, a)")));
    });
}

#[test]
fn of_what_one_is_enough_for_only_the_shortest_is_told() {
    ring(|case| {
        let safe = find_target(case, "safe").unwrap();
        let answer = why(case, &safe, false);
        assert_eq!(answer.facts, ["tested"]);
        let all = why(case, &safe, true);
        assert!(notations(&all.reasons).len() > notations(&answer.reasons).len());
        assert!(notations(&all.reasons).iter().any(|notation| notation.contains("mended")));
    });
}

#[test]
fn every_derivation_is_shown_once_and_then_named() {
    ring(|case| {
        let finding = upstream(case, "a", "a");
        let answer = why(case, &Target::Finding(finding.finding, Some(finding)), true);
        let (mut labels, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for part in &answer.reasons {
            part.clone().walk(&mut |part| {
                labels.extend(part.label);
                seen.extend(part.see);
            });
        }
        assert!(!seen.is_empty() && seen == labels, "{seen:?} {labels:?}");
    });
}

#[test]
fn a_why_not_into_a_ring_ends() {
    ring(|case| {
        let finding = upstream(case, "d", "a");
        let answer = why_not(case, &Target::Finding(finding.finding, Some(finding)));
        let mut sentences = Vec::new();
        for part in &answer.reasons {
            part.clone().walk(&mut |part| sentences.push(part.sentence.clone()));
        }
        assert!(sentences.iter().any(|sentence| sentence.contains("is what this is about")), "{sentences:#?}");
        assert!(sentences.len() < 200, "{}", sentences.len());
    });
}

#[test]
fn a_relation_can_be_supposed() {
    ring(|case| {
        let difference = what_if(case, &suppose(case.knowledge, case.facts, "feeds(c, d) = no").unwrap()).unwrap();
        assert_eq!(difference.changes, [("feeds(c, d)".into(), "yes".into(), "no".into())]);
        let gone = upstream(case, "a", "d");
        assert!(case.assessment.inference.finding(&gone).holds());
        assert!(!difference.after.inference.finding(&gone).holds());
        assert!(suppose(case.knowledge, case.facts, "feeds(c, e) = no").is_err());
        assert!(suppose(case.knowledge, case.facts, "feeds(c, d) = perhaps").is_err());
    });
}
