//! The pilot's tables in the shapes that the metrics need: sorted once, divided into groups once.

pub(super) mod radix;

use super::MetricRequest;
use super::privacy::suppression::{self, Shown};
use super::registry::{Measure, MetricIndex, RowMeasure, ShiftMeasure};
use super::statistics::sums;
use crate::table::{Groups, Part, PilotSpec, Roles, TableRole};
use radix::{key, sort_by_key, unkey};
use rayon::prelude::*;

/// Rows in ascending order of score; events after non-events where scores are equal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    pub n: usize,
    /// Empty where there is no score.
    pub score: Vec<f64>,
    /// 0 or 1 for each row in the same order; empty where there is no label.
    pub event: Vec<u8>,
    /// The logit of each score; empty unless it is needed and every score is inside 0..1.
    pub logit: Vec<f64>,
    /// How much each row counts, in the same order; empty where every row counts once.
    pub weight: Vec<f64>,
    pub has_score: bool,
    pub has_label: bool,
    pub events: u64,
}

impl Sample {
    fn new(score: Option<Vec<f64>>, event: Option<Vec<u8>>, weight: Vec<f64>, n: usize, logits: bool) -> Self {
        let logit = match &score {
            Some(score) if logits && inside(score) => {
                score.par_iter().with_min_len(sums::PIECE).map(|score| (score / (1.0 - score)).ln()).collect()
            }
            _ => Vec::new(),
        };
        let events = event.as_ref().map_or(0, |event| event.iter().map(|event| u64::from(*event)).sum());
        Self {
            n,
            has_score: score.is_some(),
            has_label: event.is_some(),
            score: score.unwrap_or_default(),
            event: event.unwrap_or_default(),
            logit,
            weight,
            events,
        }
    }

    /// Returns rows given by score and event in any order.
    pub fn of_rows(score: &[f64], event: &[u8]) -> Self {
        let (_, score, event) = sorted_rows(score, Some(event));
        let n = score.len();
        Self::new(Some(score), Some(event), Vec::new(), n, false)
    }

    /// Tells whether some rows may count more than others.
    pub fn is_weighted(&self) -> bool {
        !self.weight.is_empty()
    }

    /// Returns score, event and weight of each row of a range.
    pub fn rows(&self, rows: std::ops::Range<usize>) -> impl Iterator<Item = (f64, u8, f64)> {
        let score = self.score.get(rows.clone()).unwrap_or(&[]);
        let event = self.event.get(rows.clone()).unwrap_or(&[]);
        let weight = self.weight.get(rows).unwrap_or(&[]);
        let places = score.iter().zip(event).enumerate();
        places.map(|(place, (score, event))| (*score, *event, weight.get(place).copied().unwrap_or(1.0)))
    }

    /// Returns how much the rows of a range without the outcome count together, and its events.
    pub fn of_outcome_in(&self, rows: std::ops::Range<usize>) -> (Mass, Mass) {
        if !self.is_weighted() {
            let event = self.event.get(rows.clone()).unwrap_or(&[]);
            let events = event.iter().map(|event| u64::from(*event)).sum();
            return (Mass::of_rows(rows.len() as u64 - events), Mass::of_rows(events));
        }
        let start = rows.start;
        let [others, other_squares, events, event_squares] = sums::sum_by_piece(rows.len(), |piece| {
            let places = start + piece.start..start + piece.end;
            let weights = self.weight.get(places.clone()).unwrap_or(&[]);
            let mut total = [0.0; 4];
            for (weight, row) in weights.iter().zip(places) {
                // Without a label no row is an event.
                let place = if self.event.get(row) == Some(&1) { 2 } else { 0 };
                total[place] += weight;
                total[place + 1] += weight * weight;
            }
            total
        });
        let mass = |weight, squares| Mass { weight, squares };
        (mass(others, other_squares), mass(events, event_squares))
    }

    /// Returns how much all rows count together.
    pub fn total(&self) -> Mass {
        let (others, events) = self.of_outcome();
        others + events
    }

    /// Returns how much the rows without the outcome count together, and the events.
    pub fn of_outcome(&self) -> (Mass, Mass) {
        if self.is_weighted() {
            self.of_outcome_in(0..self.n)
        } else {
            (Mass::of_rows(self.non_events()), Mass::of_rows(self.events))
        }
    }

    /// Returns the rows with every score held inside `clip..=1 - clip`, and its logit. The order of scores
    /// stays, so the rows are still sorted.
    pub fn clipped(&self, clip: f64) -> Self {
        let score: Vec<f64> = self.score.iter().map(|score| score.clamp(clip, 1.0 - clip)).collect();
        let logit = score.iter().map(|score| (score / (1.0 - score)).ln()).collect();
        Self { score, logit, event: self.event.clone(), weight: self.weight.clone(), ..*self }
    }

