//! What stands inside the conditions and expressions of a rule, before anything is evaluated.

use crate::model::{ActionKind, Condition, ConditionKind, Expression, ExpressionKind, InputId, Rule};

/// Returns the expression that an action carries.
pub(crate) fn amount(action: &ActionKind) -> Option<&Expression> {
    match action {
        ActionKind::Suspect { likelihood: amount, .. }
        | ActionKind::Exonerate { by: amount, .. }
        | ActionKind::Adjust { amount, .. } => Some(amount),
        ActionKind::Conclude(_)
        | ActionKind::Recommend(_)
        | ActionKind::Contraindicate { .. }
        | ActionKind::Require(_)
        | ActionKind::Flag { .. } => None,
    }
}

/// A condition or an expression inside another.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// A condition.
    Condition(&'a Condition),
    /// An expression.
    Expression(&'a Expression),
}

/// Returns what stands directly inside a condition.
pub(crate) fn condition_parts(condition: &Condition) -> Vec<Part<'_>> {
    match &condition.kind {
        ConditionKind::And(parts) | ConditionKind::Or(parts) => parts.iter().map(Part::Condition).collect(),
        ConditionKind::Not(part) => vec![Part::Condition(part)],
        ConditionKind::Compare { left, right, .. } => vec![Part::Expression(left), Part::Expression(right)],
        ConditionKind::Between { value, low, high } => {
            vec![Part::Expression(value), Part::Expression(low), Part::Expression(high)]
        }
        ConditionKind::Quantified { condition, .. } => vec![Part::Condition(condition)],
        ConditionKind::In { .. }
        | ConditionKind::Includes { .. }
        | ConditionKind::Known(_)
        | ConditionKind::ExceedsNoise(_)
        | ConditionKind::Finding(_)
        | ConditionKind::Relation(_)
        | ConditionKind::EvidenceMissing => Vec::new(),
    }
}

/// Returns what stands directly inside an expression.
pub(crate) fn expression_parts(expression: &Expression) -> Vec<Part<'_>> {
    match &expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Input(_) | ExpressionKind::Measure { .. } => Vec::new(),
        ExpressionKind::Arithmetic { left, right, .. } => vec![Part::Expression(left), Part::Expression(right)],
        ExpressionKind::Negate(value) | ExpressionKind::Absolute(value) | ExpressionKind::Ramp { value, .. } => {
            vec![Part::Expression(value)]
        }
        ExpressionKind::Aggregate { condition, of, .. } => {
            let condition = condition.iter().map(|condition| Part::Condition(condition));
            condition.chain(of.iter().map(|of| Part::Expression(of))).collect()
        }
    }
}

impl<'a> Part<'a> {
    /// Calls `visit` on this part and on everything inside it, a part before what is inside.
    pub(crate) fn walk(self, visit: &mut dyn FnMut(Part<'a>)) {
        visit(self);
        let parts = match self {
            Part::Condition(condition) => condition_parts(condition),
            Part::Expression(expression) => expression_parts(expression),
        };
        for part in parts {
            part.walk(visit);
        }
    }
}

/// Calls `visit` on every condition and expression of a rule.
pub(crate) fn walk_rule<'a>(rule: &'a Rule, visit: &mut dyn FnMut(Part<'a>)) {
    if let Some(condition) = &rule.body.condition {
        Part::Condition(condition).walk(visit);
    }
    for amount in rule.actions.iter().filter_map(|action| amount(&action.kind)) {
        Part::Expression(amount).walk(visit);
    }
}

/// Returns the input that a part reads itself.
pub(crate) fn read_input(part: Part<'_>) -> Option<InputId> {
    match part {
        Part::Condition(condition) => match &condition.kind {
            ConditionKind::In { input, .. }
            | ConditionKind::Includes { input, .. }
            | ConditionKind::Known(input)
            | ConditionKind::ExceedsNoise(input) => Some(input.input),
            _ => None,
        },
        Part::Expression(Expression { kind: ExpressionKind::Input(input), .. }) => Some(input.input),
        Part::Expression(_) => None,
    }
}
