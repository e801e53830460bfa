//! Plans: in which order the parts of a rule's condition bind its variables.
//!
//! The findings and relations that a condition asks for outright, not within `or`, `not`, a quantifier or an aggregate,
//! are *generators*: only members for which they are possible need to be looked at (a relation that nobody
//! speaks of is possible for all, and generates nothing). A plan takes the one
//! first that leaves the fewest choices, then the next given what is bound by then, and so on; every
//! other part is tested as soon as its variables are bound.

use super::content;
use super::extents::Predicate;
use super::rows::{Code, Columns};
use super::{Domains, Extents, Frame};
use crate::facts::FactStore;
use crate::model::{
    ActionKind, Argument, Body, Condition, ConditionKind, ExpressionKind, FindingAtom, FindingId, IndexRef,
    KnowledgeBase, NodeRef, Rule, VariableId,
};

/// What a column of a generator is, once the steps before it are done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Slot {
    /// The member that the rule names.
    Code(Code),
    /// The variable that is bound already.
    Bound(usize),
    /// The variable that this column binds.
    Bind(usize),
    /// The variable that an earlier column of the same generator binds.
    Same(usize),
}

/// One step of a plan.
#[derive(Clone, Debug)]
pub(crate) enum Step<'k> {
    /// For each choice of arguments for which it is possible and that fits what is bound.
    Match {
        predicate: Predicate,
        slots: Vec<Slot>,
        /// The columns that are bound before.
        given: Columns,
    },
    /// For each element of the variable's set.
    Each(usize),
    /// If this may hold.
    Test(&'k Condition),
}

/// A finding that the rule concludes, by the columns of its row.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) finding: FindingId,
    pub(crate) slots: Vec<Slot>,
    /// Whether it is about a member that nobody knows.
    pub(crate) anonymous: bool,
}

/// How the instances of a rule that may fire are found.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'k> {
    pub(crate) body: &'k Body,
    pub(crate) steps: Vec<Step<'k>>,
    pub(crate) heads: Vec<Head>,
    /// Whether a variable stands for a member that nobody knows.
    pub(crate) anonymous: bool,
}

/// What a plan should be like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    /// The generator to begin with.
    pub(crate) first: Option<usize>,
    /// The variables that are bound before the first step.
    pub(crate) bound: Vec<usize>,
    /// What need not hold.
    pub(crate) without: Option<Part>,
}

/// A part of a condition that a plan may leave out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// One of the generators.
    Generator(usize),
    /// Everything but the generators.
    Tests,
}

/// What a plan is made from.
#[derive(Clone, Copy)]
pub(crate) struct Planner<'a> {
    knowledge: &'a KnowledgeBase,
    facts: &'a FactStore,
    domains: &'a Domains,
}

impl<'a> From<Frame<'a>> for Planner<'a> {
    fn from(frame: Frame<'a>) -> Self {
        Self { knowledge: frame.knowledge, facts: frame.facts, domains: frame.domains }
    }
}

/// A finding or relation that a condition asks for outright.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Generator<'k> {
    pub(crate) predicate: Predicate,
    arguments: &'k [Argument],
}

/// Returns the generators of a condition, in the order written.
pub(crate) fn generators<'k>(body: &'k Body, facts: &FactStore) -> Vec<Generator<'k>> {
    let (generators, _) = split(body, facts);
    generators
}

/// Returns the generators of a condition, and the parts that are none.
fn split<'k>(body: &'k Body, facts: &FactStore) -> (Vec<Generator<'k>>, Vec<&'k Condition>) {
    let (mut generators, mut others) = (Vec::new(), Vec::new());
    let mut waiting: Vec<&Condition> = body.condition.iter().collect();
    while let Some(condition) = waiting.pop() {
        match &condition.kind {
            ConditionKind::And(parts) => waiting.extend(parts.iter().rev()),
            ConditionKind::Finding(atom) => {
                generators.push(Generator { predicate: Predicate::Finding(atom.finding), arguments: &atom.arguments });
            }
            ConditionKind::Relation(atom) if facts.relation(atom.relation).is_some() => {
                let predicate = Predicate::Relation(atom.relation);
                generators.push(Generator { predicate, arguments: &atom.arguments });
            }
            _ => others.push(condition),
        }
    }
    (generators, others)
}

