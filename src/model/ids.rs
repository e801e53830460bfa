//! Ids: small numbers that stand for names once names are resolved.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// Returns the position in the arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                $name(u32::try_from(index).expect("invariant: an arena holds fewer than 2^32 entries"))
            }
        }

        impl From<$name> for usize {
            fn from(id: $name) -> usize {
                id.index()
            }
        }
    )*};
}

ids! {
    /// A failure category.
    CategoryId
    /// A failure mode or causal factor.
    NodeId
    /// A mitigation.
    MitigationId
    /// A stress test.
    StressTestId
    /// A `source` declaration: the literature behind a statement.
    CitationId
    /// A declared index set or entity.
    IndexId
    /// A metric, a metadata input or a question.
    InputId
    /// A relation.
    RelationId
    /// A finding (a derived predicate).
    FindingId
    /// A rule.
    RuleId
    /// A verdict.
    VerdictId
    /// A variable of one rule, verdict or quantifier; counts from 0 within its [`Body`](super::Body).
    VariableId
}
