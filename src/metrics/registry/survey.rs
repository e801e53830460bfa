//! Metrics of a survey of users.

use super::{Measure, SCALAR_ONLY, SurveyMeasure, ZERO};

registry! {
    "sus" "System Usability Scale" [] over SCALAR_ONLY, Number ZERO, Some(100.0), Higher,
        "mean of 2.5 (sum over odd questions (x - 1) + sum over even questions (5 - x))", "Brooke 1996",
        Measure::Survey(SurveyMeasure::Sus)
        => "Student's t", "no respondent gave all ten answers", "";
    "trust_change" "change of trust by use" [] over SCALAR_ONLY, Number None, None, Higher,
        "mean of trust after - trust before, in the unit of the scale", "own definition",
        Measure::Survey(SurveyMeasure::TrustChange)
        => "Student's t", "no respondent told both", "";
}
