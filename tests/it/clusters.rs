//! Clusters of cases and pilots: the method against others' values, what must hold of any items, and what is said.

use crate::program::{Folder, run, snapshot};
use etiology::clusters::{
    Basis, Clustering, Distances, Item, Kind, Likeness, Part, Value, View, adjusted_rand, built_in, dendrogram,
    mean_silhouette, silhouettes, to_centre, ward,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value as Json;

const POINTS: [[f64; 2]; 8] =
    [[0.0, 0.0], [0.5, 0.1], [4.0, 4.0], [4.2, 3.7], [9.0, 0.0], [8.6, 0.9], [8.1, 0.3], [0.2, 1.1]];

fn distances(points: &[[f64; 2]]) -> Distances {
    Distances::euclidean(&points.iter().map(|point| point.to_vec()).collect::<Vec<_>>())
}

#[track_caller]
fn close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }
}

/// `scipy.cluster.hierarchy.linkage(X, "ward")` and `sklearn.metrics`, scipy 1.17.1.
#[test]
fn heights_cuts_and_silhouettes_are_those_of_scipy_and_scikit_learn() {
    let distances = distances(&POINTS);
    let tree = ward(&distances);
    let heights: Vec<f64> = tree.joins.iter().map(|join| join.height).collect();
    close(
        &heights,
        &[
            0.3605551275463989,
            0.5099019513592785,
            0.7810249675906655,
            1.021436896402971,
            1.2138094304022082,
            8.027992692240487,
            13.41127013622001,
        ],
    );
    let groups: Vec<(usize, usize)> = tree.joins.iter().map(|join| join.groups).collect();
    assert_eq!(groups, [(2, 3), (0, 1), (5, 6), (4, 10), (7, 9), (8, 12), (11, 13)]);
    for (k, labels, mean) in [
        (2, [0, 0, 0, 0, 1, 1, 1, 0], 0.640047092437935),
        (3, [0, 0, 1, 1, 2, 2, 2, 0], 0.8575036429097395),
        (4, [0, 0, 1, 1, 2, 2, 2, 3], 0.6779506965132343),
    ] {
        assert_eq!(tree.cut(k), labels);
        close(&[mean_silhouette(&distances, &labels).unwrap()], &[mean]);
    }
    let each = silhouettes(&distances, &tree.cut(4)).unwrap();
    close(&each[..3], &[0.5439298299603448, 0.511602508102526, 0.924572697918171]);
    close(&each[7..], &[0.0]);
}

#[test]
fn silhouettes_are_refused_where_there_is_nothing_to_compare() {
    let distances = distances(&POINTS[..3]);
    let one = silhouettes(&distances, &[0, 0, 0]).unwrap_err();
    assert!(one.reason.contains("one cluster"), "{one}");
    let each = silhouettes(&distances, &[0, 1, 2]).unwrap_err();
    assert!(each.reason.contains("of its own"), "{each}");
}

/// `sklearn.metrics.adjusted_rand_score`.
#[test]
fn the_adjusted_rand_index_is_that_of_scikit_learn() {
    close(&[adjusted_rand(&[0, 0, 1, 1, 2, 2, 2], &[0, 0, 1, 2, 2, 2, 1])], &[0.2125]);
    close(&[adjusted_rand(&[0, 0, 0, 1, 1, 1], &[0, 1, 2, 0, 1, 2])], &[-0.363_636_363_636_363_65]);
    close(&[adjusted_rand(&["a", "a", "b"], &[7, 7, 3])], &[1.0]);
}

/// The modes and factors of an item, by number, and the fall of a figure.
type Drawn = (Vec<u8>, Vec<u8>, Option<f64>);

/// An item of the coded view, of a handful of modes and factors, with or without a fall.
fn item() -> impl Strategy<Value = Drawn> {
    (vec(0..6u8, 1..4), vec(0..8u8, 0..4), proptest::option::of(-0.2..0.6f64))
}

