//! Walks over the records of premises and terms.

use super::{FindingInstance, Instance, Outcome, Premise, PremiseKind, Reading, RelationInstance, Term, TermKind};

/// A part of a record.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// A condition.
    Premise(&'a Premise),
    /// An expression.
    Term(&'a Term),
}

impl<'a> Part<'a> {
    /// Returns the parts directly below, in the order written. Under a quantifier or an aggregate
    /// they are those of each member in turn.
    pub fn children(self) -> Vec<Part<'a>> {
        match self {
            Part::Premise(premise) => match &premise.kind {
                PremiseKind::And(parts) | PremiseKind::Or(parts) => parts.iter().map(Part::Premise).collect(),
                PremiseKind::Not(part) => vec![Part::Premise(part)],
                PremiseKind::Compare { left, right, .. } => vec![Part::Term(left), Part::Term(right)],
                PremiseKind::Between { value, low, high } => vec![Part::Term(value), Part::Term(low), Part::Term(high)],
                PremiseKind::Quantified { members, .. } => {
                    members.iter().map(|(_, part)| Part::Premise(part)).collect()
                }
                PremiseKind::Same { .. }
                | PremiseKind::In { .. }
                | PremiseKind::Includes { .. }
                | PremiseKind::Known(_)
                | PremiseKind::ExceedsNoise { .. }
                | PremiseKind::Finding(_)
                | PremiseKind::Relation(_)
                | PremiseKind::EvidenceMissing => Vec::new(),
            },
            Part::Term(term) => match &term.kind {
                TermKind::Arithmetic { left, right, .. } => vec![Part::Term(left), Part::Term(right)],
                TermKind::Negate(value) | TermKind::Absolute(value) | TermKind::Ramp { value, .. } => {
                    vec![Part::Term(value)]
                }
                TermKind::Aggregate { members, .. } => members
                    .iter()
                    .flat_map(|member| {
                        let condition = member.condition.iter().map(Part::Premise);
                        condition.chain(member.value.iter().map(Part::Term))
                    })
                    .collect(),
                TermKind::Literal | TermKind::Fact(_) | TermKind::Measure { .. } => Vec::new(),
            },
        }
    }

    /// Returns the facts that this part reads itself, not through its children.
    pub fn readings(self) -> Vec<&'a Reading> {
        match self {
            Part::Premise(premise) => match &premise.kind {
                PremiseKind::Same { left, right, .. } => left.iter().chain(right).collect(),
                PremiseKind::In { reading, .. }
                | PremiseKind::Includes { reading, .. }
                | PremiseKind::Known(reading)
                | PremiseKind::ExceedsNoise { reading, .. } => vec![reading],
                _ => Vec::new(),
            },
            Part::Term(Term { kind: TermKind::Fact(reading), .. }) => vec![reading],
            Part::Term(_) => Vec::new(),
        }
    }

    /// Calls `visit` on this part and on everything below it, a part before its children.
    pub fn walk(self, visit: &mut dyn FnMut(Part<'a>)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }
}

impl Premise {
    /// Returns every fact that was read, in the order written.
    pub fn readings(&self) -> Vec<&Reading> {
        readings(Part::Premise(self))
    }

    /// Returns every finding that was read, in the order written.
    pub fn findings(&self) -> Vec<&FindingInstance> {
        findings(Part::Premise(self))
    }

    /// Returns every relation that was read and of which it is not known whether it holds, in the order written.
    pub fn unknown_relations(&self) -> Vec<&RelationInstance> {
        let mut all = Vec::new();
        Part::Premise(self).walk(&mut |part| {
            if let Part::Premise(Premise { kind: PremiseKind::Relation(relation), outcome: Outcome::UNKNOWN, .. }) =
                part
            {
                all.push(relation);
            }
        });
        all
    }
}

impl Term {
    /// Returns every fact that was read, in the order written.
    pub fn readings(&self) -> Vec<&Reading> {
        readings(Part::Term(self))
    }
}

impl Instance {
    /// Returns the records of the instance: its condition, then the amounts of its actions.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.premise.iter().map(Part::Premise).chain(self.amounts.iter().flatten().map(Part::Term))
    }

    /// Returns every fact that condition and amounts read, in the order written.
    pub fn readings(&self) -> Vec<&Reading> {
        self.parts().flat_map(readings).collect()
    }

    /// Returns every finding that condition and amounts read, in the order written.
    pub fn findings(&self) -> Vec<&FindingInstance> {
        self.parts().flat_map(findings).collect()
    }
}

fn readings(part: Part<'_>) -> Vec<&Reading> {
    let mut all = Vec::new();
    part.walk(&mut |part| all.extend(part.readings()));
    all
}

fn findings(part: Part<'_>) -> Vec<&FindingInstance> {
    let mut all = Vec::new();
    part.walk(&mut |part| {
        if let Part::Premise(Premise { kind: PremiseKind::Finding(finding), .. }) = part {
            all.push(finding);
        }
    });
    all
}
