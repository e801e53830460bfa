//! The corpus: documented failures of learned systems in health care, one file for each.
//!
//! A case says what was used where, what failed, which modes and causal factors of the pack that is, how far the
//! figures fell, what it did to patients, what was done about it, and where all that can be read. This room reads
//! cases, holds them against a pack, finds and counts them, and says what they give for the figures of a pack ([`fit`]).
//! It changes no figure: what the pack has learned from cases stands in the pack.
//!
//! Start with [`Case`]; files come in through [`read_corpus`].

mod case;
mod check;
mod coders;
mod contribute;
mod count;
mod fall;
mod filter;
pub mod fit;
mod from_yaml;
mod privacy;
mod records;
mod shelf;
mod table;
mod tell;

pub use case::{Case, Coding, Figure, GroupGap, Reference, Remedy, Stage, System};
pub use check::check_names;
pub(crate) use coders::figure_json;
pub use coders::{
    Agreement, CodedCase, Coder, Disagreement, Kappa, LevelAgreement, agreement, agreement_csv, agreement_json,
    read_coders, tell_agreement,
};
pub use contribute::{Contribution, Stopped, contribute};
pub use count::{Counts, count};
pub use fall::{fall, mean_at};
pub use filter::Filter;
pub(crate) use privacy::{Reason, names_somebody};
pub use shelf::{Corpus, built_in_texts, read_case, read_corpus};
pub(crate) use table::csv_line;
pub use table::{brief_json, csv, json, stats_csv, stats_json};
pub use tell::{list, show, stats};
