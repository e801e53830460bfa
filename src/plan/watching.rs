//! The monitoring plan: what to watch, at which limit somebody acts, and who.

use super::trials::{behind, rules_against};
use super::{Candidate, CheapestSet, Trial};
use crate::explanation::{Case, Failing};
use crate::inference::FactKey;
use crate::metrics::{REDRAWS, Redrawn, quantile};
use crate::model::{InputId, InputKind, MitigationId, NodeId, RuleId, StressTest, Type};
use crate::risk::{CausalGraph, World};
use std::collections::{BTreeMap, BTreeSet};

/// The share of periods in which a figure goes beyond its limit although nothing has changed.
pub const FALSE_ALARMS: f64 = 0.05;

/// More rows than this are no plan.
const MOST: f64 = 1e5;

/// How often somebody looks, and on how many rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// Rows of a period.
    pub rows: u64,
    /// Where that number comes from.
    pub from: RowsFrom,
    /// How long a period is, in days and in words; none where nobody said.
    pub length: Option<(f64, String)>,
}

/// Where the number of rows of a period comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsFrom {
    /// Somebody said so.
    Stated,
    /// The mean of the pilot's periods.
    Periods,
    /// The whole pilot, as nothing else is known.
    Pilot,
}

/// What to watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Watching {
    /// How often; none without a deployment table.
    pub period: Option<Period>,
    /// What, the gravest mode first.
    pub watches: Vec<Watch>,
    /// Figures of which no value is known yet, by name: watch them once they are measured.
    pub unmeasured: Vec<InputId>,
    /// How often rows were drawn.
    pub draws: usize,
}

/// A figure to watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// The figure.
    pub fact: FactKey,
    /// Of so many members that are to be watched alike it is the one nearest to its limit; 1 for a single figure.
    pub of: usize,
    /// Its value now.
    pub now: f64,
    /// Where the rule sees a failure, and on which side.
    pub threshold: f64,
    /// Above or below.
    pub failing: Failing,
    /// The rule.
    pub rule: RuleId,
    /// The modes that it is about, the gravest first.
    pub modes: Vec<NodeId>,
    /// At which value somebody acts.
    pub limit: Limit,
    /// Who: a word of the pack; none where it names nobody.
    pub who: Option<String>,
    /// What is done then: a mitigation of the set, or else the best there is.
    pub then: Option<MitigationId>,
}

/// At which value somebody acts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// One period in twenty goes beyond it although nothing has changed; that is still fine by the rule.
    Drawn(f64),
    /// The same, and it lies beyond what the rule accepts: so few rows cannot show what the rule calls bad.
    TooFewRows {
        /// The limit.
        limit: f64,
        /// About how many rows a period needs; none where a hundred thousand would not do.
        needed: Option<u64>,
    },
    /// The value is beyond what the rule accepts as it is: to be mended before it is watched.
    BeyondAlready,
    /// Nobody knows how far it moves when nothing changes; the rule's threshold.
    Threshold(f64),
}

impl Limit {
    /// Returns the value at which somebody acts; none where it is to be mended first.
    pub fn value(self) -> Option<f64> {
        match self {
            Limit::Drawn(limit) | Limit::TooFewRows { limit, .. } | Limit::Threshold(limit) => Some(limit),
            Limit::BeyondAlready => None,
        }
    }
}

impl Watching {
    /// Returns how many false alarms a year the limits imply, over all figures whose limit was drawn; none where the
    /// length of a period is not known.
    pub fn false_alarms_a_year(&self) -> Option<f64> {
        let (days, _) = self.period.as_ref()?.length.as_ref()?;
        Some(FALSE_ALARMS * self.drawn() as f64 * Type::days_in("years")? / days)
    }

    /// Returns how many figures have a limit that was drawn.
    pub fn drawn(&self) -> usize {
        let drawn = |watch: &&Watch| matches!(watch.limit, Limit::Drawn(_) | Limit::TooFewRows { .. });
        self.watches.iter().filter(drawn).count()
    }
}

/// Returns the monitoring plan, given what the figures show on draws of a period's rows.
pub fn watching(
    case: Case<'_>,
    candidates: Vec<Candidate>,
    redrawn: &[Redrawn],
    period: Option<Period>,
    (trials, set): (&[Trial], &CheapestSet),
) -> Watching {
    let mut watches = Vec::new();
    let mut unmeasured: BTreeSet<InputId> = BTreeSet::new();
    for candidate in candidates {
        let (Some(now), Some(threshold)) = (candidate.now, candidate.threshold) else {
            unmeasured.insert(candidate.fact.input);
            continue;
        };
        let drawn = redrawn.iter().find(|drawn| is_of(case, &candidate.fact, drawn));
        let rows = period.as_ref().map_or(0, |period| period.rows);
        watches.push(Watch {
            limit: limit(now, threshold, candidate.failing, drawn, rows),
            who: who(case, &candidate, trials),
            then: then(case, &candidate.modes, set),
            fact: candidate.fact,
            of: candidate.of,
            now,
            threshold,
            failing: candidate.failing,
            rule: candidate.rule,
            modes: candidate.modes,
        });
    }
    unmeasured.retain(|input| watches.iter().all(|watch| watch.fact.input != *input));
    let draws = redrawn.first().map_or(REDRAWS, |drawn| drawn.draws);
    Watching { period, watches, unmeasured: unmeasured.into_iter().collect(), draws }
}

