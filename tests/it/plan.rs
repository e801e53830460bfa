//! The plan: the cheapest set against every set there is, what must hold against the rules, limits against what is
//! known of draws, and what the command says and refuses.

use etiology::plan::{CheapestSet, Costs, Limits, cheapest};
use etiology::risk::{World, assess};
use proptest::prelude::*;
use std::fmt::Write as _;

use crate::bad_input::{MANIFEST, PACK, deployment, pilot};
use crate::json_contract::Schema;
use crate::program::{Folder, Run, run, snapshot};
use crate::random_packs::{Chooser, numbers};
use crate::small_packs::Case;
use etiology::session::check_pack;
use etiology::source::SourceMap;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What a mitigation of a random pack takes from a node, or from the link between two.
#[derive(Debug)]
struct Address {
    node: usize,
    link_to: Option<usize>,
    effect: f64,
}

/// A random pack of modes and factors, each of which any later one may follow from.
#[derive(Debug)]
struct Drawn {
    base: Vec<f64>,
    own: Vec<f64>,
    /// Severity times detectability; 0 for a factor.
    weight: Vec<u32>,
    links: Vec<(usize, usize, f64)>,
    mitigations: Vec<(usize, Vec<Address>)>,
    below: f64,
}

const EFFORTS: [&str; 3] = ["low", "medium", "high"];

impl Drawn {
    fn new(choose: &mut Chooser, most: usize) -> Self {
        let nodes = 2 + choose.below(7);
        let share = |choose: &mut Chooser| choose.below(101) as f64 / 100.0;
        let mut drawn = Drawn {
            base: (0..nodes).map(|_| share(choose) / 5.0).collect(),
            own: (0..nodes).map(|_| if choose.chance(4) { share(choose) } else { 0.0 }).collect(),
            weight: (0..nodes).map(|_| if choose.chance(5) { 1 + choose.below(10) as u32 } else { 0 }).collect(),
            links: Vec::new(),
            mitigations: Vec::new(),
            below: 2.0 + choose.below(40) as f64,
        };
        drawn.weight[nodes - 1] = 10;
        for cause in 0..nodes {
            for effect in cause + 1..nodes {
                if choose.chance(4) {
                    drawn.links.push((cause, effect, share(choose)));
                }
            }
        }
        for _ in 0..1 + choose.below(most) {
            let mut addresses: Vec<Address> = Vec::new();
            for _ in 0..1 + choose.below(3) {
                let effect = share(choose);
                let address = if choose.chance(2) && !drawn.links.is_empty() {
                    let (cause, to, _) = drawn.links[choose.below(drawn.links.len())];
                    Address { node: cause, link_to: Some(to), effect }
                } else {
                    Address { node: choose.below(nodes), link_to: None, effect }
                };
                if addresses.iter().all(|other| (other.node, other.link_to) != (address.node, address.link_to)) {
                    addresses.push(address);
                }
            }
            drawn.mitigations.push((choose.below(3), addresses));
        }
        drawn
    }

    fn pack(&self) -> String {
        let mut text = format!("band low \"Low\" {{ from 0 }}\nband high \"High\" {{ from {} }}\n", self.below);
        for (node, (base, weight)) in self.base.iter().zip(&self.weight).enumerate() {
            let kind = if *weight > 0 { "mode" } else { "factor" };
            let _ = writeln!(text, "{kind} n{node} \"N\" {{\n  base_rate {base}");
            if *weight > 0 {
                let _ = writeln!(text, "  category some\n  dimension data\n  severity 10\n  detectability {weight}");
            }
            for (_, effect, strength) in self.links.iter().filter(|link| link.0 == node) {
                let _ = writeln!(text, "  causes n{effect} strength {strength}");
            }
            let _ = writeln!(text, "}}");
            if self.own[node] > 0.0 {
                let _ = writeln!(text, "rule r{node} \"R\" {{ then suspect n{node} likelihood {} }}", self.own[node]);
            }
        }
        for (place, (effort, addresses)) in self.mitigations.iter().enumerate() {
            let _ = writeln!(text, "mitigation m{place:02} \"M\" {{ effort {}", EFFORTS[*effort]);
            for Address { node, link_to, effect } in addresses {
                let to = link_to.map_or(String::new(), |to| format!(" -> n{to}"));
                let _ = writeln!(text, "  addresses n{node}{to} effect {effect}");
            }
            let _ = writeln!(text, "}}");
        }
        text
    }

