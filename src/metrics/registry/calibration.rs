//! Metrics of one set of rows: whether scores are right as probabilities.

use super::parameter::{BINNING, BINS, BRIER_FORM, CLIP, DEBIASED, ISSUES, TABLE};
use super::{BrierPart, MINUS_ONE, Measure, ONE, PER_ROWS, RowMeasure, ZERO};

registry! {
    // The Brier score and its parts.
    "brier" "Brier score" [TABLE] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "mean((s - y)^2)", "Brier 1950", Measure::OfRows(RowMeasure::Brier)
        => "that of a mean over rows (normal); none for one row", "the scores are not probabilities", "for many classes a sum over them, up to 2";
    "brier_scaled" "Brier skill against the prevalence" [TABLE] over PER_ROWS, Number None, ONE, Higher,
        "1 - brier / (p (1 - p)), p the prevalence", "Steyerberg 2010", Measure::OfRows(RowMeasure::BrierScaled)
        => "none in closed form", "the prevalence is 0 or 1", "";
    "brier_reliability" "part of the Brier score due to miscalibration" [TABLE, BRIER_FORM, BINS, BINNING] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "sum(n_k / n (mean y_k - mean s_k)^2); form distinct: each score its own bin; form corp: brier - brier after the best monotone recalibration (bins play no part in the last two)",
        "Murphy 1973; corp: Dimitriadis, Gneiting, Jordan 2021", Measure::OfRows(RowMeasure::BrierPart(BrierPart::Reliability))
        => "no interval; floor by seeded simulation of a calibrated model", "the scores are not probabilities", "model-diagnostics prints the corp form, there called miscalibration";
    "brier_resolution" "part of the Brier score won by telling rows apart" [TABLE, BRIER_FORM, BINS, BINNING] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "sum(n_k / n (mean y_k - p)^2), p the prevalence; forms as in brier_reliability",
        "Murphy 1973; corp: Dimitriadis, Gneiting, Jordan 2021", Measure::OfRows(RowMeasure::BrierPart(BrierPart::Resolution))
        => "none in closed form", "the scores are not probabilities", "model-diagnostics prints the corp form, there called discrimination";
    "brier_uncertainty" "part of the Brier score due to the outcome itself" [TABLE] over PER_ROWS, Ratio ZERO, Some(0.25), None,
        "p (1 - p), p the prevalence", "Murphy 1973", Measure::OfRows(RowMeasure::BrierPart(BrierPart::Uncertainty))
        => "none; see that of prevalence", "the scores are not probabilities", "";
    "brier_within_bin_variance" "part of the Brier score due to scores that differ within bins" [TABLE, BINS, BINNING] over PER_ROWS, Ratio ZERO, ONE, None,
        "sum((s - mean s_k)^2) / n; brier = reliability - resolution + uncertainty + this - covariance", "Stephenson, Coelho, Jolliffe 2008",
        Measure::OfRows(RowMeasure::BrierPart(BrierPart::WithinVariance))
        => "none in closed form", "the scores are not probabilities", "most tools leave it out, and the parts then miss the sum";
    "brier_within_bin_covariance" "part of the Brier score won by ranking within bins" [TABLE, BINS, BINNING] over PER_ROWS, Number MINUS_ONE, ONE, None,
        "2 sum((s - mean s_k)(y - mean y_k)) / n", "Stephenson, Coelho, Jolliffe 2008",
        Measure::OfRows(RowMeasure::BrierPart(BrierPart::WithinCovariance))
        => "none in closed form", "the scores are not probabilities", "most tools leave it out, and the parts then miss the sum";
    "log_loss" "logarithmic loss, nats" [TABLE, CLIP] over PER_ROWS, Number ZERO, None, Lower,
        "-mean(y ln s + (1 - y) ln(1 - s)); with clip c, scores are first held inside c..1 - c", "scikit-learn", Measure::OfRows(RowMeasure::LogLoss)
        => "that of a mean over rows (normal); none for one row", "it is infinite, because a score of exactly 0 or 1 was wrong; clip, such as 0.000001, gives it a value on request", "scikit-learn clips silently";
    // Over bins.
    "ece" "expected calibration error" [TABLE, BINS, BINNING] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "sum(n_k / n |mean y_k - mean s_k|), bins (lo, hi]", "Guo et al. 2017; binning as scikit-learn",
        Measure::OfRows(RowMeasure::Ece)
        => "no interval; floor by seeded simulation of a calibrated model", "the scores are not probabilities", "netcal and torchmetrics put a score on an edge into the upper bin";
    "ece_debiased" "expected calibration error less what chance adds" [TABLE, BINS, BINNING, DEBIASED] over PER_ROWS, Number MINUS_ONE, ONE, Lower,
        "form l1: 2 ece - sum(n_k / n E|N(d_k, r_k (1 - r_k) / n_k)|); form l2_squared: sum(n_k / n (d_k^2 - r_k (1 - r_k) / (n_k - 1))); r_k = mean y_k, d_k = r_k - mean s_k; below 0 is possible and shown",
        "Kumar, Liang, Ma 2019; folded normal in closed form", Measure::OfRows(RowMeasure::EceDebiased)
        => "no interval; floor by seeded simulation of a calibrated model (the l1 form removes a part of it only)", "form l1: a bin has one row", "the library of Kumar et al. finds the l1 form by 1000 random draws";
    "mce" "largest calibration error of a bin" [TABLE, BINS, BINNING] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "max |mean y_k - mean s_k|, bins (lo, hi]", "Guo et al. 2017; binning as scikit-learn",
        Measure::OfRows(RowMeasure::Mce)
        => "no interval; floor by seeded simulation of a calibrated model", "the scores are not probabilities", "netcal and torchmetrics put a score on an edge into the upper bin";
    // By regression.
    "calibration_slope" "calibration slope" [TABLE, CLIP] over PER_ROWS, Number None, None, None,
        "b in logit P(y) = a + b logit(s); target 1; with clip c, scores are first held inside c..1 - c", "Cox 1958; Van Calster 2019", Measure::OfRows(RowMeasure::Slope)
        => "Wald", "the labels have one class, the scores are constant or separate the labels, or a score is exactly 0 or 1 (clip, such as 0.000001, gives it a value on request)", "statsmodels prints 0 for constant scores and a large number for one class";
    "calibration_in_the_large" "calibration in the large" [TABLE, CLIP] over PER_ROWS, Number None, None, None,
        "a in logit P(y) = a + logit(s); target 0; with clip c, scores are first held inside c..1 - c", "Cox 1958; Van Calster 2019",
        Measure::OfRows(RowMeasure::InTheLarge)
        => "Wald", "the labels have one class, or a score is exactly 0 or 1 (clip, such as 0.000001, gives it a value on request)", "not the intercept of the model with a slope, which some print under this name";
    "observed_expected" "observed events per expected event" [TABLE] over PER_ROWS, Number ZERO, None, None,
        "sum(y) / sum(s); target 1", "Debray 2017", Measure::OfRows(RowMeasure::ObservedExpected)
        => "on the log scale; none without events; wide for a model that tells rows apart, since the formula takes them for alike", "every score is 0", "some print expected / observed";
    // Labels.
    "label_issues_share" "share of rows whose label is worth a second look" [TABLE, ISSUES] over PER_ROWS, Ratio ZERO, ONE, None,
        "t_j = mean P(j) in rows labelled j; a row is listed when P(k) >= t_k for another class k that is also the likelier; form joint: 1 - trace of the estimated joint distribution of given and true labels",
        "confident learning: Northcutt, Jiang, Chuang 2021; cleanlab 2.9", Measure::OfRows(RowMeasure::LabelIssues)
        => "no interval; form rows has a floor: what is listed if every label is right and drawn from its score", "the labels have one class", "cleanlab calls the joint form the noise rate; on data with 4.7 % wrong labels it said 23.8 %, so it is not called that here";
}
