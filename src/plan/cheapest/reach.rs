//! How much a candidate can do at most, whatever else is chosen: what bounds on the cost rest on.
//!
//! Two mitigations of one cause do less together than apart, and mitigations of two causes of one mode more. So
//! what a candidate does beside others is bounded node by node, causes first, between the likelihoods with all that
//! is chosen already (the highest) and with all that could still be chosen (the lowest). Bounds of single steps add
//! up to a bound on what any choice does.

use super::problem::{Candidate, Problem, Target};
use crate::model::NodeId;
use crate::risk::{Spread, Treatment};

/// The likelihoods between which every choice lies that holds what is chosen and rules out what is ruled out.
pub(super) struct Range {
    /// What is chosen.
    pub treated: Treatment,
    /// The likelihoods with what is chosen alone.
    pub most: Spread,
    /// The likelihoods with everything that is not ruled out.
    pub least: Spread,
}

/// What one candidate can do at most.
pub(super) struct Reach {
    /// By node: how far its likelihood falls.
    pub fall: Vec<f64>,
    /// By node: how far the logarithm of the probability rises that no cause brings it.
    pub freed: Vec<f64>,
    /// By node: how far its likelihood falls by what happens to its causes alone.
    pub fall_by_causes: Vec<f64>,
}

impl Range {
    /// Returns what a candidate that is still open can do at most.
    pub fn reach(&self, problem: &Problem<'_>, candidate: Candidate) -> Reach {
        let n = problem.own.len();
        let mut reach = Reach { fall: vec![0.0; n], freed: vec![0.0; n], fall_by_causes: vec![0.0; n] };
        let own = problem.treatment([candidate.mitigation]);
        for &node in problem.graph.order() {
            let at = node.index();
            let unprompted = (1.0 - problem.knowledge.nodes[node].base_rate) * (1.0 - problem.own[at]);
            for &(cause, strength) in problem.graph.causes(node) {
                let scale = strength * self.treated.on_link(cause, node);
                let most = scale * self.most.likelihoods[cause.index()];
                let taken = 1.0 - own.on_link(cause, node);
                let fall = scale * (reach.fall[cause.index()] + taken * self.most.likelihoods[cause.index()]);
                let fall = fall.min(most);
                if fall > 0.0 {
                    // −ln(1 − y) falls the more by a given step, the larger y is.
                    reach.freed[at] += ((1.0 - most + fall) / (1.0 - most)).ln();
                }
            }
            let before = 1.0 - unprompted * self.most.without_causes[at];
            let after = 1.0 - unprompted * self.least.without_causes[at];
            let free = 1.0 - (-reach.freed[at]).exp();
            let by_causes = (unprompted * self.least.without_causes[at] * free).min(before - after).max(0.0);
            let (left, taken) = (self.treated.on_node(node), 1.0 - own.on_node(node));
            let fall = left * (by_causes + taken * before);
            let possible = self.most.likelihoods[at] - self.least.likelihoods[at];
            reach.fall_by_causes[at] = by_causes;
            reach.fall[at] = fall.min(possible).max(0.0);
        }
        reach
    }

    /// Returns how far a target is from its limit, and how far each candidate can bring it at most, on a scale on
    /// which such steps add up. None where the target is under its limit.
    ///
    /// Where nothing treats the mode itself the scale is the logarithm of the probability that no cause brings it, on
    /// which causes add up; otherwise it is the logarithm of the likelihood, on which treatments of the mode do.
    pub fn need(
        &self,
        problem: &Problem<'_>,
        target: Target,
        open: &[(Candidate, Reach)],
        treats: impl Fn(Candidate, NodeId) -> f64,
    ) -> Option<(f64, Vec<f64>)> {
        let at = target.mode.index();
        let now = self.most.likelihoods[at];
        let lefts: Vec<f64> = open.iter().map(|(candidate, _)| treats(*candidate, target.mode)).collect();
        let treated = self.treated.on_node(target.mode) < 1.0 || lefts.iter().any(|left| *left < 1.0);
        let (need, steps): (f64, Vec<f64>) = if treated || now >= 1.0 {
            let unprompted = (1.0 - problem.knowledge.nodes[target.mode].base_rate) * (1.0 - problem.own[at]);
            let least = 1.0 - unprompted * self.least.without_causes[at];
            let step = |(left, (_, reach)): (&f64, &(Candidate, Reach))| {
                let by_causes = reach.fall_by_causes[at];
                let by_causes = if by_causes > 0.0 { (1.0 + by_causes / least).ln() } else { 0.0 };
                by_causes - left.ln()
            };
            ((now / target.likelihood).ln(), lefts.iter().zip(open).map(step).collect())
        } else {
            let need = ((1.0 - target.likelihood) / (1.0 - now)).ln();
            (need, open.iter().map(|(_, reach)| reach.freed[at]).collect())
        };
        // One candidate that does it all does not do more; a number that is none can do anything.
        let clipped = |step: f64| if step.is_nan() { need } else { step.min(need) };
        (need > 0.0).then(|| (need, steps.into_iter().map(clipped).collect()))
    }
}
