//! docs/risk.md: every line of arithmetic on it holds, and is what the program finds.

use etiology::cli::load::Disk;
use etiology::facts::{Fact, FactStore, Interval};
use etiology::model::{GivenKind, KnowledgeBase};
use etiology::risk::{Assessment, ContributionKind, Options, Propagation, World, assess_with};
use etiology::session::Session;

use crate::small_packs::knowledge_of_files;

const PAGE: &str = include_str!("../../docs/risk.md");

/// Sums, products and brackets, by descent; `·` and `−` as printed.
struct Arithmetic<'a> {
    words: std::iter::Peekable<std::vec::IntoIter<&'a str>>,
}

impl<'a> Arithmetic<'a> {
    fn value_of(text: &'a str) -> f64 {
        let spaced: Vec<&str> = text.split(' ').flat_map(split_brackets).collect();
        let mut arithmetic = Arithmetic { words: spaced.into_iter().peekable() };
        let value = arithmetic.sum();
        assert!(arithmetic.words.next().is_none(), "cannot be read: {text}");
        value
    }

    fn sum(&mut self) -> f64 {
        let mut value = self.product();
        loop {
            match self.words.peek() {
                Some(&"+") => value += self.next_product(),
                Some(&"−") => value -= self.next_product(),
                _ => return value,
            }
        }
    }

    fn next_product(&mut self) -> f64 {
        self.words.next();
        self.product()
    }

    fn product(&mut self) -> f64 {
        let mut value = self.atom();
        while self.words.next_if_eq(&"·").is_some() {
            value *= self.atom();
        }
        value
    }

    fn atom(&mut self) -> f64 {
        match self.words.next() {
            Some("(") => {
                let value = self.sum();
                assert_eq!(self.words.next(), Some(")"));
                value
            }
            word => word.and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("no number: {word:?}")),
        }
    }
}

/// Returns a word with the brackets before and after it as words of their own.
fn split_brackets(word: &str) -> Vec<&str> {
    let inner = word.trim_start_matches('(');
    let number = inner.trim_end_matches(')');
    let (before, after) = (word.len() - inner.len(), inner.len() - number.len());
    std::iter::repeat_n("(", before).chain([number]).chain(std::iter::repeat_n(")", after)).collect()
}

/// Returns the facts of the pack's test, if it has one.
fn facts(knowledge: &KnowledgeBase) -> FactStore {
    let mut facts = FactStore::new(knowledge, []);
    for given in knowledge.tests.iter().flat_map(|test| &test.given) {
        let GivenKind::Fact { input, value, within, noise: None, .. } = &given.kind else {
            panic!("the page speaks of inputs only")
        };
        let interval = within.map(|(low, high)| Interval { low, high, level: 0.95, method: "as given".into() });
        facts.set(*input, &[], Fact { interval, ..Fact::supposed(value.clone()) });
    }
    facts
}

/// Returns the figure that a line's label names, such as `exact low likelihood of harm with remedy`.
fn figure(knowledge: &KnowledgeBase, local: &Assessment, exact: &Assessment, label: &str) -> f64 {
    let (assessment, label) = label.strip_prefix("exact ").map_or((local, label), |label| (exact, label));
    let (world, label) = match label.split_once(' ') {
        Some(("low", label)) => (World::Low, label),
        Some(("high", label)) => (World::High, label),
        _ => (World::Estimate, label),
    };
    let recommended = |name: &str| {
        let mitigation = knowledge.mitigations.find(name).unwrap();
        assessment.recommendations.iter().find(|found| found.mitigation == mitigation)
    };
    if label == "total" {
        return assessment.total.in_world(world);
    }
    if let Some(mitigation) = label.strip_prefix("removed by ") {
        return recommended(mitigation).map_or(0.0, |found| found.risk_removed.in_world(world));
    }
    let (what, node) = label.split_once(" of ").unwrap();
    let (node, mitigation) = node.split_once(" with ").map_or((node, None), |(node, by)| (node, Some(by)));
    let node = knowledge.nodes.find(node).unwrap_or_else(|| panic!("{label}"));
    let likelihood = assessment.likelihood(node).unwrap();
    let mode = || assessment.risk(node).unwrap();
    match (what, mitigation) {
        ("own", None) => {
            let left = |wanted: fn(&ContributionKind) -> bool| -> f64 {
                let parts = likelihood.contributions.iter();
                let parts = parts.filter(|part| wanted(&part.kind) && *part.counted.get(world));
                parts.map(|part| 1.0 - part.value.get(world)).product()
            };
            (1.0 - left(|kind| matches!(kind, ContributionKind::Rule { .. })))
                * left(|kind| matches!(kind, ContributionKind::Exoneration { .. }))
        }
        ("likelihood", None) => likelihood.likelihood.in_world(world),
        ("severity", None) => mode().severity.in_world(world),
        ("detectability", None) => mode().detectability.in_world(world),
        ("risk", None) => mode().risk.in_world(world),
        ("likelihood", Some(mitigation)) => {
            let by_mode = &recommended(mitigation).unwrap().by_mode;
            let removed = by_mode.iter().find(|found| found.mode == node).unwrap().risk_removed.in_world(world);
            let ratings = mode().severity.in_world(world) * mode().detectability.in_world(world);
            (mode().risk.in_world(world) - removed) / ratings
        }
        _ => panic!("{label} is no figure"),
    }
}

