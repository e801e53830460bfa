//! The questionnaire: what is asked first, why, what is written, and that nothing is lost.

use crate::json_contract::Schema;
use crate::program::{Folder, Run, etio, run_with, snapshot};
use etiology::questionnaire::{Entry, Sheet, SheetError};
use proptest::prelude::*;

/// A pack in which each answer is worth something else, and a pilot without tables.
const PACK: &str = r#"pack wards "Wards" {
  version 1.0.0
  language 1
}
category clinical "Clinical"
mode missed "Patients are missed" {
  category clinical
  dimension deployment
  severity 8
  detectability 5
  base_rate 5%
}
mode tired "Alarms are ignored" {
  category clinical
  dimension deployment
  severity 4
  detectability 5
  base_rate 5%
}
metric auroc.local "AUROC here" : ratio, higher is better = auroc()
input model.sites "Number of sites that gave training data" : count
question watch.in_place "Is somebody watching?" : yes_no {
  ask administrator
  phase after_go_live
  because "What nobody watches grows worse unseen."
}
question alarms.day "How many alarms a day?" : count {
  ask nurse
  phase before_go_live
}
question alarms.owner "Who answers alarms?" : one of nobody, nurse, physician {
  ask nurse
  phase before_go_live
}
question idle.colour "Which colour is the screen?" : text
rule watch.absent "Nobody watches" {
  when watch.in_place = no
  then suspect missed likelihood 0.7
  because "A drop goes on for months."
  basis judgement
}
rule alarms.many "Too many alarms" {
  when alarms.day > 10
  then suspect tired likelihood 0.6
  because "Nobody answers ten alarms a day."
  basis judgement
}
rule alarms.unowned "Nobody answers" {
  when alarms.owner = nobody
   and alarms.day > 2
  then suspect missed likelihood 0.3
  because "An alarm without an owner is noise."
  basis judgement
}
rule sites.one "One site alone" {
  when model.sites < 2
  then suspect missed likelihood 0.2
  because "It never met another hospital."
  basis judgement
}
rule gate "What must be said" {
  then require alarms.owner
  because "Without an owner there is no go-live."
  basis judgement
}
verdict missing "Not enough is known" {
  precedence 9
  when evidence_missing
  because "Somebody must say who answers."
  basis judgement
}
verdict fine "Fine" {
  precedence 0
  because "Nothing stands out."
  basis judgement
}
"#;

fn folder(answers: Option<&str>) -> Folder {
    let folder = Folder::with(&[
        ("pack/wards.etio", PACK.as_bytes()),
        ("deployment.yaml", b"deployment: {id: ward-7}\npack: pack\n"),
    ]);
    answers.inspect(|answers| folder.write("answers.yaml", answers.as_bytes()));
    folder
}

fn ask(folder: &Folder, options: &[&str], answers: &str) -> Run {
    let mut command = etio(&[&["ask", "."], options].concat());
    command.current_dir(folder.path());
    run_with(command, answers.as_bytes())
}

fn answers(folder: &Folder) -> String {
    std::fs::read_to_string(folder.path().join("answers.yaml")).unwrap()
}

/// The names of the questions in the order in which they were put.
fn put(run: &Run) -> Vec<String> {
    let shown = run.stdout.lines().filter(|line| line.starts_with(" ? "));
    shown.map(|line| line.split("  ").last().unwrap().to_owned()).collect()
}

