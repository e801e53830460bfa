//! Scores: risk as a product, the band it falls into, and the total.

use super::{Bounds, Detectability, Likelihood, ModeRisk, PerWorld, Quantity, Risk, Severity, TotalRisk};
use crate::model::Band;

/// Returns likelihood times severity times detectability in each world; never rounded.
pub(crate) fn risk_product(
    likelihood: &Bounds<Likelihood>,
    severity: &Bounds<Severity>,
    detectability: &Bounds<Detectability>,
) -> Bounds<Risk> {
    Bounds::ordered(PerWorld::from_fn(|world| {
        product(likelihood.in_world(world), severity.in_world(world), detectability.in_world(world))
    }))
}

/// Multiplies in the one order that every figure is multiplied in, so that equal inputs give equal bits.
pub(crate) fn product(likelihood: f64, severity: f64, detectability: f64) -> f64 {
    likelihood * severity * detectability
}

/// Returns the band that a risk falls into: the last that begins at or below it.
pub(crate) fn band_of(bands: &[Band], risk: f64) -> Option<usize> {
    bands.partition_point(|band| band.from <= risk).checked_sub(1)
}

/// Returns the sum of the risks, added in order of mode.
pub(crate) fn total_risk(by_mode: &[ModeRisk]) -> Bounds<TotalRisk> {
    Bounds::ordered(PerWorld::from_fn(|world| by_mode.iter().map(|mode| mode.risk.in_world(world)).sum()))
}

/// Orders modes for the report: the largest estimate first, then the largest high, then by id.
pub(crate) fn by_risk(left: &ModeRisk, right: &ModeRisk) -> std::cmp::Ordering {
    let figures = |mode: &ModeRisk| (mode.risk.estimate().get(), mode.risk.high().get());
    let ((left_estimate, left_high), (right_estimate, right_high)) = (figures(left), figures(right));
    right_estimate.total_cmp(&left_estimate).then(right_high.total_cmp(&left_high)).then(left.mode.cmp(&right.mode))
}
