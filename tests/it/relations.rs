//! Entities, relations and findings that depend on themselves.

use std::collections::BTreeMap;

use etiology::inference::naive::infer_naively;
use etiology::inference::verify::verify;
use etiology::inference::{Element, FindingInstance, Outcome};

use crate::bad_input::codes;
use crate::program::{Folder, Run, snapshot};
use crate::small_packs::{Assessed, Case};

/// Systems that feed each other, what lies upstream of what, and what follows from it.
const LINEAGE: &str = r#"
entity system "Clinical system"
relation feeds(from: system, to: system) "Feeds data to" {
  because "A system that feeds another passes its errors on."
}
mode stale "Stale data" { category some dimension data severity 5 detectability 5 }
rule lineage.direct "A feeder is upstream" {
  for each a, b in system
  when feeds(a, b)
  then conclude upstream(a, b)
}
rule lineage.step "What feeds a feeder is upstream" {
  for each a, b, c in system
  when feeds(a, b) and upstream(b, c)
  then conclude upstream(a, c)
}
rule lineage.source "A system that nothing feeds is a source" {
  for each s in system
  when not any o in system where upstream(o, s)
  then conclude source(s)
}
rule lineage.loop "Data come back to where they came from" {
  for each s in system
  when upstream(s, s)
  then suspect stale likelihood 0.5
}
rule lineage.deep "More than one system lies upstream" {
  for each s in system
  when count o in system where upstream(o, s) >= 2
  then conclude deep(s)
}
rule lineage.told "Sources and depth are told" {
  for each s in system
  when source(s) or deep(s)
  then flag info "lineage"
}
"#;

fn lineage(entries: &[&[&str]]) -> Assessed {
    let members = [("system", "a"), ("system", "b"), ("system", "c"), ("system", "d")];
    Case::with_members(LINEAGE, &members).related("feeds", entries).assess()
}

/// The outcome of each finding, by name as it is typed; those that are impossible are left out.
#[track_caller]
fn findings(assessed: &Assessed) -> BTreeMap<String, Outcome> {
    let inference = assessed.inference();
    assert_eq!(verify(&assessed.knowledge, &assessed.facts, inference), Ok(()));
    let naive = infer_naively(&assessed.knowledge, &assessed.facts);
    let name = |finding: &FindingInstance| {
        let declared = &assessed.knowledge.findings[finding.finding];
        let system = assessed.knowledge.indexes.find("system").unwrap();
        let arguments = finding.arguments.iter().map(|element| match element {
            Element::Member(member) => assessed.facts.member_name(system, *member),
            _ => "?",
        });
        format!("{}({})", declared.id, arguments.collect::<Vec<_>>().join(","))
    };
    for (finding, derived) in inference.findings() {
        assert_eq!(naive.findings.get(finding), Some(&derived.outcome), "{}", name(finding));
    }
    let derived = inference.findings().iter().filter(|(_, derived)| derived.outcome != Outcome::FALSE);
    derived.map(|(finding, derived)| (name(finding), derived.outcome)).collect()
}