    /// Returns these rows less those of `part`, which holds some of them in the same order.
    pub fn without(&self, part: &Self) -> Self {
        let mut taken = part.rows(0..part.n).peekable();
        let same = |a: &(f64, u8, f64), b: &(f64, u8, f64)| {
            a.0.total_cmp(&b.0).is_eq() && a.1 == b.1 && a.2.total_cmp(&b.2).is_eq()
        };
        let kept: Vec<_> = self.rows(0..self.n).filter(|row| taken.next_if(|next| same(next, row)).is_none()).collect();
        let (score, event) = kept.iter().map(|row| (row.0, row.1)).unzip();
        let weight = if self.is_weighted() { kept.iter().map(|row| row.2).collect() } else { Vec::new() };
        Self::new(Some(score), Some(event), weight, kept.len(), false)
    }

    pub fn non_events(&self) -> u64 {
        self.n as u64 - self.events
    }
}

/// How much rows count together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mass {
    /// The sum of their weights.
    pub weight: f64,
    /// The sum of the squares of their weights.
    pub squares: f64,
}

impl Mass {
    /// Returns the mass of rows that count once each.
    pub fn of_rows(rows: u64) -> Self {
        Self { weight: rows as f64, squares: rows as f64 }
    }

    /// Returns how many rows of equal weight would tell as much: their number where each counts once.
    ///
    /// # Source
    /// Kish (1965), section 11.7.
    pub fn effective(self) -> f64 {
        self.weight * self.weight / self.squares
    }
}

impl std::ops::Add for Mass {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { weight: self.weight + other.weight, squares: self.squares + other.squares }
    }
}

/// Tells whether every score of a sorted column has a finite logit.
fn inside(score: &[f64]) -> bool {
    score.first().is_none_or(|low| *low > 0.0) && score.last().is_none_or(|high| *high < 1.0)
}

/// One of the two tables.
#[derive(Debug)]
pub(crate) struct Side {
    pub total: Sample,
    pub attributes: Vec<Attribute>,
    /// The periods as groups, by name.
    pub periods: Option<Attribute>,
    pub members: Vec<Sample>,
    pub features: Vec<Feature>,
}

/// The groups of one attribute, by name; groups without rows are not listed.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    pub name: String,
    pub groups: Vec<Group>,
}

#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub name: String,
    pub n: u64,
    pub shown: Shown,
    /// Empty unless it is needed.
    pub sample: Sample,
}

/// A feature of one table.
#[derive(Clone, Debug)]
pub(crate) enum Feature {
    /// Sorted, missing values left out.
    Numeric { values: Vec<f64>, missing: u64, mean: f64, variance: f64 },
    /// Names and their rows, sorted by name.
    Categorical { counts: Vec<(String, u64)>, missing: u64 },
}

impl Feature {
    /// Returns rows with a value, and rows without.
    pub fn rows(&self) -> (u64, u64) {
        match self {
            Feature::Numeric { values, missing, .. } => (values.len() as u64, *missing),
            Feature::Categorical { counts, missing } => (counts.iter().map(|(_, n)| n).sum(), *missing),
        }
    }
}

/// What the requests need of one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Need {
    pub rows: bool,
    pub logits: bool,
    pub groups: bool,
    pub periods: bool,
    pub members: bool,
    pub features: bool,
}

impl Need {
    pub fn of(requests: &[MetricRequest], role: TableRole) -> Self {
        let mut need = Need::default();
        for request in requests {
            let here = request.definition.word("table") == role.as_str();
            match request.definition.measure() {
                Measure::OfRows(measure) if here => {
                    need.rows |= !matches!(measure, RowMeasure::Rows) || request.index != MetricIndex::Scalar;
                    need.logits |= matches!(measure, RowMeasure::Slope | RowMeasure::InTheLarge);
                    need.groups |= request.index == MetricIndex::Subgroup;
                    need.periods |= request.index == MetricIndex::Period;
                }
                Measure::Fairness(_) | Measure::SubgroupTest if here => need.groups = true,
                Measure::Ensemble(_) if here => need.members = true,
                Measure::Shift(ShiftMeasure::MissingRate) => need.features |= here,
                Measure::Shift(ShiftMeasure::Dsi | ShiftMeasure::DsiMax | ShiftMeasure::DriftedShare) => {
                    need.features = true
                }
                Measure::Shift(_) if request.index == MetricIndex::Scalar => need.rows = true,
                Measure::Shift(_) => need.features = true,
                _ => {}
            }
        }
        need.rows |= need.groups;
        need
    }
}

