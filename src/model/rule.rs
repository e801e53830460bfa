//! Rules, findings and verdicts.

use super::{About, Condition, Expression, FindingAtom, IndexRef, InputId, MitigationId, Named, NodeId, RuleId};
use crate::source::{Span, Spanned};

/// Variables and a condition: what rules and verdicts share.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// All variables; those of `for each` come first, those of quantifiers and aggregates after.
    pub variables: Vec<Variable>,
    /// How many of them are bound by `for each`.
    pub for_each: usize,
    /// The condition; none holds always.
    pub condition: Option<Condition>,
}

/// A variable and the set it runs over.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The set.
    pub index: IndexRef,
    /// Where it is bound.
    pub span: Span,
}

/// When a rule is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Before the likelihoods, which it may feed.
    Evidence,
    /// After the risks, which it may read.
    Advice,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, such as `calibration.poor`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Variables and condition.
    pub body: Body,
    /// What follows, in the order written; at least one.
    pub actions: Vec<Action>,
    /// The group of evidence that counts once.
    pub evidence: Option<Spanned<String>>,
    /// When it is evaluated.
    pub phase: Phase,
    /// Its stratum within the phase: findings that it reads are complete in lower strata.
    pub stratum: u32,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

/// One consequence of a rule.
#[derive(Clone, Debug)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of action.
#[derive(Clone, Debug)]
pub enum ActionKind {
    /// Derives a finding.
    Conclude(FindingAtom),
    /// Evidence for a mode or factor.
    Suspect {
        /// The mode or factor.
        node: NodeId,
        /// How likely this alone makes it; a ratio.
        likelihood: Expression,
    },
    /// Evidence against a mode or factor.
    Exonerate {
        /// The mode or factor.
        node: NodeId,
        /// The share by which the other evidence shrinks; a ratio.
        by: Expression,
    },
    /// Changes a rating of a mode.
    Adjust {
        /// Which rating.
        rating: Rating,
        /// Up, down or to a value.
        change: Change,
        /// The mode.
        mode: NodeId,
        /// By or to how much; a number.
        amount: Expression,
    },
    /// Asks for a mitigation.
    Recommend(MitigationId),
    /// Strikes a mitigation out.
    Contraindicate {
        /// The mitigation.
        mitigation: MitigationId,
        /// Why.
        because: String,
    },
    /// The input must be known.
    Require(InputId),
    /// A remark in the report.
    Flag {
        /// How loud.
        level: FlagLevel,
        /// The remark.
        text: String,
    },
}

/// A rating of a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rating {
    /// Impact, 1..=10.
    Severity,
    /// 1 seen at once, 10 hardest to see before harm.
    Detectability,
}

/// How a rating changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// Up by.
    Raise,
    /// Down by.
    Lower,
    /// To.
    Set,
}

/// How loud a flag is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlagLevel {
    /// For the record.
    Info,
    /// Worth doing.
    Advise,
    /// To be done.
    Act,
    /// Stops go-live.
    Block,
}

/// A derived predicate: what rules conclude.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its name.
    pub id: String,
    /// The set of each parameter.
    pub parameters: Vec<IndexRef>,
    /// The rules that conclude it, ascending.
    pub concluded_by: Vec<RuleId>,
}

/// A verdict.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Of those that hold the highest is given; equal ones by name.
    pub precedence: i64,
    /// Its condition.
    pub body: Body,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

impl Named for Rule {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Named for Finding {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Named for Verdict {
    fn name(&self) -> &str {
        &self.id
    }
}
