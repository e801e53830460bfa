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

/// An input with its members.
type Cell = (InputId, Vec<Member>);

/// What a deployment knows, before it is put into a store.
struct Deployment {
    facts: BTreeMap<Cell, Fact>,
    /// Whether each relation holds between members; none where that is open. One that nobody speaks of is open
    /// between all.
    related: BTreeMap<(RelationId, Vec<Member>), Option<bool>>,
    silent: Vec<RelationId>,
    /// Cells without a fact whose few values can all be tried.
    open: Vec<Cell>,
    /// Cells without a fact of which some values are tried.
    wide: Vec<Cell>,
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
    let facts = cells(knowledge, &store).into_iter().map(|(input, cell)| {
        let known = fact(choose, &knowledge.inputs[input].value_type);
        ((input, cell), known)
    });
    let facts = facts.collect();
    let mut related = BTreeMap::new();
    for (relation, declared) in knowledge.relations.iter() {
        let sets: Vec<_> = declared.indexes().collect();
        for members in combinations(&sets, &store) {
            related.insert((relation, members), Some(choose.chance(4)));
        }
    }
    let mut deployment = Deployment { facts, related, silent: Vec::new(), open: Vec::new(), wide: Vec::new() };
    let mut worlds = 1;
    for _ in 0..1 + choose.below(8) {
        match choose.below(16) {
            0..10 => deployment.forget_an_answer(choose, knowledge, &mut worlds),
            10..13 => deployment.doubt_an_entry(choose, &mut worlds),
            13 => deployment.say_nothing_of_a_relation(choose, knowledge, &mut worlds),
            _ => deployment.forget_a_figure(choose, knowledge),
        }
    }
    deployment
}

/// Multiplies the ways by which everything may turn out, or says that they would be too many.
fn more(worlds: &mut usize, ways: usize) -> bool {
    let few = *worlds * ways <= WORLDS;
    if few {
        *worlds *= ways;
    }
    few
}

impl Deployment {
    /// Returns a fact whose type is wanted, if one is left.
    fn draw(&self, choose: &mut Chooser, knowledge: &KnowledgeBase, wanted: fn(&Type) -> bool) -> Option<Cell> {
        let fitting = self.facts.keys().filter(|(input, _)| wanted(&knowledge.inputs[*input].value_type));
        let fitting: Vec<&Cell> = fitting.collect();
        fitting.get(choose.below(fitting.len())).map(|cell| (*cell).clone())
    }

    fn forget_an_answer(&mut self, choose: &mut Chooser, knowledge: &KnowledgeBase, worlds: &mut usize) {
        let Some(cell) = self.draw(choose, knowledge, |value_type| values(value_type).is_some()) else { return };
        let ways = values(&knowledge.inputs[cell.0].value_type).map_or(1, |values| values.len());
        if more(worlds, ways) {
            self.facts.remove(&cell);
            self.open.push(cell);
        }
    }

    fn forget_a_figure(&mut self, choose: &mut Chooser, knowledge: &KnowledgeBase) {
        let wide = |value_type: &Type| values(value_type).is_none() && !matches!(value_type, Type::Text);
        if let Some(cell) = self.draw(choose, knowledge, wide) {
            self.facts.remove(&cell);
            self.wide.push(cell);
        }
    }

    fn doubt_an_entry(&mut self, choose: &mut Chooser, worlds: &mut usize) {
        let place = choose.below(self.related.len());
        let entry = self.related.values_mut().nth(place).unwrap();
        if entry.is_some() && more(worlds, 2) {
            *entry = None;
        }
    }

    fn say_nothing_of_a_relation(&mut self, choose: &mut Chooser, knowledge: &KnowledgeBase, worlds: &mut usize) {
        let silent = RelationId::from(choose.below(knowledge.relations.len()));
        let entries = self.related.iter_mut().filter(|((relation, _), _)| *relation == silent);
        let entries: Vec<&mut Option<bool>> = entries.map(|(_, entry)| entry).collect();
        if more(worlds, 1 << entries.iter().filter(|entry| entry.is_some()).count()) {
            entries.into_iter().for_each(|entry| *entry = None);
            self.silent.push(silent);
        }
    }

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
