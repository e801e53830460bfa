//! Interviews and surveys: what the people around a system say, and what they answer before and after.
//!
//! An interview comes in coded segments: who spoke (a role, never a name), of which phase, what was said in the
//! coder's own words, and which modes, factors or free themes that is. A survey has statements to agree with on a
//! stated scale, and answers by pseudonym. This room reads such files, refuses what could name a person, and counts;
//! it hears nothing between the lines.
//!
//! Start with [`read_material`].

mod answers;
mod from_yaml;
mod saturation;
mod survey_from_yaml;
mod table;
mod tell;
mod tell_survey;
mod themes;

pub use answers::{Answers, Change, QuestionStats, SurveyStats, survey_stats};
pub use from_yaml::{PHASES, ROLES, read_material};
pub use saturation::{BASE, RUN, Saturation, Step, THRESHOLD, saturation};
pub use table::{stats_csv, stats_json};
pub use tell::tell_stats;
pub use themes::{CodeCount, Share, Themes, Together, themes, together};

use crate::source::Spanned;
use std::collections::BTreeMap;

/// All that was read.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// Interviews in the order of their dates.
    pub interviews: Vec<Interview>,
    /// Free themes, by name, with what each means.
    pub themes: BTreeMap<String, Spanned<String>>,
    /// Surveys, by name.
    pub surveys: Vec<Survey>,
}

/// An interview.
#[derive(Clone, Debug)]
pub struct Interview {
    /// Its pseudonym.
    pub id: Spanned<String>,
    /// Who spoke, one of [`ROLES`].
    pub role: &'static str,
    /// The day, as year-month-day.
    pub date: String,
    /// What was said.
    pub segments: Vec<Segment>,
}

/// A part of an interview that speaks of one thing.
#[derive(Clone, Debug)]
pub struct Segment {
    /// What it speaks of in time, one of [`PHASES`].
    pub phase: &'static str,
    /// What was said, in the coder's own words.
    pub paraphrase: String,
    /// Modes, factors and themes, each once.
    pub codes: Vec<Spanned<String>>,
}

/// A survey.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Its name.
    pub name: Spanned<String>,
    /// Which answers there are.
    pub scale: Scale,
    /// What was asked.
    pub questions: Vec<SurveyQuestion>,
    /// Who answered.
    pub respondents: Vec<Respondent>,
}

/// Whole numbers from one end to the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// The least answer, and what it means.
    pub from: (i32, String),
    /// The greatest answer, and what it means.
    pub to: (i32, String),
}

impl Scale {
    /// Returns how many answers there are.
    pub fn levels(&self) -> usize {
        usize::try_from(self.to.0 - self.from.0).map_or(0, |steps| steps + 1)
    }
}

/// A question of a survey.
#[derive(Clone, Debug)]
pub struct SurveyQuestion {
    /// Its name.
    pub id: Spanned<String>,
    /// What was asked.
    pub text: String,
    /// Whether agreement means the opposite of what the other questions ask for.
    pub reversed: bool,
}

/// A respondent, with one answer for each question; none where it is missing.
#[derive(Clone, Debug)]
pub struct Respondent {
    /// A pseudonym.
    pub id: Spanned<String>,
    /// Before; none where nothing was asked.
    pub pre: Option<Vec<Option<i32>>>,
    /// After; none where nothing was asked.
    pub post: Option<Vec<Option<i32>>>,
}
