//! The whole pack, resolved.

use super::{
    About, Arena, Band, Category, CategoryId, Citation, CitationId, Finding, FindingId, Import, Index, IndexId,
    IndexRef, Input, InputId, Mitigation, MitigationId, Node, NodeId, Override, PriorityRow, Relation, RelationId,
    Rule, RuleId, StressTest, StressTestId, TestCase, Verdict, VerdictId,
};
use crate::source::Span;

/// The pack declaration.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: semver::Version,
    /// The version of the rule language it is written in.
    pub language: u32,
    /// Its licence.
    pub license: Option<String>,
    /// SHA-256 over what its declarations say, apart from layout, comments and files, and the digests of its imports, in
    /// lower-case hexadecimal.
    pub digest: String,
    /// The whole declaration.
    pub span: Span,
    /// Reason, sources and the like.
    pub about: About,
}

/// Everything that a pack says.
#[derive(Clone, Debug)]
pub struct KnowledgeBase {
    /// The pack declaration.
    pub pack: Pack,
    /// The imports, of this pack and of those that it imports, by importing pack and name.
    pub imports: Vec<Import>,
    /// What packs change of those that they import, in order of kind and name.
    pub overrides: Vec<Override>,
    /// Literature, standards and checklists.
    pub citations: Arena<CitationId, Citation>,
    /// Level 1.
    pub categories: Arena<CategoryId, Category>,
    /// Levels 2 and 3; their causes form an acyclic graph.
    pub nodes: Arena<NodeId, Node>,
    /// Remedies.
    pub mitigations: Arena<MitigationId, Mitigation>,
    /// What to try out.
    pub stress_tests: Arena<StressTestId, StressTest>,
    /// Declared index sets and entities.
    pub indexes: Arena<IndexId, Index>,
    /// Metrics, metadata and questions.
    pub inputs: Arena<InputId, Input>,
    /// What the deployment may list.
    pub relations: Arena<RelationId, Relation>,
    /// Derived predicates.
    pub findings: Arena<FindingId, Finding>,
    /// Rules.
    pub rules: Arena<RuleId, Rule>,
    /// Bands, ascending; the first begins at 0. Empty where the pack names none.
    pub bands: Vec<Band>,
    /// The priority table, highest level first.
    pub priorities: Vec<PriorityRow>,
    /// Verdicts.
    pub verdicts: Arena<VerdictId, Verdict>,
    /// Tests, by name.
    pub tests: Vec<TestCase>,
}

impl KnowledgeBase {
    /// Returns the failure modes in order of name.
    pub fn modes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().filter(|(_, node)| node.is_mode())
    }

    /// Returns the causal factors in order of name.
    pub fn factors(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().filter(|(_, node)| !node.is_mode())
    }

    /// Returns the name of an index set.
    pub fn index_name(&self, index: IndexRef) -> &str {
        match index {
            IndexRef::Declared(id) => &self.indexes[id].id,
            IndexRef::Modes => "mode",
            IndexRef::Factors => "factor",
            IndexRef::Mitigations => "mitigation",
        }
    }
}
