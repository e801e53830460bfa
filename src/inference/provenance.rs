//! Provenance: every application of a rule, fired or not, with the figures it rested on.
//!
//! A [`Premise`] mirrors the condition it was made from, child for child, so that an explanation
//! can walk both side by side; a [`Term`] does the same for an expression. Everything needed to
//! check a premise is in it: `verify.rs` does so without the rule.

use std::collections::{BTreeMap, BTreeSet};

use super::{Domains, Element, Extents, Figure, Margin, Outcome};
use crate::facts::Member;
use crate::model::{
    Aggregate, Arithmetic, Comparison, FindingId, FiringState, IndexRef, InputId, Measure, NodeId, Quantifier,
    RelationId, RuleId, VariableId,
};
use crate::source::Span;

/// A recorded instance of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId {
    /// The rule.
    pub rule: RuleId,
    /// Its place among the recorded instances of the rule, which are in order of binding.
    pub place: u32,
}

/// A finding about particular elements, such as `disadvantaged("sex=F")`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingInstance {
    /// The finding.
    pub finding: FindingId,
    /// One for each parameter.
    pub arguments: Vec<Element>,
}

/// A relation between particular elements, such as `feeds("ehr", "lab")`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationInstance {
    /// The relation.
    pub relation: RelationId,
    /// One for each parameter.
    pub arguments: Vec<Element>,
}

impl RelationInstance {
    /// Returns the arguments as members; none where one of them is no member of this deployment.
    pub fn members(&self) -> Option<Vec<Member>> {
        members_of(&self.arguments)
    }
}

/// A fact that was looked up, whether or not there was one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactKey {
    /// The input.
    pub input: InputId,
    /// One for each of its index sets.
    pub members: Vec<Element>,
}

impl FactKey {
    /// Returns the elements as members; none where one of them is no member of this deployment.
    pub fn members(&self) -> Option<Vec<Member>> {
        members_of(&self.members)
    }
}

fn members_of(elements: &[Element]) -> Option<Vec<Member>> {
    let members = elements.iter().map(|element| match element {
        Element::Member(member) => Some(*member),
        _ => None,
    });
    members.collect()
}

/// Why a fact that was looked up had nothing to say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Gap {
    /// Nobody gave it.
    NotGiven,
    /// It was to be computed and could not be; the reason.
    Undefined(String),
    /// The members of the set are not known.
    OpenSet,
    /// The deployment has no such member.
    NoSuchMember,
    /// There is a value, but nothing says what it would be if nothing were wrong.
    NoFloor,
    /// The value is not of the input's type.
    WrongType,
}

/// A fact as a premise read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Which fact.
    pub key: FactKey,
    /// Why there was nothing to read.
    pub gap: Option<Gap>,
}

/// One application of a rule to one choice of its `for each` variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The rule.
    pub rule: RuleId,
    /// What each `for each` variable stands for.
    pub binding: Vec<Element>,
    /// What the condition came to. An instance over an anonymous member is at most possible, since
    /// nobody knows whether there is such a member, so this may be weaker than the premise's.
    pub outcome: Outcome,
    /// The condition; none for a rule without `when`.
    pub premise: Option<Premise>,
    /// For each action of the rule, the amount that it carries, where it carries one.
    pub amounts: Vec<Option<Term>>,
}

impl Instance {
    /// Tells whether it is about a member that is not known.
    pub fn is_anonymous(&self) -> bool {
        self.binding.contains(&Element::Anonymous)
    }
}

/// What a condition came to and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Premise {
    /// What it came to.
    pub outcome: Outcome,
    /// Where the condition is written.
    pub span: Span,
    /// Its parts.
    pub kind: PremiseKind,
}

