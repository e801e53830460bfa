//! The scope of evaluation: what conditions and expressions can see, and how they look up facts.

use super::{Domains, Element, Extents, FactKey, Figure, Gap, Interval, Limits, Outcome, Reading};
use crate::facts::{Fact, FactStore};
use crate::model::{Argument, IndexRef, Input, InputRef, KnowledgeBase, Measure, NodeId, Value};

/// The figures of the assessment that advice and verdicts may read; by node, then by measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measures {
    pub(crate) likelihood: Vec<Figure>,
    pub(crate) severity: Vec<Figure>,
    pub(crate) detectability: Vec<Figure>,
    pub(crate) risk: Vec<Figure>,
}

impl Measures {
    /// Returns a figure; undefined for a node that has none.
    pub(crate) fn get(&self, measure: Measure, node: NodeId) -> Figure {
        let figures = match measure {
            Measure::Likelihood => &self.likelihood,
            Measure::Severity => &self.severity,
            Measure::Detectability => &self.detectability,
            Measure::Risk => &self.risk,
        };
        figures.get(node.index()).copied().unwrap_or(Figure::UNDEFINED)
    }
}

/// Everything that rules can see while they conclude findings, but for the findings.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) knowledge: &'a KnowledgeBase,
    pub(crate) facts: &'a FactStore,
    pub(crate) domains: &'a Domains,
    /// None while the evidence is evaluated.
    pub(crate) measures: Option<&'a Measures>,
    pub(crate) evidence_missing: Outcome,
    pub(crate) limits: Limits,
}

impl<'a> Frame<'a> {
    /// Returns what evidence rules can see.
    pub(crate) fn of_evidence(
        knowledge: &'a KnowledgeBase,
        facts: &'a FactStore,
        domains: &'a Domains,
        limits: Limits,
    ) -> Self {
        Self { knowledge, facts, domains, measures: None, evidence_missing: Outcome::FALSE, limits }
    }

    /// Returns the scope in which these findings are what was concluded.
    pub(crate) fn scope(self, findings: &'a Extents) -> Scope<'a> {
        Scope {
            knowledge: self.knowledge,
            facts: self.facts,
            domains: self.domains,
            findings,
            measures: self.measures,
            evidence_missing: self.evidence_missing,
        }
    }
}

/// Everything that a condition can see beside its variables.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) knowledge: &'a KnowledgeBase,
    pub(crate) facts: &'a FactStore,
    pub(crate) domains: &'a Domains,
    pub(crate) findings: &'a Extents,
    /// None while the evidence is evaluated.
    pub(crate) measures: Option<&'a Measures>,
    pub(crate) evidence_missing: Outcome,
}

/// A fact that was looked up, whether or not it is there.
pub(crate) struct Found<'a> {
    pub(crate) input: &'a Input,
    fact: Option<&'a Fact>,
    key: FactKey,
}

impl<'a> Scope<'a> {
    /// Returns what an argument stands for.
    pub(crate) fn resolve(&self, argument: &Argument, index: IndexRef, variables: &[Element]) -> Element {
        self.domains.resolve(self.knowledge, self.facts, argument, index, variables)
    }

    /// Looks up a fact.
    pub(crate) fn look_up(&self, reference: &InputRef, variables: &[Element]) -> Found<'a> {
        let input = &self.knowledge.inputs[reference.input];
        let arguments = reference.arguments.iter().zip(&input.indexes);
        let elements: Vec<Element> =
            arguments.map(|(argument, &index)| self.resolve(argument, IndexRef::Declared(index), variables)).collect();
        let key = FactKey { input: reference.input, members: elements };
        let fact = key.members().and_then(|members| self.facts.get(reference.input, &members));
        Found { input, fact, key }
    }
}

impl<'a> Found<'a> {
    /// Returns the value, if it is known.
    pub(crate) fn value(&self) -> Option<&'a Value> {
        self.fact.and_then(|fact| fact.value.as_ref().ok())
    }

    /// Returns the chosen option of a `one of` input.
    pub(crate) fn option(&self) -> Option<u32> {
        match self.value() {
            Some(Value::Option(option)) => Some(*option),
            _ => None,
        }
    }

    /// Returns the chosen options of a `many of` input.
    pub(crate) fn options(&self) -> Option<&'a [u32]> {
        match self.value() {
            Some(Value::Options(options)) => Some(options),
            _ => None,
        }
    }

    /// Tells whether the fact is about a member that nobody knows.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.key.members.contains(&Element::Anonymous)
    }

    /// Returns the value as a number with its interval; the type's range where it is missing. The
    /// truth lies in the type's range, so an interval that leaves it is cut off there.
    pub(crate) fn figure(&self) -> Figure {
        let missing = Figure::missing(&self.input.value_type);
        let Some(point) = self.number() else { return missing };
        match self.fact.and_then(|fact| fact.interval.as_ref()) {
            Some(interval) => {
                let range = Interval::new(interval.low, interval.high).clamp(missing.low(), missing.high());
                Figure::new(Some(point), range)
            }
            None => Figure::exact(point),
        }
    }

    /// Returns the 95th percentile of the metric's noise floor.
    pub(crate) fn p95(&self) -> Option<f64> {
        self.fact.and_then(|fact| fact.floor.as_ref()).map(|floor| floor.p95).filter(|p95| p95.is_finite())
    }

    fn number(&self) -> Option<f64> {
        self.value().and_then(Value::as_number).filter(|number| number.is_finite())
    }

    fn gap(&self) -> Option<Gap> {
        if self.is_anonymous() {
            return Some(Gap::OpenSet);
        }
        if self.key.members.iter().any(|element| !matches!(element, Element::Member(_))) {
            return Some(Gap::NoSuchMember);
        }
        match self.fact.map(|fact| &fact.value) {
            None => Some(Gap::NotGiven),
            Some(Err(reason)) => Some(Gap::Undefined(reason.clone())),
            Some(Ok(_)) => None,
        }
    }

    /// Returns the record of a look-up for any value.
    pub(crate) fn reading(self) -> Reading {
        Reading { gap: self.gap(), key: self.key }
    }

    /// Returns the record of a look-up for a number.
    pub(crate) fn number_reading(self) -> Reading {
        let gap = self.gap().or_else(|| self.number().is_none().then_some(Gap::WrongType));
        Reading { gap, key: self.key }
    }

    /// Returns the record of a look-up for a value and its noise floor.
    pub(crate) fn floor_reading(self) -> Reading {
        let gap = self.gap().or_else(|| self.p95().is_none().then_some(Gap::NoFloor));
        Reading { gap, key: self.key }
    }
}
