//! Metrics of one set of rows, a table or one of its subgroups: how many, how well ranked, how well
//! decided.

use super::parameter::{INTERVAL, RESAMPLED, TABLE, THRESHOLD};
use super::{MINUS_ONE, Measure, ONE, PER_ROWS, RowMeasure, ZERO};

registry! {
    // How many.
    "rows" "rows" [TABLE] over PER_ROWS, Count ZERO, None, None,
        "n", "count", Measure::OfRows(RowMeasure::Rows)
        => "a count, without interval", "never, where the table is given", "";
    "events" "rows with the outcome" [TABLE] over PER_ROWS, Count ZERO, None, None,
        "sum(y)", "Collins, Ogundimu, Altman 2016 (100 events, better 200)", Measure::OfRows(RowMeasure::Events)
        => "a count, without interval", "no label is named", "";
    "prevalence" "share of rows with the outcome" [TABLE] over PER_ROWS, Ratio ZERO, ONE, None,
        "sum(y) / n", "count", Measure::OfRows(RowMeasure::Prevalence)
        => "Wilson", "no label is named", "";
    // Discrimination.
    "auroc" "area under the ROC curve" [TABLE, INTERVAL] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "P(s+ > s-) + P(s+ = s-) / 2", "DeLong 1988; Sun and Xu 2014; bootstrap as in pROC (Robin et al. 2011)",
        Measure::OfRows(RowMeasure::Auroc)
        => "DeLong, variances with n - 1, clipped to 0..1; on request on the logit scale, which is better below 50 events or near 1, or by 2000 stratified resamples, which is better below 20 events; it needs two events and two others",
        "the labels have one class",
        "torchmetrics computes in 32 bits and differs in the seventh digit; confidenceinterval ranks in 32 bits and does not clip";
    "auprc" "average precision" [TABLE] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "sum((R_i - R_(i-1)) P_i), ties together", "scikit-learn; interval Boyd, Eng, Page 2013",
        Measure::OfRows(RowMeasure::Auprc)
        => "on the logit scale; compare the value with the prevalence, which is what chance gives",
        "the labels have one class", "the trapezoid under the curve is larger and flatters; scikit-learn prints 0 or 1 for one class";
    "youden" "best sensitivity + specificity - 1 over all thresholds" [TABLE, RESAMPLED] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "max over t of sensitivity(t) + specificity(t) - 1; the threshold is noted", "Youden 1950; scikit-learn roc_curve",
        Measure::OfRows(RowMeasure::Youden)
        => "none by default: the threshold is chosen on the same rows, so the value flatters; on request by 2000 stratified resamples, laid off to the other side (basic bootstrap), which takes off most of what choosing adds",
        "the labels have one class", "";
    // At a threshold: a row is flagged when score >= threshold.
    "true_positives" "events that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Count ZERO, None, None,
        "TP: rows with the outcome and score >= threshold", "count", Measure::OfRows(RowMeasure::TruePositives)
        => "a count, without interval", "no label, score or threshold is given", "torchmetrics flags score > threshold";
    "false_positives" "non-events that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Count ZERO, None, None,
        "FP: rows without the outcome and score >= threshold", "count", Measure::OfRows(RowMeasure::FalsePositives)
        => "a count, without interval", "no label, score or threshold is given", "torchmetrics flags score > threshold";
    "false_negatives" "events that are not flagged" [TABLE, THRESHOLD] over PER_ROWS, Count ZERO, None, None,
        "FN: rows with the outcome and score < threshold", "count", Measure::OfRows(RowMeasure::FalseNegatives)
        => "a count, without interval", "no label, score or threshold is given", "torchmetrics flags score > threshold";
    "true_negatives" "non-events that are not flagged" [TABLE, THRESHOLD] over PER_ROWS, Count ZERO, None, None,
        "TN: rows without the outcome and score < threshold", "count", Measure::OfRows(RowMeasure::TrueNegatives)
        => "a count, without interval", "no label, score or threshold is given", "torchmetrics flags score > threshold";
    "sensitivity" "share of events that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TP / (TP + FN)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Sensitivity)
        => "Wilson", "there are no events", "torchmetrics flags score > threshold; scikit-learn prints 0 without events";
    "specificity" "share of non-events that are not flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TN / (TN + FP)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Specificity)
        => "Wilson", "there are no non-events", "torchmetrics flags score > threshold";
    "ppv" "share of flagged rows that are events" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TP / (TP + FP)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Ppv)
        => "Wilson", "no row is flagged", "scikit-learn prints 0 where no row is flagged";
    "npv" "share of unflagged rows that are not events" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TN / (TN + FN)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Npv)
        => "Wilson", "every row is flagged", "";
    "fpr" "share of non-events that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "FP / (FP + TN)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Fpr)
        => "Wilson", "there are no non-events", "";
    "alert_rate" "share of rows that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, None,
        "(TP + FP) / n", "interval Wilson 1927", Measure::OfRows(RowMeasure::AlertRate)
        => "Wilson", "no score or no threshold is given", "fairlearn calls it the selection rate";
    "accuracy" "share of rows decided rightly" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "(TP + TN) / n", "interval Wilson 1927", Measure::OfRows(RowMeasure::Accuracy)
        => "Wilson", "no label or no threshold is given", "no rule should rest on it alone (STRATOS guidance, Lancet Digital Health 2025)";
    "balanced_accuracy" "mean of sensitivity and specificity" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "(sensitivity + specificity) / 2", "scikit-learn", Measure::OfRows(RowMeasure::BalancedAccuracy)
        => "Wilson's of both parts, combined as by Newcombe", "the labels have one class", "scikit-learn leaves an absent class out of the mean";
    "f1" "F1 score" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "2 TP / (2 TP + FP + FN)", "scikit-learn", Measure::OfRows(RowMeasure::F1)
        => "2 J / (1 + J) of the ends of Wilson's for J = TP / (TP + FP + FN)", "there are neither events nor flagged rows", "no rule should rest on it alone (STRATOS guidance, Lancet Digital Health 2025)";
    "mcc" "Matthews correlation" [TABLE, THRESHOLD] over PER_ROWS, Number MINUS_ONE, ONE, Higher,
        "(TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN))", "scikit-learn", Measure::OfRows(RowMeasure::Mcc)
        => "delta method on the scale of Fisher's z; none at -1 and 1", "labels or decisions are all equal", "scikit-learn prints 0 there";
    "positive_likelihood_ratio" "how much more often events are flagged than others" [TABLE, THRESHOLD] over PER_ROWS, Number ZERO, None, Higher,
        "sensitivity / (1 - specificity)", "interval Simel, Samsa, Matchar 1991", Measure::OfRows(RowMeasure::PositiveLikelihoodRatio)
        => "on the log scale; none at 0", "no non-event is flagged, or one class is absent", "";
    "negative_likelihood_ratio" "how much more often events stay unflagged than others" [TABLE, THRESHOLD] over PER_ROWS, Number ZERO, None, Lower,
        "(1 - sensitivity) / specificity", "interval Simel, Samsa, Matchar 1991", Measure::OfRows(RowMeasure::NegativeLikelihoodRatio)
        => "on the log scale; none at 0", "every non-event is flagged, or one class is absent", "";
    "net_benefit" "events found per row, less the false alarms that they cost" [TABLE, THRESHOLD] over PER_ROWS, Number None, ONE, Higher,
        "TP / n - FP / n t / (1 - t); acting on every row is noted beside it", "Vickers and Elkin 2006", Measure::OfRows(RowMeasure::NetBenefit)
        => "that of a mean over rows (normal)", "the threshold is no probability below 1", "dcurves flags score > threshold";
}
