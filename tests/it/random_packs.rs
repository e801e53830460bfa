//! Random small packs and facts, made from a list of numbers so that proptest can shrink them.

use etiology::facts::{Fact, FactStore, Interval, Member, NoiseFloor, Origin, Tuple};
use etiology::model::*;
use etiology::source::{SourceMap, Span, Spanned};
use proptest::prelude::*;

/// Draws choices from a list of numbers; zeros, the simplest choice, once it is used up.
pub struct Chooser {
    numbers: Vec<u16>,
    next: usize,
}

impl Chooser {
    pub fn new(numbers: Vec<u16>) -> Self {
        Self { numbers, next: 0 }
    }

    pub fn below(&mut self, limit: usize) -> usize {
        let number = self.numbers.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(number) % limit.max(1)
    }

    pub fn chance(&mut self, of_eight: usize) -> bool {
        self.below(8) < of_eight
    }

    /// An eighth between 0 and 1, exact in binary.
    pub fn share(&mut self) -> f64 {
        self.below(9) as f64 / 8.0
    }
}

/// A list of numbers for a [`Chooser`].
pub fn numbers() -> impl Strategy<Value = Vec<u16>> {
    proptest::collection::vec(any::<u16>(), 0..600)
}

pub fn nowhere() -> Span {
    let mut sources = SourceMap::default();
    Span::new(sources.add("random.etio", ""), 0, 0)
}

pub fn pack() -> Pack {
    Pack {
        id: "random".into(),
        title: String::new(),
        version: semver::Version::new(1, 0, 0),
        language: 1,
        license: None,
        digest: String::new(),
        span: nowhere(),
        about: About::default(),
    }
}

pub const GROUP: IndexId = IndexId(0);
pub const SITE: IndexId = IndexId(1);
const LEVELS: usize = 4;
/// The sets of each relation.
const RELATIONS: [&[IndexId]; 2] = [&[GROUP, GROUP], &[GROUP, SITE]];

fn options() -> Vec<String> {
    ["a", "b", "c"].map(String::from).to_vec()
}

fn inputs() -> Vec<Input> {
    let number = || Type::Number { unit: None };
    let kinds: Vec<(Type, Vec<IndexId>)> = vec![
        (Type::Ratio, vec![]),
        (Type::Ratio, vec![]),
        (number(), vec![]),
        (Type::Count, vec![]),
        (Type::YesNo, vec![]),
        (Type::OneOf(options()), vec![]),
        (Type::ManyOf(options()), vec![]),
        (Type::Score { low: 1, high: 5 }, vec![]),
        (Type::Text, vec![]),
        (Type::Date, vec![]),
        (Type::Duration, vec![]),
        (Type::Ratio, vec![GROUP]),
        (Type::Count, vec![GROUP]),
        (number(), vec![GROUP, SITE]),
    ];
    let place = |(position, (value_type, indexes)): (usize, (Type, Vec<IndexId>))| Input {
        id: format!("i{position:02}"),
        title: String::new(),
        kind: InputKind::Metadata,
        indexes,
        value_type,
        direction: None,
        span: nowhere(),
        about: About::default(),
    };
    kinds.into_iter().enumerate().map(place).collect()
}

fn index(id: &str) -> Index {
    Index {
        id: id.into(),
        title: String::new(),
        within: None,
        is_entity: false,
        span: nowhere(),
        about: About::default(),
    }
}

fn relations() -> Vec<Relation> {
    let parameters = |sets: &[IndexId]| {
        let named = sets.iter().enumerate();
        named.map(|(place, index)| Parameter { name: format!("p{place}"), index: *index }).collect()
    };
    let numbered = RELATIONS.iter().enumerate().map(|(number, sets)| Relation {
        id: format!("t{number}"),
        title: String::new(),
        parameters: parameters(sets),
        span: nowhere(),
        about: About::default(),
    });
    numbered.collect()
}

/// How packs are made.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Whether conditions may ask what is known. What is certain can change when a question is
    /// answered, if a rule asks whether it was.
    pub asks_what_is_known: bool,
    /// Whether every expression has a value where every input has one: no division, no noise floor, no figure over
    /// none. Members are `p` and `q`.
    pub total: bool,
}

