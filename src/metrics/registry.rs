//! The registry: every metric that can be asked for. Adding one begins here.

use super::ParamValue;

/// Over what a metric has values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MetricIndex {
    /// One value.
    Scalar,
    /// One for each attribute, such as `sex`.
    Attribute,
    /// One for each subgroup, such as `sex=F`.
    Subgroup,
    /// One for each feature.
    Feature,
}

impl MetricIndex {
    /// Returns the word used in packs.
    pub fn as_str(self) -> &'static str {
        match self {
            MetricIndex::Scalar => "scalar",
            MetricIndex::Attribute => "attribute",
            MetricIndex::Subgroup => "subgroup",
            MetricIndex::Feature => "feature",
        }
    }
}

impl std::fmt::Display for MetricIndex {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// What kind of number a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A share, in 0..=1.
    Ratio,
    /// Any number.
    Number,
    /// A whole number of rows.
    Count,
}

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Lower is better.
    Lower,
    /// Higher is better.
    Higher,
    /// Neither, or a target in between.
    None,
}

/// One parameter of a definition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterSpec {
    /// Its name.
    pub name: &'static str,
    /// The words that it takes.
    pub words: &'static [&'static str],
    /// The numbers that it takes, ends included.
    pub range: Option<(f64, f64)>,
    /// Whether the numbers must be whole.
    pub whole: bool,
    /// Its default, when that is a word.
    pub default_word: Option<&'static str>,
    /// Its default, when that is a number.
    pub default_number: f64,
    /// The only index over which it exists; none when it always does.
    pub only_over: Option<MetricIndex>,
}

impl ParameterSpec {
    /// Tells whether `value` is allowed.
    pub fn accepts(&self, value: &ParamValue) -> bool {
        match value {
            ParamValue::Word(word) => self.words.contains(&word.as_str()),
            ParamValue::Number(number) => {
                self.range.is_some_and(|(low, high)| (low..=high).contains(number))
                    && (!self.whole || number.fract() == 0.0)
            }
        }
    }

    /// Returns the default.
    pub fn default_value(&self) -> ParamValue {
        self.default_word.map_or(ParamValue::Number(self.default_number), ParamValue::from)
    }

    /// Returns what it takes, in words: `` `sum` or `max` ``, `a whole number from 2 to 1000`.
    pub fn allowed(&self) -> String {
        let words = crate::diagnostic::List::or(self.words.iter().copied()).to_string();
        let kind = if self.whole { "whole number" } else { "number" };
        match self.range {
            None => words,
            Some((low, high)) if low.is_finite() && self.words.is_empty() => format!("a {kind} from {low} to {high}"),
            Some((low, high)) if low.is_finite() => format!("{words} or a {kind} from {low} to {high}"),
            Some(_) => format!("{words} or a {kind}"),
        }
    }
}

/// One entry of the registry.
#[derive(Clone, Copy, Debug)]
pub struct DefinitionSpec {
    /// The name in packs.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Its parameters.
    pub parameters: &'static [ParameterSpec],
    /// Over what it can be declared.
    pub indices: &'static [MetricIndex],
    /// What kind of number it is.
    pub kind: ValueKind,
    /// The smallest value, where there is one.
    pub low: Option<f64>,
    /// The largest value, where there is one.
    pub high: Option<f64>,
    /// Which way is better.
    pub direction: Direction,
    /// The formula in one line.
    pub formula: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    pub(super) measure: Measure,
}

impl DefinitionSpec {
    /// Returns the parameters that exist over `index`.
    pub fn parameters_over(&self, index: MetricIndex) -> impl Iterator<Item = &'static ParameterSpec> {
        self.parameters.iter().filter(move |parameter| parameter.only_over.is_none_or(|only| only == index))
    }
}

/// What the evaluator does for a definition; grouped by the file that does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    OfRows(RowMeasure),
    Shift(ShiftMeasure),
    Fairness(FairnessMeasure),
    Ensemble(EnsembleMeasure),
}

/// Measures of one set of rows, such as a table or a subgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowMeasure {
    Rows,
    Events,
    Prevalence,
    Auroc,
    Auprc,
    Sensitivity,
    Specificity,
    Ppv,
    Npv,
    Fpr,
    AlertRate,
    Accuracy,
    BalancedAccuracy,
    F1,
    Mcc,
    Brier,
    BrierScaled,
    LogLoss,
    Ece,
    Slope,
    InTheLarge,
    ObservedExpected,
}

