//! Sorted values and how many rows have each: a column in which every row is one value, or one put together.

use super::sums;

/// Sorted values with their rows.
#[derive(Clone, Debug)]
pub(crate) struct Ranked<'a> {
    values: &'a [f64],
    /// Rows up to and with each value; empty where every value is one row.
    ends: Vec<u64>,
    /// Whether different values were put together.
    is_rounded: bool,
}

impl<'a> Ranked<'a> {
    /// Returns sorted `values`, each of which as many rows have as `times` says, or one where that is empty.
    pub fn new(values: &'a [f64], times: &[u64]) -> Self {
        let mut all = 0;
        let until = |rows: &u64| {
            all += rows;
            all
        };
        Self { values, ends: times.iter().map(until).collect(), is_rounded: false }
    }

    /// Returns them with the word whether different values were put together.
    pub fn rounded(self, is_rounded: bool) -> Self {
        Self { is_rounded, ..self }
    }

    /// Tells whether different values were put together.
    pub fn is_rounded(&self) -> bool {
        self.is_rounded
    }

    /// Returns the values, each once or as often as it is an entry.
    pub fn values(&self) -> &'a [f64] {
        self.values
    }

    /// Returns how many rows the first `entries` values have.
    pub fn rows_of(&self, entries: usize) -> u64 {
        match entries.checked_sub(1) {
            Some(last) if !self.ends.is_empty() => self.ends.get(last).copied().unwrap_or(0),
            _ => entries as u64,
        }
    }

    /// Returns all rows.
    pub fn rows(&self) -> u64 {
        self.rows_of(self.values.len())
    }

    /// Returns the rows of one entry.
    pub fn times(&self, entry: usize) -> u64 {
        if self.ends.is_empty() { 1 } else { self.rows_of(entry + 1) - self.rows_of(entry) }
    }

    /// Tells whether every entry is one row.
    pub fn is_by_row(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns rows below `value`.
    pub fn below(&self, value: f64) -> u64 {
        self.rows_of(self.values.partition_point(|other| *other < value))
    }

    /// Returns rows at or below `value`.
    pub fn up_to(&self, value: f64) -> u64 {
        self.rows_of(self.values.partition_point(|other| *other <= value))
    }

    /// Returns the rows between inner `edges`: bins `(lo, hi]` with open ends.
    pub fn between(&self, edges: &[f64]) -> Vec<u64> {
        let ends: Vec<u64> = edges.iter().map(|edge| self.up_to(*edge)).chain([self.rows()]).collect();
        std::iter::once(0).chain(ends.iter().copied()).zip(&ends).map(|(start, end)| end - start).collect()
    }

    /// Returns the inner edges of `bins` bins of equal mass, without repetition; there must be rows.
    pub fn equal_mass_edges(&self, bins: u32) -> Vec<f64> {
        if self.ends.is_empty() {
            return sums::equal_mass_edges(self.values, bins);
        }
        let at = |row: usize| self.values.get(self.ends.partition_point(|end| *end <= row as u64)).copied();
        let rows = usize::try_from(self.rows()).unwrap_or(usize::MAX);
        sums::equal_mass_edges_of(rows, at, bins)
    }

    /// Returns mean and variance (divided by n); both 0 where there are no rows.
    pub fn mean_and_variance(&self) -> (f64, f64) {
        if self.ends.is_empty() || self.values.is_empty() {
            return sums::mean_and_variance(self.values);
        }
        let n = self.rows() as f64;
        let each = |of: &(dyn Fn(f64) -> f64 + Sync)| {
            let [total] = sums::sum_by_piece(self.values.len(), |entries| {
                let values = self.values.get(entries.clone()).unwrap_or(&[]).iter();
                [values.zip(entries).map(|(value, entry)| self.times(entry) as f64 * of(*value)).sum()]
            });
            total / n
        };
        let mean = each(&|value| value);
        (mean, each(&|value| (value - mean).powi(2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_put_together_are_as_rows_by_themselves() {
        let rows = [0.1, 0.1, 0.1, 0.4, 0.5, 0.5, 0.9];
        let (values, times) = ([0.1, 0.4, 0.5, 0.9], [3, 1, 2, 1]);
        let (by_row, together) = (Ranked::new(&rows, &[]), Ranked::new(&values, &times));
        assert_eq!(by_row.rows(), together.rows());
        assert_eq!(by_row.equal_mass_edges(5), together.equal_mass_edges(5));
        assert_eq!(by_row.between(&[0.1, 0.45]), together.between(&[0.1, 0.45]));
        for value in [0.0, 0.1, 0.3, 0.5, 1.0] {
            assert_eq!((by_row.below(value), by_row.up_to(value)), (together.below(value), together.up_to(value)));
        }
        let ((a, b), (c, d)) = (by_row.mean_and_variance(), together.mean_and_variance());
        assert!((a - c).abs() < 1e-15 && (b - d).abs() < 1e-15);
    }
}
