//! The compiler's state: what is known while the rules become operations.

use std::collections::HashMap;

use super::cells::{Aspect, Cells, Lane, Reading};
use super::op::{Ends, Op, Value};
use super::program::Builder;
use crate::facts::Member;
use crate::inference::{Domains, Element, Figure, FindingInstance, Interval, Truth};
use crate::model::{Argument, IndexRef, Input, InputRef, KnowledgeBase, Measure, NodeId, Type};

/// An outcome: its point and its bounds. The two are one value wherever intervals cannot part them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub point: Value,
    pub bounds: Value,
}

impl Judged {
    /// Returns the outcome whose point and bounds are the same.
    pub fn both(truth: Value) -> Self {
        Judged { point: truth, bounds: truth }
    }
}

/// A figure: its point, and what it could be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figured {
    pub point: Value,
    pub range: Spread,
    /// Whether it has a point in every row.
    pub known: bool,
}

/// What a figure could be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spread {
    /// Its point alone where there is one, and this elsewhere.
    Exact(Interval),
    /// A value of ranges.
    Ranges(Value),
}

/// The figures of the assessment that advice and verdicts may read; by node.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    pub likelihood: Vec<Option<Figured>>,
    pub severity: Vec<Option<Figured>>,
    pub detectability: Vec<Option<Figured>>,
    pub risk: Vec<Option<Figured>>,
}

impl Measured {
    /// Returns a figure; none for a node that has none.
    pub fn get(&self, measure: Measure, node: NodeId) -> Option<Figured> {
        let figures = match measure {
            Measure::Likelihood => &self.likelihood,
            Measure::Severity => &self.severity,
            Measure::Detectability => &self.detectability,
            Measure::Risk => &self.risk,
        };
        figures.get(node.index()).copied().flatten()
    }
}

/// Turns rules into operations.
pub(super) struct Compiler<'a> {
    pub knowledge: &'a KnowledgeBase,
    pub cells: &'a Cells,
    pub domains: &'a Domains,
    pub builder: Builder,
    /// What the batch has to supply.
    pub lanes: Vec<Lane>,
    /// Texts and sets of options that rules name; each stands for its position.
    pub literals: Vec<crate::model::Value>,
    /// Findings that some rule concluded so far.
    pub findings: HashMap<FindingInstance, Judged>,
    /// None while the evidence is compiled.
    pub measures: Option<Measured>,
    pub evidence_missing: Judged,
}

impl<'a> Compiler<'a> {
    pub fn new(knowledge: &'a KnowledgeBase, cells: &'a Cells, domains: &'a Domains) -> Self {
        let mut builder = Builder::default();
        let evidence_missing = Judged::both(builder.always(Truth::False));
        Self {
            knowledge,
            cells,
            domains,
            builder,
            lanes: Vec::new(),
            literals: Vec::new(),
            findings: HashMap::new(),
            measures: None,
            evidence_missing,
        }
    }

    /// Returns what an argument stands for.
    pub fn resolve(&self, argument: &Argument, index: IndexRef, variables: &[Element]) -> Element {
        self.domains.resolve(self.knowledge, &self.cells.members, argument, index, variables)
    }

    /// Returns what the arguments of an input stand for.
    pub fn elements(&self, reference: &InputRef, variables: &[Element]) -> Vec<Element> {
        let indexes = &self.knowledge.inputs[reference.input].indexes;
        let arguments = reference.arguments.iter().zip(indexes);
        arguments.map(|(argument, &index)| self.resolve(argument, IndexRef::Declared(index), variables)).collect()
    }

    /// Returns what a column tells about a fact; none where the table has no such column.
    pub fn lane(
        &mut self,
        reference: &InputRef,
        elements: &[Element],
        aspect: Aspect,
        reading: Reading,
    ) -> Option<Value> {
        let members: Option<Vec<Member>> = elements
            .iter()
            .map(|element| match element {
                Element::Member(member) => Some(*member),
                _ => None,
            })
            .collect();
        let cell = self.cells.find(self.knowledge, reference.input, &members?, aspect)?;
        Some(self.cell_lane(Lane { cell, reading }))
    }

    /// Returns a row of numbers that the batch supplies.
    pub fn cell_lane(&mut self, lane: Lane) -> Value {
        let known = self.lanes.iter().position(|known| *known == lane);
        let position = known.unwrap_or_else(|| {
            self.lanes.push(lane);
            self.lanes.len() - 1
        });
        self.builder.value(Op::Lane(position))
    }

