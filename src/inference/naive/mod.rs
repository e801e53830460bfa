//! The slow, obvious evaluator that the tests hold against the real one.
//!
//! It shares nothing with the real one but the types. Findings are worked out level by level, each level by
//! applying every rule to everything until nothing changes; the truth on point values, what is certain and
//! what is possible are three separate questions, and an aggregate tries every choice of the members that
//! may count. The levels are its own, not the strata of the model, so that a mistake there is found.

mod figures;
mod levels;

use std::collections::BTreeMap;

use crate::facts::{Fact, FactStore, Member};
use crate::inference::{Element, FindingInstance, Outcome, Truth};
use crate::model::{
    ActionKind, Argument, Comparison, Condition, ConditionKind, Expression, ExpressionKind, FindingAtom, IndexRef,
    InputRef, KnowledgeBase, Phase, Quantifier, RelationAtom, Rule, RuleId, Type, Value,
};

/// What the evidence rules come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Naive {
    /// Each rule with each choice of its variables.
    pub instances: BTreeMap<(RuleId, Vec<Element>), Outcome>,
    /// Each finding that some rule concludes if it fires.
    pub findings: BTreeMap<FindingInstance, Outcome>,
}

/// Evaluates the evidence rules.
pub fn infer_naively(knowledge: &KnowledgeBase, facts: &FactStore) -> Naive {
    let levels = levels::levels(knowledge);
    let highest = levels.iter().copied().max().unwrap_or(0);
    let mut world = World { knowledge, facts, findings: BTreeMap::new() };
    for level in 0..=highest {
        loop {
            let concluded = world.concluded(|finding| levels[finding.finding.index()] == level);
            let unchanged = concluded.iter().all(|(finding, outcome)| world.findings.get(finding) == Some(outcome));
            world.findings.extend(concluded);
            if unchanged {
                break;
            }
        }
    }
    let mut naive = Naive::default();
    for (id, rule) in world.evidence_rules() {
        for binding in world.bindings(rule) {
            let outcome = world.fires(rule, &binding);
            naive.instances.insert((id, binding), outcome);
        }
    }
    naive.findings = world.findings;
    naive
}

struct World<'a> {
    knowledge: &'a KnowledgeBase,
    facts: &'a FactStore,
    /// What is known of each finding so far.
    findings: BTreeMap<FindingInstance, Outcome>,
}

impl<'a> World<'a> {
    fn open(&self, index: IndexRef) -> bool {
        matches!(index, IndexRef::Declared(id) if self.facts.is_open(id))
    }

    fn set(&self, index: IndexRef) -> Vec<Element> {
        match index {
            IndexRef::Declared(_) if self.open(index) => vec![Element::Anonymous],
            IndexRef::Declared(id) => {
                (0..self.facts.members(id).len()).map(|place| Element::Member(Member(place as u32))).collect()
            }
            IndexRef::Modes => self.knowledge.modes().map(|(id, _)| Element::Node(id)).collect(),
            IndexRef::Factors => self.knowledge.factors().map(|(id, _)| Element::Node(id)).collect(),
            IndexRef::Mitigations => self.knowledge.mitigations.ids().map(Element::Mitigation).collect(),
        }
    }

    fn bindings(&self, rule: &Rule) -> Vec<Vec<Element>> {
        let mut bindings = vec![Vec::new()];
        for variable in &rule.body.variables[..rule.body.for_each] {
            let mut longer = Vec::new();
            for binding in bindings {
                for element in self.set(variable.index) {
                    let mut binding: Vec<Element> = binding.clone();
                    binding.push(element);
                    longer.push(binding);
                }
            }
            bindings = longer;
        }
        bindings
    }

    fn element(&self, argument: &Argument, index: IndexRef, binding: &[Element]) -> Element {
        match argument {
            Argument::Variable(variable) => binding[variable.index()],
            Argument::Member(_) if self.open(index) => Element::Anonymous,
            Argument::Member(name) => {
                let named = |element: &Element| match (*element, index) {
                    (Element::Member(member), IndexRef::Declared(id)) => self.facts.member_name(id, member) == name,
                    (Element::Node(node), _) => self.knowledge.nodes[node].id == *name,
                    (Element::Mitigation(mitigation), _) => self.knowledge.mitigations[mitigation].id == *name,
                    _ => false,
                };
                self.set(index).into_iter().find(named).unwrap_or(Element::Absent)
            }
        }
    }

