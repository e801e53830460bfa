//! Ratings, surveys, workflow and explanations: what a user may write, what is measured, what is undefined.

use crate::bad_input::{deployment, refused};
use crate::pilot::{csv, data, named, one, request, table};
use etiology::diagnostic::Code;
use etiology::metrics::{
    Definition, Evaluation, Measurement, MetricIndex, MetricRequest, Options, ParamValue, definitions, evaluate,
};
use etiology::source::Spanned;
use etiology::table::{ColumnUse, CompanionSpec, OnMissing, PilotSpec, TableData, TableRole};
use proptest::prelude::*;

fn companion(role: TableRole, file: &str, columns: &[(ColumnUse, &[&str])]) -> CompanionSpec {
    let columns = columns.iter().map(|(column, names)| (*column, names.iter().map(|name| named(name)).collect()));
    CompanionSpec { role, table: table(file).unwrap(), columns: columns.collect(), worst: Vec::new() }
}

fn pilot_with(companions: Vec<CompanionSpec>) -> PilotSpec {
    PilotSpec { companions, threshold: Some(0.5), ..PilotSpec::default() }
}

fn ratings(text: &str, id: &str, params: &[(&str, ParamValue)]) -> Measurement {
    let pilot = pilot_with(vec![companion(TableRole::Ratings, "d.csv", &[(ColumnUse::Raters, &["r*"])])]);
    one(&pilot, vec![data("d.csv", text)], request(id, MetricIndex::Scalar, params), &Options::default()).remove(0)
}

const WORKFLOW: &[(ColumnUse, &[&str])] = &[
    (ColumnUse::Time, &["t"]),
    (ColumnUse::Interruptions, &["n"]),
    (ColumnUse::SatisfactionLoss, &["s"]),
    (ColumnUse::Alerts, &["alerts"]),
    (ColumnUse::Patients, &["patients"]),
    (ColumnUse::ClinicianDays, &["days"]),
    (ColumnUse::Overridden, &["overridden"]),
];

fn workflow(text: &str, id: &str, params: &[(&str, ParamValue)]) -> Measurement {
    let mut spec = companion(TableRole::Workflow, "d.csv", WORKFLOW);
    spec.worst = vec![(ColumnUse::Time, Spanned::new(20.0, named("20").span))];
    let wanted = request(id, MetricIndex::Scalar, params);
    one(&pilot_with(vec![spec]), vec![data("d.csv", text)], wanted, &Options::default()).remove(0)
}

fn reason(found: &Measurement) -> String {
    found.value.as_ref().unwrap_err().reason.clone()
}

/// Every definition of a companion table.
fn everything() -> Vec<MetricRequest> {
    let all = definitions().iter().filter_map(|spec| {
        let definition = Definition::new(spec.name, *spec.indices.first()?, &[]).ok()?;
        definition.companion()?;
        Some(MetricRequest { id: spec.name.to_owned(), definition, index: MetricIndex::Scalar })
    });
    let variants = [
        ("krippendorff_alpha", "level", "nominal"),
        ("krippendorff_alpha", "level", "interval"),
        ("icc", "form", "icc1"),
        ("icc", "form", "icc_c1"),
        ("icc", "form", "icc1_k"),
        ("icc", "form", "icc_ak"),
        ("icc", "form", "icc_ck"),
        ("alert_burden", "per", "clinician_day"),
        ("attribution_stability", "rank", "kendall"),
    ];
    let variants = variants.iter().map(|(id, name, word)| request(id, MetricIndex::Scalar, &[(name, (*word).into())]));
    all.chain(variants).collect()
}

/// One row of a table in which every companion has its columns; a rating of 0 stands for none.
type Row = (Vec<u8>, Vec<u8>, Vec<f64>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let share = (0u32..=20).prop_map(|part| f64::from(part) / 20.0);
    let row = (prop::collection::vec(0u8..=5, 3), prop::collection::vec(1u8..=5, 10), prop::collection::vec(share, 12));
    prop::collection::vec(row, 1..24)
}