    /// Returns the number of an input with what it could be.
    pub fn input_figure(&mut self, reference: &InputRef, variables: &[Element]) -> Figured {
        let elements = self.elements(reference, variables);
        let missing = Figure::missing(&self.input(reference).value_type);
        let mut lane = |aspect| match self.input(reference).value_type {
            Type::Text | Type::ManyOf(_) => None,
            _ => self.lane(reference, &elements, aspect, Reading::Number),
        };
        let Some(point) = lane(Aspect::Value) else { return self.known_figure(missing) };
        let range = match (lane(Aspect::Low), lane(Aspect::High)) {
            (Some(low), Some(high)) => {
                let within = Ends::from(missing.range());
                Spread::Ranges(self.builder.value(Op::Stated { point, low, high, within }))
            }
            _ => Spread::Exact(missing.range()),
        };
        Figured { point, range, known: false }
    }

    /// Returns the input that is referred to.
    pub fn input(&self, reference: &InputRef) -> &'a Input {
        &self.knowledge.inputs[reference.input]
    }

    /// Returns the number that stands for a text or a set of options in this program.
    pub fn literal(&mut self, value: &crate::model::Value) -> Value {
        let known = self.literals.iter().position(|known| known == value);
        let position = known.unwrap_or_else(|| {
            self.literals.push(value.clone());
            self.literals.len() - 1
        });
        self.builder.constant(position as f64)
    }

    /// Returns a figure that is the same in every row.
    pub fn known_figure(&mut self, figure: Figure) -> Figured {
        let point = self.builder.constant(figure.point().unwrap_or(f64::NAN));
        let known = figure.point().is_some();
        let is_exact = figure.point().is_none_or(|point| figure.range() == Interval::point(point));
        if is_exact {
            return Figured { point, range: Spread::Exact(figure.range()), known };
        }
        let low = self.builder.constant(figure.low());
        let high = self.builder.constant(figure.high());
        Figured { point, range: Spread::Ranges(self.builder.value(Op::Between { low, high, point })), known }
    }

    /// Returns the figure if it is the same in every row.
    pub fn as_known(&self, figure: Figured) -> Option<Figure> {
        let point = self.builder.as_constant(figure.point)?;
        match figure.range {
            Spread::Exact(_) if !point.is_nan() => Some(Figure::exact(point)),
            Spread::Exact(missing) => Some(Figure::new(None, missing)),
            Spread::Ranges(_) => None,
        }
    }

    /// Returns what a figure could be as a value of ranges.
    pub fn ranges(&mut self, figure: Figured) -> Value {
        match figure.range {
            Spread::Ranges(ranges) => ranges,
            Spread::Exact(missing) => self.builder.value(Op::Exact(figure.point, missing.into())),
        }
    }

    /// Returns the least or the most that a figure could be, moved into an interval.
    pub fn end(&mut self, figure: Figured, upper: bool, within: (f64, f64)) -> Value {
        let ends = Ends(within.0.into(), within.1.into());
        match figure.range {
            Spread::Exact(missing) => {
                let end = if upper { missing.high() } else { missing.low() };
                let missing = self.builder.constant(end.clamp(within.0, within.1));
                let point = self.builder.value(Op::Clamp(figure.point, ends));
                self.builder.value(Op::OrElse(point, missing))
            }
            Spread::Ranges(ranges) => {
                let end = self.builder.value(if upper { Op::High(ranges) } else { Op::Low(ranges) });
                self.builder.value(Op::Clamp(end, ends))
            }
        }
    }

    /// Returns the outcome that is the same in every row.
    pub fn always(&mut self, truth: Truth) -> Judged {
        Judged::both(self.builder.always(truth))
    }

    pub fn and(&mut self, left: Judged, right: Judged) -> Judged {
        Judged {
            point: self.builder.value(Op::And(left.point, right.point)),
            bounds: self.builder.value(Op::And(left.bounds, right.bounds)),
        }
    }

    pub fn or(&mut self, left: Judged, right: Judged) -> Judged {
        Judged {
            point: self.builder.value(Op::Or(left.point, right.point)),
            bounds: self.builder.value(Op::Or(left.bounds, right.bounds)),
        }
    }

    pub fn not(&mut self, judged: Judged) -> Judged {
        Judged { point: self.builder.value(Op::Not(judged.point)), bounds: self.builder.value(Op::Not(judged.bounds)) }
    }

    /// Returns what is left of an outcome about a member that may not exist.
    pub fn at_most_possible(&mut self, judged: Judged) -> Judged {
        Judged::both(self.builder.value(Op::AtMostPossible(judged.bounds)))
    }
}
