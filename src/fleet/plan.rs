//! The plan: a pack compiled for the cells of a table, and where its results are.

use super::cells::{Aspect, Cells, Lane, Reading};
use super::compiler::{Compiler, Judged};
use super::error::FleetError;
use super::layout::Layout;
use super::op::{Op, Value};
use super::rules::Ruled;
use crate::diagnostic::Diagnostic;
use crate::inference::schedule::{Schedule, check_size};
use crate::inference::{Domains, Frame, Limits, Truth};
use crate::model::{
    ActionKind, FlagLevel, InputId, KnowledgeBase, MitigationId, NodeId, Phase, RuleId, Type, VerdictId,
};
use crate::risk::{CausalGraph, PerWorld, World};

/// Which of the three worlds are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worlds {
    /// Low, estimate and high.
    All,
    /// The estimate alone.
    Estimate,
}

/// A pack compiled for the cells of a table.
#[derive(Debug)]
pub(super) struct Plan {
    pub layout: Layout,
    /// What a batch has to supply, in order.
    pub lanes: Vec<Lane>,
    /// Texts and sets of options that rules name; each stands for its position.
    pub literals: Vec<crate::model::Value>,
    pub outputs: Outputs,
    pub worlds: Worlds,
}

/// Where the results are.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    pub total: PerWorld<Value>,
    /// By mode.
    pub modes: Vec<ModeOutput>,
    /// By mitigation.
    pub mitigations: Vec<MitigationOutput>,
    /// The highest precedence first, then by id.
    pub verdicts: Vec<VerdictOutput>,
    /// The loudest first, then by rule and as written.
    pub flags: Vec<FlagOutput>,
    /// By input.
    pub missing: Vec<(InputId, Value)>,
}

/// The figures of a mode.
#[derive(Clone, Copy, Debug)]
pub(super) struct ModeOutput {
    pub mode: NodeId,
    pub likelihood: PerWorld<Value>,
    pub severity: PerWorld<Value>,
    pub detectability: PerWorld<Value>,
    pub risk: PerWorld<Value>,
}

/// What a mitigation removes, and what rules say of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct MitigationOutput {
    pub mitigation: MitigationId,
    pub removed: PerWorld<Value>,
    pub recommended: Value,
    pub contraindicated: Value,
}

/// A verdict's outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct VerdictOutput {
    pub verdict: VerdictId,
    pub precedence: i64,
    pub outcome: Judged,
}

/// A remark, and where it is made.
#[derive(Clone, Debug)]
pub(super) struct FlagOutput {
    pub rule: RuleId,
    pub level: FlagLevel,
    pub text: String,
    pub raised: Value,
}

impl Plan {
    /// Compiles a pack for these cells.
    ///
    /// # Errors
    /// `I001 too-many-instances` where the sets are too large for the variables of the rules.
    pub fn new(knowledge: &KnowledgeBase, cells: &Cells, worlds: Worlds) -> Result<Self, Diagnostic> {
        let domains = Domains::new(knowledge, &cells.members);
        // Every combination of members is unrolled; joins find nothing before there are facts.
        let limits = Limits { listed: usize::MAX, ..Limits::default() };
        check_size(Frame::of_evidence(knowledge, &cells.members, &domains, limits))?;
        let schedule = Schedule::new(knowledge);
        let graph = CausalGraph::new(knowledge);
        let mut compiler = Compiler::new(knowledge, cells, &domains);
        let outputs = compiler.outputs(&schedule, &graph)?;
        let needed = outputs.needed(worlds);
        let Compiler { builder, lanes, literals, .. } = compiler;
        Ok(Plan { layout: Layout::new(builder, &needed), lanes, literals, outputs, worlds })
    }
}

