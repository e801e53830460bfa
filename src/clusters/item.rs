//! A case or a pilot as a vector.

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A documented failure.
    Case,
    /// A deployment that was measured or answered for.
    Pilot,
}

/// A part of the vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Failure modes.
    Modes,
    /// Causal factors.
    Factors,
    /// How far a figure fell from what was promised to what was found.
    Degradation,
    /// Clinical domain.
    Domain,
    /// Kind of evidence.
    Evidence,
    /// Shift index over all inputs.
    ShiftIndex,
    /// Expected calibration error.
    CalibrationError,
    /// Gap in hits plus gap in false alarms between groups, of the attribute where it is largest.
    EqualizedOdds,
    /// Variance of the scores over an ensemble.
    EnsembleVariance,
    /// How understandable users find explanations, from 1 to 5.
    Interpretability,
}

impl Part {
    /// Returns the name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Part::Modes => "modes",
            Part::Factors => "factors",
            Part::Degradation => "degradation",
            Part::Domain => "domain",
            Part::Evidence => "evidence",
            Part::ShiftIndex => "shift_index",
            Part::CalibrationError => "calibration_error",
            Part::EqualizedOdds => "equalized_odds",
            Part::EnsembleVariance => "ensemble_variance",
            Part::Interpretability => "interpretability",
        }
    }

    /// Returns the name for people.
    pub fn title(self) -> &'static str {
        match self {
            Part::Modes => "failure modes",
            Part::Factors => "causal factors",
            Part::Degradation => "fall of a figure",
            Part::Domain => "clinical domain",
            Part::Evidence => "kind of evidence",
            Part::ShiftIndex => "shift index (DSI)",
            Part::CalibrationError => "calibration error (ECE)",
            Part::EqualizedOdds => "gap between groups (ΔEO)",
            Part::EnsembleVariance => "variance over copies",
            Part::Interpretability => "rating of explanations",
        }
    }
}

/// What is known of one part.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A figure.
    Number(f64),
    /// A direction: codes in order of name with their share in it. The squares of the shares sum to 1.
    Codes(Vec<(String, f64)>),
}

impl Value {
    /// Returns the direction of codes with their weights; none where no code weighs anything.
    pub fn codes(weights: impl IntoIterator<Item = (String, f64)>) -> Option<Self> {
        let mut codes: Vec<(String, f64)> = weights.into_iter().filter(|(_, weight)| *weight > 0.0).collect();
        codes.sort_by(|left, right| left.0.cmp(&right.0));
        codes.dedup_by(|left, right| left.0 == right.0);
        let length = codes.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        codes.iter_mut().for_each(|(_, weight)| *weight /= length);
        (!codes.is_empty()).then_some(Value::Codes(codes))
    }
}

/// A case or a pilot.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// What it is in a line.
    pub title: String,
    /// Which of the two it is.
    pub kind: Kind,
    /// What is known of it, by part, each part once.
    pub values: Vec<(Part, Value)>,
    /// What people who read it called it, such as the main mode; empty for a pilot.
    pub labels: Vec<(&'static str, String)>,
}

impl Item {
    /// Returns what is known of a part.
    pub fn value(&self, part: Part) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == part).map(|(_, value)| value)
    }

    /// Returns the codes of a part in order of name; none where the part is not known or is a figure.
    pub fn codes(&self, part: Part) -> impl Iterator<Item = &str> {
        let codes = match self.value(part) {
            Some(Value::Codes(codes)) => codes.as_slice(),
            _ => &[],
        };
        codes.iter().map(|(code, _)| code.as_str())
    }
}
