//! What may be shown of small groups, so that no hidden size can be told from what is shown.

mod simplex;
pub(super) mod suppression;
