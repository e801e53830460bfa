//! Whether scores are right as probabilities: Brier, calibration error, slope and level.

use crate::metrics::Undefined;
use crate::metrics::sample::Sample;
use crate::metrics::statistics::sums;
use std::ops::Range;

/// Returns mean and standard error of what each score and its outcome cost; the standard error is 0 for one row.
fn mean_cost(sample: &Sample, cost: impl Fn(f64, u8) -> f64 + Sync) -> Result<(f64, f64), Undefined> {
    if sample.n == 0 {
        return Err(Undefined::new("there are no rows"));
    }
    let (mass, n) = (sample.total(), sample.total().effective());
    let costs = |entries: Range<usize>| {
        sample
            .rows(entries.clone())
            .zip(entries)
            .map(|((score, event, weight), entry)| (cost(score, event), weight, entry))
    };
    let [total] =
        sums::sum_by_piece(sample.entries(), |entries| [costs(entries).map(|(cost, weight, _)| weight * cost).sum()]);
    let mean = total / mass.weight;
    let off = |(cost, _, entry): (f64, f64, usize)| sample.squares_of(entry) * (cost - mean).powi(2);
    let [spread] = sums::sum_by_piece(sample.entries(), |entries| [costs(entries).map(off).sum()]);
    // With equal weights this is the variance of the costs, divided by n.
    Ok((mean, if n > 1.0 { (spread / mass.squares / (n - 1.0)).sqrt() } else { 0.0 }))
}

/// Returns mean and standard error of (s - y)².
pub(crate) fn brier(sample: &Sample) -> Result<(f64, f64), Undefined> {
    mean_cost(sample, |score, event| (score - f64::from(event)).powi(2))
}

/// Returns the mean logarithmic loss in nats and its standard error.
///
/// # Errors
/// Undefined (infinite) where a certain prediction was wrong.
pub(crate) fn log_loss(sample: &Sample) -> Result<(f64, f64), Undefined> {
    let loss = |score: f64, event: u8| if event == 1 { -score.ln() } else { -(-score).ln_1p() };
    let (mean, se) = mean_cost(sample, loss)?;
    if mean.is_finite() {
        Ok((mean, se))
    } else {
        Err(Undefined::new("it is infinite, because a certain prediction was wrong"))
    }
}

/// How scores are put into bins `(lo, hi]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binning {
    /// Edges at i / M; 0 belongs to the first bin.
    EqualWidth,
    /// Edges at quantiles (numpy's linear ones); tied scores stay together.
    EqualMass,
}

/// What a bin holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bin {
    /// Rows.
    pub n: u64,
    /// Entries of the sample.
    pub entries: usize,
    /// What they weigh: their number where each counts once.
    pub weight: f64,
    /// How many rows of equal weight would tell as much.
    pub effective: f64,
    /// What the events weigh.
    pub events: f64,
    /// Weighted sum of the scores: the events that a perfectly calibrated model expects.
    pub expected: f64,
    /// Weighted sum of s (1 - s): the variance of the events where each row counts once.
    pub variance: f64,
}

/// Returns the bins of a sample; empty ones are left out.
pub(crate) fn bins(sample: &Sample, count: u32, binning: Binning) -> Vec<Bin> {
    let ranked = sample.ranked();
    let edges = match binning {
        Binning::EqualWidth => (1..count).map(|edge| f64::from(edge) / f64::from(count)).collect(),
        Binning::EqualMass if sample.score.is_empty() => Vec::new(),
        Binning::EqualMass => ranked.equal_mass_edges(count),
    };
    let ends = sums::cut_at(&sample.score, &edges);
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let bin = |(start, end): (usize, usize)| {
        let (others, events) = sample.of_outcome_in(start..end);
        let all = others + events;
        let [expected, variance] = sums::sum_by_piece(end - start, |piece| {
            let rows = sample.rows(start + piece.start..start + piece.end);
            rows.fold([0.0, 0.0], |[expected, variance], (score, _, weight)| {
                [expected + weight * score, variance + weight * score * (1.0 - score)]
            })
        });
        Bin {
            n: ranked.rows_of(end) - ranked.rows_of(start),
            entries: end - start,
            weight: all.weight,
            effective: all.effective(),
            events: events.weight,
            expected,
            variance,
        }
    };
    starts.zip(ends.iter().copied()).map(bin).filter(|bin| bin.n > 0).collect()
}

/// Returns the expected calibration error of `bins`.
///
/// # Shapes and units
/// Result in 0..=1, no unit; 0 is perfect. Empty bins weigh nothing. A score on an edge belongs to
/// the lower bin.
///
/// # Source
/// Guo, Pleiss, Sun, Weinberger (2017), section 2; binning as in scikit-learn's `calibration_curve`.
pub(crate) fn expected_calibration_error(bins: &[Bin]) -> Result<f64, Undefined> {
    let rows: f64 = bins.iter().map(|bin| bin.weight).sum();
    if rows <= 0.0 {
        return Err(Undefined::new("there are no rows"));
    }
    Ok(bins.iter().map(|bin| (bin.events - bin.expected).abs()).sum::<f64>() / rows)
}