impl Side {
    pub fn new(part: &Part, roles: &Roles, need: Need, pilot: &PilotSpec) -> Self {
        let ((total, attributes, periods), (members, features)) = rayon::join(
            || {
                let sorted = Sorted::new(part, need.rows);
                let (attributes, periods) = attributes(part, roles, &sorted, need, pilot.min_cell);
                (sorted.into_sample(part.rows, need.logits), attributes, periods)
            },
            || {
                let members = if need.members { members(part) } else { Vec::new() };
                let features = if need.features { features(part) } else { Vec::new() };
                (members, features)
            },
        );
        Self { total, attributes, periods, members, features }
    }
}

/// Returns a sample of scores and labels in any order.
pub(crate) fn sample_of(score: &[f64], label: Option<&[u8]>) -> Sample {
    let (_, sorted, event) = sorted_rows(score, label);
    Sample::new(Some(sorted), label.map(|_| event), Vec::new(), score.len(), false)
}

/// The rows of a table in the order of their score.
struct Sorted {
    /// Positions in the table, in that order; empty where the table was not sorted.
    order: Vec<u32>,
    score: Option<Vec<f64>>,
    event: Option<Vec<u8>>,
    weight: Option<Vec<f64>>,
}

impl Sorted {
    fn new(part: &Part, wanted: bool) -> Self {
        let label = part.label.as_deref();
        match part.score.as_deref() {
            Some(score) if wanted => {
                let (order, score, event) = sorted_rows(score, label);
                let at = |weight: &[f64], row: &u32| weight.get(*row as usize).copied().unwrap_or(1.0);
                let weight = part.weight.as_deref().map(|weight| order.iter().map(|row| at(weight, row)).collect());
                Self { order, score: Some(score), event: label.map(|_| event), weight }
            }
            _ => Self {
                order: Vec::new(),
                score: None,
                event: label.map(<[u8]>::to_vec),
                weight: part.weight.as_deref().map(<[f64]>::to_vec),
            },
        }
    }

    fn into_sample(self, n: usize, logits: bool) -> Sample {
        Sample::new(self.score, self.event, self.weight.unwrap_or_default(), n, logits)
    }
}

/// Returns positions, scores and events in ascending order of score, then event, then position.
fn sorted_rows(score: &[f64], label: Option<&[u8]>) -> (Vec<u32>, Vec<f64>, Vec<u8>) {
    // The sort keeps the order of equal scores, so non-events are put first.
    let rows_with = |wanted: u8| {
        score.iter().enumerate().filter_map(move |(row, score)| {
            let event = label.and_then(|label| label.get(row)).copied().unwrap_or(0);
            (event == wanted).then(|| (key(*score), row as u32))
        })
    };
    let mut rows: Vec<(u64, u32)> = Vec::with_capacity(score.len());
    rows.extend(rows_with(0));
    let others = rows.len() as u32;
    rows.extend(rows_with(1));
    // Until the sort is over, a row goes by its place in that list, which tells its event.
    let original: Vec<u32> = rows.iter().map(|row| row.1).collect();
    for (row, place) in rows.iter_mut().zip(0..) {
        row.1 = place;
    }
    let rows = sort_by_key(rows, |row| row.0);
    let order = rows.iter().map(|row| original.get(row.1 as usize).copied().unwrap_or(0)).collect();
    let sorted = rows.iter().map(|row| unkey(row.0)).collect();
    let events = rows.iter().map(|row| u8::from(row.1 >= others)).collect();
    (order, sorted, events)
}

/// Returns the attributes, and the periods where they are needed. A period may lie within a group, as of a site that
/// came late, so all of them are tied together.
fn attributes(
    part: &Part,
    roles: &Roles,
    sorted: &Sorted,
    need: Need,
    min_cell: u64,
) -> (Vec<Attribute>, Option<Attribute>) {
    let tied: Vec<&Groups> = part.groups.iter().chain(&part.period).chain(&part.margins).collect();
    let mut shown = suppression::shown(&tied, part.margins.len(), min_cell);
    let of_periods = if part.period.is_some() { shown.remove(part.groups.len()) } else { Vec::new() };
    let periods = part.period.as_ref().filter(|_| need.periods);
    let periods = periods.map(|column| attribute("period", column, sorted, need, true, of_periods));
    let names: Vec<&str> = roles.attributes().collect();
    let columns = names.par_iter().zip(&part.groups).zip(shown);
    let attributes = columns.map(|((name, column), shown)| attribute(name, column, sorted, need, need.groups, shown));
    (attributes.collect(), periods)
}

