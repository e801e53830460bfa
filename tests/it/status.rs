//! Exit statuses, on a pack that is small enough to see why.

use crate::program::{Folder, run};

const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
category some "Some"
question asked "Asked?" : yes_no
question needed "Needed?" : yes_no
mode harm "Harm" { category some dimension model severity 8 detectability 5 base_rate 10% because "It hurts." basis judgement }
mitigation care "Care" { addresses harm effect 50% effort low because "It helps." basis judgement }
band low "Low" { from 0 because "Watch." basis judgement }
band high "High" { from 20 because "Act." basis judgement }
rule bad "It is bad" {
  when asked = yes
  then suspect harm likelihood 0.9
  because "Somebody said so."
  basis judgement
}
rule gate "It must be known" {
  when asked = yes or asked = no
  then require needed
  because "A go-live needs it."
  basis judgement
}
verdict unknown "Unknown" { precedence 2 when evidence_missing because "Not told." basis judgement }
verdict fine "Fine" { precedence 0 because "Told." basis judgement }
test "bad is bad" {
  given asked = yes
  expect rule bad fired
}
"#;

fn deployment(answers: &str) -> Folder {
    let manifest = "deployment: {id: here}\npack: pack.etio\n";
    Folder::with(&[
        ("pack.etio", PACK.as_bytes()),
        ("deployment.yaml", manifest.as_bytes()),
        ("answers.yaml", answers.as_bytes()),
    ])
}

#[track_caller]
fn ends(folder: &Folder, arguments: &[&str], status: i32) {
    let found = folder.run(arguments);
    assert_eq!(found.status, status, "{arguments:?}\n{}{}", found.stdout, found.stderr);
    assert_eq!(found.stdout.is_empty(), status == 2, "{arguments:?}");
}

#[test]
fn an_assessment_ends_with_what_it_found() {
    ends(&deployment("asked: no\nneeded: yes\n"), &["assess", "."], 0);
    ends(&deployment("asked: yes\nneeded: yes\n"), &["assess", "."], 0);
    ends(&deployment("asked: yes\nneeded: yes\n"), &["assess", ".", "--fail-on", "high"], 1);
    ends(&deployment("asked: no\nneeded: yes\n"), &["assess", ".", "--fail-on", "high"], 0);
    ends(&deployment("asked: no\nneeded: yes\n"), &["assess", ".", "--fail-on", "low"], 1);
    ends(&deployment("asked: no\nneeded: yes\n"), &["assess", ".", "--fail-on", "hihg"], 2);
}

#[test]
fn missing_evidence_outranks_a_bad_answer() {
    ends(&deployment("asked: yes\n"), &["assess", "."], 3);
    ends(&deployment("asked: yes\n"), &["assess", ".", "--fail-on", "high"], 3);
    ends(&deployment("asked: yes\nneeded: unknown\n"), &["assess", "."], 3);
    // A question about the same deployment was answered, whatever the answer.
    ends(&deployment("asked: yes\n"), &["why", "harm", "."], 0);
}

#[test]
fn a_pack_is_good_or_bad_or_not_there() {
    let folder = deployment("");
    ends(&folder, &["check", "."], 0);
    ends(&folder, &["test", "."], 0);
    ends(&folder, &["check", "nowhere"], 2);
    ends(&folder, &["test", "nowhere"], 2);
    folder.write("pack.etio", PACK.replace("rule bad fired", "rule bad not fired").as_bytes());
    ends(&folder, &["test", "."], 1);
    folder.write("pack.etio", PACK.replace("suspect harm", "suspect harn").as_bytes());
    ends(&folder, &["check", "."], 1);
    ends(&folder, &["test", "."], 2);
    ends(&folder, &["assess", "."], 2);
}

#[test]
fn a_pack_on_the_command_line_outranks_the_manifest() {
    let folder = deployment("asked: no\nneeded: yes\n");
    folder.write("other/pack.etio", PACK.replace("from 20", "from 1").as_bytes());
    ends(&folder, &["assess", ".", "--fail-on", "high"], 0);
    ends(&folder, &["assess", ".", "--fail-on", "high", "--pack", "other"], 1);
}

#[test]
fn wrong_usage_is_a_failure_and_help_is_not() {
    for wrong in [&["asses", "x"][..], &["assess"], &["assess", "x", "--color", "pink"], &["why", "x"]] {
        let found = run(wrong);
        assert_eq!((found.status, found.stdout.as_str()), (2, ""), "{wrong:?}");
        assert!(found.stderr.contains("--help"), "{wrong:?}: {}", found.stderr);
    }
    for right in [&["--help"][..], &["--version"], &["assess", "--help"], &["help", "why"]] {
        let found = run(right);
        assert_eq!((found.status, found.stderr.as_str()), (0, ""), "{right:?}");
    }
}