/// Returns observed over expected events and the standard error of its logarithm.
///
/// # Source
/// Debray et al. (2017): se(ln O:E) = sqrt((1 - O/n) / O).
pub(crate) fn observed_expected(sample: &Sample) -> Result<(f64, Option<f64>), Undefined> {
    let [expected] = sums::sum_by_piece(sample.entries(), |entries| {
        [sample.rows(entries).map(|(score, _, weight)| weight * score).sum()]
    });
    if expected <= 0.0 {
        return Err(Undefined::new("every score is 0, so no event is expected"));
    }
    let (events, all) = (sample.of_outcome().1, sample.total());
    let se = (sample.events > 0).then(|| ((1.0 - events.weight / all.weight) / events.effective()).sqrt());
    Ok((if sample.events > 0 { events.weight } else { 0.0 } / expected, se))
}

/// A fitted coefficient and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    pub value: f64,
    pub se: f64,
}

fn check_fit(sample: &Sample) -> Result<(), Undefined> {
    if sample.n == 0 {
        Err(Undefined::new("there are no rows"))
    } else if sample.events == 0 || sample.non_events() == 0 {
        Err(Undefined::new("the labels have one class only, so the logistic fit has no finite solution"))
    } else if sample.logit.len() != sample.entries() {
        Err(Undefined::new("scores of exactly 0 or 1 have no finite logit"))
    } else {
        Ok(())
    }
}

/// Returns the slope b of logit P(y) = a + b logit(s) by maximum likelihood.
///
/// # Errors
/// Undefined for labels of one class, scores of 0 or 1, equal scores, and labels that the scores
/// separate.
///
/// # Source
/// Cox (1958); Van Calster et al. (2019).
pub(crate) fn slope(sample: &Sample) -> Result<Fit, Undefined> {
    check_fit(sample)?;
    let (low, high) = (sample.logit.first(), sample.logit.last());
    if low.zip(high).is_none_or(|(low, high)| low >= high) {
        return Err(Undefined::new("the scores are constant, so there is no spread in their logit"));
    }
    if separated(sample) {
        return Err(Undefined::new("the scores separate the labels, so the logistic fit has no finite solution"));
    }
    let start = near(sample, |stride| newton(sample, stride, [0.0, 1.0], two_terms));
    let (beta, information) = newton(sample, 1, start.unwrap_or([0.0, 1.0]), two_terms)?;
    let [_, value] = beta;
    let [aa, ab, bb] = information;
    let determinant = aa * bb - ab * ab;
    let variance = if sample.is_weighted() {
        // The last row of A⁻¹ B A⁻¹.
        let [saa, sab, sbb] = scatter(sample, beta);
        (ab * ab * saa - 2.0 * ab * aa * sab + aa * aa * sbb) / (determinant * determinant)
    } else {
        aa / determinant
    };
    Ok(Fit { value, se: variance.sqrt() })
}

/// Returns the level a of logit P(y) = a + logit(s), the slope held at 1.
///
/// # Errors
/// As [`slope`], but for equal scores and separation, which do no harm here.
///
/// # Source
/// Cox (1958); Van Calster et al. (2019): not the intercept of the model with a slope.
pub(crate) fn in_the_large(sample: &Sample) -> Result<Fit, Undefined> {
    check_fit(sample)?;
    let start = near(sample, |stride| newton(sample, stride, [0.0, 1.0], level_only));
    let (beta, [aa, ..]) = newton(sample, 1, start.unwrap_or([0.0, 1.0]), level_only)?;
    let [value, _] = beta;
    let variance = if sample.is_weighted() { scatter(sample, beta)[0] / (aa * aa) } else { 1.0 / aa };
    Ok(Fit { value, se: variance.sqrt() })
}

/// Returns the sums over rows of the squared gradient (aa, ab, bb), with which weighted rows scatter: the
/// information alone would take weights for numbers of patients seen.
///
/// # Source
/// Binder (1983); White (1982): the sandwich A⁻¹ B A⁻¹, this being B.
fn scatter(sample: &Sample, [a, b]: [f64; 2]) -> [f64; 3] {
    sums::sum_by_piece(sample.entries(), |entries| {
        let logit = sample.logit.get(entries.clone()).unwrap_or(&[]);
        let mut total = [0.0; 3];
        for ((x, (_, event, _)), entry) in logit.iter().zip(sample.rows(entries.clone())).zip(entries) {
            let residual = f64::from(event) - 1.0 / (1.0 + (-(a + b * x)).exp());
            let square = sample.squares_of(entry) * residual * residual;
            total[0] += square;
            total[1] += square * x;
            total[2] += square * x * x;
        }
        total
    })
}

/// Returns the solution on a 32nd of a large sample, from which two or three more steps suffice.
fn near(sample: &Sample, fit: impl Fn(usize) -> Result<([f64; 2], [f64; 3]), Undefined>) -> Option<[f64; 2]> {
    // Entries are sorted by score, so every 32nd is a stratified sample.
    (sample.entries() > 20_000).then(|| fit(32).ok()).flatten().map(|(beta, _)| beta)
}

