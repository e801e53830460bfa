//! Clusters for programs.

use super::clustering::Clustering;
use super::compared::{Compared, compared};
use super::item::{Item, Kind, Part};
use super::stability::Stability;
use serde_json::{Value, json};

/// Returns clusters as `etiology.clusters/1`. Clusters are numbered from 1, as for people.
pub fn json(clustering: &Clustering, stability: &Stability) -> Value {
    let names = |places: Vec<usize>| places.into_iter().map(|place| clustering.items[place].name.clone());
    let items = clustering.items.iter().zip(&clustering.labels).zip(&clustering.silhouettes);
    let items = items.map(|((item, label), silhouette)| {
        json!({ "name": item.name, "kind": kind(item), "cluster": label + 1, "silhouette": silhouette })
    });
    let joins = clustering
        .tree
        .joins
        .iter()
        .map(|join| json!({ "groups": [join.groups.0, join.groups.1], "height": join.height, "size": join.size }));
    json!({
        "format": "etiology.clusters/1",
        "view": clustering.view.basis.name(),
        "parts": clustering.view.parts().into_iter().map(Part::name).collect::<Vec<_>>(),
        "method": "ward",
        "items": items.collect::<Vec<_>>(),
        "left_out": clustering.left_out.iter().map(|item| {
            json!({ "name": item.name, "kind": kind(item) })
        }).collect::<Vec<_>>(),
        "known": known(&clustering.known(), clustering.items.len() + clustering.left_out.len()),
        "joins": joins.collect::<Vec<_>>(),
        "tried": clustering.tried.iter().map(|(clusters, silhouette)| {
            json!({ "clusters": clusters, "silhouette": silhouette })
        }).collect::<Vec<_>>(),
        "silhouette": clustering.silhouette(),
        "stability": {
            "adjusted_rand": stability.mean, "low": stability.low, "high": stability.high,
            "draws": stability.draws, "seed": stability.seed,
        },
        "clusters": (0..clustering.count()).map(|cluster| json!({
            "cluster": cluster + 1,
            "size": clustering.members(cluster).len(),
            "silhouette": clustering.silhouette_of(cluster),
            "shared": shared(clustering, cluster),
            "means": means(clustering, cluster),
            "nearest_to_centre": names(
                clustering.from_the_centre(cluster).into_iter().take(3).map(|(item, _)| item).collect()
            ).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "compared": compared(clustering).iter().map(beside).collect::<Vec<_>>(),
    })
}

fn kind(item: &Item) -> &'static str {
    match item.kind {
        Kind::Case => "case",
        Kind::Pilot => "pilot",
    }
}

fn known(known: &[(Part, usize)], items: usize) -> Vec<Value> {
    known.iter().map(|(part, n)| json!({ "part": part.name(), "known": n, "missing": items - n })).collect()
}

fn shared(clustering: &Clustering, cluster: usize) -> Vec<Value> {
    let parts = clustering.view.parts();
    let found = parts.into_iter().flat_map(|part| clustering.shared(cluster, part));
    found
        .map(|found| {
            json!({
                "part": found.part.name(), "code": found.code,
                "inside": found.inside, "everywhere": found.everywhere,
            })
        })
        .collect()
}

fn means(clustering: &Clustering, cluster: usize) -> Vec<Value> {
    let of = |part: Part| Some((part, clustering.mean_of(cluster, part)?));
    let found = clustering.view.parts().into_iter().filter_map(of);
    found.map(|(part, (mean, known))| json!({ "part": part.name(), "mean": mean, "known": known })).collect()
}

fn beside(compared: &Compared) -> Value {
    let rows = compared.table.rows.iter().map(|(label, counts)| json!({ "label": label, "counts": counts }));
    json!({
        "with": compared.label, "items": compared.items, "adjusted_rand": compared.adjusted_rand,
        "by_cluster": rows.collect::<Vec<_>>(),
    })
}
