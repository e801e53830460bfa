//! Where a pilot stands among the documented failures.

use super::clustering::Clustering;
use super::distances::to_centre;
use super::item::{Item, Part};
use super::of_case::of_case;
use super::space::{Basis, View};
use crate::corpus::{Corpus, built_in_texts, read_corpus};
use crate::metrics::{Undefined, quantile};
use crate::source::SourceMap;
use std::sync::OnceLock;

/// Cases that are told of.
const NEAREST: usize = 3;

/// What a pilot resembles.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// The cluster whose centre is nearest.
    pub cluster: Nearest,
    /// The nearest cases that have a mode or factor in common with it, the nearest first, then by name; at most three.
    pub cases: Vec<Alike>,
}

/// A cluster and how far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// The cluster, from 0.
    pub cluster: usize,
    /// Distance to its centre.
    pub distance: f64,
    /// The 95th percentile of its members' distances to it, each to the centre of the others.
    pub usual: f64,
}

impl Nearest {
    /// Tells whether it is farther away than 95 % of the members are.
    pub fn is_far(&self) -> bool {
        self.distance > self.usual
    }
}

/// A case and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// Its place among the clustering's items.
    pub item: usize,
    /// Its distance.
    pub distance: f64,
    /// Modes and factors of both.
    pub shared: Vec<String>,
}

impl Likeness {
    /// Finds what an item resembles.
    ///
    /// # Errors
    /// Undefined where too little is known of the item, or where it has no mode and no factor in common with any.
    pub fn of(item: &Item, among: &Clustering) -> Result<Self, Undefined> {
        // A cause alone is no failure: a model that does well may have been made at one site, too.
        if !among.view.suffices(item) {
            return Err(Undefined::new("nothing that was measured or answered speaks for a failure mode"));
        }
        let distance = |other: &Item| among.space.between(item, other);
        let distances: Vec<f64> = among.items.iter().map(|other| distance(other).unwrap_or(f64::INFINITY)).collect();
        let mut cases: Vec<Alike> = Vec::new();
        for (place, other) in among.items.iter().enumerate() {
            let has = |part: Part, code: &str| other.codes(part).any(|known| known == code);
            let codes = [Part::Modes, Part::Factors].map(|part| item.codes(part).filter(move |code| has(part, code)));
            let shared: Vec<String> = codes.into_iter().flatten().map(str::to_owned).collect();
            if !shared.is_empty() {
                cases.push(Alike { item: place, distance: distances[place], shared });
            }
        }
        if cases.is_empty() {
            return Err(Undefined::new("no documented failure has a mode or a cause in common with it"));
        }
        cases.sort_by(|left, right| left.distance.total_cmp(&right.distance));
        cases.truncate(NEAREST);
        let to_cluster = |cluster: usize| {
            let members = among.members(cluster);
            let to_members: Vec<f64> = members.iter().map(|member| distances[*member]).collect();
            (cluster, to_centre(&to_members, among.distances.spread(&members)))
        };
        let nearest = (0..among.count()).map(to_cluster).min_by(|left, right| left.1.total_cmp(&right.1));
        let (cluster, distance) = nearest.unwrap_or_default();
        Ok(Self { cluster: Nearest { cluster, distance, usual: usual(among, cluster) }, cases })
    }
}

/// Returns the 95th percentile of the members' distances to a cluster. Each is held against the others alone, since a
/// newcomer has not drawn the centre towards itself either.
fn usual(among: &Clustering, cluster: usize) -> f64 {
    let members = among.members(cluster);
    let spread = among.distances.spread(&members);
    let to_others = |member: &usize| {
        let others = members.iter().filter(|other| *other != member);
        let to_others: Vec<f64> = others.map(|other| among.distances.between(*member, *other)).collect();
        // Without the pairs that the member itself is in.
        let own: f64 = to_others.iter().map(|distance| distance * distance).sum();
        (!to_others.is_empty()).then(|| to_centre(&to_others, spread - 2.0 * own))
    };
    let mut found: Vec<f64> = members.iter().filter_map(to_others).collect();
    found.sort_unstable_by(f64::total_cmp);
    // The only member of a cluster is its centre.
    if found.is_empty() { 0.0 } else { quantile(&found, 0.95) }
}

/// Returns the cases inside the program and their clusters in the coded view, worked out once, when first asked for.
pub fn built_in() -> Option<&'static (Corpus, Clustering)> {
    static BUILT_IN: OnceLock<Option<(Corpus, Clustering)>> = OnceLock::new();
    let found = BUILT_IN.get_or_init(|| {
        let (corpus, _) = read_corpus(built_in_texts(), &mut SourceMap::default());
        let items = corpus.cases.iter().map(of_case).collect();
        let clustering = Clustering::of(View::of(Basis::Coded), items).ok()?;
        Some((corpus, clustering))
    });
    found.as_ref()
}