/// Returns the findings that a condition reads other than as generators.
pub(crate) fn read_elsewhere(body: &Body, facts: &FactStore) -> Vec<FindingId> {
    let (_, others) = split(body, facts);
    let mut findings = Vec::new();
    for condition in others {
        content::Part::Condition(condition).walk(&mut |part| {
            if let content::Part::Condition(Condition { kind: ConditionKind::Finding(atom), .. }) = part {
                findings.push(atom.finding);
            }
        });
    }
    findings
}

impl<'a> Planner<'a> {
    /// Returns the plan of a rule; none where the rule names a member that does not exist, so that it
    /// cannot fire.
    pub(crate) fn plan(self, rule: &'a Rule, extents: &Extents, wish: &Wish) -> Option<Plan<'a>> {
        let body = &rule.body;
        let (mut waiting, mut tests) = split(body, self.facts);
        match wish.without {
            Some(Part::Generator(place)) => drop(waiting.remove(place)),
            Some(Part::Tests) => tests.clear(),
            None => {}
        }
        let mut bound: Vec<bool> = (0..body.variables.len()).map(|variable| wish.bound.contains(&variable)).collect();
        let mut steps = Vec::new();
        let mut next = wish.first;
        // The rows of a delta stand in for the first step, which therefore is a generator.
        if next.is_none() {
            self.place_tests(body, &bound, &mut tests, &mut steps);
        }
        while !waiting.is_empty() {
            let place = next.take().unwrap_or_else(|| self.most_selective(&waiting, extents, &bound));
            let generator = waiting.remove(place);
            let sets = self.sets(generator.predicate);
            let (slots, given) = self.slots(generator.arguments, &sets, &mut bound)?;
            steps.push(Step::Match { predicate: generator.predicate, slots, given });
            self.place_tests(body, &bound, &mut tests, &mut steps);
        }
        for variable in 0..body.for_each {
            if !std::mem::replace(&mut bound[variable], true) {
                steps.push(Step::Each(variable));
                self.place_tests(body, &bound, &mut tests, &mut steps);
            }
        }
        let heads = rule.actions.iter().filter_map(|action| match &action.kind {
            ActionKind::Conclude(atom) => self.head(atom, &bound),
            _ => None,
        });
        let variables = body.variables.iter().take(body.for_each);
        let anonymous = variables.into_iter().any(|variable| self.domains.is_open(variable.index));
        Some(Plan { body, steps, heads: heads.collect(), anonymous })
    }

    /// Returns the generator that leaves the fewest choices, if values are spread evenly over members.
    fn most_selective(self, generators: &[Generator<'_>], extents: &Extents, bound: &[bool]) -> usize {
        let choices = |generator: &Generator<'_>| {
            let sets = self.sets(generator.predicate);
            let given = generator.arguments.iter().zip(&sets).filter(|(argument, _)| match argument {
                Argument::Variable(variable) => bound[variable.index()],
                Argument::Member(_) => true,
            });
            let sizes = given.map(|(_, &index)| self.domains.elements(index).len().max(1) as f64);
            extents.size(generator.predicate) as f64 / sizes.product::<f64>()
        };
        let ranked = generators.iter().enumerate().map(|(place, generator)| (choices(generator), place));
        let best = ranked.min_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        best.map_or(0, |(_, place)| place)
    }

    /// Returns the set that each argument is from.
    fn sets(self, predicate: Predicate) -> Vec<IndexRef> {
        match predicate {
            Predicate::Finding(finding) => self.knowledge.findings[finding].parameters.clone(),
            Predicate::Relation(relation) => {
                self.knowledge.relations[relation].indexes().map(IndexRef::Declared).collect()
            }
        }
    }

    /// Returns what each column is, and marks the variables that are bound here; none where an argument
    /// names a member that does not exist.
    fn slots(self, arguments: &[Argument], sets: &[IndexRef], bound: &mut [bool]) -> Option<(Vec<Slot>, Columns)> {
        let before = bound.to_vec();
        let mut given: Columns = 0;
        let mut slots = Vec::with_capacity(arguments.len());
        for (column, (argument, &index)) in arguments.iter().zip(sets).enumerate() {
            let slot = match argument {
                Argument::Variable(variable) => {
                    let variable = variable.index();
                    match (before[variable], std::mem::replace(&mut bound[variable], true)) {
                        (true, _) => Slot::Bound(variable),
                        (false, true) => Slot::Same(variable),
                        (false, false) => Slot::Bind(variable),
                    }
                }
                Argument::Member(_) => Slot::Code(self.code(argument, index)?),
            };
            if column < 63 && matches!(slot, Slot::Code(_) | Slot::Bound(_)) {
                given |= 1 << column;
            }
            slots.push(slot);
        }
        Some((slots, given))
    }

    fn head(self, atom: &FindingAtom, bound: &[bool]) -> Option<Head> {
        let sets = self.sets(Predicate::Finding(atom.finding));
        let (slots, _) = self.slots(&atom.arguments, &sets, &mut bound.to_vec())?;
        let anonymous = sets.iter().any(|&index| self.domains.is_open(index));
        Some(Head { finding: atom.finding, slots, anonymous })
    }

    fn code(self, argument: &Argument, index: IndexRef) -> Option<Code> {
        let element = self.domains.resolve(self.knowledge, self.facts, argument, index, &[]);
        self.domains.code(index, element)
    }

    /// Moves the tests whose variables are all bound into the plan.
    fn place_tests(self, body: &Body, bound: &[bool], tests: &mut Vec<&'a Condition>, steps: &mut Vec<Step<'a>>) {
        tests.retain(|test| {
            let ready = variables_of(test).iter().all(|variable| {
                // Those of quantifiers are bound within.
                variable.index() >= body.for_each || bound[variable.index()]
            });
            if ready {
                steps.push(Step::Test(test));
            }
            !ready
        });
    }
}

impl Plan<'_> {
    /// Makes the indexes that the steps look things up in.
    pub(crate) fn prepare(&self, extents: &mut Extents) {
        for step in &self.steps {
            if let Step::Match { predicate, given, slots } = step {
                // A row that is given whole is found without an index.
                if given.count_ones() as usize != slots.len() {
                    extents.ensure_index(*predicate, *given);
                }
            }
        }
    }
}

/// Returns the variables that a condition mentions.
fn variables_of(condition: &Condition) -> Vec<VariableId> {
    let mut variables = Vec::new();
    let mut add = |arguments: &[Argument]| {
        for argument in arguments {
            if let Argument::Variable(variable) = argument {
                variables.push(*variable);
            }
        }
    };
    content::Part::Condition(condition).walk(&mut |part| match part {
        content::Part::Condition(condition) => match &condition.kind {
            ConditionKind::In { input, .. }
            | ConditionKind::Includes { input, .. }
            | ConditionKind::Known(input)
            | ConditionKind::ExceedsNoise(input) => add(&input.arguments),
            ConditionKind::Finding(atom) => add(&atom.arguments),
            ConditionKind::Relation(atom) => add(&atom.arguments),
            _ => {}
        },
        content::Part::Expression(expression) => match &expression.kind {
            ExpressionKind::Input(input) => add(&input.arguments),
            ExpressionKind::Measure { node: NodeRef::Variable(variable), .. } => add(&[Argument::Variable(*variable)]),
            _ => {}
        },
    });
    variables
}
