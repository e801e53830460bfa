//! Metric results become facts.

use super::{Fact, FactStore, Interval, Member, NoiseFloor, Origin};
use crate::metrics::{Evaluation, Measurement};
use crate::model::{IndexId, InputId, KnowledgeBase, Value};
use crate::table::TableRole;

/// The names of the index sets that pilot tables have members for.
pub const TABLE_INDEXES: [&str; 4] = ["attribute", "subgroup", "feature", "period"];

/// Returns the members that the tables give to the pack's index sets.
pub fn members_from_metrics(evaluation: &Evaluation, knowledge: &KnowledgeBase) -> Vec<(IndexId, String)> {
    let subgroups: Vec<String> = evaluation.subgroups.iter().map(|subgroup| subgroup.id.clone()).collect();
    let sets = [&evaluation.attributes, &subgroups, &evaluation.features, &evaluation.periods];
    TABLE_INDEXES
        .iter()
        .zip(sets)
        .filter_map(|(name, members)| Some((knowledge.indexes.find(name)?, members)))
        .flat_map(|(index, members)| members.iter().map(move |member| (index, member.clone())))
        .collect()
}

/// Enters every measurement into the store, undefined ones with their reason.
pub fn enter_measurements(evaluation: &Evaluation, knowledge: &KnowledgeBase, store: &mut FactStore) {
    for measurement in &evaluation.measurements {
        let Some(input) = knowledge.inputs.find(&measurement.metric) else { continue };
        if let Some(members) = members_of(measurement, input, knowledge, store) {
            store.set(input, &members, fact(measurement, evaluation));
        }
    }
}

fn members_of(
    measurement: &Measurement,
    input: InputId,
    knowledge: &KnowledgeBase,
    store: &FactStore,
) -> Option<Vec<Member>> {
    let indexes = &knowledge.inputs[input].indexes;
    indexes.iter().zip(&measurement.element).map(|(index, element)| store.member(*index, element)).collect()
}

fn fact(measurement: &Measurement, evaluation: &Evaluation) -> Fact {
    // A value of no one table compares the pilot's two.
    let used = |role: TableRole| measurement.table.map_or(!TableRole::COMPANIONS.contains(&role), |own| own == role);
    let tables: Vec<_> = evaluation.tables.iter().filter(|table| used(table.role)).collect();
    Fact {
        value: measurement.value.clone().map(Value::Number).map_err(|undefined| undefined.reason),
        interval: possible(measurement),
        n: Some(measurement.n),
        events: measurement.events,
        floor: measurement.floor.as_ref().map(|floor| NoiseFloor {
            mean: Some(floor.mean),
            p95: floor.p95,
            method: floor.method.to_string(),
        }),
        notes: measurement.notes.iter().chain(&measurement.advice).cloned().collect(),
        origin: Origin::Metric {
            definition: measurement.definition.clone(),
            tables: tables.iter().map(|table| format!("{} ({})", table.file, table.role)).collect(),
            digests: tables.iter().map(|table| table.sha256.clone()).collect(),
        },
    }
}

/// Returns where the value may lie: its interval, widened by what a reference profile leaves open. A
/// threshold inside is neither certainly passed nor certainly missed.
fn possible(measurement: &Measurement) -> Option<Interval> {
    let error = measurement.error.unwrap_or(0.0);
    match (&measurement.interval, &measurement.value) {
        (Some(interval), _) => Some(Interval {
            low: interval.low - error,
            high: interval.high + error,
            level: interval.level,
            method: interval.method.to_owned(),
        }),
        (None, Ok(value)) if error > 0.0 => Some(Interval {
            low: value - error,
            high: value + error,
            level: 1.0,
            method: "what the profile leaves open".to_owned(),
        }),
        _ => None,
    }
}
