//! Metrics over the members of an ensemble.

use super::parameter::{OF_AUROC, TABLE, THRESHOLD};
use super::{EnsembleMeasure, Measure, ONE, PER_ATTRIBUTE, SCALAR_ONLY, ZERO};

registry! {
    // Ensembles.
    "underspecification_variance" "variance between equally good models" [TABLE] over SCALAR_ONLY, Number ZERO, None, Lower,
        "mean_i var_k(s_ik), ddof 0", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::Variance)
        => "that of a mean over rows (normal)", "there are fewer than two members", "numpy prints 0 for one member; with ddof 1 it is k / (k - 1) times larger";
    "member_disagreement" "share of decisions that differ between two models" [TABLE, THRESHOLD] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "mean over pairs of members of the share of rows decided differently", "scipy pdist hamming",
        Measure::Ensemble(EnsembleMeasure::Disagreement)
        => "none in closed form", "there are fewer than two members", "";
    "member_any_flip" "share of rows on which not all models agree" [TABLE, THRESHOLD] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "rows with both decisions / n", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::AnyFlip)
        => "Wilson", "there are fewer than two members", "";
    "member_auroc_range" "range of AUROC over models" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "max - min of auroc over members", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::AurocRange)
        => "none in closed form", "there are fewer than two members, or the labels have one class", "";
    "member_auroc_mean" "mean AUROC of the models" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean of auroc over members", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::AurocMean)
        => "none in closed form", "there are fewer than two members, or the labels have one class", "";
    "member_auroc_sd" "standard deviation of AUROC over models" [TABLE] over SCALAR_ONLY, Number ZERO, None, Lower,
        "sd of auroc over members, ddof 1", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::AurocSd)
        => "none in closed form", "there are fewer than two members, or the labels have one class", "";
    "ensemble_auroc" "AUROC of the models' mean score" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "auroc of mean_k(s_ik)", "scikit-learn, of the mean", Measure::Ensemble(EnsembleMeasure::MeanAuroc)
        => "DeLong", "there are fewer than two members, or the labels have one class", "";
    "member_sd_mean" "how far models differ on one row, on average" [TABLE] over SCALAR_ONLY, Number ZERO, None, Lower,
        "mean_i sd_k(s_ik), ddof 0", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::SdMean)
        => "that of a mean over rows (normal)", "there are fewer than two members", "";
    "member_range_p95" "how far models differ on one row in twenty, or more" [TABLE] over SCALAR_ONLY, Number ZERO, None, Lower,
        "95th percentile over rows of max_k - min_k, linear", "numpy",
        Measure::Ensemble(EnsembleMeasure::RangeP95)
        => "order statistics", "there are fewer than two members", "";
    "member_gap_range" "range of a gap between groups over models" [TABLE, THRESHOLD, OF_AUROC] over PER_ATTRIBUTE, Ratio ZERO, ONE, Lower,
        "max - min over members of (max - min over groups)", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::GapRange)
        => "none in closed form", "there are fewer than two members, or fewer than two groups have a value", "";
}
