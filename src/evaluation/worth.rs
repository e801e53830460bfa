//! What people who work with it say: how useful it is, and whether they trust it, from surveys.

use crate::interviews::{QuestionStats, Respondent, Survey, survey_stats};
use crate::metrics::{Statistic, Undefined, mean_change};

/// The scale on which use is usually asked for.
const USUAL: (i32, i32) = (1, 10);

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// How useful it is.
    Utility,
    /// Whether it is trusted.
    Trust,
}

impl Asked {
    /// Returns the name in machine formats, which is also what a question or survey has in its name.
    pub fn name(self) -> &'static str {
        match self {
            Asked::Utility => "utility",
            Asked::Trust => "trust",
        }
    }
}

/// What was answered to a question about use or trust.
#[derive(Clone, Debug)]
pub struct Worth {
    /// What was asked.
    pub asked: Asked,
    /// The survey.
    pub survey: String,
    /// The question, or `all` for the mean of all questions of the survey.
    pub question: String,
    /// The scale, from and to.
    pub scale: (i32, i32),
    /// The mean before with Student's interval; none where nothing was asked then.
    pub before: Option<Result<Statistic, Undefined>>,
    /// The same after.
    pub after: Option<Result<Statistic, Undefined>>,
    /// The mean change of those who answered before and after.
    pub change: Option<Result<Statistic, Undefined>>,
    /// Two-sided p that ups and downs are alike.
    pub p: Option<f64>,
}

/// Returns what surveys say of use and trust. A question is about one of them if it is named so (`utility`,
/// `trust_at_night`), or about use if it has a scale from 1 to 10 and no other name of the two; a survey that is named so
/// is about it as a whole.
pub fn worth(surveys: &[Survey]) -> Vec<Worth> {
    let mut found = Vec::new();
    for survey in surveys {
        let stats = survey_stats(survey);
        let usual = (survey.scale.from.0, survey.scale.to.0) == USUAL;
        for (place, question) in stats.questions.iter().enumerate() {
            if let Some(asked) = named(&question.id).or(usual.then_some(Asked::Utility)) {
                let one = |answers: &[Option<f64>]| answers.get(place).copied().flatten();
                found.push(of(asked, survey, question, &one));
            }
        }
        if let Some(asked) = named(&survey.name.value) {
            let mean = |answers: &[Option<f64>]| {
                let all = answers.iter().copied().collect::<Option<Vec<f64>>>()?;
                Some(all.iter().sum::<f64>() / all.len() as f64)
            };
            found.push(of(asked, survey, &stats.whole, &mean));
        }
    }
    found
}

fn named(name: &str) -> Option<Asked> {
    let words: Vec<&str> = name.split(['_', '-', '.']).collect();
    [Asked::Utility, Asked::Trust].into_iter().find(|asked| words.contains(&asked.name()))
}

/// Returns what was answered; `figure` makes one figure of all answers of a respondent at one time. A question by itself
/// is told as it was asked; in the mean of all, reversed ones are turned.
fn of(
    asked: Asked,
    survey: &Survey,
    question: &QuestionStats,
    figure: &dyn Fn(&[Option<f64>]) -> Option<f64>,
) -> Worth {
    let scale = (survey.scale.from.0, survey.scale.to.0);
    let whole = !survey.questions.iter().any(|asked| asked.id.value == question.id);
    let mean = |when: fn(&Respondent) -> Option<&Vec<Option<i32>>>| {
        let answers = survey.respondents.iter().filter_map(when).filter_map(|answers| {
            let turned = answers.iter().zip(&survey.questions).map(|(answer, question)| {
                let turn = whole && question.reversed;
                answer.map(|answer| f64::from(if turn { scale.0 + scale.1 - answer } else { answer }))
            });
            figure(&turned.collect::<Vec<_>>())
        });
        let mut answers: Vec<f64> = answers.collect();
        // No sum depends on the order of respondents.
        answers.sort_unstable_by(f64::total_cmp);
        (!answers.is_empty()).then(|| mean_change(&answers))
    };
    let change = question.change.as_ref();
    Worth {
        asked,
        survey: survey.name.value.clone(),
        question: question.id.clone(),
        scale,
        before: mean(|one| one.pre.as_ref()),
        after: mean(|one| one.post.as_ref()),
        change: change.map(|change| change.mean.clone()),
        p: change.and_then(|change| change.p),
    }
}
