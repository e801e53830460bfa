//! The prompt as a script drives it: commands in, a transcript out.

use crate::bad_input::deployment;
use crate::program::{etio, run_with, snapshot};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

/// Runs a script on the small deployment and returns what was answered, both streams in one.
#[track_caller]
fn told(script: &str) -> String {
    let folder = deployment(&[("answers.yaml", b"monitoring.in_place: no\n")]);
    let mut command = etio(&["repl", "."]);
    command.current_dir(folder.path());
    let found = run_with(command, script.as_bytes());
    assert_eq!(found.status, 0, "{}", found.stderr);
    for line in found.stdout.lines().chain(found.stderr.lines()) {
        // A node of a flowchart stands in one line.
        let fits = line.chars().count() <= crate::program::WIDTH || line.starts_with("  n");
        assert!(fits && !line.contains('\u{1b}'), "{line:?}");
    }
    format!("{}[stderr]\n{}", found.stdout, found.stderr)
}

/// Holds each script against its transcript.
#[track_caller]
fn transcript(name: &str, script: &str) {
    let text = format!("{}[answers]\n{}", script, told(script));
    snapshot(&format!("repl-{name}"), &text);
}

const RULE: &str = "\
rule alone \"It acts alone\" {
  when monitoring.in_place = no
  then suspect harm likelihood 0.9
  because \"Nobody is there.\"
  basis judgement
}
";

#[test]
fn questions() {
    transcript("why", "why harm\nwhy all harm\nwhy rule unwatched\n");
    transcript("why-not", "why not model.autonomy\nwhy not care\n");
    transcript("what-if", "what if monitoring.in_place = yes\nwhat if model.autonomy = autonomous\n");
    transcript("flip", "flip harm\nflip unwatched\nflip likelihood(harm) >= 80%\nflip verdict\n");
    transcript("drawn", "formal why unwatched\nformal why not care\nmermaid chain harm\nformal risks\nformal\n");
    transcript("lists", "chain harm\nfacts monitoring\nrisks\nrecommend\nhelp\nquit\nwhy harm\n");
}

#[test]
fn what_is_not_understood_is_said_and_the_prompt_goes_on() {
    transcript("errors", "wyh harm\nwhy\nwhy hram\nwhat if monitoring.in_place\n\nchain monitoring.in_place\nrisks\n");
}

#[test]
fn a_rule_may_run_over_several_lines() {
    transcript("rule", &format!("{RULE}why harm\n"));
    transcript("broken-rule", &format!("{}risks\n", RULE.replace("harm", "hram")));
    let one_line = RULE.replace('\n', " ");
    assert_eq!(told(&format!("{RULE}risks\n")), told(&format!("{one_line}\nrisks\n")));
}

#[test]
fn a_script_that_ends_inside_a_rule_is_told_so() {
    transcript("unfinished-rule", "rule alone \"It acts alone\" {\n  when monitoring.in_place = no\n");
}

#[test]
fn only_rules_are_taken() {
    let mode = "rule x \"X\" { when monitoring.in_place = no then suspect harm likelihood 0.1 because \"b\" basis \
                judgement } question q \"Q\" : yes_no\n";
    assert!(told(mode).contains("X008"), "{}", told(mode));
}

#[test]
fn reload_reads_the_answers_again() {
    let folder = deployment(&[("answers.yaml", b"monitoring.in_place: no\n")]);
    let mut command = etio(&["repl", "."]);
    command.current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let (mut typed, mut told) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut until = |mark: &str| loop {
        let mut line = String::new();
        assert!(told.read_line(&mut line).unwrap() > 0, "it ended before `{mark}`");
        if line.contains(mark) {
            break line;
        }
    };
    writeln!(typed, "facts monitoring.in_place").unwrap();
    assert!(until("answers.yaml").contains("no"));
    folder.write("answers.yaml", b"# changed\nmonitoring.in_place: yes\n");
    writeln!(typed, "reload\nfacts monitoring.in_place").unwrap();
    assert!(until("answers.yaml").contains("yes"));
    // What cannot be read again changes nothing.
    folder.write("answers.yaml", b"monitoring.in_place: maybe\n");
    writeln!(typed, "reload\nfacts monitoring.in_place\nquit").unwrap();
    assert!(until("answers.yaml").contains("yes"));
    drop(typed);
    assert!(child.wait().unwrap().success());
}
