//! The smallest proofs: of several derivations of a finding, the one with the fewest steps.
//!
//! A step is a rule application or a condition that something known decides. Findings may depend on each
//! other in circles; a proof never does, since findings are settled cheapest first (Knuth's generalisation of
//! Dijkstra's algorithm to derivations with several premises). Equal proofs are told apart by rule id and
//! binding, so that the same one is always shown.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::Case;
use crate::inference::{Element, FactKey, FindingInstance, Instance, InstanceId, Premise, PremiseKind, Truth};
use crate::model::{Quantifier, RuleId};

/// Findings that are settled for one proof; beyond, the derivation that was recorded first is shown.
const FINDINGS: usize = 100_000;

/// What is waiting to be settled, the cheapest first: steps, rule and binding, then what it derives and how.
type Waiting = Reverse<(u64, RuleId, Vec<Element>, FindingInstance, InstanceId)>;

/// The smallest proofs of findings, as far as they were asked for.
pub(super) struct Proofs<'a> {
    case: Case<'a>,
    settled: BTreeMap<FindingInstance, (u64, InstanceId)>,
}

impl<'a> Proofs<'a> {
    /// Returns no proofs yet.
    pub fn new(case: Case<'a>) -> Self {
        Self { case, settled: BTreeMap::new() }
    }

    /// Returns the last step of the smallest proof of a finding; none for one that does not hold.
    pub fn last_step(&mut self, finding: &FindingInstance) -> Option<InstanceId> {
        if !self.settled.contains_key(finding) {
            self.settle(finding);
        }
        self.settled.get(finding).map(|(_, id)| *id).or_else(|| self.derivations(finding).next().map(|(id, _)| id))
    }

    /// Returns the rule instances that derive a finding and hold.
    pub fn derivations(&self, finding: &FindingInstance) -> impl Iterator<Item = (InstanceId, &'a Instance)> + use<'a> {
        let inference = self.case.inference();
        let derived = inference.findings().get(finding).into_iter().flat_map(|derived| &derived.derivations);
        derived.filter_map(|&id| Some((id, inference.instance(id)?))).filter(|(_, instance)| instance.outcome.holds())
    }

    fn settle(&mut self, target: &FindingInstance) {
        let mut readers: BTreeMap<FindingInstance, Vec<(FindingInstance, InstanceId)>> = BTreeMap::new();
        let mut seen = BTreeSet::from([target.clone()]);
        let mut unfolding = vec![target.clone()];
        let mut waiting: BinaryHeap<Waiting> = BinaryHeap::new();
        while let Some(finding) = unfolding.pop() {
            for (id, instance) in self.derivations(&finding) {
                for read in instance.findings() {
                    readers.entry(read.clone()).or_default().push((finding.clone(), id));
                    let holds = self.case.inference().finding(read).holds();
                    if holds && seen.len() < FINDINGS && seen.insert(read.clone()) {
                        unfolding.push(read.clone());
                    }
                }
                waiting.extend(self.waiting(&finding, id, instance));
            }
        }
        while let Some(Reverse((steps, _, _, finding, id))) = waiting.pop() {
            if self.settled.contains_key(&finding) {
                continue;
            }
            self.settled.insert(finding.clone(), (steps, id));
            if finding == *target {
                return;
            }
            for (reader, id) in readers.get(&finding).into_iter().flatten() {
                if let Some(instance) = self.case.inference().instance(*id) {
                    waiting.extend(self.waiting(reader, *id, instance));
                }
            }
        }
    }

    fn waiting(&self, finding: &FindingInstance, id: InstanceId, instance: &Instance) -> Option<Waiting> {
        let steps = 1 + instance.premise.as_ref().map_or(Some(0), |premise| self.steps(premise, Truth::True))?;
        Some(Reverse((steps, instance.rule, instance.binding.clone(), finding.clone(), id)))
    }

    /// Returns the steps that show a condition to be true, or false; none where it is not so, or rests on
    /// findings that are not settled yet.
    pub fn steps(&self, premise: &Premise, wanted: Truth) -> Option<u64> {
        if premise.outcome.point() != wanted {
            return None;
        }
        match parts(premise, wanted) {
            Parts::All(parts, wanted) => parts.into_iter().map(|part| self.steps(part, wanted)).sum(),
            Parts::One(parts, wanted) => parts.into_iter().filter_map(|part| self.steps(part, wanted)).min(),
            Parts::None => match &premise.kind {
                PremiseKind::Finding(finding) if wanted == Truth::True => {
                    self.settled.get(finding).map(|(steps, _)| *steps)
                }
                // What is counted by an aggregate has to be shown as well; what was not concluded has no proof.
                _ => {
                    let read =
                        premise.findings().into_iter().filter(|read| self.case.inference().finding(read).holds());
                    let steps = read.map(|read| self.settled.get(read).map(|(steps, _)| *steps));
                    steps.sum::<Option<u64>>().map(|steps| steps + 1)
                }
            },
        }
    }

    /// Returns the position of the part that shows a condition with the fewest steps, where one is enough.
    pub fn cheapest<'p>(&mut self, premises: impl Iterator<Item = &'p Premise>, wanted: Truth) -> Option<usize> {
        let premises: Vec<&Premise> = premises.collect();
        for finding in premises.iter().flat_map(|premise| premise.findings()) {
            self.last_step(finding);
        }
        let steps = premises.iter().enumerate().filter_map(|(place, premise)| {
            let margin = premise.margin().map_or(0.0, |margin| margin.relative());
            Some((self.steps(premise, wanted)?, premise.outcome.bounds() == Truth::Unknown, margin, place))
        });
        // Of equally short ones what is certain tells most, then what is far from its threshold.
        let best = steps.min_by(|left, right| {
            (left.0, left.1).cmp(&(right.0, right.1)).then(right.2.total_cmp(&left.2)).then(left.3.cmp(&right.3))
        });
        best.map(|(_, _, _, place)| place)
    }

