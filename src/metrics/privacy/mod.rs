//! What may be shown of small groups, so that no hidden size can be told from what is shown.

pub(super) mod cut;
mod simplex;
pub(super) mod suppression;
