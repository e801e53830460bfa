//! What must hold so that a rule does not speak for a failure: its condition, turned round.
//!
//! The sentences are made from the rule itself, like every other, so what is asked of a test cannot disagree with what
//! the rule later makes of its result.

use super::Case;
use super::answer::Part;
use super::teller::Teller;
use crate::inference::{FactKey, Instance, Margin, Outcome, Premise, PremiseKind, Term, TermKind};
use crate::model::{Comparison, Condition, ConditionKind, Direction, ExpressionKind, InputId, InputKind, RuleId};

/// What must hold so that a rule does not speak for a failure.
#[derive(Clone, Debug, PartialEq)]
pub struct MustHold {
    /// The rule.
    pub rule: RuleId,
    /// The rule with the members that are told of, as it can be typed.
    pub name: String,
    /// Each of these alone is enough.
    pub any_of: Vec<Held>,
    /// Where one of these does not hold the rule does not count the result; those that do not.
    pub not_counted_since: Vec<Part>,
    /// How it stands.
    pub state: Holding,
    /// To how many members, or combinations of them, the rule was applied.
    pub of: usize,
    /// For how many of them it does not hold.
    pub broken: usize,
}

/// One condition that is enough, with the fact that it is about where it is about one.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The sentence, with the figure at hand.
    pub part: Part,
    /// The fact: of a comparison, the one on its left side.
    pub fact: Option<FactKey>,
    /// On which side of the threshold the rule sees a failure; none where the condition is no such comparison.
    pub failing: Option<Failing>,
}

/// On which side of a threshold a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// How something that must hold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// It does not hold, and the rule fired for it.
    Broken,
    /// It cannot be told, or the rule does not count what it shows.
    Open,
    /// It holds.
    Holds,
}

/// Returns what must hold so that a rule does not fire for what these inputs show; none where its condition does not
/// read them, or where what was answered already rules it out, whatever they show. Of several members that one is told of which it holds least.
pub fn must_hold(case: Case<'_>, rule: RuleId, inputs: &[InputId]) -> Option<MustHold> {
    let condition = case.knowledge.rules[rule].body.condition.as_ref()?;
    let instances: Vec<&Instance> = case.inference().instances_of(rule).map(|(_, instance)| instance).collect();
    let split: Vec<(&Instance, Split<'_>)> = instances
        .iter()
        .filter_map(|instance| Some((*instance, Split::of(case, condition, instance.premise.as_ref()?, inputs)?)))
        .filter(|(_, split)| !split.cannot_count(case))
        .collect();
    let state = |(instance, split): &(&Instance, Split<'_>)| {
        let shown = split.shows_failure();
        let counts = split.others.iter().all(|(_, premise)| premise.outcome.holds());
        if shown.holds() && counts && instance.outcome.holds() {
            Holding::Broken
        } else if shown.holds() || shown.is_undecided() {
            Holding::Open
        } else {
            Holding::Holds
        }
    };
    let margin = |(_, split): &(&Instance, Split<'_>)| {
        let premises = split.measured.iter().flatten();
        premises.filter_map(|(_, premise)| premise.margin()).min_by(Margin::nearer)
    };
    let worst = split.iter().min_by(|left, right| {
        let nearer = match (margin(left), margin(right)) {
            (Some(left), Some(right)) => Margin::nearer(&left, &right),
            (left, right) => right.is_some().cmp(&left.is_some()),
        };
        state(left).cmp(&state(right)).then(nearer)
    })?;
    let mut teller = Teller::new(case, true);
    let any_of = worst.1.measured.iter().filter_map(|alike| {
        let mut held: Vec<Held> = Vec::new();
        for (condition, premise) in alike {
            let (fact, failing) = (fact_of(premise), failing_side(premise));
            let parts = teller.negated(condition, premise).into_iter();
            held.extend(parts.map(|part| Held { part, fact: fact.clone(), failing }));
        }
        // Of conditions any of which makes the rule fire none may hold; the figure is that of the first.
        let sentences: Vec<String> = held.iter().map(|held| held.part.sentence.clone()).collect();
        let mut held = held.into_iter().next()?;
        held.part.sentence = sentences.join(", and ");
        Some(held)
    });
    let any_of = any_of.collect();
    let unmet = worst.1.others.iter().filter(|(_, premise)| !premise.outcome.holds());
    let not_counted_since = unmet.flat_map(|(condition, premise)| teller.condition(condition, premise)).collect();
    Some(MustHold {
        rule,
        name: case.rule_name(rule, &worst.0.binding),
        any_of,
        not_counted_since,
        state: state(worst),
        of: split.len(),
        broken: split.iter().filter(|instance| state(instance) == Holding::Broken).count(),
    })
}

/// Returns the fact that a condition is about, if it is about one.
fn fact_of(premise: &Premise) -> Option<FactKey> {
    if let PremiseKind::Compare { left: Term { kind: TermKind::Fact(reading), .. }, .. } = &premise.kind {
        return Some(reading.key.clone());
    }
    match premise.readings().as_slice() {
        [reading] => Some(reading.key.clone()),
        _ => None,
    }
}

fn failing_side(premise: &Premise) -> Option<Failing> {
    match &premise.kind {
        PremiseKind::Compare { left: Term { kind: TermKind::Fact(_), .. }, comparison, .. } => match comparison {
            Comparison::Greater | Comparison::AtLeast => Some(Failing::Above),
            Comparison::Less | Comparison::AtMost => Some(Failing::Below),
            Comparison::Equal | Comparison::NotEqual => None,
        },
        _ => None,
    }
}

/// Tells whether a condition asks for a figure that is good, as "and prevalence has not moved" does: then it says when
/// the rule counts, and nobody is to see to it that it does not hold.
fn asks_for_good(case: Case<'_>, condition: &Condition) -> bool {
    let ConditionKind::Compare { left, comparison, .. } = &condition.kind else { return false };
    let ExpressionKind::Input(input) = &left.kind else { return false };
    matches!(
        (case.knowledge.inputs[input.input].direction, comparison),
        (Some(Direction::LowerIsBetter), Comparison::Less | Comparison::AtMost)
            | (Some(Direction::HigherIsBetter), Comparison::Greater | Comparison::AtLeast)
    )
}

/// A condition and what was recorded of it.
type Pair<'a> = (&'a Condition, &'a Premise);

/// The parts of a condition that are joined by `and`: those that read what is measured, and the others. Of a part whose
/// own parts are joined by `or`, those that read it.
struct Split<'a> {
    measured: Vec<Vec<Pair<'a>>>,
    others: Vec<Pair<'a>>,
}

