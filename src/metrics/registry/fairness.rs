//! Metrics over the groups of an attribute.

use super::parameter::{FORM, OF_ALERTS, OF_AUROC, TABLE, THRESHOLD};
use super::{FairnessMeasure, Measure, ONE, PER_ATTRIBUTE, ZERO};

registry! {
    // Fairness.
    "equalized_odds" "equalized odds gap" [TABLE, THRESHOLD, FORM] over PER_ATTRIBUTE, Number ZERO, Some(2.0), Lower,
        "(max - min) of sensitivity and of fpr over groups: sum, or the larger", "Hardt 2016",
        Measure::Fairness(FairnessMeasure::EqualizedOdds)
        => "no interval; floor by seeded simulation of groups with one rate", "fewer than two groups have both outcomes; groups left out are named", "fairlearn prints the larger gap, AIF360 half the sum; both count a group without events as 0";
    "performance_gap" "gap of a metric between groups" [TABLE, THRESHOLD, OF_AUROC] over PER_ATTRIBUTE, Ratio ZERO, ONE, Lower,
        "max - min over groups", "fairlearn", Measure::Fairness(FairnessMeasure::Gap)
        => "Newcombe for shares in two groups, else none; floor by seeded simulation of equal groups", "fewer than two groups have a value; groups left out are named", "fairlearn counts a group without a value as 0";
    "disparity_ratio" "ratio of a metric between groups" [TABLE, THRESHOLD, OF_ALERTS] over PER_ATTRIBUTE, Ratio ZERO, ONE, Higher,
        "min / max over groups", "fairlearn", Measure::Fairness(FairnessMeasure::Ratio)
        => "none in closed form", "the metric is 0 in every group, or fewer than two groups have a value", "AIF360 divides the unprivileged by the privileged group and can exceed 1";
    "worst_group" "a metric in the group where it is worst" [TABLE, THRESHOLD, OF_AUROC] over PER_ATTRIBUTE, Ratio ZERO, ONE, None,
        "min over groups (max where lower is better)", "fairlearn", Measure::Fairness(FairnessMeasure::Worst)
        => "that of the metric in the worst group, which was chosen on the same rows", "fewer than two groups have a value", "";
}
