//! Exact likelihoods on the causal graph: causes in common are counted once.
//!
//! Every mode and factor is present or absent. It is present by its base rate, by its own evidence, or
//! because a present cause brings it through a link, all independently of each other. Taking the likelihoods of
//! two causes as independent counts whatever brings both of them twice; here the joint distribution of
//! the causes is followed instead. docs/risk.md has the argument.
//!
//! A table holds, for each set of nodes that it covers, the probability that *all of the set are absent*.
//! Held so, every step is a mean of two entries with weights that add up to 1: nothing is ever
//! subtracted, so no digit is lost, and more evidence can only lower an entry, so low, estimate and high stay in
//! order to the last bit. A node that no longer matters is forgotten by leaving out the sets that contain it.
//!
//! [`plan`] decides, from the graph alone, in which order the links of one node's causes are taken;
//! [`table`] does the arithmetic. Start with [`Exact::new`].

mod plan;
mod table;

use super::RiskError;
use super::causal::CausalGraph;
use crate::model::{KnowledgeBase, NodeId};
use plan::{Exhausted, Program, Step, Surveyor};
use table::Table;

/// How many table entries all programs together may touch each time that likelihoods are computed, and how
/// many nodes and moves planning may look at. At a few nanoseconds each this bounds the time, and a table of this
/// many entries, 64 MB, the memory.
const LIMIT: u64 = 1 << 23;

/// What exact propagation needs beside the graph: for each node whose causes depend on one another, the
/// steps that give the probability that none of them brings it.
#[derive(Clone, Debug)]
pub(crate) struct Exact {
    /// By node; none where the causes are independent, so that a product of their likelihoods is exact.
    programs: Vec<Option<Program>>,
}

/// What a program is run on: likelihoods and links as they are, or as a mitigation leaves them.
pub(crate) struct Settings<'a> {
    /// By node: the probability that neither base rate nor own evidence brings it.
    pub(crate) unprompted: &'a [f64],
    /// By node: its likelihood, for every node before the one in question.
    pub(crate) likelihoods: &'a [f64],
    /// Returns what a mitigation leaves of a node's likelihood; 1 without one.
    pub(crate) left_of_node: &'a dyn Fn(NodeId) -> f64,
    /// Returns what a mitigation leaves of a link; 1 without one.
    pub(crate) left_of_link: &'a dyn Fn(NodeId, NodeId) -> f64,
}

impl Exact {
    /// Plans exact propagation on a graph.
    ///
    /// # Errors
    /// `R001 too-entangled` where it would take more than [`LIMIT`] steps, or planning it would.
    pub(crate) fn new(knowledge: &KnowledgeBase, graph: &CausalGraph) -> Result<Self, RiskError> {
        let mut programs = vec![None; knowledge.nodes.len()];
        let mut surveyor = Surveyor::new(graph, LIMIT);
        for &node in graph.order() {
            programs[node.index()] = surveyor.program(node).map_err(|Exhausted| {
                let declared = &knowledge.nodes[node];
                RiskError::TooEntangled { name: declared.id.clone(), limit: LIMIT, span: declared.span }
            })?;
        }
        Ok(Self { programs })
    }

    /// Returns the probability that no cause brings a node, or none where its causes are independent.
    pub(crate) fn without_causes(&self, node: NodeId, settings: &Settings<'_>) -> Option<f64> {
        let program = self.programs[node.index()].as_ref()?;
        let mut tables: Vec<Table> = Vec::new();
        for step in &program.steps {
            match *step {
                Step::Open { node } => tables.push(Table::of_one(1.0 - settings.likelihoods[node.index()])),
                Step::Link { table, cause, effect, strength } => {
                    let strength = strength * (settings.left_of_link)(cause.node, effect.node);
                    tables[table].link(cause.bit, effect.bit, strength);
                }
                Step::Branch { table, cause, effect, strength } => {
                    let strength = strength * (settings.left_of_link)(cause.node, effect);
                    tables[table].branch(cause.bit, strength);
                }
                Step::Turn { table, cause, effect, strength } => {
                    let strength = strength * (settings.left_of_link)(cause.node, effect);
                    tables[table].turn(cause.bit, strength);
                }
                Step::Forget { table, bit } => tables[table].forget(bit),
                Step::Join { into, from, ref places } => {
                    let other = std::mem::take(&mut tables[from]);
                    tables[into].join(&other, places);
                }
                Step::Complete { table, of } => {
                    let unprompted = settings.unprompted[of.node.index()];
                    tables[table].complete(of.bit, unprompted, (settings.left_of_node)(of.node));
                }
            }
        }
        let absent: f64 = program.results.iter().map(|&table| tables[table].all_absent()).product();
        // A mean of two equal entries may round up.
        Some(absent.min(1.0))
    }
}
