//! Metrics of work with the system.

use super::parameter::{ALPHA, BETA, GAMMA, PER};
use super::{Measure, ONE, SCALAR_ONLY, WorkflowMeasure, ZERO};

registry! {
    "workflow_disruption" "disruption of work" [ALPHA, BETA, GAMMA] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "mean of alpha T + beta N + gamma S; time, interruptions and dissatisfaction each on 0 to 1, weights add up to 1",
        "no validated instrument; interval Student's t", Measure::Workflow(WorkflowMeasure::Disruption);
    "workflow_disruption_p90" "disruption that one task in ten exceeds" [ALPHA, BETA, GAMMA] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "90th percentile of alpha T + beta N + gamma S, linear", "no validated instrument; interval order statistics",
        Measure::Workflow(WorkflowMeasure::DisruptionP90);
    "alert_burden" "alerts for each 100 patients, or clinician and day" [PER] over SCALAR_ONLY, Number ZERO, None, Lower,
        "100 sum(alerts) / sum(patients), or sum(alerts) / sum(clinician_days)", "interval bootstrap over rows",
        Measure::Workflow(WorkflowMeasure::AlertBurden);
    "override_rate" "share of alerts that are overridden" [] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "sum(overridden) / sum(alerts)", "interval Wilson 1927, as if alerts were independent",
        Measure::Workflow(WorkflowMeasure::OverrideRate);
}
