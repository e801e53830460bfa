//! Companion tables: what stands beside the pilot tables, such as ratings or a survey.
//!
//! Each kind has its own columns, and all are declared, read and refused in one way. They are small and are
//! kept whole. Start with [`CompanionSpec`]; `read.rs` makes a [`Companion`] of it.

mod read;

use super::column::Wanted;
use super::spec::{TableRole, TableSpec};
use crate::source::{Span, Spanned};

pub(crate) use read::{Companion, read};

/// One companion table as the manifest declares it.
#[derive(Clone, Debug)]
pub struct CompanionSpec {
    /// Which it is; never one of the pilot's two.
    pub role: TableRole,
    /// Its file, and which rows of it.
    pub table: TableSpec,
    /// Its columns. Those that take a pattern may name many, the others name one.
    pub columns: Vec<(ColumnUse, Vec<Spanned<String>>)>,
    /// The figure that counts as 1 where a column is put on a scale from 0 to 1.
    pub worst: Vec<(ColumnUse, Spanned<f64>)>,
}

impl CompanionSpec {
    /// Returns the names and patterns given for a use.
    pub fn named(&self, wanted: ColumnUse) -> &[Spanned<String>] {
        self.columns.iter().find(|(found, _)| *found == wanted).map_or(&[], |(_, names)| names)
    }

    /// Returns the figure of a use that counts as 1.
    pub fn worst(&self, wanted: ColumnUse) -> Option<f64> {
        self.worst.iter().find(|(found, _)| *found == wanted).map(|(_, worst)| worst.value)
    }

    /// Returns where the manifest names the columns of a use first.
    fn span(&self, wanted: ColumnUse) -> Option<Span> {
        self.named(wanted).first().map(|name| name.span)
    }
}

/// What a column of a companion table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnUse {
    /// One column for each rater, one row for each item.
    Raters,
    /// What was rated, where one row is one rating.
    Item,
    /// Who rated it.
    Rater,
    /// The rating, 1 to 5.
    Rating,
    /// The ten answers of the System Usability Scale, 1 to 5.
    Answers,
    /// Trust before use.
    Before,
    /// Trust after use, on the same scale.
    After,
    /// Time that a task took.
    Time,
    /// Interruptions, extra steps or errors in it.
    Interruptions,
    /// How dissatisfied the user was with it.
    SatisfactionLoss,
    /// Alerts that the row counts.
    Alerts,
    /// Patients that the row counts.
    Patients,
    /// Days of one clinician that the row counts.
    ClinicianDays,
    /// Of the alerts, those that were overridden.
    Overridden,
    /// The model's output.
    Model,
    /// The explanation's output for the same row.
    Surrogate,
    /// Attributions of a first run, one column for each feature.
    First,
    /// Attributions of a second run, in the same order.
    Second,
    /// A quantity that came about.
    Outcome,
    /// What the system foretold of it.
    Estimate,
    /// The lower end of the interval that the system gave.
    Low,
    /// Its upper end.
    High,
}

/// The numbers that a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    Any,
    /// A whole number from 1 to 5.
    OneToFive,
    NotNegative,
    /// A whole number, 0 or more.
    Count,
    ZeroToOne,
}

impl Allowed {
    pub fn accepts(self, value: f64) -> bool {
        match self {
            Allowed::Any => true,
            Allowed::OneToFive => (1.0..=5.0).contains(&value) && value.fract().abs() <= 0.0,
            Allowed::NotNegative => value >= 0.0,
            Allowed::Count => value >= 0.0 && value < 2f64.powi(53) && value.fract() <= 0.0,
            Allowed::ZeroToOne => (0.0..=1.0).contains(&value),
        }
    }

    /// Returns the words: `a whole number from 1 to 5`.
    pub fn words(self) -> &'static str {
        match self {
            Allowed::Any => "a number",
            Allowed::OneToFive => "a whole number from 1 to 5",
            Allowed::NotNegative => "0 or more",
            Allowed::Count => "a whole number, 0 or more",
            Allowed::ZeroToOne => "a number from 0 to 1",
        }
    }
}

