//! Two profiles as one of both tables' rows.
//!
//! Rows, events, decisions, categories, groups, means, variances and the sums behind the Brier score stay exact. Cells
//! are joined over the edges that both have, so what is computed from them has a larger error, told with each value.
//! Deciles of the whole do not follow from those of its parts and are left out.

use super::{AttributeProfile, CategoricalProfile, Classes, Decisions, FORMAT, GroupProfile, NumericProfile, Profile};

impl Profile {
    /// Returns the profile of both tables together.
    ///
    /// # Errors
    /// Says in what the two differ: columns, threshold, kind of scores or `min_cell`.
    pub fn merge(&self, other: &Self) -> Result<Self, String> {
        let same_threshold = match (self.threshold, other.threshold) {
            (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same_threshold {
            return Err("their thresholds differ".to_owned());
        }
        if self.weighted != other.weighted {
            return Err("the rows of one count by weight and those of the other alike".to_owned());
        }
        if self.scores != other.scores {
            return Err(format!("one has {} scores and the other {}", self.scores, other.scores));
        }
        if self.min_cell != other.min_cell {
            return Err(format!("one has min_cell {} and the other {}", self.min_cell, other.min_cell));
        }
        if let Some(name) = self.names().find(|name| other.names().all(|same| same != *name)) {
            return Err(format!("only one has `{name}`"));
        }
        if let Some(name) = other.names().find(|name| self.names().all(|same| same != *name)) {
            return Err(format!("only one has `{name}`"));
        }
        let by_name = |list: &[NumericProfile], name: &str| list.iter().find(|column| column.name == name).cloned();
        let numeric = self.numeric.iter().filter_map(|a| Some(a.merge(&by_name(&other.numeric, &a.name)?)));
        let categorical = self.categorical.iter().filter_map(|a| {
            let b = other.categorical.iter().find(|b| b.name == a.name)?;
            let (counts, others) = joined(&a.counts, &b.counts, a.others + b.others);
            Some(CategoricalProfile { name: a.name.clone(), missing: a.missing + b.missing, counts, others })
        });
        let attributes = self.attributes.iter().filter_map(|a| {
            let b = other.attributes.iter().find(|b| b.name == a.name)?;
            Some(a.merge(b))
        });
        // What was measured on some rows is not that of all of them.
        let measured = match (self.rows, other.rows) {
            (0, _) => other.measured.clone(),
            (_, 0) => self.measured.clone(),
            _ => Vec::new(),
        };
        Ok(Self {
            format: FORMAT.to_owned(),
            tables: self.tables.iter().chain(&other.tables).cloned().collect(),
            min_cell: self.min_cell,
            scores: self.scores.clone(),
            threshold: self.threshold,
            rows: self.rows + other.rows,
            dropped: self.dropped + other.dropped,
            events: self.events.zip(other.events).map(|(a, b)| a + b),
            score: self.score.as_ref().zip(other.score.as_ref()).map(|(a, b)| a.merge(b)),
            classes: self.classes.as_ref().zip(other.classes.as_ref()).map(|(a, b)| a.merge(b)),
            decisions: added(self.decisions, other.decisions),
            numeric: numeric.collect(),
            categorical: categorical.collect(),
            attributes: attributes.collect(),
            weighted: self.weighted,
            measured,
        })
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let numeric = self.numeric.iter().chain(&self.score).map(|column| column.name.as_str());
        let others = self.categorical.iter().map(|column| column.name.as_str());
        numeric.chain(others).chain(self.attributes.iter().map(|attribute| attribute.name.as_str()))
    }
}

fn added(a: Option<Decisions>, b: Option<Decisions>) -> Option<Decisions> {
    let (a, b) = a.zip(b)?;
    Some(Decisions { tp: a.tp + b.tp, fp: a.fp + b.fp, fn_: a.fn_ + b.fn_, tn: a.tn + b.tn })
}

/// Returns counts by name. A name that only one side tells may be among those that the other does not, where that
/// hides any; then its count is not known, and goes with them.
fn joined(a: &[(String, u64)], b: &[(String, u64)], mut others: u64) -> (Vec<(String, u64)>, u64) {
    let mut names: Vec<&String> = a.iter().chain(b).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let hidden = others > 0;
    let of = |list: &[(String, u64)], name: &String| list.iter().find(|(same, _)| same == name).map(|(_, rows)| *rows);
    let mut counts = Vec::new();
    for name in names {
        match (of(a, name), of(b, name)) {
            (Some(a), Some(b)) => counts.push((name.clone(), a + b)),
            (a, b) if hidden => others += a.or(b).unwrap_or(0),
            (a, b) => counts.push((name.clone(), a.or(b).unwrap_or(0))),
        }
    }
    (counts, others)
}

impl NumericProfile {
    fn merge(&self, other: &Self) -> Self {
        let (n, m) = (self.cells.total() as f64, other.cells.total() as f64);
        let all = (n + m).max(1.0);
        let mean = (self.mean * n + other.mean * m) / all;
        // Within and between the two.
        let between = n * m / all / all * (self.mean - other.mean).powi(2);
        let variance = (self.variance * n + other.variance * m) / all + between;
        Self {
            name: self.name.clone(),
            missing: self.missing + other.missing,
            mean,
            variance,
            cells: self.cells.merge(&other.cells),
            deciles: None,
        }
    }
}

impl Classes {
    fn merge(&self, other: &Self) -> Self {
        let shared = |edge: &&f64| other.edges.iter().any(|same| same.total_cmp(edge).is_eq());
        let edges: Vec<f64> = self.edges.iter().filter(shared).copied().collect();
        let mut merged = Self {
            non_events: vec![0; edges.len() + 1],
            events: vec![0; edges.len() + 1],
            edges,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        };
        for part in [self, other] {
            let ends = part.edges.iter().copied().chain([f64::INFINITY]);
            for (end, (others, events)) in ends.zip(part.non_events.iter().zip(&part.events)) {
                let place = merged.edges.partition_point(|edge| *edge < end);
                merged.non_events.get_mut(place).into_iter().for_each(|rows| *rows += others);
                merged.events.get_mut(place).into_iter().for_each(|rows| *rows += events);
            }
        }
        merged
    }
}

impl AttributeProfile {
    fn merge(&self, other: &Self) -> Self {
        let sizes = |of: &Self| of.groups.iter().map(|group| (group.name.clone(), group.rows)).collect::<Vec<_>>();
        let (counts, others) = joined(&sizes(self), &sizes(other), self.others + other.others);
        let of = |of: &Self, name: &str| of.groups.iter().find(|group| group.name == name).map(|group| group.decisions);
        let groups = counts.into_iter().map(|(name, rows)| {
            let decisions = match (of(self, &name), of(other, &name)) {
                (Some(a), Some(b)) => added(a, b),
                (a, b) => a.or(b).flatten(),
            };
            GroupProfile { name, rows, decisions }
        });
        Self { name: self.name.clone(), groups: groups.collect(), others }
    }
}
