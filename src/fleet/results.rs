//! Results: what a plan gave for each row, in the order in which the assessment of one deployment lists it.

use std::cmp::Ordering;

use super::layout::Frame;
use super::op::Value;
use super::operands::{Numbers, Operands, Truths};
use super::plan::{FlagOutput, ModeOutput, Plan, VerdictOutput, Worlds};
use crate::inference::{Outcome, Truth};
use crate::model::{InputId, KnowledgeBase, MitigationId, NodeId, PriorityLevel};
use crate::risk::{PerWorld, band_of, priority_row};

/// The results of some rows.
pub(super) struct Results<'a> {
    pub knowledge: &'a KnowledgeBase,
    pub plan: &'a Plan,
    frame: &'a Frame<'a>,
    /// The estimates by which rows are ranked, by mode.
    risks: Vec<Numbers<'a>>,
    /// By mitigation.
    remedies: Vec<Remedy<'a>>,
}

/// What decides whether and where a mitigation is told.
#[derive(Clone, Copy)]
struct Remedy<'a> {
    removed: Numbers<'a>,
    recommended: Truths<'a>,
    contraindicated: Truths<'a>,
}

/// The risk of a mode in one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RankedMode {
    pub mode: NodeId,
    pub likelihood: PerWorld<f64>,
    pub severity: PerWorld<f64>,
    pub detectability: PerWorld<f64>,
    pub risk: PerWorld<f64>,
    /// By the estimate, as a position in the knowledge base's `bands`.
    pub band: Option<usize>,
    pub priority: Option<PriorityLevel>,
}

/// What a mitigation removes in one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RankedMitigation {
    pub mitigation: MitigationId,
    pub removed: PerWorld<f64>,
}

impl<'a> Results<'a> {
    /// Returns the results of a program that has run.
    pub fn new(knowledge: &'a KnowledgeBase, plan: &'a Plan, frame: &'a Frame<'a>) -> Self {
        let outputs = &plan.outputs;
        let risks = outputs.modes.iter().map(|mode| frame.numbers(mode.risk.estimate)).collect();
        let remedies = outputs.mitigations.iter().map(|output| Remedy {
            removed: frame.numbers(output.removed.estimate),
            recommended: frame.truths(output.recommended),
            contraindicated: frame.truths(output.contraindicated),
        });
        Self { knowledge, plan, frame, risks, remedies: remedies.collect() }
    }

    /// Returns the total risk.
    pub fn total(&self, row: usize) -> PerWorld<f64> {
        self.figures(&self.plan.outputs.total, row)
    }

    /// Returns the verdict given.
    pub fn verdict(&self, row: usize) -> Option<&VerdictOutput> {
        self.plan.outputs.verdicts.iter().find(|verdict| self.holds(verdict.outcome.point, row))
    }

    /// Returns the verdicts of a higher precedence that do not hold and cannot be ruled out.
    pub fn not_ruled_out(&self, row: usize) -> impl Iterator<Item = &VerdictOutput> {
        let given = self.verdict(row).map(|verdict| verdict.precedence);
        let graver = move |verdict: &&VerdictOutput| given.is_none_or(|given| verdict.precedence > given);
        let undecided = move |verdict: &&VerdictOutput| {
            let truth = |value| self.frame.truths(value).at(row);
            Outcome::new(truth(verdict.outcome.point), truth(verdict.outcome.bounds)).is_undecided()
        };
        self.plan.outputs.verdicts.iter().filter(graver).filter(undecided)
    }

    /// Returns the risks: the largest estimate first, then the largest high, then by id; at most `top`.
    pub fn modes(&self, row: usize, top: usize) -> Vec<RankedMode> {
        let modes = self.risks.iter().map(|risk| risk.at(row)).zip(&self.plan.outputs.modes);
        let high = |mode: &ModeOutput| match self.plan.worlds {
            Worlds::All => self.frame.numbers(mode.risk.high).at(row),
            Worlds::Estimate => 0.0,
        };
        let ranked = largest(modes, top, |left, right| {
            right.0.total_cmp(&left.0).then_with(|| high(right.1).total_cmp(&high(left.1)))
        });
        ranked.into_iter().map(|(_, mode)| self.ranked(mode, row)).collect()
    }

