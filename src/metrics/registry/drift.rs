//! Metrics of change over time within the deployment table.

use super::parameter::{
    ALPHA, BASELINE, BATCH, CONFIDENCE, DELTA, FALSE_ALARM, K, LAMBDA, LIMIT, OF_ERROR, ORDER, POINTS, SHOWS,
    SHOWS_WARNING, SHOWS_WINDOW, SIDE, THRESHOLD, WARM_UP, WEIGHT,
};
use super::{DriftMeasure, Measure, PER_FEATURE, ZERO};

registry! {
    // Drift over periods. Values are the largest statistic over its limit; above 1 there was an alarm.
    "drift_cusum" "cumulative sum chart over periods, over its limit"
        [OF_ERROR, THRESHOLD, SIDE, K, LIMIT, FALSE_ALARM, BASELINE, POINTS, BATCH, ORDER, SHOWS] over PER_FEATURE, Number None, None, Lower,
        "S = max(0, S + z - k), z = (mean of the period - mean) sqrt(n) / sd, mean and sd of the development table or of the first points; limit calibrated by seeded simulation, so that a share false_alarm of runs without change ever alarms; dates are put together by batch; periods below min_cell left out",
        "Page 1954, tabular form", Measure::Drift(DriftMeasure::Cusum)
        => "no interval; floor by seeded simulation without change", "there is no column for the period, no level, or fewer than two periods", "frouros takes the running mean of all rows for the level";
    "drift_ewma" "exponentially weighted average chart over periods, over its limit"
        [OF_ERROR, THRESHOLD, SIDE, WEIGHT, LIMIT, FALSE_ALARM, BASELINE, POINTS, BATCH, ORDER, SHOWS] over PER_FEATURE, Number None, None, Lower,
        "E = w z + (1 - w) E against limit sqrt(w / (2 - w) (1 - (1 - w)^(2 i))); z and limit as for drift_cusum",
        "Roberts 1959", Measure::Drift(DriftMeasure::Ewma)
        => "no interval; floor by seeded simulation without change", "as drift_cusum", "frouros has ECDD-WT, made for error rates row by row";
    "drift_page_hinkley" "Page-Hinkley test row by row, over its limit"
        [OF_ERROR, THRESHOLD, SIDE, DELTA, LAMBDA, ALPHA, WARM_UP, ORDER, SHOWS_WINDOW] over PER_FEATURE, Number ZERO, None, Lower,
        "m = alpha m + x - mean x - delta, m - min m against lambda; afresh after an alarm", "Page 1954; river PageHinkley",
        Measure::Drift(DriftMeasure::PageHinkley)
        => "no interval; floor by seeded permutation of the rows", "the order in time is not known", "frouros compares the sum itself with the limit, without taking off its minimum";
    "drift_adwin" "adaptive window row by row, over its limit"
        [OF_ERROR, THRESHOLD, CONFIDENCE, ORDER, SHOWS_WINDOW] over PER_FEATURE, Number ZERO, None, Lower,
        "largest |mean older - mean newer| / bound over cuts of the window, each 32 rows; afresh after an alarm; few false alarms row by row",
        "Bifet, Gavalda 2007; river ADWIN", Measure::Drift(DriftMeasure::Adwin)
        => "no interval; floor by seeded permutation of the rows", "the order in time is not known", "frouros and others differ by up to one step of 32 rows";
    "drift_ddm" "drift detection method row by row, over its limit"
        [OF_ERROR, THRESHOLD, ORDER, SHOWS_WARNING] over PER_FEATURE, Number ZERO, None, Lower,
        "(p + s - p_min) / (3 s_min), p the error rate so far, s its standard error, values 0 or 1; false alarms are frequent: 40 in 100 streams of 2000 rows without change",
        "Gama et al. 2004; river DDM", Measure::Drift(DriftMeasure::Ddm)
        => "no interval; floor by seeded permutation of the rows", "the order in time is not known, or the values are not 0 and 1", "frouros begins one row earlier";
}