    /// The risk of every mode with a set of mitigations in place, by the formulas of docs/risk.md.
    fn risks(&self, set: u32) -> Vec<f64> {
        let in_place = (0..self.mitigations.len()).filter(|place| set & (1 << place) != 0);
        let addresses: Vec<&Address> = in_place.flat_map(|place| &self.mitigations[place].1).collect();
        let left = |node: usize, to: Option<usize>| {
            let these = addresses.iter().filter(|address| (address.node, address.link_to) == (node, to));
            these.map(|address| 1.0 - address.effect).product::<f64>()
        };
        let mut likelihoods: Vec<f64> = Vec::new();
        for node in 0..self.base.len() {
            let mut absent = (1.0 - self.base[node]) * (1.0 - self.own[node]);
            for (cause, _, strength) in self.links.iter().filter(|link| link.1 == node) {
                absent *= 1.0 - strength * left(*cause, Some(node)) * likelihoods[*cause];
            }
            likelihoods.push((1.0 - absent) * left(node, None));
        }
        let modes = likelihoods.iter().zip(&self.weight).filter(|(_, weight)| **weight > 0);
        modes.map(|(likelihood, weight)| likelihood * 10.0 * f64::from(*weight)).collect()
    }

    fn cost(&self, set: u32, costs: Costs) -> u64 {
        let of = |effort: usize| u64::from([costs.low, costs.medium, costs.high][effort]);
        (0..self.mitigations.len())
            .filter(|place| set & (1 << place) != 0)
            .map(|place| of(self.mitigations[place].0))
            .sum()
    }

    /// The least cost, and at that the least risk left, of all sets with which every risk is under its limit.
    fn best(&self, costs: Costs, limits: &[f64]) -> (u64, f64) {
        let does = |set: &u32| self.risks(*set).iter().zip(limits).all(|(risk, limit)| risk < limit);
        let sets = (0..self.all() + 1).filter(does);
        let sets = sets.map(|set| (self.cost(set, costs), self.risks(set).iter().sum::<f64>()));
        sets.min_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1))).unwrap()
    }

    /// Every mitigation.
    fn all(&self) -> u32 {
        (1u32 << self.mitigations.len()) - 1
    }

    fn planned(&self, costs: Costs, limits: Limits) -> CheapestSet {
        let case = Case::new(&self.pack());
        let assessment = assess(&case.knowledge, &case.facts).unwrap();
        cheapest(&case.knowledge, &assessment, self.below, World::Estimate, costs, limits)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn no_set_is_cheaper_and_of_the_cheapest_none_removes_more(numbers in numbers(), high in 1..12u32) {
        let drawn = Drawn::new(&mut Chooser::new(numbers), 8);
        let costs = Costs { low: 1, medium: 3, high };
        let found = drawn.planned(costs, Limits::default());
        let at_best = drawn.risks(drawn.all());
        let limit = |other: f64| move |best: &f64| if *best < drawn.below { drawn.below } else { best + other };
        let under: Vec<f64> = at_best.iter().map(limit(f64::INFINITY)).collect();
        let (cost, left) = drawn.best(costs, &under);
        prop_assert!(found.priced.is_cheapest());
        prop_assert_eq!(found.priced.cost, cost, "{:?}", found);
        prop_assert!((found.total_after - left).abs() < 1e-6, "{} {}: {:?}", found.total_after, left, found);
        prop_assert!(found.modes.iter().all(|mode| mode.after < drawn.below || mode.at_best >= drawn.below));
        let lowest: Vec<f64> = at_best.iter().map(limit(1e-9)).collect();
        let (cost, _) = drawn.best(costs, &lowest);
        prop_assert_eq!(found.as_low_as_can_be.as_ref().map_or(cost, |all| all.cost), cost, "{:?}", found);
    }

    #[test]
    fn a_search_that_was_cut_short_says_what_no_set_can_undercut(numbers in numbers(), choices in 0..12usize) {
        let drawn = Drawn::new(&mut Chooser::new(numbers), 8);
        let costs = Costs::default();
        let found = drawn.planned(costs, Limits { exact: 0, choices }).priced;
        let best = drawn.planned(costs, Limits::default()).priced;
        prop_assert!(found.at_least <= best.cost && best.cost <= found.cost, "{:?} {:?}", found, best);
    }
}

