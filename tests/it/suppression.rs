//! Small groups behind sums: what is shown must not tell what is hidden.
//!
//! The attack knows every size that is shown, the number of all rows, that sizes are whole numbers, and
//! which groups lie within which. It tries every size that a hidden group could have.

use crate::pilot::{cells, csv, data, named, request, scored};
use etiology::metrics::{Evaluation, MetricIndex, OneClass, Options, evaluate};
use proptest::prelude::*;
use std::collections::BTreeMap;

const MIN_CELL: u64 = 5;

/// Returns what is shown of a table with so many rows of each sex (`F`, `M`) and age (`a`, `b`, `c`).
fn shown(sizes: &[u64]) -> Evaluation {
    let rows = sizes.iter().enumerate().flat_map(|(cell, n)| std::iter::repeat_n(cell, *n as usize));
    let rows: Vec<usize> = rows.collect();
    let text = csv(&[
        ("y", cells((0..rows.len()).map(|k| k % 2))),
        ("s", cells((0..rows.len()).map(|k| k as f64 / rows.len() as f64))),
        ("sex", cells(rows.iter().map(|cell| ["F", "M"][cell / 3]))),
        ("age", cells(rows.iter().map(|cell| ["a", "b", "c"][cell % 3]))),
    ]);
    let mut pilot = scored();
    pilot.min_cell = MIN_CELL;
    pilot.columns.groups = vec![("sex".into(), named("sex")), ("age".into(), named("age"))];
    pilot.columns.intersections = vec![("both".into(), vec![named("sex"), named("age")])];
    let options = Options { one_class: OneClass::Allow, floors: false, ..Options::default() };
    let rows = [request("rows", MetricIndex::Subgroup, &[])];
    evaluate(&pilot, vec![data("d.csv", text)], &rows, &options).unwrap()
}

/// Returns for each hidden size the least and the most that it can be, found by trying all tables.
fn attack(sizes: &[u64], found: &Evaluation) -> Vec<(String, u64, u64)> {
    let total: u64 = sizes.iter().sum();
    let known: BTreeMap<&str, Option<u64>> = found.subgroups.iter().map(|group| (group.id.as_str(), group.n)).collect();
    let names: Vec<String> =
        (0..6).map(|k| format!("both={}, {}", ["F", "M"][k / 3], ["a", "b", "c"][k % 3])).collect();
    // A group that is not listed at all has no rows, and that is no secret.
    let size_of = |name: &str| known.get(name).copied().unwrap_or(Some(0));
    let mut ranges: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut table = [0u64; 6];
    let mut see = |name: &str, n: u64| {
        if size_of(name).is_none() {
            let range = ranges.entry(name.to_owned()).or_insert((n, n));
            *range = (range.0.min(n), range.1.max(n));
        }
    };
    let mut fill = |table: &[u64; 6]| {
        let sums = [
            ("sex=F", table[0] + table[1] + table[2]),
            ("sex=M", table[3] + table[4] + table[5]),
            ("age=a", table[0] + table[3]),
            ("age=b", table[1] + table[4]),
            ("age=c", table[2] + table[5]),
        ];
        if sums.iter().all(|(name, n)| size_of(name).is_none_or(|known| known == *n)) {
            sums.iter().for_each(|(name, n)| see(name, *n));
            names.iter().zip(table).for_each(|(name, n)| see(name, *n));
        }
    };
    each_table(0, total, &names.iter().map(|name| size_of(name)).collect::<Vec<_>>(), &mut table, &mut fill);
    ranges.into_iter().map(|(name, (low, high))| (name, low, high)).collect()
}

fn each_table(cell: usize, left: u64, known: &[Option<u64>], table: &mut [u64; 6], fill: &mut impl FnMut(&[u64; 6])) {
    if cell == 5 {
        table[5] = left;
        if known[5].is_none_or(|known| known == left) {
            fill(table);
        }
        return;
    }
    let sizes = match known[cell] {
        Some(size) if size > left => return,
        Some(size) => size..=size,
        None => 0..=left,
    };
    for size in sizes {
        table[cell] = size;
        each_table(cell + 1, left - size, known, table, fill);
    }
}

#[track_caller]
fn check(sizes: &[u64]) -> usize {
    let found = shown(sizes);
    let hidden = attack(sizes, &found);
    let all_hidden = found.subgroups.iter().all(|group| group.n.is_none());
    for (name, low, high) in &hidden {
        assert!(all_hidden || high - low >= MIN_CELL, "{name} is between {low} and {high}: {sizes:?}");
    }
    let small = found.subgroups.iter().filter(|group| group.n.is_some_and(|n| n < MIN_CELL)).count();
    assert_eq!(small, 0, "{sizes:?}");
    hidden.len()
}

#[test]
fn a_small_group_of_an_intersection_cannot_be_told_from_its_margins() {
    // Hiding `F, a` alone, or with one other, would leave it known from the rows of F and of a.
    assert!(check(&[2, 8, 8, 8, 8, 8]) >= 4);
    assert_eq!(check(&[9, 9, 9, 9, 9, 9]), 0);
    check(&[2, 3, 8, 9, 8, 4]);
    check(&[1, 0, 0, 0, 12, 12]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_size_can_be_told(sizes in proptest::collection::vec(0u64..16, 6)) {
        prop_assume!(sizes.iter().sum::<u64>() > 0);
        check(&sizes);
    }
}

/// Hundreds of small groups: the attribute that holds them goes, and those around it stay.
#[test]
fn many_small_groups_hide_their_attribute_and_no_other() {
    let text = csv(&[
        ("y", cells((0..1200).map(|k| k % 2))),
        ("s", cells((0..1200).map(|k| f64::from(k) / 1200.0))),
        ("sex", cells((0..1200).map(|k| k % 2))),
        ("ward", cells((0..1200).map(|k| k % 199))),
    ]);
    let mut pilot = scored();
    pilot.min_cell = MIN_CELL;
    pilot.columns.groups = vec![("sex".into(), named("sex")), ("ward".into(), named("ward"))];
    pilot.columns.intersections = vec![("both".into(), vec![named("sex"), named("ward")])];
    let found = evaluate(&pilot, vec![data("d.csv", text)], &[], &Options::default()).unwrap();
    assert!(found.subgroups.iter().all(|group| group.n.is_none() == (group.attribute == "both")));
}

#[test]
fn an_intersection_has_one_group_for_each_pair_that_occurs() {
    let found = shown(&[20, 0, 15, 30, 10, 12]);
    let of = |id: &str| found.measurements.iter().find(|m| m.element.as_deref() == Some(id)).map(|m| m.value.clone());
    assert_eq!(of("both=F, a"), Some(Ok(20.0)));
    assert_eq!(of("both=M, c"), Some(Ok(12.0)));
    assert_eq!(of("both=F, b"), None);
    assert_eq!(found.attributes, ["sex", "age", "both"]);
}
