//! Predictive validity for programs.

use super::with_ends;
use crate::evaluation::{Foresight, MethodFigures, Tier};
use serde_json::{Map, Value, json};

/// Returns what would have been foreseen.
pub(super) fn foresight(foresight: &Foresight) -> Value {
    json!({
        "judged": foresight.judged,
        "without_main_mode_in_pack": foresight.without_main,
        "learnt_from": foresight.learnt_from,
        "modes": foresight.modes,
        "pairs_that_came": foresight.came,
        "accuracy_of_foretelling_nothing": accuracy_of_nothing(foresight),
        "factors": foresight.factors,
        "knowable_factors": foresight.knowable,
        "draws": foresight.draws,
        "tiers": foresight.tiers.iter().map(tier).collect::<Vec<_>>(),
    })
}

fn accuracy_of_nothing(foresight: &Foresight) -> Option<f64> {
    let pairs = foresight.judged * foresight.modes;
    (pairs > 0).then(|| 1.0 - foresight.came as f64 / pairs as f64)
}

fn tier(tier: &Tier) -> Value {
    json!({
        "seen": if tier.with_causes { "causes_known_beforehand" } else { "what_a_buyer_knows" },
        "left_out": if tier.by_system { "system" } else { "case" },
        "modes_with_auroc": tier.modes_with_auroc,
        "threshold": tier.threshold,
        "methods": tier.methods.iter().map(|of| (of.method.name().to_owned(), method(of))).collect::<Map<_, _>>(),
        "said": tier.said.iter().map(|said| json!({
            "case": said.case, "first_three": said.first, "rank_of_main_mode": said.rank_of_main,
        })).collect::<Vec<_>>(),
    })
}

fn method(of: &MethodFigures) -> Value {
    let mut value = Map::new();
    for (measure, figure) in &of.figures {
        let mut told = with_ends(figure.value, figure.interval.as_ref());
        told["beyond_expert_system"] = match &figure.beyond_expert {
            Some((beyond, interval)) => with_ends(Some(*beyond), interval.as_ref()),
            None => Value::Null,
        };
        value.insert(measure.name().to_owned(), told);
    }
    let counts = &of.confusion;
    value.insert(
        "confusion".to_owned(),
        json!({"tp": counts.hits, "fp": counts.false_alarms, "tn": counts.rightly_silent, "fn": counts.missed}),
    );
    Value::Object(value)
}
