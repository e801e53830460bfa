//! Cells: which facts the columns of a table give, whatever kind of file they stand in.

use crate::facts::{FactStore, Member};
use crate::model::{IndexId, InputId, KnowledgeBase};

/// What a column tells about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Aspect {
    /// Its value.
    Value,
    /// The lower end of its interval.
    Low,
    /// The upper end of its interval.
    High,
    /// The 95th percentile of its noise floor.
    NoiseP95,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Aspect; 4] = [Aspect::Value, Aspect::Low, Aspect::High, Aspect::NoiseP95];

    /// Returns the ending of a column's name that stands for it; empty for the value itself.
    pub fn ending(self) -> &'static str {
        match self {
            Aspect::Value => "",
            Aspect::Low => "low",
            Aspect::High => "high",
            Aspect::NoiseP95 => "noise_p95",
        }
    }
}

/// A fact that the table may give, with a member for each index set of its input.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Cell {
    pub input: InputId,
    /// By name.
    pub members: Vec<String>,
    pub aspect: Aspect,
}

/// What the program reads of a cell, as one number for each row; NaN where it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Reading {
    /// The number of a value, see [`Value::as_number`](crate::model::Value::as_number).
    Number,
    /// A number that stands for the text or the set of options; the same for the same.
    Code,
    /// 1 if the set of options includes this one, 0 if not.
    Includes(u32),
}

/// A row of numbers that a batch supplies: what is read of which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Lane {
    /// The position of the cell.
    pub cell: usize,
    pub reading: Reading,
}

/// The cells of a table, and the members that they name.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// In order of input, members and aspect; none twice.
    pub cells: Vec<Cell>,
    /// Knows the members, and no fact.
    pub members: FactStore,
}

impl Cells {
    /// Returns the cells in their order. A set has the members that a cell names.
    pub fn new(knowledge: &KnowledgeBase, mut cells: Vec<Cell>) -> Self {
        cells.sort();
        cells.dedup();
        let named = cells.iter().flat_map(|cell| {
            let indexes: &[IndexId] = &knowledge.inputs[cell.input].indexes;
            indexes.iter().copied().zip(cell.members.iter().cloned())
        });
        let members = FactStore::new(knowledge, named);
        Self { cells, members }
    }

    /// Returns the position of a cell, given the members by their places in the sets.
    pub fn find(&self, knowledge: &KnowledgeBase, input: InputId, members: &[Member], aspect: Aspect) -> Option<usize> {
        let indexes = &knowledge.inputs[input].indexes;
        let names = indexes.iter().zip(members).map(|(&index, &member)| self.members.member_name(index, member));
        let wanted = Cell { input, members: names.map(str::to_owned).collect(), aspect };
        self.cells.binary_search(&wanted).ok()
    }
}