/// Returns a column's groups, with their rows where `divide` says so.
fn attribute(name: &str, column: &Groups, sorted: &Sorted, need: Need, divide: bool, shown: Vec<Shown>) -> Attribute {
    let (counts, _) = column.counts();
    let samples = if divide { divided(column, &counts, sorted, need.logits) } else { Vec::new() };
    let mut samples = samples.into_iter();
    let groups = column.names.iter().zip(&counts).zip(shown).map(|((name, n), shown)| Group {
        name: name.clone(),
        n: *n,
        shown,
        sample: samples.next().unwrap_or_default(),
    });
    Attribute { name: name.to_owned(), groups: groups.filter(|group| group.n > 0).collect() }
}

/// Returns the rows of each group, still sorted by score.
fn divided(column: &Groups, counts: &[u64], sorted: &Sorted, logits: bool) -> Vec<Sample> {
    let sizes: Vec<usize> = counts.iter().map(|count| usize::try_from(*count).unwrap_or(0)).collect();
    let mut scores: Vec<Vec<f64>> = sizes.iter().map(|size| Vec::with_capacity(*size)).collect();
    let mut events: Vec<Vec<u8>> = scores.iter().map(|scores| Vec::with_capacity(scores.capacity())).collect();
    let mut weights: Vec<Vec<f64>> = vec![Vec::new(); sizes.len()];
    let row_at = |place: usize| sorted.order.get(place).map_or(place, |row| *row as usize);
    for place in 0..column.codes.len() {
        let Some(code) = column.codes.get(row_at(place)).map(|code| *code as usize) else { continue };
        if let (Some(score), Some(to)) = (sorted.score.as_ref().and_then(|all| all.get(place)), scores.get_mut(code)) {
            to.push(*score);
        }
        if let (Some(event), Some(to)) = (sorted.event.as_ref().and_then(|all| all.get(place)), events.get_mut(code)) {
            to.push(*event);
        }
        if let (Some(weight), Some(to)) = (sorted.weight.as_ref().and_then(|all| all.get(place)), weights.get_mut(code))
        {
            to.push(*weight);
        }
    }
    let (has_score, has_label) = (sorted.score.is_some(), sorted.event.is_some());
    sizes
        .into_iter()
        .zip(scores)
        .zip(events)
        .zip(weights)
        .map(|(((n, score), event), weight)| {
            Sample::new(has_score.then_some(score), has_label.then_some(event), weight, n, logits)
        })
        .collect()
}

/// Returns each member's rows sorted by its score; rows that a member lacks are left out of it.
fn members(part: &Part) -> Vec<Sample> {
    let label = part.label.as_deref();
    let of_member = |scores: &[f64]| {
        let rows_with = |wanted: u8| -> Vec<u64> {
            let rows = scores.iter().enumerate().filter(|(row, score)| {
                !score.is_nan() && label.and_then(|label| label.get(*row)).copied().unwrap_or(0) == wanted
            });
            sort_by_key(rows.map(|(_, score)| key(*score)).collect(), |key| *key)
        };
        let (score, event) = merged(&rows_with(0), &rows_with(1));
        let n = score.len();
        Sample::new(Some(score), label.map(|_| event), Vec::new(), n, false)
    };
    part.members.par_iter().map(|scores| of_member(scores)).collect()
}

/// Returns scores and events of two sorted lists in one, non-events first where scores are equal.
fn merged(others: &[u64], events: &[u64]) -> (Vec<f64>, Vec<u8>) {
    let n = others.len() + events.len();
    let (mut score, mut event) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let (mut i, mut j) = (0, 0);
    for _ in 0..n {
        let (a, b) = (others.get(i).copied(), events.get(j).copied());
        let is_event = b.unwrap_or(u64::MAX) < a.unwrap_or(u64::MAX);
        score.push(unkey(if is_event { b } else { a }.unwrap_or(0)));
        event.push(u8::from(is_event));
        i += usize::from(!is_event);
        j += usize::from(is_event);
    }
    (score, event)
}

fn features(part: &Part) -> Vec<Feature> {
    let numeric = part.numeric.par_iter().map(|column| {
        let keys = column.iter().filter(|value| !value.is_nan()).map(|value| key(*value)).collect();
        let values: Vec<f64> = sort_by_key(keys, |key| *key).into_iter().map(unkey).collect();
        let (mean, variance) = sums::mean_and_variance(&values);
        Feature::Numeric { missing: (column.len() - values.len()) as u64, values, mean, variance }
    });
    let categorical = part.categorical.par_iter().map(|column| {
        let (counts, missing) = column.counts();
        let counts = column.names.iter().cloned().zip(counts).filter(|(_, n)| *n > 0).collect();
        Feature::Categorical { counts, missing }
    });
    numeric.chain(categorical).collect()
}
