//! `etio evaluate`: records of cases, coverage, foresight that never sees what it judges, and what is told of it.

use crate::json_contract::Schema;
use crate::program::run;
use etiology::corpus::{Case, Coding, built_in_texts, read_corpus};
use etiology::evaluation::{Foresight, Measure, Method, coverage, degradation, effectiveness, foresight, worth};
use etiology::interviews::read_material;
use etiology::model::KnowledgeBase;
use etiology::session::load_pack;
use etiology::source::SourceMap;
use serde_json::Value as Json;

const SCHEMA: &str = include_str!("../../docs/evaluation.schema.json");

const RECORDS: &str = "
- id: score-ward-2026
  title: Score missed half of the sick
  clinical_domain: clinical_decision_support
  year: 2026
  setting: {country: Norway and Sweden, site: null, sites: 2, patients: null}
  system: {name: Ward Score, developer: null, kind: proprietary, architecture: null, training_data: null, version: 3}
  evidence_type: audit
  development: [{metric: auroc, value: 0.8, upper: 0.85, where: the maker}]
  deployment: [{metric: auroc, value: 0.6, ci: [0.55, 0.65], where: two wards}, {metric: ppv, value: null, where: two wards}]
  other_figures: [{name: alerts, value: 12}]
  subgroup_gaps: [{metric: sensitivity, attribute: sex, groups: {F: 0.4, M: 0.6, other: null}}]
  failure_modes:
    - code: technical.miscalibration
      factors: [{code: no_local_recalibration, status: confirmed}, {code: prevalence_shift, status: hypothesized}]
    - code: clinical.moral_distress
      new: true
      factors: [{code: unheard_nurses, status: hypothesized, new: true}]
  harm: null
  mitigations: []
  sources: [{cite: An audit, doi: 10.1000/182, url: null, read: full_text}]
  confidence: high
  coder_note: nobody else looked at it
";

/// Writes a file of records and returns the folder that it is in.
fn records(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("more-cases.yaml"), text).unwrap();
    folder
}

fn export(place: &str) -> Vec<Json> {
    let ran = run(&["cases", "export", "--cases", place]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn a_list_of_records_is_read_as_cases_wherever_cases_are() {
    let folder = records(RECORDS);
    let file = folder.path().join("more-cases.yaml");
    let cases = export(file.to_str().unwrap());
    assert_eq!(cases, export(folder.path().to_str().unwrap()));
    let expected: Json = serde_json::json!([{
        "case": "score-ward-2026",
        "title": "Score missed half of the sick",
        "domain": "clinical_decision_support",
        "year": 2026,
        "countries": ["Norway", "Sweden"],
        "sites": 2,
        "system": {"name": "Ward Score", "kind": "proprietary"},
        "evidence": "audit",
        "modes": [
            {"mode": "miscalibration", "factors": {"no_local_recalibration": "confirmed", "prevalence_shift": "suspected"}},
            {"mode": "moral_distress", "factors": {"unheard_nurses": "suspected"}},
        ],
        "figures": [
            {"stage": "before", "metric": "auroc", "value": 0.8, "to": 0.85, "where": "the maker"},
            {"stage": "after", "metric": "auroc", "value": 0.6, "low": 0.55, "high": 0.65, "where": "two wards"},
            {"stage": "context", "metric": "alerts", "value": 12.0},
        ],
        "groups": [{"metric": "sensitivity", "attribute": "sex", "values": {"F": 0.4, "M": 0.6}}],
        "remedies": [],
        "sources": [{"cite": "An audit", "doi": "10.1000/182", "read": "full_text"}],
        "confidence": "high",
    }]);
    assert_eq!(Json::from(cases), expected);
    // Elsewhere a code that the pack lacks stays a mistake.
    let checked = run(&["cases", "check", "--cases", file.to_str().unwrap()]);
    assert_eq!(checked.status, 1);
    assert!(checked.stderr.contains("`moral_distress` is no failure mode"), "{}", checked.stderr);
}

#[test]
fn a_record_that_is_wrong_is_refused_with_its_place_and_the_others_are_judged() {
    let other = RECORDS.replace("score-ward-2026", "score-clinic-2026");
    for (right, wrong, said) in [
        ("clinical_domain: clinical_decision_support", "clinical_domain: wards", "`clinical_domain` cannot be"),
        ("status: confirmed", "status: certain", "`status` cannot be `certain`"),
        ("ci: [0.55, 0.65]", "ci: [0.55]", "`ci` must be a list of two numbers"),
        ("value: 0.8", "value: high", "`value` must be a number"),
        ("sites: 2", "sites: several", "`sites` must be a number"),
        ("year: 2026", "year: null", "a record of a case needs the key `year`"),
        ("confidence: high", "confidence: sure", "`confidence` cannot be"),
        ("id: score-ward-2026", "id: score-clinic-2026", "there are two cases"),
    ] {
        let text = format!("{other}{}", RECORDS.replacen(right, wrong, 1));
        let mut sources = SourceMap::default();
        let (corpus, problems) = read_corpus([("more-cases.yaml".to_owned(), text)], &mut sources);
        let (names, told): (Vec<&str>, Vec<&str>) =
            (corpus.names().collect(), problems.iter().map(|problem| problem.message.as_str()).collect());
        assert_eq!(names, ["score-clinic-2026"], "{wrong}");
        assert!(told.len() == 1 && told[0].contains(said), "{wrong}: {told:?}");
    }
    let folder = records(&format!("{other}{}", RECORDS.replacen("year: 2026", "year: 26", 1)));
    let ran = run(&["evaluate", "--draws", "100", "--format", "json", "--cases", folder.path().to_str().unwrap()]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("more-cases.yaml:28:9"), "{}", ran.stderr);
    let found: Json = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&found["cases"]["judged"], &found["cases"]["mistakes"]), (&1.into(), &1.into()));
    let none = records("- {id: advice, title: Do it well}\n- {id: more, title: Do it better}\n");
    let ran = run(&["evaluate", "--cases", none.path().to_str().unwrap()]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("no entry of this list is a case") && ran.stderr.contains("X005"), "{}", ran.stderr);
}

