//! The least and the most that one of several unknown counts can be, when sums of them are known.

/// Beneath this a figure counts as zero; counts are whole numbers and factors are 1 or -1.
const ZERO: f64 = 1e-7;
/// Steps after which the search gives up; Bland's rule ends far earlier.
const MOST_STEPS: usize = 20_000;

/// Returns the least and the most that unknown `place` can be. Each of `sums` has one factor for each unknown
/// and the value of the sum. No unknown is below 0; some solution exists, as the sums were taken from one.
///
/// Where the search gives up, the answer is a single point, so that a caller who protects errs on the safe side.
///
/// # Source
/// The simplex method in two phases with Bland's rule: Chvátal, Linear Programming (1983), chapters 3 and 8.
pub(crate) fn range_of(place: usize, sums: &[(Vec<f64>, f64)]) -> (f64, f64) {
    let Some(mut table) = Table::new(sums) else { return (0.0, 0.0) };
    let (Some(most), Some(least)) = (table.most(place, 1.0), table.most(place, -1.0)) else { return (0.0, 0.0) };
    (-least, most)
}

/// A feasible table: for each row a basic unknown, in terms of the others.
struct Table {
    /// Factors of the unknowns, then the value of the basic one.
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    unknowns: usize,
}

impl Table {
    /// Finds a first solution: artificial unknowns stand in for the sums and are then driven out.
    fn new(sums: &[(Vec<f64>, f64)]) -> Option<Self> {
        let unknowns = sums.first().map_or(0, |(factors, _)| factors.len());
        let n = sums.len();
        let mut rows = Vec::with_capacity(n);
        for (row, (factors, total)) in sums.iter().enumerate() {
            let sign = if *total < 0.0 { -1.0 } else { 1.0 };
            let artificial = (0..n).map(|other| if other == row { 1.0 } else { 0.0 });
            rows.push(factors.iter().map(|factor| sign * factor).chain(artificial).chain([sign * total]).collect());
        }
        let mut table = Table { rows, basis: (unknowns..unknowns + n).collect(), unknowns: unknowns + n };
        let goal: Vec<f64> = (0..unknowns + n).map(|column| if column < unknowns { 0.0 } else { -1.0 }).collect();
        if table.climb(&goal)? < -ZERO {
            return None;
        }
        // Artificial unknowns that are still basic are zero; a row without any other factor says nothing.
        let mut row = 0;
        while row < table.rows.len() {
            if table.basis.get(row).is_some_and(|basic| *basic >= unknowns) {
                let factors = table.rows.get(row)?;
                match factors.iter().take(unknowns).position(|factor| factor.abs() > ZERO) {
                    Some(column) => table.pivot(row, column)?,
                    None => {
                        table.rows.remove(row);
                        table.basis.remove(row);
                        continue;
                    }
                }
            }
            row += 1;
        }
        for row in &mut table.rows {
            let value = row.pop()?;
            row.truncate(unknowns);
            row.push(value);
        }
        table.unknowns = unknowns;
        Some(table)
    }

    /// Returns the most that `sign` times an unknown can be; none where there is no end to it.
    fn most(&mut self, place: usize, sign: f64) -> Option<f64> {
        let goal: Vec<f64> = (0..self.unknowns).map(|column| if column == place { sign } else { 0.0 }).collect();
        self.climb(&goal)
    }

    /// Moves from solution to solution until the goal grows no more; returns its value.
    fn climb(&mut self, goal: &[f64]) -> Option<f64> {
        for _ in 0..MOST_STEPS {
            let weight = |basic: &usize| goal.get(*basic).copied().unwrap_or(0.0);
            let at = |row: &Vec<f64>, column: usize| row.get(column).copied().unwrap_or(0.0);
            let gain = |column: usize| {
                let given_up: f64 =
                    self.basis.iter().zip(&self.rows).map(|(basic, row)| weight(basic) * at(row, column)).sum();
                goal.get(column).copied().unwrap_or(0.0) - given_up
            };
            let Some(column) = (0..self.unknowns).find(|column| !self.basis.contains(column) && gain(*column) > ZERO)
            else {
                return Some(
                    self.basis.iter().zip(&self.rows).map(|(basic, row)| weight(basic) * at(row, self.unknowns)).sum(),
                );
            };
            let steps = self.rows.iter().zip(&self.basis).enumerate().filter(|(_, (row, _))| at(row, column) > ZERO);
            let (row, _) = steps
                .map(|(place, (row, basic))| (place, (at(row, self.unknowns) / at(row, column), *basic)))
                .min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
            self.pivot(row, column)?;
        }
        None
    }

    /// Makes the unknown of a column basic in a row.
    fn pivot(&mut self, row: usize, column: usize) -> Option<()> {
        let mut turned = self.rows.get(row)?.clone();
        let by = *turned.get(column)?;
        turned.iter_mut().for_each(|factor| *factor /= by);
        for other in &mut self.rows {
            let by = other.get(column).copied().unwrap_or(0.0);
            if by.abs() > 0.0 {
                other.iter_mut().zip(&turned).for_each(|(factor, turned)| *factor -= by * turned);
            }
        }
        *self.rows.get_mut(row)? = turned;
        *self.basis.get_mut(row)? = column;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_small_systems() {
        let near =
            |found: (f64, f64), low: f64, high: f64| (found.0 - low).abs() < 1e-6 && (found.1 - high).abs() < 1e-6;
        // a + b = 7.
        assert!(near(range_of(0, &[(vec![1.0, 1.0], 7.0)]), 0.0, 7.0));
        // A table of two by two with its margins 10, 5 and 8, 7: one freedom.
        let sums = [
            (vec![1.0, 1.0, 0.0, 0.0], 10.0),
            (vec![0.0, 0.0, 1.0, 1.0], 5.0),
            (vec![1.0, 0.0, 1.0, 0.0], 8.0),
            (vec![0.0, 1.0, 0.0, 1.0], 7.0),
        ];
        assert!(near(range_of(0, &sums), 3.0, 8.0) && near(range_of(3, &sums), 0.0, 5.0));
        // Known once b is: a - b = 2, b = 3.
        assert!(near(range_of(0, &[(vec![1.0, -1.0], 2.0), (vec![0.0, 1.0], 3.0)]), 5.0, 5.0));
    }
}
