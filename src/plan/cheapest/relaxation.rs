//! A cost that no choice can undercut: the linear relaxation of the covering problem, bounded from below.
//!
//! Each target is a row that asks for 1; each open candidate offers every row a share of it. For any prices y ≥ 0 of
//! the rows,
//!
//! ```text
//! Σ y of the rows − Σ over candidates of max(0, Σ y · share − cost)
//! ```
//!
//! is no more than the cost of any set that covers all rows (weak duality of linear programs), so no search for the
//! best prices can make the bound wrong; a better search only makes it higher.

/// Steps of the search for prices.
const STEPS: usize = 60;

/// What must be covered, and what each open candidate offers.
pub(super) struct Covering {
    /// By candidate.
    pub costs: Vec<f64>,
    /// By row, then by candidate: shares of what is asked, 0..=1.
    pub rows: Vec<Vec<f64>>,
}

impl Covering {
    /// Returns a lower bound of the cost and the prices behind it; `most` is a cost that is known to do, towards
    /// which the prices are raised.
    pub fn bound(&self, most: f64) -> (f64, Vec<f64>) {
        if self.rows.is_empty() {
            return (0.0, Vec::new());
        }
        let alone: Vec<f64> = self.rows.iter().map(|row| self.price_alone(row)).collect();
        let dearest = alone.iter().copied().fold(0.0, f64::max);
        // One row alone, priced as if there were no other, is a bound; so is any mixture, so start from both.
        let only: Vec<f64> = alone
            .iter()
            .scan(false, |found, price| {
                let first = !*found && *price >= dearest;
                *found |= first;
                Some(if first { *price } else { 0.0 })
            })
            .collect();
        let share = 1.0 / self.rows.len() as f64;
        let mixed: Vec<f64> = alone.iter().map(|price| price * share).collect();
        let (mut best, mut best_prices) = (self.value(&only).0, only);
        let mut prices = mixed;
        let mut eagerness = 1.0;
        for _ in 0..STEPS {
            let (value, slope) = self.value(&prices);
            if value > best {
                (best, best_prices) = (value, prices.clone());
            } else {
                eagerness *= 0.9;
            }
            let steepness: f64 = slope.iter().map(|step| step * step).sum();
            if steepness <= 0.0 {
                break;
            }
            let length = eagerness * (most - value).max(0.5) / steepness;
            for (price, step) in prices.iter_mut().zip(&slope) {
                *price = (*price + length * step).max(0.0);
            }
        }
        (best.max(0.0), best_prices)
    }

    /// Returns what a candidate is worth at these prices, for each unit of its cost.
    pub fn worth(&self, prices: &[f64], candidate: usize) -> f64 {
        self.offered(prices, candidate) / self.costs[candidate]
    }

    fn offered(&self, prices: &[f64], candidate: usize) -> f64 {
        self.rows.iter().zip(prices).map(|(row, price)| price * row[candidate]).sum()
    }

    /// Returns the bound at these prices, and for each row by how much it is short of 1.
    fn value(&self, prices: &[f64]) -> (f64, Vec<f64>) {
        let mut short = vec![1.0; self.rows.len()];
        let mut value: f64 = prices.iter().sum();
        for (candidate, cost) in self.costs.iter().enumerate() {
            let gain = self.offered(prices, candidate) - cost;
            if gain > 0.0 {
                value -= gain;
                for (short, row) in short.iter_mut().zip(&self.rows) {
                    *short -= row[candidate];
                }
            }
        }
        (value, short)
    }

    /// Returns the best price of a row if it were the only one: the cost of a share at the candidate with which
    /// the cheapest ones, whole, first cover it.
    fn price_alone(&self, row: &[f64]) -> f64 {
        let mut offers: Vec<(f64, f64)> = row
            .iter()
            .zip(&self.costs)
            .filter(|(share, _)| **share > 0.0)
            .map(|(share, cost)| (cost / share, *share))
            .collect();
        offers.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut covered = 0.0;
        for (price, share) in &offers {
            covered += share;
            if covered >= 1.0 {
                return *price;
            }
        }
        offers.last().map_or(0.0, |(price, _)| *price)
    }
}
