//! Are both sides of one type, and every literal within it?
//!
//! A written number without `%` or unit is *plain*: it takes the type of the other side, and is
//! checked against that type's range. So is what comes out of a ratio of two like quantities.

use super::super::error::{ModelError, Side};
use super::super::from_syntax::Context;
use super::super::{Arithmetic, Expression, ExpressionKind, InputId, Type, Value};
use crate::source::Span;

/// The type of an expression as far as its text alone decides it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::model) enum WrittenType {
    /// This one.
    Exact(Type),
    /// A number that takes the type of what it meets.
    Plain,
}

/// An expression and what its text says about its type.
#[derive(Clone, Debug)]
pub(in crate::model) struct Typed {
    pub expression: Expression,
    pub written: WrittenType,
}

impl Typed {
    pub(in crate::model) fn exact(expression: Expression) -> Self {
        let written = WrittenType::Exact(expression.value_type.clone());
        Self { expression, written }
    }

    fn side(&self) -> Side {
        let what = match &self.written {
            WrittenType::Exact(Type::Ratio) if matches!(self.expression.kind, ExpressionKind::Literal(_)) => {
                "percentage".to_owned()
            }
            WrittenType::Exact(value_type) => short(value_type),
            WrittenType::Plain => "number without a unit".to_owned(),
        };
        Side { what, span: self.expression.span }
    }
}

/// Returns the type in a few words; long lists of options are cut.
fn short(value_type: &Type) -> String {
    match value_type {
        Type::OneOf(options) if options.len() > 3 => format!("one of {}, …", options[..3].join(", ")),
        Type::ManyOf(options) if options.len() > 3 => format!("many of {}, …", options[..3].join(", ")),
        Type::Number { unit: None } => "plain number".to_owned(),
        other => other.to_string(),
    }
}

/// Returns the number that is written, if it is one.
pub(in crate::model) fn literal_number(expression: &Expression) -> Option<f64> {
    match &expression.kind {
        ExpressionKind::Literal(Value::Number(number)) => Some(*number),
        ExpressionKind::Negate(inner) => literal_number(inner).map(|number| -number),
        _ => None,
    }
}

/// Tells whether an expression is made of written numbers alone, so that its author chose what it counts.
fn is_written(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Ramp { .. } => true,
        ExpressionKind::Negate(inner) | ExpressionKind::Absolute(inner) => is_written(inner),
        ExpressionKind::Arithmetic { left, right, .. } => is_written(left) && is_written(right),
        ExpressionKind::Input(_) | ExpressionKind::Measure { .. } | ExpressionKind::Aggregate { .. } => false,
    }
}

/// Returns the input if the expression is nothing but its value.
pub(in crate::model) fn is_plain_reading(expression: &Expression) -> Option<InputId> {
    match &expression.kind {
        ExpressionKind::Input(input) => Some(input.input),
        _ => None,
    }
}

/// Gives a plain expression its type, and the numbers in it.
fn retype(expression: &mut Expression, value_type: &Type) {
    expression.value_type = value_type.clone();
    match &mut expression.kind {
        ExpressionKind::Negate(inner) | ExpressionKind::Absolute(inner) => retype(inner, value_type),
        _ => {}
    }
}

/// Makes both sides one type, or says that they cannot be.
pub(in crate::model) fn unify(
    context: &mut Context<'_>,
    mut left: Typed,
    mut right: Typed,
    verb: &'static str,
) -> Option<(Expression, Expression)> {
    match (&left.written, &right.written) {
        (WrittenType::Plain, WrittenType::Plain) => {}
        (WrittenType::Exact(left_type), WrittenType::Exact(right_type)) => {
            if left_type != right_type {
                differ(context, &left, &right, verb);
                return None;
            }
        }
        (WrittenType::Exact(value_type), WrittenType::Plain) => {
            if !fits(context, value_type, &left, &right, verb) {
                return None;
            }
            retype(&mut right.expression, value_type);
        }
        (WrittenType::Plain, WrittenType::Exact(value_type)) => {
            if !fits(context, value_type, &right, &left, verb) {
                return None;
            }
            retype(&mut left.expression, value_type);
        }
    }
    Some((left.expression, right.expression))
}

fn differ(context: &mut Context<'_>, left: &Typed, right: &Typed, verb: &'static str) {
    let help = repair(left, right).or_else(|| repair(right, left)).unwrap_or_else(|| "compare like with like".into());
    context.diagnostics.push(ModelError::TypesDiffer { left: left.side(), right: right.side(), verb, help });
}

