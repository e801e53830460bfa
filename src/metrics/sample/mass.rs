//! What rows weigh together.

/// How much rows count together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mass {
    /// The sum of their weights.
    pub weight: f64,
    /// The sum of the squares of their weights.
    pub squares: f64,
}

impl Mass {
    /// Returns the mass of rows that count once each.
    pub fn of_rows(rows: u64) -> Self {
        Self { weight: rows as f64, squares: rows as f64 }
    }

    /// Returns how many rows of equal weight would tell as much: their number where each counts once.
    ///
    /// # Source
    /// Kish (1965), section 11.7.
    pub fn effective(self) -> f64 {
        self.weight * self.weight / self.squares
    }
}

impl std::ops::Add for Mass {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { weight: self.weight + other.weight, squares: self.squares + other.squares }
    }
}
