//! What was answered before and after, question by question and as a whole.

use super::{Respondent, Scale, Survey};
use crate::metrics::{Adjustment, Statistic, Undefined, adjusted, change_p, cronbachs_alpha, mean_change, median};

/// A survey in figures.
#[derive(Clone, Debug)]
pub struct SurveyStats {
    /// Its name.
    pub name: String,
    /// Its scale.
    pub scale: Scale,
    /// Who answered anything.
    pub respondents: usize,
    /// Of them, who answered anything before, and after.
    pub asked: [usize; 2],
    /// Each question, in the order asked.
    pub questions: Vec<QuestionStats>,
    /// The mean over all questions of those who answered each, with reversed questions turned.
    pub whole: QuestionStats,
    /// Cronbach's alpha before and after; none where nothing was asked then.
    pub consistency: [Option<Result<Statistic, Undefined>>; 2],
}

/// A question in figures.
#[derive(Clone, Debug)]
pub struct QuestionStats {
    /// Its name.
    pub id: String,
    /// What was asked.
    pub text: String,
    /// Whether agreement means the opposite.
    pub reversed: bool,
    /// Before; none where nothing was asked then.
    pub pre: Option<Answers>,
    /// After; none where nothing was asked then.
    pub post: Option<Answers>,
    /// From before to after; none where one of them was not asked.
    pub change: Option<Change>,
}

/// Answers at one time.
#[derive(Clone, Debug)]
pub struct Answers {
    /// How often each answer of the scale was given, from the least; empty for means over questions.
    pub counts: Vec<usize>,
    /// Answers.
    pub n: usize,
    /// Respondents who were asked at that time and did not answer.
    pub missing: usize,
    /// Their median.
    pub median: Option<f64>,
}

/// A change within respondents who answered before and after.
#[derive(Clone, Debug)]
pub struct Change {
    /// Respondents who went up, stayed and went down.
    pub up_same_down: [usize; 3],
    /// The mean change with Student's interval.
    pub mean: Result<Statistic, Undefined>,
    /// Two-sided p by Wilcoxon's signed ranks that ups and downs are alike; none where nobody changed.
    pub p: Option<f64>,
    /// The same, adjusted by Holm for the number of questions.
    pub p_adjusted: Option<f64>,
}

/// Returns a survey in figures.
pub fn survey_stats(survey: &Survey) -> SurveyStats {
    let mut questions: Vec<QuestionStats> =
        (0..survey.questions.len()).map(|place| of_question(survey, place)).collect();
    let tested: Vec<f64> = questions.iter().filter_map(|question| question.change.as_ref()?.p).collect();
    let mut held = adjusted(&tested, Adjustment::Holm).into_iter();
    for change in questions.iter_mut().filter_map(|question| question.change.as_mut()) {
        change.p_adjusted = change.p.and_then(|_| held.next());
    }
    let consistency = [Respondent::pre, Respondent::post].map(|when| {
        let rows: Vec<Vec<f64>> = survey.respondents.iter().filter_map(|one| turned(when(one)?, survey)).collect();
        is_asked(survey, when).then(|| cronbachs_alpha(&rows, survey.scale.levels()))
    });
    SurveyStats {
        name: survey.name.value.clone(),
        scale: survey.scale.clone(),
        respondents: survey.respondents.len(),
        asked: [Respondent::pre, Respondent::post]
            .map(|when: When| survey.respondents.iter().filter(|one| when(one).is_some()).count()),
        whole: of_whole(survey),
        questions,
        consistency,
    }
}

/// What a respondent answered at one time.
type When = fn(&Respondent) -> Option<&[Option<i32>]>;

impl Respondent {
    fn pre(&self) -> Option<&[Option<i32>]> {
        self.pre.as_deref()
    }

    fn post(&self) -> Option<&[Option<i32>]> {
        self.post.as_deref()
    }
}

fn is_asked(survey: &Survey, when: When) -> bool {
    survey.respondents.iter().any(|one| when(one).is_some())
}