impl Shape {
    /// Everything that the language has.
    pub const ANY: Shape = Shape { asks_what_is_known: true, total: false };
}

struct Maker<'a> {
    choose: &'a mut Chooser,
    shape: Shape,
    inputs: Vec<Input>,
    findings: Vec<Vec<IndexRef>>,
    /// Findings below this level may be read, and that of this level where nothing negates or counts it.
    level: usize,
    positive: bool,
    variables: Vec<Variable>,
    /// Variables that are bound where we are.
    bound: Vec<VariableId>,
}

/// Makes a knowledge base.
pub fn knowledge(choose: &mut Chooser, shape: Shape) -> KnowledgeBase {
    let (group, site) = (IndexRef::Declared(GROUP), IndexRef::Declared(SITE));
    let sets = [vec![], vec![group], vec![group, group], vec![site], vec![IndexRef::Modes]];
    let findings: Vec<Vec<IndexRef>> = (0..LEVELS).map(|_| sets[choose.below(sets.len())].clone()).collect();
    let nodes = nodes(choose);
    let mut rules = Vec::new();
    for number in 0..3 + choose.below(8) {
        let level = choose.below(LEVELS + 1);
        let mut maker = Maker {
            inputs: inputs(),
            findings: findings.clone(),
            level,
            positive: false,
            variables: Vec::new(),
            bound: Vec::new(),
            shape,
            choose,
        };
        rules.push(maker.rule(number, &nodes));
    }
    let concluded_by = |level: usize| {
        let concludes = |rule: &Rule| {
            rule.actions
                .iter()
                .any(|action| matches!(&action.kind, ActionKind::Conclude(atom) if atom.finding.index() == level))
        };
        (0..).map(RuleId).zip(&rules).filter(|(_, rule)| concludes(rule)).map(|(id, _)| id).collect()
    };
    let declared = findings.into_iter().enumerate().map(|(level, parameters)| Finding {
        id: format!("f{level}"),
        parameters,
        concluded_by: concluded_by(level),
    });
    let declared: Vec<Finding> = declared.collect();
    let mitigations = (0..2 + choose.below(2)).map(|number| mitigation(choose, number, &nodes)).collect();
    KnowledgeBase {
        pack: pack(),
        imports: Vec::new(),
        overrides: Vec::new(),
        citations: Arena::default(),
        categories: Arena::new(vec![Category {
            id: "category".into(),
            title: String::new(),
            span: nowhere(),
            about: About::default(),
        }]),
        nodes: Arena::new(nodes),
        mitigations: Arena::new(mitigations),
        stress_tests: Arena::default(),
        indexes: Arena::new(vec![index("group"), index("site")]),
        inputs: Arena::new(inputs()),
        relations: Arena::new(relations()),
        findings: Arena::new(declared),
        rules: Arena::new(rules),
        bands: Vec::new(),
        priorities: Vec::new(),
        verdicts: Arena::default(),
        tests: Vec::new(),
    }
}

fn nodes(choose: &mut Chooser) -> Vec<Node> {
    let (factors, modes) = (1 + choose.below(3), 1 + choose.below(3));
    let name = |place: usize| if place < factors { format!("a{place}") } else { format!("m{place}") };
    let make = |place: usize| {
        let mut causes = Vec::new();
        for effect in place + 1..factors + modes {
            if choose.chance(4) {
                let (effect, strength) = (NodeId::from(effect), choose.share());
                causes.push(Cause {
                    effect,
                    strength,
                    counted: None,
                    strength_span: nowhere(),
                    span: nowhere(),
                    about: About::default(),
                });
            }
        }
        let kind = if place < factors {
            NodeKind::Factor
        } else {
            NodeKind::Mode {
                category: CategoryId(0),
                dimension: Dimension::Model,
                severity: 1.0 + choose.below(10) as f64,
                detectability: 1.0 + choose.below(10) as f64,
            }
        };
        Node {
            id: name(place),
            title: String::new(),
            kind,
            base_rate: choose.below(3) as f64 / 8.0,
            base_counted: None,
            base_span: None,
            causes,
            span: nowhere(),
            about: About::default(),
        }
    };
    (0..factors + modes).map(make).collect()
}

