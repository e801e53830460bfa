//! Documented failures that a deployment resembles, and what was done about them: context beside its assessment.

use super::clustering::Clustering;
use super::item::{Item, Part};
use super::likeness::{Likeness, Nearest, built_in};
use crate::corpus::{Case, Corpus};
use crate::diagnostic::Count;
use crate::explanation::{Block, Document, Entry, Line, Tone};
use crate::model::KnowledgeBase;
use serde_json::{Value, json};

const NOTE: &str = "Context only: no likelihood, risk or verdict depends on it.";

/// With fewer modes and causes than this, other answers could well name other cases.
const LITTLE: usize = 3;

/// What a deployment resembles among the cases inside the program, or why it resembles none.
#[derive(Clone, Debug)]
pub struct Precedents<'a> {
    item: &'a Item,
    found: Result<(Likeness, &'static Corpus, &'static Clustering), String>,
    /// Whether the pack is of the field that the cases are from.
    of_this_field: bool,
}

impl<'a> Precedents<'a> {
    /// Looks for what a deployment resembles.
    pub fn of(item: &'a Item, knowledge: &KnowledgeBase) -> Self {
        let of_this_field = built_in().is_some_and(|(corpus, _)| corpus.has_modes_of(knowledge));
        let found = match built_in() {
            Some(_) if !of_this_field => {
                Err("the pack has none of the failure modes of the documented failures".to_owned())
            }
            Some((corpus, clusters)) => {
                Likeness::of(item, clusters).map(|found| (found, corpus, clusters)).map_err(|why| why.reason)
            }
            None => Err("there are no documented failures to compare it with".to_owned()),
        };
        Self { item, found, of_this_field }
    }

    /// Returns it for people.
    pub fn document(&self) -> Document {
        let mut document = Document::default();
        if !self.of_this_field {
            return document;
        }
        document.heading(2, "Documented failures that looked like this");
        let (likeness, corpus, clusters) = match &self.found {
            Ok(found) => found,
            Err(why) => {
                document.paragraph(format!("Too little in common to name any: {why}."));
                return document;
            }
        };
        document.paragraph(self.compared_by());
        document.paragraph(nearest(&likeness.cluster, clusters));
        let cases = likeness.cases.iter().enumerate().filter_map(|(place, alike)| {
            let case = corpus.find(&clusters.items[alike.item].name)?;
            let mut details = vec![Line::new().faint("in common: ").name(alike.shared.join(", "))];
            details.push(Line::new().faint("what they did: ").plain(what_they_did(case)));
            details.extend(case.outcome.iter().map(|text| Line::new().faint("outcome: ").plain(text.as_str())));
            let text = Line::new().plain(format!("{} ({})  ", case.title, case.year)).name(case.id.value.as_str());
            Some(Entry { mark: format!("{}.", place + 1), text, details })
        });
        document.blocks.push(Block::Entries(cases.collect()));
        document
    }

    /// Returns it for programs; clusters are numbered from 1.
    pub fn json(&self) -> Value {
        let (likeness, corpus, clusters) = match &self.found {
            Ok(found) => found,
            Err(why) => return json!({ "note": NOTE, "unknown_because": why, "cluster": null, "cases": [] }),
        };
        let Nearest { cluster, distance, usual } = likeness.cluster;
        let modes = clusters.shared(cluster, Part::Modes).into_iter().map(|found| found.code);
        let cases = likeness.cases.iter().filter_map(|alike| {
            let case = corpus.find(&clusters.items[alike.item].name)?;
            let remedies = case
                .remedies
                .iter()
                .map(|remedy| json!({ "what": remedy.what, "effect": remedy.effect, "reported": remedy.reported }));
            Some(json!({
                "case": case.id.value,
                "title": case.title,
                "year": case.year,
                "distance": alike.distance,
                "shared": alike.shared,
                "remedies": remedies.collect::<Vec<_>>(),
                "outcome": case.outcome,
            }))
        });
        json!({
            "note": NOTE,
            "unknown_because": null,
            "cluster": {
                "number": cluster + 1,
                "clusters": clusters.count(),
                "size": clusters.members(cluster).len(),
                "modes": modes.collect::<Vec<_>>(),
                "distance": distance,
                "usual": usual,
                "far": likeness.cluster.is_far(),
            },
            "cases": cases.collect::<Vec<_>>(),
        })
    }

    /// Says what the comparison rests on, which for a deployment with few answers is little.
    fn compared_by(&self) -> Line {
        let (modes, factors) = (self.item.codes(Part::Modes).count(), self.item.codes(Part::Factors).count());
        let fall = match self.item.value(Part::Degradation) {
            Some(_) => ", and how far a figure fell",
            None => "; no fall of a figure is known",
        };
        let line = Line::new().plain(format!(
            "{NOTE} Compared by the {} and {} that something measured or answered speaks for{fall}.",
            Count(modes, "failure mode"),
            Count(factors, "cause")
        ));
        if modes + factors < LITTLE { line.with(Tone::Warn, " That is little to go by.") } else { line }
    }
}

fn nearest(nearest: &Nearest, clusters: &Clustering) -> Line {
    let Nearest { cluster, distance, usual } = *nearest;
    let members = clusters.members(cluster).len();
    let modes = clusters.shared(cluster, Part::Modes);
    let marked = modes.first().map(|mode| format!(", most marked by {}", mode.code.replace('_', " ")));
    let line = Line::new().plain(format!(
        "Nearest of {}: number {}, {}{}; distance {distance:.2}, ",
        Count(clusters.count(), "cluster"),
        cluster + 1,
        Count(members, "case"),
        marked.unwrap_or_default()
    ));
    if nearest.is_far() {
        line.with(Tone::Warn, "which is far").plain(format!(
            ": 95 % of its cases lie within {usual:.2} of the others, so no documented kind of failure is really like this."
        ))
    } else {
        line.plain(format!("which is usual: 95 % of its cases lie within {usual:.2} of the others."))
    }
}

/// Says what a source reports to have been done; what coders only proposed is in the case itself.
fn what_they_did(case: &Case) -> String {
    let done = case.remedies.iter().filter(|remedy| remedy.reported);
    let done: Vec<String> = done
        .map(|remedy| match &remedy.effect {
            Some(effect) => format!("{} ({effect})", remedy.what),
            None => remedy.what.clone(),
        })
        .collect();
    if done.is_empty() { "the source does not say".to_owned() } else { done.join("; ") }
}