impl Compiler<'_> {
    /// The path of an assessment, phase by phase; see `risk::assess`.
    fn outputs(&mut self, schedule: &Schedule, graph: &CausalGraph) -> Result<Outputs, FleetError> {
        let mut ruled = Ruled { applied: vec![Vec::new(); self.knowledge.rules.len()] };
        self.phase(Phase::Evidence, schedule, &mut ruled)?;
        let weighed = self.weigh(&ruled, graph);
        self.measures = Some(self.measured(&weighed));
        let missing = self.missing(&ruled);
        self.evidence_missing = self.any(&missing);
        self.phase(Phase::Advice, schedule, &mut ruled)?;
        let missing = self.missing(&ruled);
        self.evidence_missing = self.any(&missing);
        let verdicts = self.verdicts();
        let removed = self.treat(&weighed, graph);
        let mitigations = self.knowledge.mitigations.ids().zip(removed).map(|(mitigation, removed)| {
            let recommends = |action: &ActionKind| matches!(action, ActionKind::Recommend(id) if *id == mitigation);
            let strikes = |action: &ActionKind| {
                matches!(action, ActionKind::Contraindicate { mitigation: id, .. } if *id == mitigation)
            };
            MitigationOutput {
                mitigation,
                removed,
                recommended: self.fired(&ruled, &recommends),
                contraindicated: self.fired(&ruled, &strikes),
            }
        });
        let mitigations = mitigations.collect();
        let modes = weighed.modes.iter().map(|mode| ModeOutput {
            mode: mode.mode,
            likelihood: weighed.likelihood[mode.mode.index()],
            severity: mode.severity,
            detectability: mode.detectability,
            risk: mode.risk,
        });
        Ok(Outputs {
            total: weighed.total,
            modes: modes.collect(),
            mitigations,
            verdicts,
            flags: self.flags(&ruled),
            missing: missing.into_iter().map(|(input, outcome)| (input, outcome.point)).collect(),
        })
    }

    /// Returns where a rule fires that has such an action.
    fn fired(&mut self, ruled: &Ruled, wanted: &dyn Fn(&ActionKind) -> bool) -> Value {
        let mut fired = self.builder.always(Truth::False);
        for (id, _) in self.knowledge.rules.iter().filter(|(_, rule)| rule.actions.iter().any(|a| wanted(&a.kind))) {
            for applied in &ruled.applied[id.index()] {
                fired = self.builder.value(Op::Or(fired, applied.outcome.point));
            }
        }
        fired
    }

    fn flags(&mut self, ruled: &Ruled) -> Vec<FlagOutput> {
        let mut flags = Vec::new();
        for (rule, declared) in self.knowledge.rules.iter() {
            for action in &declared.actions {
                let ActionKind::Flag { level, text } = &action.kind else { continue };
                let mut raised = self.builder.always(Truth::False);
                for applied in &ruled.applied[rule.index()] {
                    raised = self.builder.value(Op::Or(raised, applied.outcome.point));
                }
                flags.push(FlagOutput { rule, level: *level, text: text.clone(), raised });
            }
        }
        flags.sort_by_key(|flag| (std::cmp::Reverse(flag.level), flag.rule));
        flags
    }

    fn verdicts(&mut self) -> Vec<VerdictOutput> {
        let mut verdicts = Vec::new();
        for (verdict, declared) in self.knowledge.verdicts.iter() {
            let mut outcome = self.always(Truth::from(declared.body.condition.is_none()));
            if declared.body.condition.is_some() {
                for mut variables in self.bindings(&declared.body) {
                    let one = self.outcome(&declared.body, &mut variables);
                    outcome = self.or(outcome, one);
                }
            }
            verdicts.push(VerdictOutput { verdict, precedence: declared.precedence, outcome });
        }
        verdicts.sort_by_key(|verdict| (std::cmp::Reverse(verdict.precedence), verdict.verdict));
        verdicts
    }

    /// Returns where an input has a value, for at least one member.
    pub fn known_for_any(&mut self, input: InputId) -> Value {
        let reading = match self.knowledge.inputs[input].value_type {
            Type::Text | Type::ManyOf(_) => Reading::Code,
            _ => Reading::Number,
        };
        let mut known = self.builder.always(Truth::False);
        for (cell, declared) in self.cells.cells.iter().enumerate() {
            if declared.input == input && declared.aspect == Aspect::Value {
                let lane = self.cell_lane(Lane { cell, reading });
                let one = self.builder.value(Op::Known(lane));
                known = self.builder.value(Op::Or(known, one));
            }
        }
        known
    }
}

impl Outputs {
    /// Returns the values that must be computed.
    fn needed(&self, worlds: Worlds) -> Vec<Value> {
        let in_worlds = |figure: &PerWorld<Value>| match worlds {
            Worlds::All => World::ALL.iter().map(|&world| *figure.get(world)).collect(),
            Worlds::Estimate => vec![figure.estimate],
        };
        let mut needed = in_worlds(&self.total);
        for mode in &self.modes {
            for figure in [&mode.likelihood, &mode.severity, &mode.detectability, &mode.risk] {
                needed.extend(in_worlds(figure));
            }
        }
        for mitigation in &self.mitigations {
            needed.extend(in_worlds(&mitigation.removed));
            needed.extend([mitigation.recommended, mitigation.contraindicated]);
        }
        for verdict in &self.verdicts {
            needed.push(verdict.outcome.point);
            needed.extend((worlds == Worlds::All).then_some(verdict.outcome.bounds));
        }
        needed.extend(self.flags.iter().map(|flag| flag.raised));
        needed.extend(self.missing.iter().map(|&(_, missing)| missing));
        needed
    }
}
