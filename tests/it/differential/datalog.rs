//! Random programs of the fragment that the rule language shares with Datalog: relations, findings with arguments
//! that may depend on each other, stratified negation, quantifiers and aggregates, and facts that are true or false.

use etiology::facts::{Fact, FactStore, Member, Origin, Tuple};
use etiology::model::{IndexId, KnowledgeBase, Value};

use crate::random_packs::Chooser;

/// Findings of one stratum may depend on each other; there are two in each.
const FINDINGS: usize = 6;

/// A program and its facts. Sets, relations and findings are numbered; members are numbered within their set.
#[derive(Clone, Debug)]
pub struct Program {
    /// How many members each set has.
    pub sizes: [usize; 2],
    /// The sets of each relation.
    pub relations: Vec<Vec<usize>>,
    /// Where each relation holds.
    pub tuples: Vec<Vec<Vec<usize>>>,
    /// For each set, the number and the answer of each member.
    pub numbers: [Vec<i64>; 2],
    pub answers: [Vec<bool>; 2],
    /// The sets of each finding.
    pub findings: Vec<Vec<usize>>,
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub struct Rule {
    /// The set of each variable.
    pub variables: Vec<usize>,
    pub body: Vec<Literal>,
    pub finding: usize,
    /// The variables, or members by number, that the finding is about.
    pub arguments: Vec<Argument>,
}

#[derive(Clone, Debug)]
pub enum Argument {
    Variable(usize),
    Member(usize, usize),
    /// The variable of the quantifier or aggregate that we are in.
    Inner,
}

#[derive(Clone, Debug)]
pub struct Atom {
    pub predicate: Predicate,
    pub arguments: Vec<Argument>,
    pub negated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predicate {
    Relation(usize),
    Finding(usize),
    /// The yes-or-no answer of a set's members.
    Answer(usize),
}

#[derive(Clone, Debug)]
pub enum Literal {
    Atom(Atom),
    /// `any x in set where atoms`
    Any {
        set: usize,
        atoms: Vec<Atom>,
    },
    /// `not any x in set where atoms`
    None {
        set: usize,
        atoms: Vec<Atom>,
    },
    /// `all x in set where atoms`
    All {
        set: usize,
        atoms: Vec<Atom>,
    },
    /// `count x in set where atoms >= threshold`
    Count {
        set: usize,
        atoms: Vec<Atom>,
        threshold: i64,
    },
    /// `any … and min x in set where atoms of number[x] > threshold`, and the same for max, mean and sum.
    Figure {
        aggregate: &'static str,
        set: usize,
        atoms: Vec<Atom>,
        threshold: i64,
    },
}

/// Makes a program.
pub fn program(choose: &mut Chooser) -> Program {
    let sizes = [1 + choose.below(4), 1 + choose.below(3)];
    let shapes = [vec![0, 0], vec![0, 1], vec![1], vec![0, 0]];
    let relations: Vec<Vec<usize>> = (0..2 + choose.below(2)).map(|number| shapes[number].clone()).collect();
    let tuples = relations.iter().map(|sets| {
        let density = 1 + choose.below(5);
        combinations(sets, sizes).into_iter().filter(|_| choose.chance(density)).collect()
    });
    let tuples = tuples.collect();
    let numbers = sizes.map(|size| (0..size).map(|_| choose.below(9) as i64 - 4).collect());
    let answers = sizes.map(|size| (0..size).map(|_| choose.chance(4)).collect());
    let shapes = [vec![0, 0], vec![0], vec![0, 1], vec![1], vec![]];
    let findings = (0..FINDINGS).map(|number| shapes[if number == 0 { 0 } else { choose.below(5) }].clone()).collect();
    let mut program = Program { sizes, relations, tuples, numbers, answers, findings, rules: Vec::new() };
    // A finding is what rules conclude, and is about the sets that their variables run over.
    for finding in 0..FINDINGS {
        let sets = program.findings[finding].clone();
        let arguments = (0..sets.len()).map(Argument::Variable).collect();
        let body = (0..1 + choose.below(3)).map(|_| literal(choose, &program, &sets, finding)).collect();
        program.rules.push(Rule { variables: sets, body, finding, arguments });
    }
    if choose.chance(6) {
        program.rules.extend(closure());
    }
    for _ in 0..choose.below(7) {
        let rule = rule(choose, &program);
        program.rules.push(rule);
    }
    program
}

/// The two rules by which finding 0 is the transitive closure of relation 0: what is drawn at random seldom recurs
/// deeply.
fn closure() -> [Rule; 2] {
    let atom = |predicate, from, to| {
        let arguments = vec![Argument::Variable(from), Argument::Variable(to)];
        Literal::Atom(Atom { predicate, arguments, negated: false })
    };
    let (relation, closed) = (Predicate::Relation(0), Predicate::Finding(0));
    let rule = |variables, body, to| Rule {
        variables: vec![0; variables],
        body,
        finding: 0,
        arguments: vec![Argument::Variable(0), Argument::Variable(to)],
    };
    [rule(2, vec![atom(relation, 0, 1)], 1), rule(3, vec![atom(relation, 0, 1), atom(closed, 1, 2)], 2)]
}

fn rule(choose: &mut Chooser, program: &Program) -> Rule {
    let finding = choose.below(FINDINGS);
    let variables: Vec<usize> = (0..choose.below(4)).map(|_| choose.below(8) / 5).collect();
    let body = (0..choose.below(4)).map(|_| literal(choose, program, &variables, finding)).collect();
    let arguments = program.findings[finding].iter().map(|set| argument(choose, program, &variables, None, *set));
    let arguments = arguments.collect();
    Rule { variables, body, finding, arguments }
}

fn stratum(finding: usize) -> usize {
    finding / 2
}

fn literal(choose: &mut Chooser, program: &Program, variables: &[usize], finding: usize) -> Literal {
    let complete = 2 * stratum(finding);
    let growing = complete + 2;
    let set = choose.below(2);
    let atoms = |choose: &mut Chooser, readable: usize| -> Vec<Atom> {
        (0..1 + choose.below(2)).map(|_| atom(choose, program, variables, Some(set), readable, complete)).collect()
    };
    match choose.below(12) {
        0..7 => Literal::Atom(atom(choose, program, variables, None, growing, complete)),
        7 => Literal::Any { set, atoms: atoms(choose, growing) },
        8 => Literal::None { set, atoms: atoms(choose, complete) },
        9 => Literal::All { set, atoms: atoms(choose, complete) },
        10 => Literal::Count { set, atoms: atoms(choose, complete), threshold: choose.below(4) as i64 },
        _ => {
            let aggregate = ["min", "max", "mean", "sum"][choose.below(4)];
            let threshold = choose.below(9) as i64 - 4;
            Literal::Figure { aggregate, set, atoms: atoms(choose, complete), threshold }
        }
    }
}

/// Makes an atom that reads findings below `readable`, or below `complete` where it is negated.
fn atom(
    choose: &mut Chooser,
    program: &Program,
    variables: &[usize],
    inner: Option<usize>,
    readable: usize,
    complete: usize,
) -> Atom {
    let negated = choose.chance(2);
    let readable = if negated { complete } else { readable };
    let (predicate, sets) = match choose.below(8) {
        0..4 if readable > 0 => {
            let finding = choose.below(readable);
            (Predicate::Finding(finding), program.findings[finding].clone())
        }
        4 => {
            let set = inner.unwrap_or_else(|| choose.below(2));
            (Predicate::Answer(set), vec![set])
        }
        _ => {
            let relation = choose.below(program.relations.len());
            (Predicate::Relation(relation), program.relations[relation].clone())
        }
    };
    let arguments = sets.iter().map(|set| argument(choose, program, variables, inner, *set)).collect();
    Atom { predicate, arguments, negated }
}

fn argument(
    choose: &mut Chooser,
    program: &Program,
    variables: &[usize],
    inner: Option<usize>,
    set: usize,
) -> Argument {
    if inner == Some(set) && choose.chance(5) {
        return Argument::Inner;
    }
    let fitting: Vec<usize> = (0..variables.len()).filter(|place| variables[*place] == set).collect();
    if fitting.is_empty() || choose.chance(1) {
        return Argument::Member(set, choose.below(program.sizes[set]));
    }
    Argument::Variable(fitting[choose.below(fitting.len())])
}

/// Every choice of one member of each set.
pub fn combinations(sets: &[usize], sizes: [usize; 2]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for set in sets {
        let longer = all.into_iter().flat_map(|members: Vec<usize>| {
            (0..sizes[*set]).map(move |member| members.iter().copied().chain([member]).collect())
        });
        all = longer.collect();
    }
    all
}

/// What of a program's facts is not known: entries of relations by number, answers and numbers by set and member.
#[derive(Default)]
pub struct Doubts {
    entries: Vec<(usize, usize)>,
    answers: Vec<(usize, usize)>,
    numbers: Vec<(usize, usize)>,
}

impl Doubts {
    /// Doubts each fact with a chance of so many of eight.
    pub fn drawn(choose: &mut Chooser, program: &Program, of_eight: usize) -> Self {
        Self {
            entries: program.entries().filter(|_| choose.chance(of_eight)).collect(),
            answers: program.members().filter(|_| choose.chance(of_eight)).collect(),
            numbers: program.members().filter(|_| choose.chance(of_eight)).collect(),
        }
    }

