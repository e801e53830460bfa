//! How deep brackets and operators stand within each other.
//!
//! Counted before pest sees the text, and so that no later walk over the tree can run out of stack:
//! an operator counts like a bracket, since `not not …` and `1 + 1 + …` nest as trees too.

/// How deep brackets and operators may stand within each other.
pub(super) const MAX_DEPTH: usize = 100;

/// Nesting inside one declaration: brackets, and operators since the last boundary.
#[derive(Default)]
pub(super) struct Nesting {
    /// The level to return to when each open bracket closes.
    outer: Vec<usize>,
    /// The level at the start of the innermost bracket.
    base: usize,
    pub(super) level: usize,
    /// The base of each enclosing bracket.
    bases: Vec<usize>,
}

impl Nesting {
    pub(super) fn open(&mut self) {
        self.outer.push(self.level);
        self.bases.push(self.base);
        self.level += 1;
        self.base = self.level;
    }

    pub(super) fn close(&mut self) {
        self.level = self.outer.pop().unwrap_or(0);
        self.base = self.bases.pop().unwrap_or(0);
    }

    pub(super) fn deepen(&mut self) {
        self.level += 1;
    }

    pub(super) fn boundary(&mut self) {
        self.level = self.base;
    }
}
