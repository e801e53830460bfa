//! Distances between all pairs of items.

/// The distance of every pair: symmetric, 0 between an item and itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    n: usize,
    /// The upper triangle row by row, without the diagonal, as scipy's `squareform` has it.
    condensed: Vec<f64>,
}

impl Distances {
    /// Returns the distances that `between` gives for every pair of `n` items, the lower first.
    pub fn new(n: usize, mut between: impl FnMut(usize, usize) -> f64) -> Self {
        let mut condensed = Vec::with_capacity(n * n.saturating_sub(1) / 2);
        for row in 0..n {
            condensed.extend((row + 1..n).map(|column| between(row, column)));
        }
        Self { n, condensed }
    }

    /// Returns the Euclidean distances of points, which have as many coordinates as one another.
    pub fn euclidean(points: &[Vec<f64>]) -> Self {
        Self::new(points.len(), |row, column| {
            let squares = points[row].iter().zip(&points[column]).map(|(left, right)| (left - right).powi(2));
            squares.sum::<f64>().sqrt()
        })
    }

    /// Returns the distances among some of the items, which may be named more than once.
    pub fn among(&self, items: &[usize]) -> Self {
        Self::new(items.len(), |row, column| self.between(items[row], items[column]))
    }

    /// Returns how many items there are.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Tells whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Returns the distance of two items.
    pub fn between(&self, left: usize, right: usize) -> f64 {
        let (row, column) = (left.min(right), left.max(right));
        if row == column {
            return 0.0;
        }
        // Before `row` lie n - 1, n - 2, … entries.
        self.condensed[row * (2 * self.n - row - 1) / 2 + column - row - 1]
    }

    /// Returns the upper triangle row by row, without the diagonal.
    pub fn condensed(&self) -> &[f64] {
        &self.condensed
    }

    /// Returns the sum of the squared distances over all pairs of `members`, each pair both ways.
    pub fn spread(&self, members: &[usize]) -> f64 {
        let of = |left: &usize| members.iter().map(|right| self.between(*left, *right).powi(2)).sum::<f64>();
        members.iter().map(of).sum()
    }
}

/// Returns the distance of something to the centre of a group, given its distances to the members and their
/// [`spread`](Distances::spread).
///
/// In a space of points `‖x − c‖² = mean d(x, i)² − ½ · mean d(i, j)²`, over all pairs, each with itself too. Where
/// values are missing there need not be such a space; what would be below 0 is then 0.
pub fn to_centre(to_members: &[f64], spread: f64) -> f64 {
    let n = to_members.len() as f64;
    let apart = to_members.iter().map(|distance| distance * distance).sum::<f64>() / n;
    (apart - spread / (2.0 * n * n)).max(0.0).sqrt()
}
