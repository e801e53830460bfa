//! Conditions: their outcome, and the record of how it came about.

use super::recorder::Recorder;
use super::{Element, FindingInstance, Outcome, PremiseKind, Reading, RelationInstance, Scope, Truth};
use crate::facts::FactStore;
use crate::model::{
    Comparison, Condition, ConditionKind, Expression, ExpressionKind, FindingAtom, IndexRef, Quantifier, RelationAtom,
    Type, Value,
};

/// An outcome and its record.
type Judged<R> = (Outcome, <R as Recorder>::Premise);

impl Scope<'_> {
    /// Evaluates a condition. `variables` holds what each variable of the body stands for; those of
    /// quantifiers are set on the way.
    pub(crate) fn condition<R: Recorder>(&self, condition: &Condition, variables: &mut [Element]) -> Judged<R> {
        let span = condition.span;
        match &condition.kind {
            ConditionKind::And(parts) => {
                let (outcome, parts) = self.parts::<R>(parts, variables, Outcome::TRUE, |left, right| left & right);
                (outcome, R::premise(outcome, span, || PremiseKind::And(parts)))
            }
            ConditionKind::Or(parts) => {
                let (outcome, parts) = self.parts::<R>(parts, variables, Outcome::FALSE, |left, right| left | right);
                (outcome, R::premise(outcome, span, || PremiseKind::Or(parts)))
            }
            ConditionKind::Not(part) => {
                let (outcome, part) = self.condition::<R>(part, variables);
                (!outcome, R::premise(!outcome, span, || PremiseKind::Not(Box::new(part))))
            }
            ConditionKind::Compare { left, comparison, right } => {
                if is_countless(left) || is_countless(right) {
                    return self.same::<R>(condition, left, *comparison, right, variables);
                }
                let (left, left_term) = self.figure::<R>(left, variables);
                let (right, right_term) = self.figure::<R>(right, variables);
                let outcome = left.compare(*comparison, right);
                let kind = || PremiseKind::Compare { left: left_term, comparison: *comparison, right: right_term };
                (outcome, R::premise(outcome, span, kind))
            }
            ConditionKind::Between { value, low, high } => {
                let (value, value_term) = self.figure::<R>(value, variables);
                let (low, low_term) = self.figure::<R>(low, variables);
                let (high, high_term) = self.figure::<R>(high, variables);
                let outcome = value.compare(Comparison::AtLeast, low) & value.compare(Comparison::AtMost, high);
                let kind = || PremiseKind::Between { value: value_term, low: low_term, high: high_term };
                (outcome, R::premise(outcome, span, kind))
            }
            ConditionKind::In { input, options } => {
                let found = self.look_up(input, variables);
                let of = match &found.input.value_type {
                    Type::OneOf(all) => u32::try_from(all.len()).unwrap_or(u32::MAX),
                    _ => u32::MAX,
                };
                let chosen = found.option();
                let outcome = outcome_of_in(chosen, options, of);
                let kind = || PremiseKind::In { reading: found.reading(), chosen, options: options.clone(), of };
                (outcome, R::premise(outcome, span, kind))
            }
            ConditionKind::Includes { input, option } => {
                let found = self.look_up(input, variables);
                let chosen = found.options();
                let outcome = outcome_of_includes(chosen, *option);
                let kind = || PremiseKind::Includes {
                    chosen: chosen.map(<[u32]>::to_vec),
                    reading: found.reading(),
                    option: *option,
                };
                (outcome, R::premise(outcome, span, kind))
            }
            ConditionKind::Known(input) => {
                let found = self.look_up(input, variables);
                let outcome =
                    if found.is_anonymous() { Outcome::UNKNOWN } else { Outcome::from(found.value().is_some()) };
                (outcome, R::premise(outcome, span, || PremiseKind::Known(found.reading())))
            }
            ConditionKind::ExceedsNoise(input) => {
                let found = self.look_up(input, variables);
                let (value, p95) = (found.figure(), found.p95());
                let outcome = outcome_of_exceeds_noise(value, p95);
                let kind = || PremiseKind::ExceedsNoise { reading: found.floor_reading(), value, p95 };
                (outcome, R::premise(outcome, span, kind))
            }
            ConditionKind::Finding(atom) => {
                let instance = self.finding_instance(atom, variables);
                let outcome = self.findings.get(self.domains, &instance);
                (outcome, R::premise(outcome, span, || PremiseKind::Finding(instance)))
            }
            ConditionKind::Relation(atom) => {
                let instance = self.relation_instance(atom, variables);
                let outcome = outcome_of_relation(self.facts, &instance);
                (outcome, R::premise(outcome, span, || PremiseKind::Relation(instance)))
            }
            ConditionKind::EvidenceMissing => {
                let outcome = self.evidence_missing;
                (outcome, R::premise(outcome, span, || PremiseKind::EvidenceMissing))
            }
            ConditionKind::Quantified { quantifier, variable, index, condition: part } => {
                let open = self.domains.is_open(*index);
                let mut outcome = Outcome::from(*quantifier == Quantifier::All);
                let elements = self.domains.elements(*index);
                let mut members = Vec::with_capacity(elements.len());
                for &element in elements {
                    if let Some(slot) = variables.get_mut(variable.index()) {
                        *slot = element;
                    }
                    let (member, premise) = self.condition::<R>(part, variables);
                    outcome = match quantifier {
                        Quantifier::Any => outcome | member,
                        Quantifier::All => outcome & member,
                    };
                    members.push((element, premise));
                }
                let outcome = quantified(*quantifier, outcome, open);
                let kind = || PremiseKind::Quantified {
                    quantifier: *quantifier,
                    variable: *variable,
                    index: *index,
                    open,
                    members,
                };
                (outcome, R::premise(outcome, span, kind))
            }
        }
    }

    /// Returns the finding instance that an atom names.
    pub(crate) fn finding_instance(&self, atom: &FindingAtom, variables: &[Element]) -> FindingInstance {
        let parameters = &self.knowledge.findings[atom.finding].parameters;
        let arguments = atom.arguments.iter().zip(parameters);
        let elements = arguments.map(|(argument, &index)| self.resolve(argument, index, variables));
        FindingInstance { finding: atom.finding, arguments: elements.collect() }
    }

    fn relation_instance(&self, atom: &RelationAtom, variables: &[Element]) -> RelationInstance {
        let indexes = self.knowledge.relations[atom.relation].indexes().map(IndexRef::Declared);
        let elements = atom.arguments.iter().zip(indexes);
        let elements = elements.map(|(argument, index)| self.resolve(argument, index, variables));
        RelationInstance { relation: atom.relation, arguments: elements.collect() }
    }

    fn parts<R: Recorder>(
        &self,
        parts: &[Condition],
        variables: &mut [Element],
        start: Outcome,
        join: impl Fn(Outcome, Outcome) -> Outcome,
    ) -> (Outcome, Vec<R::Premise>) {
        let mut outcome = start;
        let mut premises = Vec::with_capacity(parts.len());
        for part in parts {
            let (part, premise) = self.condition::<R>(part, variables);
            outcome = join(outcome, part);
            premises.push(premise);
        }
        (outcome, premises)
    }

    /// Texts and sets of options have no order and no interval: they are the same, or not.
    fn same<R: Recorder>(
        &self,
        condition: &Condition,
        left: &Expression,
        comparison: Comparison,
        right: &Expression,
        variables: &[Element],
    ) -> Judged<R> {
        let (left, left_reading) = self.whole_value(left, variables);
        let (right, right_reading) = self.whole_value(right, variables);
        let outcome = match (left, right, comparison) {
            (Some(left), Some(right), Comparison::Equal) => Outcome::from(left == right),
            (Some(left), Some(right), Comparison::NotEqual) => Outcome::from(left != right),
            _ => Outcome::UNKNOWN,
        };
        let kind = || PremiseKind::Same { left: left_reading, right: right_reading, comparison };
        (outcome, R::premise(outcome, condition.span, kind))
    }

    fn whole_value<'v>(
        &'v self,
        expression: &'v Expression,
        variables: &[Element],
    ) -> (Option<&'v Value>, Option<Reading>) {
        match &expression.kind {
            ExpressionKind::Literal(value) => (Some(value), None),
            ExpressionKind::Input(input) => {
                let found = self.look_up(input, variables);
                (found.value(), Some(found.reading()))
            }
            _ => (None, None),
        }
    }
}

