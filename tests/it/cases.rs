//! The corpus: its files, its codes, and what is said of a case that is wrong.

use crate::json_contract::Schema;
use crate::program::{run, snapshot};
use serde_json::Value as Json;

const SCHEMA: &str = include_str!("../../docs/case.schema.json");

const CASE: &str = "case: score-ward-2026
title: Score missed half of the sick
domain: clinical_decision_support
year: 2026
countries: [Norway]
evidence: audit
modes:
  - mode: miscalibration
    factors: {no_local_recalibration: confirmed}
figures:
  - {stage: before, metric: auroc, value: 0.8, to: 0.85}
  - {stage: after, metric: auroc, value: 0.6, low: 0.55, high: 0.65, where: two wards, source: 1}
groups:
  - {metric: sensitivity, attribute: sex, values: {F: 0.4, M: 0.6}}
consequence: Half of the sick were treated a day late
remedies:
  - {what: Recalibrated on local patients, reported: true}
sources:
  - {cite: An audit, doi: \"10.1000/182\", read: full_text}
confidence: high
";

fn exported() -> Vec<Json> {
    let exported: Json = serde_json::from_str(&run(&["cases", "export"]).stdout).unwrap();
    exported.as_array().unwrap().clone()
}

/// Writes a folder with this one case and runs a command on it.
#[track_caller]
fn on(text: &str, command: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("score-ward-2026.yaml"), text).unwrap();
    let path = folder.path().to_str().unwrap();
    let ran = run(&[command, &["--cases", path]].concat());
    (ran.status, ran.stdout, ran.stderr)
}

