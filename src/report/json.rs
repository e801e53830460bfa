//! The assessment as JSON, `etiology.assessment/1`; its schema is `docs/assessment.schema.json`.
//!
//! Figures are not rounded. Keys and lists have a fixed order, so equal assessments are equal bytes.

use crate::explanation::{Case, TurnedRule, WhatIf, counted_json};
use crate::facts::Origin;
use crate::inference::{Element, FactKey, RelationInstance};
use crate::metrics::Evaluation;
use crate::model::{
    Effort, FlagLevel, IndexRef, MitigationId, NodeId, NodeKind, PriorityLevel, RuleId, Type, Value, VerdictId,
};
use crate::risk::{
    Bounds, Contribution, ContributionKind, Disagreement, ModeRisk, NodeLikelihood, Propagation, Quantity,
    Recommendation,
};
use serde_json::{Value as Json, json};

/// What names the deployment and the pack's content.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Short name of the deployment.
    pub deployment: &'a str,
    /// Digest of everything that the deployment supplied.
    pub digest: &'a str,
}

/// Returns the assessment by the contract; `resemblance` is what stands beside it.
pub fn assessment(case: Case<'_>, identity: Identity<'_>, resemblance: Json) -> Json {
    let pack = &case.knowledge.pack;
    json!({
        "format": "etiology.assessment/1",
        "pack": {
            "id": pack.id, "version": pack.version.to_string(), "digest": pack.digest, "imports": imports(case),
        },
        "deployment": { "id": identity.deployment, "digest": identity.digest },
        "verdict": verdict(case),
        "propagation": match case.assessment.propagation {
            Propagation::Local => "local",
            Propagation::Exact => "exact",
        },
        "total_risk": bounds(&case.assessment.total),
        "risks": risks(case),
        "recommendations": recommendations(case),
        "flags": flags(case),
        "facts": facts(case, ""),
        "entities": entities(case),
        "relations": relations(case),
        "open_inputs": open_inputs(case),
        "passed": passed(case),
        "undecided": undecided(case),
        "overrides": overrides(case),
        "resemblance": resemblance,
        "engine": { "version": env!("CARGO_PKG_VERSION") },
    })
}

fn imports(case: Case<'_>) -> Json {
    let imports = case.knowledge.imports.iter().map(|import| {
        json!({
            "by": import.by,
            "id": import.id,
            "requirement": import.requirement,
            "version": import.version.to_string(),
            "digest": import.digest,
        })
    });
    imports.collect()
}

fn overrides(case: Case<'_>) -> Json {
    let overrides = case.knowledge.overrides.iter().map(|changed| {
        let place = case.location(changed.span);
        json!({
            "kind": changed.kind,
            "name": changed.name,
            "pack": changed.pack,
            "by": changed.by,
            "because": changed.because,
            "disabled": changed.disabled,
            "changes": changed.changes.iter().map(|change| json!({
                "clause": change.clause, "before": change.before, "after": change.after,
            })).collect::<Vec<_>>(),
            "file": place.file,
            "line": place.line,
        })
    });
    overrides.collect()
}

fn bounds<Q: Quantity>(figures: &Bounds<Q>) -> Json {
    json!({ "estimate": figures.estimate().get(), "low": figures.low().get(), "high": figures.high().get() })
}