/// Tells whether values of the expression cannot be held against each other as numbers.
pub(crate) fn is_countless(expression: &Expression) -> bool {
    matches!(expression.value_type, Type::Text | Type::ManyOf(_))
}

/// An option that nobody chose may be any of them: certain if all are named, impossible if none is.
pub(crate) fn outcome_of_in(chosen: Option<u32>, options: &[u32], of: u32) -> Outcome {
    match chosen {
        Some(chosen) => options.contains(&chosen).into(),
        None if (0..of).all(|option| options.contains(&option)) => Outcome::TRUE,
        None if options.is_empty() => Outcome::FALSE,
        None => Outcome::UNKNOWN,
    }
}

pub(crate) fn outcome_of_includes(chosen: Option<&[u32]>, option: u32) -> Outcome {
    chosen.map_or(Outcome::UNKNOWN, |chosen| chosen.contains(&option).into())
}

pub(crate) fn outcome_of_exceeds_noise(value: super::Figure, p95: Option<f64>) -> Outcome {
    match (value.point(), p95) {
        (Some(_), Some(p95)) => value.compare(Comparison::Greater, super::Figure::exact(p95)),
        _ => Outcome::UNKNOWN,
    }
}

/// A relation of which nobody speaks may hold between any; one that is listed holds between what is listed.
pub(crate) fn outcome_of_relation(facts: &FactStore, instance: &RelationInstance) -> Outcome {
    let Some(extension) = facts.relation(instance.relation) else { return Outcome::UNKNOWN };
    match instance.members().and_then(|members| extension.get(&members)) {
        Some(tuple) if tuple.unsure => Outcome::UNKNOWN,
        listed => listed.is_some().into(),
    }
}

/// Over a set whose members are not known, nothing follows from the anonymous member but this: if it
/// cannot satisfy the condition then none does, and if it must then all do.
pub(crate) fn quantified(quantifier: Quantifier, outcome: Outcome, open: bool) -> Outcome {
    let decided = match quantifier {
        Quantifier::Any => outcome.bounds() == Truth::False,
        Quantifier::All => outcome.bounds() == Truth::True,
    };
    if open && !decided { Outcome::UNKNOWN } else { outcome }
}
