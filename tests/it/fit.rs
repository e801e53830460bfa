//! What the coded cases say of the figures of a pack.

use crate::program::run;
use crate::small_packs::knowledge_of_files;
use etiology::corpus::fit::{Estimate, FigureOf, Fit, Silence, causal_power, fit, share_shown};
use etiology::corpus::{Case, built_in_texts, read_case, read_corpus};
use etiology::model::{Basis, KnowledgeBase, Tally};
use etiology::source::SourceMap;
use proptest::prelude::*;

const PACK: &str = r#"
pack small "Small" { version 1.0.0 language 1 }
category some "Some"
mode shift "Other patients" { category some dimension data severity 5 detectability 5 base_rate 8%
  causes noise strength 0.3 causes quiet strength 0.2 }
mode noise "Wrong risks" { category some dimension model severity 5 detectability 5 base_rate 2% }
mode other "Something else" { category some dimension model severity 5 detectability 5 base_rate 10% }
mode quiet "Nobody wrote of it" { category some dimension model severity 5 detectability 5 base_rate 3% }
factor site "Another hospital" { causes shift strength 0.5 causes noise strength 0.1 }
factor rare "Seldom named" { causes noise strength 0.4 }
factor uncoded "Never named" { causes shift strength 0.6 }
factor read "Read in a study" { causes noise strength 0.7 basis published }
// end
"#;

/// Returns a case with modes, each with its factors and whether they are confirmed.
fn case(number: usize, modes: &[(&str, &[(&str, bool)])]) -> Case {
    let (case, problems) = read_case("case.yaml", &text_of(number, modes), &mut SourceMap::default());
    case.unwrap_or_else(|| panic!("{problems:?}"))
}

fn text_of(number: usize, modes: &[(&str, &[(&str, bool)])]) -> String {
    use std::fmt::Write as _;
    let mut text = format!("case: case-{number}\ntitle: T\ndomain: clinical_decision_support\nyear: 2026\n");
    text += "evidence: audit\nmodes:\n";
    for (mode, factors) in modes {
        let words = |confirmed: &bool| if *confirmed { "confirmed" } else { "suspected" };
        let factors: Vec<String> = factors.iter().map(|(name, sure)| format!("{name}: {}", words(sure))).collect();
        let _ = writeln!(text, "  - mode: {mode}\n    factors: {{{}}}", factors.join(", "));
    }
    text + "sources:\n  - {cite: An audit, doi: \"10.1000/182\", read: full_text}\nconfidence: high\n"
}

/// Twelve cases of another hospital, of which six have wrong risks too; four of wrong risks alone, twenty of something else
/// and four of another field.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for number in 0..12 {
        let site: &[(&str, bool)] = &[("site", number < 7)];
        let modes = [("shift", site), ("noise", &[])];
        cases.push(case(number, if number < 6 { &modes } else { &modes[..1] }));
    }
    for number in 12..40 {
        let rare: &[(&str, bool)] = if number < 14 { &[("rare", true)] } else { &[] };
        let mode = if number < 16 {
            "noise"
        } else if number < 36 {
            "other"
        } else {
            "elsewhere"
        };
        cases.push(case(number, &[(mode, rare)]));
    }
    cases
}

fn strength(found: &Fit, knowledge: &KnowledgeBase, cause: &str, effect: &str) -> (f64, Result<Estimate, Silence>) {
    let id = |name| knowledge.nodes.find(name).unwrap();
    let of = FigureOf::Strength { cause: id(cause), effect: id(effect) };
    figure(found, of)
}

fn base_rate(found: &Fit, knowledge: &KnowledgeBase, mode: &str) -> (f64, Result<Estimate, Silence>) {
    figure(found, FigureOf::BaseRate(knowledge.nodes.find(mode).unwrap()))
}

fn figure(found: &Fit, of: FigureOf) -> (f64, Result<Estimate, Silence>) {
    let figure = found.figures.iter().find(|figure| figure.of == of).unwrap();
    (figure.value(), figure.estimate)
}

#[track_caller]
fn near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-12, "{left} is not {right}");
}

