//! Metrics of predictions of a quantity.

use super::{EstimateMeasure, Measure, ONE, SCALAR_ONLY, ZERO};

registry! {
    "mae" "mean absolute error of estimates" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "mean |y - y_hat|, in the unit of the outcome", "scikit-learn",
        Measure::Estimate(EstimateMeasure::Mae)
        => "Student's t", "no row has both", "";
    "rmse" "root mean squared error of estimates" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "sqrt(mean((y - y_hat)^2)), in the unit of the outcome", "scikit-learn",
        Measure::Estimate(EstimateMeasure::Rmse)
        => "Student's t of the squares, then roots", "no row has both", "";
    "r2" "share of the outcome's variance that estimates tell" [] over SCALAR_ONLY, Number None, ONE, Higher,
        "1 - sum((y - y_hat)^2) / sum((y - mean y)^2)", "scikit-learn",
        Measure::Estimate(EstimateMeasure::R2)
        => "delta method", "the outcome is the same in every row", "scikit-learn prints 0 there";
    "interval_coverage" "share of outcomes inside the interval foretold" [] over SCALAR_ONLY, Ratio ZERO, ONE, None,
        "rows with low <= y <= high / n; target the level claimed", "own definition",
        Measure::Estimate(EstimateMeasure::Coverage)
        => "Wilson", "no row has an outcome and an interval", "";
}
