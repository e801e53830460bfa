//! The command line on real examples: what every command prints, and what holds for all of them.
//!
//! `INSTA_UPDATE=always cargo test --test it cli::` takes over a change of wording.

use crate::program::{Folder, Run, WIDTH, etio, run, run_with, snapshot};
use serde_json::Value as Json;
use std::collections::BTreeSet;

const DRIFT: &str = "examples/breast-cytology-drift";
const COVID: &str = "examples/covid-testing-later-weeks";

const LUNG: &str = "examples/lung-nodules-second-release";

/// Holds a run against its snapshot: command, both streams, status.
#[track_caller]
fn shows(name: &str, arguments: &[&str]) {
    let found = run(arguments);
    holds_for_any(&found);
    let typed: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
    let mut text = format!("$ etio {}\n{}", typed.join(" "), found.stdout);
    if !found.stderr.is_empty() {
        text.push_str(&format!("[stderr]\n{}", found.stderr));
    }
    text.push_str(&format!("[status {}]\n", found.status));
    snapshot(name, &text);
}

fn quoted(word: &str) -> String {
    if word.contains(' ') { format!("'{word}'") } else { word.to_owned() }
}

/// What holds for every run without a terminal.
#[track_caller]
fn holds_for_any(found: &Run) {
    for line in found.stdout.lines().chain(found.stderr.lines()) {
        // A command is typed in one line, however long it is.
        let fits = line.chars().count() <= WIDTH || line.starts_with("  etio ");
        assert!(fits, "{} columns: {line}", line.chars().count());
        assert!(!line.contains('\u{1b}'), "an escape code without a terminal: {line:?}");
    }
    if found.status == 2 {
        assert_eq!(found.stdout, "", "a run that failed wrote an answer");
        assert!(!found.stderr.is_empty(), "a run that failed said nothing");
    } else {
        assert!(found.stdout.ends_with('\n') && !found.stdout.starts_with('\n'));
    }
}

macro_rules! shown {
    ($($name:ident: $($word:expr),+;)*) => {
        $(#[test] fn $name() { shows(&format!("cli-{}", stringify!($name).replace('_', "-")), &[$($word),+]); })*
    };
}

shown! {
    assess_drift: "assess", DRIFT;
    assess_covid: "assess", COVID;
    metrics_drift: "metrics", DRIFT;
    metrics_definitions: "metrics", "--definitions";
    why_mode: "why", "distribution_shift", DRIFT;
    why_mode_by_groups: "why", "demographic_disparity", COVID;
    why_all: "why", "--all", "miscalibration", DRIFT;
    why_verdict: "why", "verdict", DRIFT;
    why_rule: "why", "shift.many_inputs", DRIFT;
    why_mitigation: "why", "local_recalibration", DRIFT;
    why_input: "why", "calibration.ece", DRIFT;
    why_not_rule: "why-not", "calibration.ece_high", DRIFT;
    why_not_mode: "why-not", "automation_bias", DRIFT;
    what_if: "what-if", "monitoring.in_place = no, calibration.ece = 0.2", DRIFT;
    chain: "chain", "distribution_shift", DRIFT;
    flip_rule: "flip", "calibration.recalibrate", LUNG;
    flip_condition: "flip", "risk(label_quality) < 12", LUNG;
    flip_nothing: "flip", "risk(label_quality) < 100", LUNG;
    flip_factor: "flip", "proxy_label", LUNG;
    flip_input: "flip", "model.autonomy", LUNG;
    flip_unfinished: "flip", "risk(label_quality) <", LUNG;
    flip_unknown_verdict: "flip", "verdict = redy", LUNG;
    why_formal: "why", "calibration.recalibrate", "--formal", LUNG;
    why_not_formal: "why-not", "fairness.missed_sick", "--formal", LUNG;
    chain_formal: "chain", "label_quality", "--formal", LUNG;
    facts_matching: "facts", "--matching", "calibration", DRIFT;
    risks: "risks", DRIFT;
    recommend: "recommend", DRIFT;
    check: "check";
    check_overrides: "check", "examples/packs/st_anna";
    why_overridden: "why", "alert_fatigue", DRIFT, "--pack", "examples/packs/st_anna";
    test: "test";
    explain: "explain", "M210";
    help: "--help";
    help_assess: "assess", "--help";
    unknown_target: "why", "distribution_shif", DRIFT;
    unknown_input: "what-if", "calibration.ec = 0.2", DRIFT;
    unknown_code: "explain", "M21O";
    no_folder: "assess", "examples/nowhere";
    plain: "--plain", "assess", "examples/nowhere";
}

#[track_caller]
fn json(arguments: &[&str]) -> Json {
    let found = run(arguments);
    assert!(found.stderr.is_empty(), "{}", found.stderr);
    serde_json::from_str(&found.stdout).unwrap()
}

#[test]
fn assess_as_json() {
    let whole = json(&["assess", "--format", "json", DRIFT]);
    let parts = serde_json::json!({
        "verdict": whole["verdict"],
        "risks": whole["risks"].as_array().unwrap()[..2],
        "recommendations": whole["recommendations"].as_array().unwrap()[..1],
    });
    snapshot("cli-assess-json", &format!("{parts:#}"));
}

#[test]
fn every_command_that_answers_gives_json_too() {
    for arguments in [
        &["metrics"][..],
        &["why", "distribution_shift"],
        &["why-not", "automation_bias"],
        &["what-if", "monitoring.in_place = no"],
        &["chain", "distribution_shift"],
        &["facts"],
        &["risks"],
        &["recommend"],
    ] {
        let answer = json(&[arguments, &["--format", "json", DRIFT]].concat());
        assert!(answer.is_object() || answer.is_array(), "{arguments:?}");
    }
    for arguments in [&["test"][..], &["metrics", "--definitions"]] {
        assert!(json(&[arguments, &["--format", "json"]].concat()).is_object());
    }
}

#[test]
fn two_threads_and_one_give_the_same_bytes() {
    for arguments in [&["assess", "--format", "json", COVID][..], &["metrics", DRIFT], &["assess", DRIFT]] {
        let of = |threads: &str| {
            let mut command = etio(arguments);
            command.env("RAYON_NUM_THREADS", threads);
            run_with(command, b"").stdout
        };
        assert!(of("1") == of("2"), "{arguments:?} depends on the number of threads");
    }
}

#[test]
fn colour_is_used_when_asked_for_and_never_otherwise() {
    let coloured = run(&["--color", "always", "why", "distribution_shift", DRIFT]);
    let plain = run(&["--color", "never", "why", "distribution_shift", DRIFT]);
    assert!(coloured.stdout.contains("\u{1b}["));
    for (coloured, plain) in without_codes(&coloured.stdout).lines().zip(plain.stdout.lines()) {
        assert_eq!(coloured, plain);
    }
    let refused = run(&["--color", "always", "assess", "examples/nowhere"]);
    assert!(refused.stderr.contains("\u{1b}["));
    // A request on the command line outranks the environment.
    let mut command = etio(&["--color", "always", "risks", DRIFT]);
    command.env("NO_COLOR", "1");
    assert!(run_with(command, b"").stdout.contains("\u{1b}["));
}

fn without_codes(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once('m').unwrap().1)
}

