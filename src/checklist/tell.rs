//! The trace for people: coverage, the matrix by item, question or mode, and what nobody asks.

use super::coverage::{Counts, Coverage};
use super::matrix::{as_table, by_item, names_of_items, told};
use super::place::Place;
use super::trace::{Checklist, ItemTrace, Trace};
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Entry, Line, Tone};
use crate::model::{CitationId, KnowledgeBase};

/// By what the matrix is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The items of each framework.
    Item,
    /// What is asked.
    Question,
    /// The failure modes.
    Mode,
}

/// What of the trace is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// One framework alone.
    pub standard: Option<CitationId>,
    /// Only what nothing covers.
    pub uncovered: bool,
    /// The order of the matrix; none for coverage alone, unless one framework is wanted.
    pub by: Option<By>,
    /// Whether the items of a pack are laid out as a table, for pages that are wide enough.
    pub as_table: bool,
}

impl View {
    /// Returns the frameworks that are wanted.
    pub(super) fn checklists(self, trace: &Trace) -> impl Iterator<Item = &Checklist> {
        trace.checklists.iter().filter(move |list| self.standard.is_none_or(|wanted| list.citation == wanted))
    }

    /// Tells whether a place has to do with the frameworks that are wanted.
    pub(super) fn shows(self, place: &Place) -> bool {
        self.standard.is_none_or(|wanted| place.items.iter().any(|(of, _)| *of == wanted))
    }

    /// Tells whether an item is wanted, whatever its framework.
    pub(super) fn lists(self, item: &ItemTrace) -> bool {
        !self.uncovered || item.coverage == Coverage::Uncovered
    }
}

/// Returns coverage and, where it is wanted, the matrix.
pub fn tell(trace: &Trace, knowledge: &KnowledgeBase, view: View) -> Document {
    let mut document = Document::default();
    let pack = &knowledge.pack;
    let about = format!("  pack {} {}", pack.id, pack.version);
    document.heading(1, Line::new().plain("What published frameworks ask, and where it is asked here").faint(about));
    let lists: Vec<&Checklist> = view.checklists(trace).collect();
    if lists.is_empty() {
        document.paragraph("This pack names no standard or checklist.");
    } else {
        coverage(&lists, knowledge, &mut document);
    }
    match view.by.or(view.standard.map(|_| By::Item)) {
        Some(By::Question) => by_question(trace, knowledge, view, &mut document),
        Some(By::Mode) => by_mode(trace, knowledge, view, &mut document),
        Some(By::Item) | None if lists.is_empty() => {}
        Some(By::Item) if !view.uncovered && view.as_table => as_table(trace, &lists, knowledge, &mut document),
        Some(By::Item) if !view.uncovered => by_item(trace, &lists, knowledge, &mut document),
        Some(By::Item) | None => uncovered(&lists, knowledge, &mut document),
    }
    unread(&lists, knowledge, &mut document);
    let first = lists.iter().max_by_key(|list| list.items.len()).map(|list| &knowledge.citations[list.citation].id);
    if let (Some(first), None) = (first, view.standard) {
        document.next_steps(vec![format!("etio checklist --standard {first}"), "etio checklist DIR".to_owned()]);
    }
    document
}

