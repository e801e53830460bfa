//! Properties of the evaluator, what it refuses, and what it shows when nothing is wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test stops at the first surprise")]

use crate::pilot::{cells, csv, data, named, one, request, scored, table, value};
use etiology::diagnostic::{Code, Diagnostics, Place};
use etiology::metrics::{
    Definition, Evaluation, MetricIndex, MetricRequest, OneClass, Options, ParamValue, definitions, evaluate,
};
use etiology::table::{Format, OnMissing, PilotSpec, ScoreScale, TableData};
use proptest::prelude::*;

/// Every definition over every index that it is offered for.
pub fn everything() -> Vec<MetricRequest> {
    let indices =
        [MetricIndex::Scalar, MetricIndex::Attribute, MetricIndex::Subgroup, MetricIndex::Feature, MetricIndex::Period];
    let over = |index| {
        let offered = definitions().iter().filter(move |spec| spec.indices.contains(&index));
        offered.map(move |spec| {
            // All pairs of thousands of rows would take the tests minutes.
            let rows = spec.parameters_over(index).find(|parameter| parameter.name == "rows");
            let params: Vec<_> = rows.map(|_| ("rows".to_owned(), ParamValue::from(300.0))).into_iter().collect();
            MetricRequest {
                id: spec.name.to_owned(),
                definition: Definition::new(spec.name, index, &params).unwrap(),
                index,
            }
        })
    };
    indices.into_iter().flat_map(over).collect()
}

/// A small pilot in two files, with every role.
pub fn two_tables(rows: &[(f64, bool, u8)]) -> (PilotSpec, Vec<TableData>) {
    let table_of = |rows: &[(f64, bool, u8)]| {
        csv(&[
            ("y", cells(rows.iter().map(|row| u8::from(row.1)))),
            ("s", cells(rows.iter().map(|row| row.0))),
            ("m_1", cells(rows.iter().map(|row| row.0))),
            ("m_2", cells(rows.iter().map(|row| (row.0 * 0.9 * 1e6).round() / 1e6))),
            ("g", cells(rows.iter().map(|row| ["a", "b", "c"][usize::from(row.2) % 3]))),
            ("x", cells(rows.iter().map(|row| row.0 * f64::from(row.2)))),
        ])
    };
    let (half, rest) = rows.split_at(rows.len() / 2);
    let mut pilot = scored();
    pilot.development = table("t.csv");
    pilot.threshold = Some(0.5);
    pilot.columns.members = vec![named("m_*")];
    pilot.columns.compared = Some(named("m_2"));
    pilot.columns.groups = vec![("group".into(), named("g"))];
    pilot.columns.numeric = vec![named("x")];
    pilot.columns.categorical = vec![named("g")];
    (pilot, vec![data("t.csv", table_of(half)), data("d.csv", table_of(rest))])
}

