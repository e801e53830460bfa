//! `etio metrics --guess`: roles proposed from names and content, and written only where asked for.

use crate::program::{Folder, snapshot};

/// A table as scikit-learn and pandas leave it: an index without a name, booleans, a float label, `NaN`.
fn table() -> String {
    let mut text =
        "Unnamed: 0,patient_id,split,y_true,y_pred,proba_0,proba_1,seed_0,seed_1,seed_2,sex,age,grade\n".to_owned();
    for row in 0..60 {
        let score = f64::from(row % 37) / 37.0;
        let age = if row == 7 { "NaN".to_owned() } else { (20 + row).to_string() };
        text.push_str(&format!(
            "{row},P{row:03},test,{}.0,{},{:.3},{score:.3},{score:.2},{score:.2},{score:.2},{},{age},{}\n",
            u8::from(row % 3 == 0),
            if score > 0.5 { "True" } else { "False" },
            1.0 - score,
            if row % 2 == 0 { "F" } else { "M" },
            ["low", "high"][row as usize % 2],
        ));
    }
    text
}

const MANIFEST: &str = "\
deployment: {id: here}   # who we are
tables: {deployment: pilot.csv}
columns:
  # settled with the ward
  label: y_true

threshold: 0.5 # from the maker
";

fn folder(manifest: &str) -> Folder {
    Folder::with(&[("deployment.yaml", manifest.as_bytes()), ("pilot.csv", table().as_bytes())])
}

#[test]
fn roles_are_proposed_with_their_reasons() {
    let run = folder(MANIFEST).run(&["metrics", "--guess", "pilot.csv"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    snapshot("guess-table", &run.stdout);
}

#[test]
fn nothing_is_written_unless_asked_and_nothing_that_is_there_changes() {
    let folder = folder(MANIFEST);
    let read = || std::fs::read_to_string(folder.path().join("deployment.yaml")).unwrap();
    assert_eq!(folder.run(&["metrics", "--guess", "."]).status, 0);
    assert_eq!(read(), MANIFEST);
    assert_eq!(folder.run(&["metrics", "--guess", "--write", "."]).status, 0);
    let lines: Vec<String> = read().lines().map(str::to_owned).collect();
    let added: Vec<&String> = lines.iter().filter(|line| !MANIFEST.lines().any(|old| old == line.as_str())).collect();
    assert!(added.iter().any(|line| line.as_str() == "  score: proba_1"), "{added:?}");
    assert!(MANIFEST.lines().all(|old| lines.iter().any(|line| line == old)), "{lines:?}");
    let run = folder.run(&["metrics", ".", "--format", "json"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    // A second time there is nothing left to add.
    let written = read();
    assert_eq!(folder.run(&["metrics", "--guess", "--write", "."]).status, 0);
    assert_eq!(read(), written);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "nothing half-written is left behind");
}

#[test]
fn a_manifest_on_one_line_is_left_to_its_author() {
    let manifest =
        MANIFEST.replace("columns:\n  # settled with the ward\n  label: y_true\n", "columns: {label: y_true}\n");
    let folder = folder(&manifest);
    let run = folder.run(&["metrics", "--guess", "--write", "."]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("X006") && run.stdout.contains("score: proba_1"), "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(folder.path().join("deployment.yaml")).unwrap(), manifest);
    assert_eq!(folder.run(&["metrics", "--guess", "--write", "pilot.csv"]).status, 2);
}

#[test]
fn classes_are_told_from_models() {
    let mut text = "label,p_low,p_mid,p_high,site\n".to_owned();
    for row in 0..30 {
        let label = ["low", "mid", "high"][row % 3];
        text.push_str(&format!("{label},0.{}1,0.2,0.{}3,north\n", row % 7, row % 5));
    }
    let folder = Folder::with(&[("t.csv", text.as_bytes())]);
    let run = folder.run(&["metrics", "--guess", "t.csv"]);
    assert!(run.stdout.contains("scores: [p_low, p_mid, p_high]"), "{}", run.stdout);
    assert!(run.stdout.contains("label: label") && !run.stdout.contains("groups:"), "{}", run.stdout);
}

#[test]
fn models_and_times_are_told_from_features() {
    let mut text = "y,score,model_a,model_b,month,birth_date,seen_at,bmi\n".to_owned();
    for row in 0..60u32 {
        let score = f64::from(row % 37) / 37.0;
        let day = row % 28 + 1;
        text.push_str(&format!(
            "{},{score:.3},{score:.2},{score:.1},2026-{:02},19{}0-01-{day:02},2026-01-{day:02}T{:02}:{:02},{}\n",
            row % 2,
            row % 3 + 1,
            row % 8 + 1,
            row % 24,
            row % 60,
            row + 20
        ));
    }
    let folder = Folder::with(&[("t.csv", text.as_bytes())]);
    let run = folder.run(&["metrics", "--guess", "t.csv"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("  members: [model_a, model_b]\n"), "{}", run.stdout);
    assert!(run.stdout.contains("  period: month\n"), "{}", run.stdout);
    assert!(run.stdout.contains("  numeric: [bmi]\n"), "{}", run.stdout);
    assert!(run.stdout.contains("another in each row"), "{}", run.stdout);
}

#[test]
fn what_the_manifest_keeps_from_being_added_is_not_printed_as_if_it_were() {
    let folder = folder(&MANIFEST.replace("  label: y_true\n", "  label: y_true\n  score: y_pred\n  numeric: [age]\n"));
    let run = folder.run(&["metrics", "--guess", "."]);
    let line = run.stdout.lines().find(|line| line.trim_start().starts_with("proba_1 ")).unwrap();
    assert!(line.ends_with("not written, since the manifest has `score` already"), "{line}");
    let block = run.stdout.split_once("once you agree").unwrap().1;
    assert!(!block.contains("proba_1") && block.contains("members:"), "{block}");
}

/// What comes of arrays: `predict_proba` beside a column of raw outputs, and an array of one column.
#[test]
fn the_second_side_of_a_probability_is_the_score() {
    let guess = |header: &str, cells: &dyn Fn(f64) -> String| {
        let rows = (0..30).map(|row| format!("{},{}\n", row % 2, cells(f64::from(row) / 29.0)));
        let text = format!("{header}\n{}", rows.collect::<String>());
        Folder::with(&[("t.csv", text.as_bytes())]).run(&["metrics", "--guess", "t.csv"]).stdout
    };
    let both = |score: f64| format!("{:.2},{score:.2},{}", 1.0 - score, score * 9.0 - 4.0);
    let found = guess("y_test,clf_0,clf_1,logits", &both);
    assert!(found.contains("score: clf_1") && found.contains("it is 1 less `clf_1`"), "{found}");
    let found = guess("labels,x_0,x_1", &|score| format!("{:.2},{:.2}", 1.0 - score, score * 0.9));
    assert!(!found.contains("score:") && found.contains("numeric: [x_0, x_1]"), "{found}");
    let found = guess("y_true_0,logits_0", &|score| (score * 9.0 - 4.0).to_string());
    assert!(found.contains("label: y_true_0") && found.contains("score: logits_0"), "{found}");
    assert!(found.contains("say so by `scores: raw`"), "{found}");
}
