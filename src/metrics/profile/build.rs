//! A profile of one of the pilot's tables.

use super::tellable::Tellable;
use super::{
    AttributeProfile, CategoricalProfile, Cells, Classes, Decile, Decisions, FORMAT, GroupProfile, NumericProfile,
    Profile, ProfiledTable, tellable, told,
};
use crate::diagnostic::Diagnostics;
use crate::metrics::privacy::cut::separable;
use crate::metrics::privacy::suppression::{self, Shown};
use crate::metrics::sample::radix::{key, sort_by_key, unkey};
use crate::metrics::statistics::sums;
use crate::metrics::{MetricRequest, Options, evaluate};
use crate::table::{self, Groups, OneClass, Part, PilotSpec, Precision, Roles, ScoreScale, TableData, TableRole};

/// Returns the profile of one of the pilot's tables; none where the pilot has no such table. `asked` is what a pack
/// wants to know of the development table, which the profile is to stand for; `open` opens the tables, twice.
///
/// # Errors
/// Every table problem of D1xx.
pub fn profile(
    pilot: &PilotSpec,
    open: &dyn Fn() -> Result<Vec<TableData>, Diagnostics>,
    role: TableRole,
    asked: &[MetricRequest],
    options: &Options,
) -> Result<Option<Profile>, Diagnostics> {
    let data = table::read(pilot, open()?, OneClass::Allow)?;
    let Some(part) = data.part(role) else { return Ok(None) };
    let mut profile = of_part(part, &data.roles, pilot);
    let requests = tellable::requests(asked);
    let own = if role == TableRole::Development { &pilot.development } else { &pilot.deployment };
    let alone = PilotSpec {
        development: own.clone(),
        deployment: None,
        profile: None,
        companions: Vec::new(),
        precision: Precision::Exact,
        ..pilot.clone()
    };
    let options = Options { one_class: OneClass::Allow, ..options.clone() };
    let evaluation = evaluate(&alone, open()?, &requests, &options)?;
    profile.measured = Tellable::new(&profile, part).told(&evaluation, &requests);
    Ok(Some(profile))
}

fn of_part(part: &Part, roles: &Roles, pilot: &PilotSpec) -> Profile {
    let min_cell = pilot.min_cell;
    let rows = part.rows as u64;
    let cut = pilot.threshold.filter(|_| part.score.is_some());
    let quadrants = cut.zip(part.score.as_deref()).zip(part.label.as_deref());
    let quadrants: Option<Vec<usize>> = quadrants.map(|((cut, score), label)| {
        // In the order of `decisions`.
        let of = |(score, event): (&f64, &u8)| usize::from(*event == 0) + if *score >= cut { 0 } else { 2 };
        score.iter().zip(label).map(of).collect()
    });
    let decisions = quadrants.as_ref().and_then(|quadrants| {
        let counts = tally(quadrants.iter().copied());
        told(&counts, min_cell).then(|| decisions(counts))
    });
    // Only a threshold whose decisions are told is an edge.
    let cut = cut.filter(|_| decisions.is_some());
    let score = roles.score.as_ref().zip(part.score.as_deref());
    let score = score.map(|(name, values)| numeric(&name.value, values, cut, min_cell));
    let events: Option<u64> = part.label.as_ref().map(|label| label.iter().map(|event| u64::from(*event)).sum());
    let events = events.filter(|events| told(&[*events, rows - events], min_cell));
    let classes = score.as_ref().zip(part.score.as_deref()).zip(part.label.as_deref());
    let classes = classes.filter(|_| events.is_some());
    let classes =
        classes.map(|((profile, score), label)| classes_over(&profile.cells.edges, score, label, cut, min_cell));
    Profile {
        format: FORMAT.to_owned(),
        tables: vec![ProfiledTable {
            file: part.file.clone(),
            filter: part.filter.clone(),
            sha256: part.sha256.clone(),
        }],
        min_cell,
        scores: if pilot.score_scale == ScoreScale::Raw { "raw" } else { "probability" }.to_owned(),
        threshold: pilot.threshold,
        rows,
        dropped: part.dropped,
        events,
        score,
        classes,
        decisions,
        numeric: roles
            .numeric
            .iter()
            .zip(&part.numeric)
            .map(|(name, values)| numeric(&name.value, values, None, min_cell))
            .collect(),
        categorical: roles
            .categorical
            .iter()
            .zip(&part.categorical)
            .map(|(name, column)| categorical(&name.value, column, min_cell))
            .collect(),
        attributes: attributes(part, roles, quadrants.as_deref().filter(|_| decisions.is_some()), min_cell),
        weighted: part.weight.is_some(),
        measured: Vec::new(),
    }
}