fn all_of(rows: &[(f64, bool, u8)]) -> Evaluation {
    let (pilot, tables) = two_tables(rows);
    let options = Options { one_class: OneClass::Allow, draws: 40, ..Options::default() };
    evaluate(&pilot, tables, &everything(), &options).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn rows() -> impl Strategy<Value = Vec<(f64, bool, u8)>> {
    let score = (1u32..1000).prop_map(|score| f64::from(score) / 1000.0);
    prop::collection::vec((score, any::<bool>(), 0u8..9), 4..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn values_lie_in_their_range_and_inside_their_interval(rows in rows()) {
        for found in all_of(&rows).measurements {
            let Ok(value) = found.value else { continue };
            let spec = definitions().iter().find(|spec| spec.name == found.metric).unwrap();
            prop_assert!(value >= spec.low.unwrap_or(f64::NEG_INFINITY) - 1e-12, "{} {value}", found.definition);
            prop_assert!(value <= spec.high.unwrap_or(f64::INFINITY) + 1e-12, "{} {value}", found.definition);
            if let Some(ends) = found.interval {
                let inside = ends.low <= value + 1e-9 && value <= ends.high + 1e-9;
                prop_assert!(inside, "{} {value} {ends:?}", found.definition);
            }
            if let Some(floor) = found.floor {
                prop_assert!(floor.mean >= 0.0 && floor.p95 >= 0.0 && floor.mean.is_finite(), "{floor:?}");
            }
        }
    }

    #[test]
    fn the_order_of_rows_is_irrelevant(rows in rows()) {
        same_in_another_order(&rows);
    }

    #[test]
    fn symmetric_distances_do_not_know_which_table_came_first(rows in rows()) {
        let (half, rest) = rows.split_at(rows.len() - rows.len() / 2);
        let swapped: Vec<_> = if half.len() == rest.len() { rest.iter().chain(half).copied().collect() } else { return Ok(()) };
        let (a, b) = (all_of(&rows), all_of(&swapped));
        for (id, element) in [("ks", Some("x")), ("wasserstein", Some("x")), ("js", Some("g")), ("psi", Some("g")), ("ks", None), ("mmd", None)] {
            let (x, y) = (value(&a, id, element), value(&b, id, element));
            prop_assert!((x - y).abs() <= 1e-12 * x.abs().max(1.0), "{id} {x} {y}");
        }
    }
}

fn same_in_another_order(rows: &[(f64, bool, u8)]) {
    let (half, rest) = rows.split_at(rows.len() / 2);
    let turned: Vec<_> = half.iter().rev().chain(rest.iter().rev()).copied().collect();
    for (a, b) in all_of(rows).measurements.iter().zip(&all_of(&turned).measurements) {
        match (&a.value, &b.value) {
            (Ok(x), Ok(y)) => assert!((x - y).abs() <= 1e-9 * x.abs().max(1.0), "{} {x} {y}", a.definition),
            (x, y) => assert_eq!(x.is_err(), y.is_err(), "{}", a.definition),
        }
    }
}

/// Three rows a table can be divided in twenty ways only, so most permutations come to the same sums,
/// and rounding must not decide which of them count.
#[test]
fn equal_permutations_are_equal_in_any_order() {
    let rows = [(0.07, 4), (0.737, 8), (0.678, 4), (0.001, 0), (0.266, 1), (0.065, 3)];
    same_in_another_order(&rows.map(|(score, group)| (score, false, group)));
}

/// A larger pilot, made without randomness.
pub fn many() -> Vec<(f64, bool, u8)> {
    let row = |k: u32| {
        let u = f64::from(k.wrapping_mul(2_654_435_761) >> 8) / f64::from(1u32 << 24);
        let v = f64::from(k.wrapping_mul(40_503).wrapping_add(77) % 9973) / 9973.0;
        ((u * 998.0 + 1.0).round() / 1000.0, v < u, (k % 7) as u8)
    };
    (0..60_000).map(row).collect()
}

#[test]
fn neither_threads_nor_file_formats_change_a_bit() {
    let rows = many();
    let evaluate_on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| all_of(&rows))
    };
    let one = evaluate_on(1);
    assert!(one.measurements.iter().filter(|found| found.value.is_ok()).count() > 60);
    assert_eq!(one, evaluate_on(3));

    let (pilot, tables) = two_tables(&rows);
    let options = Options { one_class: OneClass::Allow, draws: 40, ..Options::default() };
    let packed = tables.into_iter().map(|table| {
        let etiology::table::Content::Memory(bytes) = table.content else { panic!("memory") };
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packer, &bytes).unwrap();
        TableData {
            file: table.file,
            format: Format::CsvGz,
            content: etiology::table::Content::Memory(packer.finish().unwrap().into()),
        }
    });
    let gz = evaluate(&pilot, packed.collect(), &everything(), &options).unwrap();
    assert_eq!(one.measurements, gz.measurements);
    assert_ne!(one.tables[0].sha256, gz.tables[0].sha256, "the digest is of the file's own bytes");
}

#[test]
fn one_file_in_two_parts_is_what_two_files_are() {
    let text = |part: &str, k: u32| {
        let rows: Vec<(f64, u8)> =
            (1..40).map(|row| (f64::from(row * k % 41) / 41.0, u8::from(row % 3 == 0))).collect();
        rows.iter().map(|(score, label)| format!("{label},{score},{part}\n")).collect::<Vec<_>>()
    };
    let (train, deploy) = (text("dev", 5), text("live", 7));
    let mixed: String = train.iter().zip(&deploy).flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
    let mut two = scored();
    two.development = table("t.csv");
    let mut one = scored();
    let part = |value: &str| {
        table("d.csv").map(|spec| etiology::table::TableSpec { filter: vec![(named("part"), named(value))], ..spec })
    };
    (one.development, one.deployment) = (part("dev"), part("live"));
    let options = Options::default();
    let head = "y,s,part\n";
    let files =
        vec![data("t.csv", format!("{head}{}", train.concat())), data("d.csv", format!("{head}{}", deploy.concat()))];
    let separate = evaluate(&two, files, &everything(), &options).unwrap();
    let joined = evaluate(&one, vec![data("d.csv", format!("{head}{mixed}"))], &everything(), &options).unwrap();
    assert_eq!(separate.measurements, joined.measurements);
    assert_eq!(joined.tables[1].filter, "part = live");
}

