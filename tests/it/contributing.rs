//! A new case by questions: what is asked, what is not taken, and what is written when.

use crate::program::{Folder, Run, etio, run, run_with, snapshot};
use std::path::Path;

/// Answers that make a case, with mistakes on the way.
const ANSWERS: &str = "Audit of the hospital, 2026

a colleague told me
https://example.org/audit
all of it
full_text
Wong et al., JAMA Intern Med 2021
https://doi.org/10.1001/jamainternmed.2021.2626
abstract

?
Dr. Berg saw the sepsis score miss two in three cases
Sepsis score missed two in three cases on two wards
clinical_decison_support
clinical_decision_support
critical care
26
2026
Norway, Sweden
two wards

27697
no
The maker
proprietary


Scores adult inpatients every hour
audit
distribution_shfit
distribution_shift
site_population_diference suspected
site_population_difference
site_population_difference suspected

alert_fatigue
distribution_shift


auroc
63
63 %
after
0.7 to 0.8
62 % to 64 %
two wards
3
1

sensitivity
sex
women 0.4
women 40 %, men 0.6

Two in three patients with sepsis were not flagged

An audit: the first of its kind
0.5

The threshold was set on local patients
half as many alarms
yes

high
Sepsis Score
sepsis-score-norway-2026
";

const WRITTEN: &str = "case: sepsis-score-norway-2026
title: Sepsis score missed two in three cases on two wards
domain: clinical_decision_support
specialty: critical care
year: 2026
countries: [Norway, Sweden]
place: two wards
patients: 27697
system:
  name: \"no\"
  developer: The maker
  kind: proprietary
use: Scores adult inpatients every hour
evidence: audit
modes:
  - mode: distribution_shift
    factors: {site_population_difference: suspected}
  - mode: alert_fatigue
figures:
  - {stage: after, metric: auroc, value: 0.63, low: 0.62, high: 0.64, where: two wards, source: 1}
groups:
  - {metric: sensitivity, attribute: sex, values: {women: 0.4, men: 0.6}}
consequence: Two in three patients with sepsis were not flagged
noticed: \"An audit: the first of its kind\"
noticed_after_months: 0.5
remedies:
  - {what: The threshold was set on local patients, effect: half as many alarms, reported: true}
