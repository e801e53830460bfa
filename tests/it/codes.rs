//! Every code of data, inference and command line is raised by running the program.

use crate::bad_input::codes;
use crate::program::{Folder, Run, etio, run, run_with};
use etiology::diagnostic::Code;

/// Codes that a text file cannot raise, and the test that does.
const BINARY: [(Code, &str); 2] = [
    (Code::D114, "bad_tables::parquet_of_another_type"),
    (Code::D404, "fleet_files::what_cannot_be_meant_is_refused_with_one_diagnostic"),
];

#[test]
fn every_code_of_data_has_a_folder_that_raises_it() {
    let mut wrong = String::new();
    for code in Code::ALL.iter().filter(|code| code.as_str().starts_with(['D', 'I', 'R'])) {
        if BINARY.iter().any(|(binary, _)| binary == code) {
            continue;
        }
        let folder = format!("examples/errors/{code}-{}", code.name());
        let has = |file: &str| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder).join(file).exists();
        let table = format!("{folder}/fleet.csv");
        let (command, status) = match () {
            () if has("fleet.csv") => (vec!["fleet", "assess", &table], 2),
            () if has("interviews.yaml") => (vec!["interviews", "stats", &folder], 2),
            () if *code == Code::R001 => (vec!["assess", "--exact", &folder], 2),
            () if has("deployment.yaml") => (vec!["assess", &folder], 2),
            () => (vec!["check", &folder], 1),
        };
        let found = run(&command);
        if codes(&found.stderr) != [code.as_str()] || found.status != status {
            wrong.push_str(&format!("{folder} ends with {}:\n{}", found.status, found.stderr));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_code_of_the_command_line_is_raised() {
    let example = "examples/breast-cytology-drift";
    let folder = Folder::with(&[("deployment.yaml", b"deployment: {id: here}\n")]);
    let at_prompt = |script: &str| -> Run { run_with(etio(&["repl", example]), script.as_bytes()) };
    let declaration = "rule x \"X\" { when monitoring.in_place = no then flag info \"x\" because \"b\" basis judgement } \
                       question q \"Q\" : yes_no\n";
    let raised = [
        (Code::X001, run(&["assess", "examples/nowhere"])),
        (Code::X002, run(&["why", "nobody.knows", example])),
        (Code::X004, run(&["what-if", "monitoring.in_place", example])),
        (Code::X005, folder.run(&["metrics", "."])),
        (Code::X006, run(&["init", example])),
        (Code::X007, at_prompt("why\n")),
        (Code::X008, at_prompt(declaration)),
    ];
    for (code, found) in &raised {
        assert_eq!(codes(&found.stderr), [code.as_str()], "{}", found.stderr);
    }
    let all: Vec<Code> = Code::ALL.iter().copied().filter(|code| code.as_str().starts_with('X')).collect();
    assert_eq!(raised.map(|(code, _)| code).to_vec(), all, "a code that nothing here raises");
}

/// The page of I001 shows rules without their pack; with six modes its example is too wide, and its repair
/// is not.
#[test]
fn the_page_of_too_many_instances_shows_what_it_says() {
    let pack = include_str!("../../examples/errors/I001-too-many-instances/pack.etio");
    let (head, _) = pack.split_once("rule ").unwrap();
    let blocks: Vec<&str> =
        Code::I001.page().split("```etio\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    for (rule, expected) in blocks.iter().zip([&["I001"][..], &[]]) {
        let folder = Folder::with(&[("deployment.yaml", b"deployment: {id: here}\npack: pack.etio\n")]);
        folder.write("pack.etio", format!("{head}{rule}").as_bytes());
        let found = folder.run(&["assess", "."]);
        assert_eq!(codes(&found.stderr), expected, "{}", found.stderr);
    }
}
