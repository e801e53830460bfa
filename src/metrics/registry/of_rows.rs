//! Metrics of one set of rows: a table, or one of its subgroups.

use super::parameter::{BINNING, BINS, TABLE, THRESHOLD};
use super::{MINUS_ONE, Measure, ONE, PER_ROWS, RowMeasure, ZERO};

registry! {
    // How many.
    "rows" "rows" [TABLE] over PER_ROWS, Count ZERO, None, None,
        "n", "count", Measure::OfRows(RowMeasure::Rows);
    "events" "rows with the outcome" [TABLE] over PER_ROWS, Count ZERO, None, None,
        "sum(y)", "Collins, Ogundimu, Altman 2016 (100 events, better 200)", Measure::OfRows(RowMeasure::Events);
    "prevalence" "share of rows with the outcome" [TABLE] over PER_ROWS, Ratio ZERO, ONE, None,
        "sum(y) / n", "count", Measure::OfRows(RowMeasure::Prevalence);
    // Discrimination.
    "auroc" "area under the ROC curve" [TABLE] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "P(s+ > s-) + P(s+ = s-) / 2", "DeLong 1988; Sun and Xu 2014", Measure::OfRows(RowMeasure::Auroc);
    "auprc" "average precision" [TABLE] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "sum((R_i - R_(i-1)) P_i), ties together", "scikit-learn; interval Boyd, Eng, Page 2013",
        Measure::OfRows(RowMeasure::Auprc);
    // At a threshold: a row is flagged when score >= threshold.
    "sensitivity" "share of events that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TP / (TP + FN)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Sensitivity);
    "specificity" "share of non-events that are not flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TN / (TN + FP)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Specificity);
    "ppv" "share of flagged rows that are events" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TP / (TP + FP)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Ppv);
    "npv" "share of unflagged rows that are not events" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "TN / (TN + FN)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Npv);
    "fpr" "share of non-events that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "FP / (FP + TN)", "interval Wilson 1927", Measure::OfRows(RowMeasure::Fpr);
    "alert_rate" "share of rows that are flagged" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, None,
        "(TP + FP) / n", "interval Wilson 1927", Measure::OfRows(RowMeasure::AlertRate);
    "accuracy" "share of rows decided rightly" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "(TP + TN) / n", "interval Wilson 1927", Measure::OfRows(RowMeasure::Accuracy);
    "balanced_accuracy" "mean of sensitivity and specificity" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "(sensitivity + specificity) / 2", "scikit-learn", Measure::OfRows(RowMeasure::BalancedAccuracy);
    "f1" "F1 score" [TABLE, THRESHOLD] over PER_ROWS, Ratio ZERO, ONE, Higher,
        "2 TP / (2 TP + FP + FN)", "scikit-learn", Measure::OfRows(RowMeasure::F1);
    "mcc" "Matthews correlation" [TABLE, THRESHOLD] over PER_ROWS, Number MINUS_ONE, ONE, Higher,
        "(TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN))", "scikit-learn", Measure::OfRows(RowMeasure::Mcc);
    // Calibration.
    "brier" "Brier score" [TABLE] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "mean((s - y)^2)", "Brier 1950", Measure::OfRows(RowMeasure::Brier);
    "brier_scaled" "Brier skill against the prevalence" [TABLE] over PER_ROWS, Number None, ONE, Higher,
        "1 - brier / (p (1 - p)), p the prevalence", "Steyerberg 2010", Measure::OfRows(RowMeasure::BrierScaled);
    "log_loss" "logarithmic loss, nats" [TABLE] over PER_ROWS, Number ZERO, None, Lower,
        "-mean(y ln s + (1 - y) ln(1 - s))", "scikit-learn", Measure::OfRows(RowMeasure::LogLoss);
    "ece" "expected calibration error" [TABLE, BINS, BINNING] over PER_ROWS, Ratio ZERO, ONE, Lower,
        "sum(n_k / n |mean y_k - mean s_k|), bins (lo, hi]", "Guo et al. 2017; binning as scikit-learn",
        Measure::OfRows(RowMeasure::Ece);
    "calibration_slope" "calibration slope" [TABLE] over PER_ROWS, Number None, None, None,
        "b in logit P(y) = a + b logit(s); target 1", "Cox 1958; Van Calster 2019", Measure::OfRows(RowMeasure::Slope);
    "calibration_in_the_large" "calibration in the large" [TABLE] over PER_ROWS, Number None, None, None,
        "a in logit P(y) = a + logit(s); target 0", "Cox 1958; Van Calster 2019",
        Measure::OfRows(RowMeasure::InTheLarge);
    "observed_expected" "observed events per expected event" [TABLE] over PER_ROWS, Number ZERO, None, None,
        "sum(y) / sum(s); target 1", "Debray 2017", Measure::OfRows(RowMeasure::ObservedExpected);
}
