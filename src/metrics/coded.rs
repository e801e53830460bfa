//! Agreement of coders who put units into categories: the statistics of the ratings, for other rooms.
//!
//! A unit is one decision, such as the domain of a case, or whether a case shows a mode. Units of one case stand or
//! fall together, so intervals come from drawing cases again and not units.

use super::outcome::Found;
use super::statistics::agreement::{self, Item};
use super::statistics::resample;
use super::{Interval, Options, Undefined};

/// One decision, as every coder made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodedUnit {
    /// The case that it is about, counted from 0.
    pub case: usize,
    /// The category that each coder chose, counted from 0; none where a coder made no choice.
    pub categories: Vec<Option<usize>>,
}

/// A figure with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistic {
    /// The value.
    pub value: f64,
    /// Where the true value may lie; none where there are too few cases.
    pub interval: Option<Interval>,
    /// Units that it rests on.
    pub n: u64,
}

/// Returns Cohen's kappa of two coders, given by their places, over the units that both decided.
///
/// # Errors
/// No unit was decided by both, or both chose one and the same category throughout.
///
/// # Source
/// Cohen (1960), without weights.
pub fn cohens_kappa(
    units: &[CodedUnit],
    coders: (usize, usize),
    options: &Options,
    name: &str,
) -> Result<Statistic, Undefined> {
    let of = |unit: &CodedUnit, coder: usize| unit.categories.get(coder).copied().flatten();
    let pairs: Vec<CodedUnit> = units
        .iter()
        .map(|unit| CodedUnit { case: unit.case, categories: vec![of(unit, coders.0), of(unit, coders.1)] })
        .collect();
    over(&pairs, &|items, times| agreement::cohen(items, times, "none"), options, name)
}

/// Returns Krippendorff's nominal alpha of any number of coders; units with fewer than two decisions are left out.
///
/// # Errors
/// No unit was decided by two coders, or all chose one and the same category throughout.
///
/// # Source
/// Krippendorff (2011), Computing Krippendorff's alpha-reliability.
pub fn krippendorffs_alpha(units: &[CodedUnit], options: &Options, name: &str) -> Result<Statistic, Undefined> {
    over(units, &|items, times| agreement::alpha(items, times, "nominal"), options, name)
}

/// Returns the share of pairs of decisions that are equal, the mean over units with at least two. It has no interval.
///
/// # Errors
/// No unit was decided by two coders.
pub fn equal_share(units: &[CodedUnit]) -> Result<Statistic, Undefined> {
    let (items, _) = items(units);
    if items.is_empty() {
        return Err(nobody());
    }
    let found = agreement::equal_share(&items, &vec![1; items.len()])?;
    Ok(Statistic { value: found.value, interval: None, n: items.len() as u64 })
}

fn nobody() -> Undefined {
    Undefined::new("nothing was decided by two coders")
}

/// Returns the units that two coders decided, and the case of each.
fn items(units: &[CodedUnit]) -> (Vec<Item>, Vec<usize>) {
    let levels = units.iter().flat_map(|unit| &unit.categories).flatten().max().map_or(0, |most| most + 1);
    let rating = |category: &Option<usize>| category.map_or(f64::NAN, |category| (category + 1) as f64);
    let items = units.iter().map(|unit| (Item::new(unit.categories.iter().map(rating).collect(), levels), unit.case));
    items.filter(|(item, _)| item.given >= 2.0).unzip()
}

fn over(
    units: &[CodedUnit],
    statistic: &dyn Fn(&[Item], &[u32]) -> Found,
    options: &Options,
    name: &str,
) -> Result<Statistic, Undefined> {
    let (items, cases) = items(units);
    if items.is_empty() {
        return Err(nobody());
    }
    let value = statistic(&items, &vec![1; items.len()])?.value;
    let mut drawn: Vec<usize> = cases.clone();
    drawn.sort_unstable();
    drawn.dedup();
    let places: Vec<usize> = cases.iter().map(|case| drawn.partition_point(|other| other < case)).collect();
    let interval = resample::over(value, drawn.len(), options, name, |times| {
        let of_items: Vec<u32> = places.iter().map(|place| times.get(*place).copied().unwrap_or(0)).collect();
        statistic(&items, &of_items).ok().map(|outcome| outcome.value)
    });
    Ok(Statistic { value, interval, n: items.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(rows: &[&[Option<usize>]]) -> Vec<CodedUnit> {
        rows.iter().enumerate().map(|(case, row)| CodedUnit { case, categories: row.to_vec() }).collect()
    }

    #[test]
    fn by_hand_for_more_categories_than_a_scale_of_ratings_has() {
        // Seven categories, one unit of seven in dispute: equal 6/7; by chance (5 · 1 + 0 · 1 + 2 · 1) / 49 = 1/7.
        let mut rows: Vec<Vec<Option<usize>>> = (0..7).map(|category| vec![Some(category), Some(category)]).collect();
        rows[6] = vec![Some(6), Some(0)];
        let units = units(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let kappa = cohens_kappa(&units, (0, 1), &Options::default(), "k").unwrap();
        let by_chance = 1.0 / 49.0 * (2.0 + 5.0);
        assert!((kappa.value - (6.0 / 7.0 - by_chance) / (1.0 - by_chance)).abs() < 1e-12);
        let alpha = krippendorffs_alpha(&units, &Options::default(), "a").unwrap();
        // Observed 2 of 14; expected over pairs of unequal values, of 14: 1 − (3·2 + 5·2·1 + 0) / (14 · 13).
        assert!((alpha.value - (1.0 - (2.0 / 14.0) / (1.0 - 16.0 / 182.0))).abs() < 1e-12);
        assert_eq!((alpha.n, kappa.n), (7, 7));
    }

    #[test]
    fn what_only_one_coder_decided_counts_for_nothing() {
        let both = units(&[&[Some(0), Some(0)], &[Some(1), Some(1)], &[Some(0), Some(1)], &[Some(1), None]]);
        let options = Options::default();
        let alpha = krippendorffs_alpha(&both, &options, "a").unwrap();
        assert_eq!(krippendorffs_alpha(&both[..3], &options, "a").unwrap(), alpha);
        assert_eq!(alpha.n, 3);
        assert!(cohens_kappa(&units(&[&[Some(0), None]]), (0, 1), &options, "k").is_err());
        assert!(krippendorffs_alpha(&units(&[&[Some(0), Some(0)]]), &options, "a").is_err());
    }

    #[test]
    fn cases_are_drawn_and_not_units() {
        // The same units, once each of a case of its own, once in two cases that differ: the interval widens.
        let mut alone = Vec::new();
        for unit in 0..40 {
            let second = if unit < 20 { unit % 2 } else { (unit + 1) % 2 };
            alone.push(CodedUnit { case: unit, categories: vec![Some(unit % 2), Some(second)] });
        }
        let together: Vec<CodedUnit> =
            alone.iter().map(|unit| CodedUnit { case: unit.case / 20, categories: unit.categories.clone() }).collect();
        let width = |units: &[CodedUnit]| {
            let interval = cohens_kappa(units, (0, 1), &Options::default(), "k").unwrap().interval.unwrap();
            interval.high - interval.low
        };
        assert!(width(&together) > 1.5 * width(&alone));
    }
}