    fn instance(&self, atom: &FindingAtom, binding: &[Element]) -> FindingInstance {
        let parameters = &self.knowledge.findings[atom.finding].parameters;
        let arguments = atom.arguments.iter().zip(parameters);
        let arguments = arguments.map(|(argument, &index)| self.element(argument, index, binding)).collect();
        FindingInstance { finding: atom.finding, arguments }
    }

    /// A rule without `when` fires; one about a member that nobody knows is at most possible.
    fn fires(&self, rule: &Rule, binding: &[Element]) -> Outcome {
        let outcome = rule.body.condition.as_ref().map_or(Outcome::TRUE, |condition| self.outcome(condition, binding));
        if binding.contains(&Element::Anonymous) { weaken(outcome) } else { outcome }
    }

    fn outcome(&self, condition: &Condition, binding: &[Element]) -> Outcome {
        let bounds = match (self.certain(condition, binding), self.possible(condition, binding)) {
            (true, _) => Truth::True,
            (_, false) => Truth::False,
            _ => Truth::Unknown,
        };
        let point = match self.point(condition, binding) {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        };
        Outcome::new(point, bounds)
    }

    fn evidence_rules(&self) -> impl Iterator<Item = (RuleId, &'a Rule)> + use<'a> {
        self.knowledge.rules.iter().filter(|(_, rule)| rule.phase == Phase::Evidence)
    }

    /// Applies every rule to everything and returns what the wanted findings then come to.
    fn concluded(&self, wanted: impl Fn(&FindingInstance) -> bool) -> BTreeMap<FindingInstance, Outcome> {
        let mut outcomes: BTreeMap<FindingInstance, Vec<Outcome>> = BTreeMap::new();
        for (_, rule) in self.evidence_rules() {
            for binding in self.bindings(rule) {
                for action in &rule.actions {
                    let ActionKind::Conclude(atom) = &action.kind else { continue };
                    let finding = self.instance(atom, &binding);
                    if !finding.arguments.contains(&Element::Absent) && wanted(&finding) {
                        outcomes.entry(finding).or_default().push(self.fires(rule, &binding));
                    }
                }
            }
        }
        let best = |truths: &mut dyn Iterator<Item = Truth>| truths.max().unwrap_or(Truth::False);
        let joined = outcomes.into_iter().map(|(finding, outcomes)| {
            let point = best(&mut outcomes.iter().map(|outcome| outcome.point()));
            let bounds = best(&mut outcomes.iter().map(|outcome| outcome.bounds()));
            let joined = Outcome::new(point, bounds);
            let outcome = if finding.arguments.contains(&Element::Anonymous) { weaken(joined) } else { joined };
            (finding, outcome)
        });
        joined.collect()
    }

    /// A finding that no rule concluded so far does not hold.
    fn finding(&self, finding: &FindingInstance) -> Outcome {
        self.findings.get(finding).copied().unwrap_or(Outcome::FALSE)
    }

    /// Whether a relation holds; none where nobody has said, or the deployment is not sure.
    fn related(&self, atom: &RelationAtom, binding: &[Element]) -> Option<bool> {
        let listed = self.facts.relation(atom.relation)?;
        let sets = self.knowledge.relations[atom.relation].indexes().map(IndexRef::Declared);
        let arguments = atom.arguments.iter().zip(sets);
        let elements: Vec<Element> = arguments.map(|(argument, set)| self.element(argument, set, binding)).collect();
        let found = listed
            .iter()
            .find(|(members, _)| members.iter().map(|member| Element::Member(*member)).eq(elements.iter().copied()));
        match found {
            Some((_, tuple)) if tuple.unsure => None,
            found => Some(found.is_some()),
        }
    }

    /// Whether it holds on point values; none where that cannot be told. What is certain holds.
    fn point(&self, condition: &Condition, binding: &[Element]) -> Option<bool> {
        let all = |truths: Vec<Option<bool>>| {
            if truths.contains(&Some(false)) {
                Some(false)
            } else if truths.contains(&None) {
                None
            } else {
                Some(true)
            }
        };
        let flip = |truths: Vec<Option<bool>>| truths.into_iter().map(|truth| truth.map(|truth| !truth)).collect();
        let leaf = |truth: Option<bool>| match (self.certain(condition, binding), self.possible(condition, binding)) {
            (true, _) => Some(true),
            (_, false) => Some(false),
            _ => truth,
        };
        match &condition.kind {
            ConditionKind::And(parts) => all(parts.iter().map(|part| self.point(part, binding)).collect()),
            ConditionKind::Or(parts) => {
                all(flip(parts.iter().map(|part| self.point(part, binding)).collect())).map(|truth| !truth)
            }
            ConditionKind::Not(part) => self.point(part, binding).map(|truth| !truth),
            ConditionKind::Compare { left, comparison, right } => {
                if is_set_or_text(left) || is_set_or_text(right) {
                    return leaf(self.same(left, *comparison, right, binding));
                }
                let sides = self.value(left, binding).zip(self.value(right, binding));
                leaf(sides.map(|(left, right)| holds(left, *comparison, right)))
            }
            ConditionKind::Between { value, low, high } => {
                let at_least = self.compare(value, Comparison::AtLeast, low, binding);
                let at_most = self.compare(value, Comparison::AtMost, high, binding);
                all(vec![at_least, at_most])
            }
            ConditionKind::In { input, options } => leaf(match self.fact_value(input, binding) {
                Some(Value::Option(chosen)) => Some(options.contains(chosen)),
                _ => None,
            }),
            ConditionKind::Includes { input, option } => leaf(match self.fact_value(input, binding) {
                Some(Value::Options(chosen)) => Some(chosen.contains(option)),
                _ => None,
            }),
            ConditionKind::Known(input) => {
                leaf((!self.is_anonymous(input, binding)).then(|| self.fact_value(input, binding).is_some()))
            }
            ConditionKind::ExceedsNoise(input) => {
                let floor = self.fact(input, binding).and_then(|fact| fact.floor.as_ref()).map(|floor| floor.p95);
                leaf(self.fact_number(input, binding).zip(floor).map(|(value, p95)| value > p95))
            }
            ConditionKind::Finding(atom) => match self.finding(&self.instance(atom, binding)).point() {
                Truth::True => Some(true),
                Truth::False => Some(false),
                Truth::Unknown => None,
            },
            ConditionKind::Relation(atom) => self.related(atom, binding),
            ConditionKind::EvidenceMissing => Some(false),
            ConditionKind::Quantified { quantifier, variable, index, condition: part } => {
                let members = self.set(*index).into_iter().map(|element| {
                    let binding = extended(binding, variable.index(), element);
                    self.point(part, &binding)
                });
                let truth = match quantifier {
                    Quantifier::All => all(members.collect()),
                    Quantifier::Any => all(flip(members.collect())).map(|truth| !truth),
                };
                leaf(if self.open(*index) { None } else { truth })
            }
        }
    }

    fn compare(
        &self,
        left: &Expression,
        comparison: Comparison,
        right: &Expression,
        binding: &[Element],
    ) -> Option<bool> {
        if self.always(left, comparison, right, binding) {
            return Some(true);
        }
        if self.always(left, opposite(comparison), right, binding) {
            return Some(false);
        }
        Some(holds(self.value(left, binding)?, comparison, self.value(right, binding)?))
    }

    /// Whether it holds for all that intervals and missing values allow.
    fn certain(&self, condition: &Condition, binding: &[Element]) -> bool {
        match &condition.kind {
            ConditionKind::And(parts) => parts.iter().all(|part| self.certain(part, binding)),
            ConditionKind::Or(parts) => parts.iter().any(|part| self.certain(part, binding)),
            ConditionKind::Not(part) => !self.possible(part, binding),
            ConditionKind::Compare { left, comparison, right } => {
                if is_set_or_text(left) || is_set_or_text(right) {
                    return self.same(left, *comparison, right, binding) == Some(true);
                }
                self.always(left, *comparison, right, binding)
            }
            ConditionKind::Between { value, low, high } => {
                self.always(value, Comparison::AtLeast, low, binding)
                    && self.always(value, Comparison::AtMost, high, binding)
            }
            ConditionKind::In { input, options } => match self.fact_value(input, binding) {
                Some(Value::Option(chosen)) => options.contains(chosen),
                _ => match &self.knowledge.inputs[input.input].value_type {
                    Type::OneOf(all) => (0..all.len() as u32).all(|option| options.contains(&option)),
                    _ => false,
                },
            },
            ConditionKind::Includes { input, option } => {
                matches!(self.fact_value(input, binding), Some(Value::Options(chosen)) if chosen.contains(option))
            }
            ConditionKind::Known(input) => {
                !self.is_anonymous(input, binding) && self.fact_value(input, binding).is_some()
            }
            ConditionKind::ExceedsNoise(input) => {
                self.floor_range(input, binding).is_some_and(|(low, _, p95)| low > p95)
            }
            ConditionKind::Finding(atom) => self.finding(&self.instance(atom, binding)).bounds() == Truth::True,
            ConditionKind::Relation(atom) => self.related(atom, binding) == Some(true),
            ConditionKind::EvidenceMissing => false,
            ConditionKind::Quantified { quantifier, variable, index, condition: part } => {
                let mut members = self.set(*index).into_iter().map(|element| {
                    let binding = extended(binding, variable.index(), element);
                    self.certain(part, &binding)
                });
                match quantifier {
                    Quantifier::All => members.all(|certain| certain),
                    Quantifier::Any => !self.open(*index) && members.any(|certain| certain),
                }
            }
        }
    }

    /// Whether it holds for something that intervals and missing values allow.
    fn possible(&self, condition: &Condition, binding: &[Element]) -> bool {
        match &condition.kind {
            ConditionKind::And(parts) => parts.iter().all(|part| self.possible(part, binding)),
            ConditionKind::Or(parts) => parts.iter().any(|part| self.possible(part, binding)),
            ConditionKind::Not(part) => !self.certain(part, binding),
            ConditionKind::Compare { left, comparison, right } => {
                if is_set_or_text(left) || is_set_or_text(right) {
                    return self.same(left, *comparison, right, binding) != Some(false);
                }
                !self.always(left, opposite(*comparison), right, binding)
            }
            ConditionKind::Between { value, low, high } => {
                !self.always(value, Comparison::Less, low, binding)
                    && !self.always(value, Comparison::Greater, high, binding)
            }
            ConditionKind::In { input, options } => match self.fact_value(input, binding) {
                Some(Value::Option(chosen)) => options.contains(chosen),
                _ => !options.is_empty() || self.certain(condition, binding),
            },
            ConditionKind::Includes { input, option } => {
                !matches!(self.fact_value(input, binding), Some(Value::Options(chosen)) if !chosen.contains(option))
            }
            ConditionKind::Known(input) => {
                self.is_anonymous(input, binding) || self.fact_value(input, binding).is_some()
            }
            ConditionKind::ExceedsNoise(input) => {
                self.floor_range(input, binding).is_none_or(|(_, high, p95)| high > p95)
            }
            ConditionKind::Finding(atom) => self.finding(&self.instance(atom, binding)).bounds() != Truth::False,
            ConditionKind::Relation(atom) => self.related(atom, binding) != Some(false),
            ConditionKind::EvidenceMissing => false,
            ConditionKind::Quantified { quantifier, variable, index, condition: part } => {
                let mut members = self.set(*index).into_iter().map(|element| {
                    let binding = extended(binding, variable.index(), element);
                    self.possible(part, &binding)
                });
                match quantifier {
                    Quantifier::All => self.open(*index) || members.all(|possible| possible),
                    Quantifier::Any => members.any(|possible| possible),
                }
            }
        }
    }

    fn always(&self, left: &Expression, comparison: Comparison, right: &Expression, binding: &[Element]) -> bool {
        let ((left_low, left_high), (right_low, right_high)) = (self.range(left, binding), self.range(right, binding));
        match comparison {
            Comparison::Less => left_high < right_low,
            Comparison::AtMost => left_high <= right_low,
            Comparison::Greater => left_low > right_high,
            Comparison::AtLeast => left_low >= right_high,
            Comparison::Equal => left_low >= right_high && left_high <= right_low,
            Comparison::NotEqual => left_high < right_low || left_low > right_high,
        }
    }

    fn same(&self, left: &Expression, comparison: Comparison, right: &Expression, binding: &[Element]) -> Option<bool> {
        let whole = |expression: &Expression| match &expression.kind {
            ExpressionKind::Literal(value) => Some(value.clone()),
            ExpressionKind::Input(input) => self.fact_value(input, binding).cloned(),
            _ => None,
        };
        let (left, right) = whole(left).zip(whole(right))?;
        match comparison {
            Comparison::Equal => Some(left == right),
            Comparison::NotEqual => Some(left != right),
            _ => None,
        }
    }

    fn fact(&self, input: &InputRef, binding: &[Element]) -> Option<&'a Fact> {
        let indexes = &self.knowledge.inputs[input.input].indexes;
        let mut members = Vec::new();
        for (argument, index) in input.arguments.iter().zip(indexes) {
            match self.element(argument, IndexRef::Declared(*index), binding) {
                Element::Member(member) => members.push(member),
                _ => return None,
            }
        }
        self.facts.get(input.input, &members)
    }

