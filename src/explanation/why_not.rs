//! Why something was not concluded: for each rule that could have, what stood in the way.

use super::answer::numbered;
use super::figures::{bounds, number, with_digits};
use super::teller::{Teller, lacks_less};
use super::{Answer, Case, Part, PartKind, Target, why};
use crate::diagnostic::Count;
use crate::inference::{FindingInstance, Instance};
use crate::model::{ActionKind, FindingId, MitigationId, NodeId, Rule, RuleId, VerdictId};
use crate::risk::Quantity;

/// Rules that are unfolded; the others are named.
const SHOWN_RULES: usize = 6;

/// Answers why the target is not so, or not more so.
pub fn why_not(case: Case<'_>, target: &Target) -> Answer {
    match target {
        Target::Node(node) => not_node(case, *node),
        Target::Rule(rule) => not_rule(case, *rule),
        Target::Finding(finding, instance) => not_finding(case, *finding, instance.as_ref()),
        Target::Mitigation(mitigation) => not_mitigation(case, *mitigation),
        Target::Verdict(verdict) => not_verdict(case, *verdict),
        // An input is known or is not, and a relation is listed or is not; `why` says which and where from.
        Target::Input(_) | Target::Relation(..) => why(case, target, false),
    }
}

fn answer(about: &str, sentence: String, reasons: Vec<Part>, next: Vec<String>) -> Answer {
    let (about, reasons) = (about.to_owned(), numbered(reasons));
    Answer { question: format!("why-not {about}"), about, answer: sentence, reasons, facts: Vec::new(), next }
}

fn not_node(case: Case<'_>, node: NodeId) -> Answer {
    let declared = &case.knowledge.nodes[node];
    let rules = suspecting(case, node);
    let figure = case.assessment.likelihood(node).map(|found| bounds(&found.likelihood, 2)).unwrap_or_default();
    let fired: Vec<&str> = rules
        .iter()
        .filter(|rule| case.inference().outcome(**rule).holds())
        .map(|rule| case.knowledge.rules[*rule].id.as_str())
        .collect();
    let sentence = if rules.is_empty() {
        format!("{}: likelihood {figure}; no rule of this pack speaks for it directly", declared.title)
    } else if fired.is_empty() {
        format!(
            "{}: likelihood {figure}; nothing fired of {} that could raise it",
            declared.title,
            Count(rules.len(), "rule")
        )
    } else {
        format!(
            "{}: likelihood {figure}; {} fired of {} that could raise it ({})",
            declared.title,
            fired.len(),
            Count(rules.len(), "rule"),
            fired.join(", ")
        )
    };
    let mut reasons = rules_in_the_way(case, rules, SHOWN_RULES);
    reasons.extend(causes(case, node));
    answer(&declared.id, sentence, reasons, vec![format!("why {}", declared.id), format!("chain {}", declared.id)])
}

/// The causes that could have brought it, the likeliest first, each with the rule that came nearest to raising it.
fn causes(case: Case<'_>, node: NodeId) -> Vec<Part> {
    let links = case.knowledge.nodes.iter().flat_map(|(id, cause)| cause.causes.iter().map(move |link| (id, link)));
    let causes = links.filter(|(_, link)| link.effect == node).filter_map(|(cause, link)| {
        Some((case.assessment.likelihood(cause)?.likelihood.estimate().get(), cause, link.strength))
    });
    let mut causes: Vec<(f64, NodeId, f64)> = causes.collect();
    causes.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    let shown = causes.iter().take(SHOWN_RULES).map(|(likelihood, cause, strength)| {
        let declared = &case.knowledge.nodes[*cause];
        let (likelihood, strength) = (with_digits(*likelihood, 2), number(*strength));
        let sentence =
            format!("cause: {} ({}) — likelihood {likelihood}, strength {strength}", declared.title, declared.id);
        let notation = format!("L({}) = {likelihood}, strength {strength}", declared.id);
        let part = Part::new(PartKind::Cause, sentence).named(declared.id.clone()).with_notation(notation);
        part.with_parts(rules_in_the_way(case, suspecting(case, *cause), 1))
    });
    let mut parts: Vec<Part> = shown.collect();
    let rest = causes.iter().skip(SHOWN_RULES).map(|(_, cause, _)| case.knowledge.nodes[*cause].id.as_str());
    let rest: Vec<&str> = rest.collect();
    if !rest.is_empty() {
        parts.push(Part::new(PartKind::Note, format!("less likely causes: {}", rest.join(", "))));
    }
    parts
}

