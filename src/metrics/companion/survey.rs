//! What users think of the system: the System Usability Scale, and trust before and after use.

use super::mean;
use crate::metrics::Undefined;
use crate::metrics::outcome::Found;
use crate::metrics::registry::SurveyMeasure;
use crate::table::{ColumnUse, Companion};

/// Returns a measure of a survey, and the rows that it rests on: one for each respondent.
pub(crate) fn measure(measure: SurveyMeasure, table: &Companion) -> (Found, u64) {
    let (values, low, high, why) = match measure {
        SurveyMeasure::Sus => (usability(table), 0.0, 100.0, "with an answer missing"),
        SurveyMeasure::TrustChange => {
            (change(table), f64::NEG_INFINITY, f64::INFINITY, "without trust before or after")
        }
    };
    let values = match values {
        Ok(values) => values,
        Err(reason) => return (Err(reason), 0),
    };
    let found = mean::measure(&values, low, high, "no respondent answered in full");
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
