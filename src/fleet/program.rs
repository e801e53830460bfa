//! The program: what is computed for every row, one operation after the other, each for a whole batch.
//!
//! The builder never makes the same operation twice and works out what is constant; whatever no output
//! needs is dropped when the program is laid out (see `layout.rs`).

use std::collections::HashMap;

use super::numbers::numbers;
use super::op::{Kind, Level, Op, Value};
use super::operands::{Numbers, Operands, Ranges, Truths};
use super::truths::truths;
use crate::inference::Truth;

/// Operations in the order in which they are computed, none of them twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Builder {
    pub ops: Vec<Op>,
    /// The points of each curve.
    pub curves: Vec<Vec<(f64, f64)>>,
    places: HashMap<Op, Value>,
}

impl Builder {
    /// Returns the value of an operation.
    pub fn value(&mut self, op: Op) -> Value {
        let op = match self.simpler(&op) {
            Some(Simpler::Same(value)) => return value,
            Some(Simpler::Op(simpler)) => simpler,
            None => op,
        };
        if let Some(&known) = self.places.get(&op) {
            return known;
        }
        let value = Value(u32::try_from(self.ops.len()).unwrap_or(u32::MAX));
        self.places.insert(op.clone(), value);
        self.ops.push(op);
        value
    }

    /// Returns a number that is the same in every row.
    pub fn constant(&mut self, number: f64) -> Value {
        self.value(Op::Constant(number.into()))
    }

    /// Returns a truth that is the same in every row.
    pub fn always(&mut self, truth: Truth) -> Value {
        self.value(Op::Always(truth))
    }

    /// Returns the number if it is the same in every row.
    pub fn as_constant(&self, value: Value) -> Option<f64> {
        match self.op(value) {
            Op::Constant(number) => Some(number.get()),
            _ => None,
        }
    }

    /// Returns the truth if it is the same in every row.
    pub fn as_always(&self, value: Value) -> Option<Truth> {
        match self.op(value) {
            Op::Always(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Returns the number of a curve.
    pub fn curve(&mut self, points: &[(f64, f64)]) -> usize {
        let known = self.curves.iter().position(|known| known == points);
        known.unwrap_or_else(|| {
            self.curves.push(points.to_vec());
            self.curves.len() - 1
        })
    }

    pub fn op(&self, value: Value) -> &Op {
        &self.ops[value.index()]
    }

    /// Returns what comes to the same with less work.
    fn simpler(&self, op: &Op) -> Option<Simpler> {
        let truth = |value: &Value| self.as_always(*value);
        let same = match op {
            Op::Min(left, right) | Op::Max(left, right) if left == right => Some(*left),
            Op::And(left, right) => match (truth(left), truth(right)) {
                _ if left == right => Some(*left),
                (Some(Truth::False), _) | (_, Some(Truth::True)) => Some(*left),
                (_, Some(Truth::False)) | (Some(Truth::True), _) => Some(*right),
                _ => None,
            },
            Op::Or(left, right) => match (truth(left), truth(right)) {
                _ if left == right => Some(*left),
                (Some(Truth::True), _) | (_, Some(Truth::False)) => Some(*left),
                (_, Some(Truth::True)) | (Some(Truth::False), _) => Some(*right),
                _ => None,
            },
            Op::Not(value) => match self.op(*value) {
                Op::Not(inner) => Some(*inner),
                _ => None,
            },
            Op::Decide { point, bounds } if point == bounds => Some(*point),
            Op::AtMostPossible(value) if matches!(self.op(*value), Op::AtMostPossible(_)) => Some(*value),
            Op::Gate(truth, Level::True, value, _) if self.as_always(*truth) == Some(Truth::True) => Some(*value),
            Op::Gate(truth, Level::Possible, value, _)
                if self.as_always(*truth).is_some_and(|truth| truth != Truth::False) =>
            {
                Some(*value)
            }
            // No weight takes nothing away: times one is the same to the last bit.
            Op::Leave(left, weight) if self.as_constant(*weight).is_some_and(is_zero) => Some(*left),
            Op::Add(left, by) | Op::Subtract(left, by) if self.as_constant(*by).is_some_and(is_zero) => Some(*left),
            _ => None,
        };
        if let Some(value) = same {
            return Some(Simpler::Same(value));
        }
        if let Op::Gate(truth, _, _, otherwise) = op
            && self.as_always(*truth).is_some()
        {
            return Some(Simpler::Op(Op::Constant(*otherwise)));
        }
        if let Op::And(left, right) | Op::Or(left, right) = op
            && left > right
        {
            return Some(Simpler::Op(match op {
                Op::And(..) => Op::And(*right, *left),
                _ => Op::Or(*right, *left),
            }));
        }
        let mut constant = !matches!(op, Op::Constant(_) | Op::Always(_) | Op::Lane(_)) && op.kind() != Kind::Range;
        op.operands(&mut |value| constant &= matches!(self.op(value), Op::Constant(_) | Op::Always(_)));
        constant.then(|| Simpler::Op(fold(op, self)))
    }
}

enum Simpler {
    Same(Value),
    Op(Op),
}

fn is_zero(number: f64) -> bool {
    number.abs() <= 0.0
}

/// The constants of a program that is being built.
struct Constants<'a>(&'a Builder);

impl Operands for Constants<'_> {
    fn numbers(&self, value: Value) -> Numbers<'_> {
        Numbers::Constant(self.0.as_constant(value).unwrap_or(f64::NAN))
    }

    fn ranges(&self, _: Value) -> Ranges<'_> {
        Ranges { low: &[], high: &[] }
    }

    fn truths(&self, value: Value) -> Truths<'_> {
        Truths::Constant(self.0.as_always(value).unwrap_or(Truth::Unknown))
    }

    fn curve(&self, curve: usize) -> &[(f64, f64)] {
        self.0.curves.get(curve).map_or(&[], Vec::as_slice)
    }
}

/// Returns what an operation on constants comes to, as a constant. It makes numbers or a truth.
fn fold(op: &Op, builder: &Builder) -> Op {
    let constants = Constants(builder);
    if op.kind() == Kind::Truth {
        let mut out = [Truth::Unknown];
        truths(op, &constants, &mut out);
        Op::Always(out[0])
    } else {
        let mut out = [f64::NAN];
        numbers(op, &constants, &mut out);
        Op::Constant(out[0].into())
    }
}