fn tally(quadrants: impl Iterator<Item = usize>) -> [u64; 4] {
    let mut counts = [0; 4];
    quadrants.for_each(|quadrant| counts.get_mut(quadrant).into_iter().for_each(|count| *count += 1));
    counts
}

fn decisions([tp, fp, fn_, tn]: [u64; 4]) -> Decisions {
    Decisions { tp, fp, fn_, tn }
}

/// Returns a numeric column; `cut` is a decision threshold at which it must be divided.
fn numeric(name: &str, column: &[f64], cut: Option<f64>, min_cell: u64) -> NumericProfile {
    let keys = column.iter().filter(|value| !value.is_nan()).map(|value| key(*value)).collect();
    let values: Vec<f64> = sort_by_key(keys, |key| *key).into_iter().map(unkey).collect();
    let (mean, variance) = sums::mean_and_variance(&values);
    // A row is flagged from the threshold on, and an edge belongs to the cell below it.
    let mut forced: Vec<f64> = cut.map(f64::next_down).into_iter().collect();
    let mut deciles = Some(deciles(&values, min_cell));
    let mut all: Vec<f64> = forced.iter().copied().chain(deciles.iter().flatten().map(|decile| decile.edge)).collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let ends = sums::cut_at(&values, &all);
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let counts: Vec<u64> = starts.zip(&ends).map(|(start, end)| (end - start) as u64).collect();
    if told(&counts, min_cell) {
        forced = all;
    } else {
        deciles = None;
    }
    let cells = Cells::new(&values, &forced, min_cell);
    NumericProfile {
        name: name.to_owned(),
        missing: (column.len() - values.len()) as u64,
        mean,
        variance,
        cells,
        deciles,
    }
}

/// Returns the edges of ten bins of equal mass. One that is the value of fewer than `min_cell` rows is moved half
/// the way to the next value, which leaves every row of this table in its bin.
fn deciles(values: &[f64], min_cell: u64) -> Vec<Decile> {
    if values.is_empty() {
        return Vec::new();
    }
    let of = |edge: f64| {
        let (start, end) =
            (values.partition_point(|value| *value < edge), values.partition_point(|value| *value <= edge));
        match values.get(end) {
            Some(next) if end > start && ((end - start) as u64) < min_cell => {
                Decile { edge: edge + (next - edge) / 2.0, moved: true }
            }
            _ => Decile { edge, moved: false },
        }
    };
    sums::equal_mass_edges(values, 10).into_iter().map(of).collect()
}

/// Returns both classes over those edges of the score between which neither class is small.
fn classes_over(edges: &[f64], score: &[f64], label: &[u8], cut: Option<f64>, min_cell: u64) -> Classes {
    let mut cells = vec![[0u64; 2]; edges.len() + 1];
    for (score, event) in score.iter().zip(label) {
        let place = edges.partition_point(|edge| edge < score);
        let slot = cells.get_mut(place).and_then(|cell| cell.get_mut(usize::from(*event)));
        slot.into_iter().for_each(|count| *count += 1);
    }
    // The threshold is an edge in any case: what lies on its two sides is told already.
    let at = cut.map_or(cells.len(), |cut| edges.partition_point(|edge| *edge < cut)).min(cells.len());
    let sides = [0..at, at..cells.len()];
    let ends: Vec<(usize, [u64; 2])> = sides.into_iter().flat_map(|side| joined(side, &cells, min_cell)).collect();
    let inner = ends.len().saturating_sub(1);
    let squares: Vec<f64> = score.iter().zip(label).map(|(score, event)| (score - f64::from(*event)).powi(2)).collect();
    Classes {
        edges: ends.iter().take(inner).filter_map(|(place, _)| edges.get(*place).copied()).collect(),
        non_events: ends.iter().map(|(_, [others, _])| *others).collect(),
        events: ends.iter().map(|(_, [_, events])| *events).collect(),
        sum: sums::sum(score),
        squares: sums::sum(&squares),
    }
}

