//! Metrics that compare the deployment table with the development table.

use super::parameter::{DIRECTION, OF_SCORE, STANDARDISED, TABLE};
use super::{FEATURE_ONLY, MINUS_ONE, Measure, ONE, PER_FEATURE, SCALAR_ONLY, ShiftMeasure, ZERO};

registry! {
    // Shift from development to deployment.
    "kl" "Kullback-Leibler divergence, nats" [DIRECTION, OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "sum(p ln(p / q)), training deciles (lo, hi] or categories, 0.5 added to each count", "Kullback, Leibler 1951",
        Measure::Shift(ShiftMeasure::Kl);
    "js" "Jensen-Shannon distance, base 2" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "sqrt((KL2(p, m) + KL2(q, m)) / 2), m = (p + q) / 2, same bins, raw shares", "Lin 1991; Endres, Schindelin 2003",
        Measure::Shift(ShiftMeasure::Js);
    "psi" "population stability index" [OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "sum((q - p) ln(q / p)), training deciles (lo, hi] or categories, 0.5 added to each count", "Yurdakul, Naranjo 2020",
        Measure::Shift(ShiftMeasure::Psi);
    "total_variation" "total variation distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "sum(|p - q|) / 2, same bins, raw shares", "half the L1 distance", Measure::Shift(ShiftMeasure::TotalVariation);
    "ks" "Kolmogorov-Smirnov distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "max |F - G|", "Smirnov 1939", Measure::Shift(ShiftMeasure::Ks);
    "ks_p" "p value of the Kolmogorov-Smirnov distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Higher,
        "P(D_N >= ks), N = round(n m / (n + m))", "scipy ks_2samp, asymptotic", Measure::Shift(ShiftMeasure::KsP);
    "wasserstein" "Wasserstein-1 distance" [STANDARDISED, OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "integral |F - G|; divided by the training standard deviation when standardised", "scipy",
        Measure::Shift(ShiftMeasure::Wasserstein);
    "standardised_mean_difference" "standardised difference of means" [OF_SCORE] over PER_FEATURE, Number None, None, None,
        "(mean deploy - mean train) / sqrt((var train + var deploy) / 2)", "Cohen 1988",
        Measure::Shift(ShiftMeasure::MeanDifference);
    "dsi" "distribution shift index" [] over PER_FEATURE, Number ZERO, None, Lower,
        "W1 / sd of training (numeric), total variation (categorical); mean over features", "research notes, section 2.5",
        Measure::Shift(ShiftMeasure::Dsi);
    "dsi_max" "largest distribution shift index" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "max of dsi over features", "research notes, section 2.5", Measure::Shift(ShiftMeasure::DsiMax);
    "missing_rate" "share of missing values" [TABLE] over FEATURE_ONLY, Ratio ZERO, ONE, Lower,
        "missing / n", "count", Measure::Shift(ShiftMeasure::MissingRate);
    "missing_rate_change" "change of the share of missing values" [] over FEATURE_ONLY, Number MINUS_ONE, ONE, None,
        "missing rate of deployment - of development", "interval Newcombe 1998",
        Measure::Shift(ShiftMeasure::MissingRateChange);
    "unseen_category_share" "share of rows with a category not seen in development" [] over FEATURE_ONLY, Ratio ZERO, ONE, Lower,
        "rows of unseen categories / rows with a value", "count", Measure::Shift(ShiftMeasure::UnseenShare);
}