fn all_of(rows: &[Row]) -> Evaluation {
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |name: &str, cell: &dyn Fn(&Row) -> String| {
        columns.push((name.to_owned(), rows.iter().map(cell).collect()));
    };
    for rater in 0..3 {
        let cell = |row: &Row| if row.0[rater] == 0 { String::new() } else { row.0[rater].to_string() };
        add(&format!("r{rater}"), &cell);
    }
    for question in 0..10 {
        add(&format!("q{question}"), &|row| row.1[question].to_string());
    }
    for (place, name) in ["t", "n", "s", "f", "g", "days", "a1", "a2", "a3", "b1", "b2", "b3"].iter().enumerate() {
        add(name, &|row| row.2[place].to_string());
    }
    add("alerts", &|row| (row.1[0] + row.1[1]).to_string());
    add("overridden", &|row| row.1[1].to_string());
    add("patients", &|row| row.0[0].to_string());
    let columns: Vec<(&str, Vec<String>)> = columns.iter().map(|(n, cells)| (n.as_str(), cells.clone())).collect();
    let mut specs = vec![
        companion(TableRole::Ratings, "d.csv", &[(ColumnUse::Raters, &["r*"])]),
        companion(
            TableRole::Survey,
            "d.csv",
            &[(ColumnUse::Answers, &["q*"]), (ColumnUse::Before, &["q1"]), (ColumnUse::After, &["q2"])],
        ),
        companion(TableRole::Workflow, "d.csv", WORKFLOW),
        companion(
            TableRole::Explanations,
            "d.csv",
            &[
                (ColumnUse::Model, &["f"]),
                (ColumnUse::Surrogate, &["g"]),
                (ColumnUse::First, &["a*"]),
                (ColumnUse::Second, &["b*"]),
            ],
        ),
        companion(
            TableRole::Estimates,
            "d.csv",
            &[
                (ColumnUse::Outcome, &["f"]),
                (ColumnUse::Estimate, &["g"]),
                (ColumnUse::Low, &["a1"]),
                (ColumnUse::High, &["b1"]),
            ],
        ),
    ];
    // `alerts` begins with an `a`, too.
    specs[3].columns[2].1 = vec![named("a1"), named("a2"), named("a3")];
    let options = Options { draws: 20, ..Options::default() };
    evaluate(&pilot_with(specs), vec![data("d.csv", csv(&columns))], &everything(), &options)
        .unwrap_or_else(|errors| panic!("{errors:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn values_lie_in_their_range_and_inside_their_interval(rows in rows()) {
        for found in all_of(&rows).measurements {
            let Ok(value) = found.value else { continue };
            let spec = definitions().iter().find(|spec| spec.name == found.metric).unwrap();
            prop_assert!(found.n > 0, "{}", found.definition);
            prop_assert!(value >= spec.low.unwrap_or(f64::NEG_INFINITY) - 1e-12, "{} {value}", found.definition);
            prop_assert!(value <= spec.high.unwrap_or(f64::INFINITY) + 1e-12, "{} {value}", found.definition);
            if let Some(ends) = found.interval {
                let inside = ends.low <= value + 1e-9 && value <= ends.high + 1e-9;
                prop_assert!(inside, "{} {value} {ends:?}", found.definition);
            }
        }
    }

    #[test]
    fn the_order_of_rows_is_irrelevant(rows in rows()) {
        let turned: Vec<Row> = rows.iter().rev().cloned().collect();
        for (a, b) in all_of(&rows).measurements.iter().zip(&all_of(&turned).measurements) {
            match (&a.value, &b.value) {
                (Ok(x), Ok(y)) => prop_assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0), "{} {x} {y}", a.definition),
                (x, y) => prop_assert_eq!(x.is_err(), y.is_err(), "{}", &a.definition),
            }
            let ends = |found: &Measurement| found.interval.as_ref().map_or([0.0; 2], |ends| [ends.low, ends.high]);
            for (x, y) in ends(a).into_iter().zip(ends(b)) {
                prop_assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0), "{} {x} {y}", a.definition);
            }
        }
    }

    #[test]
    fn no_rater_counts_before_another(rows in rows()) {
        let swapped: Vec<Row> = rows.iter().cloned().map(|mut row| { row.0.rotate_left(1); row }).collect();
        for (a, b) in all_of(&rows).measurements.iter().zip(&all_of(&swapped).measurements) {
            // The number of patients was taken from a rating.
            let of_ratings = a.table == Some(TableRole::Ratings);
            if let (true, Ok(x), Ok(y)) = (of_ratings, &a.value, &b.value) {
                prop_assert!((x - y).abs() <= 1e-9, "{} {x} {y}", a.definition);
            }
        }
    }
}

