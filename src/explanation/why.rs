//! Why something was concluded: the smallest derivation, or all of them.

use super::answer::numbered;
use super::counted::{base_origin, strength_origin};
use super::figures::{bounds, number, with_digits};
use super::phrase::origin_text;
use super::relation::why_relation;
use super::teller::Teller;
use super::{Answer, Case, Part, PartKind, Target};
use crate::inference::{FindingInstance, InstanceId};
use crate::model::{Change, FindingId, InputId, InputKind, MitigationId, NodeId, NodeKind, Rating, RuleId, VerdictId};
use crate::risk::{Contribution, ContributionKind, ModeRisk, NodeLikelihood, Quantity, Recommendation, World};

/// Causes that carry less than this are named, not unfolded.
const UNFOLD: f64 = 0.1;

/// Causes that carry less than this are named in one line.
const NAME: f64 = 0.015;

/// Answers why the target is as it is. `all` shows every derivation instead of the smallest.
pub fn why(case: Case<'_>, target: &Target, all: bool) -> Answer {
    match target {
        Target::Node(node) => why_node(case, *node, all),
        Target::Rule(rule) => why_rule(case, *rule, all),
        Target::Finding(finding, instance) => why_finding(case, *finding, instance.as_ref(), all),
        Target::Mitigation(mitigation) => why_mitigation(case, *mitigation, all),
        Target::Verdict(verdict) => why_verdict(case, *verdict, all),
        Target::Input(input) => why_input(case, *input),
        Target::Relation(relation, instance) => why_relation(case, *relation, instance.as_ref()),
    }
}

fn answer(question: String, about: &str, sentence: String, reasons: Vec<Part>, next: Vec<String>) -> Answer {
    let (about, reasons) = (about.to_owned(), numbered(reasons));
    Answer { question, about, answer: sentence, reasons, facts: Vec::new(), next }
}

fn why_node(case: Case<'_>, node: NodeId, all: bool) -> Answer {
    let declared = &case.knowledge.nodes[node];
    let Some(likelihood) = case.assessment.likelihood(node) else {
        return answer(format!("why {}", declared.id), &declared.id, "it was not assessed".into(), vec![], vec![]);
    };
    let mut teller = Teller::new(case, all);
    let mut reasons = Vec::new();
    let sentence = match case.assessment.risk(node) {
        Some(risk) => risk_sentence(case, risk),
        None => format!("{}: likelihood {}", declared.title, bounds(&likelihood.likelihood, 2)),
    };
    reasons.push(likelihood_part(&mut teller, likelihood, all, 0));
    if let Some(risk) = case.assessment.risk(node) {
        reasons.push(rating_part(&mut teller, risk, Rating::Severity));
        reasons.push(rating_part(&mut teller, risk, Rating::Detectability));
    }
    reasons.extend(teller.because(&declared.about));
    let next = vec![format!("chain {}", declared.id), format!("why-not {}", declared.id)];
    answer(format!("why {}", declared.id), &declared.id, sentence, reasons, next)
}

/// Returns a mode's risk in one sentence, with the product written out.
pub(super) fn risk_sentence(case: Case<'_>, risk: &ModeRisk) -> String {
    let band = risk.band.estimate.map(|band| format!(", band {}", case.knowledge.bands[band].title));
    format!(
        "{}: risk {}{} = likelihood {} × severity {} × detectability {}",
        case.node_title(risk.mode),
        bounds(&risk.risk, 1),
        band.unwrap_or_default(),
        with_digits(risk.likelihood.estimate().get(), 2),
        number(risk.severity.estimate().get()),
        number(risk.detectability.estimate().get()),
    )
}

