//! What packs with relations and recursion are refused for, and where the labels are.

use etiology::diagnostic::{Code, Place};

use crate::language::{read, read_one};
use crate::relations::PACK;

/// Holds a pack with one more declaration to one diagnostic.
#[track_caller]
fn pack_refused(declaration: &str, code: Code, places: &[&str]) {
    let outcome = read_one(&format!("{PACK}\n{declaration}"));
    assert_eq!(outcome.codes(), [code], "{declaration}\n{}", outcome.shown());
    let diagnostic = outcome.diagnostics.iter().next().unwrap();
    let labelled: Vec<&str> = diagnostic
        .labels
        .iter()
        .filter_map(|label| match label.place {
            Place::Text(span) => Some(outcome.sources.text(span)),
            _ => None,
        })
        .collect();
    assert_eq!(labelled, places, "{}", outcome.shown());
}

fn rule(condition: &str) -> String {
    format!("rule more \"M\" {{ {condition} then flag info \"m\" because \"b\" basis judgement }}")
}

#[test]
fn declarations_of_relations_are_checked() {
    pack_refused("relation twin(a: sistem) \"T\"", Code::M103, &["sistem"]);
    pack_refused("relation twin(a: mode) \"T\"", Code::M112, &["mode"]);
    pack_refused("relation twin(a: system, a: system) \"T\"", Code::M111, &["a", "a"]);
    pack_refused("relation twin(unsure: system) \"T\"", Code::M112, &["unsure"]);
    pack_refused("relation twin \"T\"", Code::M114, &["twin"]);
    pack_refused("relation stale(a: system) \"T\"", Code::M102, &["stale", "stale"]);
    let concluding = "rule more \"M\" { then conclude feeds(\"a\", \"b\") because \"b\" basis judgement }";
    pack_refused(concluding, Code::M124, &["feeds(\"a\", \"b\")", "feeds"]);
    pack_refused("relation twin(a: system) \"T\" { severity 3 }", Code::M113, &["severity 3"]);
    pack_refused("entity ward(a: system) \"W\"", Code::M113, &["a: system"]);
    pack_refused("entity system \"Again\"", Code::M102, &["system", "system"]);
    pack_refused("relation twin(a: system) \"T\"", Code::M122, &["relation twin"]);
}

#[test]
fn conditions_on_relations_are_checked_against_their_declaration() {
    let wrong = |condition: &str| rule(&format!("for each s in system when validated[s] = no and {condition}"));
    pack_refused(&wrong("feeds(s)"), Code::M112, &["feeds(s)", "feeds"]);
    pack_refused(&wrong("feeds(s, s, s)"), Code::M112, &["feeds(s, s, s)", "feeds"]);
    pack_refused(&wrong("feeds[s, s]"), Code::M112, &["feeds[s, s]", "feeds"]);
    pack_refused(&wrong("any m in mode where feeds(s, m)"), Code::M112, &["m", "m"]);
    pack_refused(&wrong("feeds(s, other)"), Code::M109, &["other"]);
    pack_refused(&wrong("feeds(s, s) > 2"), Code::M104, &["feeds", "feeds"]);
    pack_refused(&wrong("fedes(s, s)"), Code::M108, &["fedes(s, s)"]);
}

#[test]
fn what_tests_suppose_of_relations_is_checked() {
    let test = |clause: &str| format!("test \"t\" {{ {clause} expect rule lineage.direct undecided }}");
    pack_refused(&test("given feeds(\"a\")"), Code::M112, &["feeds(\"a\")", "feeds"]);
    pack_refused(&test("given no feds"), Code::M103, &["feds"]);
    let (entry, none) = ("given feeds(\"a\", \"b\")", "given no feeds");
    pack_refused(&test(&format!("{none} {entry}")), Code::M115, &[entry, none]);
    pack_refused(&test(&format!("{entry} {entry} unsure")), Code::M115, &[&format!("{entry} unsure"), entry]);
    let (yes, no) = ("given validated[\"a\"] = yes", "given validated[\"a\"] = no");
    pack_refused(&test(&format!("{yes} {no}")), Code::M115, &[no, yes]);
    pack_refused(&test("given no validated"), Code::M104, &["validated", "validated"]);
    pack_refused(&test("given upstream(\"a\", \"b\")"), Code::M103, &["upstream"]);
    pack_refused("test \"t\" { expect finding feeds(\"a\", \"b\") }", Code::M104, &["feeds", "feeds"]);
}

/// Cycles through `not`, `all` and every aggregate, nested ones too, each over two files.
#[test]
fn a_cycle_that_needs_what_is_not_complete_is_refused_with_a_label_at_every_step() {
    let strict = [
        ("not back(s)", "negates"),
        ("not (validated[s] = yes and any o in system where back(o))", "negates"),
        ("all o in system where back(o)", "needs all of"),
        ("count o in system where back(o) >= 2", "needs all of"),
        ("(min o in system where back(o) of 1) > 0", "needs all of"),
        ("(max o in system of (count p in system where (feeds(o, p) and back(p)))) > 1", "needs all of"),
        ("(mean o in system where (any p in system where (feeds(o, p) and back(p))) of 1) > 0", "needs all of"),
        ("(sum o in system where back(o) of 1) > 0", "needs all of"),
        ("any o in system where (count p in system where (feeds(o, p) and back(p)) > 1)", "needs all of"),
    ];
    for (condition, verb) in strict {
        let first = "for each s in system when";
        let forth =
            format!("rule one \"1\" {{ {first} {condition} then conclude forth(s) because \"b\" basis judgement }}");
        let back = format!("rule two \"2\" {{ {first} mid(s) then conclude back(s) because \"b\" basis judgement }}");
        let mid = format!(
            "rule three \"3\" {{ {first} any o in system where forth(o) then conclude mid(s) because \"b\" basis judgement }}"
        );
        let outcome = read(&[("a.etio", PACK), ("b.etio", &forth), ("c.etio", &back), ("d.etio", &mid)]);
        assert_eq!(outcome.codes(), [Code::M210], "{condition}\n{}", outcome.shown());
        let diagnostic = outcome.diagnostics.iter().next().unwrap();
        let labels: Vec<&str> = diagnostic.labels.iter().map(|label| label.text.as_str()).collect();
        let bad = format!("`forth` {verb} `back` …");
        assert_eq!(labels, [bad.as_str(), "… and `back` waits for `mid` …", "… and `mid` waits for `forth`"]);
        // Each file is shown with its own line.
        let shown = outcome.shown();
        assert!(["b.etio", "c.etio", "d.etio"].iter().all(|file| shown.contains(file)), "{shown}");
        assert!(diagnostic.message.starts_with(&format!("`forth` {verb} `back`")), "{}", diagnostic.message);
    }
}