impl<'a> Split<'a> {
    /// Returns the parts; none where no part reads one of these inputs.
    fn of(case: Case<'_>, condition: &'a Condition, premise: &'a Premise, inputs: &[InputId]) -> Option<Self> {
        let parts: Vec<Pair<'a>> = match (&condition.kind, &premise.kind) {
            (ConditionKind::And(conditions), PremiseKind::And(premises)) => conditions.iter().zip(premises).collect(),
            _ => vec![(condition, premise)],
        };
        let reads = |(condition, premise): &Pair<'a>| {
            let read = premise.readings().iter().any(|reading| inputs.contains(&reading.key.input));
            read && !asks_for_good(case, condition)
        };
        let (measured, others): (Vec<Pair<'a>>, Vec<Pair<'a>>) = parts.into_iter().partition(reads);
        let measured = measured.into_iter().map(|pair| match (&pair.0.kind, &pair.1.kind) {
            (ConditionKind::Or(conditions), PremiseKind::Or(premises)) => {
                conditions.iter().zip(premises).filter(reads).collect()
            }
            _ => vec![pair],
        });
        let measured: Vec<Vec<Pair<'a>>> = measured.filter(|alike: &Vec<Pair<'a>>| !alike.is_empty()).collect();
        (!measured.is_empty()).then_some(Split { measured, others })
    }

    /// Tells whether something that was answered or stated rules the rule out, whatever is measured. Figures do not:
    /// a pilot that is too small today may grow.
    fn cannot_count(&self, case: Case<'_>) -> bool {
        let is_figure = |input: InputId| matches!(case.knowledge.inputs[input].kind, InputKind::Metric { .. });
        self.others.iter().any(|(_, premise)| {
            let readings = premise.readings();
            let stated = !readings.is_empty() && readings.iter().all(|reading| !is_figure(reading.key.input));
            stated && !premise.outcome.is_possible()
        })
    }

    /// Returns whether what is measured is what the rule takes for a failure.
    fn shows_failure(&self) -> Outcome {
        let any = |alike: &Vec<Pair<'a>>| {
            alike.iter().fold(Outcome::FALSE, |outcome, (_, premise)| outcome | premise.outcome)
        };
        self.measured.iter().fold(Outcome::TRUE, |outcome, alike| outcome & any(alike))
    }
}