fn likelihood_part(teller: &mut Teller<'_>, likelihood: &NodeLikelihood, all: bool, depth: usize) -> Part {
    let mut parts = Vec::new();
    // What adds most comes first; the base rate and what was not counted come last.
    let mut ordered: Vec<&Contribution> = likelihood.contributions.iter().collect();
    ordered.sort_by(|left, right| right.value.estimate.total_cmp(&left.value.estimate));
    let (counted, rest): (Vec<&Contribution>, Vec<&Contribution>) =
        ordered.into_iter().partition(|part| part.counted.estimate);
    let mut small: Vec<String> = Vec::new();
    for contribution in counted.into_iter().filter(|contribution| contribution.value.estimate > 0.0) {
        match small_contribution(teller.case, contribution) {
            Some(named) => small.push(named),
            None => parts.extend(contribution_part(teller, likelihood.node, contribution, all, depth)),
        }
    }
    if !small.is_empty() {
        parts.push(Part::new(PartKind::Note, format!("little from each of: {}", small.join(", "))));
    }
    parts.extend(common_causes(likelihood));
    if depth == 0 {
        parts.extend(rest.into_iter().filter_map(|contribution| uncounted(teller, contribution)));
    }
    let formula = if depth == 0 { ", what adds to it:" } else { "" };
    let figures = &likelihood.likelihood;
    Part::new(PartKind::Conclusion, format!("likelihood {}{formula}", bounds(figures, 2)))
        .with_value(figures.estimate().get())
        .with_parts(parts)
}

/// What causes in common take away again; none where it would show as nothing.
fn common_causes(likelihood: &NodeLikelihood) -> Option<Part> {
    let lower = likelihood.lower_by_common_causes(World::Estimate);
    let digits = if lower < NAME { 3 } else { 2 };
    let shown = with_digits(lower, digits);
    let sentence = format!("−{shown} because some of its causes have a cause in common, which counts once");
    (lower >= 0.0005).then(|| Part::new(PartKind::Note, sentence).with_value(-lower))
}

/// Names a cause or base rate that carries almost nothing.
fn small_contribution(case: Case<'_>, contribution: &Contribution) -> Option<String> {
    let value = contribution.value.estimate;
    let name = match &contribution.kind {
        ContributionKind::Base => "base rate",
        ContributionKind::Factor { cause, .. } => case.knowledge.nodes[*cause].id.as_str(),
        ContributionKind::Rule { .. } | ContributionKind::Exoneration { .. } | ContributionKind::CommonCauses => {
            return None;
        }
    };
    (value < NAME).then(|| format!("{name} {}", with_digits(value, 3)))
}

fn contribution_part(
    teller: &mut Teller<'_>,
    node: NodeId,
    contribution: &Contribution,
    all: bool,
    depth: usize,
) -> Vec<Part> {
    let value = contribution.value.estimate;
    let case = teller.case;
    match &contribution.kind {
        ContributionKind::Base => vec![
            Part::new(
                PartKind::Base,
                format!(
                    "{} when nothing is known against it: base rate{}",
                    with_digits(value, 2),
                    base_origin(&case.knowledge.nodes[node])
                ),
            )
            .with_value(value),
        ],
        ContributionKind::Rule { rule, instance, .. } => instances(case, *rule, instance.estimate, all)
            .into_iter()
            .map(|id| {
                let part = teller.instance(id);
                Part { sentence: format!("{} — speaks for it with {}", part.sentence, with_digits(value, 2)), ..part }
                    .with_value(value)
            })
            .collect(),
        ContributionKind::Exoneration { rule, instance, .. } => instances(case, *rule, instance.estimate, all)
            .into_iter()
            .map(|id| {
                let part = teller.instance(id);
                let kept = format!("{} — speaks against it with {}", part.sentence, with_digits(value, 2));
                Part { sentence: kept, ..part }.with_value(value)
            })
            .collect(),
        ContributionKind::Factor { cause, strength } => {
            let Some(likelihood) = case.assessment.likelihood(*cause) else { return Vec::new() };
            let own = likelihood.likelihood.estimate().get();
            let declared = &case.knowledge.nodes[*cause];
            let link = declared.causes.iter().find(|link| link.effect == node);
            let sentence = format!(
                "{} from its cause: {} (likelihood {} × strength {}{})",
                with_digits(value, 2),
                case.node_title(*cause),
                with_digits(own, 2),
                number(*strength),
                link.map(|link| strength_origin(declared, link)).unwrap_or_default()
            );
            let part = Part::new(PartKind::Cause, sentence).named(declared.id.clone()).with_value(value);
            let unfold = (value >= UNFOLD && depth < 3) || (all && depth < 6);
            vec![if unfold { part.with_parts(likelihood_part(teller, likelihood, all, depth + 1).parts) } else { part }]
        }
        // Not one of the parts that add up, but what they come to together; it is told after them.
        ContributionKind::CommonCauses => Vec::new(),
    }
}

