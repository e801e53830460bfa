//! Metrics that compare the deployment table with the development table.

use super::parameter::{DIRECTION, JS_FORM, OF_SCORE, SMOOTHING, STANDARDISED, TABLE};
use super::{FEATURE_ONLY, MINUS_ONE, Measure, ONE, PER_FEATURE, SCALAR_ONLY, ShiftMeasure, ZERO};

registry! {
    // Shift from development to deployment.
    "kl" "Kullback-Leibler divergence, nats" [DIRECTION, SMOOTHING, OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "sum(p ln(p / q)), training deciles (lo, hi] or categories, 0.5 added to each count unless smoothing is none", "Kullback, Leibler 1951",
        Measure::Shift(ShiftMeasure::Kl)
        => "no interval; floor (1/n + 1/m) chi-square / 2", "a table has no rows with a value; without smoothing, infinite where one side lacks a bin of the other", "evidently fills empty bins with 1e-4 and takes Sturges bins of both tables; frouros prints inf and takes the other direction";
    "js" "Jensen-Shannon distance, base 2" [JS_FORM, OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "sqrt((KL2(p, m) + KL2(q, m)) / 2), m = (p + q) / 2, same bins, raw shares; without the root for the divergence", "Lin 1991; Endres, Schindelin 2003",
        Measure::Shift(ShiftMeasure::Js)
        => "no interval; floor from chi-square", "a table has no rows with a value", "evidently and frouros use nats; nannyml Doane bins; scipy's is the distance";
    "psi" "population stability index" [SMOOTHING, OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "sum((q - p) ln(q / p)), training deciles (lo, hi] or categories, 0.5 added to each count unless smoothing is none", "Yurdakul, Naranjo 2020",
        Measure::Shift(ShiftMeasure::Psi)
        => "no interval; floor (1/n + 1/m) chi-square", "as kl", "evidently takes Sturges bins of both tables and fills with 1e-4; frouros ten equal widths and the smallest float";
    "total_variation" "total variation distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "sum(|p - q|) / 2, same bins, raw shares", "half the L1 distance", Measure::Shift(ShiftMeasure::TotalVariation)
        => "no interval; floor by seeded multinomial", "a table has no rows with a value", "";
    "l_infinity" "largest difference of a share" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "max |p - q|, same bins, raw shares", "L-infinity distance",
        Measure::Shift(ShiftMeasure::LargestDifference)
        => "no interval; floor by seeded multinomial", "a table has no rows with a value", "";
    "ks" "Kolmogorov-Smirnov distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "max |F - G|", "Smirnov 1939", Measure::Shift(ShiftMeasure::Ks)
        => "no interval; floor by Kolmogorov's limit", "a table has no rows with a value, or the feature is categorical", "alibi-detect takes categories for numbers without a word";
    "ks_p" "p value of the Kolmogorov-Smirnov distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Higher,
        "P(D_N >= ks), N = round(n m / (n + m))", "scipy ks_2samp, asymptotic", Measure::Shift(ShiftMeasure::KsP)
        => "no interval", "as ks", "scipy's auto is exact up to 10 000 rows";
    "chi_square_p" "p value of different categories" [] over FEATURE_ONLY, Ratio ZERO, ONE, Higher,
        "P(chi-square >= sum (observed - expected)^2 / expected), categories - 1 degrees of freedom, no correction", "Pearson 1900; scipy chi2_contingency", Measure::Shift(ShiftMeasure::ChiSquareP)
        => "no interval; shrinks with the number of rows, so read it beside total_variation", "the feature is numeric, or has one category", "scipy corrects two categories for continuity unless told not to";
    "mann_whitney_p" "p value of larger or smaller values" [] over FEATURE_ONLY, Ratio ZERO, ONE, Higher,
        "two-sided normal p of U, corrected for ties and continuity; the share of pairs in which deployment is above is noted", "Mann, Whitney 1947; scipy mannwhitneyu, asymptotic", Measure::Shift(ShiftMeasure::MannWhitneyP)
        => "no interval; shrinks with the number of rows", "a table has no rows with a value, all values are equal, or the feature is categorical", "scipy's auto is exact for few rows without ties";
    "welch_t_p" "p value of different means" [] over FEATURE_ONLY, Ratio ZERO, ONE, Higher,
        "two-sided p of Student's t with Welch's degrees of freedom; both means are noted", "Welch 1947; scipy ttest_ind", Measure::Shift(ShiftMeasure::WelchP)
        => "no interval; shrinks with the number of rows, so read it beside standardised_mean_difference", "as standardised_mean_difference", "scipy assumes equal variances unless told not to";
    "wasserstein" "Wasserstein-1 distance" [STANDARDISED, OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "integral |F - G|; divided by the training standard deviation when standardised", "scipy",
        Measure::Shift(ShiftMeasure::Wasserstein)
        => "no interval; floor by seeded Brownian bridge", "as ks; standardised, where the training column is constant", "evidently divides by at least 0.001; nannyml approximates from 10 000 rows on";
    "standardised_mean_difference" "standardised difference of means" [OF_SCORE] over PER_FEATURE, Number None, None, None,
        "(mean deploy - mean train) / sqrt((var train + var deploy) / 2)", "Cohen 1988",
        Measure::Shift(ShiftMeasure::MeanDifference)
        => "normal", "as ks; fewer than two rows, or both columns constant", "Glass's delta divides by the training deviation alone";
    "dsi" "distribution shift index" [] over PER_FEATURE, Number ZERO, None, Lower,
        "W1 / sd of training (numeric), total variation (categorical); mean over features", "research notes, section 2.5",
        Measure::Shift(ShiftMeasure::Dsi)
        => "no interval; floor by seeded simulation", "as wasserstein, standardised", "evidently's normed Wasserstein for numbers";
    "dsi_max" "largest distribution shift index" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "max of dsi over features", "research notes, section 2.5", Measure::Shift(ShiftMeasure::DsiMax)
        => "no interval; floor by seeded simulation", "no feature has an index", "";
    "drifted_share" "share of features that differ by more than noise" [] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "features with dsi above the 95th percentile of its floor / features", "research notes, section 2.5",
        Measure::Shift(ShiftMeasure::DriftedShare)
        => "no interval; floor binomial at 1 in 20", "no feature has an index", "evidently counts what is above a fixed mark, 0.1 by default";
    "missing_rate" "share of missing values" [TABLE] over FEATURE_ONLY, Ratio ZERO, ONE, Lower,
        "missing / n", "count", Measure::Shift(ShiftMeasure::MissingRate)
        => "Wilson", "there is no such table", "";
    "missing_rate_change" "change of the share of missing values" [] over FEATURE_ONLY, Number MINUS_ONE, ONE, None,
        "missing rate of deployment - of development", "interval Newcombe 1998",
        Measure::Shift(ShiftMeasure::MissingRateChange)
        => "Newcombe", "one of the tables is not there", "";
    "unseen_category_share" "share of rows with a category not seen in development" [] over FEATURE_ONLY, Ratio ZERO, ONE, Lower,
        "rows of unseen categories / rows with a value", "count", Measure::Shift(ShiftMeasure::UnseenShare)
        => "Wilson", "the feature is numeric", "";
}
