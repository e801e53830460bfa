//! Coverage for programs.

use super::with_ends;
use crate::evaluation::{Coverage, LevelCoverage};
use crate::interviews::Share;
use serde_json::{Map, Value, json};

/// Returns how far the pack has words for the cases.
pub(super) fn coverage(coverage: &Coverage) -> Value {
    json!({
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
    let mut figure = with_ends(value, share.interval.as_ref());
    figure["n"] = json!(share.hits);
    figure["of"] = json!(share.of);
    figure
}