    fn is_anonymous(&self, input: &InputRef, binding: &[Element]) -> bool {
        let indexes = &self.knowledge.inputs[input.input].indexes;
        let mut arguments = input.arguments.iter().zip(indexes);
        arguments
            .any(|(argument, index)| self.element(argument, IndexRef::Declared(*index), binding) == Element::Anonymous)
    }

    fn fact_value(&self, input: &InputRef, binding: &[Element]) -> Option<&'a Value> {
        self.fact(input, binding)?.value.as_ref().ok()
    }

    fn fact_number(&self, input: &InputRef, binding: &[Element]) -> Option<f64> {
        self.fact_value(input, binding)?.as_number()
    }

    fn fact_range(&self, input: &InputRef, binding: &[Element]) -> (f64, f64) {
        let allowed = self.knowledge.inputs[input.input].value_type.range();
        let (least, most) = allowed.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let Some(point) = self.fact_number(input, binding) else { return (least, most) };
        let interval = self.fact(input, binding).and_then(|fact| fact.interval.as_ref());
        let (low, high) = interval.map_or((point, point), |interval| (interval.low, interval.high));
        (low.max(least).min(most).min(point), high.min(most).max(least).max(point))
    }

    fn floor_range(&self, input: &InputRef, binding: &[Element]) -> Option<(f64, f64, f64)> {
        let p95 = self.fact(input, binding)?.floor.as_ref()?.p95;
        self.fact_number(input, binding)?;
        let (low, high) = self.fact_range(input, binding);
        Some((low, high, p95))
    }
}

fn weaken(outcome: Outcome) -> Outcome {
    if outcome.bounds() == Truth::False { Outcome::FALSE } else { Outcome::UNKNOWN }
}

fn extended(binding: &[Element], place: usize, element: Element) -> Vec<Element> {
    let mut longer = binding.to_vec();
    longer.resize(longer.len().max(place + 1), Element::Absent);
    longer[place] = element;
    longer
}

fn is_set_or_text(expression: &Expression) -> bool {
    matches!(expression.value_type, Type::Text | Type::ManyOf(_))
}

#[expect(clippy::float_cmp, reason = "`=` in a rule means equality")]
fn holds(left: f64, comparison: Comparison, right: f64) -> bool {
    match comparison {
        Comparison::Less => left < right,
        Comparison::AtMost => left <= right,
        Comparison::Greater => left > right,
        Comparison::AtLeast => left >= right,
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
    }
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::AtLeast,
        Comparison::AtMost => Comparison::Greater,
        Comparison::Greater => Comparison::AtMost,
        Comparison::AtLeast => Comparison::Less,
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
    }
}
