//! Facts: what is known of one deployment, and where each figure comes from.
//!
//! A fact is the value of an input with its origin, or the reason why there is none. The store
//! holds at most one fact for each input and member. Rules never compute statistics: metric
//! results enter here as facts, so that an explanation can quote the figure that was used.
//!
//! Start with [`FactStore`].

mod fact;
mod store;
mod yaml;

pub use fact::{Fact, Interval, NoiseFloor, Origin};
pub use store::{FactStore, Member};
