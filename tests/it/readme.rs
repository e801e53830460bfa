//! What the pages show is what the program prints.

use super::program::run;

/// Pages with console blocks, and how many of them at the least are shown with their output.
const PAGES: &[(&str, usize)] = &[
    ("README.md", 2),
    ("docs/cases.md", 1),
    ("docs/checklist.md", 3),
    ("docs/clusters.md", 3),
    ("docs/evaluation.md", 1),
    ("docs/explanations.md", 8),
    ("docs/fit.md", 1),
    ("docs/fleet.md", 2),
    ("docs/interviews.md", 2),
    ("docs/plan.md", 3),
    ("docs/questionnaire.md", 1),
    ("docs/tables.md", 1),
];

/// Runs every console block that starts with `$ etio` and holds each of its lines, in order, against the
/// real output; a line `…` stands for lines left out.
#[test]
fn console_blocks_show_real_output() {
    for &(page, least) in PAGES {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = std::fs::read_to_string(path).unwrap();
        let mut shown = 0;
        for block in text.split("```console\n$ etio ").skip(1) {
            let block = block.split("```").next().unwrap();
            let (command, lines) = block.split_once('\n').unwrap();
            if lines.lines().any(|line| line.starts_with('$')) || lines.trim().is_empty() {
                continue;
            }
            let words = words(command);
            let output = run(&words.iter().map(String::as_str).collect::<Vec<_>>()).stdout;
            let mut rest = output.as_str();
            for line in lines.lines().filter(|line| !line.trim().is_empty() && line.trim() != "…") {
                let found = rest
                    .find(line)
                    .unwrap_or_else(|| panic!("{page}: `etio {command}` does not print, in order: {line}"));
                rest = &rest[found + line.len()..];
            }
            shown += 1;
        }
        assert!(shown >= least, "{page} shows {shown} runs with their output");
    }
}

/// Splits a command at blanks, but for those between quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in command.split('"').enumerate() {
        if place % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}
