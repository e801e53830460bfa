//! The pages about the language say what is so: their examples make a pack that is checked, tested and assessed,
//! what they show as refused is refused with the code they name, and the tests they call upon are there.

use std::path::Path;

use etiology::diagnostic::{Code, Severity};
use etiology::session::run_tests;
use etiology::source::SourceMap;
use etiology::syntax::parse;

use crate::language::{Outcome, read};
use crate::program::Folder;

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Returns the blocks of a page whose fence goes on with one of the words, each with the rest of its fence.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<(&'p str, &'p str)> {
    let fences = page.split("\n```").enumerate().filter(|(place, _)| place % 2 == 1).map(|(_, block)| block);
    let named = fences.filter_map(|block| block.split_once('\n'));
    named.filter_map(|(fence, text)| Some((fence.strip_prefix(language)?.trim(), text))).collect()
}

/// The sound examples of a page, read as one pack, with `more`.
fn pack_of(page: &str, more: &[&str]) -> Outcome {
    let sound = blocks(page, "etio").into_iter().filter(|(refused, _)| refused.is_empty()).map(|(_, text)| text);
    let texts: Vec<(String, &str)> =
        sound.chain(more.iter().copied()).enumerate().map(|(place, text)| (format!("{place:02}.etio"), text)).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    read(&files)
}

#[test]
fn the_examples_of_the_reference_make_a_pack_without_a_warning_whose_tests_pass() {
    let outcome = pack_of(&page("docs/language.md"), &[]);
    assert!(outcome.diagnostics.is_empty(), "{}", outcome.shown());
    let knowledge = outcome.base.unwrap();
    for result in run_tests(&knowledge, &outcome.sources) {
        assert!(result.failures.is_empty(), "{}: {:?}", result.name, result.failures);
    }
    assert!(!knowledge.tests.is_empty());
}

#[test]
fn what_the_reference_shows_as_refused_is_refused() {
    let page = page("docs/language.md");
    let refused = blocks(&page, "etio refused");
    assert!(refused.len() >= 8);
    for (code, text) in refused {
        let outcome = pack_of(&page, &[text]);
        let wanted: Code = code.parse().unwrap();
        let errors: Vec<Code> = outcome.codes().into_iter().filter(|code| code.severity() == Severity::Error).collect();
        assert_eq!(errors, [wanted], "{text}\n{}", outcome.shown());
    }
}

#[test]
fn the_manifests_of_the_reference_are_read_as_they_stand() {
    let page = page("docs/language.md");
    let mut manifest =
        "deployment: {id: here}\npack: pack\ninputs:\n  alerts.per_day: 40\n  feed.delay: {lab: 3 hours}\n".to_owned();
    let yaml = blocks(&page, "yaml");
    let (answers, manifests): (Vec<_>, Vec<_>) = yaml.iter().partition(|(_, text)| text.starts_with("# answers.yaml"));
    manifest.extend(manifests.iter().map(|(_, text)| format!("{text}\n")));
    let answers: String = answers.iter().map(|(_, text)| format!("{text}\n")).collect();
    let folder = Folder::with(&[("deployment.yaml", manifest.as_bytes()), ("answers.yaml", answers.as_bytes())]);
    for (place, (refused, text)) in blocks(&page, "etio").iter().enumerate() {
        if refused.is_empty() {
            folder.write(&format!("pack/{place:02}.etio"), text.as_bytes());
        }
    }
    let why = folder.run(&["why", "lineage.slow", "."]);
    assert_eq!((why.status, why.stderr.as_str()), (0, ""));
    assert!(why.stdout.contains("for lab: A slow system lies upstream of the alarms"), "{}", why.stdout);
    // The reason of a link is told where the link is.
    let chain = folder.run(&["chain", "missed_sepsis", "."]);
    assert!(chain.stdout.contains("because: A true alarm among forty false ones"), "{}", chain.stdout);
}

#[test]
fn the_tests_that_the_guarantees_name_are_there() {
    let page = page("docs/language.md");
    let guarantees = page.split("\n## Guarantees\n").nth(1).unwrap();
    let names: Vec<(&str, &str)> = guarantees.split('`').filter_map(|name| name.split_once("::")).collect();
    assert!(names.len() >= 15);
    for (module, test) in names {
        let file = std::fs::read_to_string(format!("{}/tests/it/{module}.rs", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(file.contains(&format!("fn {test}(")), "there is no test {module}::{test}");
    }
}
#[test]
fn the_examples_of_the_grammar_are_spelt_well() {
    let page = page("grammar/GRAMMAR.md");
    let examples = blocks(&page, "etio");
    assert!(examples.len() >= 7);
    for (_, text) in examples {
        let mut sources = SourceMap::default();
        let id = sources.add("example.etio", text);
        let (_, diagnostics) = parse(id, text);
        assert!(diagnostics.is_empty(), "{text}\n{diagnostics:#?}");
    }
}