fn items(drawn: &[Drawn]) -> Vec<Item> {
    let codes = |codes: &[u8], what: &str| Value::codes(codes.iter().map(|code| (format!("{what}{code}"), 1.0)));
    let one = |(place, (modes, factors, fall)): (usize, &Drawn)| Item {
        name: format!("case-{place:02}"),
        title: String::new(),
        kind: Kind::Case,
        values: [
            (Part::Modes, codes(modes, "mode")),
            (Part::Factors, codes(factors, "factor")),
            (Part::Degradation, fall.map(Value::Number)),
        ]
        .into_iter()
        .filter_map(|(part, value)| Some((part, value?)))
        .collect(),
        labels: Vec::new(),
    };
    drawn.iter().enumerate().map(one).collect()
}

proptest! {
    #[test]
    fn the_order_of_cases_does_not_matter(drawn in vec(item(), 3..24), seed in 0..1000u64) {
        let items = items(&drawn);
        let mut mixed = items.clone();
        mixed.sort_by_key(|item| item.name.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31) ^ u64::from(byte)) % 97);
        let view = View::of(Basis::Coded);
        prop_assert_eq!(Clustering::of(view.clone(), items), Clustering::of(view, mixed));
    }

    #[test]
    fn a_clustering_is_whole(drawn in vec(item(), 3..24), seed in 0..1000u64) {
        let found = Clustering::of(View::of(Basis::Coded), items(&drawn)).unwrap();
        let heights: Vec<f64> = found.tree.joins.iter().map(|join| join.height).collect();
        prop_assert!(heights.windows(2).all(|pair| pair[0] <= pair[1]), "joins rise: {:?}", heights);
        prop_assert_eq!(found.tree.joins.last().unwrap().size, drawn.len());
        let sizes: Vec<usize> = (0..found.count()).map(|cluster| found.members(cluster).len()).collect();
        prop_assert_eq!(sizes.iter().sum::<usize>(), drawn.len());
        prop_assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]), "the largest first: {:?}", sizes);
        prop_assert!(found.silhouettes.iter().all(|value| (-1.0..=1.0).contains(value)));
        let best = found.tried.iter().map(|(_, score)| *score).fold(f64::NEG_INFINITY, f64::max);
        let first = found.tried.iter().find(|(_, score)| *score >= best).unwrap().0;
        prop_assert_eq!(found.count(), first, "the smallest of the best");
        let stability = found.stability(20, seed);
        prop_assert!(stability.low <= stability.high && stability.high <= 1.0, "{:?}", stability);
    }

    #[test]
    fn agreement_is_symmetric_and_whole_with_itself(pairs in vec((0..4u8, 0..4u8), 1..40)) {
        let (left, right): (Vec<u8>, Vec<u8>) = pairs.into_iter().unzip();
        let (there, back) = (adjusted_rand(&left, &right), adjusted_rand(&right, &left));
        prop_assert!((there - back).abs() < 1e-12 && there <= 1.0, "{} {}", there, back);
        prop_assert!((adjusted_rand(&left, &left) - 1.0).abs() < 1e-12);
        let renamed: Vec<u8> = left.iter().map(|label| 9 - label).collect();
        prop_assert!((adjusted_rand(&left, &renamed) - 1.0).abs() < 1e-12, "names do not matter");
    }

    #[test]
    fn heights_are_what_joining_adds_to_the_sum_of_squares(points in vec((-5.0..5.0f64, -5.0..5.0f64), 3..20)) {
        let points: Vec<Vec<f64>> = points.into_iter().map(|(x, y)| vec![x, y]).collect();
        let distances = Distances::euclidean(&points);
        let added: f64 = ward(&distances).joins.iter().map(|join| join.height.powi(2) / 2.0).sum();
        let all: Vec<usize> = (0..points.len()).collect();
        let to_all = |item: usize| all.iter().map(|other| distances.between(item, *other)).collect::<Vec<_>>();
        let spread = distances.spread(&all);
        let total: f64 = all.iter().map(|item| to_centre(&to_all(*item), spread).powi(2)).sum();
        prop_assert!((added - total).abs() < 1e-9 * (1.0 + total), "{} {}", added, total);
    }
}

