//! The registry: every metric that can be asked for. Adding one begins in the file of its family.

/// Each entry: name, title, parameters, indices, kind, range, direction, formula, source, measure; then,
/// after an arrow, what the reference page adds: uncertainty, when undefined, who defines it otherwise.
macro_rules! registry {
    ($($name:literal $title:literal [$($parameter:expr),*] over $indices:ident,
        $kind:ident $low:expr, $high:expr, $direction:ident, $formula:literal, $source:literal, $measure:expr
        $(=> $uncertainty:literal, $undefined:literal, $otherwise:literal)?;)*) => {
        pub(super) const DEFINITIONS: &[super::DefinitionSpec] = &[$(super::DefinitionSpec {
            name: $name,
            title: $title,
            parameters: &[$($parameter),*],
            indices: $indices,
            kind: super::ValueKind::$kind,
            low: $low,
            high: $high,
            direction: super::Direction::$direction,
            formula: $formula,
            source: $source,
            uncertainty: concat!($($uncertainty)?),
            undefined_when: concat!($($undefined)?),
            otherwise: concat!($($otherwise)?),
            measure: $measure,
        },)*];
    };
}

mod calibration;
mod comparison;
mod drift;
mod ensemble;
mod estimate;
mod explanation;
mod fairness;
mod kernel;
mod multiclass;
mod of_rows;
mod parameter;
mod ratings;
mod shift;
mod survey;
mod threshold_effect;
mod workflow;

use super::ParamValue;
use std::sync::LazyLock;

pub use parameter::ParameterSpec;

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
    /// One for each period, such as `2026-03`.
    Period,
}

impl MetricIndex {
    /// Returns the word used in packs.
    pub fn as_str(self) -> &'static str {
        match self {
            MetricIndex::Scalar => "scalar",
            MetricIndex::Attribute => "attribute",
            MetricIndex::Subgroup => "subgroup",
            MetricIndex::Feature => "feature",
            MetricIndex::Period => "period",
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
    /// Its interval and its noise floor, or why it has none; empty where the source says it.
    pub uncertainty: &'static str,
    /// When it has no value.
    pub undefined_when: &'static str,
    /// Who gives the name another meaning; empty where nobody is known to.
    pub otherwise: &'static str,
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
    Ratings(RatingMeasure),
    Survey(SurveyMeasure),
    Workflow(WorkflowMeasure),
    Explanation(ExplanationMeasure),
    Estimate(EstimateMeasure),
    Multiclass(MulticlassMeasure),
    Paired(PairedMeasure),
    SubgroupTest,
    Kernel(KernelMeasure),
    Drift(DriftMeasure),
    Threshold(ThresholdMeasure),
}

/// Measures of one set of rows, such as a table or a subgroup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowMeasure {
    Rows,
    Events,
    Prevalence,
    Auroc,
    Auprc,
    Youden,
    TruePositives,
    FalsePositives,
    FalseNegatives,
    TrueNegatives,
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
    PositiveLikelihoodRatio,
    NegativeLikelihoodRatio,
    NetBenefit,
    Brier,
    BrierScaled,
    BrierPart(BrierPart),
    LogLoss,
    Ece,
    EceDebiased,
    Mce,
    Slope,
    InTheLarge,
    ObservedExpected,
    LabelIssues,
}

/// A part of the Brier score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BrierPart {
    Reliability,
    Resolution,
    Uncertainty,
    WithinVariance,
    WithinCovariance,
}

/// Measures that compare the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShiftMeasure {
    Kl,
    Js,
    Psi,
    TotalVariation,
    LargestDifference,
    Ks,
    KsP,
    Wasserstein,
    MeanDifference,
    Dsi,
    DsiMax,
    DriftedShare,
    MissingRate,
    MissingRateChange,
    UnseenShare,
    ChiSquareP,
    WelchP,
    MannWhitneyP,
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
    AurocMean,
    AurocSd,
    MeanAuroc,
    SdMean,
    RangeP95,
    GapRange,
}

/// Measures of a table of ratings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RatingMeasure {
    Score,
    Alpha,
    Cohen,
    Fleiss,
    Intraclass,
    Agreement,
}

/// Measures of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SurveyMeasure {
    Sus,
    TrustChange,
    TrustChangeP,
}

/// Measures of a table of workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkflowMeasure {
    Disruption,
    DisruptionP90,
    AlertBurden,
    OverrideRate,
}

/// Measures of a table of explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExplanationMeasure {
    Error,
    R2,
    Agreement,
    Stability,
    TopK,
}

/// Measures of a table of estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EstimateMeasure {
    Mae,
    Rmse,
    R2,
    Coverage,
}

/// Measures over more than two classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MulticlassMeasure {
    Accuracy,
    Kappa,
    AurocOvr,
    AurocOvo,
    F1,
    Brier,
    LogLoss,
    EceTopLabel,
    LabelIssues,
    EceClasswise,
}

/// Measures of two models on the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PairedMeasure {
    Auroc,
    AurocP,
    Brier,
    BrierP,
    McNemar,
}

/// Measures of all numeric features together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KernelMeasure {
    Mmd,
    MmdP,
    Bandwidth,
}

/// Measures of change over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DriftMeasure {
    Cusum,
    Ewma,
    PageHinkley,
    Adwin,
    Ddm,
}

/// Measures of the strongest cut along a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThresholdMeasure {
    Effect,
    Cut,
    P,
}

const PER_ROWS: &[MetricIndex] = &[MetricIndex::Scalar, MetricIndex::Subgroup, MetricIndex::Period];
const PER_FEATURE: &[MetricIndex] = &[MetricIndex::Feature, MetricIndex::Scalar];
const FEATURE_ONLY: &[MetricIndex] = &[MetricIndex::Feature];
const PER_ATTRIBUTE: &[MetricIndex] = &[MetricIndex::Attribute];
const SUBGROUP_ONLY: &[MetricIndex] = &[MetricIndex::Subgroup];
const PER_SUBGROUP: &[MetricIndex] = &[MetricIndex::Scalar, MetricIndex::Subgroup];
const SCALAR_ONLY: &[MetricIndex] = &[MetricIndex::Scalar];

const ZERO: Option<f64> = Some(0.0);
const ONE: Option<f64> = Some(1.0);
const MINUS_ONE: Option<f64> = Some(-1.0);

/// Returns the registry, in its own order.
pub fn definitions() -> &'static [DefinitionSpec] {
    static ALL: LazyLock<Vec<DefinitionSpec>> = LazyLock::new(|| {
        let families = [
            of_rows::DEFINITIONS,
            calibration::DEFINITIONS,
            shift::DEFINITIONS,
            kernel::DEFINITIONS,
            drift::DEFINITIONS,
            fairness::DEFINITIONS,
            threshold_effect::DEFINITIONS,
            ensemble::DEFINITIONS,
            comparison::DEFINITIONS,
            ratings::DEFINITIONS,
            survey::DEFINITIONS,
            workflow::DEFINITIONS,
            explanation::DEFINITIONS,
            estimate::DEFINITIONS,
            multiclass::DEFINITIONS,
        ];
        families.concat()
    });
    &ALL
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
