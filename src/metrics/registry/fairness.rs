//! Metrics over the groups of an attribute.

use super::parameter::{FORM, OF_ALERTS, OF_AUROC, TABLE, THRESHOLD};
use super::{FairnessMeasure, Measure, ONE, PER_ATTRIBUTE, ZERO};

registry! {
    // Fairness.
    "equalized_odds" "equalized odds gap" [TABLE, THRESHOLD, FORM] over PER_ATTRIBUTE, Number ZERO, Some(2.0), Lower,
        "(max - min) of sensitivity and of fpr over groups: sum, or the larger", "Hardt 2016",
        Measure::Fairness(FairnessMeasure::EqualizedOdds);
    "performance_gap" "gap of a metric between groups" [TABLE, THRESHOLD, OF_AUROC] over PER_ATTRIBUTE, Ratio ZERO, ONE, Lower,
        "max - min over groups", "fairlearn", Measure::Fairness(FairnessMeasure::Gap);
    "disparity_ratio" "ratio of a metric between groups" [TABLE, THRESHOLD, OF_ALERTS] over PER_ATTRIBUTE, Ratio ZERO, ONE, Higher,
        "min / max over groups", "fairlearn", Measure::Fairness(FairnessMeasure::Ratio);
    "worst_group" "a metric in the group where it is worst" [TABLE, THRESHOLD, OF_AUROC] over PER_ATTRIBUTE, Ratio ZERO, ONE, None,
        "min over groups (max where lower is better)", "fairlearn", Measure::Fairness(FairnessMeasure::Worst);
}