/// Returns neighbouring cells joined until neither class is small, each with the place of its last; what is left over
/// goes to the last of them.
fn joined(side: std::ops::Range<usize>, cells: &[[u64; 2]], min_cell: u64) -> Vec<(usize, [u64; 2])> {
    let mut found: Vec<(usize, [u64; 2])> = Vec::new();
    let mut open = [0; 2];
    let add = |a: [u64; 2], b: [u64; 2]| [a[0] + b[0], a[1] + b[1]];
    for place in side.clone() {
        open = add(open, cells.get(place).copied().unwrap_or_default());
        if open != [0; 2] && told(&open, min_cell) {
            found.push((place, open));
            open = [0; 2];
        }
    }
    let Some(end) = side.last() else { return found };
    match found.last_mut() {
        Some(last) => *last = (end, add(last.1, open)),
        None => found.push((end, open)),
    }
    // What was left over may be small in a class that the last cell has no other row of.
    while let [.., before, last] = found.as_mut_slice()
        && !told(&last.1, min_cell)
    {
        *before = (last.0, add(before.1, last.1));
        found.pop();
    }
    found
}

fn categorical(name: &str, column: &Groups, min_cell: u64) -> CategoricalProfile {
    let (counts, missing) = column.counts();
    let shown = suppression::shown(&[column], &[], 0, min_cell).pop().unwrap_or_default();
    let (mut told, mut others) = (Vec::new(), 0);
    for ((name, rows), shown) in column.names.iter().zip(counts).zip(shown) {
        match shown {
            Shown::Yes if rows > 0 => told.push((name.clone(), rows)),
            _ => others += rows,
        }
    }
    CategoricalProfile { name: name.to_owned(), missing, counts: told, others }
}

fn attributes(part: &Part, roles: &Roles, quadrants: Option<&[usize]>, min_cell: u64) -> Vec<AttributeProfile> {
    let tied: Vec<&Groups> = part.tied().collect();
    let shown = suppression::shown(&tied, &[], part.margins.len(), min_cell);
    let columns: Vec<&Groups> = part.groups.iter().collect();
    let apart = separable(&columns, quadrants.unwrap_or(&[]), 4, min_cell);
    let of = |(((name, column), shown), apart): (((&str, &Groups), Vec<Shown>), bool)| {
        let (counts, _) = column.counts();
        let mut tables = vec![[0u64; 4]; counts.len()];
        for (code, quadrant) in column.codes.iter().zip(quadrants.unwrap_or(&[])) {
            let table = tables.get_mut(code as usize).and_then(|table| table.get_mut(*quadrant));
            table.into_iter().for_each(|count| *count += 1);
        }
        let all = quadrants.is_some() && apart && shown.iter().all(|shown| *shown == Shown::Yes);
        let (mut groups, mut others) = (Vec::new(), 0);
        for (((name, rows), shown), table) in column.names.iter().zip(&counts).zip(shown).zip(tables) {
            match shown {
                Shown::Yes if *rows > 0 => {
                    groups.push(GroupProfile {
                        name: name.clone(),
                        rows: *rows,
                        decisions: all.then(|| decisions(table)),
                    });
                }
                _ => others += rows,
            }
        }
        AttributeProfile { name: name.to_owned(), groups, others }
    };
    roles.attributes().zip(&part.groups).zip(shown).zip(apart).map(of).collect()
}