fn coverage(lists: &[&Checklist], knowledge: &KnowledgeBase, document: &mut Document) {
    let all = Counts::of(lists.iter().flat_map(|list| &list.items).map(|item| item.coverage));
    document.paragraph(format!(
        "{} of {}: {} asked (of a person, or measured or stated), {} covered by a rule or remedy that asks nobody, \
         {} that ask nothing of a deployment, {} uncovered. An item that is covered is one that is asked about, \
         not one that is fulfilled.",
        Count(all.items(), "item"),
        Count(lists.len(), "framework"),
        all.asked,
        all.otherwise,
        all.aside,
        all.uncovered
    ));
    let right = |title| Column { title, right: true };
    let columns = vec![
        Column { title: "Framework", right: false },
        Column { title: "", right: false },
        right("Items"),
        right("Asked"),
        right("Otherwise"),
        right("Aside"),
        right("Uncovered"),
    ];
    let rows = lists.iter().map(|list| {
        let citation = &knowledge.citations[list.citation];
        let counts = list.counts();
        let figure = |count: usize| Line::from(count.to_string());
        let missing = match (counts.items(), counts.uncovered) {
            (0, _) => Line::new().faint("not read"),
            (_, 0) => Line::new().with(Tone::Good, "0"),
            (_, count) => Line::new().with(Tone::Warn, count.to_string()),
        };
        let name = Line::new().name(citation.id.clone());
        let title = Line::from(shortened(&citation.title));
        vec![
            name,
            title,
            figure(counts.items()),
            figure(counts.asked),
            figure(counts.otherwise),
            figure(counts.aside),
            missing,
        ]
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
}

/// Characters of a title in the table; longer ones would take two lines of a terminal.
const TITLE: usize = 27;

fn shortened(title: &str) -> String {
    if title.chars().count() <= TITLE {
        return title.to_owned();
    }
    let cut: String = title.chars().take(TITLE - 1).collect();
    let whole = cut.rfind(' ').and_then(|blank| cut.get(..blank)).unwrap_or(&cut);
    format!("{whole} …")
}

fn by_question(trace: &Trace, knowledge: &KnowledgeBase, view: View, document: &mut Document) {
    let wanted = trace.places.iter().filter(|place| place.input().is_some() && view.shows(place));
    let wanted = wanted.filter(|place| !view.uncovered || place.items.is_empty());
    let entries = wanted.map(|place| {
        let mut details = told(place, knowledge);
        let text = details.remove(0);
        let items = match names_of_items(place, knowledge) {
            none if none.is_empty() => Line::new().faint("of no framework"),
            items => Line::new().faint("covers ").plain(items),
        };
        details.insert(0, items);
        Entry { mark: "-".to_owned(), text, details }
    });
    let title = if view.uncovered { "Asked, and of no framework" } else { "What is asked" };
    section(title, entries.collect(), document);
}

fn by_mode(trace: &Trace, knowledge: &KnowledgeBase, view: View, document: &mut Document) {
    let mut entries = Vec::new();
    for (id, mode) in knowledge.modes() {
        let bearing = trace.places.iter().filter(|place| view.shows(place) && place.modes.contains(&id));
        let bearing: Vec<&Place> = bearing.filter(|place| !place.items.is_empty()).collect();
        if view.uncovered && !bearing.is_empty() {
            continue;
        }
        let details = bearing.iter().map(|place| {
            let named = Line::new().faint(format!("{} ", place.kind)).name(place.id.clone());
            named.faint(format!(" ({})", names_of_items(place, knowledge)))
        });
        let mut details: Vec<Line> = details.collect();
        if details.is_empty() {
            details.push(Line::new().with(Tone::Warn, "no item bears on it"));
        }
        let text = Line::new().strong(mode.title.as_str()).plain("  ").name(mode.id.clone());
        entries.push(Entry { mark: "-".to_owned(), text, details });
    }
    section(if view.uncovered { "Modes on which no item bears" } else { "Failure modes" }, entries, document);
}

fn section(title: &'static str, entries: Vec<Entry>, document: &mut Document) {
    document.heading(2, title);
    if entries.is_empty() {
        document.paragraph("None.");
    } else {
        document.blocks.push(Block::Entries(entries));
    }
}

fn uncovered(lists: &[&Checklist], knowledge: &KnowledgeBase, document: &mut Document) {
    document.heading(2, "Uncovered");
    let missing = |item: &&ItemTrace| item.coverage == Coverage::Uncovered;
    let entries: Vec<Entry> = lists
        .iter()
        .flat_map(|list| {
            let id = &knowledge.citations[list.citation].id;
            list.items.iter().filter(missing).map(move |item| Entry {
                mark: "-".to_owned(),
                text: Line::new()
                    .name(id.clone())
                    .plain(format!(" {}", item.code))
                    .plain(item.topic.as_ref().map_or_else(String::new, |topic| format!(": {topic}"))),
                details: Vec::new(),
            })
        })
        .collect();
    if entries.is_empty() {
        document.paragraph("Nothing: every item that could be read is asked about, covered or set aside.");
    } else {
        document.blocks.push(Block::Entries(entries));
    }
}

fn unread(lists: &[&Checklist], knowledge: &KnowledgeBase, document: &mut Document) {
    let entries = lists.iter().filter_map(|list| {
        let citation = &knowledge.citations[list.citation];
        let text = Line::new().name(citation.id.clone()).plain(format!(": {}", citation.unread.as_ref()?));
        Some(Entry { mark: "-".to_owned(), text, details: Vec::new() })
    });
    let entries: Vec<Entry> = entries.collect();
    if !entries.is_empty() {
        section("Not listed", entries, document);
    }
}
