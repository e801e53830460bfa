//! One table of any number of rows as samples of bounded size.

use super::combinations::Combinations;
use crate::metrics::drift::series::names_in_time_order;
use crate::metrics::privacy::suppression::{self, Shown};
use crate::metrics::sample::{Attribute, Categorical, Feature, Grid, Group, MOST, Need, Numeric, Sample, Side};
use crate::table::{Groups, Part, Roles};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The samples of the groups of one column, by name.
type OfGroups = BTreeMap<String, Sample>;

/// A table whose rows of about the same numbers are put together.
///
/// What it holds follows from the rows alone: neither their order nor how they were divided into batches can be seen
/// in it, save for the last bit of sums of weights.
#[derive(Clone, Debug)]
pub(super) struct Rounded {
    total: Sample,
    /// How scores are put together, in all samples alike.
    grid: Grid,
    attributes: Vec<OfGroups>,
    periods: OfGroups,
    features: Vec<Column>,
    combinations: Combinations,
}

/// A feature, and how its numbers are put together.
#[derive(Clone, Debug)]
enum Column {
    Numeric(Numeric, Grid),
    Categorical(Categorical),
}

impl Rounded {
    /// Returns a batch of a table; `grid` tells how scores begin.
    pub fn new(part: &Part, roles: &Roles, need: Need, grid: &Grid) -> Self {
        let side = Side::of_batch(part, roles, need);
        let grid = &grid.fitting(&side.total.score, MOST);
        let of_groups = |attribute: Attribute| -> OfGroups {
            let groups = attribute.groups.into_par_iter();
            groups.map(|group| (group.name, group.sample.rounded(grid))).collect()
        };
        let (periods, attributes) = (side.periods.map(of_groups), side.attributes.into_iter().map(of_groups));
        let column = |feature| match feature {
            Feature::Numeric(column) => {
                let grid = Grid::of_numbers(Vec::new()).fitting(&column.values, MOST);
                Column::Numeric(column.rounded(&grid), grid)
            }
            Feature::Categorical(column) => Column::Categorical(column),
        };
        Self {
            total: side.total.rounded(grid),
            grid: grid.clone(),
            attributes: attributes.collect(),
            periods: periods.unwrap_or_default(),
            features: side.features.into_par_iter().map(column).collect(),
            combinations: Combinations::new(&part.tied().collect::<Vec<_>>()),
        }
    }

    /// Adds the rows of another part of the table.
    pub fn merge(&mut self, mut other: Self) {
        self.round_to(&other.grid);
        other.round_to(&self.grid);
        self.total = self.total.merged(&other.total);
        let of_groups = self.attributes.iter_mut().zip(other.attributes);
        for (groups, other) in of_groups.chain([(&mut self.periods, other.periods)]) {
            for (name, sample) in other {
                let merged = groups.get(&name).map(|before| before.merged(&sample));
                groups.insert(name, merged.unwrap_or(sample));
            }
        }
        let pairs = self.features.par_iter_mut().zip(other.features);
        pairs.for_each(|(column, other)| column.merge(other));
        self.combinations.merge(other.combinations);
        self.round_to(&self.grid.fitting(&self.total.score, MOST));
    }

    /// Puts scores together as `grid` does, if that is coarser.
    fn round_to(&mut self, grid: &Grid) {
        if grid.coarseness <= self.grid.coarseness {
            return;
        }
        self.total = self.total.rounded(grid);
        let samples: Vec<&mut Sample> =
            self.attributes.iter_mut().chain([&mut self.periods]).flat_map(BTreeMap::values_mut).collect();
        samples.into_par_iter().for_each(|sample| *sample = sample.rounded(grid));
        self.grid = grid.clone();
    }

    /// Returns how scores are put together.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Tells whether numbers that differ were put together.
    pub fn is_rounded(&self) -> bool {
        let of_column = |column: &Column| matches!(column, Column::Numeric(_, grid) if grid.coarseness > 0);
        self.grid.coarseness > 0 || self.features.iter().any(of_column)
    }