#[track_caller]
fn check(assessed: &Assessed, certain: &[&str], unknown: &[&str]) {
    let found = findings(assessed);
    let of = |wanted: Outcome| {
        found.iter().filter(|(_, outcome)| **outcome == wanted).map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!((of(Outcome::TRUE), of(Outcome::UNKNOWN)), (certain.to_vec(), unknown.to_vec()));
}

#[test]
fn what_is_listed_is_closed_and_followed_to_the_end() {
    let assessed = lineage(&[&["a", "b"], &["b", "c"]]);
    let upstream = ["upstream(a,b)", "upstream(a,c)", "upstream(b,c)"];
    check(&assessed, &[&["deep(c)", "source(a)", "source(d)"], &upstream[..]].concat(), &[]);
    assert_eq!(assessed.likelihood("stale"), [0.0; 3]);
}

#[test]
fn a_cycle_in_the_data_ends() {
    let assessed = lineage(&[&["a", "b"], &["b", "a"]]);
    let upstream = ["upstream(a,a)", "upstream(a,b)", "upstream(b,a)", "upstream(b,b)"];
    check(&assessed, &[&["deep(a)", "deep(b)", "source(c)", "source(d)"], &upstream[..]].concat(), &[]);
    assert_eq!(assessed.likelihood("stale"), [0.5; 3]);
}

#[test]
fn what_the_deployment_is_not_sure_of_makes_what_rests_on_it_unknown() {
    let assessed = lineage(&[&["a", "b"], &["b", "c?"]]);
    check(
        &assessed,
        &["source(a)", "source(d)", "upstream(a,b)"],
        &["deep(c)", "source(c)", "upstream(a,c)", "upstream(b,c)"],
    );
}

#[test]
fn a_second_way_makes_what_is_unsure_certain() {
    let assessed = lineage(&[&["a", "b?"], &["a", "c"], &["c", "b"]]);
    let certain = ["deep(b)", "source(a)", "source(d)", "upstream(a,b)", "upstream(a,c)", "upstream(c,b)"];
    check(&assessed, &certain, &[]);
}

#[test]
fn a_relation_of_which_nobody_speaks_may_hold_between_any() {
    let case = Case::with_members(LINEAGE, &[("system", "a"), ("system", "b")]);
    let assessed = case.assess();
    let unknown = ["source(a)", "source(b)", "upstream(a,a)", "upstream(a,b)", "upstream(b,a)", "upstream(b,b)"];
    check(&assessed, &[], &[&["deep(a)", "deep(b)"], &unknown[..]].concat());
    assert_eq!(assessed.likelihood("stale"), [0.0, 0.0, 0.5]);
}

#[test]
fn a_relation_listed_as_empty_holds_between_none() {
    let assessed = lineage(&[]);
    check(&assessed, &["source(a)", "source(b)", "source(c)", "source(d)"], &[]);
}

#[test]
fn an_entity_without_a_list_is_open_and_one_listed_as_empty_is_not() {
    let case = Case::new(LINEAGE);
    check(&Case::new(LINEAGE).assess(), &[], &["deep(?)", "source(?)", "upstream(?,?)"]);
    let system = case.knowledge.indexes.find("system").unwrap();
    let Case { knowledge, mut facts } = case;
    facts.close(system);
    check(&Case { knowledge, facts }.assess(), &[], &[]);
}

#[test]
fn findings_that_only_speak_for_each_other_do_not_hold() {
    let pack = r#"
entity system "System"
rule one "One" { for each s in system when second(s) then conclude first(s) }
rule two "Two" { for each s in system when first(s) then conclude second(s) }
rule told "Told" { for each s in system when not first(s) then flag info "none" }
"#;
    check(&Case::with_members(pack, &[("system", "a")]).assess(), &[], &[]);
}

#[test]
fn recursion_through_any_and_or_is_sound() {
    let pack = r#"
entity system "System"
relation feeds(from: system, to: system) "Feeds"
rule one "1" {
  for each a, c in system
  when feeds(a, c) or any b in system where (feeds(a, b) and upstream(b, c))
  then conclude upstream(a, c)
}
rule told "Told" { for each s in system when upstream(s, s) then flag info "loop" }
"#;
    let members = [("system", "a"), ("system", "b"), ("system", "c")];
    let assessed =
        Case::with_members(pack, &members).related("feeds", &[&["a", "b"], &["b", "c"], &["c", "b?"]]).assess();
    let certain = ["upstream(a,b)", "upstream(a,c)", "upstream(b,c)"];
    check(&assessed, &certain, &["upstream(b,b)", "upstream(c,b)", "upstream(c,c)"]);
}

// ---- From the folder to the answer

pub const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
category some "Some"
entity system "Clinical system"
input validated[system] "Validated at this site" : yes_no
input latency[system, system] "How late data arrive" : duration
relation feeds(from: system, to: system) "Feeds data to" {
  because "A system that feeds another passes its errors on."
}
mode stale "Stale data" { category some dimension data severity 5 detectability 5 because "Old." basis judgement }
mitigation look "Look" { addresses stale effect 50% effort low because "It helps." basis judgement }
rule lineage.direct "A feeder is upstream" {
  for each a, b in system
  when feeds(a, b)
  then conclude upstream(a, b)
  because "Data pass." basis judgement
}
rule lineage.step "What feeds a feeder is upstream" {
  for each a, b, c in system
  when feeds(a, b) and upstream(b, c)
  then conclude upstream(a, c)
  because "Data pass through." basis judgement
}
rule lineage.late "Data arrive late" {
  for each a, b in system
  when latency[a, b] > 1 months
  then suspect stale likelihood 0.6
  because "Old data mislead." basis judgement
}
rule lineage.unvalidated "Something upstream was never validated" {
  for each a, b in system
  when upstream(a, b) and validated[a] = no
  then suspect stale likelihood 0.4
  because "Its errors arrive here." basis judgement
}
test "errors travel" {
  given feeds("ehr", "lab")
  given feeds("lab", "triage") unsure
  given validated["ehr"] = no
  expect finding upstream("ehr", "lab")
  expect no finding upstream("ehr", "triage")
  expect rule lineage.unvalidated fired
  expect likelihood of stale = 0.4
}
test "nothing feeds anything" {
  given no feeds
  given validated["ehr"] = no
  expect rule lineage.unvalidated not fired
}
test "nobody has said what feeds what" {
  given validated["ehr"] = no
  expect rule lineage.unvalidated undecided
}
"#;

pub const MANIFEST: &str = "\
deployment: {id: here}
pack: pack.etio
inputs:
  validated: {ehr: no, lab: yes}
entities:
  system: [ehr, lab, triage]
relations:
  feeds:
    - [ehr, lab]
    - {from: lab, to: triage}
    - {from: triage, to: ehr, unsure: yes}
";

/// A manifest that says nothing of entities and relations, and gives an input over two sets.
pub const UNLISTED: &str = "\
deployment: {id: here}
pack: pack.etio
inputs:
  validated: {ehr: no, lab: yes}
  latency: {ehr: {lab: 3 hours, triage: 2 days}, lab: {triage: 90 days}}
";

pub fn folder(manifest: &str) -> Folder {
    Folder::with(&[("pack.etio", PACK.as_bytes()), ("deployment.yaml", manifest.as_bytes())])
}

#[track_caller]
fn holds(name: &str, run: &Run, status: i32) {
    assert_eq!(run.status, status, "{}{}", run.stdout, run.stderr);
    snapshot(&format!("relations-{name}"), &format!("{}{}", run.stdout, run.stderr));
}

#[test]
fn tests_of_a_pack_may_suppose_relations() {
    let run = folder(MANIFEST).run(&["test", "pack.etio"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "3 passed, 0 failed\n"), "{}", run.stderr);
}

#[test]
fn the_pack_raises_nothing() {
    let run = folder(MANIFEST).run(&["check", "pack.etio"]);
    assert_eq!(codes(&run.stderr), [] as [&str; 0], "{}", run.stderr);
}

#[test]
fn answers_name_the_line_of_the_manifest() {
    let folder = folder(MANIFEST);
    holds("why", &folder.run(&["why", "lineage.unvalidated", "."]), 0);
    holds("why-finding", &folder.run(&["why", "upstream(ehr, triage)", "."]), 0);
    holds("why-not", &folder.run(&["why-not", "upstream(lab, ehr)", "."]), 0);
    holds("why-relation", &folder.run(&["why", "feeds", "."]), 0);
    holds("why-not-pair", &folder.run(&["why-not", "feeds(lab, ehr)", "."]), 0);
    holds("facts", &folder.run(&["facts", "."]), 0);
    holds("facts-json", &folder.run(&["facts", ".", "--matching", "feeds", "--format", "json"]), 0);
}

#[test]
fn a_member_that_is_not_there_is_answered_with_the_nearest() {
    let asked = folder(MANIFEST).run(&["why", "upstream(triage, lba)", "."]);
    assert_eq!((codes(&asked.stderr), asked.status), (vec!["X002"], 2), "{}", asked.stderr);
    assert!(asked.stderr.contains("did you mean `lab`?"), "{}", asked.stderr);
}

#[test]
fn an_input_over_two_sets_is_given_in_blocks_within_blocks() {
    let folder = folder(UNLISTED);
    holds("two-sets", &folder.run(&["facts", "."]), 0);
    let why = folder.run(&["why", "lineage.late", "."]);
    assert!(why.stdout.contains("lineage.late for lab, triage"), "{}", why.stdout);
    let flat = self::folder(&UNLISTED.replace("{lab: 3 hours, triage: 2 days}", "3 hours")).run(&["assess", "."]);
    assert_eq!((codes(&flat.stderr), flat.status), (vec!["D303"], 2), "{}", flat.stderr);
}

#[test]
fn a_report_names_the_relations_that_nobody_listed() {
    let said = |manifest: &str| folder(manifest).run(&["assess", "."]).stdout.contains("Not said: between whom");
    assert_eq!((said(MANIFEST), said(UNLISTED)), (false, true));
}

#[test]
fn what_the_manifest_leaves_out_is_not_known() {
    let manifest = MANIFEST.split("relations:").next().unwrap();
    let folder = folder(manifest);
    holds("not-mentioned", &folder.run(&["why-not", "lineage.direct", "."]), 0);
    holds("facts-not-mentioned", &folder.run(&["facts", "."]), 0);
    let folder = self::folder(&format!("{manifest}relations: {{feeds: []}}\n"));
    holds("none", &folder.run(&["why-not", "lineage.direct", "."]), 0);
    holds("facts-none", &folder.run(&["facts", "."]), 0);
}

#[track_caller]
fn refused(name: &str, code: &str, from: &str, to: &str) {
    assert!(MANIFEST.contains(from));
    let run = folder(&MANIFEST.replacen(from, to, 1)).run(&["assess", "."]);
    assert_eq!(codes(&run.stderr), [code], "{}", run.stderr);
    assert!(run.stderr.contains("deployment.yaml:") && run.stderr.contains("help:"), "{}", run.stderr);
    holds(name, &run, 2);
}

#[test]
fn slips_in_the_manifest_are_answered_at_their_place() {
    refused("unknown-entity", "D308", "system: [", "sytem: [");
    refused("unknown-relation", "D309", "feeds:", "feed:");
    refused("wrong-arity", "D310", "[ehr, lab]\n", "[ehr, lab, triage]\n");
    refused("listed-twice", "D307", "{from: lab, to: triage}", "{from: ehr, to: lab}");
    refused("unknown-parameter", "D302", "{from: lab, to: triage}", "{from: lab, too: triage, to: ehr}");
    refused("missing-parameter", "D304", "{from: lab, to: triage}", "{from: lab}");
    refused("unsure-what", "D306", "unsure: yes", "unsure: perhaps");
    refused("not-a-list", "D303", "system: [ehr, lab, triage]", "system: ehr");
    refused("empty-list", "D303", "system: [ehr, lab, triage]", "system:");
    refused("not-a-name", "D303", "[ehr, lab]\n", "[ehr, [lab]]\n");
}