#[test]
fn the_largest_swing_comes_first_and_what_cannot_matter_never() {
    let folder = folder(None);
    let all = ask(&folder, &["--on", "2026-05-31", "--by", "nurse"], "\n\n\n\n\n\n");
    assert_eq!(put(&all), ["watch.in_place", "alarms.day", "model.sites", "alarms.owner"]);
    assert!(all.stdout.contains("needed for a verdict"));
    assert!(!folder.path().join("answers.yaml").exists(), "what is left for later is not written");
    // With twelve alarms a day the owner matters, and comes before what matters less.
    let after = ask(&folder, &["--on", "2026-05-31", "--by", "nurse"], "no\n12\n\n\n\n");
    assert_eq!(put(&after), ["watch.in_place", "alarms.day", "alarms.owner", "model.sites"]);
    assert_eq!(
        answers(&folder),
        "# Answers to the questions of the pack wards. What is not known is left out, which is not a no.\n\
         watch.in_place: {value: no, by: \"nurse\", on: 2026-05-31}\n\
         alarms.day: {value: 12, by: \"nurse\", on: 2026-05-31}\n"
    );
}

#[test]
fn it_is_taken_up_where_it_was_left() {
    let folder = folder(Some("# by hand\nmodel.sites: 3   # asked the vendor\n"));
    ask(&folder, &["--on", "2026-05-31", "--by", "nurse"], "yes\nunknown\n");
    let kept = answers(&folder);
    assert!(kept.starts_with("# by hand\nmodel.sites: 3   # asked the vendor\n"), "{kept}");
    let again = ask(&folder, &["--on", "2026-06-01", "--by", "nurse"], "quit\n");
    assert_eq!(put(&again), ["alarms.owner"], "answered ones, and those that nobody knows, do not come again");
    let unknown_too = ask(&folder, &["--again", "--by", "nurse"], "\n\n\n");
    assert_eq!(put(&unknown_too), ["alarms.day", "alarms.owner"]);
    let named = ask(&folder, &["watch.in_place", "--on", "2026-06-01", "--by", "ML"], "no\n");
    assert!(named.stdout.contains("so far: yes"), "{}", named.stdout);
    assert_eq!(
        answers(&folder),
        kept.replace(
            "watch.in_place: {value: yes, by: \"nurse\", on: 2026-05-31}",
            "watch.in_place: {value: no, by: \"ML\", on: 2026-06-01}",
        )
    );
}

#[test]
fn what_it_says_of_an_answer_is_what_an_assessment_says() {
    let folder = folder(None);
    let asked = ask(&folder, &["--on", "2026-05-31", "--by", "nurse"], "no\n12\nnobody\n1\n");
    let told = asked.stdout.lines().find(|line| line.contains("Total risk") && line.contains("answered")).unwrap();
    let assessed = folder.run(&["assess", ".", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&assessed).unwrap();
    let risks = json["risks"].as_array().unwrap();
    let total: f64 = risks.iter().map(|risk| risk["risk"]["estimate"].as_f64().unwrap()).sum();
    assert!(told.ends_with(&format!("→ {total:.1}.")), "{told} against {total}");
    assert!(asked.stdout.contains("The verdict changes from Not enough is known to Fine"));
    let fact = json["facts"].as_array().unwrap().iter().find(|fact| fact["id"] == "watch.in_place").unwrap();
    assert_eq!((&fact["origin"]["by"], &fact["origin"]["on"]), (&"nurse".into(), &"2026-05-31".into()));
}

#[test]
fn a_dialogue_reads_well() {
    let folder = folder(None);
    let script = "nurse\nwhy\n?\nperhaps\nno\nback\nyes\n-3\nunknown\nno\nnobdy\nnurs\nback\nwhy\n\n";
    let shown = ask(&folder, &["--on", "2026-05-31"], script).stdout;
    snapshot("ask-dialogue", &shown);
}

#[test]
fn only_some_can_be_asked() {
    let folder = folder(None);
    let nurse = ask(&folder, &["--role", "nurse", "--by", "nurse"], "\n\n\n");
    assert_eq!(put(&nurse), ["alarms.day", "alarms.owner"]);
    let later = ask(&folder, &["--phase", "after_go_live", "--by", "nurse"], "\n\n\n");
    assert_eq!(put(&later), ["watch.in_place"]);
    for (options, said) in [
        (vec!["--role", "nurs"], "did you mean `nurse`?"),
        (vec!["--phase", "never"], "write `after_go_live` or `before_go_live`"),
        (vec!["alarm.day"], "did you mean `alarms.day`?"),
        (vec!["auroc.local"], "is measured from the pilot's tables"),
        (vec!["--on", "yesterday"], "write a date such as 2026-05-31"),
    ] {
        let refused = ask(&folder, &options, "no\n");
        assert_eq!(refused.status, 2, "{options:?}");
        assert!(refused.stderr.contains(said), "{options:?}: {}", refused.stderr);
    }
    assert!(!folder.path().join("answers.yaml").exists());
}

#[test]
fn a_list_for_paper_has_the_same_order() {
    let folder = folder(None);
    let list = folder.run(&["ask", ".", "--list", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&list).unwrap();
    let schema = Schema::parse(include_str!("../../docs/questions.schema.json"));
    assert_eq!(schema.faults_of(&json), Vec::<String>::new());
    let names: Vec<&str> =
        json["questions"].as_array().unwrap().iter().map(|question| question["id"].as_str().unwrap()).collect();
    assert_eq!(names, put(&ask(&folder, &["--by", "nurse"], "\n\n\n\n\n")));
    snapshot("ask-list", &folder.run(&["ask", ".", "--list"]).stdout);
}

#[test]
fn a_file_that_a_line_cannot_be_put_into_stays_as_it_is() {
    let written = "{model.sites: 3}\n";
    let folder = folder(Some(written));
    let refused = ask(&folder, &["--by", "nurse"], "no\n");
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("cannot be put into `./answers.yaml`"), "{}", refused.stderr);
    assert_eq!(answers(&folder), written);
}

#[test]
fn a_date_that_is_none_is_refused() {
    let folder = folder(Some("watch.in_place: {value: yes, on: yesterday}\n"));
    let refused = ask(&folder, &["--by", "nurse"], "no\n");
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("`yesterday` is not a date"), "{}", refused.stderr);
}

