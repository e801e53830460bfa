//! Statistics of what people said and answered: the code of the survey metrics, for other rooms.

use super::coded::Statistic;
use super::companion::{intraclass, mean};
use super::statistics::agreement::Item;
use super::statistics::{interval, signed_rank, sums};
use super::{Interval, Undefined};

/// Returns Wilson's interval for `hits` of `n`; none where there is nothing.
pub fn share_interval(hits: u64, n: u64) -> Option<Interval> {
    (n > 0).then(|| interval::wilson(hits, n)).flatten()
}

/// Returns the median of values; none where there are none. Between two values it is their middle.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    (!sorted.is_empty()).then(|| sums::quantile(&sorted, 0.5))
}

/// Returns the mean change within respondents with Student's interval.
///
/// # Errors
/// There is no change to speak of.
pub fn mean_change(changes: &[f64]) -> Result<Statistic, Undefined> {
    let found = mean::measure(changes, f64::NEG_INFINITY, f64::INFINITY, "nobody answered both before and after")?;
    Ok(Statistic { value: found.value, interval: found.interval, n: changes.len() as u64 })
}

/// Returns the two-sided p that changes up and down are alike, by Wilcoxon's signed ranks; none where nothing changed.
pub fn change_p(changes: &[f64]) -> Option<f64> {
    signed_rank::p(changes)
}

/// Returns Cronbach's alpha: how far the questions of a scale ask for one thing. `rows` has a respondent in each row
/// and one answer for each question, from 1 to `levels`, turned where a question is the other way round.
///
/// It is the intraclass correlation ICC(C,k) with respondents as items and questions as raters.
///
/// # Errors
/// There is one question, there are fewer than two respondents, or they do not differ.
///
/// # Source
/// Cronbach (1951); McGraw and Wong (1996) for the identity; the interval is Feldt's (1965).
pub fn cronbachs_alpha(rows: &[Vec<f64>], levels: usize) -> Result<Statistic, Undefined> {
    let questions = rows.first().map_or(0, Vec::len);
    if questions == 1 {
        return Err(Undefined::new("there is one question, and it takes two"));
    }
    if rows.len() < 2 {
        return Err(Undefined::new("fewer than two respondents answered every question"));
    }
    let items: Vec<Item> = rows.iter().map(|row| Item::new(row.clone(), levels)).collect();
    let (found, n) = intraclass::measure("icc_ck", items, questions);
    let found = found.map_err(|_| Undefined::new("respondents do not differ in their answers as a whole"))?;
    Ok(Statistic { value: found.value, interval: found.interval, n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cronbachs_alpha_is_that_of_its_own_formula() {
        let rows = [[3.0, 4.0, 3.0], [5.0, 5.0, 4.0], [1.0, 2.0, 2.0], [4.0, 4.0, 5.0], [2.0, 1.0, 1.0]];
        let variance = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
        };
        let of_questions: f64 = (0..3).map(|question| variance(&rows.map(|row| row[question]))).sum();
        let of_sums = variance(&rows.map(|row| row.iter().sum()));
        let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.to_vec()).collect();
        let alpha = cronbachs_alpha(&rows, 5).unwrap();
        assert!((alpha.value - 1.5 * (1.0 - of_questions / of_sums)).abs() < 1e-12);
        let ends = alpha.interval.unwrap();
        assert!(ends.low < alpha.value && alpha.value < ends.high);
        assert!(cronbachs_alpha(&[vec![1.0], vec![2.0]], 5).unwrap_err().reason.contains("one question"));
        assert!(cronbachs_alpha(&[vec![2.0, 2.0], vec![2.0, 2.0]], 5).is_err());
    }

    #[test]
    fn nothing_has_neither_median_nor_interval() {
        assert_eq!((median(&[]), median(&[4.0, 1.0, 3.0, 2.0])), (None, Some(2.5)));
        assert_eq!(share_interval(0, 0), None);
    }
}
