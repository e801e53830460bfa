//! An evaluation for programs: `etiology.evaluation/1`, described in docs/evaluation.schema.json.

use super::{Appraisal, Coverage, LevelCoverage};
use crate::interviews::Share;
use serde_json::{Map, Value, json};

/// Returns all that was evaluated.
pub fn json(appraisal: &Appraisal) -> Value {
    let judged = &appraisal.judged;
    json!({
        "schema": "etiology.evaluation/1",
        "pack": judged.pack,
        "cases": {"from": judged.place.as_deref().unwrap_or("built_in"), "judged": judged.cases, "mistakes": judged.mistakes},
        "coverage": coverage(&appraisal.coverage, judged.place.is_none()),
    })
}

fn coverage(coverage: &Coverage, by_construction: bool) -> Value {
    json!({
        "by_construction": by_construction,
        "levels": levels(&coverage.levels),
        "cases_with_every_code": share(&coverage.whole),
        "domains": coverage.domains.iter().map(|(domain, of, whole)| json!({
            "domain": domain, "levels": levels(of), "cases_with_every_code": share(whole),
        })).collect::<Vec<_>>(),
        "uncovered": coverage.uncovered.iter().map(|found| json!({
            "level": found.level, "code": found.code, "cases": found.cases,
        })).collect::<Vec<_>>(),
    })
}

fn levels(levels: &[LevelCoverage; 3]) -> Value {
    let level = |level: &LevelCoverage| {
        let figures = json!({
            "codes_given": share(&level.given),
            "different_codes": share(&level.different),
            "cases_with_every_code": share(&level.cases),
        });
        (level.level.to_owned(), figures)
    };
    Value::Object(levels.iter().map(level).collect::<Map<_, _>>())
}

fn share(share: &Share) -> Value {
    let value = (share.of > 0).then(|| share.hits as f64 / share.of as f64);
    let (low, high) = share.interval.as_ref().map(|ends| (ends.low, ends.high)).unzip();
    json!({"n": share.hits, "of": share.of, "value": value, "low": low, "high": high, "method": "Wilson"})
}