/// Lines of a file of answers as people write them.
fn line() -> impl Strategy<Value = String> {
    let name = "[a-c]\\.[a-c]";
    let value = prop_oneof![
        Just("yes".to_owned()),
        Just("0.1   # by phone".to_owned()),
        Just("'10%'".to_owned()),
        Just("{value: no, by: \"x, y\"}".to_owned()),
        Just("[a, b]".to_owned()),
        Just("".to_owned()),
        Just("\n  value: 3\n  note: \"a: b\"".to_owned()),
    ];
    prop_oneof![
        3 => (name, value).prop_map(|(name, value)| format!("{name}: {value}\n")),
        1 => Just("\n".to_owned()),
        1 => "# [a-z ]{0,12}\n",
        1 => name.prop_map(|name| format!("# {name}: yes_no\n")),
    ]
}

proptest! {
    /// Whatever stands in the file, an answer goes in whole and every other line stays, or nothing changes at all.
    #[test]
    fn an_answer_goes_in_and_every_other_line_stays(
        lines in prop::collection::vec(line(), 0..8),
        question in "[a-c]\\.[a-c]",
    ) {
        let text: String = lines.concat();
        let entry = Entry { question: question.clone(), value: "maybe".into(), by: None, on: None };
        match Sheet::new("answers.yaml", text.clone()).with(&entry) {
            Ok(sheet) => {
                let after = sheet.text();
                let start = format!("{question}:");
                let written = after.lines().filter(|line| line.starts_with(&start) && line.contains("maybe"));
                prop_assert_eq!(written.count(), 1);
                let own = |line: &str| line.starts_with(&start);
                let mut rest = after.lines().filter(|line| !own(line));
                for line in lines.iter().filter(|line| !own(line)).flat_map(|line| line.lines()) {
                    prop_assert!(rest.any(|kept| kept == line), "{:?} was lost from {:?}: {:?}", line, text, after);
                }
            }
            Err(error) => prop_assert!(matches!(error, SheetError::NotYaml | SheetError::NotInLines), "{}", error),
        }
    }
}
