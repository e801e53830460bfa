//! Interviews for people.

use super::saturation::{BASE, RUN, Saturation, THRESHOLD, saturation};
use super::tell_survey::tell_survey;
use super::themes::{CodeCount, Share, Themes, Together, themes, together};
use super::{Material, survey_stats};
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Entry, Line};
use crate::model::KnowledgeBase;

/// Pairs of codes that are shown; the others are in the machine formats.
const PAIRS: usize = 10;

/// Returns what interviews and surveys show.
pub fn tell_stats(material: &Material, knowledge: &KnowledgeBase) -> Document {
    let mut document = Document::default();
    if !material.interviews.is_empty() {
        let themes = themes(material, knowledge);
        tell_themes(material, &themes, &mut document);
        tell_together(&together(material), &mut document);
        tell_saturation(&saturation(material), &mut document);
    }
    for survey in &material.surveys {
        tell_survey(&survey_stats(survey), &mut document);
    }
    document
}

fn left(title: &'static str) -> Column {
    Column { title, right: false }
}

fn right(title: &'static str) -> Column {
    Column { title, right: true }
}

/// Adds remarks below a table.
pub(super) fn remarks(document: &mut Document, remarks: impl IntoIterator<Item = String>) {
    let entry = |text: String| Entry { mark: "-".to_owned(), text: Line::new().faint(text), details: Vec::new() };
    document.blocks.push(Block::Entries(remarks.into_iter().map(entry).collect()));
}

fn tell_themes(material: &Material, themes: &Themes, document: &mut Document) {
    let interviews = Count(material.interviews.len(), "interview");
    document.heading(1, format!("{interviews}, {}", Count(themes.segments, "segment")));
    let listed = |counts: &[(&str, usize)]| {
        counts.iter().map(|(name, count)| format!("{} {count}", in_words(name))).collect::<Vec<_>>().join(", ")
    };
    document.paragraph(format!("Interviews by role: {}.", listed(&themes.roles)));
    document.paragraph(format!("Segments by phase: {}.", listed(&themes.phases)));
    if themes.uncoded > 0 {
        document.paragraph(format!("{} without a code.", Count(themes.uncoded, "segment")));
    }
    document.heading(2, "What was spoken of, and by whom");
    let columns =
        vec![left(""), right("interviews"), right("share (95 %)"), right("segments"), left("interviews by role")];
    let row = |code: &CodeCount| {
        let Share { hits, of, interval } = &code.interviews;
        let ends = interval.as_ref().map(|ends| format!(" ({:.0} to {:.0})", ends.low * 100.0, ends.high * 100.0));
        let roles = code.by_role.iter().filter(|(_, share)| share.hits > 0);
        let roles: Vec<String> =
            roles.map(|(role, share)| format!("{} {}/{}", in_words(role), share.hits, share.of)).collect();
        vec![
            Line::new().name(code.code.as_str()),
            Line::from(format!("{hits} of {of}")),
            Line::from(format!("{}{}", percent(*hits as f64 / *of as f64), ends.unwrap_or_default())),
            Line::from(code.segments.to_string()),
            Line::from(roles.join(", ")),
        ]
    };
    document.blocks.push(Block::Table { columns, rows: themes.codes.iter().map(row).collect() });
    let alone = themes.roles.iter().filter(|(_, count)| *count == 1).map(|(role, _)| in_words(role));
    let alone: Vec<String> = alone.collect();
    let known = (!alone.is_empty()).then(|| {
        format!("one interview alone: {}; whoever knows the house may know the person by the role", alone.join(", "))
    });
    let shares = "shares count interviews, since one person who says a thing often is one person; in brackets \
                  Wilson's interval: few interviews say little about how many people would agree";
    remarks(document, [shares.to_owned()].into_iter().chain(known));
}

fn tell_together(pairs: &[Together], document: &mut Document) {
    if pairs.is_empty() {
        return;
    }
    document.heading(2, "What was spoken of together");
    let columns = vec![left(""), left(""), right("both"), right("either"), right("Jaccard")];
    let row = |pair: &Together| {
        vec![
            Line::new().name(pair.codes.0.as_str()),
            Line::new().name(pair.codes.1.as_str()),
            Line::from(pair.both.to_string()),
            Line::from(pair.either.to_string()),
            Line::from(format!("{:.2}", pair.jaccard())),
        ]
    };
    document.blocks.push(Block::Table { columns, rows: pairs.iter().take(PAIRS).map(row).collect() });
    let more = pairs.len().checked_sub(PAIRS).filter(|more| *more > 0);
    let more = more.map(|more| format!("{} more in `--format json` and `csv`", Count(more, "pair")));
    let what = "segments with both, and with either of the two; Jaccard is the one over the other; that two things are said together does not mean \
                that one brings the other";
    remarks(document, [what.to_owned()].into_iter().chain(more));
}

fn tell_saturation(saturation: &Saturation, document: &mut Document) {
    document.heading(2, "Does another interview still bring something new?");
    let columns = vec![right(""), left("interview"), left("day"), right("new"), right("in all"), left("what was new")];
    let row = |(place, step): (usize, &super::Step)| {
        vec![
            Line::from((place + 1).to_string()),
            Line::from(step.interview.as_str()),
            Line::from(step.date.as_str()),
            Line::from(step.new.len().to_string()),
            Line::from(step.total.to_string()),
            Line::new().faint(step.new.join(", ")),
        ]
    };
    document.blocks.push(Block::Table { columns, rows: saturation.steps.iter().enumerate().map(row).collect() });
    let last = saturation.runs.last().map(|(_, share)| percent(*share)).unwrap_or_default();
    document.paragraph(match &saturation.reached {
        Ok(Some(at)) => format!("Saturation was reached with interview {at}."),
        Ok(None) => format!("Saturation was not reached: the last {RUN} interviews still brought {last} new codes."),
        Err(reason) => format!("Saturation is undecided: {reason}."),
    });
    remarks(
        document,
        [format!(
            "rule of Guest, Namey and Chen (2020): reached where {RUN} interviews in a row bring at most {} new \
             codes, held against those of the first {BASE}",
            percent(THRESHOLD)
        )],
    );
}

/// Codes such as `before_go_live` read better as words.
pub(super) fn in_words(code: &str) -> String {
    code.replace('_', " ")
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