#[test]
fn the_corpus_in_clusters() {
    let found = run(&["clusters"]);
    assert_eq!((found.status, found.stderr.as_str()), (0, ""));
    snapshot("clusters-coded", &found.stdout);
}

const PILOTS: [&str; 3] =
    ["examples/breast-cytology-control", "examples/covid-testing-later-weeks", "examples/lung-nodules-second-release"];

#[test]
fn pilots_are_sorted_by_what_was_measured_and_nothing_missing_is_hidden() {
    let found = run(&[&["clusters", "--view", "measured"][..], &PILOTS].concat());
    assert_eq!((found.status, found.stderr.as_str()), (0, ""));
    snapshot("clusters-measured", &found.stdout);
    let json = run(&[&["clusters", "--view", "measured", "--format", "json"][..], &PILOTS].concat()).stdout;
    let json: Json = serde_json::from_str(&json).unwrap();
    let all = json["items"].as_array().unwrap().len() + json["left_out"].as_array().unwrap().len();
    for part in json["known"].as_array().unwrap() {
        assert_eq!(part["known"].as_u64().unwrap() + part["missing"].as_u64().unwrap(), all as u64, "{part}");
    }
}

#[test]
fn pilots_and_cases_are_sorted_together() {
    let found = run(&[&["clusters", "--format", "json", "--draws", "3"][..], &PILOTS[1..]].concat());
    let json: Json = serde_json::from_str(&found.stdout).unwrap();
    let kinds: Vec<&str> =
        json["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds.len(), kinds.iter().filter(|kind| **kind == "pilot").count()), (158, 2));
    assert_eq!(json["joins"].as_array().unwrap().len(), 157);
    // Nobody has read a pilot and said what it is.
    assert_eq!(json["compared"][0]["items"], 156);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_the_same_clusters() {
    let of = |seed: &str| run(&["clusters", "--format", "json", "--draws", "20", "--seed", seed]).stdout;
    assert_eq!(of("7"), of("7"));
    let [first, second] = ["7", "8"].map(|seed| serde_json::from_str::<Json>(&of(seed)).unwrap());
    assert_eq!(first["items"], second["items"]);
    assert_ne!(first["stability"], second["stability"]);
}

#[test]
fn what_cannot_be_sorted_is_refused_with_the_reason() {
    let case = std::fs::read("cases/epic-sepsis-michigan-2021.yaml").unwrap();
    let one = Folder::with(&[("epic-sepsis-michigan-2021.yaml", &case)]);
    let bare = Folder::with(&[("deployment.yaml", b"deployment: {id: bare}\npack: healthcare\n")]);
    let (one, bare) = (one.path().to_str().unwrap(), bare.path().to_str().unwrap());
    for (arguments, status, said) in [
        (&["--cases", one][..], 2, "1 item known well enough, and clusters need 3"),
        (&["--cases", one, bare], 2, "1 item known well enough"),
        (&["--view", "measured"], 2, "shift index (DSI) 0"),
        (&["--view", "measured", bare], 2, "name three or more deployments with pilot tables"),
        (&[PILOTS[0], PILOTS[0]], 2, "`breast-wdbc-sham-site` is there twice"),
        (&["no-such-folder"], 2, "there is no folder `no-such-folder`"),
        (&["--cases", "no-such-folder"], 2, "X001"),
        (&["--view", "codet"], 2, "coded"),
        (&["--draws", "0"], 2, "1..=10000"),
    ] {
        let found = run(&[&["clusters"], arguments].concat());
        let words = found.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert_eq!((found.status, found.stdout.as_str()), (status, ""), "{arguments:?}: {}", found.stderr);
        assert!(words.contains(said), "{arguments:?}: {words}");
    }
}

#[test]
fn the_dendrogram_names_every_item_and_says_in_words_what_it_shows() {
    let folder = Folder::with(&[]);
    let file = folder.path().join("tree.svg");
    let arguments = ["clusters", "--draws", "1", "--dendrogram", file.to_str().unwrap()];
    assert_eq!(run(&arguments).status, 0);
    let svg = std::fs::read_to_string(&file).unwrap();
    for name in built_in().unwrap().0.names() {
        assert!(svg.contains(&format!(">{name}</text>")), "{name}");
    }
    assert!(!svg.contains("NaN"));
    assert_eq!(svg.matches("class=\"bracket\"").count(), 155);
    let said = svg.split_once("<desc id=\"desc\">").unwrap().1.split_once("</desc>").unwrap().0;
    snapshot("clusters-dendrogram-said", said);
    let again = run(&arguments);
    assert_eq!((again.status, again.stdout.as_str()), (2, ""));
    assert!(again.stderr.contains("X006"), "{}", again.stderr);
}

#[test]
fn of_very_many_items_only_clusters_are_drawn() {
    let many: Vec<_> = (0..230u8).map(|place| (vec![place % 5], vec![place % 7, 7], None)).collect();
    let found = Clustering::of(View::of(Basis::Coded), items(&many)).unwrap();
    let svg = dendrogram(&found).svg;
    assert_eq!(svg.matches("class=\"bracket\"").count(), found.count() - 1);
    assert_eq!(svg.matches(" items</text>").count(), found.count());
}

#[test]
fn a_case_resembles_itself_most_and_lies_in_its_own_cluster() {
    let (_, clusters) = built_in().unwrap();
    for (place, item) in clusters.items.iter().enumerate() {
        let found = Likeness::of(item, clusters).unwrap();
        let nearest = &found.cases[0];
        assert!(nearest.distance < 1e-6, "{}: {}", item.name, nearest.distance);
        let itself = clusters.distances.between(place, nearest.item);
        assert!(itself < 1e-6, "{} and {}", item.name, clusters.items[nearest.item].name);
        assert!(found.cases.windows(2).all(|pair| pair[0].distance <= pair[1].distance));
    }
}

#[test]
fn what_resembles_nothing_is_said_to_and_what_is_far_is_called_far() {
    let (_, clusters) = built_in().unwrap();
    let of = |codes: &[&str]| Item {
        name: "new".to_owned(),
        title: String::new(),
        kind: Kind::Pilot,
        values: Value::codes(codes.iter().map(|code| ((*code).to_owned(), 1.0)))
            .map(|value| (Part::Modes, value))
            .into_iter()
            .collect(),
        labels: Vec::new(),
    };
    let unknown = Likeness::of(&of(&[]), clusters).unwrap_err();
    assert!(unknown.reason.contains("speaks for a failure mode"), "{unknown}");
    let foreign = Likeness::of(&of(&["made_up"]), clusters).unwrap_err();
    assert!(foreign.reason.contains("in common"), "{foreign}");
    let near = Likeness::of(&of(&["automation_bias"]), clusters).unwrap();
    assert!(!near.cluster.is_far(), "{near:?}");
    let strange = Likeness::of(&of(&["automation_bias", "made_up", "made_up_too", "and_again"]), clusters).unwrap();
    assert!(strange.cluster.is_far(), "{strange:?}");
}

#[test]
fn what_a_deployment_resembles_changes_no_figure() {
    let json = |command: &str| -> Json {
        serde_json::from_str(&run(&[command, PILOTS[2], "--format", "json"]).stdout).unwrap()
    };
    let assessed = json("assess");
    assert_eq!(assessed["risks"], json("risks"));
    assert_eq!(assessed["resemblance"]["cases"].as_array().unwrap().len(), 3);
    // The control is a model that does as well on the second half of one hospital's patients.
    let control: Json = serde_json::from_str(&run(&["assess", PILOTS[0], "--format", "json"]).stdout).unwrap();
    assert_eq!(control["resemblance"]["cluster"], Json::Null);
    assert!(control["resemblance"]["unknown_because"].is_string());
}
