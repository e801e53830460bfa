//! One value a row in the order of time: what control charts and detectors watch.

use super::charts::Point;
use crate::metrics::rows::Setting;
use crate::metrics::{Definition, Undefined};
use crate::table::{Groups, Part, ScoreScale};
use jiff::civil::Date;

/// Values in the order of time.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub values: Vec<f64>,
    /// For each value its place in `names`; empty where the order is that of the file.
    periods: Vec<usize>,
    names: Vec<String>,
    pub notes: Vec<String>,
}

impl Series {
    /// Returns what `definition` watches: errors, alerts, events or squared errors of the rows, or a feature.
    ///
    /// Rows of one period keep the order of the file. Rows without a value or without a period are left out.
    pub fn new(
        part: &Part,
        definition: &Definition,
        feature: Option<usize>,
        setting: &Setting<'_>,
    ) -> Result<Self, Undefined> {
        let values = values(part, definition, feature, setting)?;
        let rows = values.len();
        let whole = values.into_iter().enumerate().filter(|(_, value)| !value.is_nan());
        let mut series = match &part.period {
            Some(period) => {
                let order = in_time_order(&period.names);
                let mut rank = vec![0; order.len()];
                for (place, code) in order.iter().enumerate() {
                    if let Some(rank) = rank.get_mut(*code) {
                        *rank = place;
                    }
                }
                let place = |row: usize| rank.get(period.codes.get(row)? as usize).copied();
                let mut rows: Vec<(usize, f64)> = whole.filter_map(|(row, value)| Some((place(row)?, value))).collect();
                if definition.word("order") != "file" || definition.word("points") == "period" {
                    rows.sort_by_key(|(place, _)| *place);
                }
                let names: Vec<String> = order.iter().filter_map(|code| period.names.get(*code).cloned()).collect();
                let (batches, names) = batches(names, definition.word("batch"))?;
                Self {
                    values: rows.iter().map(|(_, value)| *value).collect(),
                    periods: rows.iter().map(|(place, _)| batches.get(*place).copied().unwrap_or(0)).collect(),
                    names,
                    notes: Vec::new(),
                }
            }
            None if definition.word("order") == "file" && definition.word("points") != "period" => Self {
                values: whole.map(|(_, value)| value).collect(),
                periods: Vec::new(),
                names: Vec::new(),
                notes: Vec::new(),
            },
            None => return Err(Undefined::new("no column is named as the period, so the order in time is not known")),
        };
        let left_out = rows - series.values.len();
        if left_out > 0 {
            series.notes.push(format!("{left_out} rows without a value or a period left out"));
        }
        if series.values.is_empty() {
            return Err(Undefined::new("the deployment table has no rows with a value and a period"));
        }
        Ok(series)
    }

    /// Returns the period of the value at `row`, if there are periods.
    pub fn period_at(&self, row: usize) -> Option<&str> {
        self.periods.get(row).and_then(|place| self.names.get(*place)).map(String::as_str)
    }

    /// Returns the values under the first points of a chart. Periods too small for a point are none of it.
    pub fn first(&self, points: &[Point], by_row: bool, min_cell: u64) -> Vec<f64> {
        if by_row {
            return self.values.iter().take(points.len()).copied().collect();
        }
        let mut rows = self.periods.chunk_by(|a, b| a == b).map(<[usize]>::len);
        let mut values = self.values.as_slice();
        let mut found = Vec::new();
        let mut left = points.len();
        while let (Some(count), true) = (rows.next(), left > 0) {
            let (now, later) = values.split_at(count.min(values.len()));
            values = later;
            if count as u64 >= min_cell {
                found.extend_from_slice(now);
                left -= 1;
            }
        }
        found
    }

    /// Returns one point for each period with at least `min_cell` rows, the periods' names, and how many
    /// periods were left out.
    pub fn by_period(&self, min_cell: u64) -> (Vec<Point>, Vec<&str>, usize) {
        let mut sums = vec![(0u64, 0.0); self.names.len()];
        for (place, value) in self.periods.iter().zip(&self.values) {
            if let Some((rows, sum)) = sums.get_mut(*place) {
                *rows += 1;
                *sum += value;
            }
        }
        let with_rows = sums.iter().zip(&self.names).filter(|((rows, _), _)| *rows > 0);
        let (kept, small): (Vec<_>, Vec<_>) = with_rows.partition(|((rows, _), _)| *rows >= min_cell);
        let points = kept.iter().map(|((rows, sum), _)| Point { rows: *rows, mean: sum / *rows as f64 }).collect();
        (points, kept.iter().map(|(_, name)| name.as_str()).collect(), small.len())
    }
}