/// The kinds of premise, one for each kind of condition. `P` and `T` stand for the records of parts.
#[derive(Clone, Debug, PartialEq)]
pub enum PremiseKind<P = Premise, T = Term> {
    /// All hold.
    And(Vec<P>),
    /// At least one holds.
    Or(Vec<P>),
    /// It does not hold.
    Not(Box<P>),
    /// Two figures compare.
    Compare {
        /// Left side.
        left: T,
        /// How.
        comparison: Comparison,
        /// Right side.
        right: T,
    },
    /// The ends count.
    Between {
        /// What is compared.
        value: T,
        /// Lower end.
        low: T,
        /// Upper end.
        high: T,
    },
    /// Two texts or two sets of options are the same, or differ.
    Same {
        /// Left side, if it is a fact.
        left: Option<Reading>,
        /// Right side, if it is a fact.
        right: Option<Reading>,
        /// `=` or `!=`.
        comparison: Comparison,
    },
    /// The chosen option is one of these.
    In {
        /// What was read.
        reading: Reading,
        /// The chosen option, by position.
        chosen: Option<u32>,
        /// The options that the condition names.
        options: Vec<u32>,
        /// How many options the input has.
        of: u32,
    },
    /// The option is among the chosen.
    Includes {
        /// What was read.
        reading: Reading,
        /// The chosen options.
        chosen: Option<Vec<u32>>,
        /// The option that the condition names.
        option: u32,
    },
    /// There is a value.
    Known(Reading),
    /// The metric exceeds what it shows when nothing is wrong.
    ExceedsNoise {
        /// What was read.
        reading: Reading,
        /// The metric.
        value: Figure,
        /// The 95th percentile of its noise floor.
        p95: Option<f64>,
    },
    /// A finding was concluded; its derivations are in [`Inference::findings`].
    Finding(FindingInstance),
    /// The deployment says that a relation holds.
    Relation(RelationInstance),
    /// An input that some rule requires is not known.
    EvidenceMissing,
    /// Some or all members.
    Quantified {
        /// Some or all.
        quantifier: Quantifier,
        /// The variable.
        variable: VariableId,
        /// The set.
        index: IndexRef,
        /// Whether its members are not known; `members` then holds the anonymous one.
        open: bool,
        /// Each member with what the condition came to for it.
        members: Vec<(Element, P)>,
    },
}

/// What an expression came to and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What it came to.
    pub figure: Figure,
    /// Where the expression is written.
    pub span: Span,
    /// Its parts.
    pub kind: TermKind,
}

/// The kinds of term, one for each kind of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum TermKind<P = Premise, T = Term> {
    /// Written in the rule.
    Literal,
    /// A fact.
    Fact(Reading),
    /// A figure of the assessment.
    Measure {
        /// Which figure.
        measure: Measure,
        /// Of which mode or factor; none if the variable stands for no node.
        node: Option<NodeId>,
    },
    /// Two terms joined.
    Arithmetic {
        /// The operator.
        operator: Arithmetic,
        /// Left operand.
        left: Box<T>,
        /// Right operand.
        right: Box<T>,
    },
    /// The operand with its sign turned.
    Negate(Box<T>),
    /// The operand without its sign.
    Absolute(Box<T>),
    /// Straight lines between points.
    Ramp {
        /// Where on the x axis.
        value: Box<T>,
        /// The points.
        points: Vec<(f64, f64)>,
    },
    /// A figure over a set.
    Aggregate {
        /// Which figure.
        aggregate: Aggregate,
        /// The variable.
        variable: VariableId,
        /// The set.
        index: IndexRef,
        /// Whether its members are not known; `members` then holds the anonymous one.
        open: bool,
        /// Each member.
        members: Vec<AggregateMember<P, T>>,
    },
}

/// One member under an aggregate.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateMember<P = Premise, T = Term> {
    /// The member.
    pub element: Element,
    /// Whether it counts; none where every member does.
    pub condition: Option<P>,
    /// Its value; none for `count`.
    pub value: Option<T>,
}

/// A finding instance and all rule instances that conclude it, fired or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Whether it was concluded.
    pub outcome: Outcome,
    /// The instances that conclude it if they fire, ascending.
    pub derivations: Vec<InstanceId>,
}

/// A rule that was looked at and found fine: no instance fires, and nothing unknown can change that.
#[derive(Clone, Debug, PartialEq)]
pub struct Passed {
    /// The rule.
    pub rule: RuleId,
    /// Whether every value that its condition reads is known; false means that one premise failed
    /// with certainty while another could not be told.
    pub all_known: bool,
    /// How near the nearest instance came to firing; none where no number decided.
    pub margin: Option<Margin>,
}

/// All that was inferred.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inference {
    /// By rule, in order of binding.
    pub(crate) instances: Vec<Vec<Instance>>,
    pub(crate) findings: BTreeMap<FindingInstance, Derived>,
    pub(crate) concluded: Option<Concluded>,
    pub(crate) unrecorded: BTreeMap<RuleId, u64>,
}

/// What every finding came to, those whose derivations are not recorded included.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Concluded {
    pub(crate) domains: Domains,
    pub(crate) table: Extents,
}

