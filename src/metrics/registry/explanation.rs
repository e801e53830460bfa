//! Metrics of explanations: whether they say what the model does, and say it again.

use super::parameter::{RANK, THRESHOLD, TOP};
use super::{ExplanationMeasure, MINUS_ONE, Measure, ONE, SCALAR_ONLY, ZERO};

registry! {
    "explanation_fidelity_error" "distance of the explanation from the model" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "mean |f - g|, f the model's output and g the explanation's", "interval Student's t",
        Measure::Explanation(ExplanationMeasure::Error);
    "explanation_fidelity_r2" "share of the model's variance that the explanation tells" [] over SCALAR_ONLY, Number None, ONE, Higher,
        "1 - sum((f - g)^2) / sum((f - mean f)^2)", "scikit-learn; interval delta method",
        Measure::Explanation(ExplanationMeasure::R2);
    "explanation_fidelity_agreement" "share of rows that model and explanation decide alike" [THRESHOLD] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "rows with f >= threshold and g >= threshold, or neither / n", "interval Wilson 1927",
        Measure::Explanation(ExplanationMeasure::Agreement);
    "attribution_stability" "rank agreement of attributions of two runs" [RANK] over SCALAR_ONLY, Number MINUS_ONE, ONE, Higher,
        "mean over rows of Spearman's rho or Kendall's tau-b over features; constant rows left out",
        "Krishna et al. 2022; interval Student's t", Measure::Explanation(ExplanationMeasure::Stability);
    "attribution_top_k" "overlap of the most important features of two runs" [TOP] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean over rows of the Jaccard index of the k largest |attributions|", "Krishna et al. 2022; interval Student's t",
        Measure::Explanation(ExplanationMeasure::TopK);
}
