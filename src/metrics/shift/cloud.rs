//! The complete rows of both tables as points: what a distance of all numeric features compares.

use crate::metrics::Undefined;
use crate::metrics::statistics::draws::Draws;
use crate::metrics::statistics::sums;
use crate::table::{Part, Pilot};
use rayon::prelude::*;

/// The numeric features of both tables, complete rows only, in the order of the files.
pub(crate) struct Columns {
    pub train: Vec<Vec<f64>>,
    pub deploy: Vec<Vec<f64>>,
    pub notes: Vec<String>,
}

/// Returns them, divided by the standard deviation of development where they are to be standardised.
pub(crate) fn columns(data: &Pilot, standardised: bool) -> Result<Columns, Undefined> {
    let train =
        data.development.as_ref().ok_or_else(|| Undefined::new("there is no development table to compare with"))?;
    let deploy =
        data.deployment.as_ref().ok_or_else(|| Undefined::new("there is no deployment table to compare with"))?;
    if data.roles.numeric.is_empty() {
        return Err(Undefined::new("no columns are named as numeric features"));
    }
    let mut notes = Vec::new();
    let mut sides = [complete(train), complete(deploy)];
    for (side, part) in sides.iter().zip([train, deploy]) {
        let rows = side.first().map_or(0, Vec::len);
        if rows == 0 {
            return Err(Undefined::new(format!(
                "the {} table has no row in which every numeric feature has a value",
                part.role
            )));
        }
        if rows < part.rows {
            notes.push(format!("{} {} rows lack a value and were left out", part.rows - rows, part.role));
        }
    }
    if standardised {
        let moments: Vec<(f64, f64)> =
            sides.first().into_iter().flatten().map(|column| sums::mean_and_variance(column)).collect();
        let constant: Vec<String> = moments
            .iter()
            .zip(&data.roles.numeric)
            .filter(|((_, variance), _)| *variance <= 0.0)
            .map(|(_, name)| format!("`{}`", name.value))
            .collect();
        if constant.len() == moments.len() {
            return Err(Undefined::new("every numeric feature is constant in development (standard deviation 0)"));
        }
        if !constant.is_empty() {
            notes.push(format!("left out, because constant in development: {}", constant.join(", ")));
        }
        for side in &mut sides {
            for (column, (mean, variance)) in side.iter_mut().zip(&moments) {
                column.iter_mut().for_each(|value| *value = (*value - mean) / variance.sqrt());
            }
            let mut kept = moments.iter().map(|(_, variance)| *variance > 0.0);
            side.retain(|_| kept.next().unwrap_or(false));
        }
    }
    let [train, deploy] = sides;
    Ok(Columns { train, deploy, notes })
}

/// Returns the numeric columns of a table without the rows in which one of them has no value.
fn complete(part: &Part) -> Vec<Vec<f64>> {
    let mut whole = vec![true; part.rows];
    for column in &part.numeric {
        whole.iter_mut().zip(column.iter()).for_each(|(whole, value)| *whole &= !value.is_nan());
    }
    let kept =
        |column: &[f64]| column.iter().zip(&whole).filter(|(_, whole)| **whole).map(|(value, _)| *value).collect();
    part.numeric.iter().map(|column| kept(column)).collect()
}

/// Returns the rows in an order of their own, so that the file's does not matter, and of more than
/// `most` rows a random choice.
pub(crate) fn sampled(columns: Vec<Vec<f64>>, most: usize, draws: &mut Draws) -> Vec<Vec<f64>> {
    let rows = columns.first().map_or(0, Vec::len);
    let mut order: Vec<usize> = (0..rows).collect();
    let coordinate = |column: &Vec<f64>, row: usize| column.get(row).copied().unwrap_or(0.0);
    // Rows that compare as equal are equal, so that their order among themselves cannot matter.
    order.par_sort_unstable_by(|a, b| {
        let mut each = columns.iter().map(|column| coordinate(column, *a).total_cmp(&coordinate(column, *b)));
        each.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    if rows > most {
        // The first `most` turns of a shuffle.
        for place in 0..most {
            order.swap(place, place + draws.below(rows - place));
        }
        order.truncate(most);
    }
    columns.iter().map(|column| order.iter().map(|row| coordinate(column, *row)).collect()).collect()
}
