//! The file of a survey: which keys there are, and of what kind each is.

use super::from_yaml::{refuse_names, stated_twice};
use super::{Respondent, Scale, Survey, SurveyQuestion};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, or_nearest};
use crate::facts::{Block, Node, Yaml, wrong_kind};
use crate::source::Spanned;

/// The longest scale that anybody answers on.
const MOST_LEVELS: usize = 11;

/// Reads a survey and adds it to those that were read.
///
/// # Errors
/// `D302` to `D307` and `D331`, put into `problems`.
pub(super) fn read_survey(tree: &Node, surveys: &mut Vec<Survey>, problems: &mut Diagnostics) {
    let Some(top) = Block::new(tree, "a survey", &["survey", "scale", "questions", "answers"], problems) else {
        return;
    };
    for (key, example) in [
        ("scale", "scale: {from: 1, from_means: disagree, to: 5, to_means: agree}"),
        ("questions", "questions: [{question: trust, text: I would rely on the score at night}]"),
        ("answers", "answers: [{respondent: r01, pre: {trust: 3}, post: {trust: 4}}]"),
    ] {
        top.require(key, example, problems);
    }
    let scale = scale(&top, problems);
    let mut questions: Vec<SurveyQuestion> = Vec::new();
    for found in top.each("questions", &["question", "text", "reversed"], question, problems) {
        match questions.iter().find(|other| other.id.value == found.id.value) {
            Some(first) => problems.push(stated_twice("question", &first.id, &found.id)),
            None => questions.push(found),
        }
    }
    if let Some(node) = top.get("questions").filter(|_| questions.is_empty()) {
        problems.push(
            Diagnostic::new(Code::D304, "a survey needs a question")
                .with_label(node.span, "there is none here that can be read")
                .with_help("add one such as `{question: trust, text: I would rely on the score at night}`"),
        );
    }
    let Some(scale) = scale else { return };
    let read = |block: &Block<'_>, problems: &mut Diagnostics| respondent(block, &questions, &scale, problems);
    let mut respondents: Vec<Respondent> = Vec::new();
    for found in top.each("answers", &["respondent", "pre", "post"], read, problems) {
        match respondents.iter().find(|other| other.id.value == found.id.value) {
            Some(first) => problems.push(stated_twice("respondent", &first.id, &found.id)),
            None => respondents.push(found),
        }
    }
    let Some(name) = top.text("survey", problems) else { return };
    match surveys.iter().find(|other| other.name.value == name.value) {
        Some(first) => problems.push(stated_twice("survey", &first.name, &name)),
        None => surveys.push(Survey { name, scale, questions, respondents }),
    }
}

fn scale(top: &Block<'_>, problems: &mut Diagnostics) -> Option<Scale> {
    let node = top.get("scale")?;
    let block = Block::new(node, "scale", &["from", "from_means", "to", "to_means"], problems)?;
    for (key, example) in
        [("from", "from: 1"), ("from_means", "from_means: disagree"), ("to", "to: 5"), ("to_means", "to_means: agree")]
    {
        block.require(key, example, problems);
    }
    let mut end = |key: &str, means: &str| {
        let number = block.number(key, problems)?;
        let meaning = block.text(means, problems)?.value;
        whole(&number).map(|number| (number, meaning))
    };
    let (from, to) = (end("from", "from_means"), end("to", "to_means"));
    let scale = Scale { from: from?, to: to? };
    if (2..=MOST_LEVELS).contains(&scale.levels()) {
        return Some(scale);
    }
    problems.push(
        Diagnostic::new(Code::D306, format!("a scale cannot go from {} to {}", scale.from.0, scale.to.0))
            .with_label(node.span, "this scale")
            .with_help(format!("a scale goes up, in 2 to {MOST_LEVELS} steps, such as from 1 to 5")),
    );
    None
}

fn whole(number: &Spanned<f64>) -> Option<i32> {
    (number.value.fract() == 0.0 && number.value.abs() < 1000.0).then_some(number.value as i32)
}

fn question(block: &Block<'_>, problems: &mut Diagnostics) -> Option<SurveyQuestion> {
    block.require("question", "question: trust", problems);
    block.require("text", "text: I would rely on the score at night", problems);
    let reversed = block.choice("reversed", &["true", "false"], problems);
    let text = block.text("text", problems)?;
    refuse_names(&text, problems);
    Some(SurveyQuestion { id: block.text("question", problems)?, text: text.value, reversed: reversed == Some(0) })
}

fn respondent(
    block: &Block<'_>,
    questions: &[SurveyQuestion],
    scale: &Scale,
    problems: &mut Diagnostics,
) -> Option<Respondent> {
    block.require("respondent", "respondent: r01", problems);
    let id = block.text("respondent", problems)?;
    refuse_names(&id, problems);
    let mut answers = |key: &str| {
        block.get(key)?;
        Some(given(block.entries(key, problems), questions, scale, problems))
    };
    let (pre, post) = (answers("pre"), answers("post"));
    if pre.is_none() && post.is_none() {
        problems.push(
            Diagnostic::new(Code::D304, format!("the respondent `{}` answered nothing", id.value))
                .with_label(id.span, "neither `pre` nor `post` stands here")
                .with_help("leave the respondent out; a single answer that is missing can be left out as well"),
        );
    }
    Some(Respondent { id, pre, post })
}

/// Returns one answer for each question; what is not there, or empty, is missing.
fn given(
    entries: Vec<(Spanned<String>, Node)>,
    questions: &[SurveyQuestion],
    scale: &Scale,
    problems: &mut Diagnostics,
) -> Vec<Option<i32>> {
    let mut answers = vec![None; questions.len()];
    for (name, node) in entries {
        let place = questions.iter().position(|question| question.id.value == name.value);
        let Some(answer) = place.and_then(|place| answers.get_mut(place)) else {
            let known = questions.iter().map(|question| question.id.value.as_str());
            problems.push(
                Diagnostic::new(Code::D306, format!("`{}` is no question of this survey", name.value))
                    .with_label(name.span, "this name")
                    .with_help(or_nearest(&name.value, known, || "every question stands under `questions`".to_owned())),
            );
            continue;
        };
        match node.value {
            Yaml::Null => {}
            Yaml::Number(value) => match whole(&Spanned::new(value, node.span)) {
                Some(value) if (scale.from.0..=scale.to.0).contains(&value) => *answer = Some(value),
                _ => problems.push(
                    Diagnostic::new(Code::D306, format!("an answer cannot be `{value}`"))
                        .with_label(node.span, "this answer")
                        .with_help(format!(
                            "the scale has the whole numbers from {} ({}) to {} ({}); leave out what was not answered",
                            scale.from.0, scale.from.1, scale.to.0, scale.to.1
                        )),
                ),
            },
            ref other => problems.push(wrong_kind(node.span, "an answer must be a number of the scale", other)),
        }
    }
    answers
}
