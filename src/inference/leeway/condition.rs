//! Conditions on facts with leeway.

use super::{Extent, Imagined, Leeway, Reach};
use crate::inference::condition::{outcome_of_exceeds_noise, outcome_of_in, outcome_of_includes};
use crate::inference::{Element, Figure, Truth};
use crate::model::{
    Comparison, Condition, ConditionKind, Expression, ExpressionKind, InputRef, Quantifier, Type, Value,
};

impl Imagined<'_> {
    /// Evaluates a condition. `variables` holds what each variable of the body stands for; those of
    /// quantifiers are set on the way.
    pub(crate) fn condition(&self, condition: &Condition, variables: &mut [Element]) -> Reach {
        match &condition.kind {
            ConditionKind::And(parts) => {
                let all = Reach::exact(Truth::True);
                parts.iter().fold(all, |reach, part| reach & self.condition(part, variables))
            }
            ConditionKind::Or(parts) => {
                let none = Reach::exact(Truth::False);
                parts.iter().fold(none, |reach, part| reach | self.condition(part, variables))
            }
            ConditionKind::Not(part) => !self.condition(part, variables),
            ConditionKind::Compare { left, comparison, right } => {
                if matches!(left.value_type, Type::Text | Type::ManyOf(_)) {
                    return self.same(condition, left, *comparison, right, variables);
                }
                let left = self.extent(left, variables);
                let right = self.extent(right, variables);
                left.compare(*comparison, right)
            }
            ConditionKind::Between { value, low, high } => {
                let value = self.extent(value, variables);
                let low = self.extent(low, variables);
                let high = self.extent(high, variables);
                value.compare(Comparison::AtLeast, low) & value.compare(Comparison::AtMost, high)
            }
            ConditionKind::In { input, options } => {
                let Type::OneOf(all) = &self.scope.knowledge.inputs[input.input].value_type else {
                    return self.exact(condition, variables);
                };
                let of = u32::try_from(all.len()).unwrap_or(u32::MAX);
                self.chosen(condition, input, variables, |value| {
                    let chosen = match value {
                        Some(Value::Option(option)) => Some(*option),
                        _ => None,
                    };
                    outcome_of_in(chosen, options, of).point()
                })
            }
            ConditionKind::Includes { input, option } => self.chosen(condition, input, variables, |value| {
                let chosen = match value {
                    Some(Value::Options(options)) => Some(options.as_slice()),
                    _ => None,
                };
                outcome_of_includes(chosen, *option).point()
            }),
            ConditionKind::Known(input) => {
                self.chosen(condition, input, variables, |value| Truth::from(value.is_some()))
            }
            ConditionKind::ExceedsNoise(input) => match self.leeway_of(input, variables) {
                None => self.exact(condition, variables),
                Some(leeway) => {
                    let Some(p95) = self.scope.look_up(input, variables).p95() else {
                        return Reach::exact(outcome_of_exceeds_noise(Figure::UNDEFINED, None).point()).moved();
                    };
                    let value = Extent::of_leeway(leeway, &self.scope.knowledge.inputs[input.input].value_type);
                    value.compare(Comparison::Greater, Extent::exact(p95))
                }
            },
            ConditionKind::Finding(atom) => {
                let instance = self.scope.finding_instance(atom, variables);
                self.finding(&instance)
            }
            ConditionKind::Relation(_) => self.exact(condition, variables),
            ConditionKind::EvidenceMissing => match self.evidence_missing {
                Some(missing) => missing.moved(),
                None => self.exact(condition, variables),
            },
            ConditionKind::Quantified { quantifier, variable, index, condition: part } => {
                let mut reach = Reach::exact(Truth::from(*quantifier == Quantifier::All));
                for &element in self.scope.domains.elements(*index) {
                    if let Some(slot) = variables.get_mut(variable.index()) {
                        *slot = element;
                    }
                    let member = self.condition(part, variables);
                    reach = match quantifier {
                        Quantifier::Any => reach | member,
                        Quantifier::All => reach & member,
                    };
                }
                if !self.scope.domains.is_open(*index) {
                    return reach;
                }
                // Over a set whose members are not known, only the bounds could decide.
                match (reach.is_moved(), quantifier) {
                    (false, _) => self.exact(condition, variables),
                    (true, Quantifier::Any) => Reach::hull([Truth::False, Truth::Unknown]),
                    (true, Quantifier::All) => Reach::hull([Truth::Unknown, Truth::True]),
                }
            }
        }
    }

    /// Evaluates a condition on one input for each value that it may have.
    fn chosen(
        &self,
        condition: &Condition,
        input: &InputRef,
        variables: &mut [Element],
        judge: impl Fn(Option<&Value>) -> Truth,
    ) -> Reach {
        match self.leeway_of(input, variables) {
            None => self.exact(condition, variables),
            Some(Leeway::Among(values)) => Reach::hull(values.iter().map(|value| judge(value.as_ref()))),
            // Only whether there is a number can be asked of one here, and any number answers for all.
            Some(Leeway::Within { interval, or_unknown }) => {
                let number = Value::Number(interval.low());
                let known = judge(Some(&number));
                Reach::hull(std::iter::once(known).chain(or_unknown.then(|| judge(None))))
            }
        }
    }

    /// Texts and sets of options are the same, or not.
    fn same(
        &self,
        condition: &Condition,
        left: &Expression,
        comparison: Comparison,
        right: &Expression,
        variables: &mut [Element],
    ) -> Reach {
        let (left, right) = match (self.values_of(left, variables), self.values_of(right, variables)) {
            (Some(left), Some(right)) => (left, right),
            _ => return self.exact(condition, variables),
        };
        let truth = |left: &Option<Value>, right: &Option<Value>| match (left, right) {
            (Some(left), Some(right)) => Truth::from((left == right) == (comparison == Comparison::Equal)),
            _ => Truth::Unknown,
        };
        Reach::hull(left.iter().flat_map(|left| right.iter().map(move |right| truth(left, right))))
    }

    /// Returns every value that one side of an equality may have; none where nothing but the ordinary
    /// evaluation is needed for the side.
    fn values_of(&self, expression: &Expression, variables: &[Element]) -> Option<Vec<Option<Value>>> {
        match &expression.kind {
            ExpressionKind::Literal(value) => Some(vec![Some(value.clone())]),
            ExpressionKind::Input(input) => match self.leeway_of(input, variables) {
                Some(Leeway::Among(values)) => Some(values.clone()),
                Some(Leeway::Within { .. }) => None,
                None => Some(vec![self.scope.look_up(input, variables).value().cloned()]),
            },
            _ => None,
        }
    }
}
