//! Metrics of a survey of users.

use super::parameter::TEST;
use super::{Measure, ONE, SCALAR_ONLY, SurveyMeasure, ZERO};

registry! {
    "sus" "System Usability Scale" [] over SCALAR_ONLY, Number ZERO, Some(100.0), Higher,
        "mean of 2.5 (sum over odd questions (x - 1) + sum over even questions (5 - x))", "Brooke 1996",
        Measure::Survey(SurveyMeasure::Sus)
        => "Student's t", "no respondent gave all ten answers", "";
    "trust_change" "change of trust by use" [] over SCALAR_ONLY, Number None, None, Higher,
        "mean of trust after - trust before, in the unit of the scale", "own definition",
        Measure::Survey(SurveyMeasure::TrustChange)
        => "Student's t", "no respondent told both", "";
    "trust_change_p" "p of no change of trust by use" [TEST] over SCALAR_ONLY, Ratio ZERO, ONE, None,
        "two-sided p of Student's t over respondents; wilcoxon: normal p of the signed ranks of changes that are not 0, corrected for ties",
        "paired t test; Wilcoxon 1945", Measure::Survey(SurveyMeasure::TrustChangeP)
        => "a p-value, without interval", "no two respondents told both, or all changed alike (wilcoxon: none changed)", "";
}