/// The collection that the corpus was written from says the same as the corpus, in another form and other words.
#[test]
fn the_shared_records_have_the_codes_and_figures_of_the_corpus() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/evidence");
    let lists = std::fs::read_dir(shared).into_iter().flatten().flatten().map(|entry| entry.path());
    let lists: Vec<_> = lists.filter(|path| path.to_str().is_some_and(|path| path.contains("/cases-"))).collect();
    if lists.is_empty() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for list in lists {
        std::fs::copy(&list, folder.path().join(list.file_name().unwrap())).unwrap();
    }
    let (theirs, ours) = (export(folder.path().to_str().unwrap()), {
        let exported: Vec<Json> = serde_json::from_str(&run(&["cases", "export"]).stdout).unwrap();
        exported
    });
    let of = |case: &Json, keys: &[&str]| keys.iter().map(|key| case[*key].clone()).collect::<Vec<_>>();
    let figures = |case: &Json| -> Vec<Vec<Json>> {
        let all = case["figures"].as_array().unwrap().iter();
        all.map(|figure| of(figure, &["stage", "metric", "value", "to", "low", "high", "sd", "unit"])).collect()
    };
    assert_eq!(theirs.len(), ours.len());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        let keys = ["case", "domain", "year", "evidence", "modes", "sites", "patients", "confidence"];
        assert_eq!(of(theirs, &keys), of(ours, &keys));
        assert_eq!(theirs["system"]["kind"], ours["system"]["kind"], "{}", ours["case"]);
        assert_eq!(figures(theirs), figures(ours), "{}", ours["case"]);
    }
}

fn shipped() -> (Vec<Case>, KnowledgeBase) {
    let mut sources = SourceMap::default();
    let (corpus, problems) = read_corpus(built_in_texts(), &mut sources);
    assert!(!problems.has_errors());
    let loaded = load_pack("healthcare", &etiology::cli::load::Disk, &mut sources);
    (corpus.cases, loaded.knowledge.unwrap())
}

fn cases_in(text: &str) -> Vec<Case> {
    let (corpus, problems) = read_corpus([("more.yaml".to_owned(), text.to_owned())], &mut SourceMap::default());
    assert!(!problems.has_errors(), "{problems:?}");
    corpus.cases
}