fn mitigation(choose: &mut Chooser, number: usize, nodes: &[Node]) -> Mitigation {
    let addresses = (0..1 + choose.below(2)).map(|_| {
        let node = choose.below(nodes.len());
        let causes = &nodes[node].causes;
        let link_to = causes.get(choose.below(causes.len() * 2)).map(|cause| cause.effect);
        Address { node: NodeId::from(node), link_to, effect: choose.share(), span: nowhere(), about: About::default() }
    });
    Mitigation {
        id: format!("x{number}"),
        title: String::new(),
        addresses: addresses.collect(),
        effort: Effort::Low,
        needs: None,
        span: nowhere(),
        about: About::default(),
    }
}

impl Maker<'_> {
    fn rule(&mut self, number: usize, nodes: &[Node]) -> Rule {
        for _ in 0..self.choose.below(3) {
            let set = [IndexRef::Declared(GROUP), IndexRef::Declared(SITE), IndexRef::Modes][self.choose.below(3)];
            let variable = self.variable(set);
            self.bound.push(variable);
        }
        let for_each = self.variables.len();
        self.positive = true;
        let condition = if self.choose.chance(7) { Some(self.condition(3)) } else { None };
        self.positive = false;
        let mut actions = Vec::new();
        if self.level < LEVELS {
            let finding = FindingId::from(self.level);
            let arguments = self.findings[self.level].clone().into_iter().map(|set| self.argument(set)).collect();
            actions.push(ActionKind::Conclude(FindingAtom { finding, arguments, span: nowhere() }));
        }
        for _ in 0..1 + self.choose.below(2) {
            let action = self.action(nodes);
            actions.push(action);
        }
        let evidence = self.choose.chance(3).then(|| Spanned::new("shared".to_owned(), nowhere()));
        Rule {
            id: format!("r{number:02}"),
            title: String::new(),
            body: Body { variables: std::mem::take(&mut self.variables), for_each, condition },
            actions: actions.into_iter().map(|kind| Action { kind, span: nowhere() }).collect(),
            evidence,
            phase: Phase::Evidence,
            stratum: u32::try_from(self.level).unwrap(),
            span: nowhere(),
            about: About::default(),
        }
    }

    fn action(&mut self, nodes: &[Node]) -> ActionKind {
        let node = NodeId::from(self.choose.below(nodes.len()));
        let modes: Vec<usize> = (0..nodes.len()).filter(|&place| nodes[place].is_mode()).collect();
        let mode = NodeId::from(modes[self.choose.below(modes.len())]);
        match self.choose.below(6) {
            0..3 => ActionKind::Suspect { node, likelihood: self.ratio(1) },
            3 => ActionKind::Exonerate { node, by: self.ratio(1) },
            kind => {
                let change = [Change::Raise, Change::Lower, Change::Set][self.choose.below(3)];
                let rating = if kind == 4 { Rating::Severity } else { Rating::Detectability };
                let amount = Type::Number { unit: None };
                let amount = if self.choose.chance(6) {
                    literal(1.0 + self.choose.below(9) as f64, amount)
                } else {
                    self.number(1)
                };
                ActionKind::Adjust { rating, change, mode, amount }
            }
        }
    }

    fn variable(&mut self, index: IndexRef) -> VariableId {
        let id = VariableId::from(self.variables.len());
        self.variables.push(Variable { name: format!("v{}", self.variables.len()), index, span: nowhere() });
        id
    }

    fn argument(&mut self, set: IndexRef) -> Argument {
        let fitting: Vec<VariableId> =
            self.bound.iter().copied().filter(|variable| self.variables[variable.index()].index == set).collect();
        if !fitting.is_empty() && self.choose.chance(7) {
            return Argument::Variable(fitting[self.choose.below(fitting.len())]);
        }
        let names = match set {
            IndexRef::Modes => ["m1", "m2", "m3"],
            _ if self.shape.total => ["p", "q", "q"],
            _ => ["p", "q", "nobody"],
        };
        Argument::Member(names[self.choose.below(3)].into())
    }

    fn input(&mut self, wanted: impl Fn(&Type) -> bool) -> InputRef {
        let fitting: Vec<usize> =
            (0..self.inputs.len()).filter(|&place| wanted(&self.inputs[place].value_type)).collect();
        let input = InputId::from(fitting[self.choose.below(fitting.len())]);
        let indexes = self.inputs[input.index()].indexes.clone();
        let arguments = indexes.into_iter().map(|index| self.argument(IndexRef::Declared(index))).collect();
        InputRef { input, arguments, span: nowhere() }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        let kind = if depth == 0 { 4 + self.choose.below(7) } else { self.choose.below(12) };
        let kind = match kind {
            0 => ConditionKind::And(vec![self.condition(depth - 1), self.condition(depth - 1)]),
            1 => ConditionKind::Or(vec![self.condition(depth - 1), self.condition(depth - 1)]),
            2 => ConditionKind::Not(Box::new(self.complete(|maker| maker.condition(depth - 1)))),
            3 | 11 => self.quantified(depth),
            4 => self.atom(),
            5 => ConditionKind::Between {
                value: self.ratio(1),
                low: literal(0.25, Type::Ratio),
                high: literal(0.625, Type::Ratio),
            },
            6 => self.choice(),
            7 if self.shape.asks_what_is_known => ConditionKind::Known(self.input(|_| true)),
            8 if !self.shape.total => {
                ConditionKind::ExceedsNoise(self.input(|value_type| matches!(value_type, Type::Ratio)))
            }
            9 => {
                let comparison = self.comparison();
                ConditionKind::Compare { left: self.number(2), comparison, right: self.number(1) }
            }
            _ => {
                let comparison = self.comparison();
                ConditionKind::Compare { left: self.ratio(2), comparison, right: self.ratio(1) }
            }
        };
        Condition { kind, span: nowhere() }
    }

    fn comparison(&mut self) -> Comparison {
        use Comparison::*;
        [Greater, AtLeast, Less, AtMost, Equal, NotEqual][self.choose.below(6)]
    }

    fn quantified(&mut self, depth: usize) -> ConditionKind {
        let index = [IndexRef::Declared(GROUP), IndexRef::Declared(SITE), IndexRef::Factors][self.choose.below(3)];
        let quantifier = if self.choose.chance(4) { Quantifier::Any } else { Quantifier::All };
        let variable = self.variable(index);
        self.bound.push(variable);
        let condition = Box::new(match quantifier {
            Quantifier::Any => self.condition(depth - 1),
            Quantifier::All => self.complete(|maker| maker.condition(depth - 1)),
        });
        self.bound.pop();
        ConditionKind::Quantified { quantifier, variable, index, condition }
    }

    /// Makes what reads only findings that are complete.
    fn complete<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let positive = std::mem::replace(&mut self.positive, false);
        let made = make(self);
        self.positive = positive;
        made
    }

    fn atom(&mut self) -> ConditionKind {
        let readable = (self.level + usize::from(self.positive)).min(LEVELS);
        if readable == 0 || self.choose.chance(2) {
            return if self.choose.chance(4) { self.choice() } else { self.related() };
        }
        let finding = self.choose.below(readable);
        let arguments = self.findings[finding].clone().into_iter().map(|set| self.argument(set)).collect();
        ConditionKind::Finding(FindingAtom { finding: FindingId::from(finding), arguments, span: nowhere() })
    }

    fn related(&mut self) -> ConditionKind {
        let relation = self.choose.below(RELATIONS.len());
        let arguments = RELATIONS[relation].iter().map(|index| self.argument(IndexRef::Declared(*index))).collect();
        ConditionKind::Relation(RelationAtom { relation: RelationId::from(relation), arguments, span: nowhere() })
    }

    fn choice(&mut self) -> ConditionKind {
        let comparison = if self.choose.chance(4) { Comparison::Equal } else { Comparison::NotEqual };
        match self.choose.below(4) {
            0 => {
                let input = self.input(|value_type| matches!(value_type, Type::OneOf(_)));
                let all: Vec<u32> = (0..3).filter(|_| self.choose.chance(5)).collect();
                ConditionKind::In { input, options: all }
            }
            1 => {
                let input = self.input(|value_type| matches!(value_type, Type::ManyOf(_)));
                ConditionKind::Includes { input, option: self.choose.below(3) as u32 }
            }
            2 => {
                let input = self.input(|value_type| matches!(value_type, Type::YesNo));
                let value = Value::YesNo(self.choose.chance(4));
                ConditionKind::Compare {
                    left: read(input, Type::YesNo),
                    comparison,
                    right: expression(ExpressionKind::Literal(value), Type::YesNo),
                }
            }
            _ => {
                let input = self.input(|value_type| matches!(value_type, Type::Text));
                let value = Value::Text(["x", "y"][self.choose.below(2)].into());
                ConditionKind::Compare {
                    left: read(input, Type::Text),
                    comparison,
                    right: expression(ExpressionKind::Literal(value), Type::Text),
                }
            }
        }
    }

    fn ratio(&mut self, depth: usize) -> Expression {
        match self.choose.below(if depth == 0 { 2 } else { 6 }) {
            0 => literal(self.choose.share(), Type::Ratio),
            1 => {
                let input = self.input(|value_type| matches!(value_type, Type::Ratio));
                read(input, Type::Ratio)
            }
            2 => {
                let points = vec![(0.25, self.choose.share()), (0.5, self.choose.share()), (0.75, self.choose.share())];
                let value = Box::new(self.ratio(depth - 1));
                expression(ExpressionKind::Ramp { value, points }, Type::Ratio)
            }
            3 => self.joined(Self::ratio, Type::Ratio, depth),
            4 => self.aggregate(Self::ratio, Type::Ratio, depth),
            _ => {
                let value = Box::new(self.ratio(depth - 1));
                expression(ExpressionKind::Negate(value), Type::Ratio)
            }
        }
    }

    fn number(&mut self, depth: usize) -> Expression {
        let number = Type::Number { unit: None };
        match self.choose.below(if depth == 0 { 2 } else { 6 }) {
            0 => literal(self.choose.below(12) as f64 - 4.0, number),
            1 => {
                let input = self.input(|value_type| {
                    matches!(
                        value_type,
                        Type::Number { .. } | Type::Count | Type::Score { .. } | Type::Date | Type::Duration
                    )
                });
                read(input, number)
            }
            2 => self.joined(Self::number, number, depth),
            3 => self.aggregate(Self::number, number, depth),
            4 => {
                let value = Box::new(self.number(depth - 1));
                expression(ExpressionKind::Absolute(value), number)
            }
            _ => self.count(),
        }
    }

    fn joined(&mut self, make: fn(&mut Self, usize) -> Expression, value_type: Type, depth: usize) -> Expression {
        use Arithmetic::*;
        let operator = [Add, Subtract, Multiply, Divide][self.choose.below(if self.shape.total { 3 } else { 4 })];
        let left = Box::new(make(self, depth - 1));
        let right = Box::new(make(self, depth - 1));
        expression(ExpressionKind::Arithmetic { operator, left, right }, value_type)
    }

    fn aggregate(&mut self, make: fn(&mut Self, usize) -> Expression, value_type: Type, depth: usize) -> Expression {
        use Aggregate::*;
        let aggregate = [Min, Max, Mean, Sum][self.choose.below(4)];
        let (variable, index, condition) = self.ranging();
        let condition = condition.filter(|_| aggregate == Sum || !self.shape.total);
        let of = Some(Box::new(self.complete(|maker| make(maker, depth - 1))));
        self.bound.pop();
        expression(ExpressionKind::Aggregate { aggregate, variable, index, condition, of }, value_type)
    }

    fn count(&mut self) -> Expression {
        let (variable, index, condition) = self.ranging();
        self.bound.pop();
        let kind = ExpressionKind::Aggregate { aggregate: Aggregate::Count, variable, index, condition, of: None };
        expression(kind, Type::Count)
    }

    fn ranging(&mut self) -> (VariableId, IndexRef, Option<Box<Condition>>) {
        let index = [IndexRef::Declared(GROUP), IndexRef::Declared(SITE)][self.choose.below(2)];
        let variable = self.variable(index);
        self.bound.push(variable);
        let condition =
            if self.choose.chance(4) { Some(Box::new(self.complete(|maker| maker.condition(0)))) } else { None };
        (variable, index, condition)
    }
}

