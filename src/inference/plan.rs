//! Plans: in which order the parts of a rule's condition bind its variables.
//!
//! The findings that a condition asks for outright, not within `or`, `not`, a quantifier or an aggregate,
//! are *generators*: only members for which they are possible need to be looked at. A plan takes the one
//! first that leaves the fewest choices, then the next given what is bound by then, and so on; every
//! other part is tested as soon as its variables are bound.

use super::content::Part;
use super::rows::{Code, Columns};
use super::{Domains, FindingTable, Frame};
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
    /// For each possible instance of a finding that fits what is bound.
    Match {
        finding: FindingId,
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

/// Returns the generators of a condition, in the order written.
pub(crate) fn generators(body: &Body) -> Vec<&FindingAtom> {
    let (atoms, _) = split(body);
    atoms
}

/// Returns the generators of a condition, and the parts that are none.
fn split(body: &Body) -> (Vec<&FindingAtom>, Vec<&Condition>) {
    let (mut atoms, mut others) = (Vec::new(), Vec::new());
    let mut waiting: Vec<&Condition> = body.condition.iter().collect();
    while let Some(condition) = waiting.pop() {
        match &condition.kind {
            ConditionKind::And(parts) => waiting.extend(parts.iter().rev()),
            ConditionKind::Finding(atom) => atoms.push(atom),
            _ => others.push(condition),
        }
    }
    (atoms, others)
}

/// Returns the findings that a condition reads other than as generators.
pub(crate) fn read_elsewhere(body: &Body) -> Vec<FindingId> {
    let (_, others) = split(body);
    let mut findings = Vec::new();
    for condition in others {
        Part::Condition(condition).walk(&mut |part| {
            if let Part::Condition(Condition { kind: ConditionKind::Finding(atom), .. }) = part {
                findings.push(atom.finding);
            }
        });
    }
    findings
}

impl<'a> Planner<'a> {
    /// Returns the plan of a rule, beginning with the generator `first` if there is one; none where the
    /// rule names a member that does not exist, so that it cannot fire.
    pub(crate) fn plan(self, rule: &'a Rule, findings: &FindingTable, first: Option<usize>) -> Option<Plan<'a>> {
        let body = &rule.body;
        let (atoms, mut tests) = split(body);
        let mut bound = vec![false; body.variables.len()];
        let mut steps = Vec::new();
        let mut waiting: Vec<&FindingAtom> = atoms;
        let mut next = first;
        self.place_tests(body, &bound, &mut tests, &mut steps);
        while !waiting.is_empty() {
            let place = next.take().unwrap_or_else(|| self.most_selective(&waiting, findings, &bound));
            let atom = waiting.remove(place);
            let (slots, given) = self.slots(atom, &mut bound)?;
            steps.push(Step::Match { finding: atom.finding, slots, given });
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
    fn most_selective(self, atoms: &[&FindingAtom], findings: &FindingTable, bound: &[bool]) -> usize {
        let choices = |atom: &FindingAtom| {
            let parameters = &self.knowledge.findings[atom.finding].parameters;
            let given = atom.arguments.iter().zip(parameters).filter(|(argument, _)| match argument {
                Argument::Variable(variable) => bound[variable.index()],
                Argument::Member(_) => true,
            });
            let sizes = given.map(|(_, &index)| self.domains.elements(index).len().max(1) as f64);
            findings.size(atom.finding) as f64 / sizes.product::<f64>()
        };
        let ranked = atoms.iter().enumerate().map(|(place, atom)| (choices(atom), place));
        let best = ranked.min_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        best.map_or(0, |(_, place)| place)
    }

    /// Returns what each column of an atom is, and marks the variables that it binds.
    fn slots(self, atom: &FindingAtom, bound: &mut [bool]) -> Option<(Vec<Slot>, Columns)> {
        let before = bound.to_vec();
        let mut given: Columns = 0;
        let mut slots = Vec::with_capacity(atom.arguments.len());
        let parameters = &self.knowledge.findings[atom.finding].parameters;
        for (column, (argument, &index)) in atom.arguments.iter().zip(parameters).enumerate() {
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
            if column < 64 && matches!(slot, Slot::Code(_) | Slot::Bound(_)) {
                given |= 1 << column;
            }
            slots.push(slot);
        }
        Some((slots, given))
    }

    fn head(self, atom: &FindingAtom, bound: &[bool]) -> Option<Head> {
        let parameters = &self.knowledge.findings[atom.finding].parameters;
        let (slots, _) = self.slots(atom, &mut bound.to_vec())?;
        let anonymous = parameters.iter().any(|&index| self.domains.is_open(index));
        Some(Head { finding: atom.finding, slots, anonymous })
    }

    fn code(self, argument: &Argument, index: IndexRef) -> Option<Code> {
        let element = self.domains.resolve(self.knowledge, self.facts, argument, index, &[]);
        self.domains.code(index, element)
    }

    /// Moves the tests whose variables are all bound into the plan.
    fn place_tests(self, body: &Body, bound: &[bool], tests: &mut Vec<&'a Condition>, steps: &mut Vec<Step<'a>>) {
        tests.retain(|test| {
            let ready = variables_of(Part::Condition(test)).iter().all(|variable| {
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
    pub(crate) fn prepare(&self, findings: &mut FindingTable) {
        for step in &self.steps {
            if let Step::Match { finding, given, slots } = step {
                // A row that is given whole is found without an index.
                if given.count_ones() as usize != slots.len() {
                    findings.ensure_index(*finding, *given);
                }
            }
        }
    }
}

/// Returns the variables that a condition mentions.
fn variables_of(part: Part<'_>) -> Vec<VariableId> {
    let mut variables = Vec::new();
    let mut add = |arguments: &[Argument]| {
        for argument in arguments {
            if let Argument::Variable(variable) = argument {
                variables.push(*variable);
            }
        }
    };
    part.walk(&mut |part| match part {
        Part::Condition(condition) => match &condition.kind {
            ConditionKind::In { input, .. }
            | ConditionKind::Includes { input, .. }
            | ConditionKind::Known(input)
            | ConditionKind::ExceedsNoise(input) => add(&input.arguments),
            ConditionKind::Finding(atom) => add(&atom.arguments),
            _ => {}
        },
        Part::Expression(expression) => match &expression.kind {
            ExpressionKind::Input(input) => add(&input.arguments),
            ExpressionKind::Measure { node: NodeRef::Variable(variable), .. } => add(&[Argument::Variable(*variable)]),
            _ => {}
        },
    });
    variables
}