#[test]
fn ratings_in_long_form_are_what_they_are_in_wide_form() {
    let wide = "item,r1,r2,r3\na,1,2,2\nb,5,5,4\nc,3,,3\nd,2,2,1\n";
    let mut rows = vec!["item,rater,rating".to_owned()];
    for line in wide.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        rows.extend((1..4).filter(|r| !cells[*r].is_empty()).map(|r| format!("{},r{r},{}", cells[0], cells[r])));
    }
    rows[1..].reverse();
    let uses: &[(ColumnUse, &[&str])] =
        &[(ColumnUse::Item, &["item"]), (ColumnUse::Rater, &["rater"]), (ColumnUse::Rating, &["rating"])];
    let pilot = pilot_with(vec![companion(TableRole::Ratings, "d.csv", uses)]);
    for id in ["interpretability_score", "krippendorff_alpha", "icc", "percent_agreement"] {
        let tables = vec![data("d.csv", rows.join("\n"))];
        let long = one(&pilot, tables, request(id, MetricIndex::Scalar, &[]), &Options::default()).remove(0);
        assert_eq!(long, ratings(wide, id, &[]), "{id}");
        assert!(long.value.is_ok(), "{long:?}");
    }
}

#[test]
fn agreement_says_why_it_has_no_value() {
    let constant = "r1,r2\n3,3\n3,3\n3,3\n";
    for id in ["krippendorff_alpha", "cohen_kappa", "fleiss_kappa", "icc"] {
        assert!(ratings(constant, id, &[]).value.is_err(), "{id}");
    }
    let same = ratings(constant, "percent_agreement", &[]);
    assert_eq!((same.value, same.n), (Ok(1.0), 3));
    assert!(reason(&ratings("r1,r2,r3\n1,2,3\n2,2,3\n", "cohen_kappa", &[])).contains("3 raters"));
    assert!(reason(&ratings("r1,r2,r3\n1,2,3\n2,,3\n", "fleiss_kappa", &[])).contains("Krippendorff"));
    assert!(reason(&ratings("r1,r2\n1,\n,3\n", "krippendorff_alpha", &[])).contains("no item has two ratings"));
    assert!(reason(&ratings("r1,r2\n1,\n,3\n", "icc", &[])).contains("fewer than two items"));
    // An item that someone did not rate is left out, and said to be.
    let partly = ratings("r1,r2\n1,2\n4,5\n3,\n5,5\n", "icc", &[]);
    assert_eq!((partly.n, partly.notes.len()), (3, 1), "{partly:?}");
}

