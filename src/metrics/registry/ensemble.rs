//! Metrics over the members of an ensemble.

use super::parameter::{TABLE, THRESHOLD};
use super::{EnsembleMeasure, Measure, ONE, SCALAR_ONLY, ZERO};

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
}
