//! Metrics of explanations: whether they say what the model does, and say it again.

use super::parameter::{RANK, THRESHOLD, TOP};
use super::{ExplanationMeasure, MINUS_ONE, Measure, ONE, SCALAR_ONLY, ZERO};

registry! {
    "explanation_fidelity_error" "distance of the explanation from the model" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "mean |f - g|, f the model's output and g the explanation's", "own definition",
        Measure::Explanation(ExplanationMeasure::Error)
        => "Student's t", "no row has both outputs", "";
    "explanation_fidelity_r2" "share of the model's variance that the explanation tells" [] over SCALAR_ONLY, Number None, ONE, Higher,
        "1 - sum((f - g)^2) / sum((f - mean f)^2)", "scikit-learn",
        Measure::Explanation(ExplanationMeasure::R2)
        => "delta method", "the model's output is the same in every row", "scikit-learn prints 0 there";
    "explanation_fidelity_agreement" "share of rows that model and explanation decide alike" [THRESHOLD] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "rows with f >= threshold and g >= threshold, or neither / n", "own definition",
        Measure::Explanation(ExplanationMeasure::Agreement)
        => "Wilson", "no row has both outputs", "";
    "attribution_stability" "rank agreement of attributions of two runs" [RANK] over SCALAR_ONLY, Number MINUS_ONE, ONE, Higher,
        "mean over rows of Spearman's rho or Kendall's tau-b over features; constant rows left out",
        "Krishna et al. 2022", Measure::Explanation(ExplanationMeasure::Stability)
        => "Student's t over rows", "every row is constant in one of the runs", "";
    "attribution_top_k" "overlap of the most important features of two runs" [TOP] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean over rows of the Jaccard index of the k largest |attributions|", "Krishna et al. 2022",
        Measure::Explanation(ExplanationMeasure::TopK)
        => "Student's t over rows", "there are fewer than k features", "";
}
