//! What inference refuses.

use crate::diagnostic::{Code, Kind, Label};
use crate::source::Span;

/// Why a pack cannot be evaluated on these facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InferenceError {
    /// The sets are too large for the rule's variables.
    #[error("`{name}` would have to look at {steps} combinations of members, more than {limit}")]
    TooManyInstances {
        /// The rule or verdict.
        name: String,
        /// How many.
        steps: u64,
        /// How many are allowed.
        limit: u64,
        /// Where it is written.
        span: Span,
    },
    /// What the rule reads leads to too many combinations.
    #[error("`{name}` looks at more than {limit} combinations of members")]
    JoinTooLarge {
        /// The rule.
        name: String,
        /// How many are allowed, to all rules together.
        limit: u64,
        /// Where it is written.
        span: Span,
    },
}

impl Kind for InferenceError {
    fn code(&self) -> Code {
        match self {
            InferenceError::TooManyInstances { .. } | InferenceError::JoinTooLarge { .. } => Code::I001,
        }
    }

    fn labels(&self) -> Vec<Label> {
        match self {
            InferenceError::TooManyInstances { span, .. } | InferenceError::JoinTooLarge { span, .. } => {
                vec![Label::new(*span, "every combination of these variables")]
            }
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            InferenceError::TooManyInstances { .. } | InferenceError::JoinTooLarge { .. } => {
                Some("conclude a finding for one variable first and let a second rule combine the findings".into())
            }
        }
    }
}
