//! Margins: how far a figure is from the threshold that decided.

use std::cmp::Ordering;

use super::{Figure, Premise, PremiseKind, Truth};
use crate::model::{Comparison, Quantifier};
use crate::source::Span;

/// The distance between a figure and the threshold that it was held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margin {
    /// The left side of the comparison.
    pub actual: f64,
    /// How they were compared.
    pub comparison: Comparison,
    /// The right side.
    pub threshold: f64,
    /// Where the comparison is written.
    pub span: Span,
}

impl Margin {
    /// Returns the distance, in the unit of the two figures.
    pub fn gap(&self) -> f64 {
        (self.actual - self.threshold).abs()
    }

    /// Returns the distance as a share of the larger of the two figures, which makes margins of
    /// different units comparable; 0 at the threshold, at most 2.
    pub fn relative(&self) -> f64 {
        let scale = self.actual.abs().max(self.threshold.abs());
        if scale > 0.0 { self.gap() / scale } else { 0.0 }
    }

    /// Compares by relative distance, then by place.
    pub fn nearer(left: &Margin, right: &Margin) -> Ordering {
        left.relative().total_cmp(&right.relative()).then(left.span.cmp(&right.span))
    }

    fn between(left: Figure, comparison: Comparison, right: Figure, span: Span) -> Option<Margin> {
        Some(Margin { actual: left.point()?, comparison, threshold: right.point()?, span })
    }
}

impl Premise {
    /// Returns how near the condition is to changing its truth on the point values; none where no
    /// number decides it.
    ///
    /// Of parts that would each change it alone the nearest counts; of parts that would all have to
    /// change, the farthest. Distances are compared as shares of the figures (see [`Margin::relative`]).
    pub fn margin(&self) -> Option<Margin> {
        self.margin_towards(!self.outcome.point())
    }

    fn margin_towards(&self, wanted: Truth) -> Option<Margin> {
        if self.outcome.point() == wanted {
            return None;
        }
        match &self.kind {
            PremiseKind::Compare { left, comparison, right } => {
                Margin::between(left.figure, *comparison, right.figure, self.span)
            }
            PremiseKind::Between { value, low, high } => {
                let ends = [
                    Margin::between(value.figure, Comparison::AtLeast, low.figure, self.span),
                    Margin::between(value.figure, Comparison::AtMost, high.figure, self.span),
                ];
                ends.into_iter().flatten().min_by(Margin::nearer)
            }
            PremiseKind::ExceedsNoise { value, p95, .. } => {
                Margin::between(*value, Comparison::Greater, Figure::exact((*p95)?), self.span)
            }
            PremiseKind::Not(part) => part.margin_towards(!wanted),
            PremiseKind::And(parts) => join(parts.iter(), wanted, wanted == Truth::True),
            PremiseKind::Or(parts) => join(parts.iter(), wanted, wanted == Truth::False),
            PremiseKind::Quantified { quantifier, members, .. } => {
                let all = (*quantifier == Quantifier::All) == (wanted == Truth::True);
                join(members.iter().map(|(_, part)| part), wanted, all)
            }
            PremiseKind::Same { .. }
            | PremiseKind::In { .. }
            | PremiseKind::Includes { .. }
            | PremiseKind::Known(_)
            | PremiseKind::Finding(_)
            | PremiseKind::Relation(_)
            | PremiseKind::EvidenceMissing => None,
        }
    }
}

/// Returns the margin that decides a condition with these parts: the farthest if all that stand against
/// what is wanted have to change, the nearest if one is enough. Parts that are not known stand against
/// nothing. None if one of those that have to change has no margin.
fn join<'a>(parts: impl Iterator<Item = &'a Premise>, wanted: Truth, all: bool) -> Option<Margin> {
    let against = parts.filter(|part| part.outcome.point() == !wanted);
    let margins = against.map(|part| part.margin_towards(wanted));
    if all {
        margins.collect::<Option<Vec<_>>>()?.into_iter().max_by(Margin::nearer)
    } else {
        margins.flatten().min_by(Margin::nearer)
    }
}
