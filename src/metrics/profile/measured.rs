//! Values that were measured on the rows before they were left behind: what cells cannot give, such as the
//! calibration of development.
//!
//! They are rounded to nine significant digits, which is more than anybody needs and says how far each may be off.

use super::Profile;
use crate::metrics::outcome::{Finding, Outcome};
use crate::metrics::{Definition, Floor, Interval, Measurement};
use crate::table::TableRole;
use serde::{Deserialize, Serialize};

/// A value of the table, or of one of its attributes or groups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The definition with every parameter, as it is asked of development.
    pub definition: String,
    /// The attribute or group, such as `sex` or `sex=F`; none for all rows.
    pub of: Option<String>,
    /// The value.
    pub value: f64,
    /// How far it may be from that of the rows, because it was rounded.
    pub error: f64,
    /// Where the true value may lie.
    pub interval: Option<MeasuredInterval>,
    /// Rows that it rests on.
    pub n: u64,
    /// Of them, rows with the outcome.
    pub events: Option<u64>,
    /// What it shows when nothing is wrong.
    pub floor: Option<MeasuredFloor>,
}

/// A confidence interval, rounded outwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Coverage that it aims at.
    pub level: f64,
    /// How it was made.
    pub method: String,
}

/// A noise floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredFloor {
    /// Its mean.
    pub mean: f64,
    /// Its 95th percentile.
    pub p95: f64,
    /// How it was found.
    pub method: String,
}

/// The ways in which intervals and floors of such values are made. A profile comes from elsewhere, and only words
/// that are known here are taken over from it.
const METHODS: [&str; 13] = [
    "Wilson",
    "Wilson of TP / (TP + FP + FN)",
    "Newcombe",
    "DeLong",
    "DeLong on the logit scale",
    "stratified bootstrap",
    "delta method on Fisher's z",
    "logit",
    "normal",
    "log-normal",
    "Wald",
    "seeded simulation of a calibrated model",
    "seeded simulation of equal groups",
];

/// Returns the method of these words.
fn method(words: &str) -> &'static str {
    METHODS.into_iter().find(|known| *known == words).unwrap_or("as the profile says")
}

impl Measured {
    /// Returns what is told of a measurement; none where it has no value.
    pub(super) fn new(found: &Measurement) -> Option<Self> {
        let value = *found.value.as_ref().ok()?;
        let (value, error) = rounded(value);
        Some(Self {
            definition: found.definition.clone(),
            of: found.element.clone(),
            value,
            error,
            interval: found.interval.as_ref().map(|interval| MeasuredInterval {
                low: outward(interval.low, f64::NEG_INFINITY),
                high: outward(interval.high, f64::INFINITY),
                level: interval.level,
                method: interval.method.to_owned(),
            }),
            n: found.n,
            events: found.events,
            floor: found.floor.as_ref().map(|floor| MeasuredFloor {
                mean: rounded(floor.mean).0,
                p95: rounded(floor.p95).0,
                method: floor.method.to_owned(),
            }),
        })
    }

    /// Tells whether the figures can be those of a measurement: what a damaged file may not hold.
    pub(super) fn is_sound(&self, rows: u64) -> bool {
        let ends = self.interval.as_ref().is_none_or(|interval| interval.low <= interval.high);
        let events = self.events.is_none_or(|events| events <= self.n);
        ends && events && self.n <= rows && self.error >= 0.0
    }

    fn finding(&self) -> Finding {
        let interval = self.interval.as_ref().map(|told| Interval {
            low: told.low,
            high: told.high,
            level: told.level,
            method: method(&told.method),
        });
        let floor =
            self.floor.as_ref().map(|told| Floor { mean: told.mean, p95: told.p95, method: method(&told.method) });
        Finding {
            found: Ok(Outcome::new(self.value).with_interval(interval).with_floor(floor).with_error(self.error)),
            n: self.n,
            events: self.events,
            table: Some(TableRole::Development),
        }
    }
}

/// Returns the measured value of a definition over all rows, an attribute (whose group is empty) or a group.
pub(super) fn told(profile: &Profile, definition: &Definition, group: Option<(&str, &str)>) -> Option<Finding> {
    let text = definition.text(profile.threshold);
    let of = group.map(|(attribute, group)| match group {
        "" => attribute.to_owned(),
        group => format!("{attribute}={group}"),
    });
    let found = profile.measured.iter().find(|told| told.definition == text && told.of == of);
    found.map(Measured::finding)
}

/// Returns a number to nine significant digits, and how far it may be from the whole one: half a unit of the last
/// digit, or nothing for a count.
fn rounded(value: f64) -> (f64, f64) {
    let text = format!("{value:.8e}");
    let near = text.parse().unwrap_or(value);
    let exponent: i32 = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let is_count = value.fract().abs() <= 0.0 && value.abs() < 1e9;
    // As text, so that it is the number nearest to five units of the tenth digit.
    (near, if is_count { 0.0 } else { format!("5e{}", exponent - 9).parse().unwrap_or(0.0) })
}

/// Returns the end of an interval to nine significant digits, rounded away from its middle.
fn outward(end: f64, towards: f64) -> f64 {
    let (near, error) = rounded(end);
    let inside = if towards > 0.0 { near < end } else { near > end };
    if inside { rounded(near + 2.0 * error * towards.signum()).0 } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_digits_say_how_far_they_are_off() {
        for value in [0.123_456_789_876, -4.2e-7, 1.0 / 3.0, 123_456.789_123_4, 0.0, 17.0] {
            let (near, error) = rounded(value);
            assert!((near - value).abs() <= error * (1.0 + 1e-9), "{value}: {near} within {error}");
            assert!(outward(value, f64::INFINITY) >= value && outward(value, f64::NEG_INFINITY) <= value);
            assert!(outward(value, f64::INFINITY) - value <= 2.0 * error);
        }
        assert_eq!(rounded(17.0), (17.0, 0.0));
        assert_eq!(rounded(0.5), (0.5, 5e-10));
    }
}
