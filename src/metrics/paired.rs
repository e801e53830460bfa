//! Two models on the same rows: the system and the one in the column to compare it with.
//!
//! Every difference is the system's less the other's. Rows count on which the other has a score.

use super::outcome::{Found, Outcome};
use super::placement::placements;
use super::registry::PairedMeasure;
use super::rows::Setting;
use super::rows::confusion::Confusion;
use super::statistics::{interval, normal, signed_rank, sums, tests_of_counts};
use super::{Definition, Undefined};
use crate::table::{Groups, Part, ScoreScale};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// The rows on which both models have a score, in the order of the table.
#[derive(Debug)]
pub(super) struct Paired {
    score: Vec<f64>,
    compared: Vec<f64>,
    event: Vec<u8>,
    pub events: u64,
    left_out: u64,
}

impl Paired {
    /// Returns those rows of `part`, or of one of its groups, given as an attribute and a code of it.
    ///
    /// # Errors
    /// Says which column is not named, or that no row has both scores.
    pub fn new(part: &Part, group: Option<(&Groups, u32)>) -> Result<Self, Undefined> {
        let compared =
            part.compared.as_ref().ok_or_else(|| Undefined::new("no column is named as the model to compare with"))?;
        let score = part.score.as_ref().ok_or_else(|| Undefined::new("no column is named as the score"))?;
        let label = part.label.as_ref().ok_or_else(|| Undefined::new("no column is named as the label"))?;
        let here = |row: &usize| group.is_none_or(|(column, code)| column.codes.get(*row) == Some(code));
        let both = || (0..part.rows).filter(here).filter(|row| compared.get(*row).is_some_and(|value| !value.is_nan()));
        let numbers = |column: &[f64]| both().filter_map(|row| column.get(row)).copied().collect::<Vec<f64>>();
        let event: Vec<u8> = both().filter_map(|row| label.get(row)).copied().collect();
        if event.is_empty() {
            return Err(Undefined::new("there is no row on which both models have a score"));
        }
        Ok(Self {
            score: numbers(score),
            compared: numbers(compared),
            events: event.iter().map(|event| u64::from(*event)).sum(),
            left_out: ((0..part.rows).filter(here).count() - event.len()) as u64,
            event,
        })
    }

    pub fn n(&self) -> u64 {
        self.event.len() as u64
    }

    /// Returns a measure over these rows. Counts below `min_cell` are told in no note.
    pub fn measure(
        &self,
        measure: PairedMeasure,
        definition: &Definition,
        setting: &Setting<'_>,
        min_cell: u64,
    ) -> Found {
        let of_probabilities = matches!(measure, PairedMeasure::Brier | PairedMeasure::BrierP);
        if of_probabilities && setting.scale == ScoreScale::Raw {
            return Err(Undefined::new("the scores are not probabilities"));
        }
        let left_out = (self.left_out > 0)
            .then(|| format!("{} rows left out, on which the other model has no score", self.left_out));
        let found = match measure {
            PairedMeasure::Auroc => self.auroc().map(|found| found.outcome("paired DeLong")),
            PairedMeasure::AurocP => self.auroc()?.p("the two models rank the rows alike").map(Outcome::new),
            PairedMeasure::Brier => self.brier().map(|found| found.outcome("paired t")),
            PairedMeasure::BrierP if definition.word("test") == "wilcoxon" => {
                let alike = "the two models err alike in every row, so there is nothing to test";
                signed_rank::p(&self.errors()).map(Outcome::new).ok_or_else(|| Undefined::new(alike))
            }
            PairedMeasure::BrierP => self.brier()?.p("the two models err alike in every row").map(Outcome::new),
            PairedMeasure::McNemar => self.mcnemar(setting.threshold(definition)?, min_cell),
        };
        found.map(|outcome| outcome.with_note(left_out))
    }