/// Tells whether a score exists with all events on one side of it and all others on the other.
fn separated(sample: &Sample) -> bool {
    let rows = || sample.score.iter().zip(&sample.event);
    let first = |event: u8| rows().find(|row| *row.1 == event).map(|row| *row.0);
    let last = |event: u8| rows().rev().find(|row| *row.1 == event).map(|row| *row.0);
    let below = |low: u8, high: u8| last(low).zip(first(high)).is_some_and(|(low, high)| low <= high);
    below(0, 1) || below(1, 0)
}

/// Sums over rows: gradient (a, b) and information (aa, ab, bb).
type Step = fn([f64; 5]) -> Option<[f64; 2]>;

fn two_terms([ga, gb, aa, ab, bb]: [f64; 5]) -> Option<[f64; 2]> {
    let determinant = aa * bb - ab * ab;
    (determinant > 0.0).then(|| [(bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant])
}

fn level_only([ga, _, aa, ..]: [f64; 5]) -> Option<[f64; 2]> {
    (aa > 0.0).then(|| [ga / aa, 0.0])
}

/// Maximises the likelihood over every `stride`th row by Newton's method.
fn newton(sample: &Sample, stride: usize, start: [f64; 2], step_of: Step) -> Result<([f64; 2], [f64; 3]), Undefined> {
    let [mut a, mut b] = start;
    // The last step, and how fast the likelihood rose along it where it began.
    let (mut last, mut rise) = ([0.0, 0.0], 0.0);
    for _ in 0..100 {
        let [ga, gb, aa, ab, bb] = sums::sum_by_piece(sample.entries(), |rows| {
            let logit = sample.logit.get(rows.clone()).unwrap_or(&[]);
            let mut total = [0.0; 5];
            for (x, (_, event, mass)) in logit.iter().zip(sample.rows(rows)).step_by(stride) {
                let p = 1.0 / (1.0 + (-(a + b * x)).exp());
                let (residual, weight) = (mass * (f64::from(event) - p), mass * p * (1.0 - p));
                total[0] += residual;
                total[1] += residual * x;
                total[2] += weight;
                total[3] += weight * x;
                total[4] += weight * x * x;
            }
            total
        });
        // Where it falls as fast at the end of the step, the step went too far: go half of it back.
        if rise > 0.0 && ga * last[0] + gb * last[1] < -rise / 2.0 {
            last = last.map(|step| step / 2.0);
            rise /= 2.0;
            a -= last[0];
            b -= last[1];
            continue;
        }
        let Some([da, db]) = step_of([ga, gb, aa, ab, bb]) else { break };
        // A long step means that the quadratic picture is wrong there; go part of the way.
        let scale = (2.0 / da.abs().max(db.abs())).min(1.0);
        a += scale * da;
        b += scale * db;
        (last, rise) = ([scale * da, scale * db], scale * (ga * da + gb * db));
        // The error after a step is of the order of the step squared.
        if da.abs() <= 1e-8 && db.abs() <= 1e-8 {
            return Ok(([a, b], [aa, ab, bb]));
        }
    }
    Err(Undefined::new("the logistic fit does not converge"))
}

#[cfg(test)]
mod tests {
    use super::super::discrimination::tests::sample;
    use super::*;

    #[test]
    fn brier_and_error_by_hand() {
        let sample = sample(&[(0.2, 0), (0.25, 1), (0.3, 0), (0.35, 1), (0.4, 1), (0.45, 0)]);
        // 0.3 belongs to (0.2, 0.3], 0.4 to (0.3, 0.4].
        let found = expected_calibration_error(&bins(&sample, 10, Binning::EqualWidth)).unwrap();
        assert!((found - 0.391_666_666_666_666_66).abs() < 1e-15);
        let hand = [0.2f64, 0.75, 0.3, 0.65, 0.6, 0.45].iter().map(|error| error * error).sum::<f64>() / 6.0;
        assert!((brier(&sample).unwrap().0 - hand).abs() < 1e-15);
    }

    #[test]
    fn the_level_of_equal_scores_is_the_difference_of_logits() {
        let rows: Vec<(f64, u8)> = (0..100).map(|row| (0.2, u8::from(row < 30))).collect();
        let found = in_the_large(&sample(&rows)).unwrap();
        let logit = |p: f64| (p / (1.0 - p)).ln();
        assert!((found.value - (logit(0.3) - logit(0.2))).abs() < 1e-9);
        assert!((found.se - 1.0 / (100.0f64 * 0.3 * 0.7).sqrt()).abs() < 1e-7);
        assert!(slope(&sample(&rows)).unwrap_err().reason.contains("constant"));
    }

    #[test]
    fn a_fit_without_solution_is_undefined() {
        assert!(slope(&sample(&[(0.2, 0), (0.4, 0), (0.6, 1), (0.8, 1)])).unwrap_err().reason.contains("separate"));
        assert!(slope(&sample(&[(0.2, 1), (0.8, 1)])).unwrap_err().reason.contains("one class"));
    }
}
