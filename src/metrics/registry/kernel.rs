//! Metrics of all numeric features together.

use super::parameter::{BANDWIDTH, ESTIMATOR, PERMUTATIONS, ROWS, STANDARDISED_FIRST};
use super::{KernelMeasure, Measure, ONE, SCALAR_ONLY, ZERO};

registry! {
    // Maximum mean discrepancy.
    "mmd" "squared maximum mean discrepancy of the numeric features"
        [ESTIMATOR, BANDWIDTH, STANDARDISED_FIRST, ROWS, PERMUTATIONS] over SCALAR_ONLY, Number None, Some(2.0), Lower,
        "mean k(x, x') + mean k(y, y') - 2 mean k(x, y), k = exp(-d^2 / (2 bandwidth^2)), bandwidth the median distance of two rows of both tables; unbiased leaves out x = x' and may be below 0; linear takes consecutive rows in the order of the file; features divided by their training standard deviation; rows with a missing value left out; at most rows rows of a table",
        "Gretton et al. 2012", Measure::Kernel(KernelMeasure::Mmd)
        => "normal for linear, none otherwise; floor by seeded permutation", "a table has too few complete rows (unbiased two, linear four), the features are constant, or the median distance is 0", "alibi-detect and evidently take exp(-d^2 / median d^2), of the reference alone; frouros bandwidth 1; hyppo's is a rescaled HSIC";
    "mmd_p" "p value of the maximum mean discrepancy"
        [BANDWIDTH, STANDARDISED_FIRST, ROWS, PERMUTATIONS] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "(1 + permutations of the rows with mmd at least as large) / (1 + permutations), seeded, unbiased form",
        "Gretton et al. 2012; Phipson, Smyth 2010", Measure::Kernel(KernelMeasure::MmdP)
        => "none; it is a p value", "as mmd", "alibi-detect and evidently leave out the 1 + and can print 0";
    "mmd_bandwidth" "bandwidth of the maximum mean discrepancy"
        [BANDWIDTH, STANDARDISED_FIRST, ROWS] over SCALAR_ONLY, Number ZERO, None, None,
        "median distance of two rows of both tables", "Gretton et al. 2012", Measure::Kernel(KernelMeasure::Bandwidth)
        => "none", "as mmd", "see mmd";
}
