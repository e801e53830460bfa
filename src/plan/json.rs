//! The plan as JSON, `etiology.plan/1`; its schema is `docs/plan.schema.json`. Figures are not rounded.

use super::{
    Chance, CheapestSet, Costs, FALSE_ALARMS, Goal, Limit, Must, Plan, Priced, RowsFrom, Trial, Watch, Watching,
};
use crate::explanation::{Case, Failing, Holding};
use crate::model::Basis;
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
        "modes": plan.modes.iter().map(|mode| case.knowledge.nodes[*mode].id.clone()).collect::<Vec<_>>(),
        "test_protocol": plan.trials.iter().map(|trial| self::trial(case, trial)).collect::<Vec<_>>(),
        "monitoring": monitoring(case, &plan.watching),
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

/// Returns a test with everything that must hold in it.
fn trial(case: Case<'_>, trial: &Trial) -> Json {
    let test = trial.test.map(|test| &case.knowledge.stress_tests[test]);
    let sources = test.map(|test| test.about.cites.iter().map(|cite| case.citation(cite.value)).collect::<Vec<_>>());
    json!({
        "stress_test": test.map(|test| test.id.clone()),
        "title": test.map(|test| test.title.clone()),
        "modes": trial.modes.iter().map(|mode| case.knowledge.nodes[*mode].id.clone()).collect::<Vec<_>>(),
        "state": state(trial.state()),
        "who": test.and_then(|test| test.ask.clone()),
        "needs": test.and_then(|test| test.needs.clone()),
        "because": test.and_then(|test| test.about.because.as_ref()).map(|because| because.value.clone()),
        "basis": test.and_then(|test| test.about.basis).map(|basis| match basis {
            Basis::Published => "published",
            Basis::Counted => "counted",
            Basis::Judgement => "judgement",
        }),
        "sources": sources.unwrap_or_default(),
        "must_hold": trial.musts.iter().map(|must| self::must(case, must)).collect::<Vec<_>>(),
    })
}

fn state(state: Holding) -> &'static str {
    match state {
        Holding::Broken => "fails",
        Holding::Open => "open",
        Holding::Holds => "holds",
    }
}

fn must(case: Case<'_>, must: &Must) -> Json {
    let held = &must.held;
    let rule = &case.knowledge.rules[held.rule];
    let place = case.location(rule.span);
    json!({
        "rule": rule.id,
        "file": place.file,
        "line": place.line,
        "state": state(held.state),
        "any_of": held.any_of.iter().map(|held| json!({
            "sentence": held.part.sentence,
            "fact": held.fact.as_ref().map(|fact| case.key_name(fact)),
            "value": held.part.value,
            "threshold": held.part.threshold,
            "margin": held.part.margin,
        })).collect::<Vec<_>>(),
        "counts_only_if": held.not_counted_since.iter().map(|part| part.sentence.as_str()).collect::<Vec<_>>(),
        "of": held.of,
        "failing": held.broken,
        "rows": must.rows.map(|rows| json!({
            "have": rows.have,
            "needed": rows.needed,
            "from": match rows.from {
                Chance::Noise => "noise",
                Chance::Interval => "interval",
            },
        })),
    })
}

/// Returns what to watch, at which limit, and who acts.
fn monitoring(case: Case<'_>, watching: &Watching) -> Json {
    json!({
        "period": watching.period.as_ref().map(|period| json!({
            "rows": period.rows,
            "rows_from": match period.from {
                RowsFrom::Stated => "stated",
                RowsFrom::Periods => "periods_of_the_pilot",
                RowsFrom::Pilot => "whole_pilot",
            },
            "days": period.length.as_ref().map(|(days, _)| days),
        })),
        "draws": watching.draws,
        "false_alarms": { "share_of_periods": FALSE_ALARMS, "a_year": watching.false_alarms_a_year() },
        "watch": watching.watches.iter().map(|watch| self::watch(case, watch)).collect::<Vec<_>>(),
        "unmeasured": watching.unmeasured.iter().map(|input| case.knowledge.inputs[*input].id.clone()).collect::<Vec<_>>(),
    })
}

fn watch(case: Case<'_>, watch: &Watch) -> Json {
    let (kind, needed) = match watch.limit {
        Limit::Drawn(_) => ("drawn", None),
        Limit::TooFewRows { needed, .. } => ("too_few_rows", needed),
        Limit::BeyondAlready => ("mend_first", None),
        Limit::Threshold(_) => ("rule", None),
    };
    json!({
        "fact": case.key_name(&watch.fact),
        "title": case.key_title(&watch.fact),
        "of": watch.of,
        "now": watch.now,
        "act_when": match watch.failing {
            Failing::Above => "above",
            Failing::Below => "below",
        },
        "limit": watch.limit.value(),
        "limit_from": kind,
        "rows_needed": needed,
        "rule": case.knowledge.rules[watch.rule].id,
        "rule_threshold": watch.threshold,
        "modes": watch.modes.iter().map(|mode| case.knowledge.nodes[*mode].id.clone()).collect::<Vec<_>>(),
        "who": watch.who,
        "then": watch.then.map(|then| case.knowledge.mitigations[then].id.clone()),
    })
}
