//! Intervals cover what they promise: samples are drawn from a population whose true values are known, and
//! the share of 95 % intervals that hold the true value is counted.
//!
//! `ETIOLOGY_CASES=5000 cargo test --release --test it coverage -- --nocapture` is the long run, whose
//! figures stand in docs/metrics.md.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops at the first surprise")]

use crate::differential::cases;
use crate::pilot::{cells, csv, data, named, request, scored};
use etiology::metrics::{MetricIndex, MetricRequest, OneClass, Options, evaluate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const THRESHOLD: f64 = 0.3;

/// A kind of row: the system's score, which is its true risk, and the score of another model.
#[derive(Clone, Copy)]
struct Kind {
    score: f64,
    compared: f64,
}

/// Two hundred kinds, equally frequent, at a prevalence of 0.3.
fn population() -> Vec<Kind> {
    let kind = |k: u32| {
        let u = (f64::from(k) + 0.5) / 200.0;
        let score = 0.02 + 0.94 * u.powf(2.3);
        // The other model sees the same with an error that repeats.
        let compared = (score + 0.25 * (f64::from(k * 37 % 200) / 200.0 - 0.5)).clamp(0.01, 0.99);
        Kind { score, compared }
    };
    (0..200).map(kind).collect()
}

fn mean(kinds: &[Kind], value: impl Fn(&Kind) -> f64) -> f64 {
    kinds.iter().map(value).sum::<f64>() / kinds.len() as f64
}

/// The chance that an event's score is above that of another row.
fn area(kinds: &[Kind], score: impl Fn(&Kind) -> f64) -> f64 {
    let won = |a: &Kind, b: &Kind| {
        let above =
            f64::from(u8::from(score(a) > score(b))) + 0.5 * f64::from(u8::from(score(a).total_cmp(&score(b)).is_eq()));
        a.score * (1.0 - b.score) * above
    };
    let pairs: f64 = kinds.iter().map(|a| kinds.iter().map(|b| won(a, b)).sum::<f64>()).sum();
    pairs / (mean(kinds, |k| k.score) * mean(kinds, |k| 1.0 - k.score)) / (kinds.len() * kinds.len()) as f64
}

/// What is measured and what is true.
struct Claim {
    request: MetricRequest,
    truth: f64,
    /// The largest coverage that is right: two points over 95 %, but for an interval known to be wide.
    most: f64,
    /// Of how many samples one is measured; the bootstrap takes a hundred times as long as the rest.
    one_in: u32,
}

fn claims(kinds: &[Kind], long: bool) -> Vec<Claim> {
    let flagged = |k: &Kind| f64::from(u8::from(k.score >= THRESHOLD));
    let tp = mean(kinds, |k| flagged(k) * k.score);
    let fp = mean(kinds, |k| flagged(k) * (1.0 - k.score));
    let prevalence = mean(kinds, |k| k.score);
    let (sensitivity, specificity) = (tp / prevalence, 1.0 - fp / (1.0 - prevalence));
    let error = |score: f64, risk: f64| risk * (1.0 - score).powi(2) + (1.0 - risk) * score.powi(2);
    let brier = mean(kinds, |k| error(k.score, k.score));
    let other = mean(kinds, |k| error(k.compared, k.score));
    let of_score = area(kinds, |k| k.score);
    let difference = of_score - area(kinds, |k| k.compared);
    let plain =
        |id: &str, truth: f64| Claim { request: request(id, MetricIndex::Scalar, &[]), truth, most: 0.97, one_in: 1 };
    let by = |method: &str| Claim {
        request: request("auroc", MetricIndex::Scalar, &[("interval", method.into())]),
        truth: of_score,
        most: 0.97,
        one_in: 1,
    };
    let mut claims = vec![
        plain("prevalence", prevalence),
        plain("sensitivity", sensitivity),
        plain("specificity", specificity),
        plain("ppv", tp / (tp + fp)),
        plain("alert_rate", tp + fp),
        plain("positive_likelihood_ratio", sensitivity / (1.0 - specificity)),
        plain("negative_likelihood_ratio", (1.0 - sensitivity) / specificity),
        plain("net_benefit", tp - fp * THRESHOLD / (1.0 - THRESHOLD)),
        plain("brier", brier),
        plain("log_loss", mean(kinds, |k| -k.score * k.score.ln() - (1.0 - k.score) * (1.0 - k.score).ln())),
        plain("balanced_accuracy", (sensitivity + specificity) / 2.0),
        plain("f1", 2.0 * tp / (tp + fp + prevalence)),
        plain(
            "mcc",
            (tp - (tp + fp) * prevalence) / ((tp + fp) * prevalence * (1.0 - tp - fp) * (1.0 - prevalence)).sqrt(),
        ),
        plain("calibration_slope", 1.0),
        plain("calibration_in_the_large", 0.0),
        // Debray's formula takes every row for equally likely an event, so it is wide for a model that is not.
        Claim { most: 0.99, ..plain("observed_expected", 1.0) },
        plain("auroc_difference", difference),
        plain("brier_difference", brier - other),
        by("delong"),
        by("logit"),
    ];
    if long {
        claims.push(Claim { one_in: 20, ..by("bootstrap") });
        // The largest difference at any of the scores.
        let gain = |t: f64| {
            mean(
                kinds,
                |k| if k.score >= t { k.score / prevalence - (1.0 - k.score) / (1.0 - prevalence) } else { 0.0 },
            )
        };
        let truth = kinds.iter().map(|k| gain(k.score)).fold(0.0, f64::max);
        let request = request("youden", MetricIndex::Scalar, &[("interval", "bootstrap".into())]);
        claims.push(Claim { request, truth, most: 0.97, one_in: 4 });
    }
    claims
}

#[test]
fn intervals_hold_the_true_value_as_often_as_they_say() {
    const EVERYDAY: u32 = 120;
    let (samples, rows) = (cases(EVERYDAY), 400);
    let kinds = population();
    let claims = claims(&kinds, samples > EVERYDAY);
    let mut pilot = scored();
    pilot.threshold = Some(THRESHOLD);
    pilot.columns.compared = Some(named("c"));
    let options = Options { one_class: OneClass::Allow, floors: false, ..Options::default() };
    let mut draws = ChaCha8Rng::seed_from_u64(4);
    let mut uniform = || (draws.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let mut counts = vec![(0u32, 0u32); claims.len()];
    for sample in 0..samples {
        let drawn: Vec<(Kind, u8)> = (0..rows)
            .map(|_| {
                let kind = kinds[(uniform() * 200.0) as usize];
                (kind, u8::from(uniform() < kind.score))
            })
            .collect();
        let text = csv(&[
            ("y", cells(drawn.iter().map(|row| row.1))),
            ("s", cells(drawn.iter().map(|row| row.0.score))),
            ("c", cells(drawn.iter().map(|row| row.0.compared))),
        ]);
        let mut asked: Vec<(&Claim, &mut (u32, u32))> =
            claims.iter().zip(&mut counts).filter(|(claim, _)| sample % claim.one_in == 0).collect();
        let requests: Vec<MetricRequest> = asked.iter().map(|(claim, _)| claim.request.clone()).collect();
        let found = evaluate(&pilot, vec![data("d.csv", text)], &requests, &options).unwrap();
        for ((claim, (held, tried)), found) in asked.iter_mut().zip(&found.measurements) {
            let ends = found.interval.as_ref().unwrap();
            *held += u32::from((ends.low..=ends.high).contains(&claim.truth));
            *tried += 1;
        }
    }
    for ((held, tried), claim) in counts.into_iter().zip(&claims) {
        let share = f64::from(held) / f64::from(tried);
        println!("coverage of {}: {share:.3} of {tried} samples of {rows} rows", claim.request.definition);
        // Two points of room for what the intervals approximate, and three standard errors for chance.
        let chance = 3.0 * (0.95f64 * 0.05 / f64::from(tried)).sqrt();
        let right = 0.93 - chance..=claim.most + chance;
        assert!(right.contains(&share), "{} covers {share}", claim.request.definition);
    }
}
