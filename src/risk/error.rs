//! What an assessment refuses.

use crate::diagnostic::{Code, Kind, Label};
use crate::inference::InferenceError;
use crate::source::Span;

/// Why a deployment cannot be assessed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RiskError {
    /// The rules cannot be evaluated.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// Too many causes depend on one another for exact likelihoods.
    #[error("the causes of `{name}` hang together in too many ways for exact likelihoods")]
    TooEntangled {
        /// The mode or factor.
        name: String,
        /// How many steps one computation may take.
        limit: u64,
        /// Where it is declared.
        span: Span,
    },
}

impl Kind for RiskError {
    fn code(&self) -> Code {
        match self {
            RiskError::Inference(error) => error.code(),
            RiskError::TooEntangled { .. } => Code::R001,
        }
    }

    fn labels(&self) -> Vec<Label> {
        match self {
            RiskError::Inference(error) => error.labels(),
            RiskError::TooEntangled { limit, span, .. } => {
                vec![Label::new(*span, format!("up to this one, they would take more than {limit} steps"))]
            }
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            RiskError::Inference(error) => error.help(),
            RiskError::TooEntangled { .. } => {
                Some("leave `--exact` out: the likelihoods are then never too low, and may be too high".into())
            }
        }
    }
}
