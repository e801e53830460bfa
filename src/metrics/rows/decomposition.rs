//! The parts of the Brier score: how far scores are from rates, how far rates are from each other, and
//! how uncertain the outcome is at all.

use super::calibration::Bin;
use super::calibration_error::{distance, rate, rows};
use super::discrimination::runs_from_above;
use crate::metrics::Undefined;
use crate::metrics::sample::Sample;
use crate::metrics::statistics::sums;

/// The parts of a Brier score: reliability - resolution + uncertainty, and over bins + variance -
/// covariance within them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parts {
    pub reliability: f64,
    pub resolution: f64,
    pub uncertainty: f64,
    pub within_variance: f64,
    pub within_covariance: f64,
}

/// Returns reliability, resolution and uncertainty of `bins`, which suffice where each bin has one score.
///
/// # Source
/// Murphy (1973).
pub(crate) fn between(bins: &[Bin]) -> Result<Parts, Undefined> {
    let n = rows(bins)?;
    let overall = bins.iter().map(|bin| bin.events).sum::<f64>() / n;
    let mean = |value: &dyn Fn(&Bin) -> f64| bins.iter().map(|bin| bin.weight * value(bin)).sum::<f64>() / n;
    Ok(Parts {
        reliability: mean(&|bin| distance(bin).powi(2)),
        resolution: mean(&|bin| (rate(bin) - overall).powi(2)),
        uncertainty: overall * (1.0 - overall),
        within_variance: 0.0,
        within_covariance: 0.0,
    })
}

/// Returns all five parts over `bins` of `sample`, in the same order; they add up to the Brier score.
///
/// # Source
/// Stephenson, Coelho, Jolliffe (2008): three terms alone miss what scores vary within a bin.
pub(crate) fn binned(sample: &Sample, bins: &[Bin]) -> Result<Parts, Undefined> {
    let parts = between(bins)?;
    let n = rows(bins)?;
    let (mut start, mut variance, mut covariance) = (0usize, 0.0, 0.0);
    for bin in bins {
        let end = start + bin.entries;
        let (mean_score, mean_event) = (bin.expected / bin.weight, rate(bin));
        let [squares, products] = sums::sum_by_piece(end - start, |piece| {
            let rows = sample.rows(start + piece.start..start + piece.end);
            rows.fold([0.0, 0.0], |[squares, products], (score, event, weight)| {
                let off = score - mean_score;
                [squares + weight * off * off, products + weight * off * (f64::from(event) - mean_event)]
            })
        });
        variance += squares;
        covariance += products;
        start = end;
    }
    Ok(Parts { within_variance: variance / n, within_covariance: 2.0 * covariance / n, ..parts })
}

/// Returns one bin for each distinct score.
pub(crate) fn distinct(sample: &Sample) -> Vec<Bin> {
    let mut bins: Vec<Bin> = runs_from_above(sample)
        .map(|run| {
            let all = run.others + run.events;
            Bin {
                n: run.rows,
                entries: run.entries,
                weight: all.weight,
                effective: all.effective(),
                events: run.events.weight,
                expected: run.score * all.weight,
                variance: run.score * (1.0 - run.score) * all.weight,
            }
        })
        .collect();
    bins.reverse();
    bins
}

/// Returns the parts that need no choice of bins: how much a monotone recalibration would gain
/// (reliability, there called miscalibration), and what is then gained over the overall rate
/// (resolution, there called discrimination). `bins` are in ascending order of score.
///
/// # Source
/// Dimitriadis, Gneiting, Jordan (2021), CORP; the isotonic fit by pooling adjacent violators.
pub(crate) fn isotonic(bins: &[Bin]) -> Result<Parts, Undefined> {
    let parts = between(bins)?;
    let n = rows(bins)?;
    let overall = bins.iter().map(|bin| bin.events).sum::<f64>() / n;
    let (mut resolution, mut gain) = (0.0, 0.0);
    let mut start = 0usize;
    for block in pooled(bins) {
        let fitted = block.events / block.weight;
        resolution += block.weight * (fitted - overall).powi(2);
        let held = bins.get(start..start + block.bins).unwrap_or(&[]);
        gain += held.iter().map(|bin| bin.weight * (distance(bin).powi(2) - (fitted - rate(bin)).powi(2))).sum::<f64>();
        start += block.bins;
    }
    // The fit is the best monotone one, so the gain is below 0 by rounding only.
    Ok(Parts { reliability: (gain / n).max(0.0), resolution: resolution / n, ..parts })
}

/// Bins that have one rate in the isotonic fit.
#[derive(Clone, Copy, Debug)]
struct Block {
    weight: f64,
    events: f64,
    bins: usize,
}

/// Returns the blocks of the isotonic fit of rates, in order.
fn pooled(bins: &[Bin]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for bin in bins {
        let mut block = Block { weight: bin.weight, events: bin.events, bins: 1 };
        // Numbers of rows are whole, so that rates are compared exactly where each row counts once.
        while let Some(before) = blocks.last().copied()
            && before.events * block.weight >= block.events * before.weight
        {
            blocks.pop();
            block = Block {
                weight: before.weight + block.weight,
                events: before.events + block.events,
                bins: before.bins + block.bins,
            };
        }
        blocks.push(block);
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::super::calibration::{Binning, bins, brier};
    use super::super::discrimination::tests::sample;
    use super::*;

    #[test]
    fn the_parts_add_up_to_the_score() {
        let sample = sample(&[(0.1, 0), (0.12, 1), (0.3, 0), (0.35, 0), (0.35, 1), (0.8, 1), (0.9, 0), (0.95, 1)]);
        let score = brier(&sample).unwrap().0;
        let sum = |parts: Parts| {
            parts.reliability - parts.resolution + parts.uncertainty + parts.within_variance - parts.within_covariance
        };
        for count in [2, 5, 10] {
            for binning in [Binning::EqualWidth, Binning::EqualMass] {
                let found = binned(&sample, &bins(&sample, count, binning)).unwrap();
                assert!((sum(found) - score).abs() < 1e-15, "{count} {binning:?} {found:?}");
            }
        }
        assert!((sum(between(&distinct(&sample)).unwrap()) - score).abs() < 1e-15);
        assert!((sum(isotonic(&distinct(&sample)).unwrap()) - score).abs() < 1e-15);
    }

    #[test]
    fn violators_are_pooled() {
        let bin = |weight, events| Bin { weight, events, ..Bin::default() };
        let blocks = pooled(&[bin(2.0, 0.0), bin(2.0, 2.0), bin(2.0, 1.0), bin(4.0, 4.0)]);
        let shape: Vec<(f64, f64, usize)> =
            blocks.iter().map(|block| (block.weight, block.events, block.bins)).collect();
        assert_eq!(shape, [(2.0, 0.0, 1), (4.0, 3.0, 2), (4.0, 4.0, 1)]);
    }
}
