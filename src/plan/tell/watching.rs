//! The monitoring plan for people.

use super::trials::in_words;
use crate::diagnostic::Count;
use crate::explanation::{Block, Case, Column, Document, Entry, Failing, Line, Tone, distinct, with_digits};
use crate::plan::{FALSE_ALARMS, Limit, Period, RowsFrom, Watch, Watching};

/// Figures without a value that are named.
const NAMED: usize = 6;

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
    }
    let (mend, watch): (Vec<&Watch>, Vec<&Watch>) =
        watching.watches.iter().partition(|watch| watch.limit == Limit::BeyondAlready);
    if !watch.is_empty() {
        let columns = vec![
            Column { title: "Watch", right: false },
            Column { title: "Now", right: true },
            Column { title: "Act when", right: false },
            Column { title: "Who", right: false },
            Column { title: "Then", right: false },
        ];
        let rows = watch.iter().map(|watch| row(case, watch)).collect();
        document.blocks.push(Block::Table { columns, rows });
    }
    few_rows(case, &watch, document);
    if !mend.is_empty() {
        document.paragraph(
            "Beyond what the pack's rules accept as it is: mend these first, and make their limits anew then.",
        );
        document.blocks.push(Block::Entries(mend.iter().map(|watch| to_mend(case, watch)).collect()));
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
    let rows = period.rows;
    let length = period.length.as_ref().map_or(String::new(), |(_, words)| format!(" of {words}"));
    let brings = match period.from {
        RowsFrom::Stated => format!("A period{length} brings {rows} rows."),
        RowsFrom::Periods => format!("A period{length} brings {rows} rows, the mean of the pilot's own periods."),
        RowsFrom::Pilot => format!(
            "How many rows a period{length} brings nobody said, so it is taken to be as many as the pilot has, {rows}; `--rows` \
             says otherwise."
        ),
    };
    let limits = format!(
        " A limit is what a figure passes in one period of twenty although nothing has changed since the pilot, found by \
         drawing so many rows from it {} times.",
        watching.draws
    );
    let figures = Count(watching.drawn(), "limit");
    let false_alarms = match (watching.false_alarms_a_year(), watching.drawn()) {
        (_, 0) => String::new(),
        (Some(alarms), _) => format!(" With {figures} that is about {} false alarms a year.", with_digits(alarms, 1)),
        (None, drawn) => format!(
            " With {figures} that is about {} false alarms in ten periods; `--period` says how long one is.",
            with_digits(FALSE_ALARMS * 10.0 * drawn as f64, 1)
        ),
    };
    brings + &limits + &false_alarms
}

/// Returns the words for what a rule accepts, and for what makes somebody act.
fn sides(watch: &Watch) -> (&'static str, &'static str) {
    match watch.failing {
        Failing::Above => ("at most", "above"),
        Failing::Below => ("at least", "below"),
    }
}

fn row(case: Case<'_>, watch: &Watch) -> Vec<Line> {
    let limit = watch.limit.value().unwrap_or(watch.threshold);
    let (limit, now) = distinct(limit, watch.now);
    let (_, beyond) = sides(watch);
    let mark = match watch.limit {
        Limit::TooFewRows { .. } => Line::new().plain(format!("{beyond} {limit} ")).with(Tone::Warn, "(too few rows)"),
        Limit::Threshold(_) => Line::new().plain(format!("{beyond} {limit} ")).faint("(the rule's limit)"),
        Limit::Drawn(_) | Limit::BeyondAlready => Line::from(format!("{beyond} {limit}")),
    };
    let alike = if watch.of > 1 { format!(", and {} alike", watch.of - 1) } else { String::new() };
    vec![
        Line::from(case.key_title(&watch.fact) + &alike),
        Line::from(now),
        mark,
        Line::from(watch.who.as_ref().map_or("name somebody".to_owned(), |who| in_words(who))),
        watch.then.map_or_else(Line::new, |then| Line::new().name(case.knowledge.mitigations[then].id.clone())),
    ]
}

/// Says which limits lie beyond what the rules accept, and how many rows it would take.
fn few_rows(case: Case<'_>, watches: &[&Watch], document: &mut Document) {
    let entry = |watch: &&Watch| {
        let Limit::TooFewRows { limit, needed } = watch.limit else { return None };
        let (accepts, _) = sides(watch);
        let (limit, threshold) = distinct(limit, watch.threshold);
        let rows = match needed {
            Some(rows) => format!("it takes about {rows} rows a period"),
            None => "it stands so near to that that no number of rows in reach would do".to_owned(),
        };
        let text = Line::new()
            .plain(format!(
                "{}: chance alone goes to {limit}, the rule accepts {accepts} {threshold}; {rows}",
                case.key_title(&watch.fact)
            ))
            .faint(format!("  {}", case.knowledge.rules[watch.rule].id));
        Some(Entry { mark: "-".to_owned(), text, details: Vec::new() })
    };
    let entries: Vec<Entry> = watches.iter().filter_map(entry).collect();
    if !entries.is_empty() {
        document.paragraph("Too few rows in a period to see what the pack's rules call bad:");
        document.blocks.push(Block::Entries(entries));
    }
}

fn to_mend(case: Case<'_>, watch: &Watch) -> Entry {
    let (accepts, _) = sides(watch);
    let (now, threshold) = distinct(watch.now, watch.threshold);
    let text = Line::new()
        .plain(format!("{}: {now}, the rule accepts {accepts} {threshold}", case.key_title(&watch.fact)))
        .faint(format!("  {}", case.knowledge.rules[watch.rule].id));
    let who = watch.who.as_ref().map_or("name somebody".to_owned(), |who| in_words(who));
    let mut acts = Line::new().faint("who: ").plain(who);
    if let Some(then) = watch.then {
        let declared = &case.knowledge.mitigations[then];
        acts = acts.faint("; what: ").plain(format!("{}  ", declared.title)).name(declared.id.clone());
    }
    Entry { mark: "✗".to_owned(), text, details: vec![acts] }
}
