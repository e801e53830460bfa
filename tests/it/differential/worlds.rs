//! What is certain holds however the unknown turns out, and no figure leaves its bounds: every way of answering a few
//! open questions is assessed by itself.

use std::collections::BTreeMap;

use etiology::facts::{Fact, FactStore, Member, Origin, Tuple};
use etiology::inference::Truth;
use etiology::model::{InputId, KnowledgeBase, RelationId, Type, Value};
use etiology::risk::{Assessment, Options, Propagation, Quantity, assess_with};
use proptest::prelude::*;

use super::config;
use crate::random_packs::{Chooser, GROUP, SITE, Shape, cells, combinations, fact, knowledge, numbers};

/// Ways in which the answers that are open may turn out, at most.
const WORLDS: usize = 256;

/// Sums of floating-point numbers in another order differ by this much.
const ROUNDING: f64 = 1e-9;

/// What a deployment knows, before it is put into a store.
struct Deployment {
    facts: BTreeMap<(InputId, Vec<Member>), Fact>,
    /// Whether each relation holds between members; none where that is open. One that nobody speaks of is open
    /// between all.
    related: BTreeMap<(RelationId, Vec<Member>), Option<bool>>,
    silent: Vec<RelationId>,
    /// Cells without a fact whose few values can all be tried.
    open: Vec<(InputId, Vec<Member>)>,
    /// Cells without a fact of which some values are tried.
    wide: Vec<(InputId, Vec<Member>)>,
}

fn empty_store(knowledge: &KnowledgeBase) -> FactStore {
    let members = [GROUP, SITE].into_iter().flat_map(|set| ["p", "q"].map(|name| (set, name.to_owned())));
    FactStore::new(knowledge, members)
}

/// The values that an input can have, if they are few.
fn values(value_type: &Type) -> Option<Vec<Value>> {
    match value_type {
        Type::YesNo => Some([false, true].map(Value::YesNo).to_vec()),
        Type::OneOf(options) => Some((0..options.len() as u32).map(Value::Option).collect()),
        Type::ManyOf(options) => {
            let chosen = |bits: u32| (0..options.len() as u32).filter(|option| bits >> option & 1 == 1).collect();
            Some((0..1 << options.len()).map(|bits| Value::Options(chosen(bits))).collect())
        }
        Type::Score { low, high } => Some((*low..=*high).map(|score| Value::Number(f64::from(score))).collect()),
        _ => None,
    }
}

/// Makes a deployment that leaves up to eight things open.
fn deployment(choose: &mut Chooser, knowledge: &KnowledgeBase) -> Deployment {
    let store = empty_store(knowledge);
    let mut deployment = Deployment {
        facts: BTreeMap::new(),
        related: BTreeMap::new(),
        silent: Vec::new(),
        open: Vec::new(),
        wide: Vec::new(),
    };
    for (input, cell) in cells(knowledge, &store) {
        let known = fact(choose, &knowledge.inputs[input].value_type);
        deployment.facts.insert((input, cell), known);
    }
    for (relation, declared) in knowledge.relations.iter() {
        let sets: Vec<_> = declared.indexes().collect();
        for members in combinations(&sets, &store) {
            deployment.related.insert((relation, members), Some(choose.chance(4)));
        }
    }
    let mut worlds = 1;
    for _ in 0..1 + choose.below(8) {
        match choose.below(8) {
            0..5 => {
                let discrete =
                    |(key, _): &(&(InputId, Vec<Member>), &Fact)| values(&knowledge.inputs[key.0].value_type).is_some();
                let candidates: Vec<_> = deployment.facts.iter().filter(discrete).map(|(key, _)| key.clone()).collect();
                let Some(key) = candidates.get(choose.below(candidates.len())).cloned() else { continue };
                let ways = values(&knowledge.inputs[key.0].value_type).map_or(1, |values| values.len());
                if worlds * ways <= WORLDS {
                    worlds *= ways;
                    deployment.facts.remove(&key);
                    deployment.open.push(key);
                }
            }
            5..7 => {
                let keys: Vec<_> = deployment.related.keys().cloned().collect();
                let key = &keys[choose.below(keys.len())];
                if worlds * 2 <= WORLDS && deployment.related[key].is_some() {
                    worlds *= 2;
                    deployment.related.insert(key.clone(), None);
                }
            }
            _ if choose.chance(2) => {
                let relation = RelationId::from(choose.below(knowledge.relations.len()));
                let known = |key: &(RelationId, Vec<Member>), held: &Option<bool>| key.0 == relation && held.is_some();
                let ways = 1 << deployment.related.iter().filter(|(key, held)| known(key, held)).count();
                if worlds * ways <= WORLDS {
                    worlds *= ways;
                    let entries = deployment.related.iter_mut().filter(|(key, _)| key.0 == relation);
                    entries.for_each(|(_, held)| *held = None);
                    deployment.silent.push(relation);
                }
            }
            _ => {
                let wide = |(key, _): &(&(InputId, Vec<Member>), &Fact)| {
                    let value_type = &knowledge.inputs[key.0].value_type;
                    values(value_type).is_none() && !matches!(value_type, Type::Text)
                };
                let candidates: Vec<_> = deployment.facts.iter().filter(wide).map(|(key, _)| key.clone()).collect();
                let key = candidates[choose.below(candidates.len())].clone();
                deployment.facts.remove(&key);
                deployment.wide.push(key);
            }
        }
    }
    deployment
}