/// Returns all answers from 1, with reversed questions turned; none where one is missing.
fn turned(answers: &[Option<i32>], survey: &Survey) -> Option<Vec<f64>> {
    let Scale { from: (least, _), to: (most, _) } = &survey.scale;
    let turn = |(answer, reversed): (&Option<i32>, bool)| {
        answer.map(|answer| f64::from(if reversed { most - answer } else { answer - least } + 1))
    };
    answers.iter().zip(survey.questions.iter().map(|question| question.reversed)).map(turn).collect()
}

fn of_question(survey: &Survey, place: usize) -> QuestionStats {
    let answer =
        |one: &Respondent, when: When| when(one).and_then(|all| all.get(place).copied().flatten()).map(f64::from);
    let (id, text, reversed) = survey
        .questions
        .get(place)
        .map(|question| (question.id.value.clone(), question.text.clone(), question.reversed))
        .unwrap_or_default();
    let at = |when: When| {
        let mut answers = answers(survey, when, &|one| answer(one, when), &|value| value)?;
        let given = |level: i32| {
            survey
                .respondents
                .iter()
                .filter(move |one| when(one).and_then(|all| all.get(place).copied().flatten()) == Some(level))
        };
        answers.counts = (survey.scale.from.0..=survey.scale.to.0).map(|level| given(level).count()).collect();
        Some(answers)
    };
    let (pre, post) = (at(Respondent::pre), at(Respondent::post));
    let change = change(survey, &answer, 1.0);
    QuestionStats { id, text, reversed, pre, post, change }
}

/// A mean over questions is a sum until the end, so that equal changes are equal to the last bit.
fn of_whole(survey: &Survey) -> QuestionStats {
    let questions = survey.questions.len() as f64;
    let least = f64::from(survey.scale.from.0);
    let sum = |one: &Respondent, when: When| Some(turned(when(one)?, survey)?.iter().sum::<f64>());
    let at = |when: When| answers(survey, when, &|one| sum(one, when), &|sum| sum / questions - 1.0 + least);
    QuestionStats {
        id: "all".to_owned(),
        text: "mean of all questions".to_owned(),
        reversed: false,
        pre: at(Respondent::pre),
        post: at(Respondent::post),
        change: change(survey, &sum, questions),
    }
}

/// Counts answers at one time; none where nobody was asked. `of_median` makes an answer of a median.
fn answers(
    survey: &Survey,
    when: When,
    answer: &dyn Fn(&Respondent) -> Option<f64>,
    of_median: &dyn Fn(f64) -> f64,
) -> Option<Answers> {
    let asked = survey.respondents.iter().filter(|one| when(one).is_some());
    let given: Vec<f64> = asked.clone().filter_map(answer).collect();
    let (n, missing) = (given.len(), asked.count() - given.len());
    let median = median(&given).map(of_median);
    is_asked(survey, when).then_some(Answers { counts: Vec::new(), n, missing, median })
}

/// Returns the change within respondents, each `divisor` times what it is in points of the scale; none where before
/// or after was not asked.
fn change(survey: &Survey, answer: &dyn Fn(&Respondent, When) -> Option<f64>, divisor: f64) -> Option<Change> {
    if !is_asked(survey, Respondent::pre) || !is_asked(survey, Respondent::post) {
        return None;
    }
    let both = |one: &Respondent| Some(answer(one, Respondent::post)? - answer(one, Respondent::pre)?);
    let mut changes: Vec<f64> = survey.respondents.iter().filter_map(both).collect();
    // No sum depends on the order of respondents.
    changes.sort_unstable_by(f64::total_cmp);
    let count = |is: fn(f64) -> bool| changes.iter().filter(|change| is(**change)).count();
    Some(Change {
        up_same_down: [count(|change| change > 0.0), count(|change| change.abs() <= 0.0), count(|change| change < 0.0)],
        mean: mean_change(&changes.iter().map(|change| change / divisor).collect::<Vec<_>>()),
        p: change_p(&changes),
        p_adjusted: None,
    })
}
