//! One table in the shapes that the metrics need: sorted once, divided into groups once.

use super::Sample;
use super::radix::{key, sort_by_key, unkey};
use super::sorted::{Sorted, divided, members};
use crate::metrics::MetricRequest;
use crate::metrics::drift::series::names_in_time_order;
use crate::metrics::privacy::suppression::{self, Shown};
use crate::metrics::registry::{Measure, MetricIndex, RowMeasure, ShiftMeasure};
use crate::metrics::statistics::ranked::Ranked;
use crate::table::{Groups, Part, PilotSpec, Roles, TableRole, View};
use rayon::prelude::*;

/// One of the two tables.
#[derive(Debug)]
pub(crate) struct Side {
    pub total: Sample,
    pub attributes: Vec<Attribute>,
    /// The periods as groups, by name.
    pub periods: Option<Attribute>,
    /// Their names in the order of time.
    pub period_names: Vec<String>,
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
    Numeric(Numeric),
    Categorical(Categorical),
}

/// Numbers, sorted, missing values left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numeric {
    pub values: Vec<f64>,
    /// How many rows have each; empty where each value is one row.
    pub times: Vec<u64>,
    /// Whether different values were put together.
    pub is_rounded: bool,
    pub missing: u64,
}

impl Numeric {
    /// Returns the values with their rows.
    pub fn ranked(&self) -> Ranked<'_> {
        Ranked::new(&self.values, &self.times).rounded(self.is_rounded)
    }
}

/// Names and their rows, sorted by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Categorical {
    pub counts: Vec<(String, u64)>,
    pub missing: u64,
}

impl Feature {
    /// Returns rows with a value, and rows without.
    pub fn rows(&self) -> (u64, u64) {
        match self {
            Feature::Numeric(column) => (column.ranked().rows(), column.missing),
            Feature::Categorical(column) => (column.counts.iter().map(|(_, n)| n).sum(), column.missing),
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
    /// Numeric features in the order of the file, beside the sorted ones.
    pub unsorted: bool,
}

impl Need {
    pub fn of(requests: &[MetricRequest], role: TableRole) -> Self {
        let mut need = Need::default();
        for request in requests {
            let here = request.definition.word("table") == role.as_str();
            need.unsorted |=
                matches!(request.definition.measure(), Measure::Threshold(_) | Measure::Drift(_) | Measure::Kernel(_));
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
    /// Prepares what is needed of a table, and takes its numeric features where they are not needed in the order of
    /// the file: each is then let go as soon as it is sorted.
    pub fn new(part: &mut Part, roles: &Roles, need: Need, pilot: &PilotSpec) -> Self {
        let numeric = if need.unsorted { part.numeric.clone() } else { std::mem::take(&mut part.numeric) };
        let tied: Vec<&Groups> = part.tied().collect();
        let mut shown = suppression::shown(&tied, &[], part.margins.len(), pilot.min_cell);
        let of_periods = if part.period.is_some() { shown.remove(part.groups.len()) } else { Vec::new() };
        Self::with_shown(part, numeric, roles, need, shown, of_periods)
    }

    /// Returns a piece of a table, of which nothing can yet tell which groups may be shown.
    pub fn of_batch(part: &Part, roles: &Roles, need: Need) -> Self {
        let all = |column: &Groups| vec![Shown::Yes; column.names.len()];
        let of_periods = part.period.as_ref().map(all).unwrap_or_default();
        let shown = part.groups.iter().map(all).collect();
        Self::with_shown(part, part.numeric.clone(), roles, need, shown, of_periods)
    }

    fn with_shown(
        part: &Part,
        numeric: Vec<View<f64>>,
        roles: &Roles,
        need: Need,
        shown: Vec<Vec<Shown>>,
        of_periods: Vec<Shown>,
    ) -> Self {
        let ((total, attributes, periods), (members, features)) = rayon::join(
            || {
                let sorted = Sorted::new(part, need.rows);
                let periods = part.period.as_ref().filter(|_| need.periods);
                let periods = periods.map(|column| attribute("period", column, &sorted, need, true, of_periods));
                let names: Vec<&str> = roles.attributes().collect();
                let columns = names.par_iter().zip(&part.groups).zip(shown);
                let attributes =
                    columns.map(|((name, column), shown)| attribute(name, column, &sorted, need, need.groups, shown));
                let attributes = attributes.collect();
                (sorted.into_sample(part.rows, need.logits), attributes, periods)
            },
            || {
                let features = if need.features { features(part, numeric) } else { Vec::new() };
                let members = if need.members { members(part) } else { Vec::new() };
                (members, features)
            },
        );
        let period_names = part.period.as_ref().map(|column| names_in_time_order(column, &[])).unwrap_or_default();
        Self { total, attributes, periods, period_names, members, features }
    }
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

fn features(part: &Part, numeric: Vec<View<f64>>) -> Vec<Feature> {
    let numeric = numeric.into_par_iter().map(|column| {
        let keys = column.iter().filter(|value| !value.is_nan()).map(|value| key(*value)).collect();
        let values: Vec<f64> = sort_by_key(keys, |key| *key).into_iter().map(unkey).collect();
        Feature::Numeric(Numeric { missing: (column.len() - values.len()) as u64, values, ..Numeric::default() })
    });
    let categorical = part.categorical.par_iter().map(|column| {
        let (counts, missing) = column.counts();
        let counts = column.names.iter().cloned().zip(counts).filter(|(_, n)| *n > 0).collect();
        Feature::Categorical(Categorical { counts, missing })
    });
    numeric.chain(categorical).collect()
}
