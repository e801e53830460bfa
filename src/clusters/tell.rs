//! Clusters for people.

use super::clustering::Clustering;
use super::compared::{Compared, compared};
use super::item::{Item, Kind, Part};
use super::space::Basis;
use super::stability::Stability;
use crate::diagnostic::Count;
use crate::explanation::{Block, Column, Document, Entry, Line, Tone};

/// Below this mean silhouette, items have no substantial structure (Kaufman and Rousseeuw 1990, Finding Groups in Data).
const STRUCTURE: f64 = 0.25;
/// Fewer items than the most clusters that are tried.
const FEW: usize = 10;
/// Items of a cluster that are named.
const NAMED: usize = 3;
/// Titles of the columns of a cross table.
const NUMBERS: [&str; 10] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

/// Returns clusters, what they share, how stable they are, and what was not known.
pub fn tell(clustering: &Clustering, stability: &Stability) -> Document {
    let mut document = Document::default();
    let all: Vec<&Item> = clustering.items.iter().collect();
    let heading = format!("{} of {}", Count(clustering.count(), "cluster"), counted(&all));
    document.heading(1, Line::new().plain(heading).faint(format!("  view {}", clustering.view.basis.name())));
    how_sorted(clustering, stability, &mut document);
    for cluster in 0..clustering.count() {
        document.blocks.push(Block::Entries(vec![entry(clustering, cluster)]));
    }
    pilots(clustering, &mut document);
    for compared in compared(clustering) {
        beside(clustering, &compared, &mut document);
    }
    missing(clustering, &mut document);
    let first = clustering.from_the_centre(0).into_iter().map(|(item, _)| &clustering.items[item]);
    let first = first.filter(|item| item.kind == Kind::Case).take(1);
    document.next_steps(first.map(|item| format!("etio cases show {}", item.name)).collect());
    document
}

/// Returns a code in words.
fn in_words(code: &str) -> String {
    code.replace('_', " ")
}

fn counted(items: &[&Item]) -> String {
    let of = |kind: Kind| items.iter().filter(|item| item.kind == kind).count();
    match (of(Kind::Case), of(Kind::Pilot)) {
        (cases, 0) => Count(cases, "case").to_string(),
        (0, pilots) => Count(pilots, "pilot").to_string(),
        (cases, pilots) => format!("{} and {}", Count(cases, "case"), Count(pilots, "pilot")),
    }
}

fn how_sorted(clustering: &Clustering, stability: &Stability, document: &mut Document) {
    let parts: Vec<&str> = clustering.view.parts().into_iter().map(Part::title).collect();
    let silhouette = clustering.silhouette();
    let cut = match clustering.tried.as_slice() {
        [(only, _)] => format!("cut into {only} clusters, as no other number is possible; their mean silhouette is"),
        tried => format!(
            "cut where the mean silhouette of 2 to {} clusters is largest:",
            tried.last().map_or(2, |(most, _)| *most)
        ),
    };
    document.paragraph(format!(
        "Alike by {}. Joined by Ward's method, and {cut} {silhouette:.2} (1: far apart, 0: they touch).",
        parts.join(", "),
    ));
    if clustering.items.len() < FEW {
        document.paragraph(
            Line::new().with(Tone::Warn, "These are few. ").plain("One item more could give other clusters."),
        );
    }
    if silhouette < STRUCTURE {
        document.paragraph(
            Line::new()
                .with(Tone::Warn, "They run into one another. ")
                .plain("Take them as regions of a map with no borders between them, and not as kinds of failure."),
        );
    }
    document.paragraph(format!(
        "With other items drawn from these, {} times (seed {}), the clusters agreed with those shown to {:.2} on average, and \
         to between {:.2} and {:.2} in 95 % of the draws (adjusted Rand index: 1 the same, 0 no more than chance).",
        stability.draws, stability.seed, stability.mean, stability.low, stability.high,
    ));
}

