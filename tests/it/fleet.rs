//! A fleet is its rows: each is assessed as it would be alone, to the last bit.

use etiology::model::Arena;
use proptest::prelude::*;

use crate::fleet_tables::{EFFORTS, check, nameable, partly_exact};
use crate::language::read_one;
use crate::random_packs::{Chooser, Shape, facts, facts_like, knowledge, numbers};
use etiology::facts::FactStore;
use etiology::model::KnowledgeBase;
use etiology::source::SourceMap;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_row_of_a_fleet_is_assessed_as_it_is_alone(numbers in numbers(), more in numbers()) {
        let mut choose = Chooser::new(numbers);
        let mut knowledge = knowledge(&mut choose, Shape::ANY);
        let mitigations = knowledge.mitigations.values().cloned();
        let with_effort = mitigations.map(|mut mitigation| {
            mitigation.effort = EFFORTS[choose.below(3)];
            mitigation
        });
        knowledge.mitigations = Arena::new(with_effort.collect());
        let members = nameable(&knowledge, &facts(&mut choose, &knowledge));
        let mut choose = Chooser::new(more);
        let rows = (0..6).map(|_| facts_like(&mut choose, &knowledge, &members)).collect::<Vec<_>>();
        check(&knowledge, &rows);
        check(&knowledge, &partly_exact(&rows));
    }

    #[test]
    fn advice_verdicts_bands_and_requirements_are_those_of_the_row_alone(numbers in numbers()) {
        let read = read_one(ADVICE);
        let knowledge = read.base.as_ref().unwrap_or_else(|| panic!("{}", read.shown()));
        check_rows(knowledge, numbers, &["F", "M"]);
        check_rows(knowledge, Vec::new(), &[]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_held_against_the_shipped_pack_are_assessed_as_they_are_alone(
        numbers in proptest::collection::vec(any::<u16>(), 4000),
    ) {
        check_rows(&healthcare(), numbers, &["F", "M", "age>=75"]);
    }
}

/// Checks a dozen random rows with these members in every set.
fn check_rows(knowledge: &KnowledgeBase, numbers: Vec<u16>, members: &[&str]) {
    let named =
        knowledge.indexes.ids().flat_map(|index| members.iter().map(move |member| (index, (*member).to_owned())));
    let members = FactStore::new(knowledge, named);
    let mut choose = Chooser::new(numbers);
    let rows: Vec<FactStore> = (0..12).map(|_| facts_like(&mut choose, knowledge, &members)).collect();
    check(knowledge, &rows);
    check(knowledge, &partly_exact(&rows));
}

fn healthcare() -> KnowledgeBase {
    let mut sources = SourceMap::default();
    let loaded = etiology::session::load_pack("healthcare", &etiology::cli::load::Disk, &mut sources);
    loaded.knowledge.unwrap()
}

const ADVICE: &str = r#"
pack advice "Advice" { version 1.0.0 language 1 }
category some "Some"
index group "Group"
mode harm "Harm" { category some dimension model severity 6 detectability 5 base_rate 4% }
mode delay "Delay" { category some dimension data severity 3 detectability 2 base_rate 10% }
factor drift "Drift" { causes harm strength 0.6 causes delay strength 0.3 base_rate 2% }
factor haste "Haste" { causes drift strength 0.5 }
mitigation watch "Watch" { addresses drift effect 70% effort low }
mitigation retrain "Retrain" { addresses harm effect 40% addresses haste -> drift effect 90% effort high }
mitigation pause "Pause" { addresses delay effect 10% effort medium }
metric gap[group] "Gap" : ratio, lower is better
metric size[group] "Size" : count
metric error "Error" : ratio, lower is better
metric bias "Bias" : number
input kind "Kind" : one of advisory, gatekeeping, autonomous
input sites "Sites" : many of ward, icu, home
input name "Name" : text
input started "Started" : date
input age "Age" : duration
question ready "Ready?" : yes_no
question trust "Trust" : likert
rule a.gap "A gap" {
  for each g in group
  when gap[g] > error + 0.1 and size[g] >= 3 then suspect harm likelihood ramp(gap[g], 10% -> 0.2, 60% -> 0.9)
  conclude worse(g)
  evidence shared
}
rule b.error "An error" { when error exceeds noise or error > 70% then suspect harm likelihood error evidence shared }
rule c.many "Several" { when count g in group where worse(g) >= 2 then set severity of harm to 9 }
rule d.most "Most" { when max g in group of gap[g] > 50% then raise detectability of harm by 2 set severity of harm to 8 }
rule e.mean "Mean" {
  when mean g in group where size[g] > 1 of gap[g] > 30% and abs(bias) / 2 > 0.75 then suspect drift likelihood 0.4
}
rule f.calm "Calm" { when all g in group where gap[g] < 40% then exonerate harm by 0.5 lower detectability of delay by 1 }
rule g.kind "Kind" { when kind in gatekeeping, autonomous and not (sites includes home) then suspect haste likelihood 0.3 }
rule h.name "Name" { when name = "x" or not (sites includes icu) then suspect delay likelihood 0.2 require ready require gap }
rule i.time "Time" { when age > 3 days and started < 1970-01-05 then suspect delay likelihood 0.7 }
rule j.trust "Trust" { when trust <= 2 and known(ready) or unknown(bias) then suspect haste likelihood 0.6 require trust }
rule k.quiet "Quiet" { when not worse("F") then flag info "no gap for F" }
rule l.asks "Asks" { when risk(harm) > 20 then recommend pause flag act "look at harm" }
rule m.strikes "Strikes" {
  for each g in group
  when worse(g) and likelihood(drift) >= 20% then contraindicate retrain because "Not now." flag block "stop"
}
rule n.late "Late" { when evidence_missing then flag advise "evidence is missing" }
rule o.third "Third" { when error > 10% then suspect delay likelihood error / 3 raise severity of delay by bias / 0.7 }
rule p.once "Once" { when error < 60% then suspect drift likelihood 25% evidence both }
rule q.twice "Twice" { when ready = no then suspect drift likelihood 25% evidence both }
rule r.thrice "Thrice" { when trust > 3 then suspect drift likelihood gap["F"] evidence both }
band low "Low" { from 0 }
band middle "Middle" { from 10 }
band high "High" { from 30 }
priority high "High" { row severity 8..10 likelihood 30%..100% detectability 1..10 }
priority medium "Medium" { row severity 5..10 likelihood 10%..100% detectability 3..10 }
verdict stop "Stop" { precedence 30 when any g in group where worse(g) and risk(harm) >= 40 }
verdict wait "Wait" { precedence 20 when evidence_missing }
verdict look "Look" { precedence 10 when any m in mode where (risk(m) >= 15 and severity(m) > 5) or not known(age) }
verdict go "Go" { precedence 0 }
"#;
