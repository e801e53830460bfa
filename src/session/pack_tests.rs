//! The `test` blocks of a pack, run.

use crate::explanation::{Case, number};
use crate::facts::{Fact, FactStore, Interval, Member, NoiseFloor, Origin, Tuple};
use crate::inference::{Element, FindingInstance, compare_numbers};
use crate::model::{
    Comparison, Expectation, ExpectationKind, FiringState, GivenKind, IndexId, IndexRef, KnowledgeBase, Measure,
    NodeId, TestCase,
};
use crate::risk::{Assessment, Quantity, assess};
use crate::source::{SourceMap, Span};

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// Its sentence.
    pub name: String,
    /// Where it is written.
    pub span: Span,
    /// What was not as expected; empty where the test passed.
    pub failures: Vec<Failure>,
}

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where the expectation is written.
    pub span: Span,
    /// What was found instead.
    pub found: String,
}

/// Runs every test of a pack, in order of name.
pub fn run_tests(knowledge: &KnowledgeBase, sources: &SourceMap) -> Vec<TestResult> {
    knowledge.tests.iter().map(|test| run_test(test, knowledge, sources)).collect()
}

fn run_test(test: &TestCase, knowledge: &KnowledgeBase, sources: &SourceMap) -> TestResult {
    let facts = facts_given(test, knowledge);
    let failures = match assess(knowledge, &facts) {
        Ok(assessment) => {
            let case = Case { knowledge, facts: &facts, assessment: &assessment, sources };
            test.expect.iter().filter_map(|expectation| unmet(case, expectation)).collect()
        }
        Err(error) => vec![Failure { span: test.span, found: error.to_string() }],
    };
    TestResult { name: test.name.clone(), span: test.span, failures }
}

/// Returns what a test supposes as facts; everything else is unknown.
pub fn facts_given(test: &TestCase, knowledge: &KnowledgeBase) -> FactStore {
    let members = test.given.iter().flat_map(|given| match &given.kind {
        GivenKind::Fact { input, members, .. } => {
            knowledge.inputs[*input].indexes.iter().copied().zip(members.iter().cloned()).collect::<Vec<_>>()
        }
        GivenKind::Related { relation, members, .. } => {
            knowledge.relations[*relation].indexes().zip(members.iter().cloned()).collect()
        }
        GivenKind::Unrelated(_) => Vec::new(),
    });
    // `sex=F` is a member of `subgroup` and makes `sex` one of the set that it is within.
    let parents = |(index, member): (IndexId, String)| {
        let parent = knowledge.indexes[index].within.zip(member.split_once('='));
        let parent = parent.map(|(within, (attribute, _))| (within, attribute.to_owned()));
        [Some((index, member)), parent].into_iter().flatten()
    };
    let mut facts = FactStore::new(knowledge, members.flat_map(parents));
    for given in &test.given {
        match &given.kind {
            GivenKind::Fact { input, members, value, within, noise } => {
                let indexes = knowledge.inputs[*input].indexes.iter().copied();
                let interval = within.map(|(low, high)| Interval { low, high, level: 0.95, method: "as given".into() });
                let floor = noise.map(|p95| NoiseFloor { mean: None, p95, method: "as given".into() });
                let fact = Fact { interval, floor, ..Fact::supposed(value.clone()) };
                let members = members_named(&facts, indexes, members);
                facts.set(*input, &members, fact);
            }
            GivenKind::Related { relation, members, unsure } => {
                let members = members_named(&facts, knowledge.relations[*relation].indexes(), members);
                let tuple = Tuple { unsure: *unsure, origin: Origin::Supposed };
                facts.extension(*relation, Origin::Supposed).insert(members, tuple);
            }
            GivenKind::Unrelated(relation) => {
                facts.extension(*relation, Origin::Supposed);
            }
        }
    }
    facts
}