fn entry(clustering: &Clustering, cluster: usize) -> Entry {
    let members = clustering.members(cluster);
    let items: Vec<&Item> = members.iter().map(|member| &clustering.items[*member]).collect();
    let mut details = Vec::new();
    let mut heads: Vec<String> = Vec::new();
    for part in clustering.view.parts() {
        let shared = clustering.shared(cluster, part);
        heads.extend(shared.first().filter(|_| part == Part::Modes).map(|first| in_words(&first.code)));
        let told: Vec<String> = shared
            .iter()
            .map(|found| format!("{} {} of {}", in_words(&found.code), found.inside, found.everywhere))
            .collect();
        if !told.is_empty() {
            details.push(Line::from(format!("{}: {}", part.title(), told.join(", "))));
        }
        if let Some((mean, known)) = clustering.mean_of(cluster, part) {
            details.push(Line::from(format!("{}: {mean:.3} on average, known of {known}", part.title())));
        }
    }
    let nearest: Vec<&str> = clustering
        .from_the_centre(cluster)
        .into_iter()
        .take(NAMED)
        .map(|(item, _)| clustering.items[item].name.as_str())
        .collect();
    if clustering.silhouette_of(cluster) < 0.0 {
        details.push(
            Line::new().with(Tone::Warn, "a remainder: ").plain("on average its items are nearer to another cluster"),
        );
    }
    details.push(Line::new().faint("in the middle: ").name(nearest.join(", ")));
    let text =
        Line::new().strong(counted(&items)).plain(heads.iter().map(|head| format!(": {head}")).collect::<String>());
    let text = text.faint(format!("  silhouette {:.2}", clustering.silhouette_of(cluster)));
    Entry { mark: format!("{}.", cluster + 1), text, details }
}

/// Says where the pilots are, which is what those who named them want to know.
fn pilots(clustering: &Clustering, document: &mut Document) {
    let places = (0..clustering.items.len()).filter(|place| clustering.items[*place].kind == Kind::Pilot);
    let entries: Vec<Entry> = places
        .map(|place| Entry {
            mark: "-".to_owned(),
            text: Line::new()
                .plain(format!("{}  ", clustering.items[place].title))
                .name(clustering.items[place].name.as_str())
                .plain(format!(" is in cluster {}", clustering.labels[place] + 1)),
            details: Vec::new(),
        })
        .collect();
    if !entries.is_empty() {
        document.heading(2, "Pilots");
        document.blocks.push(Block::Entries(entries));
    }
}

fn beside(clustering: &Clustering, compared: &Compared, document: &mut Document) {
    document.heading(2, format!("Beside the {} that coders gave", compared.label));
    let counts_already = match compared.label {
        "main mode" => clustering.view.basis == Basis::Coded,
        _ => clustering.view.with.contains(&Part::Domain),
    };
    let hint =
        if counts_already { "; it counts in the clusters, so some agreement is no proof of anything" } else { "" };
    document.paragraph(format!(
        "Adjusted Rand index {:.2} over {}{hint}.",
        compared.adjusted_rand,
        Count(compared.items, "item")
    ));
    let mut columns = vec![Column { title: "", right: false }];
    columns.extend(NUMBERS.iter().take(clustering.count()).map(|title| Column { title, right: true }));
    let rows = compared.table.rows.iter().map(|(label, counts)| {
        let shown = counts.iter().map(|count| if *count == 0 { "·".to_owned() } else { count.to_string() });
        [in_words(label)].into_iter().chain(shown).map(Line::from).collect()
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
}

fn missing(clustering: &Clustering, document: &mut Document) {
    let all = clustering.items.len() + clustering.left_out.len();
    document.heading(2, "What was not known");
    let columns = vec![
        Column { title: "part", right: false },
        Column { title: "known", right: true },
        Column { title: "missing", right: true },
    ];
    let rows = clustering.known().into_iter().map(|(part, known)| {
        [part.title().to_owned(), known.to_string(), (all - known).to_string()].map(Line::from).to_vec()
    });
    document.blocks.push(Block::Table { columns, rows: rows.collect() });
    document.paragraph("Two items are compared by the parts known of both; nothing is filled in.");
    if !clustering.left_out.is_empty() {
        let needed = match clustering.view.basis {
            Basis::Measured => "fewer than three of the five figures are known",
            Basis::Coded => "no failure mode is known",
        };
        let pilots = clustering.left_out.iter().filter(|item| item.kind == Kind::Pilot);
        let named: Vec<&str> = pilots.map(|item| item.name.as_str()).collect();
        let named = if named.is_empty() { String::new() } else { format!(", among them {}", named.join(", ")) };
        let left_out: Vec<&Item> = clustering.left_out.iter().collect();
        document.paragraph(
            Line::new()
                .with(Tone::Warn, "Left out: ")
                .plain(format!("{} of which {needed}{named}.", counted(&left_out))),
        );
    }
}