/// Tells whether draws are of a figure.
fn is_of(case: Case<'_>, fact: &FactKey, drawn: &Redrawn) -> bool {
    let name = match &drawn.element {
        Some(element) => format!("{}[{element}]", drawn.metric),
        None => drawn.metric.clone(),
    };
    case.key_name(fact) == name
}

/// Returns the limit of a figure. Where a tenth of the draws had no value, nothing can be said of the others.
fn limit(now: f64, threshold: f64, failing: Failing, drawn: Option<&Redrawn>, rows: u64) -> Limit {
    let beyond = |value: f64| match failing {
        Failing::Above => value > threshold,
        Failing::Below => value < threshold,
    };
    if beyond(now) {
        return Limit::BeyondAlready;
    }
    let told = drawn.filter(|drawn| !drawn.values.is_empty() && drawn.values.len() * 10 >= drawn.draws * 9);
    let Some(drawn) = told else { return Limit::Threshold(threshold) };
    let limit = match failing {
        Failing::Above => quantile(&drawn.values, 1.0 - FALSE_ALARMS),
        Failing::Below => quantile(&drawn.values, FALSE_ALARMS),
    };
    if !beyond(limit) {
        return Limit::Drawn(limit);
    }
    // How far chance goes shrinks with the root of the number of rows.
    let times = (limit - now) / (threshold - now);
    let needed = (rows as f64 * times * times).ceil();
    Limit::TooFewRows { limit, needed: (needed <= MOST).then_some(needed as u64) }
}

/// Returns who acts: who carries out the test that reads the figure; else who is asked most about what can bring its
/// modes about, the first by name among equals.
fn who(case: Case<'_>, candidate: &Candidate, trials: &[Trial]) -> Option<String> {
    let knowledge = case.knowledge;
    let reads = |test: &&StressTest| test.reads.contains(&candidate.fact.input);
    let tests = trials.iter().filter_map(|trial| trial.test).map(|test| &knowledge.stress_tests[test]);
    let any = knowledge.stress_tests.values().filter(reads);
    if let Some(test) = tests.filter(reads).chain(any).find(|test| test.ask.is_some()) {
        return test.ask.clone();
    }
    let graph = CausalGraph::new(knowledge);
    let behind: BTreeSet<NodeId> = candidate.modes.iter().flat_map(|mode| behind(case, &graph, *mode)).collect();
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in rules_against(knowledge, |node| behind.contains(&node)) {
        let instances = case.inference().instances_of(rule).take(1);
        let readings = instances.flat_map(|(_, instance)| instance.readings());
        for input in readings.map(|reading| &knowledge.inputs[reading.key.input]) {
            if let InputKind::Question { ask: Some(ask), .. } = &input.kind {
                *asked.entry(ask).or_default() += 1;
            }
        }
    }
    let most = asked.values().copied().max()?;
    asked.into_iter().find(|(_, times)| *times == most).map(|(who, _)| who.to_owned())
}

/// Returns what is done when the limit is passed: the mitigation of the set that the gravest of these modes needs, else
/// the one that removes most of its risk and that nothing speaks against.
fn then(case: Case<'_>, modes: &[NodeId], set: &CheapestSet) -> Option<MitigationId> {
    let needed = |mode: &NodeId| {
        let of_mode = set.chosen.iter().find(|chosen| chosen.needed_for.iter().any(|(needs, _)| needs == mode));
        of_mode.map(|chosen| chosen.mitigation)
    };
    let best = |mode: &NodeId| {
        let helps = case.assessment.recommendations.iter().filter(|found| !found.is_contraindicated());
        let removed = helps.filter_map(|found| {
            let of_mode = found.by_mode.iter().find(|reduction| reduction.mode == *mode)?;
            Some((found.mitigation, of_mode.risk_removed.in_world(World::Estimate)))
        });
        let most = removed.rev().max_by(|left, right| left.1.total_cmp(&right.1));
        most.filter(|(_, removed)| *removed > 0.0).map(|(mitigation, _)| mitigation)
    };
    modes.iter().find_map(needed).or_else(|| modes.iter().find_map(best))
}
