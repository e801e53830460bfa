//! The test protocol for people.

use crate::diagnostic::Count;
use crate::explanation::{Block, Case, Document, Entry, Holding, Line, Tone, with_digits};
use crate::model::{Basis, NodeId};
use crate::plan::{Chance, Must, Plan, Rows, Trial};
use crate::risk::Quantity as _;

/// Requirements of one test that are told in full.
const TOLD: usize = 4;
/// Modes that are named in one line.
const NAMED: usize = 3;

/// Adds which tests to make, by whom, and what must hold.
pub(super) fn tell(case: Case<'_>, plan: &Plan, all: bool, document: &mut Document) {
    let goal = &plan.goal;
    document.heading(2, "Test protocol");
    let band = &case.knowledge.bands[goal.band];
    if plan.modes.is_empty() {
        document.paragraph(format!(
            "No risk reaches {}, and nothing unknown could bring one there, so the risks ask for no test.",
            band.title
        ));
        return;
    }
    document.paragraph(format!(
        "For the {} whose risk reaches {} ({} or more), or may, given what is unknown; the gravest first. What must hold is \
         the reverse of the pack's rules: where it does not, they count it against the tool.",
        Count(plan.modes.len(), "failure mode"),
        band.title,
        with_digits(band.from, 0),
    ));
    let (done, open): (Vec<&Trial>, Vec<&Trial>) =
        plan.trials.iter().partition(|trial| trial.state() == Holding::Holds);
    let in_full = |trial: &Trial| all || trial.modes.iter().any(|mode| reaches(case, *mode, band.from));
    let entries = open.iter().enumerate().map(|(place, trial)| {
        let mark = format!("{}.", place + 1);
        if in_full(trial) { entry(case, mark, trial) } else { in_short(case, mark, trial) }
    });
    let entries: Vec<Entry> = entries.collect();
    let short = open.iter().any(|trial| !in_full(trial));
    if entries.is_empty() {
        document.paragraph("Nothing is left to test: what the pack asks for was done, and it holds.");
    } else {
        document.blocks.push(Block::Entries(entries));
    }
    if short {
        document.paragraph("Told in short: tests for risks that only may reach it. `--all` tells every test in full.");
    }
    if !done.is_empty() {
        document.paragraph("Done, and all of it holds:");
        let done =
            done.iter().map(|trial| Entry { mark: "✓".into(), text: heading(case, trial), details: Vec::new() });
        document.blocks.push(Block::Entries(done.collect()));
    }
}

fn heading(case: Case<'_>, trial: &Trial) -> Line {
    match trial.test.map(|test| &case.knowledge.stress_tests[test]) {
        Some(test) => {
            let who = test.ask.as_ref().map_or(String::new(), |who| format!(" — by {}", in_words(who)));
            Line::new().strong(test.title.clone()).plain(format!("{who}  ")).name(test.id.clone())
        }
        None => {
            let title = trial.modes.first().map_or("", |mode| case.node_title(*mode));
            Line::new().strong("In the pilot's figures").plain(format!(" — for \"{title}\""))
        }
    }
}

/// Tells whether a mode's risk, as it is estimated, is this or more.
fn reaches(case: Case<'_>, mode: NodeId, from: f64) -> bool {
    case.assessment.risk(mode).is_some_and(|risk| risk.risk.estimate().get() >= from)
}

/// Returns a test in one line, with how many of its requirements hold.
fn in_short(case: Case<'_>, mark: String, trial: &Trial) -> Entry {
    let with = |state: Holding| trial.musts.iter().filter(|must| must.held.state == state).count();
    let counts = [(Holding::Broken, "fail"), (Holding::Open, "open"), (Holding::Holds, "hold")];
    let counts: Vec<String> = counts
        .into_iter()
        .filter_map(|(state, word)| Some(with(state)).filter(|n| *n > 0).map(|n| format!("{n} {word}")))
        .collect();
    let modes: Vec<&str> = trial.modes.iter().take(NAMED).map(|mode| case.node_title(*mode)).collect();
    let details = vec![Line::new().faint("for: ").plain(modes.join("; ")).faint(format!("; {}", counts.join(", ")))];
    Entry { mark, text: heading(case, trial), details }
}

/// Returns a word of a pack as people write it.
pub(super) fn in_words(word: &str) -> String {
    word.replace('_', " ")
}

