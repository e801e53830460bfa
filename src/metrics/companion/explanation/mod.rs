//! Whether explanations say what the model does, and say it again when asked again.

mod ranks;

use super::{fit, mean};
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::registry::ExplanationMeasure;
use crate::metrics::rows::Setting;
use crate::metrics::statistics::interval;
use crate::metrics::{Definition, Undefined};
use crate::table::{ColumnUse, Companion};
use rayon::prelude::*;

/// Returns a measure of a table of explanations, and the rows that it rests on.
pub(crate) fn measure(
    measure: ExplanationMeasure,
    definition: &Definition,
    table: &Companion,
    setting: &Setting<'_>,
) -> (Found, u64) {
    let found = match measure {
        ExplanationMeasure::Error => pairs(table).map(|pairs| (fit::distance(&pairs, NO_PAIR), pairs)),
        ExplanationMeasure::R2 => {
            let constant = "the model's output is the same in every row";
            pairs(table).map(|pairs| (fit::explained(&pairs, NO_PAIR, constant), pairs))
        }
        ExplanationMeasure::Agreement => pairs(table).map(|pairs| {
            let found = setting.threshold(definition).and_then(|threshold| agreement(&pairs, threshold));
            (found, pairs)
        }),
        ExplanationMeasure::Stability | ExplanationMeasure::TopK => return attributions(measure, definition, table),
    };
    match found {
        Err(reason) => (Err(reason), 0),
        Ok((found, pairs)) => {
            let note = mean::left_out(table.rows, pairs.len(), "without the model's or the explanation's output");
            (found.map(|outcome| outcome.with_note(note)), pairs.len() as u64)
        }
    }
}

const NO_PAIR: &str = "no row has both the model's and the explanation's output";

/// Returns the model's output and the explanation's where both are there.
fn pairs(table: &Companion) -> Result<Vec<(f64, f64)>, Undefined> {
    let nothing = "the table of explanations names no `model` and `surrogate`";
    fit::pairs(table, ColumnUse::Model, ColumnUse::Surrogate, nothing)
}

fn agreement(pairs: &[(f64, f64)], threshold: f64) -> Found {
    if pairs.is_empty() {
        return Err(Undefined::new(NO_PAIR));
    }
    let equal = pairs.iter().filter(|(model, surrogate)| (*model >= threshold) == (*surrogate >= threshold)).count();
    let ends = interval::wilson(equal as u64, pairs.len() as u64);
    Ok(Outcome::new(equal as f64 / pairs.len() as f64).with_interval(ends))
}

/// The most pairs of features that Kendall's tau compares over all rows.
const MOST_PAIRS: f64 = 4e9;

/// Returns how alike the attributions of two runs are, row by row.
fn attributions(measure: ExplanationMeasure, definition: &Definition, table: &Companion) -> (Found, u64) {
    let nothing = |reason: &str| (Err(Undefined::new(reason)), 0);
    let (first, second) = (table.numbers(ColumnUse::First), table.numbers(ColumnUse::Second));
    let features = first.len();
    if features == 0 {
        return nothing("the table of explanations names no `first_run` and `second_run`");
    }
    let k = definition.number("k").unwrap_or(3.0) as usize;
    let kendall = definition.word("rank") == "kendall";
    if measure == ExplanationMeasure::TopK && k > features {
        return nothing("there are fewer features than are to be compared");
    }
    if kendall && table.rows as f64 * (features as f64).powi(2) / 2.0 > MOST_PAIRS {
        return nothing("there are too many features to compare each pair; `rank spearman` can");
    }
    let row_of = |columns: &[&[f64]], row: usize| -> Vec<f64> {
        columns.iter().map(|column| column.get(row).copied().unwrap_or(f64::NAN)).collect()
    };
    let of_row = |row: usize| {
        let (a, b) = (row_of(&first, row), row_of(&second, row));
        if a.iter().chain(&b).any(|value| value.is_nan()) {
            return Err(Left::Missing);
        }
        let alike = match measure {
            ExplanationMeasure::TopK => Some(ranks::top_k(&a, &b, k)),
            _ if kendall => ranks::kendall(&a, &b),
            _ => ranks::spearman(&a, &b),
        };
        alike.ok_or(Left::Constant)
    };
    let rows: Vec<Result<f64, Left>> = (0..table.rows).into_par_iter().map(of_row).collect();
    let values: Vec<f64> = rows.iter().filter_map(|row| row.as_ref().ok().copied()).collect();
    let missing = rows.iter().filter(|row| matches!(row, Err(Left::Missing))).count();
    let constant = table.rows - missing - values.len();
    let low = if measure == ExplanationMeasure::TopK { 0.0 } else { -1.0 };
    let found = mean::measure(&values, low, 1.0, "every row is constant in one of the runs, or lacks an attribution");
    let found = found.map(|outcome| {
        outcome
            .with_note(mean::left_out(constant, 0, "whose attributions are all equal and have no ranks"))
            .with_note(mean::left_out(missing, 0, "with an attribution missing"))
    });
    (found, values.len() as u64)
}

/// Why a row is left out.
enum Left {
    Missing,
    Constant,
}
