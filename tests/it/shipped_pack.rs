//! The engine on the pack that ships with it.

use etiology::inference::infer;
use etiology::inference::naive::infer_naively;
use etiology::inference::verify::verify;
use etiology::model::{Basis, InputKind, KnowledgeBase, Phase};
use etiology::risk::assess;
use etiology::session::facts_given;

use crate::small_packs::knowledge_of_files;

/// Returns the shipped pack, from the files that are there now.
pub(crate) fn shipped() -> KnowledgeBase {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join("taxonomy"), root.join("rules")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "etio") {
                files.push(path);
            }
        }
    }
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    knowledge_of_files(&texts)
}

#[test]
fn records_of_every_test_verify_and_every_tenth_agrees_with_the_naive_evaluator() {
    let knowledge = shipped();
    for (place, test) in knowledge.tests.iter().enumerate() {
        let facts = facts_given(test, &knowledge);
        let assessment = assess(&knowledge, &facts).unwrap();
        assert_eq!(verify(&knowledge, &facts, &assessment.inference), Ok(()), "{}", test.name);
        // The naive evaluator takes its time.
        if place % 10 != 0 {
            continue;
        }
        let real = infer(&knowledge, &facts).unwrap();
        let naive = infer_naively(&knowledge, &facts);
        for (_, instance) in real.instances() {
            assert_eq!(knowledge.rules[instance.rule].phase, Phase::Evidence);
            let expected = naive.instances[&(instance.rule, instance.binding.clone())];
            assert_eq!(instance.outcome, expected, "{} in {}", knowledge.rules[instance.rule].id, test.name);
        }
    }
}

#[test]
fn it_is_as_large_as_promised_and_everything_in_it_is_sourced_or_called_a_judgement() {
    let knowledge = shipped();
    let questions = || knowledge.inputs.values().filter(|input| matches!(input.kind, InputKind::Question { .. }));
    for (what, count, least) in [
        ("modes", knowledge.modes().count(), 25),
        ("factors", knowledge.factors().count(), 65),
        ("mitigations", knowledge.mitigations.len(), 60),
        ("rules", knowledge.rules.len(), 130),
        ("questions", questions().count(), 60),
        ("tests", knowledge.tests.len(), 80),
    ] {
        assert!(count >= least, "{count} {what}, and {least} are promised");
    }
    let nodes = knowledge.nodes.values().map(|node| (&node.id, &node.about));
    let mitigations = knowledge.mitigations.values().map(|mitigation| (&mitigation.id, &mitigation.about));
    let rules = knowledge.rules.values().map(|rule| (&rule.id, &rule.about));
    let questions = questions().map(|question| (&question.id, &question.about));
    let verdicts = knowledge.verdicts.values().map(|verdict| (&verdict.id, &verdict.about));
    for (id, about) in nodes.chain(mitigations).chain(rules).chain(questions).chain(verdicts) {
        assert!(!about.cites.is_empty() || about.basis == Some(Basis::Judgement), "`{id}` says not where it is from");
        assert!(about.basis != Some(Basis::Published) || !about.cites.is_empty(), "`{id}` names no publication");
        assert!(about.because.is_some(), "`{id}` gives no reason");
    }
}