    /// Doubts up to so many entries and answers.
    pub fn few(choose: &mut Chooser, program: &Program, most: usize) -> Self {
        let mut doubts = Self::default();
        let (entries, members): (Vec<_>, Vec<_>) = (program.entries().collect(), program.members().collect());
        for _ in 0..1 + choose.below(most) {
            let (among, doubted) = if choose.chance(5) && !entries.is_empty() {
                (&entries, &mut doubts.entries)
            } else {
                (&members, &mut doubts.answers)
            };
            let drawn = among[choose.below(among.len())];
            if !doubted.contains(&drawn) {
                doubted.push(drawn);
            }
        }
        doubts
    }

    /// Returns in how many ways they may turn out; numbers are not among them.
    pub fn ways(&self) -> usize {
        1 << (self.entries.len() + self.answers.len())
    }
}

impl Program {
    /// Returns every entry of a relation, as the relation and the entry's place.
    fn entries(&self) -> impl Iterator<Item = (usize, usize)> {
        let counted = self.tuples.iter().enumerate();
        counted.flat_map(|(relation, tuples)| (0..tuples.len()).map(move |entry| (relation, entry)))
    }

    /// Returns every member, as its set and its number.
    fn members(&self) -> impl Iterator<Item = (usize, usize)> {
        self.sizes.into_iter().enumerate().flat_map(|(set, size)| (0..size).map(move |member| (set, member)))
    }

