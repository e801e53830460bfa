//! Several coders on one case: what is measured, what is listed, what is refused.

use crate::json_contract::Schema;
use crate::program::{Folder, Run, run, snapshot};
use serde_json::{Value as Json, json};

const SCHEMA: &str = include_str!("../../docs/codings.schema.json");

const FIRST: &str = "coder: a
date: 2026-05-04
codings:
  - {case: one, domain: clinical_decision_support, modes: [{mode: alert_fatigue, factors: {low_ppv: confirmed}}]}
  - {case: two, domain: clinical_decision_support, modes: [{mode: miscalibration}]}
  - {case: three, domain: pathology_laboratory, modes: [{mode: miscalibration}, {mode: alert_fatigue}]}
";

const SECOND: &str = "coder: b
date: 2026-05-05
codings:
  - {case: one, domain: clinical_decision_support, modes: [{mode: alert_fatigue, factors: {low_ppv: suspected}}]}
  - {case: two, domain: pathology_laboratory, modes: [{mode: miscalibration}]}
  - {case: three, domain: pathology_laboratory, modes: [{mode: alert_fatigue}]}
  - {case: four, modes: []}
";

fn agreement(files: &[(&str, &str)], options: &[&str]) -> Run {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    Folder::with(&files).run(&[&["cases", "agreement", "."], options].concat())
}

