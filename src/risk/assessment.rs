//! The assessment of one deployment: everything that the report shows and explanations draw on.

use super::{Bounds, Detectability, Likelihood, PerWorld, Recommendation, Risk, Severity, Swing, TotalRisk, World};
use crate::inference::{Inference, InstanceId, Outcome, Premise};
use crate::model::{Change, FlagLevel, InputId, NodeId, PriorityLevel, Rating, RuleId, VerdictId};

/// How likelihoods spread from causes to effects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// The causes of each node are taken as independent: simple to recompute by hand, never too low, and too
    /// high where causes have causes in common.
    #[default]
    Local,
    /// Causes in common are counted once: exact for the graph as it is.
    Exact,
}

/// Everything that is concluded about one deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// How the likelihoods were propagated; every figure is by the same propagation.
    pub propagation: Propagation,
    /// Every rule instance, of evidence and advice, with its premises; and every finding.
    pub inference: Inference,
    /// The likelihood of every mode and factor, by [`NodeId`].
    pub likelihoods: Vec<NodeLikelihood>,
    /// The risk of every mode: the largest estimate first, then the largest high, then by id.
    pub risks: Vec<ModeRisk>,
    /// The sum of the risks.
    pub total: Bounds<TotalRisk>,
    /// Mitigations that remove risk or that a rule recommends: the most risk removed first (by
    /// estimate), then the least effort, then by id. Contraindicated ones are among them, marked.
    pub recommendations: Vec<Recommendation>,
    /// The verdict and what it rests on.
    pub verdict: VerdictChoice,
    /// Remarks of rules that fired: the loudest first, then by rule and instance.
    pub flags: Vec<Flag>,
    /// Inputs that nobody gave and that would move the total risk: the largest swing first, then by
    /// id. Inputs without any influence come last, with a swing of 0.
    pub open_inputs: Vec<Swing>,
}

impl Assessment {
    /// Returns the likelihood of a mode or factor.
    pub fn likelihood(&self, node: NodeId) -> Option<&NodeLikelihood> {
        self.likelihoods.get(node.index())
    }

    /// Returns the risk of a mode.
    pub fn risk(&self, mode: NodeId) -> Option<&ModeRisk> {
        self.risks.iter().find(|risk| risk.mode == mode)
    }
}

/// The likelihood of a mode or factor, and what it is made of.
///
/// In each of the three worlds,
///
/// ```text
/// own = (1 − Π (1 − value of each counted rule)) · Π (1 − value of each counted exoneration)
/// L   = 1 − (1 − base) · (1 − own) · Π (1 − value of each factor) · (1 − value of causes in common)
/// ```
///
/// where the value of a factor is the strength of its link times its own likelihood. Local propagation has no
/// causes in common: there the products run in the order of [`contributions`](Self::contributions), which makes
/// [`recompute`](Self::recompute) give the figure to the last bit. With exact propagation it does within rounding.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeLikelihood {
    /// The mode or factor.
    pub node: NodeId,
    /// Its likelihood.
    pub likelihood: Bounds<Likelihood>,
    /// The base rate first, then rules, exonerations and factors, each by id, then causes in common. A rule that
    /// is not even possible is not listed.
    pub contributions: Vec<Contribution>,
}

impl NodeLikelihood {
    /// Returns the likelihood that the contributions give in a world, by the formula above.
    pub fn recompute(&self, world: World) -> f64 {
        let in_common = self.product(world, |kind| matches!(kind, ContributionKind::CommonCauses));
        self.figure_of_parts(world, in_common)
    }

    /// Returns how much lower the likelihood is in a world because causes in common count once; 0 where there
    /// are none, and with local propagation.
    pub fn lower_by_common_causes(&self, world: World) -> f64 {
        (self.figure_of_parts(world, 1.0) - self.recompute(world)).max(0.0)
    }

    /// Returns what rules say of the node itself in a world, evidence for and against it together.
    pub(crate) fn own_evidence(&self, world: World) -> f64 {
        let unsuspected = self.product(world, |kind| matches!(kind, ContributionKind::Rule { .. }));
        let not_exonerated = self.product(world, |kind| matches!(kind, ContributionKind::Exoneration { .. }));
        (1.0 - unsuspected) * not_exonerated
    }

    fn figure_of_parts(&self, world: World, in_common: f64) -> f64 {
        let without_base = self.product(world, |kind| matches!(kind, ContributionKind::Base));
        let without_causes = self.product(world, |kind| matches!(kind, ContributionKind::Factor { .. }));
        1.0 - without_base * (1.0 - self.own_evidence(world)) * without_causes * in_common
    }

    fn product(&self, world: World, wanted: fn(&ContributionKind) -> bool) -> f64 {
        let counted = self.contributions.iter().filter(|part| wanted(&part.kind) && *part.counted.get(world));
        counted.fold(1.0, |product, part| product * (1.0 - part.value.get(world)))
    }
}

