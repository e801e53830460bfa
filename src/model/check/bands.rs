//! Do the bands of risk cover everything from 0, without overlap?

use super::super::Band;
use super::super::error::ModelError;
use crate::diagnostic::Diagnostics;

/// Returns the bands in ascending order.
pub(in crate::model) fn ordered(bands: Vec<Option<Band>>, diagnostics: &mut Diagnostics) -> Option<Vec<Band>> {
    let mut bands: Vec<Band> = bands.into_iter().collect::<Option<_>>()?;
    bands.sort_by(|left, right| left.from.total_cmp(&right.from).then_with(|| left.id.cmp(&right.id)));
    if let Some(lowest) = bands.first()
        && lowest.from > 0.0
    {
        diagnostics.push(ModelError::NoBandAtZero { lowest: lowest.span, from: lowest.from.to_string() });
    }
    for pair in bands.windows(2) {
        let [first, second] = pair else { continue };
        if first.from.total_cmp(&second.from).is_eq() {
            diagnostics.push(ModelError::SameBand {
                first_name: first.id.clone(),
                second_name: second.id.clone(),
                first: first.span,
                second: second.span,
            });
        }
    }
    Some(bands)
}