fn measured(files: &[(&str, &str)]) -> Json {
    let run = agreement(files, &["--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn level<'a>(found: &'a Json, name: &str) -> &'a Json {
    found["levels"].as_array().unwrap().iter().find(|level| level["level"] == name).unwrap()
}

fn is(value: &Json, expected: f64) -> bool {
    (value.as_f64().unwrap() - expected).abs() < 1e-12
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let found = measured(&[("a.yaml", FIRST), ("b.yaml", SECOND)]);
    assert_eq!(found["shared_cases"], 3);
    assert_eq!(found["coded_by_one_alone"], json!(["four"]));
    // Equal in 2 of 3; by chance 2/3 · 1/3 + 1/3 · 2/3 = 4/9.
    let domain = level(&found, "domain");
    assert!(is(&domain["equal_share"]["value"], 2.0 / 3.0));
    assert!(is(&domain["cohens_kappa"][0]["kappa"]["value"], (2.0 / 3.0 - 4.0 / 9.0) / (5.0 / 9.0)));
    // Six values, three of each: 1 − 5 · 2 / (2 · 3 · 3).
    assert!(is(&domain["krippendorffs_alpha"]["value"], 1.0 - 5.0 * 2.0 / 18.0));
    // Two modes in three cases: 6 decisions, 5 equal; given 4 of 6 and 3 of 6 times.
    let mode = level(&found, "mode");
    assert_eq!(mode["equal_share"]["n"], 6);
    let by_chance = (4.0 * 3.0 + 2.0 * 3.0) / 36.0;
    assert!(is(&mode["cohens_kappa"][0]["kappa"]["value"], (5.0 / 6.0 - by_chance) / (1.0 - by_chance)));
    // One factor, given by both: no chance to disagree on whether it is there, but on how sure it is.
    let status = level(&found, "status");
    assert_eq!(status["disagreements"][0]["said"], json!({"a": ["low_ppv confirmed"], "b": ["low_ppv suspected"]}));
    assert_eq!(level(&found, "evidence")["krippendorffs_alpha"]["value"], Json::Null);
    assert!(level(&found, "evidence")["krippendorffs_alpha"]["reason"].as_str().unwrap().contains("two coders"));
}

#[test]
fn each_disagreement_is_listed_with_who_said_what() {
    let found = measured(&[("a.yaml", FIRST), ("b.yaml", SECOND)]);
    assert_eq!(
        level(&found, "mode")["disagreements"],
        json!([{"case": "three", "said": {"a": ["miscalibration"], "b": []}}])
    );
    assert_eq!(
        level(&found, "main_mode")["disagreements"],
        json!([{"case": "three", "said": {"a": ["miscalibration"], "b": ["alert_fatigue"]}}])
    );
    let text = agreement(&[("a.yaml", FIRST), ("b.yaml", SECOND)], &[]).stdout;
    for said in ["a: clinical_decision_support", "b: pathology_laboratory", "b: none of these"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn neither_files_nor_their_order_change_a_figure() {
    let (head, rows) = SECOND.split_once("codings:\n").unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let part = |rows: &[&str]| format!("{head}codings:\n{}\n", rows.join("\n"));
    let whole = measured(&[("a.yaml", FIRST), ("b.yaml", SECOND)]);
    let turned: Vec<&str> = rows[1..].iter().rev().copied().collect();
    assert_eq!(measured(&[("z.yaml", FIRST), ("1.yaml", &part(&turned)), ("0.yaml", &part(&rows[..1]))]), whole);
}

#[test]
fn the_corpus_agrees_with_itself_and_not_with_a_coding_that_differs() {
    let exported: Json = serde_json::from_str(&run(&["cases", "export", "--year", "2021"]).stdout).unwrap();
    let mut codings: Vec<Json> = Vec::new();
    for case in exported.as_array().unwrap() {
        let keys = ["case", "domain", "evidence", "modes"];
        codings.push(keys.iter().map(|key| ((*key).to_owned(), case[*key].clone())).collect());
    }
    let same = |codings: &[Json]| {
        let file = json!({"coder": "copy", "date": "2026-01-01", "codings": codings}).to_string();
        let run = agreement(&[("copy.yaml", &file)], &["--corpus", "--format", "json"]);
        serde_json::from_str::<Json>(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
    };
    let found = same(&codings);
    assert_eq!(found["shared_cases"], codings.len());
    for level in found["levels"].as_array().unwrap() {
        assert_eq!(level["krippendorffs_alpha"]["value"], 1.0, "{level}");
        assert_eq!(level["disagreements"], json!([]));
    }
    codings[0]["domain"] = json!("medical_imaging.other");
    assert!(level(&same(&codings), "domain")["krippendorffs_alpha"]["value"].as_f64().unwrap() < 1.0);
}

#[test]
fn what_is_wrong_is_refused_with_the_nearest_name() {
    for (right, wrong, said) in [
        ("mode: miscalibration", "mode: miscalibraton", "did you mean `miscalibration`?"),
        ("low_ppv:", "low_pvp:", "did you mean `low_ppv`?"),
        ("pathology_laboratory", "pathology", "`domain` cannot be `pathology`"),
        ("confirmed", "sure", "`suspected` or `confirmed`"),
        ("date: 2026-05-04", "date: May", "`date` cannot be `May`"),
        ("coder: a\n", "", "needs the key `coder`"),
        ("coder: a\n", "coder: corpus\n", "`coder` cannot be `corpus`"),
        ("case: two", "case: one", "coded the case `one` twice"),
        ("{case: two", "{caze: two", "did you mean `case`?"),
    ] {
        assert!(FIRST.contains(right), "{right}");
        let run = agreement(&[("a.yaml", &FIRST.replacen(right, wrong, 1)), ("b.yaml", SECOND)], &[]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{wrong}");
        let words = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(said), "{wrong}: {}", run.stderr);
    }
    let alone = agreement(&[("a.yaml", FIRST)], &[]);
    assert_eq!(alone.status, 2);
    assert!(alone.stderr.contains("agreement needs two"), "{}", alone.stderr);
    let misspelt = FIRST.replace("case: one", "case: epic-sepsis-michigan-2012");
    let misspelt = agreement(&[("a.yaml", &misspelt)], &["--corpus"]);
    assert!(misspelt.stderr.contains("did you mean `epic-sepsis-michigan-2021`?"), "{}", misspelt.stderr);
}

#[test]
fn the_examples_fit_the_published_schema_and_read_well() {
    let schema = Schema::parse(SCHEMA);
    for name in ["coder-a", "coder-b", "coder-c"] {
        let text = std::fs::read_to_string(format!("{}/examples/coding/{name}.yaml", env!("CARGO_MANIFEST_DIR")));
        let text = text.unwrap();
        assert!(text.starts_with("# SYNTHETIC"), "{name} must say that it is made up");
        assert_eq!(schema.faults_of(&serde_yaml::from_str(&text).unwrap()), Vec::<String>::new(), "{name}");
    }
    let shown = run(&["cases", "agreement", "examples/coding"]).stdout;
    snapshot("cases-agreement", &shown);
    let table = run(&["cases", "agreement", "examples/coding", "--format", "csv"]).stdout;
    let found: Json =
        serde_json::from_str(&run(&["cases", "agreement", "examples/coding", "--format", "json"]).stdout).unwrap();
    let alphas = csv::Reader::from_reader(table.as_bytes())
        .records()
        .map(Result::unwrap)
        .filter(|line| &line[1] == "krippendorffs_alpha")
        .map(|line| line[5].parse::<f64>().unwrap())
        .collect::<Vec<_>>();
    let expected = found["levels"].as_array().unwrap().iter();
    assert_eq!(
        alphas,
        expected.map(|level| level["krippendorffs_alpha"]["value"].as_f64().unwrap()).collect::<Vec<_>>()
    );
    assert!(run(&["cases", "agreement", "examples/coding", "--format", "markdown"]).stdout.starts_with("# Agreement"));
}
