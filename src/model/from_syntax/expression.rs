//! Expressions and their types.

use super::super::check::types::{Typed, WrittenType, join, literal_number, unify};
use super::super::error::ModelError;
use super::super::{Aggregate, Arithmetic, Expression, ExpressionKind, IndexRef, Measure, NodeRef, Type, Value};
use super::clauses::shown;
use super::scope::Scope;
use crate::source::Span;
use crate::syntax::ast::{self, Atom, Brackets, ExpressionKind as Written, Number, Operator};

/// Returns a written number with its type; none where a unit decides nothing.
pub(super) fn number_value(number: &Number) -> (f64, WrittenType) {
    let value = number.value();
    if number.percent {
        return (value, WrittenType::Exact(Type::Ratio));
    }
    match &number.unit {
        None => (value, WrittenType::Plain),
        Some(unit) => match Type::days_in(&unit.value) {
            Some(days) => (value * days, WrittenType::Exact(Type::Duration)),
            None => (value, WrittenType::Exact(Type::Number { unit: Some(unit.value.clone()) })),
        },
    }
}

impl Scope<'_, '_> {
    /// Returns the value with its type, or nothing where something is wrong with it.
    pub(super) fn value(&mut self, written: &ast::Expression) -> Option<Typed> {
        let span = written.span;
        let number_type = Type::Number { unit: None };
        match &written.kind {
            Written::Group(inner) => self.value(inner),
            Written::Number(number) => {
                let (value, written_type) = number_value(number);
                if number.percent && !(0.0..=1.0).contains(&value) {
                    self.error(ModelError::RatioOutOfRange {
                        value: shown(number),
                        span,
                        other: None,
                        help: "a share lies between 0% and 100%".into(),
                    });
                    return None;
                }
                let value_type = match &written_type {
                    WrittenType::Exact(value_type) => value_type.clone(),
                    WrittenType::Plain => number_type,
                };
                let kind = ExpressionKind::Literal(Value::Number(value));
                Some(Typed { expression: Expression { kind, value_type, span }, written: written_type })
            }
            Written::Date(days) => {
                let kind = ExpressionKind::Literal(Value::Date(*days));
                Some(Typed::exact(Expression { kind, value_type: Type::Date, span }))
            }
            Written::Text(text) => {
                let kind = ExpressionKind::Literal(Value::Text(text.clone()));
                Some(Typed::exact(Expression { kind, value_type: Type::Text, span }))
            }
            Written::Atom(atom) => self.atom_value(atom),
            Written::Negate(inner) => {
                let inner = self.numeric(inner)?;
                let written = if matches!(inner.written, WrittenType::Exact(Type::Score { .. } | Type::Count)) {
                    WrittenType::Plain
                } else {
                    inner.written.clone()
                };
                let value_type = inner.expression.value_type.clone();
                let kind = ExpressionKind::Negate(Box::new(inner.expression));
                Some(Typed { expression: Expression { kind, value_type, span }, written })
            }
            Written::Arithmetic { operator, left, right } => {
                let left = self.numeric(left);
                let right = self.numeric(right);
                let operator = match operator.value {
                    Operator::Add => Arithmetic::Add,
                    Operator::Subtract => Arithmetic::Subtract,
                    Operator::Multiply => Arithmetic::Multiply,
                    Operator::Divide => Arithmetic::Divide,
                };
                join(self.context, operator, left?, right?, span)
            }
            Written::Aggregate { aggregate, variable, index, condition, of } => {
                self.aggregate(aggregate.value, variable, index, condition.as_deref(), of.as_deref(), span)
            }
            Written::And(_)
            | Written::Or(_)
            | Written::Not(_)
            | Written::Compare { .. }
            | Written::Between { .. }
            | Written::In { .. }
            | Written::Includes { .. }
            | Written::ExceedsNoise(_)
            | Written::Quantified { .. } => {
                self.error(ModelError::NotAValue {
                    what: "a condition".into(),
                    span,
                    help: "conditions are joined by `and` and `or`, not compared; parentheses may be missing".into(),
                });
                None
            }
        }
    }