/// By hand: of two modes and three factors the pack has one and two, and the category of the unknown mode.
#[test]
fn coverage_counts_codes_and_lists_what_is_missing() {
    let (_, knowledge) = shipped();
    let cases = cases_in(RECORDS);
    let found = coverage(&cases.iter().collect::<Vec<_>>(), &knowledge);
    let given = found.levels.each_ref().map(|level| (level.given.hits, level.given.of, level.cases.hits));
    assert_eq!(given, [(2, 2, 1), (1, 2, 0), (2, 3, 0)]);
    assert_eq!((found.whole.hits, found.whole.of), (0, 1));
    let missing: Vec<(&str, &str)> = found.uncovered.iter().map(|one| (one.level, one.code.as_str())).collect();
    assert_eq!(missing, [("mode", "moral_distress"), ("factor", "unheard_nurses")]);
    let folder = records(RECORDS);
    let ran = run(&["evaluate", "--draws", "100", "--cases", folder.path().to_str().unwrap()]);
    assert_eq!(ran.status, 0, "a code that the pack lacks is no mistake: {}", ran.stderr);
    assert!(
        ran.stdout.contains("The pack has no word for:") && ran.stdout.contains("moral_distress"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("by construction"));
}

/// Every third case of the corpus, so that a run takes a second or two.
fn some(cases: &[Case]) -> Vec<Case> {
    cases.iter().step_by(3).cloned().collect()
}

fn foreseen(cases: &[Case], knowledge: &KnowledgeBase) -> Foresight {
    let cases: Vec<&Case> = cases.iter().collect();
    foresight(&cases, &cases, knowledge, 100, 1).unwrap()
}

#[test]
fn the_order_of_cases_does_not_matter() {
    let (cases, knowledge) = shipped();
    let mut cases = some(&cases);
    let forwards = format!("{:?}", foreseen(&cases, &knowledge));
    cases.reverse();
    assert_eq!(forwards, format!("{:?}", foreseen(&cases, &knowledge)));
}

/// What came of a case is changed; what is said of that case stays the same to the last digit.
#[test]
fn no_case_is_judged_by_what_came_of_it() {
    let (cases, knowledge) = shipped();
    let mut cases = some(&cases);
    let judged = cases[7].id.value.clone();
    let said = |cases: &[Case]| -> Vec<Vec<String>> {
        let found = foreseen(cases, &knowledge);
        let of = |tier: &etiology::evaluation::Tier| {
            tier.said.iter().find(|said| said.case == judged).unwrap().first.clone()
        };
        found.tiers.iter().map(of).collect()
    };
    let before = said(&cases);
    // All modes but those it has, with the factors it has, so that what was knowable stays.
    let own: Vec<String> = cases[7].modes.iter().map(|coding| coding.mode.value.clone()).collect();
    let factors = cases[7].modes.iter().flat_map(|coding| coding.factors.clone()).collect::<Vec<_>>();
    let template = cases[7].modes[0].clone();
    cases[7].modes = knowledge
        .modes()
        .filter(|(_, mode)| !own.contains(&mode.id))
        .map(|(_, mode)| {
            let mut coding = Coding { factors: Vec::new(), ..template.clone() };
            coding.mode.value.clone_from(&mode.id);
            coding
        })
        .collect();
    cases[7].modes[0].factors = factors;
    assert_eq!(before, said(&cases));
}

/// Modes are dealt out anew among the cases, three times: nothing that was knowable has to do with what came.
#[test]
fn where_codes_are_shuffled_no_method_tells_cases_apart() {
    let (cases, knowledge) = shipped();
    let cases = some(&cases);
    let mut state = 7_u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    let deals: Vec<Foresight> = (0..3)
        .map(|_| {
            let mut order: Vec<usize> = (0..cases.len()).collect();
            (1..order.len()).rev().for_each(|last| order.swap(last, below(last + 1)));
            let dealt = cases.iter().zip(order).map(|(case, from)| {
                let factors: Vec<_> = case.modes.iter().flat_map(|coding| coding.factors.clone()).collect();
                let mut modes = cases[from].modes.clone();
                modes.iter_mut().for_each(|coding| coding.factors.clear());
                modes[0].factors = factors;
                Case { modes, ..case.clone() }
            });
            foreseen(&dealt.collect::<Vec<_>>(), &knowledge)
        })
        .collect();
    for (tier, with_causes) in [(0, false), (2, true)] {
        for (place, method) in Method::ALL.into_iter().enumerate() {
            let auroc = |found: &Foresight| {
                let tier = &found.tiers[tier];
                assert_eq!((tier.with_causes, tier.methods[place].method), (with_causes, method));
                tier.methods[place].figure(Measure::AurocModes).unwrap().value.unwrap()
            };
            let mean = deals.iter().map(auroc).sum::<f64>() / deals.len() as f64;
            assert!((mean - 0.5).abs() < 0.05, "{method:?}, causes {with_causes}: {mean}");
        }
    }
}

#[test]
fn the_way_to_the_ideal_is_counted_in_its_direction() {
    assert!((effectiveness(0.2, 0.05, Some(0.0)).unwrap() - 0.75).abs() < 1e-12);
    assert!((effectiveness(0.6, 0.7, Some(1.0)).unwrap() - 0.25).abs() < 1e-12);
    assert!((effectiveness(0.6, 0.5, Some(1.0)).unwrap() + 0.25).abs() < 1e-12);
    assert!(effectiveness(1.0, 0.9, Some(1.0)).unwrap_err().reason.contains("ideal before"));
    assert!(effectiveness(1.0, 0.9, None).unwrap_err().reason.contains("no value of it is ideal"));
}

/// A figure that falls by a tenth for each coded cause is explained by their number, and by nothing where all are alike.
#[test]
fn a_fall_that_follows_the_number_of_causes_is_explained_by_it() {
    let (_, knowledge) = shipped();
    let causes =
        ["no_local_recalibration", "prevalence_shift", "low_ppv", "alert_volume", "temporal_drift", "small_sample"];
    let case = |number: usize, fall: f64| {
        let factors: Vec<String> = causes[..number].iter().map(|cause| format!("{cause}: confirmed")).collect();
        format!(
            "case: case-{number}\ntitle: Case\ndomain: clinical_decision_support\nyear: 2026\nevidence: audit\n\
             modes: [{{mode: miscalibration, factors: {{{}}}}}]\n\
             figures: [{{stage: before, metric: auroc, value: 0.9}}, {{stage: after, metric: auroc, value: {}}}]\n\
             sources: [{{cite: An audit, doi: \"10.1000/182\", read: full_text}}]\nconfidence: high\n",
            factors.join(", "),
            0.9 - fall
        )
    };
    let found = |fall: &dyn Fn(usize) -> f64, most: usize| {
        let cases: Vec<Case> = (1..=most).flat_map(|number| cases_of(number, &case(number, fall(number)))).collect();
        let cases: Vec<&Case> = cases.iter().collect();
        degradation(&cases, &cases, &knowledge, 100, 1)
    };
    let steady = found(&|number| number as f64 / 10.0, 6);
    assert_eq!((steady.cases, steady.figures["auroc"]), (6, 6));
    for of in [&steady.by_number.in_sample, &steady.by_number.left_out] {
        assert!((of.as_ref().unwrap().0 - 1.0).abs() < 1e-9);
    }
    let alternating = found(&|number| if number % 2 == 0 { 0.1 } else { 0.3 }, 6);
    assert!(alternating.by_number.in_sample.as_ref().unwrap().0 < 0.2);
    assert!(alternating.by_number.left_out.as_ref().unwrap().0 < 0.0);
    assert!(found(&|_| 0.2, 6).by_number.left_out.unwrap_err().reason.contains("all falls are equal"));
    assert!(found(&|_| 0.2, 4).by_number.left_out.unwrap_err().reason.contains("5 cases"));
}

fn cases_of(number: usize, text: &str) -> Vec<Case> {
    let name = format!("case-{number}.yaml");
    let (corpus, problems) = read_corpus([(name, text.to_owned())], &mut SourceMap::default());
    assert!(!problems.has_errors(), "{problems:?}");
    corpus.cases
}

#[test]
fn use_and_trust_are_found_by_name_and_scale() {
    let (_, knowledge) = shipped();
    let survey = |name: &str, to: i32| {
        format!(
            "survey: {name}\nscale: {{from: 1, from_means: no, to: {to}, to_means: yes}}\n\
             questions: [{{question: helps, text: It helps}}, {{question: trust_at_night, text: I trust it, reversed: true}}]\n\
             answers:\n  - {{respondent: r1, pre: {{helps: 4, trust_at_night: 2}}, post: {{helps: 5, trust_at_night: 3}}}}\n  \
             - {{respondent: r2, pre: {{helps: 2, trust_at_night: 4}}, post: {{helps: 4, trust_at_night: 4}}}}\n"
        )
    };
    let texts = [("a.yaml".to_owned(), survey("ward", 10)), ("b.yaml".to_owned(), survey("trust-on-the-ward", 5))];
    let (material, problems) = read_material(texts, &knowledge, &mut SourceMap::default());
    assert!(!problems.has_errors(), "{problems:?}");
    let mean = |of: &Option<Result<etiology::metrics::Statistic, _>>| of.as_ref().unwrap().as_ref().ok().unwrap().value;
    let found = worth(&material.surveys);
    let told: Vec<(&str, &str, &str, f64, f64, f64)> = found
        .iter()
        .map(|of| {
            let change = mean(&of.change);
            (of.asked.name(), of.survey.as_str(), of.question.as_str(), mean(&of.before), mean(&of.after), change)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("trust", "trust-on-the-ward", "trust_at_night", 3.0, 3.5, 0.5),
            // Reversed answers are turned in the mean of all: after, (5 + 3) / 2 and (4 + 2) / 2.
            ("trust", "trust-on-the-ward", "all", 3.0, 3.5, 0.5),
            ("utility", "ward", "helps", 3.0, 4.5, 1.5),
            ("trust", "ward", "trust_at_night", 3.0, 3.5, 0.5),
        ]
    );
}

#[test]
fn everything_that_is_told_fits_the_published_schema() {
    let schema = Schema::parse(SCHEMA);
    let pair = ["examples/pairs/lung-nodules-raw", "examples/pairs/lung-nodules-recalibrated"];
    let folder = records(RECORDS);
    let cases = folder.path().to_str().unwrap();
    let everything = [
        &["evaluate", "--draws", "100", "--format", "json", "--survey", "examples/interviews/survey.yaml", "--pair"],
        &pair[..],
    ]
    .concat();
    for options in [everything, vec!["evaluate", "--draws", "100", "--format", "json", "--cases", cases]] {
        let ran = run(&options);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let found: Json = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(schema.faults_of(&found), Vec::<String>::new());
    }
}

/// Recalibration of the shipped pair, as docs/pilots.md has it: the Brier score falls from 0.0948 to 0.0877.
#[test]
fn a_pair_of_assessments_shows_what_a_mitigation_did_good_and_bad() {
    let folder = records(RECORDS);
    let ran = run(&[
        "evaluate",
        "--draws",
        "100",
        "--format",
        "json",
        "--cases",
        folder.path().to_str().unwrap(),
        "--pair",
        "examples/pairs/lung-nodules-raw",
        "examples/pairs/lung-nodules-recalibrated",
    ]);
    let found: Json = serde_json::from_str(&ran.stdout).unwrap();
    let remedy = &found["mitigations"][0];
    let metric = |name: &str| {
        let all = remedy["metrics"].as_array().unwrap().iter();
        all.clone().find(|metric| metric["metric"] == name).unwrap_or_else(|| panic!("no {name}"))
    };
    let brier = metric("calibration.brier");
    let figure = |of: &Json| (of.as_f64().unwrap() * 1e4).round() / 1e4;
    assert_eq!((figure(&brier["without"]), figure(&brier["with"])), (0.0948, 0.0877));
    assert!(brier["effectiveness"].as_f64().unwrap() > 0.0);
    assert!(metric("discrimination.ppv")["effectiveness"].as_f64().unwrap() < 0.0);
    let risk = |which: &str| remedy["total"][which]["estimate"].as_f64().unwrap();
    assert!(risk("with") < risk("without"));
}