#[test]
fn a_figure_of_each_kind_is_what_hand_arithmetic_gives() {
    let knowledge = knowledge_of_files(&[PACK.to_owned()]);
    let found = fit(&cases(), &knowledge);
    // Of forty cases four speak of another field.
    assert_eq!(found.cases, 36);
    // Seven of the twelve cases that name the site confirm it.
    near(strength(&found, &knowledge, "site", "shift").0, 7.5 / 13.0);
    // Judged 8 %, 2 % and 10 % make 20 %. The cases have 42 modes, 7/6 each, and so have 150 cases more, shared as judged:
    // 12 + 150 · 7/6 · 0.4 = 82 of 217, and 10 + 150 · 7/6 · 0.1 = 27.5.
    near(found.level, 0.2);
    near(base_rate(&found, &knowledge, "shift").0, 0.2 * 82.0 / 217.0);
    near(base_rate(&found, &knowledge, "noise").0, 0.2 * 27.5 / 217.0);
}

#[test]
fn causal_power_compares_cases_with_and_without_the_cause() {
    let knowledge = knowledge_of_files(&[PACK.to_owned()]);
    let mut cases = cases();
    cases.extend((40..70).map(|number| case(number, &[("quiet", &[])])));
    let found = fit(&cases, &knowledge);
    // 6 of 12 with a shift have wrong risks, and 4 of 54 without.
    let (p1, p0) = (6.5 / 13.0, 4.5 / 55.0);
    let (value, estimate) = strength(&found, &knowledge, "shift", "noise");
    near(value, (p1 - p0) / (1.0 - p0));
    let counted = estimate.unwrap().counted;
    assert_eq!((counted.share, counted.against), (Tally { hits: 6, of: 12 }, Some(Tally { hits: 4, of: 54 })));
    assert!(0.0 < counted.interval.0 && counted.interval.0 < value && value < counted.interval.1);
    // The site is named for the shift alone, and compared for what it is not named for.
    near(strength(&found, &knowledge, "site", "noise").0, value);
    // No case has both a shift and the quiet mode, and thirty have the quiet one: rarer, and neither borne out nor refuted.
    let (kept, estimate) = strength(&found, &knowledge, "shift", "quiet");
    assert_eq!(kept, 0.2);
    assert!(matches!(estimate, Err(Silence::NotBorneOut { value, interval, .. }) if value < 0.0 && interval.1 < 0.0));
}

#[test]
fn what_cases_do_not_give_stays_as_it_was_judged() {
    let knowledge = knowledge_of_files(&[PACK.to_owned()]);
    let found = fit(&cases(), &knowledge);
    assert_eq!(strength(&found, &knowledge, "rare", "noise"), (0.4, Err(Silence::FewNamed(2))));
    assert_eq!(strength(&found, &knowledge, "uncoded", "shift"), (0.6, Err(Silence::NotCoded)));
    assert_eq!(strength(&found, &knowledge, "read", "noise"), (0.7, Err(Silence::Published)));
    // That nobody wrote of a mode does not make it rare.
    assert_eq!(base_rate(&found, &knowledge, "quiet"), (0.03, Err(Silence::NotCoded)));
    // Sixteen cases, of which four are without a shift: too few to compare with.
    let few = fit(&cases()[..16], &knowledge);
    let silence = Silence::FewToCompare { with: 12, without: 4 };
    assert_eq!(strength(&few, &knowledge, "shift", "noise"), (0.3, Err(silence)));
    let nothing = fit(&[], &knowledge);
    assert!(nothing.figures.iter().all(|figure| figure.estimate.is_err() && figure.value() == figure.in_pack));
}