sources:
  - {cite: \"Audit of the hospital, 2026\", url: \"https://example.org/audit\", read: full_text}
  - {cite: \"Wong et al., JAMA Intern Med 2021\", doi: \"10.1001/jamainternmed.2021.2626\", read: abstract}
confidence: high
";

const NAME: &str = "mine/sepsis-score-norway-2026.yaml";

fn add(folder: &Folder, answers: &str) -> Run {
    let mut command = etio(&["cases", "add", "--cases", "mine"]);
    command.current_dir(folder.path());
    run_with(command, answers.as_bytes())
}

/// Fails if the folder of cases holds anything.
#[track_caller]
fn holds_nothing(folder: &Folder) {
    let files = std::fs::read_dir(folder.path().join("mine")).map(|files| files.count()).unwrap_or(0);
    assert_eq!(files, 0);
}

fn read(folder: &Folder) -> String {
    std::fs::read_to_string(folder.path().join(Path::new(NAME))).unwrap()
}

#[test]
fn a_whole_dialogue_makes_a_file_that_is_right() {
    let folder = Folder::with(&[]);
    let told = add(&folder, &format!("{ANSWERS}yes\n"));
    assert_eq!(told.status, 0, "{}{}", told.stdout, told.stderr);
    assert_eq!(read(&folder), WRITTEN);
    assert!(told.stdout.contains(&format!("```yaml\n{WRITTEN}```")), "{}", told.stdout);
    let checked = folder.run(&["cases", "check", "--cases", "mine"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    let shown = folder.run(&["cases", "show", "sepsis-score-norway-2026", "--cases", "mine"]).stdout;
    assert!(shown.contains("two wards [1]") && shown.contains("[1] Audit of the hospital"), "{shown}");
    assert!(told.stdout.lines().filter(|line| !line.contains(['{', '`'])).all(|line| line.chars().count() <= 100));
    snapshot("cases-add", &told.stdout);
}

#[test]
fn nothing_is_written_before_yes_however_the_dialogue_ends() {
    let folder = Folder::with(&[]);
    let lines: Vec<&str> = ANSWERS.lines().collect();
    for ended in [0, 1, 5, lines.len() / 2, lines.len()] {
        let told = add(&folder, &lines[..ended].iter().map(|line| format!("{line}\n")).collect::<String>());
        assert_eq!(told.status, 2, "after {ended} lines");
        assert!(told.stderr.contains("nothing was written"), "{}", told.stderr);
        holds_nothing(&folder);
    }
    for (answers, status) in [(format!("{ANSWERS}no\n"), 1), ("quit\n".to_owned(), 1), (format!("{ANSWERS}maybe\n"), 2)]
    {
        let told = add(&folder, &answers);
        assert_eq!(told.status, status, "{}", told.stderr);
        assert!(told.stderr.contains("nothing was written"), "{}", told.stderr);
        holds_nothing(&folder);
    }
}

#[test]
fn a_case_without_a_source_that_can_be_looked_up_gets_no_further() {
    let told = add(&Folder::with(&[]), "A rumour\n\nnone\n\n");
    assert_eq!(told.status, 2);
    assert_eq!(told.stdout.matches("A case without a source that can be looked up is not taken").count(), 2);
    assert!(!told.stdout.contains("What happened?"), "{}", told.stdout);
}

#[test]
fn a_part_can_be_asked_again_before_it_is_kept() {
    let folder = Folder::with(&[]);
    let told = add(&folder, &format!("{ANSWERS}tittle\ntitle\nAnother title\nyes\n"));
    assert_eq!(told.status, 0, "{}", told.stderr);
    assert!(told.stdout.contains("did you mean `title`?"), "{}", told.stdout);
    assert_eq!(read(&folder), WRITTEN.replace("Sepsis score missed two in three cases on two wards", "Another title"));
}

#[test]
fn with_other_sources_the_figures_are_asked_again() {
    let folder = Folder::with(&[]);
    let again = "sources\nAn audit\nhttps://example.org/b\nabstract\n\nppv\n0.2 to 26 %\nafter\n\n\n\nyes\n";
    let told = add(&folder, &format!("{ANSWERS}{again}"));
    assert_eq!(told.status, 0, "{}", told.stdout);
    assert!(told.stdout.contains("so they are asked again"), "{}", told.stdout);
    let written = read(&folder);
    assert!(
        written.contains("figures:\n  - {stage: after, metric: ppv, value: 0.2, to: 0.26, source: 1}\ngroups:"),
        "{written}"
    );
    assert!(
        written.contains("sources:\n  - {cite: \"An audit\", url: \"https://example.org/b\", read: abstract}\nconf")
    );
}

#[test]
fn a_name_that_is_taken_and_a_confidence_that_is_not_backed_are_refused() {
    let folder = Folder::with(&[(NAME, b"something else")]);
    let told = add(&folder, &format!("{ANSWERS}sepsis-score-norway-2026b\nyes\n"));
    assert_eq!(told.status, 0, "{}", told.stderr);
    assert!(told.stdout.contains("there is a case `sepsis-score-norway-2026` already"), "{}", told.stdout);
    assert_eq!(read(&folder), "something else");
    let second_hand = ANSWERS.replace("\nfull_text\n", "\nsecondary\n").replace("\nabstract\n", "\nsecondary\n");
    let told = add(&Folder::with(&[]), &second_hand.replace("\nhigh\n", "\nhigh\nmedium\n"));
    assert!(told.stdout.contains("high asks for a primary source that was read"), "{}", told.stdout);
}

#[test]
fn a_file_that_is_given_is_taken_as_it_is() {
    let folder = Folder::with(&[("draft.yaml", WRITTEN.as_bytes())]);
    let mut command = etio(&["cases", "add", "draft.yaml", "--cases", "mine"]);
    command.current_dir(folder.path());
    assert_eq!(run_with(command, b"").status, 0);
    assert_eq!(read(&folder), WRITTEN);
    assert_eq!(run(&["cases", "add"]).status, 2, "a folder to put it into is needed");
}

#[test]
fn the_page_shows_what_is_asked() {
    let page = include_str!("../../docs/cases.md");
    let shown = page.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let told = add(&Folder::with(&[]), &format!("{ANSWERS}no\n")).stdout;
    let mut rest = told.as_str();
    for line in shown.lines().filter(|line| *line != "…") {
        let found = rest.find(&format!("\n{line}\n")).unwrap_or_else(|| panic!("it is not said, in order: {line}"));
        rest = &rest[found + line.len() + 1..];
    }
}
