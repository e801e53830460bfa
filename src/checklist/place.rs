//! A declaration of the pack as the checklist sees it.

use crate::model::{
    About, CitationId, InputId, InputKind, KnowledgeBase, MitigationId, NodeId, NodeKind, RelationId, RuleId,
    StressTestId,
};

/// What a declaration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A question, a metric or metadata: somebody or something answers it.
    Input(InputId),
    /// A rule.
    Rule(RuleId),
    /// A remedy.
    Mitigation(MitigationId),
    /// A mode or factor.
    Node(NodeId),
    /// What the deployment may list.
    Relation(RelationId),
    /// What to try out.
    StressTest(StressTestId),
    /// Of a kind that no rule reads; its position among these.
    Other(usize),
}

/// A declaration, the items that it satisfies, and what follows from it.
#[derive(Clone, Debug)]
pub struct Place {
    /// What it is.
    pub subject: Subject,
    /// Its keyword, such as `question`.
    pub kind: &'static str,
    /// Its name.
    pub id: String,
    /// Its title, or the question's wording.
    pub title: String,
    /// Who can answer it, where it is a question that says so.
    pub ask: Option<String>,
    /// When it is asked, where it is a question that says so.
    pub phase: Option<String>,
    /// The items that it satisfies, in the order written.
    pub items: Vec<(CitationId, String)>,
    /// The rules that read it, or the rule that it is; ascending.
    pub rules: Vec<RuleId>,
    /// The rules that read what those conclude, and so on; ascending.
    pub through: Vec<RuleId>,
    /// The rules that require it to be known; ascending.
    pub gates: Vec<RuleId>,
    /// The factors that these rules speak about, or that it is or addresses; ascending.
    pub factors: Vec<NodeId>,
    /// The modes that they speak about, and those that such a factor brings by way of factors alone; ascending.
    pub modes: Vec<NodeId>,
}

impl Place {
    /// Returns the input that it is, if it is one.
    pub fn input(&self) -> Option<InputId> {
        match self.subject {
            Subject::Input(input) => Some(input),
            _ => None,
        }
    }

    /// Tells whether a person is asked.
    pub fn is_question(&self) -> bool {
        self.kind == "question"
    }

    /// Tells whether a rule reads it or requires it, or is it.
    pub fn is_read(&self) -> bool {
        !self.rules.is_empty() || !self.gates.is_empty()
    }
}

/// Returns a role or phase in words.
pub(super) fn in_words(name: &str) -> String {
    match name {
        "it" => "IT".to_owned(),
        "before_go_live" => "before go-live".to_owned(),
        "after_go_live" => "after go-live".to_owned(),
        _ => name.replace('_', " "),
    }
}

/// A declaration with what it says of itself.
pub(super) struct Declared<'a> {
    pub(super) subject: Subject,
    pub(super) kind: &'static str,
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) about: &'a About,
}

/// Returns every declaration that can satisfy an item: inputs first, then rules, then the rest, each by name.
pub(super) fn declarations(knowledge: &KnowledgeBase) -> Vec<Declared<'_>> {
    let mut all: Vec<Declared<'_>> = Vec::new();
    let mut add = |subject, kind, id, title, about| all.push(Declared { subject, kind, id, title, about });
    for (id, input) in knowledge.inputs.iter() {
        let kind = match input.kind {
            InputKind::Metric { .. } => "metric",
            InputKind::Metadata => "input",
            InputKind::Question { .. } => "question",
        };
        add(Subject::Input(id), kind, &input.id, &input.title, &input.about);
    }
    for (id, rule) in knowledge.rules.iter() {
        add(Subject::Rule(id), "rule", &rule.id, &rule.title, &rule.about);
    }
    for (id, mitigation) in knowledge.mitigations.iter() {
        add(Subject::Mitigation(id), "mitigation", &mitigation.id, &mitigation.title, &mitigation.about);
    }
    for (id, node) in knowledge.nodes.iter() {
        let kind = if matches!(node.kind, NodeKind::Factor) { "factor" } else { "mode" };
        add(Subject::Node(id), kind, &node.id, &node.title, &node.about);
    }
    for (id, relation) in knowledge.relations.iter() {
        add(Subject::Relation(id), "relation", &relation.id, &relation.title, &relation.about);
    }
    for (id, test) in knowledge.stress_tests.iter() {
        add(Subject::StressTest(id), "stress_test", &test.id, &test.title, &test.about);
    }
    let pack = &knowledge.pack;
    let others = [("pack", &pack.id, &pack.title, &pack.about)].into_iter();
    let others = others.chain(knowledge.citations.values().map(|of| ("source", &of.id, &of.title, &of.about)));
    let others = others.chain(knowledge.categories.values().map(|of| ("category", &of.id, &of.title, &of.about)));
    let others = others.chain(knowledge.indexes.values().map(|of| {
        let kind = if of.is_entity { "entity" } else { "index" };
        (kind, &of.id, &of.title, &of.about)
    }));
    let others = others.chain(knowledge.bands.iter().map(|of| ("band", &of.id, &of.title, &of.about)));
    let others = others.chain(knowledge.verdicts.values().map(|of| ("verdict", &of.id, &of.title, &of.about)));
    for (position, (kind, id, title, about)) in others.enumerate() {
        add(Subject::Other(position), kind, id, title, about);
    }
    all
}
