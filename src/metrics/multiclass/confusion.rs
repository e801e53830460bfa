//! Rows counted by class and likeliest class, and what is made of these counts.
//!
//! Intervals are by the delta method over the multinomial of all counts.

use super::{likeliest, mean};
use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::statistics::interval;
use crate::table::Classes;

/// Rows counted by class and likeliest class.
pub(super) struct Confusion {
    counts: Vec<Vec<u64>>,
}

/// Rows of a class that were found, rows of it, and rows taken for it.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    hits: f64,
    rows: f64,
    taken: f64,
}

impl Confusion {
    pub fn new(classes: &Classes) -> Self {
        let size = classes.names.len();
        let mut counts = vec![vec![0; size]; size];
        for (row, truth) in classes.truth.iter().enumerate() {
            let cell = counts.get_mut(*truth as usize).and_then(|row_of| row_of.get_mut(likeliest(classes, row).0));
            cell.into_iter().for_each(|count| *count += 1);
        }
        Self { counts }
    }

    fn of_classes(&self) -> Vec<Counts> {
        let of = |(class, row): (usize, &Vec<u64>)| Counts {
            hits: row.get(class).copied().unwrap_or(0) as f64,
            rows: row.iter().sum::<u64>() as f64,
            taken: self.counts.iter().filter_map(|row| row.get(class)).sum::<u64>() as f64,
        };
        self.counts.iter().enumerate().map(of).collect()
    }

    pub fn hits(&self) -> u64 {
        self.counts.iter().enumerate().filter_map(|(class, row)| row.get(class)).sum()
    }

    fn n(&self) -> f64 {
        self.counts.iter().flatten().sum::<u64>() as f64
    }

    /// Returns the standard error of a value that rises with the share of each cell by `slope(class, likeliest)`.
    fn error(&self, slope: impl Fn(usize, usize) -> f64) -> f64 {
        let n = self.n();
        let (mut sum, mut squares) = (0.0, 0.0);
        for (class, row) in self.counts.iter().enumerate() {
            for (taken, count) in row.iter().enumerate().filter(|(_, count)| **count > 0) {
                let (share, slope) = (*count as f64 / n, slope(class, taken));
                sum += share * slope;
                squares += share * slope * slope;
            }
        }
        ((squares - sum * sum).max(0.0) / n).sqrt()
    }

    /// Returns Cohen's kappa.
    ///
    /// # Errors
    /// Undefined where chance alone would always agree.
    ///
    /// # Source
    /// Cohen (1960); the interval's variance is that of Fleiss, Cohen, Everitt (1969).
    pub fn kappa(&self) -> Found {
        let (n, of) = (self.n(), self.of_classes());
        let expected: f64 = of.iter().map(|of| of.rows / n * (of.taken / n)).sum();
        if expected >= 1.0 {
            return Err(Undefined::new("label and likeliest class are always the same one class"));
        }
        let value = (self.hits() as f64 / n - expected) / (1.0 - expected);
        let se = self.error(|class, taken| {
            let by_chance = of.get(class).map_or(0.0, |of| of.taken / n) + of.get(taken).map_or(0.0, |of| of.rows / n);
            (f64::from(u8::from(class == taken)) - (1.0 - value) * by_chance) / (1.0 - expected)
        });
        Ok(Outcome::new(value).with_interval(interval::normal(value, se, -1.0, 1.0, "delta method")))
    }

    /// Returns the mean F1 of the classes that occur or are taken for likeliest, and notes the others.
    ///
    /// # Source
    /// Interval: Takahashi, Yamamoto, Kuchiba, Koyama (2022).
    pub fn f1(&self, classes: &Classes) -> Found {
        let (n, of) = (self.n(), self.of_classes());
        let seen: Vec<&Counts> = of.iter().filter(|of| of.rows + of.taken > 0.0).collect();
        let value = mean(seen.iter().map(|of| 2.0 * of.hits / (of.rows + of.taken)));
        let left_out = of.iter().zip(&classes.names).filter(|(of, _)| of.rows + of.taken <= 0.0);
        let left_out: Vec<String> = left_out.map(|(_, name)| format!("`{name}`")).collect();
        let note = (!left_out.is_empty())
            .then(|| format!("left out, since no row is or was taken for it: {}", left_out.join(", ")));
        // A cell of class a taken for b is in both denominators, and a hit in the one numerator.
        let fall = |class: usize| of.get(class).map_or(0.0, |of| 2.0 * of.hits * n / (of.rows + of.taken).powi(2));
        let rise = |class: usize| of.get(class).map_or(0.0, |of| 2.0 * n / (of.rows + of.taken));
        let se = self.error(|class, taken| {
            let rise = if class == taken { rise(class) } else { 0.0 };
            (rise - fall(class) - fall(taken)) / seen.len() as f64
        });
        let ends = interval::normal(value, se, 0.0, 1.0, "delta method");
        Ok(Outcome::new(value).with_interval(ends).with_note(note))
    }
}