#[test]
fn every_line_of_arithmetic_is_what_the_program_finds() {
    let mut lines = 0;
    let packs = PAGE.split("```etio\n").skip(1);
    for part in packs {
        let (pack, rest) = part.split_once("```").unwrap();
        let knowledge = knowledge_of_files(&[pack.to_owned()]);
        let facts = facts(&knowledge);
        let [local, exact] = [Propagation::Local, Propagation::Exact]
            .map(|propagation| assess_with(&knowledge, &facts, Options { propagation, swings: false }).unwrap());
        for block in rest.split("```text\n").skip(1) {
            for line in block.split("```").next().unwrap().lines().map(str::trim).filter(|line| !line.is_empty()) {
                let parts: Vec<&str> = line.split(" = ").collect();
                let [label, arithmetic, result] = parts.as_slice() else { panic!("two equal signs: {line}") };
                let shown: f64 = result.parse().unwrap();
                let digits = result.split_once('.').map_or(0, |(_, digits)| digits.len());
                let half_a_digit = 0.5 * 0.1_f64.powi(i32::try_from(digits).unwrap()) + 1e-9;
                assert!((Arithmetic::value_of(arithmetic) - shown).abs() <= 2.0 * half_a_digit, "{line}");
                let found = figure(&knowledge, &local, &exact, label);
                assert!((found - shown).abs() <= half_a_digit, "{line}, and the program finds {found}");
                lines += 1;
            }
        }
    }
    assert!(lines > 30, "{lines} lines are left");
}

#[test]
fn the_example_has_the_bands_and_the_priority_that_the_page_tells() {
    let pack = PAGE.split("```etio\n").nth(1).unwrap().split("```").next().unwrap();
    let knowledge = knowledge_of_files(&[pack.to_owned()]);
    let options = Options { propagation: Propagation::Local, swings: false };
    let assessment = assess_with(&knowledge, &facts(&knowledge), options).unwrap();
    let told = assessment.risks.iter().map(|risk| {
        let band = risk.band.estimate.map(|band| knowledge.bands[band].title.as_str());
        (knowledge.nodes[risk.mode].id.as_str(), band, risk.priority.is_some())
    });
    let expected = [("missed_cases", Some("High"), true), ("miscalibration", Some("High"), false)];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn on_the_examples_causes_in_common_matter_as_little_as_the_page_says() {
    for name in
        ["breast-cytology-control", "breast-cytology-drift", "covid-testing-later-weeks", "lung-nodules-second-release"]
    {
        let folder = format!("examples/{name}");
        let open = |propagation| Session::open_with(&folder, None, propagation, &Disk).unwrap().assessment;
        let [local, exact] = [Propagation::Local, Propagation::Exact].map(open);
        for (local, exact) in local.likelihoods.iter().zip(&exact.likelihoods) {
            for world in World::ALL {
                let apart = local.likelihood.in_world(world) - exact.likelihood.in_world(world);
                assert!((-1e-12..0.04).contains(&apart), "{name}: {apart} {local:?}");
            }
        }
    }
}