const SCHEMA: &str = include_str!("../../docs/plan.schema.json");

/// Deployments of both packs, with and without periods and answers.
const EXAMPLES: [&str; 3] =
    ["examples/lung-nodules-second-release", "examples/triage-trial-made-up", "examples/classroom-dropout"];

/// The small deployment with bands, and a stress test that reads its question.
fn with_bands(files: &[(&str, &[u8])]) -> Folder {
    let more = r#"
band low "Low" { from 0 because "Watch it." basis judgement }
band high "High" { from 10 because "Act." basis judgement }
stress_test drill "A drill" {
  probes harm
  reads monitoring.in_place
  ask administrator
  needs "an hour"
  because "Somebody should try."
  basis judgement
}
"#;
    let folder = deployment(&[("pack.etio", format!("{PACK}{more}").as_bytes())]);
    files.iter().for_each(|(name, content)| folder.write(name, content));
    folder
}

#[track_caller]
fn parsed(found: &Run) -> Json {
    assert!(found.status == 0 || found.status == 3, "{}", found.stderr);
    serde_json::from_str(&found.stdout).unwrap()
}

fn list<'a>(value: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    value[key].as_array().unwrap_or_else(|| panic!("{value} has no list `{key}`")).iter()
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

#[test]
fn plans_follow_their_schema_and_only_rules_that_fired_fail() {
    let mut failing = 0;
    for example in EXAMPLES {
        let plan = parsed(&run(&["plan", example, "--format", "json", "--period", "1 month"]));
        assert_eq!(Schema::parse(SCHEMA).faults_of(&plan), Vec::<String>::new(), "{example}");
        let assessment = parsed(&run(&["assess", example, "--format", "json"]));
        let of = |key: &str| list(&assessment, key).map(|entry| text(&entry["rule"]).to_owned()).collect();
        let (passed, undecided): (BTreeSet<String>, BTreeSet<String>) = (of("passed"), of("undecided"));
        let mut seen = 0;
        for must in list(&plan, "test_protocol").flat_map(|trial| list(trial, "must_hold")) {
            let (rule, state) = (text(&must["rule"]), text(&must["state"]));
            let fired = !passed.contains(rule) && !undecided.contains(rule);
            assert!(state != "fails" || fired, "{example}: {rule} {state}");
            failing += usize::from(state == "fails");
            assert!(list(must, "any_of").all(|held| !text(&held["sentence"]).is_empty()), "{example}: {rule}");
            seen += 1;
        }
        assert!(seen > 2, "{example}: {seen}");
    }
    assert!(failing > 5, "{failing}");
}

