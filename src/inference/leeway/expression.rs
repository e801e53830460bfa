//! Expressions on facts with leeway.

use super::{Imagined, Leeway, Reach};
use crate::inference::aggregate::{Member, aggregate_figures};
use crate::inference::expression::{absolute, arithmetic, negate, ramp};
use crate::inference::recorder::Silent;
use crate::inference::{Element, Figure, Interval, Outcome, Truth, compare_numbers};
use crate::model::{
    Aggregate, Arithmetic, Comparison, Condition, Expression, ExpressionKind, IndexRef, NodeRef, Type, VariableId,
};

/// What an expression may come to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// What ordinary evaluation would make of it if facts with leeway were missing: its interval holds
    /// everything that leeway, confidence intervals and missing values allow.
    figure: Figure,
    /// What its point may be, confidence intervals aside.
    near: Interval,
    /// Whether it may have no point.
    missing: bool,
    /// Whether it has no point for any choice within the leeway, since something else that it reads is missing.
    never: bool,
    /// The greatest that its lower bound may be and the least that its upper bound may be, over the choices within
    /// the leeway: what lies between is in the interval for each of them. Not in order for a fact with leeway
    /// alone, whose two bounds are one number; none where it is not followed.
    core: Option<(f64, f64)>,
    /// Whether something with leeway was read.
    moved: bool,
}

impl Extent {
    /// Returns the extent of a number.
    pub(crate) fn exact(value: f64) -> Self {
        Extent::ordinary(Figure::exact(value))
    }

    /// Returns the extent of a figure that reads nothing with leeway.
    fn ordinary(figure: Figure) -> Self {
        let near = figure.point().map_or(figure.range(), Interval::point);
        let never = figure.point().is_none();
        Extent { figure, near, missing: never, never, core: Some((figure.low(), figure.high())), moved: false }
    }

    /// Returns the extent of a fact with leeway.
    pub(crate) fn of_leeway(leeway: &Leeway, value_type: &Type) -> Self {
        let figure = Figure::missing(value_type);
        let (near, missing) = match leeway {
            Leeway::Within { interval, or_unknown } => (Some(*interval), *or_unknown),
            Leeway::Among(values) => {
                let numbers = values.iter().flatten().filter_map(crate::model::Value::as_number).map(Interval::point);
                (numbers.reduce(Interval::hull), values.contains(&None))
            }
        };
        match near {
            Some(near) => {
                let core = Some((near.high(), near.low()));
                Extent { figure, near, missing, never: false, core, moved: true }
            }
            None => {
                let core = Some((figure.low(), figure.high()));
                Extent { figure, near: figure.range(), missing: true, never: true, core, moved: true }
            }
        }
    }

    /// Returns the extent of a figure made of others. What could overflow or divide by zero may have no
    /// point.
    fn made_of(parts: &[Extent], figure: Figure, near: Figure) -> Self {
        let moved = parts.iter().any(|part| part.moved);
        if !moved {
            return Extent::ordinary(figure);
        }
        let near = figure.point().map_or(near.range(), Interval::point);
        let unbounded = !(near.low().is_finite() && near.high().is_finite());
        let missing = unbounded || parts.iter().any(|part| part.missing);
        Extent { figure, near, missing, never: parts.iter().any(|part| part.never), core: None, moved }
    }

    /// Returns everything that decides a comparison.
    fn held(self) -> Interval {
        if self.missing { self.figure.range() } else { self.near }
    }

    /// Tells whether for every choice the two intervals overlap by more than an end, so that no comparison is decided
    /// by them.
    fn straddles(self, other: Extent) -> bool {
        let (Some(left), Some(right)) = (self.core, other.core) else { return false };
        left.0 < right.1 && right.0 < left.1
    }

    fn near(self) -> Figure {
        Figure::new(None, self.near)
    }

    /// Returns what the amount of an action may be: a point, or an interval that holds it. An amount
    /// without a point counts at its least.
    pub(crate) fn amount(self) -> Figure {
        match (self.figure.point(), self.moved) {
            (Some(point), _) => Figure::exact(point),
            (None, false) => Figure::exact(self.figure.low()),
            (None, true) => Figure::new(None, self.held()),
        }
    }

    /// Returns how it may compare with another.
    pub(crate) fn compare(self, comparison: Comparison, other: Extent) -> Reach {
        if !self.moved && !other.moved {
            return Reach::exact(self.figure.compare(comparison, other.figure).point());
        }
        if let (Some(left), Some(right)) = (self.figure.point(), other.figure.point()) {
            return Reach::exact(compare_numbers(left, comparison, right).into()).moved();
        }
        if (self.never || other.never) && self.straddles(other) {
            return Reach::exact(Truth::Unknown).moved();
        }
        let missing = self.missing || other.missing;
        let (left, right) = if missing { (self.figure.range(), other.figure.range()) } else { (self.near, other.near) };
        match Figure::new(None, left).compare(comparison, Figure::new(None, right)).bounds() {
            Truth::Unknown if missing => Reach::ANY,
            Truth::Unknown => Reach::EITHER,
            decided => Reach::exact(decided).moved(),
        }
    }
}