/// Returns what to write instead of a literal beside `other`.
fn repair(literal: &Typed, other: &Typed) -> Option<String> {
    if let (ExpressionKind::Literal(Value::Text(text)), WrittenType::Exact(Type::OneOf(options))) =
        (&literal.expression.kind, &other.written)
        && options.contains(text)
    {
        return Some(format!("write `{text}` without quotes"));
    }
    let number = literal_number(&literal.expression)?;
    match (&literal.written, &other.written) {
        (WrittenType::Exact(Type::Ratio), WrittenType::Exact(Type::Number { unit: None })) => {
            Some(format!("a plain number is written without `%`, such as `{number}`"))
        }
        (WrittenType::Exact(Type::Ratio), WrittenType::Exact(Type::Count)) => {
            Some("a count is a whole number; divide it by another count for a share".into())
        }
        (WrittenType::Exact(Type::Ratio), WrittenType::Exact(Type::Duration)) => {
            Some("write `3 months` or `10 days`".into())
        }
        (WrittenType::Exact(Type::Duration), WrittenType::Exact(Type::Ratio)) => {
            Some("write a share, such as `10%`".into())
        }
        (WrittenType::Exact(Type::Number { unit: Some(_) }), WrittenType::Exact(Type::Number { unit: Some(unit) })) => {
            Some(format!("write the figure in `{unit}`"))
        }
        (WrittenType::Exact(Type::Number { unit: Some(unit) }), WrittenType::Exact(value_type)) => match value_type {
            Type::Count | Type::Number { unit: None } => Some(format!("remove the unit `{unit}`")),
            Type::Duration => Some("a length of time is in days, weeks, months or years".into()),
            _ => None,
        },
        _ => None,
    }
}

/// Tells whether a plain number can stand beside a value of `value_type`.
fn fits(context: &mut Context<'_>, value_type: &Type, exact: &Typed, plain: &Typed, verb: &'static str) -> bool {
    let number = literal_number(&plain.expression);
    let span = plain.expression.span;
    let shown = |number: f64| format!("`{number}`");
    // A difference may be negative; only a value as it comes is held against the type's range.
    let as_it_comes = matches!(
        exact.expression.kind,
        ExpressionKind::Input(_)
            | ExpressionKind::Measure { .. }
            | ExpressionKind::Aggregate { .. }
            | ExpressionKind::Literal(_)
    );
    match value_type {
        Type::Ratio => {
            let Some(number) = number else { return true };
            let low = if as_it_comes { 0.0 } else { -1.0 };
            if (low..=1.0).contains(&number) {
                return true;
            }
            let help = if number > 1.0 && number <= 100.0 {
                format!("did you mean `{number}%`?")
            } else {
                "a share lies between 0 and 1, or 0% and 100%".to_owned()
            };
            context.diagnostics.push(ModelError::RatioOutOfRange {
                value: shown(number),
                span,
                other: Some(exact.side()),
                help,
            });
            false
        }
        Type::Score { low, high } => {
            let Some(number) = number else { return true };
            if !as_it_comes || (f64::from(*low)..=f64::from(*high)).contains(&number) {
                return true;
            }
            context.diagnostics.push(ModelError::ValueOutOfRange {
                value: shown(number),
                low: low.to_string(),
                high: high.to_string(),
                span,
                other: Some(exact.side()),
            });
            false
        }
        Type::Count => {
            let Some(number) = number else { return true };
            if as_it_comes && number.fract() != 0.0 {
                context.diagnostics.push(ModelError::NotAWholeNumber {
                    value: shown(number),
                    span,
                    other: Some(exact.side()),
                });
                return false;
            }
            if as_it_comes && number < 0.0 {
                context.diagnostics.push(ModelError::ValueOutOfRange {
                    value: shown(number),
                    low: "0".into(),
                    high: "any number".into(),
                    span,
                    other: Some(exact.side()),
                });
                return false;
            }
            true
        }
        Type::Number { unit: Some(unit) } if !is_written(&plain.expression) => {
            let help = format!("a figure that was computed gets the unit by `* 1 {unit}`");
            context.diagnostics.push(ModelError::TypesDiffer { left: exact.side(), right: plain.side(), verb, help });
            false
        }
        Type::Number { .. } => true,
        Type::Duration | Type::Date | Type::YesNo | Type::OneOf(_) | Type::ManyOf(_) | Type::Text => {
            let help = match value_type {
                Type::Duration => match number {
                    Some(number) => format!("write the unit: `{number} days`, `{number} weeks` or `{number} months`"),
                    None => "a length of time has a unit".to_owned(),
                },
                Type::Date => "dates are written `2024-05-31`".to_owned(),
                Type::YesNo => "write `yes` or `no`".to_owned(),
                Type::OneOf(options) | Type::ManyOf(options) => {
                    format!("the options are {}", crate::diagnostic::List::and(options.iter().map(String::as_str)))
                }
                _ => "a text stands in quotes".to_owned(),
            };
            context.diagnostics.push(ModelError::TypesDiffer { left: exact.side(), right: plain.side(), verb, help });
            false
        }
    }
}