    /// Returns the risk of every mode, by id.
    pub fn by_mode(&self, row: usize) -> impl Iterator<Item = PerWorld<f64>> {
        self.plan.outputs.modes.iter().map(move |mode| self.figures(&mode.risk, row))
    }

    fn ranked(&self, mode: &ModeOutput, row: usize) -> RankedMode {
        let risk = self.figures(&mode.risk, row);
        let likelihood = self.figures(&mode.likelihood, row);
        let severity = self.figures(&mode.severity, row);
        let detectability = self.figures(&mode.detectability, row);
        let priorities = &self.knowledge.priorities;
        let row = priority_row(priorities, severity.estimate, likelihood.estimate, detectability.estimate);
        RankedMode {
            mode: mode.mode,
            likelihood,
            severity,
            detectability,
            risk,
            band: band_of(&self.knowledge.bands, risk.estimate),
            priority: row.map(|row| priorities[row].level),
        }
    }

    /// Returns the mitigations that remove risk or that a rule asks for: the most removed first, then the
    /// least effort, then by id; at most `top`. Those that are struck out are left out.
    pub fn recommendations(&self, row: usize, top: usize) -> Vec<RankedMitigation> {
        let removed = self.remedies.iter().zip(&self.plan.outputs.mitigations).filter_map(|(remedy, output)| {
            let estimate = remedy.removed.at(row);
            let wanted = estimate > 0.0 || remedy.recommended.at(row) == Truth::True;
            (wanted && remedy.contraindicated.at(row) != Truth::True).then_some((estimate, output))
        });
        let effort = |mitigation: MitigationId| self.knowledge.mitigations[mitigation].effort;
        let ranked = largest(removed, top, |left, right| {
            right.0.total_cmp(&left.0).then_with(|| effort(left.1.mitigation).cmp(&effort(right.1.mitigation)))
        });
        let ranked = ranked.into_iter().map(|(_, output)| {
            let PerWorld { low, estimate, high } = self.figures(&output.removed, row);
            // The least and the most of the three worlds, as in `risk::Bounds::around`.
            let removed = PerWorld { low: low.min(high).min(estimate), estimate, high: low.max(high).max(estimate) };
            RankedMitigation { mitigation: output.mitigation, removed }
        });
        ranked.collect()
    }

    /// Returns the mitigations that a rule strikes out, by id.
    pub fn contraindicated(&self, row: usize) -> impl Iterator<Item = MitigationId> {
        let remedies = self.remedies.iter().zip(&self.plan.outputs.mitigations);
        let struck = remedies.filter(move |(remedy, _)| remedy.contraindicated.at(row) == Truth::True);
        struck.map(|(_, output)| output.mitigation)
    }

    /// Returns the remarks: the loudest first, then by rule.
    pub fn flags(&self, row: usize) -> impl Iterator<Item = &FlagOutput> {
        self.plan.outputs.flags.iter().filter(move |flag| self.holds(flag.raised, row))
    }

    /// Returns the inputs that a rule requires and nobody gave, by id.
    pub fn missing(&self, row: usize) -> impl Iterator<Item = InputId> {
        let missing = self.plan.outputs.missing.iter();
        missing.filter(move |(_, missing)| self.holds(*missing, row)).map(|&(input, _)| input)
    }

    /// Returns a figure in the worlds that are computed; in the others, the estimate.
    fn figures(&self, figure: &PerWorld<Value>, row: usize) -> PerWorld<f64> {
        let in_world = |value| self.frame.numbers(value).at(row);
        let estimate = in_world(figure.estimate);
        match self.plan.worlds {
            Worlds::All => PerWorld { low: in_world(figure.low), estimate, high: in_world(figure.high) },
            Worlds::Estimate => PerWorld { low: estimate, estimate, high: estimate },
        }
    }

    fn holds(&self, value: Value, row: usize) -> bool {
        self.frame.truths(value).at(row) == Truth::True
    }
}

/// Returns the first `top` of the things in this order; equal ones stay in theirs.
fn largest<T>(things: impl Iterator<Item = T>, top: usize, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut found: Vec<T> = Vec::with_capacity(top.min(64));
    for thing in things {
        if found.len() == top && found.last().is_none_or(|last| order(&thing, last).is_ge()) {
            continue;
        }
        let place = found.partition_point(|known| order(known, &thing).is_le());
        found.insert(place, thing);
        found.truncate(top);
    }
    found
}
