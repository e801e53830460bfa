//! Change over time: what is noticed, when, how often in vain, and periods as an index set.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test stops at the first surprise")]

use crate::pilot::{cells, csv, data, named, one, request, scored, table};
use etiology::metrics::{Measurement, MetricIndex, MetricRequest, Options, ParamValue, evaluate};
use etiology::table::{PilotSpec, TableData};

/// Months of 80 rows; from month `from` on, three times as many events as foretold. Development is as foretold.
fn months(count: usize, from: usize) -> (PilotSpec, Vec<TableData>) {
    let table_of = |months: std::ops::Range<usize>, from: usize| {
        let row = |month: usize, row: usize| {
            let often = if month < from { 10 } else { 30 };
            let event = (row * 37 + month * 11) % 100 < often;
            (u8::from(event), format!("2025-{:02}", month + 1))
        };
        let rows: Vec<(u8, String)> = months.flat_map(|month| (0..80).map(move |k| row(month, k))).collect();
        csv(&[
            ("y", cells(rows.iter().map(|row| row.0))),
            ("s", cells(rows.iter().enumerate().map(|(k, _)| (k % 10) as f64 / 50.0))),
            ("month", cells(rows.iter().map(|row| row.1.clone()))),
            ("lab", cells(rows.iter().enumerate().map(|(k, row)| f64::from(row.0) * 2.0 + (k % 7) as f64))),
        ])
    };
    let mut pilot = PilotSpec { development: table("t.csv"), threshold: Some(0.5), min_cell: 11, ..scored() };
    pilot.columns.period = Some(named("month"));
    pilot.columns.numeric = vec![named("lab")];
    (pilot, vec![data("t.csv", table_of(0..25, 99)), data("d.csv", table_of(0..count, from))])
}

fn number(found: &Measurement) -> f64 {
    *found.value.as_ref().unwrap_or_else(|reason| panic!("{}: {reason}", found.definition))
}

fn all(pilot: &PilotSpec, tables: Vec<TableData>, requests: &[MetricRequest]) -> Vec<Measurement> {
    evaluate(pilot, tables, requests, &Options::default()).unwrap_or_else(|errors| panic!("{errors:#?}")).measurements
}

fn charts() -> Vec<MetricRequest> {
    let names = ["drift_cusum", "drift_ewma", "drift_page_hinkley", "drift_adwin"];
    names.map(|name| request(name, MetricIndex::Scalar, &[])).to_vec()
}

#[test]
fn a_change_is_noticed_after_it_came_and_nothing_is_noticed_without_one() {
    let (pilot, tables) = months(12, 99);
    for found in all(&pilot, tables, &charts()) {
        assert!(number(&found) < 1.0 && found.notes[0].starts_with("no alarm in "), "{found:?}");
        assert!(found.floor.as_ref().unwrap().p95 <= 1.05, "{found:?}");
    }
    let (pilot, tables) = months(12, 6);
    let found = all(&pilot, tables, &charts());
    for chart in &found[..2] {
        assert!(number(chart) > 1.5, "{chart:?}");
        assert!(chart.notes[0].ends_with("first in `2025-07`"), "the first month of change: {:?}", chart.notes);
        assert!(chart.notes[1].contains("from 2000 rows of development"), "{:?}", chart.notes);
        assert!((chart.floor.as_ref().unwrap().p95 - 1.0).abs() < 1e-9, "5 in 100 alarm by the wanted rate");
    }
    assert!(number(&found[3]) > 1.0 && found[3].notes[0].contains("period `2025-0"), "{:?}", found[3].notes);
}

#[test]
fn what_a_chart_shows_can_be_chosen() {
    let shows = |what: &str| {
        let (pilot, tables) = months(12, 6);
        one(&pilot, tables, request("drift_cusum", MetricIndex::Scalar, &[("shows", what.into())]), &Options::default())
    };
    assert_eq!(shows("first_alarm")[0].value, Ok(7.0));
    assert_eq!(shows("alarms")[0].value, Ok(6.0));
    let (pilot, tables) = months(12, 6);
    let weekly = request("drift_cusum", MetricIndex::Scalar, &[("batch", "week".into())]);
    let found = one(&pilot, tables, weekly, &Options::default());
    assert!(found[0].value.as_ref().unwrap_err().reason.contains("`2025-01` is not a date"), "{found:?}");
    let (pilot, tables) = months(12, 99);
    let never = request("drift_cusum", MetricIndex::Scalar, &[("shows", "first_alarm".into())]);
    assert_eq!(
        one(&pilot, tables, never, &Options::default())[0].value.as_ref().unwrap_err().reason,
        "there was no alarm"
    );
}

#[test]
fn the_level_can_be_that_of_the_first_periods() {
    let (mut pilot, tables) = months(12, 6);
    pilot.development = None;
    let of = |params: &[(&str, ParamValue)]| {
        let (_, tables) = months(12, 6);
        one(&pilot, tables, request("drift_ewma", MetricIndex::Scalar, params), &Options::default()).remove(0)
    };
    drop(tables);
    assert!(of(&[]).value.unwrap_err().reason.contains("give `baseline` a number of first periods"));
    let found = of(&[("baseline", ParamValue::from(5.0))]);
    assert!(number(&found) > 1.0 && found.notes[1].contains("from 400 rows of the first 5 periods"), "{found:?}");
    assert!(of(&[("baseline", ParamValue::from(12.0))]).value.is_err());
}

