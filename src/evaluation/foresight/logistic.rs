//! Logistic regression with a ridge: the usual way to predict one thing from many signs.

/// Weight of the ridge: half of it times the sum of the squared coefficients is added to the loss.
pub(super) const RIDGE: f64 = 1.0;
/// Newton's method needs some ten steps; more says that it does not settle.
const MOST_STEPS: usize = 100;
/// No coefficient moves further than this in the last step.
const SETTLED: f64 = 1e-9;
/// While a step is at the most this share of the one before, the curvature need not be found anew.
const FAST: f64 = 0.5;

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Logistic {
    /// One for each column and, last, the intercept.
    coefficients: Vec<f64>,
    /// The curvature of the loss where it was last found, as Cholesky's factor.
    curvature: Vec<Vec<f64>>,
}

impl Logistic {
    /// Fits `hits` to `points`, rows of as many columns each, by Newton's method; the intercept has no ridge. There must
    /// be both hits and misses. A model `near` by, fitted to almost the same rows, is where the search begins: the loss
    /// has one least, so where it begins changes nothing but the time.
    ///
    /// # Source
    /// The loss is that of scikit-learn's `LogisticRegression(C=1/ridge)`: Σ log(1 + exp(−s x·w)) + ridge/2 · |w|².
    pub fn fit(points: &[&[f64]], hits: &[bool], ridge: f64, near: Option<&Logistic>) -> Self {
        let rows: Vec<Row> = points.iter().zip(hits).map(|(point, hit)| Row::new(point, *hit)).collect();
        let mut model = near.cloned().unwrap_or_else(|| {
            let columns = points.first().map_or(0, |point| point.len());
            let found = hits.iter().filter(|hit| **hit).count() as f64;
            let intercept = (found / (rows.len() as f64 - found)).ln();
            let coefficients: Vec<f64> = std::iter::repeat_n(0.0, columns).chain([intercept]).collect();
            Self { curvature: curvature(&rows, &coefficients, ridge), coefficients }
        });
        let mut before = f64::INFINITY;
        for _ in 0..MOST_STEPS {
            let step = solve(&model.curvature, slope(&rows, &model.coefficients, ridge));
            let moved = step.iter().fold(0.0, |most: f64, change| most.max(change.abs()));
            // Far from the least a whole step can overshoot; the loss is convex, so shorter ones arrive.
            let share = (2.0 / moved.max(f64::MIN_POSITIVE)).min(1.0);
            model.coefficients.iter_mut().zip(&step).for_each(|(coefficient, change)| *coefficient += share * change);
            if moved < SETTLED {
                break;
            }
            if moved > FAST * before {
                model.curvature = curvature(&rows, &model.coefficients, ridge);
            }
            before = moved;
        }
        model
    }

    /// Returns the probability of a hit.
    pub fn probability(&self, point: &[f64]) -> f64 {
        sigmoid(linear(&sparse(point), &self.coefficients))
    }
}

/// A row: the columns that are not 0, and whether it is a hit.
struct Row {
    cells: Vec<(usize, f64)>,
    hit: f64,
}

