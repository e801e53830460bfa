//! How many more rows an interval of useful width would take.
//!
//! The widths aimed at are stated in each sentence: 0.1 for areas and shares, and 0.4 for the calibration
//! slope, whose target of 1 is then told from 0.8 and from 1.2.

use super::confusion::Share;
use crate::metrics::statistics::interval::{self, Z};

const SHARE_WIDTH: f64 = 0.1;
const SLOPE_WIDTH: f64 = 0.4;

/// Returns advice on an AUROC with that standard error, or none where it is known well enough.
pub(crate) fn area(se: f64, events: u64) -> Option<String> {
    let more = in_proportion(se, SHARE_WIDTH, events)?;
    Some(format!("an AUROC interval narrower than 0.1 needs about {more} more events, with other rows in proportion"))
}

/// Returns advice on a calibration slope with that standard error.
pub(crate) fn slope(se: f64, events: u64) -> Option<String> {
    let more = in_proportion(se, SLOPE_WIDTH, events)?;
    Some(format!(
        "a calibration slope interval narrower than 0.4 needs about {more} more events, with other rows in proportion"
    ))
}

/// Returns advice on a share of rows, in words such as `sensitivity` and `events`.
pub(crate) fn share(what: &str, share: Share, of: &str) -> Option<String> {
    let rows = share.rows.round().max(1.0) as u64;
    let wide = |rows: u64| interval::wilson_width(share.value, rows as f64) > SHARE_WIDTH;
    if !wide(rows) {
        return None;
    }
    // The width falls as rows are added: double until it is small enough, then halve the bracket.
    let (mut few, mut enough) = (rows, rows.saturating_mul(2));
    while wide(enough) {
        (few, enough) = (enough, enough.saturating_mul(2));
    }
    while enough - few > 1 {
        let middle = few + (enough - few) / 2;
        if wide(middle) { few = middle } else { enough = middle }
    }
    Some(format!("a {what} interval narrower than 0.1 needs about {} more {of}", about(enough - rows)))
}

/// Returns how many more events bring an interval of `se` down to `width`, which falls with the root of n.
fn in_proportion(se: f64, width: f64, events: u64) -> Option<u64> {
    let ratio = 2.0 * Z * se / width;
    (ratio > 1.0).then(|| about((events as f64 * (ratio * ratio - 1.0)).ceil() as u64))
}

/// Rounds up to two digits, since more would pretend to know the next sample.
fn about(number: u64) -> u64 {
    let mut unit = 1u64;
    while number / unit >= 100 {
        unit = unit.saturating_mul(10);
    }
    number.div_ceil(unit).saturating_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_advised_suffices() {
        // 0.09 wide at 100 events: enough. 0.2 wide: four times the events.
        assert_eq!(area(0.09 / (2.0 * Z), 100), None);
        assert!(area(0.2 / (2.0 * Z), 30).is_some_and(|words| words.contains("about 90 more events")));
        assert_eq!(about(81), 81);
        assert_eq!(about(1234), 1300);
        // Wilson at a share of 0.8: 0.1 wide at 245 rows or so.
        let of = |rows: f64| Share { value: 0.8, rows };
        assert!(share("sensitivity", of(50.0), "events").is_some_and(|words| words.contains("about 200 more events")));
        assert!(interval::wilson_width(0.8, 250.0) < 0.1 && interval::wilson_width(0.8, 230.0) > 0.1);
        assert_eq!(share("sensitivity", of(1000.0), "events"), None);
    }
}
