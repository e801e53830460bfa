//! Rows that stand for different numbers of patients.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::metrics::everything;
use crate::pilot::{cells, csv, data, named, one, request, scored, value};
use etiology::diagnostic::Code;
use etiology::metrics::{Evaluation, Measurement, MetricIndex, OneClass, Options, evaluate};
use etiology::table::{OnMissing, PilotSpec, TableData};
use proptest::prelude::*;

/// A row as score, label, group and weight.
type Row = (f64, bool, u8, f64);

fn pilot(weighted: bool) -> PilotSpec {
    let mut pilot = scored();
    pilot.threshold = Some(0.5);
    pilot.columns.groups = vec![("group".into(), named("g"))];
    pilot.columns.weight = weighted.then(|| named("w"));
    pilot
}

fn tables(rows: &[Row]) -> Vec<TableData> {
    let table = csv(&[
        ("y", cells(rows.iter().map(|row| u8::from(row.1)))),
        ("s", cells(rows.iter().map(|row| row.0))),
        ("g", cells(rows.iter().map(|row| ["a", "b", "c"][usize::from(row.2) % 3]))),
        ("w", cells(rows.iter().map(|row| row.3))),
    ]);
    vec![data("d.csv", table)]
}

fn found(rows: &[Row], weighted: bool) -> Evaluation {
    let options = Options { one_class: OneClass::Allow, draws: 40, ..Options::default() };
    evaluate(&pilot(weighted), tables(rows), &everything(), &options).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Whether a measurement is of weighted rows.
fn is_weighted(measurement: &Measurement) -> bool {
    !matches!(measurement.metric.as_str(), "rows" | "events")
        && measurement.notes.iter().all(|note| !note.starts_with("every row counts once here"))
}

/// Eighty rows made without randomness, so that another program can make them too.
fn eighty() -> Vec<Row> {
    let row = |k: u32| {
        let (u, v) = ((f64::from(k * 37 % 80) + 0.5) / 80.0, (f64::from(k * 53 % 80) + 0.5) / 80.0);
        let score = ((0.05 + 0.9 * u) * 100.0).round() / 100.0;
        (score, v < 0.15 + 0.7 * score, (k % 5) as u8, 0.5 + f64::from(k * 29 % 16) / 4.0)
    };
    (0..80).map(row).collect()
}

/// Values by scikit-learn 1.9.1 (`sample_weight`) and statsmodels 0.15.0 (`GLM` with weights).
#[test]
fn weighted_values_are_those_of_other_libraries() {
    let expected = [
        ("auroc", 0.7255440055440054),
        ("auprc", 0.7592441121767606),
        ("brier", 0.21558157894736843),
        ("log_loss", 0.6199322816505063),
        ("sensitivity", 0.6512820512820513),
        ("specificity", 0.6594594594594595),
        ("ppv", 0.6684210526315789),
        ("f1", 0.6597402597402597),
        ("mcc", 0.31063389463066726),
        ("balanced_accuracy", 0.6553707553707554),
        ("accuracy", 0.6552631578947369),
        ("true_positives", 63.5),
        ("prevalence", 0.5131578947368421),
        ("ece", 0.08978947368421052),
        ("calibration_slope", 0.6929650706538314),
        ("calibration_in_the_large", 0.04174438127411492),
    ];
    let evaluation = found(&eighty(), true);
    for (metric, expected) in expected {
        let value = value(&evaluation, metric, None);
        assert!((value - expected).abs() < 1e-9, "{metric} {value} {expected}");
    }
    // The sandwich by numpy, on the same fit.
    for (metric, se) in [("calibration_slope", 0.2154823987849567), ("calibration_in_the_large", 0.3174749818098603)] {
        let measured = evaluation.measurements.iter().find(|found| found.metric == metric).unwrap();
        let ends = measured.interval.as_ref().unwrap();
        assert!(((ends.high - ends.low) / 2.0 / 1.959_963_984_540_054 - se).abs() < 1e-7, "{metric} {ends:?}");
    }
}

#[test]
fn a_pilot_says_which_measures_count_every_row_once() {
    let evaluation = found(&eighty(), true);
    let note = |metric: &str| {
        let measured = evaluation.measurements.iter().find(|found| found.metric == metric).unwrap();
        !is_weighted(measured)
    };
    assert!(note("label_issues_share"));
    assert!(!note("auroc") && !note("equalized_odds") && !note("subgroup_p"));
    assert!(
        found(&eighty(), false)
            .measurements
            .iter()
            .all(|found| found.metric == "rows" || found.metric == "events" || is_weighted(found))
    );
}

#[test]
fn weights_count_without_a_score_and_without_a_label_too() {
    let table = || vec![data("d.csv", "y,s,g,w\n0,0.2,a,1\n1,0.7,b,3\n1,0.9,a,2\n0,0.6,b,4\n")];
    let mut labelled = pilot(true);
    labelled.columns.score = None;
    let prevalence = one(&labelled, table(), request("prevalence", MetricIndex::Scalar, &[]), &Options::default());
    assert_eq!(prevalence[0].value, Ok(0.5));
    let mut scored = pilot(true);
    scored.columns.label = None;
    let alerts = one(&scored, table(), request("alert_rate", MetricIndex::Scalar, &[]), &Options::default());
    assert_eq!(alerts[0].value, Ok(0.9));
}

#[test]
fn weights_are_more_than_nothing_and_none_is_missing() {
    for (cell, code) in
        [("-1", Code::D120), ("0", Code::D120), ("inf", Code::D108), ("", Code::D111), ("x", Code::D108)]
    {
        let table = format!("y,s,g,w\n0,0.2,a,1\n1,0.7,b,{cell}\n");
        let wanted = request("auroc", MetricIndex::Scalar, &[]);
        let errors = evaluate(
            &pilot(true),
            vec![data("d.csv", table.clone())],
            std::slice::from_ref(&wanted),
            &Options::default(),
        );
        assert_eq!(errors.unwrap_err().iter().map(|error| error.code).collect::<Vec<_>>(), [code], "{cell}");
        if code == Code::D111 {
            let mut dropping = pilot(true);
            dropping.on_missing = OnMissing::Drop;
            let table = format!("{table}0,0.1,a,2\n1,0.9,a,3\n");
            let found = one(&dropping, vec![data("d.csv", table)], wanted, &Options::default());
            assert_eq!(found[0].n, 3);
        }
    }
}

fn rows(weight: impl Strategy<Value = f64>) -> impl Strategy<Value = Vec<Row>> {
    let score = (1u32..100).prop_map(|score| f64::from(score) / 100.0);
    prop::collection::vec((score, any::<bool>(), 0u8..9, weight), 4..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Equal weights change nothing at all: not a value, not an interval, not a floor.
    #[test]
    fn equal_weights_are_no_weights(rows in rows(Just(1.0)), unit in 0.01..50.0) {
        let weighted: Vec<Row> = rows.iter().map(|row| (row.0, row.1, row.2, unit)).collect();
        for (a, b) in found(&rows, false).measurements.iter().zip(&found(&weighted, true).measurements) {
            let counts = ["true_positives", "false_positives", "false_negatives", "true_negatives"];
            if !is_weighted(b) || counts.contains(&a.metric.as_str()) || a.definition.contains("bootstrap") {
                continue;
            }
            let near = |x: f64, y: f64| (x - y).abs() <= 1e-7 * x.abs().max(1.0);
            match (&a.value, &b.value) {
                (Ok(x), Ok(y)) => prop_assert!(near(*x, *y), "{} {x} {y}", a.definition),
                (x, y) => prop_assert_eq!(x.is_err(), y.is_err(), "{}", &a.definition),
            }
            match (&a.interval, &b.interval) {
                // Of two groups that do equally badly, rounding picks the one that is named.
                _ if a.metric == "worst_group" => {}
                (Some(x), Some(y)) if a.metric != "calibration_slope" && a.metric != "calibration_in_the_large" => {
                    prop_assert!(near(x.low, y.low) && near(x.high, y.high), "{} {x:?} {y:?}", a.definition);
                }
                (x, y) => prop_assert_eq!(x.is_some(), y.is_some(), "{}", &a.definition),
            }
            match (&a.floor, &b.floor) {
                (Some(x), Some(y)) => prop_assert!(near(x.mean, y.mean) && near(x.p95, y.p95), "{} {x:?} {y:?}", a.definition),
                (x, y) => prop_assert_eq!(x.is_some(), y.is_some(), "{}", &a.definition),
            }
        }
    }

    /// A row of weight three has the value of three rows; it is less certain, since it was seen once.
    #[test]
    fn a_weight_is_that_many_rows(rows in rows((1u8..4).prop_map(f64::from))) {
        let repeated: Vec<Row> = rows.iter().flat_map(|row| std::iter::repeat_n(*row, row.3 as usize)).collect();
        let by_rows = ["equal_mass", "interval bootstrap", "subgroup_p", "ece_debiased"];
        for (a, b) in found(&rows, true).measurements.iter().zip(&found(&repeated, false).measurements) {
            // Quantiles of rows, and what takes chance into account, know how many rows there are.
            if !is_weighted(a) || by_rows.iter().any(|words| a.definition.contains(words)) {
                continue;
            }
            if let (Ok(x), Ok(y)) = (&a.value, &b.value) {
                prop_assert!((x - y).abs() <= 1e-7 * x.abs().max(1.0), "{} {x} {y}", a.definition);
            }
            let width = |found: &Measurement| found.interval.as_ref().map(|ends| ends.high - ends.low);
            if let (Some(x), Some(y), "auroc") = (width(a), width(b), a.metric.as_str()) {
                prop_assert!(x >= y - 1e-9, "{} {x} {y}", a.definition);
            }
        }
    }
}
