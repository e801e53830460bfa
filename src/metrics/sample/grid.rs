//! The cells into which the approximate mode puts numbers.
//!
//! All numbers stand in one line, in which neighbours are the next numbers that can be written in 64 bits. A cell is
//! a stretch of 2^`coarseness` of them, so it is narrow where numbers are small; above one half a score counts by its
//! distance to 1, so that cells are narrow there as well. Cells of one coarseness lie within those of the next.

use super::radix::{key, unkey};

/// All numbers of one sign are then one.
const COARSEST: u32 = 63;

/// How numbers are put together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    kind: Kind,
    /// The power of two that tells how many neighbouring numbers are one; 0 leaves every number as it is.
    pub coarseness: u32,
    /// Numbers that begin a cell of their own whatever the coarseness, ascending.
    cuts: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Numbers in 0..=1, which are as fine near 1 as near 0.
    Probability,
    Number,
}

impl Grid {
    /// Returns the grid for probabilities that leaves them as they are; what lies on two sides of one of `cuts` is
    /// never put together.
    pub fn of_probabilities(mut cuts: Vec<f64>) -> Self {
        // A score of 0 or 1 has no logit, and is kept apart from those that have one.
        cuts.extend([0.0f64.next_up(), 1.0]);
        Self { kind: Kind::Probability, ..Self::of_numbers(cuts) }
    }

    /// Returns the grid for any numbers.
    pub fn of_numbers(mut cuts: Vec<f64>) -> Self {
        cuts.sort_unstable_by(f64::total_cmp);
        cuts.dedup_by(|a, b| a.total_cmp(b).is_eq());
        Self { kind: Kind::Number, coarseness: 0, cuts }
    }

    /// Returns the grid whose cells are two of this one's.
    pub fn coarser(&self) -> Self {
        Self { coarseness: (self.coarseness + 1).min(COARSEST), ..self.clone() }
    }

    /// Returns the finest grid, this one or a coarser, that leaves no more than `most` different numbers of `sorted`.
    pub fn fitting(&self, sorted: &[f64], most: usize) -> Self {
        let spots: Vec<(u64, usize)> =
            sorted.iter().map(|number| (self.position(*number), self.cuts_up_to(*number))).collect();
        let different = |coarseness: u32| {
            let cells = || spots.iter().map(|(position, cuts)| (position >> coarseness, cuts));
            cells().zip(cells().skip(1)).filter(|(a, b)| a != b).count() + usize::from(!spots.is_empty())
        };
        // Cells lie within the next coarser ones, so their number only falls.
        let (mut low, mut high) = (self.coarseness, COARSEST);
        while low < high {
            let middle = u32::midpoint(low, high);
            if different(middle) > most { low = middle + 1 } else { high = middle }
        }
        Self { coarseness: low, ..self.clone() }
    }

    /// Returns the number that stands for the cell of `number`: its middle, but on the same side of each cut.
    pub fn place(&self, number: f64) -> f64 {
        if self.coarseness == 0 {
            return number;
        }
        let start = self.position(number) >> self.coarseness << self.coarseness;
        let middle = self.number(start + (1 << (self.coarseness - 1)));
        let below = self.cuts_up_to(number);
        let low = below.checked_sub(1).and_then(|cut| self.cuts.get(cut)).copied();
        let high = self.cuts.get(below).map(|cut| cut.next_down());
        let held = low.map_or(middle, |low| middle.max(low));
        high.map_or(held, |high| held.min(high))
    }

    fn cuts_up_to(&self, number: f64) -> usize {
        self.cuts.partition_point(|cut| *cut <= number)
    }

    /// Returns the place of a number in the line.
    fn position(&self, number: f64) -> u64 {
        match self.kind {
            Kind::Probability if number < 0.5 => key(number),
            // The distance to 1 is exact there.
            Kind::Probability => 2 * (key(0.5) - key(0.0)) + key(0.0) - (key(1.0 - number) - key(0.0)),
            Kind::Number => key(number),
        }
    }

    fn number(&self, position: u64) -> f64 {
        match self.kind {
            Kind::Probability if position < key(0.5) => unkey(position),
            Kind::Probability => {
                let back = 2 * (key(0.5) - key(0.0)) + key(0.0);
                1.0 - unkey(back.saturating_sub(position) + key(0.0))
            }
            // The middle of the last cells may lie beyond all numbers.
            Kind::Number => unkey(position.clamp(key(f64::MIN), key(f64::MAX))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coarse(mut grid: Grid, times: u32) -> Grid {
        for _ in 0..times {
            grid = grid.coarser();
        }
        grid
    }

    #[test]
    fn order_stays_and_ends_are_kept_apart() {
        let grid = coarse(Grid::of_probabilities(vec![0.3]), 42);
        let scores = [0.0, 1e-300, 1e-9, 0.2999999, 0.3, 0.300001, 0.4999, 0.5, 0.500001, 0.7, 1.0 - 1e-9, 1.0];
        let placed: Vec<f64> = scores.iter().map(|score| grid.place(*score)).collect();
        assert!(placed.windows(2).all(|pair| pair[0] <= pair[1]), "{placed:?}");
        assert!(placed[0] <= 0.0 && placed[1] > 0.0 && placed[10] < 1.0 && placed[11] >= 1.0);
        assert!(placed[3] < 0.3 && placed[4] >= 0.3);
        for (score, placed) in scores.iter().zip(&placed) {
            let off = (score - placed).abs();
            assert!(off <= 1e-3 * score.min(1.0 - score).max(1e-300), "{score} {placed}");
        }
    }

    #[test]
    fn a_cell_lies_within_the_next_coarser_one() {
        for kind in [Grid::of_probabilities(vec![0.25, 0.6]), Grid::of_numbers(vec![0.25])] {
            for row in 0..2000 {
                let number = f64::from(row) / 1999.0;
                let (fine, rough) = (coarse(kind.clone(), 44), coarse(kind.clone(), 46));
                assert!((rough.place(fine.place(number)) - rough.place(number)).abs() <= 0.0, "{number}");
            }
        }
        assert!(coarse(Grid::of_numbers(Vec::new()), 44).place(-2.5) < -2.4);
    }
}
