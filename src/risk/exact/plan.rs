//! The order in which the links among a node's causes are taken.
//!
//! Causes come before effects, and among the moves that this allows the one that leaves the smallest table is
//! taken; ties go to the lower id. What is found is good rather than best (the best order is hard to
//! find), depends on the graph alone, and holds for every set of likelihoods.

use std::collections::BTreeMap;

use super::super::causal::CausalGraph;
use crate::model::NodeId;

/// A node and its bit in a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) node: NodeId,
    pub(super) bit: u32,
}

/// One step; tables are counted from 0 in the order in which they are opened.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Opens a table for a node whose likelihood alone matters.
    Open { node: NodeId },
    /// Takes a link within a table.
    Link { table: usize, cause: Place, effect: Place, strength: f64 },
    /// Takes a link to an effect that gets the table's next bit.
    Branch { table: usize, cause: Place, effect: NodeId, strength: f64 },
    /// Takes the last link of a cause, whose bit the effect gets.
    Turn { table: usize, cause: Place, effect: NodeId, strength: f64 },
    /// Forgets a node.
    Forget { table: usize, bit: u32 },
    /// Joins two tables; `places` are the bits that the nodes of `from` get.
    Join { into: usize, from: usize, places: Vec<u32> },
    /// Completes a node all of whose links are taken.
    Complete { table: usize, of: Place },
}

/// The steps that give the probability that no cause brings a node: the product of what the tables in
/// `results` end with.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) results: Vec<usize>,
}

/// What may still be spent, in nodes and moves looked at and in table entries touched.
#[derive(Clone, Copy, Debug)]
struct Budget {
    planning: u64,
    running: u64,
}

/// The budget does not suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

impl Budget {
    fn plan(&mut self, looked_at: usize) -> Result<(), Exhausted> {
        self.planning = self.planning.checked_sub(looked_at as u64).ok_or(Exhausted)?;
        Ok(())
    }

    fn run(&mut self, table: usize) -> Result<(), Exhausted> {
        let entries = u32::try_from(table).ok().and_then(|bits| 1_u64.checked_shl(bits)).ok_or(Exhausted)?;
        self.running = self.running.checked_sub(entries).ok_or(Exhausted)?;
        Ok(())
    }
}

/// Plans node after node, causes first.
pub(super) struct Surveyor<'a> {
    graph: &'a CausalGraph,
    budget: Budget,
    /// By node: whether it is the root of a tree, so that nothing behind it leads anywhere else.
    tree: Vec<bool>,
    /// By node, once it was asked for: how many nodes bring it about, itself included.
    closures: Vec<Option<usize>>,
}

impl<'a> Surveyor<'a> {
    /// `limit` bounds the planning of all programs together, and running them.
    pub(super) fn new(graph: &'a CausalGraph, limit: u64) -> Self {
        let nodes = graph.order().len();
        let budget = Budget { planning: limit, running: limit };
        Self { graph, budget, tree: vec![false; nodes], closures: vec![None; nodes] }
    }

    /// Returns the program of a node whose causes have been asked about, or none where they are
    /// independent of each other.
    pub(super) fn program(&mut self, target: NodeId) -> Result<Option<Program>, Exhausted> {
        let causes = self.graph.causes(target);
        let leads_here_alone = |cause: NodeId| self.tree[cause.index()] && self.graph.effects(cause).len() == 1;
        self.tree[target.index()] = causes.iter().all(|&(cause, _)| leads_here_alone(cause));
        if causes.len() < 2 || self.tree[target.index()] {
            return Ok(None);
        }
        // Where all that brings a cause about reaches the target through that cause alone, its likelihood says
        // everything, and what lies behind it need not be looked at.
        let through = self.graph.sole_ways(target);
        self.budget.plan(through.len())?;
        if self.all_gates(causes, &through)? {
            return Ok(None);
        }
        let mut planner = Planner::new(target);
        let mut seen = vec![target];
        let mut next = 0;
        while let Some(&effect) = seen.get(next) {
            next += 1;
            if effect != target && self.closure(effect)? == through[effect.index()] {
                planner.home.insert(effect, planner.tables.len());
                planner.tables.push(vec![effect]);
                planner.steps.push(Step::Open { node: effect });
                continue;
            }
            let causes = self.graph.causes(effect);
            planner.waiting.insert(effect, causes.len());
            for &(cause, strength) in causes {
                let links = planner.links.entry(cause).or_default();
                if links.is_empty() {
                    seen.push(cause);
                }
                links.push((effect, strength));
            }
        }
        planner.go(&mut self.budget).map(Some)
    }