#[test]
fn disruption_and_alerts_are_as_worked_out_by_hand() {
    let text = "t,n,s,alerts,patients,days,overridden\n10,0.5,0,30,60,2,27\n40,0,1,10,40,2,3\n5,,1,,40,1,3\n";
    let close = |found: &Measurement, expected: f64| {
        let value = *found.value.as_ref().unwrap();
        assert!((value - expected).abs() < 1e-12, "{found:?}");
    };
    let disruption = workflow(text, "workflow_disruption", &[]);
    // (0.5 · 0.5 + 0.3 · 0.5 + 0.2 · 0 + 0.5 · 1 + 0.2 · 1) / 2; forty minutes are no worse than twenty.
    close(&disruption, 0.55);
    assert_eq!(disruption.definition, "workflow_disruption(alpha 0.5, beta 0.3, gamma 0.2)");
    assert!(disruption.notes[0].contains("time divided by 20"), "{:?}", disruption.notes);
    assert!(disruption.notes[1].contains("1 row left out"), "{:?}", disruption.notes);
    close(&workflow(text, "alert_burden", &[]), 40.0);
    close(&workflow(text, "alert_burden", &[("per", "clinician_day".into())]), 10.0);
    let overridden = workflow(text, "override_rate", &[]);
    close(&overridden, 0.75);
    assert_eq!((overridden.n, overridden.interval.unwrap().method), (40, "Wilson"));
    let heavy = workflow(text, "workflow_disruption", &[("alpha", 0.9.into())]);
    assert!(reason(&heavy).contains("add up to 1.4"), "{heavy:?}");
    let more = text.replace(",27\n", ",31\n");
    assert!(reason(&workflow(&more, "override_rate", &[])).contains("more overridden alerts than alerts"));
}

#[test]
fn attributions_without_ranks_are_left_out_and_counted() {
    let uses: &[(ColumnUse, &[&str])] = &[(ColumnUse::First, &["a*"]), (ColumnUse::Second, &["b*"])];
    let pilot = pilot_with(vec![companion(TableRole::Explanations, "d.csv", uses)]);
    let text = "a1,a2,a3,b1,b2,b3\n1,2,3,1,2,3\n1,2,3,3,2,1\n2,2,2,1,2,3\n1,2,,1,2,3\n";
    let of = |id: &str, params: &[(&str, ParamValue)]| {
        one(&pilot, vec![data("d.csv", text)], request(id, MetricIndex::Scalar, params), &Options::default()).remove(0)
    };
    let stable = of("attribution_stability", &[]);
    assert_eq!((stable.value, stable.n), (Ok(0.0), 2));
    assert!(stable.notes[0].contains("all equal") && stable.notes[1].contains("missing"), "{:?}", stable.notes);
    assert_eq!(of("attribution_stability", &[("rank", "kendall".into())]).value, Ok(0.0));
    assert!(reason(&of("attribution_top_k", &[("k", 4.0.into())])).contains("fewer features"));
    let unnamed = of("explanation_fidelity_error", &[]);
    assert!(reason(&unnamed).contains("`model` and `surrogate`"), "{unnamed:?}");
}

#[test]
fn respondents_with_a_gap_are_refused_or_left_out_as_the_manifest_says() {
    let mut pilot = pilot_with(vec![companion(TableRole::Survey, "d.csv", &[(ColumnUse::Answers, &["q*"])])]);
    let text = "q1,q2,q3,q4,q5,q6,q7,q8,q9,q10\n5,1,5,1,5,1,5,1,5,1\n3,3,3,3,3,3,3,3,3,\n";
    let tables = || -> Vec<TableData> { vec![data("d.csv", text)] };
    let wanted = || request("sus", MetricIndex::Scalar, &[]);
    let errors = evaluate(&pilot, tables(), &[wanted()], &Options::default()).unwrap_err();
    assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), [Code::D111]);
    pilot.on_missing = OnMissing::Drop;
    let found = one(&pilot, tables(), wanted(), &Options::default()).remove(0);
    assert_eq!((found.value, found.n), (Ok(100.0), 1));
    assert!(found.notes.iter().any(|note| note.contains("1 row left out")), "{:?}", found.notes);
}

