//! The search: the smallest sets of facts that flip a goal when they are changed.
//!
//! A set that cannot flip the goal is grown to a largest one; every set that flips it must hold a fact
//! outside, which is a *clause*. Only sets that hit every clause need a look, smallest first (an implicit
//! hitting set). Whether a set flips the goal is asked of the whole space of its values, which is cut, the
//! nearest part first, until no choice in a part flips it or all do; so the first part where all do holds the
//! smallest move. What is refuted is refuted for all values, down to the smallest step of a number.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::ground::{Change, Ground, Plan};
use super::space::{Variable, width};
use crate::facts::{Fact, FactStore};
use crate::inference::leeway::{Cell, Leeway};
use crate::model::Value;

/// How often the goal is looked at in one search.
const LOOKS: usize = 20_000;
/// How often it is looked at for larger sets once something was found.
const LOOKS_FOR_MORE: usize = 4_000;
/// How often it is looked at for one set of facts.
const LOOKS_PER_SET: usize = 600;
/// How many sets of one size are collected.
const SETS: usize = 48;
/// The largest sets that are searched.
pub(super) const SIZE: usize = 4;
/// Refutations of more parts are not grown.
const PARTS: usize = 64;

/// A set of facts and the values that flip the goal with the smallest move.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Positions of variables, ascending, with their new values.
    pub(super) values: Vec<(usize, Value)>,
    /// The sum of the moves.
    pub(super) share: f64,
}

/// What a set of facts can do.
enum Tried {
    Flips(Found),
    /// It cannot: the space of its values falls into these parts, in each of which nothing flips.
    Refuted(Vec<Vec<Leeway>>),
    GaveUp,
}

