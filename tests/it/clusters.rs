//! Clusters of cases and pilots: the method against others' values, what must hold of any items, and what is said.

use etiology::clusters::{
    Basis, Clustering, Distances, Item, Kind, Part, Value, View, adjusted_rand, mean_silhouette, silhouettes, ward,
};
use proptest::collection::vec;
use proptest::prelude::*;

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

/// An item of the coded view, of a handful of modes and factors, with or without a fall.
fn item() -> impl Strategy<Value = (Vec<u8>, Vec<u8>, Option<f64>)> {
    (vec(0..6u8, 1..4), vec(0..8u8, 0..4), proptest::option::of(-0.2..0.6f64))
}

fn items(drawn: &[(Vec<u8>, Vec<u8>, Option<f64>)]) -> Vec<Item> {
    let codes = |codes: &[u8], what: &str| Value::codes(codes.iter().map(|code| (format!("{what}{code}"), 1.0)));
    let one = |(place, (modes, factors, fall)): (usize, &(Vec<u8>, Vec<u8>, Option<f64>))| Item {
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
        let sizes: Vec<usize> = (0..found.len()).map(|cluster| found.members(cluster).len()).collect();
        prop_assert_eq!(sizes.iter().sum::<usize>(), drawn.len());
        prop_assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]), "the largest first: {:?}", sizes);
        prop_assert!(found.silhouettes.iter().all(|value| (-1.0..=1.0).contains(value)));
        let best = found.tried.iter().map(|(_, score)| *score).fold(f64::NEG_INFINITY, f64::max);
        let first = found.tried.iter().find(|(_, score)| *score >= best).unwrap().0;
        prop_assert_eq!(found.len(), first, "the smallest of the best");
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
        let total: f64 = all.iter().map(|item| distances.to_centre(&all, &to_all(*item)).powi(2)).sum();
        prop_assert!((added - total).abs() < 1e-9 * (1.0 + total), "{} {}", added, total);
    }
}