    /// Returns it with all that is rounded rounded to cells of twice the width.
    pub fn coarser(&self) -> Self {
        let mut coarser = self.clone();
        if self.grid.coarseness > 0 {
            coarser.round_to(&self.grid.coarser());
        }
        for column in &mut coarser.features {
            if let Column::Numeric(_, grid) = column
                && grid.coarseness > 0
            {
                let grid = grid.coarser();
                column.round_to(&grid);
            }
        }
        coarser
    }

    /// Returns the table in the shape that the metrics need.
    pub fn side(&self, roles: &Roles, shape: Shape, need: Need, min_cell: u64) -> Side {
        let names: Vec<&str> = roles.attributes().collect();
        let (mut columns, times) = self.combinations.columns(names.len() + shape.periods + shape.margins);
        let mut shown = suppression::shown(&columns.iter().collect::<Vec<_>>(), &times, shape.margins, min_cell);
        let has_period = shape.periods > 0;
        let of_periods = has_period.then(|| (columns.remove(names.len()), shown.remove(names.len())));
        let attribute = |name: &str, column: &Groups, shown: Vec<Shown>, samples: &OfGroups| {
            let (counts, _) = column.counts_of(&times);
            let groups = column.names.iter().zip(counts).zip(shown).map(|((name, n), shown)| {
                let sample = samples.get(name).cloned().unwrap_or_default();
                let sample = if need.logits { sample.with_logits() } else { sample };
                Group { name: name.clone(), n, shown, sample }
            });
            Attribute { name: name.to_owned(), groups: groups.collect() }
        };
        let period_names = of_periods.as_ref().map(|(column, _)| names_in_time_order(column, &times));
        let attributes = names.iter().zip(&columns).zip(shown).zip(&self.attributes);
        let total = self.total.clone();
        Side {
            total: if need.logits { total.with_logits() } else { total },
            attributes: attributes
                .map(|(((name, column), shown), samples)| attribute(name, column, shown, samples))
                .collect(),
            periods: of_periods
                .filter(|_| need.periods)
                .map(|(column, shown)| attribute("period", &column, shown, &self.periods)),
            period_names: period_names.unwrap_or_default(),
            members: Vec::new(),
            features: self.features.iter().map(Column::feature).collect(),
        }
    }
}

/// Which columns divide the rows of a table, besides its attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// 1 where there are periods.
    pub periods: usize,
    /// Columns that intersections have in common.
    pub margins: usize,
}

impl Shape {
    pub fn of(part: &Part) -> Self {
        Self { periods: usize::from(part.period.is_some()), margins: part.margins.len() }
    }
}

impl Column {
    fn merge(&mut self, mut other: Self) {
        if let (Column::Numeric(_, a), Column::Numeric(_, b)) = (&*self, &other) {
            let (a, b) = (a.clone(), b.clone());
            self.round_to(&b);
            other.round_to(&a);
        }
        match (&mut *self, other) {
            (Column::Numeric(column, _), Column::Numeric(other, _)) => *column = column.merged(&other),
            (Column::Categorical(column), Column::Categorical(other)) => column.merge(other),
            _ => {}
        }
        if let Column::Numeric(column, grid) = &*self {
            let grid = grid.fitting(&column.values, MOST);
            self.round_to(&grid);
        }
    }

    /// Puts numbers together as `coarser` does, if it is coarser.
    fn round_to(&mut self, coarser: &Grid) {
        if let Column::Numeric(column, grid) = self
            && coarser.coarseness > grid.coarseness
        {
            *column = column.rounded(coarser);
            *grid = coarser.clone();
        }
    }

    fn feature(&self) -> Feature {
        match self {
            Column::Numeric(column, _) => Feature::Numeric(column.clone()),
            Column::Categorical(column) => Feature::Categorical(column.clone()),
        }
    }
}
