//! Evidence and likelihoods as operations: what the rules that fire weigh in each world, and how it
//! spreads from causes to effects. See `risk::evidence`, `risk::rating` and `risk::likelihood`.

use std::collections::BTreeMap;

use super::compiler::{Compiler, Figured, Judged, Measured, Spread};
use super::op::{Level, Op, Value};
use super::rules::Ruled;
use crate::inference::Truth;
use crate::model::{Change, NodeId, NodeKind, Phase, Rating, RuleId};
use crate::risk::{CausalGraph, Claim, PerWorld, Treatment, World, claim_of};

/// What a rule claims about a node, over all its instances. A weight is 0 where it does not fire.
#[derive(Clone, Copy, Debug)]
struct Effect {
    weight: PerWorld<Value>,
    /// Whether it is certain, by the bounds.
    certain: Value,
    /// The least that a rating could be set to; infinite where it cannot fire.
    least: Value,
}

/// The figures of the risk, in each world; in the low and high world they are the estimate's where only
/// that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Weighed {
    /// Own evidence, by node.
    own: PerWorld<Vec<Value>>,
    /// As it spreads, by node.
    pub raw: PerWorld<Vec<Value>>,
    /// By node.
    pub likelihood: Vec<PerWorld<Value>>,
    /// By mode.
    pub modes: Vec<WeighedMode>,
    pub total: PerWorld<Value>,
}

/// The figures of a mode, in each world.
#[derive(Clone, Copy, Debug)]
pub(super) struct WeighedMode {
    pub mode: NodeId,
    pub severity: PerWorld<Value>,
    pub detectability: PerWorld<Value>,
    pub risk: PerWorld<Value>,
}

/// By node and claim, the effects of the rules, ascending.
type Claims = BTreeMap<(NodeId, Claim), Vec<(RuleId, Effect)>>;