#[test]
fn a_fit_to_a_fitted_pack_is_the_same() {
    let knowledge = knowledge_of_files(&[PACK.to_owned()]);
    let found = fit(&cases(), &knowledge);
    let mut fitted = knowledge.clone();
    found.apply(&mut fitted);
    let shift = fitted.nodes.find("shift").unwrap();
    let mut links = fitted.nodes.named("site").unwrap().causes.iter();
    near(links.find(|link| link.effect == shift).unwrap().strength, 7.5 / 13.0);
    let again = fit(&cases(), &fitted);
    for (first, second) in found.figures.iter().zip(&again.figures) {
        assert_eq!((first.of, first.judged, first.estimate), (second.of, second.judged, second.estimate));
    }
    // Without cases the judged figures come back.
    fit(&[], &fitted).apply(&mut fitted);
    for (judged, back) in knowledge.nodes.values().zip(fitted.nodes.values()) {
        assert_eq!(judged.base_rate, back.base_rate);
        let strengths = |node: &etiology::model::Node| node.causes.iter().map(|link| link.strength).collect::<Vec<_>>();
        assert_eq!(strengths(judged), strengths(back));
    }
}

fn shipped_cases() -> Vec<Case> {
    read_corpus(built_in_texts(), &mut SourceMap::default()).0.cases
}

#[test]
fn the_shipped_pack_says_what_the_shipped_cases_say() {
    let knowledge = crate::shipped_pack::shipped();
    let found = fit(&shipped_cases(), &knowledge);
    let differing: Vec<String> = found.differing().map(|figure| figure.of.shown(&knowledge)).collect();
    assert_eq!(differing, Vec::<String>::new());
    // What was not counted is not called so.
    for node in knowledge.nodes.values() {
        for link in &node.causes {
            let basis = link.about.basis.or(node.about.basis);
            assert_eq!(basis == Some(Basis::Counted), link.counted.is_some(), "a link from {}", node.id);
        }
    }
}

#[test]
fn a_pack_that_differs_is_told_of_and_written_without_touching_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let (pack, cases) = (folder.path().join("pack"), folder.path().join("cases"));
    std::fs::create_dir_all(&pack).unwrap();
    std::fs::create_dir_all(&cases).unwrap();
    for number in 0..8 {
        let text = text_of(number, &[("shift", &[("site", number < 5)]), ("noise", &[])]);
        std::fs::write(cases.join(format!("case-{number}.yaml")), text).unwrap();
    }
    let written = |strength: &str, base: &str| {
        PACK.replace("causes shift strength 0.5", &format!("causes shift strength {strength}"))
            .replace("base_rate 8%", &format!("base_rate {base}"))
            .replace("// end", "// what follows\tstays  as it is")
    };
    let file = pack.join("small.etio");
    std::fs::write(&file, written("0.5", "8%")).unwrap();
    let (pack, cases) = (pack.to_str().unwrap(), cases.to_str().unwrap());
    let command = ["cases", "fit", "--pack", pack, "--cases", cases];
    let told = run(&command);
    assert_eq!(told.status, 1, "{}", told.stderr);
    assert!(told.stdout.contains("3 figures of"), "{}", told.stdout);

    let done = run(&[&command[..], &["--write"]].concat());
    assert_eq!(done.status, 0, "{}", done.stderr);
    let text = std::fs::read_to_string(&file).unwrap();
    // 5 of 8: (5 + ½) / 9. Two modes in each of eight cases, and 150 cases more as judged, 8 % to 2 %, of which no case has
    // one mode twice: 8 + 150 of 8 + 150 + 8 + 60.
    assert!(text.contains("strength 0.61 counted 5 of 8 interval 0.29..0.88 judged 0.5"), "{text}");
    assert!(text.contains("base_rate 7.0% counted 8 of 8 interval"), "{text}");
    assert_eq!(as_judged(&text), written("0.5", "8%"));
    // Once written there is nothing left to write.
    let again = run(&command);
    assert_eq!((again.status, again.stdout.contains("What differs")), (0, false), "{}", again.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&run(&[&command[..], &["--format", "json"]].concat()).stdout).unwrap();
    assert_eq!((json["differing"].as_u64(), json["cases"].as_u64()), (Some(0), Some(8)));
}

/// Returns a pack with every counted figure as it was judged.
fn as_judged(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(at) = text.find(" counted ") {
        let before = text[..at].rfind(' ').unwrap() + 1;
        let judged = at + text[at..].find(" judged ").unwrap() + " judged ".len();
        text.replace_range(before..judged, "");
    }
    text
}

