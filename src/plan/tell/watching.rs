//! The monitoring plan for people.

use super::trials::in_words;
use crate::diagnostic::Count;
use crate::explanation::{Block, Case, Document, Entry, Failing, Line, Tone, number};
use crate::plan::{FALSE_ALARMS, Limit, Period, RowsFrom, Watch, Watching};

/// Figures without a value that are named.
const NAMED: usize = 6;
/// Modes that are named in one line.
const MODES: usize = 2;

/// Adds what to watch, at which limit somebody acts, and who.
pub(super) fn tell(case: Case<'_>, watching: &Watching, document: &mut Document) {
    document.heading(2, "Monitoring plan");
    match &watching.period {
        Some(period) => document.paragraph(how_often(watching, period)),
        None => document.paragraph(
            "There is no table of the deployment, so nobody knows how far its figures move when nothing changes; limits are \
             those of the pack's rules.",
        ),
    }
    if watching.watches.is_empty() {
        document.paragraph("No figure at hand bears on the risks found.");
    } else {
        let entries = watching.watches.iter().enumerate().map(|(place, watch)| entry(case, place, watch));
        document.blocks.push(Block::Entries(entries.collect()));
    }
    if !watching.unmeasured.is_empty() {
        let names = watching.unmeasured.iter().take(NAMED).map(|input| case.knowledge.inputs[*input].id.as_str());
        let names: Vec<&str> = names.collect();
        let more = watching.unmeasured.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        document.paragraph(
            Line::new()
                .plain("Bears on these risks too, and has no value yet; watch it once it is measured: ")
                .name(names.join(", "))
                .plain(format!("{more}.")),
        );
    }
}

fn how_often(watching: &Watching, period: &Period) -> String {
    let rows = Count(usize::try_from(period.rows).unwrap_or(usize::MAX), "row");
    let every = period.length.as_ref().map_or("a period".to_owned(), |(_, words)| words.clone());
    let from = match period.from {
        RowsFrom::Stated => String::new(),
        RowsFrom::Periods => ", the mean of the pilot's own periods".to_owned(),
        RowsFrom::Pilot => ", as many as the pilot has; say how many come in a period with `--rows`".to_owned(),
    };
    let limits = format!(
        "{rows} {every}{from}. A limit is what the figure passes in one period of twenty although nothing has changed since the \
         pilot, found by drawing so many rows from it {} times.",
        watching.draws
    );
    let false_alarms = match (watching.false_alarms_a_year(), watching.drawn()) {
        (_, 0) => String::new(),
        (Some(alarms), figures) => {
            format!(" Over {} that is about {} false alarms a year.", Count(figures, "figure"), number(alarms))
        }
        (None, figures) => format!(
            " Over {} that is about {} false alarms in ten periods; say how long a period is with `--period`.",
            Count(figures, "figure"),
            number(FALSE_ALARMS * 10.0 * figures as f64)
        ),
    };
    limits + &false_alarms
}

fn entry(case: Case<'_>, place: usize, watch: &Watch) -> Entry {
    let (beyond, other) = match watch.failing {
        Failing::Above => ("above", "at most"),
        Failing::Below => ("below", "at least"),
    };
    let alike = if watch.of > 1 {
        format!(" (of {} to watch alike, the nearest to its limit)", watch.of)
    } else {
        String::new()
    };
    let text =
        Line::new().strong(case.key_title(&watch.fact)).plain(format!("{alike}  ")).name(case.key_name(&watch.fact));
    let rule = &case.knowledge.rules[watch.rule].id;
    let (now, threshold) = (number(watch.now), number(watch.threshold));
    let accepts = format!("now {now}; the rule accepts {other} {threshold}");
    let mut details = vec![
        match watch.limit {
            Limit::Drawn(limit) => Line::new().faint("act: ").plain(format!("{beyond} {}; {accepts}", number(limit))),
            Limit::TooFewRows { limit, needed } => {
                let rows = needed
                    .map_or("no number of rows in reach would do".to_owned(), |rows| format!("it takes about {rows}"));
                Line::new()
                    .faint("act: ")
                    .plain(format!("{beyond} {}; {accepts}. ", number(limit)))
                    .with(Tone::Warn, "Too few rows to see what the rule calls bad: ")
                    .plain(rows)
            }
            Limit::BeyondAlready => Line::new()
                .with(Tone::Bad, "mend first: ")
                .plain(format!("{accepts}. It is beyond that already; draw its limit once it is mended")),
            Limit::Threshold(_) => Line::new().faint("act: ").plain(format!(
                "{beyond} {threshold}, as the rule says; how far it moves by chance is not known; now {now}"
            )),
        }
        .faint(format!("  {rule}")),
    ];
    let modes: Vec<&str> = watch.modes.iter().take(MODES).map(|mode| case.node_title(*mode)).collect();
    let more =
        if watch.modes.len() > MODES { format!(" and {} more", watch.modes.len() - MODES) } else { String::new() };
    details.push(Line::new().faint("for: ").plain(modes.join("; ") + &more));
    let who = watch.who.as_ref().map_or("nobody is named in the pack: name somebody".to_owned(), |who| in_words(who));
    let mut acts = Line::new().faint("who: ").plain(who);
    if let Some(then) = watch.then {
        let declared = &case.knowledge.mitigations[then];
        acts = acts.faint("; then: ").plain(format!("{}  ", declared.title)).name(declared.id.clone());
    }
    details.push(acts);
    Entry { mark: format!("{}.", place + 1), text, details }
}