fn instances(case: Case<'_>, rule: RuleId, best: Option<InstanceId>, all: bool) -> Vec<InstanceId> {
    if !all {
        return best.into_iter().collect();
    }
    let firing = case.inference().instances_of(rule).filter(|(_, instance)| instance.outcome.holds());
    firing.map(|(id, _)| id).collect()
}

/// Rules that do not enter the estimate, and why.
fn uncounted(teller: &Teller<'_>, contribution: &Contribution) -> Option<Part> {
    let case = teller.case;
    match &contribution.kind {
        ContributionKind::Rule { rule, instance, group } | ContributionKind::Exoneration { rule, instance, group } => {
            let declared = &case.knowledge.rules[*rule];
            let sentence = match (instance.estimate, group) {
                (Some(_), Some(group)) => format!(
                    "not counted again: rule {} ({}), the same evidence as another rule (group {group})",
                    declared.id, declared.title
                ),
                (Some(_), None) => return None,
                (None, _) => format!(
                    "could still count for up to {}: rule {} ({}), what it needs is not all known",
                    with_digits(contribution.value.high.max(contribution.value.low), 2),
                    declared.id,
                    declared.title
                ),
            };
            Some(Part::new(PartKind::Note, sentence).named(declared.id.clone()))
        }
        ContributionKind::Base | ContributionKind::Factor { .. } | ContributionKind::CommonCauses => None,
    }
}

fn rating_part(teller: &mut Teller<'_>, risk: &ModeRisk, rating: Rating) -> Part {
    let case = teller.case;
    let node = &case.knowledge.nodes[risk.mode];
    let NodeKind::Mode { severity, detectability, .. } = node.kind else {
        return Part::new(PartKind::Rating, "factors have no ratings");
    };
    let (name, declared, shown, value) = match rating {
        Rating::Severity => ("severity", severity, bounds(&risk.severity, 0), risk.severity.estimate().get()),
        Rating::Detectability => {
            ("detectability", detectability, bounds(&risk.detectability, 0), risk.detectability.estimate().get())
        }
    };
    let overridden = case.knowledge.overridden_clause(&node.id, name);
    let place = case.location(overridden.map_or(node.span, |change| change.span));
    let mut parts = Vec::new();
    for adjustment in risk.adjustments.iter().filter(|adjustment| adjustment.rating == rating) {
        let Some(instance) = adjustment.instance else { continue };
        let amount = number(adjustment.amount.estimate);
        let verb = match adjustment.change {
            Change::Raise => format!("raised by {amount}"),
            Change::Lower => format!("lowered by {amount}"),
            Change::Set => format!("set to {amount}"),
        };
        let part = teller.instance(instance);
        parts.push(Part { sentence: format!("{} — {verb}", part.sentence), ..part });
    }
    let scale = if rating == Rating::Severity { "of 10" } else { "of 10, where 10 is hardest to see" };
    let sentence = format!("{name} {shown} {scale}; the pack says {} ({place})", number(declared));
    Part::new(PartKind::Rating, sentence).with_value(value).with_parts(parts)
}

fn why_rule(case: Case<'_>, rule: RuleId, all: bool) -> Answer {
    let declared = &case.knowledge.rules[rule];
    let firing: Vec<InstanceId> = case
        .inference()
        .instances_of(rule)
        .filter(|(_, instance)| instance.outcome.holds())
        .map(|(id, _)| id)
        .collect();
    let question = format!("why {}", declared.id);
    let why_not = vec![format!("why-not {}", declared.id)];
    if firing.is_empty() {
        let sentence = format!("{}: the rule did not fire", declared.title);
        return answer(question, &declared.id, sentence, Vec::new(), why_not);
    }
    let total = case.inference().instances_of(rule).count();
    let sentence = match (firing.len(), total) {
        (1, 1) => format!("{}: the rule fired", declared.title),
        (fired, total) => format!("{}: the rule fired for {fired} of {total}", declared.title),
    };
    let mut teller = Teller::new(case, all);
    let shown = if all { firing.len() } else { 1 };
    let reasons = firing.iter().take(shown).map(|id| teller.instance(*id)).collect();
    let facts = teller.facts();
    Answer { facts, ..answer(question, &declared.id, sentence, reasons, Vec::new()) }
}