impl ColumnUse {
    /// Returns the key of the manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            ColumnUse::Raters => "raters",
            ColumnUse::Item => "item",
            ColumnUse::Rater => "rater",
            ColumnUse::Rating => "rating",
            ColumnUse::Answers => "answers",
            ColumnUse::Before => "trust_before",
            ColumnUse::After => "trust_after",
            ColumnUse::Time => "time",
            ColumnUse::Interruptions => "interruptions",
            ColumnUse::SatisfactionLoss => "satisfaction_loss",
            ColumnUse::Alerts => "alerts",
            ColumnUse::Patients => "patients",
            ColumnUse::ClinicianDays => "clinician_days",
            ColumnUse::Overridden => "overridden",
            ColumnUse::Model => "model",
            ColumnUse::Surrogate => "surrogate",
            ColumnUse::First => "first_run",
            ColumnUse::Second => "second_run",
            ColumnUse::Outcome => "outcome",
            ColumnUse::Estimate => "estimate",
            ColumnUse::Low => "low",
            ColumnUse::High => "high",
        }
    }

    /// Tells whether it takes many columns and patterns.
    pub fn is_many(self) -> bool {
        matches!(self, ColumnUse::Raters | ColumnUse::Answers | ColumnUse::First | ColumnUse::Second)
    }

    /// Tells whether it can be put on a scale from 0 to 1 by its worst figure.
    pub fn has_worst(self) -> bool {
        matches!(self, ColumnUse::Time | ColumnUse::Interruptions | ColumnUse::SatisfactionLoss)
    }

    fn wanted(self) -> Wanted {
        match self {
            ColumnUse::Item | ColumnUse::Rater => Wanted::Category,
            _ => Wanted::Number,
        }
    }

    fn allowed(self, spec: &CompanionSpec) -> Allowed {
        match self {
            ColumnUse::Raters | ColumnUse::Rating | ColumnUse::Answers => Allowed::OneToFive,
            ColumnUse::Alerts | ColumnUse::Patients | ColumnUse::Overridden => Allowed::Count,
            ColumnUse::ClinicianDays => Allowed::NotNegative,
            _ if self.has_worst() && spec.worst(self).is_some() => Allowed::NotNegative,
            _ if self.has_worst() => Allowed::ZeroToOne,
            _ => Allowed::Any,
        }
    }

    /// Tells whether a row without it says nothing, and may only be left out where the manifest says so.
    fn is_needed(self) -> bool {
        matches!(self, ColumnUse::Item | ColumnUse::Rater | ColumnUse::Answers)
    }
}

/// Returns the columns that a companion table may have, in groups of which each stands whole or not at all.
/// Of a table of ratings, one group stands; of the others, one or more.
pub fn column_groups(role: TableRole) -> &'static [&'static [ColumnUse]] {
    match role {
        TableRole::Development | TableRole::Deployment => &[],
        TableRole::Ratings => &[&[ColumnUse::Raters], &[ColumnUse::Item, ColumnUse::Rater, ColumnUse::Rating]],
        TableRole::Survey => &[&[ColumnUse::Answers], &[ColumnUse::Before, ColumnUse::After]],
        TableRole::Workflow => &[
            &[ColumnUse::Time, ColumnUse::Interruptions, ColumnUse::SatisfactionLoss],
            &[ColumnUse::Alerts],
            &[ColumnUse::Patients],
            &[ColumnUse::ClinicianDays],
            &[ColumnUse::Overridden],
        ],
        TableRole::Explanations => &[&[ColumnUse::Model, ColumnUse::Surrogate], &[ColumnUse::First, ColumnUse::Second]],
        TableRole::Estimates => &[&[ColumnUse::Outcome, ColumnUse::Estimate], &[ColumnUse::Low, ColumnUse::High]],
    }
}