/// One part of a likelihood.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// What it is.
    pub kind: ContributionKind,
    /// What enters the formula in each world; 0 in a world in which it plays no part. For an
    /// exoneration the low world has the largest value. For causes in common it is 0 or less.
    pub value: PerWorld<f64>,
    /// Whether it enters the formula in each world. False for a rule of a named `evidence` group in
    /// which another rule weighs more, and for one that does not fire in that world.
    pub counted: PerWorld<bool>,
}

/// The kinds of contribution.
#[derive(Clone, Debug, PartialEq)]
pub enum ContributionKind {
    /// The likelihood when nothing is known against the node.
    Base,
    /// A rule that suspects it.
    Rule {
        /// The rule.
        rule: RuleId,
        /// In each world the instance that weighs most; none where none fires.
        instance: PerWorld<Option<InstanceId>>,
        /// The named group of evidence that counts once.
        group: Option<String>,
    },
    /// A rule that exonerates it.
    Exoneration {
        /// The rule.
        rule: RuleId,
        /// In each world the instance that weighs most; none where none fires.
        instance: PerWorld<Option<InstanceId>>,
        /// The named group of evidence that counts once.
        group: Option<String>,
    },
    /// A cause of it.
    Factor {
        /// The mode or factor that causes it.
        cause: NodeId,
        /// The strength of the link.
        strength: f64,
    },
    /// What several of its causes have in common, which the product over them would count more than once.
    CommonCauses,
}

/// The risk of a mode.
#[derive(Clone, Debug, PartialEq)]
pub struct ModeRisk {
    /// The mode.
    pub mode: NodeId,
    /// Its likelihood, as in [`Assessment::likelihoods`].
    pub likelihood: Bounds<Likelihood>,
    /// Its severity.
    pub severity: Bounds<Severity>,
    /// Its detectability.
    pub detectability: Bounds<Detectability>,
    /// What rules changed about the two ratings, by rating and rule.
    pub adjustments: Vec<Adjustment>,
    /// The product, in each world.
    pub risk: Bounds<Risk>,
    /// The band of each figure, as a position in the knowledge base's `bands`; none where the pack
    /// names no bands.
    pub band: PerWorld<Option<usize>>,
    /// The action priority by the pack's table, on the three estimates; none where no row applies.
    pub priority: Option<PriorityLevel>,
    /// The row that gave it, as a position in the knowledge base's `priorities`.
    pub priority_row: Option<usize>,
    /// Where band and priority tell different stories.
    pub disagreement: Option<Disagreement>,
}

/// How band (the product) and action priority (the table) disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// The table says high, and the band is neither of the two highest (with two bands: not the highest).
    PriorityAboveBand,
    /// The band is the highest, and the table says low or has no row.
    BandAbovePriority,
}

/// A change of a rating by a rule that may fire.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjustment {
    /// Which rating.
    pub rating: Rating,
    /// Raise, lower or set.
    pub change: Change,
    /// The rule.
    pub rule: RuleId,
    /// The outcome of its best instance.
    pub outcome: Outcome,
    /// The instance that counts in the estimate; none where it does not fire.
    pub instance: Option<InstanceId>,
    /// By or to how much, at the least, on point values, and at the most; the estimate is 0 for a
    /// raise or lowering that does not fire.
    pub amount: PerWorld<f64>,
    /// Whether it entered the estimate: false where it does not fire, and for a `set` that a larger
    /// one overrules.
    pub counted: bool,
}

/// A remark in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// How loud.
    pub level: FlagLevel,
    /// The rule that raised it.
    pub rule: RuleId,
    /// Its instance.
    pub instance: InstanceId,
    /// The remark.
    pub text: String,
}

/// The verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictChoice {
    /// The verdict given; none where the pack has none that holds.
    pub given: Option<VerdictId>,
    /// Verdicts of a higher precedence that do not hold on the point values and cannot be ruled out:
    /// the highest precedence first, then by id.
    pub not_ruled_out: Vec<VerdictId>,
    /// Every verdict with its condition, the highest precedence first, then by id.
    pub considered: Vec<ConsideredVerdict>,
    /// Whether an input that a rule requires is missing.
    pub evidence_missing: Outcome,
    /// Required inputs that are not known, by id.
    pub missing: Vec<MissingInput>,
}

/// A verdict and what its condition came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsideredVerdict {
    /// The verdict.
    pub verdict: VerdictId,
    /// What its condition came to.
    pub outcome: Outcome,
    /// The condition; none for a verdict without `when`.
    pub premise: Option<Premise>,
}

/// An input that rules require and nobody gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingInput {
    /// The input.
    pub input: InputId,
    /// The rules that require it and fired, ascending; empty where some only might.
    pub required_by: Vec<RuleId>,
    /// Whether it is required on the point values, or may be.
    pub outcome: Outcome,
}
