//! Comparisons: two models on the same rows, and a subgroup with all other rows.

use super::parameter::{ADJUST, OF_TESTED, TABLE, TEST, THRESHOLD};
use super::{MINUS_ONE, Measure, ONE, PER_SUBGROUP, PairedMeasure, SUBGROUP_ONLY, ZERO};

registry! {
    // Two models; the second is the manifest's `columns.compared`. Over subgroups nothing is adjusted for their number.
    "auroc_difference" "AUROC of the system less that of the compared model" [TABLE] over PER_SUBGROUP, Number MINUS_ONE, ONE, Higher,
        "auroc(score) - auroc(compared), on rows with both", "DeLong 1988, correlated areas", Measure::Paired(PairedMeasure::Auroc)
        => "paired DeLong, clipped to -1..1; the p of no difference is noted", "the labels have one class, or no column is named as compared", "";
    "auroc_difference_p" "p of no difference in AUROC between two models" [TABLE] over PER_SUBGROUP, Ratio ZERO, ONE, None,
        "two-sided normal p of auroc_difference / its standard error", "DeLong 1988, correlated areas", Measure::Paired(PairedMeasure::AurocP)
        => "a p-value, without interval; over subgroups not adjusted for their number", "the two models rank the rows alike, or there are fewer than two events or others", "";
    "brier_difference" "Brier score of the system less that of the compared model" [TABLE] over PER_SUBGROUP, Number MINUS_ONE, ONE, Lower,
        "mean((s - y)^2 - (c - y)^2), on rows with both", "paired t test", Measure::Paired(PairedMeasure::Brier)
        => "Student's t with n - 1 degrees of freedom; the p of no difference is noted", "the scores are not probabilities, or no column is named as compared", "";
    "brier_difference_p" "p of no difference in Brier score between two models" [TABLE, TEST] over PER_SUBGROUP, Ratio ZERO, ONE, None,
        "two-sided p of Student's t over rows; wilcoxon: normal p of the signed ranks of differences that are not 0, corrected for ties", "paired t test; Wilcoxon 1945", Measure::Paired(PairedMeasure::BrierP)
        => "a p-value, without interval; over subgroups not adjusted for their number", "the two models err alike in every row, or there is one row", "";
    "mcnemar_p" "p of no difference in right decisions between two models" [TABLE, THRESHOLD] over PER_SUBGROUP, Ratio ZERO, ONE, None,
        "two-sided binomial p of b against c at 1/2; b, c: rows in which only one model decides rightly", "McNemar 1947, exact", Measure::Paired(PairedMeasure::McNemar)
        => "a p-value, without interval; over subgroups not adjusted for their number", "both models are right and wrong in the same rows", "chi-square with or without correction gives another p";
    // One subgroup and all other rows.
    "subgroup_p" "p of no difference between a subgroup and all other rows" [TABLE, THRESHOLD, OF_TESTED, ADJUST] over SUBGROUP_ONLY, Ratio ZERO, ONE, None,
        "auroc, brier: normal p of the difference; sensitivity, specificity: Fisher's exact p; then adjusted over all shown subgroups of all attributes",
        "Holm 1979; Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001", Measure::SubgroupTest
        => "a p-value, without interval; both figures are noted", "the subgroup or the other rows have no value", "";
}