#[test]
fn a_small_group_shows_neither_size_nor_value() {
    let group = |k: usize| {
        if k < 5 {
            "x"
        } else if k < 30 {
            "f"
        } else {
            "m"
        }
    };
    let text = csv(&[
        ("y", cells((0..100).map(|k| k % 2))),
        ("s", cells((0..100).map(|k| f64::from(k) / 100.0))),
        ("g", cells((0..100).map(group))),
    ]);
    let mut pilot = PilotSpec { min_cell: 11, threshold: Some(0.5), ..scored() };
    pilot.columns.groups = vec![("sex".into(), named("g"))];
    let requests = [
        ("rows", MetricIndex::Subgroup),
        ("subgroup_p", MetricIndex::Subgroup),
        ("performance_gap", MetricIndex::Attribute),
    ]
    .map(|(id, index)| request(id, index, &[]));
    let found = evaluate(&pilot, vec![data("d.csv", text)], &requests, &Options::default()).unwrap();
    let of = |id: &str| found.measurements.iter().find(|m| m.element.as_deref() == Some(id)).unwrap();
    assert!(of("sex=x").value.as_ref().unwrap_err().reason.contains("suppressed"));
    assert!(of("sex=f").value.is_err(), "its size would tell that of `x`");
    assert_eq!((of("sex=x").n, of("sex=x").events, &of("sex=x").interval), (0, None, &None));
    assert_eq!(of("sex=m").value, Ok(70.0));
    let hidden = found.measurements.iter().filter(|m| matches!(m.element.as_deref(), Some("sex=x" | "sex=f")));
    assert!(hidden.clone().count() == 4 && hidden.clone().all(|m| m.value.is_err() && m.notes.is_empty()));
    assert!(found.subgroups.iter().all(|group| group.n.is_some() == (group.id == "sex=m")));
    let gap = of("sex");
    assert!(gap.value.is_ok() && gap.notes[0].contains("`x` has fewer than 11 rows"));
    assert!(found.measurements.iter().all(|m| m.interval.is_none()), "a width would tell a size");
    let shown = format!("{found:?}");
    assert!(!shown.contains("Ok(5.0)") && !shown.contains("Ok(25.0)"));
}

#[test]
fn what_is_not_there_is_undefined_with_its_reason() {
    let text = "y,s,c\n0,0.2,a\n1,3.5,b\n0,0.4,a\n";
    let mut pilot = PilotSpec { score_scale: ScoreScale::Raw, ..scored() };
    pilot.columns.categorical = vec![named("c")];
    let reason = |pilot: &PilotSpec, wanted: MetricRequest| {
        let found = one(pilot, vec![data("d.csv", text)], wanted, &Options::default());
        found[0].value.as_ref().unwrap_err().reason.clone()
    };
    let scalar = |id| request(id, MetricIndex::Scalar, &[]);
    assert_eq!(reason(&pilot, scalar("ece")), "the scores are not probabilities");
    assert_eq!(reason(&pilot, scalar("sensitivity")), "no decision threshold is given");
    assert_eq!(reason(&pilot, scalar("psi")), "there is no development table to compare with");
    assert_eq!(reason(&pilot, scalar("underspecification_variance")), "no columns are named as ensemble members");
    let development = request("auroc", MetricIndex::Scalar, &[("table", ParamValue::from("development"))]);
    assert_eq!(reason(&pilot, development), "there is no development table");
    pilot.development = table("d.csv");
    assert!(reason(&pilot, request("ks", MetricIndex::Feature, &[])).contains("categorical"));
    pilot.columns.label = None;
    assert_eq!(reason(&pilot, scalar("auroc")), "no column is named as the label");
    pilot.columns.score = None;
    assert_eq!(reason(&pilot, scalar("alert_rate")), "no column is named as the score");
}

fn errors(pilot: &PilotSpec, file: &str, bytes: impl Into<Vec<u8>>) -> Diagnostics {
    let found = evaluate(pilot, vec![data(file, bytes)], &everything(), &Options::default());
    found.map(|found| found.tables).expect_err("bad input")
}

