//! Where along a feature a system falls off: a made-up pilot with a known cut, and one without any.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use crate::pilot::{cells, csv, data, named, one, request, scored};
use etiology::metrics::{Measurement, MetricIndex, Options, ParamValue};
use etiology::table::PilotSpec;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Rows as label, score and age in whole years. Above `cut` the score says nothing.
fn rows(n: u32, cut: f64, seed: u64) -> Vec<(u8, f64, f64)> {
    let mut draws = ChaCha8Rng::seed_from_u64(seed);
    let mut uniform = || (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let mut row = || {
        let (age, risk) = ((20.0 + 70.0 * uniform()).round(), uniform());
        let score = if age > cut { 0.2 + 0.6 * uniform() } else { 0.1 + 0.8 * risk };
        (u8::from(uniform() < 0.05 + 0.9 * risk), score, age)
    };
    (0..n).map(|_| row()).collect()
}

fn text(rows: &[(u8, f64, f64)]) -> String {
    csv(&[
        ("y", cells(rows.iter().map(|row| row.0))),
        ("s", cells(rows.iter().map(|row| row.1))),
        ("age", cells(rows.iter().map(|row| row.2))),
        ("sex", cells(rows.iter().map(|row| if row.1 > 0.5 { "f" } else { "m" }))),
    ])
}

fn pilot() -> PilotSpec {
    let mut pilot = PilotSpec { threshold: Some(0.5), min_cell: 11, ..scored() };
    pilot.columns.numeric = vec![named("age")];
    pilot.columns.categorical = vec![named("sex")];
    pilot
}

/// Returns what is found along age, and along sex.
fn found(id: &str, of: &str, text: &str) -> (Measurement, Measurement) {
    let wanted = request(id, MetricIndex::Feature, &[("of", ParamValue::from(of))]);
    let mut found = one(&pilot(), vec![data("d.csv", text)], wanted, &Options::default());
    let sex = found.remove(1);
    (found.remove(0), sex)
}

#[test]
fn the_age_at_which_a_system_falls_off_is_found() {
    let text = text(&rows(3000, 62.0, 1));
    for of in ["auroc", "sensitivity", "specificity", "brier"] {
        let (cut, sex) = found("threshold_effect_cut", of, &text);
        let ends = cut.interval.unwrap();
        let value = cut.value.unwrap();
        // Candidates lie at every twentieth of the rows, some four years apart.
        assert!((58.0..=67.0).contains(&value), "{of}: {value}");
        assert!(ends.low <= 62.0 && 62.0 <= ends.high && ends.high - ends.low < 25.0, "{of}: {ends:?}");
        assert!(cut.notes[0].starts_with(&format!("worse above {value}: {of} ")), "{of}: {:?}", cut.notes);
        assert_eq!(cut.n, 3000);
        assert!(sex.value.unwrap_err().reason.contains("categorical"));
        let (effect, _) = found("threshold_effect", of, &text);
        let floor = effect.floor.unwrap();
        assert!(effect.value.clone().unwrap() > 1.5 * floor.p95, "{of}: {:?} {floor:?}", effect.value);
        assert_eq!(found("threshold_effect_p", of, &text).0.value, Ok(0.005), "{of}");
    }
}

#[test]
fn the_worse_side_is_named_when_it_is_the_lower_one() {
    let turned: Vec<(u8, f64, f64)> = rows(2000, 50.0, 2).into_iter().map(|row| (row.0, row.1, -row.2)).collect();
    let (cut, _) = found("threshold_effect_cut", "auroc", &text(&turned));
    assert!(cut.notes[0].starts_with("worse up to -"), "{:?}", cut.notes);
}

#[test]
fn without_a_fall_off_p_is_spread_evenly_and_the_effect_lies_within_its_floor() {
    let (mut small, mut above, mut sum) = (0, 0, 0.0);
    for seed in 0..40 {
        let text = text(&rows(400, 100.0, 100 + seed));
        let p = found("threshold_effect_p", "auroc", &text).0.value.unwrap();
        small += u32::from(p <= 0.1);
        sum += p;
        let effect = found("threshold_effect", "auroc", &text).0;
        above += u32::from(effect.value.unwrap() > effect.floor.unwrap().p95);
    }
    // Of 40 even draws: 4 below 0.1 and 2 above the floor are expected; a mean of 0.5 with a standard error of 0.046.
    assert!(small <= 10 && above <= 7, "{small} {above}");
    assert!((sum / 40.0 - 0.5).abs() < 0.15, "{}", sum / 40.0);
}

#[test]
fn the_order_of_rows_does_not_matter_and_no_side_is_small() {
    let rows = rows(300, 100.0, 7);
    let mut other = rows.clone();
    other.reverse();
    for of in ["auroc", "brier"] {
        for id in ["threshold_effect", "threshold_effect_cut", "threshold_effect_p"] {
            assert_eq!(found(id, of, &text(&rows)).0, found(id, of, &text(&other)).0, "{id} {of}");
        }
    }
    let mut ages: Vec<f64> = rows.iter().map(|row| row.2).collect();
    ages.sort_unstable_by(f64::total_cmp);
    let ends = found("threshold_effect_cut", "brier", &text(&rows)).0.interval.unwrap();
    for end in [ends.low, ends.high] {
        let below = ages.iter().filter(|age| **age <= end).count();
        assert!(below >= 11 && ages.len() - below >= 11, "{end}");
    }
}

#[test]
fn too_few_rows_and_an_even_figure_have_no_effect() {
    let reason = |text: &str, of: &str| found("threshold_effect", of, text).0.value.unwrap_err().reason;
    assert!(reason(&text(&rows(15, 100.0, 3)), "sensitivity").contains("on both sides"));
    let even: Vec<(u8, f64, f64)> = (0..200).map(|k| (1 - (k % 2) as u8, 0.9, f64::from(k))).collect();
    assert!(reason(&text(&even), "sensitivity").contains("the same in all rows"));
    assert!(reason(&text(&even), "auroc").contains("the same in all rows"));
}
