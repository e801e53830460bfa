//! The precision `approximate`: what needs no rounding is as exact as ever, and all else is as near as it says.

use crate::metrics::{everything, two_tables};
use crate::pilot::{cells, csv, data, named, scored, table};
use etiology::facts::parse_manifest;
use etiology::metrics::{Evaluation, Measurement, MetricRequest, OneClass, Options, evaluate};
use etiology::source::SourceMap;
use etiology::table::{Content, Format, PilotSpec, Precision, TableData};
use proptest::prelude::*;

const ROW_BY_ROW: &str = "it needs the rows one by one, and at the precision `approximate` none is kept";

fn evaluated(
    pilot: &PilotSpec,
    tables: Vec<TableData>,
    precision: Precision,
    requests: &[MetricRequest],
) -> Evaluation {
    let pilot = PilotSpec { precision, ..pilot.clone() };
    let options = Options { one_class: OneClass::Allow, draws: 20, ..Options::default() };
    evaluate(&pilot, tables, requests, &options).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// What is measured without the rows; the rest would take a large table minutes.
fn of_bounded_memory() -> Vec<MetricRequest> {
    let slow = ["drift_", "threshold_effect", "mmd", "ensemble_", "auroc_difference", "brier_difference", "mcnemar"];
    let is_slow = |request: &MetricRequest| slow.iter().any(|start| request.id.starts_with(start));
    everything().into_iter().filter(|request| !is_slow(request)).collect()
}

/// Says what is not within its stated error of the exact value, and counts what has a value in both.
fn compare(exact: &Evaluation, near: &Evaluation, wrong: &mut Vec<String>) -> usize {
    let mut compared = 0;
    assert_eq!(exact.measurements.len(), near.measurements.len());
    for (exact, near) in exact.measurements.iter().zip(&near.measurements) {
        let place = format!("{} {:?}", near.definition, near.element);
        assert_eq!((&exact.metric, &exact.element), (&near.metric, &near.element));
        match (&exact.value, &near.value) {
            (Ok(a), Ok(b)) => {
                compared += 1;
                if exact.n != near.n || exact.events != near.events {
                    wrong.push(format!("{place}: {} rows and not {}", near.n, exact.n));
                }
                if (a - b).abs() > near.error.unwrap() + 1e-9 * a.abs().max(1.0) {
                    wrong.push(format!("{place}: {b} within {:?}, but {a}", near.error));
                }
            }
            (Ok(_), Err(reason)) if reason.reason == ROW_BY_ROW => {}
            (Err(a), Err(b)) if a == b || b.reason == ROW_BY_ROW => {}
            (a, b) => wrong.push(format!("{place}: {b:?} and not {a:?}")),
        }
    }
    compared
}

/// Rows of a score, a label, a group, a period, a feature and a weight, without randomness.
fn rows(n: u32) -> Vec<(f64, u8, u32, u32, f64, f64)> {
    let part = |row: u32, step: u64| (u64::from(row) * step % 1_000_003) as f64 / 1_000_003.0;
    let row = |row: u32| {
        let (u, v, w) = (part(row, 618_034), part(row, 414_214), part(row, 732_051));
        let score = 1.0 / (1.0 + (3.0 - 5.0 * u - 2.0 * w * w).exp());
        let group = (w * 3.3) as u32;
        (score, u8::from(v < 0.9 * score + 0.02 * f64::from(group)), group, row % 4, (u - 0.5) * 100.0 + w, 0.5 + w)
    };
    (0..n).map(row).collect()
}

fn tables(rows: &[(f64, u8, u32, u32, f64, f64)]) -> Vec<TableData> {
    let of = |rows: &[(f64, u8, u32, u32, f64, f64)]| {
        csv(&[
            ("s", cells(rows.iter().map(|row| row.0))),
            ("y", cells(rows.iter().map(|row| row.1))),
            ("g", cells(rows.iter().map(|row| ["a", "b", "c", "d"][row.2 as usize]))),
            ("p", cells(rows.iter().map(|row| row.3))),
            ("x", cells(rows.iter().map(|row| row.4))),
            ("w", cells(rows.iter().map(|row| row.5))),
        ])
    };
    let (old, new) = rows.split_at(rows.len() / 6);
    vec![data("t.csv", of(old)), data("d.csv", of(new))]
}

fn pilot(weighted: bool) -> PilotSpec {
    let mut pilot = scored();
    pilot.development = table("t.csv");
    pilot.threshold = Some(0.4);
    pilot.columns.groups = vec![("group".into(), named("g"))];
    pilot.columns.period = Some(named("p"));
    pilot.columns.numeric = vec![named("x")];
    pilot.columns.categorical = vec![named("g")];
    pilot.columns.weight = weighted.then(|| named("w"));
    pilot
}

#[test]
fn what_is_rounded_is_within_its_stated_error() {
    let (rows, requests) = (rows(90_000), of_bounded_memory());
    for weighted in [false, true] {
        let exact = evaluated(&pilot(weighted), tables(&rows), Precision::Exact, &requests);
        let near = evaluated(&pilot(weighted), tables(&rows), Precision::Approximate, &requests);
        let mut wrong = Vec::new();
        assert!(compare(&exact, &near, &mut wrong) > 150);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let error = |metric: &str| {
            let found = near.measurements.iter().find(|found| found.metric == metric && found.element.is_none());
            found.and_then(|found| found.error).unwrap()
        };
        // At a threshold nothing is rounded; elsewhere by little, and by something.
        assert!(error("sensitivity") <= 0.0);
        assert!(error("auroc") > 0.0 && error("auroc") < 1e-4 && error("brier") < 1e-4 && error("ece") < 1e-4);
    }
}

#[test]
fn neither_order_nor_batches_can_be_seen() {
    let (rows, requests) = (rows(90_000), of_bounded_memory());
    let whole = evaluated(&pilot(false), tables(&rows), Precision::Approximate, &requests);
    let turned: Vec<_> = {
        let (old, new) = rows.split_at(rows.len() / 6);
        old.iter().rev().chain(new.iter().rev()).copied().collect()
    };
    let turned = evaluated(&pilot(false), tables(&turned), Precision::Approximate, &requests);
    // Three files are three batches at the least.
    let in_parts = |table: TableData| {
        let Content::Memory(bytes) = table.content else { panic!("a table of another kind") };
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let (head, body) = text.split_once('\n').unwrap();
        let lines: Vec<&str> = body.lines().collect();
        let part = |(place, lines): (usize, &[&str])| {
            let text = format!("{head}\n{}\n", lines.join("\n"));
            (format!("part-{place}.csv"), Content::Memory(text.into_bytes().into()))
        };
        let parts = lines.chunks(lines.len() / 3 + 1).enumerate().map(part).collect();
        TableData { file: table.file, format: Format::Csv, content: Content::Several(parts) }
    };
    let parted = tables(&rows).into_iter().map(in_parts).collect();
    let parted = evaluated(&pilot(false), parted, Precision::Approximate, &requests);
    let values = |evaluation: &Evaluation| {
        let of = |found: &Measurement| (found.value.clone().map(f64::to_bits), found.error.map(f64::to_bits));
        evaluation.measurements.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(values(&whole), values(&turned));
    assert_eq!(values(&whole), values(&parted));
}

#[test]
fn the_manifest_asks_for_it() {
    let text = "deployment: {id: d}\nprecision: approximate\n";
    let mut sources = SourceMap::default();
    let id = sources.add("deployment.yaml", text);
    assert_eq!(parse_manifest(id, &sources).unwrap().pilot.precision, Precision::Approximate);
    let mut sources = SourceMap::default();
    let id = sources.add("deployment.yaml", "deployment: {id: d}\nprecision: rough\n");
    let problems = parse_manifest(id, &sources).unwrap_err();
    assert!(format!("{problems:?}").contains("approximate"), "{problems:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_not_rounded_is_exact(
        rows in prop::collection::vec(((1u32..1000).prop_map(|s| f64::from(s) / 1000.0), any::<bool>(), 0u8..9), 4..120),
        min_cell in 0u64..12,
    ) {
        let (mut pilot, tables) = two_tables(&rows);
        pilot.min_cell = min_cell;
        let exact = evaluated(&pilot, tables, Precision::Exact, &everything());
        let near = evaluated(&pilot, two_tables(&rows).1, Precision::Approximate, &everything());
        let mut wrong = Vec::new();
        compare(&exact, &near, &mut wrong);
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        prop_assert_eq!(exact.subgroups, near.subgroups);
        prop_assert!(near.measurements.iter().all(|found| found.error.is_none_or(|error| error <= 0.0)));
    }
}