fn expression(kind: ExpressionKind, value_type: Type) -> Expression {
    Expression { kind, value_type, span: nowhere() }
}

fn literal(value: f64, value_type: Type) -> Expression {
    expression(ExpressionKind::Literal(Value::Number(value)), value_type)
}

fn read(input: InputRef, value_type: Type) -> Expression {
    expression(ExpressionKind::Input(input), value_type)
}

/// Makes facts: about half of the cells have one, and about a third of the sets are open.
pub fn facts(choose: &mut Chooser, knowledge: &KnowledgeBase) -> FactStore {
    let mut members = Vec::new();
    for index in [GROUP, SITE] {
        for name in &["p", "q", "r"][..[2, 0, 1, 3, 2, 3][choose.below(6)]] {
            members.push((index, (*name).to_owned()));
        }
    }
    let mut facts = FactStore::new(knowledge, members);
    for index in [GROUP, SITE] {
        if choose.chance(2) {
            facts.close(index);
        }
    }
    for relation in knowledge.relations.ids().filter(|_| choose.chance(6)).collect::<Vec<_>>() {
        relate(choose, knowledge, &mut facts, relation, |choose| [None, Some(false), Some(true)][choose.below(3)]);
    }
    for (input, cell) in cells(knowledge, &facts) {
        match choose.below(8) {
            0..5 => drop(facts.set(input, &cell, fact(choose, &knowledge.inputs[input].value_type))),
            5 => {
                let reason = Err("too few rows".to_owned());
                facts.set(input, &cell, Fact { value: reason, ..Fact::supposed(Value::YesNo(true)) });
            }
            _ => {}
        }
    }
    facts
}