#[test]
fn bad_input_is_refused_with_its_place() {
    let place = |errors: &Diagnostics| {
        let first = errors.iter().next().unwrap();
        let table = first.labels.iter().find_map(|label| match &label.place {
            Place::Table { row, column, .. } => Some((*row, column.clone())),
            Place::Text(_) => None,
        });
        let (row, column) = table.unwrap();
        (first.code, row, column.unwrap_or_default(), first.message.clone(), first.help.clone().unwrap_or_default())
    };
    let at = |text: &str| place(&errors(&scored(), "d.csv", text));
    let (code, row, column, message, _) = at("y,s\n0,0.1\n1,high\n1,low\n");
    assert_eq!((code, row, column.as_str()), (Code::D108, Some(2), "s"));
    assert_eq!(message, "`high` in column `s` is not a finite number, and 1 more cell");
    assert_eq!(at("y,s\n0,0.1\n2,0.5\n").0, Code::D109);
    let (code, row, _, message, _) = at("y,s\n0,0.1\n1,1.5\n");
    assert_eq!((code, row), (Code::D110, Some(2)));
    assert_eq!(message, "1.5 in column `s` is not a probability");
    assert_eq!((at("y,s\n0,0.1\n1,\n").0, at("y,s\n0,0.1\n1,\n").1), (Code::D111, Some(2)));
    assert_eq!(at("y,s\n0,0.1\n,0.4\n").2, "y");
    assert_eq!(at("y,s\n").0, Code::D112);
    assert_eq!(at("y,s\n1,0.1\n1,0.2\n").0, Code::D113);
    assert_eq!(at("y,s\n1,0.1\n0\n").0, Code::D104);
    assert_eq!(at("y,s,y\n1,0.1,0\n").0, Code::D105);
    assert_eq!(at("y;s\n1;0.1\n").4, "the header has one column; separate columns by commas");
    assert_eq!(at("").0, Code::D102);
    let (code, _, _, message, help) = at("y,scores\n1,0.1\n");
    assert_eq!((code, message.as_str()), (Code::D106, "`d.csv` has no column `s`"));
    assert_eq!(help, "its columns are `y` and `scores`");
    let mut pilot = scored();
    pilot.columns.score = Some(named("score_x"));
    let (_, _, _, _, help) = place(&errors(&pilot, "d.csv", "y,score\n1,0.1\n"));
    assert_eq!(help, "did you mean `score`?");
    let mut pilot = scored();
    pilot.columns.members = vec![named("member_*")];
    assert_eq!(place(&errors(&pilot, "d.csv", "y,s,members\n1,0.1,2\n")).0, Code::D107);
}

#[test]
fn broken_files_are_refused() {
    let code = |file: &str, bytes: &[u8]| {
        let mut pilot = scored();
        pilot.deployment = table(file);
        errors(&pilot, file, bytes).iter().next().unwrap().code
    };
    assert_eq!(code("d.parquet", b"PAR1 not really"), Code::D102);
    assert_eq!(code("d.parquet", b""), Code::D102);
    assert_eq!(code("d.csv.gz", b"\x1f\x8b\x08\x00broken"), Code::D102);
    assert_eq!(code("d.csv", b"y,s\n0,0.1\n1,0.\xFF\n"), Code::D103);
    let pilot = PilotSpec { deployment: table("other.csv"), ..scored() };
    let found = evaluate(&pilot, vec![data("d.csv", "y,s\n")], &[], &Options::default()).unwrap_err();
    assert_eq!(found.iter().next().unwrap().code, Code::D101);
}

#[test]
fn a_cut_parquet_file_is_refused_at_any_length() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/data/tiny.parquet");
    #[expect(clippy::disallowed_methods, reason = "a test reads the kit from disk")]
    let Ok(bytes) = std::fs::read(folder) else {
        println!("skipped: no reference kit");
        return;
    };
    let mut pilot = PilotSpec { deployment: table("d.parquet"), ..PilotSpec::default() };
    pilot.columns.label = Some(named("y_true"));
    pilot.columns.score = Some(named("y_score"));
    for length in (0..bytes.len()).step_by(97) {
        errors(&pilot, "d.parquet", &bytes[..length]);
    }
    // A flipped byte must not panic; whether it is noticed depends on where it is.
    for place in (0..bytes.len()).step_by(31) {
        let mut broken = bytes.clone();
        broken[place] ^= 0x5A;
        let _ = evaluate(&pilot, vec![data("d.parquet", broken)], &everything(), &Options::default());
    }
}

