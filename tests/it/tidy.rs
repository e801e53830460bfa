//! The rules of the house, kept as tests.

use etiology::diagnostic::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The rooms and what each may import, as the table in `lib.md` says.
fn import_table() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("src/lib.md")).unwrap();
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in text.lines().filter(|line| line.starts_with("| ") && !line.contains("---")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [room, _, may] = cells.as_slice() else { panic!("a row of three cells: {row}") };
        let before: BTreeSet<String> = table.keys().cloned().collect();
        let mut allowed: BTreeSet<String> =
            may.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if may.contains("all of the above") {
            allowed.extend(before);
        }
        table.insert((*room).to_owned(), allowed);
    }
    table.remove("room");
    table
}

#[test]
fn rooms_import_only_what_the_table_in_lib_md_names() {
    let table = import_table();
    let source = root().join("src");
    for file in files(&source, "rs") {
        let relative = file.strip_prefix(&source).unwrap();
        let room = relative.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let allowed = table.get(&room).unwrap_or_else(|| panic!("`{room}` has no row in lib.md"));
        let text = std::fs::read_to_string(&file).unwrap();
        // What only the unit tests of a file import is no dependency of the room.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                assert!(
                    name.is_empty() || name == room || allowed.contains(&name),
                    "{}:{}: `{room}` imports `{name}`, which its row in lib.md does not name",
                    relative.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn syntax_is_seen_by_from_syntax_alone() {
    for file in files(&root().join("src/model"), "rs") {
        let text = std::fs::read_to_string(&file).unwrap();
        let inside = file.components().any(|part| part.as_os_str() == "from_syntax" || part.as_os_str() == "check");
        assert!(inside || !text.contains("crate::syntax"), "{} looks at syntax", file.display());
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in files(&root().join("src"), "rs") {
        let text = std::fs::read_to_string(&file).unwrap();
        let first = text.lines().next().unwrap_or("");
        assert!(
            first.starts_with("//!") || first.starts_with("#![doc") || first.starts_with("#![expect"),
            "{} does not begin with what it is for",
            file.display()
        );
    }
}

#[test]
fn codes_have_one_name_and_one_page_each() {
    let mut names = BTreeSet::new();
    for code in Code::ALL {
        assert!(names.insert(code.name()), "two codes are named {}", code.name());
        let page = code.page();
        let title = format!("# {} {}", code.as_str(), code.name());
        assert_eq!(page.lines().next(), Some(title.as_str()), "the page of {code} has another title");
        if Code::RETIRED.contains(code) {
            continue;
        }
        for section in ["## What it means", "## Why it matters", "## Example", "## The repair", "## See also"] {
            assert!(page.contains(section), "the page of {code} has no section `{section}`");
        }
    }
    let pages = files(&root().join("src/diagnostic/pages"), "md");
    assert_eq!(pages.len(), Code::ALL.len(), "a page without a code, or a code without a page");
}

#[test]
fn nothing_unfinished_or_foreign_is_left_in_the_code() {
    // Written in pieces, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimplemented", "!(")];
    for folder in ["src", "tests/it", "benches"] {
        for file in files(&root().join(folder), "rs") {
            let text = std::fs::read_to_string(&file).unwrap();
            for mark in marks {
                assert!(!text.contains(mark), "{} has a {mark}", file.display());
            }
        }
    }
}

#[test]
fn the_readme_names_only_files_that_exist() {
    for page in ["README.md", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split(')').next().unwrap().split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                assert!(root().join(target).exists(), "{page} links to {target}, which is not there");
            }
        }
    }
}