    /// Returns the program with its doubts settled in one of their ways.
    pub fn settled(&self, doubts: &Doubts, way: usize) -> Program {
        let mut program = self.clone();
        let holds = |place: usize| way >> place & 1 == 1;
        for (relation, tuples) in program.tuples.iter_mut().enumerate() {
            let mut entry = 0;
            tuples.retain(|_| {
                let doubted = doubts.entries.iter().position(|doubted| *doubted == (relation, entry));
                entry += 1;
                doubted.is_none_or(holds)
            });
        }
        for (place, (set, member)) in doubts.answers.iter().enumerate() {
            program.answers[*set][*member] = holds(doubts.entries.len() + place);
        }
        program
    }

    /// Returns the facts, as far as they are not doubted.
    pub fn facts(&self, knowledge: &KnowledgeBase, doubts: &Doubts) -> FactStore {
        let sets: Vec<IndexId> = (0..2).map(|set| knowledge.indexes.find(&format!("e{set}")).unwrap()).collect();
        let named = self.members().map(|(set, member)| (sets[set], format!("{}{member}", ["a", "b"][set])));
        let mut facts = FactStore::new(knowledge, named);
        let as_member = |member: usize| Member(u32::try_from(member).unwrap());
        for (relation, tuples) in self.tuples.iter().enumerate() {
            let id = knowledge.relations.find(&format!("t{relation}")).unwrap();
            // A relation that holds nowhere is spoken of, too.
            let extension = facts.extension(id, Origin::Supposed);
            for (entry, members) in tuples.iter().enumerate() {
                let tuple = Tuple { unsure: doubts.entries.contains(&(relation, entry)), origin: Origin::Supposed };
                extension.insert(members.iter().copied().map(as_member).collect(), tuple);
            }
        }
        for (set, member) in self.members() {
            let mut enter = |input: String, value, doubted: &[(usize, usize)]| {
                if !doubted.contains(&(set, member)) {
                    facts.set(knowledge.inputs.find(&input).unwrap(), &[as_member(member)], Fact::supposed(value));
                }
            };
            enter(format!("w{set}"), Value::Number(self.numbers[set][member] as f64), &doubts.numbers);
            enter(format!("y{set}"), Value::YesNo(self.answers[set][member]), &doubts.answers);
        }
        facts
    }
}