#[test]
fn rows_without_label_or_score_can_be_dropped_and_are_counted() {
    let pilot = PilotSpec { on_missing: OnMissing::Drop, ..scored() };
    let text = "y,s\n0,0.1\n1,NA\n,0.4\n1,0.8\n0,0.3\n";
    let found =
        evaluate(&pilot, vec![data("d.csv", text)], &[request("rows", MetricIndex::Scalar, &[])], &Options::default());
    let found = found.unwrap();
    assert_eq!((found.tables[0].rows, found.tables[0].dropped, found.tables[0].events), (3, 2, Some(1)));
    assert_eq!(found.measurements[0].value, Ok(3.0));
}

/// Scores of the shape that section 3 of the metric notes used: the order statistics of Beta(2, 6).
fn beta_scores(n: usize) -> Vec<f64> {
    use statrs::distribution::{Beta, ContinuousCDF};
    let beta = Beta::new(2.0, 6.0).unwrap();
    (0..n).map(|k| beta.inverse_cdf((k as f64 + 0.5) / n as f64)).collect()
}

#[test]
fn the_floor_of_calibration_error_is_that_of_a_perfect_model() {
    // Mean and 95th percentile measured on 2000 samples: research notes, section 3.1.
    for (n, bins, binning, mean, p95) in [
        (100, 10.0, "equal_width", 0.080, 0.122),
        (250, 15.0, "equal_width", 0.063, 0.088),
        (1000, 10.0, "equal_width", 0.027, 0.040),
        (1000, 10.0, "equal_mass", 0.032, 0.045),
        (20_000, 10.0, "equal_width", 0.006, 0.008),
    ] {
        let text = csv(&[("y", cells((0..n).map(|k| k % 2))), ("s", cells(beta_scores(n)))]);
        let wanted = request("ece", MetricIndex::Scalar, &[("bins", bins.into()), ("binning", binning.into())]);
        let found = one(&scored(), vec![data("d.csv", text)], wanted, &Options { draws: 2000, ..Options::default() });
        let floor = found[0].floor.as_ref().unwrap();
        assert!((floor.mean - mean).abs() < 0.06 * mean + 0.0005, "{n} {bins} {binning}: {floor:?}");
        assert!((floor.p95 - p95).abs() < 0.08 * p95 + 0.0005, "{n} {bins} {binning}: {floor:?}");
    }
}

#[test]
fn the_floors_of_shift_are_those_of_two_equal_samples() {
    use statrs::distribution::{ContinuousCDF, Normal};
    let normal = Normal::new(0.0, 1.0).unwrap();
    // Research notes, section 3.2; the closed forms are limits, so small samples get more room.
    for (n, id, mean, p95, room) in [
        (100usize, "psi", 0.171, 0.315, 0.10),
        (1000, "psi", 0.018, 0.035, 0.05),
        (100, "js", 0.177, 0.243, 0.05),
        (1000, "js", 0.055, 0.077, 0.04),
        (200, "ks", 0.084, 0.125, 0.10),
        (1000, "ks", 0.038, 0.057, 0.08),
        (100, "dsi", 0.177, 0.309, 0.10),
        (1000, "dsi", 0.057, 0.092, 0.10),
        (5000, "dsi", 0.025, 0.042, 0.10),
    ] {
        let column: Vec<String> = cells((0..n).map(|k| normal.inverse_cdf((k as f64 + 0.5) / n as f64)));
        let mut pilot = PilotSpec { development: table("t.csv"), deployment: table("d.csv"), ..PilotSpec::default() };
        pilot.columns.numeric = vec![named("x")];
        let text = csv(&[("x", column)]);
        let tables = vec![data("t.csv", text.clone()), data("d.csv", text)];
        let found =
            one(&pilot, tables, request(id, MetricIndex::Feature, &[]), &Options { draws: 2000, ..Options::default() });
        let floor = found[0].floor.as_ref().unwrap();
        assert!((floor.mean - mean).abs() < room * mean + 0.0005, "{n} {id}: {floor:?}");
        assert!((floor.p95 - p95).abs() < room * p95 + 0.0005, "{n} {id}: {floor:?}");
    }
}

