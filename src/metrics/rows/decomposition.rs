//! The parts of the Brier score: how far scores are from rates, how far rates are from each other, and
//! how uncertain the outcome is at all.

use super::calibration::Bin;
use super::calibration_error::{distance, rate, rows};
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
    let overall = bins.iter().map(|bin| bin.events).sum::<u64>() as f64 / n;
    let mean = |value: &dyn Fn(&Bin) -> f64| bins.iter().map(|bin| bin.n as f64 * value(bin)).sum::<f64>() / n;
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
        let end = start + bin.n as usize;
        let score = sample.score.get(start..end).unwrap_or(&[]);
        let event = sample.event.get(start..end).unwrap_or(&[]);
        let (mean_score, mean_event) = (bin.expected / bin.n as f64, rate(bin));
        let [squares, products] = sums::sum_by_piece(score.len(), |rows| {
            let pairs = score.get(rows.clone()).unwrap_or(&[]).iter().zip(event.get(rows).unwrap_or(&[]));
            pairs.fold([0.0, 0.0], |[squares, products], (score, event)| {
                let off = score - mean_score;
                [squares + off * off, products + off * (f64::from(*event) - mean_event)]
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
    let mut bins: Vec<Bin> = Vec::new();
    let mut last = f64::NAN;
    for (score, event) in sample.score.iter().zip(&sample.event) {
        if score.total_cmp(&last).is_ne() {
            bins.push(Bin::default());
            last = *score;
        }
        if let Some(bin) = bins.last_mut() {
            bin.n += 1;
            bin.events += u64::from(*event);
        }
    }
    let mut start = 0usize;
    for bin in &mut bins {
        let score = sample.score.get(start).copied().unwrap_or(0.0);
        bin.expected = score * bin.n as f64;
        bin.variance = score * (1.0 - score) * bin.n as f64;
        start += bin.n as usize;
    }
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
    let overall = bins.iter().map(|bin| bin.events).sum::<u64>() as f64 / n;
    let (mut resolution, mut gain) = (0.0, 0.0);
    let mut start = 0usize;
    for block in pooled(bins) {
        let fitted = block.events as f64 / block.n as f64;
        resolution += block.n as f64 * (fitted - overall).powi(2);
        let held = bins.get(start..start + block.bins).unwrap_or(&[]);
        gain +=
            held.iter().map(|bin| bin.n as f64 * (distance(bin).powi(2) - (fitted - rate(bin)).powi(2))).sum::<f64>();
        start += block.bins;
    }
    // The fit is the best monotone one, so the gain is below 0 by rounding only.
    Ok(Parts { reliability: (gain / n).max(0.0), resolution: resolution / n, ..parts })
}

/// Bins that have one rate in the isotonic fit.
#[derive(Clone, Copy, Debug)]
struct Block {
    n: u64,
    events: u64,
    bins: usize,
}

/// Returns the blocks of the isotonic fit of rates, in order.
fn pooled(bins: &[Bin]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for bin in bins {
        let mut block = Block { n: bin.n, events: bin.events, bins: 1 };
        // Whole numbers: rates are compared exactly.
        while let Some(before) = blocks.last().copied()
            && u128::from(before.events) * u128::from(block.n) >= u128::from(block.events) * u128::from(before.n)
        {
            blocks.pop();
            block =
                Block { n: before.n + block.n, events: before.events + block.events, bins: before.bins + block.bins };
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
        let bin = |n, events| Bin { n, events, ..Bin::default() };
        let blocks = pooled(&[bin(2, 0), bin(2, 2), bin(2, 1), bin(4, 4)]);
        let shape: Vec<(u64, u64, usize)> = blocks.iter().map(|block| (block.n, block.events, block.bins)).collect();
        assert_eq!(shape, [(2, 0, 1), (4, 3, 2), (4, 4, 1)]);
    }
}
