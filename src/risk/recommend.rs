//! Recommendations: how much risk each mitigation removes, and by which path.

use super::{Bounds, TotalRisk};
use crate::inference::{FactKey, InstanceId};
use crate::model::{CitationId, Effort, MitigationId, NodeId};

/// A mitigation and what it would do here.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommendation {
    /// The mitigation.
    pub mitigation: MitigationId,
    /// How much of the total risk it removes. The risk is recomputed with the mitigation in each of
    /// the three worlds; low and high are the least and the most of the three differences.
    pub risk_removed: Bounds<TotalRisk>,
    /// The same for each mode that it helps: the largest estimate first, then by id.
    pub by_mode: Vec<ModeReduction>,
    /// How much work it is.
    pub effort: Effort,
    /// The paths through which risk is removed, the most risk removed first, then by mode and path.
    pub chains: Vec<Chain>,
    /// The rule instances whose evidence lit up what it addresses, ascending.
    pub lit_by: Vec<InstanceId>,
    /// The facts under those, in order.
    pub facts: Vec<FactKey>,
    /// The instances that recommend it, ascending.
    pub recommended_by: Vec<InstanceId>,
    /// Why it is struck out; empty where it is not.
    pub contraindicated_by: Vec<Contraindication>,
    /// The sources of the mitigation and of the rules behind it, by id.
    pub sources: Vec<CitationId>,
}

impl Recommendation {
    /// Tells whether it is struck out.
    pub fn is_contraindicated(&self) -> bool {
        !self.contraindicated_by.is_empty()
    }
}

/// How much of a mode's risk a mitigation removes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModeReduction {
    /// The mode.
    pub mode: NodeId,
    /// How much.
    pub risk_removed: Bounds<TotalRisk>,
}

/// A causal chain: mode, factors, mitigation.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// From the mode through its causes to the node that the mitigation addresses: effect before
    /// cause. Where a link is addressed, the last two nodes are its effect and its cause.
    pub path: Vec<NodeId>,
    /// Whether the last link of the path is what the mitigation addresses, and not the last node.
    pub addresses_link: bool,
    /// The product of the strengths of the links; 1 for a path of one node.
    pub strength: f64,
    /// The share that the mitigation takes from what it addresses.
    pub effect: f64,
    /// How much of the mode's risk is removed if the mitigation addresses this alone (estimate).
    pub risk_removed: f64,
}

/// A reason against a mitigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contraindication {
    /// The instance that fired.
    pub instance: InstanceId,
    /// Its reason.
    pub because: String,
}