    /// Returns a value that can be reckoned with.
    fn numeric(&mut self, written: &ast::Expression) -> Option<Typed> {
        let typed = self.value(written)?;
        if let WrittenType::Exact(value_type @ (Type::YesNo | Type::OneOf(_) | Type::ManyOf(_) | Type::Text)) =
            &typed.written
        {
            let what = format!("a {value_type} value");
            self.error(ModelError::WrongArguments {
                function: "arithmetic".into(),
                wanted: "numbers",
                span: written.span,
                help: format!("{what} cannot be added, multiplied or the like"),
            });
            return None;
        }
        Some(typed)
    }

    fn atom_value(&mut self, atom: &Atom) -> Option<Typed> {
        let span = atom.span;
        match (atom.name.value.as_str(), atom.brackets) {
            ("abs", Brackets::Round) => {
                let [argument] = atom.arguments.as_slice() else {
                    self.error(ModelError::WrongArguments {
                        function: "abs".into(),
                        wanted: "one value",
                        span,
                        help: "write `abs(a - b)`".into(),
                    });
                    return None;
                };
                let inner = self.numeric(&argument.value)?;
                let value_type = inner.expression.value_type.clone();
                let kind = ExpressionKind::Absolute(Box::new(inner.expression));
                Some(Typed { expression: Expression { kind, value_type, span }, written: inner.written })
            }
            ("ramp", Brackets::Round) => self.ramp(atom),
            ("likelihood", Brackets::Round) => self.measure(atom, Measure::Likelihood, Type::Ratio),
            ("severity", Brackets::Round) => self.measure(atom, Measure::Severity, Type::Score { low: 1, high: 10 }),
            ("detectability", Brackets::Round) => {
                self.measure(atom, Measure::Detectability, Type::Score { low: 1, high: 10 })
            }
            ("risk", Brackets::Round) => self.measure(atom, Measure::Risk, Type::Number { unit: None }),
            _ => {
                let (input, declared) = self.input(atom)?;
                let kind = ExpressionKind::Input(input);
                Some(Typed::exact(Expression { kind, value_type: declared.value_type.clone(), span }))
            }
        }
    }

    fn ramp(&mut self, atom: &Atom) -> Option<Typed> {
        let [value, points @ ..] = atom.arguments.as_slice() else {
            self.error(ModelError::RampTooShort { span: atom.span });
            return None;
        };
        let mut value = self.numeric(&value.value)?;
        let mut lowered: Vec<(f64, f64)> = Vec::with_capacity(points.len());
        let mut last: Option<(f64, Span)> = None;
        let mut height: Option<Typed> = None;
        for point in points {
            let Some(target) = &point.target else {
                self.error(ModelError::RampTooShort { span: point.value.span });
                return None;
            };
            let x = self.numeric(&point.value)?;
            let y = self.numeric(target)?;
            let (x_span, y_span) = (x.expression.span, y.expression.span);
            let (back, x) = unify(self.context, value, x, "compared")?;
            value = Typed::exact(back);
            let y = match height.take() {
                Some(before) => self.same_height(before, y)?,
                None => y,
            };
            let (Some(x), Some(y_number)) = (literal_number(&x), literal_number(&y.expression)) else {
                self.error(ModelError::RampTooShort { span: x_span.to(y_span) });
                return None;
            };
            height = Some(y);
            if let Some((last_x, last_span)) = last
                && last_x >= x
            {
                self.error(ModelError::RampPoints { first: last_span, second: x_span });
                return None;
            }
            last = Some((x, x_span));
            lowered.push((x, y_number));
        }
        if lowered.len() < 2 {
            self.error(ModelError::RampTooShort { span: atom.span });
            return None;
        }
        let kind = ExpressionKind::Ramp { value: Box::new(value.expression), points: lowered };
        let Typed { expression: Expression { value_type, .. }, written } = height?;
        Some(Typed { expression: Expression { kind, value_type, span: atom.span }, written })
    }

    /// Returns the next height of a ramp, which is of one type with the one before.
    fn same_height(&mut self, before: Typed, next: Typed) -> Option<Typed> {
        let plain = before.written == WrittenType::Plain && next.written == WrittenType::Plain;
        let (_, expression) = unify(self.context, before, next, "heights of one ramp")?;
        Some(if plain { Typed { expression, written: WrittenType::Plain } } else { Typed::exact(expression) })
    }

