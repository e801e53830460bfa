//! Sums of a Gaussian kernel over all pairs of points, and the median of their distances.
//!
//! No matrix is kept: each block of rows is made, used for every split at once, and forgotten, so
//! memory grows with the points and not with their pairs. Blocks have a fixed size and are added in
//! order, so the bits do not depend on the number of threads.

use rayon::prelude::*;

/// Rows of the kernel matrix that are made together; they lie side by side so that the processor
/// can take several at once.
const LANES: usize = 32;

/// Points in a space of some dimensions.
#[derive(Clone, Debug)]
pub(crate) struct Points {
    count: usize,
    /// One list for each dimension.
    columns: Vec<Vec<f64>>,
}

/// What a split into two samples sums up to. Each pair of two points counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Pairs within the first sample.
    pub first: f64,
    /// Pairs within the second.
    pub second: f64,
    /// Pairs of one point of each.
    pub across: f64,
}

impl Points {
    /// Returns the points whose coordinates stand in `columns`, all of one length.
    pub fn new(columns: Vec<Vec<f64>>) -> Self {
        Self { count: columns.first().map_or(0, Vec::len), columns }
    }

    fn blocks(&self) -> usize {
        self.count.div_ceil(LANES)
    }

    /// Calls `visit` with each later point (or one of the same block) and its squared distances to
    /// the points of a block, and which of these come before it.
    fn walk(&self, block: usize, mut visit: impl FnMut(usize, &[f64; LANES], usize)) {
        let start = block * LANES;
        let lanes: Vec<[f64; LANES]> = self
            .columns
            .iter()
            .map(|column| {
                let mut lane = [0.0; LANES];
                lane.iter_mut().zip(column.iter().skip(start)).for_each(|(to, from)| *to = *from);
                lane
            })
            .collect();
        for later in start + 1..self.count {
            let mut squares = [0.0; LANES];
            for (lane, column) in lanes.iter().zip(&self.columns) {
                let Some(value) = column.get(later) else { continue };
                for (square, other) in squares.iter_mut().zip(lane) {
                    let difference = other - value;
                    *square += difference * difference;
                }
            }
            visit(later, &squares, (later - start).min(LANES));
        }
    }

    /// Returns the median distance of two points: the middle one, or the mean of the middle two.
    /// None where there are fewer than two points.
    ///
    /// Exact in two passes: distances are counted by their leading bits, then those that share the
    /// median's are sorted.
    pub fn median_distance(&self) -> Option<f64> {
        let pairs = self.count as u64 * (self.count as u64).checked_sub(1)? / 2;
        if pairs == 0 {
            return None;
        }
        let counts = (0..self.blocks())
            .into_par_iter()
            .fold(
                || vec![0u64; 1 << LEADING],
                |mut counts, block| {
                    self.walk(block, |_, squares, before| {
                        for square in squares.iter().take(before) {
                            if let Some(count) = counts.get_mut(leading(*square)) {
                                *count += 1;
                            }
                        }
                    });
                    counts
                },
            )
            .reduce(
                || vec![0u64; 1 << LEADING],
                |mut counts, more| {
                    counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
                    counts
                },
            );
        let place = |rank: u64| {
            let mut below = 0;
            for (bin, count) in counts.iter().enumerate() {
                if below + count > rank {
                    return (bin, (rank - below) as usize);
                }
                below += count;
            }
            (counts.len(), 0)
        };
        let (low, high) = (place((pairs - 1) / 2), place(pairs / 2));
        let mut near: Vec<(usize, f64)> = (0..self.blocks())
            .into_par_iter()
            .flat_map_iter(|block| {
                let mut near = Vec::new();
                self.walk(block, |_, squares, before| {
                    let binned = squares.iter().take(before).map(|square| (leading(*square), *square));
                    near.extend(binned.filter(|(bin, _)| *bin == low.0 || *bin == high.0));
                });
                near
            })
            .collect();
        near.par_sort_unstable_by(|a, b| a.1.total_cmp(&b.1));
        let distance = |(bin, rank): (usize, usize)| {
            near.iter().filter(|(other, _)| *other == bin).nth(rank).map(|(_, square)| square.sqrt())
        };
        Some((distance(low)? + distance(high)?) / 2.0)
    }