/// Measures that compare the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShiftMeasure {
    Kl,
    Js,
    Psi,
    TotalVariation,
    Ks,
    KsP,
    Wasserstein,
    MeanDifference,
    Dsi,
    DsiMax,
    MissingRate,
    MissingRateChange,
    UnseenShare,
}

/// Measures over the groups of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FairnessMeasure {
    EqualizedOdds,
    Gap,
    Ratio,
    Worst,
}

/// Measures over the members of an ensemble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EnsembleMeasure {
    Variance,
    Disagreement,
    AnyFlip,
    AurocRange,
}

const WORD: ParameterSpec = ParameterSpec {
    name: "",
    words: &[],
    range: None,
    whole: false,
    default_word: None,
    default_number: 0.0,
    only_over: None,
};
const TABLE: ParameterSpec =
    ParameterSpec { name: "table", words: &["deployment", "development"], default_word: Some("deployment"), ..WORD };
const THRESHOLD: ParameterSpec = ParameterSpec {
    name: "threshold",
    words: &["pilot"],
    range: Some((f64::NEG_INFINITY, f64::INFINITY)),
    default_word: Some("pilot"),
    ..WORD
};
const BINS: ParameterSpec =
    ParameterSpec { name: "bins", range: Some((2.0, 1000.0)), whole: true, default_number: 10.0, ..WORD };
const BINNING: ParameterSpec =
    ParameterSpec { name: "binning", words: &["equal_width", "equal_mass"], default_word: Some("equal_width"), ..WORD };
const DIRECTION: ParameterSpec = ParameterSpec {
    name: "direction",
    words: &["train_to_deploy", "deploy_to_train"],
    default_word: Some("train_to_deploy"),
    ..WORD
};
const STANDARDISED: ParameterSpec =
    ParameterSpec { name: "standardised", words: &["no", "yes"], default_word: Some("no"), ..WORD };
const OF_SCORE: ParameterSpec = ParameterSpec {
    name: "of",
    words: &["score"],
    default_word: Some("score"),
    only_over: Some(MetricIndex::Scalar),
    ..WORD
};
const FORM: ParameterSpec = ParameterSpec { name: "form", words: &["sum", "max"], default_word: Some("sum"), ..WORD };
const RATES: &[&str] =
    &["auroc", "sensitivity", "specificity", "fpr", "ppv", "npv", "alert_rate", "accuracy", "brier", "prevalence"];
const OF_AUROC: ParameterSpec = ParameterSpec { name: "of", words: RATES, default_word: Some("auroc"), ..WORD };
const OF_ALERTS: ParameterSpec = ParameterSpec { name: "of", words: RATES, default_word: Some("alert_rate"), ..WORD };

const PER_ROWS: &[MetricIndex] = &[MetricIndex::Scalar, MetricIndex::Subgroup];
const PER_FEATURE: &[MetricIndex] = &[MetricIndex::Feature, MetricIndex::Scalar];
const FEATURE_ONLY: &[MetricIndex] = &[MetricIndex::Feature];
const PER_ATTRIBUTE: &[MetricIndex] = &[MetricIndex::Attribute];
const SCALAR_ONLY: &[MetricIndex] = &[MetricIndex::Scalar];

macro_rules! registry {
    ($($name:literal $title:literal [$($parameter:expr),*] over $indices:ident,
        $kind:ident $low:expr, $high:expr, $direction:ident, $formula:literal, $source:literal, $measure:expr;)*) => {
        const REGISTRY: &[DefinitionSpec] = &[$(DefinitionSpec {
            name: $name,
            title: $title,
            parameters: &[$($parameter),*],
            indices: $indices,
            kind: ValueKind::$kind,
            low: $low,
            high: $high,
            direction: Direction::$direction,
            formula: $formula,
            source: $source,
            measure: $measure,
        },)*];
    };
}

