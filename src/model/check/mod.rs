//! Is what a pack says consistent? One question per file.
//!
//! `types`, `ranges` and `phases` are asked while conditions are lowered, since a condition without
//! a type cannot exist in the model; the others look at the whole.

pub(in crate::model) mod bands;
pub(in crate::model) mod causes;
pub(in crate::model) mod cycles;
pub(in crate::model) mod phases;
pub(in crate::model) mod ranges;
pub(in crate::model) mod strata;
pub(in crate::model) mod types;
pub(in crate::model) mod unused;
