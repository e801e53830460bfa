//! The space that items lie in: which parts count, and how far apart two items are.

use super::item::{Item, Part, Value};

/// What is looked at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Five figures: shift, calibration, fairness, ensemble, explanations; each in standard deviations.
    Measured,
    /// What failed and why, and how far a figure fell.
    Coded,
}

impl Basis {
    /// Returns the name for programs and the command line.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Measured => "measured",
            Basis::Coded => "coded",
        }
    }

    fn parts(self) -> &'static [Part] {
        match self {
            Basis::Measured => &[
                Part::ShiftIndex,
                Part::CalibrationError,
                Part::EqualizedOdds,
                Part::EnsembleVariance,
                Part::Interpretability,
            ],
            Basis::Coded => &[Part::Modes, Part::Factors, Part::Degradation],
        }
    }
}

/// A way to look at items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What is looked at first.
    pub basis: Basis,
    /// Parts beside those of the basis, each as heavy as one of them.
    pub with: Vec<Part>,
}

impl View {
    /// Returns the view of a basis alone.
    pub fn of(basis: Basis) -> Self {
        Self { basis, with: Vec::new() }
    }

    /// Returns the parts that count, each once.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = self.basis.parts().to_vec();
        for part in &self.with {
            if !parts.contains(part) {
                parts.push(*part);
            }
        }
        parts
    }

    /// Tells whether enough is known of an item: more than half of the five figures, so that any two have one in
    /// common; of codes, at least its modes.
    pub fn suffices(&self, item: &Item) -> bool {
        let parts = self.basis.parts();
        match self.basis {
            Basis::Measured => 2 * parts.iter().filter(|part| item.value(**part).is_some()).count() > parts.len(),
            Basis::Coded => item.value(Part::Modes).is_some(),
        }
    }
}

/// A view, and the unit of each of its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    parts: Vec<(Part, f64)>,
    /// What a mean over parts is multiplied by.
    whole: f64,
}

impl Space {
    /// Returns the space of a view with the units that these items give: their standard deviation in the measured
    /// view, their range in the coded one; 1 where that is 0.
    pub fn new(view: &View, items: &[Item]) -> Self {
        let unit = |part: Part| {
            let numbers: Vec<f64> = items.iter().filter_map(|item| number(item, part)).collect();
            let n = numbers.len() as f64;
            let spread = match view.basis {
                Basis::Measured => {
                    let mean = numbers.iter().sum::<f64>() / n;
                    (numbers.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt()
                }
                Basis::Coded => {
                    let (low, high) = numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                        (low.min(*value), high.max(*value))
                    });
                    high - low
                }
            };
            if spread > 0.0 && spread.is_finite() { spread } else { 1.0 }
        };
        let parts: Vec<(Part, f64)> = view.parts().into_iter().map(|part| (part, unit(part))).collect();
        let whole = match view.basis {
            Basis::Measured => parts.len() as f64,
            Basis::Coded => 1.0,
        };
        Self { parts, whole }
    }

    /// Returns how far apart two items are; none where no part is known of both.
    ///
    /// The squared distance is the mean over the parts known of both, which counts for those that are not, times the
    /// number of parts in the measured view, so that it is the plain Euclidean one where nothing is missing. A part
    /// gives `((x - y) / unit)²` for figures and `1 - cos` for codes: half the squared distance of the two directions.
    ///
    /// # Source
    /// Parts known of both: Gower (1971), Biometrics 27:857; Dixon (1979), IEEE Trans. Syst. Man Cybern. 9:617.
    pub fn between(&self, left: &Item, right: &Item) -> Option<f64> {
        let squares = self.parts.iter().filter_map(|(part, unit)| match (left.value(*part)?, right.value(*part)?) {
            (Value::Number(x), Value::Number(y)) => Some(((x - y) / unit).powi(2)),
            (Value::Codes(x), Value::Codes(y)) => Some((1.0 - cosine(x, y)).max(0.0)),
            (Value::Number(_), Value::Codes(_)) | (Value::Codes(_), Value::Number(_)) => None,
        });
        let (count, sum) = squares.fold((0u32, 0.0), |(count, sum), square| (count + 1, sum + square));
        (count > 0).then(|| (self.whole * sum / f64::from(count)).sqrt())
    }
}

fn number(item: &Item, part: Part) -> Option<f64> {
    match item.value(part) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    }
}

/// Returns the cosine of two directions, whose codes are in order of name.
fn cosine(left: &[(String, f64)], right: &[(String, f64)]) -> f64 {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut product = 0.0;
    while let (Some((code, weight)), Some((other, other_weight))) = (left.peek(), right.peek()) {
        match code.cmp(other) {
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
            std::cmp::Ordering::Equal => {
                product += weight * other_weight;
                left.next();
                right.next();
            }
        }
    }
    product
}
