//! `test` blocks: what is given and what must follow.

use super::{Comparison, FindingId, InputId, Measure, MitigationId, NodeId, RelationId, RuleId, Value, VerdictId};
use crate::source::Span;

/// A test of the pack.
#[derive(Clone, Debug)]
pub struct TestCase {
    /// Its sentence.
    pub name: String,
    /// What is known; everything else is unknown.
    pub given: Vec<Given>,
    /// What must follow; at least one.
    pub expect: Vec<Expectation>,
    /// The whole declaration.
    pub span: Span,
}

/// Something that a test supposes.
#[derive(Clone, Debug)]
pub struct Given {
    /// What.
    pub kind: GivenKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of supposition. A relation that a test mentions holds for what it gives and for nothing else.
#[derive(Clone, Debug)]
pub enum GivenKind {
    /// An input has a value.
    Fact {
        /// The input.
        input: InputId,
        /// A member for each of its index sets, by name.
        members: Vec<String>,
        /// The value.
        value: Value,
        /// The confidence interval.
        within: Option<(f64, f64)>,
        /// The 95th percentile of the noise floor; only of a metric.
        noise: Option<f64>,
    },
    /// A relation holds.
    Related {
        /// The relation.
        relation: RelationId,
        /// Its arguments, by name.
        members: Vec<String>,
        /// Whether that is not certain.
        unsure: bool,
    },
    /// A relation holds between none.
    Unrelated(RelationId),
}

/// Something that must follow.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What.
    pub kind: ExpectationKind,
    /// Where it is written.
    pub span: Span,
}

/// Whether a rule fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FiringState {
    /// An instance fires on point values.
    Fired,
    /// No instance fires and none could, given what is known.
    NotFired,
    /// None fires, and what is unknown could make one fire.
    Undecided,
}

/// The kinds of expectation.
#[derive(Clone, Debug)]
pub enum ExpectationKind {
    /// A rule's state.
    Rule {
        /// The rule.
        rule: RuleId,
        /// Its state.
        state: FiringState,
    },
    /// An estimate compares so.
    Measure {
        /// Which figure.
        measure: Measure,
        /// Of which node.
        node: NodeId,
        /// How.
        comparison: Comparison,
        /// With what.
        value: f64,
    },
    /// A finding was concluded on point values, or was not.
    Finding {
        /// The finding.
        finding: FindingId,
        /// Its arguments by name.
        members: Vec<String>,
        /// False for `expect no finding`.
        present: bool,
    },
    /// A mitigation is among the recommendations (and not contraindicated), or is not.
    Recommended {
        /// The mitigation.
        mitigation: MitigationId,
        /// False for `expect not recommended`.
        present: bool,
    },
    /// A mitigation is struck out.
    Contraindicated(MitigationId),
    /// The verdict.
    Verdict(VerdictId),
    /// A flag with this text was raised.
    Flagged(String),
}
