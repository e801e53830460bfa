//! Reference profiles: what is computed from one is the value of the rows, or within the error that is stated.

use crate::pilot::{cells, csv, data, named, request, scored, table};
use etiology::facts::parse_manifest;
use etiology::metrics::{
    Definition, Evaluation, Measurement, MetricIndex, MetricRequest, OneClass, Options, ParamValue, Profile,
    definitions, evaluate, evaluate_with, profile,
};
use etiology::source::SourceMap;
use etiology::table::{PilotSpec, TableData, TableRole};
use proptest::prelude::*;

/// Every metric of development or of both tables, over everything that it has values for.
fn requests() -> Vec<MetricRequest> {
    let mut found = Vec::new();
    for spec in definitions() {
        for index in spec.indices {
            let reads_a_table = spec.parameters.iter().any(|parameter| parameter.name == "table");
            let params = if reads_a_table { vec![("table".to_owned(), "development".into())] } else { Vec::new() };
            let Ok(definition) = Definition::new(spec.name, *index, &params) else { continue };
            // Permutations are of no interest here and take long.
            if definition.companion().is_none() && !spec.name.starts_with("mmd") && !spec.name.starts_with("drift_") {
                found.push(MetricRequest { id: format!("{}.{index}", spec.name), definition, index: *index });
            }
        }
    }
    found
}

fn options() -> Options {
    Options { draws: 20, floors: false, one_class: OneClass::Allow, ..Options::default() }
}

