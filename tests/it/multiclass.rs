//! More than two classes: bounds, symmetries, what is undefined, and two classes as a case of many.
#![allow(clippy::print_stdout, reason = "the coverage of intervals is read by people")]

use crate::pilot::{cells, csv, data, named, one, request, scored, table};
use crate::program::Folder;
use etiology::metrics::{Measurement, MetricIndex, OneClass, Options, evaluate};
use etiology::table::{PilotSpec, TableData};
use proptest::prelude::*;

const METRICS: &[&str] = &[
    "multiclass_accuracy",
    "multiclass_kappa",
    "auroc_ovr",
    "auroc_ovo",
    "f1_macro",
    "brier_multiclass",
    "log_loss_multiclass",
    "ece_top_label",
    "ece_classwise",
    "label_issues_multiclass",
];

/// A pilot of rows with a class and weights that become probabilities.
fn classes(rows: &[(usize, Vec<u32>)], names: &[&str]) -> (PilotSpec, Vec<TableData>) {
    let share = |weights: &[u32], class: usize| {
        let total: u32 = weights.iter().map(|weight| weight + 1).sum();
        f64::from(weights[class] + 1) / f64::from(total)
    };
    let columns: Vec<String> = names.iter().map(|name| format!("p_{name}")).collect();
    let mut table_of = vec![("y", cells(rows.iter().map(|(class, _)| names[*class])))];
    for (class, column) in columns.iter().enumerate() {
        table_of.push((column.as_str(), cells(rows.iter().map(|(_, weights)| share(weights, class)))));
    }
    let mut pilot = PilotSpec { deployment: table("d.csv"), min_cell: 0, ..PilotSpec::default() };
    pilot.columns.label = Some(named("y"));
    pilot.columns.scores = vec![named("p_*")];
    (pilot, vec![data("d.csv", csv(&table_of))])
}

fn measured(rows: &[(usize, Vec<u32>)], names: &[&str]) -> Vec<Measurement> {
    let (pilot, tables) = classes(rows, names);
    let requests: Vec<_> = METRICS.iter().map(|id| request(id, MetricIndex::Scalar, &[])).collect();
    let options = Options { one_class: OneClass::Allow, floors: false, ..Options::default() };
    evaluate(&pilot, tables, &requests, &options).unwrap().measurements
}

