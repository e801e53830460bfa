//! Small packs in text, with facts beside them.

use etiology::facts::{Fact, FactStore, Interval, Member, NoiseFloor, Origin, Tuple};
use etiology::inference::{Inference, Instance};
use etiology::model::*;
use etiology::risk::{Assessment, ModeRisk, Recommendation, Swing, assess};
use etiology::source::SourceMap;

const HEADER: &str = r#"
pack small "Small" {
  version 1.0.0
  language 1
}
category some "Some"
"#;

/// Returns the knowledge base of a pack: `declarations` after a header.
#[track_caller]
pub fn knowledge(declarations: &str) -> KnowledgeBase {
    knowledge_of_files(&[HEADER.to_owned(), declarations.to_owned()])
}

/// Returns the knowledge base of a pack in several files.
#[track_caller]
pub fn knowledge_of_files(files: &[String]) -> KnowledgeBase {
    let mut sources = SourceMap::default();
    let mut trees = Vec::new();
    for (place, text) in files.iter().enumerate() {
        let id = sources.add(format!("{place:02}.etio"), text.clone());
        let (tree, diagnostics) = etiology::syntax::parse(id, text);
        assert!(!diagnostics.has_errors(), "{diagnostics:#?}");
        trees.push(tree);
    }
    let (knowledge, diagnostics) = lower(&trees, &sources);
    knowledge.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

/// A pack and what is known.
pub struct Case {
    pub knowledge: KnowledgeBase,
    pub facts: FactStore,
}

impl Case {
    /// A case in which nothing is known.
    #[track_caller]
    pub fn new(declarations: &str) -> Self {
        Self::with_members(declarations, &[])
    }

    /// A case with members of index sets, and nothing else known.
    #[track_caller]
    pub fn with_members(declarations: &str, members: &[(&str, &str)]) -> Self {
        let knowledge = knowledge(declarations);
        let members: Vec<_> =
            members.iter().map(|(index, name)| (knowledge.indexes.find(index).unwrap(), (*name).to_owned())).collect();
        let facts = FactStore::new(&knowledge, members);
        Case { knowledge, facts }
    }

    /// Enters a fact. `what` is the name of an input, with a member as in `psi[age]`.
    #[track_caller]
    pub fn fact(mut self, what: &str, fact: Fact) -> Self {
        let (name, member) = what.strip_suffix(']').and_then(|what| what.split_once('[')).unwrap_or((what, ""));
        let input = self.knowledge.inputs.find(name).unwrap();
        let members: Vec<Member> = self.knowledge.inputs[input]
            .indexes
            .iter()
            .map(|&index| self.facts.member(index, member).unwrap())
            .collect();
        assert!(self.facts.set(input, &members, fact));
        self
    }

    /// Lists a relation, in full: between whom it holds. A trailing `?` is not sure.
    #[track_caller]
    pub fn related(mut self, name: &str, entries: &[&[&str]]) -> Self {
        let relation = self.knowledge.relations.find(name).unwrap();
        let mut extension = self.facts.extension(relation, Origin::Supposed).clone();
        for entry in entries {
            let unsure = entry.last().is_some_and(|last| last.ends_with('?'));
            let indexes = self.knowledge.relations[relation].indexes();
            let members = indexes.zip(*entry).map(|(index, name)| self.facts.member(index, name.trim_end_matches('?')));
            let members = members.collect::<Option<Vec<Member>>>().unwrap();
            extension.insert(members, Tuple { unsure, origin: Origin::Supposed });
        }
        *self.facts.extension(relation, Origin::Supposed) = extension;
        self
    }

    #[track_caller]
    pub fn number(self, what: &str, value: f64) -> Self {
        self.fact(what, Fact::supposed(Value::Number(value)))
    }

    #[track_caller]
    pub fn yes_no(self, what: &str, yes: bool) -> Self {
        self.fact(what, Fact::supposed(Value::YesNo(yes)))
    }

    #[track_caller]
    pub fn within(self, what: &str, value: f64, low: f64, high: f64) -> Self {
        let interval = Interval { low, high, level: 0.95, method: "by hand".into() };
        self.fact(what, Fact { interval: Some(interval), ..Fact::supposed(Value::Number(value)) })
    }

    #[track_caller]
    pub fn floored(self, what: &str, value: f64, p95: f64) -> Self {
        let floor = NoiseFloor { mean: Some(p95 / 2.0), p95, method: "by hand".into() };
        self.fact(what, Fact { floor: Some(floor), ..Fact::supposed(Value::Number(value)) })
    }

    #[track_caller]
    pub fn assess(self) -> Assessed {
        let assessment = assess(&self.knowledge, &self.facts).unwrap();
        Assessed { knowledge: self.knowledge, facts: self.facts, assessment }
    }
}

/// A case with its assessment, read by name.
pub struct Assessed {
    pub knowledge: KnowledgeBase,
    pub facts: FactStore,
    pub assessment: Assessment,
}

impl Assessed {
    pub fn inference(&self) -> &Inference {
        &self.assessment.inference
    }

    #[track_caller]
    pub fn rule(&self, name: &str) -> RuleId {
        self.knowledge.rules.find(name).unwrap()
    }

    #[track_caller]
    pub fn instance(&self, rule: &str) -> &Instance {
        self.inference().instances_of(self.rule(rule)).next().unwrap().1
    }

    #[track_caller]
    pub fn state(&self, rule: &str) -> FiringState {
        self.inference().state(self.rule(rule))
    }

    /// Low, estimate and high of a node's likelihood.
    #[track_caller]
    pub fn likelihood(&self, node: &str) -> [f64; 3] {
        let node = self.knowledge.nodes.find(node).unwrap();
        figures(&self.assessment.likelihood(node).unwrap().likelihood)
    }

    #[track_caller]
    pub fn mode(&self, name: &str) -> &ModeRisk {
        self.assessment.risk(self.knowledge.nodes.find(name).unwrap()).unwrap()
    }

    #[track_caller]
    pub fn recommendation(&self, name: &str) -> Option<&Recommendation> {
        let mitigation = self.knowledge.mitigations.find(name).unwrap();
        self.assessment.recommendations.iter().find(|recommendation| recommendation.mitigation == mitigation)
    }

    #[track_caller]
    pub fn swing(&self, name: &str) -> &Swing {
        let input = self.knowledge.inputs.find(name).unwrap();
        self.assessment.open_inputs.iter().find(|swing| swing.input == input).unwrap()
    }

    pub fn verdict(&self) -> Option<&str> {
        self.assessment.verdict.given.map(|verdict| self.knowledge.verdicts[verdict].id.as_str())
    }

    pub fn not_ruled_out(&self) -> Vec<&str> {
        let open = self.assessment.verdict.not_ruled_out.iter();
        open.map(|&verdict| self.knowledge.verdicts[verdict].id.as_str()).collect()
    }
}

/// Returns low, estimate and high.
pub fn figures<Q: etiology::risk::Quantity>(bounds: &etiology::risk::Bounds<Q>) -> [f64; 3] {
    [bounds.low().get(), bounds.estimate().get(), bounds.high().get()]
}

#[track_caller]
pub fn near(actual: [f64; 3], expected: [f64; 3]) {
    let close = actual.iter().zip(expected).all(|(actual, expected)| (actual - expected).abs() < 1e-12);
    assert!(close, "{actual:?} is not {expected:?}");
}
