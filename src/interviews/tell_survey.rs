//! Surveys for people.

use super::answers::{Answers, Change, QuestionStats, SurveyStats};
use super::tell::remarks;
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Line};
use crate::metrics::{Statistic, Undefined};

/// Adds what a survey shows.
pub(super) fn tell_survey(stats: &SurveyStats, document: &mut Document) {
    let respondents = Count(stats.respondents, "respondent");
    document.heading(1, format!("Survey {}: {respondents}", stats.name));
    let (from, to) = (&stats.scale.from, &stats.scale.to);
    let when = ["before", "after"].iter().zip(stats.asked).map(|(when, asked)| format!("{asked} {when}"));
    document.paragraph(format!("Who answered: {}.", when.collect::<Vec<_>>().join(", ")));
    document.paragraph(format!("Answers from {} ({}) to {} ({}).", from.0, from.1, to.0, to.1));
    given(stats, document);
    if stats.whole.change.is_some() {
        changes(stats, document);
    }
    consistency(stats, document);
}

fn column(title: &'static str, right: bool) -> Column {
    Column { title, right }
}

fn given(stats: &SurveyStats, document: &mut Document) {
    document.heading(2, "What was answered");
    let columns = vec![
        column("", false),
        column("", false),
        column("answered", true),
        column("missing", true),
        column("median", true),
        column("answers from the least to the greatest", false),
    ];
    let mut rows = Vec::new();
    for question in stats.questions.iter().chain([&stats.whole]) {
        for (when, answers) in [("before", &question.pre), ("after", &question.post)] {
            let Some(answers) = answers else { continue };
            rows.push(row(question, when, answers));
        }
    }
    document.blocks.push(Block::Table { columns, rows });
    let asked = stats.questions.iter().map(|question| {
        let reversed = if question.reversed { " (reversed: turned for the mean of all)" } else { "" };
        format!("{}: {}{reversed}", question.id, question.text)
    });
    remarks(document, asked);
}

fn row(question: &QuestionStats, when: &str, answers: &Answers) -> Vec<Line> {
    let counts: Vec<String> = answers.counts.iter().map(usize::to_string).collect();
    vec![
        Line::new().name(question.id.as_str()),
        Line::from(when),
        Line::from(answers.n.to_string()),
        Line::from(answers.missing.to_string()),
        Line::from(answers.median.map_or_else(|| "–".to_owned(), |median| format!("{median:.1}"))),
        Line::from(counts.join(" · ")),
    ]
}

fn changes(stats: &SurveyStats, document: &mut Document) {
    document.heading(2, "What changed within respondents");
    let columns = vec![
        column("", false),
        column("both", true),
        column("up", true),
        column("same", true),
        column("down", true),
        column("mean change (95 %)", true),
        column("p", true),
        column("p, of all questions", true),
    ];
    let rows = stats.questions.iter().chain([&stats.whole]).filter_map(|question| {
        let Change { up_same_down, mean, p, p_adjusted } = question.change.as_ref()?;
        let mut row =
            vec![Line::new().name(question.id.as_str()), Line::from(up_same_down.iter().sum::<usize>().to_string())];
        row.extend(up_same_down.iter().map(|count| Line::from(count.to_string())));
        row.extend([figure(mean, true), probability(*p), probability(*p_adjusted)]);
        Some(row)
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    remarks(
        document,
        [
            "p: how often ups and downs would differ this much if nothing had changed (Wilcoxon's signed ranks, \
             approximate below some ten respondents); of all questions: the same, adjusted by Holm for their number"
                .to_owned(),
            "a change over time has other possible causes than the system; a survey without a comparison group \
             cannot tell them apart"
                .to_owned(),
        ],
    );
}

fn consistency(stats: &SurveyStats, document: &mut Document) {
    document.heading(2, "Do the questions ask for one thing?");
    for (when, alpha) in ["before", "after"].iter().zip(&stats.consistency) {
        let Some(alpha) = alpha else { continue };
        document.paragraph(match alpha {
            Ok(found) => {
                let who = Count(found.n as usize, "respondent");
                format!("Cronbach's alpha {when}: {}, {who} with every answer.", figure(alpha, false).text())
            }
            Err(reason) => format!("Cronbach's alpha {when}: no figure, since {reason}."),
        });
    }
}

fn figure(found: &Result<Statistic, Undefined>, signed: bool) -> Line {
    let shown = |value: f64| if signed { format!("{value:+.2}") } else { format!("{value:.2}") };
    let Ok(found) = found else { return Line::from("–") };
    match &found.interval {
        Some(ends) => Line::from(format!("{} ({} to {})", shown(found.value), shown(ends.low), shown(ends.high))),
        None => Line::from(shown(found.value)),
    }
}

fn probability(p: Option<f64>) -> Line {
    match p {
        None => Line::from("–"),
        Some(p) if p < 0.001 => Line::from("below 0.001"),
        Some(p) => Line::from(format!("{p:.3}")),
    }
}
