//! Manifests and answers that people get wrong: one diagnostic each, with its place and a way out.
//!
//! `INSTA_UPDATE=always cargo test --test it bad_` takes over a change of wording.

use crate::program::{Folder, Run, snapshot};
use etiology::diagnostic::Code;

/// A pack with one of each: metrics over the pilot, over subgroups and features, and two questions.
pub const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
category some "Some"
index attribute "Attribute"
index subgroup "Subgroup" within attribute
index feature "Feature"
metric calibration.ece "Calibration error" : ratio, lower is better = ece()
metric subgroup.auroc[subgroup] "AUROC in the subgroup" : ratio, higher is better = auroc()
metric shift.psi[feature] "Stability index" : number, lower is better = psi()
question monitoring.in_place "Is it watched?" : yes_no
question model.autonomy "How far does it act alone?" : one of advisory, gatekeeping, autonomous
mode harm "Harm" { category some dimension model severity 8 detectability 5 base_rate 10% because "It hurts." basis judgement }
mitigation care "Care" { addresses harm effect 50% effort low because "It helps." basis judgement }
rule unwatched "Nobody watches" {
  when monitoring.in_place = no or model.autonomy = autonomous or calibration.ece > 10%
  then suspect harm likelihood 0.5
  because "Nobody would see it."
  basis judgement
}
"#;

pub const MANIFEST: &str = "\
deployment: {id: here}
pack: pack.etio
tables:
  deployment: pilot.csv
columns:
  label: outcome
  score: risk
  groups: {sex: sex}
  numeric: [age]
";

/// Twenty-four rows with both outcomes.
pub fn pilot() -> String {
    let mut text = "outcome,risk,age,sex\n".to_owned();
    for row in 0..24 {
        let sex = if row % 2 == 0 { "F" } else { "M" };
        text.push_str(&format!("{},0.{},{},{sex}\n", u8::from(row % 3 == 0), 10 + row, 40 + row));
    }
    text
}

/// The sound deployment, with the given files instead or besides.
pub fn deployment(files: &[(&str, &[u8])]) -> Folder {
    let table = pilot();
    let folder = Folder::with(&[
        ("pack.etio", PACK.as_bytes()),
        ("deployment.yaml", MANIFEST.as_bytes()),
        ("pilot.csv", table.as_bytes()),
    ]);
    files.iter().for_each(|(name, content)| folder.write(name, content));
    folder
}

/// Holds the refusal of a deployment to one diagnostic of that code, and to its snapshot.
#[track_caller]
pub fn refused(name: &str, code: Code, files: &[(&str, &[u8])]) {
    refuses(name, code, &deployment(files));
}

#[track_caller]
pub fn refuses(name: &str, code: Code, folder: &Folder) {
    let found = folder.run(&["assess", "."]);
    one_diagnostic(&found, code);
    assert_eq!(found.status, 2, "{}", found.stderr);
    snapshot(&format!("bad-{name}"), &found.stderr);
}

/// Holds a run to one diagnostic, said on standard error alone, with a place or a way out.
#[track_caller]
pub fn one_diagnostic(found: &Run, code: Code) {
    assert_eq!(found.stdout, "", "a refused run wrote an answer");
    assert_eq!(codes(&found.stderr), [code.as_str()], "{}", found.stderr);
    assert!(found.stderr.contains("help:"), "no way out is named:\n{}", found.stderr);
    for line in found.stderr.lines() {
        assert!(line.chars().count() <= 240, "a line without end: {line:.100}");
    }
}

/// Every code in a text, in order: `M210 (`.
pub fn codes(text: &str) -> Vec<&str> {
    let ends = text.match_indices(" (").map(|(end, _)| end);
    let words = ends.filter_map(|end| text.get(end.checked_sub(4)?..end));
    words.filter(|word| Code::ALL.iter().any(|code| code.as_str() == *word)).collect()
}

#[test]
fn the_sound_deployment_is_sound() {
    let found = deployment(&[("answers.yaml", b"monitoring.in_place: yes\n")]).run(&["assess", "."]);
    assert_eq!((found.status, found.stderr.as_str()), (0, ""));
    assert!(found.stdout.contains("harm"));
}

/// A changed manifest.
#[track_caller]
fn manifest(name: &str, code: Code, from: &str, to: &str) {
    assert!(MANIFEST.contains(from));
    refused(name, code, &[("deployment.yaml", MANIFEST.replacen(from, to, 1).as_bytes())]);
}

#[track_caller]
fn answers(name: &str, code: Code, text: &str) {
    refused(name, code, &[("answers.yaml", text.as_bytes())]);
}

