//! The ground of a search: a deployment as it is, and what a goal comes to when some facts have leeway.

use std::collections::{BTreeMap, BTreeSet};

use super::goal::{Cone, Goal, State};
use super::weights::Weights;
use crate::facts::FactStore;
use crate::inference::choices::is_joined;
use crate::inference::leeway::{Cell, Imagined, Leeway, Reach};
use crate::inference::{Frame, Outcome, Scope, Truth};
use crate::model::{ActionKind, InputId, KnowledgeBase, MitigationId, NodeId, Phase, RuleId, VerdictId};
use crate::risk::assess::Weighed;
use crate::risk::evidence::{Collector, RuleEffects, collapsed};
use crate::risk::recommend::removed_in_total;
use crate::risk::requirement::evidence_missing;
use crate::risk::score::band_of;
use crate::risk::touched::Touched;
use crate::risk::{Propagation, Quantity as _, RiskError, World};

/// Whether a goal changes under every, some or no choice within the leeway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Under none.
    Never,
    /// It cannot be told.
    Maybe,
    /// Under every.
    Surely,
}

/// A deployment, and what a goal is in it.
pub(super) struct Ground<'a> {
    pub(super) knowledge: &'a KnowledgeBase,
    pub(super) cone: Cone,
    pub(super) state: State,
    goal: &'a Goal,
    propagation: Propagation,
    weighed: Weighed<'a>,
    /// By rule: the truth of its best instance.
    truths: Vec<Truth>,
    /// By rule: what it claims, the same in every world.
    effects: Vec<RuleEffects>,
    /// The advice that the goal depends on.
    advice: Touched,
}

/// What a change of some inputs can move: made once for the many questions about the same inputs.
pub(super) struct Plan {
    evidence: Touched,
    /// Whether a rule would have to be looked at for more members than it can be: it is one that is joined.
    pub(super) is_too_large: bool,
}

/// What a rule comes to over all its instances.
type Reaches = BTreeMap<RuleId, Reach>;

impl<'a> Ground<'a> {
    pub(super) fn new(
        knowledge: &'a KnowledgeBase,
        facts: &'a FactStore,
        propagation: Propagation,
        goal: &'a Goal,
    ) -> Result<Self, RiskError> {
        let weighed = Weighed::new(knowledge, facts, propagation)?;
        let cone = Cone::of(goal, &weighed.run, &weighed.weighing);
        let truths = knowledge.rules.ids().map(|rule| {
            let instances = weighed.run.recorded(rule).iter();
            instances.fold(Truth::False, |truth, instance| truth | instance.outcome.point())
        });
        let truths = truths.collect();
        let effects = weighed.weighing.effects.iter().map(collapsed).collect();
        let advice = Touched::by(&weighed.run, Phase::Advice, cone.rules.iter().copied());
        let state = State::Holds(false);
        let mut ground = Self { knowledge, cone, state, goal, propagation, weighed, truths, effects, advice };
        ground.state = ground.state_now();
        Ok(ground)
    }

    /// Returns what the goal is on the facts as they are.
    fn state_now(&self) -> State {
        let weighing = &self.weighed.weighing;
        let holds = |rule: &RuleId| self.truths[rule.index()] == Truth::True;
        match self.goal {
            Goal::Rule(rule) => State::Holds(holds(rule)),
            Goal::Finding(finding, instance) => State::Holds(match instance {
                Some(instance) => self.weighed.run.findings.get(&self.weighed.run.domains, instance).holds(),
                None => self.weighed.run.findings.any_holds(*finding),
            }),
            Goal::Band(mode) => {
                let risk = weighing.risks.iter().find(|risk| risk.mode == *mode);
                State::Band(risk.and_then(|risk| risk.band.estimate))
            }
            Goal::Recommended(mitigation) => {
                let asked = self.rules_on(*mitigation, false).iter().any(holds);
                let struck = self.rules_on(*mitigation, true).iter().any(holds);
                let declared = &self.knowledge.mitigations[*mitigation];
                let removes = removed_in_total(self.knowledge, weighing, declared, World::Estimate) > 0.0;
                State::Holds((asked || removes) && !struck)
            }
            Goal::Verdict | Goal::Given(_) => {
                let rigid = BTreeMap::new();
                let imagined = Imagined::new(self.scope(self.weighed.run.facts), &rigid);
                let given = possible_verdicts(self.knowledge, &imagined).first().copied().flatten();
                match self.goal {
                    Goal::Given(wanted) => State::Holds(given == Some(*wanted)),
                    _ => State::Verdict(given),
                }
            }
            Goal::Condition(body) => {
                let rigid = BTreeMap::new();
                let imagined = Imagined::new(self.scope(self.weighed.run.facts), &rigid);
                State::Holds(imagined.body(body).surely_holds())
            }
        }
    }

