//! The parameters that definitions take, each written once.

use super::{MetricIndex, ParamValue};

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

const WORD: ParameterSpec = ParameterSpec {
    name: "",
    words: &[],
    range: None,
    whole: false,
    default_word: None,
    default_number: 0.0,
    only_over: None,
};
pub(super) const TABLE: ParameterSpec =
    ParameterSpec { name: "table", words: &["deployment", "development"], default_word: Some("deployment"), ..WORD };
pub(super) const THRESHOLD: ParameterSpec = ParameterSpec {
    name: "threshold",
    words: &["pilot"],
    range: Some((f64::NEG_INFINITY, f64::INFINITY)),
    default_word: Some("pilot"),
    ..WORD
};
pub(super) const BINS: ParameterSpec =
    ParameterSpec { name: "bins", range: Some((2.0, 1000.0)), whole: true, default_number: 10.0, ..WORD };
pub(super) const BINNING: ParameterSpec =
    ParameterSpec { name: "binning", words: &["equal_width", "equal_mass"], default_word: Some("equal_width"), ..WORD };
pub(super) const DEBIASED: ParameterSpec =
    ParameterSpec { name: "form", words: &["l1", "l2_squared"], default_word: Some("l1"), ..WORD };
pub(super) const BRIER_FORM: ParameterSpec =
    ParameterSpec { name: "form", words: &["binned", "distinct", "corp"], default_word: Some("binned"), ..WORD };
pub(super) const CLIP: ParameterSpec =
    ParameterSpec { name: "clip", words: &["none"], range: Some((1e-15, 0.1)), default_word: Some("none"), ..WORD };
pub(super) const INTERVAL: ParameterSpec =
    ParameterSpec { name: "interval", words: &["delong", "logit", "bootstrap"], default_word: Some("delong"), ..WORD };
pub(super) const ISSUES: ParameterSpec =
    ParameterSpec { name: "form", words: &["rows", "joint"], default_word: Some("rows"), ..WORD };
pub(super) const OF_TESTED: ParameterSpec = ParameterSpec {
    name: "of",
    words: &["auroc", "sensitivity", "specificity", "brier"],
    default_word: Some("auroc"),
    ..WORD
};
pub(super) const ADJUST: ParameterSpec = ParameterSpec {
    name: "adjust",
    words: &["holm", "bonferroni", "bh", "by", "none"],
    default_word: Some("holm"),
    ..WORD
};
pub(super) const DIRECTION: ParameterSpec = ParameterSpec {
    name: "direction",
    words: &["train_to_deploy", "deploy_to_train"],
    default_word: Some("train_to_deploy"),
    ..WORD
};
pub(super) const STANDARDISED: ParameterSpec =
    ParameterSpec { name: "standardised", words: &["no", "yes"], default_word: Some("no"), ..WORD };
pub(super) const OF_SCORE: ParameterSpec = ParameterSpec {
    name: "of",
    words: &["score"],
    default_word: Some("score"),
    only_over: Some(MetricIndex::Scalar),
    ..WORD
};
pub(super) const FORM: ParameterSpec =
    ParameterSpec { name: "form", words: &["sum", "max"], default_word: Some("sum"), ..WORD };
pub(super) const RATES: &[&str] =
    &["auroc", "sensitivity", "specificity", "fpr", "ppv", "npv", "alert_rate", "accuracy", "brier", "prevalence"];
pub(super) const OF_AUROC: ParameterSpec =
    ParameterSpec { name: "of", words: RATES, default_word: Some("auroc"), ..WORD };
pub(super) const OF_ALERTS: ParameterSpec =
    ParameterSpec { name: "of", words: RATES, default_word: Some("alert_rate"), ..WORD };
