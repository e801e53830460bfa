//! Interviews and surveys: what is counted, what is refused, what must not stand there at all.

use crate::json_contract::Schema;
use crate::program::{Folder, Run, run, snapshot};
use serde_json::{Value as Json, json};

const INTERVIEWS_SCHEMA: &str = include_str!("../../docs/interviews.schema.json");
const SURVEY_SCHEMA: &str = include_str!("../../docs/survey.schema.json");

const INTERVIEWS: &str = "themes: {being_asked: Whether anybody was asked}
interviews:
  - interview: i2
    role: nurse
    phase: after_go_live
    date: 2026-03-03
    segments:
      - {paraphrase: Alarms are switched off, codes: [alert_fatigue, alert_volume]}
      - {phase: procurement, paraphrase: Nobody was asked, codes: [being_asked]}
  - interview: i1
    role: clinician
    phase: after_go_live
    date: 2026-03-01
    segments:
      - {paraphrase: Alarms are late and many, codes: [alert_fatigue, late_prediction]}
      - {paraphrase: Alarms are many, codes: [alert_fatigue, alert_volume]}
";

const SURVEY: &str = "survey: trust
scale: {from: 0, from_means: never, to: 4, to_means: always}
questions:
  - {question: rely, text: I rely on it}
  - {question: doubt, text: I doubt it, reversed: true}
answers:
  - {respondent: r1, pre: {rely: 1, doubt: 3}, post: {rely: 3, doubt: 1}}
  - {respondent: r2, pre: {rely: 2, doubt: 2}, post: {rely: 2}}
  - {respondent: r3, pre: {rely: 0, doubt: 4}, post: {rely: 4, doubt: 0}}
  - {respondent: r4, pre: {rely: 3, doubt: 1}}
";

fn stats(files: &[(&str, &str)], options: &[&str]) -> Run {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    Folder::with(&files).run(&[&["interviews", "stats", "."], options].concat())
}

