//! What the README and docs/fleet.md show is what the program prints.

use super::program::run;

/// Runs every console block that starts with `$ etio` and holds each of its lines, in order, against the
/// real output; a line `…` stands for lines left out.
#[test]
fn console_blocks_show_real_output() {
    for page in ["README.md", "docs/fleet.md"] {
        let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        assert!(blocks_shown(&text) >= 2, "{page} shows an assessment and an explanation");
    }
}

/// Holds the blocks of a page against the output, and returns how many there are.
fn blocks_shown(page: &str) -> usize {
    let mut shown = 0;
    for block in page.split("```console\n$ etio ").skip(1) {
        let block = block.split("```").next().unwrap();
        let (command, lines) = block.split_once('\n').unwrap();
        if lines.lines().any(|line| line.starts_with('$')) || lines.trim().is_empty() {
            continue;
        }
        let words: Vec<&str> = command.split_whitespace().collect();
        let output = run(&words).stdout;
        let mut rest = output.as_str();
        for line in lines.lines().filter(|line| !line.trim().is_empty() && line.trim() != "…") {
            let found = rest.find(line).unwrap_or_else(|| panic!("`etio {command}` does not print, in order: {line}"));
            rest = &rest[found + line.len()..];
        }
        shown += 1;
    }
    shown
}