fn rule_ids(case: Case<'_>, rules: impl IntoIterator<Item = RuleId>) -> Vec<String> {
    let mut ids: Vec<String> = rules.into_iter().map(|rule| case.knowledge.rules[rule].id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn verdict(case: Case<'_>) -> Json {
    let choice = &case.assessment.verdict;
    let id = |verdict| case.knowledge.verdicts[verdict].id.clone();
    let missing: Vec<Json> = choice
        .missing
        .iter()
        .filter(|missing| missing.outcome.holds())
        .map(|missing| {
            let required_by = rule_ids(case, missing.required_by.iter().copied());
            json!({ "input": case.knowledge.inputs[missing.input].id, "required_by": required_by })
        })
        .collect();
    // The rules behind a verdict are those that feed the risks its condition reads; a verdict for want
    // of evidence rests on the rules that require it.
    let rules: Vec<RuleId> = match choice.given {
        Some(_) if choice.evidence_missing.holds() => {
            choice.missing.iter().flat_map(|missing| missing.required_by.iter().copied()).collect()
        }
        _ => case.assessment.risks.first().map(|risk| counted_rules(case, risk)).unwrap_or_default(),
    };
    json!({
        "id": choice.given.map(id),
        "title": choice.given.map(|verdict| case.knowledge.verdicts[verdict].title.clone()),
        "rules": rule_ids(case, rules),
        "not_ruled_out": choice.not_ruled_out.iter().copied().map(id).collect::<Vec<_>>(),
        "missing": missing,
    })
}

fn counted_rules(case: Case<'_>, risk: &ModeRisk) -> Vec<RuleId> {
    let likelihood = case.assessment.likelihood(risk.mode);
    let counted =
        likelihood.iter().flat_map(|likelihood| &likelihood.contributions).filter(|part| part.counted.estimate);
    counted
        .filter_map(|part| match &part.kind {
            ContributionKind::Rule { rule, .. } | ContributionKind::Exoneration { rule, .. } => Some(*rule),
            ContributionKind::Base | ContributionKind::Factor { .. } | ContributionKind::CommonCauses => None,
        })
        .collect()
}

/// Returns the risks of all modes, by the contract.
pub fn risks(case: Case<'_>) -> Json {
    case.assessment.risks.iter().map(|risk| mode_risk(case, risk)).collect()
}

fn mode_risk(case: Case<'_>, risk: &ModeRisk) -> Json {
    let node = &case.knowledge.nodes[risk.mode];
    let category = match node.kind {
        NodeKind::Mode { category, .. } => Some(case.knowledge.categories[category].id.clone()),
        NodeKind::Factor => None,
    };
    let contributions = case.assessment.likelihood(risk.mode).map(|likelihood| contributions(case, likelihood));
    json!({
        "mode": node.id,
        "title": node.title,
        "category": category,
        "likelihood": bounds(&risk.likelihood),
        "severity": bounds(&risk.severity),
        "detectability": bounds(&risk.detectability),
        "risk": bounds(&risk.risk),
        "band": risk.band.estimate.map(|band| case.knowledge.bands[band].id.clone()),
        "priority": risk.priority.map(|priority| match priority {
            PriorityLevel::High => "high",
            PriorityLevel::Medium => "medium",
            PriorityLevel::Low => "low",
        }),
        "disagreement": risk.disagreement.map(|disagreement| match disagreement {
            Disagreement::PriorityAboveBand => "priority_above_band",
            Disagreement::BandAbovePriority => "band_above_priority",
        }),
        "contributions": contributions,
    })
}

/// Returns what a likelihood is made of: the contributions that enter the estimate. It recomputes as
/// 1 − (1 − base) · (1 − own) · Π(1 − factor) · (1 − common causes), own = (1 − Π(1 − rule)) · Π(1 − exoneration).
fn contributions(case: Case<'_>, likelihood: &NodeLikelihood) -> Json {
    likelihood
        .contributions
        .iter()
        .filter(|part| part.counted.estimate)
        .map(|part| contribution(case, likelihood.node, part))
        .collect()
}

fn contribution(case: Case<'_>, node: NodeId, part: &Contribution) -> Json {
    let value = part.value.estimate;
    match &part.kind {
        ContributionKind::Base => {
            let counted = &case.knowledge.nodes[node].base_counted;
            json!({ "kind": "base", "id": "base_rate", "value": value, "counted": counted.as_ref().map(counted_json) })
        }
        ContributionKind::Rule { rule, group, .. } => {
            json!({ "kind": "rule", "id": case.knowledge.rules[*rule].id, "value": value, "group": group })
        }
        ContributionKind::Exoneration { rule, group, .. } => {
            json!({ "kind": "exoneration", "id": case.knowledge.rules[*rule].id, "value": value, "group": group })
        }
        ContributionKind::Factor { cause, strength } => {
            let declared = &case.knowledge.nodes[*cause];
            let link = declared.causes.iter().find(|link| link.effect == node);
            let counted = link.and_then(|link| link.counted.as_ref()).map(counted_json);
            json!({
                "kind": "factor", "id": declared.id, "value": value, "strength": strength, "counted": counted,
            })
        }
        ContributionKind::CommonCauses => json!({ "kind": "common_causes", "id": "common_causes", "value": value }),
    }
}

/// Returns the recommendations, by the contract.
pub fn recommendations(case: Case<'_>) -> Json {
    case.assessment.recommendations.iter().map(|found| recommendation(case, found)).collect()
}

fn recommendation(case: Case<'_>, found: &Recommendation) -> Json {
    let declared = &case.knowledge.mitigations[found.mitigation];
    let node = |id: &NodeId| case.knowledge.nodes[*id].id.clone();
    let rules = found.lit_by.iter().chain(&found.recommended_by);
    let rules = rules.filter_map(|id| case.inference().instance(*id)).map(|instance| instance.rule);
    let against: Vec<&str> = found.contraindicated_by.iter().map(|reason| reason.because.as_str()).collect();
    json!({
        "mitigation": declared.id,
        "title": declared.title,
        "risk_removed": bounds(&found.risk_removed),
        "by_mode": found.by_mode.iter().map(|mode| json!({
            "mode": node(&mode.mode),
            "risk_removed": bounds(&mode.risk_removed),
        })).collect::<Vec<_>>(),
        "effort": match found.effort { Effort::Low => "low", Effort::Medium => "medium", Effort::High => "high" },
        "chain": found.chains.first().map(|chain| {
            chain.path.iter().map(node).chain([declared.id.clone()]).collect::<Vec<_>>()
        }).unwrap_or_default(),
        "chains": found.chains.iter().map(|chain| json!({
            "path": chain.path.iter().map(node).collect::<Vec<_>>(),
            "addresses_link": chain.addresses_link,
            "effect": chain.effect,
            "risk_removed": chain.risk_removed,
        })).collect::<Vec<_>>(),
        "rules": rule_ids(case, rules),
        "facts": found.facts.iter().map(|key| case.key_name(key)).collect::<Vec<_>>(),
        "sources": found.sources.iter().map(|id| case.knowledge.citations[*id].id.clone()).collect::<Vec<_>>(),
        "contraindicated": found.is_contraindicated(),
        "contraindicated_because": against,
    })
}

fn flags(case: Case<'_>) -> Json {
    let level = |level| match level {
        FlagLevel::Info => "info",
        FlagLevel::Advise => "advise",
        FlagLevel::Act => "act",
        FlagLevel::Block => "block",
    };
    let flags = case.assessment.flags.iter();
    flags
        .map(
            |flag| json!({ "level": level(flag.level), "text": flag.text, "rule": case.knowledge.rules[flag.rule].id }),
        )
        .collect()
}

/// Returns every fact whose name contains `pattern`, with its origin, by the contract.
pub fn facts(case: Case<'_>, pattern: &str) -> Json {
    let facts = case.facts.iter().filter(|(input, ..)| case.knowledge.inputs[*input].id.contains(pattern)).map(
        |(input, members, fact)| {
            let declared = &case.knowledge.inputs[input];
            let names = declared.indexes.iter().zip(&members);
            let index: Vec<String> = names
                .map(|(set, member)| case.element_name(IndexRef::Declared(*set), Element::Member(*member)))
                .collect();
            json!({
                "id": declared.id,
                "index": index,
                "value": fact.value.as_ref().ok().map(|value| value_json(value, &declared.value_type)),
                "unknown_because": fact.value.as_ref().err(),
                "ci": fact.interval.as_ref().map(|ci| interval(ci.low, ci.high, ci.level, &ci.method)),
                "n": fact.n,
                "events": fact.events,
                "floor": fact.floor.as_ref().map(|floor| noise(floor.mean, floor.p95, &floor.method)),
                "notes": fact.notes,
                "origin": origin(&fact.origin),
            })
        },
    );
    facts.chain(related(case, pattern)).collect()
}

/// Each entry of a relation is a fact about its members.
fn related(case: Case<'_>, pattern: &str) -> impl Iterator<Item = Json> {
    let entries = case.related_facts();
    let wanted = entries.filter(move |(instance, _)| case.knowledge.relations[instance.relation].id.contains(pattern));
    wanted.map(move |(instance, tuple)| {
        let declared = &case.knowledge.relations[instance.relation];
        let names = declared.indexes().zip(&instance.arguments);
        let index: Vec<String> =
            names.map(|(set, element)| case.element_name(IndexRef::Declared(set), *element)).collect();
        json!({
            "id": declared.id,
            "index": index,
            "value": (!tuple.unsure).then_some("yes"),
            "unknown_because": tuple.unsure.then_some("the deployment is not sure"),
            "ci": null,
            "n": null,
            "events": null,
            "floor": null,
            "notes": [],
            "origin": origin(&tuple.origin),
        })
    })
}

/// Returns every entity of the pack with its members, and whether they are known.
fn entities(case: Case<'_>) -> Json {
    let entities = case.knowledge.indexes.iter().filter(|(_, index)| index.is_entity);
    let entities = entities.map(|(id, entity)| {
        json!({
            "id": entity.id,
            "title": entity.title,
            "known": !case.facts.is_open(id),
            "members": case.facts.members(id),
        })
    });
    entities.collect()
}

/// Returns every relation of the pack, and whether the deployment lists it.
fn relations(case: Case<'_>) -> Json {
    let relations = case.knowledge.relations.iter().map(|(id, declared)| {
        let extension = case.facts.relation(id);
        json!({
            "id": declared.id,
            "title": declared.title,
            "listed": extension.is_some(),
            "origin": extension.map(|extension| origin(&extension.origin)),
        })
    });
    relations.collect()
}

fn origin(of: &Origin) -> Json {
    match of {
        Origin::Metric { definition, tables, digests } => {
            json!({ "kind": "metric", "definition": definition, "tables": tables, "digests": digests })
        }
        Origin::Answer { location, by, on, .. } => {
            json!({ "kind": "answer", "file": location.file, "line": location.line, "by": by, "on": on })
        }
        Origin::Metadata { location, .. } => {
            json!({ "kind": "metadata", "file": location.file, "line": location.line })
        }
        Origin::Supposed => json!({ "kind": "supposed" }),
    }
}

/// Returns the tables that were read and every measurement.
pub fn measurements(evaluation: &Evaluation) -> Json {
    let tables = evaluation.tables.iter().map(|table| {
        json!({
            "role": table.role.as_str(), "file": table.file, "filter": table.filter, "rows": table.rows,
            "dropped": table.dropped, "events": table.events, "sha256": table.sha256,
        })
    });
    let measured = evaluation.measurements.iter().map(|measurement| {
        json!({
            "metric": measurement.metric,
            "element": measurement.element,
            "value": measurement.value.as_ref().ok(),
            "unknown_because": measurement.value.as_ref().err().map(|undefined| undefined.reason.clone()),
            "ci": measurement.interval.as_ref().map(|ci| interval(ci.low, ci.high, ci.level, ci.method)),
            "n": measurement.n,
            "events": measurement.events,
            "floor": measurement.floor.as_ref().map(|floor| noise(Some(floor.mean), floor.p95, floor.method)),
            "definition": measurement.definition,
            "notes": measurement.notes,
            "advice": measurement.advice,
            "error": measurement.error,
        })
    });
    json!({
        "format": "etiology.metrics/1",
        "tables": tables.collect::<Vec<_>>(),
        "measurements": measured.collect::<Vec<_>>(),
    })
}

/// Returns the difference that suppositions make.
pub fn difference(case: Case<'_>, difference: &WhatIf) -> Json {
    let knowledge = case.knowledge;
    let verdict = |verdict: Option<VerdictId>| verdict.map(|verdict| knowledge.verdicts[verdict].id.clone());
    let turned = |rules: &[TurnedRule]| {
        let each =
            rules.iter().map(|turned| json!({ "rule": knowledge.rules[turned.rule].id, "because": turned.because }));
        each.collect::<Vec<_>>()
    };
    let mitigations =
        |ids: &[MitigationId]| ids.iter().map(|id| knowledge.mitigations[*id].id.clone()).collect::<Vec<_>>();
    json!({
        "format": "etiology.what_if/1",
        "changes": difference.changes.iter().map(|(input, before, after)| {
            json!({ "input": input, "before": before, "after": after })
        }).collect::<Vec<_>>(),
        "verdict": { "before": verdict(difference.verdict.0), "after": verdict(difference.verdict.1) },
        "total_risk": { "before": bounds(&difference.total.0), "after": bounds(&difference.total.1) },
        "risks": difference.risks.iter().map(|(mode, before, after)| {
            json!({ "mode": knowledge.nodes[*mode].id, "before": bounds(before), "after": bounds(after) })
        }).collect::<Vec<_>>(),
        "fired": turned(&difference.fired),
        "silent": turned(&difference.silent),
        "recommended": mitigations(&difference.recommended),
        "dropped": mitigations(&difference.dropped),
    })
}

/// Returns an object with the name and version of its shape before everything else.
pub fn versioned(format: &str, object: Json) -> Json {
    let mut fields = serde_json::Map::from_iter([("format".to_owned(), json!(format))]);
    if let Json::Object(object) = object {
        fields.extend(object);
    }
    Json::Object(fields)
}

fn interval(low: f64, high: f64, level: f64, method: &str) -> Json {
    json!({ "low": low, "high": high, "level": level, "method": method })
}

fn noise(mean: Option<f64>, p95: f64, method: &str) -> Json {
    json!({ "mean": mean, "p95": p95, "method": method })
}

/// Returns a value as JSON: numbers as numbers, options and dates as the words that stand for them.
pub fn value_json(value: &Value, value_type: &Type) -> Json {
    let option = |options: &[String], position: u32| options.get(position as usize).cloned();
    match (value, value_type) {
        (Value::Number(number), _) => json!(number),
        (Value::YesNo(yes), _) => json!(if *yes { "yes" } else { "no" }),
        (Value::Option(position), Type::OneOf(options)) => json!(option(options, *position)),
        (Value::Options(positions), Type::ManyOf(options)) => {
            positions.iter().filter_map(|position| option(options, *position)).collect()
        }
        (Value::Option(_) | Value::Options(_), _) => Json::Null,
        (Value::Date(_), _) => json!(crate::explanation::value_text(value, value_type)),
        (Value::Text(text), _) => json!(text),
    }
}

fn open_inputs(case: Case<'_>) -> Json {
    case.assessment
        .open_inputs
        .iter()
        .map(|open| {
            let declared = &case.knowledge.inputs[open.input];
            let totals = open.candidates.iter().map(|candidate| {
                json!({ "value": value_json(&candidate.value, &declared.value_type), "total_risk": candidate.total })
            });
            json!({
                "input": declared.id,
                "title": declared.title,
                "swing": open.swing,
                "candidates": totals.collect::<Vec<_>>(),
            })
        })
        .collect()
}

fn passed(case: Case<'_>) -> Json {
    let passed = case.inference().passed();
    let entries = passed.iter().map(|passed| {
        json!({
            "rule": case.knowledge.rules[passed.rule].id,
            "margin": passed.margin.map(|margin| json!({
                "actual": margin.actual,
                "threshold": margin.threshold,
                "gap": margin.gap(),
            })),
            "all_known": passed.all_known,
        })
    });
    entries.collect()
}

fn undecided(case: Case<'_>) -> Json {
    let rules = case.knowledge.rules.ids().filter(|rule| case.inference().outcome(*rule).is_undecided());
    let entries = rules.map(|rule| {
        let missing: std::collections::BTreeSet<FactKey> = case
            .inference()
            .instances_of(rule)
            .flat_map(|(_, instance)| instance.readings())
            .filter(|reading| reading.gap.is_some())
            .map(|reading| reading.key.clone())
            .collect();
        let premises = case.inference().instances_of(rule).filter_map(|(_, instance)| instance.premise.as_ref());
        let unclear: std::collections::BTreeSet<&RelationInstance> =
            premises.flat_map(|premise| premise.unknown_relations()).collect();
        let relations = unclear.iter().map(|instance| case.relation_name(instance.relation, &instance.arguments));
        json!({
            "rule": case.knowledge.rules[rule].id,
            "unknown": missing.iter().map(|key| case.key_name(key)).chain(relations).collect::<Vec<_>>(),
        })
    });
    entries.collect()
}
