//! What the outside supplies: metrics, metadata, answers; their types and index sets.

use super::{About, IndexId, Named};
use crate::source::{Span, Spanned};

/// The type of an input or expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A share or probability, 0..=1.
    Ratio,
    /// A real number, with a unit or without.
    Number {
        /// The unit, one word.
        unit: Option<String>,
    },
    /// A whole number of things.
    Count,
    /// A rating from `low` to `high`; `likert` is 1..5.
    Score {
        /// Lowest rating.
        low: i32,
        /// Highest rating.
        high: i32,
    },
    /// Yes or no.
    YesNo,
    /// One of these options.
    OneOf(Vec<String>),
    /// Any of these options.
    ManyOf(Vec<String>),
    /// A calendar date.
    Date,
    /// A length of time, held in days; a month is 30.4375 days, a year 365.25.
    Duration,
    /// Free text.
    Text,
}

impl Type {
    /// Returns the range that a value of the type can lie in, as numbers (see
    /// [`Value::as_number`](super::Value::as_number)); infinite where the type has no bound, none
    /// for text and sets.
    pub fn range(&self) -> Option<(f64, f64)> {
        match self {
            Type::Ratio | Type::YesNo => Some((0.0, 1.0)),
            Type::Number { .. } | Type::Date => Some((f64::NEG_INFINITY, f64::INFINITY)),
            Type::Count | Type::Duration => Some((0.0, f64::INFINITY)),
            Type::Score { low, high } => Some((f64::from(*low), f64::from(*high))),
            Type::OneOf(options) => Some((0.0, options.len().saturating_sub(1) as f64)),
            Type::ManyOf(_) | Type::Text => None,
        }
    }
}

impl Type {
    /// Returns how many days a unit of time has: `hours`, `days`, `weeks`, `months` or `years`.
    pub fn days_in(unit: &str) -> Option<f64> {
        match unit {
            "hour" | "hours" => Some(1.0 / 24.0),
            "day" | "days" => Some(1.0),
            "week" | "weeks" => Some(7.0),
            "month" | "months" => Some(30.4375),
            "year" | "years" => Some(365.25),
            _ => None,
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Type::Ratio => out.write_str("ratio"),
            Type::Number { unit: None } => out.write_str("number"),
            Type::Number { unit: Some(unit) } => write!(out, "number of {unit}"),
            Type::Count => out.write_str("count"),
            Type::Score { low: 1, high: 5 } => out.write_str("likert"),
            Type::Score { low, high } => write!(out, "score {low}..{high}"),
            Type::YesNo => out.write_str("yes_no"),
            Type::OneOf(options) => write!(out, "one of {}", options.join(", ")),
            Type::ManyOf(options) => write!(out, "many of {}", options.join(", ")),
            Type::Date => out.write_str("date"),
            Type::Duration => out.write_str("duration"),
            Type::Text => out.write_str("text"),
        }
    }
}

/// Which way a value is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Such as an error.
    LowerIsBetter,
    /// Such as an AUROC.
    HigherIsBetter,
}

/// A declared index set, such as `subgroup`, or an entity, such as `system`.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The set that each member belongs to a member of (`subgroup within attribute`).
    pub within: Option<IndexId>,
    /// Whether it is an `entity`, whose members the manifest lists.
    pub is_entity: bool,
    /// Where it is declared.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

/// A set that variables range over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexRef {
    /// A declared set; its members come with the facts.
    Declared(IndexId),
    /// All failure modes.
    Modes,
    /// All causal factors.
    Factors,
    /// All mitigations.
    Mitigations,
}

/// How an input is supplied.
#[derive(Clone, Debug)]
pub enum InputKind {
    /// Computed from pilot tables by the definition, or given as a figure where there is none.
    Metric {
        /// `= ece(bins 15)`.
        definition: Option<DefinitionCall>,
    },
    /// Given in `deployment.yaml`.
    Metadata,
    /// Asked of a person.
    Question {
        /// Whom to ask.
        ask: Option<String>,
        /// When.
        phase: Option<String>,
    },
}

/// A metric's definition as the pack writes it; the session holds it against the metric registry.
#[derive(Clone, Debug)]
pub struct DefinitionCall {
    /// Name of the definition, such as `ece`.
    pub name: Spanned<String>,
    /// Parameters in the order written.
    pub parameters: Vec<(Spanned<String>, Spanned<ParameterValue>)>,
}

/// A parameter of a definition.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// A number, with `%` already divided out.
    Number(f64),
    /// A word such as `equal_mass`.
    Word(String),
}

/// A metric, metadata input or question.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name, such as `calibration.ece`.
    pub id: String,
    /// Its title, or the question's wording.
    pub title: String,
    /// How it is supplied.
    pub kind: InputKind,
    /// The sets it is indexed by; empty for a single figure.
    pub indexes: Vec<IndexId>,
    /// The type of its value.
    pub value_type: Type,
    /// Which way is better, where one is.
    pub direction: Option<Direction>,
    /// Where it is declared.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

impl Input {
    /// Tells whether it is computed from pilot tables, or a figure that could be: what alone has noise.
    pub fn is_metric(&self) -> bool {
        matches!(self.kind, InputKind::Metric { .. })
    }
}

impl Named for Index {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Named for Input {
    fn name(&self) -> &str {
        &self.id
    }
}