impl Inference {
    /// Returns every recorded rule instance, in order of rule and binding.
    pub fn instances(&self) -> impl Iterator<Item = (InstanceId, &Instance)> {
        (0..self.instances.len()).flat_map(|rule| self.instances_of(RuleId::from(rule)))
    }

    /// Returns one instance.
    pub fn instance(&self, id: InstanceId) -> Option<&Instance> {
        self.instances.get(id.rule.index())?.get(id.place as usize)
    }

    /// Returns the recorded instances of a rule, in order of binding. None where the rule was not evaluated:
    /// a rule of the advice phase, if only the evidence was asked for.
    pub fn instances_of(&self, rule: RuleId) -> impl Iterator<Item = (InstanceId, &Instance)> {
        let instances = self.instances.get(rule.index()).map_or(&[][..], Vec::as_slice);
        (0..).map(move |place| InstanceId { rule, place }).zip(instances)
    }

    /// Returns every finding instance that some recorded rule instance concludes, fired or not, in order.
    pub fn findings(&self) -> &BTreeMap<FindingInstance, Derived> {
        &self.findings
    }

    /// Returns whether a finding was concluded: impossible where no rule concludes it.
    pub fn finding(&self, finding: &FindingInstance) -> Outcome {
        self.concluded.as_ref().map_or(Outcome::FALSE, |known| known.table.get(&known.domains, finding))
    }

    /// Returns how many instances of a rule, at least, may fire and are not recorded, because joins found more than
    /// [`Limits::derivations`](super::Limits::derivations) for one conclusion, or than
    /// [`Limits::records`](super::Limits::records) in all.
    pub fn unrecorded(&self, rule: RuleId) -> u64 {
        self.unrecorded.get(&rule).copied().unwrap_or(0)
    }

    /// Returns the outcome of a rule: of its best instance.
    pub fn outcome(&self, rule: RuleId) -> Outcome {
        self.instances_of(rule).fold(Outcome::FALSE, |outcome, (_, instance)| outcome | instance.outcome)
    }

    /// Returns whether a rule fired.
    pub fn state(&self, rule: RuleId) -> FiringState {
        let outcome = self.outcome(rule);
        if outcome.holds() {
            FiringState::Fired
        } else if outcome.is_possible() {
            FiringState::Undecided
        } else {
            FiringState::NotFired
        }
    }

    /// Returns the instances that hold on the point values, and that an interval or an unknown could undo.
    pub fn leans(&self) -> impl Iterator<Item = (InstanceId, &Instance)> {
        self.instances().filter(|(_, instance)| instance.outcome.is_lean())
    }

    /// Returns the instances that do not hold, and that an interval or an unknown could make hold.
    pub fn undecided(&self) -> impl Iterator<Item = (InstanceId, &Instance)> {
        self.instances().filter(|(_, instance)| instance.outcome.is_undecided())
    }

    /// Returns the rules that certainly did not fire, in order of id.
    pub fn passed(&self) -> Vec<Passed> {
        let rules = (0..self.instances.len()).map(RuleId::from);
        rules.filter_map(|rule| self.passed_rule(rule)).collect()
    }

    fn passed_rule(&self, rule: RuleId) -> Option<Passed> {
        let mut premises = Vec::new();
        for (_, instance) in self.instances_of(rule) {
            if instance.outcome.is_possible() {
                return None;
            }
            premises.extend(&instance.premise);
        }
        if premises.is_empty() {
            return None;
        }
        let all_known = premises.iter().all(|premise| {
            premise.readings().iter().all(|reading| reading.gap.is_none()) && premise.unknown_relations().is_empty()
        });
        let margin = premises.iter().filter_map(|premise| premise.margin()).min_by(Margin::nearer);
        Some(Passed { rule, all_known, margin })
    }

    /// Returns the facts under an instance, through findings down to the ground.
    pub fn support(&self, instance: InstanceId) -> BTreeSet<FactKey> {
        let mut facts = BTreeSet::new();
        let mut seen = BTreeSet::from([instance]);
        let mut waiting = vec![instance];
        while let Some(id) = waiting.pop() {
            let Some(instance) = self.instance(id) else { continue };
            for reading in instance.readings() {
                facts.insert(reading.key.clone());
            }
            let read = instance.findings().into_iter();
            for derived in read.filter_map(|finding| self.findings.get(finding)) {
                waiting.extend(derived.derivations.iter().copied().filter(|&derivation| seen.insert(derivation)));
            }
        }
        facts
    }
}
