//! Would other cases have given the same clusters?

use super::agreement::adjusted_rand;
use super::clustering::Clustering;
use super::ward::ward;
use crate::metrics::{Draws, quantile};

/// How far clusters of drawn items agree with the clusters of all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stability {
    /// Mean adjusted Rand index.
    pub mean: f64,
    /// Its 2.5th percentile over the draws.
    pub low: f64,
    /// Its 97.5th percentile.
    pub high: f64,
    /// Draws.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

impl Clustering {
    /// Draws as many items as there are, with replacement, clusters them anew into as many clusters, and compares that
    /// with the clusters of all items on those that were drawn, each counted once; and so `draws` times, at least once.
    ///
    /// Units of the figures stay those of all items.
    ///
    /// # Source
    /// Hennig (2007), Comput. Stat. Data Anal. 52:258, who compares cluster by cluster; here by Hubert and Arabie's index.
    pub fn stability(&self, draws: u32, seed: u64) -> Stability {
        let n = self.items.len();
        let mut source = Draws::new(seed, "clusters");
        let mut draw = || loop {
            let mut drawn: Vec<usize> = (0..n).map(|_| source.below(n)).collect();
            drawn.sort_unstable();
            // One item again and again agrees with anything; among three or more it is rarely drawn.
            if drawn.first() != drawn.last() {
                return drawn;
            }
        };
        let mut agreement = || {
            let drawn = draw();
            let labels = ward(&self.distances.among(&drawn)).cut(self.count());
            let mut pairs: Vec<(usize, usize)> = drawn.into_iter().zip(labels).collect();
            pairs.dedup_by_key(|(item, _)| *item);
            let before: Vec<usize> = pairs.iter().map(|(item, _)| self.labels[*item]).collect();
            let after: Vec<usize> = pairs.iter().map(|(_, label)| *label).collect();
            adjusted_rand(&before, &after)
        };
        let mut found: Vec<f64> = (0..draws.max(1)).map(|_| agreement()).collect();
        let mean = found.iter().sum::<f64>() / found.len() as f64;
        found.sort_unstable_by(f64::total_cmp);
        Stability { mean, low: quantile(&found, 0.025), high: quantile(&found, 0.975), draws, seed }
    }
}