/// Returns the members of these names; the store has all that the test mentions.
fn members_named(facts: &FactStore, indexes: impl Iterator<Item = IndexId>, names: &[String]) -> Vec<Member> {
    indexes.zip(names).filter_map(|(index, name)| facts.member(index, name)).collect()
}

/// Returns what was found where it is not what was expected.
fn unmet(case: Case<'_>, expectation: &Expectation) -> Option<Failure> {
    let (met, found) = match &expectation.kind {
        ExpectationKind::Rule { rule, state } => {
            let found = case.inference().state(*rule);
            (found == *state, format!("it {}", state_words(found)))
        }
        ExpectationKind::Measure { measure, node, comparison, value } => {
            let found = measured(case.assessment, *measure, *node)?;
            // Sums of ratings are whole numbers up to rounding in the last bit.
            let equal = *comparison == Comparison::Equal && (found - value).abs() < 1e-9;
            let met = equal || compare_numbers(found, *comparison, *value);
            (met, format!("it is {} ({found})", number(found)))
        }
        ExpectationKind::Finding { finding, members, present } => {
            let arguments: Option<Vec<Element>> = case.knowledge.findings[*finding]
                .parameters
                .iter()
                .zip(members)
                .map(|(index, name)| element(case, *index, name))
                .collect();
            let concluded = arguments.is_some_and(|arguments| {
                case.inference().finding(&FindingInstance { finding: *finding, arguments }).holds()
            });
            let found = if concluded { "it was concluded" } else { "it was not concluded" };
            (concluded == *present, found.to_owned())
        }
        ExpectationKind::Recommended { mitigation, present } => {
            let found = case.assessment.recommendations.iter().find(|found| found.mitigation == *mitigation);
            let advised = found.is_some_and(|found| !found.is_contraindicated());
            let said = match found {
                Some(found) if found.is_contraindicated() => "it is contraindicated",
                Some(_) => "it is recommended",
                None => "it is not recommended",
            };
            (advised == *present, said.to_owned())
        }
        ExpectationKind::Contraindicated(mitigation) => {
            let found = case.assessment.recommendations.iter().find(|found| found.mitigation == *mitigation);
            let struck = found.is_some_and(|found| found.is_contraindicated());
            (struck, "it is not contraindicated".to_owned())
        }
        ExpectationKind::Verdict(verdict) => {
            let given = case.assessment.verdict.given;
            let found = given.map_or("no verdict".to_owned(), |given| case.knowledge.verdicts[given].id.clone());
            (given == Some(*verdict), format!("it is {found}"))
        }
        ExpectationKind::Flagged(text) => {
            let raised = case.assessment.flags.iter().any(|flag| flag.text == *text);
            (raised, "no rule raised it".to_owned())
        }
    };
    (!met).then_some(Failure { span: expectation.span, found })
}

fn state_words(state: FiringState) -> &'static str {
    match state {
        FiringState::Fired => "fired",
        FiringState::NotFired => "did not fire",
        FiringState::Undecided => "is undecided",
    }
}

fn measured(assessment: &Assessment, measure: Measure, node: NodeId) -> Option<f64> {
    if measure == Measure::Likelihood {
        return assessment.likelihood(node).map(|found| found.likelihood.estimate().get());
    }
    let risk = assessment.risk(node)?;
    Some(match measure {
        Measure::Severity => risk.severity.estimate().get(),
        Measure::Detectability => risk.detectability.estimate().get(),
        Measure::Risk | Measure::Likelihood => risk.risk.estimate().get(),
    })
}

fn element(case: Case<'_>, index: IndexRef, name: &str) -> Option<Element> {
    match index {
        IndexRef::Declared(set) => case.facts.member(set, name).map(Element::Member),
        IndexRef::Modes | IndexRef::Factors => case.knowledge.nodes.find(name).map(Element::Node),
        IndexRef::Mitigations => case.knowledge.mitigations.find(name).map(Element::Mitigation),
    }
}