#[test]
fn the_picture_is_svg_with_a_title_and_a_description() {
    for arguments in [
        &["graph"][..],
        &["graph", "--focus", "distribution_shift", "--mitigations"],
        &["graph", "--focus", "miscalibration", "--depth", "1"],
    ] {
        let drawn = run(arguments);
        let svg = drawn.stdout;
        assert_eq!(drawn.status, 0);
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
        assert!(svg.contains("xmlns=\"http://www.w3.org/2000/svg\"") && svg.contains("viewBox="));
        assert!(svg.contains("<title") && svg.contains("<desc"));
        assert!(svg.contains("role=\"img\"") || svg.contains("aria-"));
        for place in ["NaN", "inf,", "inf ", "inf\""] {
            let marked = format!("=\"{place}");
            assert!(!svg.contains(&marked) && !svg.contains(&format!(" {place}")), "a place that is {place}");
        }
        well_formed(&svg);
        assert!(run(arguments).stdout == svg, "drawn otherwise the second time");
    }
}

/// Panics unless tags nest, attributes are quoted and text is escaped.
#[track_caller]
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for (place, part) in xml.split('<').enumerate() {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        if place > 0 {
            let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
            assert!(tag.matches('"').count() % 2 == 0, "an open quote in <{tag}>");
            match (tag.starts_with('/'), tag.ends_with('/')) {
                (true, _) => assert_eq!(open.pop(), Some(name), "</{name}> closes something else"),
                (false, false) if !tag.starts_with(['?', '!']) => open.push(name),
                _ => {}
            }
        }
        for entity in part.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;", "apos;", "#"];
            assert!(known.iter().any(|known| entity.starts_with(known)), "a bare & before {entity:.20}");
        }
        assert!(!text.contains('>'), "a bare > in {text}");
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

#[test]
fn the_graph_goes_to_graphviz() {
    let drawn = run(&["graph", "--format", "dot", "--focus", "distribution_shift", "--depth", "1"]);
    assert_eq!((drawn.status, drawn.stderr.as_str()), (0, ""));
    snapshot("cli-graph-dot", &drawn.stdout);
}