#[test]
fn every_mode_of_the_pack_has_a_stress_test_and_every_test_shows_what_must_hold() {
    let case = parsed(&run(&["plan", "examples/breast-cytology-control", "--under", "moderate", "--format", "json"]));
    assert!(list(&case, "modes").count() > 20);
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut folders = vec![std::path::PathBuf::from("taxonomy"), "rules".into()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                texts.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let knowledge = check_pack(texts, &mut SourceMap::default()).knowledge.unwrap();
    assert!(knowledge.stress_tests.len() >= 20);
    for (mode, node) in knowledge.modes() {
        let probed = knowledge.stress_tests.values().any(|test| test.probes.contains(&mode));
        assert!(probed, "no stress test probes {}", node.id);
    }
    for test in knowledge.stress_tests.values() {
        assert!(test.ask.is_some() && !test.reads.is_empty() && !test.about.cites.is_empty(), "{}", test.id);
    }
}

#[test]
fn a_test_that_was_passed_is_done_and_one_that_failed_leads() {
    let trial = |answer: &str| {
        let folder = with_bands(&[("answers.yaml", answer.as_bytes())]);
        let plan = parsed(&folder.run(&["plan", ".", "--under", "high", "--format", "json"]));
        let trial = list(&plan, "test_protocol").find(|trial| trial["stress_test"] == "drill").unwrap().clone();
        (
            text(&trial["state"]).to_owned(),
            text(&list(&trial, "must_hold").next().unwrap()["any_of"][0]["sentence"]).to_owned(),
        )
    };
    assert_eq!(trial("").0, "open");
    let (state, sentence) = trial("monitoring.in_place: no");
    assert_eq!(state, "fails", "{sentence}");
}

/// The share of names on the list is 46 of 200, so on 200 and on 800 rows it moves as a binomial share does.
#[test]
fn limits_are_what_a_share_passes_in_one_period_of_twenty() {
    let limit = |rows: &str| {
        let plan = parsed(&run(&["plan", "examples/classroom-dropout", "--rows", rows, "--format", "json"]));
        let found = list(&plan["monitoring"], "watch").find(|watch| watch["fact"] == "list.share").unwrap();
        assert_eq!(found["limit_from"], "drawn", "{found}");
        (found["now"].as_f64().unwrap(), found["limit"].as_f64().unwrap())
    };
    for (rows, n) in [("200", 200.0), ("800", 800.0)] {
        let (now, limit) = limit(rows);
        let error = f64::sqrt(now * (1.0 - now) / n);
        let distance = (limit - now) / error;
        assert!((1.2..2.1).contains(&distance), "{rows}: {now} to {limit} is {distance} standard errors, not 1.64");
    }
}

#[test]
fn a_period_says_how_many_false_alarms_a_year_its_limits_imply() {
    let plan = parsed(&run(&["plan", "examples/classroom-dropout", "--period", "2 weeks", "--format", "json"]));
    let monitoring = &plan["monitoring"];
    let drawn = list(monitoring, "watch")
        .filter(|watch| ["drawn", "too_few_rows"].contains(&text(&watch["limit_from"])))
        .count();
    let a_year = monitoring["false_alarms"]["a_year"].as_f64().unwrap();
    assert!(drawn > 0 && (a_year - 0.05 * drawn as f64 * 365.25 / 14.0).abs() < 1e-9, "{a_year} for {drawn}");
    assert_eq!(monitoring["period"]["rows_from"], "whole_pilot");
}

/// Drawn often enough a small group would have figures of its own, and would be part of every gap.
#[test]
fn a_group_that_is_not_shown_has_no_part_in_any_limit_however_many_rows_are_drawn() {
    let table = |group: &str| {
        let few = (0..6).map(|row| format!("{},0.9,50,{group}\n", u8::from(row % 2 == 0)));
        pilot() + &few.collect::<String>()
    };
    let rules = r#"
metric groups.gap[attribute] "Gap between groups" : ratio, lower is better = performance_gap(of alert_rate, threshold 0.3)
rule groups.apart "Groups differ" {
  for each a in attribute
  when groups.gap[a] > 0.9
  then suspect harm likelihood 0.4
  because "It hurts them."
  basis judgement
}
"#;
    let folder = with_bands(&[("groups.etio", rules.as_bytes())]);
    folder.write("deployment.yaml", MANIFEST.replace("pack: pack.etio", "pack: .").as_bytes());
    for rows in ["60", "3000"] {
        let monitoring = |group: &str| {
            folder.write("pilot.csv", table(group).as_bytes());
            parsed(&folder.run(&["plan", ".", "--under", "high", "--rows", rows, "--format", "json"]))["monitoring"]
                .clone()
        };
        let (small, none) = (monitoring("tiny"), monitoring(""));
        assert_eq!(small, none, "{rows}");
        let gap = list(&small, "watch").find(|watch| watch["fact"] == "groups.gap[sex]").unwrap();
        assert_eq!(gap["limit_from"], "drawn", "{gap}");
    }
}

#[test]
fn without_tables_limits_are_those_of_the_rules() {
    let folder = with_bands(&[
        ("deployment.yaml", b"deployment: {id: here}\npack: pack.etio\n"),
        ("answers.yaml", b"calibration.ece: {value: 0.05, n: 400, noise_p95: 0.04}\n"),
    ]);
    let plan = parsed(&folder.run(&["plan", ".", "--under", "high", "--format", "json"]));
    assert_eq!(plan["monitoring"]["period"], Json::Null);
    let told = folder.run(&["plan", ".", "--under", "high"]);
    assert!(told.stdout.contains("There is no table of the deployment"), "{}", told.stdout);
}

#[test]
fn threads_do_not_change_a_byte() {
    let with = |threads: &str| {
        let mut command = crate::program::etio(&["plan", "examples/classroom-dropout", "--format", "json"]);
        command.env("RAYON_NUM_THREADS", threads);
        crate::program::run_with(command, b"").stdout
    };
    assert_eq!(with("1"), with("2"));
}

#[track_caller]
fn refused(found: &Run, words: &[&str]) {
    assert_eq!(found.status, 2, "{} {}", found.stdout, found.stderr);
    assert!(found.stdout.is_empty());
    let said = found.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
}

#[test]
fn what_cannot_be_planned_is_said_with_a_way_out() {
    let example = "examples/classroom-dropout";
    refused(&run(&["plan", example, "--under", "hihg"]), &["X002", "no band called `hihg`", "did you mean `high`?"]);
    refused(&run(&["plan", example, "--under", "low"]), &["X002", "`low` begins at 0", "`medium` or `high`"]);
    refused(&run(&["plan", example, "--cost", "low:1"]), &["`low:1` is not of the form `low=1`"]);
    refused(&run(&["plan", example, "--cost", "huge=1"]), &["`huge` is no effort"]);
    refused(&run(&["plan", example, "--cost", "low=-1"]), &["`-1` is no whole number"]);
    refused(&run(&["plan", example, "--period", "often"]), &["`often` is no length of time", "`1 month`"]);
    refused(&run(&["plan", example, "--rows", "10"]), &["X005", "figures of 10 rows", "fewer than 11", "`--rows`"]);
    refused(&deployment(&[]).run(&["plan", "."]), &["X002", "no two bands", "declare bands"]);
    refused(&run(&["plan", "nowhere"]), &["X001", "no folder `nowhere`"]);
}

#[test]
fn a_plan_is_written_to_a_file_that_is_not_there_yet() {
    let folder = with_bands(&[]);
    let first = folder.run(&["plan", ".", "--under", "high", "--format", "markdown", "--out", "plan.md"]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    let written = std::fs::read_to_string(folder.path().join("plan.md")).unwrap();
    assert!(written.starts_with("# Plan: here") && written.contains("## Monitoring plan"), "{written}");
    refused(&folder.run(&["plan", ".", "--under", "high", "--out", "plan.md"]), &["X006", "plan.md"]);
}

#[test]
fn a_plan_of_a_made_up_school() {
    let found = run(&["plan", "examples/classroom-dropout", "--rows", "60", "--period", "1 month"]);
    assert_eq!((found.status, found.stderr.as_str()), (0, ""));
    snapshot("plan-classroom", &found.stdout);
}

#[test]
fn a_stress_test_without_what_it_probes_or_with_a_wrong_name_is_refused() {
    let refusal = |body: &str| {
        let pack = format!(
            "pack small \"Small\" {{ version 1.0.0 language 1 }}\ncategory some \"Some\"\nmode harm \"Harm\" {{ category some \
             dimension data severity 5 detectability 5 base_rate 5% }}\nstress_test drill \"A drill\" {{ {body} }}"
        );
        let loaded = check_pack([("pack.etio".to_owned(), pack)], &mut SourceMap::default());
        loaded.diagnostics.iter().map(|found| found.code.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(refusal("probes harm basis judgement"), "");
    assert_eq!(refusal("needs \"an hour\""), "M114");
    assert_eq!(refusal("probes hram"), "M103");
    assert_eq!(refusal("probes harm reads alarms"), "M103");
    assert_eq!(refusal("probes harm effort low"), "M113");
    assert_eq!(refusal("probes harm probes harm"), "M115");
}