const ZERO: Option<f64> = Some(0.0);
const ONE: Option<f64> = Some(1.0);
const MINUS_ONE: Option<f64> = Some(-1.0);

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
    // Shift from development to deployment.
    "kl" "Kullback-Leibler divergence, nats" [DIRECTION, OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "sum(p ln(p / q)), training deciles (lo, hi] or categories, 0.5 added to each count", "Kullback, Leibler 1951",
        Measure::Shift(ShiftMeasure::Kl);
    "js" "Jensen-Shannon distance, base 2" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "sqrt((KL2(p, m) + KL2(q, m)) / 2), m = (p + q) / 2, same bins, raw shares", "Lin 1991; Endres, Schindelin 2003",
        Measure::Shift(ShiftMeasure::Js);
    "psi" "population stability index" [OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "sum((q - p) ln(q / p)), training deciles (lo, hi] or categories, 0.5 added to each count", "Yurdakul, Naranjo 2020",
        Measure::Shift(ShiftMeasure::Psi);
    "total_variation" "total variation distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "sum(|p - q|) / 2, same bins, raw shares", "half the L1 distance", Measure::Shift(ShiftMeasure::TotalVariation);
    "ks" "Kolmogorov-Smirnov distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Lower,
        "max |F - G|", "Smirnov 1939", Measure::Shift(ShiftMeasure::Ks);
    "ks_p" "p value of the Kolmogorov-Smirnov distance" [OF_SCORE] over PER_FEATURE, Ratio ZERO, ONE, Higher,
        "P(D_N >= ks), N = round(n m / (n + m))", "scipy ks_2samp, asymptotic", Measure::Shift(ShiftMeasure::KsP);
    "wasserstein" "Wasserstein-1 distance" [STANDARDISED, OF_SCORE] over PER_FEATURE, Number ZERO, None, Lower,
        "integral |F - G|; divided by the training standard deviation when standardised", "scipy",
        Measure::Shift(ShiftMeasure::Wasserstein);
    "standardised_mean_difference" "standardised difference of means" [OF_SCORE] over PER_FEATURE, Number None, None, None,
        "(mean deploy - mean train) / sqrt((var train + var deploy) / 2)", "Cohen 1988",
        Measure::Shift(ShiftMeasure::MeanDifference);
    "dsi" "distribution shift index" [] over PER_FEATURE, Number ZERO, None, Lower,
        "W1 / sd of training (numeric), total variation (categorical); mean over features", "research notes, section 2.5",
        Measure::Shift(ShiftMeasure::Dsi);
    "dsi_max" "largest distribution shift index" [] over SCALAR_ONLY, Number ZERO, None, Lower,
        "max of dsi over features", "research notes, section 2.5", Measure::Shift(ShiftMeasure::DsiMax);
    "missing_rate" "share of missing values" [TABLE] over FEATURE_ONLY, Ratio ZERO, ONE, Lower,
        "missing / n", "count", Measure::Shift(ShiftMeasure::MissingRate);
    "missing_rate_change" "change of the share of missing values" [] over FEATURE_ONLY, Number MINUS_ONE, ONE, None,
        "missing rate of deployment - of development", "interval Newcombe 1998",
        Measure::Shift(ShiftMeasure::MissingRateChange);
    "unseen_category_share" "share of rows with a category not seen in development" [] over FEATURE_ONLY, Ratio ZERO, ONE, Lower,
        "rows of unseen categories / rows with a value", "count", Measure::Shift(ShiftMeasure::UnseenShare);
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
    // Ensembles.
    "underspecification_variance" "variance between equally good models" [TABLE] over SCALAR_ONLY, Number ZERO, None, Lower,
        "mean_i var_k(s_ik), ddof 0", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::Variance);
    "member_disagreement" "share of decisions that differ between two models" [TABLE, THRESHOLD] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "mean over pairs of members of the share of rows decided differently", "scipy pdist hamming",
        Measure::Ensemble(EnsembleMeasure::Disagreement);
    "member_any_flip" "share of rows on which not all models agree" [TABLE, THRESHOLD] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "rows with both decisions / n", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::AnyFlip);
    "member_auroc_range" "range of AUROC over models" [TABLE] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "max - min of auroc over members", "D'Amour et al. 2020", Measure::Ensemble(EnsembleMeasure::AurocRange);
}

/// Returns the registry, in its own order.
pub fn definitions() -> &'static [DefinitionSpec] {
    REGISTRY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_defaults_are_allowed() {
        for (position, spec) in definitions().iter().enumerate() {
            assert!(definitions().iter().skip(position + 1).all(|other| other.name != spec.name), "{}", spec.name);
            for parameter in spec.parameters {
                assert!(parameter.accepts(&parameter.default_value()), "{} {}", spec.name, parameter.name);
            }
            assert!(!spec.indices.is_empty());
        }
    }
}