    fn all_gates(&mut self, causes: &[(NodeId, f64)], through: &[usize]) -> Result<bool, Exhausted> {
        for &(cause, _) in causes {
            if self.closure(cause)? != through[cause.index()] {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn closure(&mut self, node: NodeId) -> Result<usize, Exhausted> {
        if let Some(known) = self.closures[node.index()] {
            return Ok(known);
        }
        let size = self.graph.with_causes(node).len();
        self.budget.plan(size)?;
        self.closures[node.index()] = Some(size);
        Ok(size)
    }
}

/// What is left to be done.
struct Planner {
    target: NodeId,
    /// By cause: the links that are not taken.
    links: BTreeMap<NodeId, Vec<(NodeId, f64)>>,
    /// By effect that is not complete: how many of its links are not taken.
    waiting: BTreeMap<NodeId, usize>,
    /// The nodes of each table, by bit; none once it is joined to another.
    tables: Vec<Vec<NodeId>>,
    /// The table of each complete node that has links left.
    home: BTreeMap<NodeId, usize>,
    steps: Vec<Step>,
}

/// What can be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    Complete(NodeId),
    Take { cause: NodeId, effect: NodeId },
}

impl Planner {
    fn new(target: NodeId) -> Self {
        Planner {
            target,
            links: BTreeMap::new(),
            waiting: BTreeMap::new(),
            tables: Vec::new(),
            home: BTreeMap::new(),
            steps: Vec::new(),
        }
    }

    fn go(mut self, budget: &mut Budget) -> Result<Program, Exhausted> {
        while let Some(chosen) = self.best_move(budget)? {
            match chosen {
                Move::Take { cause, effect } => self.take(cause, effect, budget)?,
                Move::Complete(node) => self.complete(node, budget)?,
            }
        }
        // All that is left of any table is the target.
        let results = self.tables.iter().enumerate().filter(|(_, nodes)| !nodes.is_empty());
        Ok(Program { results: results.map(|(table, _)| table).collect(), steps: self.steps })
    }

    /// Returns the move that leaves the smallest table; any that makes no table larger comes before those.
    fn best_move(&self, budget: &mut Budget) -> Result<Option<Move>, Exhausted> {
        let takes = self.home.iter().flat_map(|(&cause, &table)| {
            let links = &self.links[&cause];
            links.iter().map(move |&(effect, _)| {
                let nodes = &self.tables[table];
                let grows = usize::from(links.len() > 1 && !nodes.contains(&effect));
                (grows * (nodes.len() + 1), Move::Take { cause, effect })
            })
        });
        let ready = self.waiting.iter().filter(|(node, links)| **links == 0 && **node != self.target);
        let completes = ready.map(|(&node, _)| {
            let tables: Vec<usize> = self.tables_with(node).map(|table| self.tables[table].len()).collect();
            // Nodes that two of the tables share are few; counting them twice does no harm to the order.
            let joined = tables.iter().sum::<usize>() + 1 - tables.len();
            let grows = usize::from(tables.len() > 1);
            (grows * joined, Move::Complete(node))
        });
        let mut looked_at = 0;
        let best = takes.chain(completes).inspect(|_| looked_at += 1).min();
        budget.plan(looked_at)?;
        Ok(best.map(|(_, chosen)| chosen))
    }

    fn tables_with(&self, node: NodeId) -> impl Iterator<Item = usize> {
        let holding = self.tables.iter().enumerate().filter(move |(_, nodes)| nodes.contains(&node));
        holding.map(|(table, _)| table)
    }

    fn place(&self, table: usize, node: NodeId) -> Option<Place> {
        let bit = self.tables[table].iter().position(|&known| known == node)?;
        Some(Place { node, bit: u32::try_from(bit).ok()? })
    }

    fn take(&mut self, cause: NodeId, effect: NodeId, budget: &mut Budget) -> Result<(), Exhausted> {
        let table = self.home[&cause];
        let from = self.place(table, cause).expect("invariant: a complete node is in its home");
        let links = self.links.entry(cause).or_default();
        let taken = links.extract_if(.., |(to, _)| *to == effect).next();
        let (_, strength) = taken.expect("invariant: moves are links that are not taken");
        let last = links.is_empty();
        if let Some(waiting) = self.waiting.get_mut(&effect) {
            *waiting -= 1;
        }
        if last {
            self.home.remove(&cause);
        }
        let to = self.place(table, effect);
        match to {
            Some(to) => self.steps.push(Step::Link { table, cause: from, effect: to, strength }),
            None if last => {
                self.steps.push(Step::Turn { table, cause: from, effect, strength });
                self.tables[table][from.bit as usize] = effect;
            }
            None => {
                self.steps.push(Step::Branch { table, cause: from, effect, strength });
                self.tables[table].push(effect);
            }
        }
        budget.run(self.tables[table].len())?;
        if last && to.is_some() {
            self.steps.push(Step::Forget { table, bit: from.bit });
            self.tables[table].remove(from.bit as usize);
        }
        Ok(())
    }

    fn complete(&mut self, node: NodeId, budget: &mut Budget) -> Result<(), Exhausted> {
        let holding: Vec<usize> = self.tables_with(node).collect();
        let (&into, others) = holding.split_first().expect("invariant: every taken link leaves its effect in a table");
        for &from in others {
            let nodes = std::mem::take(&mut self.tables[from]);
            let mut places = Vec::new();
            for moved in nodes {
                if self.place(into, moved).is_none() {
                    self.tables[into].push(moved);
                }
                places.extend(self.place(into, moved).map(|place| place.bit));
                if let Some(home) = self.home.get_mut(&moved) {
                    *home = into;
                }
            }
            budget.run(self.tables[into].len())?;
            self.steps.push(Step::Join { into, from, places });
        }
        budget.run(self.tables[into].len())?;
        let of = self.place(into, node).expect("invariant: joining keeps every node");
        self.steps.push(Step::Complete { table: into, of });
        self.waiting.remove(&node);
        self.home.insert(node, into);
        Ok(())
    }
}