fn counted(files: &[(&str, &str)]) -> Json {
    let run = stats(files, &["--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// Fails unless `text` with one change is refused with these words.
#[track_caller]
fn refused(text: &str, right: &str, wrong: &str, said: &str) {
    assert!(text.contains(right), "{right}");
    let run = stats(&[("file.yaml", &text.replacen(right, wrong, 1))], &[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{wrong}: {}", run.stdout);
    let words = |text: &str| text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(words(&run.stderr).contains(said), "{wrong}: {}", run.stderr);
}

#[test]
fn codes_are_counted_by_interview_and_role() {
    let found = counted(&[("i.yaml", INTERVIEWS)]);
    assert_eq!((&found["interviews"], &found["segments"]), (&json!(2), &json!(4)));
    assert_eq!(found["segments_by_phase"], json!({"procurement": 1, "after_go_live": 3}));
    let code = |name: &str| found["codes"].as_array().unwrap().iter().find(|code| code["code"] == name).unwrap();
    let fatigue = code("alert_fatigue");
    assert_eq!(
        (&fatigue["segments"], &fatigue["interviews"]["n"], &fatigue["kind"]),
        (&json!(3), &json!(2), &json!("mode"))
    );
    // Wilson's interval of 2 of 2 begins at 1 / (1 + z² / 2).
    let low = fatigue["interviews"]["low"].as_f64().unwrap();
    assert!((low - 1.0 / (1.0 + 1.959_963_984_540_054_f64.powi(2) / 2.0)).abs() < 1e-12);
    let asked = code("being_asked");
    assert_eq!((&asked["kind"], &asked["title"]), (&json!("theme"), &json!("Whether anybody was asked")));
    assert_eq!((&asked["by_role"]["nurse"]["n"], &asked["by_role"]["clinician"]["n"]), (&json!(1), &json!(0)));
    // On one segment: fatigue and volume twice of three with either.
    let first = &found["together"][0];
    assert_eq!(first["codes"], json!(["alert_fatigue", "alert_volume"]));
    assert_eq!(first["jaccard"].as_f64().unwrap(), 2.0 / 3.0);
}

/// Interviews that bring so many new codes each, all of the days of one month.
fn bringing(new: &[usize]) -> String {
    let mut text = String::from("themes:\n");
    for code in 0..new.iter().sum::<usize>().max(1) {
        text += &format!("  t{code}: Theme {code}\n");
    }
    text += "interviews:\n";
    let mut next = 0;
    for (place, new) in new.iter().enumerate() {
        let codes: Vec<String> = (0..next + new).map(|code| format!("t{code}")).collect();
        next += new;
        text += &format!(
            "  - interview: i{place}\n    role: nurse\n    phase: after_go_live\n    date: 2026-03-{:02}\n    segments: \
             [{{paraphrase: Something, codes: [{}]}}]\n",
            place + 1,
            codes.join(", ")
        );
    }
    text
}

#[test]
fn saturation_follows_the_days_and_its_rule() {
    let found = counted(&[("i.yaml", INTERVIEWS)]);
    assert_eq!(found["saturation"]["steps"][0]["interview"], "i1");
    assert_eq!(found["saturation"]["steps"][1]["new"], json!(["being_asked"]));
    assert!(found["saturation"]["undecided"].as_str().unwrap().contains("needs 6 interviews, and there are 2"));
    let reached = |new: &[usize]| counted(&[("i.yaml", &bringing(new))])["saturation"]["reached_with"].clone();
    // 20 codes in the base: one new code in two interviews is 5 %, two are 10 %.
    assert_eq!(reached(&[5, 5, 5, 5, 1, 0]), json!(6));
    assert_eq!(reached(&[5, 5, 5, 5, 1, 1]), Json::Null);
    assert_eq!(reached(&[5, 5, 5, 5, 2, 1, 0]), json!(7));
    let nothing = counted(&[("i.yaml", &bringing(&[0, 0, 0, 0, 0, 0]))]);
    assert!(nothing["saturation"]["undecided"].as_str().unwrap().contains("no code"), "{nothing}");
}

#[test]
fn a_survey_is_counted_by_hand() {
    let found = &counted(&[("s.yaml", SURVEY)])["surveys"][0];
    let [rely, doubt] = found["questions"].as_array().unwrap().as_slice() else { panic!("two questions: {found}") };
    assert_eq!(rely["pre"], json!({"n": 4, "missing": 0, "median": 1.5, "counts": [1, 1, 1, 1, 0]}));
    assert_eq!(rely["post"], json!({"n": 3, "missing": 0, "median": 3.0, "counts": [0, 0, 1, 1, 1]}));
    assert_eq!(doubt["post"], json!({"n": 2, "missing": 1, "median": 0.5, "counts": [1, 1, 0, 0, 0]}));
    let change = &rely["change"];
    assert_eq!((&change["up"], &change["same"], &change["down"]), (&json!(2), &json!(1), &json!(0)));
    assert_eq!((&change["mean"]["value"], &change["mean"]["n"]), (&json!(2.0), &json!(3)));
    // Ranks 1 and 2, both up: (3 − 1.5) / √(2 · 3 · 5 / 24).
    let p = change["p"].as_f64().unwrap();
    assert!((p - 0.179_712_494_879_689_2).abs() < 1e-12, "{p}");
    assert!((change["p_holm"].as_f64().unwrap() - 2.0 * p).abs() < 1e-12);
    // Turned, r1 goes from 1 to 3 and r3 from 0 to 4; r2 left one answer out.
    assert_eq!(found["mean_of_all"]["change"]["mean"]["value"], 3.0);
    assert_eq!(found["mean_of_all"]["pre"]["median"], 1.5);
    // Turned, both questions have the same answers before: they ask for one thing.
    assert_eq!(found["cronbachs_alpha"]["pre"]["value"], 1.0);
    let once: String = SURVEY
        .lines()
        .map(|line| line.split(", post").next().unwrap())
        .map(|line| {
            let open = line.matches('{').count() - line.matches('}').count();
            format!("{line}{}\n", "}".repeat(open))
        })
        .collect();
    let once = &counted(&[("s.yaml", &once)])["surveys"][0];
    assert_eq!((&once["questions"][0]["post"], &once["questions"][0]["change"]), (&Json::Null, &Json::Null));
}

#[test]
fn neither_respondents_nor_files_have_an_order() {
    let (head, rows) = SURVEY.split_once("answers:\n").unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    let turned = format!("{head}answers:\n{}\n", rows.join("\n"));
    let whole = counted(&[("a.yaml", SURVEY), ("b.yaml", INTERVIEWS)]);
    assert_eq!(counted(&[("a.yaml", INTERVIEWS), ("b.yaml", &turned)]), whole);
}

#[test]
fn what_is_wrong_with_an_interview_is_refused_with_its_repair() {
    for (right, wrong, said) in [
        ("alert_volume", "alert_volum", "did you mean `alert_volume`?"),
        ("[being_asked]", "[being_askd]", "did you mean `being_asked`?"),
        ("[being_asked]", "[weather]", "say what it means under `themes`"),
        ("role: nurse", "role: surgeon", "`role` cannot be `surgeon`"),
        ("date: 2026-03-03", "date: March", "`date` cannot be `March`"),
        ("phase: procurement", "phase: later", "`phase` cannot be `later`"),
        ("interview: i2", "interview: i1", "there are two of the interview `i1`"),
        ("codes: [being_asked]", "coeds: [being_asked]", "did you mean `codes`?"),
        ("    role: nurse\n", "", "needs the key `role`"),
    ] {
        refused(INTERVIEWS, right, wrong, said);
    }
}

#[test]
fn what_is_wrong_with_a_survey_is_refused_with_its_repair() {
    for (right, wrong, said) in [
        ("rely: 1", "rely: 5", "the scale has the whole numbers from 0 (never) to 4 (always)"),
        ("rely: 1", "rely: 1.5", "an answer cannot be `1.5`"),
        ("rely: 1", "rely: often", "an answer must be a number of the scale, and is text"),
        ("pre: {rely: 1", "pre: {relyy: 1", "did you mean `rely`?"),
        ("respondent: r2", "respondent: r1", "there are two of the respondent `r1`"),
        (
            "questions:\n  - {question: rely, text: I rely on it}\n  - {question: doubt, text: I doubt it, reversed: true}",
            "questions: []",
            "a survey needs a question",
        ),
        ("question: doubt", "question: rely", "there are two of the question `rely`"),
        ("to: 4,", "to: 0,", "a scale cannot go from 0 to 0"),
        ("from_means: never, ", "", "needs the key `from_means`"),
        ("r4, pre: {rely: 3, doubt: 1}", "r4", "the respondent `r4` answered nothing"),
    ] {
        refused(SURVEY, right, wrong, said);
    }
}

#[test]
fn nothing_to_count_is_said_and_not_shown_as_an_empty_answer() {
    let nothing = stats(&[("i.yaml", "interviews: []\n")], &[]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (2, ""));
    assert!(nothing.stderr.contains("X005"), "{}", nothing.stderr);
    let empty = stats(&[("notes.txt", "nothing here")], &[]);
    assert!(empty.status == 2 && empty.stderr.contains("no `.yaml` file"), "{}", empty.stderr);
}

#[test]
fn what_could_name_a_person_is_refused_wherever_it_stands() {
    for (text, right, wrong, said) in [
        (
            INTERVIEWS,
            "Alarms are many",
            "Ask anna@ward.example about it",
            "D331 (may-name-a-person): this text has an e-mail",
        ),
        (INTERVIEWS, "Alarms are many", "Dr. Berg saw many alarms", "a title with a name: `Dr. Berg`"),
        (INTERVIEWS, "Alarms are many", "Call 020 7946 0958", "a telephone number"),
        (INTERVIEWS, "Alarms are many", "Patient 4711088 was missed", "a long number"),
        (INTERVIEWS, "Alarms are many", "\"She called it „one big noise machine“\"", "somebody's own words"),
        (INTERVIEWS, "interview: i2", "interview: Nurse Berg", "a title with a name"),
        (SURVEY, "respondent: r2", "respondent: berg@ward.example", "an e-mail address"),
        (SURVEY, "I rely on it", "I rely on Dr. Berg", "a title with a name"),
    ] {
        refused(text, right, wrong, said);
    }
    let program = run(&["interviews", "stats", "examples/errors/D331-may-name-a-person"]);
    assert!(program.status == 2 && program.stderr.contains("D331"), "{}", program.stderr);
}

#[test]
fn the_examples_fit_the_published_schemas_and_read_well() {
    for (name, schema) in [("interviews", INTERVIEWS_SCHEMA), ("survey", SURVEY_SCHEMA)] {
        let path = format!("{}/examples/interviews/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with("# SYNTHETIC"), "{name} must say that it is made up");
        let faults = Schema::parse(schema).faults_of(&serde_yaml::from_str(&text).unwrap());
        assert_eq!(faults, Vec::<String>::new(), "{name}");
    }
    let shown = run(&["interviews", "stats", "examples/interviews"]);
    assert!(shown.stdout.lines().all(|line| line.chars().count() <= crate::program::WIDTH));
    snapshot("interviews-stats", &shown.stdout);
    let page = run(&["interviews", "stats", "examples/interviews", "--format", "markdown"]).stdout;
    assert!(page.starts_with("# 10 interviews") && page.contains("| --- |"), "{page}");
}

#[test]
fn the_table_has_the_figures_of_the_json() {
    let found = counted(&[("i.yaml", INTERVIEWS), ("s.yaml", SURVEY)]);
    let table = stats(&[("i.yaml", INTERVIEWS), ("s.yaml", SURVEY)], &["--format", "csv"]).stdout;
    let lines: Vec<csv::StringRecord> =
        csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
    let value = |what: &str, name: &str, when: &str| -> f64 {
        let line = lines.iter().find(|line| &line[0] == what && &line[1] == name && &line[3] == when);
        line.unwrap_or_else(|| panic!("{what} {name}: {table}"))[6].parse().unwrap()
    };
    assert_eq!(json!(value("median", "rely", "pre")), found["surveys"][0]["questions"][0]["pre"]["median"]);
    assert_eq!(json!(value("change_p", "rely", "")), found["surveys"][0]["questions"][0]["change"]["p"]);
    assert_eq!(value("code", "alert_fatigue", ""), 1.0);
    assert_eq!(value("together", "alert_fatigue", ""), 2.0 / 3.0);
}