    /// Returns, for each of the splits, the sums of exp(-d² / (2 sigma²)) over all pairs of points.
    ///
    /// `splits` holds for each point one number a split: 1 where the point is in the first sample, 0
    /// where it is in the second.
    pub fn kernel_sums(&self, sigma: f64, splits: &[Vec<f64>]) -> Vec<Sums> {
        let width = splits.first().map_or(0, Vec::len);
        let factor = -0.5 / (sigma * sigma);
        // Of each block: all pairs; for each split, pairs within the first sample, and those plus
        // every pair with a point of the first sample.
        let parts: Vec<(f64, Vec<[f64; 2]>)> = (0..self.blocks())
            .into_par_iter()
            .map(|block| {
                let mut all = [0.0; LANES];
                let mut sums = vec![0.0; LANES * width];
                self.walk(block, |later, squares, before| {
                    let Some(split) = splits.get(later) else { return };
                    let kernel = squares.iter().map(|square| (square * factor).exp());
                    let rows = all.iter_mut().zip(sums.chunks_exact_mut(width.max(1)));
                    for (kernel, (all, row)) in kernel.zip(rows).take(before) {
                        *all += kernel;
                        row.iter_mut().zip(split).for_each(|(sum, inside)| *sum += kernel * inside);
                    }
                });
                let mut found = vec![[0.0; 2]; width];
                let rows = all.iter().zip(sums.chunks_exact(width.max(1)));
                for ((all, row), split) in rows.zip(splits.iter().skip(block * LANES)) {
                    for ((found, sum), inside) in found.iter_mut().zip(row).zip(split) {
                        let [first, touched] = found;
                        *first += inside * sum;
                        *touched += inside * all + sum;
                    }
                }
                (all.iter().sum(), found)
            })
            .collect();
        let total: f64 = parts.iter().map(|(all, _)| all).sum();
        let mut sums = vec![[0.0; 2]; width];
        for (_, found) in &parts {
            for (sum, found) in sums.iter_mut().zip(found) {
                sum.iter_mut().zip(found).for_each(|(sum, found)| *sum += found);
            }
        }
        let split = |[first, touched]: [f64; 2]| {
            let across = touched - 2.0 * first;
            Sums { first, second: total - first - across, across }
        };
        sums.into_iter().map(split).collect()
    }
}

/// Bits by which distances are counted: the exponent and seven of the fraction.
const LEADING: u32 = 18;

/// Returns the leading bits of a number that is not negative; they ascend with it.
fn leading(square: f64) -> usize {
    // The sign is 0, so one more bit can be used.
    (square.to_bits() >> (63 - LEADING)) as usize & ((1 << LEADING) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(count: usize) -> Points {
        let column = |prime: usize| (0..count).map(|k| (k * prime % 101) as f64 / 10.0).collect();
        Points::new(vec![column(37), column(59)])
    }

    fn distances(points: &Points) -> Vec<(usize, usize, f64)> {
        let square = |i: usize, j: usize| points.columns.iter().map(|c| (c[i] - c[j]).powi(2)).sum::<f64>();
        (0..points.count).flat_map(|j| (0..j).map(move |i| (i, j))).map(|(i, j)| (i, j, square(i, j))).collect()
    }

    #[test]
    fn the_median_is_that_of_the_sorted_distances() {
        for count in [2, 3, 4, 5, 33, 70, 97] {
            let points = points(count);
            let mut sorted: Vec<f64> = distances(&points).iter().map(|(_, _, square)| square.sqrt()).collect();
            sorted.sort_by(f64::total_cmp);
            let middle = f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
            assert!((points.median_distance().unwrap() - middle).abs() < 1e-12, "{count}");
        }
        assert_eq!(points(1).median_distance(), None);
        assert_eq!(points(0).median_distance(), None);
    }

    #[test]
    fn the_sums_are_those_of_a_double_loop() {
        let points = points(75);
        let splits: Vec<Vec<f64>> =
            (0..75).map(|k| vec![f64::from(u8::from(k < 40)), f64::from(u8::from(k % 3 == 0))]).collect();
        for (place, found) in points.kernel_sums(2.5, &splits).into_iter().enumerate() {
            let mut expected = Sums::default();
            for (i, j, square) in distances(&points) {
                let kernel = (-square / 12.5).exp();
                match splits[i][place] + splits[j][place] {
                    both if both > 1.5 => expected.first += kernel,
                    one if one > 0.5 => expected.across += kernel,
                    _ => expected.second += kernel,
                }
            }
            let pairs =
                [(found.first, expected.first), (found.second, expected.second), (found.across, expected.across)];
            assert!(pairs.iter().all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} {expected:?}");
        }
    }
}
