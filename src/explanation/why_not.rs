//! Why something was not concluded: for each rule that could have, what stood in the way.

use super::figures::{bounds, with_digits};
use super::sentence::{Teller, failing, nearest_first};
use super::{Answer, Case, Part, PartKind, Target, why};
use crate::diagnostic::Count;
use crate::inference::{FindingInstance, InstanceId};
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
    Answer { question: format!("why-not {about}"), about: about.to_owned(), answer: sentence, reasons, next }
}

fn not_node(case: Case<'_>, node: NodeId) -> Answer {
    let declared = &case.knowledge.nodes[node];
    let rules =
        rules_that(case, |action| matches!(action, ActionKind::Suspect { node: suspect, .. } if *suspect == node));
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
    let mut reasons = rules_in_the_way(case, rules);
    reasons.extend(causes(case, node));
    answer(&declared.id, sentence, reasons, vec![format!("why {}", declared.id), format!("chain {}", declared.id)])
}

fn causes(case: Case<'_>, node: NodeId) -> Vec<Part> {
    let links = case.knowledge.nodes.iter().flat_map(|(id, cause)| cause.causes.iter().map(move |link| (id, link)));
    let mut named: Vec<(f64, String)> = links
        .filter(|(_, link)| link.effect == node)
        .filter_map(|(cause, _)| {
            let likelihood = case.assessment.likelihood(cause)?.likelihood.estimate().get();
            Some((likelihood, format!("{} ({})", case.knowledge.nodes[cause].id, with_digits(likelihood, 2))))
        })
        .collect();
    named.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    if named.is_empty() {
        return Vec::new();
    }
    let listed: Vec<String> = named.into_iter().map(|(_, name)| name).collect();
    vec![Part::new(PartKind::Note, format!("its causes and their likelihoods: {}", listed.join(", ")))]
}

fn rules_that(case: Case<'_>, wanted: impl Fn(&ActionKind) -> bool) -> Vec<RuleId> {
    let acts = |rule: &Rule| rule.actions.iter().any(|action| wanted(&action.kind));
    case.knowledge.rules.iter().filter(|(_, rule)| acts(rule)).map(|(id, _)| id).collect()
}

/// Returns the rules that did not fire, those that lack least first.
fn rules_in_the_way(case: Case<'_>, rules: Vec<RuleId>) -> Vec<Part> {
    let mut silent: Vec<(usize, InstanceId)> = rules
        .into_iter()
        .filter(|rule| !case.inference().outcome(*rule).holds())
        .filter_map(|rule| nearest_instance(case, rule))
        .collect();
    silent.sort();
    let mut teller = Teller::new(case);
    let shown = silent.len().min(SHOWN_RULES);
    let mut parts: Vec<Part> = silent.iter().take(shown).map(|(_, id)| blocked(&mut teller, *id)).collect();
    let rest: Vec<String> = silent
        .iter()
        .skip(shown)
        .filter_map(|(_, id)| case.inference().instance(*id))
        .map(|instance| case.knowledge.rules[instance.rule].id.clone())
        .collect();
    if !rest.is_empty() {
        parts.push(Part::new(PartKind::Note, format!("lacking more: {}", rest.join(", "))));
    }
    parts
}

/// Returns the instance of a rule that lacks the fewest premises, then the smallest margin, and how
/// many it lacks.
fn nearest_instance(case: Case<'_>, rule: RuleId) -> Option<(usize, InstanceId)> {
    let mut teller = Teller::new(case);
    let lacking = |teller: &mut Teller<'_>, id: InstanceId| {
        case.inference().instance(id).map_or(0, |instance| failing(teller.premises(instance)).len())
    };
    let mut instances: Vec<(usize, InstanceId)> =
        case.inference().instances_of(rule).map(|(id, _)| (lacking(&mut teller, id), id)).collect();
    let margin = |id: InstanceId| case.inference().instance(id)?.premise.as_ref()?.margin();
    instances.sort_by(|left, right| left.0.cmp(&right.0).then_with(|| nearest_first(margin(left.1), margin(right.1))));
    instances.first().copied()
}

fn blocked(teller: &mut Teller<'_>, id: InstanceId) -> Part {
    let case = teller.case;
    let Some(instance) = case.inference().instance(id) else { return Part::new(PartKind::Note, "no such derivation") };
    let rule = &case.knowledge.rules[instance.rule];
    let all = teller.premises(instance);
    let total = all.len();
    let parts = failing(all);
    let unknown = parts.iter().filter(|part| part.outcome == Some("unknown")).count();
    let why = match (parts.len(), unknown) {
        (lacking, unknown) if lacking == unknown => {
            format!("cannot be told: {unknown} of {} unknown", Count(total, "condition"))
        }
        (lacking, 0) => format!("{lacking} of {} not met", Count(total, "condition")),
        (lacking, unknown) => {
            format!("{} of {} not met, {unknown} unknown", lacking - unknown, Count(total, "condition"))
        }
    };
    Part::new(PartKind::Rule, format!("{} — {why}", rule.title))
        .named(case.rule_name(instance.rule, &instance.binding))
        .with_outcome(instance.outcome)
        .at(case.location(rule.span))
        .with_parts(parts)
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
    let mut teller = Teller::new(case);
    let mut instances: Vec<InstanceId> = case.inference().instances_of(rule).map(|(id, _)| id).collect();
    let margin = |id: InstanceId| case.inference().instance(id)?.premise.as_ref()?.margin();
    instances.sort_by(|left, right| nearest_first(margin(*left), margin(*right)).then(left.cmp(right)));
    let mut reasons: Vec<Part> = instances.iter().take(SHOWN_RULES).map(|id| blocked(&mut teller, *id)).collect();
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
    let mut teller = Teller::new(case);
    let silent = derived.iter().filter(|(_, derived)| !derived.outcome.holds());
    let mut ids: Vec<InstanceId> = silent.flat_map(|(_, derived)| derived.derivations.iter().copied()).collect();
    let margin = |id: InstanceId| case.inference().instance(id)?.premise.as_ref()?.margin();
    ids.sort_by(|left, right| nearest_first(margin(*left), margin(*right)).then(left.cmp(right)));
    let reasons: Vec<Part> = ids.iter().take(SHOWN_RULES).map(|id| blocked(&mut teller, *id)).collect();
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
        let mut teller = Teller::new(case);
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
    reasons.extend(rules_in_the_way(case, asking));
    answer(&declared.id, format!("{}: it would remove no risk here", declared.title), reasons, Vec::new())
}

fn not_verdict(case: Case<'_>, verdict: VerdictId) -> Answer {
    let declared = &case.knowledge.verdicts[verdict];
    let choice = &case.assessment.verdict;
    if choice.given == Some(verdict) {
        let sentence = format!("{} is the verdict", declared.title);
        return answer(&declared.id, sentence, Vec::new(), vec!["why verdict".into()]);
    }
    let mut teller = Teller::new(case);
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
                reasons.extend(teller.condition(condition, premise));
            }
        } else if let (Some(condition), Some(premise)) = (&declared.body.condition, &considered.premise) {
            sentence.push_str(": its condition does not hold");
            reasons.extend(failing(teller.condition(condition, premise)));
        }
    }
    answer(&declared.id, sentence, reasons, vec!["why verdict".into()])
}