    /// Returns the rules that ask for a mitigation, or strike it out.
    fn rules_on(&self, mitigation: MitigationId, struck: bool) -> Vec<RuleId> {
        let speaks = |kind: &ActionKind| match kind {
            ActionKind::Recommend(advised) => !struck && *advised == mitigation,
            ActionKind::Contraindicate { mitigation: advised, .. } => struck && *advised == mitigation,
            _ => false,
        };
        let rules = self.knowledge.rules.iter();
        rules.filter(|(_, rule)| rule.actions.iter().any(|action| speaks(&action.kind))).map(|(id, _)| id).collect()
    }

    fn scope<'s>(&'s self, facts: &'s FactStore) -> Scope<'s> {
        Scope {
            knowledge: self.knowledge,
            facts,
            domains: &self.weighed.run.domains,
            findings: &self.weighed.run.findings,
            measures: Some(&self.weighed.measures),
            evidence_missing: evidence_missing(&self.weighed.missing),
        }
    }

    /// Returns what changes of these inputs can move.
    pub(super) fn plan(&self, inputs: &BTreeSet<InputId>) -> Plan {
        let run = &self.weighed.run;
        let readers = inputs.iter().flat_map(|input| &run.schedule.readers_of_input[input.index()]);
        // Findings that advice may renew are renewed whole, with what evidence says of them.
        let concluders =
            self.advice.findings.iter().flat_map(|finding| &self.knowledge.findings[*finding].concluded_by);
        let readers = readers.chain(concluders).copied().filter(|rule| self.cone.rules.contains(rule));
        let evidence = Touched::by(run, Phase::Evidence, readers);
        let frame = Frame::of_evidence(self.knowledge, run.facts, &run.domains, run.limits);
        let mut rules = evidence.rules.iter().chain(&self.advice.rules);
        let is_too_large = rules.any(|&rule| is_joined(frame, &self.knowledge.rules[rule].body));
        Plan { evidence, is_too_large }
    }

    /// Returns whether the goal changes when these facts have leeway. `facts` holds what was changed to one
    /// value; every input with leeway or a changed value is one of the plan's. Without leeway it is told unless
    /// the changed deployment cannot be assessed.
    pub(super) fn change(&self, plan: &Plan, facts: &FactStore, leeway: &BTreeMap<Cell, Leeway>) -> Change {
        let mut imagined = Imagined::new(self.scope(facts), leeway);
        imagined.renew(plan.evidence.findings.iter().copied());
        let mut reaches = Reaches::new();
        let mut effects = BTreeMap::new();
        self.apply(&plan.evidence, &mut imagined, &mut reaches, &mut effects);
        let weighing = &self.weighed.weighing;
        let effects_of = |rule: RuleId| effects.get(&rule).unwrap_or(&self.effects[rule.index()]);
        let nodes = &plan.evidence.nodes;
        let weights = self.cone.weighs().then(|| Weights::new(self.knowledge, weighing, nodes, effects_of));
        if let Some(weights) = &weights {
            imagined.set_measures(weights.measures());
        }
        if self.cone.asks_for_evidence {
            imagined.set_evidence_missing(self.missing(&reaches, leeway, facts, Some(Phase::Evidence)));
        }
        imagined.renew(self.advice.findings.iter().copied());
        self.apply(&self.advice, &mut imagined, &mut reaches, &mut BTreeMap::new());
        if self.cone.asks_for_evidence {
            imagined.set_evidence_missing(self.missing(&reaches, leeway, facts, None));
        }
        match self.judge(&imagined, &reaches, weights.as_ref()) {
            // What is said of sets of values can be too wide even where each set is one value.
            Change::Maybe if leeway.is_empty() => match Ground::new(self.knowledge, facts, self.propagation, self.goal)
            {
                Ok(changed) if changed.state == self.state => Change::Never,
                Ok(_) => Change::Surely,
                Err(_) => Change::Maybe,
            },
            change => change,
        }
    }

