//! Logistic regression with a ridge: the usual way to predict one thing from many signs.

/// Weight of the ridge: half of it times the sum of the squared coefficients is added to the loss.
pub(super) const RIDGE: f64 = 1.0;
/// Newton's method needs some ten steps; more says that it does not settle.
const MOST_STEPS: usize = 50;
/// No coefficient moves further than this in the last step.
const SETTLED: f64 = 1e-9;

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Logistic {
    /// One for each column and, last, the intercept.
    coefficients: Vec<f64>,
}

impl Logistic {
    /// Fits `hits` to `points`, `[n]` rows of `[p]` columns each, by Newton's method; the intercept has no ridge.
    /// There must be both hits and misses.
    ///
    /// # Source
    /// The loss is that of scikit-learn's `LogisticRegression(C=1/ridge)`: Σ log(1 + exp(−s x·w)) + ridge/2 · |w|².
    pub fn fit(points: &[Vec<f64>], hits: &[bool], ridge: f64) -> Self {
        let columns = points.first().map_or(0, Vec::len);
        let rows: Vec<(Vec<(usize, f64)>, f64)> =
            points.iter().zip(hits).map(|(point, hit)| (sparse(point), if *hit { 1.0 } else { 0.0 })).collect();
        let mut coefficients = vec![0.0; columns + 1];
        let hits = rows.iter().map(|(_, hit)| hit).sum::<f64>();
        if let Some(intercept) = coefficients.last_mut() {
            *intercept = (hits / (rows.len() as f64 - hits)).ln();
        }
        for _ in 0..MOST_STEPS {
            let step = newton(&rows, &coefficients, ridge);
            let moved = step.iter().fold(0.0, |most: f64, change| most.max(change.abs()));
            // Far from the optimum a whole step can overshoot; the loss is convex, so shorter ones arrive.
            let share = (2.0 / moved.max(f64::MIN_POSITIVE)).min(1.0);
            coefficients.iter_mut().zip(&step).for_each(|(coefficient, change)| *coefficient += share * change);
            if moved < SETTLED {
                break;
            }
        }
        Self { coefficients }
    }

    /// Returns the probability of a hit.
    pub fn probability(&self, point: &[f64]) -> f64 {
        sigmoid(linear(&sparse(point), &self.coefficients))
    }
}

/// Returns the columns that are not 0.
fn sparse(point: &[f64]) -> Vec<(usize, f64)> {
    point.iter().copied().enumerate().filter(|(_, value)| value.abs() > 0.0).collect()
}

fn linear(row: &[(usize, f64)], coefficients: &[f64]) -> f64 {
    let products = row.iter().map(|(column, value)| value * coefficients[*column]);
    coefficients.last().copied().unwrap_or_default() + products.sum::<f64>()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Returns the step of Newton's method: the inverse of the curvature times the slope.
fn newton(rows: &[(Vec<(usize, f64)>, f64)], coefficients: &[f64], ridge: f64) -> Vec<f64> {
    let size = coefficients.len();
    let intercept = size - 1;
    let mut curvature = vec![vec![0.0; size]; size];
    let mut slope: Vec<f64> = coefficients.iter().map(|coefficient| -ridge * coefficient).collect();
    slope[intercept] = 0.0;
    for (place, row) in curvature.iter_mut().enumerate() {
        // The intercept has no ridge; what it has instead keeps the matrix from being singular to the last bit.
        row[place] = if place == intercept { 1e-12 } else { ridge };
    }
    for (row, hit) in rows {
        let probability = sigmoid(linear(row, coefficients));
        let weight = probability * (1.0 - probability);
        let cells = || row.iter().copied().chain([(intercept, 1.0)]);
        for (first, a) in cells() {
            slope[first] += a * (hit - probability);
            for (second, b) in cells().filter(|(second, _)| *second <= first) {
                curvature[first][second] += weight * a * b;
            }
        }
    }
    solve(curvature, slope)
}

/// Solves a symmetric, positive definite system by Cholesky's method; only the lower triangle is read.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        for row in column..size {
            let known: f64 = (0..column).map(|inner| matrix[row][inner] * matrix[column][inner]).sum();
            let left = matrix[row][column] - known;
            matrix[row][column] =
                if row == column { left.max(f64::MIN_POSITIVE).sqrt() } else { left / matrix[column][column] };
        }
    }
    for row in 0..size {
        let known: f64 = (0..row).map(|inner| matrix[row][inner] * right[inner]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|inner| matrix[inner][row] * right[inner]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}
