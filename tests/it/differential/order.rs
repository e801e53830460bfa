//! Relations, recursion and the facts beside them, written in another order, give the same bytes.

use super::datalog::{Program, program};
use super::numbered;
use super::program_text::declarations;
use crate::program::Folder;
use crate::random_packs::Chooser;
use proptest::prelude::*;
use serde_json::Value as Json;
use std::fmt::Write as _;

const FIXED: [&str; 5] = [
    "pack random \"R\" { version 1.0.0 language 1 }\n",
    "category some \"S\"\n",
    "mode wrong \"W\" { category some dimension model severity 6 detectability 5 causes late strength 0.3 }\n",
    "mode late \"L\" { category some dimension model severity 3 detectability 5 base_rate 2% }\n",
    "rule told \"T\" { for each a, b in e0 when f0(a, b) then suspect wrong likelihood 0.3 raise severity of late by 1 }\n",
];

fn shuffled<T>(choose: &mut Chooser, mut all: Vec<T>) -> Vec<T> {
    for place in (1..all.len()).rev() {
        all.swap(place, choose.below(place + 1));
    }
    all
}

/// The facts as a manifest. Some entries are unsure.
fn manifest(choose: &mut Chooser, program: &Program) -> String {
    let name = |set: usize, member: usize| format!("{}{member}", ["a", "b"][set]);
    let mut entities = Vec::new();
    let mut inputs = Vec::new();
    for set in 0..2 {
        let members: Vec<usize> = (0..program.sizes[set]).collect();
        let named: Vec<String> = members.iter().map(|member| name(set, *member)).collect();
        entities.push(format!("  e{set}: [{}]\n", shuffled(choose, named).join(", ")));
        let numbers = members.iter().map(|member| format!("{}: {}", name(set, *member), program.numbers[set][*member]));
        inputs.push(format!("  w{set}: {{{}}}\n", shuffled(choose, numbers.collect()).join(", ")));
        let answer = |member: &usize| if program.answers[set][*member] { "yes" } else { "no" };
        let answers = members.iter().map(|member| format!("{}: {}", name(set, *member), answer(member)));
        inputs.push(format!("  y{set}: {{{}}}\n", shuffled(choose, answers.collect()).join(", ")));
    }
    let mut relations = Vec::new();
    for (relation, sets) in program.relations.iter().enumerate() {
        let entries = program.tuples[relation].iter().enumerate().map(|(place, members)| {
            let roles = sets.iter().zip(members).enumerate();
            let roles: Vec<String> =
                roles.map(|(role, (set, member))| format!("p{role}: {}", name(*set, *member))).collect();
            format!("    - {{{}, unsure: {}}}\n", roles.join(", "), if place % 4 == 3 { "yes" } else { "no" })
        });
        let entries = shuffled(choose, entries.collect());
        relations.push(if entries.is_empty() {
            format!("  t{relation}: []\n")
        } else {
            format!("  t{relation}:\n{}", entries.concat())
        });
    }
    let mut out = String::from("deployment: {id: order}\npack: pack\n");
    let sections = vec![("entities", entities), ("inputs", inputs), ("relations", relations)];
    for (section, lines) in shuffled(choose, sections) {
        let _ = write!(out, "{section}:\n{}", shuffled(choose, lines).concat());
    }
    out
}

/// Returns the assessment without digests, which are those of the text, and without the lines of the manifest.
fn assessed(choose: &mut Chooser, program: &Program) -> String {
    let fixed = FIXED.iter().map(|text| (*text).to_owned());
    let all = shuffled(choose, fixed.chain(declarations(program)).collect());
    let (first, second) = all.split_at(choose.below(all.len()));
    let manifest = manifest(choose, program);
    let folder = Folder::with(&[
        ("deployment.yaml", manifest.as_bytes()),
        ("pack/one.etio", first.concat().as_bytes()),
        ("pack/two.etio", second.concat().as_bytes()),
    ]);
    let run = folder.run(&["assess", ".", "--format", "json"]);
    let mut whole: Json = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{manifest}", run.stderr));
    without(&mut whole, &["digest", "origin"]);
    whole.to_string()
}

fn without(value: &mut Json, keys: &[&str]) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| without(item, keys)),
        Json::Object(map) => {
            keys.iter().for_each(|key| drop(map.remove(*key)));
            map.values_mut().for_each(|item| without(item, keys));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neither_the_order_of_the_pack_nor_that_of_the_facts_can_be_seen(case in any::<u32>(), order in any::<u32>()) {
        let program = program(&mut numbered(case));
        let (first, second) = (assessed(&mut numbered(order), &program), assessed(&mut numbered(!order), &program));
        prop_assert_eq!(first, second);
    }
}
