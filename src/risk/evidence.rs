//! Evidence: what each rule that may fire weighs, in each of the three worlds.
//!
//! A rule counts once for each thing that it says about a node: of its instances, the one that weighs
//! most. Of the rules of one named group, the one that weighs most counts.

use std::collections::BTreeMap;

use super::{PerWorld, World};
use crate::inference::{Figure, Instance, Outcome};
use crate::model::{ActionKind, Change, KnowledgeBase, NodeId, Rating, Rule, RuleId};

/// What a rule says about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    /// Evidence for it.
    Suspect,
    /// Evidence against it.
    Exonerate,
    /// A change of a rating.
    Adjust(Rating, Change),
}

/// How much an instance of a rule weighs in a world in which it fires.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Weight {
    pub(crate) value: f64,
    /// Which instance of the rule, counted from 0.
    pub(crate) instance: usize,
}

/// A claim of a rule about a node, over all its instances.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Effect {
    pub(crate) node: NodeId,
    pub(crate) claim: Claim,
    /// The best instance's.
    pub(crate) outcome: Outcome,
    /// None in a world in which the rule does not fire.
    pub(crate) weight: PerWorld<Option<Weight>>,
    /// The least that any instance that may fire could set a rating to.
    pub(crate) least: f64,
}

/// The claims of one rule, by node and claim; none that is impossible.
pub(crate) type RuleEffects = Vec<Effect>;

impl Claim {
    /// The least and the most that an amount can be.
    pub(crate) fn range(self) -> (f64, f64) {
        match self {
            Claim::Suspect | Claim::Exonerate => (0.0, 1.0),
            Claim::Adjust(_, Change::Raise | Change::Lower) => (0.0, 9.0),
            Claim::Adjust(_, Change::Set) => (1.0, 10.0),
        }
    }

    /// Tells whether more of it means less risk.
    pub(crate) fn is_favourable(self) -> bool {
        matches!(self, Claim::Exonerate | Claim::Adjust(_, Change::Lower))
    }
}

/// Returns what an action claims, and about which node.
pub(crate) fn claim_of(action: &ActionKind) -> Option<(NodeId, Claim)> {
    match action {
        ActionKind::Suspect { node, .. } => Some((*node, Claim::Suspect)),
        ActionKind::Exonerate { node, .. } => Some((*node, Claim::Exonerate)),
        ActionKind::Adjust { rating, change, mode, .. } => Some((*mode, Claim::Adjust(*rating, *change))),
        _ => None,
    }
}

/// Collects the claims of one rule.
pub(crate) struct Collector<'a> {
    rule: &'a Rule,
    effects: RuleEffects,
    instances: usize,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(rule: &'a Rule) -> Self {
        Self { rule, effects: Vec::new(), instances: 0 }
    }

    /// Adds the next instance: its outcome, and the amount of each action that carries one.
    pub(crate) fn add(&mut self, outcome: Outcome, amounts: impl Iterator<Item = Option<Figure>>) {
        let instance = self.instances;
        self.instances += 1;
        if !outcome.is_possible() {
            return;
        }
        for (action, amount) in self.rule.actions.iter().zip(amounts) {
            let (Some((node, claim)), Some(amount)) = (claim_of(&action.kind), amount) else { continue };
            self.merge(weigh(node, claim, outcome, amount, instance));
        }
    }

    /// Returns the claims, by node and claim.
    pub(crate) fn finish(mut self) -> RuleEffects {
        self.effects.sort_by_key(|effect| (effect.node, effect.claim));
        self.effects
    }

    fn merge(&mut self, new: Effect) {
        let known = self.effects.iter_mut().find(|effect| (effect.node, effect.claim) == (new.node, new.claim));
        let Some(known) = known else {
            self.effects.push(new);
            return;
        };
        known.outcome = known.outcome | new.outcome;
        known.least = known.least.min(new.least);
        known.weight = PerWorld::from_fn(|world| heavier(*known.weight.get(world), *new.weight.get(world)));
    }
}