fn why_finding(case: Case<'_>, finding: FindingId, instance: Option<&FindingInstance>, all: bool) -> Answer {
    let declared = &case.knowledge.findings[finding];
    let mut teller = Teller::new(case, all);
    let mut reasons = Vec::new();
    for (key, derived) in case.inference().findings() {
        if key.finding != finding || instance.is_some_and(|wanted| wanted != key) || !derived.outcome.holds() {
            continue;
        }
        let parts = teller.derivations(key).into_iter().map(|id| teller.instance(id)).collect();
        let name = case.finding_name(finding, &key.arguments);
        reasons.push(Part::new(PartKind::Conclusion, format!("`{name}` was concluded")).named(name).with_parts(parts));
    }
    let sentence = match reasons.len() {
        0 => format!("`{}` was not concluded", declared.id),
        1 if instance.is_some() => format!(
            "`{}` was concluded",
            case.finding_name(finding, &instance.map(|found| found.arguments.clone()).unwrap_or_default())
        ),
        1 => format!("`{}` was concluded once", declared.id),
        several => format!("`{}` was concluded {several} times", declared.id),
    };
    let name = instance.map_or_else(|| declared.id.clone(), |found| case.finding_name(finding, &found.arguments));
    let next = if reasons.is_empty() { vec![format!("why-not {name}")] } else { Vec::new() };
    let facts = teller.facts();
    Answer { facts, ..answer(format!("why {name}"), &name, sentence, reasons, next) }
}

fn why_mitigation(case: Case<'_>, mitigation: MitigationId, all: bool) -> Answer {
    let declared = &case.knowledge.mitigations[mitigation];
    let question = format!("why {}", declared.id);
    let Some(found) = case.assessment.recommendations.iter().find(|found| found.mitigation == mitigation) else {
        let sentence = format!("{}: it would remove no risk here", declared.title);
        return answer(question, &declared.id, sentence, Vec::new(), vec![format!("why-not {}", declared.id)]);
    };
    let mut teller = Teller::new(case, all);
    let sentence = if found.is_contraindicated() {
        format!(
            "{}: struck out here, though it would remove {} of risk",
            declared.title,
            bounds(&found.risk_removed, 1)
        )
    } else {
        let total = with_digits(case.assessment.total.estimate().get(), 1);
        format!("{}: would remove {} of a total risk of {total}", declared.title, bounds(&found.risk_removed, 1))
    };
    let mut reasons = Vec::new();
    for reason in &found.contraindicated_by {
        let part = teller.instance(reason.instance);
        reasons.push(Part { sentence: format!("speaks against it: {}", reason.because), ..part });
    }
    reasons.extend(chain_parts(case, found));
    reasons.extend(found.recommended_by.iter().map(|id| {
        let part = teller.instance(*id);
        Part { sentence: format!("asks for it: {}", part.sentence), ..part }
    }));
    let lit = found.lit_by.iter().filter(|id| !found.recommended_by.contains(id)).take(3);
    reasons.extend(lit.map(|id| teller.instance(*id)));
    reasons.extend(declared.needs.iter().map(|needs| Part::new(PartKind::Note, format!("needs: {needs}"))));
    reasons.extend(teller.because(&declared.about));
    answer(question, &declared.id, sentence, reasons, Vec::new())
}

/// Returns the paths by which a mitigation removes risk, the strongest three.
pub(super) fn chain_parts(case: Case<'_>, found: &Recommendation) -> Vec<Part> {
    let best = found.chains.iter().take(3);
    best.map(|chain| {
        let names: Vec<&str> = chain.path.iter().map(|node| case.node_title(*node)).collect();
        let what = if chain.addresses_link { "weakens the last link" } else { "acts on the last" };
        let sentence = format!(
            "{} — {what} by {:.0} %, removes {}",
            names.join(" ← "),
            chain.effect * 100.0,
            with_digits(chain.risk_removed, 1)
        );
        Part::new(PartKind::Cause, sentence).with_value(chain.risk_removed)
    })
    .collect()
}