impl Row {
    fn new(point: &[f64], hit: bool) -> Self {
        Self { cells: sparse(point), hit: f64::from(u8::from(hit)) }
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

/// Returns how the loss falls with each coefficient.
fn slope(rows: &[Row], coefficients: &[f64], ridge: f64) -> Vec<f64> {
    let intercept = coefficients.len() - 1;
    let mut slope: Vec<f64> = coefficients.iter().map(|coefficient| -ridge * coefficient).collect();
    slope[intercept] = 0.0;
    for row in rows {
        let left = row.hit - sigmoid(linear(&row.cells, coefficients));
        for (column, value) in row.cells.iter().copied().chain([(intercept, 1.0)]) {
            slope[column] += value * left;
        }
    }
    slope
}

/// Returns Cholesky's factor of the curvature of the loss, its lower triangle.
fn curvature(rows: &[Row], coefficients: &[f64], ridge: f64) -> Vec<Vec<f64>> {
    let size = coefficients.len();
    let intercept = size - 1;
    let mut matrix = vec![vec![0.0; size]; size];
    for (place, row) in matrix.iter_mut().enumerate() {
        // The intercept has no ridge; what it has instead keeps the matrix from being singular to the last bit.
        row[place] = if place == intercept { 1e-12 } else { ridge };
    }
    for row in rows {
        let probability = sigmoid(linear(&row.cells, coefficients));
        let weight = probability * (1.0 - probability);
        let cells = || row.cells.iter().copied().chain([(intercept, 1.0)]);
        for (first, a) in cells() {
            for (second, b) in cells().take_while(|(second, _)| *second <= first) {
                matrix[first][second] += weight * a * b;
            }
        }
    }
    for column in 0..size {
        let (above, below) = matrix.split_at_mut(column + 1);
        let Some(pivot) = above.last_mut() else { continue };
        let known = dot(&pivot[..column], &pivot[..column]);
        pivot[column] = (pivot[column] - known).max(f64::MIN_POSITIVE).sqrt();
        for row in below {
            row[column] = (row[column] - dot(&row[..column], &pivot[..column])) / pivot[column];
        }
    }
    matrix
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves a system by Cholesky's factor of its matrix.
fn solve(factor: &[Vec<f64>], mut right: Vec<f64>) -> Vec<f64> {
    for (place, row) in factor.iter().enumerate() {
        right[place] = (right[place] - dot(&row[..place], &right[..place])) / row[place];
    }
    for place in (0..factor.len()).rev() {
        right[place] /= factor[place][place];
        let known = right[place];
        for (value, cell) in right.iter_mut().zip(&factor[place][..place]) {
            *value -= known * cell;
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [[f64; 3]; 10] = [
        [1.0, 0.0, 0.2],
        [1.0, 0.0, 0.9],
        [0.0, 1.0, 0.4],
        [0.0, 1.0, 0.1],
        [0.0, 0.0, 0.7],
        [1.0, 1.0, 0.5],
        [0.0, 0.0, 0.3],
        [1.0, 0.0, 0.6],
        [0.0, 1.0, 1.0],
        [0.0, 0.0, 0.0],
    ];
    const HITS: [bool; 10] = [true, true, false, false, true, true, false, true, false, false];

    /// `sklearn.linear_model.LogisticRegression(C=1/ridge, solver="newton-cholesky")`, scikit-learn 1.9.1.
    #[test]
    fn coefficients_are_those_of_scikit_learn() {
        let points: Vec<&[f64]> = POINTS.iter().map(|point| point.as_slice()).collect();
        let expected = [
            (
                1.0,
                [1.210_062_109_421_562_4, -0.543_660_255_137_033_6, 0.388_260_980_561_450_9, -0.439_166_351_794_463_56],
                0.556_565_682_828_252_3,
            ),
            (
                4.0,
                [
                    0.426_479_145_252_247_4,
                    -0.204_718_326_367_861_26,
                    0.122_993_417_200_425_74,
                    -0.146_081_516_492_996_5,
                ],
                0.518_910_800_717_350_7,
            ),
        ];
        for (ridge, coefficients, probability) in expected {
            let alone = Logistic::fit(&points, &HITS, ridge, None);
            let elsewhere = Logistic::fit(&points, &HITS, 0.01, None);
            // Where the search begins changes nothing.
            for fitted in [&alone, &Logistic::fit(&points, &HITS, ridge, Some(&elsewhere))] {
                for (found, expected) in fitted.coefficients.iter().zip(coefficients) {
                    assert!((found - expected).abs() < 1e-7, "{found} instead of {expected}");
                }
                assert!((fitted.probability(&[1.0, 1.0, 0.0]) - probability).abs() < 1e-7);
            }
        }
    }
}