#[test]
fn what_cannot_be_fitted_or_written_is_refused() {
    let built_in = run(&["cases", "fit", "--write"]);
    assert_eq!(built_in.status, 2);
    assert!(built_in.stderr.contains("name the folder of the pack with `--pack`"), "{}", built_in.stderr);
    let other_field = run(&["cases", "fit", "--pack", "examples/packs/classroom"]);
    assert_eq!(other_field.status, 2);
    assert!(other_field.stderr.contains("no case has a failure mode of the pack"), "{}", other_field.stderr);
}

/// How much a figure was counted from, with nothing else.
fn counts(found: &Fit) -> Vec<(FigureOf, Option<Tally>, Option<Tally>)> {
    let counted = |estimate: &Result<Estimate, Silence>| estimate.ok().map(|estimate| estimate.counted);
    let of = |figure: &etiology::corpus::fit::FittedFigure| {
        let counted = counted(&figure.estimate);
        (figure.of, counted.map(|counted| counted.share), counted.and_then(|counted| counted.against))
    };
    found.figures.iter().map(of).collect()
}

#[test]
fn leaving_a_case_out_takes_that_case_out_of_the_counts_and_nothing_else() {
    let knowledge = crate::shipped_pack::shipped();
    let cases = shipped_cases();
    let all = counts(&fit(&cases, &knowledge));
    for out in cases.iter().step_by(31) {
        let rest = counts(&fit(cases.iter().filter(|case| case.id.value != out.id.value), &knowledge));
        let has =
            |name: &str| out.factors().contains(&name) || out.modes.iter().any(|coding| coding.mode.value == name);
        for (whole, less) in all.iter().zip(&rest) {
            let (Some(before), Some(after)) = (whole.1, less.1) else { continue };
            let name = |id| knowledge.nodes[id].id.as_str();
            let (of, hits) = match (whole.0, whole.2) {
                (FigureOf::BaseRate(mode), _) => (1, u64::from(has(name(mode)))),
                (FigureOf::Strength { cause, effect }, Some(_)) => {
                    let with = u64::from(has(name(cause)));
                    (with, with * u64::from(has(name(effect))))
                }
                (FigureOf::Strength { cause, effect }, None) => {
                    let mut codings = out.modes.iter().filter(|coding| coding.mode.value == name(effect));
                    let named = codings.find_map(|coding| {
                        coding.factors.iter().find(|(factor, _)| factor.value == name(cause)).map(|(_, sure)| *sure)
                    });
                    (u64::from(named.is_some()), u64::from(named == Some(true)))
                }
            };
            assert_eq!(
                (before.of - after.of, before.hits - after.hits),
                (of, hits),
                "{:?} without {}",
                whole.0,
                out.id.value
            );
        }
    }
}

#[test]
fn the_order_of_cases_does_not_matter() {
    let knowledge = crate::shipped_pack::shipped();
    let cases = shipped_cases();
    let (forward, backward) = (fit(&cases, &knowledge), fit(cases.iter().rev(), &knowledge));
    for (one, other) in forward.figures.iter().zip(&backward.figures) {
        assert_eq!((one.of, one.estimate), (other.of, other.estimate));
    }
}

proptest! {
    #[test]
    fn an_interval_holds_its_figure(of in 1u64..300, share in 0.0f64..=1.0, other_of in 1u64..300, other in 0.0f64..=1.0) {
        let tally = |share: f64, of: u64| Tally { hits: (share * of as f64) as u64, of };
        let (with, without) = (tally(share, of), tally(other, other_of));
        let (value, ends) = share_shown(with).unwrap();
        prop_assert!(0.0 <= ends.low && ends.low < value && value < ends.high && ends.high <= 1.0);
        let (value, ends) = causal_power(with, without).unwrap();
        prop_assert!(ends.low <= value.max(-1.0) && value <= ends.high && ends.low >= -1.0 && ends.high <= 1.0);
    }
}