fn why_verdict(case: Case<'_>, verdict: VerdictId, all: bool) -> Answer {
    let declared = &case.knowledge.verdicts[verdict];
    let question = format!("why {}", declared.id);
    let choice = &case.assessment.verdict;
    let mut teller = Teller::new(case, all);
    let given = choice.given == Some(verdict);
    let sentence = if given {
        format!("{}: it is the gravest verdict whose condition holds", declared.title)
    } else {
        format!("{} is not the verdict", declared.title)
    };
    let mut reasons = Vec::new();
    let considered = choice.considered.iter().find(|considered| considered.verdict == verdict);
    if let Some(considered) = considered {
        match (&declared.body.condition, &considered.premise) {
            (Some(condition), Some(premise)) => reasons.extend(teller.condition(condition, premise)),
            _ => reasons.push(Part::new(PartKind::Note, "it is given when no graver verdict holds")),
        }
    }
    let required = choice.missing.iter().filter(|missing| missing.outcome.holds());
    let missing: Vec<Part> = required
        .map(|missing| {
            let input = &case.knowledge.inputs[missing.input];
            let rules: Vec<&str> =
                missing.required_by.iter().map(|rule| case.knowledge.rules[*rule].id.as_str()).collect();
            let sentence = format!("{}  [{}; required by {}]", input.title, input.id, rules.join(", "));
            Part::new(PartKind::Note, sentence).named(input.id.clone())
        })
        .collect();
    if !missing.is_empty() {
        reasons.push(Part::new(PartKind::Conclusion, "required and not known:").with_parts(missing));
    }
    if given && !choice.not_ruled_out.is_empty() {
        let worse: Vec<&str> =
            choice.not_ruled_out.iter().map(|verdict| case.knowledge.verdicts[*verdict].title.as_str()).collect();
        let sentence = format!("what is unknown could still make it: {}", worse.join(", "));
        reasons.push(Part::new(PartKind::Note, sentence));
    }
    reasons.extend(teller.because(&declared.about));
    let next = if given { Vec::new() } else { vec![format!("why-not {}", declared.id)] };
    answer(question, &declared.id, sentence, reasons, next)
}

fn why_input(case: Case<'_>, input: InputId) -> Answer {
    let declared = &case.knowledge.inputs[input];
    let mut reasons = Vec::new();
    let mut known = 0;
    for (id, members, fact) in case.facts.iter().filter(|(id, ..)| *id == input) {
        let key = crate::inference::FactKey {
            input: id,
            members: members.into_iter().map(crate::inference::Element::Member).collect(),
        };
        let value = match &fact.value {
            Ok(value) => {
                known += 1;
                super::value_text(value, &declared.value_type)
            }
            Err(reason) => format!("not known, {reason}"),
        };
        let mut part = Part::new(PartKind::Conclusion, format!("{}: {value}", case.key_title(&key)));
        part.value = fact.number();
        part.origin = Some(origin_text(fact)).filter(|origin| !origin.is_empty());
        if let crate::facts::Origin::Metric { definition, .. } = &fact.origin {
            part.parts.push(Part::new(PartKind::Note, format!("computed as {definition}")));
        }
        if let Some(floor) = &fact.floor {
            let mean = floor.mean.map(|mean| format!("shows {} on average and ", number(mean))).unwrap_or_default();
            let sentence = format!(
                "when nothing is wrong it {mean}stays below {} in 95 of 100 samples of this size",
                number(floor.p95)
            );
            part.parts.push(Part::new(PartKind::Note, sentence));
        }
        part.parts.extend(fact.notes.iter().map(|note| Part::new(PartKind::Note, note.clone())));
        reasons.push(part);
    }
    let readers: Vec<String> = readers(case, input);
    if !readers.is_empty() {
        reasons.push(Part::new(PartKind::Note, format!("read by: {}", readers.join(", "))));
    }
    reasons.extend(Teller::new(case, false).because(&declared.about));
    let sentence = match (&declared.kind, known) {
        (InputKind::Question { .. }, 0) => format!("{} Not answered", declared.title),
        (_, 0) => format!("{}: not known", declared.title),
        _ => format!("{} ({}, {})", declared.title, declared.id, declared.value_type),
    };
    answer(format!("why {}", declared.id), &declared.id, sentence, reasons, Vec::new())
}

fn readers(case: Case<'_>, input: InputId) -> Vec<String> {
    let reads = |(_, instance): (InstanceId, &crate::inference::Instance)| {
        instance.readings().iter().any(|reading| reading.key.input == input)
    };
    let rules = case.knowledge.rules.iter().filter(|(id, _)| case.inference().instances_of(*id).any(reads));
    rules.map(|(_, rule)| rule.id.clone()).collect()
}