    /// Adds the facts that show a condition to be true, or false, by the smallest proof.
    pub fn facts(&mut self, premise: &Premise, wanted: Truth, facts: &mut BTreeSet<FactKey>) {
        self.collect(premise, wanted, facts, &mut BTreeSet::new());
    }

    fn collect(
        &mut self,
        premise: &Premise,
        wanted: Truth,
        facts: &mut BTreeSet<FactKey>,
        done: &mut BTreeSet<FindingInstance>,
    ) {
        match parts(premise, wanted) {
            Parts::All(parts, wanted) => parts.into_iter().for_each(|part| self.collect(part, wanted, facts, done)),
            Parts::One(parts, wanted) => {
                if let Some(place) = self.cheapest(parts.iter().copied(), wanted) {
                    self.collect(parts[place], wanted, facts, done);
                }
            }
            Parts::None => {
                facts.extend(premise.readings().into_iter().map(|reading| reading.key.clone()));
                for finding in premise.findings() {
                    self.collect_finding(finding, facts, done);
                }
            }
        }
    }

    /// A finding that holds rests on its smallest proof; one that does not, on what keeps each rule instance
    /// that could derive it from firing.
    fn collect_finding(
        &mut self,
        finding: &FindingInstance,
        facts: &mut BTreeSet<FactKey>,
        done: &mut BTreeSet<FindingInstance>,
    ) {
        if !done.insert(finding.clone()) {
            return;
        }
        let inference = self.case.inference();
        if inference.finding(finding).holds() {
            let step = self.last_step(finding).and_then(|id| inference.instance(id));
            if let Some(premise) = step.and_then(|instance| instance.premise.as_ref()) {
                self.collect(premise, Truth::True, facts, done);
            }
            return;
        }
        let derived = inference.findings().get(finding);
        for &id in derived.into_iter().flat_map(|derived| &derived.derivations) {
            if let Some(premise) = inference.instance(id).and_then(|instance| instance.premise.as_ref()) {
                self.collect(premise, premise.outcome.point(), facts, done);
            }
        }
    }
}

/// What has to be shown of the parts of a condition, and whether as true or as false.
enum Parts<'p> {
    /// Every one.
    All(Vec<&'p Premise>, Truth),
    /// One that is so.
    One(Vec<&'p Premise>, Truth),
    /// It has none: something known decides it.
    None,
}

fn parts(premise: &Premise, wanted: Truth) -> Parts<'_> {
    let (parts, all_for_true): (Vec<&Premise>, bool) = match &premise.kind {
        PremiseKind::And(parts) => (parts.iter().collect(), true),
        PremiseKind::Or(parts) => (parts.iter().collect(), false),
        PremiseKind::Not(part) => return Parts::All(vec![part], !wanted),
        PremiseKind::Quantified { quantifier, members, open: false, .. } => {
            (members.iter().map(|(_, part)| part).collect(), *quantifier == Quantifier::All)
        }
        _ => return Parts::None,
    };
    match wanted {
        // Nothing is known to decide it: every part that is unknown has its share.
        Truth::Unknown => {
            Parts::All(parts.into_iter().filter(|part| part.outcome.point() == Truth::Unknown).collect(), wanted)
        }
        Truth::True if all_for_true => Parts::All(parts, wanted),
        Truth::False if !all_for_true => Parts::All(parts, wanted),
        Truth::True | Truth::False => Parts::One(parts, wanted),
    }
}