    fn apply(
        &self,
        touched: &Touched,
        imagined: &mut Imagined<'_>,
        reaches: &mut Reaches,
        effects: &mut BTreeMap<RuleId, RuleEffects>,
    ) {
        for stratum in &touched.strata {
            let mut collectors: BTreeMap<RuleId, Collector<'_>> = BTreeMap::new();
            imagined.apply(&stratum.rules, stratum.recursive, &mut |rule, _, applied| {
                let known = reaches.entry(rule).or_insert(Reach::exact(Truth::False));
                *known = *known | applied.reach;
                let collector = collectors.entry(rule).or_insert_with(|| Collector::new(&self.knowledge.rules[rule]));
                let outcome = match (applied.reach.surely_holds(), applied.reach.may_hold()) {
                    (true, _) => Outcome::TRUE,
                    (false, true) => Outcome::UNKNOWN,
                    (false, false) => Outcome::FALSE,
                };
                collector.add(outcome, applied.amounts.into_iter());
            });
            effects.extend(collectors.into_iter().map(|(rule, collector)| (rule, collector.finish())));
        }
    }

    /// Returns whether an input that a rule requires is missing, by the rules of one phase or of both.
    fn missing(
        &self,
        reaches: &Reaches,
        leeway: &BTreeMap<Cell, Leeway>,
        facts: &FactStore,
        phase: Option<Phase>,
    ) -> Reach {
        let mut missing = Reach::exact(Truth::False);
        for &id in &self.cone.rules {
            let rule = &self.knowledge.rules[id];
            if phase.is_some_and(|phase| rule.phase != phase) {
                continue;
            }
            for action in &rule.actions {
                let ActionKind::Require(input) = action.kind else { continue };
                let fires = reaches.get(&id).copied().unwrap_or(Reach::exact(self.truths[id.index()]));
                let given = facts.is_known(input);
                let loose = leeway.keys().any(|(loose, _)| *loose == input);
                let absent = match (given, loose) {
                    (true, _) => Reach::exact(Truth::False),
                    (false, true) => Reach::EITHER,
                    (false, false) => Reach::exact(Truth::True),
                };
                missing = missing | (fires & absent);
            }
        }
        missing
    }