#[test]
fn a_change_of_trust_is_tested_within_respondents() {
    let p = |text: &str, test: &str| {
        let columns: &[(ColumnUse, &[&str])] = &[(ColumnUse::Before, &["a"]), (ColumnUse::After, &["b"])];
        let pilot = pilot_with(vec![companion(TableRole::Survey, "d.csv", columns)]);
        let wanted = request("trust_change_p", MetricIndex::Scalar, &[("test", test.into())]);
        one(&pilot, vec![data("d.csv", text)], wanted, &Options::default()).remove(0)
    };
    // Changes 1, 2, 0, 3, -1: mean 1, variance 2.5, t = 1 / sqrt(0.5), 4 degrees of freedom.
    let text = "a,b\n1,2\n2,4\n3,3\n1,4\n4,3\n";
    assert!((p(text, "t").value.unwrap() - 0.230_2).abs() < 1e-4);
    // Ranks 1.5, 3, 4 up and 1.5 down: 8.5 against 5, variance (4 5 9 - 6 / 2) / 24.
    assert!((p(text, "wilcoxon").value.unwrap() - 0.197_4).abs() < 1e-4);
    let turned = "b,a\n1,2\n2,4\n3,3\n1,4\n4,3\n";
    for test in ["t", "wilcoxon"] {
        assert_eq!(p(text, test).value, p(turned, test).value, "{test}");
    }
    assert!(reason(&p("a,b\n1,2\n2,3\n", "t")).contains("alike"));
    assert!(reason(&p("a,b\n1,2\n", "t")).contains("fewer than two"));
    assert!(reason(&p("a,b\n1,1\n2,2\n", "wilcoxon")).contains("no respondent's trust changed"));
}

#[test]
fn intervals_hold_what_lies_on_their_ends() {
    let uses: &[(ColumnUse, &[&str])] = &[
        (ColumnUse::Outcome, &["y"]),
        (ColumnUse::Estimate, &["e"]),
        (ColumnUse::Low, &["low"]),
        (ColumnUse::High, &["high"]),
    ];
    let pilot = pilot_with(vec![companion(TableRole::Estimates, "d.csv", uses)]);
    let of = |id: &str, text: &str| {
        one(&pilot, vec![data("d.csv", text)], request(id, MetricIndex::Scalar, &[]), &Options::default()).remove(0)
    };
    let text = "y,e,low,high\n1,2,1,3\n3,2,1,3\n5,2,1,3\n,2,1,3\n3,3,,\n";
    let covered = of("interval_coverage", text);
    assert_eq!((covered.value, covered.n, covered.notes.len()), (Ok(2.0 / 3.0), 3, 1));
    assert_eq!(of("mae", text).value, Ok(1.25));
    assert_eq!(of("rmse", text).value, Ok((11.0f64 / 4.0).sqrt()));
    let constant = of("r2", "y,e,low,high\n0.1,2,1,3\n0.1,1,1,3\n0.1,1,1,3\n");
    assert!(reason(&constant).contains("the same in every row"), "{constant:?}");
}

/// What the page shows is what the example's manifest says, where it has such a table.
#[test]
fn the_page_shows_blocks_that_run() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let (page, example) = (read("docs/companions.md"), read("examples/triage-trial-made-up/deployment.yaml"));
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let shown = blocks.iter().filter(|block| example.contains(*block)).count();
    assert_eq!((blocks.len(), shown), (5, 4));
    let own = manifest(blocks.last().unwrap());
    let table = b"days,days_foretold,days_low,days_high\n3,4,2,6\n9,4,2,6\n";
    let found = deployment(&[("deployment.yaml", own.as_bytes()), ("stays.csv", table)]).run(&["metrics", "."]);
    assert_eq!((found.status, found.stderr.as_str()), (0, ""));
    let found = crate::program::run(&["metrics", "examples/triage-trial-made-up"]);
    assert_eq!((found.status, found.stderr.as_str()), (0, ""));
    for figure in ["explanation.rating", "explanation.rater_agreement", "workflow.sus", "alerts.per_100_patients"] {
        let line = found.stdout.lines().find(|line| line.contains(figure)).unwrap_or_else(|| panic!("{figure}"));
        assert!(!line.contains("no "), "{line}");
    }
}

