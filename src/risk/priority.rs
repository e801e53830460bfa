//! Action priority: the table of severity, likelihood and detectability beside the product.

use super::Disagreement;
use crate::model::{PriorityLevel, PriorityRow};

/// Returns the first row that the three estimates fall into; the ends of a row count.
pub(crate) fn priority_row(rows: &[PriorityRow], severity: f64, likelihood: f64, detectability: f64) -> Option<usize> {
    let within = |(from, to): (f64, f64), value: f64| from <= value && value <= to;
    rows.iter().position(|row| {
        within(row.severity, severity) && within(row.likelihood, likelihood) && within(row.detectability, detectability)
    })
}

/// Returns how band and priority disagree: the table says high while the band is neither of the two
/// highest (of two bands: not the highest), or the band is the highest while the table says low or
/// nothing. A pack without bands, with a single one, or without a table has nothing to disagree about.
pub(crate) fn disagreement(
    bands: usize,
    band: Option<usize>,
    rows: &[PriorityRow],
    priority: Option<PriorityLevel>,
) -> Option<Disagreement> {
    let from_top = bands.checked_sub(1)?.checked_sub(band?)?;
    if bands < 2 || rows.is_empty() {
        return None;
    }
    let high_bands = if bands == 2 { 1 } else { 2 };
    match priority {
        Some(PriorityLevel::High) if from_top >= high_bands => Some(Disagreement::PriorityAboveBand),
        None | Some(PriorityLevel::Low) if from_top == 0 => Some(Disagreement::BandAbovePriority),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceMap, Span};

    #[test]
    fn the_table_and_the_product_may_disagree() {
        let file = SourceMap::default().add("pack.etio", "");
        let all = (0.0, 10.0);
        let span = Span::new(file, 0, 0);
        let row = PriorityRow {
            level: PriorityLevel::High,
            title: "High".into(),
            severity: (9.0, 10.0),
            likelihood: all,
            detectability: all,
            span,
        };
        let rows = [row];
        assert_eq!(priority_row(&rows, 9.0, 0.5, 1.0), Some(0));
        assert_eq!(priority_row(&rows, 8.9, 0.5, 1.0), None);
        let high = Some(PriorityLevel::High);
        assert_eq!(disagreement(4, Some(1), &rows, high), Some(Disagreement::PriorityAboveBand));
        assert_eq!(disagreement(4, Some(2), &rows, high), None);
        assert_eq!(disagreement(4, Some(3), &rows, None), Some(Disagreement::BandAbovePriority));
        assert_eq!(disagreement(2, Some(0), &rows, high), Some(Disagreement::PriorityAboveBand));
        assert_eq!(disagreement(4, Some(3), &[], None), None);
    }
}