impl Imagined<'_> {
    /// Evaluates an expression.
    pub(crate) fn extent(&self, expression: &Expression, variables: &mut [Element]) -> Extent {
        match &expression.kind {
            ExpressionKind::Literal(_) => self.ordinary(expression, variables),
            ExpressionKind::Input(input) => match self.leeway_of(input, variables) {
                Some(leeway) => Extent::of_leeway(leeway, &self.scope.knowledge.inputs[input.input].value_type),
                None => self.ordinary(expression, variables),
            },
            ExpressionKind::Measure { measure, node } => {
                let node = match node {
                    NodeRef::Node(node) => Some(*node),
                    NodeRef::Variable(variable) => match variables.get(variable.index()) {
                        Some(Element::Node(node)) => Some(*node),
                        _ => None,
                    },
                };
                match (&self.measures, node) {
                    (Some(measures), Some(node)) => {
                        let figure = measures.get(*measure, node);
                        let known = self.scope.measures.map(|measures| measures.get(*measure, node).point());
                        if known == Some(figure.point()) {
                            return self.ordinary(expression, variables);
                        }
                        // Bounds of the assessment are not imagined anew, so they may be anything.
                        let near = figure.range();
                        Extent {
                            figure: Figure::new(figure.point(), Interval::WHOLE),
                            near,
                            missing: false,
                            never: false,
                            core: None,
                            moved: true,
                        }
                    }
                    _ => self.ordinary(expression, variables),
                }
            }
            ExpressionKind::Arithmetic { operator, left, right } => {
                let (left, right) = (self.extent(left, variables), self.extent(right, variables));
                let figure = arithmetic(*operator, left.figure, right.figure);
                let extent = Extent::made_of(&[left, right], figure, arithmetic(*operator, left.near(), right.near()));
                let may_divide_by_zero = *operator == Arithmetic::Divide && right.near.contains(0.0);
                let core = left.core.zip(right.core).and_then(|(left, right)| match operator {
                    Arithmetic::Add => Some((left.0 + right.0, left.1 + right.1)),
                    Arithmetic::Subtract => Some((left.0 - right.1, left.1 - right.0)),
                    Arithmetic::Multiply | Arithmetic::Divide => None,
                });
                Extent { missing: extent.missing || (extent.moved && may_divide_by_zero), core, ..extent }
            }
            ExpressionKind::Negate(value) => {
                let value = self.extent(value, variables);
                let core = value.core.map(|(low, high)| (-high, -low));
                Extent { core, ..Extent::made_of(&[value], negate(value.figure), negate(value.near())) }
            }
            ExpressionKind::Absolute(value) => {
                let value = self.extent(value, variables);
                Extent::made_of(&[value], absolute(value.figure), absolute(value.near()))
            }
            ExpressionKind::Ramp { value, points } => {
                let value = self.extent(value, variables);
                Extent::made_of(&[value], ramp(value.figure, points), ramp(value.near(), points))
            }
            ExpressionKind::Aggregate { aggregate, variable, index, condition, of } => {
                let parts = (condition.as_deref(), of.as_deref());
                let extent = self.aggregate(*aggregate, (*variable, *index), parts, variables);
                if extent.moved { extent } else { self.ordinary(expression, variables) }
            }
        }
    }

    fn ordinary(&self, expression: &Expression, variables: &mut [Element]) -> Extent {
        Extent::ordinary(self.scope.figure::<Silent>(expression, variables).0)
    }

    /// Evaluates an aggregate; what it says is of use only if a member is moved.
    fn aggregate(
        &self,
        aggregate: Aggregate,
        (variable, index): (VariableId, IndexRef),
        (condition, of): (Option<&Condition>, Option<&Expression>),
        variables: &mut [Element],
    ) -> Extent {
        let open = self.scope.domains.is_open(index);
        let (mut near, mut far) = (Vec::new(), Vec::new());
        let (mut moved, mut missing) = (false, open);
        for &element in self.scope.domains.elements(index) {
            if let Some(slot) = variables.get_mut(variable.index()) {
                *slot = element;
            }
            let counts = condition.map(|condition| self.condition(condition, variables));
            let value = of.map_or(Extent::exact(1.0), |of| self.extent(of, variables));
            let reach = counts.unwrap_or(Reach::exact(Truth::True));
            moved |= reach.is_moved() || value.moved;
            missing |= reach.may_be_unknown();
            missing |= reach.may_hold() && value.missing;
            let point = value.figure.point();
            near.push(Member {
                counts: match (reach.surely_holds(), reach.may_hold() || reach.may_be_unknown()) {
                    (true, _) => Outcome::TRUE,
                    (_, true) => Outcome::UNKNOWN,
                    (_, false) => Outcome::FALSE,
                },
                value: point.map_or(Figure::new(None, value.near), Figure::exact),
            });
            // Whether a member is certain to count is not imagined, so it may or may not.
            let counts = if condition.is_some() { Outcome::UNKNOWN } else { Outcome::TRUE };
            far.push(Member { counts, value: Figure::new(None, value.figure.range()) });
        }
        let far = aggregate_figures(aggregate, &far, open).range();
        let near = aggregate_figures(aggregate, &near, open);
        let undefined = near.point().is_none() && !(near.low().is_finite() && near.high().is_finite());
        let point = near.point().filter(|_| !missing);
        Extent {
            figure: Figure::new(point, far),
            near: near.range(),
            missing: point.is_none() && (missing || undefined),
            never: open,
            core: None,
            moved,
        }
    }
}
