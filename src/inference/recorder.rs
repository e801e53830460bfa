//! What evaluation leaves behind: a full record, or nothing.
//!
//! Evaluation is written once and generic over a recorder. Recording costs memory for every part of
//! every condition; the search for swings evaluates rules thousands of times and wants outcomes only.

use super::{Figure, Outcome, Premise, PremiseKind, Term, TermKind};
use crate::source::Span;

/// How premises and terms are kept.
pub(crate) trait Recorder {
    /// The record of a condition.
    type Premise;
    /// The record of an expression.
    type Term;

    /// Records a condition.
    fn premise(
        outcome: Outcome,
        span: Span,
        kind: impl FnOnce() -> PremiseKind<Self::Premise, Self::Term>,
    ) -> Self::Premise;

    /// Records an expression.
    fn term(figure: Figure, span: Span, kind: impl FnOnce() -> TermKind<Self::Premise, Self::Term>) -> Self::Term;
}

/// Keeps everything.
pub(crate) struct Full;

impl Recorder for Full {
    type Premise = Premise;
    type Term = Term;

    fn premise(outcome: Outcome, span: Span, kind: impl FnOnce() -> PremiseKind) -> Premise {
        Premise { outcome, span, kind: kind() }
    }

    fn term(figure: Figure, span: Span, kind: impl FnOnce() -> TermKind) -> Term {
        Term { figure, span, kind: kind() }
    }
}

/// Keeps nothing; lists of its records take no memory.
pub(crate) struct Silent;

impl Recorder for Silent {
    type Premise = ();
    type Term = ();

    fn premise(_: Outcome, _: Span, _: impl FnOnce() -> PremiseKind<(), ()>) {}

    fn term(_: Figure, _: Span, _: impl FnOnce() -> TermKind<(), ()>) {}
}
