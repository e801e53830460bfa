//! What the metrics of one set of rows and of two models tell a data scientist, beyond their values.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::pilot::{cells, csv, data, named, one, request, scored, table};
use etiology::metrics::{Measurement, MetricIndex, Options, ParamValue};
use etiology::table::PilotSpec;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A number in 0..1 that hangs on `k` and `stream` alone.
fn spread(k: u32, stream: u64) -> f64 {
    let mut draws = ChaCha8Rng::seed_from_u64(u64::from(k) << 8 | stream);
    (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Rows of a calibrated model: score and label.
fn calibrated(n: u32) -> Vec<(f64, u8)> {
    let row = |k: u32| {
        let score = 0.02 + 0.94 * spread(k, 1).powi(2);
        (score, u8::from(spread(k, 2) < score))
    };
    (0..n).map(row).collect()
}

fn measured(pilot: &PilotSpec, text: &str, id: &str, params: &[(&str, ParamValue)]) -> Measurement {
    one(pilot, vec![data("d.csv", text)], request(id, MetricIndex::Scalar, params), &Options::default()).remove(0)
}

fn text_of(rows: &[(f64, u8)]) -> String {
    csv(&[("y", cells(rows.iter().map(|row| row.1))), ("s", cells(rows.iter().map(|row| row.0)))])
}

#[test]
fn certain_scores_have_a_value_only_when_asked_to_be_clipped() {
    let text = "y,s\n0,0\n0,0\n1,1\n1,1\n0,1\n1,0.5\n0,0.25\n";
    for id in ["calibration_slope", "calibration_in_the_large", "log_loss"] {
        assert!(measured(&scored(), text, id, &[]).value.is_err(), "{id}");
        let held = measured(&scored(), text, id, &[("clip", 0.001.into())]);
        assert!(held.value.is_ok() && held.notes[0].contains("moved"), "{id} {held:?}");
        assert!(held.definition.ends_with("clip 0.001)"));
    }
    // Where no score is moved the clip changes nothing.
    let text = text_of(&calibrated(200));
    let plain = measured(&scored(), &text, "calibration_slope", &[]);
    let held = measured(&scored(), &text, "calibration_slope", &[("clip", 0.000_001.into())]);
    assert_eq!((plain.value, plain.notes), (held.value, held.notes));
}

#[test]
fn the_floor_of_debiased_error_is_that_of_a_perfect_model() {
    use statrs::distribution::{Beta, ContinuousCDF};
    let beta = Beta::new(2.0, 6.0).unwrap();
    // Mean and 95th percentile measured on 2000 samples: research notes, section 3.1.
    for (n, mean, p95) in [(250u32, 0.038, 0.076), (1000, 0.018, 0.037), (5000, 0.008, 0.017)] {
        let rows: Vec<(f64, u8)> =
            (0..n).map(|k| (beta.inverse_cdf((f64::from(k) + 0.5) / f64::from(n)), (k % 2) as u8)).collect();
        let wanted = request("ece_debiased", MetricIndex::Scalar, &[("binning", "equal_mass".into())]);
        let options = Options { draws: 2000, ..Options::default() };
        let found = one(&scored(), vec![data("d.csv", text_of(&rows))], wanted, &options);
        let floor = found[0].floor.as_ref().unwrap();
        assert!((floor.mean - mean).abs() < 0.08 * mean + 0.0005, "{n}: {floor:?}");
        assert!((floor.p95 - p95).abs() < 0.08 * p95 + 0.0005, "{n}: {floor:?}");
    }
}

#[test]
fn a_calibrated_model_stays_within_its_floors_and_a_bold_one_does_not() {
    let rows = calibrated(3000);
    let bold: Vec<(f64, u8)> = rows.iter().map(|row| (row.0.powf(0.4), row.1)).collect();
    for (id, params) in [
        ("mce", vec![("binning", ParamValue::from("equal_mass"))]),
        ("ece_debiased", vec![]),
        ("ece_debiased", vec![("form", "l2_squared".into())]),
        ("brier_reliability", vec![]),
        ("brier_reliability", vec![("form", "corp".into())]),
    ] {
        for (rows, wrong) in [(&rows, false), (&bold, true)] {
            let found = measured(&scored(), &text_of(rows), id, &params);
            let (value, floor) = (found.value.unwrap(), found.floor.unwrap());
            assert_eq!(value > floor.p95, wrong, "{} {value} {floor:?}", found.definition);
        }
    }
}

#[test]
fn right_labels_stay_within_the_floor_of_rows_to_recheck_and_wrong_ones_do_not() {
    let rows = calibrated(4000);
    let flipped: Vec<(f64, u8)> = (0u32..).zip(&rows).map(|(k, row)| (row.0, row.1 ^ u8::from(k % 12 == 0))).collect();
    for (rows, wrong) in [(rows, false), (flipped, true)] {
        let found = measured(&scored(), &text_of(&rows), "label_issues_share", &[]);
        let (value, floor) = (found.value.unwrap(), found.floor.unwrap());
        assert_eq!(value > floor.p95, wrong, "{value} {floor:?}");
        assert!(found.notes[0].starts_with("rows to re-check, not the share of wrong labels"), "{:?}", found.notes);
    }
}

#[test]
fn what_is_advised_makes_the_interval_narrow_enough() {
    let pilot = PilotSpec { threshold: Some(0.4), ..scored() };
    let rows = calibrated(150);
    for (id, width) in [("auroc", 0.1), ("sensitivity", 0.1), ("specificity", 0.1), ("calibration_slope", 0.4)] {
        let few = measured(&pilot, &text_of(&rows), id, &[]);
        let advice = few.advice.clone().unwrap_or_else(|| panic!("{id}: no advice"));
        let more: f64 = advice.split(' ').find_map(|word| word.parse().ok().filter(|more| *more > 1.0)).unwrap();
        // The same rows again and again, until there are as many as advised.
        let events = f64::from(rows.iter().map(|row| u32::from(row.1)).sum::<u32>());
        let counted = if id == "specificity" { rows.len() as f64 - events } else { events };
        let times = ((counted + more) / counted).ceil() as usize;
        let many = measured(&pilot, &text_of(&rows.repeat(times)), id, &[]);
        let ends = many.interval.unwrap();
        assert!(ends.high - ends.low <= width * 1.001, "{id}: {advice}; then {ends:?}");
        assert_eq!(many.advice, None, "{id}");
    }
}

#[test]
fn two_models_differ_by_as_much_whichever_is_named_first() {
    let rows = calibrated(600);
    let text = csv(&[
        ("y", cells(rows.iter().map(|row| row.1))),
        ("s", cells(rows.iter().map(|row| row.0))),
        ("c", cells((0u32..).zip(&rows).map(|(k, row)| (row.0 + 0.4 * (spread(k, 3) - 0.5)).clamp(0.0, 1.0)))),
    ]);
    let mut pilot = PilotSpec { threshold: Some(0.4), ..scored() };
    assert!(measured(&pilot, &text, "auroc_difference", &[]).value.unwrap_err().reason.contains("compare with"));
    pilot.columns.compared = Some(named("c"));
    let mut turned = pilot.clone();
    (turned.columns.score, turned.columns.compared) = (Some(named("c")), Some(named("s")));
    for id in ["auroc_difference", "brier_difference"] {
        let (a, b) = (measured(&pilot, &text, id, &[]), measured(&turned, &text, id, &[]));
        assert!((a.value.clone().unwrap() + b.value.unwrap()).abs() < 1e-12, "{id}");
        let (a, b) = (a.interval.unwrap(), b.interval.unwrap());
        assert!((a.low + b.high).abs() < 1e-12 && (a.high + b.low).abs() < 1e-12, "{id}");
    }
    for id in ["auroc_difference_p", "brier_difference_p", "mcnemar_p"] {
        let (a, b) = (measured(&pilot, &text, id, &[]), measured(&turned, &text, id, &[]));
        assert!((a.value.clone().unwrap() - b.value.unwrap()).abs() < 1e-12, "{id}");
        assert!(a.value.unwrap() < 0.05, "{id}: a noisy score is worse");
    }
    // A model does not differ from itself.
    pilot.columns.compared = Some(named("s"));
    assert_eq!(measured(&pilot, &text, "auroc_difference", &[]).value, Ok(0.0));
    let reason = |id: &str| measured(&pilot, &text, id, &[]).value.unwrap_err().reason;
    assert!(reason("auroc_difference_p").contains("rank the rows alike"));
    assert!(reason("mcnemar_p").contains("same rows"));
}

#[test]
fn one_subgroup_of_many_stands_out_after_adjustment() {
    // Twenty-five groups; in the first the score says nothing.
    let rows = calibrated(5000);
    let score = |(k, row): (u32, &(f64, u8))| if k % 25 == 0 { 0.45 * spread(k, 5) } else { row.0 };
    let text = csv(&[
        ("y", cells(rows.iter().map(|row| row.1))),
        ("s", cells((0u32..).zip(&rows).map(score))),
        ("g", cells((0..rows.len()).map(|k| format!("g{:02}", k % 25)))),
    ]);
    let mut pilot = PilotSpec { deployment: table("d.csv"), threshold: Some(0.4), ..scored() };
    pilot.columns.groups = vec![("ward".into(), named("g"))];
    let all = |of: &str, adjust: &str| {
        let params = [("of", ParamValue::from(of)), ("adjust", ParamValue::from(adjust))];
        let wanted = request("subgroup_p", MetricIndex::Subgroup, &params);
        one(&pilot, vec![data("d.csv", text.clone())], wanted, &Options::default())
    };
    let ps = |found: &[Measurement]| found.iter().map(|m| m.value.clone().unwrap()).collect::<Vec<f64>>();
    for of in ["auroc", "sensitivity", "specificity", "brier"] {
        let (raw, holm, plain, hochberg) =
            (ps(&all(of, "none")), ps(&all(of, "holm")), ps(&all(of, "bonferroni")), ps(&all(of, "bh")));
        for k in 0..25 {
            assert!(raw[k] <= hochberg[k] && hochberg[k] <= holm[k] && holm[k] <= plain[k], "{of} {k}");
        }
        // Few of its rows are flagged, so the share of others not flagged does not stand out.
        assert!(holm[0] < 0.01 || of == "specificity", "{of}: {holm:?}");
        assert!(holm[1..].iter().all(|p| *p > 0.01), "{of}: {holm:?}");
    }
    let first = &all("auroc", "holm")[0];
    assert!(first.notes[0].contains("here") && first.notes[0].contains("in all other rows"), "{:?}", first.notes);
    assert_eq!((first.element.as_deref(), first.n), (Some("ward=g00"), 200));
}

#[test]
fn two_models_are_compared_within_each_subgroup_that_may_be_shown() {
    let rows = calibrated(600);
    let group = |k: u32| if k.is_multiple_of(100) { "few" } else { ["f", "m"][(k % 2) as usize] };
    let other = |k: u32, score: f64| if group(k) == "m" { 0.5 * spread(k, 3) } else { score };
    let text = |keep: &dyn Fn(u32) -> bool| {
        let kept: Vec<(u32, &(f64, u8))> = (0u32..).zip(&rows).filter(|(k, _)| keep(*k)).collect();
        csv(&[
            ("y", cells(kept.iter().map(|(_, row)| row.1))),
            ("s", cells(kept.iter().map(|(_, row)| row.0))),
            ("c", cells(kept.iter().map(|(k, row)| other(*k, row.0)))),
            ("g", cells(kept.iter().map(|(k, _)| group(*k)))),
        ])
    };
    let mut pilot = PilotSpec { threshold: Some(0.4), min_cell: 11, ..scored() };
    pilot.columns.compared = Some(named("c"));
    pilot.columns.groups = vec![("sex".into(), named("g"))];
    let all = text(&|_| true);
    for id in ["auroc_difference", "auroc_difference_p", "brier_difference", "brier_difference_p", "mcnemar_p"] {
        let wanted = request(id, MetricIndex::Subgroup, &[]);
        let found = one(&pilot, vec![data("d.csv", all.clone())], wanted, &Options::default());
        let of = |group: &str| found.iter().find(|found| found.element.as_deref() == Some(group)).unwrap();
        // A subgroup is as a table of its rows alone.
        let alone = measured(&pilot, &text(&|k| group(k) == "m"), id, &[]);
        assert_eq!(of("sex=m").value, alone.value, "{id}");
        assert_eq!((of("sex=m").n, &of("sex=m").interval), (alone.n, &alone.interval), "{id}");
        assert!(of("sex=few").value.as_ref().unwrap_err().reason.contains("suppressed"), "{id}");
        assert_eq!(of("sex=few").n, 0);
    }
    // Where the other model has a score on few rows of a group, these are as good as a small group.
    let rare = text(&|k| k % 100 != 0);
    let rare = rare.lines().enumerate().map(|(line, text)| {
        let mut cells: Vec<&str> = text.split(',').collect();
        if line > 12 && cells[3] == "f" {
            cells[2] = "";
        }
        cells.join(",") + "\n"
    });
    let wanted = request("mcnemar_p", MetricIndex::Subgroup, &[]);
    let found = one(&pilot, vec![data("d.csv", rare.collect::<String>())], wanted, &Options::default());
    let f = found.iter().find(|found| found.element.as_deref() == Some("sex=f")).unwrap();
    assert!(f.value.as_ref().unwrap_err().reason.contains("both models"), "{f:?}");
}

#[test]
fn tests_of_a_feature_see_a_shift_and_nothing_else() {
    let column = |stream: u64, by: f64| (0..300u32).map(|k| spread(k, stream) + by).collect::<Vec<f64>>();
    let units = |values: &[f64]| cells(values.iter().map(|value| if *value > 0.6 { "icu" } else { "ward" }));
    let text = |values: &[f64]| csv(&[("x", cells(values)), ("unit", units(values))]);
    let mut pilot = PilotSpec { development: table("t.csv"), deployment: table("d.csv"), ..PilotSpec::default() };
    pilot.columns.numeric = vec![named("x")];
    pilot.columns.categorical = vec![named("unit")];
    let p = |id: &str, train: &[f64], deploy: &[f64]| {
        let files = vec![data("t.csv", text(train)), data("d.csv", text(deploy))];
        one(&pilot, files, request(id, MetricIndex::Feature, &[]), &Options::default())
    };
    let (old, same, shifted) = (column(21, 0.0), column(22, 0.0), column(22, 0.2));
    for (id, own, other) in [("mann_whitney_p", 0, 1), ("welch_t_p", 0, 1), ("chi_square_p", 1, 0)] {
        let value = |a: &[f64], b: &[f64]| p(id, a, b)[own].value.clone().unwrap();
        assert!(value(&old, &same) > 0.05 && value(&old, &shifted) < 1e-4, "{id}");
        assert!((value(&old, &shifted) / value(&shifted, &old) - 1.0).abs() < 1e-9, "{id}");
        assert!((value(&old, &old) - 1.0).abs() < 1e-12, "{id}");
        let found = p(id, &old, &shifted);
        assert!(found[own].notes.len() == 1 && found[own].n == 600, "{id}");
        assert!(found[other].value.as_ref().unwrap_err().reason.contains("the feature is"), "{id}");
        let constant = vec![1.0; 300];
        assert!(p(id, &constant, &constant)[own].value.is_err(), "{id}");
    }
}
