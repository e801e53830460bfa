//! Metrics over more than two outcomes: a class as the label, and a probability for each class.

use super::parameter::{BINS, ISSUES, TABLE};
use super::{Measure, MulticlassMeasure, ONE, SCALAR_ONLY, ZERO};

registry! {
    // More than two classes.
    "multiclass_accuracy" "share of rows whose likeliest class is right" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean(argmax_k p_k = y); the first of equally likely classes", "interval Wilson 1927",
        Measure::Multiclass(MulticlassMeasure::Accuracy)
        => "Wilson", "no columns are named as the scores of classes", "";
    "multiclass_kappa" "agreement with the label beyond chance, over classes" [TABLE] over SCALAR_ONLY, Number None, ONE, Higher,
        "(p_o - p_e) / (1 - p_e) of label and likeliest class", "Cohen 1960; interval Fleiss, Cohen, Everitt 1969", Measure::Multiclass(MulticlassMeasure::Kappa)
        => "delta method over all counts", "label and likeliest class are always the same one class", "torchmetrics and scikit-learn return nan there";
    "auroc_ovr" "AUROC of each class against the rest, mean over classes" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean_k P(p_k of class k > p_k of another), ties one half", "scikit-learn, one-vs-rest, macro",
        Measure::Multiclass(MulticlassMeasure::AurocOvr)
        => "normal; its variance is that of the rows' placements (DeLong) over all classes together; the lowest class is noted", "a class has no rows, or all of them", "weighted by the rows of a class with average=weighted";
    "auroc_ovo" "AUROC of each pair of classes, mean over pairs" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean over pairs (a, b) of half the AUROC of p_a and of p_b among the rows of a and b", "Hand, Till 2001",
        Measure::Multiclass(MulticlassMeasure::AurocOvo)
        => "normal; its variance is that of the rows' placements (DeLong) over all pairs together", "a class has no rows", "";
    "f1_macro" "F1 of each class, mean over classes" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Higher,
        "mean_k 2 TP_k / (2 TP_k + FP_k + FN_k), classes that neither occur nor are predicted left out",
        "scikit-learn, macro; interval Takahashi et al. 2022", Measure::Multiclass(MulticlassMeasure::F1)
        => "delta method over all counts", "no columns are named as the scores of classes", "";
    "brier_multiclass" "Brier score over classes" [TABLE] over SCALAR_ONLY, Number ZERO, Some(2.0), Lower,
        "mean sum_k (p_k - [y = k])^2; twice the Brier score where there are two classes", "Brier 1950",
        Measure::Multiclass(MulticlassMeasure::Brier)
        => "normal", "the scores are not probabilities", "half of it with scale_by_half";
    "log_loss_multiclass" "logarithmic loss over classes, nats" [TABLE] over SCALAR_ONLY, Number ZERO, None, Lower,
        "-mean(ln p_y)", "scikit-learn", Measure::Multiclass(MulticlassMeasure::LogLoss)
        => "normal", "a class that was given no probability was the right one", "scikit-learn clips such a probability";
    "ece_top_label" "calibration error of the likeliest class" [TABLE, BINS] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "sum(n_b / n |share right - mean confidence|), confidence = max_k p_k, equal-width bins (lo, hi]", "Guo et al. 2017",
        Measure::Multiclass(MulticlassMeasure::EceTopLabel)
        => "no interval; floor by simulating a calibrated model", "the scores are not probabilities", "netcal puts a score on an edge into the upper bin";
    "ece_classwise" "calibration error of each class, mean over classes" [TABLE, BINS] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "mean_k of the calibration error of p_k for [y = k], equal-width bins (lo, hi]", "Kull et al. 2019",
        Measure::Multiclass(MulticlassMeasure::EceClasswise)
        => "no interval; the floor is the mean of the floors of the classes, whose 95th percentile is an upper bound", "the scores are not probabilities", "";
    "label_issues_multiclass" "rows to re-check, whose class a confident model contradicts" [TABLE, ISSUES] over SCALAR_ONLY, Ratio ZERO, ONE, None,
        "rows: confidently of another class (its p is at least the mean p of that class in its rows; of several the likeliest) and likeliest of another; joint: off the diagonal of the estimated joint distribution",
        "Northcutt, Jiang, Chuang 2021; cleanlab", Measure::Multiclass(MulticlassMeasure::LabelIssues)
        => "no interval; floor of rows: right labels drawn from the scores; none for joint", "the scores are not probabilities, or a class has no rows", "as label_issues_share, which is for two classes; never the share of wrong labels";
}
