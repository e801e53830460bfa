//! The plan as JSON, `etiology.plan/1`; its schema is `docs/plan.schema.json`. Figures are not rounded.

use super::{CheapestSet, Costs, Goal, Plan, Priced};
use crate::explanation::Case;
use crate::risk::World;
use serde_json::{Value as Json, json};

/// Returns the plan of the deployment with that short name.
pub fn json(case: Case<'_>, plan: &Plan, deployment: &str, digest: &str) -> Json {
    let pack = &case.knowledge.pack;
    json!({
        "format": "etiology.plan/1",
        "pack": { "id": pack.id, "version": pack.version.to_string(), "digest": pack.digest },
        "deployment": { "id": deployment, "digest": digest },
        "goal": goal(case, &plan.goal),
        "cheapest_set": cheapest_set(case, &plan.cheapest),
        "engine": { "version": env!("CARGO_PKG_VERSION") },
    })
}

fn goal(case: Case<'_>, goal: &Goal) -> Json {
    let Costs { low, medium, high } = goal.costs;
    let band = &case.knowledge.bands[goal.band];
    json!({
        "under": band.id,
        "below": band.from,
        "on": match goal.world {
            World::Low => "low",
            World::Estimate => "estimate",
            World::High => "high",
        },
        "costs": { "low": low, "medium": medium, "high": high, "basis": "judgement" },
    })
}

fn cheapest_set(case: Case<'_>, set: &CheapestSet) -> Json {
    let node = |id| case.knowledge.nodes[id].id.clone();
    let mitigation = |id| case.knowledge.mitigations[id].id.clone();
    let priced = |priced: &Priced| {
        json!({
            "mitigations": priced.set.iter().map(|id| mitigation(*id)).collect::<Vec<_>>(),
            "cost": priced.cost,
            "at_least": priced.at_least,
            "cheapest": priced.is_cheapest(),
        })
    };
    json!({
        "candidates": set.candidates,
        "brings_under": priced(&set.priced),
        "as_low_as_can_be": set.as_low_as_can_be.as_ref().map(priced),
        "total_risk": { "now": set.total_before, "then": set.total_after },
        "chosen": set.chosen.iter().map(|chosen| json!({
            "mitigation": mitigation(chosen.mitigation),
            "cost": chosen.cost,
            "risk_removed_alone": chosen.removes,
            "needed_for": chosen.needed_for.iter().map(|(mode, risk)| json!({
                "mode": node(*mode), "risk_without": risk,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "modes": set.modes.iter().map(|mode| json!({
            "mode": node(mode.mode),
            "now": mode.before,
            "then": mode.after,
            "at_best": mode.at_best,
            "under": mode.after < set.below,
            "further": mode.further.iter().map(|(id, by)| json!({
                "mitigation": mitigation(*id), "risk_removed": by,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "struck_out": set.struck_out.iter().map(|id| mitigation(*id)).collect::<Vec<_>>(),
    })
}
