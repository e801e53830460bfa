//! How far equally good models differ on the rows of one table.

use super::outcome::{Found, Outcome};
use super::privacy::suppression::Shown;
use super::registry::EnsembleMeasure;
use super::rows::Setting;
use super::rows::discrimination::auroc;
use super::sample::{Attribute, Group, Sample, Side};
use super::statistics::{interval, sums};
use super::{Definition, Undefined, fairness, sample};
use crate::table::{Groups, Part};
use ndarray::{Array2, Axis};
use rayon::prelude::*;
use std::ops::Range;

const NO_ROW: &str = "there is no row on which every member has a score";
const NO_LABEL: &str = "no column is named as the label";

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
        EnsembleMeasure::Variance => spread(part, |variance| variance),
        EnsembleMeasure::SdMean => spread(part, f64::sqrt),
        EnsembleMeasure::RangeP95 => range_p95(part),
        EnsembleMeasure::MeanAuroc => mean_auroc(part),
        EnsembleMeasure::AnyFlip | EnsembleMeasure::Disagreement => {
            let flips = Flips::new(part, setting.threshold(definition)?)?;
            Ok(flips.outcome(measure, part.members.len() as u64).with_note(note(part, flips.rows)))
        }
        EnsembleMeasure::AurocRange | EnsembleMeasure::AurocMean | EnsembleMeasure::AurocSd => {
            areas(&side.members).map(|areas| of_areas(measure, &areas))
        }
        EnsembleMeasure::GapRange => Err(Undefined::new("it is a measure of an attribute")),
    }
}

/// Returns how far the gap between the groups of one attribute spreads over members.
///
/// `place` is that of the attribute among the manifest's.
pub(super) fn gap_range(
    definition: &Definition,
    part: &Part,
    attribute: &Attribute,
    place: usize,
    min_cell: u64,
    setting: &Setting<'_>,
) -> Found {
    let column = part.groups.get(place).ok_or_else(|| Undefined::new("the attribute was not read"))?;
    if part.members.len() < 2 {
        return Err(Undefined::new("a difference needs two members, and fewer are named"));
    }
    let gaps = part.members.par_iter().map(|scores| {
        let groups = attribute.groups.iter().map(|group| of_member(group, scores, column, part, min_cell));
        let attribute = Attribute { name: attribute.name.clone(), groups: groups.collect() };
        fairness::gap(definition, &attribute, setting, min_cell)
    });
    let gaps = gaps.collect::<Vec<_>>().into_iter().collect::<Result<Vec<_>, _>>()?;
    let (gaps, mut left_out): (Vec<f64>, Vec<Option<String>>) = gaps.into_iter().unzip();
    let (low, high) = ends(&gaps);
    left_out.dedup();
    let note = format!("the gap is {low:.3} with one model and {high:.3} with another");
    let outcome = Outcome::new(high - low).with_note(Some(note));
    Ok(left_out.into_iter().fold(outcome, Outcome::with_note))
}

/// Returns a group as it is for the scores of one member; rows that the member lacks are not in it.
fn of_member(group: &Group, scores: &[f64], column: &Groups, part: &Part, min_cell: u64) -> Group {
    let code = column.names.binary_search(&group.name).ok().and_then(|code| u32::try_from(code).ok());
    let rows = column.codes.iter().zip(scores).enumerate();
    let rows = rows.filter(|(_, (found, score))| Some(*found) == code && !score.is_nan());
    let label = |row: usize| part.label.as_ref().and_then(|label| label.get(row)).copied().unwrap_or(0);
    let (scores, labels): (Vec<f64>, Vec<u8>) = rows.map(|(row, (_, score))| (*score, label(row))).unzip();
    let n = scores.len() as u64;
    let sample = sample::sample_of(&scores, part.label.as_ref().map(|_| labels.as_slice()));
    let shown = if n < min_cell { Shown::Small } else { group.shown };
    Group { name: group.name.clone(), n, shown, sample }
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

/// Returns mean_i of(var_k(s_ik)) with its interval over rows.
fn spread(part: &Part, of: impl Fn(f64) -> f64 + Sync) -> Found {
    let [total, squares, rows] = sums::sum_by_piece(part.rows, |places| {
        // A row on which a member has no score has no variance, either: NaN carries through.
        let variances = scores(part, places).var_axis(Axis(0), 0.0).into_iter().filter(|variance| !variance.is_nan());
        variances.map(&of).fold([0.0, 0.0, 0.0], |[sum, squares, n], v| [sum + v, squares + v * v, n + 1.0])
    });
    if rows < 1.0 {
        return Err(Undefined::new(NO_ROW));
    }
    let mean = total / rows;
    let se = ((squares / rows - mean * mean).max(0.0) / (rows - 1.0).max(1.0)).sqrt();
    let ends = if rows > 1.0 { interval::normal(mean, se, 0.0, f64::INFINITY, "normal") } else { None };
    Ok(Outcome::new(mean).with_interval(ends).with_note(note(part, rows as u64)))
}

/// Returns the 95th percentile over rows of how far members lie apart.
fn range_p95(part: &Part) -> Found {
    let range = |place: usize| {
        let (low, high) = ends(&row(part, place).collect::<Vec<f64>>());
        (!row(part, place).any(f64::is_nan)).then_some(high - low)
    };
    let mut ranges: Vec<f64> = (0..part.rows).into_par_iter().filter_map(range).collect();
    ranges.par_sort_unstable_by(f64::total_cmp);
    if ranges.is_empty() {
        return Err(Undefined::new(NO_ROW));
    }
    let ends = interval::order_statistics(&ranges, 0.95);
    let outcome = Outcome::new(sums::quantile(&ranges, 0.95)).with_interval(ends);
    Ok(outcome.with_note(note(part, ranges.len() as u64)))
}

/// Returns the AUROC of the members' mean score, over the rows on which each has one.
fn mean_auroc(part: &Part) -> Found {
    let label = part.label.as_deref().ok_or_else(|| Undefined::new(NO_LABEL))?;
    let k = part.members.len() as f64;
    let mean = |place: usize| {
        let mean = row(part, place).sum::<f64>() / k;
        label.get(place).copied().filter(|_| !mean.is_nan()).map(|label| (mean, label))
    };
    let (scores, labels): (Vec<f64>, Vec<u8>) = (0..part.rows).into_par_iter().filter_map(mean).unzip();
    let found = auroc(&sample::sample_of(&scores, Some(&labels)))?;
    let ends = found.se.and_then(|se| interval::normal(found.area, se, 0.0, 1.0, "DeLong"));
    Ok(Outcome::new(found.area).with_interval(ends).with_note(note(part, scores.len() as u64)))
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
            return Err(Undefined::new(NO_ROW));
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

/// Returns the AUROC of each member.
fn areas(members: &[Sample]) -> Result<Vec<f64>, Undefined> {
    if members.iter().any(|member| !member.has_label) {
        return Err(Undefined::new(NO_LABEL));
    }
    let areas = members.par_iter().map(|member| auroc(member).map(|found| found.area)).collect::<Vec<_>>();
    areas.into_iter().collect()
}

fn of_areas(measure: EnsembleMeasure, areas: &[f64]) -> Outcome {
    let n = areas.len() as f64;
    let (mean, variance) = sums::mean_and_variance(areas);
    Outcome::new(match measure {
        EnsembleMeasure::AurocMean => mean,
        EnsembleMeasure::AurocSd => (variance * n / (n - 1.0)).sqrt(),
        _ => {
            let (low, high) = ends(areas);
            high - low
        }
    })
}

/// Returns the least and the largest of `values`.
fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}