impl Deployment {
    fn store(&self, knowledge: &KnowledgeBase) -> FactStore {
        let mut store = empty_store(knowledge);
        for ((input, cell), fact) in &self.facts {
            store.set(*input, cell, fact.clone());
        }
        for ((relation, members), held) in &self.related {
            if self.silent.contains(relation) {
                continue;
            }
            let extension = store.extension(*relation, Origin::Supposed);
            if *held != Some(false) {
                extension.insert(members.clone(), Tuple { unsure: held.is_none(), origin: Origin::Supposed });
            }
        }
        store
    }

    /// Returns the deployments in which nothing is open. Of what has too many values to try them all, each has one.
    fn worlds(&self, choose: &mut Chooser, knowledge: &KnowledgeBase) -> Vec<FactStore> {
        let mut answers: Vec<Vec<Value>> = vec![Vec::new()];
        for (input, _) in &self.open {
            let values = values(&knowledge.inputs[*input].value_type).unwrap();
            answers = combined(answers, &values);
        }
        let mut entries: Vec<Vec<bool>> = vec![Vec::new()];
        let doubtful: Vec<_> = self.related.iter().filter(|(_, held)| held.is_none()).map(|(key, _)| key).collect();
        for _ in &doubtful {
            entries = combined(entries, &[false, true]);
        }
        let mut worlds = Vec::new();
        for answers in &answers {
            for entries in &entries {
                let mut world = Deployment {
                    facts: self
                        .facts
                        .iter()
                        .map(|(key, fact)| (key.clone(), settled(choose, knowledge, key.0, fact)))
                        .collect(),
                    related: self.related.clone(),
                    silent: Vec::new(),
                    open: Vec::new(),
                    wide: Vec::new(),
                };
                for (key, value) in self.open.iter().zip(answers) {
                    world.facts.insert(key.clone(), Fact::supposed(value.clone()));
                }
                for key in &self.wide {
                    let any = fact(choose, &knowledge.inputs[key.0].value_type);
                    world.facts.insert(key.clone(), Fact::supposed(any.value.unwrap()));
                }
                for (key, held) in doubtful.iter().zip(entries) {
                    world.related.insert((*key).clone(), Some(*held));
                }
                worlds.push(world.store(knowledge));
            }
        }
        worlds
    }
}

fn combined<T: Clone>(all: Vec<Vec<T>>, next: &[T]) -> Vec<Vec<T>> {
    let longer = all.into_iter().flat_map(|before| {
        next.iter().map(move |value| before.iter().cloned().chain([value.clone()]).collect::<Vec<T>>())
    });
    longer.collect()
}

/// Returns a fact as it turns out: a value within its interval, often an end of it.
fn settled(choose: &mut Chooser, knowledge: &KnowledgeBase, input: InputId, fact: &Fact) -> Fact {
    let (Some(interval), Some(point)) = (&fact.interval, fact.number()) else { return fact.clone() };
    let (least, most) = knowledge.inputs[input].value_type.range().unwrap();
    let (low, high) = (interval.low.max(least).min(point), interval.high.min(most).max(point));
    let value = [low, high, point, low + (high - low) * choose.share()][choose.below(4)];
    Fact::supposed(Value::Number(value))
}

