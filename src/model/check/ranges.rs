//! Is every written figure within its range?

use super::super::error::ModelError;
use crate::diagnostic::Diagnostics;
use crate::syntax::ast::{Number, Range};

/// Returns a share between 0 and 1.
pub(in crate::model) fn checked_share(
    diagnostics: &mut Diagnostics,
    what: &'static str,
    number: &Number,
) -> Option<f64> {
    checked_within(diagnostics, what, number, (0.0, "0"), (1.0, "1"))
}

/// Returns a rating between 1 and 10.
pub(in crate::model) fn checked_rating(
    diagnostics: &mut Diagnostics,
    what: &'static str,
    number: &Number,
) -> Option<f64> {
    checked_within(diagnostics, what, number, (1.0, "1"), (10.0, "10"))
}

/// Returns a number between two ends, both of which count.
pub(in crate::model) fn checked_within(
    diagnostics: &mut Diagnostics,
    what: &'static str,
    number: &Number,
    (low, low_shown): (f64, &'static str),
    (high, high_shown): (f64, &'static str),
) -> Option<f64> {
    let value = number.value();
    // A percentage of a rating or of a risk is a mistake whatever its figure.
    if (low..=high).contains(&value) && !(number.percent && high > 1.0) {
        return Some(value);
    }
    let percent = if number.percent { "%" } else { "" };
    let help = if high <= 1.0 && !number.percent && value > 1.0 && value <= 100.0 {
        format!("did you mean `{value}%`?")
    } else {
        format!("write a figure from {low_shown} to {high_shown}")
    };
    diagnostics.push(ModelError::FigureOutOfRange {
        what,
        value: format!("`{}{percent}`", number.figure),
        low: low_shown,
        high: high_shown,
        span: number.span,
        help: Some(help),
    });
    None
}

/// Returns both ends where they are in order.
pub(in crate::model) fn ordered(
    diagnostics: &mut Diagnostics,
    range: &Range,
    low: f64,
    high: f64,
) -> Option<(f64, f64)> {
    if low <= high {
        return Some((low, high));
    }
    let end = |number: &Number| format!("{}{}", number.figure, if number.percent { "%" } else { "" });
    let help = format!("write `{}..{}`", end(&range.high), end(&range.low));
    diagnostics.push(ModelError::RangeReversed { span: range.span, help });
    None
}
