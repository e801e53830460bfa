//! Reference profiles as files: written, described, read in place of a table, and covered by digests.

use crate::json_contract::Schema;
use crate::pilot::{cells, csv};
use crate::program::{Folder, Run};
use serde_json::Value as Json;

const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
category some "Some"
index subgroup "Subgroup"
metric auroc "AUROC" : ratio, higher is better = auroc()
metric before "AUROC in development" : ratio, higher is better = auroc(table development)
metric slope "Calibration slope in development" : number = calibration_slope(table development)
metric sevenths "Calibration error in development" : ratio, lower is better = ece(table development, bins 7)
mode harm "Harm" { category some dimension model severity 8 detectability 5 base_rate 10% because "It hurts." basis judgement }
mitigation care "Care" { addresses harm effect 50% effort low because "It helps." basis judgement }
band low "Low" { from 0 because "Watch." basis judgement }
rule weak "It was weak from the start" {
  when before < LIMIT
  then suspect harm likelihood 0.6
  because "It never ranked well."
  basis judgement
}
rule off "It was off from the start" {
  when sevenths > 1% and sevenths exceeds noise
  then suspect harm likelihood 0.4
  because "Its risks were never right."
  basis judgement
}
verdict fine "Fine" { precedence 0 because "Told." basis judgement }
"#;

const COLUMNS: &str = "columns: {label: y, score: s, numeric: [x], categorical: [g], groups: {g: g}}\nthreshold: 0.5\n";

/// A made-up table of so many rows.
fn table(first: u64, n: u64) -> String {
    let draw = |row: u64, salt: u64| {
        let mixed =
            (first + row).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(salt.wrapping_mul(0xD1B5_4A32_D192_ED03));
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        ((mixed ^ (mixed >> 32)) % 10_000) as f64 / 10_000.0
    };
    let score = |row: u64| (1.0 + 98.0 * draw(row, 1)).round() / 100.0;
    csv(&[
        ("y", cells((0..n).map(|row| u8::from(draw(row, 2) < 0.1 + 0.6 * score(row))))),
        ("s", cells((0..n).map(score))),
        ("x", cells((0..n).map(|row| (60.0 * draw(row, 3)).round()))),
        ("g", cells((0..n).map(|row| if draw(row, 4) < 0.4 { "a" } else { "b" }))),
    ])
}

/// A deployment of two tables, `t.csv` and `d.csv`, whose profile is written beside them.
fn folder(limit: f64) -> Folder {
    let manifest = format!(
        "deployment: {{id: here}}\npack: pack.etio\ntables: {{development: t.csv, deployment: d.csv}}\n{COLUMNS}"
    );
    let folder = Folder::with(&[
        ("pack.etio", PACK.replace("LIMIT", &limit.to_string()).as_bytes()),
        ("t.csv", table(0, 2000).as_bytes()),
        ("u.csv", table(5000, 1500).as_bytes()),
        ("d.csv", table(9000, 1200).as_bytes()),
        ("deployment.yaml", manifest.as_bytes()),
    ]);
    done(&folder, &["profile", ".", "-o", "reference.json"]);
    folder
}

/// The same with the profile in place of the development table.
fn with_profile(limit: f64) -> Folder {
    let folder = folder(limit);
    let tables = "tables:\n  development: {profile: reference.json}\n  deployment: d.csv\n";
    folder.write("deployment.yaml", format!("deployment: {{id: here}}\npack: pack.etio\n{tables}{COLUMNS}").as_bytes());
    folder
}

#[track_caller]
fn done(folder: &Folder, arguments: &[&str]) -> Run {
    let found = folder.run(arguments);
    assert_eq!(found.status, 0, "{arguments:?}\n{}{}", found.stdout, found.stderr);
    found
}

fn text(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}

fn json(folder: &Folder, arguments: &[&str]) -> Json {
    serde_json::from_str(&done(folder, &[arguments, &["--format", "json", "."]].concat()).stdout).unwrap()
}

