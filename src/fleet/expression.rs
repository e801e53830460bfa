//! Conditions and expressions as operations, with the meaning that `inference` gives them.

use super::cells::{Aspect, Reading};
use super::compiler::{Compiler, Figured, Judged, Spread};
use super::op::{Op, Value};
use crate::inference::{
    Element, Figure, FindingInstance, Interval, Truth, absolute, aggregate_figures, arithmetic, compare_intervals,
    is_countless, negate, outcome_of_in, ramp,
};
use crate::model::{
    Aggregate, Arithmetic, Comparison, Condition, ConditionKind, Expression, ExpressionKind, FindingAtom, IndexRef,
    InputRef, NodeRef, Quantifier, Type,
};

impl Compiler<'_> {
    /// Compiles a condition. `variables` holds what each variable of the body stands for; those of
    /// quantifiers are set on the way.
    pub fn condition(&mut self, condition: &Condition, variables: &mut [Element]) -> Judged {
        match &condition.kind {
            ConditionKind::And(parts) => {
                let start = self.always(Truth::True);
                parts.iter().fold(start, |outcome, part| {
                    let part = self.condition(part, variables);
                    self.and(outcome, part)
                })
            }
            ConditionKind::Or(parts) => {
                let start = self.always(Truth::False);
                parts.iter().fold(start, |outcome, part| {
                    let part = self.condition(part, variables);
                    self.or(outcome, part)
                })
            }
            ConditionKind::Not(part) => {
                let part = self.condition(part, variables);
                self.not(part)
            }
            ConditionKind::Compare { left, comparison, right } => {
                if is_countless(left) || is_countless(right) {
                    return self.same(left, *comparison, right, variables);
                }
                let left = self.figure(left, variables);
                let right = self.figure(right, variables);
                self.compare(left, *comparison, right)
            }
            ConditionKind::Between { value, low, high } => {
                let value = self.figure(value, variables);
                let low = self.figure(low, variables);
                let high = self.figure(high, variables);
                let above = self.compare(value, Comparison::AtLeast, low);
                let below = self.compare(value, Comparison::AtMost, high);
                self.and(above, below)
            }
            ConditionKind::In { input, options } => self.one_of(input, options, variables),
            ConditionKind::Includes { input, option } => {
                let elements = self.elements(input, variables);
                match self.lane(input, &elements, Aspect::Value, Reading::Includes(*option)) {
                    Some(includes) => {
                        let one = self.builder.constant(1.0);
                        Judged::both(self.compare_points(includes, Comparison::Equal, one, Truth::Unknown))
                    }
                    None => self.always(Truth::Unknown),
                }
            }
            ConditionKind::Known(input) => {
                let elements = self.elements(input, variables);
                if elements.contains(&Element::Anonymous) {
                    return self.always(Truth::Unknown);
                }
                match self.lane(input, &elements, Aspect::Value, self.whole(input)) {
                    Some(lane) => Judged::both(self.builder.value(Op::Known(lane))),
                    None => self.always(Truth::False),
                }
            }
            ConditionKind::ExceedsNoise(input) => self.exceeds_noise(input, variables),
            ConditionKind::Finding(atom) => {
                let instance = self.finding_instance(atom, variables);
                match self.findings.get(&instance) {
                    Some(&judged) => judged,
                    None => self.always(Truth::False),
                }
            }
            // A table lists no relations, and of one that nobody speaks of nothing is known.
            ConditionKind::Relation(_) => self.always(Truth::Unknown),
            ConditionKind::EvidenceMissing => self.evidence_missing,
            ConditionKind::Quantified { quantifier, variable, index, condition: part } => {
                let start = self.always(Truth::from(*quantifier == Quantifier::All));
                let mut outcome = start;
                for &element in self.domains.elements(*index) {
                    if let Some(slot) = variables.get_mut(variable.index()) {
                        *slot = element;
                    }
                    let member = self.condition(part, variables);
                    outcome = match quantifier {
                        Quantifier::Any => self.or(outcome, member),
                        Quantifier::All => self.and(outcome, member),
                    };
                }
                self.quantified(*quantifier, outcome, self.domains.is_open(*index))
            }
        }
    }

    /// See `inference::condition::quantified`: of an open set, only none for `any` and all for `all` follow.
    fn quantified(&mut self, quantifier: Quantifier, outcome: Judged, open: bool) -> Judged {
        match (open, quantifier) {
            (false, _) => outcome,
            (true, Quantifier::Any) => self.at_most_possible(outcome),
            (true, Quantifier::All) => {
                let fails = self.not(outcome);
                let fails = self.at_most_possible(fails);
                self.not(fails)
            }
        }
    }

    /// Returns the finding instance that an atom names.
    pub fn finding_instance(&self, atom: &FindingAtom, variables: &[Element]) -> FindingInstance {
        let parameters = &self.knowledge.findings[atom.finding].parameters;
        let arguments = atom.arguments.iter().zip(parameters);
        let elements = arguments.map(|(argument, &index)| self.resolve(argument, index, variables));
        FindingInstance { finding: atom.finding, arguments: elements.collect() }
    }

    fn one_of(&mut self, input: &InputRef, options: &[u32], variables: &[Element]) -> Judged {
        let of = match &self.input(input).value_type {
            Type::OneOf(all) => u32::try_from(all.len()).unwrap_or(u32::MAX),
            _ => u32::MAX,
        };
        let missing = outcome_of_in(None, options, of).point();
        let elements = self.elements(input, variables);
        match self.lane(input, &elements, Aspect::Value, Reading::Number) {
            Some(value) => Judged::both(self.builder.value(Op::OneOf { value, options: options.into(), missing })),
            None => self.always(missing),
        }
    }

    fn exceeds_noise(&mut self, input: &InputRef, variables: &[Element]) -> Judged {
        let value = self.input_figure(input, variables);
        let elements = self.elements(input, variables);
        let Some(p95) = self.lane(input, &elements, Aspect::NoiseP95, Reading::Number) else {
            return self.always(Truth::Unknown);
        };
        let point = self.compare_points(value.point, Comparison::Greater, p95, Truth::Unknown);
        match value.range {
            Spread::Exact(_) => Judged::both(point),
            Spread::Ranges(range) => {
                let bounds = self.builder.value(Op::AboveNoise { point: value.point, range, p95 });
                self.decided(point, bounds)
            }
        }
    }

    /// How a whole value is read: numbers as they are, texts and sets by what stands for them.
    fn whole(&self, input: &InputRef) -> Reading {
        match self.input(input).value_type {
            Type::Text | Type::ManyOf(_) => Reading::Code,
            _ => Reading::Number,
        }
    }

    /// Texts and sets of options have no order and no interval: they are the same, or not.
    fn same(&mut self, left: &Expression, comparison: Comparison, right: &Expression, variables: &[Element]) -> Judged {
        let left = self.whole_value(left, variables);
        let right = self.whole_value(right, variables);
        match (left, right, comparison) {
            (Some(left), Some(right), Comparison::Equal | Comparison::NotEqual) => {
                Judged::both(self.compare_points(left, comparison, right, Truth::Unknown))
            }
            _ => self.always(Truth::Unknown),
        }
    }

    fn whole_value(&mut self, expression: &Expression, variables: &[Element]) -> Option<Value> {
        match &expression.kind {
            ExpressionKind::Literal(value) => Some(self.literal(value)),
            ExpressionKind::Input(input) => {
                let elements = self.elements(input, variables);
                self.lane(input, &elements, Aspect::Value, Reading::Code)
            }
            _ => None,
        }
    }

    fn compare_points(&mut self, left: Value, comparison: Comparison, right: Value, missing: Truth) -> Value {
        self.builder.value(Op::Compare { comparison, left, right, missing })
    }

    fn decided(&mut self, point: Value, bounds: Value) -> Judged {
        Judged { point: self.builder.value(Op::Decide { point, bounds }), bounds }
    }

    /// Compares two figures.
    fn compare(&mut self, left: Figured, comparison: Comparison, right: Figured) -> Judged {
        // Against a number that is the same in every row, an exact figure is settled by its point; where
        // it is missing, by the range of its type.
        if let (Spread::Exact(missing), Some(number)) = (left.range, self.exact_number(right)) {
            let missing = compare_intervals(missing, comparison, Interval::point(number));
            return Judged::both(self.compare_points(left.point, comparison, right.point, missing));
        }
        if let (Some(number), Spread::Exact(missing)) = (self.exact_number(left), right.range) {
            let missing = compare_intervals(Interval::point(number), comparison, missing);
            return Judged::both(self.compare_points(left.point, comparison, right.point, missing));
        }
        let point = self.compare_points(left.point, comparison, right.point, Truth::Unknown);
        let known = left.known && right.known;
        let (left, right) = (self.ranges(left), self.ranges(right));
        let bounds = self.builder.value(Op::CompareRange(comparison, left, right));
        // A range holds its point, so where there is one the bounds cannot decide otherwise.
        if known { Judged { point, bounds } } else { self.decided(point, bounds) }
    }

    fn exact_number(&self, figure: Figured) -> Option<f64> {
        let known = self.as_known(figure)?;
        known.point()
    }

    /// Compiles an expression.
    pub fn figure(&mut self, expression: &Expression, variables: &mut [Element]) -> Figured {
        match &expression.kind {
            ExpressionKind::Literal(value) => {
                self.known_figure(value.as_number().map_or(Figure::UNDEFINED, Figure::exact))
            }
            ExpressionKind::Input(input) => self.input_figure(input, variables),
            ExpressionKind::Measure { measure, node } => {
                let node = match node {
                    NodeRef::Node(node) => Some(*node),
                    NodeRef::Variable(variable) => match variables.get(variable.index()) {
                        Some(Element::Node(node)) => Some(*node),
                        _ => None,
                    },
                };
                let figure = node.and_then(|node| self.measures.as_ref().and_then(|known| known.get(*measure, node)));
                match figure {
                    Some(figure) => figure,
                    None => self.known_figure(Figure::UNDEFINED),
                }
            }
            ExpressionKind::Arithmetic { operator, left, right } => {
                let left = self.figure(left, variables);
                let right = self.figure(right, variables);
                self.arithmetic(*operator, left, right)
            }
            ExpressionKind::Negate(value) => {
                let value = self.figure(value, variables);
                self.unary(value, negate, Op::Negate, Op::NegateRange)
            }
            ExpressionKind::Absolute(value) => {
                let value = self.figure(value, variables);
                self.unary(value, absolute, Op::Absolute, Op::AbsoluteRange)
            }
            ExpressionKind::Ramp { value, points } => {
                let value = self.figure(value, variables);
                let curve = self.builder.curve(points);
                let point = self.builder.value(Op::Ramp(value.point, curve));
                let range = match value.range {
                    Spread::Exact(missing) => Spread::Exact(ramp(Figure::new(None, missing), points).range()),
                    Spread::Ranges(range) => Spread::Ranges(self.builder.value(Op::RampRange { range, curve, point })),
                };
                Figured { point, range, known: value.known }
            }
            ExpressionKind::Aggregate { aggregate, variable, index, condition, of } => {
                let mut members = Vec::new();
                for &element in self.domains.elements(*index) {
                    if let Some(slot) = variables.get_mut(variable.index()) {
                        *slot = element;
                    }
                    let counts = match condition {
                        Some(condition) => self.condition(condition, variables),
                        None => self.always(Truth::True),
                    };
                    let value = match of {
                        Some(of) => self.figure(of, variables),
                        None => self.known_figure(Figure::exact(1.0)),
                    };
                    members.push((counts, value));
                }
                self.aggregate(*aggregate, *index, &members)
            }
        }
    }

    fn unary(
        &mut self,
        value: Figured,
        on_figure: fn(Figure) -> Figure,
        on_points: fn(Value) -> Op,
        on_ranges: fn(Value) -> Op,
    ) -> Figured {
        let point = self.builder.value(on_points(value.point));
        let range = match value.range {
            Spread::Exact(missing) => Spread::Exact(on_figure(Figure::new(None, missing)).range()),
            Spread::Ranges(range) => Spread::Ranges(self.builder.value(on_ranges(range))),
        };
        Figured { point, range, known: value.known }
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: Figured, right: Figured) -> Figured {
        let known = (self.as_known(left), self.as_known(right));
        if let (Some(left), Some(right)) = known {
            return self.known_figure(arithmetic(operator, left, right));
        }
        let point = self.builder.value(Op::Arithmetic(operator, left.point, right.point));
        // An exact figure shifted or scaled by a number stays exact, as long as nothing can overflow. A
        // quotient does not: its range is made with the reciprocal, which rounds differently.
        let missing = match (left.range, right.range, known) {
            (Spread::Exact(missing), _, (_, Some(number))) if number.point().is_some() => {
                Some((Figure::new(None, missing), number))
            }
            (_, Spread::Exact(missing), (Some(number), _)) if number.point().is_some() => {
                Some((number, Figure::new(None, missing)))
            }
            _ => None,
        };
        let missing = missing.filter(|_| operator != Arithmetic::Divide);
        let missing = missing.map(|(left, right)| arithmetic(operator, left, right).range());
        if let Some(missing) = missing.filter(|range| range.low().is_finite() && range.high().is_finite()) {
            return Figured { point, range: Spread::Exact(missing), known: false };
        }
        let (left, right) = (self.ranges(left), self.ranges(right));
        let range = self.builder.value(Op::ArithmeticRange { operator, left, right, point });
        Figured { point, range: Spread::Ranges(range), known: false }
    }

    fn aggregate(&mut self, aggregate: Aggregate, index: IndexRef, members: &[(Judged, Figured)]) -> Figured {
        let open = self.domains.is_open(index);
        if members.is_empty() {
            return self.known_figure(aggregate_figures(aggregate, &[], open));
        }
        let point = if open {
            self.builder.constant(f64::NAN)
        } else {
            let members = members.iter().map(|(counts, value)| (counts.point, value.point)).collect();
            self.builder.value(Op::AggregatePoint(aggregate, members))
        };
        let ranges = members.iter().map(|(counts, value)| (counts.bounds, self.ranges(*value))).collect();
        let range = self.builder.value(Op::AggregateRange { aggregate, open, members: ranges, point });
        Figured { point, range: Spread::Ranges(range), known: false }
    }
}