/// Returns the expression that joins two operands, with its type.
pub(in crate::model) fn join(
    context: &mut Context<'_>,
    operator: Arithmetic,
    left: Typed,
    right: Typed,
    span: Span,
) -> Option<Typed> {
    let written = match operator {
        Arithmetic::Add | Arithmetic::Subtract => return add(context, operator, left, right, span),
        Arithmetic::Multiply => product(&left.written, &right.written),
        Arithmetic::Divide => quotient(&left.written, &right.written),
    };
    let Some(written) = written else {
        let verb = if operator == Arithmetic::Multiply { "multiplied" } else { "divided" };
        let help = "at most one of the two may have a unit".to_owned();
        context.diagnostics.push(ModelError::TypesDiffer { left: left.side(), right: right.side(), verb, help });
        return None;
    };
    Some(joined(operator, left.expression, right.expression, written, span))
}

fn joined(operator: Arithmetic, left: Expression, right: Expression, written: WrittenType, span: Span) -> Typed {
    let value_type = match &written {
        WrittenType::Exact(value_type) => value_type.clone(),
        WrittenType::Plain => Type::Number { unit: None },
    };
    let kind = ExpressionKind::Arithmetic { operator, left: Box::new(left), right: Box::new(right) };
    Typed { expression: Expression { kind, value_type, span }, written }
}

fn add(context: &mut Context<'_>, operator: Arithmetic, left: Typed, right: Typed, span: Span) -> Option<Typed> {
    let verb = if operator == Arithmetic::Add { "added" } else { "subtracted" };
    match (&left.written, &right.written) {
        (WrittenType::Plain, WrittenType::Plain) => {
            Some(joined(operator, left.expression, right.expression, WrittenType::Plain, span))
        }
        (WrittenType::Exact(Type::Date), WrittenType::Exact(Type::Date)) if operator == Arithmetic::Subtract => {
            Some(joined(operator, left.expression, right.expression, WrittenType::Exact(Type::Duration), span))
        }
        (WrittenType::Exact(Type::Date), WrittenType::Exact(Type::Duration)) => {
            Some(joined(operator, left.expression, right.expression, WrittenType::Exact(Type::Date), span))
        }
        // Ratings keep their meaning only as they come.
        (WrittenType::Exact(Type::Score { .. }), WrittenType::Exact(Type::Score { .. }) | WrittenType::Plain)
        | (WrittenType::Plain, WrittenType::Exact(Type::Score { .. })) => {
            Some(joined(operator, left.expression, right.expression, WrittenType::Plain, span))
        }
        (WrittenType::Exact(Type::Date), _) | (_, WrittenType::Exact(Type::Date)) => {
            let help = "a date and a length of time can be added, and two dates subtracted".to_owned();
            context.diagnostics.push(ModelError::TypesDiffer { left: left.side(), right: right.side(), verb, help });
            None
        }
        _ => {
            let (left, right) = unify(context, left, right, verb)?;
            let written = WrittenType::Exact(left.value_type.clone());
            Some(joined(operator, left, right, written, span))
        }
    }
}

/// Whether a type is a bare number once it is multiplied.
fn is_bare(written: &WrittenType) -> bool {
    matches!(
        written,
        WrittenType::Plain
            | WrittenType::Exact(Type::Ratio | Type::Count | Type::Score { .. } | Type::Number { unit: None })
    )
}

fn is_measured(written: &WrittenType) -> bool {
    matches!(written, WrittenType::Exact(Type::Number { unit: Some(_) } | Type::Duration))
}

fn product(left: &WrittenType, right: &WrittenType) -> Option<WrittenType> {
    match (is_bare(left), is_bare(right)) {
        (true, true) => Some(WrittenType::Plain),
        (true, false) if is_measured(right) => Some(right.clone()),
        (false, true) if is_measured(left) => Some(left.clone()),
        _ => None,
    }
}

fn quotient(left: &WrittenType, right: &WrittenType) -> Option<WrittenType> {
    match (is_bare(left), is_bare(right)) {
        (true, true) => Some(WrittenType::Plain),
        (false, true) if is_measured(left) => Some(left.clone()),
        (false, false) if is_measured(left) && left == right => Some(WrittenType::Plain),
        _ => None,
    }
}
