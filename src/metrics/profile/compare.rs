//! A deployment table held against a profile of development.
//!
//! At the edges of cells the profile's distribution is known exactly. Within a cell all rows are taken to lie at its
//! mean, and how far that may be wrong is added up: the exact value is within `Slack` of the one found.

use super::{CategoricalProfile, NumericProfile, Profile};
use crate::metrics::Undefined;
use crate::metrics::sample::{Feature, Sample};
use crate::metrics::shift::{Comparison, Slack};
use crate::metrics::statistics::ranked::Ranked;

impl Profile {
    /// Returns the comparison of a feature.
    ///
    /// # Errors
    /// Says what is not in the profile or in the table.
    pub(in crate::metrics) fn compared(&self, name: &str, deploy: &Feature) -> Result<Comparison, Undefined> {
        match deploy {
            Feature::Numeric(deploy) => {
                let column = self.numeric.iter().find(|column| column.name == name);
                column.ok_or_else(|| lacking(name))?.compared(&deploy.ranked())
            }
            Feature::Categorical(deploy) => {
                let column = self.categorical.iter().find(|column| column.name == name);
                column.ok_or_else(|| lacking(name))?.compared(&deploy.counts)
            }
        }
    }

    /// Returns the comparison of the scores.
    ///
    /// # Errors
    /// Says what is not in the profile or in the table.
    pub(in crate::metrics) fn compared_score(&self, deploy: &Sample) -> Result<Comparison, Undefined> {
        match &self.score {
            Some(column) if deploy.has_score => column.compared(&deploy.ranked()),
            _ => Err(Undefined::new("no column is named as the score")),
        }
    }

    /// Returns rows with a value and without of a feature.
    pub(in crate::metrics) fn rows_of(&self, name: &str) -> Option<(u64, u64)> {
        let numeric = self.numeric.iter().find(|column| column.name == name);
        let categorical = self.categorical.iter().find(|column| column.name == name);
        let missing = numeric.map(|column| column.missing).or(categorical.map(|column| column.missing))?;
        Some((self.rows.saturating_sub(missing), missing))
    }
}

fn lacking(name: &str) -> Undefined {
    Undefined::new(format!("the reference profile does not have `{name}`"))
}

fn no_rows(empty: &str) -> Undefined {
    Undefined::new(format!("the {empty} table has no rows with a value"))
}

impl NumericProfile {
    fn compared(&self, deploy: &Ranked<'_>) -> Result<Comparison, Undefined> {
        // The rows of a cell stand at its mean.
        let placed: (Vec<f64>, Vec<u64>) =
            self.cells.iter().filter(|cell| cell.rows > 0).map(|cell| (cell.mean, cell.rows)).unzip();
        let placed = Ranked::new(&placed.0, &placed.1);
        let empty = if placed.rows() == 0 { "development" } else { "deployment" };
        let compared = Comparison::of_numbers(&placed, (self.mean, self.variance), deploy);
        let mut compared = compared.ok_or_else(|| no_rows(empty))?;
        let n = placed.rows() as f64;
        let (low, high) = self.ks_range(deploy, n);
        if let Some(numeric) = &mut compared.numeric {
            numeric.ks = f64::midpoint(low, high);
        }
        let by_edges = self.cells.iter().map(|cell| cell.rows as f64 * cell.spread()).sum::<f64>() / n;
        let between = self.cells.iter().map(|cell| cell.rows as f64 * (cell.mean - self.mean).powi(2)).sum::<f64>() / n;
        // Rows lie from their cell's mean by the root of the variance within cells at most, on average.
        let wasserstein = by_edges.min((self.variance - between).max(0.0).sqrt());
        compared.slack = Slack { ks: (high - low) / 2.0, wasserstein, ..Slack::default() };
        match self.bins(deploy) {
            Ok(bins) => compared.bins = bins,
            Err(reason) => compared.slack.bins = Some(reason),
        }
        Ok(compared)
    }

    /// Returns between what the Kolmogorov-Smirnov distance must lie.
    fn ks_range(&self, deploy: &Ranked<'_>, n: f64) -> (f64, f64) {
        let m = deploy.rows() as f64;
        let below = |edge: f64| deploy.below(edge) as f64 / m;
        let up_to = |edge: f64| deploy.up_to(edge) as f64 / m;
        let (mut low, mut high, mut before) = (0.0_f64, 0.0_f64, 0u64);
        for cell in self.cells.iter() {
            let (start, end) = (before as f64 / n, (before + cell.rows) as f64 / n);
            before += cell.rows;
            low = low.max((end - up_to(cell.high)).abs());
            let most = if cell.single {
                // Its rows lie at one place: known on both sides of it.
                let known = (start - below(cell.mean)).abs().max((end - up_to(cell.mean)).abs());
                let known = known.max((start - up_to(cell.low)).abs()).max((end - up_to(cell.high)).abs());
                low = low.max(known);
                known
            } else {
                (end - up_to(cell.low)).max(up_to(cell.high) - start)
            };
            high = high.max(most);
        }
        (low, high.max(low))
    }

    /// Returns the rows of both tables in the bins between the deciles.
    fn bins(&self, deploy: &Ranked<'_>) -> Result<Vec<(u64, u64)>, Undefined> {
        let deciles = self.deciles.as_ref().ok_or_else(|| {
            Undefined::new(
                "the reference profile does not have the deciles, since too few rows lie between them or it was merged",
            )
        })?;
        let edges: Vec<f64> = deciles.iter().map(|decile| decile.edge).collect();
        let mut train = vec![0; edges.len() + 1];
        for cell in self.cells.iter() {
            let place = edges.partition_point(|edge| *edge < cell.high);
            train.get_mut(place).into_iter().for_each(|rows| *rows += cell.rows);
        }
        for decile in deciles.iter().filter(|decile| decile.moved) {
            // The edge was above the one before, for the cell between has rows and its largest was the edge.
            let from = self.cells.edges.iter().rev().find(|edge| **edge < decile.edge);
            let start = from.map_or(0, |from| deploy.up_to(*from));
            let near = deploy.up_to(decile.edge) - start;
            // Only rows above the true edge are misplaced; where in the cell it lies is not told.
            if near > 0 {
                return Err(Undefined::new(format!(
                    "a decile of the reference profile is the value of a single row and is not told, and {near} rows of deployment lie near it"
                )));
            }
        }
        Ok(train.into_iter().zip(deploy.between(&edges)).collect())
    }
}

impl CategoricalProfile {
    fn compared(&self, deploy: &[(String, u64)]) -> Result<Comparison, Undefined> {
        if self.counts.is_empty() && self.others == 0 {
            return Err(no_rows("development"));
        }
        // What is not told stands as one category with a name that no table can have.
        let hidden = (self.others > 0).then(|| ("\u{0}".to_owned(), self.others));
        let train: Vec<(String, u64)> = hidden.into_iter().chain(self.counts.iter().cloned()).collect();
        let mut compared = Comparison::of_categories(&train, deploy).ok_or_else(|| no_rows("deployment"))?;
        if self.others > 0 {
            // Told apart, they add both shares; the same categories would add the difference alone.
            let unlisted: u64 = compared.unseen.iter().map(|(_, rows)| rows).sum();
            let shares = (self.others as f64 / compared.n as f64, unlisted as f64 / compared.m as f64);
            compared.slack.total_variation = shares.0.min(shares.1);
            compared.slack.unseen = unlisted;
            compared.slack.bins = Some(Undefined::new(format!(
                "the reference profile holds {} rows of categories that it does not tell, being small",
                self.others
            )));
        }
        Ok(compared)
    }
}
