//! Facts: what is known of one deployment, and where each figure comes from.
//!
//! A fact is the value of an input with its origin, or the reason why there is none. The store
//! holds at most one fact for each input and member, the members of every set, and the relations that the
//! deployment lists. Rules never compute statistics: metric
//! results enter here as facts, so that an explanation can quote the figure that was used.
//!
//! Start with [`FactStore`]; `deployment.yaml` comes in through [`parse_manifest`].

mod block;
mod companion;
mod extension;
mod fact;
mod from_metrics;
mod manifest;
mod statement;
mod store;
mod structure;
mod yaml;

pub(crate) use block::{Block, wrong_kind};
pub use extension::{Extension, Tuple};
pub use fact::{Fact, Interval, NoiseFloor, Origin};
pub use from_metrics::{TABLE_INDEXES, enter_measurements, members_from_metrics};
pub use manifest::{Manifest, parse_manifest};
pub use statement::{Speaker, Statement, enter_statements, parse_date, read_statements, read_value};
pub use store::{FactStore, Member};
pub use structure::{Structure, read_structure};
pub use yaml::{Node, Yaml, parse_yaml};