/// An amount that has no point counts at its least: what is not known adds nothing to the estimate
/// beyond what is certain.
fn weigh(node: NodeId, claim: Claim, outcome: Outcome, amount: Figure, instance: usize) -> Effect {
    let (from, to) = claim.range();
    let least = amount.low().clamp(from, to);
    let most = amount.high().clamp(from, to);
    let point = amount.point().map_or(least, |point| point.clamp(from, to));
    let if_certain = outcome.is_certain().then_some(Weight { value: least, instance });
    let if_possible = outcome.is_possible().then_some(Weight { value: most, instance });
    let estimate = outcome.holds().then_some(Weight { value: point, instance });
    let (low, high) = if claim.is_favourable() { (if_possible, if_certain) } else { (if_certain, if_possible) };
    Effect { node, claim, outcome, weight: PerWorld { low, estimate, high }, least }
}

fn heavier(first: Option<Weight>, second: Option<Weight>) -> Option<Weight> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if second.value > first.value { second } else { first }),
        (first, second) => first.or(second),
    }
}

/// Returns the claims of a rule from its recorded instances.
pub(crate) fn recorded_effects(rule: &Rule, instances: &[Instance]) -> RuleEffects {
    let mut collector = Collector::new(rule);
    for instance in instances {
        let amounts = instance.amounts.iter().map(|amount| amount.as_ref().map(|term| term.figure));
        collector.add(instance.outcome, amounts);
    }
    collector.finish()
}

/// Returns what the claims weigh on point values, the same in every world: nothing about them can change.
pub(crate) fn collapsed(effects: &RuleEffects) -> RuleEffects {
    let weighing = effects.iter().filter_map(|effect| {
        let weight = effect.weight.estimate?;
        let weight_of = PerWorld::from_fn(|_| Some(weight));
        Some(Effect { outcome: Outcome::TRUE, weight: weight_of, least: weight.value, ..effect.clone() })
    });
    weighing.collect()
}

/// Which rules make claims about each node; ascending.
pub(crate) fn rules_on_nodes(knowledge: &KnowledgeBase) -> Vec<Vec<RuleId>> {
    let mut rules = vec![Vec::new(); knowledge.nodes.len()];
    for (id, rule) in knowledge.rules.iter() {
        for node in nodes_of(rule) {
            let on_node: &mut Vec<RuleId> = &mut rules[node.index()];
            if on_node.last() != Some(&id) {
                on_node.push(id);
            }
        }
    }
    rules
}

/// Returns the nodes that a rule makes claims about, in the order written.
pub(crate) fn nodes_of(rule: &Rule) -> impl Iterator<Item = NodeId> {
    rule.actions.iter().filter_map(|action| claim_of(&action.kind)).map(|(node, _)| node)
}

/// A claim and the rule that makes it.
pub(crate) type Claimed<'a> = (RuleId, &'a Effect);

/// Tells for each claim, all of one kind and by rule, whether it counts in a world: if the rule fires
/// there and no other rule of its group weighs more (of equal ones the first counts).
pub(crate) fn counted(knowledge: &KnowledgeBase, claims: &[Claimed<'_>], world: World) -> Vec<bool> {
    let mut best: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    let mut counted = vec![false; claims.len()];
    for (place, (rule, effect)) in claims.iter().enumerate() {
        let Some(weight) = effect.weight.get(world) else { continue };
        counted[place] = true;
        let Some(group) = &knowledge.rules[*rule].evidence else { continue };
        match best.get_mut(group.value.as_str()) {
            None => {
                best.insert(&group.value, (place, weight.value));
            }
            Some((winner, value)) if weight.value > *value => {
                counted[*winner] = false;
                (*winner, *value) = (place, weight.value);
            }
            Some(_) => counted[place] = false,
        }
    }
    counted
}

/// Returns what a node's own evidence amounts to in a world: suspicions by noisy-OR, times what the
/// exonerations leave.
pub(crate) fn own_evidence<'a>(
    knowledge: &KnowledgeBase,
    claims: impl Iterator<Item = Claimed<'a>> + Clone,
    world: World,
) -> f64 {
    let product = |claim: Claim| {
        let claims: Vec<Claimed<'a>> = claims.clone().filter(|(_, effect)| effect.claim == claim).collect();
        let counted = counted(knowledge, &claims, world);
        let weights = claims.iter().zip(counted).filter(|(_, counted)| *counted);
        let values = weights.filter_map(|((_, effect), _)| *effect.weight.get(world));
        values.fold(1.0, |product, weight| product * (1.0 - weight.value))
    };
    (1.0 - product(Claim::Suspect)) * product(Claim::Exonerate)
}
