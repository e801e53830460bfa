//! What users think of the system: the System Usability Scale, and trust before and after use.

use super::mean;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::SurveyMeasure;
use crate::metrics::statistics::{signed_rank, sums};
use crate::metrics::{Definition, Undefined};
use crate::table::{ColumnUse, Companion};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Returns a measure of a survey, and the rows that it rests on: one for each respondent.
pub(crate) fn measure(measure: SurveyMeasure, definition: &Definition, table: &Companion) -> (Found, u64) {
    let (values, low, high, why) = match measure {
        SurveyMeasure::Sus => (usability(table), 0.0, 100.0, "with an answer missing"),
        SurveyMeasure::TrustChange | SurveyMeasure::TrustChangeP => {
            (change(table), f64::NEG_INFINITY, f64::INFINITY, "without trust before or after")
        }
    };
    let values = match values {
        Ok(values) => values,
        Err(reason) => return (Err(reason), 0),
    };
    let found = match measure {
        SurveyMeasure::TrustChangeP => no_change(&values, definition.word("test") == "wilcoxon").map(Outcome::new),
        _ => mean::measure(&values, low, high, "no respondent answered in full"),
    };
    (found.map(|outcome| outcome.with_note(mean::left_out(table.rows, values.len(), why))), values.len() as u64)
}

/// Returns the System Usability Scale of each respondent who gave all ten answers, in 0..=100.
///
/// # Source
/// Brooke (1996): 2.5 (Σ over odd questions (x − 1) + Σ over even questions (5 − x)).
fn usability(table: &Companion) -> Result<Vec<f64>, Undefined> {
    let answers = table.numbers(ColumnUse::Answers);
    if answers.is_empty() {
        return Err(Undefined::new("the survey names no `answers`"));
    }
    let of = |row: usize| {
        let points = answers.iter().enumerate().map(|(question, column)| {
            let answer = column.get(row).copied().unwrap_or(f64::NAN);
            if question % 2 == 0 { answer - 1.0 } else { 5.0 - answer }
        });
        2.5 * points.sum::<f64>()
    };
    Ok((0..table.rows).map(of).filter(|score| !score.is_nan()).collect())
}

/// Returns trust after minus trust before, for each respondent who told both.
fn change(table: &Companion) -> Result<Vec<f64>, Undefined> {
    let (Some(before), Some(after)) = (table.number(ColumnUse::Before), table.number(ColumnUse::After)) else {
        return Err(Undefined::new("the survey names no `trust_before` and `trust_after`"));
    };
    Ok(before.iter().zip(after).map(|(before, after)| after - before).filter(|change| !change.is_nan()).collect())
}

/// Returns the two-sided p that trust did not change: by Student's t, or by the signed ranks of the changes.
fn no_change(changes: &[f64], by_rank: bool) -> Result<f64, Undefined> {
    if by_rank {
        return signed_rank::p(changes).ok_or_else(|| Undefined::new("no respondent's trust changed"));
    }
    let n = changes.len() as f64;
    let (mean, variance) = sums::mean_and_variance(changes);
    let se = (variance / (n - 1.0)).sqrt();
    match StudentsT::new(0.0, 1.0, n - 1.0) {
        Ok(test) if se > 0.0 => Ok((2.0 * test.sf((mean / se).abs())).min(1.0)),
        Ok(_) => Err(Undefined::new("every respondent's trust changed alike")),
        Err(_) => Err(Undefined::new("fewer than two respondents told both")),
    }
}