/// Lists a relation: for each choice of members `listed` says whether there is an entry, and whether it is unsure.
fn relate(
    choose: &mut Chooser,
    knowledge: &KnowledgeBase,
    facts: &mut FactStore,
    relation: RelationId,
    mut listed: impl FnMut(&mut Chooser) -> Option<bool>,
) {
    let sets: Vec<IndexId> = knowledge.relations[relation].indexes().collect();
    facts.extension(relation, Origin::Supposed);
    for members in combinations(&sets, facts) {
        if let Some(unsure) = listed(choose) {
            facts.extension(relation, Origin::Supposed).insert(members, Tuple { unsure, origin: Origin::Supposed });
        }
    }
}

/// Settles some of what is not known of relations.
fn complete_relations(choose: &mut Chooser, knowledge: &KnowledgeBase, facts: &FactStore, complete: &mut FactStore) {
    for relation in knowledge.relations.ids() {
        let Some(extension) = facts.relation(relation) else {
            if choose.chance(4) {
                relate(choose, knowledge, complete, relation, |choose| {
                    [None, Some(false), Some(true)][choose.below(3)]
                });
            }
            continue;
        };
        complete.extension(relation, Origin::Supposed);
        for (members, tuple) in extension.iter() {
            let unsure = tuple.unsure && choose.chance(4);
            if unsure || !tuple.unsure || choose.chance(4) {
                let tuple = Tuple { unsure, origin: Origin::Supposed };
                complete.extension(relation, Origin::Supposed).insert(members.to_vec(), tuple);
            }
        }
    }
}

