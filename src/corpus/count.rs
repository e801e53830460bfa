//! How many cases of each kind there are.

use super::case::Case;
use std::collections::BTreeMap;

/// Counts of cases. A case counts once under each of its modes, factors and countries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All cases.
    pub cases: usize,
    /// Headings, each with its entries, the most frequent first and by name where they are as frequent.
    pub tables: Vec<(&'static str, Vec<(String, usize)>)>,
}

/// Counts cases.
pub fn count<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Counts {
    let cases: Vec<&Case> = cases.into_iter().collect();
    let by = |names: fn(&Case) -> Vec<String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in cases.iter().flat_map(|case| names(case)) {
            *counts.entry(name).or_default() += 1;
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    };
    let tables = vec![
        ("domain", by(|case| vec![case.domain.to_owned()])),
        ("evidence", by(|case| vec![case.evidence.to_owned()])),
        ("year", by(|case| vec![case.year.to_string()])),
        ("country", by(countries)),
        ("mode", by(|case| case.modes.iter().map(|coding| coding.mode.value.clone()).collect())),
        ("factor", by(|case| case.factors().into_iter().map(str::to_owned).collect())),
        ("confidence", by(|case| vec![case.confidence.to_owned()])),
    ];
    Counts { cases: cases.len(), tables }
}

fn countries(case: &Case) -> Vec<String> {
    if case.countries.is_empty() { vec!["not stated".to_owned()] } else { case.countries.clone() }
}