fn entry(case: Case<'_>, mark: String, trial: &Trial) -> Entry {
    let mut details = Vec::new();
    let test = trial.test.map(|test| &case.knowledge.stress_tests[test]);
    if let Some(test) = test {
        let named = trial.modes.iter().take(NAMED).map(|mode| match case.assessment.risk(*mode) {
            Some(risk) => format!(
                "{} ({}, at most {})",
                case.node_title(*mode),
                with_digits(risk.risk.estimate().get(), 1),
                with_digits(risk.risk.high().get(), 1)
            ),
            None => case.node_title(*mode).to_owned(),
        });
        let named: Vec<String> = named.collect();
        let more = trial.modes.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        details.push(Line::new().faint("for: ").plain(named.join("; ") + &more));
        details
            .extend(test.about.because.iter().map(|because| Line::new().faint("why: ").plain(because.value.clone())));
        details.extend(test.needs.iter().map(|needs| Line::new().faint("needs: ").plain(needs.clone())));
    }
    for must in trial.musts.iter().take(TOLD) {
        details.extend(requirement(must));
    }
    if trial.musts.len() > TOLD {
        details.push(Line::new().faint(format!("and {} more", trial.musts.len() - TOLD)));
    }
    if let Some(test) = test {
        if trial.musts.is_empty() {
            details.push(
                Line::new()
                    .with(Tone::Warn, "must hold: ")
                    .plain("no rule of the pack reads the result, so agree on it before the test"),
            );
        }
        let sources: Vec<String> = test.about.cites.iter().map(|cite| case.citation(cite.value)).collect();
        let judged = test.about.basis == Some(Basis::Judgement);
        match (sources.is_empty(), judged) {
            (true, _) => details.push(Line::new().faint("source: ").plain("the authors' judgement")),
            (false, true) => details.push(Line::new().faint("judged from: ").plain(sources.join("; "))),
            (false, false) => details.push(Line::new().faint("source: ").plain(sources.join("; "))),
        }
    }
    Entry { mark, text: heading(case, trial), details }
}

/// Returns what must hold, and what it takes to tell.
fn requirement(must: &Must) -> Vec<Line> {
    let held = &must.held;
    let (tone, mark) = match held.state {
        Holding::Broken => (Tone::Bad, "✗ must hold: "),
        Holding::Open => (Tone::Warn, "? must hold: "),
        Holding::Holds => (Tone::Good, "✓ holds: "),
    };
    let sentences = without_repeats(held.any_of.iter().map(|held| held.part.sentence.as_str()));
    let members = match (held.broken, held.of) {
        (_, of) if of < 2 => String::new(),
        (0, of) => format!(" (the nearest of {of})"),
        (broken, of) => format!(" (and so for {broken} of {of})"),
    };
    let mut lines =
        vec![Line::new().with(tone, mark).plain(sentences.join(", or ") + &members).faint(format!("  {}", held.name))];
    if held.state == Holding::Open && !held.not_counted_since.is_empty() {
        let since: Vec<&str> = held.not_counted_since.iter().map(|part| part.sentence.as_str()).collect();
        lines.push(Line::new().faint("  counts only if: ").plain(since.join(", and ")));
    }
    lines.extend(
        must.rows.filter(|rows| !rows.are_enough()).map(|rows| Line::new().faint("  rows: ").plain(too_few(rows))),
    );
    lines
}

/// Returns sentences of which one is enough; the figure that two of them are about is named once.
fn without_repeats<'a>(sentences: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut told: Vec<&str> = Vec::new();
    let mut before = None;
    for sentence in sentences {
        // "Title: value, at most …": the title and the value were said.
        let title = sentence.split_once(": ").map(|(title, _)| title);
        let rest = sentence.split_once(": ").and_then(|(_, figure)| figure.split_once(", ")).map(|(_, rest)| rest);
        told.push(rest.filter(|_| title.is_some() && title == before).unwrap_or(sentence));
        before = title;
    }
    told
}

fn too_few(rows: Rows) -> String {
    let why = match rows.from {
        Chance::Noise => "chance alone goes beyond the limit in one sample of twenty",
        Chance::Interval => "the figure cannot be told from the limit",
    };
    match rows.needed {
        Some(needed) => format!("with {} {why}; about {needed} would do", rows.have),
        None => format!("with {} {why}, and no number of rows in reach would do", rows.have),
    }
}