fn rows() -> impl Strategy<Value = Vec<(usize, Vec<u32>)>> {
    proptest::collection::vec((0usize..3, proptest::collection::vec(0u32..9, 3)), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_stay_in_their_bounds_and_the_order_of_rows_is_irrelevant(rows in rows()) {
        let names = ["a", "b", "c"];
        let found = measured(&rows, &names);
        for one in &found {
            let high = match one.metric.as_str() {
                "brier_multiclass" => 2.0,
                "log_loss_multiclass" => f64::INFINITY,
                _ => 1.0,
            };
            let low = if one.metric == "multiclass_kappa" { -1.0 } else { 0.0 };
            prop_assert!(one.value.as_ref().map_or(true, |value| (low..=high).contains(value)), "{one:?}");
        }
        let mut turned = rows.clone();
        turned.reverse();
        let near = |a: &Measurement, b: &Measurement| match (&a.value, &b.value) {
            (Ok(a), Ok(b)) => (a - b).abs() < 1e-12,
            (Err(_), Err(_)) => true,
            _ => false,
        };
        prop_assert!(found.iter().zip(&measured(&turned, &names)).all(|(a, b)| near(a, b)));
    }

    #[test]
    fn names_of_classes_are_irrelevant(rows in rows()) {
        let (these, those) = (measured(&rows, &["a", "b", "c"]), measured(&rows, &["1", "2", "10"]));
        prop_assert!(these.iter().zip(&those).all(|(a, b)| a.value.is_ok() == b.value.is_ok()));
        prop_assert!(these.iter().zip(&those).all(|(a, b)| a.value.is_err() || a.value == b.value));
    }
}

#[test]
fn two_classes_are_what_a_label_and_a_score_are() {
    let rows: Vec<(usize, Vec<u32>)> =
        (0..200).map(|k| (k % 3 % 2, vec![(k * 7 % 11) as u32, (k * 5 % 13) as u32])).collect();
    let found = measured(&rows, &["0", "1"]);
    let value = |id: &str| found.iter().find(|m| m.metric == id).unwrap().value.clone().unwrap();
    let (mut pilot, tables) = classes(&rows, &["0", "1"]);
    pilot.columns = scored().columns;
    pilot.columns.score = Some(named("p_1"));
    let etiology::table::Content::Memory(bytes) = &tables[0].content else { panic!("memory") };
    let binary = |id: &str| {
        let tables = vec![data("d.csv", bytes.to_vec())];
        one(&pilot, tables, request(id, MetricIndex::Scalar, &[]), &Options::default())[0].value.clone().unwrap()
    };
    assert!((value("auroc_ovr") - binary("auroc")).abs() < 1e-12);
    assert!((value("auroc_ovo") - binary("auroc")).abs() < 1e-12);
    assert!((value("brier_multiclass") - 2.0 * binary("brier")).abs() < 1e-12);
    assert!((value("log_loss_multiclass") - binary("log_loss")).abs() < 1e-12);
    assert!((value("label_issues_multiclass") - binary("label_issues_share")).abs() < 1e-12);
    let all = |id: &str, pilot: &PilotSpec| {
        let tables = vec![data("d.csv", bytes.to_vec())];
        one(pilot, tables, request(id, MetricIndex::Scalar, &[]), &Options::default()).remove(0)
    };
    let many = classes(&rows, &["0", "1"]).0;
    let (two, of_two) = (all("auroc", &pilot).interval.unwrap(), all("auroc_ovr", &many).interval.unwrap());
    // DeLong's variances divide by the rows of a class less one, these by all rows less one.
    assert!((two.low - of_two.low).abs() < 1e-3 && (two.high - of_two.high).abs() < 1e-3, "{two:?} {of_two:?}");
    let (two, of_two) = (all("label_issues_share", &pilot).floor.unwrap(), all("label_issues_multiclass", &many).floor);
    assert!((two.mean - of_two.unwrap().mean).abs() < 1e-12);
}

#[test]
fn what_cannot_be_measured_says_why() {
    let reason = |found: &[Measurement], id: &str| {
        found.iter().find(|m| m.metric == id).unwrap().value.clone().unwrap_err().reason
    };
    // Nobody is of class `c`.
    let rows: Vec<(usize, Vec<u32>)> = (0..20).map(|k| (k % 2, vec![k as u32 % 5, k as u32 % 3, 1])).collect();
    let found = measured(&rows, &["a", "b", "c"]);
    assert!(reason(&found, "auroc_ovr").contains("`c`") && reason(&found, "auroc_ovo").contains("`c`"));
    assert!(found.iter().find(|m| m.metric == "f1_macro").unwrap().value.is_ok());
    let one = measured(&[(0, vec![5, 0, 0])], &["a", "b", "c"]);
    assert!(reason(&one, "multiclass_kappa").contains("same one class"));
    // A class for the label, and metrics of two outcomes.
    let (pilot, tables) = classes(&rows, &["a", "b", "c"]);
    let auroc = crate::pilot::one(&pilot, tables, request("auroc", MetricIndex::Scalar, &[]), &Options::default());
    assert!(auroc[0].value.is_err());
}

#[test]
fn labels_as_pandas_writes_them_name_the_same_classes() {
    let folder = Folder::with(&[
        (
            "deployment.yaml",
            b"deployment: {id: x}\ntables: {deployment: t.csv}\ncolumns: {label: y, scores: [\"p*\"]}\nmissing: drop\n",
        ),
        ("t.csv", b"y,p0,p1,p2\n0.0,0.5,0.3,0.2\n2.0,0.1,0.1,0.8\n,0.2,0.4,0.4\n1.0,0.2,0.7,0.1\n"),
    ]);
    let run = folder.run(&["metrics", "."]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
}

/// Rows of three classes drawn from `kinds` by `uniform`, which are calibrated: class and weights.
fn drawn(uniform: &mut impl FnMut() -> f64, n: usize) -> Vec<(usize, Vec<u32>)> {
    let mut row = || {
        let weights: Vec<u32> = (0..3).map(|_| (uniform() * 20.0) as u32).collect();
        let total: u32 = weights.iter().map(|weight| weight + 1).sum();
        let mut left = uniform() * f64::from(total);
        let of = weights.iter().position(|weight| {
            left -= f64::from(weight + 1);
            left < 0.0
        });
        (of.unwrap_or(2), weights)
    };
    (0..n).map(|_| row()).collect()
}

#[test]
fn intervals_over_classes_hold_the_true_value_as_often_as_they_say() {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};
    const IDS: [&str; 4] = ["auroc_ovr", "auroc_ovo", "multiclass_kappa", "f1_macro"];
    let mut draws = ChaCha8Rng::seed_from_u64(11);
    let mut uniform = || (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let of = |rows: &[(usize, Vec<u32>)]| {
        let found = measured(rows, &["a", "b", "c"]);
        IDS.map(|id| found.iter().find(|found| found.metric == id).unwrap().clone())
    };
    let truth = of(&drawn(&mut uniform, 60_000)).map(|found| found.value.unwrap());
    let samples = crate::differential::cases(120);
    let mut held = [0u32; 4];
    for _ in 0..samples {
        for ((held, found), truth) in held.iter_mut().zip(of(&drawn(&mut uniform, 300))).zip(truth) {
            let ends = found.interval.unwrap();
            *held += u32::from((ends.low..=ends.high).contains(&truth));
        }
    }
    let chance = 3.0 * (0.95f64 * 0.05 / f64::from(samples)).sqrt();
    for (held, id) in held.into_iter().zip(IDS) {
        let share = f64::from(held) / f64::from(samples);
        println!("coverage of {id}: {share:.3} of {samples} samples of 300 rows");
        assert!((0.93 - chance..=0.97 + chance).contains(&share), "{id} covers {share}");
    }
}