/// Answers some of what is unknown, and narrows some intervals: facts that the given ones allow.
pub fn completed(choose: &mut Chooser, knowledge: &KnowledgeBase, facts: &FactStore) -> FactStore {
    let mut members = Vec::new();
    for index in [GROUP, SITE] {
        let known = facts.members(index).to_vec();
        let known = if facts.is_open(index) && choose.chance(4) {
            ["p", "s", "t"][..1 + choose.below(3)].iter().map(|name| (*name).to_owned()).collect()
        } else {
            known
        };
        members.extend(known.into_iter().map(|member| (index, member)));
    }
    let mut complete = FactStore::new(knowledge, members);
    for index in [GROUP, SITE] {
        // An open set may turn out to be empty.
        if !facts.is_open(index) || choose.chance(2) {
            complete.close(index);
        }
    }
    complete_relations(choose, knowledge, facts, &mut complete);
    for (input, cell) in cells(knowledge, &complete) {
        let value_type = &knowledge.inputs[input].value_type;
        match facts.get(input, &cell) {
            Some(known) if known.value.is_ok() => {
                let known = if choose.chance(4) { narrowed(choose, known, value_type) } else { known.clone() };
                complete.set(input, &cell, known);
            }
            _ if choose.chance(5) => drop(complete.set(input, &cell, fact(choose, value_type))),
            _ => {}
        }
    }
    complete
}

