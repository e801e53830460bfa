//! Conditions: what is true, false or unknown.

use super::{Argument, Expression, FindingId, IndexRef, InputRef, RelationAtom, VariableId};
use crate::source::Span;

/// A condition and where it is written.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What it is.
    pub kind: ConditionKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of condition.
#[derive(Clone, Debug)]
pub enum ConditionKind {
    /// All hold; at least two.
    And(Vec<Condition>),
    /// At least one holds; at least two.
    Or(Vec<Condition>),
    /// It does not hold. `unknown(x)` is `Not(Known(x))`, `!=` is a comparison of its own.
    Not(Box<Condition>),
    /// Both sides are of one type.
    Compare {
        /// Left side.
        left: Expression,
        /// How they compare.
        comparison: Comparison,
        /// Right side.
        right: Expression,
    },
    /// The ends count.
    Between {
        /// What is compared.
        value: Expression,
        /// Lower end.
        low: Expression,
        /// Upper end.
        high: Expression,
    },
    /// A `one of` input has one of these options (positions in its list).
    In {
        /// The input.
        input: InputRef,
        /// The options.
        options: Vec<u32>,
    },
    /// A `many of` input contains the option.
    Includes {
        /// The input.
        input: InputRef,
        /// The option.
        option: u32,
    },
    /// The input has a value. Itself never unknown, except for members not yet known.
    Known(InputRef),
    /// The metric is above the 95th percentile of its noise floor.
    ExceedsNoise(InputRef),
    /// The finding was concluded.
    Finding(FindingAtom),
    /// The deployment says that the relation holds.
    Relation(RelationAtom),
    /// An input that some rule requires is not known; in advice and verdicts only.
    EvidenceMissing,
    /// The condition holds for some or for all members.
    Quantified {
        /// Some or all.
        quantifier: Quantifier,
        /// The variable that runs over the set.
        variable: VariableId,
        /// The set.
        index: IndexRef,
        /// The condition.
        condition: Box<Condition>,
    },
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

/// Some or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// Every one.
    All,
}

/// A finding with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FindingAtom {
    /// Which finding.
    pub finding: FindingId,
    /// One for each parameter.
    pub arguments: Vec<Argument>,
    /// Where it is written.
    pub span: Span,
}