    fn measure(&mut self, atom: &Atom, measure: Measure, value_type: Type) -> Option<Typed> {
        let what = match measure {
            Measure::Likelihood => "a likelihood",
            Measure::Severity => "a severity",
            Measure::Detectability => "a detectability",
            Measure::Risk => "a risk",
        };
        self.late.push((what, atom.span));
        let [argument] = atom.arguments.as_slice() else {
            self.measure_of_nothing(atom);
            return None;
        };
        let Written::Atom(Atom { name, brackets: Brackets::None, .. }) = &argument.value.kind else {
            self.measure_of_nothing(atom);
            return None;
        };
        let only_modes = measure != Measure::Likelihood;
        let word = &what[2..];
        let node = if let Some(id) = self.variable(&name.value) {
            let variable = &self.variables[id.index()];
            let (index, bound) = (variable.index, variable.span);
            let fits = index == IndexRef::Modes || (index == IndexRef::Factors && !only_modes);
            if !fits {
                let set = self.context.symbols.index_name(index);
                self.error(ModelError::WrongMembers {
                    message: format!("a {word} needs a mode, and `{}` is a member of {set}", name.value),
                    span: name.span,
                    label: format!("a member of {set}"),
                    declared: Some((bound, "bound here".into())),
                    help: "bind the variable in `mode`".into(),
                });
                return None;
            }
            NodeRef::Variable(id)
        } else {
            let symbols = self.context.symbols;
            let id: super::super::NodeId = symbols.resolve(&symbols.nodes, name, &mut self.context.diagnostics)?;
            let entry = &symbols.nodes.entries[id.index()];
            if only_modes && entry.keyword == ast::Keyword::Factor {
                let error = ModelError::NotAMode {
                    name: name.value.clone(),
                    what: word,
                    span: name.span,
                    declared: Some(entry.span),
                };
                self.error(error);
                return None;
            }
            NodeRef::Node(id)
        };
        let kind = ExpressionKind::Measure { measure, node };
        Some(Typed::exact(Expression { kind, value_type, span: atom.span }))
    }

    fn measure_of_nothing(&mut self, atom: &Atom) {
        let name = &atom.name.value;
        self.error(ModelError::WrongArguments {
            function: name.clone(),
            wanted: "the name of one mode, or a variable over `mode`",
            span: atom.span,
            help: format!("write `{name}(m)`"),
        });
    }

    fn aggregate(
        &mut self,
        aggregate: ast::Aggregate,
        variable: &ast::Name,
        index: &ast::Name,
        condition: Option<&ast::Expression>,
        of: Option<&ast::Expression>,
        span: Span,
    ) -> Option<Typed> {
        let id = self.bind(variable, index)?;
        let outer = self.strict.replace(super::scope::Strictness::Aggregate);
        let condition = condition.map(|condition| self.condition(condition));
        let of = of.map(|of| self.numeric(of));
        self.strict = outer;
        self.unbind();
        let condition = match condition {
            Some(condition) => Some(Box::new(condition?)),
            None => None,
        };
        let of = match of {
            Some(of) => Some(of?),
            None => None,
        };
        let (aggregate, value_type, written) = match (aggregate, of.as_ref().map(|of| &of.written)) {
            (ast::Aggregate::Count, _) => (Aggregate::Count, Type::Count, WrittenType::Exact(Type::Count)),
            (other, written) => {
                let written = written.cloned().unwrap_or(WrittenType::Plain);
                let aggregate = match other {
                    ast::Aggregate::Min => Aggregate::Min,
                    ast::Aggregate::Max => Aggregate::Max,
                    ast::Aggregate::Mean => Aggregate::Mean,
                    _ => Aggregate::Sum,
                };
                let written = match (aggregate, written) {
                    // A mean of counts or ratings need not be whole, a sum of shares no share.
                    (Aggregate::Mean, WrittenType::Exact(Type::Count | Type::Score { .. }))
                    | (Aggregate::Sum, WrittenType::Exact(Type::Ratio | Type::Score { .. })) => WrittenType::Plain,
                    (_, written) => written,
                };
                let value_type = match &written {
                    WrittenType::Exact(value_type) => value_type.clone(),
                    WrittenType::Plain => Type::Number { unit: None },
                };
                (aggregate, value_type, written)
            }
        };
        let index = self.variables[id.index()].index;
        let of = of.map(|of| Box::new(of.expression));
        let kind = ExpressionKind::Aggregate { aggregate, variable: id, index, condition, of };
        Some(Typed { expression: Expression { kind, value_type, span }, written })
    }
}