#[test]
fn periods_are_an_index_set_in_the_order_of_time() {
    let (pilot, tables) = months(12, 6);
    let wanted = [request("prevalence", MetricIndex::Period, &[]), request("rows", MetricIndex::Period, &[])];
    let found = evaluate(&pilot, tables, &wanted, &Options::default()).unwrap();
    assert_eq!(
        (found.periods.len(), found.periods[0].as_str(), found.periods[11].as_str()),
        (12, "2025-01", "2025-12")
    );
    assert!(number(&found.measurements[0]) < 0.2 && number(&found.measurements[11]) > 0.2);
    assert_eq!((found.measurements[12].metric.as_str(), number(&found.measurements[12])), ("rows", 80.0));
}

#[test]
fn neither_the_order_of_rows_nor_small_periods_decide_a_chart() {
    let text = |rows: &[(usize, u8)]| {
        csv(&[
            ("y", cells(rows.iter().map(|row| row.1))),
            ("s", cells(rows.iter().map(|_| 0.1))),
            ("week", cells(rows.iter().map(|row| row.0))),
        ])
    };
    let mut rows: Vec<(usize, u8)> = (0..600).map(|k| (k / 50 + 1, u8::from(k % 9 == 0))).collect();
    let mut pilot = PilotSpec { threshold: Some(0.5), min_cell: 11, ..scored() };
    pilot.columns.period = Some(named("week"));
    let of = |rows: &[(usize, u8)]| {
        let wanted = request("drift_cusum", MetricIndex::Scalar, &[("baseline", ParamValue::from(4.0))]);
        one(&pilot, vec![data("d.csv", text(rows))], wanted, &Options::default()).remove(0)
    };
    let before = of(&rows);
    rows.reverse();
    assert_eq!(of(&rows), before);
    // Three rows of one week, all wrong, are too few to be shown.
    rows.extend([(13, 1), (13, 1), (13, 1)]);
    let after = of(&rows);
    assert!((number(&after) - number(&before)).abs() < 1e-12);
    assert!(after.notes.contains(&"1 periods with fewer than 11 rows left out".to_owned()), "{:?}", after.notes);
}

#[test]
fn without_a_period_the_order_in_time_is_not_known() {
    let (mut pilot, tables) = months(12, 6);
    pilot.columns.period = None;
    let found = all(&pilot, tables, &charts());
    assert!(
        found.iter().all(|found| found.value.as_ref().unwrap_err().reason.contains("no column is named as the period"))
    );
    let (_, tables) = months(12, 6);
    let window = [("order", "file".into()), ("shows", "mean".into())];
    let hidden = PilotSpec { min_cell: 5000, ..pilot.clone() };
    let found = one(&hidden, tables, request("drift_adwin", MetricIndex::Feature, &window), &Options::default());
    assert!(found[0].value.as_ref().unwrap_err().reason.starts_with("suppressed"), "{found:?}");
    let (_, tables) = months(12, 6);
    let in_file = request("drift_adwin", MetricIndex::Feature, &[("order", "file".into())]);
    assert!(one(&pilot, tables, in_file, &Options::default())[0].value.is_ok());
}

#[test]
fn the_manifest_names_the_period_and_a_rule_goes_through_the_periods() {
    let pack = "pack small \"Small\" { version 1.0.0 language 1 }
index period \"Period\"
metric monthly.prevalence[period] \"Prevalence\" : ratio = prevalence()
metric drift.error \"Drift of errors\" : number, lower is better = drift_cusum(baseline 5)
rule drift.month \"Events are many in a month\" {
  for each p in period
  when monthly.prevalence[p] > 20%
  then conclude many(p)
  because \"It was one in ten.\"
}
rule drift.noticed \"Errors drift\" {
  when drift.error > 1
  then conclude drifting
  because \"The chart is above its limit.\"
}
";
    let manifest = "deployment: {id: months}\npack: pack\ntables:\n  deployment: d.csv\ncolumns:\n  label: y\n  score: s\n  period: month\nthreshold: 0.5\n";
    let (_, mut tables) = months(12, 6);
    let etiology::table::Content::Memory(bytes) = tables.remove(1).content else { panic!("memory") };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("pack")).unwrap();
    std::fs::write(at("pack/small.etio"), pack).unwrap();
    std::fs::write(at("d.csv"), &bytes).unwrap();
    let run = |manifest: &str, command: &[&str]| {
        std::fs::write(at("deployment.yaml"), manifest).unwrap();
        let output = assert_cmd::Command::cargo_bin("etio").unwrap().args(command).arg(folder.path()).output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (found, _) = run(manifest, &["metrics"]);
    assert!(found.contains("2025-12") && found.contains("drift.error"), "{found}");
    let (_, refused) = run(&manifest.replace("period: month", "period: mont"), &["metrics"]);
    assert!(refused.contains("D106") && refused.contains("did you mean `month`?"), "{refused}");
    let (_, refused) = run(&manifest.replace("period: month", "perod: month"), &["metrics"]);
    assert!(refused.contains("did you mean `period`?"), "{refused}");
}
