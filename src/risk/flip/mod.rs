//! Flips: the smallest changes of facts that would change a conclusion.
//!
//! Fewest facts first, then the smallest moves. Every answer was tried by assessing again, and what is
//! claimed of smaller sets was proven for all their values. All on point values, as the estimate is.

mod goal;
mod ground;
mod search;
mod space;
mod weights;

pub use goal::{Goal, State};

use super::{Propagation, RiskError};
use crate::facts::{Fact, FactStore, Member};
use crate::model::{InputId, KnowledgeBase, RelationId, Value};
use ground::Ground;
use search::{Found, SIZE, Search};
use space::Variable;

/// How many flips are given.
const FLIPS: usize = 5;
/// Larger sets are looked for until there are so many flips.
const ENOUGH: usize = 3;

/// What would flip a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Flips {
    /// What the goal is now.
    pub now: State,
    /// The fewest facts first, then the smallest moves, then by facts.
    pub found: Vec<Flip>,
    /// How many were found beside them.
    pub more: usize,
    /// It was proven that no change of fewer facts than this flips the goal, beside those found.
    pub proven_below: usize,
    /// Whether it was proven that no change of any facts flips the goal.
    pub impossible: bool,
    /// How many facts the goal depends on.
    pub facts: usize,
    /// The relations that it depends on, by id; they are taken as the deployment lists them.
    pub relations: Vec<RelationId>,
}

/// Changes that flip a goal together.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// By input and members.
    pub changes: Vec<Alteration>,
    /// The sum of the moves.
    pub share: f64,
    /// What the goal becomes.
    pub becomes: State,
}

/// A fact with another value.
#[derive(Clone, Debug, PartialEq)]
pub struct Alteration {
    /// The input.
    pub input: InputId,
    /// A member for each of its index sets.
    pub members: Vec<Member>,
    /// The value now; none where it is not known.
    pub from: Option<Value>,
    /// The value that flips the goal.
    pub to: Value,
    /// The number that has to be passed, where reaching it is not enough.
    pub beyond: Option<f64>,
    /// How large the move is, as a share of the scale: for numbers of a bounded type of its range, for other
    /// numbers of the larger of both values; 1 for another answer or option, and for a first value.
    pub share: f64,
}

/// Returns the smallest changes of facts that flip a goal, where likelihoods spread by `propagation`.
///
/// # Errors
/// `I001 too-many-instances`, as the assessment itself.
pub fn flip(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    propagation: Propagation,
    goal: &Goal,
) -> Result<Flips, RiskError> {
    let ground = Ground::new(knowledge, facts, propagation, goal)?;
    let (variables, all) = space::variables(knowledge, facts, goal, &ground.cone);
    let mut search = Search::new(&ground, &variables, facts.clone());
    let mut proven_below = 0;
    for size in 0..=SIZE {
        search.sets_up_to(size);
        if search.is_impossible() || search.gave_up {
            break;
        }
        proven_below = size + 1;
        if search.found.len() >= ENOUGH {
            break;
        }
    }
    let impossible = all && search.is_impossible();
    let mut flips = Vec::new();
    for found in std::mem::take(&mut search.found) {
        // The search looks at sets of values; what it found is tried on the assessment itself.
        let flip = verified(knowledge, facts, propagation, goal, &variables, &found)?;
        if flip.becomes == ground.state {
            proven_below = 0;
        } else {
            flips.push(flip);
        }
    }
    flips.sort_by(|left, right| {
        let size = left.changes.len().cmp(&right.changes.len());
        let names =
            |flip: &Flip| flip.changes.iter().map(|change| (change.input, change.members.clone())).collect::<Vec<_>>();
        size.then(left.share.total_cmp(&right.share)).then_with(|| names(left).cmp(&names(right)))
    });
    let more = flips.len().saturating_sub(FLIPS);
    flips.truncate(FLIPS);
    Ok(Flips {
        now: ground.state,
        found: flips,
        more,
        proven_below: if all { proven_below } else { 0 },
        impossible,
        facts: variables.len(),
        relations: ground.cone.relations.iter().copied().collect(),
    })
}

/// Returns a flip with what the goal really becomes.
fn verified(
    knowledge: &KnowledgeBase,
    facts: &FactStore,
    propagation: Propagation,
    goal: &Goal,
    variables: &[Variable],
    found: &Found,
) -> Result<Flip, RiskError> {
    let mut changed = facts.clone();
    let mut changes = Vec::new();
    for (position, value) in &found.values {
        let variable = &variables[*position];
        let (input, members) = &variable.cell;
        changed.set(*input, members, Fact::supposed_instead(facts.get(*input, members), value.clone()));
        changes.push(Alteration {
            input: *input,
            members: members.clone(),
            from: variable.now.clone(),
            to: value.clone(),
            beyond: variable.beyond(value),
            share: variable.share(value),
        });
    }
    let becomes = Ground::new(knowledge, &changed, propagation, goal)?.state;
    Ok(Flip { changes, share: found.share, becomes })
}
