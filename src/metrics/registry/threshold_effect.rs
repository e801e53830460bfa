//! Threshold effects: where along a numeric feature the system falls off.

use super::parameter::{CUTS, MANY_PERMUTATIONS, OF_TESTED, TABLE, THRESHOLD};
use super::{FEATURE_ONLY, Measure, ONE, ThresholdMeasure, ZERO};

registry! {
    // The strongest of many cuts.
    "threshold_effect" "how much worse the system is on the worse side of a cut along a feature" [TABLE, OF_TESTED, THRESHOLD, CUTS, MANY_PERMUTATIONS] over FEATURE_ONLY, Number ZERO, ONE, Lower,
        "|of(rows above the cut) - of(rows up to it)| at threshold_effect_cut", "maximally selected statistics: Miller, Siegmund 1982; Lausen, Schumacher 1992",
        Measure::Threshold(ThresholdMeasure::Effect)
        => "no interval, since the cut is chosen for its difference; floor by seeded permutation of the rows against the feature; both figures are noted", "as threshold_effect_cut", "";
    "threshold_effect_cut" "value of a feature at which the system falls off most" [TABLE, OF_TESTED, THRESHOLD, CUTS] over FEATURE_ONLY, Number None, None, None,
        "the cut with the largest (of(above) - of(up to))^2 / variance, of the 1/cuts, 2/cuts, ... quantiles with 10 (or min_cell, if that is more) events (auroc: and others; specificity: others; brier: rows) on both sides; variances of all rows together (auroc: DeLong's)",
        "maximally selected statistics: Miller, Siegmund 1982; Lausen, Schumacher 1992; interval Hansen 2000", Measure::Threshold(ThresholdMeasure::Cut)
        => "the candidates whose likelihood ratio to the best is at most 7.35, and the next one on both sides; means little where threshold_effect is within its floor", "the feature is categorical, no label or score is named, or no cut leaves enough rows on both sides", "";
    "threshold_effect_p" "p of no threshold effect along a feature" [TABLE, OF_TESTED, THRESHOLD, CUTS, MANY_PERMUTATIONS] over FEATURE_ONLY, Ratio ZERO, ONE, None,
        "(1 + permutations of the rows against the feature whose best cut has at least as large a statistic) / (1 + permutations), seeded; labels and scores stay together",
        "Hothorn, Lausen 2003; Phipson, Smyth 2010", Measure::Threshold(ThresholdMeasure::P)
        => "a p-value, without interval; both figures are noted", "as threshold_effect_cut", "";
}
