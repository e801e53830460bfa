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
pub(super) const RESAMPLED: ParameterSpec =
    ParameterSpec { name: "interval", words: &["none", "bootstrap"], default_word: Some("none"), ..WORD };
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
pub(super) const TEST: ParameterSpec =
    ParameterSpec { name: "test", words: &["t", "wilcoxon"], default_word: Some("t"), ..WORD };
pub(super) const DIRECTION: ParameterSpec = ParameterSpec {
    name: "direction",
    words: &["train_to_deploy", "deploy_to_train"],
    default_word: Some("train_to_deploy"),
    ..WORD
};
pub(super) const SMOOTHING: ParameterSpec =
    ParameterSpec { name: "smoothing", words: &["half", "none"], default_word: Some("half"), ..WORD };
pub(super) const JS_FORM: ParameterSpec =
    ParameterSpec { name: "form", words: &["distance", "divergence"], default_word: Some("distance"), ..WORD };
pub(super) const STANDARDISED: ParameterSpec =
    ParameterSpec { name: "standardised", words: &["no", "yes"], default_word: Some("no"), ..WORD };
pub(super) const STANDARDISED_FIRST: ParameterSpec = ParameterSpec { default_word: Some("yes"), ..STANDARDISED };
pub(super) const ESTIMATOR: ParameterSpec = ParameterSpec {
    name: "estimator",
    words: &["unbiased", "biased", "linear"],
    default_word: Some("unbiased"),
    ..WORD
};
pub(super) const BANDWIDTH: ParameterSpec = ParameterSpec {
    name: "bandwidth",
    words: &["median"],
    range: Some((1e-9, 1e9)),
    default_word: Some("median"),
    ..WORD
};
pub(super) const ROWS: ParameterSpec =
    ParameterSpec { name: "rows", range: Some((2.0, 20_000.0)), whole: true, default_number: 5000.0, ..WORD };
pub(super) const PERMUTATIONS: ParameterSpec =
    ParameterSpec { name: "permutations", range: Some((19.0, 9999.0)), whole: true, default_number: 100.0, ..WORD };
pub(super) const MANY_PERMUTATIONS: ParameterSpec = ParameterSpec { default_number: 199.0, ..PERMUTATIONS };
pub(super) const CUTS: ParameterSpec =
    ParameterSpec { name: "cuts", range: Some((2.0, 200.0)), whole: true, default_number: 20.0, ..WORD };
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
pub(super) const LEVEL: ParameterSpec =
    ParameterSpec { name: "level", words: &["ordinal", "nominal", "interval"], default_word: Some("ordinal"), ..WORD };
pub(super) const WEIGHTS: ParameterSpec =
    ParameterSpec { name: "weights", words: &["quadratic", "linear", "none"], default_word: Some("quadratic"), ..WORD };
pub(super) const ICC_FORM: ParameterSpec = ParameterSpec {
    name: "form",
    words: &["icc_a1", "icc_c1", "icc1", "icc_ak", "icc_ck", "icc1_k"],
    default_word: Some("icc_a1"),
    ..WORD
};
pub(super) const OF_TIME: ParameterSpec = weight("alpha", 0.5);
pub(super) const OF_INTERRUPTIONS: ParameterSpec = weight("beta", 0.3);
pub(super) const OF_DISSATISFACTION: ParameterSpec = weight("gamma", 0.2);
pub(super) const PER: ParameterSpec =
    ParameterSpec { name: "per", words: &["patients", "clinician_day"], default_word: Some("patients"), ..WORD };
pub(super) const RANK: ParameterSpec =
    ParameterSpec { name: "rank", words: &["spearman", "kendall"], default_word: Some("spearman"), ..WORD };
pub(super) const TOP: ParameterSpec =
    ParameterSpec { name: "k", range: Some((1.0, 1000.0)), whole: true, default_number: 3.0, ..WORD };
pub(super) const OF_ERROR: ParameterSpec = ParameterSpec {
    name: "of",
    words: &["error", "alert_rate", "prevalence", "brier"],
    default_word: Some("error"),
    only_over: Some(MetricIndex::Scalar),
    ..WORD
};
pub(super) const SIDE: ParameterSpec =
    ParameterSpec { name: "side", words: &["both", "up", "down"], default_word: Some("both"), ..WORD };
pub(super) const K: ParameterSpec = ParameterSpec { name: "k", range: Some((0.0, 10.0)), default_number: 0.5, ..WORD };
pub(super) const WEIGHT: ParameterSpec =
    ParameterSpec { name: "weight", range: Some((0.01, 1.0)), default_number: 0.2, ..WORD };
pub(super) const LIMIT: ParameterSpec = ParameterSpec {
    name: "limit",
    words: &["calibrated"],
    range: Some((0.01, 1000.0)),
    default_word: Some("calibrated"),
    ..WORD
};
pub(super) const FALSE_ALARM: ParameterSpec =
    ParameterSpec { name: "false_alarm", range: Some((0.005, 0.5)), default_number: 0.05, ..WORD };
pub(super) const BASELINE: ParameterSpec = ParameterSpec {
    name: "baseline",
    words: &["development"],
    range: Some((1.0, 1e9)),
    whole: true,
    default_word: Some("development"),
    ..WORD
};
pub(super) const POINTS: ParameterSpec =
    ParameterSpec { name: "points", words: &["period", "row"], default_word: Some("period"), ..WORD };
pub(super) const BATCH: ParameterSpec = ParameterSpec {
    name: "batch",
    words: &["as_named", "day", "week", "month"],
    default_word: Some("as_named"),
    ..WORD
};
pub(super) const ORDER: ParameterSpec =
    ParameterSpec { name: "order", words: &["period", "file"], default_word: Some("period"), ..WORD };
pub(super) const SHOWS: ParameterSpec = ParameterSpec {
    name: "shows",
    words: &["ratio", "first_alarm", "last_alarm", "alarms", "last"],
    default_word: Some("ratio"),
    ..WORD
};
pub(super) const SHOWS_WINDOW: ParameterSpec =
    ParameterSpec { words: &["ratio", "first_alarm", "last_alarm", "alarms", "last", "width", "mean"], ..SHOWS };
pub(super) const SHOWS_WARNING: ParameterSpec =
    ParameterSpec { words: &["ratio", "first_alarm", "last_alarm", "alarms", "first_warning"], ..SHOWS };
pub(super) const DELTA: ParameterSpec =
    ParameterSpec { name: "delta", range: Some((0.0, 1e9)), default_number: 0.005, ..WORD };
pub(super) const LAMBDA: ParameterSpec =
    ParameterSpec { name: "lambda", range: Some((1e-6, 1e9)), default_number: 50.0, ..WORD };
pub(super) const ALPHA: ParameterSpec =
    ParameterSpec { name: "alpha", range: Some((0.0, 1.0)), default_number: 0.9999, ..WORD };
pub(super) const WARM_UP: ParameterSpec =
    ParameterSpec { name: "warm_up", range: Some((1.0, 1e9)), whole: true, default_number: 30.0, ..WORD };
pub(super) const CONFIDENCE: ParameterSpec =
    ParameterSpec { name: "delta", range: Some((1e-9, 0.5)), default_number: 0.002, ..WORD };

const fn weight(name: &'static str, default_number: f64) -> ParameterSpec {
    ParameterSpec { name, range: Some((0.0, 1.0)), default_number, ..WORD }
}