impl Compiler<'_> {
    /// Compiles the weighing of everything that the evidence rules claim.
    pub fn weigh(&mut self, ruled: &Ruled, graph: &CausalGraph) -> Weighed {
        let claims = self.claims(ruled);
        let nodes: Vec<NodeId> = self.knowledge.nodes.ids().collect();
        let own = PerWorld::from_fn(|world| {
            nodes.iter().map(|&node| self.own_evidence(&claims, node, world)).collect::<Vec<_>>()
        });
        let raw = PerWorld::from_fn(|world| self.spread(graph, own.get(world), None));
        let mut likelihood: Vec<PerWorld<Value>> =
            nodes.iter().map(|node| PerWorld::from_fn(|world| raw.get(world)[node.index()])).collect();
        for node in self.grouped(&claims, graph) {
            let PerWorld { low, estimate, high } = likelihood[node.index()];
            likelihood[node.index()] = PerWorld {
                low: self.builder.value(Op::Min(low, estimate)),
                estimate,
                high: self.builder.value(Op::Max(high, estimate)),
            };
        }
        let knowledge = self.knowledge;
        let mut modes = Vec::new();
        for (mode, node) in knowledge.modes() {
            let NodeKind::Mode { severity, detectability, .. } = node.kind else { continue };
            let severity = PerWorld::from_fn(|world| self.rate(severity, Rating::Severity, mode, &claims, world));
            let detectability =
                PerWorld::from_fn(|world| self.rate(detectability, Rating::Detectability, mode, &claims, world));
            let risk = PerWorld::from_fn(|world| {
                let first = Op::Times(*likelihood[mode.index()].get(world), *severity.get(world));
                let first = self.builder.value(first);
                self.builder.value(Op::Times(first, *detectability.get(world)))
            });
            modes.push(WeighedMode { mode, severity, detectability, risk });
        }
        let total = PerWorld::from_fn(|world| {
            self.builder.value(Op::Sum(modes.iter().map(|mode| *mode.risk.get(world)).collect()))
        });
        Weighed { own, raw, likelihood, modes, total }
    }

    /// Returns the nodes whose likelihoods may be out of order by a rounding, which `risk::Bounds` then
    /// mends: in an evidence group the winner, and so the order of the product, may differ between worlds.
    fn grouped(&self, claims: &Claims, graph: &CausalGraph) -> Vec<NodeId> {
        let is_grouped = |effects: &[(RuleId, Effect)]| {
            let groups = effects.iter().filter_map(|(rule, _)| self.knowledge.rules[*rule].evidence.as_ref());
            let mut groups: Vec<&str> = groups.map(|group| group.value.as_str()).collect();
            groups.sort_unstable();
            groups.windows(2).any(|pair| pair[0] == pair[1])
        };
        let mut grouped = vec![false; self.knowledge.nodes.len()];
        for ((node, _), _) in claims.iter().filter(|(_, effects)| is_grouped(effects)) {
            grouped[node.index()] = true;
        }
        for &node in graph.order() {
            grouped[node.index()] |= graph.causes(node).iter().any(|(cause, _)| grouped[cause.index()]);
        }
        self.knowledge.nodes.ids().filter(|node| grouped[node.index()]).collect()
    }

    fn claims(&mut self, ruled: &Ruled) -> Claims {
        let mut claims = Claims::new();
        for (id, rule) in self.knowledge.rules.iter().filter(|(_, rule)| rule.phase == Phase::Evidence) {
            for applied in &ruled.applied[id.index()] {
                for (action, amount) in rule.actions.iter().zip(&applied.amounts) {
                    let (Some((node, claim)), Some(amount)) = (claim_of(&action.kind), *amount) else { continue };
                    let effect = self.effect(claim, applied.outcome, amount);
                    let known = claims.entry((node, claim)).or_default();
                    match known.last_mut() {
                        Some((rule, known)) if *rule == id => *known = self.heavier(*known, effect),
                        _ => known.push((id, effect)),
                    }
                }
            }
        }
        claims
    }

    /// What one instance weighs; see `risk::evidence::weigh`.
    fn effect(&mut self, claim: Claim, outcome: Judged, amount: Figured) -> Effect {
        let range = claim.range();
        let least = self.end(amount, false, range);
        let most = self.end(amount, true, range);
        let point = self.builder.value(Op::Clamp(amount.point, range_ends(range)));
        let point = self.builder.value(Op::OrElse(point, least));
        let if_certain = self.builder.value(Op::Gate(outcome.bounds, Level::True, least, 0.0.into()));
        let if_possible = self.builder.value(Op::Gate(outcome.bounds, Level::Possible, most, 0.0.into()));
        let estimate = self.builder.value(Op::Gate(outcome.point, Level::True, point, 0.0.into()));
        let (low, high) = if claim.is_favourable() { (if_possible, if_certain) } else { (if_certain, if_possible) };
        let least = self.builder.value(Op::Gate(outcome.bounds, Level::Possible, least, f64::INFINITY.into()));
        Effect { weight: PerWorld { low, estimate, high }, certain: outcome.bounds, least }
    }

    /// Of the instances of one rule, the one that weighs most counts.
    fn heavier(&mut self, first: Effect, second: Effect) -> Effect {
        let weight =
            PerWorld::from_fn(|world| self.builder.value(Op::Max(*first.weight.get(world), *second.weight.get(world))));
        Effect {
            weight,
            certain: self.builder.value(Op::Or(first.certain, second.certain)),
            least: self.builder.value(Op::Min(first.least, second.least)),
        }
    }

    /// See `risk::evidence::own_evidence`: suspicions by noisy-OR, times what the exonerations leave.
    fn own_evidence(&mut self, claims: &Claims, node: NodeId, world: World) -> Value {
        let mut product = |claim| {
            let mut left = self.builder.constant(1.0);
            let effects = claims.get(&(node, claim)).map_or(&[][..], Vec::as_slice);
            for place in 0..effects.len() {
                let weight = self.counted(effects, place, world);
                left = self.builder.value(Op::Leave(left, weight));
            }
            left
        };
        let unsuspected = product(Claim::Suspect);
        let rest = product(Claim::Exonerate);
        self.builder.value(Op::Own(unsuspected, rest))
    }

    /// Returns a weight where it counts: of one evidence group only the largest does, the first of equal ones.
    fn counted(&mut self, effects: &[(RuleId, Effect)], place: usize, world: World) -> Value {
        let group_of = |rule: RuleId| self.knowledge.rules[rule].evidence.as_ref().map(|group| &group.value);
        let (rule, effect) = &effects[place];
        let weight = *effect.weight.get(world);
        let Some(group) = group_of(*rule) else { return weight };
        let others = |range: std::ops::Range<usize>| -> Vec<Value> {
            let of_group = effects[range].iter().filter(|(rule, _)| group_of(*rule) == Some(group));
            of_group.map(|(_, effect)| *effect.weight.get(world)).collect()
        };
        let (earlier, later) = (others(0..place), others(place + 1..effects.len()));
        if earlier.is_empty() && later.is_empty() {
            return weight;
        }
        let mut largest = |weights: Vec<Value>| {
            let none = self.builder.constant(0.0);
            weights.into_iter().reduce(|left, right| self.builder.value(Op::Max(left, right))).unwrap_or(none)
        };
        let (earlier, later) = (largest(earlier), largest(later));
        self.builder.value(Op::Outweigh { weight, earlier, later })
    }

    /// See `risk::rating::rate_in`.
    fn rate(&mut self, base: f64, rating: Rating, mode: NodeId, claims: &Claims, world: World) -> Value {
        let of = |change| claims.get(&(mode, Claim::Adjust(rating, change))).map_or(&[][..], Vec::as_slice);
        let constant = self.builder.constant(base);
        let sets = of(Change::Set);
        let weights = sets.iter().map(|(_, effect)| *effect.weight.get(world));
        let set = weights.reduce(|left, right| self.builder.value(Op::Max(left, right)));
        let mut rated = match set {
            None => constant,
            Some(set) => {
                let (set, otherwise) = match world {
                    World::Low => (
                        set,
                        sets.iter()
                            .fold(constant, |least, (_, effect)| self.builder.value(Op::Min(least, effect.least))),
                    ),
                    World::Estimate => (set, constant),
                    World::High => {
                        let certain = sets.iter().map(|(_, effect)| effect.certain);
                        let certain = certain.reduce(|left, right| self.builder.value(Op::Or(left, right)));
                        let certain = certain.unwrap_or_else(|| self.builder.always(Truth::False));
                        let sure = self.builder.value(Op::Gate(certain, Level::True, set, 0.0.into()));
                        (sure, self.builder.value(Op::Max(constant, set)))
                    }
                };
                self.builder.value(Op::UnlessZero(set, otherwise))
            }
        };
        for (_, effect) in of(Change::Raise) {
            rated = self.builder.value(Op::Add(rated, *effect.weight.get(world)));
        }
        for (_, effect) in of(Change::Lower) {
            rated = self.builder.value(Op::Subtract(rated, *effect.weight.get(world)));
        }
        self.builder.value(Op::Clamp(rated, range_ends((1.0, 10.0))))
    }

    /// See `risk::likelihood::spread`. What a treatment leaves as it is comes out as the same values.
    fn spread(&mut self, graph: &CausalGraph, own: &[Value], treatment: Option<&Treatment>) -> Vec<Value> {
        let mut likelihoods = own.to_vec();
        for &node in graph.order() {
            let causes = graph.causes(node).iter().map(|&(cause, strength)| {
                let strength = treatment.map_or(strength, |treatment| strength * treatment.on_link(cause, node));
                (strength.into(), likelihoods[cause.index()])
            });
            let causes = causes.collect();
            let without_base = (1.0 - self.knowledge.nodes[node].base_rate).into();
            let left = treatment.map_or(1.0, |treatment| treatment.on_node(node)).into();
            let op = Op::Spread { own: own[node.index()], without_base, causes, left };
            likelihoods[node.index()] = self.builder.value(op);
        }
        likelihoods
    }

    /// Compiles how much of the total risk each mitigation removes in each world.
    pub fn treat(&mut self, weighed: &Weighed, graph: &CausalGraph) -> Vec<PerWorld<Value>> {
        let knowledge = self.knowledge;
        let removed = knowledge.mitigations.values().map(|mitigation| {
            let treatment = Treatment::new(mitigation, None);
            PerWorld::from_fn(|world| {
                let treated = self.spread(graph, weighed.own.get(world), Some(&treatment));
                let raw = weighed.raw.get(world);
                let helped = weighed.modes.iter().filter(|mode| {
                    // An untreated mode keeps its risk, which is the product of the same figures.
                    let place = mode.mode.index();
                    treated[place] != raw[place] || *weighed.likelihood[place].get(world) != raw[place]
                });
                let modes = helped.map(|mode| {
                    let rest = (*mode.severity.get(world), *mode.detectability.get(world));
                    [*mode.risk.get(world), treated[mode.mode.index()], rest.0, rest.1]
                });
                self.builder.value(Op::Removed(modes.collect()))
            })
        });
        removed.collect()
    }

    /// Returns the figures that advice and verdicts may read.
    pub fn measured(&mut self, weighed: &Weighed) -> Measured {
        let nodes = weighed.likelihood.len();
        let mut measured = Measured {
            likelihood: weighed.likelihood.iter().map(|worlds| Some(self.bounded(worlds))).collect(),
            severity: vec![None; nodes],
            detectability: vec![None; nodes],
            risk: vec![None; nodes],
        };
        for mode in &weighed.modes {
            measured.severity[mode.mode.index()] = Some(self.bounded(&mode.severity));
            measured.detectability[mode.mode.index()] = Some(self.bounded(&mode.detectability));
            measured.risk[mode.mode.index()] = Some(self.bounded(&mode.risk));
        }
        measured
    }

    fn bounded(&mut self, worlds: &PerWorld<Value>) -> Figured {
        let PerWorld { low, estimate: point, high } = *worlds;
        let range = Spread::Ranges(self.builder.value(Op::Between { low, high, point }));
        Figured { point, range, known: true }
    }
}

fn range_ends((low, high): (f64, f64)) -> super::op::Ends {
    super::op::Ends(low.into(), high.into())
}
