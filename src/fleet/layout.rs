//! From operations to steps: what no output needs is dropped, and values that are no longer needed give
//! their registers to later ones.

use super::numbers::numbers;
use super::op::{Kind, Op, Value};
use super::operands::{Numbers, Operands, Ranges, Truths};
use super::program::Builder;
use super::ranges::ranges;
use super::truths::truths;
use crate::inference::Truth;

/// How many rows are computed at a time. The registers of a large pack then fit into the second cache.
pub(super) const ROWS: usize = 512;

/// Where a value is while the program runs.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Nobody needs it.
    Nowhere,
    Constant(f64),
    Always(Truth),
    Lane(usize),
    /// A register of the operation's kind.
    Register(usize),
}

/// A program that is ready to run.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    steps: Vec<(Op, usize)>,
    /// By value.
    places: Vec<Place>,
    curves: Vec<Vec<(f64, f64)>>,
    /// How many registers of each kind.
    numbers: usize,
    ranges: usize,
    truths: usize,
}

/// Registers of one kind: which are free, and how many there are.
#[derive(Default)]
struct Pool {
    free: Vec<usize>,
    made: usize,
}

impl Pool {
    fn take(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            self.made += 1;
            self.made - 1
        })
    }
}

impl Layout {
    /// Lays a program out for these outputs.
    pub fn new(builder: Builder, outputs: &[Value]) -> Self {
        let last_use = last_uses(&builder, outputs);
        let mut pools = [Pool::default(), Pool::default(), Pool::default()];
        let mut places = vec![Place::Nowhere; builder.ops.len()];
        let mut steps = Vec::new();
        let Builder { ops, curves, .. } = builder;
        let kinds: Vec<Kind> = ops.iter().map(Op::kind).collect();
        for (place, op) in ops.into_iter().enumerate() {
            if last_use[place].is_none() {
                continue;
            }
            match op {
                Op::Constant(number) => places[place] = Place::Constant(number.get()),
                Op::Always(truth) => places[place] = Place::Always(truth),
                Op::Lane(lane) => places[place] = Place::Lane(lane),
                op => {
                    let register = pools[kinds[place] as usize].take();
                    places[place] = Place::Register(register);
                    let mut done = Vec::new();
                    op.operands(&mut |operand| done.push(operand.index()));
                    done.sort_unstable();
                    done.dedup();
                    for operand in done.into_iter().filter(|&operand| last_use[operand] == Some(place)) {
                        if let Place::Register(register) = places[operand] {
                            pools[kinds[operand] as usize].free.push(register);
                        }
                    }
                    steps.push((op, register));
                }
            }
        }
        let [numbers, ranges, truths] = pools.map(|pool| pool.made);
        Self { steps, places, curves, numbers, ranges, truths }
    }
}

/// Returns for each operation the place of the last one that reads it: beyond all for an output, none
/// for one that nobody needs.
fn last_uses(builder: &Builder, outputs: &[Value]) -> Vec<Option<usize>> {
    let mut last_use: Vec<Option<usize>> = vec![None; builder.ops.len()];
    for output in outputs {
        last_use[output.index()] = Some(usize::MAX);
    }
    for (place, op) in builder.ops.iter().enumerate().rev() {
        if last_use[place].is_some() {
            op.operands(&mut |operand| {
                let last = &mut last_use[operand.index()];
                *last = Some(last.map_or(place, |known| known.max(place)));
            });
        }
    }
    last_use
}

/// The registers of one thread.
#[derive(Debug)]
pub(super) struct Registers {
    numbers: Vec<Vec<f64>>,
    ranges: Vec<(Vec<f64>, Vec<f64>)>,
    truths: Vec<Vec<Truth>>,
}

impl Registers {
    /// Returns registers for a program.
    pub fn new(layout: &Layout) -> Self {
        let numbers = || vec![f64::NAN; ROWS];
        Self {
            numbers: (0..layout.numbers).map(|_| numbers()).collect(),
            ranges: (0..layout.ranges).map(|_| (numbers(), numbers())).collect(),
            truths: (0..layout.truths).map(|_| vec![Truth::Unknown; ROWS]).collect(),
        }
    }
}

/// A program that has run on some rows; its outputs can be read until it runs again.
pub(super) struct Frame<'a> {
    layout: &'a Layout,
    registers: &'a mut Registers,
    lanes: &'a [&'a [f64]],
    rows: usize,
}

impl<'a> Frame<'a> {
    /// Runs the program on at most [`ROWS`] rows; every lane has that many.
    pub fn run(layout: &'a Layout, registers: &'a mut Registers, lanes: &'a [&'a [f64]], rows: usize) -> Self {
        let rows = rows.min(ROWS);
        let mut frame = Frame { layout, registers, lanes, rows };
        for (op, register) in &layout.steps {
            frame.step(op, *register);
        }
        frame
    }

    fn step(&mut self, op: &Op, register: usize) {
        // The target leaves its place while the operation reads the others; no operand shares it.
        match op.kind() {
            Kind::Number => {
                let mut out = std::mem::take(&mut self.registers.numbers[register]);
                numbers(op, self, &mut out[..self.rows]);
                self.registers.numbers[register] = out;
            }
            Kind::Range => {
                let (mut low, mut high) = std::mem::take(&mut self.registers.ranges[register]);
                ranges(op, self, &mut low[..self.rows], &mut high[..self.rows]);
                self.registers.ranges[register] = (low, high);
            }
            Kind::Truth => {
                let mut out = std::mem::take(&mut self.registers.truths[register]);
                truths(op, self, &mut out[..self.rows]);
                self.registers.truths[register] = out;
            }
        }
    }
}

impl Operands for Frame<'_> {
    fn numbers(&self, value: Value) -> Numbers<'_> {
        match self.layout.places[value.index()] {
            Place::Constant(number) => Numbers::Constant(number),
            Place::Lane(lane) => Numbers::Plane(&self.lanes[lane][..self.rows]),
            Place::Register(register) => Numbers::Plane(&self.registers.numbers[register][..self.rows]),
            Place::Nowhere | Place::Always(_) => Numbers::Constant(f64::NAN),
        }
    }

    fn ranges(&self, value: Value) -> Ranges<'_> {
        match self.layout.places[value.index()] {
            Place::Register(register) => {
                let (low, high) = &self.registers.ranges[register];
                Ranges { low: &low[..self.rows], high: &high[..self.rows] }
            }
            _ => Ranges { low: &[], high: &[] },
        }
    }

    fn truths(&self, value: Value) -> Truths<'_> {
        match self.layout.places[value.index()] {
            Place::Always(truth) => Truths::Constant(truth),
            Place::Register(register) => Truths::Plane(&self.registers.truths[register][..self.rows]),
            _ => Truths::Constant(Truth::Unknown),
        }
    }

    fn curve(&self, curve: usize) -> &[(f64, f64)] {
        self.layout.curves.get(curve).map_or(&[], Vec::as_slice)
    }
}
