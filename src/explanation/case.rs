//! What every explanation looks at.

use crate::facts::{Fact, FactStore};
use crate::inference::{Element, FactKey, Inference};
use crate::model::{CitationId, FindingId, IndexRef, InputId, KnowledgeBase, NodeId, RuleId};
use crate::risk::Assessment;
use crate::source::{Location, SourceMap, Span};

/// A pack, the facts of a deployment and what followed from them.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The pack.
    pub knowledge: &'a KnowledgeBase,
    /// What is known.
    pub facts: &'a FactStore,
    /// What follows.
    pub assessment: &'a Assessment,
    /// Where everything is written.
    pub sources: &'a SourceMap,
}

impl<'a> Case<'a> {
    /// Returns what was inferred.
    pub fn inference(&self) -> &'a Inference {
        &self.assessment.inference
    }

    /// Returns file and line of a place.
    pub fn location(&self, span: Span) -> Location {
        self.sources.location(span)
    }

    /// Returns the fact under a key, if there is one.
    pub fn fact(&self, key: &FactKey) -> Option<&'a Fact> {
        self.facts.get(key.input, &key.members()?)
    }

    /// Returns the name of an element of a set.
    pub fn element_name(&self, index: IndexRef, element: Element) -> String {
        match (index, element) {
            (IndexRef::Declared(id), Element::Member(member)) => self.facts.member_name(id, member).to_owned(),
            (_, Element::Node(node)) => self.knowledge.nodes[node].id.clone(),
            (_, Element::Mitigation(mitigation)) => self.knowledge.mitigations[mitigation].id.clone(),
            (_, Element::Anonymous) => format!("some {}", self.knowledge.index_name(index)),
            (_, Element::Absent | Element::Member(_)) => format!("no {}", self.knowledge.index_name(index)),
        }
    }

    /// Returns an input's name with its members, such as `subgroup.auroc[sex=F]`.
    pub fn key_name(&self, key: &FactKey) -> String {
        let input = &self.knowledge.inputs[key.input];
        let members: Vec<String> = self.member_names(key.input, &key.members);
        if members.is_empty() { input.id.clone() } else { format!("{}[{}]", input.id, members.join(", ")) }
    }

    /// Returns an input's title with its members, such as `AUROC in the subgroup, sex=F`.
    pub fn key_title(&self, key: &FactKey) -> String {
        let input = &self.knowledge.inputs[key.input];
        let members: Vec<String> = self.member_names(key.input, &key.members);
        if members.is_empty() { input.title.clone() } else { format!("{}, {}", input.title, members.join(", ")) }
    }

    fn member_names(&self, input: InputId, members: &[Element]) -> Vec<String> {
        let indexes = &self.knowledge.inputs[input].indexes;
        let named = indexes.iter().zip(members);
        named.map(|(index, element)| self.element_name(IndexRef::Declared(*index), *element)).collect()
    }

    /// Returns a finding with its arguments, such as `disadvantaged(sex=F)`.
    pub fn finding_name(&self, finding: FindingId, arguments: &[Element]) -> String {
        let declared = &self.knowledge.findings[finding];
        let named = declared.parameters.iter().zip(arguments);
        let arguments: Vec<String> = named.map(|(index, element)| self.element_name(*index, *element)).collect();
        if arguments.is_empty() { declared.id.clone() } else { format!("{}({})", declared.id, arguments.join(", ")) }
    }

    /// Returns a rule with what its variables stand for, such as `shift.feature for x_ca`.
    pub fn rule_name(&self, rule: RuleId, binding: &[Element]) -> String {
        let declared = &self.knowledge.rules[rule];
        let named = declared.body.variables.iter().zip(binding);
        let bound: Vec<String> = named.map(|(variable, element)| self.element_name(variable.index, *element)).collect();
        if bound.is_empty() { declared.id.clone() } else { format!("{} for {}", declared.id, bound.join(", ")) }
    }

    /// Returns the title of a mode or factor.
    pub fn node_title(&self, node: NodeId) -> &'a str {
        &self.knowledge.nodes[node].title
    }

    /// Returns a source as one line: authors, venue and year, and its identifier.
    pub fn citation(&self, id: CitationId) -> String {
        let citation = &self.knowledge.citations[id];
        let mut parts: Vec<String> = Vec::new();
        parts.extend(citation.authors.clone());
        if parts.is_empty() {
            parts.push(citation.title.clone());
        }
        let venue: Vec<String> =
            citation.venue.iter().cloned().chain(citation.year.map(|year| year.to_string())).collect();
        if !venue.is_empty() {
            parts.push(venue.join(" "));
        }
        let identifiers = [
            citation.doi.as_ref().map(|doi| format!("doi:{doi}")),
            citation.arxiv.as_ref().map(|arxiv| format!("arXiv:{arxiv}")),
            citation.pmid.as_ref().map(|pmid| format!("PMID:{pmid}")),
            citation.url.clone(),
        ];
        parts.extend(identifiers.into_iter().flatten().next());
        parts.join(", ")
    }
}