/// Makes facts about the same members as others.
pub fn facts_like(choose: &mut Chooser, knowledge: &KnowledgeBase, members: &FactStore) -> FactStore {
    let sets = knowledge.indexes.ids();
    let named = sets.flat_map(|index| members.members(index).iter().map(move |member| (index, member.clone())));
    let mut facts = FactStore::new(knowledge, named);
    for (input, cell) in cells(knowledge, &facts) {
        if choose.chance(6) {
            facts.set(input, &cell, fact(choose, &knowledge.inputs[input].value_type));
        }
    }
    facts
}

fn narrowed(choose: &mut Chooser, fact: &Fact, value_type: &Type) -> Fact {
    let mut narrow = fact.clone();
    if let (Some(interval), Some(point)) = (&fact.interval, fact.number()) {
        let (least, most) = value_type.range().unwrap();
        let (low, high) = (interval.low.max(least).min(point), interval.high.min(most).max(point));
        let mut ends = [choose.share(), choose.share(), choose.share()].map(|share| low + (high - low) * share);
        ends.sort_by(f64::total_cmp);
        narrow.value = Ok(Value::Number(ends[1]));
        narrow.interval = Some(Interval { low: ends[0], high: ends[2], ..interval.clone() });
    }
    narrow
}

/// Returns every fact that there could be.
pub fn cells(knowledge: &KnowledgeBase, facts: &FactStore) -> Vec<(InputId, Vec<Member>)> {
    let mut all = Vec::new();
    for (id, input) in knowledge.inputs.iter() {
        all.extend(combinations(&input.indexes, facts).into_iter().map(|cell| (id, cell)));
    }
    all
}

/// Every choice of one member of each set.
pub fn combinations(sets: &[IndexId], facts: &FactStore) -> Vec<Vec<Member>> {
    let mut all = vec![Vec::new()];
    for index in sets {
        let count = u32::try_from(facts.members(*index).len()).unwrap();
        let longer = all.into_iter().flat_map(|members: Vec<Member>| {
            (0..count).map(move |member| members.iter().copied().chain([Member(member)]).collect())
        });
        all = longer.collect();
    }
    all
}

/// Makes a fact of a type.
pub fn fact(choose: &mut Chooser, value_type: &Type) -> Fact {
    let value = match value_type {
        Type::Ratio => Value::Number(choose.share()),
        Type::Number { .. } => Value::Number(choose.below(16) as f64 / 2.0 - 4.0),
        Type::Count | Type::Duration => Value::Number(choose.below(8) as f64),
        Type::Score { .. } => Value::Number(1.0 + choose.below(5) as f64),
        Type::YesNo => Value::YesNo(choose.chance(4)),
        Type::OneOf(options) => Value::Option(choose.below(options.len()) as u32),
        Type::ManyOf(options) => Value::Options((0..options.len() as u32).filter(|_| choose.chance(4)).collect()),
        Type::Date => Value::Date(choose.below(8) as i32),
        Type::Text => Value::Text(["x", "y"][choose.below(2)].into()),
    };
    let mut fact = Fact::supposed(value);
    let measured = matches!(value_type, Type::Ratio | Type::Number { .. });
    if let Some(point) = fact.number().filter(|_| measured && choose.chance(5)) {
        let (below, above) = (choose.below(4) as f64 / 8.0, choose.below(4) as f64 / 8.0);
        let method = "random".to_owned();
        fact.interval = Some(Interval { low: point - below, high: point + above, level: 0.95, method });
    }
    if matches!(value_type, Type::Ratio) && choose.chance(5) {
        fact.floor = Some(NoiseFloor { mean: Some(0.0), p95: choose.share(), method: "random".to_owned() });
    }
    fact
}
