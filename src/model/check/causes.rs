//! Are the causes free of cycles?

use super::super::Node;
use super::super::error::{CycleLink, ModelError};
use super::cycles::each;
use crate::diagnostic::Diagnostics;

/// Says which causes lead back to themselves: one shortest cycle for each knot.
pub(in crate::model) fn check(nodes: &[Option<Node>], diagnostics: &mut Diagnostics) {
    let successors: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| node.iter().flat_map(|node| &node.causes).map(|cause| cause.effect.index()).collect())
        .collect();
    for cycle in each(&successors) {
        let links = cycle.windows(2).filter_map(|pair| {
            let [from, to] = pair else { return None };
            let node = nodes[*from].as_ref()?;
            let cause = node.causes.iter().find(|cause| cause.effect.index() == *to)?;
            let to = nodes[*to].as_ref()?;
            Some(CycleLink { from: node.id.clone(), to: to.id.clone(), verb: "causes", span: cause.span })
        });
        diagnostics.push(ModelError::CausalCycle { links: links.collect() });
    }
}