#[test]
fn the_floor_of_a_gap_is_that_of_equal_groups() {
    // Sensitivity 0.8 and fpr 0.15 in every group, four negatives a positive: section 3.3.
    for (groups, positives, form, mean, p95) in [
        (2usize, 50usize, "gap", 0.065, 0.160),
        (4, 100, "gap", 0.081, 0.140),
        (2, 100, "sum", 0.067, 0.140),
        (4, 50, "sum", 0.167, 0.265),
    ] {
        let (mut label, mut score, mut group) = (Vec::new(), Vec::new(), Vec::new());
        for name in 0..groups {
            for k in 0..positives * 5 {
                let event = k < positives;
                let flagged = if event { k * 10 < positives * 8 } else { (k - positives) * 100 < positives * 4 * 15 };
                label.push(u8::from(event));
                score.push(if flagged { 0.9 } else { 0.1 });
                group.push(name);
            }
        }
        let text = csv(&[("y", cells(label)), ("s", cells(score)), ("g", cells(group))]);
        let mut pilot = PilotSpec { threshold: Some(0.5), ..scored() };
        pilot.columns.groups = vec![("group".into(), named("g"))];
        let wanted = match form {
            "gap" => request("performance_gap", MetricIndex::Attribute, &[("of", "sensitivity".into())]),
            _ => request("equalized_odds", MetricIndex::Attribute, &[]),
        };
        let found = one(&pilot, vec![data("d.csv", text)], wanted, &Options { draws: 4000, ..Options::default() });
        let floor = found[0].floor.as_ref().unwrap();
        assert!((floor.mean - mean).abs() < 0.06 * mean, "{groups} {positives} {form}: {floor:?}");
        assert!((floor.p95 - p95).abs() < 0.08 * p95, "{groups} {positives} {form}: {floor:?}");
    }
}

/// Two tables of two numeric columns; the second is moved by `shift`.
fn clouds(n: usize, shift: f64) -> (PilotSpec, Vec<TableData>) {
    let at = |k: usize, prime: usize| (k * prime % 997) as f64 / 997.0;
    let cloud = |from: usize, shift: f64| {
        csv(&[
            ("a", cells((from..from + n).map(|k| at(k, 613) + shift))),
            ("b", cells((from..from + n).map(|k| 100.0 * at(k * k, 389)))),
        ])
    };
    let mut pilot = PilotSpec { development: table("t.csv"), deployment: table("d.csv"), ..PilotSpec::default() };
    pilot.columns.numeric = vec![named("*")];
    (pilot, vec![data("t.csv", cloud(0, 0.0)), data("d.csv", cloud(n, shift))])
}

#[test]
fn mmd_tells_a_shift_from_noise_and_says_which_rows_it_took() {
    let scalar = |id: &str| request(id, MetricIndex::Scalar, &[]);
    let of = |shift: f64, requests: &[MetricRequest]| {
        let (pilot, tables) = clouds(120, shift);
        evaluate(&pilot, tables, requests, &Options::default()).unwrap().measurements
    };
    let requests = [scalar("mmd"), scalar("mmd_p")];
    let (same, moved) = (of(0.0, &requests), of(0.4, &requests));
    let number = |found: &etiology::metrics::Measurement| *found.value.as_ref().unwrap();
    let floor = moved[0].floor.as_ref().unwrap();
    assert!(number(&same[0]) < same[0].floor.as_ref().unwrap().p95 && number(&same[1]) > 0.05);
    assert!(number(&moved[0]) > 3.0 * floor.p95 && (number(&moved[1]) - 1.0 / 101.0).abs() < 1e-12);
    assert_eq!(moved[0].n, 240);
    assert!(moved[0].notes[0].starts_with("bandwidth ") && moved[0].notes[0].contains("median distance"));
    // The unit of one column does not decide.
    let few = request("mmd", MetricIndex::Scalar, &[("rows", ParamValue::from(50.0))]);
    let capped = &of(0.4, &[few])[0];
    assert_eq!((capped.n, capped.notes[0].as_str()), (100, "50 of 120 development rows, drawn by a fixed seed"));
    assert!(number(capped) > capped.floor.as_ref().unwrap().p95);
}

#[test]
fn the_share_of_drifted_features_counts_what_is_above_its_noise() {
    let (pilot, tables) = clouds(300, 0.4);
    let found = one(&pilot, tables, request("drifted_share", MetricIndex::Scalar, &[]), &Options::default());
    assert_eq!(
        (found[0].value.clone(), found[0].notes.as_slice()),
        (Ok(0.5), &["above their noise: `a`".to_owned()][..])
    );
    assert!((found[0].floor.as_ref().unwrap().p95 - 0.5).abs() < 1e-12);
}
