//! The prerequisites of a deployment for people: what is missing, what stands against it, what is in order.

use super::coverage::Coverage;
use super::matrix::{item_entry, names_of_nodes, names_of_rules};
use super::place::{Place, in_words};
use super::prerequisite::{Prerequisite, State, Told};
use super::tell::{By, View};
use super::trace::{ItemTrace, Trace};
use crate::diagnostic::Count;
use crate::explanation::{Block, Case, Column, Document, Entry, Line, Tone};
use std::collections::BTreeMap;

/// The phases in which packs ask as a rule; others come after these, by name.
const PHASES: [&str; 3] = ["procurement", "before_go_live", "after_go_live"];
/// A swing that would be shown as 0.0 moves nothing.
const MOVES: f64 = 0.05;

/// Returns how the prerequisites of a deployment stand: by phase, or by framework where items are wanted, or by the
/// failure modes that they bear on. `title` and `folder` name the deployment.
pub fn tell_deployment(
    trace: &Trace,
    case: Case<'_>,
    prerequisites: &[Prerequisite],
    (title, folder): (&str, &str),
    view: View,
) -> Document {
    let mut document = Document::default();
    let pack = &case.knowledge.pack;
    document.heading(
        1,
        Line::new().plain(format!("Prerequisites: {title}")).faint(format!("  pack {} {}", pack.id, pack.version)),
    );
    let shown =
        |of: &&Prerequisite| view.shows(&trace.places[of.place]) && !(view.uncovered && of.state != State::Open);
    let shown: Vec<&Prerequisite> = prerequisites.iter().filter(shown).collect();
    let count = |state| shown.iter().filter(|of| of.state == state).count();
    document.paragraph(format!(
        "{}: {} open, {} on which a rule fired that speaks for a failure, {} known without any. \
         An answer that no rule speaks against is not proof of safety.",
        Count(shown.len(), "prerequisite"),
        count(State::Open),
        count(State::Concern),
        count(State::Fine)
    ));
    required(trace, case, &shown, &mut document);
    who(trace, &shown, &mut document);
    match view.by.or(view.standard.map(|_| By::Item)) {
        Some(By::Item) => by_item(trace, case, prerequisites, view, &mut document),
        Some(By::Mode) => by_mode(trace, case, &shown, &mut document),
        Some(By::Question) | None => by_phase(trace, case, &shown, &mut document),
    }
    let by_item = view.by.is_none() && view.standard.is_none();
    let more = by_item.then(|| format!("etio checklist {folder} --by item"));
    document
        .next_steps(more.into_iter().chain([format!("etio ask {folder}"), format!("etio assess {folder}")]).collect());
    document
}

fn required(trace: &Trace, case: Case<'_>, shown: &[&Prerequisite], document: &mut Document) {
    let gated: Vec<&Prerequisite> = shown.iter().copied().filter(|of| !of.required_by.is_empty()).collect();
    if gated.is_empty() {
        return;
    }
    let missing = gated.iter().filter(|of| of.is_missing()).count();
    let told = match missing {
        0 => "Required before a verdict: all known".to_owned(),
        missing => format!("Required before a verdict: {missing} of {} open", gated.len()),
    };
    document.heading(2, told);
    document.blocks.push(Block::Entries(gated.iter().map(|of| entry(&trace.places[of.place], case, of)).collect()));
}