#[test]
fn every_case_of_the_corpus_is_right_and_fits_the_published_schema() {
    let checked = run(&["cases", "check"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/cases")).unwrap().count();
    let cases = exported();
    assert_eq!(cases.len(), files);
    let schema = Schema::parse(SCHEMA);
    for case in &cases {
        assert_eq!(schema.faults_of(case), Vec::<String>::new(), "{}", case["case"]);
    }
}

#[test]
fn what_a_file_says_is_what_is_exported() {
    let (status, exported, problems) = on(CASE, &["cases", "export"]);
    assert_eq!(status, 0, "{problems}");
    let exported: Json = serde_json::from_str(&exported).unwrap();
    let written: Json = serde_yaml::from_str(CASE).unwrap();
    // Whole numbers are the same number with and without a point.
    assert_eq!(exported[0]["figures"][1], written["figures"][1]);
    let keys =
        |value: &Json| value.as_object().unwrap().keys().filter(|key| *key != "system").cloned().collect::<Vec<_>>();
    assert_eq!(keys(&exported[0]), keys(&written));
    for key in ["title", "modes", "groups", "sources", "remedies", "countries"] {
        assert_eq!(exported[0][key], written[key], "{key}");
    }
}

#[test]
fn a_case_that_is_wrong_is_refused_with_its_place_and_its_repair() {
    for (right, wrong, said) in [
        ("mode: miscalibration", "mode: miscalibraton", "did you mean `miscalibration`?"),
        ("no_local_recalibration:", "alert_fatigue:", "`alert_fatigue` is no causal factor"),
        ("confirmed", "certain", "`suspected` or `confirmed`"),
        ("doi: \"10.1000/182\", ", "", "a case needs a source that can be looked up"),
        (
            "sources:\n  - {cite: An audit, doi: \"10.1000/182\", read: full_text}\n",
            "",
            "a case needs the key `sources`",
        ),
        ("case: score-ward-2026", "case: ../score-ward-2026", "`case` cannot be `../score-ward-2026`"),
        ("year: 2026", "year: 26", "`year` cannot be `26`"),
        ("domain: clinical", "domain: klinical", "`domain` cannot be"),
        ("source: 1", "source: 2", "the case has 1 source, counted from 1"),
        ("source: 1", "source: first", "`source` must be a number"),
        ("value: 0.6", "value: low", "`value` must be a number"),
        ("consequence:", "consequense:", "did you mean `consequence`?"),
        ("case: score-ward-2026", "case: score-ward-2025", "is in a file of another name"),
        (
            "modes:\n  - mode: miscalibration\n    factors: {no_local_recalibration: confirmed}\n",
            "modes: []\n",
            "shows no failure mode",
        ),
    ] {
        assert!(CASE.contains(right), "{right}");
        let (status, _, problems) = on(&CASE.replacen(right, wrong, 1), &["cases", "check"]);
        assert_eq!(status, 1, "{wrong}: {problems}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&problems).contains(said), "{wrong}: {problems}");
    }
    let (status, _, problems) = on(CASE, &["cases", "check"]);
    assert_eq!(status, 0, "{problems}");
}

#[test]
fn cases_are_found_by_what_they_are_and_by_words() {
    let all = exported();
    let names = |options: &[&str]| {
        let listed = run(&[&["cases", "list", "--format", "json"], options].concat()).stdout;
        let listed: Vec<Json> = serde_json::from_str(&listed).unwrap();
        listed.iter().map(|case| case["case"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let expected = |wanted: &dyn Fn(&Json) -> bool| {
        all.iter().filter(|case| wanted(case)).map(|case| case["case"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let begins = |case: &Json, with: &str| case["domain"].as_str().unwrap().starts_with(with);
    assert_eq!(names(&["--domain", "medical_imaging"]), expected(&|case| begins(case, "medical_imaging.")));
    assert_eq!(
        names(&["--year", "2019-2020"]),
        expected(&|case| (2019..=2020).contains(&case["year"].as_u64().unwrap()))
    );
    assert_eq!(names(&["--evidence", "audit"]), expected(&|case| case["evidence"] == "audit"));
    assert_eq!(
        names(&["--country", "germany"]),
        expected(&|case| case
            .get("countries")
            .is_some_and(|names| names.as_array().unwrap().contains(&"Germany".into())))
    );
    let coded = |case: &Json, mode: &str| case["modes"].as_array().unwrap().iter().any(|coding| coding["mode"] == mode);
    assert_eq!(names(&["--mode", "alert_fatigue"]), expected(&|case| coded(case, "alert_fatigue")));
    assert_eq!(names(&["--mode", "alert_fatigue", "--year", "1960"]), Vec::<String>::new());
    let searched = run(&["cases", "search", "SEPSIS", "michigan"]).stdout;
    assert!(searched.contains("epic-sepsis-michigan-2021") && !searched.contains("camelyon"), "{searched}");
    let misspelt = run(&["cases", "list", "--mode", "alert_fatige"]);
    assert_eq!((misspelt.status, misspelt.stdout.as_str()), (2, ""));
    assert!(misspelt.stderr.contains("did you mean `alert_fatigue`?"), "{}", misspelt.stderr);
    let missing = run(&["cases", "show", "epic-sepsis-michigan"]);
    assert!(missing.stderr.contains("did you mean `epic-sepsis-michigan-2021`?"), "{}", missing.stderr);
}

#[test]
fn counts_are_those_of_the_cases() {
    let counts: Json = serde_json::from_str(&run(&["cases", "stats", "--format", "json"]).stdout).unwrap();
    let all = exported();
    assert_eq!(counts["cases"], all.len());
    for key in ["domain", "evidence", "year", "confidence"] {
        let sum: u64 = counts["by"][key].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(sum, all.len() as u64, "{key}");
    }
    let shift =
        |case: &&Json| case["modes"].as_array().unwrap().iter().any(|coding| coding["mode"] == "distribution_shift");
    assert_eq!(counts["by"]["mode"]["distribution_shift"], all.iter().filter(shift).count());
    let lines = run(&["cases", "stats", "--format", "csv"]).stdout;
    for (heading, entries) in counts["by"].as_object().unwrap() {
        for (entry, count) in entries.as_object().unwrap() {
            assert!(lines.lines().any(|line| line == format!("{heading},{entry},{count}")), "{heading} {entry}");
        }
    }
    let listed = run(&["cases", "list", "--mode", "fabricated_output", "--format", "csv"]).stdout;
    assert_eq!(listed, run(&["cases", "export", "--mode", "fabricated_output", "--format", "csv"]).stdout);
    let document = run(&["cases", "search", "sepsis", "michigan", "--format", "markdown"]).stdout;
    assert!(document.contains("epic-sepsis-michigan-2021"), "{document}");
}

#[test]
fn a_case_is_added_once_and_only_with_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(at("mine")).unwrap();
    std::fs::write(at("draft.yaml"), CASE.replace("doi: \"10.1000/182\", ", "")).unwrap();
    let add = || run(&["cases", "add", &at("draft.yaml"), "--cases", &at("mine")]);
    assert_eq!(add().status, 1);
    assert_eq!(std::fs::read_dir(at("mine")).unwrap().count(), 0);
    std::fs::write(at("draft.yaml"), CASE).unwrap();
    assert_eq!(add().status, 0);
    assert_eq!(std::fs::read_to_string(at("mine/score-ward-2026.yaml")).unwrap(), CASE);
    let again = add();
    assert_eq!(again.status, 2);
    assert!(again.stderr.contains("already"), "{}", again.stderr);
}

#[test]
fn a_case_reads_well() {
    let shown = run(&["cases", "show", "epic-sepsis-michigan-2021"]).stdout;
    let page = run(&["cases", "export", "--format", "markdown", "--mode", "fabricated_output"]).stdout;
    snapshot("cases-show", &shown);
    snapshot("cases-markdown", &page);
    let table = run(&["cases", "export", "--format", "csv"]).stdout;
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(rows.records().map(Result::unwrap).count(), exported().len());
}

#[test]
fn an_empty_file_is_one_mistake_and_not_eight() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.yaml"), "# nothing yet\n").unwrap();
    let checked = run(&["cases", "check", "--cases", folder.path().to_str().unwrap()]);
    assert_eq!(checked.status, 1);
    assert!(checked.stderr.contains("it is empty"), "{}", checked.stderr);
    assert_eq!(checked.stderr.matches("D304").count(), 1, "{}", checked.stderr);
}