    /// Returns the difference of AUROC with DeLong's standard error for correlated areas.
    ///
    /// # Source
    /// DeLong, DeLong, Clarke-Pearson (1988), in whole numbers as in [`super::discrimination::auroc`].
    fn auroc(&self) -> Result<Difference, Undefined> {
        let (events, others) = (i128::from(self.events), i128::from(self.n() - self.events));
        if events == 0 || others == 0 {
            return Err(Undefined::new("the labels have one class only"));
        }
        let (mut sum, mut squares_events, mut squares_others) = (0i128, 0i128, 0i128);
        let (a, b) = rayon::join(|| placements(&self.score, &self.event), || placements(&self.compared, &self.event));
        for ((a, b), event) in a.into_iter().zip(b).zip(&self.event) {
            let difference = i128::from(a) - i128::from(b);
            if *event == 1 {
                sum += difference;
                squares_events += difference * difference;
            } else {
                squares_others += difference * difference;
            }
        }
        let variance = |squares: i128, rows: i128, scale: i128| {
            let spread = rows * squares - sum * sum;
            spread as f64 / (rows as f64 * (rows - 1) as f64 * 4.0 * scale as f64 * scale as f64)
        };
        let se = (events > 1 && others > 1).then(|| {
            let of_events = variance(squares_events, events, others) / events as f64;
            (of_events + variance(squares_others, others, events) / others as f64).sqrt()
        });
        Ok(Difference { value: sum as f64 / (2 * events * others) as f64, se, freedom: None })
    }

    /// Returns for each row the difference of (s - y)².
    fn errors(&self) -> Vec<f64> {
        let error = |score: f64, event: u8| (score - f64::from(event)).powi(2);
        let pairs = self.score.iter().zip(&self.compared).zip(&self.event);
        pairs.map(|((a, b), event)| error(*a, *event) - error(*b, *event)).collect()
    }

    /// Returns their mean with its standard error over rows.
    fn brier(&self) -> Result<Difference, Undefined> {
        let differences = self.errors();
        let (value, variance) = sums::mean_and_variance(&differences);
        let n = differences.len() as f64;
        let se = (n > 1.0).then(|| (variance / (n - 1.0)).sqrt());
        // Equal differences have no spread but for rounding.
        let se = se.map(|se| if se <= 1e-12 * value.abs() { 0.0 } else { se });
        Ok(Difference { value, se, freedom: Some(n - 1.0) })
    }

    /// Returns the p of McNemar's exact test of the decisions, and notes which model was right more often.
    fn mcnemar(&self, threshold: f64, min_cell: u64) -> Found {
        let right = |score: f64, event: u8| Confusion::flags(score, threshold) == (event == 1);
        let (mut first, mut second) = (0u64, 0u64);
        for ((a, b), event) in self.score.iter().zip(&self.compared).zip(&self.event) {
            let (a, b) = (right(*a, *event), right(*b, *event));
            first += u64::from(a && !b);
            second += u64::from(b && !a);
        }
        if first + second == 0 {
            return Err(Undefined::new(
                "the two models are right and wrong in the same rows, so there is nothing to test",
            ));
        }
        let small = |count: u64| count > 0 && count < min_cell;
        let note = if small(first) || small(second) {
            format!(
                "the model that alone is right more often: {}",
                if first >= second { "the system" } else { "the other" }
            )
        } else {
            format!("the system alone is right in {first} rows, the other alone in {second}")
        };
        Ok(Outcome::new(tests_of_counts::mcnemar(first, second)).with_note(Some(note)))
    }
}

/// A difference and how sure it is.
#[derive(Clone, Copy, Debug)]
struct Difference {
    value: f64,
    /// None where there are too few rows for one.
    se: Option<f64>,
    /// Degrees of freedom of Student's t; none for the normal distribution.
    freedom: Option<f64>,
}

impl Difference {
    fn student(self) -> Option<StudentsT> {
        self.freedom.and_then(|freedom| StudentsT::new(0.0, 1.0, freedom).ok())
    }

    fn outcome(self, method: &'static str) -> Outcome {
        let reach = self.student().map_or(interval::Z, |student| student.inverse_cdf(0.975));
        let ends = self.se.and_then(|se| {
            interval::between((self.value - reach * se).max(-1.0), (self.value + reach * se).min(1.0), method)
        });
        let note = self.p("").ok().map(|p| if p < 0.0001 { "p < 0.0001".to_owned() } else { format!("p = {p:.4}") });
        Outcome::new(self.value).with_interval(ends).with_note(note)
    }

    /// Returns the two-sided p of no difference; `alike` says what it means that nothing varies.
    fn p(self, alike: &str) -> Result<f64, Undefined> {
        let se = self.se.ok_or_else(|| Undefined::new("there are too few rows for a standard error"))?;
        if se <= 0.0 {
            return Err(Undefined::new(format!("{alike}, so there is nothing to test")));
        }
        let z = self.value / se;
        Ok(match self.student() {
            Some(student) => (2.0 * student.sf(z.abs())).min(1.0),
            None => normal::two_sided_p(z),
        })
    }
}
