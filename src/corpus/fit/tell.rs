//! A fit for people: what was counted, what differs from the pack, and what stays judged and why.

use super::estimate::{LEAST_NAMED, LEAST_WITH_CAUSE, PRIOR_CASES};
use super::{Fit, FittedFigure, Method, Silence};
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Entry, Line, number};
use crate::model::KnowledgeBase;

/// Returns what cases say of every figure of a pack, beside what the pack says.
pub fn tell_fit(fit: &Fit, knowledge: &KnowledgeBase) -> Document {
    let mut document = Document::default();
    let pack = &knowledge.pack;
    document.heading(1, format!("What the coded cases say of {} {}", pack.id, pack.version));
    let counted = fit.figures.iter().filter(|figure| figure.estimate.is_ok()).count();
    let differing: Vec<&FittedFigure> = fit.differing().collect();
    document.paragraph(format!(
        "{}. {} can be counted, and {} judged, since the cases do not give them. {}",
        Count(fit.cases as usize, "case"),
        Count(counted, "figure"),
        match fit.figures.len() - counted {
            1 => "1 stays".to_owned(),
            others => format!("{others} stay"),
        },
        match differing.len() {
            0 => "The pack says what the cases say.".to_owned(),
            1 => "1 figure of the pack differs from the cases.".to_owned(),
            many => format!("{many} figures of the pack differ from the cases."),
        }
    ));
    differences(&differing, knowledge, &mut document);
    for (method, title, remark) in [
        (
            Method::Shown,
            "Factors for the mode that they are named for",
            "Cases whose source shows that the factor brought the mode, of those that name it for this mode.",
        ),
        (
            Method::Power,
            "Causes that are compared with cases without them",
            "How much more often the effect is there with the cause than without, as a share of where it could still come (causal \
             power).",
        ),
        (
            Method::Documented,
            "Base rates",
            "How often each mode is documented beside the others. How often deployments fail at all is judged.",
        ),
    ] {
        figures_of(fit, method, title, remark, knowledge, &mut document);
    }
    judged(fit, knowledge, &mut document);
    remarks(fit, &mut document);
    if !differing.is_empty() {
        document.next_steps(vec!["etio cases fit --pack FOLDER --write".to_owned()]);
    }
    document
}

fn differences(differing: &[&FittedFigure], knowledge: &KnowledgeBase, document: &mut Document) {
    if differing.is_empty() {
        return;
    }
    document.heading(2, "What differs");
    let column = |title, right| Column { title, right };
    let columns = vec![column("", false), column("pack", true), column("cases", true), column("moves", true)];
    let row = |figure: &&FittedFigure| {
        let moves = figure.value() - figure.in_pack;
        let moves = match (moves.abs() < 1e-9, moves < 0.0) {
            (true, _) => "counts".to_owned(),
            (false, true) => format!("−{}", figure.shown(-moves)),
            (false, false) => format!("+{}", figure.shown(moves)),
        };
        vec![
            Line::new().name(figure.of.shown(knowledge)),
            Line::from(figure.shown(figure.in_pack)),
            Line::from(figure.shown(figure.value())),
            Line::from(moves),
        ]
    };
    document.blocks.push(Block::Table { columns, rows: differing.iter().map(row).collect() });
}

fn figures_of(
    fit: &Fit,
    method: Method,
    title: &str,
    remark: &str,
    knowledge: &KnowledgeBase,
    document: &mut Document,
) {
    let mut found: Vec<_> = fit
        .figures
        .iter()
        .filter_map(|figure| Some((figure, figure.estimate.as_ref().ok()?)))
        .filter(|(_, estimate)| estimate.method == method)
        .collect();
    if found.is_empty() {
        return;
    }
    found.sort_by(|left, right| right.1.value.total_cmp(&left.1.value));
    document.heading(2, title);
    document.paragraph(Line::new().faint(remark));
    let column = |title, right| Column { title, right };
    let what = if method == Method::Documented { "base rate" } else { "strength" };
    let columns = vec![
        column("", false),
        column("cases", true),
        column(what, true),
        column("95 % interval", true),
        column("judged", true),
    ];
    let row = |(figure, estimate): &(&FittedFigure, &super::Estimate)| {
        let (low, high) = estimate.counted.interval;
        let others = estimate.counted.against.map(|others| format!(", {} of {} without", others.hits, others.of));
        let share = estimate.counted.share;
        vec![
            Line::new().name(figure.of.shown(knowledge)),
            Line::from(format!("{} of {}{}", share.hits, share.of, others.unwrap_or_default())),
            Line::from(figure.shown(estimate.value)),
            Line::from(format!("{}–{}", figure.shown(low), figure.shown(high))),
            Line::from(figure.shown(figure.judged)),
        ]
    };
    document.blocks.push(Block::Table { columns, rows: found.iter().map(row).collect() });
}