/// A flowchart is a head, then nodes, arrows between nodes that were named before, and classes that are declared.
#[track_caller]
fn is_flowchart(text: &str) {
    let mut lines = text.lines();
    assert!(matches!(lines.next(), Some("flowchart BT" | "flowchart LR")));
    let (mut nodes, mut used, mut declared) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for line in lines {
        let line = line.strip_prefix("  ").unwrap_or_else(|| panic!("not indented: {line}"));
        if let Some(class) = line.strip_prefix("classDef ") {
            declared.insert(class.split(' ').next().unwrap());
        } else if let Some((from, to)) = line.split_once(" -->").or_else(|| line.split_once(" -.->")) {
            let to = to.rsplit(' ').next().unwrap();
            assert!(nodes.contains(from) && nodes.contains(to), "an arrow from or to nowhere: {line}");
        } else {
            let (node, class) = line.rsplit_once(":::").unwrap_or_else(|| panic!("neither node nor arrow: {line}"));
            let name = node.split(['[', '{', '(']).next().unwrap();
            assert!(name.starts_with('n') && name[1..].parse::<usize>().is_ok() && nodes.insert(name), "{line}");
            // One pair of quotes, and nothing in it that could be markup but the breaks of lines.
            let label = node.split('"').collect::<Vec<_>>();
            assert_eq!(label.len(), 3, "{line}");
            let bare = label[1].replace("<br/>", "");
            assert!(!bare.contains(['<', '>', '`', '[', ']', '{', '}', '|', '\\', '&']), "{line}");
            assert!(
                matches!((&node[name.len()..], label[2]), (open, close)
                if (open.starts_with("[\"") && close == "]") || (open.starts_with("([\"") && close == "])")
                    || (open.starts_with("{{\"") && close == "}}")),
                "{line}"
            );
            used.insert(class);
        }
    }
    assert!(used.is_subset(&declared) && nodes.len() > 1, "{used:?} {declared:?}");
}

#[test]
fn reasons_and_the_graph_go_to_mermaid() {
    let asked: [&[&str]; 6] = [
        &["why", "miscalibration", LUNG, "--format", "mermaid"],
        &["why", "--all", "distribution_shift", DRIFT, "--format", "mermaid"],
        &["why-not", "automation_bias", COVID, "--format", "mermaid"],
        &["chain", "distribution_shift", DRIFT, "--format", "mermaid"],
        &["graph", "--format", "mermaid", "--mitigations"],
        &["graph", "--format", "mermaid", "--focus", "distribution_shift", "--depth", "1"],
    ];
    for arguments in asked {
        let drawn = run(arguments);
        assert_eq!((drawn.status, drawn.stderr.as_str()), (0, ""), "{arguments:?}");
        is_flowchart(&drawn.stdout);
    }
    snapshot("cli-why-mermaid", &run(&["why", "use.grave", LUNG, "--format", "mermaid"]).stdout);
}

#[test]
fn answers_as_json_name_their_shape() {
    let shape = |arguments: &[&str]| json(arguments)["format"].as_str().unwrap().to_owned();
    assert_eq!(shape(&["why", "use.grave", LUNG, "--format", "json"]), "etiology.answer/1");
    assert_eq!(shape(&["why-not", "use.grave", LUNG, "--format", "json"]), "etiology.answer/1");
    assert_eq!(shape(&["chain", "miscalibration", LUNG, "--format", "json"]), "etiology.answer/1");
    assert_eq!(shape(&["flip", "use.grave", LUNG, "--format", "json"]), "etiology.flip/1");
    assert_eq!(shape(&["what-if", "use.harm_if_missed = 3", LUNG, "--format", "json"]), "etiology.what_if/1");
    let flip = json(&["flip", "use.grave", LUNG, "--format", "json"]);
    snapshot("cli-flip-json", &format!("{flip:#}"));
}

#[test]
fn a_picture_goes_to_a_new_file_only() {
    let folder = Folder::with(&[]);
    let arguments = ["graph", "--focus", "miscalibration", "--output", "picture.svg"];
    let first = folder.run(&arguments);
    assert_eq!((first.status, first.stdout.as_str()), (0, ""));
    let drawn = std::fs::read_to_string(folder.path().join("picture.svg")).unwrap();
    assert_eq!(drawn, run(&["graph", "--focus", "miscalibration"]).stdout);
    let second = folder.run(&arguments);
    assert_eq!(second.status, 2, "{}", second.stderr);
}

#[test]
fn init_makes_a_folder_that_can_be_assessed_at_once() {
    let folder = Folder::with(&[]);
    let made = folder.run(&["init", "ward-7"]);
    holds_for_any(&made);
    let assessed = folder.run(&["assess", "ward-7"]);
    holds_for_any(&assessed);
    assert!([0, 3].contains(&assessed.status) && assessed.stderr.is_empty(), "{}", assessed.stderr);
    snapshot("cli-init", &format!("$ etio init ward-7\n{}$ etio assess ward-7\n{}", made.stdout, assessed.stdout));
    // Every question can be answered by taking its # away: what stands there is a key of the pack.
    let answers = std::fs::read_to_string(folder.path().join("ward-7/answers.yaml")).unwrap();
    let questions = answers.lines().filter(|line| line.starts_with("# ") && line.contains('.') && line.contains(": "));
    assert!(questions.count() > 20);
    let again = folder.run(&["init", "ward-7"]);
    assert_eq!(again.status, 2);
    holds_for_any(&again);
}
