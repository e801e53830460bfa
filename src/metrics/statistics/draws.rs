//! Seeded random numbers for noise floors. The same seed and name give the same draws anywhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers.
pub(crate) struct Draws {
    source: ChaCha8Rng,
    spare: Option<f64>,
}

impl Draws {
    /// Returns the stream of `seed` that `name` stands for, so that one request more or less does
    /// not change the others' draws.
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a: any fixed spread of names over seeds will do.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self { source: ChaCha8Rng::seed_from_u64(seed ^ hash), spare: None }
    }

    /// Returns a number in 0..1.
    pub fn uniform(&mut self) -> f64 {
        (self.source.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Returns a whole number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        // A fraction below 1 of a whole number rounds to it at worst, hence the bound.
        ((self.uniform() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// Returns a standard normal number, by Marsaglia's polar method.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = u * u + v * v;
            if square > 0.0 && square < 1.0 {
                let factor = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(v * factor);
                return u * factor;
            }
        }
    }

    /// Returns how many of `n` rows are hits when each is one with probability `p`.
    ///
    /// Exact by inversion where n p (1 - p) < 25; rounded from the normal distribution above, so that
    /// the cost does not grow with n.
    pub fn binomial(&mut self, n: u64, p: f64) -> f64 {
        let rows = n as f64;
        if p <= 0.0 || n == 0 {
            return 0.0;
        }
        if p >= 1.0 {
            return rows;
        }
        if p > 0.5 {
            return rows - self.binomial(n, 1.0 - p);
        }
        let variance = rows * p * (1.0 - p);
        if variance >= 25.0 {
            return (rows * p + variance.sqrt() * self.normal()).round().clamp(0.0, rows);
        }
        let odds = p / (1.0 - p);
        let mut mass = (rows * (-p).ln_1p()).exp();
        let mut left = self.uniform() - mass;
        let mut hits = 0.0;
        while left > 0.0 && hits < rows && mass > 0.0 {
            hits += 1.0;
            mass *= odds * (rows - hits + 1.0) / hits;
            left -= mass;
        }
        hits
    }
}
