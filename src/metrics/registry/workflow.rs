//! Metrics of work with the system.

use super::parameter::{OF_DISSATISFACTION, OF_INTERRUPTIONS, OF_TIME, PER};
use super::{Measure, ONE, SCALAR_ONLY, WorkflowMeasure, ZERO};

registry! {
    "workflow_disruption" "disruption of work" [OF_TIME, OF_INTERRUPTIONS, OF_DISSATISFACTION] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "mean of alpha T + beta N + gamma S; time, interruptions and dissatisfaction each on 0 to 1, weights add up to 1",
        "no validated instrument", Measure::Workflow(WorkflowMeasure::Disruption)
        => "Student's t", "the weights do not add up to 1, or no row has all three parts", "no other tool has it";
    "workflow_disruption_p90" "disruption that one task in ten exceeds" [OF_TIME, OF_INTERRUPTIONS, OF_DISSATISFACTION] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "90th percentile of alpha T + beta N + gamma S, linear", "no validated instrument",
        Measure::Workflow(WorkflowMeasure::DisruptionP90)
        => "order statistics", "the weights do not add up to 1, or no row has all three parts", "";
    "alert_burden" "alerts for each 100 patients, or clinician and day" [PER] over SCALAR_ONLY, Number ZERO, None, Lower,
        "100 sum(alerts) / sum(patients), or sum(alerts) / sum(clinician_days)", "own definition",
        Measure::Workflow(WorkflowMeasure::AlertBurden)
        => "seeded bootstrap over rows", "the counts to divide by add up to 0", "";
    "override_rate" "share of alerts that are overridden" [] over SCALAR_ONLY, Ratio ZERO, ONE, Lower,
        "sum(overridden) / sum(alerts)", "own definition",
        Measure::Workflow(WorkflowMeasure::OverrideRate)
        => "Wilson, as if alerts were independent", "there were no alerts", "";
}
