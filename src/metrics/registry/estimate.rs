//! Metrics of predictions of a quantity.

use super::{EstimateMeasure, Measure, ONE, SCALAR_ONLY, ZERO};

registry! {
    "mae" "mean absolute error of estimates" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "mean |y - y_hat|, in the unit of the outcome", "scikit-learn; interval Student's t",
        Measure::Estimate(EstimateMeasure::Mae);
    "rmse" "root mean squared error of estimates" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "sqrt(mean((y - y_hat)^2)), in the unit of the outcome", "scikit-learn; interval Student's t of the squares",
        Measure::Estimate(EstimateMeasure::Rmse);
    "r2" "share of the outcome's variance that estimates tell" [] over SCALAR_ONLY, Number None, ONE, Higher,
        "1 - sum((y - y_hat)^2) / sum((y - mean y)^2)", "scikit-learn; interval delta method",
        Measure::Estimate(EstimateMeasure::R2);
    "interval_coverage" "share of outcomes inside the interval foretold" [] over SCALAR_ONLY, Ratio ZERO, ONE, None,
        "rows with low <= y <= high / n; target the level claimed", "interval Wilson 1927",
        Measure::Estimate(EstimateMeasure::Coverage);
}
