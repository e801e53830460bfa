//! Every code has a page whose example raises it and whose repair does not, and a program.

use crate::language::read_one;
use etiology::diagnostic::{Code, Severity};
use etiology::syntax::SyntaxError;

/// The codes that the language raises.
fn language_codes() -> impl Iterator<Item = Code> {
    let raised = Code::ALL.iter().copied().filter(|code| !Code::RETIRED.contains(code));
    raised.filter(|code| code.as_str().starts_with(['S', 'M']))
}

/// Returns the text of the `etio` blocks under a heading of a page.
fn blocks(page: &str, heading: &str) -> Vec<String> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap_or_default();
    let parts = section.split("```etio\n").skip(1);
    parts.filter_map(|part| part.split("```").next()).map(str::to_owned).collect()
}

/// Says what is wrong with an example, if it does not raise exactly `code`.
fn check_example(code: Code, what: &str, text: &str, wrong: &mut String) {
    let outcome = read_one(text);
    if outcome.codes() != [code] {
        wrong.push_str(&format!("{what} of {code} raises {:?}:\n{}", outcome.codes(), outcome.shown()));
    }
}

/// Says what is wrong with a repair, if it is not sound.
fn check_repair(code: Code, text: &str, wrong: &mut String) {
    let outcome = read_one(text);
    if !outcome.diagnostics.is_empty() || outcome.base.is_none() {
        wrong.push_str(&format!("the repair of {code} raises something:\n{}", outcome.shown()));
    }
}

#[test]
fn every_page_shows_what_it_says() {
    let mut wrong = String::new();
    for code in language_codes() {
        let page = code.page();
        assert!(page.starts_with(&format!("# {code} {}\n", code.name())), "{code} is headed otherwise");
        for heading in ["What it means", "Why it matters", "Example", "The repair", "See also"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{code} has no section `{heading}`");
        }
        let examples = blocks(page, "Example");
        // No page can quote what is not text.
        assert_eq!(examples.is_empty(), code == Code::S001, "{code} has no example");
        for example in examples {
            check_example(code, "the example", &example, &mut wrong);
        }
        let repairs = blocks(page, "The repair");
        assert!(!repairs.is_empty(), "{code} has no repair");
        for repair in repairs {
            check_repair(code, &repair, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the programs lie on the disk")]
fn every_code_has_a_program_that_raises_it() {
    let mut wrong = String::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/errors");
    for code in language_codes() {
        let folder = folder.join(format!("{code}-{}", code.name()));
        let bytes = if folder.join("hospital").exists() {
            let pack = |name: &str| {
                let file = format!("{name}/pack.etio");
                format!("// {file}\n{}", std::fs::read_to_string(folder.join(&file)).unwrap())
            };
            format!("{}{}", pack("hospital"), pack("base")).into_bytes()
        } else {
            let file = folder.join("pack.etio");
            std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        };
        match String::from_utf8(bytes) {
            Ok(text) => check_example(code, "the program", &text, &mut wrong),
            Err(error) => {
                let diagnostic = SyntaxError::not_utf8("pack.etio", error.utf8_error().valid_up_to());
                assert_eq!(diagnostic.code, code);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_retired_code_keeps_its_page() {
    for code in Code::RETIRED {
        assert!(code.page().starts_with(&format!("# {code} {}\n\nRetired: ", code.name())), "{}", code.page());
    }
}

#[test]
fn codes_and_names_are_unique() {
    let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    names.sort_unstable();
    let n_names = names.len();
    names.dedup();
    assert_eq!(names.len(), n_names);
    assert!(language_codes().any(|code| code.severity() == Severity::Warning));
}

/// The tone that cedar's guide asks for.
#[test]
fn messages_are_one_sentence_in_lower_case() {
    for code in language_codes() {
        for example in blocks(code.page(), "Example") {
            for diagnostic in read_one(&example).diagnostics {
                let message = &diagnostic.message;
                assert!(!message.ends_with('.'), "{code}: {message}");
                assert!(!message.starts_with(char::is_uppercase), "{code}: {message}");
                assert!(code == Code::M100 || !diagnostic.labels.is_empty(), "{code} points at nothing");
                assert!(code == Code::S007 || diagnostic.help.is_some(), "{code} offers no repair");
            }
        }
    }
}