#[test]
fn manifest_that_is_not_there() {
    let folder = deployment(&[]);
    std::fs::remove_file(folder.path().join("deployment.yaml")).unwrap();
    refuses("no-manifest", Code::X001, &folder);
}

#[test]
fn manifest_that_is_not_yaml() {
    manifest("manifest-syntax", Code::D301, "{id: here}", "{id: here");
    manifest("manifest-indent", Code::D301, "  score: risk", "   score: risk");
    manifest("manifest-key-twice", Code::D301, "  score: risk", "  label: risk");
}

#[test]
fn manifest_that_is_not_text() {
    refused("manifest-not-utf8", Code::S001, &[("deployment.yaml", b"deployment: {id: here}\npack: M\xFCnchen\n")]);
}

#[test]
fn manifest_with_wrong_keys() {
    manifest("unknown-key", Code::D302, "  label:", "  lable:");
    manifest("unknown-top-key", Code::D302, "tables:", "table:");
    manifest("missing-key", Code::D304, "{id: here}", "{title: Here}");
    manifest("wrong-sort", Code::D303, "  label: outcome", "  label: [outcome, other]");
    manifest("wrong-choice", Code::D306, "pack: pack.etio", "pack: pack.etio\nmissing: ignore");
    refused("manifest-empty", Code::D304, &[("deployment.yaml", b"")]);
}

#[test]
fn manifest_that_names_files_that_are_not_there() {
    manifest("no-table", Code::X001, "pilot.csv", "pilto.csv");
    manifest("table-ending", Code::D101, "pilot.csv", "pilot.xlsx");
    manifest("no-pack", Code::X001, "pack.etio", "pakc.etio");
    manifest("no-answers", Code::X001, "pack.etio", "pack.etio\nanswers: answer.yaml");
    let long = "a".repeat(5000) + ".csv";
    let folder = deployment(&[("deployment.yaml", MANIFEST.replacen("pilot.csv", &long, 1).as_bytes())]);
    let found = folder.run(&["assess", "."]);
    assert_eq!((found.status, found.stdout.as_str(), codes(&found.stderr)), (2, "", vec!["X001"]));
}

#[test]
fn answers_that_are_not_yaml() {
    answers("answers-syntax", Code::D301, "monitoring.in_place: [yes\n");
    answers("answers-key-twice", Code::D301, "monitoring.in_place: yes\nmonitoring.in_place: no\n");
    answers("answers-list", Code::D303, "- monitoring.in_place\n");
}

#[test]
fn answers_to_nothing_that_was_asked() {
    answers("unknown-answer", Code::D305, "monitoring.in_plaec: yes\n");
    answers("unknown-option", Code::D306, "model.autonomy: advisry\n");
    answers("not-yes-or-no", Code::D306, "\n\nmonitoring.in_place: true\n");
    answers("answer-is-a-list", Code::D306, "monitoring.in_place: [yes]\n");
    answers("unknown-member-key", Code::D302, "monitoring.in_place: {value: yes, buy: me}\n");
    answers("noise-of-an-answer", Code::D302, "monitoring.in_place: {value: yes, noise_p95: 0.1}\n");
    answers("noise-below-nothing", Code::D306, "calibration.ece: {value: 0.1, noise_p95: -0.1}\n");
    answers("interval-reversed", Code::D306, "shift.psi:\n  bmi: {value: 0.5, low: 0.6, high: 0.4}\n");
}

#[test]
fn a_value_stated_twice() {
    let stated = format!("{MANIFEST}inputs:\n  monitoring.in_place: yes\n");
    let files: [(&str, &[u8]); 2] =
        [("deployment.yaml", stated.as_bytes()), ("answers.yaml", b"monitoring.in_place: no\n")];
    refused("stated-twice", Code::D307, &files);
    answers("stated-and-measured", Code::D307, "calibration.ece: 0.1\n");
}

#[test]
fn text_that_is_too_large_is_not_read() {
    let folder = deployment(&[]);
    for name in ["answers.yaml", "pack.etio"] {
        let file = std::fs::File::create(folder.path().join(name)).unwrap();
        // Sparse: it takes no room on the disk.
        file.set_len(3 << 30).unwrap();
        refuses(&format!("too-large-{}", name.split('.').next().unwrap()), Code::X001, &folder);
        std::fs::remove_file(folder.path().join(name)).unwrap();
        folder.write("pack.etio", PACK.as_bytes());
    }
}

/// Neither a deep nor a self-multiplying document may take the machine down.
#[test]
fn hostile_yaml() {
    answers("answers-deep", Code::D301, &format!("monitoring.in_place:\n{}", " [\n".repeat(5000)));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", ")));
    }
    answers("answers-bomb", Code::D301, &bomb);
}