/// Returns one value a row, NaN where there is none.
pub(crate) fn values(
    part: &Part,
    definition: &Definition,
    feature: Option<usize>,
    setting: &Setting<'_>,
) -> Result<Vec<f64>, Undefined> {
    if let Some(place) = feature {
        let column = part.numeric.get(place);
        return column.map(|column| column.to_vec()).ok_or_else(|| Undefined::new("the feature is categorical"));
    }
    let label = || part.label.as_deref().ok_or_else(|| Undefined::new("no column is named as the label"));
    let score = || part.score.as_deref().ok_or_else(|| Undefined::new("no column is named as the score"));
    Ok(match definition.word("of") {
        "prevalence" => label()?.iter().map(|label| f64::from(*label)).collect(),
        "brier" if setting.scale == ScoreScale::Raw => {
            return Err(Undefined::new("the scores are not probabilities"));
        }
        "brier" => score()?.iter().zip(label()?).map(|(score, label)| (score - f64::from(*label)).powi(2)).collect(),
        "alert_rate" => {
            let threshold = setting.threshold(definition)?;
            score()?.iter().map(|score| f64::from(u8::from(*score >= threshold))).collect()
        }
        _ => {
            let threshold = setting.threshold(definition)?;
            let wrong = |(score, label): (&f64, &u8)| f64::from(u8::from((*score >= threshold) != (*label == 1)));
            score()?.iter().zip(label()?).map(wrong).collect()
        }
    })
}

/// Puts dates together: returns for each name the place of its batch, and the names of the batches.
///
/// # Errors
/// Names the first period that is no date.
fn batches(names: Vec<String>, batch: &str) -> Result<(Vec<usize>, Vec<String>), Undefined> {
    let of = |name: &String| {
        let day = name.get(..10).unwrap_or(name);
        let date: Date = day.parse().map_err(|_| {
            Undefined::new(format!(
                "`{name}` is not a date such as 2026-03-31, so periods cannot be put together by {batch}"
            ))
        })?;
        Ok(match batch {
            "week" => {
                let week = date.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            "month" => format!("{}-{:02}", date.year(), date.month()),
            _ => day.to_owned(),
        })
    };
    if !matches!(batch, "day" | "week" | "month") {
        return Ok(((0..names.len()).collect(), names));
    }
    let mut places = Vec::with_capacity(names.len());
    let mut found: Vec<String> = Vec::new();
    // Dates ascend, so those of one batch stand together.
    for name in names.iter().map(of) {
        let name = name?;
        if found.last() != Some(&name) {
            found.push(name);
        }
        places.push(found.len() - 1);
    }
    Ok((places, found))
}

/// Returns the places of `names` in the order of time: as numbers where all are, as text otherwise.
pub(crate) fn in_time_order(names: &[String]) -> Vec<usize> {
    let numbers: Option<Vec<f64>> =
        names.iter().map(|name| name.trim().parse().ok().filter(|number: &f64| number.is_finite())).collect();
    let mut order: Vec<usize> = (0..names.len()).collect();
    match numbers {
        Some(numbers) => order.sort_by(|a, b| {
            let at = |place: &usize| numbers.get(*place).copied().unwrap_or(0.0);
            at(a).total_cmp(&at(b))
        }),
        None => order.sort_by_key(|place| names.get(*place)),
    }
    order
}

/// Returns the names of the periods that have rows, in the order of time. `times` tells how many rows each row of the
/// column is; empty where it is one.
pub(crate) fn names_in_time_order(period: &Groups, times: &[u64]) -> Vec<String> {
    let (counts, _) = period.counts_of(times);
    let order = in_time_order(&period.names).into_iter().filter(|place| counts.get(*place).is_some_and(|n| *n > 0));
    order.filter_map(|place| period.names.get(place).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_by_size_and_dates_by_text() {
        let order = |names: &[&str]| in_time_order(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(order(&["1", "10", "2"]), [0, 2, 1]);
        assert_eq!(order(&["2025-02", "2024-11", "2025-01"]), [1, 2, 0]);
    }

    #[test]
    fn dates_are_put_together_by_day_week_and_month() {
        let names = ["2025-12-29", "2025-12-31T08:00", "2025-12-31T09:30", "2026-01-02", "2026-02-01"];
        let of = |batch: &str| batches(names.iter().map(|name| (*name).to_owned()).collect(), batch).unwrap();
        assert_eq!(of("day").0, [0, 1, 1, 2, 3]);
        assert_eq!(of("week"), (vec![0, 0, 0, 0, 1], vec!["2026-W01".to_owned(), "2026-W05".to_owned()]));
        assert_eq!(of("month").1, ["2025-12", "2026-01", "2026-02"]);
        assert_eq!(of("as_named").1, names);
        let reason = batches(vec!["Q1".to_owned()], "week").unwrap_err().reason;
        assert_eq!(reason, "`Q1` is not a date such as 2026-03-31, so periods cannot be put together by week");
    }
}