/// Every figure of an assessment: low, estimate and high, in an order that is the same for all of one pack.
fn figures(assessment: &Assessment) -> Vec<(String, [f64; 3])> {
    let three = |low: f64, estimate: f64, high: f64| [low, estimate, high];
    let mut all = Vec::new();
    for node in &assessment.likelihoods {
        let bounds = &node.likelihood;
        let figures = three(bounds.low().get(), bounds.estimate().get(), bounds.high().get());
        all.push((format!("likelihood of {:?}", node.node), figures));
    }
    let mut risks: Vec<_> = assessment.risks.iter().collect();
    risks.sort_by_key(|risk| risk.mode);
    for risk in risks {
        let mut push = |what: &str, figures| all.push((format!("{what} of {:?}", risk.mode), figures));
        let (severity, detectability) = (&risk.severity, &risk.detectability);
        push("severity", three(severity.low().get(), severity.estimate().get(), severity.high().get()));
        push(
            "detectability",
            three(detectability.low().get(), detectability.estimate().get(), detectability.high().get()),
        );
        push("risk", three(risk.risk.low().get(), risk.risk.estimate().get(), risk.risk.high().get()));
    }
    let total = &assessment.total;
    all.push(("total".to_owned(), three(total.low().get(), total.estimate().get(), total.high().get())));
    all
}

/// Tells where a world in which nothing is open departs from what was said before it was known.
fn departs(before: &Assessment, after: &Assessment) -> Option<String> {
    for (finding, derived) in before.inference.findings() {
        let holds = after.inference.finding(finding).holds();
        let wrong = match derived.outcome.bounds() {
            Truth::True => !holds,
            Truth::False => holds,
            Truth::Unknown => false,
        };
        if wrong {
            return Some(format!("{finding:?} is {:?}, but holds: {holds}", derived.outcome));
        }
    }
    for (_, instance) in before.inference.instances() {
        let mut others = after.inference.instances_of(instance.rule);
        let same = others.find(|(_, other)| other.binding == instance.binding);
        let Some((_, same)) = same else {
            return Some(format!("{:?} of {:?} is gone", instance.binding, instance.rule));
        };
        let holds = same.outcome.holds();
        let wrong = match instance.outcome.bounds() {
            Truth::True => !holds,
            Truth::False => holds,
            Truth::Unknown => false,
        };
        if wrong {
            return Some(format!(
                "{:?} of {:?} is {:?}, but fires: {holds}",
                instance.binding, instance.rule, instance.outcome
            ));
        }
    }
    for ((name, [low, _, high]), (_, [least, estimate, most])) in figures(before).into_iter().zip(figures(after)) {
        if low > least + ROUNDING || most > high + ROUNDING {
            return Some(format!("{name} was {low} to {high} and is {least} to {most}"));
        }
        if least.to_bits() != estimate.to_bits() || most.to_bits() != estimate.to_bits() {
            return Some(format!("{name} is {least}, {estimate}, {most} where nothing is open"));
        }
    }
    None
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn no_way_in_which_the_unknown_turns_out_leaves_the_bounds(
        rules in numbers(),
        known in proptest::collection::vec(any::<u16>(), 100..300),
        answers in numbers(),
    ) {
        let knowledge = knowledge(&mut Chooser::new(rules), Shape { asks_what_is_known: false, total: true });
        let mut choose = Chooser::new(known);
        let deployment = deployment(&mut choose, &knowledge);
        let propagation = if choose.chance(4) { Propagation::Exact } else { Propagation::Local };
        let options = Options { propagation, swings: false };
        let before = assess_with(&knowledge, &deployment.store(&knowledge), options).unwrap();
        for world in deployment.worlds(&mut Chooser::new(answers), &knowledge) {
            let after = assess_with(&knowledge, &world, options).unwrap();
            let departure = departs(&before, &after);
            prop_assert!(departure.is_none(), "{}", departure.unwrap());
        }
    }
}