pub(super) struct Search<'a> {
    ground: &'a Ground<'a>,
    variables: &'a [Variable],
    facts: FactStore,
    clauses: Vec<BTreeSet<usize>>,
    /// Sets that were tried, with the parts of their refutation that no clause was made of yet.
    tried: BTreeMap<Vec<usize>, Option<Vec<Vec<Leeway>>>>,
    pub(super) found: Vec<Found>,
    looks: usize,
    most_looks: usize,
    /// Whether some set was left undecided, or not looked at.
    pub(super) gave_up: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(ground: &'a Ground<'a>, variables: &'a [Variable], facts: FactStore) -> Self {
        Self {
            ground,
            variables,
            facts,
            clauses: Vec::new(),
            tried: BTreeMap::new(),
            found: Vec::new(),
            looks: 0,
            most_looks: LOOKS,
            gave_up: false,
        }
    }

    /// Tells whether something has to be changed that cannot be: no change of any facts flips the goal.
    pub(super) fn is_impossible(&self) -> bool {
        self.clauses.iter().any(BTreeSet::is_empty)
    }

    fn is_spent(&self) -> bool {
        self.looks >= self.most_looks
    }

    /// Finds sets of up to this many facts that flip the goal and hold none that was found before.
    pub(super) fn sets_up_to(&mut self, size: usize) {
        if !self.found.is_empty() {
            self.most_looks = LOOKS.min(self.looks + LOOKS_FOR_MORE);
        }
        self.descend(&mut Vec::new(), &BTreeSet::new(), size);
    }

    /// Adds facts to the chosen ones until they flip the goal. `banned` facts were tried by a sibling.
    fn descend(&mut self, chosen: &mut Vec<usize>, banned: &BTreeSet<usize>, size: usize) {
        loop {
            if self.is_spent() || self.found.len() >= SETS {
                self.gave_up = true;
                return;
            }
            let holds_found = |found: &Found| found.values.iter().all(|(variable, _)| chosen.contains(variable));
            if self.found.iter().any(holds_found) {
                return;
            }
            let missed = self.clauses.iter().filter(|clause| chosen.iter().all(|fact| !clause.contains(fact)));
            let smallest = missed.min_by_key(|clause| clause.difference(banned).count());
            if let Some(clause) = smallest {
                if chosen.len() == size {
                    return;
                }
                let choices: Vec<usize> = clause.difference(banned).copied().collect();
                let mut banned = banned.clone();
                for choice in choices {
                    chosen.push(choice);
                    self.descend(chosen, &banned, size);
                    chosen.pop();
                    banned.insert(choice);
                }
                return;
            }
            let mut set = chosen.clone();
            set.sort_unstable();
            let parts = match self.tried.get_mut(&set) {
                Some(refuted) => refuted.take(),
                None => match self.try_set(&set) {
                    Tried::Flips(found) => {
                        self.found.push(found);
                        return;
                    }
                    Tried::Refuted(parts) => Some(parts),
                    Tried::GaveUp => {
                        self.gave_up = true;
                        None
                    }
                },
            };
            // A clause costs many looks, and is of no use before larger sets are searched.
            let Some(parts) = parts else {
                self.tried.insert(set, None);
                return;
            };
            if chosen.len() == size {
                self.tried.insert(set, Some(parts));
                return;
            }
            let clause = self.clause(&set, &parts);
            self.clauses.push(clause);
            self.tried.insert(set, None);
        }
    }

    fn try_set(&mut self, set: &[usize]) -> Tried {
        let plan = self.plan(set);
        if plan.is_too_large {
            return Tried::GaveUp;
        }
        let whole: Vec<Leeway> = set.iter().map(|&variable| self.variables[variable].whole.clone()).collect();
        let mut waiting = BinaryHeap::from([self.waiting(set, whole, 0)]);
        let (mut refuted, mut serial, start) = (Vec::new(), 0, self.looks);
        while let Some(Waiting { share, part, .. }) = waiting.pop() {
            if self.looks - start > LOOKS_PER_SET || self.is_spent() {
                return Tried::GaveUp;
            }
            match self.look(&plan, set, &part) {
                Change::Never => refuted.push(part),
                Change::Surely => {
                    let nearest = set.iter().zip(&part).filter_map(|(&variable, leeway)| {
                        let value = self.variables[variable].chosen(leeway)?;
                        (self.variables[variable].now.as_ref() != Some(&value)).then_some((variable, value))
                    });
                    return Tried::Flips(Found { values: nearest.collect(), share });
                }
                Change::Maybe => {
                    let parts = self.cut(set, &part);
                    if parts.is_empty() {
                        let corners = self.corners(set, &part);
                        if corners.len() == 1 {
                            return Tried::GaveUp;
                        }
                        waiting.extend(corners.into_iter().map(|corner| {
                            serial += 1;
                            self.waiting(set, corner, serial)
                        }));
                        refuted.push(part);
                    }
                    for part in parts {
                        serial += 1;
                        waiting.push(self.waiting(set, part, serial));
                    }
                }
            }
        }
        Tried::Refuted(refuted)
    }

    fn waiting(&self, set: &[usize], part: Vec<Leeway>, serial: usize) -> Waiting {
        let share = |(&variable, leeway): (&usize, &Leeway)| {
            let variable = &self.variables[variable];
            variable.nearest(leeway).map_or(0.0, |value| variable.share(&value))
        };
        let share = set.iter().zip(&part).map(share).sum();
        Waiting { share, serial, part }
    }

    /// Cuts the widest side of a part; empty where no side can be cut.
    fn cut(&self, set: &[usize], part: &[Leeway]) -> Vec<Vec<Leeway>> {
        let sides = set.iter().zip(part).enumerate();
        let cuttable = sides.filter_map(|(side, (&variable, leeway))| {
            let variable = &self.variables[variable];
            Some((side, width(variable, leeway), variable.cut(leeway)?))
        });
        let widest = cuttable.max_by(|left, right| left.1.total_cmp(&right.1).then(right.0.cmp(&left.0)));
        let Some((side, _, pieces)) = widest else { return Vec::new() };
        let with = |piece: Leeway| {
            let mut part = part.to_vec();
            part[side] = piece;
            part
        };
        pieces.into_iter().map(with).collect()
    }

    fn corners(&self, set: &[usize], part: &[Leeway]) -> Vec<Vec<Leeway>> {
        set.iter().zip(part).fold(vec![Vec::new()], |corners, (&variable, leeway)| {
            let ends = self.variables[variable].ends(leeway);
            let longer = corners.into_iter().flat_map(|corner: Vec<Leeway>| {
                ends.iter().map(move |end| corner.iter().cloned().chain([end.clone()]).collect()).collect::<Vec<_>>()
            });
            longer.collect()
        })
    }

    /// Returns the facts of which one has to be changed, since the set cannot flip the goal in any of the
    /// parts of its space: all but a largest set around it that cannot, either.
    fn clause(&mut self, set: &[usize], parts: &[Vec<Leeway>]) -> BTreeSet<usize> {
        let outside: Vec<usize> = (0..self.variables.len()).filter(|variable| !set.contains(variable)).collect();
        let mut around = Vec::new();
        if parts.len() <= PARTS {
            self.grow(set, parts, &mut around, &outside);
        }
        outside.into_iter().filter(|variable| !around.contains(variable)).collect()
    }

    fn grow(&mut self, set: &[usize], parts: &[Vec<Leeway>], around: &mut Vec<usize>, more: &[usize]) {
        if more.is_empty() || self.is_spent() {
            return;
        }
        let all: Vec<usize> = set.iter().chain(around.iter()).chain(more).copied().collect();
        let plan = self.plan(&all);
        let wide = || around.iter().chain(more).map(|&variable| self.variables[variable].whole.clone());
        let parts_of_all: Vec<Vec<Leeway>> =
            parts.iter().map(|part| part.iter().cloned().chain(wide()).collect()).collect();
        let mut each = parts_of_all.iter();
        if !plan.is_too_large && each.all(|part| self.look(&plan, &all, part) == Change::Never) {
            around.extend(more);
        } else if more.len() > 1 {
            let (first, second) = more.split_at(more.len() / 2);
            self.grow(set, parts, around, first);
            self.grow(set, parts, around, second);
        }
    }

    fn plan(&self, set: &[usize]) -> Plan {
        self.ground.plan(&set.iter().map(|&variable| self.variables[variable].cell.0).collect())
    }

    /// Looks at the goal with the facts within their leeway.
    fn look(&mut self, plan: &Plan, set: &[usize], part: &[Leeway]) -> Change {
        self.looks += 1;
        let mut leeway: BTreeMap<Cell, Leeway> = BTreeMap::new();
        let mut before: Vec<(usize, Option<Fact>)> = Vec::new();
        for (&position, side) in set.iter().zip(part) {
            let variable = &self.variables[position];
            let value = match side {
                Leeway::Among(values) if values.len() == 1 => values[0].clone(),
                Leeway::Within { interval, or_unknown: false } if interval.low() >= interval.high() => {
                    Some(variable.value(interval.low()))
                }
                side => {
                    leeway.insert(variable.cell.clone(), side.clone());
                    continue;
                }
            };
            if let Some(value) = value.filter(|value| variable.now.as_ref() != Some(value)) {
                let (input, members) = &variable.cell;
                let known = self.facts.get(*input, members).cloned();
                self.facts.set(*input, members, Fact::supposed_instead(known.as_ref(), value));
                before.push((position, known));
            }
        }
        let change = self.ground.change(plan, &self.facts, &leeway);
        for (position, known) in before {
            let (input, members) = &self.variables[position].cell;
            match known {
                Some(fact) => drop(self.facts.set(*input, members, fact)),
                None => drop(self.facts.remove(*input, members)),
            }
        }
        change
    }
}

/// A part of the space that was not looked at yet; the nearest is the greatest.
struct Waiting {
    /// The smallest move into it.
    share: f64,
    serial: usize,
    part: Vec<Leeway>,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        other.share.total_cmp(&self.share).then(other.serial.cmp(&self.serial))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}
