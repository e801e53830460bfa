//! The causal graph: modes, factors and mitigations. petgraph stays behind this file.

use petgraph::Direction;
use petgraph::algo::dominators::simple_fast;
use petgraph::algo::toposort;
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::{Dfs, EdgeRef};

use crate::model::{KnowledgeBase, MitigationId, NodeId};

/// What a vertex of the graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Vertex {
    Node(NodeId),
    Mitigation(MitigationId),
}

/// What an edge of the graph says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Edge {
    /// From an effect to its cause.
    Cause { strength: f64 },
    /// From what is addressed to the mitigation.
    Remedy,
}

/// A way from an effect back to one of its causes.
#[derive(Clone, Debug, PartialEq)]
pub struct CausalPath {
    /// Effect before cause.
    pub nodes: Vec<NodeId>,
    /// The product of the strengths of its links; 1 for a path of one node.
    pub strength: f64,
}

/// The causal graph in diagnosis order: its edges point from modes to factors to mitigations.
#[derive(Clone, Debug)]
pub struct CausalGraph {
    graph: StableDiGraph<Vertex, Edge>,
    vertices: Vec<NodeIndex>,
    order: Vec<NodeId>,
    /// By effect: its causes and the strengths of the links, ascending.
    causes: Vec<Vec<(NodeId, f64)>>,
}

impl CausalGraph {
    /// Returns the graph of a knowledge base.
    pub fn new(knowledge: &KnowledgeBase) -> Self {
        let mut graph = StableDiGraph::new();
        let vertices: Vec<NodeIndex> = knowledge.nodes.ids().map(|id| graph.add_node(Vertex::Node(id))).collect();
        let mut causes = vec![Vec::new(); knowledge.nodes.len()];
        for (id, node) in knowledge.nodes.iter() {
            for cause in &node.causes {
                let edge = Edge::Cause { strength: cause.strength };
                graph.add_edge(vertices[cause.effect.index()], vertices[id.index()], edge);
                causes[cause.effect.index()].push((id, cause.strength));
            }
        }
        for (id, mitigation) in knowledge.mitigations.iter() {
            let vertex = graph.add_node(Vertex::Mitigation(id));
            for address in &mitigation.addresses {
                graph.add_edge(vertices[address.node.index()], vertex, Edge::Remedy);
            }
        }
        let sorted = toposort(&graph, None).expect("invariant: `from_syntax` refuses cycles among causes");
        let nodes = sorted.into_iter().rev().filter_map(|vertex| match graph[vertex] {
            Vertex::Node(id) => Some(id),
            Vertex::Mitigation(_) => None,
        });
        let order = nodes.collect();
        Self { graph, vertices, order, causes }
    }

    /// Returns all modes and factors, every cause before its effects.
    pub fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// Returns the direct causes of a node with the strengths of the links, by id.
    pub fn causes(&self, effect: NodeId) -> &[(NodeId, f64)] {
        &self.causes[effect.index()]
    }

    /// Returns the direct effects of a node with the strengths of the links, by id.
    pub fn effects(&self, cause: NodeId) -> Vec<(NodeId, f64)> {
        let edges = self.graph.edges_directed(self.vertices[cause.index()], Direction::Incoming);
        let effects = edges.filter_map(|edge| match (self.graph[edge.source()], edge.weight()) {
            (Vertex::Node(effect), Edge::Cause { strength }) => Some((effect, *strength)),
            _ => None,
        });
        let mut effects: Vec<_> = effects.collect();
        effects.sort_by_key(|(effect, _)| *effect);
        effects
    }

    /// Returns the mitigations that address a node, or a link that starts at it, by id.
    pub fn mitigations_of(&self, node: NodeId) -> Vec<MitigationId> {
        let neighbours = self.graph.neighbors(self.vertices[node.index()]);
        let mitigations = neighbours.filter_map(|vertex| match self.graph[vertex] {
            Vertex::Mitigation(id) => Some(id),
            Vertex::Node(_) => None,
        });
        let mut mitigations: Vec<_> = mitigations.collect();
        mitigations.sort();
        mitigations.dedup();
        mitigations
    }

    /// Returns a node and everything that causes it, directly or through others, by id.
    pub fn with_causes(&self, node: NodeId) -> Vec<NodeId> {
        let mut search = Dfs::new(&self.graph, self.vertices[node.index()]);
        let mut found = Vec::new();
        while let Some(vertex) = search.next(&self.graph) {
            if let Vertex::Node(id) = self.graph[vertex] {
                found.push(id);
            }
        }
        found.sort();
        found
    }

    /// Returns, by node, how many nodes reach `effect` through that node alone, itself included; 0 for a node that
    /// does not bring `effect` about.
    pub fn sole_ways(&self, effect: NodeId) -> Vec<usize> {
        let dominators = simple_fast(&self.graph, self.vertices[effect.index()]);
        let mut counts = vec![0; self.causes.len()];
        // Causes first: whoever reaches `effect` through a node has been counted before that node is passed on.
        for &cause in &self.order {
            let vertex = self.vertices[cause.index()];
            let next = dominators.immediate_dominator(vertex);
            if cause == effect || next.is_some() {
                counts[cause.index()] += 1;
            }
            if let Some(Vertex::Node(next)) = next.map(|next| self.graph[next]) {
                counts[next.index()] += counts[cause.index()];
            }
        }
        counts
    }

    /// Returns, for each node that `cause` brings about, the strongest paths back to it: at most
    /// `limit`, the strongest first, ties by the ids on the way. Links of strength 0 lead nowhere.
    pub fn strongest_paths(&self, cause: NodeId, limit: usize) -> Vec<(NodeId, Vec<CausalPath>)> {
        let mut found: Vec<Vec<CausalPath>> = vec![Vec::new(); self.causes.len()];
        for &effect in &self.order {
            let mut paths = Vec::new();
            if effect == cause {
                paths.push(CausalPath { nodes: vec![cause], strength: 1.0 });
            }
            for &(via, strength) in self.causes(effect) {
                for path in found[via.index()].iter().filter(|_| strength > 0.0) {
                    let nodes = std::iter::once(effect).chain(path.nodes.iter().copied()).collect();
                    paths.push(CausalPath { nodes, strength: path.strength * strength });
                }
            }
            paths.sort_by(|left, right| {
                right.strength.total_cmp(&left.strength).then_with(|| left.nodes.cmp(&right.nodes))
            });
            paths.truncate(limit);
            found[effect.index()] = paths;
        }
        let found = found.into_iter().enumerate().filter(|(_, paths)| !paths.is_empty());
        found.map(|(effect, paths)| (NodeId::from(effect), paths)).collect()
    }
}