/// What stays judged, by reason.
fn judged(fit: &Fit, knowledge: &KnowledgeBase, document: &mut Document) {
    let silent = || fit.figures.iter().filter_map(|figure| Some((figure, figure.estimate.as_ref().err()?)));
    let mut entries = Vec::new();
    for (word, reason) in [
        ("published", "read in a cited source".to_owned()),
        ("not_coded", "no case is coded with one end of the link, or with the mode".to_owned()),
        ("named_too_seldom", format!("fewer than {LEAST_NAMED} cases name the factor for this mode")),
        ("too_few_to_compare", format!("fewer than {LEAST_WITH_CAUSE} cases have the cause, or lack it")),
        ("nothing_judged", "judged to have no base rate, so there is nothing to share".to_owned()),
    ] {
        let names: Vec<String> = silent()
            .filter(|(_, silence)| silence.word() == word)
            .map(|(figure, _)| format!("{} {}", figure.of.shown(knowledge), number(figure.judged)))
            .collect();
        if !names.is_empty() {
            let text = Line::new().plain(reason).faint(format!(", {}", Count(names.len(), "figure")));
            entries.push(Entry { mark: "-".to_owned(), text, details: vec![Line::from(names.join(", "))] });
        }
    }
    let unclear: Vec<Vec<Line>> =
        silent().filter_map(|(figure, silence)| unclear(figure, silence, knowledge)).collect();
    if entries.is_empty() && unclear.is_empty() {
        return;
    }
    document.heading(2, "What stays judged, and why");
    document.blocks.push(Block::Entries(entries));
    if unclear.is_empty() {
        return;
    }
    document.heading(2, "Links that the cases do not bear out");
    document.paragraph(Line::new().faint(
        "The effect is not clearly more frequent where the cause is. That does not refute the link, since only failures \
         are coded and each mode of a case was coded for itself: a case that already has one mode needs no second one to \
         be written about.",
    ));
    let column = |title, right| Column { title, right };
    let columns = vec![
        column("", false),
        column("with the cause", true),
        column("without", true),
        column("causal power", true),
        column("judged", true),
    ];
    document.blocks.push(Block::Table { columns, rows: unclear });
}

fn unclear(figure: &FittedFigure, silence: &Silence, knowledge: &KnowledgeBase) -> Option<Vec<Line>> {
    let Silence::NotBorneOut { with, without, value, interval } = silence else { return None };
    Some(vec![
        Line::new().name(figure.of.shown(knowledge)),
        Line::from(format!("{} of {}", with.hits, with.of)),
        Line::from(format!("{} of {}", without.hits, without.of)),
        Line::from(format!("{value:.2} ({:.2} to {:.2})", interval.0, interval.1)),
        Line::from(figure.shown(figure.judged)),
    ])
}

fn remarks(fit: &Fit, document: &mut Document) {
    document.heading(2, "How to read it");
    let remarks = [
        "a share of so many cases is smoothed after Jeffreys, (k + 0.5) / (n + 1); intervals are 95 %".to_owned(),
        "only failures are coded, so a factor looks stronger than it is; `suspected` is not `no`, so it looks weaker; \
         which of the two weighs more nobody knows"
            .to_owned(),
        format!(
            "base rates of the modes that cases have add up to {:.0} % as they were judged; their shares of it are \
             counted, with the judged shares as {PRIOR_CASES} cases more",
            fit.level * 100.0
        ),
    ];
    let entry = |text: String| Entry { mark: "-".to_owned(), text: Line::new().faint(text), details: Vec::new() };
    document.blocks.push(Block::Entries(remarks.into_iter().map(entry).collect()));
}
