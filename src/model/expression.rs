//! Expressions: what is compared, weighted and counted.

use super::{Condition, IndexRef, InputId, NodeId, Type, Value, VariableId};
use crate::source::Span;

/// An expression with its type and place.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its type; checked, never a guess.
    pub value_type: Type,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// A written value; options are already positions, percentages already ratios, durations days.
    Literal(Value),
    /// The value of an input.
    Input(InputRef),
    /// A figure of the risk assessment; in advice and verdicts only.
    Measure {
        /// Which figure.
        measure: Measure,
        /// Of which mode or factor.
        node: NodeRef,
    },
    /// Two operands joined.
    Arithmetic {
        /// The operator.
        operator: Arithmetic,
        /// Left operand.
        left: Box<Expression>,
        /// Right operand.
        right: Box<Expression>,
    },
    /// The operand with its sign turned.
    Negate(Box<Expression>),
    /// The operand without its sign.
    Absolute(Box<Expression>),
    /// Straight lines between points, flat outside. At least two points, `x` strictly ascending.
    Ramp {
        /// Where on the x axis.
        value: Box<Expression>,
        /// The points.
        points: Vec<(f64, f64)>,
    },
    /// A figure over an index set.
    Aggregate {
        /// Which figure.
        aggregate: Aggregate,
        /// The variable that runs over the set.
        variable: VariableId,
        /// The set.
        index: IndexRef,
        /// Which members count; all where there is none.
        condition: Option<Box<Condition>>,
        /// What is aggregated; none for `count`.
        of: Option<Box<Expression>>,
    },
}

/// An input, with a member for each of its index sets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InputRef {
    /// The input.
    pub input: InputId,
    /// One for each index set of the input.
    pub arguments: Vec<Argument>,
    /// Where it is written.
    pub span: Span,
}

/// A member of an index set, named or bound to a variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// The member that the variable stands for.
    Variable(VariableId),
    /// A member by name, such as `"sex=F"`.
    Member(String),
}

/// A mode or factor, named or bound to a variable over the taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeRef {
    /// By name.
    Node(NodeId),
    /// The one that the variable stands for.
    Variable(VariableId),
}

/// A figure of the assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// 0..=1.
    Likelihood,
    /// 1..=10, modes only.
    Severity,
    /// 1..=10, modes only.
    Detectability,
    /// 0..=100, modes only.
    Risk,
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; a division by zero is unknown.
    Divide,
}

/// A figure over an index set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// How many members satisfy the condition.
    Count,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// The arithmetic mean.
    Mean,
    /// The sum.
    Sum,
}