fn suspecting(case: Case<'_>, node: NodeId) -> Vec<RuleId> {
    rules_that(case, |action| matches!(action, ActionKind::Suspect { node: suspect, .. } if *suspect == node))
}

fn rules_that(case: Case<'_>, wanted: impl Fn(&ActionKind) -> bool) -> Vec<RuleId> {
    let acts = |rule: &Rule| rule.actions.iter().any(|action| wanted(&action.kind));
    case.knowledge.rules.iter().filter(|(_, rule)| acts(rule)).map(|(id, _)| id).collect()
}

/// Returns the rules that did not fire, each by the instance that came nearest, the nearest rule first; so many
/// of them, the others named.
fn rules_in_the_way(case: Case<'_>, rules: Vec<RuleId>, most: usize) -> Vec<Part> {
    let silent = rules.into_iter().filter(|rule| !case.inference().outcome(*rule).holds());
    let nearest = silent.filter_map(|rule| {
        let instances = case.inference().instances_of(rule).map(|(_, instance)| instance);
        instances.min_by(|left, right| lacks_less(case, left, right))
    });
    let mut nearest: Vec<&Instance> = nearest.collect();
    nearest.sort_by(|left, right| lacks_less(case, left, right).then(left.rule.cmp(&right.rule)));
    let mut teller = Teller::of_what_lacks(case);
    let mut parts: Vec<Part> = nearest.iter().take(most).map(|instance| teller.blocked(instance)).collect();
    let rest = nearest.iter().skip(most).map(|instance| case.knowledge.rules[instance.rule].id.as_str());
    let rest: Vec<&str> = rest.collect();
    if !rest.is_empty() {
        parts.push(Part::new(PartKind::Note, format!("lacking more: {}", rest.join(", "))));
    }
    parts
}

fn not_rule(case: Case<'_>, rule: RuleId) -> Answer {
    let declared = &case.knowledge.rules[rule];
    let outcome = case.inference().outcome(rule);
    let sentence = if outcome.holds() {
        format!("{}: it did fire", declared.title)
    } else if outcome.is_possible() {
        format!("{}: it did not fire, and what is unknown could make it", declared.title)
    } else {
        format!("{}: it did not fire", declared.title)
    };
    if outcome.holds() {
        return answer(&declared.id, sentence, Vec::new(), vec![format!("why {}", declared.id)]);
    }
    let mut instances: Vec<&Instance> = case
        .inference()
        .instances_of(rule)
        .map(|(_, instance)| instance)
        .filter(|found| !found.outcome.holds())
        .collect();
    instances.sort_by(|left, right| lacks_less(case, left, right));
    let mut teller = Teller::of_what_lacks(case);
    let mut reasons: Vec<Part> = instances.iter().take(SHOWN_RULES).map(|instance| teller.blocked(instance)).collect();
    if instances.len() > SHOWN_RULES {
        let rest = instances.len() - SHOWN_RULES;
        reasons.push(Part::new(PartKind::Note, format!("and {rest} more, each farther from firing")));
    }
    answer(&declared.id, sentence, reasons, Vec::new())
}