#[test]
fn a_profile_fits_the_published_schema_and_the_schema_notices_what_it_should() {
    let schema = Schema::parse(include_str!("../../docs/profile.schema.json"));
    let folder = folder(0.5);
    done(&folder, &["profile", ".", "--table", "deployment", "-o", "other.json"]);
    done(&folder, &["profile", "--merge", "reference.json", "other.json", "-o", "merged.json"]);
    for name in ["reference.json", "other.json", "merged.json"] {
        let whole: Json = serde_json::from_str(&text(&folder, name)).unwrap();
        assert_eq!(schema.faults_of(&whole), Vec::<String>::new(), "{name}");
    }
    let whole: Json = serde_json::from_str(&text(&folder, "reference.json")).unwrap();
    type Change = fn(&mut Json);
    let changes: [(&str, Change); 6] = [
        ("a new key", |whole| whole["clock"] = 12.into()),
        ("a new key of a value", |whole| whole["measured"][0]["row"] = 12.into()),
        ("a key that is gone", |whole| drop(whole["measured"][0].as_object_mut().unwrap().remove("error"))),
        ("another format", |whole| whole["format"] = "etiology-profile-9".into()),
        ("rows below none", |whole| whole["rows"] = (-1).into()),
        ("text for a number", |whole| whole["measured"][0]["value"] = "0".into()),
    ];
    for (what, change) in changes {
        let mut changed = whole.clone();
        change(&mut changed);
        assert!(!schema.faults_of(&changed).is_empty(), "{what} was not noticed");
    }
    let mut old = whole;
    old["format"] = "etiology-profile-1".into();
    old.as_object_mut().unwrap().retain(|key, _| !["weighted", "measured"].contains(&key.as_str()));
    assert_eq!(schema.faults_of(&old), Vec::<String>::new());
}

#[test]
fn a_deployment_with_a_profile_is_assessed_as_with_the_rows() {
    let (rows, profile) = (json(&folder(0.5), &["assess"]), json(&with_profile(0.5), &["assess"]));
    assert_eq!(rows["total_risk"], profile["total_risk"]);
    let fact = |whole: &Json, id: &str| {
        let facts = whole["facts"].as_array().unwrap();
        facts.iter().find(|fact| fact["input"] == id || fact["id"] == id).unwrap().clone()
    };
    for id in ["before", "slope", "sevenths"] {
        let (rows, profile) = (fact(&rows, id), fact(&profile, id));
        let (a, b) = (rows["value"].as_f64().unwrap(), profile["value"].as_f64().unwrap());
        assert!((a - b).abs() < 1e-8, "{id}: {a} and {b}");
        assert_eq!(rows["n"], profile["n"]);
        assert_eq!(rows["floor"].is_null(), profile["floor"].is_null());
    }
}

#[test]
fn the_digest_covers_every_byte_of_the_profile() {
    let folder = with_profile(0.5);
    let before = json(&folder, &["assess"])["deployment"]["digest"].clone();
    assert!(before.is_string());
    assert_eq!(json(&folder, &["assess"])["deployment"]["digest"], before);
    // A blank changes no figure, and yet it is another file.
    folder.write("reference.json", format!("{} ", text(&folder, "reference.json")).as_bytes());
    assert_ne!(json(&folder, &["assess"])["deployment"]["digest"], before);
}

#[test]
fn charts_are_drawn_with_a_profile_in_place_of_the_rows() {
    let folder = with_profile(0.5);
    done(&folder, &["metrics", ".", "--plots", "charts"]);
    let drawn = |name: &str| text(&folder, &format!("charts/{name}"));
    for name in ["reliability.svg", "roc.svg"] {
        assert!(drawn(name).contains("<title"), "{name}");
    }
}

/// A threshold that lies within what a profile leaves open is neither passed nor missed.
#[test]
fn a_threshold_within_the_error_of_a_value_leaves_the_rule_undecided() {
    let value = |folder: &Folder| {
        let found = json(folder, &["metrics"]);
        let all = found["measurements"].as_array().unwrap();
        let before = all.iter().find(|m| m["metric"] == "before").unwrap();
        (before["value"].as_f64().unwrap(), before["error"].as_f64().unwrap(), before["ci"].is_null())
    };
    let merged = |limit: f64| {
        let folder = with_profile(limit);
        let first = text(&folder, "reference.json");
        folder.write("a.json", first.as_bytes());
        let manifest =
            text(&folder, "deployment.yaml").replace("development: {profile: reference.json}", "development: u.csv");
        folder.write(
            "u/deployment.yaml",
            manifest
                .replace("u.csv", "../u.csv")
                .replace("d.csv", "../d.csv")
                .replace("pack.etio", "../pack.etio")
                .as_bytes(),
        );
        done(&folder, &["profile", "u", "-o", "b.json"]);
        std::fs::remove_file(folder.path().join("reference.json")).unwrap();
        done(&folder, &["profile", "--merge", "a.json", "b.json", "-o", "reference.json"]);
        folder
    };
    let (found, error, bare) = value(&merged(0.5));
    assert!(error > 1e-6 && bare, "{found} within {error}");
    let why_not = |limit: f64| done(&merged(limit), &["why-not", "weak", "."]).stdout;
    let inside = why_not(found - error / 2.0);
    assert!(inside.contains("what is unknown could make it"), "{inside}");
    let outside = why_not(found - 2.0 * error);
    assert!(!outside.contains("could make it"), "{outside}");
}
