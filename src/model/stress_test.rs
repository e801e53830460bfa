//! Stress tests: what to try out, since no table of a pilot shows it.

use super::{About, InputId, Named, NodeId};
use crate::source::Span;

/// A test of the system. What must hold in it is not written here: the rules that read its inputs say so.
#[derive(Clone, Debug)]
pub struct StressTest {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The modes and factors that it can bring to light, ascending; at least one.
    pub probes: Vec<NodeId>,
    /// The inputs that it gives a value to, ascending.
    pub reads: Vec<InputId>,
    /// Who carries it out; one word.
    pub ask: Option<String>,
    /// What it needs.
    pub needs: Option<String>,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

impl Named for StressTest {
    fn name(&self) -> &str {
        &self.id
    }
}
