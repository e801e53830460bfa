//! The resolved and typed knowledge base.
//!
//! After this room every name is an id, every variable is bound to an index set, every expression
//! has a type, every rule has a phase and a stratum, and the causes are free of cycles. Nothing
//! here evaluates anything. Ids are given in alphabetical order of names, so nothing downstream can
//! see in which order files and declarations were read.
//!
//! Start with [`KnowledgeBase`].

mod arena;
mod check;
mod condition;
mod error;
mod expression;
mod from_syntax;
mod ids;
mod import;
mod import_error;
mod input;
mod knowledge_base;
mod relation;
mod rule;
mod stress_test;
mod taxonomy;
mod test_case;
mod value;

pub use arena::{Arena, Named};
pub use condition::{Comparison, Condition, ConditionKind, FindingAtom, Quantifier};
pub use error::{CycleLink, ModelError, Side};
pub use expression::{Aggregate, Argument, Arithmetic, Expression, ExpressionKind, InputRef, Measure, NodeRef};
pub use from_syntax::{PackTrees, Searched, lower, lower_packs};
pub use ids::{
    CategoryId, CitationId, FindingId, IndexId, InputId, MitigationId, NodeId, RelationId, RuleId, StressTestId,
    VariableId, VerdictId,
};
pub use import::{ClauseChange, Import, Override};
pub use import_error::ImportError;
pub use input::{DefinitionCall, Direction, Index, IndexRef, Input, InputKind, ParameterValue, Type};
pub use knowledge_base::{KnowledgeBase, Pack};
pub use relation::{Parameter, Relation, RelationAtom};
pub use rule::{Action, ActionKind, Body, Change, Finding, FlagLevel, Phase, Rating, Rule, Variable, Verdict};
pub use stress_test::StressTest;
pub use taxonomy::{
    About, Address, Band, Basis, Category, Cause, Citation, Counted, Deprecation, Dimension, Effort, Item, Mitigation,
    Node, NodeKind, PriorityLevel, PriorityRow, Tally,
};
pub use test_case::{Expectation, ExpectationKind, FiringState, Given, GivenKind, TestCase};
pub use value::Value;
