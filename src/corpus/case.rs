//! A documented case, as it is written in its file.

use crate::source::{Span, Spanned};

/// A documented failure, or a documented gap between what was promised and what was found.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, which is also that of its file: system, place, year.
    pub id: Spanned<String>,
    /// One line.
    pub title: String,
    /// Clinical domain, one of [`super::from_yaml::DOMAINS`].
    pub domain: &'static str,
    /// Specialty, in words.
    pub specialty: Option<String>,
    /// Year of the evidence.
    pub year: u16,
    /// Countries; empty where the source names none.
    pub countries: Vec<String>,
    /// Place, in words.
    pub place: Option<String>,
    /// How many sites.
    pub sites: Option<u64>,
    /// How many patients.
    pub patients: Option<u64>,
    /// What was used.
    pub system: System,
    /// What it decides, and for whom.
    pub purpose: Option<String>,
    /// Kind of evidence, one of [`super::from_yaml::EVIDENCE`].
    pub evidence: &'static str,
    /// Failure modes, the main one first.
    pub modes: Vec<Coding>,
    /// Figures, as they were read.
    pub figures: Vec<Figure>,
    /// Figures of groups of patients beside each other.
    pub groups: Vec<GroupGap>,
    /// The organisation around it.
    pub organisation: Option<String>,
    /// What it did, or could have done, to patients.
    pub consequence: Option<String>,
    /// How it came to light.
    pub noticed: Option<String>,
    /// Months from deployment until then.
    pub noticed_after_months: Option<f64>,
    /// What became of it.
    pub outcome: Option<String>,
    /// What was done, or proposed.
    pub remedies: Vec<Remedy>,
    /// Where it can be read; at least one with an address.
    pub sources: Vec<Reference>,
    /// How sure the coding is: `high` where figures were read in a primary source, else `medium` or `low`.
    pub confidence: &'static str,
    /// The whole file.
    pub span: Span,
}

/// The system of a case.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// Its name.
    pub name: Option<String>,
    /// Who made it.
    pub developer: Option<String>,
    /// `proprietary`, `research` or `open`.
    pub kind: Option<&'static str>,
    /// What it is built as.
    pub architecture: Option<String>,
    /// What it learned from.
    pub training_data: Option<String>,
}

/// A failure mode that a case shows, with its causal factors.
#[derive(Clone, Debug)]
pub struct Coding {
    /// The category that a record puts before the mode; none in a file of one case, where the pack says it.
    pub category: Option<String>,
    /// The mode.
    pub mode: Spanned<String>,
    /// Its factors, and whether the source confirms each or only suspects it.
    pub factors: Vec<(Spanned<String>, bool)>,
}

/// When a figure is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Promised, or measured in development.
    Before,
    /// Measured where it was used or tested.
    After,
    /// Said beside it.
    Context,
}

impl Stage {
    /// The words of the file, in the order of the variants.
    pub const WORDS: [&'static str; 3] = ["before", "after", "context"];

    /// Returns the word of the file.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Before => "before",
            Stage::After => "after",
            Stage::Context => "context",
        }
    }
}

/// A figure, as it was read. Shares are written from 0 to 1.
#[derive(Clone, Debug)]
pub struct Figure {
    /// When it is from.
    pub stage: Stage,
    /// What was measured.
    pub metric: String,
    /// The value, or the least of a range.
    pub value: f64,
    /// The most of a range.
    pub to: Option<f64>,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Its standard deviation.
    pub sd: Option<f64>,
    /// Its unit, where it has one.
    pub unit: Option<String>,
    /// Where or on whom.
    pub place: Option<String>,
    /// Which of the sources it was read in, from 1.
    pub source: Option<u64>,
}

/// One metric for several groups of patients.
#[derive(Clone, Debug)]
pub struct GroupGap {
    /// What was measured.
    pub metric: String,
    /// What tells the groups apart.
    pub attribute: String,
    /// Each group and its value.
    pub values: Vec<(String, f64)>,
}

/// What was done, or proposed.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// What.
    pub what: String,
    /// What it did, where that is known.
    pub effect: Option<String>,
    /// Whether the source reports it; otherwise it is a proposal of those who coded the case.
    pub reported: bool,
}

/// Where a case can be read.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Authors, place and year.
    pub cite: String,
    /// Its identifier.
    pub doi: Option<String>,
    /// Its address, where there is no identifier.
    pub url: Option<String>,
    /// What was read of it: `full_text`, `abstract` or `secondary`.
    pub read: &'static str,
}

impl Case {
    /// Returns the codes of its factors, each once, in the order written.
    pub fn factors(&self) -> Vec<&str> {
        let mut factors: Vec<&str> = Vec::new();
        for (factor, _) in self.modes.iter().flat_map(|coding| &coding.factors) {
            if !factors.contains(&factor.value.as_str()) {
                factors.push(&factor.value);
            }
        }
        factors
    }
}