/// Says what differs by more than is stated, and counts what has a value from both.
fn compare(rows: &Evaluation, from_profile: &Evaluation, wrong: &mut Vec<String>) -> usize {
    let mut compared = 0;
    for found in &from_profile.measurements {
        let same = rows.measurements.iter().find(|m| m.metric == found.metric && m.element == found.element);
        let (Ok(value), Some(error)) = (&found.value, found.error) else { continue };
        let Some(Ok(exact)) = same.map(|same| &same.value) else {
            wrong.push(format!("{} {:?} has a value from the profile alone", found.metric, found.element));
            continue;
        };
        compared += 1;
        if (value - exact).abs() > error + 1e-9 * exact.abs().max(1.0) {
            wrong.push(format!("{} {:?}: {value} within {error}, but {exact}", found.metric, found.element));
        }
    }
    compared
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the pilots lie on the disk")]
fn values_of_the_shipped_pilots() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut held = 0;
    for parent in ["examples", "tests/pilots"] {
        let entries = std::fs::read_dir(root.join(parent)).unwrap();
        let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        for folder in folders {
            let Ok(text) = std::fs::read_to_string(folder.join("deployment.yaml")) else { continue };
            let mut sources = SourceMap::default();
            let source = sources.add("deployment.yaml", text.as_str());
            let manifest = parse_manifest(source, &sources).unwrap();
            let tables = || -> Option<Vec<TableData>> {
                let of = |file: &String| Some(data(file, std::fs::read(folder.join(file)).ok()?));
                manifest.files.iter().map(|file| of(&file.value)).collect()
            };
            if manifest.pilot.development.is_none() || tables().is_none() {
                println!("{}: no development table here", folder.display());
                continue;
            }
            let mut pilot = PilotSpec { companions: Vec::new(), ..manifest.pilot.clone() };
            let rows = evaluate(&pilot, tables().unwrap(), &requests(), &options()).unwrap();
            let open = || Ok(tables().unwrap());
            let made = profile(&pilot, &open, TableRole::Development, &requests(), &options()).unwrap().unwrap();
            let text = made.text();
            assert_eq!(Profile::parse(&text).unwrap(), made, "what is written is read back");
            assert!(text.len() < 200_000, "{} takes {} bytes", folder.display(), text.len());
            pilot.development = None;
            let found = evaluate_with(&pilot, tables().unwrap(), Some(&made), &requests(), &options()).unwrap();
            let before = wrong.len();
            held += compare(&rows, &found, &mut wrong);
            wrong.iter_mut().skip(before).for_each(|line| *line = format!("{}: {line}", folder.display()));
        }
    }
    assert!(held > 100, "only {held} values were compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A made-up table; `seed` gives the numbers.
fn rows_of(seed: u64, n: usize) -> Vec<(u8, f64, f64, &'static str)> {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut row = || {
        let score = (next() * 1000.0).round() / 1000.0;
        (
            u8::from(next() < score),
            score,
            (next() * 60.0).round() + 20.0 * next(),
            ["a", "b", "c"][(next() * 2.2) as usize],
        )
    };
    (0..n).map(|_| row()).collect()
}

fn text_of(rows: &[(u8, f64, f64, &'static str)]) -> String {
    csv(&[
        ("y", cells(rows.iter().map(|row| row.0))),
        ("s", cells(rows.iter().map(|row| row.1))),
        ("x", cells(rows.iter().map(|row| row.2))),
        ("g", cells(rows.iter().map(|row| row.3))),
    ])
}

fn pilot() -> PilotSpec {
    let mut pilot = PilotSpec { development: table("t.csv"), threshold: Some(0.5), min_cell: 11, ..scored() };
    pilot.columns.numeric = vec![named("x")];
    pilot.columns.categorical = vec![named("g")];
    pilot.columns.groups = vec![("g".into(), named("g"))];
    pilot
}

fn profile_of(rows: &[(u8, f64, f64, &'static str)]) -> Profile {
    let open = || Ok(vec![data("t.csv", text_of(rows)), data("d.csv", text_of(rows))]);
    profile(&pilot(), &open, TableRole::Development, &[], &options()).unwrap().unwrap()
}

/// What the profile of `rows` gives, in place of the table and beside a deployment table.
fn from(profile: &Profile, deployment: &str) -> Evaluation {
    let of_profile = PilotSpec { development: None, ..pilot() };
    let tables = vec![data("d.csv", deployment)];
    evaluate_with(&of_profile, tables, Some(profile), &requests(), &options()).unwrap()
}

fn defined<'e>(found: &'e Evaluation, name: &str) -> Vec<&'e Measurement> {
    let of = |m: &&Measurement| m.metric.split('.').next() == Some(name) && m.value.is_ok();
    found.measurements.iter().filter(of).collect()
}

#[test]
fn what_was_measured_on_the_rows_is_told_with_interval_size_and_floor() {
    let rows = rows_of(7, 1600);
    let options = Options { floors: true, ..options() };
    let tables = || vec![data("t.csv", text_of(&rows)), data("d.csv", text_of(&rows))];
    let made = profile(&pilot(), &|| Ok(tables()), TableRole::Development, &[], &options).unwrap().unwrap();
    let exact = evaluate(&pilot(), tables(), &requests(), &options).unwrap();
    let found = from(&made, &text_of(&rows));
    for name in ["auroc", "auprc", "f1", "log_loss", "ece", "ece_debiased", "mce", "calibration_slope"] {
        for told in defined(&found, name) {
            let same =
                exact.measurements.iter().find(|m| m.metric == told.metric && m.element == told.element).unwrap();
            assert_eq!((told.n, told.events), (same.n, same.events), "{} {:?}", told.metric, told.element);
            let error = told.error.unwrap();
            assert!(error > 0.0 && error < 1e-8, "{} is {error} off", told.metric);
            assert_eq!(told.interval.is_some(), same.interval.is_some());
            if let (Some(told), Some(same)) = (&told.interval, &same.interval) {
                assert!(told.low <= same.low && told.high >= same.high && told.high - same.high < 1e-8);
                assert_eq!((told.level, told.method), (same.level, same.method));
            }
            assert_eq!(told.floor.is_some(), same.floor.is_some());
            if let (Some(told), Some(same)) = (&told.floor, &same.floor) {
                assert!((told.p95 - same.p95).abs() < 1e-8 && told.method == same.method);
            }
        }
        assert!(!defined(&found, name).is_empty(), "{name} is not told");
    }
    for name in ["ece.subgroup", "calibration_slope.subgroup", "equalized_odds.attribute", "performance_gap.attribute"]
    {
        assert!(found.measurements.iter().any(|m| m.metric == name && m.value.is_ok()), "{name} is not told");
    }
    // The best threshold and the rows to check again are read off single rows.
    for name in ["youden.scalar", "label_issues_share.scalar"] {
        assert!(exact.measurements.iter().any(|m| m.metric == name && m.value.is_ok()));
        assert!(!found.measurements.iter().any(|m| m.metric == name && m.value.is_ok()), "{name} is told");
    }
}

#[test]
fn a_pack_finds_what_it_asks_of_development_and_no_second_threshold() {
    let rows = rows_of(7, 800);
    let open = || Ok(vec![data("t.csv", text_of(&rows)), data("d.csv", text_of(&rows))]);
    let wanted = |name: &str, more: &[(&str, ParamValue)]| {
        let table = [("table", ParamValue::from("development"))];
        request(name, MetricIndex::Scalar, &[&table, more].concat())
    };
    let asked = [
        wanted("ece", &[("bins", 7.0.into())]),
        wanted("f1", &[("threshold", 0.51.into())]),
        wanted("auroc", &[("interval", "logit".into())]),
    ];
    let made = profile(&pilot(), &open, TableRole::Development, &asked, &options()).unwrap().unwrap();
    let of_profile = PilotSpec { development: None, ..pilot() };
    let tables = vec![data("d.csv", text_of(&rows))];
    let found = evaluate_with(&of_profile, tables, Some(&made), &asked, &options()).unwrap().measurements;
    assert!(found[0].value.is_ok() && found[2].value.is_ok());
    assert_eq!(found[2].interval.as_ref().unwrap().method, "DeLong on the logit scale");
    assert!(found[1].value.is_err(), "decisions at two thresholds tell how many rows lie between them");
}

/// A group of all but one row of another would tell that row by subtraction, whatever the value.
#[test]
fn groups_that_differ_by_few_rows_are_not_both_measured() {
    let rows = rows_of(3, 900);
    let is = |row: &usize| row.is_multiple_of(2);
    let with = |few: usize| {
        let half = |row: usize| ["odd", "even"][usize::from(is(&row))].to_owned();
        // The same halves, but for a few rows that lie in the other one.
        let moved = |row: usize| half(row + usize::from(row < few));
        let columns = [("p", (0..900).map(half).collect()), ("q", (0..900).map(moved).collect())];
        let own = [("y", cells(rows.iter().map(|row| row.0))), ("s", cells(rows.iter().map(|row| row.1)))];
        let text = csv(&[own.as_slice(), columns.as_slice()].concat());
        let mut pilot = PilotSpec { development: table("t.csv"), threshold: Some(0.5), min_cell: 11, ..scored() };
        pilot.columns.groups = vec![("p".into(), named("p")), ("q".into(), named("q"))];
        let open = || Ok(vec![data("t.csv", text.clone()), data("d.csv", text.clone())]);
        profile(&pilot, &open, TableRole::Development, &[], &options()).unwrap().unwrap()
    };
    let of = |made: &Profile, attribute: &str| {
        let told = made.measured.iter().filter_map(|told| told.of.as_deref());
        let decisions = made.attributes.iter().find(|a| a.name == attribute).unwrap().groups[0].decisions;
        (told.filter(|of| of.starts_with(attribute)).count() > 20, decisions.is_some())
    };
    let (near, far) = (with(8), with(300));
    assert_eq!((of(&near, "p"), of(&near, "q")), ((true, true), (false, false)));
    assert_eq!((of(&far, "p"), of(&far, "q")), ((true, true), (true, true)));
    // The very same groups tell nothing more.
    assert_eq!(of(&with(0), "q"), (true, true));
}

#[test]
fn rows_that_do_not_all_count_alike_are_told_as_measured_or_not_at_all() {
    let rows = rows_of(5, 600);
    let text = csv(&[
        ("y", cells(rows.iter().map(|row| row.0))),
        ("s", cells(rows.iter().map(|row| row.1))),
        ("w", cells(rows.iter().map(|row| if row.0 == 1 { 1.0 } else { 4.0 }))),
    ]);
    let mut pilot = PilotSpec { development: table("t.csv"), threshold: Some(0.5), min_cell: 11, ..scored() };
    pilot.columns.weight = Some(named("w"));
    let tables = || vec![data("t.csv", text.clone()), data("d.csv", text.clone())];
    let made = profile(&pilot, &|| Ok(tables()), TableRole::Development, &[], &options()).unwrap().unwrap();
    let exact = evaluate(&pilot, tables(), &requests(), &options()).unwrap();
    let of_profile = PilotSpec { development: None, ..pilot };
    let mut wrong = Vec::new();
    // Of two merged profiles nothing measured is left.
    for profile in [made.clone(), made.merge(&made).unwrap()] {
        let tables = vec![data("d.csv", text.clone())];
        let found = evaluate_with(&of_profile, tables, Some(&profile), &requests(), &options()).unwrap();
        let compared = found.measurements.iter().filter(|m| m.definition.contains("table development"));
        let compared = Evaluation { measurements: compared.cloned().collect(), ..found.clone() };
        if profile == made {
            compare(&exact, &compared, &mut wrong);
            assert_eq!(defined(&compared, "prevalence").len(), 1);
        } else {
            assert!(defined(&compared, "prevalence").is_empty() && defined(&compared, "auroc").is_empty());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the rows of the page's table: the metrics that each names, and what it says of them.
fn promises() -> Vec<(Vec<String>, String)> {
    let page = include_str!("../../docs/profile.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    let quoted = |names: &str| names.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    rows.map(|(names, said)| (quoted(names), said.to_owned())).filter(|(names, _)| !names.is_empty()).collect()
}

#[test]
fn the_page_says_of_each_metric_what_a_profile_gives() {
    // Every group and cell of these is large, and so is every one of the four counts; every score has a logit.
    let mut rows = rows_of(11, 4000);
    rows.retain(|row| row.3 != "c" && row.1 > 0.0 && row.1 < 1.0);
    let deployment = text_of(&rows_of(12, 900));
    let options = Options { floors: true, ..options() };
    let tables = |with: &[&str]| with.iter().zip(["d.csv", "t.csv"]).map(|(text, name)| data(name, *text)).collect();
    let both = || tables(&[&deployment, &text_of(&rows)]);
    let exact = evaluate(&pilot(), both(), &requests(), &options).unwrap();
    let made = profile(&pilot(), &|| Ok(both()), TableRole::Development, &[], &options).unwrap().unwrap();
    let of_profile = PilotSpec { development: None, ..pilot() };
    let found = evaluate_with(&of_profile, tables(&[&deployment]), Some(&made), &requests(), &options).unwrap();
    let (mut named, mut wrong) = (Vec::new(), Vec::new());
    for (names, said) in promises() {
        named.extend(names.iter().cloned());
        for name in names {
            let of_rows = definitions().iter().any(|spec| spec.name == name);
            let told: Vec<f64> = defined(&found, &name).iter().map(|m| m.error.unwrap()).collect();
            let digits = |error: &f64| *error > 0.0 && *error <= 5e-9;
            let kept = match said.split_once([' ', ';', ',']).map_or(said.as_str(), |(first, _)| first) {
                "exact" => told.iter().any(|error| *error <= 0.0) && told.iter().all(|e| *e <= 0.0 || digits(e)),
                "nine" => !told.is_empty() && told.iter().all(digits),
                "within" => !told.is_empty(),
                "undefined:" => told.is_empty(),
                other => panic!("the page says `{other}`"),
            };
            if !kept || (!of_rows && name != "mmd") {
                wrong.push(format!("{name} is said to be {said}, and is {told:?} off"));
            }
        }
    }
    for spec in definitions() {
        let asked = exact.measurements.iter().filter(|m| m.metric.split('.').next() == Some(spec.name));
        let of_development = asked.filter(|m| m.table != Some(TableRole::Deployment)).any(|m| m.value.is_ok());
        let told = !defined(&found, spec.name).is_empty();
        if of_development && !named.iter().any(|name| name == spec.name) && told {
            wrong.push(format!("{} has a value, and the page does not name it", spec.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_profile_of_the_format_before_is_read_as_it_was() {
    let rows = rows_of(7, 800);
    let made = profile_of(&rows);
    let mut old: serde_json::Value = serde_json::from_str(&made.text()).unwrap();
    old["format"] = "etiology-profile-1".into();
    for key in ["weighted", "measured"] {
        old.as_object_mut().unwrap().remove(key);
    }
    let old = Profile::parse(&old.to_string()).unwrap();
    let found = from(&old, &text_of(&rows));
    assert!(defined(&found, "ece").is_empty());
    assert!(defined(&found, "auroc")[0].error.unwrap() > 1e-6, "an area within what the cells leave open");
    let future = made.text().replace("etiology-profile-2", "etiology-profile-3");
    assert!(Profile::parse(&future).unwrap_err().contains("`etiology-profile-2` is what can be read"));
    let damaged = made.text().replacen("\"events\":", "\"events\":99999999,\"was\":", 1);
    assert!(Profile::parse(&damaged).is_err());
}

#[test]
fn what_was_measured_is_not_merged_but_with_nothing() {
    let (a, b) = (profile_of(&rows_of(7, 800)), profile_of(&rows_of(8, 700)));
    assert!(!a.measured.is_empty() && a.merge(&b).unwrap().measured.is_empty());
    let nothing = Profile { rows: 0, measured: Vec::new(), ..b };
    assert_eq!(a.merge(&nothing).unwrap().measured, a.measured);
    assert_eq!(nothing.merge(&a).unwrap().measured, a.measured);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn merged_halves_are_the_whole(seed in 0u64..10_000, n in 60usize..900, m in 60usize..900) {
        let all = rows_of(seed, n + m);
        let (a, b) = all.split_at(n);
        let (whole, merged) = (profile_of(&all), profile_of(a).merge(&profile_of(b)).unwrap());
        prop_assert_eq!(whole.rows, merged.rows);
        if let (Some(whole), Some(merged)) = (whole.events, merged.events) {
            prop_assert_eq!(whole, merged);
        }
        if let (Some(whole), Some(merged)) = (whole.decisions, merged.decisions) {
            prop_assert_eq!(whole, merged);
        }
        for (whole, merged) in whole.numeric.iter().zip(&merged.numeric) {
            prop_assert!((whole.mean - merged.mean).abs() < 1e-9);
            prop_assert!((whole.variance - merged.variance).abs() < 1e-7);
            prop_assert_eq!(whole.cells.total(), merged.cells.total());
        }
        let deployment = text_of(&rows_of(seed + 1, 300));
        let tables = || vec![data("t.csv", text_of(&all)), data("d.csv", deployment.clone())];
        let exact = evaluate(&pilot(), tables(), &requests(), &options()).unwrap();
        let of_profile = PilotSpec { development: None, ..pilot() };
        let mut wrong = Vec::new();
        for profile in [&whole, &merged] {
            let tables = vec![data("d.csv", deployment.clone())];
            let found = evaluate_with(&of_profile, tables, Some(profile), &requests(), &options()).unwrap();
            compare(&exact, &found, &mut wrong);
        }
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn no_small_count_can_be_read_or_told_by_subtraction(seed in 0u64..10_000, n in 30usize..900) {
        let rows = rows_of(seed, n);
        let made = profile_of(&rows);
        let large = |count: u64| count == 0 || count >= 11;
        // All that is known of the score is how many rows are below a place; every two places must be far apart.
        let score = made.score.clone().unwrap();
        prop_assert!(score.cells.rows.iter().chain(&made.numeric[0].cells.rows).all(|rows| large(*rows)));
        if let Some(classes) = &made.classes {
            prop_assert!(classes.edges.iter().all(|edge| score.cells.edges.contains(edge)));
            prop_assert!(classes.events.iter().chain(&classes.non_events).all(|rows| large(*rows)));
        }
        if let Some(decisions) = made.decisions {
            prop_assert!([decisions.tp, decisions.fp, decisions.fn_, decisions.tn].into_iter().all(large));
        }
        let column = &made.categorical[0];
        prop_assert!(column.counts.iter().all(|(_, rows)| large(*rows)) && large(column.others));
        prop_assert!(made.attributes[0].groups.iter().all(|group| large(group.rows)) && large(made.attributes[0].others));
        for told in &made.measured {
            let events = told.events.unwrap();
            prop_assert!(events >= 11 && told.n - events >= 11, "{:?}", told);
            prop_assert!(told.of.is_none() || made.attributes[0].others == 0);
        }
        // A number that only few rows have is nobody's edge.
        let own = |edge: &f64| rows.iter().filter(|row| row.2.total_cmp(edge).is_eq()).count();
        prop_assert!(made.numeric[0].cells.edges.iter().all(|edge| large(own(edge) as u64)));
    }
}