/// Says who can answer how much of what is open.
fn who(trace: &Trace, shown: &[&Prerequisite], document: &mut Document) {
    let mut open: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for of in shown.iter().filter(|of| of.state == State::Open) {
        let Some(ask) = &trace.places[of.place].ask else { continue };
        let counts = open.entry(ask).or_default();
        counts[0] += 1;
        counts[1] += usize::from(of.swing.is_some_and(|swing| swing >= MOVES));
    }
    if open.is_empty() {
        return;
    }
    document.heading(2, "Who can answer");
    let right = |title| Column { title, right: true };
    let columns = vec![Column { title: "", right: false }, right("Open"), right("That would move the risk")];
    let rows = open.iter().map(|(ask, [all, moving])| {
        vec![Line::from(in_words(ask)), Line::from(all.to_string()), Line::from(moving.to_string())]
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
}

fn by_phase(trace: &Trace, case: Case<'_>, shown: &[&Prerequisite], document: &mut Document) {
    let mut phases: BTreeMap<(usize, &str), Vec<Entry>> = BTreeMap::new();
    for of in shown.iter().filter(|of| of.required_by.is_empty()) {
        let place = &trace.places[of.place];
        let key = match &place.phase {
            Some(phase) => (PHASES.iter().position(|known| known == phase).unwrap_or(PHASES.len()), phase.as_str()),
            None => (PHASES.len() + 1, "stated or measured"),
        };
        phases.entry(key).or_default().push(entry(place, case, of));
    }
    for ((_, phase), entries) in phases {
        document.heading(2, capital(&in_words(phase)));
        document.blocks.push(Block::Entries(entries));
    }
}

/// Returns a prerequisite with its answer, what fired on it, and what an answer could move.
fn entry(place: &Place, case: Case<'_>, of: &Prerequisite) -> Entry {
    let knowledge = case.knowledge;
    let mark = match of.state {
        State::Concern => "✗",
        State::Open if of.is_missing() => "!",
        State::Open => "?",
        State::Fine => "✓",
    };
    let mut text = Line::new().plain(format!("{}  ", place.title)).name(place.id.clone());
    if let Some(value) = &of.value {
        let tone = if of.state == State::Concern { Tone::Bad } else { Tone::Good };
        text = text.plain(" — ").with(tone, value.as_str());
    }
    text = match &of.told {
        Some(Told::Answered { at, by }) => {
            let by = by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
            text.faint(format!(" ({}{by})", file_name(at)))
        }
        Some(Told::Stated { at }) => text.faint(format!(" ({})", file_name(at))),
        Some(Told::Measured) => text.faint(" (measured)"),
        None => text,
    };
    let mut details = Vec::new();
    if of.state == State::Open {
        let ask = place.ask.as_ref().map(|ask| format!(", ask: {}", in_words(ask))).unwrap_or_default();
        let moves = match of.swing {
            Some(swing) if swing >= MOVES => format!("could move the total risk by {swing:.1}"),
            Some(_) => "would move nothing now".to_owned(),
            None => "not given".to_owned(),
        };
        details.push(Line::new().with(Tone::Warn, "open: ").plain(format!("{moves}{ask}")));
        details.extend(of.reason.iter().map(|reason| Line::new().faint("not measured: ").plain(reason.as_str())));
    }
    if !of.required_by.is_empty() {
        details.push(Line::new().faint("required by ").plain(names_of_rules(&of.required_by, knowledge)));
    }
    for rule in &of.against {
        let declared = &knowledge.rules[*rule];
        details.push(
            Line::new().with(Tone::Bad, "fired: ").plain(declared.title.as_str()).faint(format!("  {}", declared.id)),
        );
    }
    if !of.modes.is_empty() {
        details.push(Line::new().faint("speaks for ").plain(names_of_nodes(&of.modes, knowledge)));
    }
    for rule in &of.advice {
        let declared = &knowledge.rules[*rule];
        details.push(Line::new().faint("advice: ").plain(declared.title.as_str()).faint(format!("  {}", declared.id)));
    }
    Entry { mark: mark.to_owned(), text, details }
}

/// How an item stands: as the worst of what is asked for it.
fn state_of(item: &ItemTrace, prerequisites: &[Prerequisite]) -> Option<State> {
    let asked = prerequisites.iter().filter(|of| item.places.contains(&of.place));
    asked.map(|of| of.state).min()
}

fn by_item(trace: &Trace, case: Case<'_>, prerequisites: &[Prerequisite], view: View, document: &mut Document) {
    document.heading(2, "By framework");
    let right = |title| Column { title, right: true };
    let columns = vec![
        Column { title: "Framework", right: false },
        right("Items"),
        right("Concern"),
        right("Open"),
        right("Fine"),
        right("Not asked"),
        right("Aside"),
    ];
    let rows = view.checklists(trace).filter(|list| !list.items.is_empty()).map(|list| {
        let states: Vec<Option<State>> = list.items.iter().map(|item| state_of(item, prerequisites)).collect();
        let count = |state| Line::from(states.iter().filter(|of| **of == Some(state)).count().to_string());
        let aside = list.items.iter().filter(|item| item.coverage == Coverage::Aside).count();
        let silent = states.iter().filter(|of| of.is_none()).count();
        vec![
            Line::new().name(case.knowledge.citations[list.citation].id.clone()),
            Line::from(list.items.len().to_string()),
            count(State::Concern),
            count(State::Open),
            count(State::Fine),
            Line::from((silent - aside).to_string()),
            Line::from(aside.to_string()),
        ]
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    document.paragraph("An item stands as the worst of what is asked for it.");
    if view.standard.is_none() {
        return;
    }
    for list in view.checklists(trace) {
        let citation = &case.knowledge.citations[list.citation];
        document.heading(2, Line::new().plain(citation.title.as_str()).faint(format!("  {}", citation.id)));
        let wanted = |item: &&ItemTrace| {
            !view.uncovered || !matches!(state_of(item, prerequisites), Some(State::Concern | State::Fine))
        };
        let entries = list.items.iter().filter(wanted).map(|item| {
            let mut shown = item_entry(item);
            for of in prerequisites.iter().filter(|of| item.places.contains(&of.place)) {
                let asked = entry(&trace.places[of.place], case, of);
                let mut text = asked.text;
                text.pieces.insert(0, Line::from(format!("{} ", asked.mark)).pieces.remove(0));
                shown.details.push(text);
            }
            if shown.details.is_empty() {
                shown.details.push(Line::new().faint("covered by what asks nobody"));
            }
            shown
        });
        document.blocks.push(Block::Entries(entries.collect()));
    }
}

fn by_mode(trace: &Trace, case: Case<'_>, shown: &[&Prerequisite], document: &mut Document) {
    document.heading(2, "By failure mode");
    let entries = case.assessment.risks.iter().map(|risk| {
        let mode = &case.knowledge.nodes[risk.mode];
        let bearing = |of: &&&Prerequisite| trace.places[of.place].modes.contains(&risk.mode);
        let bearing: Vec<&&Prerequisite> = shown.iter().filter(bearing).collect();
        let named = |state| {
            let names = bearing.iter().filter(|of| of.state == state).map(|of| trace.places[of.place].id.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        // What was answered badly counts for a mode only where the rule that fired speaks of it.
        let speaking = bearing.iter().filter(|of| of.modes.contains(&risk.mode));
        let speaking = speaking.map(|of| trace.places[of.place].id.as_str()).collect::<Vec<_>>().join(", ");
        let lines = [("✗ ", speaking), ("? ", named(State::Open)), ("✓ ", named(State::Fine))];
        let lines = lines.into_iter().filter(|(_, names)| !names.is_empty());
        Entry {
            mark: "-".to_owned(),
            text: Line::new().strong(mode.title.as_str()).plain("  ").name(mode.id.clone()),
            details: lines.map(|(mark, names)| Line::new().plain(mark).plain(names)).collect(),
        }
    });
    document.blocks.push(Block::Entries(entries.collect()));
}

/// Returns a place without the folder, which the reader named.
fn file_name(at: &str) -> &str {
    at.rsplit('/').next().unwrap_or(at)
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
