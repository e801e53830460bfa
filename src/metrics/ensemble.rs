//! How far equally good models differ on the rows of one table.

use super::discrimination::auroc;
use super::outcome::{Found, Outcome};
use super::registry::EnsembleMeasure;
use super::rows::Setting;
use super::sample::{Sample, Side};
use super::{Definition, Undefined, interval, sums};
use crate::table::Part;
use ndarray::{Array2, Axis};
use rayon::prelude::*;
use std::ops::Range;

/// Returns a measure over the members of an ensemble.
///
/// Variance and disagreement use the rows on which every member has a score, AUROC those of each.
pub(super) fn measure(
    measure: EnsembleMeasure,
    definition: &Definition,
    part: &Part,
    side: &Side,
    setting: &Setting<'_>,
) -> Found {
    match part.members.len() {
        0 => return Err(Undefined::new("no columns are named as ensemble members")),
        1 => return Err(Undefined::new("there is one member, and a difference needs two")),
        _ => {}
    }
    match measure {
        EnsembleMeasure::Variance => variance(part),
        EnsembleMeasure::AnyFlip | EnsembleMeasure::Disagreement => {
            let flips = Flips::new(part, setting.threshold(definition)?)?;
            Ok(flips.outcome(measure, part.members.len() as u64).with_note(note(part, flips.rows)))
        }
        EnsembleMeasure::AurocRange => range(&side.members),
    }
}

/// Returns the scores of some rows: `[member, row]`, NaN where a member has none.
fn scores(part: &Part, rows: Range<usize>) -> Array2<f64> {
    let score = |(member, row): (usize, usize)| {
        part.members.get(member).and_then(|scores| scores.get(rows.start + row)).copied().unwrap_or(f64::NAN)
    };
    Array2::from_shape_fn((part.members.len(), rows.len()), score)
}

/// Returns the scores of one row, or none where a member lacks one.
fn row<'a>(part: &'a Part, row: usize) -> impl Iterator<Item = f64> + Clone + 'a {
    part.members.iter().map(move |member| member.get(row).copied().unwrap_or(f64::NAN))
}

fn note(part: &Part, rows: u64) -> Option<String> {
    let left_out = part.rows as u64 - rows;
    (left_out > 0).then(|| format!("{left_out} rows left out, on which a member has no score"))
}

/// Returns mean_i var_k(s_ik) with its interval over rows.
fn variance(part: &Part) -> Found {
    let [total, squares, rows] = sums::sum_by_piece(part.rows, |places| {
        // A row on which a member has no score has no variance, either: NaN carries through.
        let variances = scores(part, places).var_axis(Axis(0), 0.0).into_iter().filter(|variance| !variance.is_nan());
        variances.fold([0.0, 0.0, 0.0], |[sum, squares, n], v| [sum + v, squares + v * v, n + 1.0])
    });
    if rows < 1.0 {
        return Err(Undefined::new("there is no row on which every member has a score"));
    }
    let mean = total / rows;
    let se = ((squares / rows - mean * mean).max(0.0) / (rows - 1.0).max(1.0)).sqrt();
    let ends = if rows > 1.0 { interval::normal(mean, se, 0.0, f64::INFINITY, "normal") } else { None };
    Ok(Outcome::new(mean).with_interval(ends).with_note(note(part, rows as u64)))
}

/// How often decisions differ, in whole numbers.
struct Flips {
    rows: u64,
    /// Rows with both decisions.
    any: u64,
    /// Pairs of members that differ, over all rows.
    pairs: u64,
}

impl Flips {
    fn new(part: &Part, threshold: f64) -> Result<Self, Undefined> {
        let k = part.members.len() as u64;
        // Counts below 2^53 are exact in f64, and the sum is then the same in any order.
        let [rows, any, pairs] = sums::sum_by_piece(part.rows, |places| {
            let mut total = [0.0; 3];
            for place in places {
                if row(part, place).any(f64::is_nan) {
                    continue;
                }
                let flagged = row(part, place).filter(|score| *score >= threshold).count() as u64;
                total[0] += 1.0;
                total[1] += if flagged > 0 && flagged < k { 1.0 } else { 0.0 };
                total[2] += (flagged * (k - flagged)) as f64;
            }
            total
        });
        if rows < 1.0 {
            return Err(Undefined::new("there is no row on which every member has a score"));
        }
        Ok(Self { rows: rows as u64, any: any as u64, pairs: pairs as u64 })
    }

    fn outcome(&self, measure: EnsembleMeasure, members: u64) -> Outcome {
        if measure == EnsembleMeasure::AnyFlip {
            let value = self.any as f64 / self.rows as f64;
            return Outcome::new(value).with_interval(interval::wilson(self.any, self.rows));
        }
        let pairs = members * (members - 1) / 2;
        Outcome::new(self.pairs as f64 / (pairs as f64 * self.rows as f64))
    }
}

fn range(members: &[Sample]) -> Found {
    if members.iter().any(|member| !member.has_label) {
        return Err(Undefined::new("no column is named as the label"));
    }
    let areas = members.par_iter().map(|member| auroc(member).map(|found| found.area)).collect::<Vec<_>>();
    let areas = areas.into_iter().collect::<Result<Vec<_>, _>>()?;
    let low = areas.iter().copied().fold(f64::INFINITY, f64::min);
    let high = areas.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Ok(Outcome::new(high - low))
}
