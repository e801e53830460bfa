//! One deployment on a made-up pack of 500 rules: `cargo bench --bench inference`.
//!
//! The pack has 500 rules (a fifth of them over a set of 12 members, a fifth with findings), 40 modes,
//! 80 factors, 60 mitigations and 160 inputs, of which 60 are not answered.

use std::fmt::Write;

use etiology::facts::{Fact, FactStore, Interval, Member};
use etiology::inference::infer;
use etiology::model::{KnowledgeBase, Value, lower};
use etiology::risk::{assess, assess_without_swings};
use etiology::source::SourceMap;

fn main() {
    divan::main();
}

fn pack() -> String {
    let mut text = String::from(
        "pack bench \"Bench\" { version 1.0.0 language 1 }\ncategory some \"Some\"\nindex group \"Group\"\n",
    );
    let mut line = |arguments: std::fmt::Arguments<'_>| {
        text.write_fmt(arguments).expect("invariant: writing to a string does not fail");
        text.push('\n');
    };
    for mode in 0..40 {
        let severity = 1 + mode % 10;
        line(format_args!(
            "mode m{mode} \"M\" {{ category some dimension model severity {severity} detectability 5 base_rate 3% }}"
        ));
    }
    for factor in 0..80 {
        let next = if factor < 79 { format!("causes c{} strength 0.2", factor + 1) } else { String::new() };
        line(format_args!(
            "factor c{factor} \"C\" {{ causes m{} strength 0.4 causes m{} strength 0.3 {next} base_rate 2% }}",
            factor % 40,
            (factor * 7 + 3) % 40
        ));
    }
    for mitigation in 0..60 {
        line(format_args!("mitigation x{mitigation} \"X\" {{ addresses c{mitigation} effect 60% effort low }}"));
    }
    for input in 0..100 {
        line(format_args!("metric a{input} \"A\" : ratio"));
    }
    for input in 0..20 {
        line(format_args!("metric g{input}[group] \"G\" : ratio"));
    }
    for input in 0..40 {
        line(format_args!("question q{input} \"Q\" : yes_no"));
    }
    for rule in 0..500 {
        let (a, b, q, c) = (rule % 100, (rule * 3 + 7) % 100, rule % 40, rule % 80);
        match rule % 5 {
            0 => line(format_args!(
                "rule r{rule} \"R\" {{ for each s in group when g{}[s] > 80% and a{a} > 30% then suspect c{c} likelihood 0.4 }}",
                rule % 20
            )),
            1 => {
                line(format_args!("rule r{rule} \"R\" {{ when a{a} > 60% or q{q} = no then conclude f{} }}", rule % 30))
            }
            2 => line(format_args!(
                "rule r{rule} \"R\" {{ when f{} and not (a{a} > 90%) then suspect m{} likelihood 0.3 }}",
                // Rules 1, 6, 11, … conclude the findings 1, 6, 11, …
                (rule - 1) % 30,
                rule % 40
            )),
            3 => line(format_args!(
                "rule r{rule} \"R\" {{ when a{a} between 10% and 40% and q{q} = yes then exonerate c{c} by 0.2 }}"
            )),
            _ => line(format_args!(
                "rule r{rule} \"R\" {{ when a{a} > 20% and a{b} < a{a} + 0.1 then suspect c{c} likelihood ramp(a{a}, 20% -> 0.1, 90% -> 0.6) raise severity of m{} by 1 }}",
                rule % 40
            )),
        }
    }
    text.push_str("verdict stop \"Stop\" { precedence 10 when any m in mode where risk(m) >= 50 }\n");
    text
}

fn deployment() -> (KnowledgeBase, FactStore) {
    let mut sources = SourceMap::default();
    let text = pack();
    let id = sources.add("bench.etio", text.clone());
    let (tree, _) = etiology::syntax::parse(id, &text);
    let (knowledge, _) = lower(&[tree], &sources);
    let knowledge = knowledge.expect("invariant: the made-up pack is sound");
    let group = knowledge.indexes.find("group").expect("invariant: the pack declares it");
    let mut facts = FactStore::new(&knowledge, (0..12).map(|member| (group, format!("member {member:02}"))));
    for (place, (id, input)) in knowledge.inputs.iter().enumerate() {
        let share = (place * 37 % 100) as f64 / 100.0;
        if input.indexes.is_empty() {
            // Of 140 inputs without an index, three in seven stay unanswered.
            if place % 7 > 2 {
                let interval = Interval { low: share - 0.05, high: share + 0.05, level: 0.95, method: "bench".into() };
                let fact = match input.value_type {
                    etiology::model::Type::YesNo => Fact::supposed(Value::YesNo(place % 2 == 0)),
                    _ => Fact { interval: Some(interval), ..Fact::supposed(Value::Number(share)) },
                };
                facts.set(id, &[], fact);
            }
        } else {
            for member in 0..12 {
                let share = f64::from(member * 7 % 12) / 12.0;
                facts.set(id, &[Member(member)], Fact::supposed(Value::Number(share)));
            }
        }
    }
    (knowledge, facts)
}

#[divan::bench]
fn evidence_alone(bencher: divan::Bencher<'_, '_>) {
    let (knowledge, facts) = deployment();
    bencher.bench(|| infer(&knowledge, &facts));
}

#[divan::bench]
fn assessment_without_swings(bencher: divan::Bencher<'_, '_>) {
    let (knowledge, facts) = deployment();
    bencher.bench(|| assess_without_swings(&knowledge, &facts));
}

#[divan::bench]
fn whole_assessment(bencher: divan::Bencher<'_, '_>) {
    let (knowledge, facts) = deployment();
    let open = assess(&knowledge, &facts).map_or(0, |assessment| assessment.open_inputs.len());
    assert!(open >= 60, "{open} open inputs");
    bencher.bench(|| assess(&knowledge, &facts));
}