/// The manifest of a deployment with one companion table.
fn manifest(block: &str) -> String {
    format!("deployment: {{id: here}}\npack: pack.etio\n{block}")
}

#[track_caller]
fn refused_with(name: &str, code: Code, block: &str, file: &str, text: &str) {
    refused(name, code, &[("deployment.yaml", manifest(block).as_bytes()), (file, text.as_bytes())]);
}

#[test]
fn companion_tables_that_cannot_be_meant() {
    let ratings =
        |name, code, block: &str| refused_with(name, code, block, "ratings.csv", "item,ann,ben\n1,4,6\n2,3,2\n");
    ratings("companion-key", Code::D302, "ratings: {file: ratings.csv, ratrs: [ann], raters: [ben]}\n");
    ratings("companion-no-columns", Code::D304, "ratings: {file: ratings.csv}\n");
    ratings("companion-no-file", Code::D304, "ratings: {raters: [ann, ben]}\n");
    ratings("companion-half", Code::D304, "ratings: {file: ratings.csv, item: item, rater: ann}\n");
    let both = "ratings: {file: ratings.csv, raters: [ann], item: item, rater: ann, rating: ben}\n";
    ratings("companion-both", Code::D307, both);
    ratings("companion-column", Code::D106, "ratings: {file: ratings.csv, raters: [anne, ben]}\n");
    ratings("companion-pattern", Code::D107, "ratings: {file: ratings.csv, raters: \"r*\"}\n");
    ratings("companion-range", Code::D120, "ratings: {file: ratings.csv, raters: [ann, ben]}\n");
    ratings("companion-not-there", Code::X001, "ratings: {file: rating.csv, raters: [ann, ben]}\n");
    ratings("companion-where", Code::D112, "ratings: {file: ratings.csv, where: {item: 3}, raters: [ann]}\n");
    let work = |name, code, block: &str| refused_with(name, code, block, "work.csv", "t,n,s\n3,0.5,0.2\n0,0,0\n");
    let parts = "workflow: {file: work.csv, time: t, interruptions: n, satisfaction_loss: s";
    work("companion-scale", Code::D120, &format!("{parts}}}\n"));
    work("companion-worst", Code::D306, &format!("{parts}, worst: {{time: 0}}}}\n"));
    work("companion-worst-key", Code::D302, &format!("{parts}, worst: {{tim: 30}}}}\n"));
    let runs = "explanations: {file: work.csv, first_run: [t, n], second_run: [s]}\n";
    work("companion-runs", Code::D121, runs);
}

/// A figure from a table stands where a stated one would, and not beside it.
#[test]
fn the_shipped_pack_takes_a_survey_in_place_of_a_stated_figure() {
    let survey = "survey: {file: sus.csv, answers: \"q*\"}\n";
    let stated = "inputs: {workflow.sus: 70}\n";
    let answers = "q1,q2,q3,q4,q5,q6,q7,q8,q9,q10\n1,5,2,4,1,5,2,5,1,4\n2,4,1,5,2,5,1,4,2,5\n";
    let run = |rest: &str, command: &[&str]| {
        let manifest = format!("deployment: {{id: here}}\npack: healthcare\n{rest}");
        deployment(&[("deployment.yaml", manifest.as_bytes()), ("sus.csv", answers.as_bytes())]).run(command)
    };
    let why = run(survey, &["why", "workflow.hard_to_use", "."]);
    assert!(why.stdout.contains("sus.csv (survey)"), "{}{}", why.stdout, why.stderr);
    assert_eq!(run(stated, &["assess", "."]).stderr, "");
    let both = run(&format!("{survey}{stated}"), &["assess", "."]);
    assert!(both.stderr.contains("D307") && both.stderr.contains("sus"), "{}", both.stderr);
}
