//! Tests of one column of deployment against that of development.
//!
//! A p-value shrinks with the number of rows, however little the columns differ: beside one belongs the size of the
//! difference, which each tells in a note.

use super::{Comparison, compare};
use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::sample::Feature;
use crate::metrics::statistics::normal;
use crate::metrics::statistics::ranked::Ranked;
use statrs::distribution::{ChiSquared, ContinuousCDF, StudentsT};

/// Returns the p of Pearson's chi-square over the categories of both columns.
///
/// # Errors
/// Undefined for numbers, and where there is one category.
///
/// # Source
/// Pearson (1900), without correction, as `chi2_contingency(correction=False)` of scipy.
pub(super) fn chi_square(pair: &Comparison) -> Found {
    if pair.numeric.is_some() {
        return Err(Undefined::new("the feature is numeric and has no categories"));
    }
    let (n, m) = (pair.n as f64, pair.m as f64);
    let bins = || pair.bins.iter().filter(|(a, b)| a + b > 0);
    let freedom = bins().count().saturating_sub(1) as f64;
    let test = ChiSquared::new(freedom).map_err(|_| Undefined::new("there is one category only"))?;
    let part = |(a, b): &(u64, u64)| {
        let (a, b) = (*a as f64, *b as f64);
        let (of_a, of_b) = ((a + b) * n / (n + m), (a + b) * m / (n + m));
        (a - of_a).powi(2) / of_a + (b - of_b).powi(2) / of_b
    };
    let statistic: f64 = bins().map(part).sum();
    let degrees = crate::diagnostic::Count(freedom as usize, "degree");
    let note = format!("chi-square {statistic:.2} with {degrees} of freedom");
    Ok(Outcome::new(test.sf(statistic)).with_note(Some(note)))
}

/// Returns the p of Welch's t test of equal means.
///
/// # Errors
/// Undefined for categories, with fewer than two rows, and where both columns are constant.
///
/// # Source
/// Welch (1947), as `ttest_ind(equal_var=False)` of scipy.
pub(super) fn welch(pair: &Comparison) -> Found {
    let numeric = compare::numeric(pair)?;
    if pair.n < 2 || pair.m < 2 {
        return Err(Undefined::new("a table has fewer than two rows with a value"));
    }
    let (n, m) = (pair.n as f64, pair.m as f64);
    // Each column's share of the squared standard error.
    let (a, b) = (numeric.train.1 / (n - 1.0), numeric.deploy.1 / (m - 1.0));
    if a + b <= 0.0 {
        return Err(Undefined::new("both columns are constant"));
    }
    let statistic = (numeric.deploy.0 - numeric.train.0) / (a + b).sqrt();
    let freedom = (a + b).powi(2) / (a * a / (n - 1.0) + b * b / (m - 1.0));
    let test = StudentsT::new(0.0, 1.0, freedom).map_err(|_| Undefined::new("both columns are constant"))?;
    let note = format!("mean {:.4} in development, {:.4} in deployment", numeric.train.0, numeric.deploy.0);
    Ok(Outcome::new((2.0 * test.sf(statistic.abs())).min(1.0)).with_note(Some(note)))
}

/// Returns the p of Mann and Whitney's test that neither column tends to be larger.
///
/// # Errors
/// Undefined for categories, without rows, and where all values are equal.
///
/// # Source
/// Mann, Whitney (1947), normal with corrections for ties and continuity, as
/// `mannwhitneyu(method="asymptotic")` of scipy.
pub(super) fn mann_whitney(train: &Feature, deploy: &Feature) -> Found {
    let (Feature::Numeric(train), Feature::Numeric(deploy)) = (train, deploy) else {
        return Err(Undefined::new("the feature is categorical, and its values have no order"));
    };
    let (train, deploy) = (train.ranked(), deploy.ranked());
    if train.rows() == 0 || deploy.rows() == 0 {
        return Err(Undefined::new("a table has no rows with a value"));
    }
    // Twice the pairs in which deployment is above, ties half; and t^3 - t over runs of t equal values.
    let (mut twice, mut ties) = (0u128, 0.0);
    let (mut i, mut j) = (0usize, 0usize);
    let values = |i: usize, j: usize| [train.values().get(i), deploy.values().get(j)];
    while let Some(value) = values(i, j).into_iter().flatten().copied().reduce(f64::min) {
        let after = |column: &Ranked<'_>, from: usize| {
            let others = column.values().get(from..).unwrap_or(&[]);
            from + others.iter().take_while(|other| **other <= value).count()
        };
        let (next_i, next_j) = (after(&train, i), after(&deploy, j));
        let (below, a) = (train.rows_of(i), train.rows_of(next_i) - train.rows_of(i));
        let b = deploy.rows_of(next_j) - deploy.rows_of(j);
        twice += u128::from(b) * u128::from(2 * below + a);
        let t = (a + b) as f64;
        ties += t * t * t - t;
        (i, j) = (next_i, next_j);
    }
    let (n, m) = (train.rows() as f64, deploy.rows() as f64);
    let variance = n * m / 12.0 * (n + m + 1.0 - ties / ((n + m) * (n + m - 1.0)));
    if variance <= 0.0 {
        return Err(Undefined::new("all values of both columns are equal"));
    }
    let above = twice as f64 / 2.0;
    let apart = ((above - n * m / 2.0).abs() - 0.5).max(0.0);
    let note =
        format!("a value of deployment is above one of development in {:.1} % of pairs", 100.0 * above / (n * m));
    Ok(Outcome::new(normal::two_sided_p(apart / variance.sqrt())).with_note(Some(note)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::sample::Numeric;

    fn numbers(values: &[f64]) -> Feature {
        Feature::Numeric(Numeric { values: values.to_vec(), ..Numeric::default() })
    }

    #[test]
    fn mann_whitney_by_hand() {
        // Pairs above: 3 of (1, 2), 3 of (1, 3), 2.5 of (2, 3): with one tie U is 8.5 of 9.
        let found = mann_whitney(&numbers(&[1.0, 1.0, 2.0]), &numbers(&[2.0, 3.0, 3.0])).unwrap();
        // Variance 9/12 (7 - (6 + 6 + 6) / 30) = 4.8; z = 3.5 / 2.19089 = 1.59752.
        assert!((found.value - 0.110_149).abs() < 1e-5, "{}", found.value);
        assert!(found.notes[0].contains("94.4 %"), "{:?}", found.notes);
        assert!(mann_whitney(&numbers(&[1.0]), &numbers(&[1.0, 1.0])).is_err());
    }
}
