//! The area under the ROC curve over classes, with the variance that DeLong's placements give a mean of areas.

use super::{mean, score};
use crate::metrics::Undefined;
use crate::metrics::outcome::{Found, Outcome};
use crate::metrics::placement::placements;
use crate::metrics::statistics::{interval, sums};
use crate::table::Classes;

/// A mean of areas in the making: their values, and how far each row moves their sum.
struct Areas {
    values: Vec<f64>,
    moved: Vec<f64>,
}

impl Areas {
    fn new(rows: usize) -> Self {
        Self { values: Vec::new(), moved: vec![0.0; rows] }
    }

    /// Returns how well `score` tells the events of `rows` from their others, and adds to each row, times `weight`, how
    /// far it moves that: its placement less the area, over the share of its class among all rows of the table.
    fn area(&mut self, score: &[f64], event: &[u8], rows: &[usize], weight: f64) -> Result<f64, Undefined> {
        let events = event.iter().filter(|event| **event == 1).count() as f64;
        let others = event.len() as f64 - events;
        if events < 1.0 || others < 1.0 {
            return Err(Undefined::new("the labels have one class only"));
        }
        let found = placements(score, event);
        let of_events = found.iter().zip(event).filter(|(_, event)| **event == 1).map(|(placement, _)| *placement);
        let area = of_events.sum::<u64>() as f64 / (2.0 * events * others);
        let n = self.moved.len() as f64;
        for ((placement, event), row) in found.iter().zip(event).zip(rows) {
            let (own, other) = if *event == 1 { (events, others) } else { (others, events) };
            if let Some(moved) = self.moved.get_mut(*row) {
                *moved += weight * (*placement as f64 / (2.0 * other) - area) * n / own;
            }
        }
        Ok(area)
    }

    /// Returns the mean of the areas, with the interval that the spread of the rows gives it.
    fn mean(&self) -> Outcome {
        let value = mean(self.values.iter().copied());
        let (_, variance) = sums::mean_and_variance(&self.moved);
        let (n, areas) = (self.moved.len() as f64, self.values.len() as f64);
        // A class of one row has no spread of its own.
        let se = (n > 1.0).then(|| (variance / (n - 1.0)).sqrt() / areas);
        Outcome::new(value)
            .with_interval(se.and_then(|se| interval::normal(value, se, 0.0, 1.0, "DeLong's placements")))
    }
}

/// Says that a class has no rows, or all of them.
fn of_class(reason: &Undefined, class: &str) -> Undefined {
    Undefined::new(format!("class `{class}`: {}", reason.reason))
}

/// Returns the mean over classes of how well each is told from all others.
pub(super) fn one_vs_rest(classes: &Classes) -> Found {
    let rows: Vec<usize> = (0..classes.truth.len()).collect();
    let mut areas = Areas::new(rows.len());
    for (class, name) in classes.names.iter().enumerate() {
        let scores: Vec<f64> = rows.iter().map(|row| score(classes, class, *row)).collect();
        let events: Vec<u8> = classes.truth.iter().map(|truth| u8::from(*truth as usize == class)).collect();
        let area = areas.area(&scores, &events, &rows, 1.0).map_err(|reason| of_class(&reason, name))?;
        areas.values.push(area);
    }
    let lowest = areas.values.iter().zip(&classes.names).min_by(|a, b| a.0.total_cmp(b.0));
    let note = lowest.map(|(area, class)| format!("lowest for class `{class}`: {area:.3}"));
    Ok(areas.mean().with_note(note))
}

/// Returns the mean over pairs of classes of how well the rows of the two are told apart.
///
/// # Source
/// Hand, Till (2001): for each pair, half the AUROC of the one class's probability and half that of the other's.
pub(super) fn one_vs_one(classes: &Classes) -> Found {
    let size = classes.names.len();
    let mut areas = Areas::new(classes.truth.len());
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); size];
    for (row, truth) in classes.truth.iter().enumerate() {
        of.get_mut(*truth as usize).into_iter().for_each(|rows| rows.push(row));
    }
    for (a, b) in (0..size).flat_map(|a| (a + 1..size).map(move |b| (a, b))) {
        let rows_of = |class: usize| of.get(class).map_or(&[][..], |rows| rows);
        let rows: Vec<usize> = rows_of(a).iter().chain(rows_of(b)).copied().collect();
        let mut half = |class: usize| {
            let scores: Vec<f64> = rows.iter().map(|row| score(classes, class, *row)).collect();
            let is_own = |row: &usize| classes.truth.get(*row).is_some_and(|truth| *truth as usize == class);
            let events: Vec<u8> = rows.iter().map(|row| u8::from(is_own(row))).collect();
            areas.area(&scores, &events, &rows, 0.5)
        };
        let found = half(a).and_then(|of_a| Ok((of_a + half(b)?) / 2.0));
        let name = |class: usize| classes.names.get(class).map_or("", String::as_str);
        let area = found.map_err(|reason| of_class(&reason, &format!("{}` and `{}", name(a), name(b))))?;
        areas.values.push(area);
    }
    Ok(areas.mean())
}