    fn judge(&self, imagined: &Imagined<'_>, reaches: &Reaches, weights: Option<&Weights>) -> Change {
        let reach_of = |rule: RuleId| reaches.get(&rule).copied().unwrap_or(Reach::exact(self.truths[rule.index()]));
        let reach = match self.goal {
            Goal::Rule(rule) => reach_of(*rule),
            Goal::Finding(_, Some(instance)) => imagined.finding(instance),
            Goal::Finding(finding, None) => imagined.any_finding(*finding),
            Goal::Condition(body) => imagined.body(body),
            Goal::Recommended(mitigation) => {
                let any = |struck| {
                    let rules = self.rules_on(*mitigation, struck).into_iter();
                    rules.fold(Reach::exact(Truth::False), |reach, rule| reach | reach_of(rule))
                };
                (any(false) | self.removes(*mitigation, weights)) & !any(true)
            }
            Goal::Band(mode) => {
                let Some((low, high)) = weights.and_then(|weights| weights.risk(*mode)) else { return Change::Never };
                let bands = [low, high].map(|risk| State::Band(band_of(&self.knowledge.bands, risk)));
                return match bands {
                    [low, high] if low == self.state && high == self.state => Change::Never,
                    [low, high] if high < self.state || low > self.state => Change::Surely,
                    _ => Change::Maybe,
                };
            }
            Goal::Verdict | Goal::Given(_) => {
                let possible = possible_verdicts(self.knowledge, imagined);
                let states: Vec<State> = possible
                    .into_iter()
                    .map(|verdict| match self.goal {
                        Goal::Given(wanted) => State::Holds(verdict == Some(*wanted)),
                        _ => State::Verdict(verdict),
                    })
                    .collect();
                return match (states.iter().all(|state| *state == self.state), states.contains(&self.state)) {
                    (true, _) => Change::Never,
                    (false, true) => Change::Maybe,
                    (false, false) => Change::Surely,
                };
            }
        };
        let holds = self.state == State::Holds(true);
        match (reach.may_hold(), reach.surely_holds()) {
            (may, _) if !may => {
                if holds {
                    Change::Surely
                } else {
                    Change::Never
                }
            }
            (_, true) => {
                if holds {
                    Change::Never
                } else {
                    Change::Surely
                }
            }
            _ => Change::Maybe,
        }
    }

    /// Returns whether a mitigation removes risk. It does wherever what it addresses has a likelihood,
    /// unless a mode is certain whatever is done; where that is so it is left open.
    fn removes(&self, mitigation: MitigationId, weights: Option<&Weights>) -> Reach {
        let Some(weights) = weights else { return Reach::ANY };
        let declared = &self.knowledge.mitigations[mitigation];
        let base = removed_in_total(self.knowledge, &self.weighed.weighing, declared, World::Estimate) > 0.0;
        let unmoved = |node: NodeId| {
            let (low, high) = weights.likelihood[node.index()];
            let before = self.weighed.weighing.likelihoods[node.index()].likelihood.estimate().get();
            low.total_cmp(&before).is_eq() && high.total_cmp(&before).is_eq()
        };
        if self.knowledge.nodes.ids().all(unmoved) {
            return Reach::exact(base.into());
        }
        let addressed = || declared.addresses.iter().filter(|address| address.effect > 0.0);
        let open = weights.likelihood.iter().all(|(_, high)| *high < 1.0);
        let low = |node: NodeId| weights.likelihood[node.index()].0;
        if base && open && addressed().all(|address| low(address.node) > 0.0) {
            return Reach::exact(Truth::True);
        }
        if addressed().all(|address| weights.likelihood[address.node.index()].1 <= 0.0) {
            return Reach::exact(Truth::False);
        }
        Reach::EITHER
    }
}

/// Returns every verdict with whether it holds, the highest precedence first, then by id.
fn verdicts(knowledge: &KnowledgeBase, imagined: &Imagined<'_>) -> Vec<(VerdictId, Reach)> {
    let mut order: Vec<VerdictId> = knowledge.verdicts.ids().collect();
    order.sort_by_key(|&verdict| (std::cmp::Reverse(knowledge.verdicts[verdict].precedence), verdict));
    order.into_iter().map(|verdict| (verdict, imagined.body(&knowledge.verdicts[verdict].body))).collect()
}

/// Returns the verdicts that may be given; none stands for no verdict.
fn possible_verdicts(knowledge: &KnowledgeBase, imagined: &Imagined<'_>) -> Vec<Option<VerdictId>> {
    let mut possible = Vec::new();
    for (verdict, reach) in verdicts(knowledge, imagined) {
        if reach.may_hold() {
            possible.push(Some(verdict));
        }
        if reach.surely_holds() {
            return possible;
        }
    }
    possible.push(None);
    possible
}