fn not_finding(case: Case<'_>, finding: FindingId, instance: Option<&FindingInstance>) -> Answer {
    let declared = &case.knowledge.findings[finding];
    let name = instance.map_or_else(|| declared.id.clone(), |found| case.finding_name(finding, &found.arguments));
    let derived: Vec<_> = case
        .inference()
        .findings()
        .iter()
        .filter(|(key, _)| key.finding == finding && instance.is_none_or(|wanted| wanted == *key))
        .collect();
    let concluded = derived.iter().any(|(_, derived)| derived.outcome.holds());
    if concluded && instance.is_some() {
        return answer(&name, format!("`{name}` was concluded"), Vec::new(), vec![format!("why {name}")]);
    }
    let silent: Vec<&FindingInstance> =
        derived.iter().filter(|(_, derived)| !derived.outcome.holds()).map(|(key, _)| *key).collect();
    let asked = instance.into_iter().filter(|_| derived.is_empty());
    let mut teller = Teller::of_what_lacks(case);
    let mut reasons: Vec<Part> = Vec::new();
    for key in silent.iter().copied().chain(asked).take(SHOWN_RULES) {
        let parts = teller.rules_in_the_way(key);
        if instance.is_some() {
            reasons.extend(parts);
        } else {
            let name = case.finding_name(key.finding, &key.arguments);
            let outcome = case.inference().finding(key);
            let part = Part::new(PartKind::Premise, format!("`{name}` was not concluded"));
            reasons.push(part.named(name).with_outcome(outcome).with_parts(parts));
        }
    }
    if silent.len() > SHOWN_RULES {
        reasons.push(Part::new(PartKind::Note, format!("and {} more", silent.len() - SHOWN_RULES)));
    }
    let sentence =
        if concluded { format!("`{name}` was concluded for others") } else { format!("`{name}` was not concluded") };
    answer(&name, sentence, reasons, Vec::new())
}

fn not_mitigation(case: Case<'_>, mitigation: MitigationId) -> Answer {
    let declared = &case.knowledge.mitigations[mitigation];
    let found = case.assessment.recommendations.iter().find(|found| found.mitigation == mitigation);
    if let Some(found) = found {
        let rank = case.assessment.recommendations.iter().position(|other| other.mitigation == mitigation);
        let sentence = if found.is_contraindicated() {
            format!("{}: struck out", declared.title)
        } else {
            format!("{}: it is recommended, at place {}", declared.title, rank.unwrap_or(0) + 1)
        };
        let mut teller = Teller::new(case, false);
        let reasons = found
            .contraindicated_by
            .iter()
            .map(|reason| {
                let part = teller.instance(reason.instance);
                Part { sentence: format!("speaks against it: {}", reason.because), ..part }
            })
            .collect();
        return answer(&declared.id, sentence, reasons, vec![format!("why {}", declared.id)]);
    }
    let mut reasons: Vec<Part> = declared
        .addresses
        .iter()
        .filter_map(|address| {
            let likelihood = case.assessment.likelihood(address.node)?.likelihood.estimate().get();
            let sentence = format!(
                "it works on {} (likelihood {}), and no mode loses risk by it",
                case.node_title(address.node),
                with_digits(likelihood, 2)
            );
            Some(Part::new(PartKind::Note, sentence).named(case.knowledge.nodes[address.node].id.clone()))
        })
        .collect();
    let asking = rules_that(case, |action| matches!(action, ActionKind::Recommend(asked) if *asked == mitigation));
    reasons.extend(rules_in_the_way(case, asking, SHOWN_RULES));
    answer(&declared.id, format!("{}: it would remove no risk here", declared.title), reasons, Vec::new())
}

fn not_verdict(case: Case<'_>, verdict: VerdictId) -> Answer {
    let declared = &case.knowledge.verdicts[verdict];
    let choice = &case.assessment.verdict;
    if choice.given == Some(verdict) {
        let sentence = format!("{} is the verdict", declared.title);
        return answer(&declared.id, sentence, Vec::new(), vec!["why verdict".into()]);
    }
    let mut reasons = Vec::new();
    let mut sentence = format!("{} is not the verdict", declared.title);
    if let Some(considered) = choice.considered.iter().find(|considered| considered.verdict == verdict) {
        if considered.outcome.holds() {
            let given = choice.given.map(|given| case.knowledge.verdicts[given].title.clone()).unwrap_or_default();
            sentence.push_str(&format!(": its condition holds, but {given} holds too and goes before it"));
            if let Some(given) = choice.given
                && let Some(graver) = choice.considered.iter().find(|considered| considered.verdict == given)
                && let (Some(condition), Some(premise)) =
                    (&case.knowledge.verdicts[given].body.condition, &graver.premise)
            {
                reasons.extend(Teller::new(case, false).condition(condition, premise));
            }
        } else if let (Some(condition), Some(premise)) = (&declared.body.condition, &considered.premise) {
            sentence.push_str(": its condition does not hold");
            reasons.extend(Teller::of_what_lacks(case).condition(condition, premise));
        }
    }
    answer(&declared.id, sentence, reasons, vec!["why verdict".into()])
}
